"""The glossary: every word of the domain as a frozen value. Whoever reads this file knows what the product speaks of.

Facts (messages as read, events, coverage) and decisions come in; obligations come out of `core.assess`; actions come out
of `core.plan`. Nothing here computes more than what follows from one value alone. Moments are aware datetimes in UTC
unless a field says otherwise. Business time is counted by `core.hours`.

account     one salesperson: addresses, working hours, manager
client      one company: domains, addresses, phones, stage, charter
charter     the standards agreed with a client, each with its allowance
timeline    all that happened between one account and one client, in order
obligation  one thing owed to one client, with the words that made it and the evidence that closed it
decision    the user's word on one obligation or planned action; it beats inference
placement   the one bucket a client's message lies in (the balance)
action      what Kept will say, send, draft or book, and when; `key` makes it happen once
coverage    how far each source was read; no breach is claimed past a gap
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import NamedTuple

from connectors.calendar import Event
from connectors.mail import Message
from daemon.reading import Reading


class Kind(StrEnum):
    """What sort of thing is owed (contract, section 2)."""

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
    """How an obligation stands at a moment."""

    OPEN = "open"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    KEPT = "kept"
    KEPT_LATE = "kept_late"
    MISSED = "missed"
    WAIVED = "waived"
    SNOOZED = "snoozed"


OPEN_STATES = frozenset({State.OPEN, State.DUE_SOON, State.OVERDUE, State.SNOOZED})


class Stage(StrEnum):
    """Where a client stands."""

    PROSPECT = "prospect"
    ONBOARDING = "onboarding"
    ESTABLISHED = "established"
    AT_RISK = "at_risk"
    LOST = "lost"


class Unit(StrEnum):
    """How an allowance counts."""

    BUSINESS_MINUTES = "business minutes"  # inside working hours of working days
    WORKING_DAYS = "working days"  # the same clock time, so many working days on
    CLOCK_MINUTES = "clock minutes"
    CALENDAR_DAYS = "calendar days"
    MONTHS = "months"


class Allowance(NamedTuple):
    """How long something may take: `count` of `unit`."""

    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody wants of an allowance
    unit: Unit


class Interval(NamedTuple):
    """A working interval of one day, wall-clock times in the account's zone; `end` may be midnight as time.max."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When somebody works: intervals per weekday (Monday is 0), the IANA zone they are meant in, and free dates."""

    zone: str
    week: tuple[tuple[Interval, ...], ...]  # seven entries, Monday first
    holidays: frozenset[date] = frozenset()


class Period(StrEnum):
    """How often a deliverable comes."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Deliverable:
    """Something that comes regularly: a daily report, an invoice by the 5th.

    `day` is the weekday of a weekly one (Monday is 0) and the day of the month of a monthly one; `by` is the clock time in the
    account's zone, None for the end of that working day. A sent mail is taken for it where all the patterns that are given
    (shell style, no matter of case) fit its subject, an attachment's name, a recipient.
    """

    name: str
    every: Period
    day: int = 0
    by: time | None = None
    subject: str | None = None
    attachment: str | None = None
    recipient: str | None = None


_QUARTER, _WEEK = Allowance(3, Unit.MONTHS), Allowance(5, Unit.WORKING_DAYS)


@dataclass(frozen=True, slots=True)
class Redress:
    """When a recovery is due: so many `infractions` `within` a time, or a single grave one; and when trust is back.

    What ended `grave` or more after its due time, or never though the client asked again, is grave. Trust is back after
    `trust` obligations kept in a row since the recovery. With `book` Kept invites the client to the meeting by itself.
    """

    infractions: int = 3
    within: Allowance = _QUARTER
    grave: Allowance | None = _WEEK
    trust: int = 10
    book: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a version of a charter came about: what the client asked for in their words (standard -> words), who agreed, notes."""

    asked: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    next_review: date | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Charter:
    """One version of the standards agreed with a client: a standard's name (reply, call_back, promise, ...) -> allowance.

    It is in force from `start` on (None: from the beginning) until the next version; history is judged by the version of its
    time. A standard mapped to None is switched off. What happened before `since` is the look-back's alone: it raises no
    reminder and counts as no infraction. With `away_shifts` the account's days off do not count as working days.
    """

    standards: Mapping[str, Allowance | None] = field(default_factory=dict)
    since: datetime | None = None
    start: datetime | None = None
    deliverables: tuple[Deliverable, ...] = ()
    redress: Redress | None = Redress()
    away_shifts: bool = False
    agreement: Agreement | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One salesperson. `address` is the first of `addresses` and names the account everywhere."""

    address: str
    name: str
    addresses: frozenset[str]
    hours: WorkingHours
    manager: str | None = None
    tells_manager: bool = False  # whether escalations and the weekly sheet may go to the manager by themselves
    cover: str | None = None  # the colleague who covers while the user is away


@dataclass(frozen=True, slots=True)
class Client:
    """One company, known by its domains, addresses and phone numbers (E.164)."""

    name: str
    domains: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    stage: Stage = Stage.ESTABLISHED
    owner: str | None = None  # an account's address; None: whichever account writes with them
    hours: WorkingHours | None = None  # theirs, where known
    charter: Charter = field(default_factory=Charter)  # in force before any amendment
    amendments: tuple[Charter, ...] = ()  # later versions, in order of their start
    won: datetime | None = None  # when they stopped being a prospect: the end of the courtship

    def charter_at(self, moment: datetime) -> Charter:
        """The version of the charter in force at a moment."""
        found = self.charter
        for version in self.amendments:
            if version.start is not None and version.start <= moment:
                found = version
        return found

    @property
    def versions(self) -> tuple[Charter, ...]:
        """Every version, the first one first."""
        return (self.charter, *self.amendments)


@dataclass(frozen=True, slots=True)
class Office:
    """Everything that the configuration says, as values: who we are and whom we serve."""

    accounts: tuple[Account, ...]
    clients: tuple[Client, ...]
    colleagues: frozenset[str] = frozenset()  # domains whose people are on our side (the accounts' own, never public ones)


class Side(StrEnum):
    """Who wrote a message, seen from the account."""

    USER = "user"
    COLLEAGUE = "colleague"
    CLIENT = "client"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of a timeline: the mail (its text cut to the new text), what was read in it, who wrote it, where it belongs.

    `at` is the moment it counts from: the Date header, or the arrival where that header is implausible; UTC.
    """

    at: datetime
    message: Message
    reading: Reading
    side: Side
    conversation: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that is known between one account and one client at `known_until`, in order of time, later things left out."""

    account: Account
    client: Client
    entries: tuple[Entry, ...]
    events: tuple[Event, ...]
    known_until: datetime
    absent: frozenset[date] = frozenset()  # days off of the account, by its calendar


class Strength(StrEnum):
    """How much a piece of evidence carries: weak evidence asks, strong evidence settles."""

    STRONG = "strong"
    WEAK = "weak"


class SourceType(StrEnum):
    """What a piece of evidence is."""

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


class Band(StrEnum):
    """What is done with something that was read: by its confidence, and by what the user's clicks taught (core.doubt)."""

    TRACKED = "tracked"  # counted, reminded of
    ASKED = "asked"  # shown in the digest with a question
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing owed to one client.

    `key` is stable: Message-ID or UID with a normalised hash of the words relied on, never a position. `remind_at` is when
    it becomes due soon, `lapses` when it becomes missed; both None where there is no due time. `closed` is when it was
    settled, by evidence or decision; `waived` says it was not owed after all. `reply_to` is the Message-ID that a draft
    would answer. `counts` is False for what lies before the charter's start: shown, but no reminder and no infraction.
    `asks` are all the client's open words in the same conversation, oldest first. `band` says what is done with it.
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
    thread: str | None = None  # the conversation in which it came up
    escalates: datetime | None = None  # when it is the manager's business, should it still be open
    empty: Evidence | None = None  # a mail of ours in between that said nothing they could use (a tag)

    @property
    def id(self) -> str:
        """What people type: ten characters that stay the same across runs and re-syncs."""
        return short_id(self.key)


def short_id(key: str) -> str:
    """The short, stable name of a key: ten characters of Crockford's base 32, lower case."""
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    number = int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    return "".join(alphabet[(number >> (5 * place)) & 31] for place in range(10))


def state(obligation: Obligation, now: datetime) -> State:
    """How the obligation stands at `now`; follows from its moments alone (contract, section 2)."""
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


class Verb(StrEnum):
    """What a user can say of an obligation or a planned action."""

    DONE = "done"
    SNOOZE = "snooze"
    WAIVE = "waive"  # it was never owed
    WRONG = "wrong"  # Kept misread it; settles like waive and counts as a correction of the reading
    CONFIRM = "confirm"  # Kept read it right where it was not sure
    UNDO = "undo"  # takes the latest standing decision on the same target back
    VETO = "veto"  # of a planned action


class Scope(StrEnum):
    """How far a correction reaches (core.corrections)."""

    ITEM = "item"
    THREAD = "thread"  # the same kind in the same conversation
    WORDING = "wording"  # the same kind in the same words with the same client


@dataclass(frozen=True, slots=True)
class Decision:
    """The user's word. `target` is the key of an obligation or an action; `until` belongs to snooze.

    `kind` and `confidence` are the obligation's when it was said: what a correction of the reading teaches (core.doubt). `client`,
    `thread` and `wording` say what a correction was about, `scope` how far it reaches (core.corrections).
    """

    target: str
    verb: Verb
    at: datetime
    by: str
    until: datetime | None = None
    why: str | None = None
    kind: Kind | None = None
    confidence: float | None = None
    scope: Scope = Scope.ITEM
    client: str | None = None
    thread: str | None = None
    wording: str | None = None


class Bucket(StrEnum):
    """Where a message of a client's person lies: exactly one of these."""

    ANSWERED = "answered"
    OPEN = "open"
    NO_ANSWER = "needs no answer"
    HELD_BACK = "held back"


@dataclass(frozen=True, slots=True)
class Placement:
    """The bucket of one message, by which rule and on which words; `obligation` where it belongs to one."""

    message_id: str
    at: datetime
    bucket: Bucket
    rule: str
    quote: str | None = None
    obligation: str | None = None  # key


class AlarmKind(StrEnum):
    """By what a client seems to be slipping away (DOMAIN, infers 6)."""

    SILENT = "silent"
    SLOWER = "slower"  # their answers take longer than they used to
    SHORTER = "shorter"  # their mails say less than they used to
    DECLINED = "declined"  # reviews were declined or cancelled by them
    LEFT = "left"  # a contact has left: mail bounces, or somebody says so


@dataclass(frozen=True, slots=True)
class Alarm:
    """One event by which a client seems to be slipping away, with what shows it; gone once there was contact again.

    `key` is the same as long as the event lasts. `says` is one line for the user, without the client's name.
    """

    key: str
    kind: AlarmKind
    client: str
    since: datetime
    says: str
    evidence: tuple[Evidence, ...] = ()


class RecoveryStage(StrEnum):
    """How far a recovery has come."""

    PROPOSED = "proposed"
    BOOKED = "booked"
    HELD = "held"  # what was agreed is not in the charter yet
    FOLLOWED = "followed"  # agreed; everything owed is followed
    RESTORED = "restored"  # enough was kept in a row


@dataclass(frozen=True, slots=True)
class Recovery:
    """The way back to trust after infractions with one client.

    `because` are the obligations that ended badly; `booked` and `held` the meeting ahead and the one that took place; `agreed`
    when the next version of the charter starts; `kept` of `needed` obligations were kept in a row since; `back` when trust was.
    """

    key: str
    client: str
    since: datetime
    because: tuple[Obligation, ...]
    grave: bool
    stage: RecoveryStage
    contact: str | None = None
    booked: Evidence | None = None
    held: Evidence | None = None
    agreed: datetime | None = None
    kept: int = 0
    needed: int = 0
    back: datetime | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is owed between one account and one client, as of `as_of`, and where each of the client's messages lies."""

    account: str
    client: str
    as_of: datetime
    obligations: tuple[Obligation, ...]
    balance: tuple[Placement, ...]
    last_contact: datetime | None = None  # the latest message or meeting in either direction
    alarms: tuple[Alarm, ...] = ()  # signs that they are slipping away
    recovery: Recovery | None = None  # the latest one, unless trust is back


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far one source of one account was read. `seen_until` is the start of its last complete poll."""

    account: str
    source: str  # as a person names it: "mail imap.example.com", "calendar ~/calendar"
    seen_until: datetime | None
    error: str | None = None  # the latest failure, None after a success
    failed_since: datetime | None = None
    unreadable: int = 0
    warnings: tuple[str, ...] = ()
    is_calendar: bool = False


class ActionKind(StrEnum):
    """What Kept can do."""

    REMIND = "remind"
    DRAFT = "draft"
    DIGEST = "digest"
    INVITE = "invite"
    ESCALATE = "escalate"  # what is overdue beyond the limit, to the manager or to the user to tell them
    TOUCH_BASE = "touch_base"  # the week's sheet for the manager, or for the user to bring along
    HAND_OVER = "hand_over"  # what a client just won now expects
    COVER = "cover"  # what is open while the user is away


@dataclass(frozen=True, slots=True)
class Action:
    """What Kept will do at `at`, once per `key`. `obligations` are those it speaks of; a meeting has a slot and attendees.

    An action that reaches somebody else than the user (`reaches_others`) happens only after a digest has announced it, at `at` or
    later, and unless it was vetoed. `start` and `end` are a meeting's, or those of the time that a sheet is about; `attendees`
    are the meeting's guests, or to whom a sheet goes (nobody: the user).
    """

    key: str
    kind: ActionKind
    account: str
    at: datetime
    client: str | None = None
    obligations: tuple[Obligation, ...] = ()
    stages: tuple[str, ...] = ()  # for a reminder: the stage of each obligation, due_soon or overdue
    start: datetime | None = None
    end: datetime | None = None
    attendees: tuple[str, ...] = ()
    summary: str = ""

    @property
    def id(self) -> str:
        """What people type to veto it."""
        return short_id(self.key)

    @property
    def reaches_client(self) -> bool:
        """Whether somebody at the client will see it."""
        return self.kind is ActionKind.INVITE

    @property
    def reaches_others(self) -> bool:
        """Whether anybody but the user will see it."""
        return bool(self.attendees)


class Delivery(StrEnum):
    """How far a parcel has come. `unknown`: it may have left; look for it at the server before anything else."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    VETOED = "vetoed"


class Channel(StrEnum):
    """By what a parcel travels."""

    MAIL = "mail"  # by the account's postman
    DRAFT = "draft"  # laid into the account's Drafts folder
    CALENDAR = "calendar"  # put into the account's calendar


@dataclass(frozen=True, slots=True)
class Parcel:
    """A row of the outbox: one rendered letter or invite on its way.

    `key` is the action's key with the channel; Message-ID and UID derive from it (`reference`). `body` is the rendered Draft or
    Invite as JSON text. `keys` are what counts as said once it is queued ("remind:<obligation key>:overdue").
    """

    key: str
    account: str
    channel: Channel
    reference: str
    body: str
    not_before: datetime
    delivery: Delivery = Delivery.WAITING
    keys: tuple[str, ...] = ()
    attempts: int = 0
    error: str | None = None
    receipt: str | None = None
    created: datetime | None = None
    sent: datetime | None = None
