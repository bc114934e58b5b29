"""Deliverable: what the client gets regularly comes on its day: a daily report, a weekly report, an invoice by the 5th.

A delivery is a sent mail with the subject, attachment or recipient that the charter names. Each period is owed one:

1. It counts for the period in which it is sent, unless the period before is still owed and its due time is nearer: then it is that
   one's, late.
2. A second one in a period is the next period's, early, if that due time is nearer; otherwise it is a repetition and counts for none.
3. A period without one is settled late by the delivery of a later period, because the client then has newer news.
4. A due day that is not a working day moves to the next working day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fnmatch import fnmatch

from daemon.core import hours, messages
from daemon.core.assessment_inputs import SETTLING, AssessmentInputs
from daemon.core.evidence import message_evidence
from daemon.core.history import History
from daemon.glossary.charter import Allowance, Deliverable, Period, WorkingHours
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType
from daemon.glossary.parties import Stage
from daemon.glossary.timelines import Entry

NAME = "deliverable"
DEFAULT: Allowance | None = None


@dataclass(frozen=True, slots=True)
class _Reign:
    """A time in which one version of the charter was in force, and what it says of a deliverable (None: not agreed)."""

    start: datetime
    end: datetime
    thing: Deliverable | None


@dataclass(frozen=True, slots=True)
class _Turn:
    """One period: its first day, from when it counts, when it is due. One that is not `owed` only explains what a mail was for."""

    thing: Deliverable
    first: date
    since: datetime
    due: datetime
    owed: bool
    key: str
    said: datetime | None  # when the user settled it by hand


def owed(inputs: AssessmentInputs, history: History) -> Iterator[Obligation]:
    """Yield one obligation for each period of each deliverable, by the version of the charter in force at its begin.

    What a later version adds in the middle of a period is owed if its time is still ahead; what one drops is no longer owed.
    """
    story = inputs.timeline
    if story.client.stage is Stage.LOST or not story.entries:
        return
    for name, every in dict.fromkeys((t.name, t.every) for v in story.client.versions for t in v.deliverables):
        reigns = _reigns(inputs, name, every)
        if any(r.thing for r in reigns):
            yield from _periods(inputs, history, reigns)


def matches(deliverable: Deliverable, entry: Entry) -> bool:
    """Whether a sent mail is this deliverable: every pattern that is given fits."""
    message = entry.message
    fits = [
        deliverable.subject is None or _like(message.subject, f"*{deliverable.subject}*"),
        deliverable.attachment is None or any(_like(a.name, deliverable.attachment) for a in message.attachments),
        deliverable.recipient is None or any(_like(a.email, deliverable.recipient) for a in (*message.to, *message.cc)),
    ]
    return all(fits)


def _like(text: str, pattern: str) -> bool:
    return fnmatch(text.lower(), pattern.lower())


def _reigns(inputs: AssessmentInputs, name: str, every: Period) -> list[_Reign]:
    """Return what each version says of a deliverable, from when anything is counted."""
    client, first = inputs.timeline.client, inputs.timeline.entries[0].at
    earliest = max(first, client.charter.since or first)
    starts = [earliest, *(max(v.start or earliest, earliest) for v in client.amendments)]
    agreed = [next((t for t in v.deliverables if (t.name, t.every) == (name, every)), None) for v in client.versions]
    spans = zip(starts, [*starts[1:], datetime.max.replace(tzinfo=UTC)], agreed, strict=True)
    return [_Reign(start, end, deliverable) for start, end, deliverable in spans if start < end]


def _periods(inputs: AssessmentInputs, history: History, reigns: Sequence[_Reign]) -> Iterator[Obligation]:
    turns = list(_turns(inputs, reigns))
    sent = [e for e in inputs.timeline.entries if messages.from_our_side(e) and matches(_meant(reigns, e.at), e)]
    for turn, entry in zip(turns, _assigned(inputs.hours, turns, sent), strict=True):
        if turn.owed:
            yield _obligation(inputs, history, turn, entry)


def _obligation(inputs: AssessmentInputs, history: History, turn: _Turn, entry: Entry | None) -> Obligation:
    return inputs.obligation(
        turn.key,
        Kind.DELIVERABLE,
        Evidence(SourceType.CHARTER, f"{NAME}: {turn.thing.name}", turn.since),
        turn.due,
        f"{turn.thing.name} for {inputs.timeline.client.name}, {_period_named(turn.thing, turn.first)}",
        contact=history.main_contact,
        closed=message_evidence(entry, entry.message.subject) if entry else None,
        settled=max(entry.at, turn.since) if entry else None,
    )


def _meant(reigns: Sequence[_Reign], at: datetime) -> Deliverable:
    """Return what was agreed at a moment, else last before it, else first after it."""
    agreed = [(r.start, r.thing) for r in reigns if r.thing is not None]
    return next((deliverable for start, deliverable in reversed(agreed) if start <= at), agreed[0][1])


def _turns(inputs: AssessmentInputs, reigns: Sequence[_Reign]) -> Iterator[_Turn]:
    """Yield every period from the one before the first to the present one."""
    every, last = _meant(reigns, inputs.now).every, hours.local_date(inputs.hours, inputs.now)
    day = _first_day(every, hours.local_date(inputs.hours, reigns[0].start))
    day = hours.nth_working_day(inputs.hours, day, -1) if every is Period.DAY else _first_day(every, day - timedelta(days=1))
    while day <= last:
        if every is not Period.DAY or hours.is_working_day(inputs.hours, day):  # a daily one is owed on working days only
            yield _turn(inputs, reigns, day)
        day = _next_day(every, day)


def _turn(inputs: AssessmentInputs, reigns: Sequence[_Reign], first: date) -> _Turn:
    """Return a period by the first version that has something due in it, unless that is agreed away before its time."""
    begin = hours.clock_at(inputs.hours, first, time())
    deliverable, since = _meant(reigns, begin), begin
    end = hours.clock_at(inputs.hours, _next_day(deliverable.every, first), time())
    asked = False
    for reign in reigns:
        if reign.thing is not None and reign.start < min(end, _due(inputs.hours, reign.thing, first)) and begin < reign.end:
            deliverable, since, asked = reign.thing, max(begin, reign.start), True
            break
    due = _due(inputs.hours, deliverable, first)
    stands = asked and any(r.thing is not None for r in reigns if r.start <= due < r.end)
    key = inputs.key(Kind.DELIVERABLE, f"{inputs.timeline.client.key}:{deliverable.name}:{first.isoformat()}")
    word = inputs.decision(key)
    return _Turn(deliverable, first, since, due, stands, key, word.at if word and word.verb in SETTLING else None)


def _due(working: WorkingHours, deliverable: Deliverable, first: date) -> datetime:
    if deliverable.every is Period.DAY:
        return _at(working, deliverable, first)
    day = first + timedelta(days=deliverable.day)
    if deliverable.every is Period.MONTH:
        day = min(day - timedelta(days=1), hours.months_after(first, 1) - timedelta(days=1))
    return _at(working, deliverable, day if hours.is_working_day(working, day) else hours.nth_working_day(working, day, 1))


def _at(working: WorkingHours, deliverable: Deliverable, day: date) -> datetime:
    return hours.clock_at(working, day, deliverable.by) if deliverable.by else hours.day_end(working, day)


def _first_day(every: Period, day: date) -> date:
    if every is Period.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if every is Period.MONTH else day


def _next_day(every: Period, first: date) -> date:
    if every is Period.MONTH:
        return hours.months_after(first, 1)
    return first + timedelta(days=7 if every is Period.WEEK else 1)


def _assigned(working: WorkingHours, turns: Sequence[_Turn], sent: Sequence[Entry]) -> list[Entry | None]:
    """Return which mail each period was met by. Periods missed before it end with the same mail; a repetition meets none."""
    met_by: list[Entry | None] = [None] * len(turns)
    days = [turn.first for turn in turns]
    for entry in sent:
        present = bisect_right(days, hours.local_date(working, entry.at)) - 1
        met = next((n for n in _likely(turns, present, entry.at) if met_by[n] is None and _wants(turns[n], entry.at)), -1)
        while met >= 0 and met_by[met] is None:
            met_by[met] = entry
            met -= 1
    return met_by


def _likely(turns: Sequence[_Turn], present: int, at: datetime) -> tuple[int, ...]:
    """Return the periods that a mail of period `present` may be for, the likeliest first."""
    near = min(
        (n for n in (present - 1, present, present + 1) if 0 <= n < len(turns)),
        key=lambda n: abs(turns[n].due - at),
        default=present,
    )
    return tuple(n for n in ((near, present) if near < present else (present, near)) if n >= 0)


def _wants(turn: _Turn, at: datetime) -> bool:
    """Whether a mail of that moment can be for a period: it was owed, and not settled by hand before."""
    return turn.owed and (turn.said is None or at < turn.said)


def _period_named(deliverable: Deliverable, first: date) -> str:
    if deliverable.every is Period.MONTH:
        return f"{first:%B %Y}"
    day = f"{first.day} {first:%b}"
    return f"week of {day}" if deliverable.every is Period.WEEK else day
