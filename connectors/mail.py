"""Mail as values: what a mailbox yields and what a mail transport sends. Frozen.

Times are aware datetimes. Addresses are lower-cased `local@domain`, with internationalized domains as A-labels (RFC 5890: xn--...),
so that both spellings of a domain are one; display names are kept beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

UNDATED = "no date"  # what is said of a message that states neither when it was written nor when it arrived
_LONGEST_DOMAIN = 253  # characters (RFC 1035, 3.1)


class Role(StrEnum):
    """What a folder is for (RFC 6154, special-use mailboxes)."""

    INBOX = "inbox"
    SENT = "sent"
    DRAFTS = "drafts"
    JUNK = "junk"
    TRASH = "trash"
    ARCHIVE = "archive"
    OTHER = "other"


def canonical_domain(domain: str) -> str:
    """Return a domain in lower case and with A-labels (RFC 5891, 5; UTS 46); as it is where it is no valid domain."""
    domain = domain.lower().rstrip(".")
    if domain.isascii() or len(domain) > _LONGEST_DOMAIN:
        return domain
    import idna  # noqa: PLC0415  # its tables are large, and few domains need them

    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError:
        return domain


def canonical_email(email: str) -> str:
    """Return an address in lower case with its domain as `canonical_domain` gives it."""
    local, at, domain = email.lower().rpartition("@")
    return f"{local}@{canonical_domain(domain)}" if at else domain


def readable_email(email: str) -> str:
    """Return an address with its domain as people write it (U-labels)."""
    local, at, domain = email.rpartition("@")
    if "xn--" not in domain or len(domain) > _LONGEST_DOMAIN:
        return email
    import idna  # noqa: PLC0415  # as above

    try:
        return f"{local}{at}{idna.decode(domain)}"
    except UnicodeError:
        return email


class Address(NamedTuple):
    """A mailbox of RFC 5322: `email` canonical (`canonical_email`), `name` as displayed, possibly empty."""

    email: str
    name: str = ""

    @property
    def domain(self) -> str:
        """The part after the last @."""
        return self.email.rpartition("@")[2]


class Relay(NamedTuple):
    """Who wrote in somebody's name: a group or a form, with the address in From; `own` says that it is the user's company's."""

    address: Address
    own: bool = True


class Attachment(NamedTuple):
    """A file that the sender attached: its name, media type and size in bytes (0 where unknown)."""

    name: str
    media_type: str
    size: int = 0


class ItipChange(NamedTuple):
    """What an iTIP object says of one event, or of one occurrence of a series.

    `occurrence` is RECURRENCE-ID as ISO text in UTC, empty for all of the event; `onwards` adds the later ones (THISANDFUTURE).
    `stamp` is DTSTAMP, None where there is none. `start` and `end` are None where the object does not name them. `answers` are
    the attendees, each with PARTSTAT in lower case.
    """

    uid: str
    occurrence: str = ""
    onwards: bool = False
    sequence: int = 0
    stamp: datetime | None = None
    start: datetime | None = None
    end: datetime | None = None
    all_day: bool = False
    summary: str = ""
    location: str = ""
    organizer: str | None = None
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Itip:
    """A calendar message that came by mail (iTIP, RFC 5546, by iMIP, RFC 6047).

    `method` is request, reply, cancel, counter or another of RFC 5546 in lower case.
    """

    method: str
    changes: tuple[ItipChange, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message as read from a mailbox.

    `message_id` tells a message from all others: the header's value with its angle brackets, unless that is missing, longer than
    a line may be, or another message's already; then it is an id of Kept's own, and `header_id` is the header's value. `date` is when it was written, in the sender's own UTC offset (the
    Date header or, where that is missing or implausible, `received`). `received` is when it reached the mailbox, in UTC
    (topmost Received header, else INTERNALDATE, else the Date header, each as far as it can be right). `text` is the plain text, converted from the HTML part
    where there is no plain one. `headers` holds only those that say how to treat the message (mime.STORED_HEADERS), by
    lower-case name, the topmost of each. `authentic` is False only where the user's own server reported that DMARC failed.
    `unproven` is True where that server reported that SPF or DKIM failed and neither passed: enough to doubt an instruction, not to
    doubt a client. `unread` says why its words, or some of them, could not be read: encrypted, winmail, malformed or too large; "" where they were.
    `transmitted` is False where nothing shows that it ever left: it bears no trace of a server, and its folder may be one for
    drafts. Of the user's own mail that makes weak evidence. `itip` is
    the calendar message in it, None where there is none.
    `misdated` names the dates that cannot be right and were not believed, with what they say; it is UNDATED where none is stated.
    `web` is the address of its page in the provider's mail on the web, "" where that is not known.
    `relay` is set where From named a group or a form; then `sender` is whoever wrote (daemon.intake.writers).
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
    unproven: bool = False
    transmitted: bool = True
    header_id: str | None = None
    itip: Itip | None = None
    relay: Relay | None = None
    unread: str = ""
    misdated: str = ""
    web: str = ""

    @property
    def shown_id(self) -> str:
        """The Message-ID as the header has it, by which other mails and programs refer to the message."""
        return self.header_id or self.message_id


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that could not be read: where it is ("folder/id") and why. It is counted and shown, and the poll goes on.

    Where another attempt may succeed, `retry_since` is a moment at or before its arrival, from which to read the mailbox again; that
    moment may lie before all mail that is wanted.
    `sender` (an address, "" where unknown) and `at` (when it arrived or was written) are for a person who looks for it.
    """

    place: str
    reason: str
    retry_since: datetime | None = None
    sender: str = ""
    at: datetime | None = None

    @property
    def shown(self) -> str:
        """Where it is, with when it came and from whom as far as that is known."""
        when = f", {self.at:%d %b %Y %H:%M}" if self.at else ""
        return f"{self.place}{when}{f', from {self.sender}' if self.sender else ''}"


@dataclass(frozen=True, slots=True)
class Batch:
    """One step of a poll of a mailbox. `cursor` is opaque and counts once everything in this batch is stored, not before.

    `folders` maps each folder read so far to its number of messages; `warnings` are lines for a person ("the folder Projects
    could not be read: ..."); `notices` are such lines of what happened once, which the next poll does not repeat. The last batch of a
    poll has `complete` set.
    """

    messages: tuple[Message, ...]
    cursor: str
    unreadable: tuple[Unreadable, ...] = ()
    folders: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    complete: bool = False
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail to send or to save in the Drafts folder.

    `message_id` is derived from the action's key, so that a second attempt can be recognised.
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
    """The server's own id or reply to a send, a saved draft or a booking, for the log."""

    reference: str
