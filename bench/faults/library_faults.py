"""Every call of a library or of the operating system that can fail, made to fail once in a story of two days; compared with the calm one.

The calls of the calm life are counted by kind. Of each kind, occurrences spread evenly over the story are made to fail, each in a life of
its own, in a child process: on a disk (database, files), and at Dovecot over TLS, Radicale and an SMTP sink (sockets and libraries).
The account at whose turn it fails may be late, and must catch up; the other account sees no difference. Nothing is said, sent,
drafted or booked twice or left out, what is not known or was given up is said, and no failure that was to be foreseen leaves a traceback.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import random
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, NamedTuple

from servers.processes import Missing

from daemon.glossary.obligations import short_id
from faults.injected_life import DANA, LEE, write_office
from faults.injection import broken
from faults.kept_process import warm_up
from faults.library_calls import DONE, Tap, install
from faults.library_life import LibraryOutcome, live, taken_for_bugs
from faults.office_on_servers import text_of
from faults.report import Report, Scale

OF_A_KIND = 25  # occurrences of each kind that are made to fail at full size
AT_ONCE = 2
CHOICES = 4  # of a call that is to fail, until one comes
PATIENCE = 180  # seconds until a life counts as hanging
CLIENTS = {DANA: ("Acme Ltd", "Birch GmbH", "Cobalt Foods"), LEE: ("Delta Marine",)}
ON_DISK = ("sqlite", "os.", "open")  # the beginnings of the kinds that are made to fail on a disk; the others fail at servers
_FOR_A_PERSON = ("PermissionError",)  # the errors of library_calls.py that no second attempt mends
_GIVEN_UP = "Kept gave it up"  # as a digest says it
ANSWER_LOST = frozenset(
    {"sqlite commit", "socket send", "TLS send", "smtplib", "imapclient", "HTTP request", "os.replace", "os.link"}
)


class Fault(NamedTuple):
    """Which call fails: the occurrence of a kind, counted from 1, and which of its errors it raises; whether it is part of a send."""

    kind: str
    number: int
    choice: int
    of_a_send: bool = False


@dataclass
class Place:
    """One office ready to be lived in; the outside of it is asked when the life has ended."""

    folder: Path
    arrive: Callable[[datetime], None]
    told: Callable[[], str] = lambda: ""  # the text of all mail that reached the users
    twice: Callable[[], list[str]] = list  # what reached anybody more than once
    outside: Callable[[], Counter[str]] = Counter  # what lies in the drafts folder and the calendar, by client


@dataclass
class Life:
    """What came of one life, seen from inside and from outside."""

    outcome: LibraryOutcome
    told: str = ""
    twice: list[str] = field(default_factory=list)
    outside: Counter[str] = field(default_factory=Counter)


def campaign(scale: Scale) -> Report:
    """Run the parts, and count by kind."""
    report = Report("library_faults")
    warm_up()
    _part("on disk", on_disk, lambda kind: kind.startswith(ON_DISK), scale, report)
    from faults import library_apis, library_servers  # noqa: PLC0415  # what they need is not installed everywhere

    library_apis.run(scale, report)
    try:
        with library_servers.offices() as places:
            _part("at servers", places, lambda kind: not kind.startswith(ON_DISK), scale, report)
    except Missing as missing:
        report.figures.append(f"at servers: not run: {missing}")
    return report


Places = Callable[[], contextlib.AbstractContextManager[Place]]


def _part(name: str, places: Places, wanted: Callable[[str], bool], scale: Scale, report: Report) -> None:
    control = _life(places, Fault("", 0, 0))
    if isinstance(control, str):
        report.failures.append(f"{name}: the calm life: {control}")
        return
    report.failures += [f"{name}: the calm life: {line}" for line in _unwell(control)]
    counts = {kind: count for kind, count in sorted(control.outcome.counts.items()) if wanted(kind)}
    faults = list(_faults(counts, control.outcome.sends, scale))
    report.figures.append(f"{name}: {sum(counts.values())} calls of {len(counts)} kinds counted, {len(faults)} made to fail")
    held: Counter[str] = Counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for fault, life in pool.map(lambda fault: _life_with(places, fault), faults):
            lines = [life] if isinstance(life, str) else list(_broken(control, life))
            held[fault.kind] += not lines
            at = f" [{life.outcome.raised}]" if isinstance(life, Life) else ""
            report.failures += [f"{name}: {fault.kind} {fault.number}{at}: {line}" for line in lines]
            print(f"{name}: {fault.kind} {fault.number}{at}: {lines or 'held'}", file=sys.stderr, flush=True)
    for kind, injected in sorted(Counter(fault.kind for fault in faults).items()):
        report.figures.append(f"  {kind}: {counts[kind.removesuffix(DONE)]} calls, {injected} made to fail, {held[kind]} held")


def _faults(counts: dict[str, int], sends: dict[str, list[int]], scale: Scale) -> Iterator[Fault]:
    """Yield occurrences spread evenly over each kind, and as many of those that are part of a send, where the kind has such."""
    rng = random.Random(scale.seed)
    for kind in sorted([*counts, *(kind + DONE for kind in counts if kind in ANSWER_LOST)]):
        plain, choice = kind.removesuffix(DONE), rng.randrange(60)
        for calls, of_a_send in ((range(1, counts[plain] + 1), False), (sends.get(plain, ()), True)):
            chosen = min(len(calls), int(OF_A_KIND * scale.share + rng.random()))  # at a small share not of every kind
            offset = rng.random()
            for n in range(chosen):
                choice += 1
                yield Fault(kind, calls[int((n + offset) * len(calls) / chosen)], choice, of_a_send)


def _life_with(places: Places, fault: Fault) -> tuple[Fault, Life | str]:
    """Live with a fault, and return it with what came of the life.

    Two lives do not make the same number of calls at servers. Where the chosen call never came, the life was a calm one; then the call
    in the middle of those that it made takes its place, in another life.
    """
    for _ in range(CHOICES):
        life = _life(places, fault)
        if isinstance(life, str) or life.outcome.raised:
            break
        kind = fault.kind.removesuffix(DONE)
        made = life.outcome.sends.get(kind, ()) if fault.of_a_send else range(1, life.outcome.counts.get(kind, 0) + 1)
        if not made:
            break
        fault = fault._replace(number=made[len(made) // 2])
    return fault, life


def _life(places: Places, fault: Fault) -> Life | str:
    """Live once with a fault, in a child; return what came of it, or how the child ended instead."""
    with places() as place:
        outcome = _in_child(place, fault)
        if isinstance(outcome, str):
            return outcome
        return Life(outcome, place.told(), place.twice(), place.outside())


def _in_child(place: Place, fault: Fault) -> LibraryOutcome | str:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            signal.alarm(PATIENCE)
            tap = Tap(place.folder, fault.kind, fault.number, fault.choice)
            install(tap)
            with os.fdopen(writer, "wb") as stream:
                pickle.dump(live(place.folder / "config.yaml", tap, place.arrive), stream)
            os._exit(0)
        except BaseException:  # noqa: BLE001  # a child must never come back
            import traceback  # noqa: PLC0415  # of a fault of the campaign itself

            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        content = stream.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        return "it hangs" if status == -signal.SIGALRM else f"the life ended with status {status}"
    outcome: Any = pickle.loads(content)  # noqa: S301  # from a child of our own
    return outcome if isinstance(outcome, LibraryOutcome) else "the life ended without a word"


def _unwell(control: Life) -> Iterator[str]:
    outcome = control.outcome
    yield from (*outcome.escaped, *outcome.named, *outcome.tracebacks, *outcome.doubts)
    for client in CLIENTS[DANA]:
        if not (outcome.said.get(client) and outcome.drafts[client] and outcome.bookings[client]):
            yield f"nothing is said, drafted or booked for {client}"


def _broken(control: Life, life: Life) -> Iterator[str]:
    """Yield each promise that a life broke."""
    calm, outcome = control.outcome, life.outcome
    if not outcome.raised:
        yield "no call of this kind was made again"
    yield from life.twice
    untold = [key for key in outcome.doubts if short_id(key) not in life.told]
    yield from (f"nobody was told that its fate is not known: {key}" for key in untold)
    outcome.unsettled -= len(outcome.doubts)
    yield from _count_given_up(life)
    yield from _count_replaced(life)
    excused = {o for obligations in outcome.doubts.values() for o in obligations}
    others = [c for account, clients in CLIENTS.items() if outcome.raised_during not in ("", account) for c in clients]
    for line in broken(calm, outcome, others):
        if not any(obligation in line for obligation in excused):
            yield line
    if life.outside != control.outside:
        yield f"drafts and events: {sorted((life.outside - control.outside).items())} more, {sorted((control.outside - life.outside).items())} missing"
    yield from (f"a traceback: {line}" for line in outcome.tracebacks)
    yield from (f"taken for a bug: {line}" for line in taken_for_bugs(outcome))


def _count_given_up(life: Life) -> Iterator[str]:
    """Count a draft or a booking that was given up as done; yield where that was not right.

    It is right where only a person can mend what failed, and the user was told that it was given up, and why.
    """
    for key, (client, channel, error) in life.outcome.given_up.items():
        if not any(f": {name}(" in life.outcome.raised for name in _FOR_A_PERSON):
            yield f"given up after a failure that passes: {key}"
        if f"{_close_up(error.rstrip('.'))[-30:]}.{_close_up(_GIVEN_UP)}" not in _close_up(life.told):
            yield f"nobody was told that it was given up: {key}"
        elif channel == "calendar":
            life.outcome.bookings[client] += 1
            life.outside["events"] += 1
        elif channel == "draft":
            life.outcome.drafts[client] += 1
            life.outside["drafts"] += 1


def _count_replaced(life: Life) -> Iterator[str]:
    """Count a digest as come whose fate was not known and that a later one replaced, which repeats what it said; it has to say so."""
    for digest, name in life.outcome.replaced.items():
        if _close_up(name) in _close_up(life.told):
            life.outcome.digests[digest] += 1
        else:
            yield f"no later digest told that it may not have been sent: {digest}"


def _close_up(text: str) -> str:
    """Return a text without white space: a letter breaks its lines anew. It shortens long names, so that the end of an error tells it."""
    return "".join(text.split())


@contextlib.contextmanager
def on_disk() -> Iterator[Place]:
    """An office in which everything lies on a disk."""
    with tempfile.TemporaryDirectory(prefix="kept-library-") as name:
        folder = Path(name)
        write_office(folder)
        waiting = hold_back(folder)

        def arrive(moment: datetime) -> None:
            for at, file, place in waiting:
                if at <= moment and file.exists():
                    file.rename(place / file.name)

        def outside() -> Counter[str]:
            places = {"drafts": "Dana/.Drafts/cur/*", "events": "danas/kept-*.ics"}
            return Counter({what: len(list(folder.glob(files))) for what, files in places.items()})

        def told() -> str:
            letters = (message_from_bytes(file.read_bytes(), policy=policy.default) for file in (folder / "outbox").glob("*.eml"))
            return "\n".join(text_of(letter) for letter in letters if any(user in str(letter["To"]) for user in CLIENTS))

        yield Place(folder, arrive, told=told, outside=outside)


def hold_back(folder: Path) -> list[tuple[datetime, Path, Path]]:
    """Take the mail of the story out of the office. Return when each arrives, where it lies until then, and where it is to lie."""
    aside = folder / "later"
    aside.mkdir()
    waiting = []
    for place in (folder / box / "cur" for box in ("Dana", "Dana/.Sent", "Lee", "Lee/.Sent")):
        for file in sorted(place.iterdir()):
            target = aside / file.name
            shutil.move(file, target)
            waiting.append((datetime.fromtimestamp(int(file.name.partition(".")[0]), UTC), target, place))
    return sorted(waiting)
