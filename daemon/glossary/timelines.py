"""The timeline: all that happened between one account and one client, in order."""

from __future__ import annotations

from dataclasses import dataclass
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
    the user's own mail that nothing shows that it was sent.
    """

    at: datetime
    message: Message
    reading: Reading
    side: Side
    conversation: str
    doubtful: bool = False


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
