"""Choices of which phrases that name a time are made: a moment of writing, and what is drawn for a phrase written then."""

from __future__ import annotations

import calendar
import random
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

END_OF_DAY = time(17, 30)
ZONES = (
    "Europe/London", "Europe/Berlin", "Europe/Lisbon", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo", "Asia/Kolkata",
    "Asia/Tokyo", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland", "Africa/Cairo", "UTC",
)  # fmt: skip
# Days before, of and after a change of the clocks, a month's, a year's and a leap February's end.
HARD_DAYS = (
    date(2024, 2, 28), date(2024, 2, 29), date(2024, 12, 31), date(2025, 1, 1), date(2025, 3, 8), date(2025, 3, 9), date(2025, 3, 29),
    date(2025, 3, 30), date(2025, 4, 6), date(2025, 10, 4), date(2025, 10, 25), date(2025, 10, 26), date(2025, 11, 1), date(2025, 11, 2),
    date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 30), date(2027, 12, 30),
)  # fmt: skip


class Meaning(NamedTuple):
    """Words, and what they mean: a day and hours on the writer's wall clock, or a span from the moment of writing."""

    words: str
    day: date | None = None
    at: time = END_OF_DAY
    after: timedelta | None = None


class Names(NamedTuple):
    """A language's words for what the choices name."""

    weekdays: tuple[tuple[str, ...], ...]
    months: tuple[tuple[str, ...], ...]
    by: tuple[str, ...]


ENGLISH = Names(
    tuple(
        tuple(names.split())
        for names in ("Monday Mon mon", "Tuesday Tue Tues", "Wednesday Wed Weds weds", "Thursday Thu thur Thurs", "Friday Fri fri", "Saturday", "Sunday")
    ),
    tuple((name, name[:3]) for name in calendar.month_name[1:]),
    ("by", "on", "until", "no later than", "on or before", "not later than", "by no later than", "at the latest on", ""),
)  # fmt: skip
GERMAN = Names(
    tuple((name,) for name in "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split()),
    tuple((name,) for name in "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()),
    ("bis", "am", "spätestens am", "bis spätestens", "noch am", ""),
)


class Choice:
    """One set of choices: a moment of writing, and what is drawn for a phrase written then."""

    def __init__(self, rng: random.Random, names: Names) -> None:
        self.rng, self.names = rng, names
        self.zone = rng.choice(ZONES)
        day = rng.choice(HARD_DAYS) if rng.random() < 0.4 else date(2024, 1, 1) + timedelta(days=rng.randrange(1500))
        wall = datetime.combine(
            day, time(rng.choice((7, 8, 9, 10, 11, 12, 13, 14, 15, 16)), rng.randrange(60)), ZoneInfo(self.zone)
        )
        self.written, self.today = wall, day

    def weekday(self) -> tuple[int, str]:
        number = self.rng.randrange(7)
        return number, self.rng.choice(self.names.weekdays[number])

    def by(self) -> str:
        return self.rng.choice(self.names.by)

    def coming(self, weekday: int) -> date:
        return next(d for n in range(1, 8) if (d := self.today + timedelta(days=n)).weekday() == weekday)

    def in_week(self, ahead: int, weekday: int) -> date:
        monday = self.today - timedelta(days=self.today.weekday())
        return monday + timedelta(days=7 * ahead + weekday)


def workday_until(day: date) -> date:
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def month_after(day: date, ahead: int) -> date:
    months = day.year * 12 + day.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)


def last_of_month(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def ordinal(number: int) -> str:
    ending = "th" if 11 <= number <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
