"""HTML mail as the text a reader sees, with quoted parts marked by `>` to tell them from what the sender typed."""

from __future__ import annotations

import re

# Each alternative also matches up to the end of the text, so that nothing is scanned twice.
_DROPPED = re.compile(r"(?is)<(style|script|title)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<!\[[^>]*(?:>|\Z)|<\?[^>]*(?:>|\Z)")
_QUOTE = re.compile(r"(?is)<(/?)blockquote\b[^>]*>")
_OPEN, _CLOSE = "\ue000", "\ue001"  # private-use marks survive the conversion as words of their own
_CAP = 96 * 1024  # characters, styles aside, that are turned into text
_DEEP = 20  # levels of quoting that are told apart
_BLANK = re.compile(r"\n{3,}")


def to_text(html: str) -> str:
    """Return the text of an HTML body; of hostile or broken HTML, whatever can be read, never an error."""
    from inscriptis import get_text  # noqa: PLC0415  # lxml is heavy, and most mail has a plain part
    from inscriptis.css_profiles import CSS_PROFILES  # noqa: PLC0415  # the same
    from inscriptis.model.config import ParserConfig  # noqa: PLC0415  # the same

    marked = _QUOTE.sub(lambda m: f"<p>{_CLOSE if m.group(1) else _OPEN}</p>", _DROPPED.sub(" ", html)[:_CAP])
    if not marked.strip():
        return ""
    try:
        text = get_text(marked, ParserConfig(css=CSS_PROFILES["strict"]))
    except (ValueError, RecursionError, AssertionError, TypeError, IndexError, KeyError):
        text = re.sub(r"<[^<>]*>", " ", marked)
    return _quoted(text)


def _quoted(text: str) -> str:
    depth, lines = 0, []
    for line in text.split("\n"):
        opened, closed = line.count(_OPEN), line.count(_CLOSE)
        depth = max(0, depth + opened - closed)
        marks = ">" * min(depth, _DEEP)
        words = line.replace(_OPEN, "").replace(_CLOSE, "").replace("\xa0", " ").rstrip()
        if words or not (opened or closed):
            lines.append(f"{marks} {words}".rstrip() if depth else words.lstrip())
    return _BLANK.sub("\n\n", "\n".join(lines)).strip() + "\n"
