"""HTML mail as the text a reader sees, quoted parts marked with `>` so that they can be told from what was typed."""

from __future__ import annotations

import re

_DROPPED = re.compile(r"(?is)<(style|script|head|title)\b.*?(?:</\1\s*>|\Z)|<!--.*?-->|<!\[.*?\]>|<\?.*?\?>")
_QUOTE = re.compile(r"(?is)<(/?)blockquote\b[^>]*>")
_OPEN, _CLOSE = "\ue000", "\ue001"  # private-use marks survive the conversion as words of their own
_BLANK = re.compile(r"\n{3,}")


def to_text(html: str) -> str:
    """The text of an HTML body. Hostile or broken HTML gives what can be read of it, never an error."""
    from inscriptis import get_text  # noqa: PLC0415  # lxml is heavy, and most mail has a plain part
    from inscriptis.css_profiles import CSS_PROFILES  # noqa: PLC0415  # the same
    from inscriptis.model.config import ParserConfig  # noqa: PLC0415  # the same

    marked = _QUOTE.sub(lambda m: f"<p>{_CLOSE if m.group(1) else _OPEN}</p>", _DROPPED.sub(" ", html))
    if not marked.strip():
        return ""
    try:
        text = get_text(marked, ParserConfig(css=CSS_PROFILES["strict"]))
    except (ValueError, RecursionError, AssertionError, TypeError, IndexError, KeyError):
        text = re.sub(r"<[^>]*>", " ", marked)
    return _quoted(text)


def _quoted(text: str) -> str:
    depth, lines = 0, []
    for line in text.split("\n"):
        opened, closed = line.count(_OPEN), line.count(_CLOSE)
        depth = max(0, depth + opened - closed)
        words = line.replace(_OPEN, "").replace(_CLOSE, "").replace("\xa0", " ").rstrip()
        if words or not (opened or closed):
            lines.append(f"{'>' * depth} {words}".rstrip() if depth else words.lstrip())
    return _BLANK.sub("\n\n", "\n".join(lines)).strip() + "\n"
