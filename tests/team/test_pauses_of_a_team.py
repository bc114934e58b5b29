"""What one worker found out about a source no other has to find out again: a wrong password is tried once, by whoever came first."""

from __future__ import annotations

import signal
from datetime import timedelta
from pathlib import Path

import pytest
from office import DANA, Office
from servers.processes import Dovecot, Postgres
from team_helpers import LEE, team_office, until, value, wait_for_turns, worker
from week import at

from connectors.errors import ConnectorError
from daemon.app import App
from daemon.intake.pauses import after_failure
from daemon.store.sources.pauses import Pause, Waits

pytestmark = pytest.mark.server
TRIED = "SELECT coalesce(max(failures), 0) FROM pauses WHERE account = 'dana@northwind.example' AND waits = 'reading'"


def refused_office(folder: Path, url: str, dovecot: Dovecot, user: str, state: str = "~/state") -> Office:
    """An office in which the password of Dana's mailbox is wrong."""
    office = team_office(folder, url, "1s", state)
    imap = f"{{type: imap, host: 127.0.0.1, port: {dovecot.port}, tls: none, username: {user}, password: not-this-one}}"
    office.config.write_text(office.config.read_text().replace("{type: maildir, path: Maildir}", imap))
    office.config.chmod(0o600)
    return office


def refusals(dovecot: Dovecot, user: str) -> int:
    """How often the server refused a user, by its own log."""
    log = (dovecot.folder / "dovecot.log").read_text(errors="replace")
    return sum(user in line and "auth failed" in line for line in log.splitlines())


@pytest.mark.slow
def test_three_workers_try_a_wrong_password_once_and_once_more_when_they_are_reloaded(
    dovecot: Dovecot, postgres: Postgres, tmp_path: Path
) -> None:
    url, user = postgres.database("refused"), "refused-by-all@example.test"
    office = refused_office(tmp_path, url, dovecot, user)
    with worker(office) as first, worker(office) as second, worker(office) as third:
        assert until(lambda: value(url, TRIED) == 1)
        assert wait_for_turns(url, 6)
        assert refusals(dovecot, user) == 1
        value(url, "UPDATE pauses SET since = since - 120000000")  # two minutes ago: a reload ends what began before it
        for process in (first, second, third):
            process.send_signal(signal.SIGHUP)
        assert until(lambda: refusals(dovecot, user) == 2)
        assert wait_for_turns(url, 6)
        assert refusals(dovecot, user) == 2


def test_a_worker_that_has_the_account_next_keeps_the_pause_and_says_what_only_a_person_can_mend(
    postgres: Postgres, tmp_path: Path
) -> None:
    office = team_office(tmp_path, postgres.database("kept"), state="state")
    with App.open(office.config, {}, most_open=10) as one, one.store.share():
        source = next(iter(one.runtimes[DANA].sources.mailboxes))
        pause = Pause(3, at(0, 7), at(0, 7, 15), stuck="the password is wrong")
        one.runtimes[DANA].sources.pauses.begin(one.runtimes[DANA].store, DANA, source, Waits.READING, pause)
        with App.open(office.config, {}, most_open=10) as two:
            other = two.runtimes[DANA]
            assert other.sources.pauses.last(other.store, DANA, source, Waits.READING) == pause
            assert other.stuck() == {source: "the password is wrong"}
            assert two.runtimes[LEE].stuck() == {}


def test_a_daemon_that_is_started_tries_again_but_waits_as_long_as_a_server_asked(tmp_path: Path) -> None:
    office = Office(tmp_path)
    with App.open(office.config, {}) as app:
        store, (source, other) = app.store, ("mail a", "mail b")
        store.pause(DANA, source, Waits.READING, Pause(1, at(0, 7), at(0, 8), stuck="the password is wrong"))
        store.pause(DANA, other, Waits.READING, Pause(1, at(0, 7), at(0, 8), by_server=True))
    with App.open(office.config, {}) as app, app.lock():
        app.begin(at(0, 7, 5))
        assert list(app.store.pauses(DANA)) == [(other, Waits.READING)]


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (ConnectorError("busy", retry_after=timedelta(minutes=3)), timedelta(minutes=3)),
        (ConnectorError("busy", retry_after=timedelta(days=400)), timedelta(days=1)),
        (ConnectorError("wrong", permanent=True), timedelta(minutes=15)),
        (ConnectorError("away"), timedelta(minutes=1)),
    ],
)
def test_a_source_waits_as_long_as_its_server_asks_within_a_day(error: ConnectorError, wait: timedelta) -> None:
    pause = after_failure(error, None, at(0, 7))
    assert pause.until - pause.since == wait
    assert pause.by_server == (error.retry_after is not None)
