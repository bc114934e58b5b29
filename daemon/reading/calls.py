"""Notices that phone systems send by mail: missed calls, voicemails, calls made. Known by their words, not by their sender.

RingCentral, 3CX, Teams, Google Voice, Zoom Phone, Aircall, Dialpad, Asterisk, FreePBX and Cisco Unity all name the kind of
call in the subject or the first lines, and the number beside it.
"""

from __future__ import annotations

import re

from daemon.reading.types import Call, Utterance

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
# Google Voice and its like write the words first, and under them what one can do.
_WORDS_FIRST = re.compile(r"\A\s*(?P<words>[^\n]{10,2000})\n\s*(?:play message|listen|reply|call back)\b", re.IGNORECASE)
_UNITY = re.compile(r"^\s*message from\s+\S", re.IGNORECASE)  # Cisco Unity's whole subject, which a person may write as well
_UNITY_SENDER = re.compile(r"unity|voice|cisco|cuc", re.IGNORECASE)
_SPEAKS = re.compile(r"\b(?:I|I'm|I've|me|ich|mich|mir)\b")
_CALLER = re.compile(r"(?:from|caller|von)\s*:?\s*\"?(?P<name>[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3})\"?", re.MULTILINE)
_DATE_LINE = re.compile(
    r"(?im)^\s*(?:date|time|received|datum|uhrzeit|duration|length|dauer)\b.*$|\b\d{1,2}:\d{2}(?::\d{2})?\b|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b"
)


def notice(utterance: Utterance) -> Call | None:
    """The call that this mail is a notice of, or None where a person wrote it."""
    subject, text = utterance.subject, utterance.text[:6000]
    kind = _kind(subject, utterance.sender)
    if kind is None:
        return None
    number = _number(subject) or _number(_DATE_LINE.sub(" ", text))
    machine = "auto-submitted" in utterance.headers or _PHONE_SENDER.search(utterance.sender) is not None
    if not machine and (number is None or (_number(subject) is None and _SPEAKS.search(text))):
        return None
    words = _TRANSCRIPT.search(text) or _WORDS_FIRST.match(text)
    caller = _CALLER.search(f"{subject}\n{text}")
    transcript = " ".join(words["words"].split()) if words and kind == "voicemail" else None
    return Call(kind, number, utterance.date, transcript, caller["name"] if caller else None)


def _kind(subject: str, sender: str) -> str | None:
    if re.match(r"\s*(?:re|fwd?|aw|wg)\s*:", subject, re.IGNORECASE):
        return None
    if _MISSED.search(subject):
        return "missed_call"
    if _VOICEMAIL.search(subject) or (_UNITY.match(subject) and _UNITY_SENDER.search(sender)):
        return "voicemail"
    if _MADE.search(subject) and _PHONE_SENDER.search(sender):
        return "made"
    return None


def _number(text: str) -> str | None:
    """The first number that can be a phone's, as + and digits where it says its country, else as digits."""
    for found in _NUMBER.finditer(text):
        words = found.group()
        digits = re.sub(r"\D", "", words.replace("(0)", ""))
        if 7 <= len(digits) <= 15:
            if words.lstrip("(").startswith("+"):
                return f"+{digits}"
            return f"+{digits[2:]}" if digits.startswith("00") else digits
    return None
