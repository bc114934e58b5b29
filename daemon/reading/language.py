"""A language as one value: its words for times, and its patterns for what people do with sentences.

A pattern table is a tuple of Rule: the first that fits a sentence speaks for it. Patterns are searched in the sentence folded
to one line, lower case. `needs` are words one of which the sentence must hold for the pattern to be worth trying: most
sentences hold none of them, which is what makes reading fast.
"""

from __future__ import annotations

import re
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
    return Spoken(line, frozenset(_WORD.findall(line)))


# Some mail programs wrote a question mark where a no-break space stood: "Good luck.? See you there".
_LOST_SPACE = re.compile(r"([.!,:;])\s?\?+(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Table:
    """Rules in their order, and the words one of which any of them needs; empty where one of them needs none."""

    rules: tuple[Rule, ...]
    needs: frozenset[str]


def rules(*rows: tuple[str, str, float, str, str]) -> Table:
    """A table from rows of (name, sort, confidence, needed words, pattern)."""
    made = tuple(
        Rule(name, re.compile(pattern), sort, confidence, frozenset(needs.split()))
        for name, sort, confidence, needs, pattern in rows
    )
    return Table(made, frozenset().union(*(rule.needs for rule in made)) if all(rule.needs for rule in made) else frozenset())


def first(table: Table, said: Spoken) -> Rule | None:
    """The first rule that fits."""
    if table.needs and table.needs.isdisjoint(said.words):
        return None
    for rule in table.rules:
        if (not rule.needs or not rule.needs.isdisjoint(said.words)) and rule.pattern.search(said.line):
            return rule
    return None


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
    acknowledgements: Table  # "got it", "on it": a status
    tags: Table  # "just returning your call": nothing at all
    greetings: Table
    everybody: Table  # the first words of a mail to many: "Dear members"
    weighed: bool = False  # whether the linear model (English) has a say
