"""Arithmetic on calendar days: weekdays, weeks, months, working days and Easter."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta

from daemon.reading.values import TimeContext

DAY = timedelta(days=1)
_LONGEST_BREAK = timedelta(days=14)  # without a working day
_MAX_DAYS_AHEAD = 60  # in which the next working day is looked for


def next_weekday(after: date, weekday: int) -> date:
    """Return the first day after `after` that falls on the weekday (0 is Monday)."""
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def monday_of(day: date, weeks: int = 0) -> date:
    """Return the Monday of the day's week, or of the week so many weeks later."""
    return day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)


def last_working_day(first: date, last: date, context: TimeContext) -> date:
    """Return the last working day between two days, both included, or the first day where there is none."""
    day = last
    while day > first and (day.weekday() not in context.working_days or day in context.holidays):
        day -= DAY
    return day


def working_day_before(day: date, context: TimeContext) -> date:
    """Return the last working day before this one."""
    return last_working_day(day - _LONGEST_BREAK, day - DAY, context)


def next_working_day(day: date, context: TimeContext) -> date:
    """Return the first working day after this one."""
    for _ in range(_MAX_DAYS_AHEAD):
        day += DAY
        if day.weekday() in context.working_days and day not in context.holidays:
            break
    return day


def working_days_of(days: Sequence[date], context: TimeContext) -> list[date]:
    """Return those of the days that are worked."""
    return [day for day in days if day.weekday() in context.working_days and day not in context.holidays]


def days_in_month(day: date) -> int:
    """Return the number of days of the day's month."""
    return calendar.monthrange(day.year, day.month)[1]


def month_end(day: date) -> date:
    """Return the last day of the day's month."""
    return day.replace(day=days_in_month(day))


def add_months(day: date, count: int) -> date:
    """Return the same day so many months later, or that month's last day where it is shorter."""
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def feast_day(key: str, year: int) -> date:
    """Return a feast's day: `key` is month-day for a fixed feast, days from Easter with a sign for a movable one."""
    if "-" in key[1:]:
        month, day = key.split("-")
        return date(year, int(month), int(day))
    return easter(year) + timedelta(days=int(key))


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the anonymous computus, Nature 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    length = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + length - 7 * ((a + 11 * h + 22 * length) // 451) + 114, 31)
    return date(year, month, day + 1)
