"""A provider asks one account for rest: nothing of it leaves until the rest is over, and every other account goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from contracts.mailbox_contract import DAY, mail
from office import DANA, KIM, Office
from servers import graph_server, processes
from servers.fixed_grant import FixedGrant
from servers.graph_server import TOKEN, USER, Graph
from servers.web_server import Clock

from connectors.microsoft.calendar import GraphCalendar
from connectors.microsoft.mailbox import GraphMailbox, GraphTransport
from connectors.net.http import Access, BackOff
from daemon import cycle
from daemon.app import App


@pytest.fixture
def server() -> Iterator[Graph]:
    try:
        with graph_server.running() as server:
            yield server
            assert server.wrong == []
    except processes.Missing as missing:
        pytest.skip(str(missing))


CONFIG = f"""
accounts:
  - addresses: [{USER}]
    mail: [{{type: maildir, path: nothing}}]
  - addresses: [{DANA}]
    mail: [{{type: maildir, path: Maildir}}]
clients:
  - {{name: Acme Ltd, domains: [acme.example]}}
state: state
history: 400 days
"""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(tmp_path: Path, server: Graph, clock: Clock) -> Iterator[tuple[App, Office]]:
    """Alice at Microsoft 365, Dana with a Maildir, one daemon."""
    office = Office(tmp_path)
    office.config.write_text(CONFIG)
    access = Access(FixedGrant(USER, TOKEN), back_off=BackOff(clock))
    settings: dict[str, Any] = {"access": access, "endpoint": server.url}
    with office.app() as app:
        alice = app.runtimes[USER].sources
        alice.mailboxes = {"mail Microsoft 365": GraphMailbox(**settings)}
        alice.calendars = {"calendar Microsoft 365": GraphCalendar(**settings)}
        alice.transport = GraphTransport(**settings)
        yield app, office


def poll_all(app: App, now: datetime) -> None:
    for runtime in app.runtimes.values():
        cycle.poll_account(runtime, now)


@pytest.mark.parametrize("hint", [5, 60, 300])
def test_no_poll_of_the_account_leaves_in_its_window_and_the_other_is_read_each_time(
    kept: tuple[App, Office], server: Graph, clock: Clock, hint: int
) -> None:
    app, office = kept
    server.store().deliver(mail(1))
    server.trouble("429", "GET", Retry_After=str(hint))
    poll_all(app, DAY)
    asked = len(server.asked)
    assert asked == 1, "the calendar of the same user was left alone as well"
    for number, passed in enumerate((1, hint // 2, hint - 1)):
        clock.now = 1000 + passed
        office.mail(DAY + timedelta(minutes=number), KIM, DANA, "Can you send me the quote?", name=f"m{number}")
        poll_all(app, DAY + timedelta(seconds=passed))
        assert len(server.asked) == asked
        assert len(app.store.message_ids(DANA)) == number + 1
    coverage = next(c for c in app.store.coverage(USER) if c.source == "mail Microsoft 365")
    assert "is limiting requests" in (coverage.error or "")
    clock.now = 1000 + hint
    poll_all(app, DAY + timedelta(seconds=hint + 1))
    assert app.store.message_ids(USER) == {"<1@acme.example>"}
