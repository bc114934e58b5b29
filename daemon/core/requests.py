"""Requests: what a client asked, and how far one message from our side settles it: an answer, a status with a time, a call made."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from daemon.core import messages, topics
from daemon.core.evidence import message_evidence
from daemon.core.questions import Question
from daemon.core.threads import base_subject
from daemon.glossary.obligations import Evidence, Kind, Strength
from daemon.glossary.timelines import Entry, Side
from daemon.reading import Act, ActKind

BRIEF = 25  # words; who writes more has something of their own to say
_CHASER = re.compile(
    r"\b(?:follow(?:ing|ed)?[- ]?up|chas(?:e|ing)|(?:gentle|friendly|quick|kind) reminder|reminder\b|remind you|any (?:news|update|progress)|"
    r"still waiting|not (?:yet )?heard|haven'?t heard|bump(?:ing)?|nachfragen|nachhaken|erinner\w*|neuigkeiten|noch nichts gehört|warten? (?:ich |wir )?(?:immer )?noch)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class ClientRequest:
    """Something the client asked: who asked, in which words, and what closed it.

    `last_sign` is when either side was last heard of in it. `mixed` says that a mail can settle a wish to be called, because more
    was asked with it. `number` is a caller's phone number. `withdrawn` says that the client took it back. Once one of
    several questions was answered, `quote` and `asks` have the words of those that are left.
    """

    kind: Kind
    key: str
    first: Entry
    quote: str
    due: datetime | None
    topic: frozenset[str]
    last_sign: datetime
    asks: list[tuple[Entry, str]]
    number: str | None = None
    mixed: bool = False
    closed: Evidence | None = None
    withdrawn: bool = False
    weak: list[Evidence] = field(default_factory=list)
    pending: tuple[Question, ...] = ()  # where several things were asked: those that nobody has answered
    empty: Evidence | None = None  # our latest mail about it that said nothing of use

    @property
    def is_phone_notice(self) -> bool:
        """Whether a phone system reported it."""
        return self.first.side is not Side.CLIENT

    @property
    def contact(self) -> str | None:
        """Who waits: an address, or a caller's number."""
        return self.number if self.is_phone_notice else self.first.message.sender.email

    def speaks_in(self, conversation: str) -> bool:
        """Whether it was asked in a conversation, first or again."""
        return any(entry.conversation == conversation for entry, _ in self.asks)

    def leave(self, left: tuple[Question, ...]) -> None:
        """Take an answer that leaves these questions open."""
        words: dict[str, list[str]] = {}
        for question in left:
            words.setdefault(question.entry.message.message_id, []).append(question.quote)
        self.pending = left
        self.asks = [(e, " … ".join(words.get(e.message.message_id, (quote,)))) for e, quote in self.asks]
        self.quote = self.asks[0][1]

    def stands_at(self, moment: datetime) -> bool:
        """Return whether it had been asked and was still open at a moment."""
        return self.first.at <= moment and (self.closed is None or self.closed.at > moment)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one message from our side can settle of what was asked before it."""

    entry: Entry
    evidence: Evidence
    topic: frozenset[str]
    subject: str
    readers: frozenset[str]
    has_substance: bool
    dated_commitments: tuple[Act, ...]
    says_called: bool
    only_asks: bool  # a question of ours is no answer to something in another thread
    refers: bool  # it names the message that it follows (RFC 5322, 3.6.4); its subject alone then means nothing


def due_by_words(entry: Entry, kind: Kind, allowed: datetime) -> datetime:
    """Return when a message's requests are due: at the time that its words name for an answer or a call, else at the time allowed.

    What the client named holds both ways, earlier and later; a time that may be another deed's only brings the answer forward. Of
    several requests the earliest counts.
    """
    wanted = [a for a in messages.requests(entry) if kind is Kind.REPLY or a.sort == "call_me"]
    return min((_due(a, allowed) for a in wanted), default=allowed)


def _due(act: Act, allowed: datetime) -> datetime:
    if act.due is None:
        return allowed
    named = act.due.due.astimezone(UTC)
    return named if act.due.is_firm else min(named, allowed)


def weigh_answer(entry: Entry, names: frozenset[str]) -> Answer:
    """Weigh a message from our side; `names` are the words that stand in every mail between the two."""
    message = entry.message
    return Answer(
        entry,
        message_evidence(entry),
        topics.message_words(entry) - names,
        base_subject(message.subject),
        frozenset(a.email for a in (*message.to, *message.cc)),
        has_substance=messages.has_substance(entry),
        dated_commitments=messages.dated_commitments(entry),
        says_called=messages.says_called(entry),
        only_asks=bool(messages.requests(entry)) and messages.delivers(entry) is None and not entry.reading.of(ActKind.DONE),
        refers=bool(message.references or message.in_reply_to),
    )


def settles(request: ClientRequest, answer: Answer, *, same: bool, elsewhere: bool) -> Strength | None:
    """Return how far an answer settles a request; None where it does not.

    `same` says that it is in the request's conversation, `elsewhere` that it is in another one in which the client has written.
    """
    if answer.entry.message.unread and same and not answer.has_substance:
        return Strength.WEAK  # nobody knows what it says
    return (
        _reply(request, answer, same=same, elsewhere=elsewhere)
        if request.kind is Kind.REPLY
        else _callback(request, answer, same=same)
    )


def _reply(request: ClientRequest, answer: Answer, *, same: bool, elsewhere: bool) -> Strength | None:
    """An answer with substance, or a status with a time. In another thread only where they have enough words in common.

    The subject is enough where the answer follows no other message.
    """
    if not answer.has_substance and not answer.dated_commitments:
        return None
    if same:
        return Strength.STRONG
    if not (elsewhere or answer.refers) and answer.subject == base_subject(request.first.message.subject) != "":
        return Strength.STRONG
    shared = len(answer.topic & request.topic)
    if elsewhere or answer.only_asks:
        return Strength.WEAK if shared >= 3 else None
    needed = 2 if request.contact in answer.readers else 3
    return Strength.STRONG if shared >= needed else Strength.WEAK if shared == needed - 1 else None


def repeats(entry: Entry, own: frozenset[str], request: ClientRequest) -> bool:
    """Whether a message asks again what the same person asked under the same subject before; `own` are the words of its text."""
    subject = base_subject(entry.message.subject)
    same = request.contact == entry.message.sender.email and subject == base_subject(request.first.message.subject) != ""
    return same and own <= request.topic and (bool(own) or chases(entry))


def is_about_another(answer: Answer, request: ClientRequest, others: Iterable[ClientRequest]) -> bool:
    """Whether an answer names what only another request asked for, and nothing that only this one did: one answer, one matter."""
    return request.kind is Kind.REPLY and any(
        other.kind is Kind.REPLY and own and answer.topic & theirs and not answer.topic & own
        for other in others
        for own, theirs in [(request.topic - other.topic, other.topic - request.topic)]
    )


def _callback(request: ClientRequest, answer: Answer, *, same: bool) -> Strength | None:
    """Whether it shows that the call was made, is promised for a time, or is no longer needed."""
    if answer.says_called or any(a.sort == "call" for a in answer.dated_commitments):
        return Strength.STRONG
    if not answer.has_substance:
        return None
    if messages.answers_call(answer.entry) or (same and request.mixed):
        return Strength.STRONG
    shared = len(answer.topic & request.topic)
    return Strength.STRONG if shared >= 3 else Strength.WEAK if same or shared else None


def chases(entry: Entry) -> bool:
    """Return whether a client's message is a short follow-up, such as "just following up", that asks nothing by itself."""
    reading = entry.reading
    brief = reading.tag or len(reading.new_text.split()) <= BRIEF
    return (
        brief
        and _CHASER.search(reading.new_text) is not None
        and not reading.of(ActKind.PROMISE, ActKind.THANKS, ActKind.WITHDRAWAL)
    )


def informs(entry: Entry) -> bool:
    """Return whether a client's message may be waiting for an answer although it asks for none."""
    reading = entry.reading
    return not (reading.closing or reading.acknowledgement or reading.of(ActKind.WITHDRAWAL, ActKind.RELEASE))


def asking_words(entry: Entry) -> str:
    """Return the words that ask, for a message in which the reader found no request."""
    lines = [line.strip() for line in entry.reading.new_text.splitlines()]
    return next((line for line in lines if line.endswith("?")), messages.gist(entry) or entry.message.subject)
