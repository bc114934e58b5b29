"""Lasting words: the sentences of an answer that would answer the same question another day.

An answer holds much that answers nothing, or only then: courtesies, promises and deferrals, what was attached, and what was true of
one day ("it left yesterday"). What one client pays, owes or was granted is nobody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from daemon.reading import ActKind, Reading
from daemon.reading.cuts.signature import with_signature
from daemon.reading.sentences import split_sentences

FEWEST = 3  # words of a sentence that says something
_SURE = 0.5
_WORD = re.compile(r"[^\W_]+")
_DAY = (
    r"mon(?:day)?|tues?(?:day)?|wed(?:nesday)?|thur?s?(?:day)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|"
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
)
_MONTH = r"jan\w*|feb\w*|mar(?:ch)?|märz|apr\w*|may|mai|june?|juni|july?|juli|aug\w*|sept?\w*|o[ck]t\w*|nov\w*|de[cz]\w*"
_ONCE = re.compile(
    rf"\b(?:today|tomorrow|tonight|yesterday|just now|right now|at the moment|this (?:morning|afternoon|evening|week|month|year)|"
    rf"(?:next|last) (?:week|month|year|{_DAY})|(?:{_DAY})\b(?! to\b| ?[-–] ?)|w/c|heute|morgen|gestern|(?:diese|nächste|letzte)[rnms]? (?:woche|monat|jahr)|"
    rf"\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTH})|(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}\. ?(?:{_MONTH}|\d{{1,2}}\.)|"
    r"on (?:its|the|their) way|(?:has|have) (?:left|shipped|gone out)|dispatched|(?:is|are) booked|unterwegs|"
    r"(?:on|in) (?:to|last) ?(?:night|week)['’]s)\b",
    re.IGNORECASE,
)
_DEFERS = re.compile(
    r"\b(?:(?:get|come|be) back to you|let you know|(?:i|we)(?:['’]ll| will| am going to)? (?:check|ask|find out|look into|chase|sort)|will (?:check|ask|do|send|call|confirm)|"
    r"let me|bear with|leave it with|looking into|on it|shortly|as soon as (?:i|we)|"
    r"(?:kläre|prüfe|frage|schaue|sende|schicke) ich|ich (?:kläre|prüfe|frage|schaue|melde|sende|schicke|rufe)|melde mich|sobald)\b",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"\b(?:sorry|apolog\w+|regret|thanks?|thank you|cheers|welcome|glad|happy to|hope|pleasure|no (?:problem|worries)|good (?:question|idea)|lovely|"
    r"any (?:questions|probs|problems)|don['’]?t hesitate|just shout|let (?:me|us) know|regards|danke\w*|gerne?|freue\w*|leider|entschuldig\w*|bitte melden)\b",
    re.IGNORECASE,
)
_HANDED_OVER = re.compile(
    r"\b(?:attach\w*|enclos\w*|see below|here (?:you are|it is|they are|is|are)|in the (?:sheet|folder)|same link|anbei|anhang|beigefügt|angehängt)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:can|could|would|will|do|shall) (?:you|i|we)\b.{0,80}\?|^(?:bitte|please) (?:send|confirm|call|tell|sign)",
    re.IGNORECASE,
)
_PRIVATE = re.compile(
    r"[£€$]\s?\d|\d\s?(?:[£€$]|euros?|eur|gbp|usd|pounds?|dollars?|chf)\b|\b(?:your (?:price|rate|contract|credit|terms?|account|discount|limit)|contract price|discounts?|rebate|below list|"
    r"credit (?:limit|note)|sort code|iban|bic|account (?:no|number)|acc(?:oun)?t\.? no|payment (?:terms?|[\d/]+)|invoice|net \d+|\d+ days? (?:eom|net)|we agreed|you agreed|agreed (?:with you|that)|"
    r"annual volume|password|rabatt\w*|skonto|zahlungsziel|tagen ziel|kontonummer|vereinbart|bei ihnen gilt|for you(?:r| only)?|yours is|ihr preis|ihre konditionen)\b|"
    r"\d+ ?% ?(?:off|less|below|discount|rabatt|on the invoice)|^\W*\d+ days is fine",
    re.IGNORECASE,
)


def lasting(text: str, reading: Reading, name: str = "", address: str = "") -> tuple[str, ...]:
    """Return the sentences of a sent mail that answer something for longer than a day, in order, each on one line.

    `text` is the mail's new text, `name` and `address` the sender's, by which a signature is known.
    """
    acted = [" ".join(a.quote.split()) for a in reading.of(ActKind.PROMISE, ActKind.DONE) if a.confidence >= _SURE]
    return tuple(s for s in _sentences(text, name, address) if not _passes(s, acted))


def is_private(sentence: str) -> bool:
    """Tell whether a sentence names what one client pays, owes or was granted, so that it is no answer for another."""
    return _PRIVATE.search(sentence) is not None


def _sentences(text: str, name: str, address: str) -> Iterator[str]:
    for sentence in split_sentences(text, with_signature(text, (), name, address)):
        words = " ".join(sentence.text.split())
        yield words.removeprefix("> ") if not words.startswith("> ") else ""


def _passes(sentence: str, acted: list[str]) -> bool:
    """Tell whether a sentence answers nothing, or only on its day."""
    if (
        sentence.rstrip(" .!…)\"'”").endswith("?")
        or len(_WORD.findall(sentence)) < FEWEST
        or any(quote in sentence or sentence in quote for quote in acted if quote)
    ):
        return True
    return any(p.search(sentence) for p in (_ONCE, _DEFERS, _COURTESY, _HANDED_OVER, _ASKS))
