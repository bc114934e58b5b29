"""A gate through which turns pass, and which can be closed for what must happen while none runs, such as a new configuration."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Gate:
    """Counts who is inside. Whoever closes it waits until all have left, and keeps others waiting meanwhile. All in one event loop."""

    def __init__(self) -> None:
        self._open, self._empty = asyncio.Event(), asyncio.Event()
        self._open.set()
        self._empty.set()
        self._inside = 0

    @property
    def busy(self) -> bool:
        """Whether anybody is inside."""
        return self._inside > 0

    async def enter(self) -> None:
        """Go inside, once the gate is open."""
        while not self._open.is_set():
            await self._open.wait()
        self._inside += 1
        self._empty.clear()

    def leave(self) -> None:
        """Go outside."""
        self._inside -= 1
        if not self._inside:
            self._empty.set()

    @asynccontextmanager
    async def closed(self) -> AsyncIterator[None]:
        """Be alone: nobody is inside, and nobody comes in."""
        self._open.clear()
        try:
            await self._empty.wait()
            yield
        finally:
            self._open.set()
