"""Notices that phone systems send by mail: missed calls, voicemails, calls made. They are recognised by their words.

RingCentral, 3CX, Teams, Google Voice, Zoom Phone, Aircall, Dialpad, 8x8, Vonage, Sipgate, Placetel, the Fritz!Box, Asterisk, FreePBX
and Cisco Unity all name the kind of call in the subject or the first lines, and the number beside it.
"""

from __future__ import annotations

import re
from itertools import islice

from daemon.reading import subjects
from daemon.reading.phone_numbers import other_number
from daemon.reading.text_lines import bounded
from daemon.reading.values import Call, ReaderInput

_SUBJECT, _HEAD = 1000, 6000  # characters of the subject and of the text that are examined
_VOICEMAIL = re.compile(
    r"(?:new |you have (?:a |received a )?(?:new )?)?voice ?(?:mail|message)s?\b.{0,40}(?:from|received|left|for|in mailbox|\(|of|:|$)|"
    r"\bvoice ?mail (?:from|message)|\bnew message \d* ?in mailbox\b|left (?:you )?a (?:new )?(?:voice ?mail|message)|"
    r"sprachnachricht|mailboxnachricht|voicemail(?:nachricht)? (?:von|für|auf)|nachricht auf (?:ihrem|dem|deinem) anrufbeantworter|"
    r"^neue nachricht (?:von|auf dem anrufbeantworter)|(?:nouveau )?message vocal\b|messagerie vocale|mensaje de voz|buzón de voz|"
    r"messaggio vocale|messaggio in segreteria|mensagem de voz|correio de voz|voicemail ?bericht|ingesproken bericht|röstmeddelande|"
    r"telefonsvarare|talebesked|talemelding|telefonsvarer|poczt[ay] głosow|wiadomość głosow|hlasov[áé] (?:zpráv|správ)|vastaajaviesti|ボイスメール",
    re.IGNORECASE,
)
_MISSED = re.compile(
    r"missed (?:a )?(?:phone )?calls?\b|you (?:have )?missed a call|unanswered call|abandoned call|call (?:from .{3,60} )?(?:was )?missed\b|(?:verpasst|entgangen|unbeantwortet)e?[rn]? (?:telefon)?anruf|"
    r"anruf von .{3,60} (?:verpasst|nicht angenommen)|anruf (?:verpasst|in abwesenheit)|appels? (?:manqué|en absence|non répondu)|llamadas? perdidas?|"
    r"chiamat[ae] pers[ae]|chiamata senza risposta|chamadas? (?:perdidas?|não atendidas?)|gemiste? (?:oproep|gesprek)|oproep gemist|missat samtal|"
    r"obesvarat samtal|(?:ubesvare[dt]e?|mistet) opkald|(?:tapt|ubesvart) anrop|nieodebrane połączeni|zmeškan[ýé] (?:hovor|volání)|vastaamaton puhelu|不在着信",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\b(?:call (?:log|summary|recording|details)|outgoing call|outbound call|call (?:to|with) .{0,40}(?:completed|ended|answered)|your call (?:with|to))\b",
    re.IGNORECASE,
)
_PHONE_SENDER = re.compile(
    r"voice|phone|call|pbx|3cx|ringcentral|aircall|dialpad|zoom|teams|unity|asterisk|no-?reply|notif|telefon|fritz|sipgate|placetel|"
    r"anruf|8x8|vonage|starface|nfon|telephon|telecom",
    re.IGNORECASE,
)
_TRANSCRIPT = re.compile(
    r"\b(?:transcript(?:ion)?|preview|transkript(?:ion)?|abschrift)(?: \(?beta\)?)?\s*:\s*[\"“]?", re.IGNORECASE
)
_TRANSCRIPT_END = re.compile(r"[\"”]\s*(?:\n|\Z)|\n\s*\n")
_TRANSCRIPTS, _SHORTEST, _LONGEST = 5, 10, 2000  # that are looked at; characters of one
# Google Voice and others begin with what was spoken, followed by links to play the message or to reply.
_TRANSCRIPT_FIRST = re.compile(r"\A\s*(?P<words>[^\n]{10,2000})\n\s*(?:play message|listen|reply|call back)\b", re.IGNORECASE)
_UNITY = re.compile(r"^\s*message from\s+\S", re.IGNORECASE)  # Cisco Unity's subject, which a person may write as well
_UNITY_SENDER = re.compile(r"unity|voice|cisco|cuc", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I've|me|ich|mich|mir)\b")
_CALLER = re.compile(r"(?:from|caller|von)[ \t]*:?[ \t]*\"?(?P<name>[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3})\"?", re.MULTILINE)
_DATE_LINE = re.compile(r"(?im)^[ \t]*(?:date|time|received|datum|uhrzeit|duration|length|dauer|durée|duración|durata|duur)\b.*$")
_WITHHELD = re.compile(
    r"\b(?:withheld|anonymous|private (?:number|caller)|no caller id|unknown (?:number|caller)|blocked|restricted|unbekannt\w*|unterdrückt\w*|anonym\w*|"
    r"masqué|inconnu|anónimo|desconocid[oa]|oculto|sconosciuto|anonimo|anoniem|onbekend\w*|dold|skjult|hemligt)\b",
    re.IGNORECASE,
)


def call_notice(message: ReaderInput) -> Call | None:
    """Return the call that this mail is a notice of, or None where a person wrote it."""
    subject, text = bounded(message.subject, _SUBJECT), bounded(message.text, _HEAD)
    kind = _kind(subject, message.sender)
    if kind is None:
        return None
    made = kind == "made"
    in_subject = other_number(subject, message.region, called=made)
    number = in_subject
    if number is None and not _WITHHELD.search(subject):
        number = other_number(_DATE_LINE.sub(" ", text), message.region, called=made)
    automated = "auto-submitted" in message.headers or _PHONE_SENDER.search(message.sender) is not None
    if not automated and (number is None or (in_subject is None and _FIRST_PERSON.search(text))):
        return None
    spoken = _spoken(text) if kind == "voicemail" else ""
    caller = _CALLER.search(f"{subject}\n{text}")
    transcript = " ".join(spoken.split()) or None
    return Call(kind, number, message.date, transcript, caller["name"] if caller else None)


def _spoken(text: str) -> str:
    """Return the words that were spoken: behind a label up to the quotation mark or the blank line that ends them, else the first line."""
    for label in islice(_TRANSCRIPT.finditer(text), _TRANSCRIPTS):
        end = _TRANSCRIPT_END.search(text, label.end() + _SHORTEST)
        stop = end.start() if end else len(text)
        if _SHORTEST <= stop - label.end() <= _LONGEST:
            return text[label.end() : stop]
    first = _TRANSCRIPT_FIRST.match(text)
    return first["words"] if first else ""


def _kind(subject: str, sender: str) -> str | None:
    """Return the kind of call that the subject names. A reply or a forwarded notice is a person's mail."""
    if subjects.is_reply(subject):
        return None
    if _MISSED.search(subject):
        return "missed_call"
    if _VOICEMAIL.search(subject) or (_UNITY.match(subject) and _UNITY_SENDER.search(sender)):
        return "voicemail"
    if _MADE.search(subject) and _PHONE_SENDER.search(sender):
        return "made"
    return None
