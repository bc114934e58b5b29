"""Automated mail, which no person wrote: certain by a few headers (RFC 3834, 5321, 6522), else weighed.

Servers and mailing programs put list and bulk headers (RFC 2369, 2919) on letters of people as well, and people write about
invoices, absences and deliveries. So these are marks of a machine that are weighed against the signs of a person who speaks to the
user (`person_signs`): a client's question is never hidden for a header or a word alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from daemon.reading import person_signs, subjects
from daemon.reading.values import ReaderInput

_HEAD = 3000  # characters of the new text that are examined
_BOUNCE_FROM = re.compile(r"^(?:mailer-daemon|mail-daemon|mailerdaemon|double-bounce|mdaemon)\b", re.IGNORECASE)
_POSTMASTER = re.compile(r"^(?:post[-_.]?master|postoffice)\b", re.IGNORECASE)
_LIST_PROGRAM = re.compile(
    r"^(?:listserv|majordomo|mailman|listmaster|sympa|ezmlm)\b|[-+](?:request|owner|owners|bounces?|unsubscribe|confirm)@",
    re.IGNORECASE,
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
    r"away from (?:my|the) (?:office|desk|mail|e-?mail)|vacation (?:reply|response)|i am (?:currently )?(?:out of|away)|"
    r"absence du bureau|absent du bureau|fuera de (?:la )?oficina|ausente\b|fuori (?:sede|ufficio)|afwezig|fora do escritório|resposta automática|"
    r"poza biurem|nieobecno|automatyczna odpowiedź|frånvaro|fravær|autosvar|automatisk[t]? svar|poissa)",
    re.IGNORECASE,
)
# With which Exchange and others begin every automatic reply; it adds to the weight of the subject.
_AUTO_PREFIX = re.compile(
    r"\s*(?:auto(?:matic|mated|-)?\s*(?:reply|response)|autoreply|automatische antwort|réponse automatique|respuesta automática|"
    r"risposta automatica|automatisch antwoord|resposta automática|automatyczna odpowiedź|autosvar|automatisk[t]? svar)\b",
    re.IGNORECASE,
)
_AUTO_TEXT = re.compile(
    r"(?:i(?: am| will be|['’]m) (?:currently )?(?:out of (?:the )?office|away from (?:the office|my desk|my e-?mail)|on (?:annual |parental |maternity )?(?:leave|vacation|holiday))"
    r".{0,400}(?:return|back|respond|reply|contact|urgent)|this is an auto(?:mated|matic|-)\s*(?:reply|response)|ich bin (?:bis|vom|derzeit|zur zeit).{0,80}(?:nicht im büro|abwesend|im urlaub)|"
    r"je suis (?:actuellement )?(?:absent|en congé|en vacances).{0,200}(?:retour|jusqu|contact|urgen)|estoy (?:fuera de la oficina|de vacaciones|ausente)|"
    r"sono (?:fuori ufficio|in ferie|assente)|ik ben (?:tot|van|momenteel|op dit moment).{0,60}(?:afwezig|met vakantie|niet op kantoor|niet aanwezig)|"
    r"estou (?:de férias|ausente|fora do escritório)|jestem (?:na urlopie|poza biurem|nieobecn)|jag är (?:på semester|inte på kontoret|tillbaka)|jeg er (?:på ferie|ikke på kontoret|tilbage|tilbake)|"
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
    r"this (?:e-?mail|message|newsletter) was sent (?:to you (?:by|because)|because)|subscribe or unsubscribe|if you no longer wish to receive|"
    r"se désabonner|désinscri\w+|darse de baja|annulla\w* (?:l['’])?iscrizione|\buitschrijven\b|\bafmelden (?:voor|van)|cancelar (?:a )?(?:sua )?(?:inscrição|subscrição)|"
    r"wypisz się|avprenumerera|avregistrera|\b(?:meld|afmeld|avmeld) (?:dig|deg|nyhedsbrev|nyhetsbrev))",
    re.IGNORECASE,
)
_MACHINE_TEXT = re.compile(
    r"(?:this is an automat(?:ed|ic(?:ally generated)?) (?:e-?mail|message|notification|notice|reminder)|"
    r"this (?:e-?mail|message|mail) (?:was|is|has been) (?:sent )?(?:automatically|auto-?) ?generated|automatically generated (?:e-?mail|message|by)|"
    r"diese (?:e-?mail|nachricht|mail) (?:wurde|ist) automatisch|automatisch (?:erstellte|generierte|erzeugte) (?:e-?mail|nachricht)|"
    r"(?:ceci est un|ce) (?:e-?mail|courriel|message) (?:est |a été )?(?:généré |envoyé )?automatique|este (?:es un )?(?:correo|mensaje) (?:es |ha sido )?(?:generado |enviado )?automátic|"
    r"(?:questo è un )?messaggio (?:generato |inviato )?automatic|(?:dit is een )?automatisch (?:gegenereerd|verzonden|bericht)|esta (?:é uma )?mensagem (?:é |foi )?(?:gerada |enviada )?automátic|"
    r"wiadomość (?:została )?wygenerowana automatycznie|(?:detta är ett|dette er en) automatisk)",
    re.IGNORECASE,
)
_NO_ANSWER_TEXT = re.compile(
    r"(?:(?:please )?do not (?:reply|respond) (?:directly )?to this (?:e-?mail|message|mail|address)|this mailbox is not monitored|replies to this (?:e-?mail|message) (?:are not|will not)|"
    r"(?:bitte )?antworten sie (?:bitte )?nicht auf diese|(?:merci de )?ne pas répondre à ce|(?:por favor,? )?no responda a este|(?:si prega di )?non rispondere a quest|niet (?:te )?beantwoorden|"
    r"não responda a est|nie odpowiadać na|svara inte på|svar ikke på|ikke svar på)",
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
_GROUP_FOOT = re.compile(
    r"unsubscribe from this group|this (?:discussion|mailing) (?:group|list)|yahoogroups|googlegroups|egroups", re.IGNORECASE
)
_CALENDAR_FORM = re.compile(r"(?:chairperson|organizer)\s*:.{0,200}\b(?:invitees|attendees)\s*:", re.IGNORECASE | re.DOTALL)
_RETURN = re.compile(r"(?:return(?:ing)?|back|until|till|through|zurück|wieder|bis)\b", re.IGNORECASE)
# The name of a list at the end of List-Id (RFC 2919, 3), or the first address or host of List-Post and List-Unsubscribe (RFC 2369, 2).
_BRACKETED = re.compile(r"(?:<(?:mailto:[^<>@]{1,200}@|https?://)|<(?=[^<>]{1,300}>\s*$))([\w.-]{1,255})")
_LIST_HEADERS = ("list-id", "list-post", "list-unsubscribe", "list-help")
_OFF = frozenset(
    {"", "no", "none", "false", "0", "off"}
)  # an auto-responder's header with such a value says that it was no answer


_ABSENCE = ("the subject of an absence note", "an answer with the subject of an absence note", "the words of an absence note")
_AUTO_PRECEDENCE = frozenset(("auto_reply", "auto-reply"))


def certain(message: ReaderInput, new_text: str) -> tuple[str, str] | None:
    """Return the kind of automated mail and its rule where a header leaves no doubt that no person wrote it, else None."""
    head = new_text[:_HEAD]
    headers = message.headers
    content_type = headers.get("content-type", "").lower()
    if "multipart/report" in content_type:
        return "bounce", "content-type is a report (RFC 6522)"
    if headers.get("return-path", "").strip() == "<>" and not _looks_like_auto_reply(message, head):
        return "bounce", "the empty return path of a delivery report (RFC 5321)"
    if "x-failed-recipients" in headers or _BOUNCE_FROM.match(message.sender):
        return "bounce", "sent by a mail system"
    if "text/calendar" in content_type or ("method=" in content_type and "calendar" in content_type):
        return "calendar", "a calendar message (RFC 6047)"
    submitted = headers.get("auto-submitted", "").lower()
    if submitted and submitted.split(";")[0].strip() != "no":
        return _auto_submitted(message, submitted, head)
    return None


def weighed(message: ReaderInput, new_text: str, *, asks: bool, requests: bool) -> tuple[str | None, str]:
    """Return the kind of automated mail and its rule where its marks weigh no less than the signs of a person; else (None, "").

    `asks` says that the text, taken as a person's, waits for an answer of the user; `requests` that it asks anything at all.
    """
    if message.unread:  # what is there of it says nothing about who wrote it
        return None, ""
    head = new_text[:_HEAD]
    mail = _Mail(message, head, head.lower())
    marks = [mark for mark in _MARKS if (message.direction != "sent" or mark.of_user) and mark.matches(mail)]
    if not marks:
        return None, ""
    against = sum(mark.weight for mark in marks)
    signs = person_signs.found(message, new_text, asks=asks, requests=requests)
    if sum(sign.weight for sign in signs) > against:
        return None, ""
    if asks and {mark.why for mark in marks} <= set(_ABSENCE) and person_signs.greets(message, new_text):
        return None, ""  # a note is the same for everybody: it calls nobody by name and asks nobody
    return marks[0].kind, marks[0].why


def _auto_submitted(message: ReaderInput, submitted: str, head: str) -> tuple[str, str]:
    """Return the kind of a mail whose Auto-Submitted header says that no person sent it (RFC 3834, section 5)."""
    if "auto-replied" not in submitted and not _looks_like_auto_reply(message, head):
        return "notification", f"auto-submitted: {submitted} (RFC 3834)"
    if _BOUNCE_SUBJECT.search(message.subject):
        return "bounce", "auto-submitted delivery report"
    return "auto_reply", "auto-submitted: auto-replied (RFC 3834)"


# Parts of words without which the longer patterns cannot match; finding a fixed string is twenty times faster.
_AUTO_WORDS = tuple(
    (
        "office|away from|leave|vacation|holiday|auto|büro|abwesend|urlaub|absent|congé|vacances|oficina|vacaciones|ausente|"
        "ufficio|ferie|assente|afwezig|vakantie|kantoor|férias|escritório|urlop|biurem|nieobecn|semester|kontoret|tilba"
    ).split("|")
)
_NO_ANSWER_WORDS = tuple(
    (
        "reply to this|respond to this|monitored|replies to|antworten|répondre|responda|rispondere|beantwoorden|odpowiadać|"
        "svara inte|svar ikke|ikke svar"
    ).split("|")
)
_NEWSLETTER_WORDS = tuple(
    (
        "subscri|opt out|opt-out|preferences|browser|receiv|removed from|remove from|was sent|abmelden|abbestellen|longer wish|"
        "désabonn|désinscri|darse de baja|iscrizione|uitschrijven|afmelden|inscrição|subscrição|wypisz|avprenumerera|"
        "avregistrera|avmeld|afmeld"
    ).split("|")
)


class _Mail(NamedTuple):
    """What the marks look at: the message, and the head of its new text, also in lower case."""

    message: ReaderInput
    head: str
    low: str

    @property
    def subject(self) -> str:
        return self.message.subject

    @property
    def sender(self) -> str:
        return self.message.sender

    @property
    def is_reply(self) -> bool:
        return subjects.is_reply(self.subject)

    def contain(self, words: tuple[str, ...]) -> bool:
        return any(word in self.low for word in words)

    def header(self, name: str) -> str:
        return self.message.headers.get(name, "").strip().lower()


class _Mark(NamedTuple):
    """A mark of a machine: the kind of mail it speaks for, its weight, why, and the test.

    Only `of_user` marks tell on what the user sent: the user's own letters are never a machine's for their words or a list.
    """

    kind: str
    weight: int
    why: str
    matches: Callable[[_Mail], object]
    of_user: bool = False


def _is_sent_to_list(mail: _Mail) -> bool:
    """Tell whether it came by a list (RFC 2369, 2919), but not by a group of the user's own company: that is a letter box."""
    return any(name in mail.message.headers for name in _LIST_HEADERS) and not _is_own_list(mail)


def _is_in_bulk(mail: _Mail) -> bool:
    """Tell whether a server marked it as bulk and nothing more: many ticket systems mark every mail of a person so."""
    return mail.header("precedence") in {"bulk", "list", "junk"} and not _is_sent_to_list(mail) and not _is_own_list(mail)


def _is_own_list(mail: _Mail) -> bool:
    """Tell whether the list is one of the user's own company: by the list's headers, without any by whom it was sent to."""
    own = mail.message.own_domains
    headers = [mail.header(name) for name in _LIST_HEADERS if mail.header(name)]
    if not own:
        return False
    if not headers:
        others = set(mail.message.to) - set(mail.message.user)
        return mail.header("precedence") == "list" and any(_within(a.rpartition("@")[2], own) for a in others)
    named = mail.header("list-id") or mail.header("list-post") or headers[0]
    bracketed = _BRACKETED.search(named[:1000])
    return bracketed is not None and _within(bracketed[1], own)


def _within(domain: str, own: tuple[str, ...]) -> bool:
    return any(domain == mine or domain.endswith(f".{mine}") for mine in own)


_TO_NOBODY = re.compile(
    r"\s*(?:dear|hello|hi|to(?: all)?(?: our)?|sehr geehrte[rs]?|liebe[rs]?|guten tag,?|an(?: alle)?(?: unsere)?) (?:(?:our|all|valued|existing|unsere|alle) ){0,2}"
    r"(?:suppliers?|vendors?|customers?|clients?|(?:business |trading )?partners?|members?|users?|subscribers?|account ?holders?|contractors?|readers?|"
    r"lieferant(?:en|innen)?|(?:geschäfts)?partner|kund(?:e|en|in|innen)|mitglied(?:er)?|abonnent(?:en)?|leser)\b",
    re.IGNORECASE,
)


def _has_responders_header(mail: _Mail) -> bool:
    return any(mail.header(name) not in _OFF for name in ("x-autoreply", "x-autorespond", "x-autoresponder"))


def _speaks_of_delivery(mail: _Mail) -> bool:
    told = _BOUNCE_TEXT.search(mail.head) is not None or mail.sender.startswith("postmaster")
    return told and _BOUNCE_SUBJECT.search(mail.subject) is not None


def _is_to_nobody(mail: _Mail) -> bool:
    return (_is_in_bulk(mail) or _is_sent_to_list(mail)) and _TO_NOBODY.match(mail.head) is not None


def _is_notice(mail: _Mail) -> bool:
    return _NOTICE_SUBJECT.search(mail.subject) is not None and not person_signs.first_person(mail.head)


def _tells_how_to_unsubscribe(mail: _Mail) -> bool:
    told = mail.contain(_NEWSLETTER_WORDS) and _NEWSLETTER_TEXT.search(mail.head)
    return bool(told) and not _GROUP_FOOT.search(mail.head)


# In the order in which they name the kind. The signs of a person weigh 1 to 3 each (person_signs).
_MARKS: tuple[_Mark, ...] = (
    _Mark("calendar", 5, "the subject of a calendar answer", lambda m: len(m.head) < 1500 and _CALENDAR_SUBJECT.match(m.subject)),
    _Mark("calendar", 6, "the form of a group calendar", lambda m: _CALENDAR_FORM.search(m.head[:1000])),
    _Mark("auto_reply", 7, "an auto-responder's own header", _has_responders_header, of_user=True),
    _Mark("auto_reply", 7, "precedence: auto_reply", lambda m: m.header("precedence") in _AUTO_PRECEDENCE, of_user=True),
    _Mark("auto_reply", 2, "the subject of an automatic reply", lambda m: not m.is_reply and _AUTO_PREFIX.match(m.subject)),
    _Mark("auto_reply", 4, _ABSENCE[0], lambda m: not m.is_reply and _AUTO_SUBJECT.search(m.subject)),
    _Mark("auto_reply", 2, _ABSENCE[1], lambda m: m.is_reply and _AUTO_SUBJECT.search(m.subject)),
    _Mark(
        "bounce",
        6,
        "a delivery report's sender or subject",
        lambda m: "@" not in m.sender or _SURE_BOUNCE_SUBJECT.match(m.subject),
    ),
    _Mark("notification", 4, "sent by the program of a mailing list", lambda m: _LIST_PROGRAM.search(m.sender)),
    _Mark("bounce", 4, "sent by a mail system", lambda m: _POSTMASTER.match(m.sender)),
    _Mark("bounce", 5, "the words of a delivery report", _speaks_of_delivery),
    _Mark(
        "auto_reply", 6, _ABSENCE[2], lambda m: len(m.head) < 2500 and m.contain(_AUTO_WORDS) and _AUTO_TEXT.search(m.head[:1200])
    ),
    _Mark("newsletter", 4, "sent to a list (RFC 2369, 2919)", _is_sent_to_list),
    _Mark("newsletter", 3, "marked as bulk", _is_in_bulk),
    _Mark("newsletter", 4, "sent to many, and to nobody by name", _is_to_nobody),
    _Mark("newsletter", 1, "a bulk mailer's own header", lambda m: m.header("feedback-id") or m.header("x-campaign-id")),
    _Mark("notification", 4, "sent from an address that takes no answers", lambda m: _NO_REPLY.match(m.sender)),
    _Mark("notification", 6, "it says that a machine wrote it", lambda m: "automat" in m.low and _MACHINE_TEXT.search(m.head)),
    _Mark(
        "notification",
        4,
        "it says that it takes no answers",
        lambda m: m.contain(_NO_ANSWER_WORDS) and _NO_ANSWER_TEXT.search(m.head),
    ),
    _Mark("notification", 3, "a notice in which nobody speaks", _is_notice),
    _Mark("newsletter", 2, "it says how to unsubscribe", _tells_how_to_unsubscribe),
)


def _looks_like_auto_reply(message: ReaderInput, head: str) -> bool:
    return _AUTO_SUBJECT.search(message.subject) is not None or _AUTO_TEXT.search(head[:1200]) is not None


def return_date(dates: list[tuple[int, date]], text: str) -> date | None:
    """Return the day of return that an absence note names: the last of its (offset, date) pairs near "back", "return" or "until"."""
    near = [day for start, day in dates if _RETURN.search(text[max(0, start - 60) : start + 5])]
    return max(near) if near else None
