"""What an account's plan follows from: its assessments, events, free times, days off, and what was said and done before."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from connectors.calendar import Busy, Event, Window, busy_times
from daemon.accounts.runtime import AccountRuntime
from daemon.core import absence, hours, meetings
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.faults import Faults, strict
from daemon.glossary.obligations import OPEN_STATES, state
from daemon.glossary.parties import Account, Client
from daemon.planning.plan_inputs import PastActions, PlanInputs, SlotFinder, settled_of_late
from daemon.planning.slots import free_slots
from daemon.store.past_actions import PastScope

_PERIODS_BACK = timedelta(days=40)  # no plan looks at an earlier period, unless an absence began before


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
    return PlanInputs(
        account=config.account,
        office=config.office,
        assessments=tuple(assessments),
        coverage=coverage,
        past=gather_past_actions(runtime, assessments, min((a.first for a in absences), default=now.date()), now),
        find_slots=slot_finder(account, coverage, events, faults),
        decisions=store.decisions(runtime.account.address, now),
        policy=config.policy,
        working=absence.at_work(account, days_off),
        absences=absences,
        now=now,
        may_book=not any(calendar.read_only for calendar in list(runtime.sources.calendars.values())[:1]),
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
    stored = runtime.store.events(runtime.account.address, now, runtime.sources.calendars, runtime.faults)
    return runtime.faults.contain("the calendar could not be read", lambda: meetings.merged(stored, mailed), None)


def _event(event: Event) -> str:
    """Return how a line names an event that is left out."""
    return f"the event of {event.start:%d %b %Y %H:%M}"


def slot_finder(
    account: Account, coverage: Iterable[Coverage], events: Iterable[Event] | None, faults: Faults | None = None
) -> SlotFinder:
    """Return a function that finds the account's free times around these events (`PlanInputs.find_slots`).

    It returns None if there is no calendar, or one could not be read, or the search raises an unforeseen error. An event that could
    not be read takes the time that can be told of it, and no more: it does not cost the calendar.
    """
    calendars = [c for c in coverage if c.account == account.address and c.is_calendar]
    unread = events is None or not calendars or any(c.error is not None or c.seen_until is None for c in calendars)
    known, containing = tuple(events or ()), faults or strict()

    def free(client: Client, after: datetime, before: datetime, length: timedelta, most: int) -> tuple[Busy, ...]:
        busy = busy_times((e for e in known if not meetings.declined_by(e, account)), Window(after, before))
        return free_slots(busy, account.hours, client.hours, after, before, length, most)

    def find_slots(client: Client, after: datetime, before: datetime, length: timedelta, most: int) -> tuple[Busy, ...] | None:
        if unread:
            return None
        return containing.contain(
            f"{client.name}: free times could not be found", lambda: free(client, after, before, length, most), None
        )

    return find_slots
