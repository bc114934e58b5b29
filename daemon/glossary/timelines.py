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
