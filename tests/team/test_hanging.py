"""A server that accepts and never answers, and a thread that is stuck: neither holds up the others, a new configuration, or a worker."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from office import DANA, Office
from servers.processes import Postgres
from team_helpers import KEPT, LEE, PATIENCE, team_office, turns_of, until, value, wait_for_turns, worker

pytestmark = [pytest.mark.server, pytest.mark.slow]
# A worker whose turns hang sooner than after ten minutes; with a turn of Dana's that never ends, as of a file system that is gone.
_SOON = "from daemon.team import worker; worker.HANGS_AFTER = 3.0; "
_STUCK = (
    "import threading; from daemon.team import turns; whole = turns.turn; stuck = threading.Event(); "
    "turns.turn = lambda r, *a, **k: stuck.wait() if r.account.address == 'dana@northwind.example' else whole(r, *a, **k); "
)
_MAIN = "from daemon.commands.main import main; main()"
UNDER_WAY = "SELECT count(*) FROM kept_engine.procrastinate_jobs WHERE lock = 'dana@northwind.example' AND status = 'doing'"
GIVEN_UP = "SELECT count(*) FROM turns WHERE account = 'dana@northwind.example' AND problem LIKE '%hung%'"


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.database("hanging")


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    held.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1]
        for connection in held:
            connection.close()


@pytest.fixture
def office(url: str, tmp_path: Path, silent: int) -> Office:
    """An office in which the server of Dana's mailbox never answers."""
    office = team_office(tmp_path, url, "1s", "~/state")
    imap = f"{{type: imap, host: 127.0.0.1, port: {silent}, tls: none, username: dana, password: secret}}"
    office.config.write_text(office.config.read_text().replace("{type: maildir, path: Maildir}", imap))
    office.config.chmod(0o600)
    return office


@contextmanager
def worker_with(office: Office, patches: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of its own home, in whose process something is otherwise; killed at the end of the block."""
    home = office.folder / "home-of-another"
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-c", patches + _MAIN, "worker", "--config", str(office.config), *words]
    with (office.folder / "worker.log").open("a") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "HOME": str(home)})
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def said(office: Office, *words: str) -> str:
    """What a command says."""
    command = [*KEPT, *words, "--config", str(office.config)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    return done.stdout


def test_a_new_configuration_does_not_wait_for_a_turn_that_waits_for_a_silent_server(office: Office, url: str) -> None:
    whole = office.config.read_text()
    head, _, rest = whole.partition("  - name: Lee")
    office.config.write_text(f"{head}clients:{rest.partition('clients:')[2]}")
    with worker(office) as only:
        assert until(lambda: turns_of(url) == 1)
        office.config.write_text(whole)
        only.send_signal(signal.SIGHUP)
        assert until(lambda: turns_of(url, LEE) > 0)
        assert turns_of(url) == 1


def test_the_mailbox_of_a_silent_server_is_a_line_of_the_status_and_a_pause(office: Office, url: str) -> None:
    with worker(office):
        assert until(lambda: value(url, "SELECT count(*) FROM pauses WHERE account = 'dana@northwind.example'") == 1)
        assert wait_for_turns(url, 2)
        assert "did not answer" in said(office, "team", "status")


def test_a_turn_that_hangs_is_given_up_and_said_and_the_worker_goes_on(office: Office, url: str) -> None:
    with worker_with(office, _SOON + _STUCK) as only:
        assert until(lambda: value(url, GIVEN_UP) == 1)
        assert until(lambda: value(url, UNDER_WAY) == 0)
        assert wait_for_turns(url, 3, LEE)
        assert "the last turn hung: it did nothing for" in said(office, "team", "status")
        assert only.poll() is None


def test_a_thread_that_comes_back_after_its_turn_was_given_up_changes_nothing(office: Office, url: str) -> None:
    with worker_with(office, _SOON):
        assert until(lambda: value(url, GIVEN_UP) == 1)
        assert until(lambda: "a turn was lost" in (office.folder / "worker.log").read_text())
        assert value(url, "SELECT count(*) FROM sources WHERE account = 'dana@northwind.example' AND coverage IS NOT NULL") == 0
        assert value(url, GIVEN_UP) == 1


def test_a_worker_all_of_whose_turns_hang_ends_to_be_started_again(office: Office, url: str) -> None:
    with worker_with(office, _SOON + _STUCK, "--concurrency", "1") as only:
        assert only.wait(PATIENCE) == 1
        assert value(url, GIVEN_UP) == 1
    assert "too many turns hang" in (office.folder / "worker.log").read_text()


def test_the_status_names_the_workers_of_a_team(office: Office, url: str) -> None:
    with worker(office) as first, worker(office) as second:
        assert wait_for_turns(url, 2, LEE)
        text = said(office, "status")
        assert text.startswith("2 workers at work.")
        assert all(f"process {process.pid} on " in text for process in (first, second))
        assert "last turn today" in text
    assert DANA not in text
