"""Phrases that name days ("next Friday", "the 3rd", "end of March"), resolved to the calendar days they mean.

Each resolver returns the days, or None where the words contradict themselves or leave them open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daemon.reading.languages.time_words import TimeWords, number_of
from daemon.reading.times.calendar_days import (
    DAY,
    add_months,
    days_in_month,
    feast_day,
    last_working_day,
    monday_of,
    month_end,
    next_weekday,
    next_working_day,
    working_day_before,
    working_days_of,
)
from daemon.reading.values import TimeContext

_WEEK = timedelta(weeks=1)
_RECENT_PAST = timedelta(days=60)  # a date without a year that lies further back is next year's
_SATURDAY = 5
# The first and last day of each part of a month; the last part ends with the month's last working day.
_MONTH_PARTS = {"early": (1, 10), "half": (1, 15), "mid": (11, 20), "late": (21, 31), "end": (21, 31)}


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a phrase names, from the first to the last."""

    first: date
    last: date
    grain: str  # day | week | month


@dataclass(frozen=True, slots=True)
class DayPhrase:
    """A phrase to be resolved: its pattern's groups, when it was written, and its language and time context."""

    groups: Mapping[str, str | None]
    written: datetime
    words: TimeWords
    context: TimeContext

    @property
    def today(self) -> date:
        """The day on which it was written."""
        return self.written.date()

    def text(self, group: str) -> str:
        """Return the words of a group, "" where it did not match."""
        return self.groups.get(group) or ""

    def month(self) -> int:
        """Return the number of the month that is named."""
        return self.words.months[self.text("month")]

    def day_number(self) -> int:
        """Return the day of the month, in digits or words."""
        day = self.text("day")
        return int(day) if day.isdigit() else self.words.numbers.get(day, 0)

    def fits_weekday(self, day: date) -> bool:
        """Tell whether the weekday named beside a date, if any, is that date's."""
        weekday = self.text("weekday")
        return not weekday or self.words.weekdays[weekday] == day.weekday()


Resolver = Callable[[DayPhrase], Days | None]


def _single(day: date) -> Days:
    return Days(day, day, "day")


def _weekday(phrase: DayPhrase) -> Days:
    """Resolve Friday, this Friday, next Friday, Friday next week, Friday week, Friday after next."""
    today, group = phrase.today, phrase.text
    weekday = phrase.words.weekdays[group("weekday") or group("a_weekday")]
    if group("next"):
        return _weekday_next_week(phrase)
    if group("week_after_next"):
        return _single(monday_of(today, 2) + timedelta(days=weekday))
    if group("after") or group("a_weekday"):
        weeks = int(number_of(group("weeks") or None, phrase.words) or 1) * (2 if group("fortnight") else 1)
        return _single(next_weekday(today, weekday) + weeks * _WEEK)
    if group("this"):
        day = monday_of(today) + timedelta(days=weekday)
        return _single(day if day >= today else day + _WEEK)
    return _single(next_weekday(today, weekday))


def _weekday_next_week(phrase: DayPhrase) -> Days:
    """Resolve a weekday of the week that begins next Monday."""
    weekday = phrase.words.weekdays[phrase.text("weekday") or phrase.text("a_weekday")]
    return _single(monday_of(phrase.today, 1) + timedelta(days=weekday))


def _date(phrase: DayPhrase) -> Days | None:
    """Resolve a day or two ("3 to 5 March") and a month, with or without a year; None where a weekday beside it does not fit."""
    month, year = phrase.month(), phrase.text("year")
    day = _in_year(phrase.day_number(), month, year, phrase.today)
    last = _in_year(int(phrase.text("to")), month, year, phrase.today) if phrase.text("to") else day
    return Days(day, last, "day") if day and last and phrase.fits_weekday(day) else None


def _in_year(day: int, month: int, year: str, today: date) -> date | None:
    """Return the date of that year; without one, of this year or, if it has long passed, of the next. None for no date."""
    try:
        if year:
            number = int(year)
            return date(number if number > 99 else 2000 + number, month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today - _RECENT_PAST else date(today.year + 1, month, day)
    except ValueError:
        return None


def _numeric(phrase: DayPhrase) -> Days | None:
    """Resolve 3/4 by the convention of the time zone: the month comes first in America, the day elsewhere."""
    a, b, zone = int(phrase.text("a")), int(phrase.text("b")), phrase.context.time_zone
    west_of_greenwich = (phrase.written.utcoffset() or timedelta()) <= timedelta()
    presumed_american = zone in {"", "UTC"} and phrase.words.month_first and west_of_greenwich
    american = zone.startswith(("America/", "US/")) or presumed_american
    month, number = (a, b) if (american and a <= 12) or b > 12 else (b, a)
    day = _in_year(number, month, phrase.text("year"), phrase.today) if month <= 12 else None
    return _single(day) if day and phrase.fits_weekday(day) else None


def _dotted(phrase: DayPhrase) -> Days | None:
    """Resolve 12.03.2026 and 12.3.: the day comes first wherever dates are written with dots."""
    day = _in_year(int(phrase.text("a")), int(phrase.text("b")), phrase.text("year"), phrase.today)
    return _single(day) if day and phrase.fits_weekday(day) else None


def _iso(phrase: DayPhrase) -> Days | None:
    """Resolve 2026-03-06 (ISO 8601)."""
    try:
        return _single(date(int(phrase.text("year")), int(phrase.text("a")), int(phrase.text("b"))))
    except ValueError:
        return None


def _ordinal(phrase: DayPhrase) -> Days | None:
    """Resolve "the 3rd": of this month, or of the next one where it has passed or the words say so."""
    number, in_next_month = phrase.day_number(), bool(phrase.text("next"))
    for ahead in range(1 if in_next_month else 0, 4):
        month = add_months(phrase.today.replace(day=1), ahead)
        if number <= days_in_month(month):
            day = month.replace(day=number)
            if day >= phrase.today or in_next_month:
                return _single(day) if phrase.fits_weekday(day) else None
    return None


def _nth_of_month(phrase: DayPhrase) -> Days | None:
    """Resolve "the second Tuesday in March", "the last Friday of this month", "the first working day of next month".

    Without a month, of this one, or of the next one where that day has passed.
    """
    starts = _months_meant(phrase)
    days = [day for start in starts if (day := _nth_in(phrase, start)) is not None]
    ahead = [day for day in days if day.last >= phrase.today]
    return next(iter(ahead or days), None)


def _months_meant(phrase: DayPhrase) -> list[date]:
    """Return the first days of the months that a phrase may mean, the likeliest first."""
    this = phrase.today.replace(day=1)
    if phrase.text("month"):
        start = _in_year(1, phrase.month(), phrase.text("year"), phrase.today)
        return [start] if start else []
    return [add_months(this, 1)] if phrase.text("next") else [this, add_months(this, 1)]


def _nth_in(phrase: DayPhrase, start: date) -> Days | None:
    """Return the nth weekday, day, working day or week of the month that begins with `start`; None where it has none."""
    unit, days = phrase.text("unit"), [start + timedelta(days=n) for n in range(days_in_month(start))]
    nth = phrase.text("nth")
    if unit and phrase.words.units[unit] == "week":
        return _nth_week(days, _position(nth, phrase.words), phrase.context)
    if phrase.text("weekday"):
        days = [day for day in days if day.weekday() == phrase.words.weekdays[phrase.text("weekday")]]
    elif phrase.text("working"):
        days = working_days_of(days, phrase.context)
    position = _position(nth, phrase.words)
    return _single(days[position]) if position is not None and -len(days) <= position < len(days) else None


def _position(nth: str, words: TimeWords) -> int | None:
    """Return the position of an ordinal in a list, -1 for the last; None for a word that is none."""
    if nth in words.last:
        return -1
    number = int(digits) if (digits := nth.rstrip("ndrsth. ")).isdigit() else words.numbers.get(nth, 0)
    return number - 1 if number else None


def _nth_week(days: list[date], position: int | None, context: TimeContext) -> Days | None:
    """Return the nth week of a month: it begins with the first Monday to Friday of it, as in "the first week of April"."""
    workdays = [day for day in days if day.weekday() < _SATURDAY]
    mondays = sorted({monday_of(day) for day in workdays})
    if position is None or not -len(mondays) <= position < len(mondays):
        return None
    week = [day for day in workdays if monday_of(day) == mondays[position]]
    return Days(week[0], last_working_day(week[0], week[-1], context), "week")


def _nth_of_week(phrase: DayPhrase) -> Days | None:
    """Resolve "the first day of next week", "the last working day of the week": a week's days are its working days."""
    monday = monday_of(phrase.today, 1 if phrase.text("next") else 0)
    days = working_days_of([monday + timedelta(days=n) for n in range(7)], phrase.context)
    position = _position(phrase.text("nth"), phrase.words)
    if position is None or not -len(days) <= position < len(days) or days[position] < phrase.today:
        return None
    return _single(days[position])


def _next_working_day(phrase: DayPhrase) -> Days:
    """Resolve "the next working day", and "the working day after next"."""
    day = next_working_day(phrase.today, phrase.context)
    return _single(next_working_day(day, phrase.context) if phrase.text("after_next") else day)


def _calendar_week(phrase: DayPhrase) -> Days | None:
    """Resolve "week 14" and "KW 14" (ISO 8601 weeks): of this year, or of the next one where it has passed."""
    for year in (phrase.today.year, phrase.today.year + 1):
        try:
            monday = date.fromisocalendar(year, int(phrase.text("n")), 1)
        except ValueError:
            return None
        if monday + 4 * DAY >= phrase.today:
            return Days(monday, last_working_day(monday, monday + 4 * DAY, phrase.context), "week")
    return None


def _week(weeks: int, first: int, last: int) -> Resolver:
    """Return a resolver of days (0 is Monday) of the week so many weeks ahead; a week that ends on Friday ends on a working day."""

    def resolve(phrase: DayPhrase) -> Days:
        today, monday = phrase.today, monday_of(phrase.today, weeks)
        start, end = monday + timedelta(days=first), monday + timedelta(days=last)
        if last == 4:
            end = last_working_day(monday, end, phrase.context)
        if end < today:
            end = today if today.weekday() >= _SATURDAY else end + _WEEK
        return Days(start if weeks else max(start, today), end, "week")

    return resolve


def _week_of(phrase: DayPhrase) -> Days | None:
    """Resolve "the week of 9 March", "the week of the 9th"."""
    day = _date(phrase) if phrase.text("month") else _ordinal(phrase)
    return Days(monday_of(day.first), monday_of(day.first) + timedelta(days=4), "week") if day else None


def _month(months: int, part: str) -> Resolver:
    """Return a resolver of a part of the month so many months ahead, or of the month after where that part has passed."""

    def resolve(phrase: DayPhrase) -> Days:
        start = add_months(phrase.today.replace(day=1), months)
        days = _part_of_month(start, part, phrase.context)
        if part == "end" and days.last < phrase.today <= month_end(start):
            return Days(phrase.today, month_end(start), "month")
        if days.last < phrase.today:
            return _part_of_month(add_months(start, 1), part, phrase.context)
        return days

    return resolve


def _named_month(phrase: DayPhrase) -> Days | None:
    """Resolve "in March", "early March", "end of March 2027"."""
    start = _in_year(1, phrase.month(), phrase.text("year"), phrase.today)
    part = next((part for part in _MONTH_PARTS if phrase.text(part)), "end")
    return _part_of_month(start, part, phrase.context) if start else None


def _part_of_month(start: date, part: str, context: TimeContext) -> Days:
    first, last = _MONTH_PARTS[part]
    end = last_working_day(start, month_end(start) if last == 31 else start.replace(day=last), context)
    return Days(start.replace(day=first), end, "month")


def _quarter_end(phrase: DayPhrase) -> Days:
    """Resolve the end of this quarter, or of the one that is named; a named one that has passed is next year's."""
    today = phrase.today
    quarter = int(phrase.text("quarter") or (today.month - 1) // 3 + 1)
    first = date(today.year + (1 if quarter * 3 < today.month else 0), quarter * 3, 1)
    return Days(first, last_working_day(first, month_end(first), phrase.context), "month")


def _year_end(phrase: DayPhrase) -> Days:
    """Resolve "by the end of the year"."""
    year = phrase.today.year
    return Days(phrase.today, last_working_day(date(year, 12, 1), date(year, 12, 31), phrase.context), "month")


def _weeks_from(phrase: DayPhrase) -> Days:
    """Resolve "a week today", "two weeks tomorrow", "a fortnight from today"."""
    weeks = int(number_of(phrase.groups["n"], phrase.words) or 1) * (2 if phrase.text("fortnight") else 1)
    return _single(phrase.today + weeks * _WEEK + (1 if phrase.text("from_tomorrow") else 0) * DAY)


def _feast(phrase: DayPhrase) -> Days | None:
    """Resolve the next Christmas, Easter, Good Friday; "before" and "by" mean the last working day before it."""
    key = phrase.words.feasts[phrase.text("feast")]
    day = next(d for year in (phrase.today.year, phrase.today.year + 1) if (d := feast_day(key, year)) >= phrase.today)
    if phrase.text("before"):
        day = working_day_before(day, phrase.context)
    return _single(day) if day >= phrase.today else None


def _next_days(phrase: DayPhrase) -> Days | None:
    """Resolve "in the next three days"; "in the next days" names no end."""
    days = number_of(phrase.text("upper") or phrase.text("n"), phrase.words) if phrase.text("n") else None
    if days and phrase.text("working"):
        day = phrase.today
        for _ in range(int(days)):
            day = next_working_day(day, phrase.context)
        return Days(phrase.today + DAY, day, "day")
    return Days(phrase.today + DAY, phrase.today + timedelta(days=int(days)), "day") if days else None


RESOLVERS: Mapping[str, Resolver] = {
    "today": lambda phrase: _single(phrase.today),
    "tomorrow": lambda phrase: _single(phrase.today + DAY),
    "day_after": lambda phrase: _single(phrase.today + 2 * DAY),
    "weekday": _weekday,
    "next_weekday": _weekday_next_week,
    "date": _date,
    "numeric": _numeric,
    "iso": _iso,
    "ordinal": _ordinal,
    "nth_of_month": _nth_of_month,
    "nth_of_week": _nth_of_week,
    "next_working_day": _next_working_day,
    "calendar_week": _calendar_week,
    "this_week": _week(0, 0, 4),
    "next_week": _week(1, 0, 4),
    "early_next_week": _week(1, 0, 1),
    "mid_next_week": _week(1, 1, 2),
    "midweek": _week(0, 1, 2),
    "week_after": _week(2, 0, 4),
    "this_month": _month(0, "end"),
    "next_month": _month(1, "end"),
    "early_this_month": _month(0, "early"),
    "early_next_month": _month(1, "early"),
    "half_this_month": _month(0, "half"),
    "half_next_month": _month(1, "half"),
    "mid_month": _month(0, "mid"),
    "mid_next_month": _month(1, "mid"),
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
