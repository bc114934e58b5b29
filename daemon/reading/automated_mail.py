"""Automated mail, which no person wrote: recognised by its headers (RFC 3834, 3464, 2369, 2919), without them by its words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from daemon.reading.values import ReaderInput

_HEAD = 3000  # characters of the new text that are examined
_BOUNCE_FROM = re.compile(
    r"^(?:mailer-daemon|post[-_.]?master|mail-daemon|mailerdaemon|double-bounce|mdaemon|postoffice)\b", re.IGNORECASE
)
_BOUNCE_SUBJECT = re.compile(
    r"(?:delivery (?:status notification|failure|has failed|failed|report|problem)|undeliver(?:able|ed)|returned mail|mail delivery (?:failed|"
    r"failure|system|subsystem)|failure notice|delivery failure|non[- ]?deliver(?:y|able)|message (?:not delivered|could not be delivered|undeliverable|delivery failure)|"
    r"mail (?:system error|could not be delivered)|returned to sender|could not send message|unzustellbar|non remis|warning: (?:could not send|message)|"
    r"undelivered mail|email feedback report|abuse report|complaint about message|mail failure|delivery notification|notification d'état|"
    r"delivery (?:delayed|incomplete)|delayed mail|user unknown|can't deliver|mail error|dsn|rejected (?:mail|message))",
    re.IGNORECASE,
)
_BOUNCE_TEXT = re.compile(
    r"(?:this (?:is|message was created) (?:an? )?automatically|i'm afraid i wasn't able to deliver|could not be delivered|the following address(?:es)? (?:had|failed)|"
    r"did not reach the following recipient|delivery to the following recipient|permanent (?:fatal )?error|550[ -]5\.\d\.\d|user unknown|"
    r"mailbox (?:is full|unavailable|not found)|(?:your )?message (?:was not|could not be|wasn't) delivered|was undeliverable|recipient(?:s)? address rejected|"
    r"unable to deliver|this is an email abuse report|feedback-type: )",
    re.IGNORECASE,
)
_AUTO_SUBJECT = re.compile(
    r"^\s*(?:re:\s*)?(?:auto(?:matic|mated|-)?\s*(?:reply|response|antwort|:)|autoreply|out of (?:the )?office|ooo\b|abwesenheit|"
    r"automatische antwort|réponse automatique|respuesta automática|risposta automatica|automatisch antwoord|on (?:vacation|holiday|leave)\b|"
    r"away from (?:my|the) (?:office|desk|mail|e-?mail)|vacation (?:reply|response)|i am (?:currently )?(?:out of|away))",
    re.IGNORECASE,
)
_AUTO_TEXT = re.compile(
    r"(?:i (?:am|will be|'m) (?:currently )?(?:out of (?:the )?office|away from (?:the office|my desk|my e-?mail)|on (?:annual |parental |maternity )?(?:leave|vacation|holiday))"
    r".{0,400}(?:return|back|respond|reply|contact|urgent)|this is an auto(?:mated|matic|-)\s*(?:reply|response)|ich bin (?:bis|vom|derzeit|zur zeit).{0,80}(?:nicht im büro|abwesend|im urlaub)|"
    r"thank you for (?:your (?:e-?mail|message)|contacting).{0,200}(?:will (?:respond|reply|get back)|as soon as possible).{0,300}(?:automat|do not reply))",
    re.IGNORECASE | re.DOTALL,
)
_CALENDAR_SUBJECT = re.compile(
    r"^\s*(?:accepted|declined|tentative(?:ly accepted)?|cancel(?:l)?ed(?: event)?|updated invitation|invitation|zugesagt|abgesagt|"
    r"mit vorbehalt|angenommen|abgelehnt|accepté|refusé|meeting (?:forward notification|cancel\w*))\s*:",
    re.IGNORECASE,
)
_NO_REPLY = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|donotreply|noreply|notifications?|alerts?|mailer|bounces?|automailer|newsletter|news|updates|announcements?)\b",
    re.IGNORECASE,
)
_NEWSLETTER_TEXT = re.compile(
    r"(?:to unsubscribe|unsubscribe (?:from|here|at|by|link)|click here to unsubscribe|opt[- ]out of|manage your (?:subscription|preferences)|"
    r"view (?:this|it) (?:e-?mail )?in (?:your|a) browser|you (?:are receiving|received) this (?:e-?mail|newsletter|message) because|"
    r"to be removed from (?:this|our|future)|remove(?:d)? from (?:our|this) (?:mailing )?list|vom newsletter abmelden|newsletter abbestellen|"
    r"this (?:e-?mail|message|newsletter) was sent (?:to you (?:by|because)|because)|subscribe or unsubscribe|if you no longer wish to receive)",
    re.IGNORECASE,
)
_NOTIFICATION_TEXT = re.compile(
    r"(?:this is an automat(?:ed|ic(?:ally generated)?) (?:e-?mail|message|notification|notice|reminder)|(?:please )?do not (?:reply|respond) to this (?:e-?mail|message|mail|address)|"
    r"this (?:e-?mail|message|mail) (?:was|is|has been) (?:sent )?(?:automatically|auto-?) ?generated|automatically generated (?:e-?mail|message|by)|"
    r"this mailbox is not monitored|replies to this (?:e-?mail|message) (?:are not|will not)|"
    r"diese (?:e-?mail|nachricht) wurde automatisch|bitte antworten sie nicht auf diese)",
    re.IGNORECASE,
)
# Subjects that only mail systems write; an answer to one begins with "Re:" and is a person's.
_SURE_BOUNCE_SUBJECT = re.compile(
    r"\s*(?:complaint about message from|undelivered mail returned to sender|delivery status(?: notification)?\b|mail delivery (?:failed|failure)|"
    r"returned mail:|failure notice|undeliverable(?: mail)?:|mail system error|message delivery failure|email feedback report|unzustellbar:)",
    re.IGNORECASE,
)
_NOTICE_SUBJECT = re.compile(
    r"\bnotification\b|\b(?:has been|was) (?:received|shipped|processed|posted|dispatched)\W*$|^(?:reminder|alert|invoice|receipt) ?[#:]",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I've|I'll|me|my|ich|mir|mich)\b")
_GROUP_FOOT = re.compile(
    r"unsubscribe from this group|this (?:discussion|mailing) (?:group|list)|yahoogroups|googlegroups|egroups", re.IGNORECASE
)
_CALENDAR_FORM = re.compile(r"(?:chairperson|organizer)\s*:.{0,200}\b(?:invitees|attendees)\s*:", re.IGNORECASE | re.DOTALL)
_RETURN = re.compile(r"(?:return(?:ing)?|back|until|till|through|zurück|wieder|bis)\b", re.IGNORECASE)


def classify(message: ReaderInput, new_text: str) -> tuple[str | None, str]:
    """Return what kind of automated mail it is, and the rule that says so; (None, "") for a person's mail."""
    head = new_text[:_HEAD]
    return _delivery_report(message, head) or _by_header(message, head) or _by_words(message, head) or (None, "")


def _delivery_report(message: ReaderInput, head: str) -> tuple[str, str] | None:
    headers = message.headers
    if "multipart/report" in headers.get("content-type", "").lower():
        return "bounce", "content-type is a report (RFC 6522)"
    if headers.get("return-path", "").strip() == "<>" and not _looks_like_auto_reply(message, head):
        return "bounce", "the empty return path of a delivery report (RFC 5321)"
    if "x-failed-recipients" in headers or _BOUNCE_FROM.match(message.sender):
        return "bounce", "sent by a mail system"
    return None


def _by_header(message: ReaderInput, head: str) -> tuple[str, str] | None:
    """Return the kind that a header states, the most authoritative header first."""
    headers = message.headers
    content_type = headers.get("content-type", "").lower()
    if "text/calendar" in content_type or ("method=" in content_type and "calendar" in content_type):
        return "calendar", "a calendar message (RFC 6047)"
    submitted = headers.get("auto-submitted", "").lower()
    if submitted and submitted.split(";")[0].strip() != "no":
        return _auto_submitted(message, submitted, head)
    if any(name in headers for name in ("x-autoreply", "x-autorespond", "x-autoresponder")):
        return "auto_reply", "an auto-responder's own header"
    precedence = headers.get("precedence", "").lower().strip()
    if precedence in {"auto_reply", "auto-reply"}:
        return "auto_reply", f"precedence: {precedence}"
    if "list-id" in headers or "list-unsubscribe" in headers or precedence in {"bulk", "list", "junk"}:
        return "newsletter", "sent to a list (RFC 2369, 2919)"
    if headers.get("feedback-id") or headers.get("x-campaign-id"):
        return "newsletter", "a bulk mailer's own header"
    return None


def _auto_submitted(message: ReaderInput, submitted: str, head: str) -> tuple[str, str]:
    """Return the kind of a mail whose Auto-Submitted header says that no person sent it (RFC 3834, section 5)."""
    if "auto-replied" not in submitted and not _looks_like_auto_reply(message, head):
        return "notification", f"auto-submitted: {submitted} (RFC 3834)"
    if _BOUNCE_SUBJECT.search(message.subject):
        return "bounce", "auto-submitted delivery report"
    return "auto_reply", "auto-submitted: auto-replied (RFC 3834)"


def _by_words(message: ReaderInput, head: str) -> tuple[str, str] | None:
    if message.direction == "sent" or message.unread:
        return None
    mail = _Words(message.sender, message.subject, head, head.lower())
    return next(((kind, why) for kind, why, matches in _WORD_RULES if matches(mail)), None)


# Parts of words without which the longer patterns cannot match; finding a fixed string is twenty times faster.
_AUTO_WORDS = ("office", "away from", "leave", "vacation", "holiday", "auto", "büro", "abwesend", "urlaub")
_NOTIFICATION_WORDS = ("automat", "auto", "reply to this", "respond to this", "monitored", "replies to", "antworten")
_NEWSLETTER_WORDS = (
    "subscri",
    "opt out",
    "opt-out",
    "preferences",
    "browser",
    "receiv",
    "removed from",
    "remove from",
    "was sent",
    "abmelden",
    "abbestellen",
)


class _Words(NamedTuple):
    """What a mail without telling headers is judged by."""

    sender: str
    subject: str
    head: str
    low: str  # the head in lower case

    def contain(self, words: tuple[str, ...]) -> bool:
        return any(word in self.low for word in words)


# The kind, why, and the test, in the order of their authority.
_WORD_RULES: tuple[tuple[str, str, Callable[[_Words], object]], ...] = (
    ("calendar", "the subject of a calendar answer", lambda m: len(m.head) < 1500 and _CALENDAR_SUBJECT.match(m.subject)),
    (
        "calendar",
        "the form of a group calendar",
        lambda m: "invitees" in m.head[:1000].lower() and _CALENDAR_FORM.search(m.head[:1000]),
    ),
    ("auto_reply", "the subject of an absence note", lambda m: _AUTO_SUBJECT.search(m.subject)),
    (
        "bounce",
        "a delivery report's sender or subject",
        lambda m: "@" not in m.sender or _SURE_BOUNCE_SUBJECT.match(m.subject),
    ),
    (
        "bounce",
        "the words of a delivery report",
        lambda m: _BOUNCE_SUBJECT.search(m.subject) and (_BOUNCE_TEXT.search(m.head) or m.sender.startswith("postmaster")),
    ),
    (
        "auto_reply",
        "the words of an absence note",
        lambda m: len(m.head) < 2500 and m.contain(_AUTO_WORDS) and _AUTO_TEXT.search(m.head[:1200]),
    ),
    ("notification", "sent from an address that takes no answers", lambda m: _NO_REPLY.match(m.sender)),
    (
        "notification",
        "it says that a machine wrote it",
        lambda m: m.contain(_NOTIFICATION_WORDS) and _NOTIFICATION_TEXT.search(m.head),
    ),
    (
        "notification",
        "a notice in which nobody speaks",
        lambda m: _NOTICE_SUBJECT.search(m.subject) and not _FIRST_PERSON.search(m.head),
    ),
    (
        "newsletter",
        "it says how to unsubscribe",
        lambda m: m.contain(_NEWSLETTER_WORDS) and _NEWSLETTER_TEXT.search(m.head) and not _GROUP_FOOT.search(m.head),
    ),
)


def _looks_like_auto_reply(message: ReaderInput, head: str) -> bool:
    return _AUTO_SUBJECT.search(message.subject) is not None or _AUTO_TEXT.search(head[:1200]) is not None


def return_date(dates: list[tuple[int, date]], text: str) -> date | None:
    """Return the day of return that an absence note names: the last of its (offset, date) pairs near "back", "return" or "until"."""
    near = [day for start, day in dates if _RETURN.search(text[max(0, start - 60) : start + 5])]
    return max(near) if near else None
