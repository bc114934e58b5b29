"""How a mail's sentences are laid before the encoder: one row of word pieces, or, of a long mail, several that overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

LENGTH = 512  # word pieces that the encoder takes at once, with the marks of beginning and end
MAX_WINDOWS = 4  # of a mail; the sentences further down are left to the linear models
_MAX_SENTENCE = 200  # pieces of a sentence; the rest is ignored
_AGAIN = 128  # pieces of earlier sentences that a further window shows again


class Window(NamedTuple):
    """A row of word pieces, where in it each sentence stands, and the number of the first of them in the mail."""

    pieces: list[int]
    spans: list[tuple[int, int]]
    first: int


def windows(sentences: Sequence[Sequence[int]], begin: int, end: int) -> list[Window]:
    """Return the windows of a mail whose sentences are given as word pieces; `begin` and `end` are the marks about a row."""
    result: list[Window] = []
    first = 0
    while first < len(sentences) and len(result) < MAX_WINDOWS:
        window = _window(sentences, first, begin, end)
        result.append(window)
        after = first + len(window.spans)
        first = after if after == len(sentences) else max(first + 1, _back(sentences, after))
    return result


def _window(sentences: Sequence[Sequence[int]], first: int, begin: int, end: int) -> Window:
    pieces, spans = [begin], []
    for sentence in sentences[first:]:
        taken = sentence[:_MAX_SENTENCE]
        if len(pieces) + len(taken) >= LENGTH:
            break
        spans.append((len(pieces), len(pieces) + len(taken)))
        pieces.extend(taken)
    return Window([*pieces, end], spans, first)


def _back(sentences: Sequence[Sequence[int]], after: int) -> int:
    """Return the number of the sentence from which a window shows again what stands before the sentence `after`."""
    room = _AGAIN
    while after > 0 and (room := room - len(sentences[after - 1][:_MAX_SENTENCE])) >= 0:
        after -= 1
    return after
