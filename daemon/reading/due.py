"""Due times: how people say when, resolved to moments, or nothing at all where the words leave it open.

A phrase is made of pieces that stand side by side: a day ("by Friday", "the 3rd", "end of next week"), a part of the day
("first thing", "afternoon", "COB"), a clock time ("3pm", "half past three") or an offset ("in two hours"). Each piece has
one pattern; what may stand between pieces is a fixed set of small words. Conventions are the contract's (section 3): a day
without a clock time ends with the working day, "Friday" said on a Friday is a week later, weeks start on Monday.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from daemon.reading.types import Due, Frame

DAY = timedelta(days=1)
_ZONES = {"gmt": 0, "utc": 0, "bst": 1, "cet": 1, "cest": 2, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
_NOON, _MORNING, _FIRST_THING, _NIGHT = time(12), time(12), time(10), time(21)


@dataclass(frozen=True, slots=True)
class Words:
    """A language's words for times. Patterns are pieces of regular expressions without capturing groups, lower case."""

    weekdays: Mapping[str, int]
    months: Mapping[str, int]
    numbers: Mapping[str, int]
    days: tuple[tuple[str, str], ...]  # pattern with named groups, name of the resolver in _DAYS
    parts: tuple[tuple[str, str], ...]  # pattern, name in _PARTS
    clocks: tuple[tuple[str, str], ...]  # pattern, name in _CLOCKS
    offsets: tuple[str, ...]  # patterns with groups n, unit and possibly half
    units: Mapping[str, str]  # word stem -> minute | hour | day | week | month | year
    lead: str  # small words that may stand before a phrase: "by", "on", "before"
    between: str  # what may stand between two pieces of one phrase
    before: str  # the lead that ends the time before what is named
    ampm: Mapping[str, int]  # part of day -> hours to add to a bare clock time
    month_first: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    kind: str  # day | part | clock | offset
    name: str
    match: re.Match[str]


@dataclass(frozen=True, slots=True)
class _Day:
    first: date
    last: date
    grain: str


def find(text: str, at: datetime, frame: Frame, words: Words) -> list[tuple[int, int, Due]]:
    """Every due time in a sentence: its span there and the moments meant. `at` is when it was written, aware."""
    low = text.lower()
    local = at.astimezone(_zone(frame.time_zone))
    found = []
    for phrase in _phrases(low, _compiled(words)):
        resolved = _resolve(phrase, low, local, frame, words)
        if resolved is not None:
            start, end = _with_lead(low, phrase, _compiled(words).lead)
            found.append((start, end, resolved._replace(quote=text[start:end])))
    return found


@dataclass(frozen=True, slots=True)
class _Compiled:
    pieces: tuple[tuple[str, str, re.Pattern[str]], ...]
    lead: re.Pattern[str]
    between: re.Pattern[str]


@lru_cache(maxsize=4)
def _compiled_for(key: int) -> _Compiled:
    words = _KNOWN[key]

    def fill(pattern: str) -> re.Pattern[str]:
        return re.compile(
            r"(?<![\w/.$£€-])(?:" + pattern.replace("{weekday}", _any(words.weekdays)).replace("{month}", _any(words.months))
            .replace("{number}", _any(words.numbers) + r"|\d{1,3}(?:\.\d)?").replace("{unit}", _any(words.units)) + r")(?![\w/])(?!\.\d)"
        )

    pieces = [("day", name, fill(p)) for p, name in words.days]
    pieces += [("clock", name, fill(p)) for p, name in words.clocks]
    pieces += [("part", name, fill(p)) for p, name in words.parts]
    pieces += [("offset", "offset", fill(p)) for p in words.offsets]
    return _Compiled(tuple(pieces), re.compile(rf"(?:\b(?:{words.lead})\s+)+$"), re.compile(rf"\s*(?:(?:{words.between})\s*)*"))


_KNOWN: dict[int, Words] = {}


def _compiled(words: Words) -> _Compiled:
    _KNOWN.setdefault(id(words), words)
    return _compiled_for(id(words))


def _any(table: Mapping[str, object]) -> str:
    return "|".join(sorted(map(re.escape, table), key=len, reverse=True))


def _phrases(low: str, compiled: _Compiled) -> Iterator[list[_Piece]]:
    """Neighbouring pieces of different kinds, taken together."""
    pieces = _longest([
        _Piece(m.start(), m.end(), kind, name, m) for kind, name, pattern in compiled.pieces for m in pattern.finditer(low)
    ])
    phrase: list[_Piece] = []
    for piece in pieces:
        fits = phrase and piece.kind not in {p.kind for p in phrase} and compiled.between.fullmatch(low, phrase[-1].end, piece.start)
        if fits and "offset" not in {piece.kind, *(p.kind for p in phrase)}:
            phrase.append(piece)
        else:
            if phrase:
                yield phrase
            phrase = [piece]
    if phrase:
        yield phrase


def _longest(pieces: list[_Piece]) -> list[_Piece]:
    chosen: list[_Piece] = []
    for piece in sorted(pieces, key=lambda p: (p.start - p.end, p.start)):
        if all(piece.end <= c.start or piece.start >= c.end for c in chosen):
            chosen.append(piece)
    return sorted(chosen, key=lambda p: p.start)


def _with_lead(low: str, phrase: list[_Piece], lead: re.Pattern[str]) -> tuple[int, int]:
    start, end = phrase[0].start, phrase[-1].end
    found = lead.search(low[max(0, start - 40) : start])
    return (start - len(found.group()) if found else start), end


def _resolve(phrase: list[_Piece], low: str, at: datetime, frame: Frame, words: Words) -> Due | None:
    by_kind = {p.kind: p for p in phrase}
    if "offset" in by_kind:
        return _offset(by_kind["offset"].match, at, frame, words)
    day = _DAYS[by_kind["day"].name](by_kind["day"].match, at, words, frame) if "day" in by_kind else None
    if "day" in by_kind and day is None:
        return None
    part = by_kind["part"].name if "part" in by_kind else None
    if "clock" in by_kind:
        return _clock(by_kind["clock"], day, part, by_kind, at, frame, words)
    if part is not None:
        return _part(part, day, at, frame)
    if day is None:
        return None
    if day.grain == "day" and re.search(rf"\b(?:{words.before})\s+(?:the\s+)?$", low[: phrase[0].start]):
        day = _Day(at.date(), _working_day_before(day.first, frame), "day") if day.first > at.date() else day
    return _whole_days(day, at, frame)


def _whole_days(day: _Day, at: datetime, frame: Frame) -> Due:
    due = _at(day.last, frame.day_end, at)
    if due < at and day.last == at.date():
        due = _at(day.last, time(23, 59), at)
    return Due(_at(day.first, frame.day_start, at), due, due, day.grain, "", 0.9)


def _part(part: str, day: _Day | None, at: datetime, frame: Frame) -> Due | None:
    first, last = _PARTS[part](frame)
    on = day.last if day else at.date()
    due = _at(on, last, at)
    if day is None and due <= at:
        if part in {"end_of_day", "now"}:
            return None
        due, on = due + DAY, on + DAY
    return Due(_at(on, first, at), due, due, "part of day", "", 0.9)


def _clock(
    piece: _Piece, day: _Day | None, part: str | None, by_kind: Mapping[str, _Piece], at: datetime, frame: Frame, words: Words
) -> Due | None:
    clock = _CLOCKS[piece.name](piece.match, words)
    if clock is None:
        return None
    moment, sure = clock
    if not sure and part is not None:
        shift = words.ampm.get(part, 0)
        moment = _shifted(moment, shift)
    elif not sure and moment.hour < frame.day_start.hour - 1:
        moment = _shifted(moment, 12)
    if day is None and not sure and part is None and "at" not in piece.match.group() and ":" not in piece.match.group():
        return None
    zone = piece.match.groupdict().get("zone")
    due = _at(day.last if day else at.date(), moment, at)
    if zone:
        offset = timedelta(hours=_ZONES[zone])
        due = datetime.combine(due.date(), moment, UTC) - offset
    if day is None and due < at:
        due += DAY
    return Due(due, due, due, "minute", "", 0.92 if sure or day else 0.7)


def _shifted(moment: time, hours: int) -> time:
    return moment.replace(hour=moment.hour + hours) if hours and moment.hour < 12 else moment


def _offset(match: re.Match[str], at: datetime, frame: Frame, words: Words) -> Due | None:
    groups = match.groupdict()
    count = _count(groups.get("n"), words)
    unit = words.units[groups["unit"]]
    if count is None:
        return None
    if groups.get("half") or (groups.get("n") or "").startswith("half"):
        count = 0.5
    if unit == "fortnight":
        count, unit = 2 * count, "week"
    if unit in {"minute", "hour"}:
        due = at + timedelta(minutes=count) if unit == "minute" else at + timedelta(hours=count)
        return Due(at, due, due, unit, "", 0.92)
    if "business" in match.group() or "working" in match.group():
        day = at.date()
        for _ in range(int(count)):
            day = _next_working_day(day, frame)
    elif unit in {"day", "week"}:
        day = at.date() + timedelta(days=count * (7 if unit == "week" else 1))
    else:
        day = _months_on(at.date(), int(count) * (12 if unit == "year" else 1))
    return _whole_days(_Day(at.date(), day, unit), at, frame)


def _count(word: str | None, words: Words) -> float | None:
    if word is None:
        return 1
    if word in words.numbers:
        return words.numbers[word]
    try:
        return float(word)
    except ValueError:
        return None


# --- days -----------------------------------------------------------------------------------------------------------


def _next_weekday(after: date, weekday: int) -> date:
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def _monday(day: date, weeks: int = 0) -> date:
    return day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)


def _last_working_day(first: date, last: date, frame: Frame) -> date:
    day = last
    while day > first and (day.weekday() not in frame.working_days or day in frame.holidays):
        day -= DAY
    return day


def _working_day_before(day: date, frame: Frame) -> date:
    return _last_working_day(day - timedelta(days=14), day - DAY, frame)


def _next_working_day(day: date, frame: Frame) -> date:
    for _ in range(60):
        day += DAY
        if day.weekday() in frame.working_days and day not in frame.holidays:
            break
    return day


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _months_on(day: date, count: int) -> date:
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _single(day: date) -> _Day:
    return _Day(day, day, "day")


def _today(_m: re.Match[str], at: datetime, _w: Words, _f: Frame) -> _Day | None:
    return _single(at.date())


def _tomorrow(_m: re.Match[str], at: datetime, _w: Words, _f: Frame) -> _Day | None:
    return _single(at.date() + DAY)


def _day_after(_m: re.Match[str], at: datetime, _w: Words, _f: Frame) -> _Day | None:
    return _single(at.date() + 2 * DAY)


def _weekday(m: re.Match[str], at: datetime, words: Words, _f: Frame) -> _Day | None:
    """Friday, this Friday, next Friday, Friday next week, Friday week, Friday after next; with a date beside it they must agree."""
    how, today = m.groupdict(), at.date()
    weekday = words.weekdays[m["weekday"] or how["a_weekday"]]
    if how.get("next"):
        return _single(_monday(today, 1) + timedelta(days=weekday))
    if how.get("after") or how.get("a_weekday"):
        return _single(_next_weekday(today, weekday) + timedelta(weeks=1))
    if how.get("this"):
        day = _monday(today) + timedelta(days=weekday)
        return _single(day if day >= today else day + timedelta(weeks=1))
    return _single(_next_weekday(today, weekday))


def _date(m: re.Match[str], at: datetime, words: Words, _f: Frame) -> _Day | None:
    """A day and a month, with or without a year; a weekday beside it that does not fit makes it say nothing."""
    groups = m.groupdict()
    month = words.months[groups["month"]]
    number = int(groups["day"]) if groups["day"].isdigit() else words.numbers.get(groups["day"], 0)
    day = _in_year(number, month, groups.get("year"), at.date())
    last = _in_year(int(groups["to"]), month, groups.get("year"), at.date()) if groups.get("to") else day
    weekday = groups.get("weekday")
    if day is None or last is None or (weekday and words.weekdays[weekday] != day.weekday()):
        return None
    return _Day(day, last, "day")


def _in_year(day: int, month: int, year: str | None, today: date) -> date | None:
    try:
        if year:
            number = int(year)
            return date(number if number > 99 else 2000 + number, month, day)
        found = date(today.year, month, day)
        return found if found >= today - timedelta(days=60) else date(today.year + 1, month, day)
    except ValueError:
        return None


def _numeric(m: re.Match[str], at: datetime, words: Words, frame: Frame) -> _Day | None:
    """3/4 by the convention of the zone: month first in America, day first elsewhere; 2026-03-06 is ISO 8601."""
    a, b, year = int(m["a"]), int(m["b"]), m["year"]
    american = frame.time_zone.startswith(("America/", "US/")) or (frame.time_zone == "UTC" and words.month_first)
    month, day = (a, b) if (american and a <= 12) or b > 12 else (b, a)
    if month > 12:
        return None
    found = _in_year(day, month, year, at.date())
    return _single(found) if found else None


def _iso(m: re.Match[str], _at: datetime, _w: Words, _f: Frame) -> _Day | None:
    try:
        return _single(date(int(m["year"]), int(m["a"]), int(m["b"])))
    except ValueError:
        return None


def _ordinal(m: re.Match[str], at: datetime, words: Words, _f: Frame) -> _Day | None:
    """The 3rd: of this month, or of the next where it has passed; of next month where the words say so."""
    number = int(m["day"]) if m["day"].isdigit() else words.numbers.get(m["day"], 0)
    today, groups = at.date(), m.groupdict()
    for ahead in range(1 if groups.get("next") else 0, 4):
        month = _months_on(today.replace(day=1), ahead)
        if number <= calendar.monthrange(month.year, month.month)[1]:
            day = month.replace(day=number)
            if day >= today or groups.get("next"):
                weekday = groups.get("weekday")
                if weekday and words.weekdays[weekday] != day.weekday():
                    return None
                return _single(day)
    return None


def _nth_weekday(m: re.Match[str], at: datetime, words: Words, _f: Frame) -> _Day | None:
    month, weekday, nth = words.months[m["month"]], words.weekdays[m["weekday"]], m["nth"]
    start = _in_year(1, month, None, at.date())
    if start is None:
        return None
    if start.month == at.month and start.year < at.year:
        return None
    days = [d for n in range(calendar.monthrange(start.year, month)[1]) if (d := start + timedelta(days=n)).weekday() == weekday]
    place = -1 if nth == "last" else words.numbers.get(nth, 1) - 1
    return _single(days[place]) if place < len(days) else None


def _week(weeks: int, first: int, last: int) -> Callable[[re.Match[str], datetime, Words, Frame], _Day | None]:
    def resolve(_m: re.Match[str], at: datetime, _w: Words, frame: Frame) -> _Day | None:
        monday = _monday(at.date(), weeks)
        end = _last_working_day(monday, monday + timedelta(days=last), frame) if last >= 4 else monday + timedelta(days=last)
        if end < at.date():
            end = at.date() if at.weekday() >= 5 else end + timedelta(weeks=1)
        return _Day(max(monday + timedelta(days=first), at.date()) if not weeks else monday + timedelta(days=first), end, "week")

    return resolve


def _week_of(m: re.Match[str], at: datetime, words: Words, frame: Frame) -> _Day | None:
    day = _date(m, at, words, frame)
    return _Day(_monday(day.first), _monday(day.first) + timedelta(days=4), "week") if day else None


def _month(months: int, part: str) -> Callable[[re.Match[str], datetime, Words, Frame], _Day | None]:
    def resolve(_m: re.Match[str], at: datetime, _w: Words, frame: Frame) -> _Day | None:
        return _part_of_month(_months_on(at.date().replace(day=1), months), part, frame)

    return resolve


def _named_month(m: re.Match[str], at: datetime, words: Words, frame: Frame) -> _Day | None:
    start = _in_year(1, words.months[m["month"]], m.groupdict().get("year"), at.date())
    if start is None:
        return None
    part = next((p for p in ("early", "mid", "late", "end") if m.groupdict().get(p)), "end")
    return _part_of_month(start, part, frame)


def _part_of_month(start: date, part: str, frame: Frame) -> _Day:
    spans = {"early": (1, 10), "mid": (11, 20), "late": (21, 31), "end": (21, 31)}
    first, last = spans[part]
    end = _month_end(start)
    last_day = _last_working_day(start, end, frame) if last == 31 else start.replace(day=last)
    return _Day(start.replace(day=first), last_day, "month")


def _year_end(_m: re.Match[str], at: datetime, _w: Words, frame: Frame) -> _Day | None:
    return _Day(at.date(), _last_working_day(date(at.year, 12, 1), date(at.year, 12, 31), frame), "month")


def _next_days(m: re.Match[str], at: datetime, words: Words, _f: Frame) -> _Day | None:
    count = _count(m["n"], words)
    return _Day(at.date() + DAY, at.date() + timedelta(days=int(count or 3)), "day")


_DAYS: Mapping[str, Callable[[re.Match[str], datetime, Words, Frame], _Day | None]] = {
    "today": _today, "tomorrow": _tomorrow, "day_after": _day_after, "weekday": _weekday, "date": _date, "numeric": _numeric,
    "iso": _iso, "ordinal": _ordinal, "nth_weekday": _nth_weekday, "this_week": _week(0, 0, 4), "next_week": _week(1, 0, 4),
    "early_next_week": _week(1, 0, 1), "mid_next_week": _week(1, 1, 2), "early_this_week": _week(0, 0, 1), "week_after": _week(2, 0, 4),
    "this_month": _month(0, "end"), "next_month": _month(1, "end"), "mid_month": _month(0, "mid"), "named_month": _named_month,
    "year_end": _year_end, "next_days": _next_days, "week_of": _week_of, "this_weekend": _week(0, 5, 6),
}

_PARTS: Mapping[str, Callable[[Frame], tuple[time, time]]] = {
    "morning": lambda f: (f.day_start, _MORNING),
    "early_morning": lambda f: (f.day_start, min(f.day_start, time(9))),
    "first_thing": lambda f: (f.day_start, _FIRST_THING),
    "lunch": lambda _f: (_NOON, time(13)),
    "after_lunch": lambda f: (time(13), f.day_end if f.day_end <= time(17) else time(17)),
    "noon": lambda _f: (_NOON, _NOON),
    "afternoon": lambda f: (_NOON, f.day_end),
    "end_of_day": lambda f: (f.day_start, f.day_end),
    "evening": lambda _f: (time(18), _NIGHT),
    "night": lambda _f: (time(18), _NIGHT),
    "late_night": lambda _f: (_NIGHT, time(23)),
    "midnight": lambda _f: (time(18), time(23, 59)),
}


# --- clock times ----------------------------------------------------------------------------------------------------


def _digital(m: re.Match[str], _w: Words) -> tuple[time, bool] | None:
    groups = m.groupdict()
    hour, minute = int(groups["hour"] or groups["hour2"]), int(groups.get("minute") or 0)
    half = (groups.get("half") or "").replace(".", "")
    if half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        return None
    return time(hour, minute), bool(half) or hour >= 12


def _spoken(m: re.Match[str], words: Words) -> tuple[time, bool] | None:
    """half past three, quarter to four, 20 minutes to 2pm, half three."""
    groups = m.groupdict()
    hour = int(groups["hour"]) if groups["hour"].isdigit() else words.numbers.get(groups["hour"], 0)
    share = groups["share"]
    minutes = {"half": 30, "quarter": 15, "a quarter": 15}.get(share) or int(float(share) if share.isdigit() else words.numbers.get(share, 0))
    if not 1 <= hour <= 23:
        return None
    half = (groups.get("half") or "").replace(".", "")
    hour += 12 if half.startswith("p") and hour < 12 else 0
    moment = datetime(2000, 1, 2, hour, tzinfo=UTC) + timedelta(minutes=-minutes if groups.get("to") else minutes)
    return moment.time(), bool(half)


_CLOCKS: Mapping[str, Callable[[re.Match[str], Words], tuple[time, bool] | None]] = {"digital": _digital, "spoken": _spoken}


def _at(day: date, clock: time, at: datetime) -> datetime:
    return datetime.combine(day, clock, at.tzinfo)


@lru_cache(maxsize=128)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
