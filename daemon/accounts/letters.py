"""An account's letters: what they are written from, and the queue in which they wait to be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from daemon.accounts.planning import gather_events, gather_past_actions, slot_finder
from daemon.accounts.runtime import AccountRuntime
from daemon.core import corrections
from daemon.core.corrections import Proposal
from daemon.delivery.earlier_answers import suggestion_finder
from daemon.delivery.letters import written
from daemon.delivery.outbox import Outcome
from daemon.delivery.render import Renderer
from daemon.delivery.sent_log import FILE
from daemon.delivery.unsettled import given_up, unsettled
from daemon.glossary.actions import Action, ActionKind, Delivery
from daemon.glossary.assessments import Assessment
from daemon.glossary.faults import Faults
from daemon.glossary.obligations import Obligation
from daemon.intake.digest_replies import unverified_clicks
from daemon.ledger import Ledger
from daemon.letters.reminder import Suggestion
from daemon.planning.plan import announcements_of, mentions_of

_NAMED_LINES = "unreadable lines of the sent log named to "  # with the account: the name of a value of the store


def queue(runtime: AccountRuntime, assessments: Sequence[Assessment], actions: Sequence[Action], now: datetime) -> None:
    """Render the actions that are due and queue their parcels, each with what it says in one transaction.

    What cannot be written is noted in the account's faults; the rest is not affected. Raises StoreError.
    """
    due = [action for action in actions if action.at <= now]
    if not due:
        return
    renderer = make_renderer(runtime, assessments, now)
    for action in due:
        runtime.progress()
        for letter in written(renderer, action, actions, runtime.faults):
            if runtime.stopping():
                return
            clients = {o.key: o.client for o in letter.says.obligations}
            mentions = {mention: clients[mention.obligation] for mention in mentions_of(letter.says)}
            announcements = announcements_of(action, letter.announces)
            runtime.store.queue((letter.parcel,), now, mentions, announcements)


def make_renderer(runtime: AccountRuntime, assessments: Sequence[Assessment], now: datetime) -> Renderer:
    """Return the renderer of letters about these assessments. Raises StoreError."""
    config, store, address = runtime.config, runtime.store, runtime.account.address
    events, contain = gather_events(runtime, assessments, now), runtime.faults.contain
    coverage = tuple(c.as_of(now) for c in runtime.coverage())
    zone = ZoneInfo(config.account.hours.zone)
    past = gather_past_actions(runtime, assessments, now.date(), now)
    return Renderer(
        account=config.account,
        office=config.office,
        directory=config.directory,
        secret=config.secret,
        assessments=assessments,
        coverage=coverage,
        events=events or (),
        find_slots=slot_finder(config.account, coverage, events, runtime.faults),
        now=now,
        suggestions=partial(_suggestions, suggestion_finder(store, config.library, now), runtime.faults),
        correction_proposals=contain("rules could not be proposed", lambda: _proposals(runtime, now), ()),
        mentions={mention: at for mention, at in past.mentions.items() if at <= now and mention not in past.unsure},
        digest_lines=config.policy.digest_lines,
        unsettled=contain(
            "what is not settled could not be listed",
            lambda: (*unsettled(store, address, zone, now), *given_up(store, address, zone)),
            (),
        ),
        warnings=tuple(_warnings(runtime, assessments, now)),
    )


def _proposals(runtime: AccountRuntime, now: datetime) -> tuple[Proposal, ...]:
    return tuple(corrections.proposals(runtime.store.decisions(runtime.account.address, now), now))


def _warnings(runtime: AccountRuntime, assessments: Sequence[Assessment], now: datetime) -> Iterator[str]:
    """Yield the further lines of the digest: what the other accounts cannot be told, and what had to be left out. Raises StoreError."""
    config, store, contain = runtime.config, runtime.store, runtime.faults.contain
    configured = {account.address for account in config.office.accounts}
    for account, message in sorted(store.messages_from_others(config.account.address).items()):
        if account in configured:
            yield f"{account} cannot be told by email: {message}"
    yield from assessment_warnings(runtime.ledger, assessments)
    yield from contain("the sent log could not be checked", lambda: sent_log_warnings(runtime), ())
    clicks = partial(unverified_clicks, store, config.account, config.secret_since, now)
    yield from contain("clicks could not be checked", lambda: tuple(clicks()), ())
    yield from runtime.faults.lines


def _suggestions(find: Callable[[Obligation], Sequence[Suggestion]], faults: Faults, o: Obligation) -> Sequence[Suggestion]:
    """Return what may help to settle an obligation; nothing where that raises."""
    return faults.contain(f"{o.client}: earlier answers could not be looked up", lambda: find(o), ())


def sent_log_warnings(runtime: AccountRuntime) -> tuple[str, ...]:
    """Return a line about the lines of the sent log that cannot be read and that no digest has named yet. Raises StoreError."""
    unreadable, named = runtime.sent_log.unreadable(), _named_lines(runtime)
    new = {number: meaning for number, meaning in unreadable.items() if number not in named}
    return tuple(f"Line {number} of {FILE}, the record of what was sent, was set aside: {new[number]}" for number in sorted(new))


def _named_lines(runtime: AccountRuntime) -> frozenset[int]:
    named = runtime.store.meta(f"{_NAMED_LINES}{runtime.account.address}") or ""
    return frozenset(int(number) for number in named.split())


def note_named_lines(runtime: AccountRuntime, outcomes: Sequence[Outcome]) -> None:
    """Note that the digest named the unreadable lines of the sent log, if it was sent at this turn: it does so once."""
    unreadable = frozenset(runtime.sent_log.unreadable())
    digest_sent = any(o.kind is ActionKind.DIGEST and o.delivery is Delivery.SENT for o in outcomes)
    if digest_sent and not unreadable <= _named_lines(runtime):
        runtime.store.set_meta(f"{_NAMED_LINES}{runtime.account.address}", " ".join(map(str, sorted(unreadable))))


def assessment_warnings(ledger: Ledger, assessments: Sequence[Assessment]) -> tuple[str, ...]:
    """Return a line for each client, or part of an assessment, that raised an error and was left out."""
    clients = (f"{name} could not be assessed ({error}); kept.log has the details" for name, error in ledger.failures.items())
    parts = (f"{a.client}: {part} could not be assessed; kept.log has the details" for a in assessments for part in a.failures)
    return (*clients, *parts)
