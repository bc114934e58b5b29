"""The text that is read, within limits, and its lines with their offsets.

What is longer than anybody writes is layout or made to cost time: patterns that try every place of a run of blanks or dashes take
time with the square of its length. So long runs are shortened before anything else looks at them, and lines are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

_MAX_CHARACTERS = 64 * 1024  # of one message; the rest is not read
_MAX_LINES = 2000  # of them; a page has 50
_LONGEST_RUN = 120  # characters of blanks, or of one mark that is no letter; a line that people draw has 70 to 100
# Blanks, and characters that show as none: soft hyphens, joiners, marks of direction, byte order marks.
_BLANKS = re.compile(
    rf"[\s\xad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff]{{{_LONGEST_RUN + 1},}}"
)
_MARKS = re.compile(rf"([^\w\s])\1{{{_LONGEST_RUN},}}")
_STACKED = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f]{9,}")


class Line(NamedTuple):
    """A line of the text: its span without the line break, and its words."""

    start: int
    end: int
    text: str


def lines(text: str, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """Yield every line between two offsets."""
    end = len(text) if end is None else end
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield Line(start, stop, text[start:stop].rstrip("\r"))
        start = stop + 1


def bounded(text: str, most: int = _MAX_CHARACTERS) -> str:
    """Return the beginning of a text, at most so many characters and lines, with runs of blanks and marks no longer than people write.

    A run of blanks with a line break in it becomes a blank line, any other run its beginning.
    """
    text = text[:most]
    text = _BLANKS.sub(lambda run: "\n\n" if "\n" in run.group() else run.group()[:_LONGEST_RUN], text)
    text = _MARKS.sub(lambda run: run.group()[:_LONGEST_RUN], text)
    text = text if text.isascii() else _STACKED.sub("", text)
    ends = islice(re.finditer("\n", text), _MAX_LINES - 1, None)
    last = next(ends, None)
    return text if last is None else text[: last.start()]
