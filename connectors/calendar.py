"""Calendars as values: occurrences of events, busy times and invites. Frozen, standard library only.

A recurring event reaches us as its occurrences inside the window that was asked for; nobody outside the connectors
expands a rule. Times are aware; an all-day event runs from midnight to midnight in the calendar's zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


class Attendee(NamedTuple):
    """Someone invited (RFC 5545, ATTENDEE). `answer` is PARTSTAT in lower case: needs-action, accepted, declined, tentative."""

    email: str
    name: str = ""
    answer: str = "needs-action"


@dataclass(frozen=True, slots=True)
class Event:
    """One occurrence. `occurrence` is RECURRENCE-ID as ISO text for an instance of a series, else empty.

    `status` is confirmed, tentative or cancelled. `busy` is False where the event leaves its owner free (TRANSP).
    `private` events carry no words: they are busy, and nothing else is read of them. `created` is when the event was
    first known to anyone (CREATED, else DTSTAMP), None where the file does not say.
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
        """Whether any of it lies in the window; what has no length, where it begins."""
        return self.start < window.end and (self.end > window.start or self.start >= window.start)


class Busy(NamedTuple):
    """A span in which somebody cannot be booked."""

    start: datetime
    end: datetime


class Window(NamedTuple):
    """The span of time that a calendar is read for."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class CalendarBatch:
    """A step of reading a calendar. Every occurrence of each uid in `events` or `gone` that was known before is replaced.

    With `whole` the batch is the entire calendar within the window: a uid that is not in it is gone. `unreadable` names
    resources that could not be read, with the reason. `cursor` holds once the batch is stored.
    """

    events: tuple[Event, ...]
    cursor: str
    removed: tuple[str, ...] = ()
    snapshot: bool = False
    unreadable: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Invite:
    """A meeting of ours, to be booked, moved or cancelled. `uid` derives from the action's key, so it is booked once."""

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
