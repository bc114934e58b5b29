"""The ticker loses no wake-up, survives any error, and does not follow the wall clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine

from daemon.service import watchdog
from daemon.service.ticker import Ticker

PATIENCE = 20.0


class Ticks:
    """Counts ticks; each waits for its leave."""

    def __init__(self, wait: float, error: Exception | None = None) -> None:
        self.count, self.begun, self.leave = 0, threading.Semaphore(0), threading.Semaphore(0)
        self._wait, self._error = wait, error

    def __call__(self) -> float:
        self.count += 1
        self.begun.release()
        self.leave.acquire(timeout=PATIENCE)
        if self._error:
            raise self._error
        return self._wait


def ticking(tick: Callable[[], float], pause: float = 600.0) -> Ticker:
    ticker = Ticker(tick, pause)
    ticker.start()
    return ticker


def test_a_wake_up_during_a_tick_leads_to_another_one_right_after() -> None:
    ticks = Ticks(600)
    ticker = ticking(ticks)
    assert ticks.begun.acquire(timeout=PATIENCE)
    ticker.soon()
    ticker.soon()
    ticks.leave.release(2)
    assert ticks.begun.acquire(timeout=PATIENCE), "the wake-up was lost"
    assert not ticks.begun.acquire(timeout=0.3), "two wake-ups during one tick are one"
    ticker.stop()


def test_a_wake_up_before_the_start_is_not_lost_either() -> None:
    ticks = Ticks(600)
    ticker = Ticker(ticks, 600)
    ticker.soon()
    ticks.leave.release(2)
    ticker.start()
    assert ticks.begun.acquire(timeout=PATIENCE)
    assert ticks.begun.acquire(timeout=PATIENCE)
    ticker.stop()


def test_a_tick_that_raises_does_not_end_the_ticker() -> None:
    ticks = Ticks(600, ValueError("of a tick"))
    ticks.leave.release(10)
    ticker = ticking(ticks, pause=0.05)
    assert all(ticks.begun.acquire(timeout=PATIENCE) for _ in range(3))
    ticker.stop()


def test_it_waits_as_long_as_the_tick_says() -> None:
    ticks = Ticks(0.2)
    ticks.leave.release(100)
    began = time.monotonic()
    ticker = ticking(ticks)
    assert all(ticks.begun.acquire(timeout=PATIENCE) for _ in range(4))
    ticker.stop()
    assert time.monotonic() - began >= 0.6


@pytest.mark.parametrize("moment", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2038, 1, 20, tzinfo=UTC)])
def test_a_change_of_the_wall_clock_moves_no_tick(moment: datetime) -> None:
    ticks = Ticks(0.3)
    ticks.leave.release(100)
    ticker = ticking(ticks)
    assert ticks.begun.acquire(timeout=PATIENCE)
    with time_machine.travel(moment, tick=True):
        before = ticks.count
        assert ticks.begun.acquire(timeout=PATIENCE), "no tick came after the step"
        assert ticks.count <= before + 2, "a burst came after the step"
    ticker.stop()


def test_a_turn_without_steps_hangs_and_one_with_steps_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("daemon.service.watchdog.time.monotonic", lambda: now)
    progress = watchdog.Progress()
    now += watchdog.LIMIT - 1
    assert not progress.hangs
    progress.step()
    now += watchdog.LIMIT - 1
    assert not progress.hangs
    now += 2
    assert progress.hangs
