"""What was asked of us, and how far one message of ours settles it: an answer, a status with a time, a call made."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from daemon.core import messages, topics
from daemon.core.evidence import message_evidence
from daemon.core.threads import base_subject
from daemon.glossary.obligations import Evidence, Kind, Strength
from daemon.glossary.timelines import Entry, Side
from daemon.reading import Act, ActKind

BRIEF = 25  # words; who writes more has something of their own to say
_CHASER = re.compile(
    r"\b(?:follow(?:ing|ed)?[- ]?up|chas(?:e|ing)|(?:gentle|friendly|quick|kind) reminder|reminder\b|remind you|any (?:news|update|progress)|"
    r"still waiting|not (?:yet )?heard|haven'?t heard|bump(?:ing)?|nachfragen|nachhaken|erinner\w*|neuigkeiten|noch nichts gehört)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class ClientRequest:
    """Something asked: by whom, in which words, and what closed it. `withdrawn` says that the client took it back.

    `last_sign` is the last moment at which either side showed that it is alive. `mixed` says that a mail can settle a wish to
    be called, because more was asked. `number` is a caller's.
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
    empty: Evidence | None = None  # our latest mail about it that said nothing of use

    @property
    def is_notice(self) -> bool:
        """Whether a phone system told of it."""
        return self.first.side is not Side.CLIENT

    @property
    def contact(self) -> str | None:
        """Who waits: an address, or a caller's number."""
        return self.number if self.is_notice else self.first.message.sender.email

    def stands_at(self, moment: datetime) -> bool:
        """Whether it was asked and not yet closed then."""
        return self.first.at <= moment and (self.closed is None or self.closed.at > moment)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one message of ours can do for what was asked before it."""

    entry: Entry
    found: Evidence
    topic: frozenset[str]
    subject: str
    readers: frozenset[str]
    says: bool
    dated: tuple[Act, ...]
    called: bool
    only_asks: bool  # a question of ours is no answer to something in another thread


def answer(entry: Entry, names: frozenset[str]) -> Answer:
    """Weigh a message of ours once; `names` are the words that stand in every mail between the two."""
    message = entry.message
    return Answer(
        entry,
        message_evidence(entry),
        topics.message_words(entry) - names,
        base_subject(message.subject),
        frozenset(a.email for a in (*message.to, *message.cc)),
        says=messages.has_substance(entry),
        dated=messages.dated_commitments(entry),
        called=messages.says_called(entry),
        only_asks=bool(messages.requests(entry)) and messages.delivers(entry) is None and not entry.reading.of(ActKind.DONE),
    )


def settles(request: ClientRequest, answer: Answer, *, same: bool, elsewhere: bool) -> Strength | None:
    """How far our message settles what was asked: in the `same` conversation, in one where the client speaks of something
    (`elsewhere`), or in a new one.
    """
    return (
        _reply(request, answer, same=same, elsewhere=elsewhere)
        if request.kind is Kind.REPLY
        else _callback(request, answer, same=same)
    )


def _reply(request: ClientRequest, answer: Answer, *, same: bool, elsewhere: bool) -> Strength | None:
    """An answer with substance, or a status with a time; in another thread only where enough words are common to both."""
    if not answer.says and not answer.dated:
        return None
    if same:
        return Strength.STRONG
    if answer.subject == base_subject(request.first.message.subject) != "":
        return Strength.STRONG
    shared = len(answer.topic & request.topic)
    if elsewhere or answer.only_asks:
        return Strength.WEAK if shared >= 3 else None
    needed = 2 if request.contact in answer.readers else 3
    return Strength.STRONG if shared >= needed else Strength.WEAK if shared == needed - 1 else None


def _callback(request: ClientRequest, answer: Answer, *, same: bool) -> Strength | None:
    """How far our message shows that the call was made, promised for a time, or is no longer needed."""
    if answer.called or any(a.sort == "call" for a in answer.dated):
        return Strength.STRONG
    if not answer.says:
        return None
    if messages.answers_call(answer.entry) or (same and request.mixed):
        return Strength.STRONG
    shared = len(answer.topic & request.topic)
    return Strength.STRONG if shared >= 3 else Strength.WEAK if same or shared else None


def chases(entry: Entry) -> bool:
    """A client's "just following up": it asks nothing by itself, but whoever waits says so, in a few words."""
    said = entry.reading
    brief = said.tag or len(said.new_text.split()) <= BRIEF
    return (
        brief and _CHASER.search(said.new_text) is not None and not said.of(ActKind.PROMISE, ActKind.THANKS, ActKind.WITHDRAWAL)
    )


def tells(entry: Entry) -> bool:
    """Whether a client's message says something that may wait for an answer without asking for one."""
    said = entry.reading
    return not (said.closing or said.acknowledgement or said.of(ActKind.WITHDRAWAL, ActKind.RELEASE))


def question(entry: Entry) -> str:
    """The words that ask, where no act was told apart."""
    lines = [line.strip() for line in entry.reading.new_text.splitlines()]
    return next((line for line in lines if line.endswith("?")), messages.gist(entry) or entry.message.subject)
