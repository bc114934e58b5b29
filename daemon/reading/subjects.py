"""Reply and forward prefixes of subjects, as mail programs write them in the languages of Europe ("Re: ", "AW: ", "Fwd: ")."""

from __future__ import annotations

import re

PREFIX = r"(?:re|aw|antw|sv|vs|rif|r|odp|fwd?|wg|tr|rv|enc|doorst|vb|wtr|ref)\s*(?:\[\d+\]|\(\d+\))?\s*:\s*"
_PREFIXES = re.compile(rf"^\s*(?:{PREFIX})+", re.IGNORECASE)

_FORWARD = re.compile(r"^\s*(?:fwd?|wg|tr|rv|enc|doorst|vb|wtr|i|pd)\s*:", re.IGNORECASE)


def is_reply(subject: str) -> bool:
    """Return whether a subject begins with a reply or forward prefix."""
    return _PREFIXES.match(subject) is not None


def is_forward(subject: str) -> bool:
    """Return whether a subject begins with a forward prefix."""
    return _FORWARD.match(subject) is not None


def without_prefixes(subject: str) -> str:
    """Return a subject without the reply and forward prefixes that it begins with."""
    return _PREFIXES.sub("", subject)
