"""Find the entries of the user's resource library that fit a question.

An entry fits where a sentence that asks has one of its keywords, word for word in their order but for endings; a sentence that
says the thing came, is wrong or is missing does not ask for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from daemon.analysis.content_words import body
from daemon.config.library_file import Resource
from daemon.core import topics

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_TOKEN = re.compile(r"[^\W_]+")
_HAS_IT = re.compile(
    r"\b(?:thanks?(?: you)? (?:\w+ )?for|(?:got|received|have) (?:your|the)|you sent|is wrong|wrong|mistakes?|errors?|broken|lost|call back|return (?:\w+ ){0,2}calls?|"
    r"danke für|erhalten|falsch\w*|fehler\w*|verloren)\b",
    re.IGNORECASE,
)


def matching(resources: Sequence[Resource], text: str, most: int = 2) -> tuple[Resource, ...]:
    """Return at most `most` entries that a question asks for, best first: those with the most of its keywords."""
    asking = [[topics.stem(t) for t in _TOKEN.findall(s.lower())] for s in _asking(text)]
    found = [(sum(any(_stands_in(k, words) for words in asking) for k in r.keywords), r) for r in resources]
    return tuple(r for number, r in sorted(found, key=lambda pair: -pair[0]) if number)[: max(most, 0)]


def _asking(text: str) -> Iterator[str]:
    """Yield the sentences that may ask for something."""
    return (s for s in _SENTENCE.split(body(text)) if s.strip() and not _HAS_IT.search(s))


def _stands_in(keyword: str, words: Sequence[str]) -> bool:
    """Tell whether a keyword's words stand in a sentence one after another, whatever their endings."""
    wanted = [topics.stem(t) for t in _TOKEN.findall(keyword.lower())]
    return bool(wanted) and any(list(words[n : n + len(wanted)]) == wanted for n in range(len(words) - len(wanted) + 1))
