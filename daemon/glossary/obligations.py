"""The obligation: one thing owed to one client, with the words that created it and the evidence that closed it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from daemon.reading import ProposedTime


class Kind(StrEnum):
    """The kinds of obligations."""

    REPLY = "reply"
    CALLBACK = "callback"
    PROMISE = "promise"
    DELIVERABLE = "deliverable"
    MEETING = "meeting"
    NEXT_STEP = "next_step"
    REVIEW = "review"
    FEEDBACK = "feedback"
    TOUCH_BASE = "touch_base"
    WAITING_FOR = "waiting_for"


class State(StrEnum):
    """The state of an obligation at a moment."""

    OPEN = "open"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    KEPT = "kept"
    KEPT_LATE = "kept_late"
    MISSED = "missed"
    WAIVED = "waived"
    SNOOZED = "snoozed"


OPEN_STATES = frozenset({State.OPEN, State.DUE_SOON, State.OVERDUE, State.SNOOZED})


class Strength(StrEnum):
    """The strength of a piece of evidence: strong evidence settles an obligation, weak evidence only asks the user."""

    STRONG = "strong"
    WEAK = "weak"


class SourceType(StrEnum):
    """The kinds of evidence."""

    MESSAGE = "message"
    EVENT = "event"
    CHARTER = "charter"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A message, event, charter standard or decision, with the words relied on and its moment."""

    type: SourceType
    reference: str  # Message-ID, event UID, standard's name, or who decided
    at: datetime
    quote: str | None = None
    strength: Strength = Strength.STRONG
    header_id: str | None = None  # of a message whose Message-ID is not its reference (connectors.mail.Message)
    web: str | None = None  # of a message: the address of its page in the provider's mail on the web
    author: str | None = None  # of a message in a colleague's mailbox alone: who wrote it; the user may not read its words
    theirs: bool | None = None  # of a message: whether the client wrote it (True) or the user (False); None of anybody else's

    @property
    def shown(self) -> str:
        """The reference as people and other programs know it."""
        return self.header_id or self.reference


class Band(StrEnum):
    """What is done with something that was read, by its confidence and what the user's clicks taught (core.confidence_bands)."""

    TRACKED = "tracked"  # counted, reminded of
    ASKED = "asked"  # shown in the digest with a question
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that a client asked and nobody has answered, in their words.

    `wants_time` says that it asks for a call or a meeting, `names_time` that it names a time itself.
    """

    quote: str
    wants_time: bool = False
    names_time: bool = False


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing owed to one client.

    `key` is stable: Message-ID or UID with a normalised hash of the words relied on, never a position. `remind_at` is when
    it becomes due soon, `lapses` when it becomes missed; both None where there is no due time. `closed` is when it was
    settled, by evidence or decision; `waived` says it was not owed after all. `reply_to` is the Message-ID that a draft
    would answer. `counts` is False for what precedes the charter's `since`: shown, but no reminder and no infraction.
    `asks` are all the client's open requests in the same conversation, oldest first. `band` says what is done with it.
    `created` is when it came about; `counts` and the charter's version are judged by it.
    """

    key: str
    kind: Kind
    account: str
    client: str
    contact: str | None
    summary: str
    quote: str | None
    source: Evidence
    created: datetime
    due: datetime | None
    remind_at: datetime | None = None
    lapses: datetime | None = None
    closed: datetime | None = None
    waived: bool = False
    snoozed_until: datetime | None = None
    confidence: float = 1.0
    evidence: tuple[Evidence, ...] = ()
    subject: str = ""
    reply_to: str | None = None
    counts: bool = True
    asks: tuple[str, ...] = ()
    band: Band = Band.TRACKED
    advised: bool = False  # tracked by the word of the user's language model alone
    thread: str | None = None  # the conversation in which it came up
    escalates: datetime | None = None  # when it goes to the manager, if it is still open
    chased: tuple[Evidence, ...] = ()  # by which the client asked for it again
    empty: Evidence | None = None  # a mail from our side since then without value to the client (a tag)
    contact_name: str = ""  # by which the contact is called; "" where none is known
    last_sign: datetime | None = None  # when it was last heard of, where that differs from `created`
    revived: datetime | None = None  # from when on something makes it current that has no due time
    proposed: tuple[ProposedTime, ...] = ()  # times that the client proposes last, for a call or a meeting
    rests: datetime | None = None  # when the meeting that it belongs to is over: then nobody need speak of it
    open_asks: tuple[Ask, ...] = ()  # what `asks` ask, one by one, without what has been answered
    presumed: Strength | None = None  # nobody named its due time: it follows from a condition that is met, or (weak) perhaps met

    @property
    def id(self) -> str:
        """The short id that people type: ten characters that stay the same across runs and re-syncs."""
        return short_id(self.key)


def times_asked(o: Obligation) -> int:
    """Return how often the client asked for it; of a promise, how often since it was made."""
    return len(o.asks) or len(o.chased)


def asked(o: Obligation) -> str:
    """Return a short id of all that is asked and not answered: it changes with every further question and every answer."""
    return short_id("\n".join(ask.quote for ask in o.open_asks) or o.quote or "")


def short_id(key: str) -> str:
    """Return the short, stable id of a key: ten characters of Crockford's base 32, in lower case."""
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    number = int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    return "".join(alphabet[(number >> (5 * place)) & 31] for place in range(10))


def state(obligation: Obligation, now: datetime) -> State:
    """Return the state of an obligation at `now`, which follows from its moments alone."""
    o = obligation
    if o.closed is not None and o.closed <= now:
        if o.waived:
            return State.WAIVED
        return State.KEPT if o.due is None or o.closed <= o.due else State.KEPT_LATE
    if o.snoozed_until is not None and now < o.snoozed_until:
        return State.SNOOZED
    if o.due is None:
        return State.OPEN
    if o.lapses is not None and now >= o.lapses:
        return State.MISSED
    if now > o.due:
        return State.OVERDUE
    return State.DUE_SOON if o.remind_at is not None and now >= o.remind_at else State.OPEN
