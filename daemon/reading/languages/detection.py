"""The languages that are read, and how the language of a text is recognised."""

from __future__ import annotations

import re
from collections.abc import Sequence

from daemon.reading.languages.english import ENGLISH
from daemon.reading.languages.german import GERMAN
from daemon.reading.languages.language import Language

LANGUAGES: tuple[Language, ...] = (ENGLISH, GERMAN)
_SAMPLE = 1500  # characters that are looked at
_FEW = 25  # words; in a shorter text the absence of common words means nothing
# Common words of languages that are not read; none is an English or German word, a usual name, or part of an address.
_OTHER_WORDS = frozenset(
    "une vous nous pas pour avec dans que qui sur merci bonjour cordialement je suis oui por para gracias hola buenos saludos usted "
    "muy che della sono grazie ciao buongiorno saluti anche het een niet voor bedankt groeten wij zijn och att det inte tack hej jag "
    "jest nie dzień dziękuję się proszę jak obrigado olá não você og jeg ikke tak hilsen".split()
)
_OTHER_LETTER = re.compile(r"(?![äöüß])[^\W\d_a-z]")  # in a text in lower case


def by_code(code: str) -> Language | None:
    """Return the language with this code, or None where it is not read."""
    return next((language for language in LANGUAGES if language.code == code), None)


def detect(text: str, earlier: Sequence[str] = ()) -> Language | None:
    """Return the language to which most of the text's common words belong; None where hardly any word is a common one.

    A text of a few words, none of them common, is taken for the language of the `earlier` texts of its thread, else for the first
    language; not where words or letters of another language stand in it.
    """
    sample = text[:_SAMPLE].lower()
    words = re.findall(r"[^\W\d_]+", sample)
    counts = [sum(map(language.common_words.__contains__, words)) for language in LANGUAGES]
    best = max(range(len(LANGUAGES)), key=counts.__getitem__)
    if counts[best] and (counts[best] >= len(words) * 0.08 or (counts[best] > len(words) * 0.04 and text.isascii())):
        return LANGUAGES[best]
    if len(words) >= _FEW or not _OTHER_WORDS.isdisjoint(words) or _OTHER_LETTER.search(sample):
        return None
    return LANGUAGES[best] if counts[best] or not earlier else detect(earlier[-1])
