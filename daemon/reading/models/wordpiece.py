"""Word pieces: the numbers that stand for a text's words in the encoder, by the method of BERT for English in lower case.

Own code, because the library for it weighs more than the model. Works in time proportional to the text, whatever the text: a word
that is longer than any word is unknown as a whole, and characters are taken apart one by one, as sorting a long row of combining
marks takes quadratic time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

UNKNOWN, BEGIN, END, PADDING = "[UNK]", "[CLS]", "[SEP]", "[PAD]"
_MAX_WORD = 100  # characters of a word; a longer one is unknown
_PLAIN = re.compile(r"[A-Za-z0-9]+|[!-/:-@\[-`{-~]")  # what needs no look at the Unicode tables
_IDEOGRAPHS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)  # each is a word of its own


class WordPieces:
    """The vocabulary of an encoder, and the pieces of texts by it."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        """Take the pieces in the order of their numbers; those that go on a word begin with "##"."""
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self._longest = max(map(len, vocabulary))
        self.unknown, self.begin, self.end = (self._numbers[mark] for mark in (UNKNOWN, BEGIN, END))
        self._of_word = lru_cache(maxsize=20_000)(self._pieces)

    def numbers(self, text: str) -> list[int]:
        """Return the numbers of a text's pieces, without marks of its beginning and end."""
        return [number for word in _words(text) for number in self._of_word(word)]

    def _pieces(self, word: str) -> tuple[int, ...]:
        """Return the longest pieces that make up a word, from its beginning; of a word that has none, that it is unknown."""
        found: list[int] = []
        start = 0 if len(word) <= _MAX_WORD else len(word)
        while start < len(word):
            for end in range(min(len(word), start + self._longest), start, -1):
                number = self._numbers.get(("##" if start else "") + word[start:end])
                if number is not None:
                    found.append(number)
                    start = end
                    break
            else:
                return (self.unknown,)
        return tuple(found) or (self.unknown,)


def _words(text: str) -> Iterable[str]:
    """Return the words and signs of a text, in lower case and without accents."""
    if text.isascii() and text.isprintable():
        return _PLAIN.findall(text.lower())
    return "".join(map(_folded, text)).split()


@cache
def _folded(character: str) -> str:
    """Return what stands for one character: nothing for marks and controls, and blanks about what is a word of its own."""
    if character in "\t\n\r" or unicodedata.category(character) == "Zs":
        return " "
    if character in "\0\ufffd" or unicodedata.category(character)[0] == "C":
        return ""
    if any(first <= ord(character) <= last for first, last in _IDEOGRAPHS):
        return f" {character} "
    parts = [c for c in unicodedata.normalize("NFD", character) if unicodedata.category(c) != "Mn"]
    return "".join(f" {c} " if is_sign(c) else c for c in "".join(parts).lower())


def is_sign(character: str) -> bool:
    """Tell whether a character is a word of its own: punctuation, and every ASCII character that is no letter or digit."""
    return unicodedata.category(character)[0] == "P" or (character.isascii() and not character.isalnum())
