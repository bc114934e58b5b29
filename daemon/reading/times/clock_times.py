"""Clock times ("3pm", "half past three") and parts of the day ("first thing", "COB"), by the names that languages use for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

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


class ClockTime(NamedTuple):
    """A wall-clock time, and whether the words leave no doubt which half of the day it is in."""

    time: time
    certain: bool


def _digital(match: re.Match[str], words: TimeWords) -> ClockTime | None:
    """Return a time in digits or number words, with or without am or pm: 3pm, 15:30, ten o'clock."""
    groups = match.groupdict()
    hour_word = groups["hour"] or groups["hour2"]
    hour, minute = int(hour_word) if hour_word.isdigit() else words.numbers[hour_word], int(groups.get("minute") or 0)
    half = _half_of_day(groups)
    if half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        return None
    return ClockTime(time(hour, minute), bool(half) or hour >= 12)


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
    "worded": _digital,
    "spoken": _past_or_to,
    "half_before": _half_before,
}
