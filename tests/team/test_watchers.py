"""Watching goes on whatever is wrong with one account, or with one look."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from office import DANA
from servers.processes import Postgres
from team_helpers import LEE, team_office

from connectors.base import Mailbox
from connectors.errors import ConnectorError
from daemon.app import App
from daemon.team import watchers
from daemon.team.watchers import Watchers

pytestmark = pytest.mark.server


@pytest.fixture
def app(postgres: Postgres, tmp_path: Path) -> Iterator[App]:
    with App.open(team_office(tmp_path, postgres.database("watchers")).config, {}, most_open=10) as app:
        yield app


@pytest.mark.parametrize("error", [KeyError(LEE), ConnectorError("The sign-in has run out."), RuntimeError("unforeseen")])
def test_an_account_that_cannot_be_watched_leaves_the_others_watched(
    app: App, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def mailboxes(address: str) -> Iterator[Mailbox]:
        if address == LEE:
            raise error
        yield from ()

    monkeypatch.setattr(App, "watchable", [LEE, DANA])
    monkeypatch.setattr(app, "watched_mailboxes", mailboxes)
    watching = Watchers(app)
    watching._fill_up(0)
    assert watching._watched == {DANA}
    watching.stop()


def test_a_look_that_fails_unforeseen_is_not_the_last(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = threading.Semaphore(0)

    def fail(_app: App) -> list[str]:
        looks.release()
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(watchers, "EVERY", 0.05)
    monkeypatch.setattr(App, "watchable", property(fail))
    watching = Watchers(app)
    watching.start()
    assert all(looks.acquire(timeout=5) for _ in range(3))
    watching.stop()
