"""Clock times ("3pm", "half past three") and parts of the day ("first thing", "COB"), by the names that languages use for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple, TypeAlias

from daemon.reading.languages.time_words import TimeWords
from daemon.reading.values import TimeContext

_NOON, _NIGHT = time(12), time(21)
_END_OF_FIRST_THING = time(10)

# The wall-clock start and end of each part of the day.
PARTS: Mapping[str, Callable[[TimeContext], tuple[time, time]]] = {
    "morning": lambda context: (context.day_start, _NOON),
    "early_morning": lambda context: (context.day_start, min(context.day_start, time(9))),
    "first_thing": lambda context: (context.day_start, _END_OF_FIRST_THING),
    "lunch": lambda _context: (_NOON, time(13)),
    "coming_morning": lambda context: (context.day_start, _NOON),
    "after_lunch": lambda context: (time(13), min(context.day_end, time(17))),
    "noon": lambda _context: (_NOON, _NOON),
    "afternoon": lambda context: (_NOON, context.day_end),
    "end_of_day": lambda context: (context.day_start, context.day_end),
    "evening": lambda _context: (time(18), _NIGHT),
    "night": lambda _context: (time(18), _NIGHT),
    "late_night": lambda _context: (_NIGHT, time(23)),
    "midnight": lambda _context: (time(18), time(23, 59)),
}


Time: TypeAlias = time


class ClockTime(NamedTuple):
    """A wall-clock time, whether the words leave no doubt which half of the day it is in, and where it ends a span, the span's start."""

    time: time
    certain: bool
    begins: Time | None = None


def _digital(match: re.Match[str], words: TimeWords) -> ClockTime | None:
    """Return a time in digits or number words, with or without am or pm: 3pm, 15:30, ten o'clock."""
    groups = match.groupdict()
    hour_word = groups["hour"] or groups["hour2"]
    hour, minute = int(hour_word) if hour_word.isdigit() else words.numbers[hour_word], int(groups.get("minute") or 0)
    half = _half_of_day(groups)
    hour = _in_half(hour, half)
    if hour > 23 or minute > 59:
        return None
    return ClockTime(time(hour, minute), bool(half) or hour >= 12)


def _range(match: re.Match[str], words: TimeWords) -> ClockTime | None:
    """Return the end of a span of hours with its start: from 10 to 11, 9-5, 11 to 1pm, zwischen 14 und 15 Uhr."""
    groups = match.groupdict()
    begin, end = _hour(groups["from_hour"], words), _hour(groups["hour"], words)
    first, last = _half_of_day({"half": groups.get("from_half")}), _half_of_day(groups)
    if begin is None or end is None:
        return None
    stop = _in_half(end, last) * 60 + int(groups.get("minute") or 0)
    start = _in_half(begin, first) * 60 + int(groups.get("from_minute") or 0)
    if stop < start and not last and stop < 12 * 60:  # "11 to 1", "9-5"
        stop, last = stop + 12 * 60, "p"
    if not first and start < 12 * 60 and start + 12 * 60 < stop and last:  # "2 to 3pm"
        start += 12 * 60
    if not start < stop < 24 * 60:
        return None
    return ClockTime(time(*divmod(stop, 60)), bool(last) or stop >= 12 * 60, time(*divmod(start, 60)))


def _hour(word: str | None, words: TimeWords) -> int | None:
    """Return an hour in digits or words, or None where it is none of the day's."""
    number = int(word) if word and word.isdigit() else words.numbers.get(word or "")
    return number if number is not None and number <= 24 else None


def _in_half(hour: int, half: str) -> int:
    """Return an hour in 24 hours; `half` is am, pm or "" where the words do not say."""
    if half.startswith("p") and hour < 12:
        return hour + 12
    return 0 if half.startswith("a") and hour == 12 else hour


def _past_or_to(match: re.Match[str], words: TimeWords) -> ClockTime | None:
    """Return a time told from the full hour: half past three, quarter to four, 20 minutes to 2pm, half three."""
    groups = match.groupdict()
    hour = int(groups["hour"]) if groups["hour"].isdigit() else words.numbers.get(groups["hour"], 0)
    share = groups["share"]
    minutes = {"half": 30, "quarter": 15, "a quarter": 15}.get(share) or int(
        float(share) if share.isdigit() else words.numbers.get(share, 0)
    )
    if not 1 <= hour <= 23:
        return None
    half = _half_of_day(groups)
    hour += 12 if half.startswith("p") and hour < 12 else 0
    return ClockTime(_shifted(hour, -minutes if groups.get("to") else minutes), bool(half))


def _half_before(match: re.Match[str], words: TimeWords) -> ClockTime | None:
    """Return a time told as in German: halb vier is half past three, Viertel vor vier a quarter to four."""
    hour = int(match["hour"]) if match["hour"].isdigit() else words.numbers.get(match["hour"], 0)
    minutes = {"halb": -30, "viertel vor": -15, "viertel nach": 15}[match["share"]]
    return ClockTime(_shifted(hour, minutes), certain=False) if 1 <= hour <= 23 else None


def _half_of_day(groups: Mapping[str, str | None]) -> str:
    """Return am or pm as it is written, without dots; "" where neither is."""
    return (groups.get("half") or "").replace(".", "")


def _shifted(hour: int, minutes: int) -> time:
    return (datetime(2000, 1, 2, hour, tzinfo=UTC) + timedelta(minutes=minutes)).time()


CLOCKS: Mapping[str, Callable[[re.Match[str], TimeWords], ClockTime | None]] = {
    "digital": _digital,
    "range": _range,
    "worded_range": _range,
    "worded": _digital,
    "spoken": _past_or_to,
    "half_before": _half_before,
}
