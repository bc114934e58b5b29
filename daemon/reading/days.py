"""Days, parts of the day and clock times: each resolver takes a match of its pattern and gives what is meant, or None."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from daemon.reading.types import Frame
from daemon.reading.words import Words

DAY = timedelta(days=1)
_NOON, _MORNING, _FIRST_THING, _NIGHT = time(12), time(12), time(10), time(21)


@dataclass(frozen=True, slots=True)
class Day:
    """The days a phrase names, from the first to the last."""

    first: date
    last: date
    grain: str


def count(word: str | None, words: Words) -> float | None:
    """A number in digits or words; one where none is said."""
    if word is None:
        return 1
    if word in words.numbers:
        return words.numbers[word]
    try:
        return float(word)
    except ValueError:
        return None


def _next_weekday(after: date, weekday: int) -> date:
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def _monday(day: date, weeks: int = 0) -> date:
    return day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)


def _last_working_day(first: date, last: date, frame: Frame) -> date:
    day = last
    while day > first and (day.weekday() not in frame.working_days or day in frame.holidays):
        day -= DAY
    return day


def working_day_before(day: date, frame: Frame) -> date:
    """The last working day before this one."""
    return _last_working_day(day - timedelta(days=14), day - DAY, frame)


def next_working_day(day: date, frame: Frame) -> date:
    """The first working day after this one."""
    for _ in range(60):
        day += DAY
        if day.weekday() in frame.working_days and day not in frame.holidays:
            break
    return day


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def months_on(day: date, count: int) -> date:
    """The same day so many months later, or that month's last."""
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _single(day: date) -> Day:
    return Day(day, day, "day")


def _today(_m: re.Match[str], at: datetime, _w: Words, _f: Frame) -> Day | None:
    return _single(at.date())


def _tomorrow(_m: re.Match[str], at: datetime, _w: Words, _f: Frame) -> Day | None:
    return _single(at.date() + DAY)


def _day_after(_m: re.Match[str], at: datetime, _w: Words, _f: Frame) -> Day | None:
    return _single(at.date() + 2 * DAY)


def _weekday(m: re.Match[str], at: datetime, words: Words, _f: Frame) -> Day | None:
    """Friday, this Friday, next Friday, Friday next week, Friday week, Friday after next; with a date beside it they must agree."""
    how, today = m.groupdict(), at.date()
    weekday = words.weekdays[m["weekday"] or how["a_weekday"]]
    if how.get("next"):
        return _single(_monday(today, 1) + timedelta(days=weekday))
    if how.get("after") or how.get("a_weekday"):
        return _single(_next_weekday(today, weekday) + timedelta(weeks=2 if (how.get("weeks") or "") in _TWO else 1))
    if how.get("this"):
        day = _monday(today) + timedelta(days=weekday)
        return _single(day if day >= today else day + timedelta(weeks=1))
    return _single(_next_weekday(today, weekday))


_TWO = frozenset(("two", "2", "zwei"))


def _date(m: re.Match[str], at: datetime, words: Words, _f: Frame) -> Day | None:
    """A day and a month, with or without a year; a weekday beside it that does not fit makes it say nothing."""
    groups = m.groupdict()
    month = words.months[groups["month"]]
    number = int(groups["day"]) if groups["day"].isdigit() else words.numbers.get(groups["day"], 0)
    day = _in_year(number, month, groups.get("year"), at.date())
    last = _in_year(int(groups["to"]), month, groups.get("year"), at.date()) if groups.get("to") else day
    weekday = groups.get("weekday")
    if day is None or last is None or (weekday and words.weekdays[weekday] != day.weekday()):
        return None
    return Day(day, last, "day")


def _in_year(day: int, month: int, year: str | None, today: date) -> date | None:
    try:
        if year:
            number = int(year)
            return date(number if number > 99 else 2000 + number, month, day)
        found = date(today.year, month, day)
        return found if found >= today - timedelta(days=60) else date(today.year + 1, month, day)
    except ValueError:
        return None


def _numeric(m: re.Match[str], at: datetime, words: Words, frame: Frame) -> Day | None:
    """3/4 by the convention of the zone: month first in America, day first elsewhere; 2026-03-06 is ISO 8601."""
    a, b, year = int(m["a"]), int(m["b"]), m["year"]
    weekday = m.groupdict().get("weekday")
    unsaid = frame.time_zone in {"", "UTC"} and words.month_first and (at.utcoffset() or timedelta()) <= timedelta()
    american = frame.time_zone.startswith(("America/", "US/")) or unsaid
    month, day = (a, b) if (american and a <= 12) or b > 12 else (b, a)
    if month > 12:
        return None
    found = _in_year(day, month, year, at.date())
    return _single(found) if found and (not weekday or words.weekdays[weekday] == found.weekday()) else None


def _dotted(m: re.Match[str], at: datetime, words: Words, _f: Frame) -> Day | None:
    """12.03.2026 and 12.3.: the day first, as everywhere where dots are written."""
    found = _in_year(int(m["a"]), int(m["b"]), m["year"], at.date())
    weekday = m.groupdict().get("weekday")
    return _single(found) if found and (not weekday or words.weekdays[weekday] == found.weekday()) else None


def _iso(m: re.Match[str], _at: datetime, _w: Words, _f: Frame) -> Day | None:
    try:
        return _single(date(int(m["year"]), int(m["a"]), int(m["b"])))
    except ValueError:
        return None


def _ordinal(m: re.Match[str], at: datetime, words: Words, _f: Frame) -> Day | None:
    """The 3rd: of this month, or of the next where it has passed; of next month where the words say so."""
    number = int(m["day"]) if m["day"].isdigit() else words.numbers.get(m["day"], 0)
    today, groups = at.date(), m.groupdict()
    for ahead in range(1 if groups.get("next") else 0, 4):
        month = months_on(today.replace(day=1), ahead)
        if number <= calendar.monthrange(month.year, month.month)[1]:
            day = month.replace(day=number)
            if day >= today or groups.get("next"):
                weekday = groups.get("weekday")
                if weekday and words.weekdays[weekday] != day.weekday():
                    return None
                return _single(day)
    return None


def _nth_weekday(m: re.Match[str], at: datetime, words: Words, _f: Frame) -> Day | None:
    month, weekday, nth = words.months[m["month"]], words.weekdays[m["weekday"]], m["nth"]
    start = _in_year(1, month, None, at.date())
    if start is None:
        return None
    if start.month == at.month and start.year < at.year:
        return None
    days = [d for n in range(calendar.monthrange(start.year, month)[1]) if (d := start + timedelta(days=n)).weekday() == weekday]
    place = -1 if nth == "last" else words.numbers.get(nth, 1) - 1
    return _single(days[place]) if place < len(days) else None


def _week(weeks: int, first: int, last: int) -> Callable[[re.Match[str], datetime, Words, Frame], Day | None]:
    def resolve(_m: re.Match[str], at: datetime, _w: Words, frame: Frame) -> Day | None:
        monday = _monday(at.date(), weeks)
        end = _last_working_day(monday, monday + timedelta(days=last), frame) if last == 4 else monday + timedelta(days=last)
        if end < at.date():
            end = at.date() if at.weekday() >= 5 else end + timedelta(weeks=1)
        return Day(max(monday + timedelta(days=first), at.date()) if not weeks else monday + timedelta(days=first), end, "week")

    return resolve


def _week_of(m: re.Match[str], at: datetime, words: Words, frame: Frame) -> Day | None:
    day = _date(m, at, words, frame) if m.groupdict().get("month") else _ordinal(m, at, words, frame)
    return Day(_monday(day.first), _monday(day.first) + timedelta(days=4), "week") if day else None


def _month(months: int, part: str) -> Callable[[re.Match[str], datetime, Words, Frame], Day | None]:
    def resolve(_m: re.Match[str], at: datetime, _w: Words, frame: Frame) -> Day | None:
        return _part_of_month(months_on(at.date().replace(day=1), months), part, frame)

    return resolve


def _named_month(m: re.Match[str], at: datetime, words: Words, frame: Frame) -> Day | None:
    start = _in_year(1, words.months[m["month"]], m.groupdict().get("year"), at.date())
    if start is None:
        return None
    part = next((p for p in ("early", "mid", "late", "end") if m.groupdict().get(p)), "end")
    return _part_of_month(start, part, frame)


def _part_of_month(start: date, part: str, frame: Frame) -> Day:
    spans = {"early": (1, 10), "mid": (11, 20), "late": (21, 31), "end": (21, 31)}
    first, last = spans[part]
    end = _month_end(start)
    last_day = _last_working_day(start, end, frame) if last == 31 else start.replace(day=last)
    return Day(start.replace(day=first), last_day, "month")


def _quarter_end(m: re.Match[str], at: datetime, _w: Words, frame: Frame) -> Day | None:
    """The end of this quarter, or of the one named; a named one that has passed is next year's."""
    named = m.groupdict().get("quarter")
    quarter = int(named) if named else (at.month - 1) // 3 + 1
    year = at.year + (1 if quarter * 3 < at.month else 0)
    first = date(year, quarter * 3, 1)
    return Day(first, _last_working_day(first, _month_end(first), frame), "month")


def _year_end(_m: re.Match[str], at: datetime, _w: Words, frame: Frame) -> Day | None:
    return Day(at.date(), _last_working_day(date(at.year, 12, 1), date(at.year, 12, 31), frame), "month")


def _weeks_from(m: re.Match[str], at: datetime, words: Words, _f: Frame) -> Day | None:
    """A week today, two weeks tomorrow, a fortnight from today."""
    weeks = int(count(m["n"], words) or 1) * (2 if m.groupdict().get("fortnight") else 1)
    return _single(at.date() + weeks * 7 * DAY + (DAY if m.groupdict().get("from_tomorrow") else 0 * DAY))


def _feast(m: re.Match[str], at: datetime, words: Words, frame: Frame) -> Day | None:
    """Christmas, Easter, Good Friday: the next one; before and by it means the last working day ahead of it."""
    key = words.feasts[m["feast"]]
    day = next(d for year in (at.year, at.year + 1) if (d := _feast_day(key, year)) >= at.date())
    if m.groupdict().get("before"):
        day = working_day_before(day, frame)
    return _single(day) if day >= at.date() else None


def _feast_day(key: str, year: int) -> date:
    """A fixed feast as month-day, a movable one as days from Easter."""
    if "-" in key[1:]:
        month, day = key.split("-")
        return date(year, int(month), int(day))
    return _easter(year) + timedelta(days=int(key))


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus, Nature 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    length = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + length - 7 * ((a + 11 * h + 22 * length) // 451) + 114, 31)
    return date(year, month, day + 1)


def _next_days(m: re.Match[str], at: datetime, words: Words, _f: Frame) -> Day | None:
    days = count(m["n"], words) if m["n"] else None  # "in the next days" names no end
    return Day(at.date() + DAY, at.date() + timedelta(days=int(days)), "day") if days else None


DAYS: Mapping[str, Callable[[re.Match[str], datetime, Words, Frame], Day | None]] = {
    "today": _today,
    "tomorrow": _tomorrow,
    "day_after": _day_after,
    "weekday": _weekday,
    "next_weekday": lambda m, at, words, _f: _single(_monday(at.date(), 1) + timedelta(days=words.weekdays[m["weekday"]])),
    "date": _date,
    "numeric": _numeric,
    "iso": _iso,
    "ordinal": _ordinal,
    "nth_weekday": _nth_weekday,
    "this_week": _week(0, 0, 4),
    "next_week": _week(1, 0, 4),
    "early_next_week": _week(1, 0, 1),
    "mid_next_week": _week(1, 1, 2),
    "early_this_week": _week(0, 0, 1),
    "week_after": _week(2, 0, 4),
    "this_month": _month(0, "end"),
    "next_month": _month(1, "end"),
    "mid_month": _month(0, "mid"),
    "named_month": _named_month,
    "year_end": _year_end,
    "quarter_end": _quarter_end,
    "dotted": _dotted,
    "next_days": _next_days,
    "week_of": _week_of,
    "week_of_day": _week_of,
    "weeks_from": _weeks_from,
    "feast": _feast,
    "this_weekend": _week(0, 5, 6),
}

PARTS: Mapping[str, Callable[[Frame], tuple[time, time]]] = {
    "morning": lambda f: (f.day_start, _MORNING),
    "early_morning": lambda f: (f.day_start, min(f.day_start, time(9))),
    "first_thing": lambda f: (f.day_start, _FIRST_THING),
    "lunch": lambda _f: (_NOON, time(13)),
    "coming_morning": lambda f: (f.day_start, _MORNING),
    "after_lunch": lambda f: (time(13), min(f.day_end, time(17))),
    "noon": lambda _f: (_NOON, _NOON),
    "afternoon": lambda f: (_NOON, f.day_end),
    "end_of_day": lambda f: (f.day_start, f.day_end),
    "evening": lambda _f: (time(18), _NIGHT),
    "night": lambda _f: (time(18), _NIGHT),
    "late_night": lambda _f: (_NIGHT, time(23)),
    "midnight": lambda _f: (time(18), time(23, 59)),
}


# --- clock times ----------------------------------------------------------------------------------------------------


def _digital(m: re.Match[str], words: Words) -> tuple[time, bool] | None:
    groups = m.groupdict()
    said = groups["hour"] or groups["hour2"]
    hour, minute = int(said) if said.isdigit() else words.numbers[said], int(groups.get("minute") or 0)
    half = (groups.get("half") or "").replace(".", "")
    if half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        return None
    return time(hour, minute), bool(half) or hour >= 12


def _spoken(m: re.Match[str], words: Words) -> tuple[time, bool] | None:
    """As in half past three, quarter to four, 20 minutes to 2pm, half three."""
    groups = m.groupdict()
    hour = int(groups["hour"]) if groups["hour"].isdigit() else words.numbers.get(groups["hour"], 0)
    share = groups["share"]
    minutes = {"half": 30, "quarter": 15, "a quarter": 15}.get(share) or int(
        float(share) if share.isdigit() else words.numbers.get(share, 0)
    )
    if not 1 <= hour <= 23:
        return None
    half = (groups.get("half") or "").replace(".", "")
    hour += 12 if half.startswith("p") and hour < 12 else 0
    moment = datetime(2000, 1, 2, hour, tzinfo=UTC) + timedelta(minutes=-minutes if groups.get("to") else minutes)
    return moment.time(), bool(half)


def _half_before(m: re.Match[str], words: Words) -> tuple[time, bool] | None:
    """German halb vier, Viertel vor vier: before the hour that is named."""
    hour = int(m["hour"]) if m["hour"].isdigit() else words.numbers.get(m["hour"], 0)
    minutes = {"halb": -30, "viertel vor": -15, "viertel nach": 15}[m["share"]]
    if not 1 <= hour <= 23:
        return None
    return (datetime(2000, 1, 2, hour, tzinfo=UTC) + timedelta(minutes=minutes)).time(), False


CLOCKS: Mapping[str, Callable[[re.Match[str], Words], tuple[time, bool] | None]] = {
    "digital": _digital,
    "worded": _digital,
    "spoken": _spoken,
    "half_before": _half_before,
}
