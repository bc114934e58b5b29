"""The languages that are read, and how the language of a text is recognised."""

from __future__ import annotations

import re

from daemon.reading.languages.english import ENGLISH
from daemon.reading.languages.german import GERMAN
from daemon.reading.languages.language import Language

LANGUAGES: tuple[Language, ...] = (ENGLISH, GERMAN)
_SAMPLE = 1500  # characters that are looked at
_FEW = 6  # words; in a shorter text the absence of common words means nothing


def by_code(code: str) -> Language | None:
    """Return the language with this code, or None where it is not read."""
    return next((language for language in LANGUAGES if language.code == code), None)


def detect(text: str) -> Language | None:
    """Return the language to which most of the text's common words belong; None where hardly any word is a common one.

    A text of a few words is taken for the first language if no common word tells otherwise.
    """
    words = re.findall(r"[^\W\d_]+", text[:_SAMPLE].lower())
    counts = [sum(map(language.common_words.__contains__, words)) for language in LANGUAGES]
    best = max(range(len(LANGUAGES)), key=counts.__getitem__)
    common_enough = counts[best] >= len(words) * 0.08 or (counts[best] > len(words) * 0.04 and text.isascii())
    return LANGUAGES[best] if len(words) < _FEW or common_enough else None
