"""The action: what Kept will say, send, draft or book, and when; and the parcel that carries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from daemon.glossary.obligations import Obligation, short_id


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

    MAIL = "mail"  # by the account's transport
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
