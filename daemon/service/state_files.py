"""Write the files of the state directory that people may read: the status, and what the user's clicks taught."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from daemon import reading
from daemon.accounts.advisor import silent_since
from daemon.accounts.letters import sent_log_warnings
from daemon.app import App
from daemon.delivery.unsettled import named, unsettled
from daemon.errors import StoreError
from daemon.glossary.actions import Delivery, Parcel, Unsettled
from daemon.glossary.assessments import Coverage
from daemon.service import health, learned_bands

_QUEUED = (Delivery.WAITING, Delivery.SENDING, Delivery.UNKNOWN, Delivery.REFUSED)
_MOST_FAILURES = 20  # shown in the status


@dataclass(slots=True)
class StatusWriter:
    """Writes the status file, whatever happened: from the database as far as it answers, else from what it answered last.

    `last_success` is when every account's turn last succeeded, `last_failure` when one last failed.
    """

    app: App
    last_success: datetime | None = None
    last_failure: datetime | None = None
    _coverage: tuple[Coverage, ...] = ()
    _queue: Mapping[str, int] = field(default_factory=dict)
    _failures: tuple[str, ...] = ()
    _unsettled: tuple[dict[str, Any], ...] = ()
    _model: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        written = health.read_status(self.app.folder) or {}
        self.last_success = _moment(written.get("last_success"))
        self.last_failure = _moment(written.get("last_failure"))

    def write(self, now: datetime, *, running: bool, problems: Sequence[str] = (), ask: bool = True) -> None:
        """Write the status file that `kept status` reads. A database that fails is one more problem in it. Raises OSError.

        Unless `ask`, the database is not asked, but taken as it was.
        """
        zones = {address: ZoneInfo(runtime.account.hours.zone) for address, runtime in self.app.runtimes.items()}
        home = next(iter(zones.values()))
        more: dict[str, Any] = {
            "last_success": self.last_success.astimezone(home).isoformat() if self.last_success else None,
            "last_failure": self.last_failure.astimezone(home).isoformat() if self.last_failure else None,
            "reader": {"version": reading.version()},
        }
        unanswered = self._ask(zones, now) if ask else ()
        shown = tuple(dict.fromkeys((*problems, *unanswered, *self._failures)))
        health.write_status(
            self.app.folder,
            self._coverage,
            self._queue,
            shown,
            zones,
            now,
            running=running,
            unsettled=self._unsettled,
            more={**more, "model": self._model},
        )

    def _ask(self, zones: Mapping[str, ZoneInfo], now: datetime) -> tuple[str, ...]:
        """Ask the database what the status shows. If it does not answer, return why, and keep what was known."""
        store, runtimes = self.app.store, self.app.runtimes
        try:
            self._queue = {delivery.value: count for delivery, count in store.parcel_counts(*_QUEUED).items()}
            self._failures = tuple(_failure(p, zones) for p in store.failed_parcels(_MOST_FAILURES))
            unsure = ((u, zone) for address, zone in zones.items() for u in unsettled(store, address, zone, now))
            self._unsettled = tuple(_unsettled_document(u, zone) for u, zone in unsure)
            self._coverage = tuple(c for runtime in runtimes.values() for c in runtime.coverage())
            self._failures += tuple(line for runtime in runtimes.values() for line in sent_log_warnings(runtime))
            self._model = _model_document(self.app, zones, now)
        except StoreError as error:
            return (error.message,)
        return ()


def write_state_files(app: App, now: datetime, *, running: bool, problems: Sequence[str] = ()) -> None:
    """Write the status file once, and the file that shows what was learned. Raises StoreError and OSError."""
    StatusWriter(app).write(now, running=running, problems=problems)
    write_learned_bands(app, now)


def write_learned_bands(app: App, now: datetime) -> None:
    """Write the file that shows what the user's clicks taught. Raises StoreError and OSError."""
    taught = app.store.taught_by(
        [a.address for a in app.office.accounts]
    )  # of a team few: the decisions of the others need not be read
    decisions = [d for a in app.office.accounts if a.address in taught for d in app.store.decisions(a.address, now)]
    learned_bands.write(app.folder, app.office.accounts, decisions, now)


def _unsettled_document(u: Unsettled, zone: ZoneInfo) -> dict[str, Any]:
    """Return a send or booking whose fate is not known as JSON values."""
    commands = [f"kept done {u.id} if it arrived"] * u.settled_by_user + [f"kept resend {u.id} to send it again"] * u.may_resend
    advice = f" Then: {', or '.join(commands)}." if commands else ""
    since = u.since.astimezone(zone).isoformat()
    return {"id": u.id, "since": since, "account": u.account, "what": u.what, "next": f"{u.next}{advice}"}


def _failure(p: Parcel, zones: Mapping[str, ZoneInfo]) -> str:
    """Return what was not sent and why, in the user's words."""
    home = next(iter(zones.values()))
    return f"{named(p, zones.get(p.account, home))} was not sent: {p.error}"


def _model_document(app: App, zones: Mapping[str, ZoneInfo], now: datetime) -> dict[str, Any] | None:
    """Return the user's language model as JSON values; None where there is none. Raises StoreError."""
    advisor = next(iter(app.runtimes.values())).advisor
    if advisor is None:
        return None
    since = silent_since(app.store)
    asked = {address: app.store.model_requests(address, now.astimezone(zone).date()) for address, zone in zones.items()}
    return {
        "name": advisor.name,
        "host": advisor.model.host,
        "use": sorted(advisor.uses, reverse=True),
        "budget": advisor.budget,
        "asked_today": asked,
        "silent_since": since.astimezone(next(iter(zones.values()))).isoformat() if since else None,
        "error": advisor.trouble or None,
    }


def _moment(written: object) -> datetime | None:
    return datetime.fromisoformat(written) if isinstance(written, str) else None
