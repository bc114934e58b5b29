"""What answers, keeps or settles something: the small judgements about one message or one event that all standards share.

Words are compared as sets of stems, so that nothing here depends on order or grammar; the reader has told requests, promises
and deliveries apart before. The few patterns below are the words for calls and consent in the languages that are read.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from connectors.calendar import Attendee, Event
from connectors.mail import Attachment, Message
from daemon.core.people import is_theirs
from daemon.glossary.obligations import Evidence, SourceType, Strength
from daemon.glossary.parties import Account, Client
from daemon.glossary.timelines import Entry, Side, Timeline
from daemon.reading import Act, ActKind

SURE = 0.5  # acts below this confidence answer and ask nothing
POSSIBLE = 0.4  # promises below this confidence are not looked at: no click can bring them back (core.confidence_bands)
_COMPLAINS, _SUBMITS = 0.6, 0.8  # how sure it is that a complaint, or a document for approval, waits for an answer
_INLINE = 50_000  # bytes below which a picture is taken for part of a signature
_STOP = frozenset(
    re.findall(
        r"\w+",
        "news chase chasing follow following reminder waiting wondering quick "
        "a about after again all also am an and any are as ask asked at attached back be because been before best but by call called can could day did do "
        "does done end for from get give go going good got great had has have he hear hello help her here hi him his hope how i if in "
        "into is it its just kind know last let like ll look make many may me meet meeting message might monday morning much my need "
        "new next no not note now of off on once one only or other our out over please phone question re regards reply right "
        "said see send sent shall she should so some soon speak sure take talk thank thanks that the their them then there these "
        "they thing this those thursday time to today tomorrow tuesday up update us ve very via want was we wednesday week weekend well were "
        "what when where which while who why will wish with work would yes yesterday you your friday saturday sunday afternoon evening "
        "aber als am auch auf aus bei bitte bis da danke dann das dass dem den der des die dies ein eine einen einer er es euch "
        "frage für ganz gern gerne gruß grüße guten haben hallo hat herr ich ihnen ihr ihre im ist ja kann können mal mehr mein melde "
        "mich mir mit morgen nach nicht noch nur oder schon sehr sein sich sie sind so tag über um und uns von vor war was wenn "
        "wie wieder wir wird woche zu zum zur anruf",
    )
)
_ROLES = re.compile(
    r"\b(?:info|services?|orders?|sales|support|office|accounts?|invoices?|billing|contact|admin|team|purchasing|reception)@"
)
_WORD = re.compile(r"[^\W\d_]{3,}|\d{3,}")
_CONSENT = re.compile(
    r"^\W*(?:(?:hi|hello|hey|dear|hallo)\b[^\n,!.]{0,30}[,!.\n]\s*)?(?:(?:that|this|both|either|it|all|all of (?:it|them)|\w+day)\s+(?:is|are|'s|works?|suits?|sounds?)\b|"
    r"yes|yep|no|nope|agreed|confirmed|approved|fine|perfect|sure|certainly|of course|absolutely|correct|ok(?:ay)?\b.{0,30}\b(?:with|by|for) (?:me|us)|go ahead|works|"
    r"i(?:'m| am) (?:happy|fine|ok|okay) with|i can (?:make|do)|(?:sounds|looks) (?:good|fine|great)|ja|nein|einverstanden|bestätigt|passt|gerne)\b",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:called|rang|phoned|telephoned|spoke|spoken|talked|on the (?:phone|call)|by (?:phone|telephone)|(?:our|the|your|this morning's) (?:phone )?(?:call|chat|conversation)|"
    r"(?:good|great|nice|lovely|pleasure) (?:to (?:speak|talk|chat)|speaking|talking|chatting)|(?:speaking|talking|chatting|to (?:speak|talk|chat)) (?:to|with) you|(?:speak|talk|catch) (?:to|with|up with)? ?you (?:just now|earlier|today|this)|for (?:the|your) call|"
    r"telefoniert|telefonat|angerufen|gesprochen|am telefon)\b",
    re.IGNORECASE,
)
_TRIED = re.compile(
    r"\b(?:tried|trying|left (?:you )?(?:a |you )?(?:another )?(?:message|voice ?mail)|no answer|no luck|couldn'?t reach|nicht erreicht|versucht)\b",
    re.IGNORECASE,
)
_HEARD = re.compile(
    r"\b(?:your (?:missed )?call|your (?:voice ?mail|message)|missed you|you (?:called|rang|phoned)|ihren? anruf|ihre nachricht)\b",
    re.IGNORECASE,
)
_RECEIVED = re.compile(
    r"\b(?:arrived|got (?:'?em|them)|(?:they'?re|it'?s|(?:\w+ )?(?:is|are)|all) (?:now |all )?here\b(?! (?:to|for|until|on|at|in)\b)|(?:has|have) (?:come|landed|reached us)|came (?:today|this morning|yesterday)|fitted|"
    r"(?:up and|all|is|are) running|thanks for sending|angekommen|eingetroffen)\b",
    re.IGNORECASE,
)
_PERHAPS_RECEIVED = re.compile(
    r"\b(?:received|got it|thanks for (?:the|this|that|it|those)|thank you for (?:the|this|those)|erhalten|danke für)\b",
    re.IGNORECASE,
)
_ATTACHED = re.compile(r"\b(?:attach\w*|enclos\w*|anbei|beigefügt|anhang|angehängt)\b", re.IGNORECASE)
_ANSWER = re.compile(
    r"\b(?:let you know|get back|come back|back to you|find out|check|look into|confirm|respond|reply|answer|update you|revert|be in touch|follow up|"
    r"hear (?:back )?from (?:me|us)|advise|on it|ask|report back|tell you|melde mich|bescheid|rückmeldung|kläre|prüfe)\b",
    re.IGNORECASE,
)
_HAND_OVER = re.compile(r"\b(?:send|forward|e-?mail|share|attach|mail|fax|post|schicke?|sende|maile?)\b", re.IGNORECASE)
_APPROVAL = re.compile(
    r"\bfor (?:your |you to )?(?:approv\w*|sign(?:ature|ing|[- ]?off)?|review|comments?|feedback|confirmation|consideration)\b|"
    r"\bzur (?:freigabe|unterschrift|prüfung|durchsicht|genehmigung|bestätigung)\b",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"\b(?:invit\w*|meet\w*|calendar|slot|appointment|call|visit|catch up|termin\w*|einladung|besuch\w*)\b", re.IGNORECASE
)
_CALL_TITLE = re.compile(r"\b(?:call|phone|ring|telefonat|anruf|telco|catch[- ]?up|teams|zoom)\b", re.IGNORECASE)


@lru_cache(maxsize=8192)
def words(text: str) -> frozenset[str]:
    """The words that carry the matter of a text: stems of three letters or more, and numbers; no function words, no courtesies."""
    return frozenset(_stem(w) for w in _WORD.findall(text[:4000].lower()) if w not in _STOP)


def _stem(word: str) -> str:
    """Just enough that a quote and quotes, and deliver and delivery, meet."""
    for ending in ("ies", "ing", "ed", "es", "s", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def names(timeline: Timeline) -> frozenset[str]:
    """The words that stand in every mail between the two: whoever shares only these speaks of nothing in common."""
    account, client = timeline.account, timeline.client
    people = {f"{a.email} {a.name}" for e in timeline.entries for a in (e.message.sender, *e.message.to[:5])}
    both = words(" ".join((account.name, client.name, *client.domains)))
    return both.union(*(words(_ROLES.sub("", person).replace("@", " ")) for person in people))


def matter(entry: Entry) -> frozenset[str]:
    """The words of a message: subject, new text and the names of what is attached."""
    return (
        words(entry.message.subject) | words(entry.reading.new_text) | words(" ".join(d.name for d in documents(entry.message)))
    )


def event_matter(event: Event) -> frozenset[str]:
    """The words of an event."""
    return words(event.summary) | words(event.description)


def documents(message: Message) -> tuple[Attachment, ...]:
    """What was attached, without the pictures of signatures, visiting cards, calendar parts and signatures of the mail itself."""
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
    }


def by_person(entry: Entry) -> bool:
    """Whether a person wrote it, and the user's own server does not say that it is forged."""
    return entry.reading.automated is None and entry.message.authentic


def from_client(entry: Entry) -> bool:
    """Whether a person at the client wrote it."""
    return entry.side is Side.CLIENT and by_person(entry)


def from_us(entry: Entry) -> bool:
    """Whether the user or a colleague wrote it: an out-of-office note of theirs is nobody's answer."""
    return entry.side in (Side.USER, Side.COLLEAGUE) and by_person(entry)


def requests(entry: Entry) -> tuple[Act, ...]:
    """What a message asks for."""
    return tuple(a for a in entry.reading.of(ActKind.REQUEST) if a.confidence >= SURE)


def asks(entry: Entry, timeline: Timeline) -> bool:
    """Whether a client's message asks something of the user (DOMAIN, infers 1).

    The reader judges the words; here is what it leaves to those who know the rest: a question that follows a withdrawal
    stands; who is on copy is asked only where he is named; what came by a group address was asked of whoever got it, unless
    it went to the client's own people alone.
    """
    if entry.reading.reply_expected:
        return True
    wanted = requests(entry)
    if not wanted:
        waits = _submits(entry) or complains(entry)
        return waits and any(a.email in timeline.account.addresses for a in entry.message.to)
    withdrawn = entry.reading.of(ActKind.WITHDRAWAL)
    if withdrawn and wanted[-1].start <= withdrawn[-1].start:
        return False
    account, readers = timeline.account, entry.message.to
    if any(a.email in account.addresses for a in readers):
        return bool(withdrawn)
    if any(a.email in account.addresses for a in entry.message.cc):
        return _named(account, " ".join(a.quote for a in wanted))
    return not readers or any(not is_theirs(timeline.client, a.email) for a in readers)


def asking(entry: Entry) -> float:
    """How sure it is that a client's message asks something: as the reader said, or by what `asks` knows besides."""
    sure = max((a.confidence for a in requests(entry)), default=0.0)
    sure = max(sure, _COMPLAINS if complains(entry) else 0.0, _SUBMITS if _submits(entry) else 0.0)
    return max(entry.reading.reply_confidence if entry.reading.reply_expected else 0.0, sure)


def complains(entry: Entry) -> bool:
    """Whether a client tells of something wrong, which wants an answer though nothing is asked."""
    return bool(entry.reading.of(ActKind.COMPLAINT)) and not entry.reading.of(ActKind.WITHDRAWAL, ActKind.THANKS)


def _submits(entry: Entry) -> bool:
    """Whether a document is sent for approval, which asks without asking."""
    return bool(documents(entry.message)) and any(_APPROVAL.search(a.quote) for a in entry.reading.of(ActKind.DELIVERY))


def on_copy(entry: Entry, account: Account) -> bool:
    """Whether the user got the message only as a copy."""
    return not any(a.email in account.addresses for a in entry.message.to) and any(
        a.email in account.addresses for a in entry.message.cc
    )


def _named(account: Account, quote: str) -> bool:
    first = account.name.split()[:1]
    return bool(first) and re.search(rf"\b{re.escape(first[0])}\b", quote) is not None


def substance(entry: Entry) -> bool:
    """Whether our message can answer something: it says more than a status, sends a document, or gives consent."""
    reading = entry.reading
    if reading.substance or documents(entry.message):
        return True
    return not reading.tag and _CONSENT.search(reading.new_text) is not None


def dated(entry: Entry) -> tuple[Act, ...]:
    """The promises and postponements in a message that name a time."""
    said = entry.reading.of(ActKind.PROMISE, ActKind.POSTPONEMENT)
    return tuple(a for a in said if a.due is not None and not a.conditional and a.confidence >= SURE)


def delivers(entry: Entry) -> Strength | None:
    """Whether a message hands something over: strong with a document or plain words, weak where it names an attachment that is not there."""
    if documents(entry.message):
        return Strength.STRONG
    said = entry.reading.of(ActKind.DELIVERY)
    if not said:
        return None
    return Strength.WEAK if all(_ATTACHED.search(a.quote) for a in said) else Strength.STRONG


def says_called(entry: Entry) -> bool:
    """Whether a message says that the two have spoken; an attempt, or a message left, is not a call."""
    return any(_CALLED.search(s) and not _TRIED.search(s) for s in _told(entry))


def answers_call(entry: Entry) -> bool:
    """Whether a message of ours says that it comes instead of the call."""
    return _HEARD.search(entry.reading.new_text[:400]) is not None


def _told(entry: Entry) -> tuple[str, ...]:
    """What a message tells of: nothing that is asked or promised in it."""
    return tuple(a.quote for a in entry.reading.of(ActKind.DONE, ActKind.DELIVERY, ActKind.THANKS))


def wants_meeting(entry: Entry) -> bool:
    """Whether all that a message asks for is a time together."""
    wanted = requests(entry)
    return bool(wanted) and all(a.sort == "meeting_time" or _MEETING.search(a.quote) for a in wanted)


def promises_answer(quote: str) -> bool:
    """Whether somebody promised to come back with an answer, which any words with substance then give."""
    return _ANSWER.search(quote) is not None


def promises_document(quote: str) -> bool:
    """Whether somebody promised to hand something over, which words about it do not do."""
    return _HAND_OVER.search(quote) is not None


def confirms(entry: Entry, matter: frozenset[str]) -> Strength | None:
    """Whether the other side says that something came: plainly, or in words that may also thank for the promise alone."""
    text = entry.reading.new_text[:400]
    if requests(entry):
        return None
    if _RECEIVED.search(text):
        return Strength.STRONG
    return Strength.WEAK if _PERHAPS_RECEIVED.search(text) and words(text) & matter else None


def is_call(event: Event) -> bool:
    """Whether an event's title says that it is a call."""
    return _CALL_TITLE.search(event.summary) is not None


def guests(event: Event, client: Client) -> tuple[Attendee, ...]:
    """The client's people in an event, the organiser as one who accepted."""
    invited = tuple(a for a in event.attendees if is_theirs(client, a.email))
    host = event.organizer is not None and is_theirs(client, event.organizer) and all(a.email != event.organizer for a in invited)
    return (*invited, Attendee(event.organizer or "", answer="accepted")) if host else invited


def stands(event: Event, timeline: Timeline) -> bool:
    """Whether a meeting was neither cancelled nor declined, by the user or by everybody invited at the client.

    What lasts all day with nobody invited is a note in the calendar.
    """
    if event.status == "cancelled":
        return False
    theirs = guests(event, timeline.client)
    declined = any(a.answer == "declined" for a in event.attendees if a.email in timeline.account.addresses)
    if declined or (event.all_day and not theirs):
        return False
    return not theirs or any(a.answer != "declined" for a in theirs)


def is_alone(event: Event, client: Client) -> bool:
    """Whether the event only names the client in its title: an intention of the user's, until somebody says more."""
    return not guests(event, client)


def is_ours(event: Event) -> bool:
    """Whether Kept booked it: its own invites are nobody's answer."""
    return event.uid.startswith("kept-")


def of_message(entry: Entry, quote: str | None = None, strength: Strength = Strength.STRONG) -> Evidence:
    """A message as evidence, with the words relied on."""
    return Evidence(SourceType.MESSAGE, entry.message.message_id, entry.at, quote or gist(entry), strength)


def of_event(event: Event, strength: Strength = Strength.STRONG, at: datetime | None = None) -> Evidence:
    """An event as evidence: from its start on, or from when it was booked."""
    return Evidence(SourceType.EVENT, event.uid, at or event.start.astimezone(UTC), event.summary or None, strength)


def gist(entry: Entry) -> str | None:
    """The first words of a message that say something."""
    acts = entry.reading.of(ActKind.DELIVERY, ActKind.DONE, ActKind.PROMISE, ActKind.RELEASE, ActKind.WITHDRAWAL)
    if acts:
        return acts[0].quote
    lines = [line.strip() for line in entry.reading.new_text.splitlines() if len(line.split()) > 2]
    return (lines[0] if lines else entry.reading.new_text.strip())[:200] or None
