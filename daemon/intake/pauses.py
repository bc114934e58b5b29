"""How long a source is left alone after a failure: kept by whoever polls next, so that workers do not try a wrong password one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.errors import ConnectorError
from daemon.store import Store
from daemon.store.sources.pauses import Pause, Waits

FIRST_PAUSE, MAX_PAUSE = timedelta(minutes=1), timedelta(minutes=15)  # of a source that failed
MAX_PAUSE_BY_SERVER = timedelta(days=1)  # the longest wait that is kept because a server asks for it: it outlives a restart


@dataclass(slots=True)
class Pauses:
    """The pauses of one account's sources as the store has them, which is asked for them once. Methods raise StoreError."""

    _known: dict[tuple[str, Waits], Pause] | None = None

    def last(self, store: Store, account: str, source: str, waits: Waits) -> Pause | None:
        """Return the last pause of a source, which may be over; None since it was read successfully."""
        return self._all(store, account).get((source, waits))

    def begin(self, store: Store, account: str, source: str, waits: Waits, pause: Pause) -> None:
        """Begin a pause of a source."""
        known = self._all(store, account)
        store.pause(account, source, waits, pause)
        known[source, waits] = pause

    def end(self, store: Store, account: str, source: str, waits: Waits) -> None:
        """Count no failure of a source any more."""
        if self._all(store, account).pop((source, waits), None) is not None:
            store.end_pause(account, source, waits)

    def stuck(self, store: Store, account: str) -> Mapping[str, str]:
        """Return source -> its failure in words, of those that only a person can mend."""
        return {source: pause.stuck for (source, _), pause in self._all(store, account).items() if pause.stuck}

    def forget(self) -> None:
        """Forget what the store said: another process may have changed it."""
        self._known = None

    def _all(self, store: Store, account: str) -> dict[tuple[str, Waits], Pause]:
        if self._known is None:
            self._known = dict(store.pauses(account))
        return self._known


def after_failure(error: ConnectorError, before: Pause | None, now: datetime) -> Pause:
    """Return the pause after a failure that follows an earlier one, or a success (None): longer with each failure in a row."""
    failures = before.failures if before else 0
    wait = MAX_PAUSE if error.permanent else min(MAX_PAUSE, FIRST_PAUSE * 2 ** min(failures, 10))
    if error.retry_after is not None:
        wait = min(MAX_PAUSE_BY_SERVER, error.retry_after)
    stuck = error.message if error.permanent else before.stuck if before else None
    begun_again = before is not None and before.begun_again
    return Pause(failures + 1, now, now + wait, by_server=error.retry_after is not None, stuck=stuck, begun_again=begun_again)
