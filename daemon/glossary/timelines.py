"""The timeline: all that happened between one account and one client, in order; of a client whom several accounts serve, all that did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from connectors.calendar import Event
from connectors.mail import Message
from daemon.glossary.parties import Account, Client
from daemon.reading import Reading


class Side(StrEnum):
    """Who wrote a message, from the account's point of view."""

    USER = "user"
    COLLEAGUE = "colleague"
    CLIENT = "client"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of a timeline: the mail (with its new text only), its reading, who wrote it, and its conversation.

    `at` is the moment it counts from: the Date header, or the arrival where that header is implausible; UTC. `doubtful` says of
    the user's own mail that nothing shows that it was sent. Where several accounts serve the client, `holders` are those in whose
    mailboxes it lies, and `hidden` says that the user may not read its words.
    """

    at: datetime
    message: Message
    reading: Reading
    side: Side
    conversation: str
    doubtful: bool = False
    holders: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sharing:
    """The accounts that serve one client together.

    `accounts` are all with mail of the client, in the configuration's order, the timeline's own among them; `away` are the days off
    of each, by address; `open_to` are those whose words the timeline's own account may read.
    """

    accounts: tuple[Account, ...]
    away: Mapping[str, frozenset[date]] = field(default_factory=dict)
    open_to: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything known between one account and one client at `known_until`, in order of time."""

    account: Account
    client: Client
    entries: tuple[Entry, ...]
    events: tuple[Event, ...]
    known_until: datetime
    absent: frozenset[date] = frozenset()  # days off of the account, by its calendar
    mailed: tuple[Event, ...] = ()  # those events that calendar messages by mail changed or added
    sharing: Sharing | None = None  # None: no other account serves the client
