"""Clauses: the parts of a sentence that each do something of their own, with their offsets.

"Fix going out today, will ping you when it's live" makes two promises, and "the mill ships on Friday and we will send you the number"
one. What begins with a condition or a reason stays with what it belongs to, as does a thought with what is thought.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from daemon.reading.languages.language import ClauseWords
from daemon.reading.sentences import Sentence

_MIN_WORDS = 3  # of a clause that stands for itself
_MIN_LENGTH = 30  # characters of a sentence that can hold two
_SEPARATOR = re.compile(r"[,;]\s+|\s+[–—-]+\s+|\.{2,}\s*|\s+(?=(?:and|but|so|then|und|aber|dann)\s)")


def split_clauses(sentence: Sentence, words: ClauseWords) -> tuple[Sentence, ...]:
    """Return the clauses of a sentence, each as a sentence; none where it has only one."""
    if len(sentence.text) < _MIN_LENGTH:
        return ()
    clauses = tuple(_clauses(sentence, words))
    return clauses if len(clauses) > 1 else ()


def _clauses(sentence: Sentence, words: ClauseWords) -> Iterator[Sentence]:
    start, text = 0, sentence.text
    for gap in _SEPARATOR.finditer(text):
        left = text[start : gap.start()]
        if words.begins.match(text, gap.end()) and _stands_alone(left, words) and _has_words(text[gap.end() :]):
            yield Sentence(sentence.start + start, sentence.start + gap.start(), left)
            start = gap.end()
    yield Sentence(sentence.start + start, sentence.end, text[start:])


def _stands_alone(left: str, words: ClauseWords) -> bool:
    """Tell whether what stands before a gap is a clause of its own, which neither a condition nor an opening thought is."""
    return _has_words(left) and not words.depends.match(left) and not words.unfinished.search(left)


def _has_words(clause: str) -> bool:
    return len(clause.split(None, _MIN_WORDS)) >= _MIN_WORDS
