"""An account's letters: what they are written from, and the queue in which they wait to be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypedDict
from zoneinfo import ZoneInfo

from connectors.calendar import Event
from daemon.accounts.advisor import TOLD_AFTER, silent_since
from daemon.accounts.planning import (
    TimeLookup,
    gather_answers,
    gather_events,
    gather_past_actions,
    held_times,
    slot_finder,
    time_lookup,
)
from daemon.accounts.runtime import AccountRuntime
from daemon.core import access, corrections, hours
from daemon.core.corrections import Proposal
from daemon.delivery.contact_numbers import number_finder
from daemon.delivery.earlier_answers import suggestion_finder
from daemon.delivery.habits import style_finder
from daemon.delivery.letters import written
from daemon.delivery.outbox import Outcome
from daemon.delivery.render import Renderer
from daemon.delivery.sent_log import FILE
from daemon.delivery.unsettled import given_up, unsettled
from daemon.glossary.actions import Action, ActionKind, Delivery, Unsettled
from daemon.glossary.advice import SuggestedAnswer
from daemon.glossary.assessments import Assessment
from daemon.glossary.faults import Faults
from daemon.glossary.obligations import Obligation
from daemon.glossary.parties import Sees
from daemon.intake.digest_replies import unverified_clicks
from daemon.ledger import Ledger
from daemon.letters.reminder import Suggestion
from daemon.planning.plan import announcements_of, mentions_of
from daemon.planning.plan_inputs import SlotFinder

_NAMED_LINES = "unreadable lines of the sent log named to "  # with the account: the name of a value of the store
_SILENCE_TOLD = "silence of the language model told to "  # the same


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
            if letter.parcel.offers:
                renderer = replace(renderer, **_calendar(runtime, assessments, renderer.events, now))


class _Calendar(TypedDict):
    """What a renderer asks the calendar."""

    find_slots: SlotFinder
    times: TimeLookup


def _calendar(
    runtime: AccountRuntime, assessments: Sequence[Assessment], events: Sequence[Event] | None, now: datetime
) -> _Calendar:
    """Return what to ask the calendar with, beside what the drafts so far have offered to others. Raises StoreError."""
    account, coverage, held = runtime.account, runtime.coverage(), held_times(runtime, assessments, now)
    return {
        "find_slots": slot_finder(account, coverage, events, runtime.faults, held),
        "times": time_lookup(account, runtime.config.office.clients, coverage, events, now, runtime.faults, held),
    }


def make_renderer(runtime: AccountRuntime, assessments: Sequence[Assessment], now: datetime) -> Renderer:
    """Return the renderer of letters about these assessments. Raises StoreError."""
    config, store = runtime.config, runtime.store
    events, contain = gather_events(runtime, assessments, now), runtime.faults.contain
    coverage = tuple(c.as_of(now) for c in runtime.coverage())
    past = gather_past_actions(runtime, assessments, now.date(), now)
    return Renderer(
        account=config.account,
        office=config.office,
        directory=config.directory,
        secret=config.secret,
        assessments=assessments,
        coverage=coverage,
        events=events or (),
        **_calendar(runtime, assessments, events, now),
        now=now,
        number_of=number_finder(store, config.account, config.office.clients, runtime.faults, now),
        style=style_finder(store, config.account, config.directory, runtime.faults, now),
        suggestions=partial(_suggestions, suggestion_finder(store, config.common.library, now), runtime.faults),
        suggested=partial(_suggested, runtime),
        correction_proposals=contain("rules could not be proposed", lambda: _proposals(runtime, now), ()),
        mentions={mention: at for mention, at in past.mentions.items() if at <= now and mention not in past.unsure},
        saved_drafts=past.saved_drafts,
        policy=config.policy,
        is_first=_is_first(runtime, past.first_digest, now),
        answers=gather_answers(runtime, assessments, events or (), past, now),
        drafts={key: saved.reference for key, saved in past.saved_drafts.items() if not saved.removed},
        unsettled=_unsettled(runtime, now),
        warnings=tuple(_warnings(runtime, assessments, now)),
    )


def _unsettled(runtime: AccountRuntime, now: datetime) -> tuple[Unsettled, ...]:
    """Return the sends and bookings that the user must be told of: their fate is not known, or they were given up."""
    store, account = runtime.store, runtime.account
    zone = ZoneInfo(account.hours.zone)
    return runtime.faults.contain(
        "what is not settled could not be listed",
        lambda: (*unsettled(store, account.address, zone, now), *given_up(store, account.address, zone)),
        (),
    )


def _is_first(runtime: AccountRuntime, first: datetime | None, now: datetime) -> bool:
    """Return whether the digest of `now` is the first that the user gets: none came on an earlier day, as far as is known."""
    day = hours.local_date(runtime.account.hours, first) if first is not None else None
    if day is None or day >= hours.local_date(runtime.account.hours, now):
        return True
    parcel = runtime.store.digest_of(runtime.account.address, day)
    return parcel is not None and parcel.delivery in (Delivery.UNKNOWN, Delivery.SENDING)


def _proposals(runtime: AccountRuntime, now: datetime) -> tuple[Proposal, ...]:
    return tuple(corrections.proposals(runtime.store.decisions(runtime.account.address, now), now))


def _warnings(runtime: AccountRuntime, assessments: Sequence[Assessment], now: datetime) -> Iterator[str]:
    """Yield the further lines of the digest: what the other accounts cannot be told, and what had to be left out. Raises StoreError."""
    config, store, contain = runtime.config, runtime.store, runtime.faults.contain
    if not config.office.clients:
        yield "No clients are configured yet, so nothing can be said of them: kept init adds them."
    yield from _messages_from_others(runtime)
    yield from assessment_warnings(runtime.ledger, assessments)
    yield from advisor_warnings(runtime, now)
    yield from contain("the sent log could not be checked", lambda: sent_log_warnings(runtime), ())
    clicks = partial(unverified_clicks, store, config.account, config.common.secret_since, now)
    yield from contain("clicks could not be checked", lambda: tuple(clicks()), ())
    yield from runtime.faults.lines


def _messages_from_others(runtime: AccountRuntime) -> Iterator[str]:
    """Yield what the team must be told of those whom no email reaches; whoever may see nothing of others is told nothing. Raises StoreError."""
    config = runtime.config
    messages = runtime.store.messages_from_others(config.account.address)
    if not messages or config.account.sees is Sees.OWN:
        return
    viewer = access.as_viewer(config.account)
    team = {account.address for account in config.directory.accounts(messages) if access.is_in_team(viewer, account)}
    yield from (f"{account} cannot be told by email: {messages[account]}" for account in sorted(messages.keys() & team))


def _suggestions(find: Callable[[Obligation], Sequence[Suggestion]], faults: Faults, o: Obligation) -> Sequence[Suggestion]:
    """Return what may help to settle an obligation; nothing where that raises."""
    return faults.contain(f"{o.client}: earlier answers could not be looked up", lambda: find(o), ())


def advisor_warnings(runtime: AccountRuntime, now: datetime) -> Iterator[str]:
    """Yield a line about a language model that has not answered for a while, once for each such time. Raises StoreError."""
    since = silent_since(runtime.store)
    if runtime.advisor is None or since is None or since > now - TOLD_AFTER:
        return
    if runtime.store.meta(_told(runtime)) != since.isoformat():
        local = since.astimezone(ZoneInfo(runtime.account.hours.zone))
        at = f"{local.day} {local:%b %H:%M}"
        yield f"The language model at {runtime.advisor.model.host} has not answered since {at}; everything else works without it."


def note_told_advisor(runtime: AccountRuntime, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Note that the digest said that the language model does not answer, if one was sent at this turn."""
    since = silent_since(runtime.store)
    if since is not None and since <= now - TOLD_AFTER and _digest_was_sent(outcomes):
        runtime.store.set_meta(_told(runtime), since.isoformat())


def _told(runtime: AccountRuntime) -> str:
    return f"{_SILENCE_TOLD}{runtime.account.address}"


def _digest_was_sent(outcomes: Sequence[Outcome]) -> bool:
    return any(o.kind is ActionKind.DIGEST and o.delivery is Delivery.SENT for o in outcomes)


def _suggested(runtime: AccountRuntime, o: Obligation) -> SuggestedAnswer | None:
    """Return what the user's language model suggested before as the answer to a question; None where nothing is stored or that raises."""
    by = runtime.advisor.answers_by if runtime.advisor is not None else None
    if by is None or o.reply_to is None:
        return None
    what, store, message_id = f"{o.client}: the suggested answer could not be looked up", runtime.store, o.reply_to
    return runtime.faults.contain(what, lambda: store.suggestion(o.account, by, o.key, message_id), None)


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
    if _digest_was_sent(outcomes) and not unreadable <= _named_lines(runtime):
        runtime.store.set_meta(f"{_NAMED_LINES}{runtime.account.address}", " ".join(map(str, sorted(unreadable))))


def assessment_warnings(ledger: Ledger, assessments: Sequence[Assessment]) -> tuple[str, ...]:
    """Return a line for each client, or part of an assessment, that raised an error and was left out."""
    clients = (f"{name} could not be assessed ({error}); kept.log has the details" for name, error in ledger.failures.items())
    parts = (f"{a.client}: {part} could not be assessed; kept.log has the details" for a in assessments for part in a.failures)
    return (*clients, *parts)
