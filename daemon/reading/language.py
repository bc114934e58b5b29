"""A language as one value: its words for times, and its patterns for what people do with sentences.

A pattern table is a tuple of Rule: the first that fits a sentence speaks for it. Patterns are searched in the sentence folded
to one line, lower case. `needs` are words one of which the sentence must hold for the pattern to be worth trying: most
sentences hold none of them, which is what makes reading fast.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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


def rules(*rows: tuple[str, str, float, str, str]) -> tuple[Rule, ...]:
    """Rules from rows of (name, sort, confidence, needed words, pattern)."""
    return tuple(Rule(name, re.compile(pattern), sort, confidence, frozenset(needs.split())) for name, sort, confidence, needs, pattern in rows)


def first(table: Iterable[Rule], said: Spoken) -> Rule | None:
    """The first rule that fits."""
    for rule in table:
        if (not rule.needs or not rule.needs.isdisjoint(said.words)) and rule.pattern.search(said.line):
            return rule
    return None


@dataclass(frozen=True, slots=True)
class Language:
    """Everything the reader knows of one language."""

    code: str
    common: frozenset[str]  # words by which the language is recognised
    words: Words
    courtesies: Sequence[Rule]  # asks nothing, promises nothing, whatever it looks like
    requests: Sequence[Rule]
    no_request: Sequence[Rule]
    instructions: Sequence[Rule]  # a request that wants doing, not answering: "please register", "pass it on"
    promises: Sequence[Rule]
    no_promise: Sequence[Rule]
    conditions: Sequence[Rule]
    promise_sorts: Sequence[Rule]  # what kind of thing is promised
    deliveries: Sequence[Rule]
    done: Sequence[Rule]
    thanks: Sequence[Rule]
    withdrawals: Sequence[Rule]
    releases: Sequence[Rule]
    postponements: Sequence[Rule]
    acknowledgements: Sequence[Rule]  # "got it", "on it": a status
    tags: Sequence[Rule]  # "just returning your call": nothing at all
    greetings: Sequence[Rule]
    everybody: Sequence[Rule]  # the first words of a mail to many: "Dear members"
    weighed: bool = False  # whether the linear model (English) has a say
