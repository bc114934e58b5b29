"""The times that a sentence mentions, each put on the day that is meant: "Tuesday or Wednesday at 10 or 11" are four.

A day gets the hours beside it, or those of a day that it is listed with; an hour without a day gets that of its neighbours, or one
spoken of before. Bare weekdays in a row follow each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from daemon.reading.times.calendar_days import DAY, monday_of
from daemon.reading.times.clock_times import PARTS, ClockTime, likely_time
from daemon.reading.times.day_phrases import day_told
from daemon.reading.times.mentions import Mention, Mentions
from daemon.reading.times.zones import zone_named
from daemon.reading.values import ProposedTime, TimeContext

_WEEK = timedelta(days=7)
_BACK = timedelta(days=2)  # a day instead of another lies at most so long before it
_LISTED = frozenset({"or", "comma"})
_OF_WEEK = re.compile(r"\b(?:week|wk|woche)\b")
_APART = re.compile(r"[;:?!.]|\bbut\b|\baber\b")
_OF_TODAY = re.compile(r"\b(?:this|tonight|heute)\b")
_EARLY = re.compile(r"\b(?:early|frühe[nrms]?)\b[\w ]{0,8}$")
_LATE = re.compile(r"\b(?:late|later|späte[nrms]?)\b[\w ]{0,8}$")
_SAYS = re.compile(
    r",? ?(?:say|so|perhaps|maybe|sagen wir|zum beispiel|z\. ?b\.|am besten|ideally) (?:at |um |so |about |around |gegen )*"
)
_PART = re.compile(r"\w+\W?$")
_MOST_DAYS = 6  # after the first one of a span of days whose hours are told one by one
_EITHER_HALF = frozenset({6, 7})  # "at 7" is before work or in the evening; "um 7 Uhr" is before work
_NO_WINDOW = frozenset({"end_of_day", "midnight"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """Mentions that stand side by side, "Thursday at 10", and how they are joined to those before: or | comma | tight | far."""

    mentions: tuple[Mention, ...]
    link: str
    stance: str = (
        ""  # of the sentence to it: wanted | refused | left (it is to be moved) | stated | told (nobody knows by which), or ""
    )

    def of(self, kind: str) -> Mention | None:
        """Return the mention of that kind: day | clock | part."""
        return next((m for m in self.mentions if m.kind == kind), None)

    @property
    def start(self) -> int:
        """Where it begins in the sentence."""
        return self.mentions[0].start

    @property
    def end(self) -> int:
        """Where it ends in the sentence."""
        return self.mentions[-1].end

    @property
    def day(self) -> Mention | None:
        """The days that it names."""
        return self.of("day")

    @property
    def hours(self) -> Mention | None:
        """The hour, or else the part of a day, that it names."""
        return self.of("clock") or self.of("part")

    @property
    def is_hour_told(self) -> bool:
        """Whether it is an hour alone that another one tells: "an hour later"."""
        hour = self.of("clock")
        return self.day is None and hour is not None and hour.told is not None

    @property
    def is_deadline(self) -> bool:
        """Whether it is "by 10", "until Friday" or "from Monday"."""
        bounds = [(m.kind, m.bound) for m in self.mentions if m.bound]
        return any(bound == "by" or kind == "day" for kind, bound in bounds)

    @property
    def day_comes_first(self) -> bool:
        """Whether the hour follows the day: "Thursday at 10", not "10 on Thursday"."""
        return self.mentions[0].kind == "day"


class Slot(NamedTuple):
    """What a phrase names: the days from `first` to `last`, or the hours of a phrase there."""

    phrase: Phrase
    first: date
    last: date
    hours: Phrase | None


def phrases_of(found: Mentions) -> list[Phrase]:
    """Return the mentions of a sentence, those joined that stand side by side."""
    phrases: list[Phrase] = []
    for place, m in enumerate(found.all):
        last, gap = phrases[-1] if phrases else None, found.gap(found.all[place - 1], m) if place else "far"
        following = found.all[place + 1] if place + 1 < len(found.all) else None
        has_own_hours = m.kind == "day" and following is not None and following.kind != "day" and found.gap(m, following) != "far"
        listed = gap == "comma" and (has_own_hours or (m.kind == "part" and last is not None and last.of("clock") is not None))
        says = last and m.kind == "clock" and last.of("part") and _SAYS.fullmatch(found.line[last.end : m.start])
        if last and (gap in {"tight", "comma"} or says) and not listed and last.of(m.kind) is None:
            phrases[-1] = replace(last, mentions=(*last.mentions, m))
        else:
            phrases.append(Phrase((m,), gap))
    return phrases


def in_order(
    found: Mentions, phrases: Sequence[Phrase], week: date | None, instead_of: date | None, other: date | None
) -> Iterator[Phrase]:
    """Yield the phrases with each bare weekday on the first such day after the day before it, or in the week spoken of.

    `week` is a day of that week; without it and without a day before, a bare weekday is one near the day `instead_of` which it is. A
    day may be told by the one before it, or else by `other`: "the following day".
    """
    least = monday_of(week) if week else instead_of - _BACK if instead_of else None
    refused: date | None = None
    for place, p in enumerate(phrases):
        day, is_refused = p.day, p.stance == "refused"
        if day is None:
            yield p
            continue
        day = _told_by(other, day)
        if day is None:
            told_again = len(p.mentions) == 1 and any(f.day and not f.day.told for f in phrases[place + 1 :])
            yield from () if told_again else (replace(p, stance="told"),)  # "a day earlier, on the 11th"
            continue
        beside = next((f.day for f in phrases[place + 1 :] if f.day), None)
        if day.is_bare:
            start = _week_beside(found, p, beside) or ((refused or least) if is_refused else least)
            day = day.later(max(0, -((day.first - start).days // 7)) * _WEEK) if start else day
        if is_refused and day.is_bare:
            refused = day.first
        elif p.stance or day.grain == "week" or (day.first != day.last and not day.is_choice):
            least = monday_of(day.first) if day.grain == "week" else day.first - (_BACK if is_refused else timedelta())
        other = day.last
        yield replace(p, mentions=tuple(day if m.kind == "day" else m for m in p.mentions))


def _told_by(other: date | None, day: Mention) -> Mention | None:
    """Return a day, put where the one before it says if it is told by that; None where nobody knows by which."""
    if day.told is None:
        return day
    days = day_told(day.told, other) if other else None
    return replace(day, first=days.first, last=days.last, grain=days.grain) if days else None


def _week_beside(found: Mentions, p: Phrase, beside: Mention | None) -> date | None:
    """Return the Monday of a week that is named after a weekday: "Tuesday or Thursday next week"."""
    is_week = beside is not None and not beside.is_bare and _OF_WEEK.search(found.line[beside.start : beside.end])
    return monday_of(beside.first) if beside and is_week and not _APART.search(found.line[p.end : beside.start]) else None


def placed(phrases: Sequence[Phrase], stance: str, before: Sequence[date]) -> Iterator[Slot]:
    """Yield the slots of the phrases of a stance; an hour whose day nobody knows is none. `before` are the days spoken of before."""
    attached = {place: _days_beside(phrases, place) for place, p in enumerate(phrases) if p.day is None and p.stance == stance}
    with_hours = {d for days in attached.values() for d in days}
    for place, p in enumerate(phrases):
        if p.stance != stance:
            continue
        if p.day is None:
            spans = [s for d in attached[place] for s in _spans(phrases[d])] or [(d, d) for d in before]
            yield from (Slot(p, *s, p) for s in spans)
        elif p.hours is not None or place not in with_hours:
            yield from (Slot(p, *s, p if p.hours is not None else _shared_hours(phrases, place)) for s in _spans(p))


def _spans(p: Phrase) -> list[tuple[date, date]]:
    """Return the first and last day of each choice that a phrase leaves."""
    day = p.day
    if day is None:
        return []
    return [(day.first, day.first), (day.last, day.last)] if day.is_choice else [(day.first, day.last)]


def _days_beside(phrases: Sequence[Phrase], place: int) -> list[int]:
    """Return the phrases whose days an hour without one belongs to: 2 or 3 on Thursday, Monday or Tuesday after 2."""
    following = phrases[place + 1 : place + 2]
    beside = following[0] if following and following[0].link in _LISTED else None
    if beside and beside.day and not beside.day_comes_first and not any(m.told for m in beside.mentions):
        return [place + 1]
    hours_refused = any(p.stance == "refused" and p.hours for p in phrases)
    usable = [k for k, p in enumerate(phrases) if p.day and not p.is_deadline and (p.stance != "refused" or hours_refused)]
    usable = [k for k in usable if phrases[k].stance == phrases[place].stance] or usable
    days = [k for k in usable if (day := phrases[k].day) and day.grain == "day"] or usable
    near = [k for k in days if k < place][-1:] or days[:1]
    while near and near[0] - 1 in days and phrases[near[0]].link in _LISTED and phrases[near[0] - 1].hours is None:
        near = [near[0] - 1, *near]
    return near


def _shared_hours(phrases: Sequence[Phrase], place: int) -> Phrase | None:
    """Return the hours of another day with which a day is listed: "Tuesday or Wednesday at 10", "10 on Monday or Tuesday"."""
    for p in phrases[place + 1 :]:
        if p.link not in _LISTED or p.day is None:
            break
        if p.hours is not None:
            return p if p.day_comes_first else None
    last = phrases[place - 1] if place else None
    return last if last and phrases[place].link == "or" and last.day and last.hours and not last.day_comes_first else None


def windows(slot: Slot, found: Mentions, writer: datetime, context: TimeContext) -> Iterator[ProposedTime]:
    """Yield a slot as a moment or, where it leaves a choice, a window from the moment of writing (`writer`, on the clock that is meant) on."""
    if found.zone:
        writer = writer.astimezone(zone_named(found.zone, writer.replace(tzinfo=None), writer.tzinfo))
    if slot.hours is None:
        spans = [(_at(slot.first, context.day_start, writer), _at(slot.last, context.day_end, writer))]
    else:
        days = [slot.first + n * DAY for n in range(min((slot.last - slot.first).days, _MOST_DAYS) + 1)]
        workdays = days if len(days) == 1 else [d for d in days if d.weekday() in context.working_days]
        spans = [s for day in workdays if (s := _hours(day, slot.hours, found, writer, context)) is not None]
    for start, end in spans:
        if start <= end:
            begin = writer if start < writer < end else start
            yield ProposedTime(begin.astimezone(UTC), end.astimezone(UTC) if start < end else None)


def _hours(
    day: date, phrase: Phrase, found: Mentions, writer: datetime, context: TimeContext
) -> tuple[datetime, datetime] | None:
    """Return the start and end of the hours of a phrase on a day, the same for a moment; None for what is no window."""
    mention, part = phrase.of("clock"), phrase.of("part")
    if mention is not None and mention.clock is not None:
        first, last = _on_clock(mention.clock, part.part if part else None, context)
        told = mention.clock
        if mention.bound != "until" and part is None and not told.certain and not told.begins and told.time.hour in _EITHER_HALF:
            if "uhr" not in found.line[mention.start : mention.end]:
                return None
            first = last = told.time
        zone = mention.zone and zone_named(mention.zone, datetime.combine(day, last), writer.tzinfo)
        start, end = (datetime.combine(day, t, zone or writer.tzinfo) for t in (first, last))
        return _bounded(start, end, mention.bound, writer, context)
    if part is None or part.part in _NO_WINDOW:
        return None
    start, end = (_at(day, t, writer) for t in PARTS[part.part](context))
    bound = "until" if found.line.startswith("before", part.start) else part.bound
    if start == end or bound:
        return _bounded(start, start, bound, writer, context)
    half, words = (end - start) / 2, _PART.sub("", found.line[: part.end])
    return (start + half if _LATE.search(words) else start), (end - half if _EARLY.search(words) else end)


def _on_clock(told: ClockTime, part: str | None, context: TimeContext) -> tuple[time, time]:
    """Return the hours of a span, or twice that of a moment."""
    last = told.time if told.certain else likely_time(told.time, part, context)
    return told.begins_before(last) if told.begins else last, last


def _bounded(
    start: datetime, end: datetime, bound: str, writer: datetime, context: TimeContext
) -> tuple[datetime, datetime] | None:
    """Return a span of hours, or one that an hour begins or ends; None for one after the end of the day."""
    closes = _at(start.date(), context.day_end, writer)
    if bound == "from":
        return (start, closes) if start < closes else None
    return (_at(start.date(), context.day_start, writer), start) if bound == "until" else (start, end)


def _at(day: date, clock: time, writer: datetime) -> datetime:
    return datetime.combine(day, clock, writer.tzinfo)


def names_today(phrase: Phrase, found: Mentions) -> bool:
    """Return whether a part of a day is one of the day of writing: "this afternoon", "tonight"."""
    return phrase.day is None and _OF_TODAY.search(found.line[phrase.start : phrase.end]) is not None
