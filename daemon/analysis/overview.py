"""The overview: one client in a row, and the order in which clients need attention.

Of a client the row says what they wait for now, how often what was agreed was kept, how long contact is ago beside their own rhythm,
and what is planned next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from connectors.calendar import Event
from daemon.analysis import figures
from daemon.analysis.feasibility import Share
from daemon.core import meetings
from daemon.core.evidence import is_booked
from daemon.core.infractions import is_overdue
from daemon.glossary.assessments import Alarm, Assessment, Bucket, Recovery, RecoveryStage
from daemon.glossary.obligations import OPEN_STATES, Band, Kind, Obligation, SourceType, State, state
from daemon.glossary.parties import Account, Client, Stage

MONTH, QUARTER = timedelta(days=30), timedelta(days=90)
WEEKS = 26  # of the rhythm
AWAITED = frozenset({Kind.REPLY, Kind.CALLBACK, Kind.PROMISE, Kind.DELIVERABLE, Kind.FEEDBACK})
_WEEK = timedelta(weeks=1)


class Attention(IntEnum):
    """Why a client needs attention, the most urgent first."""

    OVERDUE = 0
    SLIPPING = 1
    RECOVERY = 2
    DUE_SOON = 3
    WAITING = 4
    NOTHING_PLANNED = 5
    NONE = 6
    LOST = 7


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is planned next: when, and what in the words of the calendar or of the promise."""

    at: datetime
    what: str
    is_meeting: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """One client's row. `waiting` is what they wait for, the soonest due first; `rhythm` their mails by week, the oldest week first."""

    client: Client
    attention: Attention
    waiting: tuple[Obligation, ...]
    overdue: int
    month: Share
    quarter: Share
    last_contact: datetime | None
    last_call: datetime | None  # of theirs that reached nobody, where it came after the last contact
    rhythm: tuple[int, ...]
    next_step: NextStep | None
    next_review: datetime | None
    review_booked: bool
    alarms: tuple[Alarm, ...]
    recovery: Recovery | None


def overview(account: Account, client: Client, a: Assessment | None, events: Iterable[Event], now: datetime) -> Overview:
    """Return a client's row, as an account sees them; `events` are those with the client."""
    if a is None:
        return Overview(
            client, _rest(client), (), 0, Share(0, 0), Share(0, 0), None, None, (0,) * WEEKS, None, None, False, (), None
        )
    waiting = sorted(_awaited(a.obligations, now), key=lambda o: (o.due is None, o.due or o.created, o.key))
    overdue = sum(is_overdue(o, now) for o in a.obligations)
    next_step = _next_step(account, a, events, now)
    review, booked = _review(a.obligations, now)
    return Overview(
        client=client,
        attention=_attention(client, a, waiting, overdue, next_step, now),
        waiting=tuple(waiting),
        overdue=overdue,
        month=figures.met(a.obligations, now, now - MONTH),
        quarter=figures.met(a.obligations, now, now - QUARTER),
        last_contact=a.last_contact,
        last_call=_last_call(a),
        rhythm=_rhythm(a, now),
        next_step=next_step,
        next_review=review,
        review_booked=booked,
        alarms=a.alarms,
        recovery=a.recovery,
    )


def most_urgent_first(rows: Iterable[Overview]) -> list[Overview]:
    """Return the rows in the order in which the clients need attention; within it whose time passed first, then by name."""
    return sorted(rows, key=lambda row: (row.attention, -row.overdue, _first_due(row), row.client.name.casefold()))


def _first_due(row: Overview) -> float:
    """Return the moment of the first due time; of those without one the longest silence comes first."""
    due = next((o.due for o in row.waiting if o.due is not None), None) or row.last_contact
    return due.timestamp() if due else float("inf")


def _awaited(obligations: Iterable[Obligation], now: datetime) -> Iterator[Obligation]:
    """Yield what the client waits for, also where the user has put it off: the client waits all the same."""
    return (o for o in obligations if o.kind in AWAITED and o.counts and o.band is Band.TRACKED and state(o, now) in OPEN_STATES)


def _attention(
    client: Client, a: Assessment, waiting: Sequence[Obligation], overdue: int, next_step: NextStep | None, now: datetime
) -> Attention:
    if client.stage is Stage.LOST:
        return Attention.LOST
    if overdue:
        return Attention.OVERDUE
    if a.alarms:
        return Attention.SLIPPING
    if a.recovery is not None and a.recovery.stage is not RecoveryStage.RESTORED:
        return Attention.RECOVERY
    if any(state(o, now) in (State.DUE_SOON, State.OVERDUE) for o in waiting):
        return Attention.DUE_SOON
    if waiting:
        return Attention.WAITING
    nothing_planned = next_step is None and any(o.kind is Kind.NEXT_STEP and state(o, now) in OPEN_STATES for o in a.obligations)
    return Attention.NOTHING_PLANNED if nothing_planned else Attention.NONE


def _last_call(a: Assessment) -> datetime | None:
    """Return when they last called or left a message, unless there has been contact since."""
    return a.last_call if a.last_call is not None and (a.last_contact is None or a.last_call > a.last_contact) else None


def _rest(client: Client) -> Attention:
    return Attention.LOST if client.stage is Stage.LOST else Attention.NONE


def _rhythm(a: Assessment, now: datetime) -> tuple[int, ...]:
    weeks = [0] * WEEKS
    for p in a.balance:
        ago = (now - p.at) // _WEEK
        if 0 <= ago < WEEKS and p.bucket is not Bucket.HELD_BACK:
            weeks[WEEKS - 1 - ago] += 1
    return tuple(weeks)


def _next_step(account: Account, a: Assessment, events: Iterable[Event], now: datetime) -> NextStep | None:
    """Return the next meeting that takes place or dated promise, whichever comes first."""
    latest = {(e.uid, e.occurrence): e for e in (*events, *a.mailed)}
    steps = [
        NextStep(e.start, e.summary, is_meeting=True)
        for e in latest.values()
        if e.start > now and e.status != "cancelled" and not meetings.declined_by(e, account)
    ]
    steps += [
        NextStep(o.due, o.quote or o.summary, is_meeting=False)
        for o in a.obligations
        if o.kind is Kind.PROMISE
        and o.due is not None
        and o.due > now
        and o.band is Band.TRACKED
        and state(o, now) in OPEN_STATES
    ]
    return min(steps, key=lambda step: step.at, default=None)


def _review(obligations: Iterable[Obligation], now: datetime) -> tuple[datetime | None, bool]:
    """Return when the next review is, and whether it is booked; else when it is due."""
    reviews = [o for o in obligations if o.kind is Kind.REVIEW and state(o, now) in OPEN_STATES]
    booked = [e.at for o in reviews if is_booked(o, now) for e in o.evidence if e.type is SourceType.EVENT and e.at > now]
    if booked:
        return min(booked), True
    return min((o.due for o in reviews if o.due is not None), default=None), False
