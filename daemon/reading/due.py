"""Due times: how people say when, resolved to moments, or nothing at all where the words leave it open.

A phrase is made of pieces that stand side by side: a day ("by Friday", "the 3rd", "end of next week"), a part of the day
("first thing", "afternoon", "COB"), a clock time ("3pm", "half past three") or an offset ("in two hours"). Each piece has
one pattern; what may stand between pieces is a fixed set of small words. Conventions are the contract's (section 3): a day
without a clock time ends with the working day, "Friday" said on a Friday is a week later, weeks start on Monday.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from daemon.reading.days import CLOCKS, DAY, DAYS, PARTS, Day, months_on, next_working_day, working_day_before
from daemon.reading.days import count as count_of
from daemon.reading.types import Due, Frame
from daemon.reading.words import Words

_ZONES = {
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
}


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    kind: str  # day | part | clock | offset
    name: str
    match: re.Match[str]


def find(text: str, at: datetime, frame: Frame, words: Words) -> list[tuple[int, int, Due]]:
    """Every due time in a sentence: its span there and the moments meant. `at` is when it was written, aware."""
    low = text.lower()
    if len(low) != len(text) or not _worth_a_look(low, words):
        return []
    local = _as_written(at, frame)
    found = []
    for phrase in _phrases(low, _compiled(words), _at_hand(low, words)):
        try:
            resolved = _resolve(phrase, low, local, frame, words)
        except (OverflowError, ValueError):  # a date beyond the calendar
            continue
        if resolved is not None and not _after(low, phrase, words):
            start, end = _with_lead(low, phrase, _compiled(words).lead)
            found.append((start, end, resolved._replace(quote=text[start:end])))
    return found


_WORD = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")


# What a piece's pattern cannot do without, by the name of its resolver: saves trying most patterns on most sentences.
_NEEDS = {
    "feast": "feast",
    "weekday": "weekday",
    "nth_weekday": "weekday",
    "date": "month",
    "week_of": "month",
    "named_month": "month",
    "numeric": "digit",
    "iso": "digit",
    "dotted": "digit",
    "offset": "unit",
    "digital": "digit",
}


def _at_hand(low: str, words: Words) -> frozenset[str]:
    """Which of the needs this sentence meets."""
    said = frozenset(_WORD.findall(low))
    tables = {"weekday": words.weekdays, "month": words.months, "unit": words.units, "feast": words.feast_words}
    met = {need for need, table in tables.items() if not said.isdisjoint(table)}
    return frozenset(met | {"digit"} if _DIGIT.search(low) else met)


def _worth_a_look(low: str, words: Words) -> bool:
    return _DIGIT.search(low) is not None or not words.hints.isdisjoint(_WORD.findall(low))


def _as_written(at: datetime, frame: Frame) -> datetime:
    """The moment on the clock of the frame's zone, or on the mail's own where the frame names none.

    Where the writer's day is another one than the frame's, the writer's counts.
    """
    if not frame.time_zone:
        return at
    local = at.astimezone(_zone(frame.time_zone))
    return at.replace(tzinfo=local.tzinfo) if at.utcoffset() and local.date() != at.date() else local


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
            r"(?<![\w/.$£€-])(?:"
            + pattern.replace("{weekday}", _any(words.weekdays))
            .replace("{month}", _any(words.months))
            .replace("{number}", _any(words.numbers) + r"|\d{1,3}(?:\.\d)?")
            .replace("{unit}", _any(words.units))
            .replace("{feast}", _any(words.feasts) or "(?!)")
            + r")(?![\w/])(?!\.\d)"
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


def _phrases(low: str, compiled: _Compiled, at_hand: frozenset[str]) -> Iterator[list[_Piece]]:
    """Neighbouring pieces of different kinds, taken together."""
    pieces = _longest(
        [
            _Piece(m.start(), m.end(), kind, name, m)
            for kind, name, pattern in compiled.pieces
            if _NEEDS.get(name, "digit") in at_hand or name not in _NEEDS
            for m in pattern.finditer(low)
        ]
    )
    phrase: list[_Piece] = []
    for piece in pieces:
        if _HALVES.fullmatch(piece.match.group()) and not (
            phrase and phrase[-1].kind == "day" and compiled.between.fullmatch(low, phrase[-1].end, piece.start)
        ):
            continue  # "I am", not "tomorrow am"
        fits = (
            phrase and piece.kind not in {p.kind for p in phrase} and compiled.between.fullmatch(low, phrase[-1].end, piece.start)
        )
        if fits and "offset" not in {piece.kind, *(p.kind for p in phrase)}:
            phrase.append(piece)
        elif phrase and piece.kind == phrase[0].kind == "part" and compiled.between.fullmatch(low, phrase[-1].end, piece.start):
            phrase.append(piece)  # "first thing tomorrow morning": the first part says more
        else:
            if phrase:
                yield phrase
            phrase = [piece]
    if phrase:
        yield phrase


_HALVES = re.compile(r"[ap]\.?m\.?")


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


def _after(low: str, phrase: list[_Piece], words: Words) -> bool:
    """Whether the words only say from when on: "after Easter" names no end."""
    names_day = any(p.kind == "day" for p in phrase)
    return (
        names_day
        and re.search(rf"\b(?:{words.after})\s+(?:the\s+)?$", low[max(0, phrase[0].start - 30) : phrase[0].start]) is not None
    )


def _resolve(phrase: list[_Piece], low: str, at: datetime, frame: Frame, words: Words) -> Due | None:
    by_kind = {p.kind: p for p in reversed(phrase)}
    if "offset" in by_kind:
        return _offset(by_kind["offset"].match, at, frame, words)
    day = DAYS[by_kind["day"].name](by_kind["day"].match, at, words, frame) if "day" in by_kind else None
    if "day" in by_kind and day is None:
        return None
    part = by_kind["part"].name if "part" in by_kind else None
    if "clock" in by_kind:
        return _clock(by_kind["clock"], day, part, at, frame, words)
    if part is not None:
        return _part(part, day, at, frame)
    if day is None:
        return None
    if day.grain == "day" and re.match(rf"(?:{words.before})\b", low[_with_lead(low, phrase, _compiled(words).lead)[0] :]):
        day = Day(at.date(), working_day_before(day.first, frame), "day") if day.first > at.date() else day
    return _whole_days(day, at, frame)


def _whole_days(day: Day, at: datetime, frame: Frame) -> Due:
    due = _at(day.last, frame.day_end, at)
    if due < at and day.last == at.date():
        due = _at(day.last, time(23, 59), at)
    return Due(_at(day.first, frame.day_start, at), due, due, day.grain, "", 0.9)


_OF_TODAY = frozenset(("end_of_day", "night", "late_night", "midnight"))  # said late, they still mean today


def _part(part: str, day: Day | None, at: datetime, frame: Frame) -> Due | None:
    first, last = PARTS[part](frame)
    on = day.last if day else at.date()
    due = _at(on, last, at)
    if day is None and due <= at:
        if part in _OF_TODAY:
            due = max(due, _at(on, time(23, 59), at))
        else:
            due, on = due + DAY, on + DAY
    elif day is None and part == "coming_morning" and at.time() > frame.day_start:
        due, on = due + DAY, on + DAY  # "in the morning", said in the morning, is tomorrow's
    return Due(_at(on, first, at), due, due, "part of day", "", 0.9)


def _clock(piece: _Piece, day: Day | None, part: str | None, at: datetime, frame: Frame, words: Words) -> Due | None:
    clock = CLOCKS[piece.name](piece.match, words)
    if clock is None:
        return None
    moment, sure = clock
    if not sure and part is not None:
        shift = words.ampm.get(part, 0)
        moment = _shifted(moment, shift)
    elif not sure and moment.hour < frame.day_start.hour - 1:
        moment = _shifted(moment, 12)
    if day is None and not sure and part is None and not _CLOCK_SIGN.search(piece.match.group()):
        return None
    zone = piece.match.groupdict().get("zone")
    due = _at(day.last if day else at.date(), moment, at)
    if zone:
        offset = timedelta(hours=_ZONES[zone])
        due = datetime.combine(due.date(), moment, UTC) - offset
    if day is None and due < at:
        due += DAY
    return Due(due, due, due, "minute", "", 0.92 if sure or day else 0.7)


_CLOCK_SIGN = re.compile(
    r"^(?:at|by|before|around|about|until|um|bis|gegen|vor)\b|@|[:.]\d|ish\b|clock|uhr|half|halb|quarter|viertel|past"
)


def _shifted(moment: time, hours: int) -> time:
    return moment.replace(hour=moment.hour + hours) if hours and moment.hour < 12 else moment


_WORKING = re.compile("business|working|werktag|arbeitstag")


def _offset(match: re.Match[str], at: datetime, frame: Frame, words: Words) -> Due | None:
    groups = match.groupdict()
    count = count_of(groups.get("n"), words)
    unit = words.units[groups["unit"]]
    if (
        count is None
        or match.group().startswith("24/7")
        or (groups.get("n") in words.vague and unit not in {"minute", "hour", "day"})
    ):
        return None
    count += 1 if groups.get("or_two") else 0.5 if groups.get("and_half") else 0
    if groups.get("half") or (groups.get("n") or "").startswith("half"):
        count = 0.5
    if unit == "fortnight":
        count, unit = 2 * count, "week"
    if unit == "hour" and _WORKING.search(match.group()):
        return None  # hours of somebody's work, which the words alone do not tell
    if unit in {"minute", "hour"}:
        due = at + timedelta(minutes=count) if unit == "minute" else at + timedelta(hours=count)
        return Due(at, due, due, unit, "", 0.92)
    if _WORKING.search(match.group()):
        day = at.date()
        for _ in range(int(count)):
            day = next_working_day(day, frame)
    elif unit in {"day", "week"}:
        day = at.date() + timedelta(days=count * (7 if unit == "week" else 1))
    else:
        day = months_on(at.date(), int(count) * (12 if unit == "year" else 1))
    return _whole_days(Day(at.date(), day, unit), at, frame)


def _at(day: date, clock: time, at: datetime) -> datetime:
    return datetime.combine(day, clock, at.tzinfo)


@lru_cache(maxsize=128)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
