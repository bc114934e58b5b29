"""The charter: the standards agreed with a client, each with its allowance, and the working hours in which it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import NamedTuple


class Unit(StrEnum):
    """The units of an allowance."""

    BUSINESS_MINUTES = "business minutes"  # inside working hours of working days
    WORKING_DAYS = "working days"  # the same clock time, so many working days on
    CLOCK_MINUTES = "clock minutes"
    CALENDAR_DAYS = "calendar days"
    MONTHS = "months"


class Allowance(NamedTuple):
    """How long something may take: `count` of `unit`."""

    count: int  # type: ignore[assignment]  # hides tuple.count, which an allowance does not need
    unit: Unit


class Interval(NamedTuple):
    """A working interval of one day, wall-clock times in the account's zone; `end` may be midnight as time.max."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Somebody's working hours: intervals for each weekday (Monday is 0), their IANA time zone, and holidays."""

    zone: str
    week: tuple[tuple[Interval, ...], ...]  # seven entries, Monday first
    holidays: frozenset[date] = frozenset()


class Period(StrEnum):
    """How often a deliverable is due."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Deliverable:
    """Something that comes regularly: a daily report, an invoice by the 5th.

    `day` is the weekday of a weekly one (Monday is 0) and the day of the month of a monthly one; `by` is the clock time in the
    account's zone, None for the end of that working day. A sent mail counts as the deliverable if all given patterns (shell
    style, ignoring case) match its subject, an attachment's name and a recipient.
    """

    name: str
    every: Period
    day: int = 0
    by: time | None = None
    subject: str | None = None
    attachment: str | None = None
    recipient: str | None = None


_QUARTER, _WEEK = Allowance(3, Unit.MONTHS), Allowance(5, Unit.WORKING_DAYS)


@dataclass(frozen=True, slots=True)
class Redress:
    """When a recovery is due: after `infractions` `within` a time, or a single grave one; and when trust is restored.

    An infraction is grave if the obligation ended `grave` or more after its due time, or never although the client asked again. Trust
    is restored after `trust` obligations kept in a row since the recovery. With `book` Kept invites the client to the meeting itself.
    """

    infractions: int = 3
    within: Allowance = _QUARTER
    grave: Allowance | None = _WEEK
    trust: int = 10
    book: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a version of a charter came about: what the client asked for in their words (standard -> words), who agreed, notes."""

    asked: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    next_review: date | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Charter:
    """One version of the standards agreed with a client: a standard's name (reply, call_back, promise, ...) -> allowance.

    It is in force from `start` on (None: from the beginning) until the next version; history is judged by the version of its
    time. A standard mapped to None is switched off. What happened before `since` appears only in the look-back: it
    causes no reminder and is no infraction. With `away_shifts` the account's days off do not count as working days.
    """

    standards: Mapping[str, Allowance | None] = field(default_factory=dict)
    since: datetime | None = None
    start: datetime | None = None
    deliverables: tuple[Deliverable, ...] = ()
    redress: Redress | None = Redress()
    away_shifts: bool = False
    agreement: Agreement | None = None
