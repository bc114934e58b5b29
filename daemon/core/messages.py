"""What one message does: whether a person wrote it, what it asks, hands over or reports.

The reader has already told requests, promises and deliveries apart. The patterns below are the words for calls and consent in the
languages that are read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from connectors.mail import Attachment, Message
from daemon.core.people import PUBLIC_DOMAINS
from daemon.glossary.obligations import Strength
from daemon.glossary.parties import Account
from daemon.glossary.timelines import Entry, Side
from daemon.reading import Act, ActKind

SURE = 0.5  # acts below this confidence answer and ask nothing
POSSIBLE = 0.4  # promises below this confidence are not looked at: no click can bring them back (core.confidence_bands)
# How sure it is that a complaint, one of what we sent or did, or a document for approval waits for an answer.
_COMPLAINS, _COMPLAINS_OF_US, _SUBMITS = 0.6, 0.75, 0.8
_OF_US = re.compile(
    r"^(?!\W*(?:our|my|unser\w*|mein\w*)\b).*\b(?:you|your|deliver(?:y|ies|ed)|shipments?|shipped|order(?:ed)?|invoiced?|parcels?|pallets?|boxes|parts|goods|"
    r"ihre?[rnms]?|eure?\w*|dein\w*|\w*lieferung(?:en)?|geliefert\w*|sendung|\w*rechnung|\w*bestell\w+|ware|palette\w*|pakete?)\b",
    re.IGNORECASE | re.DOTALL,
)
_BUSINESS = (ActKind.REQUEST, ActKind.PROMISE, ActKind.DELIVERY, ActKind.COMPLAINT, ActKind.POSTPONEMENT)
_UNVOUCHED = (
    0.49  # how sure, at most, of what came by somebody else's form, where anybody may give the client's address: it is asked
)
_PATIENT = re.compile(
    r"\b(?:no (?:rush|worries|hurry|problem|news)|take your time|whenever|look(?:ing)? forward|still|wait(?:ing)?|kein(?:e|en)? (?:eile|problem|stress)|lass(?:en)? (?:sie |dir )?(?:sich )?zeit|freu\w* (?:mich|uns)|"
    r"wart\w*|noch (?:nicht|nichts|immer))\b",
    re.IGNORECASE,
)
_INVITES = 0.9  # how sure it is that a calendar message that invites waits for an answer
_ASKS_FOR_TIME = re.compile(
    r"\b(?:(?:give|allow|grant) (?:me|us) (?:until|till|a|an|one|two)\b|bear with (?:me|us)|(?:geben|gebt|gib|lassen|lasst|lass) (?:sie )?(?:mir|uns) (?:bitte |noch )*(?:bis|zeit)\b)",
    re.IGNORECASE,
)
_PLEASANTRY = re.compile(
    r"\b(?:(?:i|we)(?: will|['’]ll| shall)(?: \w+ly)? (?:enjoy|treasure|cherish|miss|savou?r|celebrate|drink to|raise a glass|toast|keep (?:my|our|all) fingers|cross (?:my|our) fingers|be thinking of|think of you|"
    r"look forward|take (?:that|it|this) as a|let you (?:get on|go|enjoy)|leave (?:it|that|this) (?:with|to) you|look after you|take (?:good |great )?care of you|do (?:my|our) (?:very )?best|never forget|"
    r"bring (?:my|our) appetite|be (?:glad|happy|delighted|pleased|thrilled|over the moon)\b(?! to))|"
    r"freue? (?:ich )?(?:mich|uns)|drücke?n? (?:ich |wir )?(?:ihnen |dir |euch )?(?:\w+ )?daumen|genieße?n?\b|stoße?n?\b.{0,30}\ban\b|denke?n? (?:ich |wir )?an (?:sie|dich|euch)\b|(?:mein|unser) bestes)\b",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:thanks|thank you|many thanks|danke|vielen dank|merci|gracias|bedankt|dank je|dank u|grazie|obrigad[oa]|dziękuj\w+|tack|takk|tusen takk|mange tak)\b",
    re.IGNORECASE,
)
_FEW = 3  # recipients whom a mail of thanks may have
_INLINE = 50_000  # bytes below which a picture is taken for part of a signature
_CONSENT = re.compile(
    r"^\W*(?:(?:hi|hello|hey|dear|hallo)\b[^\n,!.]{0,30}[,!.\n]\s*)?(?:(?:that|this|both|either|it|all|all of (?:it|them)|\w+day)\s+(?:is|are|'s|works?|suits?|sounds?)\b|"
    r"yes|yep|no|nope|agreed|confirmed|approved|fine|perfect|sure|certainly|of course|absolutely|correct|ok(?:ay)?\b.{0,30}\b(?:with|by|for) (?:me|us)|go ahead|works|"
    r"i(?:'m| am) (?:happy|fine|ok|okay) with|i can (?:make|do)|(?:sounds|looks) (?:good|fine|great)|ja|nein|einverstanden|bestätigt|passt|gerne)\b",
    re.IGNORECASE,
)
_REFUSAL = re.compile(r"\b(?:no|nope|not|\w+n['’]t|unfortunately|afraid|nein|nicht|leider|kein\w*)\b", re.IGNORECASE)
_CALLED = re.compile(
    r"\b(?:called|rang|phoned|telephoned|spoke|spoken|talked|on the (?:phone|call)|by (?:phone|telephone)|(?:our|the|your|this morning's) (?:phone )?(?:call|chat|conversation)(?!.{0,60}\b(?:confirmed|booked|scheduled|arranged|planned|moved|postponed|cancelled|tomorrow|next|will)\b)|"
    r"(?:good|great|nice|lovely|pleasure) (?:to (?:speak|talk|chat)|speaking|talking|chatting)|(?:speaking|talking|chatting|to (?:speak|talk|chat)) (?:to|with) you|(?:speak|talk|catch) (?:to|with|up with)? ?you (?:just now|earlier|today|this)|for (?:the|your) call|"
    r"telefoniert|telefonat|angerufen|gesprochen|am telefon)\b",
    re.IGNORECASE,
)
_JUST_SPOKEN = re.compile(
    r"\b(?:(?:thanks|thank you|thx)(?: \w+){0,2} for (?:(?:the|your|our|taking (?:the|my)|this (?:morning|afternoon)'s)\s+)?(?:\w+ )?(?:call(?:ing)?|ringing|phoning|chat)\b(?! (?:invit|for tender|off)\w*)|"
    r"appreciat\w+ (?:you|your|the) (?:\w+ )?(?:call(?:ing)?|ringing|phoning|chat)|dank\w*(?: \w+){0,2} für (?:den|ihren|deinen|das|unser|euren)\s+(?:\w+ )?(?:anruf|rückruf|telefonat|gespräch)|"
    r"(?:as|like) (?:we )?(?:just )?(?:discussed|agreed|said) (?:on the phone|over the phone|by phone|just now)\b|"
    r"(?:ihre?|eure?|deine?) (?:kolleg\w+|(?:service|techni)\w*|mitarbeiter\w*)\b.{0,40}\b(?:angerufen|sich (?:telefonisch )?gemeldet)|"
    r"your (?:colleague|engineer|technician|service|team|office)\b.{0,40}\b(?:has |have |just |already )?(?:called|rang|phoned|rung)\b|"
    r"(?:so )?wie (?:eben|grade?|gerade|vorhin|soeben|heute früh|heute morgen|gestern|am telefon|telefonisch)\b.{0,20}\b(?:besprochen|vereinbart|abgemacht|gesprochen|ausgemacht))",
    re.IGNORECASE,
)
_TRIED = re.compile(
    r"\b(?:tried|trying|left (?:you )?(?:a |you )?(?:another )?(?:message|voice ?mail)|no answer|no luck|couldn'?t reach|nicht erreicht|versucht)\b",
    re.IGNORECASE,
)
_TRIED_TO_CALL = re.compile(
    r"\b(?:tried|trying) (?:to )?(?:\w+ )?(?:call|calling|ring|ringing|phone|phoning|reach|reaching)\b|\b(?:called|rang|phoned)\b.{0,40}\b(?:no (?:answer|luck|reply)|couldn['’]?t|missed)|"
    r"\bjust (?:missed|called|rang) you\b|versucht\b.{0,30}\b(?:anzurufen|zu erreichen)|(?:nicht|niemanden) erreicht\b",
    re.IGNORECASE,
)
_HEARD = re.compile(
    r"\b(?:your (?:missed )?call|your (?:voice ?mail|message)|missed you|you (?:called|rang|phoned)|ihren? anruf|ihre nachricht)\b",
    re.IGNORECASE,
)
_ATTACHED = re.compile(r"\b(?:attach\w*|enclos\w*|anbei|beigefügt|anhang|angehängt)\b", re.IGNORECASE)
_APPROVAL = re.compile(
    r"\bfor (?:your |you to )?(?:approv\w*|sign(?:ature|ing|[- ]?off)?|review|comments?|feedback|confirmation|consideration)\b|"
    r"\bzur (?:freigabe|unterschrift|prüfung|durchsicht|genehmigung|bestätigung)\b",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"\b(?:invit\w*|meet\w*|calendar|slot|appointment|call|visit|catch up|termin\w*|einladung|besuch\w*)\b", re.IGNORECASE
)


_SALUTATION = re.compile(
    r"\W*(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|liebe[rs]?|guten (?:tag|morgen|abend)|sehr geehrte[rs]?|grüe?zi|grü(?:ß|ss) gott|moin|servus|bonjour|buongiorno)\b"
    r"[^.!?]{0,60}[,!.:–-]*|[^,.!?]+,)\s*",
    re.IGNORECASE,
)
_SALUTATION_WORDS = 6


def documents(message: Message) -> tuple[Attachment, ...]:
    """Return what was attached, without pictures of signatures, visiting cards, calendar parts, reactions and digital signatures."""
    return tuple(a for a in message.attachments if not _is_ornament(a))


def _is_ornament(part: Attachment) -> bool:
    kind = part.media_type.lower()
    if kind.startswith("image/"):
        return part.size < _INLINE
    return kind in {
        "text/calendar",
        "text/vcard",
        "text/x-vcard",
        "application/ics",
        "application/pkcs7-signature",
        "application/pgp-signature",
        "text/vnd.google.email-reaction+json",
    }


def by_person(entry: Entry) -> bool:
    """Whether a person wrote it, and the user's own server does not call it forged (DMARC)."""
    return entry.reading.automated is None and entry.message.authentic


def from_client(entry: Entry) -> bool:
    """Whether a person at the client wrote it."""
    return entry.side is Side.CLIENT and by_person(entry)


def from_our_side(entry: Entry) -> bool:
    """Whether the user or a colleague wrote it and it was sent; their out-of-office notes are nobody's answer."""
    return entry.side in (Side.USER, Side.COLLEAGUE) and by_person(entry) and not entry.doubtful


def perhaps_from_us(entry: Entry) -> bool:
    """Whether the user wrote it and nothing shows that it was sent: it may answer something, and promises nothing."""
    return entry.doubtful and by_person(entry)


def requests(entry: Entry) -> tuple[Act, ...]:
    """Return the requests in a message that are sure enough to count."""
    return tuple(a for a in entry.reading.of(ActKind.REQUEST) if a.confidence >= SURE)


def asks(entry: Entry, account: Account) -> bool:
    """Return whether a client's message asks something of the account's user.

    The reader judges the words. What it cannot know is decided here: a question after a withdrawal stands; a user on copy is asked
    only where the words name them; a complaint, and a document sent for approval, ask without a question.
    """
    if entry.reading.reply_expected:
        return True
    wanted = requests(entry)
    if not wanted:
        waits = _submits(entry) or complains(entry)
        return waits and _is_to(account, entry.message)
    withdrawn = entry.reading.of(ActKind.WITHDRAWAL)
    if withdrawn and wanted[-1].start <= withdrawn[-1].start:
        return False
    if _is_to(account, entry.message):
        return bool(withdrawn)
    on_copy_only = any(a.email in account.addresses for a in entry.message.cc)
    return on_copy_only and is_named(account, " ".join(a.quote for a in wanted))


def _is_to(account: Account, message: Message) -> bool:
    """Whether it is addressed to the user, or to a group of their company without the user on copy."""
    if any(a.email in account.addresses for a in message.to):
        return True
    own = {address.rpartition("@")[2] for address in account.addresses} - PUBLIC_DOMAINS
    return any(a.domain in own for a in message.to) and not any(a.email in account.addresses for a in message.cc)


def asking_quote(entry: Entry) -> str | None:
    """Return the words of the last request or complaint in a message; None where it has none."""
    acts = requests(entry) or entry.reading.of(ActKind.COMPLAINT)
    return acts[-1].quote if acts else None


def request_confidence(entry: Entry) -> float:
    """Return how sure it is that a client's message asks something, from 0 to 1."""
    if entry.message.itip is not None and entry.message.itip.method in {"request", "counter"}:
        return _INVITES
    sure = max((a.confidence for a in requests(entry)), default=0.0)
    sure = max(sure, _complaint_confidence(entry), _SUBMITS if _submits(entry) else 0.0)
    sure = max(entry.reading.reply_confidence if entry.reading.reply_expected else 0.0, sure)
    relay = entry.message.relay
    return sure if relay is None or relay.own else min(sure, _UNVOUCHED)


def _complaint_confidence(entry: Entry) -> float:
    if not complains(entry):
        return 0.0
    of_us = any(_OF_US.search(act.quote) for act in entry.reading.of(ActKind.COMPLAINT))
    return _COMPLAINS_OF_US if of_us else _COMPLAINS


def complains(entry: Entry) -> bool:
    """Whether a client reports that something is wrong, which wants an answer even where nothing is asked."""
    return bool(entry.reading.of(ActKind.COMPLAINT)) and not entry.reading.of(ActKind.WITHDRAWAL, ActKind.THANKS)


def _submits(entry: Entry) -> bool:
    """Whether a document is sent for approval, which asks without asking."""
    return bool(documents(entry.message)) and any(_APPROVAL.search(a.quote) for a in entry.reading.of(ActKind.DELIVERY))


def on_copy(entry: Entry, account: Account) -> bool:
    """Whether the user is only on copy."""
    return not any(a.email in account.addresses for a in entry.message.to) and any(
        a.email in account.addresses for a in entry.message.cc
    )


def is_written_to_ours(entry: Entry, account: Account) -> bool:
    """Whether a message was addressed to somebody of the user's own company."""
    own = {address.rpartition("@")[2] for address in account.addresses}
    return any(a.email in account.addresses or a.email.rpartition("@")[2] in own for a in entry.message.to)


def is_named(account: Account, quote: str) -> bool:
    """Return whether words call the user by their first name."""
    first = account.name.split()[:1]
    return bool(first) and re.search(rf"\b{re.escape(first[0])}\b", quote) is not None


def has_substance(entry: Entry) -> bool:
    """Whether a message of ours can answer something: it says more than a status, sends a document, or agrees."""
    reading = entry.reading
    if reading.substance or documents(entry.message):
        return True
    return not reading.tag and _CONSENT.search(reading.new_text) is not None


def consents(entry: Entry) -> bool:
    """Whether a message begins with a plain yes, and asks nothing."""
    text = entry.reading.new_text
    return _CONSENT.search(text) is not None and _REFUSAL.search(text) is None and not requests(entry)


def says_something(entry: Entry) -> bool:
    """Whether a message of ours means business: it asks, promises, hands over or tells something, and is no mere courtesy."""
    reading = entry.reading
    return not reading.closing and (has_substance(entry) or reading.reply_expected or bool(reading.of(*_BUSINESS)))


def thanks_user(entry: Entry, account: Account) -> bool:
    """Whether a client thanks the user, who is written to with few others: for what was delivered or done."""
    message, reading = entry.message, entry.reading
    thanks = reading.closing or bool(reading.of(ActKind.THANKS)) or _THANKS.search(reading.new_text[:400]) is not None
    few = 0 < len(message.to) <= _FEW and any(a.email in account.addresses for a in message.to)
    return from_client(entry) and thanks and few


def promises(entry: Entry) -> tuple[Act, ...]:
    """Return the promises in a message, without pleasantries. To ask for time ("Give me until tomorrow and I'll ...") is no condition."""
    made = (a for a in entry.reading.of(ActKind.PROMISE) if _PLEASANTRY.search(a.quote) is None)
    return tuple(replace(a, conditional=False) if a.conditional and _ASKS_FOR_TIME.search(a.quote) else a for a in made)


def dated_commitments(entry: Entry) -> tuple[Act, ...]:
    """Return the promises and postponements in a message that name a time."""
    commitments = (*promises(entry), *entry.reading.of(ActKind.POSTPONEMENT))
    return tuple(a for a in commitments if a.due is not None and not a.conditional and a.confidence >= SURE)


def delivers(entry: Entry) -> Strength | None:
    """Return whether a message hands something over: strong with a document or plain words, weak where an attachment is only mentioned."""
    if documents(entry.message):
        return Strength.STRONG
    deliveries = entry.reading.of(ActKind.DELIVERY)
    if not deliveries:
        return None
    return Strength.WEAK if all(_ATTACHED.search(a.quote) for a in deliveries) else Strength.STRONG


def says_called(entry: Entry) -> bool:
    """Whether a message says that the two have spoken; an attempt, or a message left, is not a call."""
    return _says_called(_told(entry), entry.reading.new_text[:400])


@lru_cache(maxsize=1024)  # requests and promises ask for it apart
def _says_called(told: tuple[str, ...], beginning: str) -> bool:
    if any(_CALLED.search(s) and not _TRIED.search(s) for s in told):
        return True
    return _JUST_SPOKEN.search(beginning) is not None and not _TRIED.search(beginning)


def tried_to_call(entry: Entry) -> bool:
    """Whether somebody writes that they called and reached nobody."""
    return _TRIED_TO_CALL.search(entry.reading.new_text[:400]) is not None


def answers_call(entry: Entry) -> bool:
    """Whether a message of ours comes instead of the call."""
    return _HEARD.search(entry.reading.new_text[:400]) is not None


def goes_on(entry: Entry) -> bool:
    """Whether a message asks for nothing, complains of nothing, promises nothing, and says nothing of waiting."""
    reading = entry.reading
    acts = reading.of(ActKind.COMPLAINT, ActKind.POSTPONEMENT, ActKind.PROMISE)
    return not (acts or requests(entry) or reading.reply_expected or _PATIENT.search(reading.new_text))


def _told(entry: Entry) -> tuple[str, ...]:
    """Return the sentences in which a message reports something, without requests and promises."""
    return tuple(a.quote for a in entry.reading.of(ActKind.DONE, ActKind.DELIVERY, ActKind.THANKS))


def wants_meeting(entry: Entry) -> bool:
    """Whether all that a message asks for is a time to meet."""
    wanted = requests(entry)
    return bool(wanted) and all(a.sort == "meeting_time" or _MEETING.search(a.quote) for a in wanted)


def gist(entry: Entry) -> str | None:
    """Return the first words of a message that say something, at most 200 characters of them where no act was found."""
    acts = entry.reading.of(ActKind.DELIVERY, ActKind.DONE, ActKind.PROMISE, ActKind.RELEASE, ActKind.WITHDRAWAL)
    if acts:
        return acts[0].quote
    lines = [line.strip() for line in entry.reading.new_text.splitlines() if len(line.split()) > 2]
    lines = lines[1:] if len(lines) > 1 and _is_salutation(lines[0]) else lines
    return (lines[0] if lines else entry.reading.new_text.strip())[:200] or None


def _is_salutation(line: str) -> bool:
    """Whether the first line of a mail only greets: a greeting and a name, or a few words before a comma at its end."""
    return len(line.split()) <= _SALUTATION_WORDS and _SALUTATION.fullmatch(line) is not None
