"""The protocols that every connector follows; their docstrings are the glossary of the terms.

Every method raises ConnectorError, and nothing else, for whatever can go wrong outside this program. A connector opens its
connection at first use and may be closed twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from connectors.calendar import Busy, CalendarBatch, Event, Invite, Window
from connectors.mail import Batch, Draft, Receipt


class Mailbox(Protocol):
    """An account's mail. It is only read, apart from drafts of ours saved beside the user's own, and removed where nobody touched them.

    poll    one pass over the mailbox from a cursor. It yields batches, each of which may be stored before the next is asked for.
    cursor  an opaque text that says how far a poll has come; None means from the beginning. Where the server no longer honours
            a cursor (UIDVALIDITY changed, sync token expired), the connector reads everything again by itself.
    """

    def poll(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        """Yield what is new since `cursor`, leaving out mail received before `since`.

        Reads every folder but drafts, junk and trash, and never marks a message as read. Yields at least one batch; the last
        has `complete` set. A folder that cannot be read is a warning in the batch, and the others are still read.
        """
        ...

    def wait(self, seconds: float) -> bool:
        """Block until new mail may have arrived (IMAP IDLE) or `seconds` have passed; return whether new mail may be there."""
        ...

    def has_message(self, message_id: str) -> bool:
        """Return whether a message with this Message-ID is in any folder, drafts and sent mail included."""
        ...

    def connect(self) -> None:
        """Open the connection and log in where there is none, so that the `save_draft` that follows needs none. Changes nothing."""
        ...

    def save_draft(self, draft: Draft) -> Receipt:
        """Save a draft in the Drafts folder, flagged as one. To avoid a duplicate, call `has_message` first."""
        ...

    def remove_draft(self, message_id: str, receipt: str, content: str) -> bool:
        """Remove a draft of ours that is as it was saved; return whether it was removed.

        `receipt` is what `save_draft` returned, `content` its `mime.content_hash`. A draft that was changed, sent or moved
        out of Drafts is left where it is. A second call does nothing.
        """
        ...

    def check(self) -> tuple[str, ...]:
        """Log in, list the folders and read one message; return lines that tell a person what works."""
        ...

    def close(self) -> None:
        """End the session, if there is one."""
        ...


class MailTransport(Protocol):
    """A way to send mail (SMTP, or a provider's API). One attempt per call; an outcome that is not certain is `unknown`."""

    def connect(self) -> None:
        """Open the connection and log in, so that the `send` that follows needs none. Sends nothing; fails with certainty."""
        ...

    def send(self, draft: Draft) -> Receipt:
        """Send the mail once. Raises ConnectorError with `unknown` set where the server may have accepted it."""
        ...

    def was_sent(self, message_id: str) -> bool | None:
        """Return whether the mail was sent; None where this transport cannot tell, so that the caller looks in Sent folders."""
        ...

    def check(self) -> tuple[str, ...]:
        """Log in, send nothing; return lines that tell a person what works."""
        ...

    def close(self) -> None:
        """End the session, if there is one."""
        ...


class Calendar(Protocol):
    """An account's calendar: occurrences of events within a window, busy times, and invites of ours booked, moved or cancelled."""

    @property
    def sends_invitations(self) -> bool:
        """Whether the server itself sends invitations, updates and cancellations to attendees (RFC 6638).

        Where it does not, the mail transport carries them (RFC 6047); never both.
        """
        ...

    @property
    def read_only(self) -> bool:
        """Whether the calendar is known, since it was last polled or checked, to let nothing be booked; asks no server."""
        ...

    def uninvited(self, uid: str) -> tuple[str, ...] | None:
        """Return the guests of a booked meeting whom the server that sends invitations could not reach; None where it does not say.

        Those are invited by the mail transport.
        """
        ...

    def poll(self, cursor: str | None, window: Window) -> Iterator[CalendarBatch]:
        """Yield what changed since `cursor`. A window on other days than the cursor's is read as a whole."""
        ...

    def busy_times(self, window: Window) -> tuple[Busy, ...]:
        """Return the owner's busy times within the window, merged and in order; a calendar that cannot be read is an error."""
        ...

    def busy_times_of(self, email: str, window: Window) -> tuple[Busy, ...] | None:
        """Return another person's busy times, or None where the server does not know them."""
        ...

    def connect(self) -> None:
        """Open the connection and log in where there is none, so that the `put` that follows needs none. Changes nothing."""
        ...

    def find(self, uid: str) -> Event | None:
        """Return the event with this uid (of a series, its first occurrence), or None where it certainly does not exist."""
        ...

    def put(self, invite: Invite) -> Receipt:
        """Book the meeting, replace a version with a lower sequence or, where `invite.cancelled`, cancel it; one attempt."""
        ...

    def check(self) -> tuple[str, ...]:
        """Log in, read the calendar and free/busy; return lines that tell a person what works."""
        ...

    def close(self) -> None:
        """End the session, if there is one."""
        ...
