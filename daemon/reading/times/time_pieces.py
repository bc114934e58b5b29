"""Find the pieces of time phrases in a sentence (days, parts of the day, clock times, offsets) and join those that belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from daemon.reading.languages.time_words import TimeWords
from daemon.reading.times.grammar import CLASSES, RULES, Rule, compiled, needed
from daemon.reading.times.tokens import Token, tokens_of

_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_MAX_BETWEEN = 10  # tokens between two pieces of one phrase
# What may stand between two pieces of one phrase, and what belongs to a phrase before its first piece.
_BETWEEN = compiled(
    "(comma|latest|at|on|in|by|of|the|from|about|dash|before|after|between|filler|sharp|until|unto"
    "|if agreed|if (other|our|agreed|for|go|the|on|in){1,6} comma|open (other|go|the|our|agreed|for){1,5} shut){0,10}"
)
_LEAD = frozenset(
    CLASSES[name] for name in "by on at before until unto about from for after the in within over latest between late our".split()
)
_BEFORE_EVENT = compiled("before (the|our|one|other|working|go|of|week|month_unit|quarter|year){1,4} (on|of)? the?$")
_NEEDED = frozenset[str]().union(*(need for rule in RULES for need in needed(rule.pattern)))
_LOOKED_BACK = 8  # tokens before a phrase that may say that it ends before


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a phrase: its kind, the name of what resolves it, its tokens by the names that the resolver knows, and its place."""

    kind: str  # day | part | clock | offset
    name: str
    groups: Mapping[str, Token | None]
    first: int  # of its tokens
    after: int
    start: int  # in the sentence
    end: int


class Sentence(NamedTuple):
    """A sentence taken apart: its tokens, the characters that stand for their classes, and the pieces found in them."""

    tokens: list[Token]
    classes: str
    pieces: list[Piece]


_NOTHING = Sentence([], "", [])


@lru_cache(maxsize=128)  # asked for several times for each sentence
def taken_apart(low: str, words: TimeWords) -> Sentence:
    """Return a sentence in lower case with its pieces that do not overlap, in order, preferring the longest."""
    if _DIGIT.search(low) is None and words.telling.isdisjoint(_WORD.findall(low)):  # most sentences name no time
        return _NOTHING
    tokens = tokens_of(low, words)
    classes = "".join(CLASSES[token.kind] for token in tokens)
    chosen: list[Piece] = []
    taken = bytearray(len(tokens))
    for piece in sorted(_pieces(tokens, classes), key=lambda p: (p.start - p.end, p.first - p.after, p.start)):
        if not any(taken[piece.first : piece.after]):
            taken[piece.first : piece.after] = b"\1" * (piece.after - piece.first)
            chosen.append(piece)
    return Sentence(tokens, classes, sorted(chosen, key=lambda p: p.first))


def _pieces(tokens: list[Token], classes: str) -> Iterator[Piece]:
    """Yield every match of a rule; they may overlap."""
    for rule, pattern in _rules_for(_NEEDED.intersection(classes)):
        for match in pattern.finditer(classes):
            first, after = match.span()
            groups = {name: tokens[place] if (place := match.start(name)) >= 0 else None for name in pattern.groupindex}
            yield Piece(rule.kind, rule.name, groups, first, after, tokens[first].start, tokens[after - 1].end)


@lru_cache(maxsize=1024)
def _rules_for(present: frozenset[str]) -> list[tuple[Rule, re.Pattern[str]]]:
    """Return the rules that may fire where these classes of tokens are present, with their patterns."""
    return [
        (rule, compiled(rule.pattern)) for rule in RULES if not any(need.isdisjoint(present) for need in needed(rule.pattern))
    ]


def part_named(piece: Piece) -> str:
    """Return the name of the part of the day that a piece names."""
    token = piece.groups.get("part") or piece.groups.get("half_day")
    if token is None:
        return {"early": "morning", "close": "end_of_day"}[piece.name]
    return {"a": "morning", "p": "afternoon"}.get(str(token.value), str(token.value))


def time_phrases(sentence: Sentence) -> Iterator[list[Piece]]:
    """Yield the time phrases of a sentence: neighbouring pieces of different kinds, joined."""
    phrase: list[Piece] = []
    for piece in sentence.pieces:
        adjacent = (
            bool(phrase)
            and piece.first - phrase[-1].after <= _MAX_BETWEEN
            and _BETWEEN.fullmatch(sentence.classes, phrase[-1].after, piece.first) is not None
        )
        if piece.name == "half_day" and piece.after - piece.first == 1 and not (adjacent and phrase[-1].kind == "day"):
            continue  # "I am", not "tomorrow am"
        if adjacent and _belongs_to(piece, phrase):
            phrase.append(piece)
        else:
            if phrase:
                yield phrase
            phrase = [piece]
    if phrase:
        yield phrase


def _belongs_to(piece: Piece, phrase: list[Piece]) -> bool:
    """Tell whether an adjacent piece continues a phrase: another kind, or a further part of the day.

    Of two parts ("first thing tomorrow morning") the first says more. An offset stands alone.
    """
    kinds = {p.kind for p in phrase}
    return (piece.kind not in kinds and "offset" not in {piece.kind, *kinds}) or piece.kind == phrase[0].kind == "part"


def first_token(sentence: Sentence, phrase: list[Piece]) -> int:
    """Return the number of the token with which a phrase begins, with the small words before it: "by Friday", "at 3pm"."""
    place = phrase[0].first
    while place and sentence.classes[place - 1] in _LEAD:
        place -= 1
    return place


def ends_before(sentence: Sentence, phrase: list[Piece]) -> bool:
    """Tell whether the time ends before the day that is named: "before Friday", "ahead of the meeting on Friday"."""
    first, piece = first_token(sentence, phrase), phrase[0]
    if CLASSES["before"] in sentence.classes[first : piece.after - 1]:
        return True
    return _BEFORE_EVENT.search(sentence.classes, max(0, piece.first - _LOOKED_BACK), piece.first) is not None
