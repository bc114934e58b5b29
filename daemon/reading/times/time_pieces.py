"""Find the pieces of time phrases in a sentence (days, parts of the day, clock times, offsets) and join those that belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from daemon.reading.languages.time_words import TimeWords
from daemon.reading.times.zones import PATTERN as ZONE_NAMES

_WORD = re.compile(r"[^\W\d_]+")
_MAX_BETWEEN = 60  # characters between two pieces of one phrase
_DIGIT = re.compile(r"\d")
_AM_OR_PM = re.compile(r"[ap]\.?m\.?")
# What the pattern of a piece cannot match without, by the piece's name; most patterns need not be tried on most sentences.
_NEEDS = {
    "feast": "feast",
    "weekday": "weekday",
    "date": "month",
    "week_of": "month",
    "named_month": "month",
    "numeric": "digit",
    "iso": "digit",
    "dotted": "digit",
    "offset": "unit",
    "digital": "digit",
    "range": "digit",
    "calendar_week": "digit",
    "weeks_from": "unit",
    "next_working_day": "unit",
    "nth_of_week": "unit",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a phrase: its span, its kind, and the name of what resolves it."""

    start: int
    end: int
    kind: str  # day | part | clock | offset
    name: str
    match: re.Match[str]


@dataclass(frozen=True, slots=True)
class TimePatterns:
    """A language's compiled patterns: (kind, name, pattern) of each piece, and the small words before and between pieces."""

    pieces: tuple[tuple[str, str, re.Pattern[str]], ...]
    lead: re.Pattern[str]
    between: re.Pattern[str]


@cache
def time_patterns(words: TimeWords) -> TimePatterns:
    """Return the compiled patterns of a language."""

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(
            r"(?<![\w/.$£€-])(?:"
            + pattern.replace("{weekday}", _any(words.weekdays))
            .replace("{month}", _any(words.months))
            .replace("{number}", _any(words.numbers) + r"|\d{1,3}(?:\.\d)?")
            .replace("{unit}", _any(words.units))
            .replace("{zone}", ZONE_NAMES)
            .replace("{feast}", _any(words.feasts) or "(?!)")
            + r")(?![\w/])(?!\.\d)"
        )

    pieces = [("day", name, compiled(p)) for p, name in words.days]
    pieces += [("clock", name, compiled(p)) for p, name in words.clocks]
    pieces += [("part", name, compiled(p)) for p, name in words.parts]
    pieces += [("offset", "offset", compiled(p)) for p in words.offsets]
    lead, between = rf"(?:\b(?:{words.lead})\s+)+$", rf"\s*(?:(?:{words.between})\s*)*"
    return TimePatterns(tuple(pieces), re.compile(lead), re.compile(between))


def _any(table: Mapping[str, object]) -> str:
    """Return a pattern of any of the words, the longest first."""
    return "|".join(sorted(map(re.escape, table), key=len, reverse=True))


def time_phrases(low: str, words: TimeWords) -> Iterator[list[Piece]]:
    """Yield the time phrases of a sentence in lower case: neighbouring pieces of different kinds, joined."""
    between = time_patterns(words).between
    phrase: list[Piece] = []
    for piece in _longest(low, words):
        adjacent = (
            bool(phrase)
            and piece.start - phrase[-1].end <= _MAX_BETWEEN
            and between.fullmatch(low, phrase[-1].end, piece.start) is not None
        )
        if _AM_OR_PM.fullmatch(piece.match.group()) and not (adjacent and phrase[-1].kind == "day"):
            continue  # "I am", not "tomorrow am"
        if adjacent and _belongs_to(piece, phrase):
            phrase.append(piece)
        else:
            if phrase:
                yield phrase
            phrase = [piece]
    if phrase:
        yield phrase


def _belongs_to(piece: Piece, phrase: list[Piece]) -> bool:
    """Tell whether an adjacent piece continues a phrase: another kind, or a further part of the day.

    Of two parts ("first thing tomorrow morning") the first says more. An offset stands alone.
    """
    kinds = {p.kind for p in phrase}
    return (piece.kind not in kinds and "offset" not in {piece.kind, *kinds}) or piece.kind == phrase[0].kind == "part"


def _pieces(low: str, words: TimeWords) -> Iterator[Piece]:
    """Yield every match of a piece's pattern; they may overlap."""
    present = frozenset(_WORD.findall(low))
    digit = _DIGIT.search(low) is not None
    if not digit and words.hints.isdisjoint(present):  # most sentences name no time
        return
    tables = {"weekday": words.weekdays, "month": words.months, "unit": words.units, "feast": words.feast_words}
    met = {need for need, table in tables.items() if not present.isdisjoint(table)} | ({"digit"} if digit else set())
    for kind, name, pattern in time_patterns(words).pieces:
        if name not in _NEEDS or _NEEDS[name] in met:
            yield from (Piece(m.start(), m.end(), kind, name, m) for m in pattern.finditer(low))


@lru_cache(maxsize=128)
def _longest(low: str, words: TimeWords) -> list[Piece]:
    """Return the pieces that do not overlap, in order, preferring the longest; asked for several times for each sentence."""
    chosen: list[Piece] = []
    for piece in sorted(_pieces(low, words), key=lambda p: (p.start - p.end, p.start)):
        if all(piece.end <= c.start or piece.start >= c.end for c in chosen):
            chosen.append(piece)
    return sorted(chosen, key=lambda p: p.start)
