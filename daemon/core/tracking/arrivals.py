"""Arrivals: how far a message says that what was to come is there."""

from __future__ import annotations

import re

from daemon.core import messages, topics
from daemon.glossary.obligations import Strength
from daemon.glossary.timelines import Entry

_RECEIVED = re.compile(
    r"\b(?:arrived|got (?:'?em|them)|(?:they'?re|it'?s|(?:\w+ )?(?:is|are)|all) (?:now |all )?here\b(?! (?:to|for|until|on|at|in)\b)|(?:has|have) (?:come|landed|reached us)|came (?:today|this morning|yesterday)|fitted|"
    r"(?:up and|all|is|are) running|thanks for sending|(?:came|come) through|(?:got|made it) here|(?:ist|is|sind|san) (?:(?:alles|alle|beide|schon|gut|heil|heute|gestern|soeben|gerade|wohlbehalten) ){0,3}(?:da|hier)\b(?! (?:um|bis|für|am|im|in|auf)\b)|"
    r"alles da|gut bei (?:mir|uns) gelandet|angekommen|eingetroffen)\b",
    re.IGNORECASE,
)
_NOT_ALL = re.compile(
    r"\b(?:but|aber|however|jedoch|missing|fehl\w*|wrong|falsch\w*|broken|damaged|kaputt\w*|beschädigt\w*|(?:haven'?t|hasn'?t|not) (?:yet )?(?:arrived|come|here)|noch (?:nicht|nichts|immer)|nichts?)\b",
    re.IGNORECASE,
)
_PERHAPS_RECEIVED = re.compile(
    r"\b(?:eingegangen|received|got it|thanks for (?:the|this|that|it|those)|thank you for (?:the|this|those)|erhalten|danke für)\b",
    re.IGNORECASE,
)
_GOODS = re.compile(
    r"\b(?:thanks|thank you|thx|cheers|danke\w*|dank|merci|complete|undamaged|intact|in good order|komplett|vollständig|vollzählig|unbeschädigt|"
    r"(?:your|the) (?:delivery|shipment|parcel|goods)|(?:ihre|deine|eure|die) (?:lieferung|sendung|ware)|\w*lieferung)\b",
    re.IGNORECASE,
)
_TO_FOLLOW = re.compile(
    r"[^,;.!?\n]*\b(?:(?:to|will|['’]ll) follow|still to come|(?:ist|sind|kommt|kommen) (?:noch|separat)|folg(?:t|en)|nachgereicht|reiche\b[^,;.!?\n]{1,40}\bnach)\b",
    re.IGNORECASE,
)


def confirms(entry: Entry, topic: frozenset[str]) -> Strength | None:
    """Whether the other side says that it arrived: plainly, or in words that may also thank for the promise alone."""
    text = entry.reading.new_text[:400]
    if messages.requests(entry):
        return None
    if _RECEIVED.search(text):
        return Strength.WEAK if _NOT_ALL.search(text) else Strength.STRONG
    return Strength.WEAK if _PERHAPS_RECEIVED.search(text) and topics.words(text) & topic else None


def acknowledges_goods(entry: Entry) -> bool:
    """Whether a mail says that goods came, to whom they came from: with thanks, or with a word on the state they came in."""
    told = f"{entry.message.subject}\n{entry.reading.new_text[:400]}"
    return confirms(entry, frozenset()) is Strength.STRONG and _GOODS.search(told) is not None


def to_follow(entry: Entry) -> frozenset[str]:
    """Return the words of what a mail says is still to come: "price list attached, drawings to follow"."""
    return frozenset[str]().union(*(topics.words(m[0]) for m in _TO_FOLLOW.finditer(entry.reading.new_text)))
