"""Documents: which one the user promised to send, in words that fit into a sentence, and whether a client asks for one."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ENGLISH = re.compile(
    r"\b(?:send|forward|e-?mail|share|provide|get|give|let)\b(?: you| over| across| have| back){0,3} "
    r"(?P<what>(?:the|an?|our|your|my|both|two|three) (?:(?!by |on |and |to )[\w'’-]+ ){0,4}?"
    r"(?P<noun>quotes?|quotations?|offers?|proposals?|contracts?|agreements?|cop(?:y|ies)|drawings?|data ?sheets?|price lists?|certificates?|"
    r"reports?|invoices?|specifications?|specs?|brochures?|plans?|schedules?|minutes|slides|presentations?|lists?|figures))\b",
    re.IGNORECASE,
)
_GERMAN = re.compile(
    r"\b(?P<what>(?i:das|den|die|ein|eine|einen|unser|unsere|unseren|ihr|ihre|ihren|dein|deine|deinen) (?:[\wäöüß-]+ ){0,3}?"
    r"(?P<noun>\w*(?:[Aa]ngebot|[Vv]ertrag|[Zz]eichnung(?:en)?|[Dd]atenblatt|[Pp]reisliste|[Zz]ertifikat|[Pp]rotokoll|[Rr]echnung|[Uu]nterlagen|"
    r"[Bb]ericht|[Ee]ntwurf|[Aa]uftragsbestätigung|[Ll]iste|[Pp]räsentation)))\b(?=.*\b(?:\w*schick\w*|\w*send\w*|mail\w*|zukommen)\b)|"
    r"\b(?:schicke?|sende?|maile?)\b.{0,30}?(?P<what2>(?i:das|den|die|ein|eine|einen|unser|unsere|unseren) (?:[\wäöüß-]+ ){0,3}?"
    r"(?P<noun2>\w*(?:[Aa]ngebot|[Vv]ertrag|[Zz]eichnung(?:en)?|[Dd]atenblatt|[Pp]reisliste|[Zz]ertifikat|[Pp]rotokoll|[Rr]echnung|[Uu]nterlagen|"
    r"[Bb]ericht|[Ee]ntwurf|[Aa]uftragsbestätigung|[Ll]iste|[Pp]räsentation)))\b"
)

_WANTED = re.compile(  # what a call cannot hand over
    r"\b(?:send|sent|forward|e-?mail(?: me| us| it| over)|attach|upload|share)\b|"
    r"\b(?:quotes?|quotations?|proposals?|contracts?|drawings?|data ?sheets?|price lists?|certificates?|reports?|invoices?|"
    r"specifications?|specs|brochures?|slides|presentations?|photos?|pictures?|images?|pdfs?|documents?|credit notes?|purchase orders?)\b|"
    r"\b(?:\w*schicken?|\w*senden|mailen?|zukommen)\b|"
    r"\b\w*(?:angebot|vertrag|zeichnung(?:en)?|datenbl[aä]tt(?:er)?|preisliste|zertifikate?|protokoll|rechnung(?:en)?|unterlagen|"
    r"bericht|auftragsbestätigung|präsentation|fotos?|bilder|dokumente?)\b",
    re.IGNORECASE,
)


def is_wanted(request: str) -> bool:
    """Return whether a client's words, in English or German, ask for a document, or for anything to be sent."""
    return _WANTED.search(request) is not None


def asked_for(question: str, promises: Iterable[str]) -> str:
    """Return the document that one of the user's promises names and a question asks about: "the revised quote".

    `promises` are the words of promises that are open in the same conversation.
    """
    asked = question.casefold()
    for promise in promises:
        found = _ENGLISH.search(promise) or _GERMAN.search(promise)
        if found is not None:
            groups = found.groupdict()
            what, noun = groups["what"] or groups.get("what2") or "", groups["noun"] or groups.get("noun2") or ""
            if re.search(rf"\b{re.escape(noun.casefold().rstrip('s'))}s?\b", asked):
                return " ".join((what[:1].lower() + what[1:]).split())
    return ""
