"""Due times: how people say when something will be done, resolved to moments, or to nothing where the words leave it open.

A phrase is made of pieces that stand side by side: a day ("by Friday", "the 3rd", "end of next week"), a part of the day
("first thing", "afternoon", "COB"), a clock time ("3pm", "half past three", "from 10 to 11") or an offset ("in two hours"). The
grammar says what a piece is; a fixed set of small words may stand between pieces. Conventions: a day without a clock time ends with the
working day, "Friday" written on a Friday is a week later, weeks start on Monday. Days are those of the writer's calendar; hours and
minutes are counted from the moment of writing, and an hour is an hour when the clocks change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from daemon.reading.languages.time_words import TimeWords
from daemon.reading.times.calendar_days import DAY, add_months, next_working_day, working_day_before
from daemon.reading.times.clock_times import PARTS, clock_time, hours_later, likely_time
from daemon.reading.times.day_phrases import RESOLVERS, DayPhrase, Days
from daemon.reading.times.time_pieces import Piece, Sentence, ends_before, first_token, part_named, taken_apart, time_phrases
from daemon.reading.times.tokens import Token
from daemon.reading.times.zones import zone, zone_named
from daemon.reading.values import Due, TimeContext

_FIRST_YEAR, _LAST_YEAR = 1900, 9900  # of a mail's date; other dates leave no room to count
_LONGEST = timedelta(days=366 * 20)  # what lies further ahead is no due time
_MINUTE = timedelta(minutes=1)
_LAST_MINUTE = time(23, 59)
_STILL_TODAY = frozenset(("end_of_day", "night", "late_night", "midnight"))  # written late, they still mean today
_OF_TODAY = re.compile(r"(?:this|today'?s|earlier|heute)\b")
_BEGINNING_PARTS = frozenset(("first_thing", "early_morning"))  # of a week, they mean its first day
_UNITS = {"h": "hour", "hours": "hour", "days": "day", "weeks": "week", "month_unit": "month", "months": "month"}
_CLOCK_UNITS = frozenset(("minute", "hour"))
_PLAIN_MINUTES = frozenset((5, 10, 15, 20, 25, 30, 40, 45, 50, 60, 90))  # that go without the word: "in 20"
_LOOKED_AT = 60  # characters before a phrase that may say that it names no end


class DuePhrase(NamedTuple):
    """A due time as it stands in a sentence: its span there, and the moments meant."""

    start: int
    end: int
    due: Due
    names_day: bool = True  # whether a day is named, or an hour or a part of the day alone


class Writing(NamedTuple):
    """When a text was written: the moment (UTC), the wall clock by which its days are meant, and the zone of its clock times."""

    moment: datetime
    wall: datetime
    clock_zone: tzinfo | None = None  # None for the wall clock's

    @property
    def today(self) -> date:
        """The day on which it was written."""
        return self.wall.date()

    def at(self, day: date, clock: time) -> datetime:
        """Return the wall-clock time on that day; one that the clocks skip is moved on as RFC 5545 (3.3.5) says."""
        return self.of(datetime.combine(day, clock, self.wall.tzinfo))

    def of(self, moment: datetime) -> datetime:
        """Return the moment on the writer's wall clock."""
        return moment.astimezone(UTC).astimezone(self.wall.tzinfo)

    def is_past(self, moment: datetime) -> bool:
        """Tell whether it had passed at the moment of writing."""
        return moment.astimezone(UTC) < self.moment


def find_due_phrases(
    text: str, written: datetime, context: TimeContext, words: TimeWords, *, writers_clock: bool = False
) -> list[DuePhrase]:
    """Return every due time of a sentence, in order; `written` is the moment of writing, aware.

    With `writers_clock` the time zone of the context is not the writer's: "5 pm" in a mail from abroad is five o'clock there.
    """
    wall = written.replace(tzinfo=None)  # equal moments in different zones are not written at the same time of day
    return list(_found(text, wall, written.fold, written.tzinfo, context, words, writers_clock=writers_clock))


@lru_cache(maxsize=128)  # a sentence is asked for its times by each act in it, and for the deadline that it may state
def _found(
    text: str, wall: datetime, fold: int, own: tzinfo | None, context: TimeContext, words: TimeWords, *, writers_clock: bool
) -> tuple[DuePhrase, ...]:
    """Return the due times of a sentence that was written at a wall-clock time of the writer's own zone."""
    low, written = text.lower(), wall.replace(fold=fold, tzinfo=own)
    if len(low) != len(text) or not _FIRST_YEAR <= written.year <= _LAST_YEAR:  # offsets would no longer fit ("İ" becomes two)
        return ()
    sentence = taken_apart(low.replace("’", "'"), words)
    phrases = list(time_phrases(sentence))
    local = _wall_clock(written, context) if phrases else written
    abroad = writers_clock and bool(written.utcoffset()) and written.utcoffset() != local.utcoffset()
    writing = Writing(written.astimezone(UTC), local, written.tzinfo if abroad else None)
    dues: list[DuePhrase] = []
    for phrase in phrases:
        named = Phrase(phrase, sentence, low, words, context)
        due = _due(named, writing, written)
        if due is not None and not _is_no_end(named, started=due.earliest.date() <= writing.today):
            start, end = sentence.tokens[first_token(sentence, phrase)].start, phrase[-1].end
            names_day = any(p.kind in {"day", "offset"} for p in phrase)
            dues.append(DuePhrase(start, end, due._replace(quote=text[start:end]), names_day))
    return tuple(dues)


class Phrase(NamedTuple):
    """A time phrase where it stands: its pieces, its sentence, and the language and time context in which it is meant."""

    pieces: list[Piece]
    sentence: Sentence
    low: str
    words: TimeWords
    context: TimeContext

    def piece(self, kind: str) -> Piece | None:
        """Return the first piece of a kind."""
        return next((piece for piece in self.pieces if piece.kind == kind), None)


def _due(phrase: Phrase, writing: Writing, written: datetime) -> Due | None:
    """Return the due time of a phrase; None where it names none, or one beyond the calendar or far ahead.

    What would have passed when it was written is meant on the writer's own clock: "today", in the evening, further west. So is an
    hour without a day that has passed here and is still to come there.
    """
    try:
        due = _resolve(phrase, writing)
        passed = due is None or writing.is_past(due.due)
        rolled = due is not None and due.due.date() != writing.today and all(p.kind in {"clock", "part"} for p in phrase.pieces)
        if (passed or rolled) and written.utcoffset() and writing.wall.utcoffset() != written.utcoffset():
            there = _resolve(phrase, writing._replace(wall=written))
            due = there if due is None or passed or there is None else min(due, there, key=lambda d: d.due)
        if due is not None and timedelta() < writing.moment - due.due.astimezone(UTC) < _MINUTE:  # "today", a second to midnight
            now = writing.of(writing.moment)
            due = due._replace(due=now, latest=now)
        return due if due is None or due.due.astimezone(UTC) - writing.moment < _LONGEST else None
    except (OverflowError, ValueError):
        return None


def _wall_clock(written: datetime, context: TimeContext) -> datetime:
    """Return the moment in the context's time zone, or in the mail's own offset where the context names none.

    Where it is another day there than for the writer, the writer's wall clock is kept. An offset of zero is no sign of where the
    writer is: many servers write every date in UTC.
    """
    if not context.time_zone:
        return written
    local = written.astimezone(zone(context.time_zone))
    return written.replace(tzinfo=local.tzinfo) if written.utcoffset() and local.date() != written.date() else local


def _is_no_end(phrase: Phrase, *, started: bool) -> bool:
    """Tell whether the words name no end: "after Easter", "every Friday", or, of a time that has begun, "as discussed this morning"."""
    start, end, words = phrase.pieces[0].start, phrase.pieces[-1].end, phrase.words
    before = phrase.low[max(0, start - _LOOKED_AT) : start]
    if _any(words.never, before) or (started and _any(words.past, before)):
        return True
    names_day = phrase.piece("day") is not None
    return names_day and (_any(words.no_end, before) or any(pattern.match(phrase.low, end) for pattern in words.no_end_after))


def _any(patterns: tuple[re.Pattern[str], ...], before: str) -> bool:
    return any(pattern.search(before) for pattern in patterns)


def _resolve(phrase: Phrase, writing: Writing) -> Due | None:
    context, offset, day, clock = phrase.context, phrase.piece("offset"), phrase.piece("day"), phrase.piece("clock")
    if offset:
        return _offset(offset, writing, context)
    days = RESOLVERS[day.name](DayPhrase(day.groups, writing.wall, phrase.words, context)) if day else None
    if day and days is None:
        return None
    named = phrase.piece("part")
    part = part_named(named) if named else None
    if clock:
        return _clock_time(clock, days, part, writing, phrase)
    if part is not None:
        return _part_of_day(part, days, writing, phrase)
    if days is None:
        return None
    if days.first > writing.today and ends_before(phrase.sentence, phrase.pieces):
        if days.grain == "day":
            days = Days(writing.today, working_day_before(days.first, context), "day")
        elif days.before and days.before >= writing.today:
            days = Days(writing.today, days.before, "day")
    return _whole_days(days, writing, context)


def _whole_days(days: Days, writing: Writing, context: TimeContext) -> Due:
    """Return the due time of days without a clock time: the end of the last working day, or of today where that has passed."""
    due = writing.at(days.last, context.day_end)
    if days.last == writing.today and writing.is_past(due):
        due = writing.at(days.last, _LAST_MINUTE)
    return Due(writing.at(days.first, context.day_start), due, due, days.grain, "", 0.9)


def _part_of_day(part: str, days: Days | None, writing: Writing, phrase: Phrase) -> Due | None:
    """Return the due time of a part of the day; without a day, of the next one that is still to come.

    A part of today that has passed is none: "as you said this morning".
    """
    context, piece = phrase.context, phrase.pieces[0]
    first, last = PARTS[part](context)
    day = days.last if days else writing.today
    if days and days.grain != "day" and part in _BEGINNING_PARTS:
        day = days.first
    due = writing.at(day, last)
    if day == writing.today and writing.is_past(due):
        if part in _STILL_TODAY:
            due = max(due, writing.at(day, _LAST_MINUTE))
        elif days or _OF_TODAY.match(phrase.low, piece.start):
            return None
        else:
            due, day = writing.at(day + DAY, last), day + DAY
    elif days is None and piece.name == "in_the" and part == "morning" and writing.wall.time() > context.day_start:
        due, day = writing.at(day + DAY, last), day + DAY  # "in the morning", written in the morning, is tomorrow's
    return Due(writing.at(day, first), due, due, "part of day", "", 0.9)


def _clock_time(piece: Piece, days: Days | None, part: str | None, writing: Writing, phrase: Phrase) -> Due | None:
    """Return the due time of a clock time; None for a bare number that need not be one. A span of hours ends with its last one."""
    context = phrase.context
    clock = clock_time(piece.name, piece.groups)
    if clock is None or (days is None and part is None and piece.name in {"bare", "bare_range"}):
        return None
    end = clock.time if clock.certain else likely_time(clock.time, part, context)
    day = days.last if days else writing.today
    due = _on_wall_clock(day, end, piece, writing)
    if days is None and writing.is_past(due):
        if part is not None and _OF_TODAY.match(phrase.low, phrase.pieces[0].start):  # "it came this morning at 8"
            return None
        day += DAY
        due = _on_wall_clock(day, end, piece, writing)
    elif days is not None and day == writing.today and writing.is_past(due):
        later = _on_wall_clock(day, hours_later(end, 12), piece, writing)
        if clock.certain or writing.is_past(later):  # "today at 9", written at 10: the day is still meant
            return _whole_days(days, writing, context)
        due = later
    begins = _on_wall_clock(day, clock.begins_before(due.time()), piece, writing) if clock.begins else due
    return Due(min(begins, due), due, due, "minute", "", 0.92 if clock.certain or days else 0.7)


def _on_wall_clock(day: date, clock: time, piece: Piece, writing: Writing) -> datetime:
    """Return the clock time on that day, in the zone that is named beside it or else in the writer's."""
    name = piece.groups.get("zone")
    wall = datetime.combine(day, clock)
    own = writing.clock_zone or writing.wall.tzinfo
    return writing.of(wall.replace(tzinfo=zone_named(str(name.value), wall, own) if name else own))


def _offset(piece: Piece, writing: Writing, context: TimeContext) -> Due | None:
    """Return the due time of an offset from the moment of writing: in two hours, in 2-3 days, in 20; None where it is too vague to count."""
    groups, named = piece.groups, piece.groups.get("unit")
    unit = _UNITS.get(named.kind, named.kind) if named else "minute"
    counts, working = _offset_counts(groups, unit), groups.get("working") is not None
    if (
        counts is None or (working and unit == "hour") or (named is None and counts[0] not in _PLAIN_MINUTES)
    ):  # whose working hours, the words alone do not tell
        return None
    early, late = (_after(count, unit, writing, context, working=working) for count in counts)
    if unit in _CLOCK_UNITS:
        return Due(
            early if counts[0] < counts[1] or not named else writing.of(writing.moment),
            late,
            late,
            unit,
            "",
            0.92 if named else 0.7,
        )
    first = early.date() if counts[0] < counts[1] else writing.today
    return _whole_days(Days(first, late.date(), "week" if unit == "fortnight" else unit), writing, context)


def _after(count: float, unit: str, writing: Writing, context: TimeContext, *, working: bool) -> datetime:
    """Return the moment so many units after the moment of writing; of days and longer, any moment of that day."""
    if unit in _CLOCK_UNITS:
        return writing.of(writing.moment + timedelta(minutes=count if unit == "minute" else 60 * count))
    day = writing.today
    if working and unit == "day":
        for _ in range(min(int(count), 366)):
            day = next_working_day(day, context)
    elif unit in {"month", "year"}:
        day = add_months(day, int(count) * (12 if unit == "year" else 1))
    else:
        day += timedelta(days=count * {"day": 1, "week": 7, "fortnight": 14}[unit])
    return datetime.combine(day, time(12), UTC)


def _offset_counts(groups: Mapping[str, Token | None], unit: str) -> tuple[float, float] | None:
    """Return the least and the most of the units that an offset names; None where it is too vague.

    "two" is 2 and 2, "an hour or two" 1 and 2, "2-3 days" 2 and 3, "half an hour" 0.5 and 0.5.
    """
    number, upper = groups.get("half") or groups.get("n"), groups.get("upper")
    least = _count(number) if number else 1
    most = _count(upper) if upper else least
    vague = number is not None and number.kind == "few" and unit not in {"minute", "hour", "day"}
    if most < least or vague:
        return None
    extra = 0.5 if groups.get("andhalf") else 0
    return least + extra, most + extra + (1 if groups.get("orso") else 0)


def _count(token: Token) -> float:
    return float(token.value) if not isinstance(token.value, tuple) else 0
