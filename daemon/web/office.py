"""The office as the web server has it: one App, that goes by changes of others, and one account at a time for each request.

Beside a daemon it is a second reader of the same state, as `kept done` is: it holds no lock and makes no turns.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Self

from daemon import clock
from daemon.accounts.runtime import AccountRuntime
from daemon.app import App
from daemon.errors import CannotDo, ConfigError
from daemon.logs import get_logger
from daemon.web.background import Background
from daemon.web.results import Results

log = get_logger(__name__)

THREADS = 8  # requests that are answered at the same time
MOST_OPEN = 60  # accounts whose assessments are kept
LOOK = 1.0  # seconds between looks at what other processes changed
PATIENCE = 2.0  # seconds that a page waits for an account that is being read for the first time
_ENDING = 3.0  # seconds that work in the background has to end when the office closes


class BeingRead(CannotDo):
    """An account is being assessed for the first time; the page is there in a moment."""


class WebOffice:
    """The accounts of one configuration, each lent to one request at a time. A context manager: leaving it closes the store.

    `now` returns the moment as of which everything is shown. `problem` says why a new configuration is not in force; None: it is.
    """

    def __init__(self, app: App, now: Callable[[], datetime] = clock.now) -> None:
        self._app, self.now = app, now
        self.background = Background()
        self.problem: str | None = None
        self._locks: dict[str, threading.RLock] = {}
        self._results: dict[str, Results] = {}
        self._warming: str | None = None
        self._changing = threading.Lock()
        self._looked = clock.since_boot()

    @classmethod
    def open(cls, config: Path | None, environ: Mapping[str, str], now: Callable[[], datetime] = clock.now) -> Self:
        """Open the configuration and its state. Raises ConfigError and StoreError."""
        return cls(App.open(config, environ, most_open=MOST_OPEN, connections=THREADS + 2), now)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End what is done in the background, and close every session and the store."""
        self.background.end(_ENDING)
        self._app.close()

    @property
    def is_as_of_another_day(self) -> bool:
        """Whether everything is shown as of a clock of its own, as the sample is: no daemon works in such an office."""
        return self.now is not clock.now

    @property
    def app(self) -> App:
        """The whole office. Whose words of mail may be shown to whom, `daemon.core.access.may_see` says."""
        return self._app

    def follow(self, *, at_once: bool = False) -> None:
        """Go by what other processes changed, at most once in LOOK seconds unless `at_once`. Raises StoreError."""
        with self._changing:
            now = clock.since_boot()
            if not at_once and now - self._looked < LOOK:
                return
            self._looked = now
            try:
                if self._app.follow():
                    self.problem = None
            except ConfigError as error:
                self.problem = str(error)
                log.warning("the new configuration is not valid; the old one stays in force", problems=str(error))

    @contextmanager
    def at_work(self, address: str, *, waits: bool = True) -> Iterator[tuple[App, AccountRuntime]]:
        """Lend an account, in an App in which no other one is at work. Raises KeyError for one that is not configured.

        Unless it `waits`, raises BeingRead after PATIENCE for one that is being made warm.
        """
        lock = self._lock(address)
        if not lock.acquire(timeout=-1 if waits or self._warming != address else PATIENCE):
            raise BeingRead(address)
        try:
            with self._app.runtimes.at_work(address) as runtime:
                if runtime is None:
                    raise AssertionError(f"{address} is lent twice")  # its lock is held
                yield self._app.of_account(address), runtime
        finally:
            lock.release()

    def results(self, runtime: AccountRuntime) -> Results:
        """Return what is kept of an account that has been lent; nothing is, once it was put away or goes by another configuration."""
        with self._changing:
            found = self._results.get(runtime.account.address)
            if found is None or found.runtime is not runtime:
                opened = {id(one) for one in self._app.runtimes.opened}
                self._results = {address: kept for address, kept in self._results.items() if id(kept.runtime) in opened}
                found = self._results[runtime.account.address] = Results(runtime)
            return found

    def warm(self, address: str, stopping: Callable[[], bool]) -> None:
        """Have an account's assessments ready, unless asked to stop between two clients. Raises StoreError."""
        with self.at_work(address) as (_, runtime):
            self._warming = address
            try:
                for _entry in runtime.ledger.refreshed(self.now()):
                    if stopping():
                        return
            finally:
                self._warming = None

    def _lock(self, address: str) -> threading.RLock:
        with self._changing:
            return self._locks.setdefault(address, threading.RLock())
