"""Trials in the background: never two of one account, few at once, and each can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest

from daemon.errors import CannotDo
from daemon.operations.trial import TrialResult, TrialSettings
from daemon.web.background import Background
from daemon.web.trials import AT_ONCE, Trial, Trials

START = datetime(2026, 3, 2, tzinfo=UTC)
SETTINGS = TrialSettings(START, START + timedelta(days=10), time(7, 30), 5)
PATIENCE = 10.0  # seconds


class Slow:
    """A trial that stands still at its middle until it may go on."""

    def __init__(self) -> None:
        self.goes_on, self.stands, self.times = threading.Event(), threading.Event(), 0

    def __call__(self, settings: TrialSettings, step: Callable[[datetime], None]) -> TrialResult:
        self.times += 1
        step(START + timedelta(days=5))
        self.stands.set()
        self.goes_on.wait(PATIENCE)
        step(settings.end)
        return TrialResult(settings, (), {}, {})


def ended(trial: Trial) -> None:
    waits = threading.Event()
    for _ in range(int(PATIENCE * 100)):
        if not trial.runs:
            return
        waits.wait(0.01)
    raise AssertionError("the trial does not end")


def test_an_account_has_one_trial_at_a_time() -> None:
    trials, slow = Trials(Background()), Slow()
    first = trials.begin("dana", SETTINGS, slow)
    assert slow.stands.wait(PATIENCE)
    assert trials.begin("dana", SETTINGS, slow) is first
    assert first.share == pytest.approx(0.5)
    slow.goes_on.set()
    ended(first)
    assert (slow.times, first.result is not None) == (1, True)


def test_a_new_trial_takes_the_place_of_one_that_ended() -> None:
    trials, slow = Trials(Background()), Slow()
    slow.goes_on.set()
    first = trials.begin("dana", SETTINGS, slow)
    ended(first)
    assert trials.begin("dana", SETTINGS, slow) is not first


def test_a_stopped_trial_ends_at_its_next_moment_and_is_forgotten() -> None:
    trials, slow = Trials(Background()), Slow()
    trial = trials.begin("dana", SETTINGS, slow)
    assert slow.stands.wait(PATIENCE)
    trials.stop("dana")
    slow.goes_on.set()
    ended(trial)
    assert (trial.result, trials.of("dana")) == (None, None)


def test_a_trial_ends_with_the_office() -> None:
    background, slow = Background(), Slow()
    trial = Trials(background).begin("dana", SETTINGS, slow)
    assert slow.stands.wait(PATIENCE)
    background.ending.set()
    slow.goes_on.set()
    background.end(PATIENCE)
    assert (trial.runs, trial.result) == (False, None)


def test_more_trials_than_may_run_at_once_wait() -> None:
    trials, slow = Trials(Background()), [Slow() for _ in range(AT_ONCE + 1)]
    for n, one in enumerate(slow):
        trials.begin(f"account{n}", SETTINGS, one)
    for one in slow[:AT_ONCE]:
        assert one.stands.wait(PATIENCE)
    assert not slow[AT_ONCE].stands.is_set()
    for one in slow:
        one.goes_on.set()
    assert slow[AT_ONCE].stands.wait(PATIENCE)


@pytest.mark.parametrize(("error", "says"), [(CannotDo("Too long."), "Too long."), (ZeroDivisionError(), "The trial failed.")])
def test_what_goes_wrong_is_said_in_a_sentence(error: Exception, says: str) -> None:
    def fails(_settings: TrialSettings, _step: Callable[[datetime], None]) -> TrialResult:
        raise error

    trial = Trials(Background()).begin("dana", SETTINGS, fails)
    ended(trial)
    assert str(trial.problem).startswith(says)
