"""Calendars as values: occurrences of events, busy times and how they merge, and invites. Frozen, standard library only.

A recurring event is given as its occurrences inside the window that was asked for; nobody outside the connectors
expands a recurrence rule. Times are aware; an all-day event runs from midnight to midnight in the calendar's zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


class Attendee(NamedTuple):
    """A person who is invited (RFC 5545, ATTENDEE). `answer` is PARTSTAT in lower case: needs-action, accepted, declined or tentative."""

    email: str
    name: str = ""
    answer: str = "needs-action"


@dataclass(frozen=True, slots=True)
class Event:
    """One occurrence. `occurrence` is RECURRENCE-ID as ISO text for an instance of a series, else empty.

    `status` is confirmed, tentative or cancelled. `busy` is False where the event leaves its owner free (TRANSP).
    A `private` event has its times, and neither summary, description, location nor people. `created` is when it was created
    (CREATED, else DTSTAMP), None where the calendar does not say.
    """

    uid: str
    start: datetime
    end: datetime
    summary: str = ""
    description: str = ""
    location: str = ""
    organizer: str | None = None
    attendees: tuple[Attendee, ...] = ()
    status: str = "confirmed"
    busy: bool = True
    private: bool = False
    all_day: bool = False
    occurrence: str = ""
    sequence: int = 0
    created: datetime | None = None
    modified: datetime | None = None

    def overlaps(self, window: Window) -> bool:
        """Return whether any part of the event is in the window; one without duration counts where it starts."""
        return self.start < window.end and (self.end > window.start or self.start >= window.start)


class Busy(NamedTuple):
    """A span of time in which a person cannot be booked."""

    start: datetime
    end: datetime


class Window(NamedTuple):
    """The span of time that a calendar is read for."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class CalendarBatch:
    """One step of a poll of a calendar.

    The occurrences in `events` replace all stored ones of the same uid; the uids in `removed` have none left in the window.
    A `snapshot` is the entire calendar within the window: a uid missing from it is removed. `unreadable` holds (name, reason) of
    resources that could not be read. `cursor` counts once the batch is stored.
    """

    events: tuple[Event, ...]
    cursor: str
    removed: tuple[str, ...] = ()
    snapshot: bool = False
    unreadable: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Invite:
    """A meeting to book, move or cancel. `uid` is derived from the action's key, so that it is booked only once."""

    uid: str
    start: datetime
    end: datetime
    summary: str
    description: str
    organizer: str
    organizer_name: str
    attendees: tuple[Attendee, ...]
    stamp: datetime  # DTSTAMP: the moment this version was made
    time_zone: str = "UTC"
    location: str = ""
    sequence: int = 0
    cancelled: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)  # X- properties that mark it as ours


def busy_times(events: Iterable[Event], window: Window) -> tuple[Busy, ...]:
    """Return the busy spans of these events inside the window, merged and in order."""
    return merge_spans((Busy(e.start, e.end) for e in events if e.busy and e.status != "cancelled"), window)


def merge_spans(spans: Iterable[Busy], window: Window) -> tuple[Busy, ...]:
    """Return the parts of the spans inside the window, in order of start, merged where they touch or overlap."""
    inside = (Busy(max(span.start, window.start), min(span.end, window.end)) for span in spans)
    joined: list[Busy] = []
    for span in sorted(span for span in inside if span.start < span.end):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Busy(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)
