"""The daemon as a process: it starts, says so, reads its configuration again, and stops when it is told to."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from office import DANA, KIM, Office

from daemon import clock

KEPT = [sys.executable, "-c", "from daemon.commands.main import main; main()"]
PATIENCE = 30.0
FULL = "CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def kept(office: Office, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*KEPT, *words, "--config", str(office.config)], capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def status(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(kept(office, "status", "--json").stdout)
    return found


def until(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False


@contextmanager
def running(office: Office, **environ: str) -> Iterator[subprocess.Popen[str]]:
    daemon = subprocess.Popen(
        [*KEPT, "run", "--config", str(office.config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environ},
    )
    try:
        assert until(lambda: daemon.poll() is not None or (office.folder / "state" / "status.json").exists())
        yield daemon
    finally:
        daemon.kill()
        daemon.communicate()


def test_it_runs_says_so_and_stops_sooner_than_it_started(office: Office) -> None:
    """Two seconds are promised, and on a machine with nothing else to do it starts in one."""
    started = time.monotonic()
    with running(office) as daemon:
        starting = time.monotonic() - started
        assert status(office)["running"] is True
        stopped = time.monotonic()
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=PATIENCE) == 0
        assert time.monotonic() - stopped < max(starting, 1)
    assert status(office)["running"] is False


def test_a_second_daemon_on_the_same_state_says_so_and_leaves(office: Office) -> None:
    with running(office):
        second = kept(office, "run")
    assert second.returncode == 1
    assert "already running" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_wrong_configuration_is_refused_at_a_reload_and_the_old_one_stays(office: Office) -> None:
    with running(office) as daemon:
        right = office.config.read_text()
        office.config.write_text(right + "clientss: []\n")
        daemon.send_signal(signal.SIGHUP)
        problems = office.folder / "state" / "status.json"
        assert until(lambda: "clientss" in problems.read_text())
        assert daemon.poll() is None
        office.config.write_text(right)
        daemon.send_signal(signal.SIGHUP)
        assert until(lambda: "clientss" not in problems.read_text())


def test_a_person_who_joins_the_team_is_read_without_a_restart(office: Office) -> None:
    for part in ("cur", "new", "tmp"):
        (office.folder / "mail" / "eve" / part).mkdir(parents=True)
    team = 'include: [accounts.d/*.yaml]\nteam: {domain: northwind.example, defaults: {mail: [{type: maildir, path: "mail/{user}"}]}}\n'
    office.config.write_text(office.config.read_text() + team)
    with running(office) as daemon:
        assert "goes by it from now on" in kept(office, "team", "add", "eve").stdout
        assert until(lambda: "eve@northwind.example" in {s["account"] for s in status(office)["sources"]})
        assert "goes by it from now on" in kept(office, "team", "remove", "eve").stdout
        assert until(lambda: {s["account"] for s in status(office)["sources"]} == {DANA})
        assert daemon.poll() is None


def test_a_wrong_configuration_ends_it_with_two_and_names_file_line_and_key(office: Office) -> None:
    office.config.write_text(office.config.read_text() + "clientss: []\n")
    found = kept(office, "run")
    assert found.returncode == 2
    assert f"{office.config}:" in found.stderr
    assert "did you mean clients?" in found.stderr


def test_it_tells_systemd_that_it_is_ready_alive_and_stopping(office: Office, tmp_path: Path) -> None:
    place = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(str(place))
        channel.settimeout(PATIENCE)
        with running(office, NOTIFY_SOCKET=str(place), WATCHDOG_USEC="1000000") as daemon:
            said: list[str] = []
            while not any(line.startswith("WATCHDOG=1") for line in said):
                said.append(channel.recv(4096).decode())
            daemon.send_signal(signal.SIGTERM)
            while not any(line.startswith("STOPPING=1") for line in said):
                said.append(channel.recv(4096).decode())
    assert any(line.startswith("READY=1") for line in said)


def test_news_is_picked_up_by_polling(office: Office) -> None:
    office.config.write_text(office.config.read_text() + "poll: 1s\n")
    with running(office):
        office.mail(datetime.now(UTC) - timedelta(minutes=1), KIM, DANA, "Can you send me the revised quote?")  # noqa: TID251  # a real daemon has a real clock
        assert until(lambda: "revised quote" in kept(office, "due", "--json").stdout)


def test_its_log_and_state_are_for_its_owner_alone(office: Office) -> None:
    with running(office):
        state = office.folder / "state"
        assert state.stat().st_mode & 0o077 == 0
        assert [p.name for p in state.iterdir() if p.stat().st_mode & 0o077] == []


def test_a_reload_that_names_another_place_for_the_state_is_refused_as_a_whole(office: Office) -> None:
    with running(office) as daemon:
        right = office.config.read_text()
        office.config.write_text(right.replace("state: state", "state: elsewhere").replace("Acme Ltd", "Acme Limited"))
        daemon.send_signal(signal.SIGHUP)
        problems = office.folder / "state" / "status.json"
        assert until(lambda: "needs a restart" in problems.read_text())
        assert not (office.folder / "elsewhere").exists()
        assert daemon.poll() is None


def test_the_status_of_a_daemon_that_was_killed_says_so(office: Office) -> None:
    with running(office) as daemon:
        assert until(lambda: bool(status(office).get("last_success")))
        daemon.kill()
        daemon.wait(timeout=PATIENCE)
        assert "it ended without being stopped" in kept(office, "status").stdout


def test_a_database_that_cannot_be_used_shows_in_the_status_with_what_was_known_last(office: Office) -> None:
    office.config.write_text(office.config.read_text() + "poll: 1s\n")
    with running(office):
        assert until(lambda: bool(status(office).get("last_success")) and all(s["seen_until"] for s in status(office)["sources"]))
        database = office.folder / "state" / "kept.db"
        for file in office.folder.glob("state/kept.db*"):
            file.unlink()
        database.mkdir()
        assert until(lambda: bool(status(office)["last_failure"]))
        found = status(office)
        assert found["failures"]
        assert found["sources"]
        assert found["last_success"] < found["last_failure"]


def test_a_poll_that_failed_is_not_hidden_by_the_turns_after_it_and_is_tried_again_at_once(office: Office) -> None:
    """Between two polls nothing is written: those turns succeed, on a full disk too."""
    office.config.write_text(office.config.read_text() + "poll: 4s\n")
    with running(office):
        assert until(lambda: bool(status(office).get("last_success")))
        lock = sqlite3.connect(office.folder / "state" / "kept.db", isolation_level=None)
        lock.execute(FULL)
        office.mail(clock.now(), KIM, DANA, "Can you call me today?", name="late")
        assert until(lambda: bool(status(office)["last_failure"]))
        failed = status(office)
        time.sleep(12)
        found = status(office)
        assert found["failures"]
        assert found["last_success"] == failed["last_success"]
        lock.execute("DROP TRIGGER full")
        lock.close()
        assert until(lambda: not status(office)["failures"])


def test_a_reload_while_the_database_is_away_is_made_up_for(office: Office) -> None:
    office.config.write_text(office.config.read_text() + "poll: 1s\n")
    with running(office) as daemon:
        assert until(lambda: bool(status(office).get("last_success")))
        database = office.folder / "state" / "kept.db"
        database.rename(database.with_suffix(".away"))
        assert until(lambda: bool(status(office)["last_failure"]))
        office.config.write_text(office.config.read_text().replace("Maildir", "Mail"))
        (office.folder / "Maildir").rename(office.folder / "Mail")
        daemon.send_signal(signal.SIGHUP)
        assert until(lambda: any("new configuration is not read yet" in line for line in status(office)["failures"]))
        database.with_suffix(".away").rename(database)
        assert until(
            lambda: not status(office)["failures"] and any(s["source"].endswith("Mail") for s in status(office)["sources"])
        )


def test_the_status_of_a_daemon_that_cannot_start_says_why(office: Office) -> None:
    (office.folder / "state" / "kept.db").mkdir(parents=True)
    found = kept(office, "run")
    assert found.returncode == 1
    assert status(office)["running"] is False
    assert any("Kept ended" in line for line in status(office)["failures"])
    assert kept(office, "status").stdout.startswith("Kept is not running; it has not worked yet.")
