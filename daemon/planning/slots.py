"""Find free time for a meeting: inside the working hours of both sides, and clear of what is booked or offered to somebody else."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from connectors.calendar import Busy, Window, merge_spans
from daemon.core import hours as business
from daemon.glossary.actions import Offer
from daemon.glossary.assessments import Assessment
from daemon.glossary.charter import WorkingHours

GRID = timedelta(minutes=30)  # meetings begin on the hour or the half hour of the user's clock


def free_slots(
    busy: Sequence[Busy],
    hours: WorkingHours,
    client_hours: WorkingHours | None,
    after: datetime,
    before: datetime,
    length: timedelta,
    most: int,
) -> tuple[Busy, ...]:
    """Return at most `most` free spans of `length` between two moments, in order of time, in UTC.

    They fall on different days, to give a choice; a second span on a day is offered only if there are too few days, and then
    late in that day. No two spans overlap. `client_hours` is None if the client's hours are not known.
    """
    free = _free(tuple(merge_spans(busy, Window(after, before))), hours, client_hours, after, before, length)
    days: dict[date, list[Busy]] = {}
    for slot in free:
        days.setdefault(business.local_date(hours, slot.start), []).append(slot)
    chosen = sorted(_slot_of_day(slots, n).start for n, slots in list(enumerate(days.values()))[:most])
    for slot in (s for slots in days.values() for s in reversed(slots)):
        if len(chosen) >= most:
            break
        if _is_apart(slot.start, chosen, length):
            insort(chosen, slot.start)
    return tuple(Busy(start, start + length) for start in chosen)


@lru_cache(maxsize=64)
def _free(
    taken: tuple[Busy, ...],
    hours: WorkingHours,
    client_hours: WorkingHours | None,
    after: datetime,
    before: datetime,
    length: timedelta,
) -> tuple[Busy, ...]:
    """Return every free span that begins on the grid. Kept, as a plan asks for many clients of the same days."""
    spans = (Busy(start, start + length) for start in _starts(hours, after, before, length))
    return tuple(span for span in spans if is_clear(span, taken) and _suits(span, client_hours))


def is_clear(span: Busy, taken: Sequence[Busy]) -> bool:
    """Return whether a span overlaps none of those that are taken, which are in order and do not overlap."""
    later = bisect_right(taken, span.start, key=lambda other: other.end)
    return later == len(taken) or taken[later].start >= span.end


def _suits(span: Busy, client_hours: WorkingHours | None) -> bool:
    return client_hours is None or business.between(client_hours, span.start, span.end) == span.end - span.start


def _is_apart(start: datetime, others: Sequence[datetime], length: timedelta) -> bool:
    """Return whether a span that begins then overlaps none of the others, which begin in this order and are as long."""
    place = bisect_left(others, start)
    after_the_one_before = place == 0 or start - others[place - 1] >= length
    return after_the_one_before and (place == len(others) or others[place] - start >= length)


def inside(spans: Sequence[Busy], window: Window) -> tuple[Busy, ...]:
    """Return the parts inside the window of spans that are in order and do not overlap, however many lie outside of it."""
    first = bisect_right(spans, window.start, key=lambda span: span.end)
    last = bisect_left(spans, window.end, lo=first, key=lambda span: span.start)
    return merge_spans(spans[first:last], window)


def still_held(
    offers: Iterable[Offer], assessments: Iterable[Assessment], hours: WorkingHours, now: datetime
) -> tuple[Offer, ...]:
    """Return the offers of earlier drafts that are held: until the client has written since, or a working day has passed."""
    wrote = {a.client: max((p.at for p in a.balance), default=None) for a in assessments}

    def holds(offer: Offer) -> bool:
        last = wrote.get(offer.client)
        return (last is None or last <= offer.at) and now < business.working_days_after(hours, offer.at, 1)

    return tuple(offer for offer in offers if holds(offer))


def held_for_others(offers: Iterable[Offer], client: str) -> tuple[Busy, ...]:
    """Return the times that are held for other clients."""
    return tuple(slot for offer in offers if offer.client != client for slot in offer.slots)


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


def _slot_of_day(slots: Sequence[Busy], number: int) -> Busy:
    """Return one slot of the `number`th day offered: early in the day if it is even, late if it is odd."""
    return slots[min(len(slots) - 1, 2)] if number % 2 == 0 else slots[(2 * len(slots)) // 3]
