"""Content words: the words of a question or an answer that tell its subject, and how much each of them says.

Words are compared without their endings. What asks (how much, how long) tells no subject: it is an aspect, which
`analysis.exchanges` compares by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from math import log
from typing import TypeAlias

from daemon.core import topics

Weights: TypeAlias = Mapping[str, float]
"""A question's content words, with how much each says."""

_TOKEN = re.compile(r"[^\W_]+")
_GREETING = re.compile(
    r"\A\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|morning|hallo|guten (?:tag|morgen)|liebe[rs]?|sehr geehrte[rs]?)\b"
    r"[^\n,.!?:]{0,40}(?:[,.!:]|\n|\Z)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\W*(?:(?:kind|best|warm|many)? ?regards|best(?: wishes)?|cheers|sincerely|yours|all the best|(?:many )?thanks|thank you|"
    r"(?:viele|beste|liebe|freundliche|mit freundlichen) grü(?:ß|ss)en?|mfg|vg)\b[^\n]{0,20}$",
    re.IGNORECASE | re.MULTILINE,
)


def terms(words: str) -> frozenset[str]:
    """Return the words that tell the subject, without their endings; numbers and codes such as AB1234 whole. Only letters and digits."""
    return frozenset(topics.stem(t) for t in _TOKEN.findall(unicodedata.normalize("NFC", words).lower()) if _matters(t))


def body(words: str) -> str:
    """Return a mail's text without its salutation, its closing and what follows that."""
    without_greeting = _GREETING.sub("", words, count=1)
    closing = next((c for c in _CLOSING.finditer(without_greeting) if without_greeting[: c.start()].strip()), None)
    return without_greeting[: closing.start()] if closing else without_greeting


def weigh(frequency: Mapping[str, int], count: int) -> Weights:
    """Return how much each word says, by how many of `count` texts contain it."""
    return {word: log(1 + (count + 0.5) / (min(max(n, 1), count) + 0.5)) for word, n in frequency.items()}


def share(shared: Iterable[str], weights: Weights) -> float:
    """Return the share of all the weight that these words carry, from 0 to 1; 0 where there is none."""
    total = sum(weights.values())
    return sum(weights[w] for w in shared) / total if total else 0.0


def _matters(token: str) -> bool:
    return len(token) >= 3 and (not token.isalpha() or bool(topics.words(token)))
