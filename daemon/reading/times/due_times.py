"""Due times: how people say when something will be done, resolved to moments, or to nothing where the words leave it open.

A phrase is made of pieces that stand side by side: a day ("by Friday", "the 3rd", "end of next week"), a part of the day
("first thing", "afternoon", "COB"), a clock time ("3pm", "half past three") or an offset ("in two hours"). Each piece has one
pattern; a fixed set of small words may stand between pieces. Conventions: a day without a clock time ends with the working day,
"Friday" written on a Friday is a week later, weeks start on Monday.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from daemon.reading.languages.time_words import TimeWords, number_of
from daemon.reading.times.calendar_days import DAY, add_months, next_working_day, working_day_before
from daemon.reading.times.clock_times import CLOCKS, PARTS
from daemon.reading.times.day_phrases import RESOLVERS, DayPhrase, Days
from daemon.reading.times.time_pieces import Piece, time_patterns, time_phrases
from daemon.reading.values import Due, TimeContext

_UTC_OFFSETS = {
    "gmt": 0,
    "utc": 0,
    "bst": 1,
    "cet": 1,
    "cest": 2,
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
}  # hours, of the zone names that mail is written with
_LAST_MINUTE = time(23, 59)
_STILL_TODAY = frozenset(("end_of_day", "night", "late_night", "midnight"))  # written late, they still mean today
_IS_CLOCK_TIME = re.compile(
    r"^(?:at|by|before|around|about|until|um|bis|gegen|vor)\b|@|[:.]\d|ish\b|clock|uhr|half|halb|quarter|viertel|past"
)
_WORKING = re.compile("business|working|werktag|arbeitstag")


class DuePhrase(NamedTuple):
    """A due time as it stands in a sentence: its span there, and the moments meant."""

    start: int
    end: int
    due: Due


def find_due_phrases(text: str, written: datetime, context: TimeContext, words: TimeWords) -> list[DuePhrase]:
    """Return every due time of a sentence, in order; `written` is the moment of writing, aware."""
    low = text.lower()
    if len(low) != len(text):  # offsets would no longer fit ("İ" becomes two characters)
        return []
    phrases = list(time_phrases(low, words))
    local = _local(written, context) if phrases else written
    dues: list[DuePhrase] = []
    for phrase in phrases:
        try:
            due = _resolve(phrase, low, local, context, words)
        except (OverflowError, ValueError):  # a date beyond the calendar
            continue
        if due is not None and not _names_only_a_beginning(low, phrase, words):
            start, end = _start_with_lead(low, phrase, words), phrase[-1].end
            dues.append(DuePhrase(start, end, due._replace(quote=text[start:end])))
    return dues


def _local(written: datetime, context: TimeContext) -> datetime:
    """Return the moment in the context's time zone, or in the mail's own offset where the context names none.

    Where it is another day there than for the writer, the writer's wall clock is kept.
    """
    if not context.time_zone:
        return written
    local = written.astimezone(_zone(context.time_zone))
    return written.replace(tzinfo=local.tzinfo) if written.utcoffset() and local.date() != written.date() else local


@lru_cache(maxsize=128)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _start_with_lead(low: str, phrase: list[Piece], words: TimeWords) -> int:
    """Return where a phrase begins, with the small words before it: "by Friday", "at 3pm"."""
    start = phrase[0].start
    lead = time_patterns(words).lead.search(low[max(0, start - 40) : start])
    return start - len(lead.group()) if lead else start


def _names_only_a_beginning(low: str, phrase: list[Piece], words: TimeWords) -> bool:
    """Tell whether the words only say from when on: "after Easter" names no end."""
    start = phrase[0].start
    after = re.compile(rf"\b(?:{words.after})\s+(?:the\s+)?$")
    return any(p.kind == "day" for p in phrase) and after.search(low[max(0, start - 30) : start]) is not None


def _resolve(phrase: list[Piece], low: str, written: datetime, context: TimeContext, words: TimeWords) -> Due | None:
    by_kind = {p.kind: p for p in reversed(phrase)}
    if "offset" in by_kind:
        return _offset(by_kind["offset"].match, written, context, words)
    days = None
    if "day" in by_kind:
        piece = by_kind["day"]
        days = RESOLVERS[piece.name](DayPhrase(piece.match.groupdict(), written, words, context))
        if days is None:
            return None
    part = by_kind["part"].name if "part" in by_kind else None
    if "clock" in by_kind:
        return _clock_time(by_kind["clock"], days, part, written, context, words)
    if part is not None:
        return _part_of_day(part, days, written, context)
    if days is None:
        return None
    start = _start_with_lead(low, phrase, words)
    if days.grain == "day" and days.first > written.date() and re.match(rf"(?:{words.before})\b", low[start:]):
        days = Days(written.date(), working_day_before(days.first, context), "day")
    return _whole_days(days, written, context)


def _whole_days(days: Days, written: datetime, context: TimeContext) -> Due:
    """Return the due time of days without a clock time: the end of the last working day, or of today where that has passed."""
    due = _moment(days.last, context.day_end, written)
    if due < written and days.last == written.date():
        due = _moment(days.last, _LAST_MINUTE, written)
    return Due(_moment(days.first, context.day_start, written), due, due, days.grain, "", 0.9)


def _part_of_day(part: str, days: Days | None, written: datetime, context: TimeContext) -> Due:
    """Return the due time of a part of the day; without a day, of the next one that is still to come."""
    first, last = PARTS[part](context)
    day = days.last if days else written.date()
    due = _moment(day, last, written)
    if days is None and due <= written:
        if part in _STILL_TODAY:
            due = max(due, _moment(day, _LAST_MINUTE, written))
        else:
            due, day = due + DAY, day + DAY
    elif days is None and part == "coming_morning" and written.time() > context.day_start:
        due, day = due + DAY, day + DAY  # "in the morning", written in the morning, is tomorrow's
    return Due(_moment(day, first, written), due, due, "part of day", "", 0.9)


def _clock_time(
    piece: Piece, days: Days | None, part: str | None, written: datetime, context: TimeContext, words: TimeWords
) -> Due | None:
    """Return the due time of a clock time; None for a bare number that need not be one."""
    clock = CLOCKS[piece.name](piece.match, words)
    if clock is None or (days is None and not clock.certain and part is None and not _IS_CLOCK_TIME.search(piece.match.group())):
        return None
    wall_clock = clock.time if clock.certain else _likely_time(clock.time, part, context, words)
    due = _moment(days.last if days else written.date(), wall_clock, written)
    zone = piece.match.groupdict().get("zone")
    if zone:
        due = datetime.combine(due.date(), wall_clock, UTC) - timedelta(hours=_UTC_OFFSETS[zone])
    if days is None and due < written:
        due += DAY
    return Due(due, due, due, "minute", "", 0.92 if clock.certain or days else 0.7)


def _likely_time(clock: time, part: str | None, context: TimeContext, words: TimeWords) -> time:
    """Return the time that is meant by one without am or pm: as the part of the day says, else in the afternoon if it is before work."""
    if part is not None:
        return _later(clock, words.ampm.get(part, 0))
    return _later(clock, 12) if clock.hour < context.day_start.hour - 1 else clock


def _later(clock: time, hours: int) -> time:
    """Return a time of the morning so many hours later; one from noon on stays."""
    return clock.replace(hour=clock.hour + hours) if hours and clock.hour < 12 else clock


def _offset(match: re.Match[str], written: datetime, context: TimeContext, words: TimeWords) -> Due | None:
    """Return the due time of an offset from the moment of writing; None where it is too vague to count."""
    unit = words.units[match["unit"]]
    count = _offset_count(match, unit, words)
    working = _WORKING.search(match.group()) is not None
    if count is None or (working and unit == "hour"):  # whose working hours, the words alone do not tell
        return None
    if unit in {"minute", "hour"}:
        due = written + (timedelta(minutes=count) if unit == "minute" else timedelta(hours=count))
        return Due(written, due, due, unit, "", 0.92)
    if unit == "fortnight":
        count, unit = 2 * count, "week"
    day = written.date()
    if working:
        for _ in range(int(count)):
            day = next_working_day(day, context)
    elif unit in {"day", "week"}:
        day += timedelta(days=count * (7 if unit == "week" else 1))
    else:
        day = add_months(day, int(count) * (12 if unit == "year" else 1))
    return _whole_days(Days(written.date(), day, unit), written, context)


def _offset_count(match: re.Match[str], unit: str, words: TimeWords) -> float | None:
    """Return the number of units of an offset: "two", "an hour or two", "half an hour"; None where it is no number or too vague."""
    groups = match.groupdict()
    number = groups.get("n")
    count = number_of(number, words)
    vague = number in words.vague and unit not in {"minute", "hour", "day"}
    if count is None or vague or match.group().startswith("24/7"):
        return None
    if groups.get("half") or (number or "").startswith("half"):
        return 0.5
    return count + (1 if groups.get("or_two") else 0.5 if groups.get("and_half") else 0)


def _moment(day: date, clock: time, written: datetime) -> datetime:
    """Return the wall-clock time on that day in the time zone of `written`."""
    return datetime.combine(day, clock, written.tzinfo)
