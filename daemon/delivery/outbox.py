"""The outbox: waiting -> sending (committed before the call) -> sent. At most once to anybody, and never silence either.

One attempt a parcel and turn. What is known to have failed for now waits again; what was refused for good is refused; what
nobody knows is `unknown`, and is looked for at the server by its Message-ID or UID: found is sent, provably absent waits
again, anything else is told to the user. Never guessed. The sent log is asked before every send.

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
from daemon.delivery.sent_log import SentLog
from daemon.glossary.actions import NEWS, Channel, Delivery, Parcel
from daemon.glossary.decisions import Decision
from daemon.logs import get_logger
from daemon.planning.plan_inputs import vetoed
from daemon.store import Store

log = get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)  # between two attempts
FRESH = timedelta(hours=20)  # after which a digest or reminder that could not be sent is left to the next one
FIRST_LOOK, LONGEST_LOOK = timedelta(minutes=5), timedelta(days=1)  # between two searches for what may have been sent

_INTERRUPTED = "Kept was stopped while sending it, and its server cannot say whether it arrived"


class Sender(Protocol):
    """What sends one account's parcels (daemon.delivery.senders; in tests, anything that does as it is told)."""

    def send(self, parcel: Parcel) -> Receipt:
        """One attempt. Raises ConnectorError."""
        ...

    def was_sent(self, parcel: Parcel) -> bool | None:
        """Whether it is at the server: True, False, or None where nobody can tell. Raises ConnectorError."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one parcel's attempt ended, for the log and the status."""

    key: str
    delivery: Delivery
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Outbox:
    """One account's outbox: its rows in the store, the sent log beside it, and what sends."""

    account: str
    store: Store
    sent_log: SentLog
    sender: Sender

    def deliver(self, now: datetime) -> tuple[Outcome, ...]:
        """Send every parcel whose time has come, each once. Raises StoreError where what happens could not be written down."""
        due = self.store.parcels(self.account, Delivery.WAITING, due_by=now)
        return tuple(outcome for parcel in due if (outcome := _deliver_parcel(parcel, self, now)) is not None)

    def recover(self, now: datetime) -> tuple[Outcome, ...]:
        """Find out about every parcel that was on its way when a process died, or whose outcome nobody knew."""
        doubtful = self.store.parcels(self.account, Delivery.SENDING, Delivery.UNKNOWN)
        return tuple(_recover_parcel(p, self, now) for p in doubtful if p.delivery is Delivery.SENDING or p.not_before <= now)


def sent_log_reference(parcel: Parcel) -> str:
    """By what the sent log knows a parcel: its Message-ID, or its UID with the version of the event."""
    if parcel.channel is Channel.CALENDAR:
        return f"{parcel.reference}#{invite_of(parcel).sequence}"
    return parcel.reference


def _deliver_parcel(parcel: Parcel, outbox: Outbox, now: datetime) -> Outcome | None:
    """None where it was taken or settled meanwhile."""
    if _is_vetoed(parcel, outbox.store.decisions(outbox.account)):  # asked for each: a veto holds until the moment of sending
        return _settle(outbox.store, parcel, Delivery.VETOED, now)
    if outbox.sent_log.contains(sent_log_reference(parcel)):
        return _settle_by_sent_log(parcel, outbox, now)
    if parcel.kind in NEWS and parcel.created is not None and now - parcel.created > FRESH:
        reason = f"too old to be of use: {parcel.error or 'it was never sent'}"
        return _settle(outbox.store, parcel, Delivery.REFUSED, now, error=reason)
    outbox.sent_log.check_writable()
    if not outbox.store.claim(parcel.key):
        return None
    try:
        receipt = outbox.sender.send(parcel)
    except ConnectorError as error:
        return _settle_failure(outbox.store, parcel, error, now)
    except Exception as error:  # a fault of ours, and nobody knows how far it had come; the others go on
        log.exception("sending failed in an unforeseen way", key=parcel.key)
        return _settle_unknown(outbox.store, parcel, f"sending failed in an unforeseen way ({type(error).__name__})", now)
    return _settle_sent(parcel, outbox, receipt.reference, now)


def _is_vetoed(parcel: Parcel, decisions: Sequence[Decision]) -> bool:
    return any(vetoed(key, decisions) for key in (parcel.key, parcel.booking) if key is not None)


def _settle_by_sent_log(parcel: Parcel, outbox: Outbox, now: datetime) -> Outcome:
    """Settle what the sent log knows, which may have been rendered anew since: it said what the log says, and nothing else."""
    recorded = outbox.sent_log.mentions_sent_with(sent_log_reference(parcel))
    if recorded is not None:
        outbox.store.replace_mentions(parcel, recorded, now)
    return _settle(outbox.store, parcel, Delivery.SENT, now, receipt="known from the sent log")


def _settle_failure(store: Store, parcel: Parcel, error: ConnectorError, now: datetime) -> Outcome:
    if error.unknown:
        return _settle_unknown(store, parcel, error.message, now)
    if error.permanent and parcel.kind not in NEWS:  # a digest or reminder is tried until it is no news any more
        return _settle(store, parcel, Delivery.REFUSED, now, error=error.message)
    wait = error.retry_after or min(LONGEST_WAIT, FIRST_WAIT * 2 ** (10 if error.permanent else min(parcel.attempts, 10)))
    return _settle(store, parcel, Delivery.WAITING, now, error=error.message, not_before=now + wait)


def _recover_parcel(parcel: Parcel, outbox: Outbox, now: datetime) -> Outcome:
    if outbox.sent_log.contains(sent_log_reference(parcel)):
        return _settle_by_sent_log(parcel, outbox, now)
    try:
        found = outbox.sender.was_sent(parcel)
    except ConnectorError as error:
        reason = f"it may have been sent, and could not be looked for: {error.message}"
        return _settle_unknown(outbox.store, parcel, reason, now)
    if found:
        return _settle_sent(parcel, outbox, "found at the server", now)
    if found is False:
        return _settle(outbox.store, parcel, Delivery.WAITING, now, not_before=now)
    return _settle_unknown(outbox.store, parcel, parcel.error or _INTERRUPTED, now)


def _settle_sent(parcel: Parcel, outbox: Outbox, receipt: str, now: datetime) -> Outcome:
    """It is sent whatever happens now, so a log that cannot be written must not keep the store from knowing it."""
    try:
        outbox.sent_log.write(sent_log_reference(parcel), parcel, outbox.store.mentions_of_parcel(parcel.key), now)
    finally:
        outcome = _settle(outbox.store, parcel, Delivery.SENT, now, receipt=receipt)
    return outcome


def _settle_unknown(store: Store, parcel: Parcel, reason: str, now: datetime) -> Outcome:
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
    store.set_delivery(parcel.key, delivery, now, receipt=receipt, error=error, not_before=not_before)
    return Outcome(parcel.key, delivery, error)
