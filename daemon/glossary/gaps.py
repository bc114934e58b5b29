"""The gap: the words with which a draft leaves something to the user, so that what was sent with one can be told."""

from __future__ import annotations

import re
from collections.abc import Iterable

ENGLISH, GERMAN = "[your answer]", "[Ihre Antwort]"
ATTACH_ENGLISH, ATTACH_GERMAN = "[attach it]", "[anhängen]"
ATTACHMENTS = (ATTACH_ENGLISH, ATTACH_GERMAN)
SUGGESTION = "[suggestion, check it]"  # above words of a draft that nobody has checked yet
_SOURCES = "[sources: "  # below them: what they were taken from
_WORDS = map(re.escape, (ENGLISH, GERMAN, *ATTACHMENTS, SUGGESTION))
_ALL = re.compile("|".join((*_WORDS, rf"{re.escape(_SOURCES)}[^\]]*\]")), re.IGNORECASE)


def sources(names: Iterable[str]) -> str:
    """Return the line that names the sources of a suggestion, and that the user deletes."""
    return f"{_SOURCES}{'; '.join(name.replace('[', '(').replace(']', ')') for name in names)}]"


def unfilled(text: str) -> str | None:
    """Return the first gap that a text still has, as it stands there; None where it has none. Its quotes must have been cut."""
    found = _ALL.search(text)
    return found.group() if found else None
