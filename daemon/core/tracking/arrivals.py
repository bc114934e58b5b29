"""Arrivals: how far a message says that what was to come is there."""

from __future__ import annotations

import re

from daemon.core import messages, topics
from daemon.glossary.obligations import Strength
from daemon.glossary.timelines import Entry
from daemon.reading import Act

_RECEIVED = re.compile(
    r"\b(?:arrived|all (?:[\d.,]+ )?(?:\w+ )?in(?=\s*(?:[.!,]|$))|got (?:'?em|them)|(?:they'?re|it'?s|(?:\w+ )?(?:is|are)|all) (?:now |all )?here\b(?! (?:to|for|until|on|at|in)\b)|(?:has|have) (?:come|landed|reached us)|came (?:today|this morning|yesterday)|fitted|"
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
    r"\b(?:thanks|thank you|thx|cheers|danke\w*|dank|merci|complete|quality|spot on|undamaged|intact|in good order|komplett|vollständig|vollzählig|unbeschädigt|"
    r"(?:your|the) (?:delivery|shipment|parcel|goods)|(?:ihre|deine|eure|die) (?:lieferung|sendung|ware)|\w*lieferung)\b",
    re.IGNORECASE,
)
_TO_FOLLOW = re.compile(
    r"(?<![^,;.!?\n])[^,;.!?\n]*\b(?:(?:to|will|['’]ll) follow|still to come|(?:ist|sind|kommt|kommen) (?:noch|separat)|folg(?:t|en)|nachgereicht|reiche\b[^,;.!?\n]{1,40}\bnach)\b",
    re.IGNORECASE,
)

_EXPECTED = re.compile(
    r"\byou(?:['’]ll| will) (?:then )?have (?:it|them)\b|\b(?:hast du|haben sie|du hast|sie haben) (?:ihn|sie|es|das|die)\b|\b(?:you|they|it|these|those)\b.{0,12}\bshould (?:\w+ )?(?:have|get|receive|arrive|be (?:there|with you))\b|\bsoll(?:t?en|te)\b.{0,60}\b(?:haben|bekommen|ankommen|da sein|eintreffen)\b",
    re.IGNORECASE,
)
_HAS_LEFT = re.compile(
    r"\b(?:(?:has|have|is|are|were|was|just|already)? ?(?:left|gone out|went out|dispatched|shipped|sent|posted|collected|picked up)|on (?:its|their|the) way|"
    r"(?:with|by) (?:the )?courier|unterwegs|verschickt|versandt|versendet|abgeschickt|rausgegangen|abgeholt|auf dem weg)\b",
    re.IGNORECASE,
)
_TRAVELS = re.compile(
    r"\b(?:(?:on|with|in|by) (?:the |an? )?(?:(?:to(?:day|night|morrow)|\w+day)(?: \w+)?['’]s |next )?(?:van|truck|lorry|post|courier|pallet delivery)\b|"
    r"(?:i|we)(?:['’]ll| will) (?:ship|dispatch)\b|per (?:express|kurier|post|spedition)\b|mit (?:der |dem )?(?:post|kurier|spedition)\b|(?:versenden|liefern) wir\b|wir (?:versenden|liefern)\b)",
    re.IGNORECASE,
)
_IS_DONE = re.compile(r"\W*(?:(?:all )?done|sorted|booked|erledigt)\b", re.IGNORECASE)
_JUST_BEFORE = 160  # characters before words about an arrival, in which it stands that the thing has left


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


def expects(act: Act) -> bool:
    """Whether words tell when something will have come, and not what is done for it: "you should have it on Monday"."""
    return _EXPECTED.search(act.quote) is not None


def travels(quote: str) -> bool:
    """Whether words promise goods that somebody carries: no mail shows that they went, and hardly one that they came."""
    return _TRAVELS.search(quote) is not None


def has_left(entry: Entry) -> bool:
    """Whether a message says that something has left, or has gone out."""
    return _HAS_LEFT.search(entry.reading.new_text) is not None


def is_on_its_way(act: Act, entry: Entry) -> bool:
    """Whether words only tell when something should be there that has left already: nothing of it is left to do.

    So do words that begin with what was done for it: "Done, on Thursday's van."
    """
    if travels(act.quote) and _IS_DONE.match(act.quote):
        return True
    if not expects(act):
        return False
    text = " ".join(entry.reading.new_text.split())
    at = text.find(" ".join(act.quote.split()))
    return at >= 0 and _HAS_LEFT.search(text[max(0, at - _JUST_BEFORE) : at + len(act.quote)]) is not None
