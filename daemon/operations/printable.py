"""Mail is hostile data: what may stand on a screen of its characters."""

from __future__ import annotations


def safe(text: str) -> str:
    """Return the text with a blank for every character that is not printable."""
    return "".join(c if c.isprintable() else " " for c in text)


def safe_lines(text: str) -> str:
    """Return the text as `safe` does, with its line breaks; as long as before, so that offsets stay right."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)
