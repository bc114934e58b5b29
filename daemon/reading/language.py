"""A language as one value: its words for times, and its patterns for what people do with sentences.

A pattern table is a tuple of Rule: the first that fits a sentence speaks for it. Patterns are searched in the sentence folded
to one line, lower case. `needs` are words one of which the sentence must hold for the pattern to be worth trying: most
sentences hold none of them, which is what makes reading fast.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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
    """Rules in their order; for each needed word the places of the rules that it is needed by, and those that need none."""

    rules: tuple[Rule, ...]
    by_word: Mapping[str, tuple[int, ...]]
    always: tuple[int, ...]


def rules(*rows: tuple[str, str, float, str, str]) -> Table:
    """A table from rows of (name, sort, confidence, needed words, pattern)."""
    made = tuple(
        Rule(name, re.compile(pattern), sort, confidence, frozenset(needs.split()))
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
    if not places and not table.always:
        return None
    places.update(table.always)
    for place in sorted(places):
        rule = table.rules[place]
        if rule.pattern.search(said.line):
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
    complaints: Table  # something is wrong: an answer is wanted, though nothing is asked
    acknowledgements: Table  # "got it", "on it": a status
    tags: Table  # "just returning your call": nothing at all
    greetings: Table
    everybody: Table  # the first words of a mail to many: "Dear members"
    weighed: bool = False  # whether the linear model (English) has a say
