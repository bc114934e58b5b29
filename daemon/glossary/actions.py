"""The action: what Kept will say, send, draft or book, and when; and the parcel that carries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from daemon.glossary.obligations import Obligation, short_id


class ActionKind(StrEnum):
    """What Kept can do; also what a parcel is."""

    REMIND = "remind"
    DRAFT = "draft"
    DIGEST = "digest"
    REVIEW = "review"  # the invitation to an expectation review
    RECOVERY = "recovery"  # the invitation to a meeting about what went wrong
    INVITATION = "invitation"  # the mail that carries a booked meeting to its guests
    REPORT = "report"  # the draft of a client's report, asked for by a command
    CHARTER = "charter"  # the draft of what was agreed, asked for by a command
    ESCALATE = "escalate"  # what is overdue beyond the limit, to the manager or to the user to tell them
    TOUCH_BASE = "touch_base"  # the week's sheet for the manager, or for the user to bring along
    HAND_OVER = "hand_over"  # what a client just won now expects
    COVER = "cover"  # what is open while the user is away


MEETINGS = frozenset({ActionKind.REVIEW, ActionKind.RECOVERY})  # booked into the calendar, and seen by the client
NEWS = frozenset(
    {ActionKind.DIGEST, ActionKind.REMIND, ActionKind.ESCALATE, ActionKind.TOUCH_BASE, ActionKind.HAND_OVER, ActionKind.COVER}
)  # mails that are worth nothing once they are old


@dataclass(frozen=True, slots=True)
class Action:
    """What Kept will do at `at`, once per `key`. `obligations` are those it speaks of; a meeting has a slot and attendees.

    An action that reaches somebody else than the user (`reaches_others`) happens only after a digest has announced it, at `at` or
    later, and unless it was vetoed. `start` and `end` are a meeting's, or those of the time that a sheet is about; `attendees`
    are the meeting's guests, or to whom a sheet goes (nobody: the user). `period` is the account's day that it belongs to: a
    digest's day, a weekly sheet's Monday, the first day of an absence, the day on which a review is due.
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
    period: date | None = None

    @property
    def id(self) -> str:
        """Return what people type to veto it."""
        return short_id(self.key)

    @property
    def reaches_client(self) -> bool:
        """Whether somebody at the client will see it."""
        return self.kind in MEETINGS

    @property
    def reaches_others(self) -> bool:
        """Whether anybody but the user will see it."""
        return bool(self.attendees)


ESCALATED = "escalated"  # the stage of an obligation of which the manager was told


@dataclass(frozen=True, slots=True)
class Mention:
    """That the user, or their manager, was told of one obligation at one stage: due_soon, overdue or escalated.

    A further ask of the client (`asks` counts them) and the end of a snooze make the same stage worth another mention.
    """

    obligation: str  # its key
    stage: str
    asks: int = 0
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """That a digest told of an action beforehand; of a meeting with the start that it named."""

    action: str  # its key
    kind: ActionKind
    client: str | None = None
    period: date | None = None
    start: datetime | None = None


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

    MAIL = "mail"  # by the account's transport
    DRAFT = "draft"  # laid into the account's Drafts folder
    CALENDAR = "calendar"  # put into the account's calendar


@dataclass(frozen=True, slots=True)
class Parcel:
    """A row of the outbox: one rendered letter or invite on its way.

    `key` is the action's key; Message-ID and UID derive from it (`reference`). `body` is the rendered Draft or Invite as JSON text.
    `kind`, `client`, `obligation`, `stage`, `period` and `addressee` say what it is; nobody reads that out of the key. Without an
    `addressee` it goes to the user. `booking` is the key of the booked meeting that an invitation goes with.
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
