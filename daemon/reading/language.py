"""A language as one value: its words for times, and its patterns for what people do with sentences.

A pattern table is a tuple of Rule: the first that fits a sentence speaks for it. Patterns are searched in the sentence folded
to one line, lower case. `needs` are words one of which the sentence must hold for the pattern to be worth trying: most
sentences hold none of them, which is what makes reading fast.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from daemon.reading.words import Words

_WORD = re.compile(r"[^\W\d_]+|\?")


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, what it makes of the sentence, how sure it is, and the name by which `kept explain` shows it."""

    name: str
    pattern: re.Pattern[str]
    sort: str = ""
    confidence: float = 1.0
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence as the rules see it: lower case on one line, straight apostrophes, and the set of its words."""

    line: str
    words: frozenset[str] = field(compare=False)


def spoken(text: str) -> Spoken:
    """What a sentence says, made plain for the rules."""
    line = " ".join(text.split()).replace("’", "'").replace("‘", "'")
    line = _LOST_SPACE.sub(r"\1", line) if "?" in line else line
    line = line.lower()
    words = _WORD.findall(line)
    said = frozenset(words)
    return Spoken(line, said | _SELF_WILLED if not said.isdisjoint(_WILLS) and _SELF_WILL.search(line) else said)


SELF_WILL = "I WILL"  # stands among the words of a sentence that says "I will" or "we'll": many rules need it
_SELF_WILLED, _WILLS = frozenset((SELF_WILL,)), frozenset(("will", "shall", "ll", "ill"))
_SELF_WILL = re.compile(r"\b(?:i|we)(?:'ll| ll| will| shall)\b|\bill\b")


# Some mail programs wrote a question mark where a no-break space stood: "Good luck.? See you there".
_LOST_SPACE = re.compile(r"([.!,:;])\s?\?+(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Table:
    """Rules in their order; for each needed word the places of the rules that it is needed by, and those that need none."""

    rules: tuple[Rule, ...]
    by_word: Mapping[str, tuple[int, ...]]
    always: tuple[int, ...]


def rules(*rows: tuple[str, str, float, str, str]) -> Table:
    """A table from rows of (name, sort, confidence, needed words, pattern)."""
    made = tuple(
        Rule(name, re.compile(pattern), sort, confidence, frozenset((needs,) if needs == SELF_WILL else needs.split()))
        for name, sort, confidence, needs, pattern in rows
    )
    by_word: dict[str, tuple[int, ...]] = {}
    for place, rule in enumerate(made):
        for word in rule.needs:
            by_word[word] = (*by_word.get(word, ()), place)
    return Table(made, by_word, tuple(place for place, rule in enumerate(made) if not rule.needs))


def first(table: Table, said: Spoken) -> Rule | None:
    """The first rule that fits."""
    by_word = table.by_word
    places = {place for word in said.words if word in by_word for place in by_word[word]}
    return fitting(table, places, said.line) if places or table.always else None


def fitting(table: Table, places: Iterable[int], line: str) -> Rule | None:
    """The first rule that fits among those at these places and those that need no word."""
    rules = table.rules
    for place in sorted({*places, *table.always}):
        if rules[place].pattern.search(line):
            return rules[place]
    return None


@dataclass(frozen=True, slots=True)
class Index:
    """Several tables looked up at once: for each needed word the tables and the places in them."""

    tables: tuple[Table, ...]
    by_word: Mapping[str, tuple[tuple[int, int], ...]]

    def firsts(self, lines: Sequence[str], words: Iterable[str]) -> list[Rule | None]:
        """For each table the first rule that fits its line."""
        by_word = self.by_word
        places: list[set[int]] = [set() for _ in self.tables]
        for word in words:
            if word in by_word:
                for number, place in by_word[word]:
                    places[number].add(place)
        return [
            fitting(table, found, line) if found or table.always else None
            for table, found, line in zip(self.tables, places, lines, strict=True)
        ]


def index(tables: Sequence[Table]) -> Index:
    """An index of tables."""
    by_word: dict[str, tuple[tuple[int, int], ...]] = {}
    for number, table in enumerate(tables):
        for word, places in table.by_word.items():
            by_word[word] = (*by_word.get(word, ()), *((number, place) for place in places))
    return Index(tuple(tables), by_word)


@dataclass(frozen=True, slots=True)
class Language:
    """Everything the reader knows of one language."""

    code: str
    common: frozenset[str]  # words by which the language is recognised
    words: Words
    courtesies: Table  # asks nothing, promises nothing, whatever it looks like
    requests: Table
    no_request: Table
    instructions: Table  # a request that wants doing, not answering: "please register", "pass it on"
    promises: Table
    no_promise: Table
    conditions: Table
    promise_sorts: Table  # what kind of thing is promised
    deliveries: Table
    done: Table
    thanks: Table
    withdrawals: Table
    releases: Table
    postponements: Table
    complaints: Table  # something is wrong: an answer is wanted, though nothing is asked
    acknowledgements: Table  # "got it", "on it": a status
    tags: Table  # "just returning your call": nothing at all
    greetings: Table
    everybody: Table  # the first words of a mail to many: "Dear members"
    weighed: bool = False  # whether the linear model (English) has a say
