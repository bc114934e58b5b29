"""Trials in the background: one for each account, few at once, each in a thread that ends with the office.

A trial may take seconds of a whole processor; it never runs twice for the same account, and a new one takes the place of one that ended.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from daemon.errors import CannotDo, ConfigError, StoreError
from daemon.logs import get_logger
from daemon.operations.trial import TrialResult, TrialSettings
from daemon.web.background import Background

log = get_logger(__name__)

AT_ONCE = 2  # trials that run at the same time; further ones wait

Run = Callable[[TrialSettings, Callable[[datetime], None]], TrialResult]
"""Runs a trial, calling its second argument with each moment that is lived through."""


class Stopped(Exception):  # noqa: N818  # an answer rather than a fault
    """The user, or the end of the server, stopped the trial."""


@dataclass(slots=True)
class Trial:
    """One trial: how far it is, and what came of it. `problem` says why nothing did."""

    settings: TrialSettings
    reached: datetime
    result: TrialResult | None = None
    problem: CannotDo | ConfigError | None = None
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self.result is None and self.problem is None

    @property
    def share(self) -> float:
        """How much of its period is done, from 0 to 1."""
        whole = (self.settings.end - self.settings.start).total_seconds() or 1.0
        return min(1.0, max(0.0, (self.reached - self.settings.start).total_seconds() / whole))


class Trials:
    """The latest trial of each account."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._of: dict[str, Trial] = {}
        self._changing = threading.Lock()
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def of(self, account: str) -> Trial | None:
        """Return an account's trial, if it has one."""
        with self._changing:
            return self._of.get(account)

    def begin(self, account: str, settings: TrialSettings, run: Run) -> Trial:
        """Begin a trial, unless one of the account runs: then return that one."""
        with self._changing:
            present = self._of.get(account)
            if present is not None and present.runs:
                return present
            trial = self._of[account] = Trial(settings, settings.start)
        self._background.start("trial", partial(self._run, trial, run))
        return trial

    def stop(self, account: str) -> None:
        """Stop an account's trial at its next moment, and forget it."""
        with self._changing:
            trial = self._of.pop(account, None)
        if trial is not None:
            trial.stopping.set()

    def _run(self, trial: Trial, run: Run) -> None:
        def step(moment: datetime) -> None:
            trial.reached = moment
            if trial.stopping.is_set() or self._background.ending.is_set():
                raise Stopped

        try:
            with self._places:
                trial.result = run(trial.settings, step)
        except Stopped:
            trial.problem = CannotDo("")
        except (CannotDo, ConfigError) as error:
            trial.problem = error
        except StoreError as error:
            trial.problem = CannotDo(error.message)
        except Exception:
            log.exception("a trial failed unexpectedly")
            trial.problem = CannotDo("The trial failed. Nothing was sent; details are in kept.log in the state folder.")
