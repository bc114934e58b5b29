"""The outbox: waiting -> sending (committed before the call) -> sent. At most once to anybody, and never silence either.

One attempt a parcel and turn. What is known to have failed for now waits again; what was refused for good is refused; what
nobody knows is `unknown`, and is looked for at the server by its Message-ID or UID: found is sent, provably absent waits
again, anything else is told to the user. Never guessed. The journal is asked before every send.

Whoever calls holds the store's lock: a parcel that is found `sending` was being sent by a process that is no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from connectors.errors import ConnectorError
from connectors.mail import Receipt
from daemon.delivery.parcel_json import invite_of
from daemon.delivery.sent_log import Journal
from daemon.glossary.actions import Channel, Delivery, Parcel
from daemon.glossary.decisions import Decision
from daemon.logs import get_logger
from daemon.planning.plan_inputs import vetoed
from daemon.store import Store

log = get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)  # between two attempts
NEWS = timedelta(hours=20)  # after which a digest or reminder that could not be sent is left to the next one
FIRST_LOOK, LONGEST_LOOK = timedelta(minutes=5), timedelta(days=1)  # between two searches for what may have been sent

_CUT = "Kept was stopped while sending it, and its server cannot say whether it arrived"


class Hands(Protocol):
    """What takes a parcel out of the house (daemon.delivery.senders; in tests, anything that does as it is told)."""

    def send(self, parcel: Parcel) -> Receipt:
        """One attempt. Raises ConnectorError."""
        ...

    def find(self, parcel: Parcel) -> bool | None:
        """Whether it is at the server: True, False, or None where nobody can tell. Raises ConnectorError."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one parcel's attempt ended, for the log and the status."""

    key: str
    delivery: Delivery
    error: str | None = None


def deliver(store: Store, journal: Journal, hands: Hands, now: datetime) -> tuple[Outcome, ...]:
    """Send every parcel whose time has come, each once. Raises StoreError where what happens could not be written down."""
    due = [p for p in store.parcels(Delivery.WAITING) if p.not_before <= now]
    return tuple(outcome for p in due if (outcome := _deliver(p, store, journal, hands, now)) is not None)


def recover(store: Store, journal: Journal, hands: Hands, now: datetime) -> tuple[Outcome, ...]:
    """Find out about every parcel that was on its way when a process died, or whose outcome nobody knew."""
    doubtful = store.parcels(Delivery.SENDING, Delivery.UNKNOWN)
    asked = [p for p in doubtful if p.delivery is Delivery.SENDING or p.not_before <= now]
    return tuple(_recover(p, store, journal, hands, now) for p in asked)


def record(parcel: Parcel) -> str:
    """By what the journal knows a parcel: its Message-ID, or its UID with the version of the event."""
    if parcel.channel is Channel.CALENDAR:
        return f"{parcel.reference}#{invite_of(parcel).sequence}"
    return parcel.reference


def _deliver(parcel: Parcel, store: Store, journal: Journal, hands: Hands, now: datetime) -> Outcome | None:
    """None where it was taken or settled meanwhile."""
    if _stopped(parcel, store.decisions()):  # asked for each: a veto holds until the moment of sending
        return _settle(store, parcel, Delivery.VETOED, now)
    if journal.knows(record(parcel)):
        return _settle(store, parcel, Delivery.SENT, now, receipt="known from the journal")
    if _to_user(parcel) and parcel.created is not None and now - parcel.created > NEWS:
        return _settle(store, parcel, Delivery.REFUSED, now, error=f"too old to be of use: {parcel.error or 'it was never sent'}")
    journal.ready()
    if not store.claim(parcel.key):
        return None
    try:
        receipt = hands.send(parcel)
    except ConnectorError as error:
        return _failed(store, parcel, error, now)
    except Exception as error:  # a fault of ours, and nobody knows how far it had come; the others go on
        log.exception("sending failed in a way nobody foresaw", key=parcel.key)
        return _unknown(store, parcel, f"sending failed in a way nobody foresaw ({type(error).__name__})", now)
    return _sent(store, parcel, journal, receipt.reference, now)


def _stopped(parcel: Parcel, decisions: Sequence[Decision]) -> bool:
    return any(vetoed(key, decisions) for key in {parcel.key, *parcel.keys})


def _to_user(parcel: Parcel) -> bool:
    """A digest, reminder or sheet: refused for a wrong password, it is tried until it is no news any more."""
    return parcel.key.startswith(("digest:", "reminder:", "escalation:", "touch_base:", "handover:", "cover:"))


def _failed(store: Store, parcel: Parcel, error: ConnectorError, now: datetime) -> Outcome:
    if error.unknown:
        return _unknown(store, parcel, error.message, now)
    if error.permanent and not _to_user(parcel):
        return _settle(store, parcel, Delivery.REFUSED, now, error=error.message)
    wait = error.retry_after or min(LONGEST_WAIT, FIRST_WAIT * 2 ** (10 if error.permanent else min(parcel.attempts, 10)))
    return _settle(store, parcel, Delivery.WAITING, now, error=error.message, not_before=now + wait)


def _recover(parcel: Parcel, store: Store, journal: Journal, hands: Hands, now: datetime) -> Outcome:
    if journal.knows(record(parcel)):
        return _settle(store, parcel, Delivery.SENT, now, receipt="known from the journal")
    try:
        found = hands.find(parcel)
    except ConnectorError as error:
        return _unknown(store, parcel, f"it may have been sent, and could not be looked for: {error.message}", now)
    if found:
        return _sent(store, parcel, journal, "found at the server", now)
    if found is False:
        return _settle(store, parcel, Delivery.WAITING, now, not_before=now)
    return _unknown(store, parcel, parcel.error or _CUT, now)


def _sent(store: Store, parcel: Parcel, journal: Journal, receipt: str, now: datetime) -> Outcome:
    """It is sent whatever happens now, so a journal that cannot be written must not keep the store from knowing it."""
    try:
        journal.write(record(parcel), key=parcel.key, account=parcel.account, channel=parcel.channel.value, at=now)
    finally:
        outcome = _settle(store, parcel, Delivery.SENT, now, receipt=receipt)
    return outcome


def _unknown(store: Store, parcel: Parcel, reason: str, now: datetime) -> Outcome:
    """It is looked for again, ever more seldom."""
    age = now - (parcel.created or now)
    wait = min(LONGEST_LOOK, max(FIRST_LOOK, age / 4))
    return _settle(store, parcel, Delivery.UNKNOWN, now, error=reason, not_before=now + wait)


def _settle(
    store: Store,
    parcel: Parcel,
    delivery: Delivery,
    now: datetime,
    *,
    receipt: str | None = None,
    error: str | None = None,
    not_before: datetime | None = None,
) -> Outcome:
    store.settle(parcel.key, delivery, now, receipt=receipt, error=error, not_before=not_before)
    return Outcome(parcel.key, delivery, error)
