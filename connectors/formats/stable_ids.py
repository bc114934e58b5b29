"""Short ids derived from a text, the same at every run."""

from __future__ import annotations

import hashlib


def stable_id(text: str, length: int = 24) -> str:
    """Return the first `length` hexadecimal digits of the text's SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]
