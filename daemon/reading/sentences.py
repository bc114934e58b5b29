"""Sentences of the new text, with their offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from daemon.reading.values import Cut


class Sentence(NamedTuple):
    """A sentence of the new text: its span in the whole text, and its words with white space unchanged."""

    start: int
    end: int
    text: str


_BREAK = re.compile(
    r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-ZÄÖÜ0-9À-Ý])|(?<=[?!])\s+|(?<=\.\.\.)\s+|\n\s*\n|\n(?=\s*(?:[-*•–]|\d{1,2}[.)])\s)|(?<=[:])\n"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|inc|ltd|co|corp|no|nr|vs|e\.g|i\.e|etc|approx|dept|ext|tel|u\.s|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|wed|thurs?|fri|bzw|z\.b|ca|str)|\b[A-Z]|\b(?:zum|am|vom|bis|den|dem|der) \d{1,2})\.$",
    re.IGNORECASE,
)


# "at 3 p.m. Monday" goes on, "at 3 p.m. We will" does not.
_GOES_ON = re.compile(
    r"[ap]\.?m\.\s+(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|[ecmp][sd]?t\b|gmt|\d)",
    re.IGNORECASE,
)


def split_sentences(text: str, spans: Sequence[Cut]) -> Iterator[Sentence]:
    """Yield the sentences outside the cut spans. A line break ends one only before a blank line, a list item or a short line."""
    at = 0
    for cut in [*sorted(spans), Cut(len(text), len(text), "")]:
        if cut.start > at:
            yield from _split(text, at, cut.start)
        at = max(at, cut.end)


def _split(text: str, start: int, end: int) -> Iterator[Sentence]:
    begin = start
    for gap in _BREAK.finditer(text, start, end):
        piece = text[begin : gap.start()]
        if "\n\n" not in gap.group() and (_ABBREVIATION.search(piece[-12:]) or _GOES_ON.match(text, gap.start() - 4)):
            continue
        yield from _stripped(text, begin, gap.start())
        begin = gap.end()
    yield from _stripped(text, begin, end)


_GREETING = re.compile(
    r"\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|morning|hallo|liebe[rs]?|guten tag|sehr geehrte[rs]?|moin|servus)\b[^\n,:!.?]{0,40}[,:!.–-]*[ \t]*(?:\n|$)",
    re.IGNORECASE,
)
_SHORT = 45  # characters; a line break after a shorter line ends the sentence


def _stripped(text: str, start: int, end: int) -> Iterator[Sentence]:
    """Yield one piece; its greeting line and its short lines become sentences of their own."""
    piece = text[start:end]
    greeting = _GREETING.match(piece)
    if greeting and greeting.end() < len(piece):
        yield from _stripped(text, start, start + greeting.end())
        yield from _stripped(text, start + greeting.end(), end)
        return
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if right <= left:
        return
    start, piece = start + left, piece[left:right]
    newline = piece.find("\n")
    following = piece[newline + 1 :].lstrip()
    if (
        0 < newline < _SHORT
        and following[:1].isupper()
        and not piece[:newline].rstrip().endswith((",", "-", "and", "or", "the", "to", "a"))
    ):
        yield from _stripped(text, start, start + newline)
        yield from _stripped(text, start + newline + 1, start + len(piece))
        return
    yield Sentence(start, start + len(piece), piece)
