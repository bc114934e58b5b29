"""Send an account's parcels through its connectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.base import Calendar, Mailbox, MailTransport
from connectors.errors import ConnectorError
from connectors.mail import Receipt
from daemon.delivery.parcel_json import draft_of, invite_of, removal_of
from daemon.glossary.actions import REMOVED, Channel, Parcel


@dataclass(frozen=True, slots=True)
class ConnectorSender:
    """Sends through the connectors of one account, and asks them whether a parcel was sent before.

    Drafts are saved in the first mailbox, and removed from it, and meetings are booked in the first calendar.
    """

    account: str
    mailboxes: Mapping[str, Mailbox]
    calendars: Mapping[str, Calendar]
    transport: MailTransport | None

    def connect(self, parcel: Parcel) -> None:
        """Connect to where the parcel goes, so that its send needs no connection. Raises ConnectorError; nothing was sent then."""
        if parcel.channel is Channel.MAIL:
            self._transport().connect()
        elif parcel.channel in (Channel.DRAFT, Channel.REMOVAL):
            self._mailbox().connect()
        else:
            self._calendar().connect()

    def send(self, parcel: Parcel) -> Receipt:
        """Make one attempt. Raises ConnectorError."""
        if parcel.channel is Channel.MAIL:
            return self._transport().send(draft_of(parcel))
        if parcel.channel is Channel.DRAFT:
            return self._mailbox().save_draft(draft_of(parcel))
        if parcel.channel is Channel.REMOVAL:
            draft = removal_of(parcel)
            removed = self._mailbox().remove_draft(draft.reference, draft.receipt, draft.content)
            return Receipt(REMOVED if removed else "left alone: it was changed, moved or sent")
        return self._calendar().put(invite_of(parcel))

    def was_sent(self, parcel: Parcel) -> bool | None:
        """Return whether the parcel reached its server; None if that cannot be known. Raises ConnectorError."""
        if parcel.channel is Channel.CALENDAR:
            event = self._calendar().find(parcel.reference)
            return event is not None and event.sequence >= invite_of(parcel).sequence
        if parcel.channel is Channel.DRAFT:
            return self._mailbox().has_message(parcel.reference)
        if parcel.channel is Channel.REMOVAL:
            return False  # a second attempt finds nothing to remove
        sent = self._transport().was_sent(parcel.reference)
        if sent is not None:
            return sent
        # A mail in the mailbox was sent; one that is not there may be in a Sent folder that is not read, or still on its way.
        return True if any(m.has_message(parcel.reference) for m in self.mailboxes.values()) else None

    def _transport(self) -> MailTransport:
        if self.transport is None:
            raise ConnectorError(f"{self.account} has no way to send email: add `send:` to its configuration", permanent=True)
        return self.transport

    def _mailbox(self) -> Mailbox:
        for mailbox in self.mailboxes.values():
            return mailbox
        raise ConnectorError(f"{self.account} has no mailbox to save a draft in", permanent=True)

    def _calendar(self) -> Calendar:
        for calendar in self.calendars.values():
            return calendar
        raise ConnectorError(f"{self.account} has no calendar to book in", permanent=True)
