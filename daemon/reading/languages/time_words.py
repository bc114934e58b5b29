"""A language's words for times, as one value, made of a table of words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = int | float | str
Meaning: TypeAlias = tuple[tuple[str, Value], ...]  # the tokens that words stand for: (class, value) of each
Phrases: TypeAlias = Mapping[str, tuple[tuple[tuple[str, ...], Meaning], ...]]

# The classes whose words may name a time; the others are small words that stand beside these, or on their own mean nothing.
_TELLING = frozenset(
    """near weekday month part half_day minute hour hours h day days week weeks fortnight month_unit months quarter year feast weekend oclock half halb halves past
    cw weekof nth numeral q""".split()
)


@dataclass(frozen=True, slots=True, eq=False)  # compared and hashed by identity: there is one value for each language
class TimeWords:
    """A language's words for times.

    `phrases` holds, by their first word, the words of each phrase and what they stand for, the longest first. The patterns are tried
    on the sentence in lower case, right before or right after a time.
    """

    phrases: Phrases
    no_end: tuple[re.Pattern[str], ...]  # what stands before a day that is no end: "after", "from", "a week before"
    no_end_after: tuple[re.Pattern[str], ...]  # what stands after such a day: "of each month"
    never: tuple[re.Pattern[str], ...]  # what stands before a time that comes again and again, or has been: "every", "last"
    past: tuple[re.Pattern[str], ...]  # what stands before a day that has been: "as we discussed"
    month_first: bool = False  # whether 3/4 may be March 4th
    am_and_pm: bool = False  # whether "5 am" is an hour; in German it is "5 on the"
    dotted_days: bool = False  # whether "3." is a day, and "3.4." a date
    telling: frozenset[str] = frozenset()  # every phrase contains one of these words or a digit
    hints: frozenset[str] = frozenset()  # these words, and others that often stand beside a time


def phrases_of(*tables: str) -> Phrases:
    """Return the phrases of tables of words.

    A line is "class value: phrase, phrase/other spelling, …"; without a value the phrase is its own, and with "1+" the phrases count
    up from 1. "itself: word, …" are words that are classes. "= words: phrase, …" says that the phrases stand for these words, which other lines explain.
    """
    meanings: dict[tuple[str, ...], Meaning] = {}
    aliases: list[tuple[tuple[str, ...], str]] = []
    for kind, value, words in _entries(tables):
        if kind == "=":
            aliases.append((words, str(value)))
        else:
            meanings[words] = ((kind, value),)
    for words, others in aliases:
        meanings[words] = tuple(token for word in others.split() for token in meanings[tuple(word.split("+"))])
    found: dict[str, list[tuple[tuple[str, ...], Meaning]]] = {}
    for words, meaning in sorted(meanings.items(), key=lambda item: -len(item[0])):
        found.setdefault(words[0], []).append((words, meaning))
    return {first: tuple(rest) for first, rest in found.items()}


def _entries(tables: tuple[str, ...]) -> Iterator[tuple[str, Value, tuple[str, ...]]]:
    for line in filter(None, "\n".join(tables).splitlines()):
        head, _, listed = line.partition(": ")
        kind, _, value = head.partition(" ")
        for number, spellings in enumerate(listed.split(", ")):
            for phrase in spellings.split("/") if value.endswith("+") else [spellings]:
                counted = int(value[:-1]) + number if value.endswith("+") else _value(value or phrase)
                yield phrase if kind == "itself" else kind, counted, tuple(phrase.split())


def _value(text: str) -> Value:
    return int(text) if text.lstrip("-").isdigit() else float(text) if re.fullmatch(r"\d+\.\d+", text) else text


def patterns(*several: str) -> tuple[re.Pattern[str], ...]:
    """Return compiled patterns."""
    return tuple(map(re.compile, several))


def telling_of(phrases: Phrases) -> frozenset[str]:
    """Return words of which every phrase that may name a time contains one: itself, a word that alone names one, or its longest."""
    told = [
        words for listed in phrases.values() for words, meaning in listed if not _TELLING.isdisjoint(kind for kind, _ in meaning)
    ]
    alone = frozenset(words[0] for words in told if len(words) == 1)
    return alone | {max(words, key=len) for words in told if alone.isdisjoint(words)}
