"""What an account's plan follows from: its assessments, events, free times, days off, and what was said and done before."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TypeAlias

from connectors.calendar import Busy, Event, Window, busy_times
from daemon.accounts.runtime import AccountRuntime
from daemon.core import absence, hours, meetings
from daemon.glossary.actions import Offer
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.faults import Faults, strict
from daemon.glossary.obligations import OPEN_STATES, Obligation, state
from daemon.glossary.parties import Account, Client
from daemon.intake.poll import CALENDAR_AHEAD
from daemon.planning.answered_times import AnsweredTime, answered
from daemon.planning.invitation_answers import InvitationAnswer, invitation_answers
from daemon.planning.plan_inputs import PastActions, PlanInputs, SlotFinder, settled_of_late
from daemon.planning.slots import free_slots, held_for_others, inside, still_held
from daemon.store.past_actions import PastScope

CURRENT = timedelta(hours=2)  # since its last reading: of an older one nobody says that a time is free
_AROUND = timedelta(days=2)  # days beside a proposed time in which others are looked for
_PERIODS_BACK = timedelta(days=40)  # no plan looks at an earlier period, unless an absence began before

TimeLookup: TypeAlias = Callable[[Obligation], tuple[AnsweredTime, ...]]
"""Tells what the calendar says of the times that an obligation's client proposes."""


def gather_plan_inputs(runtime: AccountRuntime, assessments: Sequence[Assessment], now: datetime) -> PlanInputs:
    """Gather the inputs of the account's plan. Raises StoreError."""
    config, store = runtime.config, runtime.store
    events, coverage = gather_events(runtime, assessments, now), runtime.coverage()
    listed = events or ()
    account, faults = config.account, runtime.faults
    absences = faults.without_culprits(listed, lambda e: absence.absences(account, e), (), "days off could not be read", _event)
    days_off = faults.without_culprits(
        listed, lambda e: absence.days_off(account, e), frozenset(), "days off could not be read", _event
    )
    past = gather_past_actions(runtime, assessments, min((a.first for a in absences), default=now.date()), now)
    return PlanInputs(
        account=config.account,
        office=config.office,
        assessments=tuple(assessments),
        coverage=coverage,
        past=past,
        find_slots=slot_finder(account, coverage, events, faults),
        decisions=store.decisions(runtime.account.address, now),
        policy=config.policy,
        working=absence.spoken_to(account, days_off),
        absences=absences,
        now=now,
        answers=gather_answers(runtime, assessments, listed, past, now),
        held=held_times(runtime, assessments, now),
        may_book=not any(calendar.read_only for calendar in list(runtime.sources.calendars.values())[:1]),
    )


def gather_answers(
    runtime: AccountRuntime, assessments: Sequence[Assessment], events: Sequence[Event], past: PastActions, now: datetime
) -> tuple[InvitationAnswer, ...]:
    """Return what became of the meetings that Kept booked, as far as it is news to the user."""
    told = {mention: at for mention, at in past.mentions.items() if mention not in past.unsure}
    account, directory = runtime.account, runtime.config.directory
    return runtime.faults.contain(
        "answers to invitations could not be read",
        lambda: invitation_answers(
            account, assessments, events, directory.match, directory.key_of, past.announcements, told, now
        ),
        (),
    )


def gather_past_actions(runtime: AccountRuntime, assessments: Sequence[Assessment], since: date, now: datetime) -> PastActions:
    """Return what was said and done before, for obligations of these assessments and periods from `since` on.

    The sent log counts beside the store, so that a restored database repeats nothing. Raises StoreError.
    """
    address = runtime.account.address
    obligations = [o for a in assessments for o in a.obligations if state(o, now) in OPEN_STATES]  # a plan asks for no others
    account = runtime.account
    today = hours.local_date(account.hours, now)
    midnight = hours.clock_at(account.hours, today, time())
    scope = PastScope(
        obligations,
        min(since, today) - _PERIODS_BACK,
        now,
        today=midnight,
        escalates_to_user=not account.tells_manager,
        settled=[o for a in assessments for o in a.obligations if settled_of_late(o, now)],
    )
    past = runtime.store.past_actions(address, scope)
    recorded = runtime.sent_log.mentions(address, (o.key for o in obligations))
    logged = {mention: at for mention, at in recorded.items() if at <= now}
    done = ChainMap(dict(past.actions), runtime.sent_log.letter_keys(address))  # whatever this database knows of it
    return replace(past, mentions={**logged, **past.mentions}, actions=done, unsure=past.unsure - logged.keys())


def gather_events(runtime: AccountRuntime, assessments: Iterable[Assessment], now: datetime) -> tuple[Event, ...] | None:
    """Return the account's events, as calendar messages by mail left them; None if that cannot be told. Raises StoreError."""
    mailed = [event for assessment in assessments for event in assessment.mailed]
    stored = runtime.ledger.facts.calendar(now)
    return runtime.faults.contain("the calendar could not be read", lambda: meetings.merged(stored, mailed), None)


def _event(event: Event) -> str:
    """Return how a line names an event that is left out."""
    return f"the event of {event.start:%d %b %Y %H:%M}"


def held_times(runtime: AccountRuntime, assessments: Iterable[Assessment], now: datetime) -> tuple[Offer, ...]:
    """Return the times that drafts to clients have offered and that are still held for them. Raises StoreError."""
    working = runtime.account.hours
    offers = runtime.store.offers(runtime.account.address, hours.working_days_after(working, now, -1))
    return still_held((offer for offer in offers if offer.at <= now), assessments, working, now)


def slot_finder(
    account: Account,
    coverage: Iterable[Coverage],
    events: Iterable[Event] | None,
    faults: Faults | None = None,
    held: Sequence[Offer] = (),
) -> SlotFinder:
    """Return a function that finds the account's free times around these events (`PlanInputs.find_slots`).

    It returns None if there is no calendar, or one could not be read, or the search raises an unforeseen error. An event that could
    not be read takes the time that can be told of it, and no more: it does not cost the calendar. What is `held` for one client is not
    free for another.
    """
    unread = events is None or _read_since(account, coverage) is None
    known, containing = tuple(events or ()), faults or strict()

    @cache  # a plan asks for each client
    def taken() -> tuple[Busy, ...]:
        accepted = [e for e in known if not meetings.declined_by(e, account)]
        return busy_times(accepted, Window(min(e.start for e in accepted), max(e.end for e in accepted))) if accepted else ()

    def free(client: Client, after: datetime, before: datetime, length: timedelta, most: int) -> tuple[Busy, ...]:
        busy = inside(taken(), Window(after, before))
        busy = (*busy, *held_for_others(held, client.name))
        return free_slots(busy, account.hours, client.hours, after, before, length, most)

    def find_slots(client: Client, after: datetime, before: datetime, length: timedelta, most: int) -> tuple[Busy, ...] | None:
        if unread:
            return None
        return containing.contain(
            f"{client.name}: free times could not be found", lambda: free(client, after, before, length, most), None
        )

    return find_slots


def time_lookup(
    account: Account,
    clients: Iterable[Client],
    coverage: Iterable[Coverage],
    events: Sequence[Event] | None,
    now: datetime,
    faults: Faults,
    held: Sequence[Offer] = (),
) -> TimeLookup:
    """Return a function that tells what the account's calendars say of the times that an obligation's client proposes.

    It tells nothing if there is no calendar, if one could not be read or not of late, and nothing of a time beyond what was read. A meeting
    with whoever proposes does not count as taken: they know of it, and would move it.
    """
    read = _read_since(account, coverage)
    theirs = {client.name: client.hours for client in clients}
    if read is None or now - read > CURRENT or events is None:
        return lambda _o: ()
    known = [e for e in events if not meetings.declined_by(e, account)]
    off = faults.contain("days off could not be read", lambda: absence.days_off(account, known), frozenset())
    working = absence.at_work(account, off)

    def look_up(o: Obligation) -> tuple[AnsweredTime, ...]:
        span = Window(min(p.start for p in o.proposed) - _AROUND, max(p.end or p.start for p in o.proposed) + _AROUND)
        others = (e for e in known if o.contact not in (e.organizer, *(a.email for a in e.attendees)))
        offers = [offer for offer in held if offer.client != o.client]
        beyond = hours.clock_at(account.hours, hours.local_date(account.hours, read), time()) + CALENDAR_AHEAD
        return answered(o.proposed, busy_times(others, span), working, theirs.get(o.client), now, beyond, offers)

    return lambda o: _looked_up(look_up, faults, o)


def _looked_up(look_up: TimeLookup, faults: Faults, o: Obligation) -> tuple[AnsweredTime, ...]:
    """Return what is known of the times that an obligation's client proposes; nothing where that fails, which is noted."""
    nothing: tuple[AnsweredTime, ...] = ()
    what = f"{o.client}: proposed times could not be looked up"
    return faults.contain(what, lambda: look_up(o), nothing) if o.proposed else nothing


def _read_since(account: Account, coverage: Iterable[Coverage]) -> datetime | None:
    """Return up to when all calendars of an account were read; None if there is none, or the last reading of one failed."""
    calendars = [c for c in coverage if c.account == account.address and c.is_calendar]
    read = [c.seen_until for c in calendars if c.error is None and c.seen_until is not None]
    return min(read) if read and len(read) == len(calendars) else None
