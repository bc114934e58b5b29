"""Assess the accounts of those who are signed in before they ask: after a start, a new configuration, and each midnight.

Of a large mailbox that takes seconds, which a page would have to wait for. A page that comes meanwhile waits only a moment, and then says so.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

from daemon.errors import StoreError
from daemon.logs import get_logger
from daemon.web import sessions
from daemon.web.office import WebOffice

log = get_logger(__name__)

EVERY = 60.0  # seconds between looks
MOST = 20  # accounts, whoever was seen last first: of a large team not everybody


class Warming:
    """A thread that keeps the assessments of an office present, one account after the other."""

    def __init__(self, office: WebOffice) -> None:
        self._office = office
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="warming", daemon=True)

    def start(self) -> None:
        """Begin with the first account."""
        self._thread.start()

    def stop(self, patience: float) -> None:
        """Stop after the client that is being assessed; wait for that so many seconds."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(patience)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._office.follow()
                for address in self._wanted():
                    self._office.warm(address, self._stopping.is_set)
            except StoreError as error:
                log.warning("nothing could be assessed ahead of the pages", error=error.message)
            except Exception:
                log.exception("nothing could be assessed ahead of the pages")
            self._stopping.wait(EVERY)

    def _wanted(self) -> Iterator[str]:
        """Yield who is signed in, whoever was seen last first; an only account always, as somebody will sign in to it."""
        runtimes, now = self._office.app.runtimes, self._office.now()
        seen = self._office.app.store.signed_in(now - sessions.IDLE, MOST)
        for address in runtimes if len(runtimes) == 1 else seen:
            if address in runtimes and not self._stopping.is_set():
                yield address
