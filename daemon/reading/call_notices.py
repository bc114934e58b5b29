"""Notices that phone systems send by mail: missed calls, voicemails, calls made. They are recognised by their words.

RingCentral, 3CX, Teams, Google Voice, Zoom Phone, Aircall, Dialpad, Asterisk, FreePBX and Cisco Unity all name the kind of
call in the subject or the first lines, and the number beside it.
"""

from __future__ import annotations

import re

from daemon.reading import subjects
from daemon.reading.values import Call, ReaderInput

_HEAD = 6000  # characters of the text that are examined
_VOICEMAIL = re.compile(
    r"(?:new |you have (?:a |received a )?(?:new )?)?voice ?(?:mail|message)s?\b.{0,40}(?:from|received|left|for|in mailbox|\(|of|:|$)|\bvoice ?mail (?:from|message)|\bnew message \d* ?in mailbox\b|sprachnachricht|"
    r"left (?:you )?a (?:new )?(?:voice ?mail|message)|mailboxnachricht|^neue nachricht (?:von|auf dem anrufbeantworter)",
    re.IGNORECASE,
)
_MISSED = re.compile(
    r"missed (?:a )?(?:phone )?calls?\b|you missed a call|unanswered call|verpasster anruf|anruf von .{3,60} verpasst|anruf in abwesenheit|abandoned call",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\b(?:call (?:log|summary|recording|details)|outgoing call|outbound call|call (?:to|with) .{0,40}(?:completed|ended|answered)|your call (?:with|to))\b",
    re.IGNORECASE,
)
_PHONE_SENDER = re.compile(
    r"voice|phone|call|pbx|3cx|ringcentral|aircall|dialpad|zoom|teams|unity|asterisk|no-?reply|notif|telefon", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<![\w@.])(?:\+|00|\(|0)?[\d(][\d\s().\-/]{6,18}\d(?![\w@])")
_TRANSCRIPT = re.compile(
    r"\b(?:transcript(?:ion)?|preview|transkript(?:ion)?|abschrift)(?: \(?beta\)?)?\s*:\s*[\"“]?(?P<words>.{10,2000}?)(?:[\"”]\s*(?:\n|\Z)|\n\s*\n|\Z)",
    re.IGNORECASE | re.DOTALL,
)
# Google Voice and others begin with what was spoken, followed by links to play the message or to reply.
_TRANSCRIPT_FIRST = re.compile(r"\A\s*(?P<words>[^\n]{10,2000})\n\s*(?:play message|listen|reply|call back)\b", re.IGNORECASE)
_UNITY = re.compile(r"^\s*message from\s+\S", re.IGNORECASE)  # Cisco Unity's subject, which a person may write as well
_UNITY_SENDER = re.compile(r"unity|voice|cisco|cuc", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I've|me|ich|mich|mir)\b")
_CALLER = re.compile(r"(?:from|caller|von)\s*:?\s*\"?(?P<name>[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3})\"?", re.MULTILINE)
_DATE_LINE = re.compile(
    r"(?im)^\s*(?:date|time|received|datum|uhrzeit|duration|length|dauer)\b.*$|\b\d{1,2}:\d{2}(?::\d{2})?\b|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b"
)


def call_notice(message: ReaderInput) -> Call | None:
    """Return the call that this mail is a notice of, or None where a person wrote it."""
    subject, text = message.subject, message.text[:_HEAD]
    kind = _kind(subject, message.sender)
    if kind is None:
        return None
    number = _number(subject) or _number(_DATE_LINE.sub(" ", text))
    automated = "auto-submitted" in message.headers or _PHONE_SENDER.search(message.sender) is not None
    if not automated and (number is None or (_number(subject) is None and _FIRST_PERSON.search(text))):
        return None
    spoken = _TRANSCRIPT.search(text) or _TRANSCRIPT_FIRST.match(text)
    caller = _CALLER.search(f"{subject}\n{text}")
    transcript = " ".join(spoken["words"].split()) if spoken and kind == "voicemail" else None
    return Call(kind, number, message.date, transcript, caller["name"] if caller else None)


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


def _number(text: str) -> str | None:
    """Return the first number that can be a phone's: + and digits where it names its country, else digits."""
    for match in _NUMBER.finditer(text):
        words = match.group()
        digits = re.sub(r"\D", "", words.replace("(0)", ""))
        if 7 <= len(digits) <= 15:
            if words.lstrip("(").startswith("+"):
                return f"+{digits}"
            return f"+{digits[2:]}" if digits.startswith("00") else digits
    return None
