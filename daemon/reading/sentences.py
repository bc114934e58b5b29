"""Sentences of the new text, with their offsets.

A full stop ends a sentence unless it belongs to an abbreviation, an initial, a clock time or an ordinal, and what follows goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from daemon.reading.languages.abbreviations import (
    ANYWHERE,
    BEFORE_NUMBERS,
    COUNTED,
    MONTHS,
    STARTERS,
    TITLES,
    UNFINISHED,
)
from daemon.reading.values import Cut


class Sentence(NamedTuple):
    """A sentence of the new text: its span in the whole text, and its words with white space unchanged."""

    start: int
    end: int
    text: str


_CAPITAL = "A-ZÀ-ÖØ-ÞĆČŁŃŘŚŠŹŻŽ"
_BREAK = re.compile(
    rf"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[{_CAPITAL}0-9])|(?<=[?!])\s+|(?<=\.\.\.)\s+|(?<=[\w)]\.)[ \t]+(?=[a-z])|\n\s*\n|"
    r"(?<=[a-zäöüß]{3}\.)(?=(?:I|We|You|Can|Could|Would|Will|Please|Thanks?|What|When|Ich|Wir|Bitte|Können|Könnten|Danke) )|"
    r"\n(?=\s*(?:[-*+•●▪◦·–—→✓]|\(?\d{1,2}[.)]|[a-z]\))\s)|(?<=[:])\n"
)
_BEFORE = 32  # characters before a full stop, in which its abbreviation stands
_LAST_WORD = re.compile(r"(?:[^\W\d_]+\.[ -]?)*[^\W_]+$")
_NEXT_WORD = re.compile(r"[\"'“‘(\[]*([^\W_]+(?:['’][^\W\d_]+)?)")
_LETTER = re.compile(r"[^\W\d_]")
_DOTTED = re.compile(r"(?:\b[^\W\d_]\. ?)+[^\W\d_]{1,2}$")  # "z. B", "u.s", "i. d. r"
_CLOCK = re.compile(r"\d ?[ap]m$|\b[ap]\. ?m$")
_ORDINAL = re.compile(r"\b(?P<article>(?:zum|am|vom|bis|den|dem|der|im|zur|ab|das|die) )?\d{1,2}$")
_NUMBER_NEXT = re.compile(r"[#(]?[\w/-]{0,12}\d")
# "at 3 p.m. Monday" goes on, "at 3 p.m. We will" does not.
_AFTER_CLOCK = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day|\b)|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\b|may \d|\d|"
    r"(?:eastern|central|mountain|pacific)\b|[a-z]{2,12}(?: [a-z]{2,12}){0,2} time\b",
    re.IGNORECASE,
)
_ZONE_NAME = re.compile(r"\(?[A-Z]{2,4}\b")


# What ends the sentence before it even in lower case, as people type on telephones.
_LOWER_START = re.compile(
    r"(?:i|i['’](?:ll|m|ve|d)|(?:we|you)['’](?:ll|re|ve)|please|pls|thanks|thank you|let['’]s|let me know|what|when|where|why|how|who|hope|any (?:news|chance|update)|"
    r"(?:can|could|would|will|do|did|are|is|have|has|shall|should) (?:you|we|i|it|that|there)|"
    r"(?:schick|mach|bring|bestell|ruf|meld|sag|brauch)(?:e|t)?|gib|gebt|bitte|danke|kannst|könntest|könnt|hast|habt|ich|wir|wann)\b"
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
        if "\n\n" not in gap.group() and _goes_on(text, begin, gap):
            continue
        yield from _stripped(text, begin, gap.start())
        begin = gap.end()
    yield from _stripped(text, begin, end)


def _goes_on(text: str, begin: int, gap: re.Match[str]) -> bool:
    """Tell whether the sentence goes on after this gap: its full stop belongs to an abbreviation, an initial or an ordinal."""
    stop = gap.start() - 1
    if stop < begin or text[stop] != "." or text[stop - 1 : stop] == ".":
        return False
    before = text[max(begin, stop - _BEFORE) : stop]
    following = text[gap.end() : gap.end() + _BEFORE]
    met = _NEXT_WORD.match(following)
    word = met[1].replace("’", "'") if met else ""
    if word[:1].islower():
        return _LOWER_START.match(following) is None or _is_abbreviated(before)
    return _belongs(before, following, word.lower())


def _belongs(before: str, following: str, next_word: str) -> bool:
    """Tell whether the full stop after `before` ends no sentence, though a capital or a number follows."""
    last = _LAST_WORD.search(before)
    if last is None:
        return False
    low, word, starts = before.lower(), last.group().lower(), next_word in STARTERS
    if _CLOCK.search(low):
        return (_AFTER_CLOCK.match(following) or _ZONE_NAME.match(following)) is not None and not starts
    ordinal = _ORDINAL.search(low)
    if ordinal:
        return next_word in MONTHS or next_word in COUNTED or (ordinal["article"] is not None and not starts)
    single = word.rpartition(".")[2].strip(" -")
    if single in TITLES or word in UNFINISHED or _DOTTED.search(low):
        return not (last.group().isupper() and starts)  # "in the U.S. We" ends
    if single in BEFORE_NUMBERS:
        return _NUMBER_NEXT.match(following) is not None
    if single in ANYWHERE:
        return not starts
    return _is_initial(last.group(), following) and not starts


def _is_initial(word: str, following: str) -> bool:
    """Tell whether the word is an initial ("J. Smith"), or a letter of an abbreviation that goes on with another ("z. B.")."""
    if not _LETTER.fullmatch(word):
        return False
    return word.isupper() or (_LETTER.fullmatch(following[:1]) is not None and following[1:2] == ".")


_ABBREVIATED = TITLES | UNFINISHED | BEFORE_NUMBERS | ANYWHERE


def _is_abbreviated(before: str) -> bool:
    """Tell whether the words before a full stop end with an abbreviation, an initial or a number."""
    last = _LAST_WORD.search(before.lower())
    if last is None:
        return True
    single = last.group().rpartition(".")[2].strip(" -")
    return len(single) == 1 or single.isdigit() or single in _ABBREVIATED or last.group() in _ABBREVIATED or "." in last.group()


_GREETING = re.compile(
    r"\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|morning|hallo|liebe[rs]?|guten tag|sehr geehrte[rs]?|moin|servus)\b[^\n,:!.?]{0,40}[,:!.–-]*[ \t]*(?:\n|$)",
    re.IGNORECASE,
)
_SHORT = 45  # characters; a line break after a shorter line ends the sentence
_LINE_GOES_ON = (",", "-", "and", "or", "the", "to", "a")  # a line that ends so does not end the sentence


def _stripped(text: str, start: int, end: int) -> Iterator[Sentence]:
    """Yield one piece; its greeting line and its short lines become sentences of their own."""
    while start < end:
        greeting = _GREETING.match(text, start, end)
        stop = greeting.end() if greeting and greeting.end() < end else _end_of_short_line(text, start, end)
        sentence = text[start:stop]
        left, right = len(sentence) - len(sentence.lstrip()), len(sentence.rstrip())
        if right > left:
            yield Sentence(start + left, start + right, sentence[left:right])
        start = stop


def _end_of_short_line(text: str, start: int, end: int) -> int:
    """Return where the first line ends if it is short and the next one begins with a capital; `end` otherwise."""
    while start < end and text[start].isspace():
        start += 1
    newline = text.find("\n", start, end)
    if not 0 < newline - start < _SHORT or text[start:newline].rstrip().endswith(_LINE_GOES_ON):
        return end
    following = newline
    while following < end and text[following].isspace():
        following += 1
    return newline + 1 if following < end and text[following].isupper() else end
