"""Write the files of the state directory that people may read: the status, and what the user's clicks taught."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from daemon.app import App
from daemon.delivery.unsettled import unsettled
from daemon.glossary.actions import Delivery, Unsettled
from daemon.service import health, learned_bands

_QUEUED = (Delivery.WAITING, Delivery.SENDING, Delivery.UNKNOWN, Delivery.REFUSED)
_MOST_FAILURES = 20  # shown in the status


def write_state_files(app: App, now: datetime, *, running: bool, problems: Sequence[str] = ()) -> None:
    """Write the status file that `kept status` reads, and the file that shows what was learned. Raises StoreError and OSError."""
    queue = {delivery.value: count for delivery, count in app.store.parcel_counts(*_QUEUED).items()}
    failures = tuple(f"{p.key}: {p.error}" for p in app.store.failed_parcels(_MOST_FAILURES))
    coverage = [c for runtime in app.runtimes.values() for c in runtime.coverage()]
    zones = {address: ZoneInfo(runtime.account.hours.zone) for address, runtime in app.runtimes.items()}
    unsure = [_unsettled_document(u, zone) for address, zone in zones.items() for u in unsettled(app.store, address, zone, now)]
    health.write_status(app.folder, coverage, queue, (*problems, *failures), zones, now, running=running, unsettled=unsure)
    write_learned_bands(app, now)


def write_learned_bands(app: App, now: datetime) -> None:
    """Write the file that shows what the user's clicks taught. Raises StoreError and OSError."""
    decisions = [d for address in app.runtimes for d in app.store.decisions(address, now)]
    learned_bands.write(app.folder, app.office.accounts, decisions, now)


def _unsettled_document(u: Unsettled, zone: ZoneInfo) -> dict[str, Any]:
    """Return a send or booking whose fate is not known as JSON values."""
    commands = [f"kept done {u.id} if it arrived"] * u.settled_by_user + [f"kept resend {u.id} to send it again"] * u.may_resend
    advice = f" Then: {', or '.join(commands)}." if commands else ""
    since = u.since.astimezone(zone).isoformat()
    return {"id": u.id, "since": since, "account": u.account, "what": u.what, "next": f"{u.next}{advice}"}
