"""Promises: what somebody said they would do, and how far one message shows that it was done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from daemon.core import messages, topics
from daemon.core.evidence import message_evidence
from daemon.core.tracking import arrivals, conditions, follow_ups
from daemon.glossary.obligations import Evidence, Kind, Strength
from daemon.glossary.timelines import Entry, Side
from daemon.reading import Act, ActKind

_VOUCHED = 0.8  # how sure a promise is at least that has ended the wait for an answer
_CHASED_BY = 2  # words that a chaser elsewhere shares with what was promised, and what that is about
_MINUTES, _HOUR = timedelta(minutes=10), timedelta(hours=1)
_GETS_BACK = (
    r"let (?:you|\w+ and you) know|get back|come back to|back to you|update you|revert|be in touch|follow up|hear (?:back )?from (?:me|us)|report back|tell you|answer|"
    r"melden? (?:ich |wir )?(?:mich|uns)|(?:kommen?|gehen?) (?:ich |wir )?(?:damit |dann |wieder )*auf (?:sie|dich|euch)\b.{0,30}\bzu|(?:hören|hörst|hört) .{0,20}\bvon (?:mir|uns)|"
    r"antworte\w*|teilen? (?:ich |wir )?(?:ihnen|dir|euch)\b|(?:nenne|sage)n? (?:ich |wir )?(?:ihnen|dir|euch)\b|bescheid|rückmeldung"
)
_TO_YOU = re.compile(rf"\b(?:{_GETS_BACK})\b", re.IGNORECASE)
_ANSWER = re.compile(
    rf"\b(?:{_GETS_BACK}|come back|find out|check|look into|confirm|respond|reply|"
    r"advise|on it|ask|see (?:if|whether|what|when)|enquire|inquire|clarify|consult|sound \w+ out|"
    r"(?:run|put|take|raise|discuss|clear|check|agree|bring|float|mention)(?: \w+){1,4} (?:by|past|to|up with|up|with|before) (?!you\b)\w+|(?:speak|talk) (?:to|with) (?!you\b)\w+|"
    r"kläre|prüfe|(?:spreche|stimme|kläre|bespreche)\b.{0,60}\b(?:ab|mit)|rücksprache|frage\b.{0,40}\bnach|nachfragen|abstimmen|absprechen|abklären)\b",
    re.IGNORECASE,
)
_INVITATION = re.compile(
    r"\b(?:(?:calendar|meeting|teams|zoom|webex|outlook)?[- ]?invit(?:e|es|ation|ations)\b(?! to (?:tender|bid|quote))|calendar (?:entry|hold)|(?:in|into) (?:the|your|our) (?:calendar|diary)|"
    r"(?:termin|besprechungs|kalender|teams|outlook|zoom)?-?einladung(?:en)?|kalender(?:eintrag|termin)|terminanfrage|(?:teams|zoom|webex)[- ]?(?:link|termin)|"
    r"lade (?:ich )?(?:sie|dich|euch)\b.{0,40}\bein|(?:stelle|trage|setze)\b.{0,40}\b(?:termin|kalender)\w*\b.{0,20}\b(?:ein|an)\b)",
    re.IGNORECASE,
)
_HAND_OVER = re.compile(r"\b(?:send|forward|e-?mail|share|attach|mail|fax|post|schicke?|sende|maile?)\b", re.IGNORECASE)
_LATE = re.compile(
    r"\b(?:(?:sorry|apolog\w+|excuse)\b.{0,20}\b(?:delay|late|wait(?:ing)?|slow)|(?:entschuldig\w+|sorry|verzeihung|leider).{0,30}\b(?:verspätung|verzögerung|spät|warten))",
    re.IGNORECASE,
)
_CALL = re.compile(r"\b(?:call(?:ing)?|ring(?:ing)?|phon(?:e|ing)|rufe?n?|anruf\w*|telefonier\w*)\b", re.IGNORECASE)
_CALLS = re.compile(
    r"\b(?:(?:call|ring|phone)s? (?:you|him|her|them|back)|give (?:you|him|her|them) a (?:call|ring|bell)|ruf(?:e|en|t|st)?\b.{1,80}\ban\b|anrufen|anzurufen|zurückrufen|telefonieren)",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|weds?|thurs?|fri|tomorrow|next week|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|morgen|übermorgen|nächste woche|\d{1,2}(?:st|nd|rd|th)|\d{1,2}[./]\d{1,2})\b",
    re.IGNORECASE,
)
_IT = re.compile(r"\b(?:it|them|this|that|these|those|es|sie|ihn|das|die|den|diese\w*)\b", re.IGNORECASE)
_GOODS = re.compile(r"\b(?:deliver|ship|dispatch|(?:aus)?liefern?|geht|gehen|versenden?|versand)\b", re.IGNORECASE)
_ABOUT_THEN = timedelta(days=5)  # of its due time, within which what has come is what was to be delivered


@dataclass(slots=True)
class TrackedPromise:
    """Who promised what, by when, and what shows that it was done.

    `answerable` is the account that answers for it (core.sharing). `topic` are the words of what is promised, `context` those of the question that it answers. `last_sign` is when it was last
    mentioned. `released` says that the other side no longer wants it.
    """

    kind: Kind
    key: str
    answerable: str
    source: Evidence
    sort: str
    contact: str | None
    conversation: str
    subject: str
    due: datetime | None
    conditional: bool
    confidence: float
    topic: frozenset[str]
    context: frozenset[str]
    last_sign: datetime
    message_id: str | None = None
    closed: Evidence | None = None
    released: bool = False
    due_if_met: datetime | None = None  # when it is due once its condition is met
    chased: bool = False  # the other side has asked about it since
    confirmed: bool = False  # the other side said that it came, which tells nothing of when
    crossed: bool = False  # the other side has asked something else in the conversation since
    answered: bool = False  # the side that made it has written in the conversation since
    mentions: list[Evidence] = field(default_factory=list)
    asked_for: list[Evidence] = field(default_factory=list)  # those of the mentions by which the other side asked for it
    met: Evidence | None = None  # what shows that its condition is met; weak where that was only announced, for its moment
    put_off_until: datetime | None = None  # when it is to be made up for, as both agreed after its due time
    asked_about: datetime | None = None  # when the other side last asked about it, or began to meet its condition

    def take_question(self, message: WeighedMessage, *, same_conversation: bool) -> None:
        """Take a message of the other side that may ask about what was promised: there by any question about no other matter."""
        shared = len(message.own_words & self.topic)
        asks = message.asks or bool(message.entry.reading.of(ActKind.COMPLAINT))
        if same_conversation and follow_ups.chases(message.entry):  # whatever else it says, it asks for what is open there
            asks, shared = True, max(1, shared)
        if not same_conversation:
            self._take_chaser(message)
        if asks and (shared >= 2 or (same_conversation and (shared or not message.own_words))):
            self.asked_about = message.evidence.at
            if not self.by_client:
                quote = messages.asking_quote(message.entry)
                words = follow_ups.with_reason(message.entry, quote) if quote else None
                self.ask_for(message_evidence(message.entry, words))

    def _take_chaser(self, message: WeighedMessage) -> None:
        """Take the sentence of a mail about other things that chases what was promised: "I still have no date for the parts"."""
        words = follow_ups.sentence(message.entry)
        if words and not self.by_client and len(topics.words(words) & (self.topic | self.context)) >= _CHASED_BY:
            self.asked_about = message.evidence.at
            self.ask_for(message_evidence(message.entry, words))

    def ask_for(self, by: Evidence) -> None:
        """Take words of the other side by which it asks for what was promised."""
        self.mentions.append(by)
        self.asked_for.append(by)

    def has_moved_on(self, message: WeighedMessage) -> bool:
        """Whether the other side goes on without it in the conversation, after its due time and a mail of the side that owes it."""
        late = self.due is not None and self.due < message.evidence.at
        return late and self.answered and not self.chased and messages.goes_on(message.entry)

    def take_answer(self, message: WeighedMessage) -> None:
        """Take a message of the other side: it may ask something else, and may have met the condition."""
        self.chased |= message.asks or bool(message.entry.reading.of(ActKind.COMPLAINT)) or follow_ups.chases(message.entry)
        self.crossed |= message.asks and bool(message.own_words) and not message.own_words & self.topic
        if self.conditional and self.due is None and self.due_if_met is not None and message.evidence.at < self.due_if_met:
            self.due = self.due_if_met
        elif self.conditional:
            self.take_deed(message)

    def take_deed(self, message: WeighedMessage) -> bool:
        """Take a message of either side that may show that the condition is met, or is about to be; return whether it does."""
        deed = conditions.met_by(
            message.entry, message.topic, self.source.quote or "", by_us=message.entry.side is not Side.CLIENT
        )
        if deed is not None and (self.met is None or self.met.strength is Strength.WEAK):
            self.asked_about, self.met = message.evidence.at, deed
            self.mentions.append(message_evidence(message.entry, deed.quote))
            return True
        return False

    def put_off(self, until: datetime, agreed: Evidence) -> None:
        """Take another time that both agreed on: its due time while that has not passed; a breach stays one, and rests until then."""
        self.last_sign = max(self.last_sign, agreed.at)
        if self.due is not None and self.due < agreed.at:
            self.put_off_until = until
        else:
            self.due = until
        self.renew(agreed)

    def renew(self, said_again: Evidence) -> None:
        """Take the words that repeat or move it: by them it had not been done, whatever seemed to show that it had."""
        self.mentions = [m for m in self.mentions if m.strength is Strength.STRONG]
        self.mentions.append(said_again)

    @property
    def by_client(self) -> bool:
        """Whether the client made it."""
        return self.kind is Kind.WAITING_FOR

    @property
    def is_call(self) -> bool:
        """Whether a call was promised, as its sort or its words say."""
        return self.sort == "call" or (self.sort == "do" and _CALLS.search(self.source.quote or "") is not None)


@dataclass(frozen=True, slots=True)
class WeighedMessage:
    """What one message can show of promises made before it. `own_words` are those of its text, without subject and attachments."""

    entry: Entry
    evidence: Evidence
    topic: frozenset[str]
    own_words: frozenset[str]
    hands_over: Strength | None
    done: bool
    called: bool
    asks: bool
    only_asks: bool  # its own words are all in its questions
    has_substance: bool  # it tells something, and not only that something will come
    postpones: bool


def weigh(entry: Entry, names: frozenset[str]) -> WeighedMessage:
    """Weigh a message; `names` are the words that stand in every mail between the two."""
    reading = entry.reading
    return WeighedMessage(
        entry,
        message_evidence(entry),
        topics.message_words(entry) - names,
        topics.words(reading.new_text) - names,
        messages.delivers(entry),
        done=bool(reading.of(ActKind.DONE)),
        called=messages.says_called(entry),
        asks=bool(messages.requests(entry)),
        only_asks=_only_asks(entry, names),
        has_substance=messages.has_substance(entry) and not reading.acknowledgement,
        postpones=bool(reading.of(ActKind.POSTPONEMENT)),
    )


def _only_asks(entry: Entry, names: frozenset[str]) -> bool:
    asked = [topics.words(a.quote) for a in messages.requests(entry) if a.quote.rstrip().endswith("?")]
    return bool(asked) and not topics.words(entry.reading.new_text) - names.union(*asked)


def confirmed(promise: TrackedPromise, message: WeighedMessage) -> Strength | None:
    """Return how far a later message of the other side, in the same conversation, shows that it was done."""
    if promise.is_call or (message.called and gets_back(promise.source.quote or "")):
        return Strength.STRONG if message.called else None
    return arrivals.confirms(message.entry, promise.topic)


def has_come(promise: TrackedPromise, message: WeighedMessage, others: Sequence[TrackedPromise]) -> bool:
    """Whether a client reports in another conversation that what we were to deliver is there.

    It must be the only delivery that is due about then, and nothing else that was promised (`others` are all promises).
    """
    due = promise.due
    if promise.by_client or due is None or not _is_delivery(promise) or abs(due - message.evidence.at) > _ABOUT_THEN:
        return False
    if not arrivals.acknowledges_goods(message.entry):
        return False
    ours = [c for c in others if c is not promise and not c.by_client and c.conversation != promise.conversation]
    return not any((c.closed is None and _is_delivery(c)) or c.topic & message.own_words for c in ours)


def _is_delivery(promise: TrackedPromise) -> bool:
    return _speaks_of_goods(promise.source.quote or "")


@lru_cache(maxsize=4096)  # of the same open promises at each later message
def _speaks_of_goods(quote: str) -> bool:
    return _GOODS.search(quote) is not None


def keeps(promise: TrackedPromise, message: WeighedMessage, others: Sequence[TrackedPromise] = ()) -> Strength | None:
    """Return how far a later message of the same side shows that it was done; `others` are all promises that are open then.

    What shares no word with it, and names the matter of another one of the conversation, keeps that one.
    """
    strength = _keeps(promise, message)
    if strength is Strength.STRONG and not promise.is_call and not message.topic & promise.topic:
        here = (c for c in others if c.by_client == promise.by_client and c.conversation == promise.conversation)
        if any(c is not promise and c.topic & message.topic for c in here):
            return Strength.WEAK
    return strength


def _keeps(promise: TrackedPromise, message: WeighedMessage) -> Strength | None:
    if promise.sort == "call" or (promise.is_call and message.called):
        return Strength.STRONG if message.called else None
    if not message.has_substance or (message.postpones and message.hands_over is None):
        return None
    if promise.conversation == message.entry.conversation:
        return _keeps_in_conversation(promise, message, len(topics.shared(message.topic, promise.topic)))
    shared = len(message.topic & (promise.topic | promise.context))
    if shared >= 2 and (message.hands_over is Strength.STRONG or message.done):
        return Strength.STRONG
    return Strength.WEAK if shared >= 2 or (shared and message.hands_over) else None


def is_said_again(
    c: TrackedPromise, act: Act, topic: frozenset[str], context: frozenset[str], *, same_conversation: bool
) -> bool:
    """Whether the words repeat an earlier promise; in the same conversation few words in common are enough.

    Words without a matter of their own ("will get it to you this week") repeat the one there that was asked about.
    """
    if (c.sort == "call") != (act.sort == "call") and act.kind is not ActKind.POSTPONEMENT:
        return False
    if not topic and same_conversation and c.asked_about is not None and act.due is not None and _IT.search(act.quote):
        return True
    topic, before = topic or context, c.topic or c.context
    shared = len(topic & before)
    if act.kind is ActKind.POSTPONEMENT:
        return shared >= (1 if same_conversation else 2)
    enough = 2 * shared >= min(len(topic), len(before))
    return (enough or shared >= 2) if same_conversation else (shared >= 2 and enough)


def vouched(act: Act) -> Act:
    """Return an act of a message that ended a request of the client: a time that was named in it is meant for them."""
    dated = act.due is not None and not act.conditional and act.confidence >= messages.SURE
    return replace(act, confidence=max(act.confidence, _VOUCHED)) if dated else act


def due_of(act: Act, said: datetime) -> datetime | None:
    """Return when an act is due, in UTC. "In a minute" is within the hour: nobody is held to minutes."""
    if act.due is None:
        return None
    due = act.due.due.astimezone(UTC)
    return max(due, said + _HOUR) if said <= due < said + _MINUTES else due


def matter(act: Act, names: frozenset[str]) -> frozenset[str]:
    """Return the words of what a promise is about: its own without those of its time; `names` stand in every mail."""
    quote = act.quote.replace(act.due.quote, " ") if act.due and act.due.quote else act.quote
    return topics.words(quote) - names


def _keeps_in_conversation(promise: TrackedPromise, message: WeighedMessage, shared: int) -> Strength | None:
    """The same within the conversation, where few words are enough for both to know what is meant.

    A message about other things only, or one that follows another question, does not count as what was promised.
    """
    about = bool(shared) or not message.own_words or not promise.topic
    if message.done and not promise.crossed and promises_answer(promise.source.quote or ""):
        return Strength.STRONG  # "the call is confirmed", after "I'll run it by him"
    if arrivals.travels(promise.source.quote or "") and arrivals.has_left(message.entry):
        return Strength.STRONG
    if message.hands_over is Strength.STRONG or message.done:
        if arrivals.to_follow(message.entry) & promise.topic:
            return None  # a part of it, and the rest is to come
        return Strength.STRONG if about else Strength.WEAK
    again = message.entry.reading.of(ActKind.PROMISE)
    if message.hands_over is None and any(topics.words(a.quote) & promise.topic for a in again):
        return None  # said once more is not done
    if _is_kept_by_answer(promise) and not message.only_asks:
        return Strength.WEAK if again or (promise.crossed and not shared) else Strength.STRONG
    if not again and _tells(promise, message, shared):
        return Strength.STRONG
    return Strength.WEAK if shared or message.hands_over else None


def _is_kept_by_answer(promise: TrackedPromise) -> bool:
    """Return whether any message with substance keeps it: an answer was promised, or a client named no time."""
    return promises_answer(promise.source.quote or "") or (promise.due is None and promise.by_client)


def _tells(promise: TrackedPromise, message: WeighedMessage, shared: int) -> bool:
    """Return whether a message says enough of what was promised to keep it by words alone; it shares so many with the promise."""
    return shared >= 3 and not message.asks and not _promises_document(promise.source.quote or "")


def asks_or_grants(act: Act, *, asked: bool) -> bool:
    """Whether words about another time ask for it or grant it, so that they move a promise and make none. `asked`: a request stands there."""
    return asked or act.rule == "asks for another time, or grants it" or act.quote.rstrip().endswith("?")


def apologises(act: Act) -> bool:
    """Whether a promise begins with an apology for being late: then it is an earlier one with a new time."""
    return _LATE.search(act.quote) is not None


def is_call(act: Act) -> bool:
    """Whether an act is about a call."""
    return act.sort == "call" or _CALL.search(act.quote) is not None


def names_day(quote: str) -> bool:
    """Whether words name a day."""
    return _DAY.search(quote) is not None


def distinct(acts: Sequence[Act], names: frozenset[str]) -> Iterator[Act]:
    """Yield the acts of one message that promise different things: "I'm on it" beside "you'll have it by Wednesday" is one promise."""
    dated = [a for a in acts if a.due is not None]
    return (act for act in acts if not _is_covered(act, dated, names))


def _is_covered(act: Act, dated: Sequence[Act], names: frozenset[str]) -> bool:
    """Return whether an act promises nothing, or nothing beyond what another act of the message promises with a due time."""
    words = topics.words(act.quote) - names
    if act.due is not None:
        return not words and any(d.start < act.start and (d.due == act.due or arrivals.expects(act)) for d in dated)
    if act.sort == "call":
        return False
    if dated and promises_answer(act.quote):
        return True  # the way to what is promised beside it
    return not words or any(words & topics.words(d.quote) for d in dated)


def promises_invitation(quote: str) -> bool:
    """Whether somebody promised to send an invitation, or to put a time into the calendar."""
    return _INVITATION.search(quote) is not None


def gets_back(quote: str) -> bool:
    """Whether somebody promised to come back to the other one, and not only to look for an answer."""
    return _TO_YOU.search(quote) is not None


def promises_answer(quote: str) -> bool:
    """Whether somebody promised to come back with an answer; any message with substance then gives it."""
    return _ANSWER.search(quote) is not None


def _promises_document(quote: str) -> bool:
    """Whether somebody promised to hand something over; words about it do not do that."""
    return _HAND_OVER.search(quote) is not None
