"""Deliver the parcels of the outbox: waiting -> sending (committed before the call) -> sent. Nothing is sent twice or dropped silently.

Each parcel is tried once a turn: connect, claim, send. Before it is claimed it was certainly not sent. After a temporary failure it
waits again; after a permanent one it is refused. If the outcome is not known it becomes `unknown`, and is looked for at the server by
its Message-ID or UID: if it is there it was sent, if it is absent some minutes after the claim it waits again (a slow send may still
be on its way before that), and otherwise the user is told (`delivery.unsettled`) and settles it; nothing is guessed. The sent log is
asked before every send.

The caller holds the store's lock or, in a team, the lease of the account's turn, so a parcel found in `sending` was left there by a
process that died or stands still. One that stands still may go on: so the last thing before the bytes go to a server is to ask whether
what is held is held still, and how long ago the parcel was claimed, by a clock that runs on while the machine sleeps (SEND_WITHIN).
What remains is a process that stops between that question and the last byte. Whoever has taken over sends again only once the first
can no longer be sending: its server has closed the connection by then, because it waited longer than for any command (five minutes at
least, RFC 5321, section 4.5.3.2; Exchange waits ten), which is what ON_ITS_WAY_IN_TEAM allows for. A server that waits longer than
that, and a process that stands still for as long at just that place, would together send twice; nothing on this side can exclude it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from connectors.errors import ConnectorError
from connectors.mail import Receipt
from daemon import clock
from daemon.delivery.parcel_json import invite_of
from daemon.delivery.sent_log import SentLog
from daemon.glossary.actions import MEETINGS, NEWS, ActionKind, Channel, Delivery, Parcel
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.faults import Faults, strict
from daemon.logs import get_logger
from daemon.planning.plan_inputs import vetoed
from daemon.store import Store

log = get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)  # between two attempts
OBSOLETE_AFTER = timedelta(hours=20)  # of a digest or reminder that could not be sent: the next one replaces it
FIRST_LOOK, LONGEST_LOOK = timedelta(minutes=5), timedelta(days=1)  # between two searches for what may have been sent
ON_ITS_WAY = timedelta(minutes=5)  # after the claim: what is not at the server yet may still arrive there
ON_ITS_WAY_IN_TEAM = timedelta(minutes=15)  # the same, where whoever claimed it may stand still and go on
SEND_WITHIN = 60.0  # seconds from a claim to the send, in which a process does nothing else

_INTERRUPTED = "Kept was stopped while sending it, and its server cannot say whether it arrived"
_NOT_YET = "Kept was stopped while sending it; it has not arrived so far, and is looked for again in a few minutes"


class Sender(Protocol):
    """Sends one account's parcels (implemented in `daemon.delivery.senders`)."""

    def connect(self, parcel: Parcel) -> None:
        """Connect to where the parcel goes. Raises ConnectorError, and then nothing was sent."""
        ...

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
    kind: ActionKind | None = field(default=None, compare=False)


def log_outcomes(outcomes: Sequence[Outcome]) -> None:
    """Log what became of the parcels of a turn."""
    for outcome in outcomes:
        what = "delivered" if outcome.error is None else "not delivered"
        log.info(what, key=outcome.key, delivery=outcome.delivery, error=outcome.error)


@dataclass(frozen=True, slots=True)
class Outbox:
    """One account's outbox: its rows in the store, the sent log, and the sender."""

    account: str
    store: Store
    sent_log: SentLog
    sender: Sender
    faults: Faults = field(default_factory=strict)  # where a parcel at which an unforeseen error was raised is noted
    on_its_way: timedelta = ON_ITS_WAY  # how long what is absent at the server may still arrive there

    def deliver(self, now: datetime) -> tuple[Outcome, ...]:
        """Try to send every parcel that is due, each once. Raises StoreError if an outcome could not be recorded."""
        due = self.store.parcels(self.account, Delivery.WAITING, due_by=now)
        outcomes = self.faults.each(due, lambda parcel: _deliver_parcel(parcel, self, now), _unsent)
        return tuple(outcome for outcome in outcomes if outcome is not None)

    def resolve_unsure(self, now: datetime) -> tuple[Outcome, ...]:
        """Find out what became of each parcel that a dead process was sending, or whose outcome is unknown. Raises StoreError."""
        unsure = self.store.parcels(self.account, Delivery.SENDING, Delivery.UNKNOWN)
        decisions = self.store.decisions(self.account, now) if unsure else ()
        outcomes = self.faults.each(unsure, lambda p: _resolve_parcel(p, self, _users_word(p, decisions), now), _unsettled)
        return tuple(outcome for outcome in outcomes if outcome is not None)


def _unsent(parcel: Parcel) -> str:
    return f"{parcel.kind.value} for {parcel.client or 'you'}: it waits, because it could not be sent"


def _unsettled(parcel: Parcel) -> str:
    return f"{parcel.kind.value} for {parcel.client or 'you'}: what became of it could not be found out"


def sent_log_reference(parcel: Parcel) -> str:
    """Return a parcel's reference in the sent log: its Message-ID, or its UID with the version of the event; a removal's has a mark."""
    if parcel.channel is Channel.CALENDAR:
        return f"{parcel.reference}#{invite_of(parcel).sequence}"
    return f"{parcel.reference}#removed" if parcel.channel is Channel.REMOVAL else parcel.reference


def _deliver_parcel(parcel: Parcel, outbox: Outbox, now: datetime) -> Outcome | None:
    """Try to send one parcel. Return None if another process took it."""
    if (settled := _settle_without_attempt(parcel, outbox, now)) is not None:
        return settled
    outbox.sent_log.check_writable()
    try:
        outbox.sender.connect(parcel)
    except ConnectorError as error:
        return _settle_unsent(outbox.store, parcel, error, now)
    except Exception as error:  # a bug in Kept; nothing was sent, and the other parcels go on
        log.exception("connecting failed unexpectedly", key=parcel.key)
        return _settle_unsent(outbox.store, parcel, ConnectorError(f"failed unexpectedly ({type(error).__name__})"), now)
    if _is_there(parcel, outbox):
        return _settle_sent(parcel, outbox, "found at the server", now)
    before = clock.since_boot()
    if not outbox.store.claim(parcel.key, now):
        return None
    outbox.store.confirm_leases()
    if clock.since_boot() - before > SEND_WITHIN:
        return _settle_unsent(outbox.store, parcel, ConnectorError("Kept stood still before it was sent"), now)
    return _send(replace(parcel, claimed=now), outbox, now)


def _settle_without_attempt(parcel: Parcel, outbox: Outbox, now: datetime) -> Outcome | None:
    """Settle a parcel that must not be sent: vetoed, sent before, or of no use any more. Return None for any other."""
    if _is_vetoed(parcel, outbox.store.decisions(outbox.account)):  # read for each: a veto counts until the moment of sending
        return _settle(outbox.store, parcel, Delivery.VETOED, now)
    if outbox.sent_log.contains(sent_log_reference(parcel)):
        return _settle_by_sent_log(parcel, outbox, now)
    reason = None
    if parcel.kind in NEWS and parcel.created is not None and now - parcel.created > OBSOLETE_AFTER:
        reason = "too old to be of use"
    elif parcel.kind in MEETINGS and invite_of(parcel).start <= now:
        reason = "its time has passed"
    if reason is None:
        return None
    return _settle(outbox.store, parcel, Delivery.REFUSED, now, error=f"{reason}: {parcel.error or 'it was never sent'}")


def _send(parcel: Parcel, outbox: Outbox, now: datetime) -> Outcome:
    """Make one attempt with a claimed parcel."""
    try:
        receipt = outbox.sender.send(parcel)
    except ConnectorError as error:
        return _settle_failure(outbox.store, parcel, error, now)
    except Exception as error:  # a bug in Kept: it may have been sent or not, and the other parcels go on
        log.exception("sending failed unexpectedly", key=parcel.key)
        return _settle_unknown(outbox.store, parcel, f"sending failed unexpectedly ({type(error).__name__})", now)
    return _settle_sent(parcel, outbox, receipt.reference, now)


def _is_there(parcel: Parcel, outbox: Outbox) -> bool:
    """Whether a draft is there already: a restored database may not know of it. (A booking looks by itself before it writes.)"""
    if parcel.channel is not Channel.DRAFT:
        return False
    try:
        return outbox.sender.was_sent(parcel) is True
    except ConnectorError:  # some folder cannot be searched, which must not keep the draft back for ever
        return False


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
    return _settle_unsent(store, parcel, error, now)


def _settle_unsent(store: Store, parcel: Parcel, error: ConnectorError, now: datetime) -> Outcome:
    """Record that a parcel was certainly not sent: it waits for its next attempt, or is refused for good."""
    if error.permanent and parcel.kind not in NEWS:  # a digest or reminder is tried until it is obsolete
        return _settle(store, parcel, Delivery.REFUSED, now, error=error.message)
    wait = error.retry_after or min(LONGEST_WAIT, FIRST_WAIT * 2 ** (10 if error.permanent else min(parcel.attempts, 10)))
    return _settle(store, parcel, Delivery.WAITING, now, error=error.message, not_before=now + wait)


def _users_word(parcel: Parcel, decisions: Sequence[Decision]) -> Verb | None:
    """Return what the user decided about a parcel after its latest attempt: it arrived (DONE), or send it again (RESEND)."""
    since = parcel.claimed or parcel.created
    verbs = [d.verb for d in sorted(decisions, key=lambda d: d.at) if d.target == parcel.key and (since is None or d.at > since)]
    return verbs[-1] if verbs and verbs[-1] in (Verb.DONE, Verb.RESEND) else None


def _resolve_parcel(parcel: Parcel, outbox: Outbox, word: Verb | None, now: datetime) -> Outcome | None:
    """Settle an unsure parcel as far as that is possible. Return None if it is not time to look for it again."""
    if word is Verb.DONE:
        return _settle_sent(parcel, outbox, "you said that it arrived", now)
    if word is Verb.RESEND:
        return _settle(outbox.store, parcel, Delivery.WAITING, now, not_before=now)
    if parcel.delivery is Delivery.UNKNOWN and parcel.not_before > now:
        return None
    if outbox.sent_log.contains(sent_log_reference(parcel)):
        return _settle_by_sent_log(parcel, outbox, now)
    try:
        was_sent = outbox.sender.was_sent(parcel)
    except ConnectorError as error:
        reason = f"it may have been sent, and Kept could not check: {error.message}"
        return _settle_unknown(outbox.store, parcel, reason, now)
    if was_sent:
        return _settle_sent(parcel, outbox, "found at the server", now)
    if was_sent is False and _may_arrive(parcel, outbox.on_its_way, now):
        return _settle_unknown(outbox.store, parcel, parcel.error or _NOT_YET, now)
    if was_sent is False:
        return _settle(outbox.store, parcel, Delivery.WAITING, now, not_before=now)
    known = None if parcel.error == _NOT_YET else parcel.error
    return _settle_unknown(outbox.store, parcel, known or _INTERRUPTED, now)


def _may_arrive(parcel: Parcel, on_its_way: timedelta, now: datetime) -> bool:
    """Whether a parcel that is not at its server may still be on its way there.

    A claim in the future is the word of a clock that was wrong: it holds for one look, as the next one comes minutes later.
    """
    age = now - (parcel.claimed or parcel.created or now)
    return age < on_its_way and not (age < timedelta(0) and parcel.delivery is Delivery.UNKNOWN)


def _settle_sent(parcel: Parcel, outbox: Outbox, receipt: str, now: datetime) -> Outcome:
    """Record a parcel as sent. The store records it even if the sent log cannot be written, for it did leave."""
    try:
        outbox.sent_log.write(sent_log_reference(parcel), parcel, outbox.store.mentions_of_parcel(parcel.key), now)
    finally:
        outcome = _settle(outbox.store, parcel, Delivery.SENT, now, receipt=receipt)
    if parcel.kind is ActionKind.DIGEST and parcel.created is not None:
        outbox.store.replace_unknown_news(parcel.account, parcel.created, now)
    return outcome


def _settle_unknown(store: Store, parcel: Parcel, reason: str, now: datetime) -> Outcome:
    """Record a parcel as unknown, and when to look for it next: ever less often."""
    age = now - (parcel.claimed or parcel.created or now)
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
    return Outcome(parcel.key, delivery, error, parcel.kind)
