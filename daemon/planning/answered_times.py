"""Look up in the user's calendar the times that a client proposes: free, taken, outside working hours, or gone by.

An hour is looked up for as long as the client says that it takes, else for half an hour. Of a window the free parts are told. Nothing
here knows what any event is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from connectors.calendar import Busy
from daemon.core import hours as business
from daemon.glossary.actions import Offer
from daemon.glossary.charter import WorkingHours
from daemon.planning.slots import free_slots
from daemon.reading import ProposedTime

LENGTH = timedelta(minutes=30)  # of a call or a meeting where nobody says how long it takes
_NEXT_WITHIN = timedelta(hours=1)  # a free hour that something follows so soon is told with its end
_OFFERED = 3  # free times out of a window of days


class Outcome(StrEnum):
    """What the calendar says of a proposed time."""

    FREE = "free"  # a moment, or at least a part of a window
    TAKEN = "taken"
    HELD = "held"  # free, but offered to another client
    OUTSIDE = "outside working hours"
    OFF = "not a working day"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class AnsweredTime:
    """A proposed time with what the calendar says of it.

    `free` are the free parts of a window. `slots` are times to accept or to offer instead: the moment itself, the first ones in a window,
    the next one on a day whose hour is taken or held (for the client named in `held_for`). `until` is when what takes the moment ends, or when a free moment ends because something
    follows soon; None where neither is so.
    """

    asked: ProposedTime
    outcome: Outcome
    free: tuple[Busy, ...] = ()
    slots: tuple[Busy, ...] = ()
    until: datetime | None = None
    held_for: str = ""


def answered(
    proposed: Sequence[ProposedTime],
    busy: Sequence[Busy],
    hours: WorkingHours,
    client_hours: WorkingHours | None,
    now: datetime,
    read_until: datetime,
    held: Sequence[Offer] = (),
) -> tuple[AnsweredTime, ...]:
    """Return what the calendar says of each proposed time; nothing of one that lies beyond `read_until`.

    `busy` are the merged busy spans, in order and in UTC; `hours` are the user's without their days off. `client_hours` are None if
    not known; offers, but not what the client proposes, keep inside them. `held` is what was offered to other clients.
    """
    lookup = _Lookup(busy, hours, client_hours, now, held)
    return tuple(lookup.answer(p) for p in proposed if (p.end or p.start) <= read_until)


@dataclass(frozen=True, slots=True)
class _Lookup:
    busy: Sequence[Busy]
    hours: WorkingHours
    client_hours: WorkingHours | None
    now: datetime
    held: Sequence[Offer]

    def answer(self, asked: ProposedTime) -> AnsweredTime:
        """Return what the calendar says of one time."""
        if (asked.end or asked.start) <= self.now:
            return AnsweredTime(asked, Outcome.PASSED)
        return self._moment(asked) if asked.end is None else self._window(asked, asked.end)

    def _moment(self, asked: ProposedTime) -> AnsweredTime:
        length = timedelta(minutes=asked.minutes) if asked.minutes else LENGTH
        start, end = asked.start, asked.start + length
        in_the_way = [b for b in self.busy if b.start < end and start < b.end]
        if business.between(self.hours, start, end) < length:
            return AnsweredTime(asked, self._why_outside(start))
        if in_the_way:
            until = in_the_way[-1].end
            return AnsweredTime(asked, Outcome.TAKEN, slots=self._later_that_day(until, length), until=until)
        other = next((o.client for o in self.held if any(s.start < end and start < s.end for s in o.slots)), "")
        if other:
            return AnsweredTime(asked, Outcome.HELD, slots=self._later_that_day(end, length), held_for=other)
        follows = next((b.start for b in self.busy if b.start >= end), None)
        soon = follows is not None and not asked.minutes and follows < start + _NEXT_WITHIN
        return AnsweredTime(asked, Outcome.FREE, slots=(Busy(start, end),), until=follows if soon else None)

    def _window(self, asked: ProposedTime, end: datetime) -> AnsweredTime:
        length = timedelta(minutes=asked.minutes) if asked.minutes else LENGTH
        start = max(asked.start, self.now)
        free = tuple(part for part in self._free(start, end) if part.end - part.start >= length)
        if free:
            return AnsweredTime(asked, Outcome.FREE, free, self._slots(start, end, length))
        if business.between(self.hours, start, end) == timedelta():
            return AnsweredTime(asked, self._why_outside(start))
        return AnsweredTime(asked, Outcome.TAKEN, slots=self._later_that_day(end, length))

    def _why_outside(self, start: datetime) -> Outcome:
        works = business.is_working_day(self.hours, business.local_date(self.hours, start))
        return Outcome.OUTSIDE if works else Outcome.OFF

    def _free(self, start: datetime, end: datetime) -> Iterator[Busy]:
        """Yield the parts of the working hours of a window that nothing takes."""
        for opens, closes in business.spans(self.hours, start, end):
            at, closes = max(opens, start), min(closes, end)  # noqa: PLW2901  # the part inside the window
            for b in self.busy:
                if b.end <= at or b.start >= closes:
                    continue
                if b.start > at:
                    yield Busy(at, b.start)
                at = max(at, b.end)
            if at < closes:
                yield Busy(at, closes)

    @property
    def _not_to_offer(self) -> tuple[Busy, ...]:
        return (*self.busy, *(slot for offer in self.held for slot in offer.slots))

    def _slots(self, start: datetime, end: datetime, length: timedelta) -> tuple[Busy, ...]:
        """Return times to offer inside a window, inside the client's hours where there are any."""
        within = free_slots(self._not_to_offer, self.hours, self.client_hours, start, end, length, _OFFERED)
        return within or free_slots(self._not_to_offer, self.hours, None, start, end, length, _OFFERED)

    def _later_that_day(self, after: datetime, length: timedelta) -> tuple[Busy, ...]:
        """Return the next free time of a day, if there is one."""
        closes = business.day_end(self.hours, business.local_date(self.hours, after))
        free = free_slots(self._not_to_offer, self.hours, self.client_hours, max(after, self.now), closes, length, 100)
        return free[:1]
