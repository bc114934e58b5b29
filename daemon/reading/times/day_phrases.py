"""Phrases that name days ("next Friday", "the 3rd", "end of March"), resolved to the calendar days they mean.

Each resolver returns the days, or None where the words contradict themselves or leave them open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daemon.reading.languages.time_words import TimeWords
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
from daemon.reading.times.tokens import Token
from daemon.reading.values import TimeContext

_WEEK = timedelta(weeks=1)
_RECENT_PAST = timedelta(days=60)  # a date without a year that lies further back is next year's
_SATURDAY = 5
_AHEAD = {"this": 0, "next": 1, "coming": 1, "overnext": 2}  # weeks or months, by the class of the word
# The first and last day of each part of a week (0 is Monday) and of a month; the last part ends with the last working day.
_WEEK_PARTS = {"early": (0, 1), "first_half": (1, 2), "mid": (1, 2), "late": (0, 4), "end": (0, 4), "weekend": (5, 6), "": (0, 4)}
_MONTH_PARTS = {"early": (1, 10), "first_half": (1, 15), "mid": (11, 20), "late": (21, 31), "end": (21, 31), "": (21, 31)}


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a phrase names, from the first to the last."""

    first: date
    last: date
    grain: str  # day | week | month
    before: date | None = None  # the day that "before" such a week or month ends with; None where its end is named


@dataclass(frozen=True, slots=True)
class DayPhrase:
    """A phrase to be resolved: its tokens by name, when it was written, and its language and time context."""

    groups: Mapping[str, Token | None]
    written: datetime
    words: TimeWords
    context: TimeContext

    @property
    def today(self) -> date:
        """The day on which it was written."""
        return self.written.date()

    def number(self, name: str, otherwise: int = 0) -> int:
        """Return the number that a token stands for."""
        token = self.groups.get(name)
        if token is None:
            return otherwise
        value = token.value[0] if isinstance(token.value, tuple) else token.value
        return int(value)

    def kind(self, name: str) -> str:
        """Return the class of a token, "" where there is none."""
        token = self.groups.get(name)
        return token.kind if token else ""

    def numbers(self, name: str) -> tuple[int, ...]:
        """Return the numbers of a date in digits."""
        token = self.groups[name]
        return token.value if token and isinstance(token.value, tuple) else ()

    def year(self) -> int | None:
        """Return the year that is named, or None."""
        return self.number("year") if self.kind("year") else None

    def ahead(self) -> int:
        """Return how many weeks or months ahead "this" (0), "next" (1) and the like mean; 0 where nothing is said."""
        return _AHEAD.get(self.kind("rel"), 0)

    def fits_weekday(self, day: date) -> bool:
        """Tell whether the weekday named beside a date, if any, is that date's."""
        return not self.kind("weekday") or self.number("weekday") == day.weekday()

    def checked(self, day: date | None) -> Days | None:
        """Return the day, or None where it is no day or the weekday beside it is another."""
        return _single(day) if day and self.fits_weekday(day) else None


Resolver = Callable[[DayPhrase], Days | None]


def _single(day: date) -> Days:
    return Days(day, day, "day")


def _weekday(phrase: DayPhrase) -> Days | None:
    """Resolve Friday, this Friday, next Friday, Friday next week, Friday week, a week on Friday, Friday after next."""
    today, weekday, rel = phrase.today, phrase.number("weekday"), phrase.kind("rel")
    if rel:
        day = monday_of(today, phrase.ahead()) + timedelta(days=weekday)
        return _single(day + _WEEK if rel == "this" and day < today else day)
    weeks = _weeks(phrase) if phrase.kind("unit") else 1 if phrase.kind("after_next") else 0
    return None if weeks is None else _single(next_weekday(today, weekday) + weeks * _WEEK)


def _weekday_from_now(phrase: DayPhrase) -> Days:
    """Resolve "Monday two weeks from now": the Monday of the week that is so many weeks ahead."""
    return _single(monday_of(phrase.today, phrase.number("n")) + timedelta(days=phrase.number("weekday")))


def _weeks(phrase: DayPhrase) -> int | None:
    """Return a number of weeks: "two weeks" 2, "a fortnight" 2, "acht Tage" 1, "vierzehn Tage" 2."""
    number = phrase.number("n", 1)
    if phrase.kind("unit") in {"day", "days"}:
        return {8: 1, 14: 2}.get(number)
    return number * (2 if phrase.kind("unit") == "fortnight" else 1)


def _weeks_from(phrase: DayPhrase) -> Days | None:
    """Resolve "a week today", "two weeks tomorrow", "a fortnight from today"."""
    weeks = _weeks(phrase)
    return None if weeks is None else _single(phrase.today + weeks * _WEEK + phrase.number("near") * DAY)


def _date(phrase: DayPhrase) -> Days | None:
    """Resolve a day or two ("3 to 5 March") and a month, with or without a year; None where a weekday beside it does not fit."""
    month, year = phrase.number("month"), phrase.year()
    day = _in_year(phrase.number("day"), month, year, phrase.today)
    last = _in_year(phrase.number("to"), month, year, phrase.today) if phrase.kind("to") else day
    return Days(day, last, "day") if day and last and phrase.fits_weekday(day) else None


def _in_year(day: int, month: int, year: int | None, today: date) -> date | None:
    """Return the date of that year; without one, of this year or, if it has long passed, of the next. None for no date."""
    try:
        if year is not None:
            return date(year if year > 99 else 2000 + year, month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today - _RECENT_PAST else date(today.year + 1, month, day)
    except ValueError:
        return None


def _numeric(phrase: DayPhrase) -> Days | None:
    """Resolve 3/4 by the convention of the time zone: the month comes first in America, the day elsewhere, and always before dots."""
    dotted, zone = phrase.kind("dotted"), phrase.context.time_zone
    a, b, *years = phrase.numbers("dotted" if dotted else "slash")
    west_of_greenwich = (phrase.written.utcoffset() or timedelta()) <= timedelta()
    presumed_american = zone in {"", "UTC"} and phrase.words.month_first and west_of_greenwich
    american = not dotted and (zone.startswith(("America/", "US/")) or presumed_american)
    month, number = (a, b) if (american and a <= 12) or (b > 12 and not dotted) else (b, a)
    return phrase.checked(_in_year(number, month, years[0] if years else None, phrase.today)) if month <= 12 else None


def _iso(phrase: DayPhrase) -> Days | None:
    """Resolve 2026-03-06 (ISO 8601)."""
    year, month, day = phrase.numbers("iso")
    return phrase.checked(_in_year(day, month, year, phrase.today))


def _ordinal(phrase: DayPhrase) -> Days | None:
    """Resolve "the 3rd": of this month, or of the next one where it has passed or the words say so."""
    number = phrase.number("day")
    for ahead in range(phrase.ahead(), 4):
        month = add_months(phrase.today.replace(day=1), ahead)
        if 1 <= number <= days_in_month(month):
            day = month.replace(day=number)
            if day >= phrase.today or phrase.ahead():
                last = day + (phrase.number("to", number) - number) * DAY
                return Days(day, last, "day") if last >= day and phrase.fits_weekday(day) else None
    return None


def _week_of(phrase: DayPhrase) -> Days | None:
    """Resolve "the week of 9 March", "w/c 9th", "w/c 9/3"."""
    day = _date(phrase) if phrase.kind("month") else _ordinal(phrase) if phrase.kind("day") else _numeric(phrase)
    return _working_week(monday_of(day.first), phrase.context) if day else None


def _working_week(monday: date, context: TimeContext) -> Days:
    return Days(monday, last_working_day(monday, monday + 4 * DAY, context), "week", working_day_before(monday, context))


def _nth_of_month(phrase: DayPhrase) -> Days | None:
    """Resolve "the second Tuesday in March", "the last Friday of this month", "the first working day of next month".

    Without a month, of this one, or of the next one where that day has passed.
    """
    days = [day for start in _months_meant(phrase) if (day := _nth_in(phrase, start)) is not None]
    ahead = [day for day in days if day.last >= phrase.today]
    return next(iter(ahead or days), None)


def _months_meant(phrase: DayPhrase) -> list[date]:
    """Return the first days of the months that a phrase may mean, the likeliest first."""
    this = phrase.today.replace(day=1)
    if phrase.kind("month"):
        start = _in_year(1, phrase.number("month"), phrase.year(), phrase.today)
        return [start] if start else []
    return [add_months(this, 1)] if phrase.ahead() else [this, add_months(this, 1)]


def _nth_in(phrase: DayPhrase, start: date) -> Days | None:
    """Return the nth weekday, day, working day or week of the month that begins with `start`; None where it has none."""
    days = [start + timedelta(days=n) for n in range(days_in_month(start))]
    if phrase.kind("unit") == "week":
        return _nth_week(days, phrase)
    if phrase.kind("weekday"):
        days = [day for day in days if phrase.fits_weekday(day)]
    elif phrase.kind("working"):
        days = working_days_of(days, phrase.context)
    day = _nth(days, phrase)
    return _single(day) if day else None


def _nth(days: list[date], phrase: DayPhrase) -> date | None:
    """Return the nth of the days, -1 for the last; None where there are not so many."""
    number = phrase.number("nth")
    return days[number if number < 0 else number - 1] if number and abs(number) <= len(days) else None


def _nth_week(days: list[date], phrase: DayPhrase) -> Days | None:
    """Return the nth week of a month: it begins with the first Monday to Friday of it, as in "the first week of April"."""
    workdays = [day for day in days if day.weekday() < _SATURDAY]
    monday = _nth(sorted({monday_of(day) for day in workdays}), phrase)
    week = [day for day in workdays if monday_of(day) == monday]
    return Days(week[0], last_working_day(week[0], week[-1], phrase.context), "week") if week else None


def _nth_of_week(phrase: DayPhrase) -> Days | None:
    """Resolve "the first day of next week", "the last working day of the week": a week's days are its working days."""
    monday = monday_of(phrase.today, phrase.ahead())
    day = _nth(working_days_of([monday + timedelta(days=n) for n in range(7)], phrase.context), phrase)
    return _single(day) if day and day >= phrase.today else None


def _next_working_day(phrase: DayPhrase) -> Days:
    """Resolve "the next working day", and "the working day after next"."""
    day = next_working_day(phrase.today, phrase.context)
    return _single(next_working_day(day, phrase.context) if phrase.kind("skip") else day)


def _calendar_week(phrase: DayPhrase) -> Days | None:
    """Resolve "week 14" and "KW 14" (ISO 8601 weeks): of this year, or of the next one where it has passed."""
    for year in (phrase.today.year, phrase.today.year + 1):
        try:
            monday = date.fromisocalendar(year, phrase.number("n"), 1)
        except ValueError:
            return None
        if monday + 4 * DAY >= phrase.today:
            return _working_week(monday, phrase.context)
    return None


def _period(phrase: DayPhrase) -> Days | None:
    """Resolve a week, month, quarter or year or a part of it: "this week", "early next month", "the end of the year"."""
    unit, part = phrase.kind("unit") or "week", phrase.kind("edge") or phrase.kind("days")
    if unit in {"week", "weekend"}:
        return _week(phrase, phrase.ahead(), *_WEEK_PARTS[part], named=not part or part == "early")
    if unit == "month_unit":
        return _month(phrase, add_months(phrase.today.replace(day=1), phrase.ahead()), part)
    months = 3 if unit == "quarter" else 12
    first = add_months(date(phrase.today.year, (phrase.today.month - 1) // months * months + 1, 1), months * phrase.ahead())
    last = month_end(add_months(first, months - 1))
    before = None if part else working_day_before(first, phrase.context)
    return Days(max(first, phrase.today), last_working_day(last.replace(day=1), last, phrase.context), "month", before)


def _week(phrase: DayPhrase, weeks: int, first: int, last: int, *, named: bool = False) -> Days:
    """Return days (0 is Monday) of the week so many weeks ahead; a week that ends on Friday ends on a working day."""
    today, monday = phrase.today, monday_of(phrase.today, weeks)
    start, end = monday + timedelta(days=first), monday + timedelta(days=last)
    if last == 4:
        end = last_working_day(monday, end, phrase.context)
    if end < today:
        end = today if today.weekday() >= _SATURDAY else end + _WEEK
    before = working_day_before(start, phrase.context) if named and weeks else None
    return Days(start if weeks else max(start, today), end, "week", before)


def _month(phrase: DayPhrase, start: date, part: str) -> Days:
    """Return a part of the month, or of the month after where that part has passed."""
    days = _part_of_month(start, part, phrase.context)
    if part in {"", "end", "late"} and days.last < phrase.today <= month_end(start):
        return Days(phrase.today, month_end(start), "month")
    if days.last < phrase.today:
        return _part_of_month(add_months(start, 1), part, phrase.context)
    return days


def _named_month(phrase: DayPhrase) -> Days | None:
    """Resolve "in March", "early March", "end of March 2027"."""
    start = _in_year(1, phrase.number("month"), phrase.year(), phrase.today)
    return _part_of_month(start, phrase.kind("edge"), phrase.context) if start else None


def _part_of_month(start: date, part: str, context: TimeContext) -> Days:
    first, last = _MONTH_PARTS[part]
    end = last_working_day(start, month_end(start) if last == 31 else start.replace(day=last), context)
    return Days(start.replace(day=first), end, "month", None if part else working_day_before(start, context))


def _quarter(phrase: DayPhrase) -> Days:
    """Resolve the end of a quarter that is named; one that has passed is next year's."""
    today, quarter = phrase.today, phrase.number("q")
    first = date(today.year + (1 if quarter * 3 < today.month else 0), quarter * 3, 1)
    return Days(first, last_working_day(first, month_end(first), phrase.context), "month")


def _feast(phrase: DayPhrase) -> Days | None:
    """Resolve the next Christmas, Easter, Good Friday; "before" and "by" mean the last working day before it."""
    feast = phrase.groups["feast"]
    key = str(feast.value) if feast else ""
    day = next(d for year in (phrase.today.year, phrase.today.year + 1) if (d := feast_day(key, year)) >= phrase.today)
    if phrase.kind("before"):
        day = working_day_before(day, phrase.context)
    return _single(day) if day >= phrase.today else None


def day_told(phrase: DayPhrase, other: date) -> Days | None:
    """Resolve a day that is told by another one: the following day, two days later, a week earlier, the Thursday after that."""
    back = phrase.number("shift", 1) < 0 or phrase.kind("back") != ""
    if phrase.kind("weekday"):
        return _single(next_weekday(other - _WEEK - DAY if back else other, phrase.number("weekday")))
    if phrase.kind("unit") == "week" and not phrase.kind("n"):
        monday = monday_of(other, -1 if back else 1)
        return Days(monday, monday + 4 * DAY, "week")
    days = phrase.number("n", 1) * {"day": 1, "days": 1, "fortnight": 14}.get(phrase.kind("unit"), 7)
    return None if phrase.kind("n") == "few" else _single(other - days * DAY if back else other + days * DAY)


RESOLVERS: Mapping[str, Resolver] = {
    "near": lambda phrase: _single(phrase.today + phrase.number("near") * DAY),
    "weeks_from": _weeks_from,
    "weekday": _weekday,
    "weekday_from_now": _weekday_from_now,
    "date": _date,
    "numeric": _numeric,
    "iso": _iso,
    "ordinal": _ordinal,
    "week_of": _week_of,
    "nth_of_month": _nth_of_month,
    "nth_of_week": _nth_of_week,
    "next_working_day": _next_working_day,
    "calendar_week": _calendar_week,
    "quarter": _quarter,
    "period": _period,
    "named_month": _named_month,
    "feast": _feast,
    "told": lambda _phrase: None,  # by another day: `day_told`
}
