"""The digest as of a moment, and sending today's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from daemon.accounts.letters import make_renderer, queue
from daemon.accounts.planning import gather_plan_inputs
from daemon.accounts.runtime import AccountRuntime
from daemon.app import App
from daemon.errors import CannotDo
from daemon.glossary.actions import ActionKind, Delivery, Parcel
from daemon.glossary.parties import Account
from daemon.letters import Letter
from daemon.operations.plans import coming
from daemon.planning.plan import plan, upcoming


def digests(app: App, now: datetime, *, linked: bool = True, everything: bool = False) -> Mapping[str, Letter]:
    """Return each account's digest as of `now`; unlinked for a terminal, where commands take the place of links."""
    ahead = [action for action in coming(app, now) if action.reaches_others]
    nonce = f"shown:{now.isoformat()}" if linked else None
    return {
        address: make_renderer(runtime, runtime.ledger.assessments(now), now).digest(
            [a for a in ahead if a.account == address], nonce=nonce, everything=everything
        )
        for address, runtime in app.runtimes.items()
    }


def send_digests(app: App, now: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Send each account's digest of today if it is due. Return what is well, and what could not be sent, a line an account each.

    Raises StoreError if a daemon is running.
    """
    results = []
    with app.lock():
        app.begin(now)
        for address, runtime in app.runtimes.items():
            try:
                results.append((f"{address}: {_send(runtime, now)}", ""))
            except CannotDo as error:  # the other accounts have theirs
                results.append(("", str(error)))
    return tuple(line for line, _ in results if line), tuple(line for _, line in results if line)


def _send(runtime: AccountRuntime, now: datetime) -> str:
    """Send one account's digest with all that it announces; return what became of it. Raises CannotDo if it was not sent."""
    runtime.outbox.resolve_unsure(now)
    assessments = runtime.ledger.assessments(now)
    inputs = gather_plan_inputs(runtime, assessments, now)
    planned = plan(inputs)
    actions = [action for action in planned if action.kind is ActionKind.DIGEST or action.reaches_others]
    if any(action.kind is ActionKind.DIGEST for action in actions):
        queue(runtime, assessments, actions, now)
    _do_not_wait(runtime, inputs.today, now)
    outcomes = runtime.outbox.deliver(now)
    parcel = runtime.store.digest_of(runtime.account.address, inputs.today)
    if parcel is None and any(f"digest:{runtime.account.address}:{inputs.today}" in key for key in inputs.past.actions):
        return "nothing was sent; today's digest has already gone out"
    if parcel is None:
        coming = next(action for action in upcoming(inputs) if action.kind is ActionKind.DIGEST)
        return f"nothing was sent; no digest is due now, and the next one comes {coming.at:%A %d %B at %H:%M}"
    if parcel.delivery is Delivery.SENT:
        tried = parcel.claimed == now and any(outcome.key == parcel.key for outcome in outcomes)
        return "sent" if tried else "nothing was sent; today's digest has already gone out"
    raise CannotDo(_why_not(parcel, runtime.account))


def _do_not_wait(runtime: AccountRuntime, today: date, now: datetime) -> None:
    """Have a digest that waits for its next attempt sent now: who asks for it may have mended what was in the way."""
    digest = runtime.store.digest_of(runtime.account.address, today)
    if digest is not None and digest.delivery is Delivery.WAITING and digest.not_before > now:
        runtime.store.set_delivery(digest.key, Delivery.WAITING, now, not_before=now)


def _why_not(digest: Parcel, account: Account) -> str:
    """Return why a digest has not been sent, and what happens next."""
    reason = (digest.error or "the reason is not known").rstrip(".")
    if digest.delivery in (Delivery.UNKNOWN, Delivery.SENDING, Delivery.REPLACED):
        return f"Whether the digest for {account.address} was sent is not known: {reason}. The next digest repeats what it said."
    if digest.delivery is Delivery.WAITING:
        again = digest.not_before.astimezone(ZoneInfo(account.hours.zone))
        return f"The digest for {account.address} could not be sent: {reason}. Kept will try again from {again:%H:%M} on."
    return f"The digest for {account.address} was not sent: {reason}. The next digest says what is open then."
