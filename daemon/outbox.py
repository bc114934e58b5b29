"""The outbox: waiting -> sending (committed before the call) -> sent. At most once to anybody, and never silence either.

One attempt a parcel and turn. What is known to have failed for now waits again; what was refused for good is refused; what
nobody knows is `unknown`, and is looked for at the server by its Message-ID or UID: found is sent, provably absent waits
again, anything else is told to the user. Never guessed. The journal is asked before every send.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from connectors.errors import ConnectorError
from connectors.mail import Receipt
from daemon.core.model import Channel, Decision, Delivery, Parcel, Verb, short_id
from daemon.journal import Journal
from daemon.parcels import invite_of
from daemon.store import Store

log = structlog.get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


class Hands(Protocol):
    """What takes a parcel out of the house (daemon.hands; in tests, anything that does as it is told)."""

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
    """Send every parcel whose time has come, each once."""
    vetoed = standing_vetoes(store.decisions())
    due = [p for p in store.parcels(Delivery.WAITING) if p.not_before <= now]
    return tuple(_deliver(p, store, journal, hands, now, vetoed=bool({p.key, short_id(p.key), *p.keys} & vetoed)) for p in due)


def recover(store: Store, journal: Journal, hands: Hands, now: datetime) -> tuple[Outcome, ...]:
    """Find out about every parcel that was on its way when the daemon died, or whose outcome nobody knew."""
    return tuple(_recover(p, store, journal, hands, now) for p in store.parcels(Delivery.SENDING, Delivery.UNKNOWN))


def record(parcel: Parcel) -> str:
    """By what the journal knows a parcel: its Message-ID, or its UID with the version of the event."""
    if parcel.channel is Channel.CALENDAR:
        return f"{parcel.reference}#{invite_of(parcel).sequence}"
    return parcel.reference


def standing_vetoes(decisions: Iterable[Decision]) -> frozenset[str]:
    """The targets that were vetoed and not given free again."""
    standing: set[str] = set()
    for decision in decisions:
        if decision.verb is Verb.VETO:
            standing.add(decision.target)
        elif decision.verb is Verb.UNDO:
            standing.discard(decision.target)
    return frozenset(standing)


def _deliver(parcel: Parcel, store: Store, journal: Journal, hands: Hands, now: datetime, *, vetoed: bool) -> Outcome:
    if vetoed:
        return _settle(store, parcel, Delivery.VETOED, now)
    if journal.knows(record(parcel)):
        return _settle(store, parcel, Delivery.SENT, now, receipt="known from the journal")
    if not store.claim(parcel.key):
        return Outcome(parcel.key, Delivery.SENDING)
    try:
        receipt = hands.send(parcel)
    except ConnectorError as error:
        return _failed(store, parcel, error, now)
    _write(journal, parcel, now)
    return _settle(store, parcel, Delivery.SENT, now, receipt=receipt.reference)


def _failed(store: Store, parcel: Parcel, error: ConnectorError, now: datetime) -> Outcome:
    if error.unknown:
        return _settle(store, parcel, Delivery.UNKNOWN, now, error=error.message)
    if error.permanent:
        return _settle(store, parcel, Delivery.REFUSED, now, error=error.message)
    wait = error.retry_after or min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(parcel.attempts, 10))
    return _settle(store, parcel, Delivery.WAITING, now, error=error.message, not_before=now + wait)


def _recover(parcel: Parcel, store: Store, journal: Journal, hands: Hands, now: datetime) -> Outcome:
    if journal.knows(record(parcel)):
        return _settle(store, parcel, Delivery.SENT, now, receipt="known from the journal")
    try:
        found = hands.find(parcel)
    except ConnectorError as error:
        return _settle(store, parcel, Delivery.UNKNOWN, now, error=error.message)
    if found:
        _write(journal, parcel, now)
        return _settle(store, parcel, Delivery.SENT, now, receipt="found at the server")
    if found is False:
        return _settle(store, parcel, Delivery.WAITING, now, not_before=parcel.not_before)
    reason = parcel.error or "Kept was stopped while sending it, and its server cannot say whether it arrived"
    return _settle(store, parcel, Delivery.UNKNOWN, now, error=reason)


def _write(journal: Journal, parcel: Parcel, now: datetime) -> None:
    """The send has happened, so a journal that cannot be written must not make it look as if it had not."""
    try:
        journal.write(record(parcel), key=parcel.key, account=parcel.account, channel=parcel.channel.value, at=now)
    except OSError as error:
        log.exception("the record of sent mail cannot be written", key=parcel.key, error=error.strerror)


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
