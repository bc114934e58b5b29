"""A language's words for times, as one value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)  # compared and hashed by identity: there is one value for each language
class TimeWords:
    """A language's words for times. Patterns are pieces of regular expressions, lower case, with named groups only."""

    weekdays: Mapping[str, int]  # 0 is Monday
    months: Mapping[str, int]
    numbers: Mapping[str, int]
    days: tuple[tuple[str, str], ...]  # pattern, name in day_phrases.RESOLVERS
    parts: tuple[tuple[str, str], ...]  # pattern, name in clock_times.PARTS
    clocks: tuple[tuple[str, str], ...]  # pattern, name in clock_times.CLOCKS
    offsets: tuple[str, ...]  # patterns with groups n, unit and possibly half: "in two hours"
    units: Mapping[str, str]  # word -> minute | hour | day | week | fortnight | month | year
    lead: str  # small words that may stand before a phrase: "by", "on", "before"
    between: str  # what may stand between two pieces of one phrase
    no_end: re.Pattern[str]  # what stands before a day that is no end: "after", "from", "a week before"
    never: re.Pattern[str]  # what stands before a time that comes again and again, or has been: "every", "last"
    no_end_after: re.Pattern[str]  # what stands after such a day: "of each month"
    past: re.Pattern[str]  # what stands before a day that has been: "as we discussed"
    before_day: re.Pattern[str]  # the small words after which the time ends before the day that is named
    before_event: re.Pattern[str]  # the same with what happens on that day: "ahead of the meeting"
    ampm: Mapping[str, int]  # part of the day -> hours to add to a clock time without am or pm
    hints: frozenset[str]  # every phrase contains one of these words or a digit; other sentences are not searched
    last: frozenset[str] = frozenset()  # the words for the last of several: "last", "final"
    working: str = r"(?!)"  # the words that make of days working days
    weekday_parts: Mapping[str, str] = field(default_factory=dict)  # end of a weekday's word -> part of the day: "-vormittag"
    month_first: bool = False  # whether 3/4 may be March 4th
    vague: frozenset[str] = frozenset()  # numbers too vague for weeks and longer: "a few"
    feasts: Mapping[str, str] = field(default_factory=dict)  # name -> month-day, or days from Easter with a sign
    feast_words: frozenset[str] = frozenset()  # the single words of those names


def number_of(text: str | None, words: TimeWords) -> float | None:
    """Return a number in digits or words; 1 where there is none ("in an hour"), None for what is no number."""
    if text is None:
        return 1
    if text in words.numbers:
        return words.numbers[text]
    try:
        return float(text)
    except ValueError:
        return None
