"""What was promised, and how far one message shows that it was done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from daemon.core import messages, topics
from daemon.core.evidence import message_evidence
from daemon.glossary.obligations import Evidence, Kind, Strength
from daemon.glossary.timelines import Entry
from daemon.reading import Act, ActKind

_RECEIVED = re.compile(
    r"\b(?:arrived|got (?:'?em|them)|(?:they'?re|it'?s|(?:\w+ )?(?:is|are)|all) (?:now |all )?here\b(?! (?:to|for|until|on|at|in)\b)|(?:has|have) (?:come|landed|reached us)|came (?:today|this morning|yesterday)|fitted|"
    r"(?:up and|all|is|are) running|thanks for sending|angekommen|eingetroffen)\b",
    re.IGNORECASE,
)
_PERHAPS_RECEIVED = re.compile(
    r"\b(?:received|got it|thanks for (?:the|this|that|it|those)|thank you for (?:the|this|those)|erhalten|danke für)\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"\b(?:let you know|get back|come back|back to you|find out|check|look into|confirm|respond|reply|answer|update you|revert|be in touch|follow up|"
    r"hear (?:back )?from (?:me|us)|advise|on it|ask|report back|tell you|melde mich|bescheid|rückmeldung|kläre|prüfe)\b",
    re.IGNORECASE,
)
_HAND_OVER = re.compile(r"\b(?:send|forward|e-?mail|share|attach|mail|fax|post|schicke?|sende|maile?)\b", re.IGNORECASE)


@dataclass(slots=True)
class TrackedPromise:
    """Who said what, by when, and what shows that it was done. `released` says that the other side no longer wants it.

    `topic` are the words of what is promised, `context` those of the question that it answers. `last_sign` is the last moment at
    which something was said of it.
    """

    kind: Kind
    key: str
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
    then: datetime | None = None  # when it is due once its condition is met
    chased: bool = False  # the other side has asked about it since
    confirmed: bool = False  # the other side said that it came, which tells nothing of when
    crossed: bool = False  # the other side has asked something else in the conversation since
    notes: list[Evidence] = field(default_factory=list)

    def hears(self, heard: WeighedMessage) -> None:
        """The other side speaks: it may ask something else, and may have met the condition."""
        self.chased |= heard.asks or bool(heard.entry.reading.of(ActKind.COMPLAINT))
        self.crossed |= heard.asks and bool(heard.own) and not heard.own & self.topic
        if self.conditional and self.due is None and self.then is not None and heard.found.at < self.then:
            self.due = self.then

    @property
    def by_client(self) -> bool:
        """Whether the client holds it."""
        return self.kind is Kind.WAITING_FOR


@dataclass(frozen=True, slots=True)
class WeighedMessage:
    """What one message can show of commitments made before it. `own` is the matter of its text, without subject and attachments."""

    entry: Entry
    found: Evidence
    topic: frozenset[str]
    own: frozenset[str]
    handed: Strength | None
    done: bool
    called: bool
    asks: bool
    says: bool  # it tells something, and not only that something will come
    moves: bool


def weigh(entry: Entry, names: frozenset[str]) -> WeighedMessage:
    """Weigh a message once; `names` are the words that stand in every mail between the two."""
    said = entry.reading
    return WeighedMessage(
        entry,
        message_evidence(entry),
        topics.message_words(entry) - names,
        topics.words(said.new_text) - names,
        messages.delivers(entry),
        done=bool(said.of(ActKind.DONE)),
        called=messages.says_called(entry),
        asks=bool(messages.requests(entry)),
        says=messages.has_substance(entry) and not said.acknowledgement,
        moves=bool(said.of(ActKind.POSTPONEMENT)),
    )


def confirmed(promise: TrackedPromise, told: WeighedMessage) -> Strength | None:
    """How far a later message of the other side, in the same conversation, shows that it was done."""
    if promise.sort == "call":
        return Strength.STRONG if told.called else None
    return _confirms(told.entry, promise.topic)


def keeps(promise: TrackedPromise, told: WeighedMessage) -> Strength | None:
    """How far a later message of the same side shows that the thing was done."""
    if promise.sort == "call":
        return Strength.STRONG if told.called else None
    if not told.says or (told.moves and told.handed is None):
        return None
    if promise.conversation == told.entry.conversation:
        return _keeps_here(promise, told, len(told.topic & promise.topic))
    shared = len(told.topic & (promise.topic | promise.context))
    if shared >= 2 and (told.handed is Strength.STRONG or told.done):
        return Strength.STRONG
    return Strength.WEAK if shared >= 2 or (shared and told.handed) else None


def _keeps_here(promise: TrackedPromise, told: WeighedMessage, shared: int) -> Strength | None:
    """The same within the conversation, where little needs to be said for both to know what is meant.

    A message that speaks of other things only, or that follows another question, is not taken for what was promised.
    """
    about = bool(shared) or not told.own or not promise.topic
    if told.handed is Strength.STRONG or told.done:
        return Strength.STRONG if about else Strength.WEAK
    again = bool(told.entry.reading.of(ActKind.PROMISE))
    if _promises_answer(promise.source.quote or "") or (promise.due is None and promise.by_client):
        return Strength.WEAK if again or (promise.crossed and not shared) else Strength.STRONG
    said = shared >= 3 and not told.asks and not again and not _promises_document(promise.source.quote or "")
    return Strength.STRONG if said else Strength.WEAK if shared or told.handed else None


def apart(acts: Sequence[Act], names: frozenset[str]) -> Iterator[Act]:
    """The acts of one message that promise different things: "I'm on it" beside "you'll have it by Wednesday" is one."""
    dated = [a for a in acts if a.due is not None]
    for act in acts:
        empty = not (topics.words(act.quote) - names)
        vague = act.due is None and act.sort != "call"
        if vague and dated and _promises_answer(act.quote):
            continue  # the way to what is promised beside it
        if vague and (empty or (dated and any(topics.words(act.quote) & topics.words(d.quote) - names for d in dated))):
            continue
        if empty and act.due is not None and any(d is not act and d.due == act.due and d.start < act.start for d in dated):
            continue
        yield act


def _promises_answer(quote: str) -> bool:
    """Whether somebody promised to come back with an answer, which any words with substance then give."""
    return _ANSWER.search(quote) is not None


def _promises_document(quote: str) -> bool:
    """Whether somebody promised to hand something over, which words about it do not do."""
    return _HAND_OVER.search(quote) is not None


def _confirms(entry: Entry, topic: frozenset[str]) -> Strength | None:
    """Whether the other side says that something came: plainly, or in words that may also thank for the promise alone."""
    text = entry.reading.new_text[:400]
    if messages.requests(entry):
        return None
    if _RECEIVED.search(text):
        return Strength.STRONG
    return Strength.WEAK if _PERHAPS_RECEIVED.search(text) and topics.words(text) & topic else None
