"""Invite the guests of booked meetings: by the calendar's server or by mail (RFC 6047), never by both.

A server that announces scheduling may be unable to reach a guest, and says so in the stored event; then a mail goes to that guest.
One that does not say leaves it open, and the user is told (`delivery.unsettled`) until the server says it, or the configuration does
(`invitations:`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from connectors.base import Calendar
from connectors.errors import ConnectorError
from daemon.delivery.client_mail import invitation
from daemon.delivery.parcel_json import invite_of
from daemon.glossary.actions import Parcel
from daemon.glossary.faults import Faults
from daemon.store import Store


@dataclass(frozen=True, slots=True)
class _Guests:
    """Whom a mail invites; `by_server` says that the server invites the others, None that it does not say."""

    by_mail: tuple[str, ...] = ()
    by_server: bool | None = True


def invite_guests(
    store: Store, account: str, calendars: Sequence[Calendar], secret: bytes, faults: Faults, now: datetime
) -> None:
    """Queue the invitations that the server of the first calendar does not send; meetings are booked there. Raises StoreError.

    `secret` signs the mails as Kept's own. A meeting at which that fails in an unforeseen way is noted in `faults` and left to the
    next turn, and the others are not affected.
    """
    for booking in store.uninvited_meetings(account):
        what = f"{booking.client}: the invitation could not be written"
        faults.contain(what, partial(_invite, store, booking, calendars, secret, now), None)


def _invite(store: Store, booking: Parcel, calendars: Sequence[Calendar], secret: bytes, now: datetime) -> None:
    try:
        guests = _guests(booking, calendars)
    except ConnectorError:
        return  # the server cannot be asked now, so the mail waits
    if guests.by_mail:
        store.queue((invitation(booking, guests.by_mail, secret),), now)
    over = invite_of(booking).start <= now
    store.set_invited_by(booking.key, by_mail=None if guests.by_server is None and not over else bool(guests.by_mail))


def _guests(booking: Parcel, calendars: Sequence[Calendar]) -> _Guests:
    """Return who is invited by whom. Raises ConnectorError where the server cannot be asked."""
    everybody = tuple(guest.email for guest in invite_of(booking).attendees)
    if not calendars or not calendars[0].sends_invitations:
        return _Guests(everybody, by_server=False)
    left_out = calendars[0].uninvited(booking.reference)
    if left_out is None:
        return _Guests(by_server=None)
    return _Guests(tuple(guest for guest in everybody if guest in left_out))
