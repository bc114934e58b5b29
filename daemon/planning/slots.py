"""Free time: when two sides could meet, inside both parties' working hours and beside what is booked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.calendar import Busy
from daemon.core import hours as business
from daemon.glossary.charter import WorkingHours

GRID = timedelta(minutes=30)  # meetings begin on the hour or the half hour of the user's clock


def free_slots(
    busy: Sequence[Busy],
    hours: WorkingHours,
    theirs: WorkingHours | None,
    after: datetime,
    before: datetime,
    length: timedelta,
    most: int,
    spread: bool = True,
) -> tuple[Busy, ...]:
    """At most `most` free spans of `length` between two moments, in order of time, UTC.

    With `spread` they lie on different days as far as there are days, so that there is a choice; a second one of a day comes
    only where days run out, and then at another end of it. Two offered spans never overlap.
    """
    taken = sorted(busy)
    found = [Busy(s, s + length) for s in _starts(hours, after, before, length) if _fits(s, s + length, taken, theirs)]
    if not spread:
        return tuple(_apart(found, most))
    days: dict[date, list[Busy]] = {}
    for slot in found:
        days.setdefault(business.local_date(hours, slot.start), []).append(slot)
    chosen = [_of_day(slots, n) for n, slots in enumerate(days.values())][:most]
    rest = (s for slots in days.values() for s in reversed(slots) if all(s.start >= c.end or c.start >= s.end for c in chosen))
    while len(chosen) < most and (further := next(rest, None)):
        if all(further.start >= c.end or c.start >= further.end for c in chosen):
            chosen.append(further)
    return tuple(sorted(chosen))


def _starts(hours: WorkingHours, after: datetime, before: datetime, length: timedelta) -> Iterator[datetime]:
    for opens, closes in business.spans(hours, after, before):
        start = _on_grid(max(opens, after.astimezone(UTC)), ZoneInfo(hours.zone))
        while start + length <= min(closes, before):
            yield start
            start += GRID


def _on_grid(at: datetime, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone)
    past = timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)
    return at - past + GRID if past else at


def _fits(start: datetime, end: datetime, taken: Sequence[Busy], theirs: WorkingHours | None) -> bool:
    if any(b.start < end and start < b.end for b in taken):
        return False
    return theirs is None or business.between(theirs, start, end) == end - start


def _apart(slots: Iterable[Busy], most: int) -> Iterator[Busy]:
    end, count = None, 0
    for slot in slots:
        if count < most and (end is None or slot.start >= end):
            yield slot
            end, count = slot.end, count + 1


def _of_day(slots: Sequence[Busy], number: int) -> Busy:
    """Not always nine o'clock: mornings and afternoons in turn."""
    return slots[min(len(slots) - 1, 2)] if number % 2 == 0 else slots[(2 * len(slots)) // 3]
