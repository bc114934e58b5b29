"""Deliverable: what the client gets regularly comes on its day: a daily report, a weekly report, an invoice by the 5th.

Recognised in sent mail by subject, attachment or recipient, as the charter says. Each period is owed once. A mail of ours
counts for the period in which it is sent; a second one of the same period for the next, which it is early for. A period
without one ends late with the next that comes: the client then has newer news. A day of delivery that is free moves on to
the next working day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fnmatch import fnmatch

from daemon.core import evidence as proof
from daemon.core import hours
from daemon.core.case import Case
from daemon.core.course import Course, principal
from daemon.core.model import (
    Allowance,
    Charter,
    Deliverable,
    Entry,
    Evidence,
    Kind,
    Obligation,
    Period,
    SourceType,
    Stage,
    WorkingHours,
)
from daemon.standards import phrases

NAME = "deliverable"
DEFAULT: Allowance | None = None


@dataclass(frozen=True, slots=True)
class _Turn:
    """One period: its first day, and when it is due."""

    first: date
    due: datetime


def owed(case: Case, _course: Course) -> Iterator[Obligation]:
    """One obligation for each period of each deliverable, by the version of the charter in force at its begin."""
    story = case.timeline
    if story.client.stage is Stage.LOST:
        return
    for charter, begin, end in _reigns(case):
        for thing in charter.deliverables:
            sent = [e for e in story.entries if proof.from_us(e) and begin <= e.at < end and matches(thing, e)]
            yield from _periods(case, thing, begin, min(end, case.now), sent)


def matches(thing: Deliverable, entry: Entry) -> bool:
    """Whether a sent mail is this deliverable: every pattern that is given fits."""
    message = entry.message
    fits = [
        thing.subject is None or _like(message.subject, f"*{thing.subject}*"),
        thing.attachment is None or any(_like(a.name, thing.attachment) for a in message.attachments),
        thing.recipient is None or any(_like(a.email, thing.recipient) for a in (*message.to, *message.cc)),
    ]
    return all(fits)


def _like(text: str, pattern: str) -> bool:
    return fnmatch(text.lower(), pattern.lower())


def _reigns(case: Case) -> Iterator[tuple[Charter, datetime, datetime]]:
    """Each version of the charter with the time in which it was in force and something was counted."""
    client, entries = case.timeline.client, case.timeline.entries
    if not entries:
        return
    earliest = max(entries[0].at, client.charter.since or entries[0].at)
    starts = [v.start or earliest for v in client.versions]
    far = case.now + timedelta(days=400)
    for version, start, end in zip(client.versions, starts, [*starts[1:], far], strict=True):
        if version.deliverables and max(start, earliest) < min(end, case.now):
            yield version, max(start, earliest), end


def _periods(case: Case, thing: Deliverable, begin: datetime, end: datetime, sent: Sequence[Entry]) -> Iterator[Obligation]:
    turns = list(_turns(case.hours, thing, begin, end))
    for turn, entry in zip(turns, _assigned(case.hours, turns, sent), strict=True):
        client = case.timeline.client.name
        since = hours.clock_at(case.hours, turn.first, time())
        yield case.obligation(
            case.key(Kind.DELIVERABLE, f"{client}:{thing.name}:{turn.first.isoformat()}"),
            Kind.DELIVERABLE,
            Evidence(SourceType.CHARTER, f"{NAME}: {thing.name}", max(since, begin)),
            turn.due,
            f"{thing.name} for {client}, {_period_named(thing, turn.first)}",
            contact=principal(case.timeline),
            closed=proof.of_message(entry, entry.message.subject) if entry else None,
        )


def _turns(working: WorkingHours, thing: Deliverable, begin: datetime, end: datetime) -> Iterator[_Turn]:
    """Every period whose due time lies after `begin`, up to the one that `end` lies in."""
    first, last = hours.local_date(working, begin), hours.local_date(working, end)
    day = _first_day(thing.every, first)
    while day <= last:
        turn = _turn(working, thing, day)
        if turn is not None and turn.due > begin:
            yield turn
        day = _next_day(thing.every, day)


def _turn(working: WorkingHours, thing: Deliverable, first: date) -> _Turn | None:
    """A daily one is owed on working days only."""
    if thing.every is Period.DAY:
        return _Turn(first, _at(working, thing, first)) if hours.is_working_day(working, first) else None
    if thing.every is Period.WEEK:
        day = first + timedelta(days=thing.day)
    else:
        day = min(first + timedelta(days=thing.day - 1), hours.months_after(first, 1) - timedelta(days=1))
    return _Turn(
        first, _at(working, thing, day if hours.is_working_day(working, day) else hours.nth_working_day(working, day, 1))
    )


def _at(working: WorkingHours, thing: Deliverable, day: date) -> datetime:
    return hours.clock_at(working, day, thing.by) if thing.by else hours.day_end(working, day)


def _first_day(every: Period, day: date) -> date:
    if every is Period.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if every is Period.MONTH else day


def _next_day(every: Period, first: date) -> date:
    if every is Period.MONTH:
        return hours.months_after(first, 1)
    return first + timedelta(days=7 if every is Period.WEEK else 1)


def _assigned(working: WorkingHours, turns: Sequence[_Turn], sent: Sequence[Entry]) -> list[Entry | None]:
    """Which mail each period was met by. What came for no period of its own is early for the next, else it is for nothing."""
    found: list[Entry | None] = [None] * len(turns)
    for entry in sent:
        day = hours.local_date(working, entry.at)
        here = max((n for n, turn in enumerate(turns) if turn.first <= day), default=None)
        if here is None:
            continue
        at = here if found[here] is None else here + 1
        if at < len(turns) and found[at] is None:
            found[at] = entry
        for n in range(here - 1, -1, -1):  # what was missed before ends with this one
            if found[n] is not None:
                break
            found[n] = entry
    return found


def _period_named(thing: Deliverable, first: date) -> str:
    if thing.every is Period.MONTH:
        return f"{first:%B %Y}"
    day = f"{first.day} {first:%b}"
    return f"week of {day}" if thing.every is Period.WEEK else day


def say(obligation: Obligation, working: WorkingHours, now: datetime) -> str:
    """One line for the user."""
    return f"{obligation.summary}: {phrases.standing(obligation, working, now)}"
