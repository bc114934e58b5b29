"""Tell a turn that hangs from one that is long: by its steps, not by the process being alive."""

from __future__ import annotations

import time

LIMIT = 600.0  # seconds without a step after which a turn hangs: a server that answers at all ends every wait of ours sooner


class Progress:
    """The last step of a turn, on the monotonic clock. The turn's thread makes the steps, another asks for them."""

    def __init__(self, limit: float = LIMIT) -> None:
        self._limit, self._last = limit, time.monotonic()

    def step(self) -> None:
        """Note that something was done."""
        self._last = time.monotonic()

    @property
    def hangs(self) -> bool:
        """Whether nothing has been done for too long; between two turns neither, since a tick comes at least every half minute."""
        return time.monotonic() - self._last > self._limit
