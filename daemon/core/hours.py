"""Business time: time counted only inside working hours and outside holidays, in the right zone.

All moments in and out are aware; results are UTC. `2h` counts minutes inside working hours; `1 day` is the same clock time on the
next working day; what comes outside working hours counts as coming at the next opening; clock units run day and night. Working
intervals are wall-clock intervals of the zone: on the days when the clocks change, an interval keeps its wall-clock ends and so gains
or loses an hour of real time.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from daemon.glossary.charter import Allowance, Interval, Unit, WorkingHours
from daemon.reading import TimeContext

HOUR = timedelta(hours=1)
_FIRST_DAY, _LAST_DAY = date(2, 1, 1), date(9990, 1, 1)  # absences "for ever" end in 9999; years can be counted from these
HORIZON = 366  # days without a single working minute after which counting gives up
_ALLOWANCE = re.compile(
    r"\s*(\d+)\s*(m|min|mins|minutes?|h|hours?|days?|d|clock minutes?|clock hours?|clock days?|w|weeks?|months?|years?)\s*",
    re.IGNORECASE,
)


def parse_allowance(text: str) -> Allowance:
    """Return an allowance as people write it: 2h, 90m, 1 day, 2 clock hours, 1 clock day, 6 weeks, 3 months. Raise ValueError."""
    match = _ALLOWANCE.fullmatch(text)
    if not match or int(match.group(1)) == 0:
        raise ValueError(f"“{text}” is not a duration; write for example 2h, 90m, 1 day, 2 clock hours, 6 weeks or 3 months")
    count, unit = int(match.group(1)), match.group(2).lower()
    clock, unit = unit.startswith("clock "), unit.removeprefix("clock ")
    if unit.startswith("mo"):
        return Allowance(count, Unit.MONTHS)
    if unit.startswith("y"):
        return Allowance(12 * count, Unit.MONTHS)
    if unit.startswith("w"):
        return Allowance(7 * count, Unit.CALENDAR_DAYS)
    if unit.startswith("d"):
        return Allowance(count * 1440, Unit.CLOCK_MINUTES) if clock else Allowance(count, Unit.WORKING_DAYS)
    minutes = count * (60 if unit.startswith("h") else 1)
    return Allowance(minutes, Unit.CLOCK_MINUTES if clock else Unit.BUSINESS_MINUTES)


def is_working_day(hours: WorkingHours, day: date) -> bool:
    """Whether any work is done on that date of the zone."""
    return bool(hours.week[day.weekday()]) and day not in hours.holidays


def local_date(hours: WorkingHours, at: datetime) -> date:
    """Return the date in the zone at a moment."""
    return _date_in(hours.zone, at)


@lru_cache(maxsize=32768)
def _date_in(zone: str, at: datetime) -> date:
    try:
        day = at.astimezone(_zone(zone)).date()
    except OverflowError:  # the first or the last day there is
        day = at.date()
    return min(max(day, _FIRST_DAY), _LAST_DAY)


def is_open(hours: WorkingHours, at: datetime) -> bool:
    """Whether the moment is inside working hours; an interval's end is not."""
    return any(start <= at < end for start, end in _spans(hours, local_date(hours, at)))


def next_opening(hours: WorkingHours, at: datetime) -> datetime:
    """Return the moment itself inside working hours, else the start of the next interval; the moment where there is none for a year."""
    for start, end in spans(hours, at):
        if at < end:
            return max(at, start).astimezone(UTC)
    return at.astimezone(UTC)


def day_end(hours: WorkingHours, day: date) -> datetime:
    """Return the end of that date's last interval, or of the weekday's usual one on a free date; 17:30 where there is none."""
    intervals = hours.week[day.weekday()] or next((i for i in hours.week if i), ())
    end = intervals[-1].end if intervals else time(17, 30)
    return _at(day, end, hours.zone)


def longest_day(hours: WorkingHours) -> timedelta:
    """Return the longest working time of a day of the week: what "a working day" of business time means to people."""
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    days = ((((b.hour - a.hour) * hour + (b.minute - a.minute) * minute) for a, b in day) for day in hours.week)
    return max((sum(day, timedelta()) for day in days), default=timedelta())


def clock_at(hours: WorkingHours, day: date, clock: time) -> datetime:
    """Return that clock time of that date in the zone."""
    return _at(day, clock, hours.zone)


def add(hours: WorkingHours, start: datetime, allowance: Allowance) -> datetime:
    """Return when what started at a moment has used up its allowance."""
    count, unit = allowance
    if unit is Unit.CLOCK_MINUTES:
        return start.astimezone(UTC) + timedelta(minutes=count)
    if unit is Unit.BUSINESS_MINUTES:
        return _add_business(hours, next_opening(hours, start), timedelta(minutes=count))
    if unit is Unit.WORKING_DAYS:
        return working_days_after(hours, next_opening(hours, start), count)
    local = start.astimezone(_zone(hours.zone))
    day = local.date() + timedelta(days=count) if unit is Unit.CALENDAR_DAYS else months_after(local.date(), count)
    return _at(day, local.time(), hours.zone)


@lru_cache(maxsize=16384)
def between(hours: WorkingHours, start: datetime, end: datetime) -> timedelta:
    """Return the business time between two moments; none where the end is not after the start."""
    total = timedelta()
    if end <= start:
        return total
    for opens, closes in spans(hours, start, end):
        total += max(timedelta(), min(closes, end) - max(opens, start))
    return total


def subtract(hours: WorkingHours, end: datetime, business: timedelta) -> datetime:
    """Return the latest moment from which so much business time passes until `end`."""
    left = business
    day = local_date(hours, end)
    for _ in range(HORIZON):
        for opens, closes in reversed(_spans(hours, day)):
            until = min(closes, end)
            if until > opens:
                if until - opens >= left:
                    return until - left
                left -= until - opens
        day -= timedelta(days=1)
    return (end - business).astimezone(UTC)


def working_days_after(hours: WorkingHours, at: datetime, count: int) -> datetime:
    """Return the same clock time so many working days later."""
    local = at.astimezone(_zone(hours.zone))
    return _at(nth_working_day(hours, local.date(), count), local.time(), hours.zone)


@lru_cache(maxsize=16384)
def nth_working_day(hours: WorkingHours, day: date, count: int) -> date:
    """Return the date `count` working days after `day` (before it, where negative); `day` itself for 0."""
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    for _ in range(HORIZON + 7 * left):
        if not left:
            break
        day += step
        left -= is_working_day(hours, day)
    return day


def remind_at(hours: WorkingHours, start: datetime, due: datetime) -> datetime:
    """Return when a quarter of the allowed time is left, at least one hour and at most one working day before the due time.

    The quarter and the hour count in business time, so that the reminder comes while there is still time to act.
    """
    quarter = between(hours, start, due) / 4
    earliest = working_days_after(hours, due, -1)
    return max(start.astimezone(UTC), earliest, subtract(hours, due, max(HOUR, quarter)))


def months_after(day: date, count: int) -> date:
    """Return the same day of the month so many months later, or that month's last day."""
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def frame(hours: WorkingHours) -> TimeContext:
    """Return how the reader resolves times for somebody with these hours."""
    usual = next((i for i in hours.week if i), (Interval(time(9), time(17, 30)),))
    return TimeContext(
        time_zone=hours.zone,
        day_start=usual[0].start,
        day_end=usual[-1].end,
        working_days=frozenset(n for n, i in enumerate(hours.week) if i),
        holidays=hours.holidays,
    )


def _add_business(hours: WorkingHours, start: datetime, amount: timedelta) -> datetime:
    left = amount
    for opens, closes in spans(hours, start):
        begin = max(opens, start)
        if closes > begin:
            if closes - begin >= left:
                return begin + left
            left -= closes - begin
    return (start + left).astimezone(UTC)


def spans(hours: WorkingHours, start: datetime, end: datetime | None = None) -> Iterator[tuple[datetime, datetime]]:
    """Yield working intervals in UTC from the day of `start` on, until `end` or for a year."""
    day = local_date(hours, start)
    last = local_date(hours, end) if end else day + timedelta(days=HORIZON)
    while day <= last:
        yield from _spans(hours, day)
        day += timedelta(days=1)


@lru_cache(maxsize=4096)
def _spans_of(zone: str, intervals: tuple[Interval, ...], day: date) -> tuple[tuple[datetime, datetime], ...]:
    return tuple((_at(day, i.start, zone), _at(day, i.end, zone)) for i in intervals)


def _spans(hours: WorkingHours, day: date) -> tuple[tuple[datetime, datetime], ...]:
    return () if day in hours.holidays else _spans_of(hours.zone, hours.week[day.weekday()], day)


def _at(day: date, clock: time, zone: str) -> datetime:
    if clock == time.max:
        day, clock = day + timedelta(days=1), time()
    return datetime.combine(day, clock, _zone(zone)).astimezone(UTC)


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
