"""Make every function, and every call that can fail, raise in a life of three days; compare with the life in which nothing did.

Functions are found by introspection. Where its arguments name a client, a function raises for that client alone, and the other two must
see no difference; where they do not, it raises always, on the first day, and everything must be caught up with on the next. A
life may not end a turn with an unforeseen error, say or book anything twice, lose a message, or leave something out without a word.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from faults import injector
from faults.injected_life import CLIENTS, VICTIM, Outcome, live, write_office
from faults.report import Report, Scale

PACKAGES = (
    "daemon.standards", "daemon.letters", "daemon.intake", "daemon.planning", "daemon.core", "daemon.analysis", "daemon.delivery",
    "daemon.assess", "daemon.ledger", "daemon.accounts", "daemon.cycle", "daemon.reading", "connectors.local", "connectors.formats", "connectors.net",
)  # fmt: skip
# The walls of a turn, and what they stand on: where one of these raises, the service's own wall ends that account's turn and says so.
# What happens behind each wall is made to raise.
FOUNDATIONS = frozenset({
    "daemon.cycle.turn", "daemon.accounts.runtime.AccountRuntime.account", "daemon.accounts.runtime.AccountRuntime.faults",
    *(f"daemon.cycle.{wall}" for wall in ("_state", "_resolve_unsure", "_poll", "_assess", "_plan_and_queue", "_drop_and_save", "_deliver")),
})  # fmt: skip


def campaign(scale: Scale) -> Report:
    """Run both parts, and count by kind."""
    report = Report("injection")
    with tempfile.TemporaryDirectory(prefix="kept-injection-") as name:
        folder = Path(name)
        template = folder / "template"
        template.mkdir()
        write_office(template)
        control = live(template, folder / "control")
        report.failures += [f"the uninterrupted life: {line}" for line in _unwell(control)]
        _functions(scale, template, control, report)
    return report


def _unwell(control: Outcome) -> Iterator[str]:
    """Yield what keeps the uninterrupted life from being one to compare with."""
    if control.escaped or control.named:
        yield f"{control.escaped} {sorted(control.named)}"
    for client in CLIENTS:
        if not (control.said.get(client) and control.drafts[client] and control.bookings[client]):
            yield f"nothing is said, drafted or booked for {client}"


def _functions(scale: Scale, template: Path, control: Outcome, report: Report) -> None:
    found = [(name, function) for name, function in injector.functions(*PACKAGES) if name not in FOUNDATIONS]
    with injector.counting(found) as counts:
        live(template, template.parent / "counted")
    called = [(name, function) for name, function in found if counts[name]]
    chosen = random.Random(scale.seed).sample(called, scale.of(len(called)))
    report.figures.append(f"{len(found)} functions, {len(called)} of them called in the story, {len(chosen)} made to raise")
    outcomes, by_package = Counter[str](), Counter[str]()
    for number, (name, function) in enumerate(chosen):
        error = injector.EXCEPTIONS[number % len(injector.EXCEPTIONS)]
        lines, mode = _one(template, function, error, control)
        outcomes[mode] += 1
        by_package[".".join(name.split(".")[:2])] += 1
        report.failures += [f"{name} raising {error.__name__} ({mode}): {line}" for line in lines]
    report.figures += [f"{count} {mode}" for mode, count in sorted(outcomes.items())]
    report.figures.append(", ".join(f"{package} {count}" for package, count in sorted(by_package.items())))


def _one(template: Path, function: object, error: type[Exception], control: Outcome) -> tuple[list[str], str]:
    """Live once with the function raising for one client; where it never is about one alone, once more with it raising always."""
    for about in ("birch", ""):
        injection = injector.Injection(function, error, about, ("acme", "cobalt") if about else ())  # type: ignore[arg-type]
        folder = template.parent / "life"
        shutil.rmtree(folder, ignore_errors=True)
        outcome = live(template, folder, injection, lambda i=injection: i.raised > 0)  # type: ignore[misc]  # bound now
        if injection.raised:
            only = [c for c in CLIENTS if c != VICTIM] if about else []
            return list(broken(control, outcome, only)), "raised for one client" if about else "raised for everybody"
    return [], "never called on the first day"


def broken(control: Outcome, outcome: Outcome, unaffected: Sequence[str]) -> Iterator[str]:
    """Yield each promise that a life broke, against the uninterrupted one; `unaffected` are clients who may see no difference."""
    yield from (f"a turn ended with {line}" for line in outcome.escaped[:1])
    for client in unaffected:
        yield from _different(control, outcome, client)
    for client in control.obligations:
        yield from _not_caught_up(control, outcome, client)
    if outcome.messages != control.messages:
        yield f"messages lost: {len(control.messages - outcome.messages)}"
    if outcome.unsettled:
        yield f"{outcome.unsettled} parcels unsettled at the end"
    if missing := {digest for digest in control.digests if not outcome.digests[digest]}:
        yield f"digests that never came: {sorted(missing)}"
    if more := outcome.to_others - control.to_others:
        yield f"more mail to others: {more}"
    if outcome.first_day != control.first_day and not outcome.named:
        yield "something was left out without a word"


def _different(control: Outcome, outcome: Outcome, client: str) -> Iterator[str]:
    """Yield what is different for a client at whom nothing raised."""
    for what in ("obligations", "first_day", "said", "drafts", "bookings"):
        if getattr(outcome, what).get(client) != getattr(control, what).get(client):
            yield f"{what} of {client} differ"


def _not_caught_up(control: Outcome, outcome: Outcome, client: str) -> Iterator[str]:
    """Yield what is lost of a client, or said or done twice, once nothing raises any more."""
    said, should = outcome.said.get(client, Counter()), control.said.get(client, Counter())
    if twice := [key for key, count in said.items() if count > max(1, should[key])]:
        yield f"said twice to {client}: {twice[0]}"
    if outcome.obligations.get(client) != control.obligations[client]:
        yield f"at the end something else is owed to {client}"
    if unsaid := {o for o, _, _ in should} - {o for o, _, _ in said}:
        yield f"never said of {client}: {min(unsaid)}"
    for what in ("drafts", "bookings"):
        if getattr(outcome, what)[client] != getattr(control, what)[client]:
            yield f"{what} of {client} at the end: {getattr(outcome, what)[client]}"
