"""Short names that follow from a text, so that the same thing has the same name at every run."""

from __future__ import annotations

import hashlib


def stable_id(text: str, length: int = 24) -> str:
    """A short name for a long text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:length]
