"""Workers as processes: they turn every account, stand in for each other, and nothing is said twice whatever happens to one of them."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient
from office import KIM, Office
from paths import TESTS
from servers.ports import free_port
from servers.processes import Dovecot, Postgres
from team_helpers import KEPT, LEE, PATIENCE, ask, nobody_let_in, team_office, turns_of, until, value, wait_for_turns, worker

from daemon import clock
from daemon.service import watching
from daemon.store.engine import ACCOUNTS

pytestmark = [pytest.mark.server, pytest.mark.slow]
READ = "SELECT count(*) FROM sources WHERE account = 'dana@northwind.example' AND source LIKE 'mail %' AND coverage LIKE '%seen_until%'"
WATCHED = f"SELECT count(*) FROM pg_locks WHERE classid = {ACCOUNTS + 2}"  # noqa: S608  # how many accounts workers have claimed to watch
MESSAGES, PARCELS = "SELECT count(*) FROM messages", "SELECT count(*) FROM parcels WHERE delivery = 'sent'"


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.database("team")


@pytest.fixture
def office(url: str, tmp_path: Path) -> Office:
    return team_office(tmp_path, url, state="~/state")


def test_two_workers_turn_every_account_again_and_again_and_stop_when_they_are_told_to(office: Office, url: str) -> None:
    office.mail(clock.now(), KIM, "dana@northwind.example", "Can you send me the revised quote?")
    with worker(office) as first, worker(office) as second:
        assert until(lambda: value(url, MESSAGES) == 1)
        assert wait_for_turns(url, 3)
        assert wait_for_turns(url, 3, LEE)
        for process in (first, second):
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0


def test_when_a_worker_is_killed_another_has_its_accounts_within_seconds(office: Office, url: str) -> None:
    with worker(office) as first, worker(office):
        assert wait_for_turns(url, 2)
        first.kill()
        assert wait_for_turns(url, 3)
        assert wait_for_turns(url, 3, LEE)


def test_a_worker_that_stands_still_is_stood_in_for_and_goes_on_when_it_is_let_go(office: Office, url: str) -> None:
    with worker(office) as first, worker(office) as second:
        assert wait_for_turns(url, 2)
        first.send_signal(signal.SIGSTOP)
        assert wait_for_turns(url, 3)
        assert wait_for_turns(url, 3, LEE)
        first.send_signal(signal.SIGCONT)
        second.send_signal(signal.SIGTERM)
        assert second.wait(PATIENCE) == 0
        assert wait_for_turns(url, 3)
        assert first.poll() is None


def test_a_worker_whose_sessions_were_cut_goes_on_by_itself(office: Office, url: str) -> None:
    with worker(office) as only:
        assert wait_for_turns(url, 2)
        value(
            url,
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = 'team'",
        )
        assert wait_for_turns(url, 3)
        assert only.poll() is None


def test_accounts_come_and_go_with_the_configuration(office: Office, url: str) -> None:
    whole = office.config.read_text()
    head, _, rest = whole.partition("  - name: Lee")
    office.config.write_text(f"{head}clients:{rest.partition('clients:')[2]}")
    with worker(office) as only:
        assert wait_for_turns(url, 2)
        assert turns_of(url, LEE) == 0
        office.config.write_text("not: valid")
        only.send_signal(signal.SIGHUP)
        assert wait_for_turns(url, 3)
        office.config.write_text(whole)
        only.send_signal(signal.SIGHUP)
        assert wait_for_turns(url, 2, LEE)


def test_a_reminder_leaves_once_however_many_workers_are_killed_meanwhile(office: Office, url: str) -> None:
    always = office.config.read_text().replace(
        'days: mon-fri, start: "09:00", end: "17:30"', 'days: mon-sun, start: "00:00", end: "23:59"'
    )
    office.config.write_text(always.replace("{reply: 2h,", "{reply: 2h, since: 2026-01-01,"))
    office.mail(clock.now() - timedelta(hours=5), KIM, "dana@northwind.example", "Can you send me the revised quote?")
    for _ in range(3):
        with worker(office):
            wait_for_turns(url)
    with worker(office):
        assert until(lambda: value(url, PARCELS) > 0)
        assert wait_for_turns(url, 3)
    references = [message.message_id for message in office.sent()]
    assert len(references) == len(set(references)) > 0


def test_a_worker_without_the_packages_of_a_team_says_what_to_install(office: Office) -> None:
    said = _said(office, PYTHONPATH=str(TESTS / "without_team"))
    assert said == "`kept worker` needs more packages (procrastinate is missing): pip install 'kept[team]'"


def test_a_worker_without_a_server_says_that_it_needs_one(tmp_path: Path) -> None:
    assert "`kept worker` needs a PostgreSQL database" in _said(Office(tmp_path))


def test_a_worker_counts_its_turns_and_says_that_it_is_well(office: Office, url: str) -> None:
    port = serve_metrics(office)
    with worker(office):
        assert wait_for_turns(url, 2)
        assert until(lambda: 'kept_turns_total{result="done"}' in ask(port, "/metrics")[1])
        assert "kept_accounts 2.0" in ask(port, "/metrics")[1]
        assert ask(port, "/health") == (200, "well\n")


def test_a_worker_whose_database_is_away_is_not_well_until_it_is_back(office: Office, url: str) -> None:
    port = serve_metrics(office)
    with worker(office):
        assert wait_for_turns(url)
        with nobody_let_in(url):
            assert until(lambda: ask(port, "/health") == (503, "the database does not answer\n"))
            assert "kept_database_up 0.0" in ask(port, "/metrics")[1]
        assert until(lambda: ask(port, "/health")[0] == 200)
        assert wait_for_turns(url)


def serve_metrics(office: Office) -> int:
    """Have the workers of an office serve their figures. Return the port of the first."""
    port = free_port()
    office.config.write_text(office.config.read_text() + f"metrics: {{listen: 127.0.0.1:{port}}}\n")
    return port


def test_a_worker_refuses_a_state_folder_that_another_uses(office: Office, url: str, tmp_path: Path) -> None:
    with worker(office) as first:
        assert wait_for_turns(url)
        said = _said(office, HOME=str(tmp_path / "home-1"))
    assert f"Another worker (process {first.pid}) uses the state folder {tmp_path}/home-1/state." in said
    assert "Each worker needs one of its own" in said


def test_a_daemon_refuses_beside_a_worker(office: Office, url: str, tmp_path: Path) -> None:
    own = {**os.environ, "HOME": str(tmp_path / "home-of-the-daemon")}
    with worker(office):
        assert wait_for_turns(url)
        command = [*KEPT, "run", "--config", str(office.config)]
        daemon = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False, env=own)
    assert daemon.returncode == 1
    assert "Workers (`kept worker`) are at work" in daemon.stderr


def _said(office: Office, **environ: str) -> str:
    command = [*KEPT, "worker", "--config", str(office.config)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, check=False, env={**environ, "PATH": "/usr/bin"}
    )
    assert done.returncode == 1
    return done.stderr.strip().splitlines()[-1]


def test_mail_that_a_server_announces_is_read_at_once(dovecot: Dovecot, url: str, tmp_path: Path) -> None:
    office = team_office(tmp_path, url, "1h", "~/state")
    text = office.config.read_text()
    imap = f"{{type: imap, host: 127.0.0.1, port: {dovecot.port}, tls: none, username: announced@example.test, password: {dovecot.password}}}"
    office.config.write_text(text.replace("{type: maildir, path: Maildir}", imap))
    office.config.chmod(0o600)
    with worker(office):
        assert until(lambda: value(url, READ) == 1)
        assert until(lambda: value(url, WATCHED) > 0)
        threading.Event().wait(watching.LOOK + 2)  # until it listens
        append(dovecot, "announced@example.test")
        assert until(lambda: value(url, MESSAGES) == 1)


def append(dovecot: Dovecot, user: str) -> None:
    """Deliver a client's mail to a user of the server."""
    with IMAPClient("127.0.0.1", dovecot.port, ssl=False) as client:
        client.login(user, dovecot.password)
        client.append(
            "INBOX", f"From: {KIM}\r\nTo: dana@northwind.example\r\nMessage-ID: <new@acme.example>\r\n\r\nAny news?\r\n".encode()
        )
