"""How each person of a team is doing: up to when their mail and calendar were read, what waits to go out, and what is wrong.

From the status that the daemon of this machine wrote at its last turn, and from the database. Where that is PostgreSQL the database
goes first, as machines share it; it hears of a source of which nothing is new only once in a while.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from daemon.config.account_settings import AccountSettings
from daemon.config.office import source_name
from daemon.config.settings import Settings
from daemon.glossary.actions import Delivery
from daemon.glossary.assessments import Coverage
from daemon.letters import phrases
from daemon.service import health
from daemon.store import Store
from daemon.store.engine import FILE

LATE_MINUTES = 60  # a source of which nothing is new is noted in the database once in a while only
_WAITS = (Delivery.WAITING, Delivery.SENDING, Delivery.UNKNOWN)
_Sources = Mapping[tuple[str, str], Coverage]


@dataclass(frozen=True, slots=True)
class PersonStatus:
    """One account: the moment up to which every source was read (None: not every one was), parcels on their way, problems in words."""

    account: str
    name: str
    zone: ZoneInfo
    read_until: datetime | None
    queue: Mapping[Delivery, int]
    problems: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """Return the entry of --json, with times in the account's zone."""
        return {
            "account": self.account,
            "name": self.name or None,
            "read_until": phrases.iso(self.read_until, self.zone),
            "queue": {delivery.value: self.queue.get(delivery, 0) for delivery in _WAITS},
            "problems": list(self.problems),
        }

    def row(self, now: datetime) -> tuple[str, str, str, str]:
        """Return the columns for a person."""
        read = f"read up to {phrases.moment(self.read_until, self.zone, now)}" if self.read_until else "not all read yet"
        waits = self.queue.get(Delivery.WAITING, 0) + self.queue.get(Delivery.SENDING, 0)
        return self.account, read, f"{waits} waiting" if waits else "", "; ".join(self.problems)

    def is_late(self, now: datetime) -> bool:
        """Return whether nothing says that every source was read within the hour."""
        return self.read_until is None or now - self.read_until > timedelta(minutes=LATE_MINUTES)


def people(settings: Settings) -> tuple[PersonStatus, ...]:
    """Return every account of the configuration, in its order. Raises StoreError where the database cannot be asked."""
    known, queues, turns = _known(settings)
    return tuple(_person(account, known, queues.get(account.addresses[0], {}), turns) for account in settings.accounts)


def _person(account: AccountSettings, known: _Sources, queue: Mapping[Delivery, int], turns: Mapping[str, str]) -> PersonStatus:
    address = account.addresses[0]
    sources = [known.get((address, source_name(source))) for source in (*account.mail, *account.calendars)]
    moments = [source.seen_until if source else None for source in sources]
    until = min((at for at in moments if at is not None), default=None) if None not in moments else None
    problems = tuple(_problems(sources, queue, turns.get(address)))
    return PersonStatus(address, account.name, ZoneInfo(account.time_zone), until, queue, problems)


def _problems(sources: list[Coverage | None], queue: Mapping[Delivery, int], turn: str | None) -> Iterator[str]:
    if turn is not None:
        yield turn
    for source in sources:
        if source is not None and source.error:
            yield f"{source.source}: {source.error}"
    if unknown := queue.get(Delivery.UNKNOWN, 0):
        yield f"{unknown} of which it is not known whether they went out"


def _known(settings: Settings) -> tuple[_Sources, Mapping[str, Mapping[Delivery, int]], Mapping[str, str]]:
    """Return how far each source was read, what each account has on its way, and whose last turn of a worker's failed, and why.

    There is nothing of it before the first turn.
    """
    written = {(c.account, c.source): c for c in _written(settings)}
    if settings.database is None and not (settings.state / FILE).exists():
        return written, {}, {}
    store = Store.open(settings.database or settings.state, read_only=True)
    try:
        stored = {(c.account, c.source): c for c in store.all_coverage()}
        queues, turns = store.parcel_counts_by_account(*_WAITS), store.turn_problems()
    finally:
        store.close()
    return (stored | written if settings.database is None else written | stored), queues, turns


def _written(settings: Settings) -> Iterator[Coverage]:
    """Yield the sources of the status file on this machine."""
    for one in (health.read_status(settings.state) or {"sources": ()})["sources"]:
        until = datetime.fromisoformat(one["seen_until"]) if one.get("seen_until") else None
        yield Coverage(one["account"], one["source"], until, error=one.get("error"))
