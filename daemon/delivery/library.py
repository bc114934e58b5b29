"""Find the entries of the user's resource library that fit a question.

An entry fits where a clause that asks has one of its keywords, word for word in their order but for endings; a keyword of one word
must be a good part of what the clause says ("the price?", not "is training included in the quoted price?"). A sentence that says the
thing came, is wrong or is missing does not ask for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from daemon.analysis.content_words import body, terms
from daemon.config.library_file import Resource
from daemon.core import topics

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_CLAUSE = re.compile(r"[,;:]\s+")
_GOOD_PART = 0.3  # of a clause's content words, that a keyword of one word must be
_TOKEN = re.compile(r"[^\W_]+")
_HAS_IT = re.compile(
    r"\b(?:thanks?(?: you)? (?:\w+ )?for|(?:got|received|have) (?:your|the)|you sent|is wrong|wrong|mistakes?|errors?|broken|lost|call back|return (?:\w+ ){0,2}calls?|return (?:it|this|them|the (?:form|contract|copy))|"
    r"danke für|erhalten|falsch\w*|fehler\w*|verloren)\b",
    re.IGNORECASE,
)


def matching(resources: Sequence[Resource], text: str, most: int = 2) -> tuple[Resource, ...]:
    """Return at most `most` entries that a question asks for, best first: those with the most of its keywords."""
    asking = [(_words(clause), terms(clause)) for s in _asking(text) for clause in _CLAUSE.split(s)]
    found = [(sum(any(_asks_for(k, *clause) for clause in asking) for k in r.keywords), r) for r in resources]
    return tuple(r for number, r in sorted(found, key=lambda pair: -pair[0]) if number)[: max(most, 0)]


def _asking(text: str) -> Iterator[str]:
    """Yield the sentences that may ask for something."""
    return (s for s in _SENTENCE.split(body(text)) if s.strip() and not _HAS_IT.search(s))


def _asks_for(keyword: str, words: Sequence[str], content: frozenset[str]) -> bool:
    """Tell whether a keyword's words stand in a clause one after another, whatever their endings; a single one as a good part of it."""
    wanted = _words(keyword)
    stands = bool(wanted) and any(list(words[n : n + len(wanted)]) == wanted for n in range(len(words) - len(wanted) + 1))
    return stands and (len(wanted) > 1 or _GOOD_PART * len(content) <= 1)


def _words(text: str) -> list[str]:
    return [topics.stem(t) for t in _TOKEN.findall(text.lower())]
