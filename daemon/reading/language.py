"""A language as one value: its words for times, and its patterns for what people do with sentences.

A pattern table is a tuple of Rule: the first rule that fits a sentence speaks for it. Patterns are searched in the sentence
folded to one line, case ignored.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from daemon.reading.due import Words


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, what it makes of the sentence, how sure it is, and the name by which `kept explain` shows it."""

    name: str
    pattern: re.Pattern[str]
    sort: str
    confidence: float


def rules(*rows: tuple[str, str, float, str]) -> tuple[Rule, ...]:
    """Rules from rows of (name, sort, confidence, pattern)."""
    return tuple(Rule(name, re.compile(pattern, re.IGNORECASE), sort, confidence) for name, sort, confidence, pattern in rows)


@dataclass(frozen=True, slots=True)
class Language:
    """Everything the reader knows of one language."""

    code: str
    common: frozenset[str]  # words by which the language is recognised
    words: Words
    courtesies: re.Pattern[str]  # asks nothing, promises nothing, whatever it looks like
    requests: Sequence[Rule]
    no_request: re.Pattern[str]
    promises: Sequence[Rule]
    no_promise: re.Pattern[str]
    offers: re.Pattern[str]  # "if you like": an offer is not a promise
    conditions: re.Pattern[str]
    promise_sorts: Sequence[Rule]  # what kind of thing is promised
    deliveries: re.Pattern[str]
    done: re.Pattern[str]
    thanks: re.Pattern[str]
    withdrawals: re.Pattern[str]
    releases: re.Pattern[str]
    postponements: re.Pattern[str]
    acknowledgements: re.Pattern[str]  # "got it", "on it": a status
    tags: re.Pattern[str]  # "just returning your call": nothing at all
    greetings: re.Pattern[str]
