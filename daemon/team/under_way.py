"""The turns that the threads of a worker have under way, and which of them hang: a thread cannot be ended, so its turn is given up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from daemon.service.watchdog import Progress


@dataclass(slots=True)
class TurnUnderWay:
    """A turn of an account in a thread, begun at a moment. `release` has nobody wait for it any more, once it is given up."""

    account: str
    began: datetime
    release: Callable[[], None]
    progress: Progress = field(repr=False)
    given_up: bool = False


class UnderWay:
    """The turns under way, by the threads that take them. A turn hangs once it has made no step for `limit` seconds."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._turns: dict[int, TurnUnderWay] = {}

    @contextmanager
    def turn(self, account: str, now: datetime, release: Callable[[], None]) -> Iterator[None]:
        """Take a turn of an account in this thread."""
        thread = threading.get_ident()
        self._turns[thread] = TurnUnderWay(account, now, release, Progress(self._limit))
        try:
            yield
        finally:
            del self._turns[thread]

    def step(self) -> None:
        """Note that the turn in this thread did something, if there is one."""
        turn = self._turns.get(threading.get_ident())
        if turn is not None:
            turn.progress.step()

    @property
    def any(self) -> bool:
        """Whether a turn is under way."""
        return bool(self._turns)

    def hanging(self) -> tuple[TurnUnderWay, ...]:
        """Return the turns that hang, with those that were given up."""
        return tuple(turn for turn in list(self._turns.values()) if turn.progress.hangs)
