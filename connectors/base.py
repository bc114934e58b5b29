"""What every connector can do, and the words for it.

mailbox     where an account's mail lies. It is only ever read, apart from drafts of ours laid beside the others.
poll        one pass over a mailbox or calendar from a cursor: yields batches; each may be stored before the next is asked.
cursor      an opaque text that says how far a poll has come. None: from the beginning. A cursor the server no longer
            honours (UIDVALIDITY changed, sync token too old) makes the connector read everything again by itself.
transport     takes one mail to its recipients. One attempt per call; what is not known to have failed is `unknown`.
calendar    occurrences of events within a window; busy times; our own invites put, moved, cancelled.
schedules   a calendar whose server sends invitations by itself (RFC 6638); elsewhere the transport carries them (RFC 6047),
            never both.

All of them raise ConnectorError and nothing else for what can go wrong outside, open lazily, and may be closed twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from connectors.calendar import Busy, CalendarBatch, Event, Invite, Window
from connectors.mail import Batch, Draft, Receipt


class Mailbox(Protocol):
    """An account's mail."""

    def poll(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        """Yield what is new since `cursor`, oldest folder first; mail received before `since` is left out.

        Reads every folder but drafts, junk and trash. Never marks a mail as read. At least one batch comes, the last with
        `complete` set. A folder that cannot be read is a warning in the batch; the others go on.
        """
        ...

    def wait(self, seconds: float) -> bool:
        """Block until something new may be there (IDLE) or `seconds` have passed; True where something may be."""
        ...

    def has_message(self, message_id: str) -> bool:
        """Whether a message with this Message-ID lies in any folder, drafts and sent included."""
        ...

    def save_draft(self, draft: Draft) -> Receipt:
        """Put a draft into the Drafts folder, flagged as a draft. The caller has looked with `find` where it must."""
        ...

    def check(self) -> tuple[str, ...]:
        """Log in, list folders, read one message; lines for a person saying what works. Raises ConnectorError."""
        ...

    def close(self) -> None:
        """End the session. Harmless where there is none."""
        ...


class MailTransport(Protocol):
    """A way to send."""

    def send(self, draft: Draft) -> Receipt:
        """Send once. ConnectorError.unknown where the server may have taken it."""
        ...

    def was_sent(self, message_id: str) -> bool | None:
        """Whether it was sent: True, False, or None where this transport cannot tell (then Sent folders are looked into)."""
        ...

    def check(self) -> tuple[str, ...]:
        """Log in and say what works. Raises ConnectorError."""
        ...

    def close(self) -> None:
        """End the session. Harmless where there is none."""
        ...


class Calendar(Protocol):
    """An account's calendar."""

    @property
    def sends_invitations(self) -> bool:
        """Whether the server itself sends invitations, updates and cancellations to attendees (RFC 6638)."""
        ...

    def poll(self, cursor: str | None, window: Window) -> Iterator[CalendarBatch]:
        """Yield what changed since `cursor`. Another window than the cursor's day of reading reads everything again."""
        ...

    def busy_times(self, window: Window) -> tuple[Busy, ...]:
        """The owner's busy times, merged and in order. Raises ConnectorError: never an empty answer for an unread calendar."""
        ...

    def busy_times_of(self, email: str, window: Window) -> tuple[Busy, ...] | None:
        """Another person's busy times where the server knows them, else None."""
        ...

    def find(self, uid: str) -> Event | None:
        """The first occurrence of the event with this uid, or None where it provably is not there."""
        ...

    def put(self, invite: Invite) -> Receipt:
        """Book it, or replace the version with a lower sequence; with `cancelled`, cancel it. Once per call."""
        ...

    def check(self) -> tuple[str, ...]:
        """Log in, read the calendar and free/busy; lines for a person. Raises ConnectorError."""
        ...

    def close(self) -> None:
        """End the session. Harmless where there is none."""
        ...
