"""The text of a mail with the words marked that were relied on. It is shown as text alone: no markup of a mail reaches a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daemon.letters import phrases

LONGEST = 6000  # characters of a mail that are shown
_AROUND = 1500  # of these before the first words that are marked, where the text is longer
_ENDS = " .,;:…“”\"'"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and whether it was relied on."""

    text: str
    marked: bool = False


def marked(text: str, quotes: Sequence[str]) -> tuple[Piece, ...]:
    """Return a mail's text in pieces, harmless to show, cut where it is long; the words of quotes are marked wherever they stand."""
    whole = harmless_lines(text)
    spans = list(_spans(whole, quotes))
    start, end = _shown(whole, spans)
    pieces = [Piece("… ")] * (start > 0)
    at = start
    for first, last in spans:
        if at <= first and last <= end:
            pieces += [Piece(whole[at:first]), Piece(whole[first:last], marked=True)]
            at = last
    pieces += [Piece(whole[at:end]), *[Piece(" …")] * (end < len(whole))]
    return tuple(piece for piece in pieces if piece.text)


def harmless_lines(text: str) -> str:
    """Return a text line by line without control, direction and invisible characters, and never more than one empty line in a row."""
    lines = "\n".join(phrases.harmless(line).rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


def _shown(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return which part of a text is shown: the beginning, or what surrounds the first words that are marked."""
    if len(text) <= LONGEST or not spans or spans[0][1] < LONGEST:
        return 0, min(len(text), LONGEST)
    start = spans[0][0] - _AROUND
    return start, min(len(text), start + LONGEST)


def _spans(text: str, quotes: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where the words of the quotes stand, in order and apart from each other; white space may differ."""
    found = []
    for quote in quotes:
        words = phrases.harmless(quote).strip(_ENDS).split()
        if words:
            found += [m.span() for m in re.finditer(r"[\s>]+".join(map(re.escape, words)), text)]
    last = 0
    for first, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if first >= last:
            yield first, end
            last = end
