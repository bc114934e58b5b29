"""The hands of the outbox: what really takes a parcel out of the house, by whichever connector its account has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from connectors.base import Calendar, Mailbox, MailTransport
from connectors.errors import ConnectorError
from connectors.mail import Receipt
from daemon.delivery.parcel_json import draft_of, invite_of
from daemon.glossary.actions import Channel, Parcel
from daemon.glossary.parties import Account


class Desk(Protocol):
    """What an account sends by, and where it looks for what may already have been sent."""

    @property
    def account(self) -> Account:
        """Whose it is."""
        ...

    @property
    def mailboxes(self) -> Mapping[str, Mailbox]:
        """Its mailboxes; drafts are saved in the first one."""
        ...

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """Its calendars; meetings are booked in the first one."""
        ...

    @property
    def transport(self) -> MailTransport | None:
        """What sends its mail, where anything does."""
        ...


class DeskHands:
    """Sends by the desk of the parcel's account, and looks there for what may already have been sent."""

    def __init__(self, desks: Mapping[str, Desk]) -> None:
        self._desks = desks

    def send(self, parcel: Parcel) -> Receipt:
        """One attempt. Raises ConnectorError."""
        desk = self._desk(parcel)
        if parcel.channel is Channel.MAIL:
            return _transport(desk).send(draft_of(parcel))
        if parcel.channel is Channel.DRAFT:
            return _mailbox(desk).save_draft(draft_of(parcel))
        invite = invite_of(parcel)
        return _calendar(desk).put(invite)

    def find(self, parcel: Parcel) -> bool | None:
        """Whether it is there already: True, False, or None where nobody can tell. Raises ConnectorError."""
        desk = self._desk(parcel)
        if parcel.channel is Channel.CALENDAR:
            event = _calendar(desk).find(parcel.reference)
            return event is not None and event.sequence >= invite_of(parcel).sequence
        if parcel.channel is Channel.DRAFT:
            return _mailbox(desk).has_message(parcel.reference)
        known = _transport(desk).was_sent(parcel.reference)
        if known is not None:
            return known
        # A mail found in the mailbox was sent; one that is not there may be in a Sent folder we cannot see, or still on its way.
        return True if any(m.has_message(parcel.reference) for m in desk.mailboxes.values()) else None

    def _desk(self, parcel: Parcel) -> Desk:
        try:
            return self._desks[parcel.account]
        except KeyError:
            raise ConnectorError(f"the account {parcel.account} is no longer in the configuration", permanent=True) from None


def _transport(desk: Desk) -> MailTransport:
    if desk.transport is None:
        raise ConnectorError(f"{desk.account.address} has no way to send: add `send:` to its configuration", permanent=True)
    return desk.transport


def _mailbox(desk: Desk) -> Mailbox:
    for mailbox in desk.mailboxes.values():
        return mailbox
    raise ConnectorError(f"{desk.account.address} has no mailbox to lay a draft into", permanent=True)


def _calendar(desk: Desk) -> Calendar:
    for calendar in desk.calendars.values():
        return calendar
    raise ConnectorError(f"{desk.account.address} has no calendar to book in", permanent=True)
