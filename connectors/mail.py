"""Mail as values: what a mailbox yields and what a transport takes. Frozen, standard library only.

Times are aware datetimes. Addresses are lower-cased `local@domain`; display names are kept beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What a folder is for (RFC 6154, special-use mailboxes)."""

    INBOX = "inbox"
    SENT = "sent"
    DRAFTS = "drafts"
    JUNK = "junk"
    TRASH = "trash"
    ARCHIVE = "archive"
    OTHER = "other"


class Address(NamedTuple):
    """A mailbox of RFC 5322: `email` in lower case, `name` as displayed, possibly empty."""

    email: str
    name: str = ""

    @property
    def domain(self) -> str:
        """What stands behind the last @."""
        return self.email.rpartition("@")[2]


class Attachment(NamedTuple):
    """A part that the sender attached: its name, its media type, its size in bytes (0 where unknown)."""

    name: str
    media_type: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One mail as it was read from a mailbox.

    `message_id` is the header's value with its angle brackets; where a mail has none, a stable one made of its date,
    sender, subject and text hash under `@no-message-id.invalid`. `date` is when it was written, in the sender's own UTC
    offset (the Date header; where that is missing or implausible, `received`). `received` is when it reached the mailbox
    (topmost Received header, else INTERNALDATE, else the Date header), UTC. `text` is the plain text, from the HTML part
    where there is no plain one. `headers` holds only those that say how to treat the mail (see mime.STORED_HEADERS), names
    in lower case, first value wins. `authentic` is False only where the user's own server said that DMARC failed.
    """

    message_id: str
    date: datetime
    received: datetime
    sender: Address
    subject: str = ""
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    role: Role = Role.INBOX
    folder: str = "INBOX"
    conversation: str | None = None  # the provider's own thread id, where it has one
    authentic: bool = True


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A mail that could not be read: where it lies, and why. It is counted and shown, and the loop goes on."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """A step of reading a mailbox. `cursor` is opaque and holds once everything in this batch is stored, not before.

    `folders` names the folders read so far with the number of messages in each; `warnings` are lines for a person
    ("folder Projects could not be opened"). The last batch of a poll has `complete` set.
    """

    messages: tuple[Message, ...]
    cursor: str
    unreadable: tuple[Unreadable, ...] = ()
    folders: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail of ours, to be sent or laid into the Drafts folder.

    `message_id` is derived from the action's key by whoever made it, so that a second attempt can be recognised.
    `html` is optional; `calendar` is an iTIP object (RFC 5546) with its `method`, for iMIP (RFC 6047).
    """

    message_id: str
    date: datetime
    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    cc: tuple[Address, ...] = ()
    html: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    calendar: str | None = None
    method: str | None = None
    attachments: tuple[tuple[str, str, bytes], ...] = ()  # name, media type, content


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the server said to a send, an append or a booking: its own id or answer, for the log."""

    reference: str
