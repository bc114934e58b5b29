"""Clock times ("3pm", "half past three") and parts of the day ("first thing", "COB"), by the names that the grammar gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple, TypeAlias

from daemon.reading.times.tokens import Token
from daemon.reading.values import TimeContext

_NOON, _NIGHT = time(12), time(21)
_END_OF_FIRST_THING = time(10)
_SHARES = frozenset((5, 10, 20, 25))  # minutes that are told from the full hour
_HALF_DAY = 12 * 60  # minutes

# The wall-clock start and end of each part of the day.
PARTS: Mapping[str, Callable[[TimeContext], tuple[time, time]]] = {
    "morning": lambda context: (context.day_start, _NOON),
    "early_morning": lambda context: (context.day_start, min(context.day_start, time(9))),
    "first_thing": lambda context: (context.day_start, _END_OF_FIRST_THING),
    "lunch": lambda _context: (_NOON, time(13)),
    "after_lunch": lambda context: (time(13), min(context.day_end, time(17))),
    "noon": lambda _context: (_NOON, _NOON),
    "afternoon": lambda context: (_NOON, context.day_end),
    "end_of_day": lambda context: (context.day_start, context.day_end),
    "evening": lambda _context: (time(18), _NIGHT),
    "night": lambda _context: (time(18), _NIGHT),
    "late_night": lambda _context: (_NIGHT, time(23)),
    "midnight": lambda _context: (time(18), time(23, 59)),
}
# Hours to add, in such a part of the day, to a clock time without am or pm.
LATER_IN = {"afternoon": 12, "evening": 12, "night": 12, "late_night": 12, "end_of_day": 12, "after_lunch": 12}

_MIDDAY = ("noon", "lunch")  # in which half past twelve is told as half one

Time: TypeAlias = time
Groups: TypeAlias = Mapping[str, Token | None]


class ClockTime(NamedTuple):
    """A wall-clock time, whether the words leave no doubt which half of the day it is in, and where it ends a span, the span's start."""

    time: time
    certain: bool
    begins: Time | None = None

    def begins_before(self, end: Time) -> Time:
        """Return the start of a span of hours: in the later half of the day where it still comes before its end."""
        begins = self.begins or self.time
        return hours_later(begins, 12) if not self.certain and hours_later(begins, 12) < end else begins


class _Told(NamedTuple):
    """A time of day as it is told: in minutes from midnight, and the half of the day where the words name it."""

    minutes: int
    half: str  # a | p | ""


def clock_time(name: str, groups: Groups) -> ClockTime | None:
    """Return the time that a piece of that name tells, or None where it is none of the day's."""
    told = _told(groups.get("t"), groups.get("minute"))
    if told is None:
        return None
    if name == "spoken":
        return _from_the_hour(told, groups)
    if name in {"range", "bare_range"}:
        begin = _told(groups.get("from"))
        return span(_clock(begin), _clock(told)) if begin and max(begin.minutes, told.minutes) < 24 * 60 else None
    return _clock(told) if told.minutes < 24 * 60 else None


def _clock(told: _Told) -> ClockTime:
    return ClockTime(_wall(told.minutes), bool(told.half) or told.minutes >= _HALF_DAY)


def _told(token: Token | None, minute: Token | None = None) -> _Told | None:
    """Return the time of a token: 3pm, 15:30, 1530, ten; None where hour or minute is too large."""
    if token is None:
        return None
    half = ""
    if token.kind == "clock" and isinstance(token.value, tuple):
        hour, minutes, later = token.value
        half = "p" if later else "a"
        hour = hour % 12 + later if hour <= 12 else hour
    elif isinstance(token.value, tuple):
        hour, minutes = (*token.value, 0)[:2]
    elif token.kind in {"hhmm", "year_number"}:
        hour, minutes = divmod(int(token.value), 100)
    else:
        hour, minutes = int(token.value), 0
    if minute is not None:
        minutes = int(minute.value[0] if isinstance(minute.value, tuple) else minute.value)
    return _Told(hour * 60 + minutes, half) if hour <= 24 and minutes < 60 else None


def span(begin: ClockTime, end: ClockTime) -> ClockTime | None:
    """Return the end of a span of hours with its start: from 10 to 11, 9-5, 11 to 1pm, zwischen 14 und 15 Uhr."""
    start, stop = _minutes(begin.time), _minutes(end.time)
    certain = end.certain
    if stop < start and not certain:  # "11 to 1", "9-5"
        stop, certain = stop + _HALF_DAY, True
    if not begin.certain and start + _HALF_DAY < stop and certain:  # "2 to 3pm"
        start += _HALF_DAY
    return ClockTime(_wall(stop), certain or stop >= _HALF_DAY, _wall(start)) if start < stop < 24 * 60 else None


def _from_the_hour(told: _Told, groups: Groups) -> ClockTime | None:
    """Return a time told from the full hour: half past three, quarter to four, 20 minutes to 2pm, half three, halb vier, dreiviertel vier."""
    share = groups.get("share")
    if share is None or isinstance(share.value, tuple) or told.minutes < 60:
        return None
    minutes = {"half": 30, "quarter": 15, "quarterly": 15}.get(share.kind) or int(share.value)
    if share.kind in {"num", "numeral"} and minutes not in _SHARES:
        return None
    return ClockTime(_wall((told.minutes + (-minutes if groups.get("to") else minutes)) % (24 * 60)), bool(told.half))


def _wall(minutes: int) -> time:
    return (datetime(2000, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)).time()


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def likely_time(clock: time, part: str | None, context: TimeContext) -> time:
    """Return the time that is meant by one without am or pm: as the part of the day says, else in the afternoon if it is before work."""
    if part is not None and part not in _MIDDAY:
        return hours_later(clock, LATER_IN.get(part, 0))
    return hours_later(clock, 12) if clock.hour < context.day_start.hour - 1 else clock


def shifted(told: ClockTime, minutes: int, part: str | None, context: TimeContext) -> ClockTime | None:
    """Return an hour, or a span of hours, so many minutes later (earlier where negative); None beyond the day."""
    end = _minutes(told.time if told.certain else likely_time(told.time, part, context)) + minutes
    begin = _minutes(told.begins) + minutes if told.begins else 0
    return ClockTime(_wall(end), True, _wall(begin) if told.begins else None) if 0 <= begin <= end < 2 * _HALF_DAY else None


def hours_later(clock: time, hours: int) -> time:
    """Return a time of the morning so many hours later; one from noon on stays."""
    return clock.replace(hour=clock.hour + hours) if hours and clock.hour < 12 else clock
