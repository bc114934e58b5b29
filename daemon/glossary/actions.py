"""The action: what Kept will say, send, draft or book, and when; and the parcel that carries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from daemon.glossary.obligations import Obligation, short_id


class ActionKind(StrEnum):
    """The kinds of actions, and of the parcels that carry them out."""

    REMIND = "remind"
    DRAFT = "draft"
    REMOVE_DRAFT = "remove_draft"  # of what was settled, where nobody touched the draft
    DIGEST = "digest"
    REVIEW = "review"  # the invitation to an expectation review
    RECOVERY = "recovery"  # the invitation to a meeting about what went wrong
    INVITATION = "invitation"  # the mail that carries a booked meeting to its guests
    REPORT = "report"  # the draft of a client's report, asked for by a command
    CHARTER = "charter"  # the draft of what was agreed, asked for by a command
    ESCALATE = "escalate"  # what is overdue beyond the limit, for the manager, or for the user to pass on
    TOUCH_BASE = "touch_base"  # the week's sheet for the manager, or for the user to bring along
    HAND_OVER = "hand_over"  # what a client who was just won now expects
    COVER = "cover"  # what is open while the user is away


MEETINGS = frozenset({ActionKind.REVIEW, ActionKind.RECOVERY})  # booked into the calendar, and seen by the client
NEWS = frozenset(
    {ActionKind.DIGEST, ActionKind.REMIND, ActionKind.ESCALATE, ActionKind.TOUCH_BASE, ActionKind.HAND_OVER, ActionKind.COVER}
)  # mails that are useless once they are old


@dataclass(frozen=True, slots=True)
class Action:
    """What Kept will do at `at`, once per `key`. `obligations` are those that it mentions.

    An action that reaches anybody but the user (`reaches_others`) is carried out only after a digest has announced it, and unless it
    was vetoed. `start` and `end` are those of a meeting, or of the period that a sheet is about; `attendees` are the guests of a
    meeting, or the recipients of a sheet (none: the user). `period` is the day, in the account's time zone, that it belongs to: a
    digest's day, a weekly sheet's Monday, the first day of an absence, the day on which a review is due.
    """

    key: str
    kind: ActionKind
    account: str
    at: datetime
    client: str | None = None
    obligations: tuple[Obligation, ...] = ()
    stages: tuple[str, ...] = ()  # the stage of each obligation: due_soon, overdue, gap or, in a digest, asked
    start: datetime | None = None
    end: datetime | None = None
    attendees: tuple[str, ...] = ()
    summary: str = ""
    period: date | None = None

    @property
    def id(self) -> str:
        """The short id with which people veto it."""
        return short_id(self.key)

    @property
    def reaches_client(self) -> bool:
        """Whether anybody at the client will see it."""
        return self.kind in MEETINGS

    @property
    def reaches_others(self) -> bool:
        """Whether anybody but the user will see it."""
        return bool(self.attendees)


REMOVED = "removed"  # the receipt for a draft that was removed
ESCALATED = "escalated"  # the stage of an obligation that was escalated to the manager
ASKED = "asked"  # the stage of an obligation that a digest asked the user about
GAP = "gap"  # the stage of a reply that was sent with an unfilled gap


@dataclass(frozen=True, slots=True)
class Mention:
    """One obligation mentioned to the user or their manager at one stage: due_soon, overdue, gap, escalated or asked.

    A further request of the client (`asks` counts them), or the end of a snooze, makes a new mention at the same stage.
    """

    obligation: str  # its key
    stage: str
    asks: int = 0
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """One action announced by a digest; a meeting with its start."""

    action: str  # its key
    kind: ActionKind
    client: str | None = None
    period: date | None = None
    start: datetime | None = None


class Delivery(StrEnum):
    """The state of a parcel.

    `unknown`: it may have been sent; look for it at the server before anything else. `replaced`: whether a letter to the user arrived
    was never known, and a later digest, which was sent, said what it had to say.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    VETOED = "vetoed"
    REPLACED = "replaced"


class Channel(StrEnum):
    """How a parcel is delivered."""

    MAIL = "mail"  # by the account's transport
    DRAFT = "draft"  # saved in the account's Drafts folder
    REMOVAL = "removal"  # a draft of ours taken out of the account's Drafts folder
    CALENDAR = "calendar"  # put into the account's calendar


@dataclass(frozen=True, slots=True)
class Parcel:
    """A row of the outbox: one rendered letter or invite on its way.

    `key` is the action's key; Message-ID and UID derive from it (`reference`). `body` is the rendered Draft, Invite or, of a removal, SavedDraft as JSON text;
    of a draft that was saved the hash of its content and of what it answers is left.
    `kind`, `client`, `obligation`, `stage`, `period` and `addressee` say what it is; the key is never parsed. Without an `addressee`
    it goes to the user. `booking` is the key of the booked meeting that an invitation goes with. `claimed` is when the latest attempt
    began, `settled` when its state became final.
    """

    key: str
    kind: ActionKind
    account: str
    channel: Channel
    reference: str
    body: str
    not_before: datetime
    client: str | None = None
    obligation: str | None = None  # its key, where the parcel is about a single one
    stage: str | None = None
    period: date | None = None
    addressee: str | None = None
    booking: str | None = None
    delivery: Delivery = Delivery.WAITING
    attempts: int = 0
    error: str | None = None
    receipt: str | None = None
    created: datetime | None = None
    sent: datetime | None = None
    claimed: datetime | None = None
    settled: datetime | None = None

    @property
    def id(self) -> str:
        """The short id with which people settle it."""
        return short_id(self.key)


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """A draft reply that was saved: its action's key, its Message-ID, the mailbox's receipt, and the hash of what it said.

    `asked` are the questions that it answers (`obligations.asked`). `removed` says whether it was removed; None where that was not tried.
    """

    key: str
    reference: str
    receipt: str
    content: str
    asked: str = ""
    removed: bool | None = None


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A send or booking whose fate is not known, or that ended in another way than the user was told, with what to do about it.

    `key` is the parcel's. `settled_by_user` says that only the user can settle it, `may_resend` that Kept can send it again.
    """

    key: str
    kind: ActionKind
    account: str
    since: datetime
    what: str
    next: str
    client: str | None = None
    settled_by_user: bool = True
    may_resend: bool = False

    @property
    def id(self) -> str:
        """The short id with which people settle it."""
        return short_id(self.key)
