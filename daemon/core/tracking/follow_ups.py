"""Follow-ups of a client ("Any news?"): what is one, and the sentence beside it that tells why it is urgent."""

from __future__ import annotations

import re

from daemon.glossary.timelines import Entry
from daemon.reading import ActKind
from daemon.reading.sentences import split_sentences

_REASON = 3  # words of a sentence that tells why something is urgent, at least
_AGREES = re.compile(
    r"^\W*(?:(?:yes|yep|yeah|ok(?:ay)?|sure|great|perfect|fine|ja|gerne?|klar|passt|prima|super)\W+)*(?:(?:yes|ja|sure|ok(?:ay)?)(?: please| bitte)?|please(?: do)?|go ahead|bitte|gerne?|mach(?:en sie)?(?: das| mal)?|(?:(?:that|this) (?:works|is fine)))\W*$",
    re.IGNORECASE,
)
BRIEF = 25  # words; who writes more has something of their own to say
_CHASER = re.compile(
    r"\b(?:follow(?:ing|ed)?[- ]?up|chas(?:e|ing)|(?:gentle|friendly|quick|kind) reminder|reminder\b|remind you|any (?:news|update|progress)|"
    r"still waiting|not (?:yet )?heard|haven'?t heard|bump(?:ing)?|nachfragen|nachhaken|erinner\w*|neuigkeiten|noch nichts gehört|warten? (?:ich |wir )?(?:immer )?noch|"
    r"(?:wait(?:ed|ing)|sat|stayed) (?:\w+ ){0,4}(?:for|by) (?:you\b|your? (?:call|mail|e-?mail|reply|answer|quote|offer|visit)|the (?:call|phone))|"
    r"you (?:never|didn'?t|did not|haven'?t|have not) (?:called?|rang|rung|ring|phoned?|come|came|turned? up|sent|send|got back|get back|answered|answer|replied|reply)\b|"
    r"(?:still(?: \w+)?|there (?:was|has been)) no (?:call|word|sign|date|news|answer|reply|quote)|(?:your|the) call (?:never came|did(?:n'?t| not) come)|"
    r"auf (?:ihren|deinen|euren|den) (?:anruf|rückruf|besuch) (?:\w+ ){0,3}(?:ge)?wartet?|auf (?:sie|dich|euch) gewartet|"
    r"(?:sie|du|ihr) (?:haben|hast|habt|wollten|wolltest|wolltet) (?:\w+ ){0,6}(?:nicht (?:angerufen|gemeldet|geschickt)|anrufen|zurückrufen|melden)|"
    r"(?:noch|immer noch) kein(?:e|en)? (?:anruf|rückruf|termin|antwort|angebot|nachricht|datum))\b",
    re.IGNORECASE,
)


def chases(entry: Entry) -> bool:
    """Return whether a client's message is a short follow-up, such as "just following up", that asks nothing by itself."""
    reading = entry.reading
    brief = reading.tag or len(reading.new_text.split()) <= BRIEF
    return (
        brief
        and _CHASER.search(reading.new_text) is not None
        and not reading.of(ActKind.PROMISE, ActKind.THANKS, ActKind.WITHDRAWAL)
    )


def sentence(entry: Entry) -> str:
    """Return the first sentence of a client's message that asks for something again, however much else it says; "" without one."""
    text = entry.reading.new_text
    if _CHASER.search(text) is None or entry.reading.of(ActKind.THANKS, ActKind.WITHDRAWAL):
        return ""
    return next((s.text for s in split_sentences(text, ()) if _CHASER.search(s.text)), "")


def merely_agrees(words: str) -> bool:
    """Return whether words only take up an offer ("Yes please."): they want the deed, and are no question."""
    return _AGREES.match(words) is not None


def with_reason(entry: Entry, quote: str) -> str:
    """Return the words of a follow-up with the sentence after them, which tells why it is urgent: "Any news? Budget closes on Friday."

    The words alone where the message is none, or where nothing comes after them but a name or another question.
    """
    text = entry.reading.new_text
    start = text.find(quote)
    if start < 0 or not (chases(entry) or _CHASER.search(quote)) or len(text.split()) > BRIEF:
        return quote
    end = start + len(quote)
    after = next((s for s in split_sentences(text, ()) if s.start >= end), None)
    if after is None or text[end : after.start] not in (" ", "\n") or len(after.text.split()) < _REASON:
        return quote
    if not after.text.endswith((".", "!")):  # a closing, or another question
        return quote
    return " ".join(text[start : after.end].split())


def reason_of(words: str) -> str:
    """Return what the words of a follow-up tell beyond asking again; "" where they are none, or tell no more."""
    first, *further = [s.text for s in split_sentences(words, ())] or [""]
    return " ".join(further) if _CHASER.search(first) else ""
