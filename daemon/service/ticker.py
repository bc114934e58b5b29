"""Schedule the turns: a regular tick, and no business rules.

APScheduler 3 ticks about twice a minute, coalesced, with unlimited grace for a late tick, so that there is one tick after a suspend or
a change of the clock. What is due is computed from stored facts and keyed, so the schedule can never cause anything to be sent twice.
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
        """Start; the first tick comes at once."""
        self._scheduler.start()

    def soon(self) -> None:
        """Tick as soon as the present tick is over."""
        self._scheduler.modify_job(_TICK, next_run_time=clock.now())

    def stop(self) -> None:
        """Stop ticking, without waiting for a running tick."""
        self._scheduler.shutdown(wait=False)
