"""Deliver the parcels of the outbox: waiting -> sending (committed before the call) -> sent. Nothing is sent twice or dropped silently.

Each parcel is tried once a turn. After a temporary failure it waits again; after a permanent one it is refused. If the outcome is
not known it becomes `unknown`, and is looked for at the server by its Message-ID or UID: if it is there it was sent, if it is
provably absent it waits again, and otherwise the user is told; nothing is guessed. The sent log is asked before every send.

The caller holds the store's lock, so a parcel found in `sending` was left there by a process that died.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from connectors.errors import ConnectorError
from connectors.mail import Receipt
from daemon.delivery.parcel_json import invite_of
from daemon.delivery.sent_log import SentLog
from daemon.glossary.actions import NEWS, Channel, Delivery, Parcel
from daemon.glossary.decisions import Decision
from daemon.logs import get_logger
from daemon.planning.plan_inputs import vetoed
from daemon.store import Store

log = get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)  # between two attempts
OBSOLETE_AFTER = timedelta(hours=20)  # of a digest or reminder that could not be sent: the next one replaces it
FIRST_LOOK, LONGEST_LOOK = timedelta(minutes=5), timedelta(days=1)  # between two searches for what may have been sent

_INTERRUPTED = "Kept was stopped while sending it, and its server cannot say whether it arrived"


class Sender(Protocol):
    """Sends one account's parcels (implemented in `daemon.delivery.senders`)."""

    def send(self, parcel: Parcel) -> Receipt:
        """Make one attempt. Raises ConnectorError."""
        ...

    def was_sent(self, parcel: Parcel) -> bool | None:
        """Return whether the parcel reached the server; None if that cannot be known. Raises ConnectorError."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one parcel's attempt, for the log and the status."""

    key: str
    delivery: Delivery
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Outbox:
    """One account's outbox: its rows in the store, the sent log, and the sender."""

    account: str
    store: Store
    sent_log: SentLog
    sender: Sender

    def deliver(self, now: datetime) -> tuple[Outcome, ...]:
        """Try to send every parcel that is due, each once. Raises StoreError if an outcome could not be recorded."""
        due = self.store.parcels(self.account, Delivery.WAITING, due_by=now)
        return tuple(outcome for parcel in due if (outcome := _deliver_parcel(parcel, self, now)) is not None)

    def resolve_unsure(self, now: datetime) -> tuple[Outcome, ...]:
        """Find out what became of each parcel that a dead process was sending, or whose outcome is unknown. Raises StoreError."""
        unsure = self.store.parcels(self.account, Delivery.SENDING, Delivery.UNKNOWN)
        return tuple(_resolve_parcel(p, self, now) for p in unsure if p.delivery is Delivery.SENDING or p.not_before <= now)


def sent_log_reference(parcel: Parcel) -> str:
    """Return a parcel's reference in the sent log: its Message-ID, or its UID with the version of the event."""
    if parcel.channel is Channel.CALENDAR:
        return f"{parcel.reference}#{invite_of(parcel).sequence}"
    return parcel.reference


def _deliver_parcel(parcel: Parcel, outbox: Outbox, now: datetime) -> Outcome | None:
    """Try to send one parcel. Return None if another process took it."""
    if _is_vetoed(parcel, outbox.store.decisions(outbox.account)):  # read for each: a veto counts until the moment of sending
        return _settle(outbox.store, parcel, Delivery.VETOED, now)
    if outbox.sent_log.contains(sent_log_reference(parcel)):
        return _settle_by_sent_log(parcel, outbox, now)
    if parcel.kind in NEWS and parcel.created is not None and now - parcel.created > OBSOLETE_AFTER:
        reason = f"too old to be of use: {parcel.error or 'it was never sent'}"
        return _settle(outbox.store, parcel, Delivery.REFUSED, now, error=reason)
    outbox.sent_log.check_writable()
    if not outbox.store.claim(parcel.key):
        return None
    try:
        receipt = outbox.sender.send(parcel)
    except ConnectorError as error:
        return _settle_failure(outbox.store, parcel, error, now)
    except Exception as error:  # a bug in Kept: it may have been sent or not, and the other parcels go on
        log.exception("sending failed unexpectedly", key=parcel.key)
        return _settle_unknown(outbox.store, parcel, f"sending failed unexpectedly ({type(error).__name__})", now)
    return _settle_sent(parcel, outbox, receipt.reference, now)


def _is_vetoed(parcel: Parcel, decisions: Sequence[Decision]) -> bool:
    return any(vetoed(key, decisions) for key in (parcel.key, parcel.booking) if key is not None)


def _settle_by_sent_log(parcel: Parcel, outbox: Outbox, now: datetime) -> Outcome:
    """Settle a parcel that the sent log contains. If it was rendered again since, only the recorded mentions were made."""
    recorded = outbox.sent_log.mentions_sent_with(sent_log_reference(parcel))
    if recorded is not None:
        outbox.store.replace_mentions(parcel, recorded, now)
    return _settle(outbox.store, parcel, Delivery.SENT, now, receipt="known from the sent log")


def _settle_failure(store: Store, parcel: Parcel, error: ConnectorError, now: datetime) -> Outcome:
    if error.unknown:
        return _settle_unknown(store, parcel, error.message, now)
    if error.permanent and parcel.kind not in NEWS:  # a digest or reminder is tried until it is obsolete
        return _settle(store, parcel, Delivery.REFUSED, now, error=error.message)
    wait = error.retry_after or min(LONGEST_WAIT, FIRST_WAIT * 2 ** (10 if error.permanent else min(parcel.attempts, 10)))
    return _settle(store, parcel, Delivery.WAITING, now, error=error.message, not_before=now + wait)


def _resolve_parcel(parcel: Parcel, outbox: Outbox, now: datetime) -> Outcome:
    if outbox.sent_log.contains(sent_log_reference(parcel)):
        return _settle_by_sent_log(parcel, outbox, now)
    try:
        was_sent = outbox.sender.was_sent(parcel)
    except ConnectorError as error:
        reason = f"it may have been sent, and Kept could not check: {error.message}"
        return _settle_unknown(outbox.store, parcel, reason, now)
    if was_sent:
        return _settle_sent(parcel, outbox, "found at the server", now)
    if was_sent is False:
        return _settle(outbox.store, parcel, Delivery.WAITING, now, not_before=now)
    return _settle_unknown(outbox.store, parcel, parcel.error or _INTERRUPTED, now)


def _settle_sent(parcel: Parcel, outbox: Outbox, receipt: str, now: datetime) -> Outcome:
    """Record a parcel as sent. The store records it even if the sent log cannot be written, for it did leave."""
    try:
        outbox.sent_log.write(sent_log_reference(parcel), parcel, outbox.store.mentions_of_parcel(parcel.key), now)
    finally:
        outcome = _settle(outbox.store, parcel, Delivery.SENT, now, receipt=receipt)
    return outcome


def _settle_unknown(store: Store, parcel: Parcel, reason: str, now: datetime) -> Outcome:
    """Record a parcel as unknown, and when to look for it next: ever less often."""
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
    store.set_delivery(parcel.key, delivery, now, receipt=receipt, error=error, not_before=not_before)
    return Outcome(parcel.key, delivery, error)
