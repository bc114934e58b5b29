"""A gate through which turns pass, and which can be closed for what must happen while none runs, such as a clock that is believed again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Gate:
    """Counts who is inside. Whoever closes it waits until all have left, and keeps others waiting meanwhile. All in one event loop."""

    def __init__(self) -> None:
        self._open, self._empty = asyncio.Event(), asyncio.Event()
        self._open.set()
        self._empty.set()
        self._inside: set[object] = set()

    async def enter(self) -> Callable[[], None]:
        """Go inside, once the gate is open. Return what goes outside again; a second call of that does nothing."""
        while not self._open.is_set():
            await self._open.wait()
        visitor = object()
        self._inside.add(visitor)
        self._empty.clear()
        return lambda: self._leave(visitor)

    def _leave(self, visitor: object) -> None:
        self._inside.discard(visitor)
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
