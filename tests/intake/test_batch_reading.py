"""While one batch of mail is read the next one is fetched, and nothing that was fetched is lost for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from office import DANA, Office, asked_by_two, only
from week import at

from connectors.errors import ConnectorError
from connectors.local.maildir import Maildir
from connectors.mail import Batch
from daemon.app import App
from daemon.cycle import turn
from daemon.store import Store

BOTH = {"<acme@acme.example>", "<birch@birch.example>"}


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """An office whose two mails come in batches of one."""
    office: Office = asked_by_two(tmp_path)
    monkeypatch.setattr("connectors.local.maildir.BATCH", 1)
    with office.app() as app:
        app.begin(at(-1, 0))
        yield app


def test_what_was_fetched_before_the_mailbox_failed_is_stored(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Maildir.poll

    def poll(self: Maildir, cursor: str | None, since: datetime) -> Iterator[Batch]:
        yield from (replace(batch, complete=False) for batch in real(self, cursor, since))
        raise ConnectorError("the line is down")

    monkeypatch.setattr(Maildir, "poll", poll)
    turn(only(app), at(0, 7))
    assert app.store.message_ids(DANA) == BOTH
    assert [coverage.error for coverage in app.store.coverage(DANA) if not coverage.is_calendar] == ["the line is down"]


def test_a_batch_is_stored_before_the_one_that_was_fetched_meanwhile_is_looked_at(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[int] = []
    real = Store.texts

    def texts(self: Store, account: str, ids: set[str]) -> dict[str, str]:
        looked_up.append(len(self.message_ids(DANA)))
        return dict(real(self, account, ids))

    monkeypatch.setattr(Store, "texts", texts)
    turn(only(app), at(0, 7))
    assert looked_up == [0, 1]
