"""When to turn: a tick, and nothing else. No business rule lives here.

APScheduler 3 ticks about twice a minute, coalesced, with unlimited grace for a late tick: after a suspend or a clock step
there is one tick, and what is due is computed from stored facts and keyed, so the scheduler can never send twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from apscheduler.schedulers.background import BackgroundScheduler

from daemon import clock

_TICK = "tick"


class Schedule:
    """Calls `tick` every `seconds`, never twice at once, and sooner when asked."""

    def __init__(self, tick: Callable[[], None], seconds: float) -> None:
        self._scheduler = BackgroundScheduler(timezone=UTC, daemon=True)
        self._scheduler.add_job(
            tick,
            "interval",
            seconds=seconds,
            id=_TICK,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=clock.now(),
        )

    def start(self) -> None:
        """Begin; the first tick comes at once."""
        self._scheduler.start()

    def soon(self) -> None:
        """Tick as soon as the present tick is over: something new may be there."""
        self._scheduler.modify_job(_TICK, next_run_time=clock.now())

    def stop(self) -> None:
        """No further tick; a running one is not waited for."""
        self._scheduler.shutdown(wait=False)
