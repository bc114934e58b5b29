"""Health: whether Kept runs, how far each source was read, what waits to go out, what failed, and what nobody knows the fate of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template

from daemon.delivery.unsettled import named, unsettled
from daemon.glossary.actions import Delivery, Unsettled
from daemon.glossary.assessments import Coverage
from daemon.service import health as service_health
from daemon.web.viewing import Viewing, viewing

blueprint = Blueprint("health", __name__, url_prefix="/health")

_QUEUED = (Delivery.WAITING, Delivery.SENDING, Delivery.UNKNOWN, Delivery.REFUSED)
_MOST_FAILURES = 20


@dataclass(frozen=True, slots=True)
class Health:
    """How Kept is doing for one account. `worked` is when every account's turn last succeeded; None if that is not known."""

    running: bool
    late: bool
    worked: datetime | None
    sources: tuple[Coverage, ...]
    queue: Mapping[str, int]
    unsettled: tuple[Unsettled, ...]
    failures: tuple[str, ...]


@blueprint.get("")
def show() -> str:
    """Show the page."""
    with viewing() as view:
        return render_template("health.html", health=state(view))


def state(view: Viewing) -> Health:
    """Return how Kept is doing, for the account that looks. Raises StoreError."""
    store, address = view.app.store, view.account.address
    written = service_health.read_status(view.app.folder) or {}
    parcels = store.parcels(address, *_QUEUED)
    refused = [p for p in parcels if p.delivery is Delivery.REFUSED][-_MOST_FAILURES:]
    return Health(
        running=service_health.is_running(written.get("pid")),
        late=bool(written) and service_health.is_late(written, view.now),
        worked=_worked(written),
        sources=view.runtime.coverage(),
        queue=Counter(p.delivery.value for p in parcels),
        unsettled=unsettled(store, address, view.zone, view.now),
        failures=tuple(f"{named(p, view.zone)}: {p.error or ''}".rstrip(": ") for p in reversed(refused)),
    )


def _worked(written: Mapping[str, Any]) -> datetime | None:
    at = written.get("last_success") or (None if written.get("last_failure") else written.get("last_turn"))
    return datetime.fromisoformat(at) if isinstance(at, str) else None
