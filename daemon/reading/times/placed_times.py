"""Times that stand together in a sentence, each put on the day that is meant: "Tuesday or Wednesday at 10 or 11" are four.

The grammar reads each time phrase by itself. Here a day gets the hours that follow it or stand beside another day that it is joined to,
an hour without a day gets that of its neighbours or one spoken of before, and bare weekdays in a row follow each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from daemon.reading.languages.time_words import TimeWords
from daemon.reading.times.due_times import DuePhrase, find_due_phrases
from daemon.reading.values import Due, ProposedTime, TimeContext

_WEEK = timedelta(days=7)
_BACK = timedelta(days=2)  # a day instead of another lies at most so long before it
_AHEAD = 6  # weeks that a bare weekday may be moved on by
_GRAINS = frozenset({"day", "part of day", "minute", "week"})
_JOINED = re.compile(
    r"\s*(?:then|bitte)?\s*(?:,|and|or|und|oder|/|,\s*(?:or|oder|and|und))?\s*(?:either|on|am|the|dem|den|each|both|jeweils)?\s*"
)
_LEADS = re.compile(r"(?:(?:about|around|for|our|mit|in for)\s+)+")
_CHOICE = re.compile(r"\b(?:or|oder|and|und)\b")
_OF_WEEK = re.compile(r"\b(?:next|this|following|nächste\w*|kommende\w*|diese\w*) (?:week|woche)\b")
_UNTIL = re.compile(r"\b(?:until|till?|before|bis|(?<!viertel )vor)\b")
_FROM = re.compile(
    r"(?<!quarter )(?<!viertel )(?<!ten )(?<!five )(?<!twenty )(?<!zehn )(?<!fünf )(?<!zwanzig )\b(?:after|from|onwards?|ab|nach)\b"
)
_NEAR = re.compile(
    r"\b(?:today|tomorrow|tonight|this|next|coming|week|heute|morgen|übermorgen|nächste\w*|diese\w*|kommende\w*|woche)\b"
)
_OF_TODAY = re.compile(r"\b(?:this|today|tonight|heute)\b")
_OFFSET = re.compile(r"\b(?:minutes?|mins?|hours?|hrs?|days?|minuten?|stunden?|tage?n?)\b")


@dataclass(frozen=True, slots=True)
class NamedTime:
    """A time in a sentence: its span and words there, what it means, and whether a day is named with it."""

    start: int
    end: int
    words: str
    due: Due
    names_day: bool

    @property
    def day(self) -> date:
        """The last day of it, by the writer's calendar."""
        return self.due.due.date()

    @property
    def names_clock(self) -> bool:
        """Whether it tells an hour or a part of the day."""
        return self.due.grain in {"minute", "part of day"}

    def moved(self, days: timedelta) -> NamedTime:
        """Return the same time so many days later."""
        due = self.due
        return replace(self, due=due._replace(earliest=due.earliest + days, due=due.due + days, latest=due.latest + days))


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes when: their words for times, the moment on their clock (aware), and how they mean times."""

    words: TimeWords
    written: datetime
    context: TimeContext

    def named(self, line: str) -> list[NamedTime]:
        """Return the times of a line in lower case, in order; months and spans from now on are none."""
        return [
            NamedTime(phrase.start + _lead(words), phrase.end, words[_lead(words) :], phrase.due, phrase.names_day)
            for phrase in self._phrases(line)
            for words in [line[phrase.start : phrase.end]]
            if phrase.due.grain in _GRAINS and not _OFFSET.search(words)
        ]

    def on(self, day: date, named: NamedTime) -> NamedTime | None:
        """Return an hour or a part of the day on that day; None where the grammar makes nothing of it."""
        found = self._phrases(f"{day.isoformat()} {named.words}")
        return replace(named, due=found[0].due, names_day=True) if len(found) == 1 and found[0].due.due.date() == day else None

    def later(self, named: NamedTime, weeks: int) -> NamedTime:
        """Return what a bare weekday would mean so many weeks later; any other time as it is."""
        day = named.day + weeks * _WEEK
        found = [p for p in self._phrases(named.words, weeks * _WEEK) if p.due.due.date() == day]
        return replace(named, due=found[0].due) if found else named

    def is_bare(self, named: NamedTime) -> bool:
        """Return whether a day is a weekday alone, without a date or a word like "next"."""
        return not _NEAR.search(named.words) and self.later(named, 1) != named

    def _phrases(self, line: str, later: timedelta = timedelta()) -> list[DuePhrase]:
        return find_due_phrases(line, self.written + later, self.context, self.words)


def placed(
    line: str,
    named: Sequence[NamedTime],
    writer: Writer,
    before: Sequence[date],
    instead_of: date | None,
    *,
    may_be_today: bool,
) -> Iterator[NamedTime]:
    """Yield the times of a line, each on its day; an hour whose day nobody knows is none.

    `before` are the days spoken of before; without any, `may_be_today` puts an hour that is still to come on the day of writing.
    `instead_of` is the day that was refused last: bare weekdays are those near it.
    """
    last: NamedTime | None = None
    days: list[NamedTime] = []
    for place, n in enumerate(named):
        following = named[place + 1 :]
        if n.names_day:
            last = in_order(n, last, following, writer, instead_of)
            joined = bool(days) and not named[place - 1].names_clock and _are_joined(line, named[place - 1], n)
            days = [*(days if joined else ()), *_each(last)]
            if n.names_clock:
                yield from (_same_time(day, last) for day in days)
            elif not _hours_follow(line, n, following):
                yield from (day for day in days if n.due.grain != "week" or not _day_follows(following))
        elif _OF_TODAY.search(n.words):
            yield n
        else:
            yield from _without_day(n, days, following, writer, before, may_be_today=may_be_today)


def _without_day(
    n: NamedTime,
    days: Sequence[NamedTime],
    following: Sequence[NamedTime],
    writer: Writer,
    before: Sequence[date],
    *,
    may_be_today: bool,
) -> Iterator[NamedTime]:
    """Yield an hour on the days named with it, else on the one named next, else on those spoken of before."""
    ahead = [f.day for f in following if f.names_day and f.due.grain != "week"][:1]
    on = [day.day for day in days if day.due.grain != "week"] or ahead or list(before)
    if on:
        yield from (p for day in on if (p := writer.on(day, n)) is not None)
    elif may_be_today and n.due.grain == "minute" and n.day == writer.written.date():
        yield n


def _are_joined(line: str, one: NamedTime, other: NamedTime) -> bool:
    return _JOINED.fullmatch(line[one.end : other.start]) is not None


def _hours_follow(line: str, n: NamedTime, following: Sequence[NamedTime]) -> bool:
    """Tell whether a day has its hours after it: "Thursday, 2 or 3 pm", or with a day that it is joined to."""
    for f in following:
        if not f.names_day:
            return True
        if not _are_joined(line, n, f):
            return False
        if f.names_clock:
            return True
        n = f
    return False


def _day_follows(following: Sequence[NamedTime]) -> bool:
    """Tell whether a day of a week is named after the week: "next week, say Friday"."""
    return any(f.names_day and not _NEAR.search(f.words) for f in following)


def _each(n: NamedTime) -> list[NamedTime]:
    """Return the two days of a time that names a choice, "the 12th or the 13th"; any other as it is."""
    first, last = n.due.earliest.date(), n.due.due.date()
    if n.due.grain != "day" or first == last or not _CHOICE.search(n.words):
        return [n]
    start = replace(n, due=n.due._replace(due=n.due.due - (last - first), latest=n.due.due - (last - first)))
    return [start, start.moved(last - first)]


def _same_time(day: NamedTime, clock: NamedTime) -> NamedTime:
    """Return the hour of another day on this one."""
    return replace(clock.moved(day.day - clock.day), start=day.start, end=day.end)


def in_order(
    n: NamedTime, last: NamedTime | None, following: Sequence[NamedTime], writer: Writer, instead_of: date | None
) -> NamedTime:
    """Return a day that is named among others: a bare weekday is the first after the day before it, or in the week named beside it.

    Without these it is one near the day that it is named instead of.
    """
    if _NEAR.search(n.words) or n.due.grain == "week":
        return n
    beside = next((f for f in following[:1] if _OF_WEEK.search(f.words)), None)
    week = last if last is not None and last.due.grain == "week" else beside
    near = instead_of - _BACK if instead_of else n.day
    first = week.due.earliest.date() if week else last.day if last else near
    least = first - timedelta(days=first.weekday()) if week else first
    weeks = next((k for k in range(_AHEAD + 1) if n.day + k * _WEEK >= least), 0)
    return writer.later(n, weeks) if weeks else n


def window(n: NamedTime, writer: Writer) -> ProposedTime | None:
    """Return a time as a point or, where it leaves a choice, as a window that begins after the moment of writing; None without any time in it."""
    start, end = n.due.earliest, n.due.due
    if n.due.grain in {"minute", "part of day"} and start == end and _UNTIL.search(n.words):
        start = _at(end, writer.context.day_start)
    elif start == end and _FROM.search(n.words):
        end = _at(end, writer.context.day_end)
        if end <= start:
            return None
    if start < end and start < writer.written < end:
        start = writer.written
    return ProposedTime(start.astimezone(UTC), None if start >= end else end.astimezone(UTC))


def _at(moment: datetime, clock: time) -> datetime:
    return datetime.combine(moment.date(), clock, moment.tzinfo)


def _lead(words: str) -> int:
    """Return how many characters of a time phrase are words that also mean something else: "how about Friday", "around at 3"."""
    lead = _LEADS.match(words)
    return lead.end() if lead else 0
