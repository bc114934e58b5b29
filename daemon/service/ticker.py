"""A regular tick, and no business rules: what is due is computed from stored facts and keyed, so that a tick more says nothing twice.

It waits on the monotonic clock, which no change of the wall clock moves. (APScheduler, which ticked before, follows the wall clock:
after a step of three hours back it did nothing for three hours, and from 1970 to 2026 it counted every missed run one by one.)
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from daemon.logs import get_logger

log = get_logger(__name__)


class Ticker:
    """Calls `tick` in a thread of its own, never twice at once. `tick` returns after how many seconds it wants to be called again.

    `pause` is how long to wait after a tick that raised an error.
    """

    def __init__(self, tick: Callable[[], float], pause: float) -> None:
        self._tick, self._pause = tick, pause
        self._changed = threading.Condition()
        self._woken = self._stopped = False
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)

    def start(self) -> None:
        """Start; the first tick comes at once."""
        self._thread.start()

    def soon(self) -> None:
        """Tick at once, or right after the present tick: what is asked for while a tick runs is never lost."""
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def stop(self) -> None:
        """Stop ticking, without waiting for a running tick."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _run(self) -> None:
        while not self._stopped:
            began = time.monotonic()
            self._wait_until(began + self._tick_once())

    def _tick_once(self) -> float:
        try:
            return self._tick()
        except Exception:  # whatever it was, the next tick may do better
            log.exception("a tick failed")
            return self._pause

    def _wait_until(self, moment: float) -> None:
        """Wait for a moment of the monotonic clock, or until woken or stopped."""
        with self._changed:
            while not (self._woken or self._stopped) and (left := moment - time.monotonic()) > 0:
                self._changed.wait(left)
            self._woken = False
