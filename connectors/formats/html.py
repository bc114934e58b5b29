"""HTML mail as the text a reader sees, with quoted parts marked by `>` to tell them from what the sender typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

# Each alternative also matches up to the end of the text, so that nothing is scanned twice.
_DROPPED = re.compile(r"(?is)<(style|script|title)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<!\[[^>]*(?:>|\Z)|<\?[^>]*(?:>|\Z)")
_QUOTE = re.compile(r"(?is)<(/?)blockquote\b[^>]*>")
_OPEN, _CLOSE = "\ue000", "\ue001"  # private-use marks survive the conversion as words of their own
_CAP = 96 * 1024  # characters, styles aside, that are turned into text
_DEEP = 20  # levels of quoting that are told apart
_BLANK = re.compile(r"\n{3,}")
_ELEMENT = re.compile(r"<(?:[a-z]|/p\b)", re.IGNORECASE)  # what begins an element; a `</p>` that closes none is one, too
ELEMENT_CAP = 2000  # elements that are turned into text: each takes the library some 10 µs, and real mail has a tenth as many
_PAGE = 20  # elements that take as long as a page without any


@dataclass(slots=True)
class Room:
    """How many elements are still turned into text: the pages of one message share them, so that many cost no more than one."""

    left: int = ELEMENT_CAP
    exceeded: bool = False  # whether something was left out

    def cut(self, html: str) -> str:
        """Return as much of a page as there is room for, and take that room."""
        if self.left <= 0:
            self.exceeded = True
            return ""
        begins = next(islice(_ELEMENT.finditer(html), self.left, None), None)
        self.exceeded |= begins is not None
        kept = html if begins is None else html[: begins.start()]
        self.left -= _PAGE + sum(1 for _ in _ELEMENT.finditer(kept))
        return kept


def to_text(html: str, room: Room | None = None) -> str:
    """Return the text of an HTML body; of hostile or broken HTML, whatever can be read, never an error.

    `room` is that of the message to which it belongs; without it the page is one by itself.
    """
    from inscriptis import get_text  # noqa: PLC0415  # lxml is heavy, and most mail has a plain part
    from inscriptis.css_profiles import CSS_PROFILES  # noqa: PLC0415  # the same
    from inscriptis.model.config import ParserConfig  # noqa: PLC0415  # the same

    shown = (room or Room()).cut(_DROPPED.sub(" ", html)[:_CAP])
    marked = _QUOTE.sub(lambda m: f"<p>{_CLOSE if m.group(1) else _OPEN}</p>", shown)
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
