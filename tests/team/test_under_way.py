"""Which turns of a worker hang: those whose thread has done nothing for too long, and no other."""

from __future__ import annotations

import threading
from collections.abc import Callable

from week import at

from daemon.team.under_way import UnderWay

LIMIT = 0.3  # seconds
NOTHING: Callable[[], None] = lambda: None  # noqa: E731  # of a turn that nobody gives up


def hanging(turns: UnderWay) -> list[str]:
    return sorted(turn.account for turn in turns.hanging())


def test_a_turn_that_does_nothing_hangs_and_one_that_goes_on_does_not() -> None:
    turns, over = UnderWay(LIMIT), threading.Event()

    def step_until_over() -> None:
        with turns.turn("busy", at(0, 7), NOTHING):
            while not over.wait(LIMIT / 20):
                turns.step()

    def wait_until_over() -> None:
        with turns.turn("stuck", at(0, 7), NOTHING):
            over.wait()

    threads = [threading.Thread(target=target) for target in (step_until_over, wait_until_over)]
    for thread in threads:
        thread.start()
    assert not over.wait(3 * LIMIT)
    assert hanging(turns) == ["stuck"]
    over.set()
    for thread in threads:
        thread.join()
    assert not turns.any


def test_a_step_outside_of_a_turn_is_nobodys() -> None:
    turns = UnderWay(LIMIT)
    turns.step()
    assert not turns.any
    assert hanging(turns) == []
