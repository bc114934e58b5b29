"""The assessment: what is owed to one client at a moment, the bucket of each of their messages, and how far sources were read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from connectors.calendar import Event
from connectors.mail import Address
from daemon.glossary.obligations import Evidence, Obligation, short_id


class Bucket(StrEnum):
    """The bucket of a message from a client's person: exactly one of these."""

    ANSWERED = "answered"
    OPEN = "open"
    NO_ANSWER = "needs no answer"
    HELD_BACK = "held back"  # automatic mail, or mail that failed authentication; people read "filtered out"
    UNREAD = "unread"  # its words could not be read, and nobody on our side has written in the thread since


@dataclass(frozen=True, slots=True)
class Unread:
    """A client's message whose words could not be read: from whom, its subject, and why (connectors.mail.Message)."""

    client: str
    sender: Address
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A client's mail that was held back: from whom, its subject, and why, in words and as `reason`.

    `reason` is the kind of automated mail, or forged. `key` is None where nobody can have written it. `words` are the first of its
    own text, "" where the user may not read them.
    """

    key: str | None
    client: str
    sender: Address
    subject: str
    why: str
    reason: str
    words: str = ""

    @property
    def id(self) -> str:
        """What people type."""
        return short_id(self.key or "")


@dataclass(frozen=True, slots=True)
class Placement:
    """The bucket of one message, by which rule and on which words; `obligation` where it belongs to one."""

    message_id: str
    at: datetime
    bucket: Bucket
    rule: str
    quote: str | None = None
    obligation: str | None = None  # key
    held: HeldBack | None = None
    unread: Unread | None = None  # of a message in the bucket of that name


class AlarmKind(StrEnum):
    """The kinds of signs that a client is slipping away."""

    SILENT = "silent"
    SLOWER = "slower"  # their answers take longer than they used to
    SHORTER = "shorter"  # their mails say less than they used to
    DECLINED = "declined"  # the client declined or cancelled two meetings in a row
    LEFT = "left"  # a contact has left: mail bounces, or somebody says so


@dataclass(frozen=True, slots=True)
class Alarm:
    """One sign that a client is slipping away, with its evidence; it ends once there is contact again.

    `key` is the same as long as the event lasts. `says` is one line for the user, without the client's name.
    """

    key: str
    kind: AlarmKind
    client: str
    since: datetime
    says: str
    evidence: tuple[Evidence, ...] = ()


class RecoveryStage(StrEnum):
    """The stages of a recovery."""

    PROPOSED = "proposed"
    BOOKED = "booked"
    HELD = "held"  # what was agreed is not in the charter yet
    FOLLOWED = "followed"  # agreed; everything owed is being watched
    RESTORED = "restored"  # enough was kept in a row


@dataclass(frozen=True, slots=True)
class Recovery:
    """The way back to trust after infractions with one client.

    `because` are the obligations that were kept late or missed; `booked` and `held` are the meeting ahead and the one that took place.
    `agreed` is the start of the next version of the charter. Since then `kept` of the `needed` obligations were kept in a row; `back`
    is when trust was restored.
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
    """What is owed between one account and one client, as of `as_of`, and the bucket of each of the client's messages."""

    account: str
    client: str
    as_of: datetime
    obligations: tuple[Obligation, ...]
    balance: tuple[Placement, ...]
    last_contact: datetime | None = None  # the latest message, meeting or logged call in either direction
    last_call: datetime | None = None  # the latest call of theirs that nobody took, or message that they left
    alarms: tuple[Alarm, ...] = ()  # signs that the client is slipping away
    recovery: Recovery | None = None  # the latest one, unless trust is back
    failures: tuple[str, ...] = ()  # the parts that raised an exception and were left out, with its type
    mailed: tuple[Event, ...] = ()  # events as calendar messages by mail left them, where the calendar has them otherwise
    complained: datetime | None = None  # when somebody there last said that something was wrong
    two_way: bool = True  # whether the two are in business with each other, and not one merely writes to the other


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far one source of one account was read. `seen_until` is the start of its last complete poll.

    `warnings` say what is wrong now; `notices` what happened once, each with its moment, until a digest had time to say it.
    """

    account: str
    source: str  # as a person names it: "mail imap.example.com", "calendar ~/calendar"
    seen_until: datetime | None
    error: str | None = None  # the latest failure, None after a success
    failed_since: datetime | None = None
    unreadable: int = 0
    warnings: tuple[str, ...] = ()
    is_calendar: bool = False
    notices: tuple[tuple[datetime, str], ...] = ()

    def as_of(self, moment: datetime) -> Coverage:
        """Return what was known at a moment: later polls and failures are not."""
        seen = min(self.seen_until, moment) if self.seen_until else None
        failed_later = self.failed_since is not None and self.failed_since > moment
        notices = tuple((at, text) for at, text in self.notices if at <= moment)
        if not failed_later:
            return replace(self, seen_until=seen, notices=notices)
        return replace(self, seen_until=seen, notices=notices, error=None, failed_since=None)
