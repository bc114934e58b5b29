"""Work beside the requests that ends with the office: no thread uses its store or its folder after it is closed."""

from __future__ import annotations

import threading
from collections.abc import Callable

from daemon import clock


class Background:
    """Threads that were started for an office. `ending` is set once it closes; long work looks at it."""

    def __init__(self) -> None:
        self.ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self._changing = threading.Lock()

    def start(self, name: str, work: Callable[[], object]) -> None:
        """Do some work in a thread of its own."""
        thread = threading.Thread(target=work, name=name, daemon=True)
        with self._changing:
            self._threads = [t for t in self._threads if t.is_alive()]
            thread.start()
            self._threads.append(thread)

    def end(self, patience: float) -> None:
        """Ask everything to end, and wait for it, at most so many seconds in all."""
        self.ending.set()
        latest = clock.since_boot() + patience
        with self._changing:
            threads = tuple(self._threads)
        for thread in threads:
            thread.join(max(0.0, latest - clock.since_boot()))
