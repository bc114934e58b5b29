"""A trial: how often Kept would have spoken in a past period, with settings that are not in the configuration yet. Nothing is sent.

A trial works on the stored history with a store of its own, so that it neither waits for the daemon nor changes what a page shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from daemon.accounts.runtime import AccountRuntime
from daemon.app import App
from daemon.errors import CannotDo
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.charter import Allowance
from daemon.glossary.parties import Client
from daemon.service import replay as simulation

LONGEST = timedelta(days=186)  # what a person looks at, and what takes seconds rather than minutes


@dataclass(frozen=True, slots=True)
class TrialSettings:
    """What is tried: a period, and preferences that may differ from the configuration's.

    `digest_at` is in the account's time. `reply` is the time to answer for clients with whom none of their own was agreed; None leaves
    the house charter's.
    """

    start: datetime
    end: datetime
    digest_at: time
    interruptions: int
    reply: Allowance | None = None


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What would have been said and booked: every action in order, how many of each kind, and how many reminders on each day."""

    settings: TrialSettings
    actions: tuple[Action, ...]
    kinds: Mapping[ActionKind, int]
    days: Mapping[date, int]

    @property
    def weeks(self) -> float:
        """How many weeks the period has, at least a seventh."""
        return max((self.settings.end - self.settings.start) / timedelta(weeks=1), 1 / 7)


def run(path: Path, address: str, settings: TrialSettings, step: Callable[[datetime], None]) -> TrialResult:
    """Live an account's past period again, calling `step` with each moment of it; what that raises ends the trial.

    Raises CannotDo for a period that is empty or too long, ConfigError and StoreError.
    """
    if settings.end <= settings.start:
        raise CannotDo("The period must end after it begins.")
    if settings.end - settings.start > LONGEST:
        raise CannotDo("The period is too long; choose at most half a year.")
    with App.open(path, {}, read_only=True, most_open=1) as app:
        app.view_as_of(settings.start)
        runtime = _with(app.runtimes[address], settings)
        return _result(settings, simulation.replay([runtime], settings.start, settings.end, step), runtime)


def _with(runtime: AccountRuntime, settings: TrialSettings) -> AccountRuntime:
    """Return the account as the settings have it."""
    common = runtime.config.common
    policy = replace(common.policy, digest_at=settings.digest_at, interruptions=settings.interruptions)
    office = common.office
    if settings.reply is not None:
        clients = tuple(_with_reply(c, settings.reply, runtime) for c in office.clients)
        office = replace(office, clients=clients)
    return replace(runtime, config=replace(runtime.config, common=replace(common, policy=policy, office=office)))


def _with_reply(client: Client, reply: Allowance, runtime: AccountRuntime) -> Client:
    """Return a client whose time to answer is another, unless a time of their own was agreed."""
    house = next((c.charter for c in runtime.config.office.clients if not c.amendments), client.charter)
    if client.amendments or client.charter.standards.get("reply") != house.standards.get("reply"):
        return client
    return replace(client, charter=replace(client.charter, standards={**client.charter.standards, "reply": reply}))


def _result(settings: TrialSettings, actions: tuple[Action, ...], runtime: AccountRuntime) -> TrialResult:
    zone = ZoneInfo(runtime.account.hours.zone)
    reminders = Counter(a.at.astimezone(zone).date() for a in actions if a.kind is ActionKind.REMIND)
    return TrialResult(settings, actions, Counter(a.kind for a in actions), reminders)
