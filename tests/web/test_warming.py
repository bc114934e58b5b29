"""What is owed is known before somebody asks for a page, and a page that comes too early says so instead of hanging."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from web_pages import DANA, Place, Visitor, dashboard

from daemon import sample
from daemon.ledger import Ledger
from daemon.web import office as web_office
from daemon.web import sessions

pytest_plugins = ("web_fixtures",)
WAIT = 30.0  # seconds, for a thread on a busy machine


class Watch:
    """Watches a ledger assess its clients, and holds it up where it is asked to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.may_go_on = threading.Event(), threading.Event()
        self.may_go_on.set()
        self.clients: list[str] = []
        compute = Ledger._compute

        def watched(ledger: Ledger, client: Any, *more: Any) -> Any:
            self.clients.append(client.name)
            self.begun.set()
            assert self.may_go_on.wait(WAIT)
            return compute(ledger, client, *more)

        monkeypatch.setattr(Ledger, "_compute", watched)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


@contextmanager
def warming(visitor: Visitor, watch: Watch) -> Iterator[None]:
    """Have the account read in a thread, which waits at its first client until this ends."""
    watch.may_go_on.clear()
    thread = threading.Thread(target=visitor.office.warm, args=(DANA, lambda: False))
    thread.start()
    assert watch.begun.wait(WAIT)
    try:
        yield
    finally:
        watch.may_go_on.set()
        thread.join(WAIT)


def test_the_server_reads_an_only_account_before_anybody_asks(place: Place, watch: Watch) -> None:
    with dashboard(place.config):
        assert watch.begun.wait(WAIT)


def test_a_page_after_that_assesses_nobody_again(dana: Visitor, watch: Watch) -> None:
    dana.office.warm(DANA, lambda: False)
    known = len(watch.clients)
    assert known > 1
    assert dana.get("/clients").status_code == 200
    assert len(watch.clients) == known


def test_reading_ends_between_two_clients_when_the_server_stops(dana: Visitor, watch: Watch) -> None:
    dana.office.warm(DANA, lambda: True)
    assert len(watch.clients) == 1


def test_a_page_that_comes_meanwhile_says_so_and_comes_again_by_itself(
    dana: Visitor, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_office, "PATIENCE", 0.01)
    with warming(dana, watch):
        early = dana.get("/clients")
    assert early.status_code == 503
    assert "Kept is reading what is stored" in early.text
    assert early.headers["Refresh"] == "2"
    assert dana.get("/clients").status_code == 200


def test_of_a_team_only_who_was_seen_of_late_is_read_ahead_the_last_first(dana: Visitor) -> None:
    store, now = dana.office.app.store, sample.NOW
    for place, hours in enumerate((30, 3, 1)):
        account = f"{place}@northwind.example"
        store.add_web_session(f"hash {place}", account, now - timedelta(hours=hours), now - sessions.ABSOLUTE)
    since = now - sessions.IDLE
    assert store.signed_in(since, 20) == (DANA, "2@northwind.example", "1@northwind.example")
    assert store.signed_in(since, 1) == (DANA,)
