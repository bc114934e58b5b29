"""A language's words for times, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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
    after: str  # the lead that names no end at all
    before: str  # the lead that ends the time before what is named
    ampm: Mapping[str, int]  # part of day -> hours to add to a bare clock time
    hints: frozenset[str]  # words one of which (or a digit) every phrase holds: what is worth a look at all
    month_first: bool = False
    vague: frozenset[str] = frozenset()  # numbers too vague for weeks and longer: "a few"
    feasts: Mapping[str, str] = field(default_factory=dict)  # name -> month-day, or days from Easter with a sign
    feast_words: frozenset[str] = frozenset()  # the words those names are made of
