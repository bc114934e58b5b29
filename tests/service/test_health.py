"""Health and logs: what systemd hears, what `kept status` reads, and what never gets into a log."""

from __future__ import annotations

import errno
import io
import json
import logging
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from daemon import logs
from daemon.glossary.assessments import Coverage
from daemon.service import health

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(str(tmp_path / "notify"))
        channel.settimeout(5)
        yield channel


def test_the_manager_hears_every_step(manager: socket.socket) -> None:
    notifier = health.Notifier({"NOTIFY_SOCKET": manager.getsockname()})
    notifier.ready("reading")
    notifier.alive()
    notifier.reloading()
    notifier.stopping()
    heard = [manager.recv(4096).decode() for _ in range(4)]
    assert heard[0] == "READY=1\nSTATUS=reading"
    assert heard[1] == "WATCHDOG=1"
    assert heard[2].startswith("RELOADING=1\nMONOTONIC_USEC=")
    assert heard[3] == "STOPPING=1"


def test_words_of_a_server_cannot_speak_to_the_manager(manager: socket.socket) -> None:
    notifier = health.Notifier({"NOTIFY_SOCKET": manager.getsockname()})
    notifier.status("imap says no\nSTOPPING=1")
    notifier.ready("a\nMAINPID=1")
    assert manager.recv(4096) == b"STATUS=imap says no"
    assert manager.recv(4096) == b"READY=1\nSTATUS=a"


@pytest.mark.skipif(sys.platform != "linux", reason="abstract sockets are Linux's")
def test_an_abstract_socket_is_reached() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(f"\0kept-{os.getpid()}")
        channel.settimeout(5)
        health.Notifier({"NOTIFY_SOCKET": f"@kept-{os.getpid()}"}).alive()
        assert channel.recv(100) == b"WATCHDOG=1"


def test_a_manager_that_is_gone_disturbs_nothing(tmp_path: Path) -> None:
    health.Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).alive()
    health.Notifier({}).alive()


@pytest.mark.parametrize(("said", "interval"), [("4000000", 2.0), ("300000000", 10.0), ("", 10.0), ("soon", 10.0), ("0", 10.0)])
def test_signs_of_life_come_twice_as_often_as_the_watchdog_asks(said: str, interval: float) -> None:
    assert health.Notifier({"WATCHDOG_USEC": said}).interval == interval


def write(folder: Path, *, running: bool) -> None:
    coverage = [Coverage("dana@northwind.example", "mail imap.example", NOW, "refused", NOW)]
    health.write_status(folder, coverage, {"waiting": 2}, ["remind: refused"], {}, NOW, running=running)


def test_the_status_file_is_read_back_and_is_the_owners_alone(tmp_path: Path) -> None:
    write(tmp_path, running=True)
    assert stat.S_IMODE((tmp_path / health.FILE).stat().st_mode) == 0o600
    files = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
    assert files == {health.FILE: 0o600, f".{health.FILE}.reserve": 0o600}, "the second makes room on a full disk"
    found = health.read_status(tmp_path)
    assert found is not None
    assert found["pid"] == os.getpid()
    assert health.is_running(found["pid"])
    assert found["last_turn"] == NOW.isoformat()
    assert found["sources"][0]["error"] == "refused"
    assert found["queue"] == {"waiting": 2}
    assert found["failures"] == ["remind: refused"]


def test_a_daemon_that_ended_is_not_running(tmp_path: Path) -> None:
    write(tmp_path, running=False)
    found = health.read_status(tmp_path)
    assert found is not None
    assert not health.is_running(found["pid"])


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to tell one process from the next")
def test_another_process_with_the_same_number_is_not_taken_for_the_daemon(tmp_path: Path) -> None:
    write(tmp_path, running=True)
    document = json.loads((tmp_path / health.FILE).read_text())
    with subprocess.Popen(["sleep", "60"]) as other:
        (tmp_path / health.FILE).write_text(json.dumps({**document, "pid": other.pid}))
        found = health.read_status(tmp_path)
        other.kill()
    assert found is not None
    assert found["pid"] is None


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00"])
def test_a_broken_status_file_is_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / health.FILE).write_text(text)
    assert health.read_status(tmp_path) is None


@pytest.mark.parametrize("pid", [None, 0, -1, "1", 2**40])
def test_what_is_no_process_number_is_not_running(pid: object) -> None:
    assert not health.is_running(pid)


@pytest.fixture
def kept_logs(tmp_path: Path) -> Iterator[Path]:
    """The logs of a fresh process, and afterwards those of the tests again."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.set_up()
    logs.to_file(tmp_path)
    yield tmp_path / logs.FILE
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_no_secret_and_no_word_of_a_mail_gets_into_the_log(kept_logs: Path) -> None:
    logs.get_logger("t").warning(
        "read",
        new_text="hunter2",
        password_command="hunter2",
        tokens=["hunter2"],
        found={"body-html": "hunter2"},
        context="whole",
    )
    assert "hunter2" not in kept_logs.read_text()
    assert lines(kept_logs)[0]["context"] == "whole"


def test_an_exception_shows_where_but_not_the_words_it_stumbled_over(kept_logs: Path) -> None:
    try:
        try:
            int("hunter2")
        except ValueError as error:
            raise RuntimeError("hunter2") from error
    except RuntimeError:
        logs.get_logger("t").exception("reading failed")
        logging.getLogger("library").exception("reading failed")
    assert "hunter2" not in kept_logs.read_text().replace('int(\\"hunter2\\")', "").replace('RuntimeError(\\"hunter2\\")', "")
    for line in lines(kept_logs):
        assert "builtins.ValueError" in line["exception"]
        assert "builtins.RuntimeError" in line["exception"]
        assert "test_health.py" in line["exception"]


def test_the_words_of_the_system_stay(kept_logs: Path) -> None:
    try:
        Path("/nowhere/at/all").read_text()
    except OSError:
        logs.get_logger("t").exception("reading failed")
    assert "No such file or directory" in lines(kept_logs)[0]["exception"]


def test_every_log_file_is_the_owners_alone_also_after_it_was_full(kept_logs: Path) -> None:
    before = os.umask(0)
    try:
        for _ in range(12):
            logs.get_logger("t").info("x" * 100_000)
    finally:
        os.umask(before)
    found = sorted(kept_logs.parent.glob("kept.log*"))
    assert len(found) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in found} == {0o600}


def test_a_second_state_directory_takes_the_log_over(kept_logs: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    logs.to_file(tmp_path / "other")
    logs.to_file(tmp_path / "other")
    logs.get_logger("t").info("once")
    assert kept_logs.read_text() == ""
    assert len(lines(tmp_path / "other" / logs.FILE)) == 1


@pytest.mark.usefixtures("kept_logs")
def test_outside_a_terminal_the_daemon_logs_lines_of_json(monkeypatch: pytest.MonkeyPatch) -> None:
    aloud = io.StringIO()
    monkeypatch.setattr(sys, "stderr", aloud)
    logs.set_up(aloud=True)
    logs.get_logger("t").info("running", accounts=1)
    assert json.loads(aloud.getvalue())["accounts"] == 1


@pytest.mark.parametrize(("hours", "late"), [(0, False), (0.2, False), (1, True), (-1, True)])
def test_a_last_success_that_is_too_long_ago_or_ahead_is_late(tmp_path: Path, hours: float, late: bool) -> None:
    write(tmp_path, running=True)
    document = health.read_status(tmp_path)
    assert document is not None
    assert health.is_late(document, NOW + timedelta(hours=hours)) is late


def test_the_end_by_an_error_is_noted_unless_another_daemon_runs(tmp_path: Path) -> None:
    write(tmp_path, running=True)
    health.mark_ended(tmp_path, "Kept ended: the disk is full", NOW)
    found = health.read_status(tmp_path)
    assert found is not None
    assert (found["pid"], found["failures"][0]) == (None, "Kept ended: the disk is full")
    document = json.loads((tmp_path / health.FILE).read_text())
    with subprocess.Popen(["sleep", "60"]) as other:
        (tmp_path / health.FILE).write_text(json.dumps({**document, "pid": other.pid, "failures": []}))
        health.mark_ended(tmp_path, "Kept ended: another is running", NOW)
        other.kill()
    assert json.loads((tmp_path / health.FILE).read_text())["failures"] == []


def test_on_a_full_disk_the_status_is_written_into_the_room_kept_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, running=True)
    reserve = tmp_path / f".{health.FILE}.reserve"
    written = health._write_private

    def on_a_full_disk(file: Path, text: str) -> None:
        if reserve.exists() or file == reserve:
            raise OSError(errno.ENOSPC, "No space left on device")
        written(file, text)

    monkeypatch.setattr(health, "_write_private", on_a_full_disk)
    health.write_status(tmp_path, [], {}, ["the disk is full"], {}, NOW, running=True)
    found = health.read_status(tmp_path)
    assert found is not None
    assert found["failures"] == ["the disk is full"]


def test_a_log_that_cannot_be_opened_stops_nothing_and_is_opened_once_it_can_be(tmp_path: Path) -> None:
    """It may belong to another user, or lie on a disk that is full at the start."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        (tmp_path / logs.FILE).mkdir()
        logs.set_up()
        logs.to_file(tmp_path)
        logs.get_logger("t").info("nobody reads this")
        (tmp_path / logs.FILE).rmdir()
        logs.get_logger("t").info("somebody reads this")
        assert [line["event"] for line in lines(tmp_path / logs.FILE)] == ["somebody reads this"]
        assert stat.S_IMODE((tmp_path / logs.FILE).stat().st_mode) == 0o600
    finally:
        for handler in root.handlers:
            handler.close()
        root.handlers[:] = handlers
        root.setLevel(level)


@pytest.mark.usefixtures("kept_logs")
def test_in_a_terminal_the_daemon_logs_lines_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    aloud = io.StringIO()
    monkeypatch.setattr(aloud, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", aloud)
    logs.set_up(aloud=True)
    logs.get_logger("t").info("Kept is running", accounts=["dana@northwind.example"], error=None)
    logs.get_logger("t").warning("no answer", server="imap\x1b[2J")
    running, silent = aloud.getvalue().splitlines()
    assert running.endswith("  Kept is running (accounts dana@northwind.example)")
    assert silent.endswith("  Warning: no answer (server imap [2J)")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="without /proc no process is told")
def test_the_daemon_that_runs_here_is_told_to_read_its_configuration_again(tmp_path: Path) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGHUP, lambda number, _: heard.append(number))
    try:
        assert not health.wake(tmp_path), "none has run here"
        write(tmp_path, running=True)
        assert health.wake(tmp_path)
        assert heard == [signal.SIGHUP]
        write(tmp_path, running=False)
        assert not health.wake(tmp_path)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_process_that_is_not_proven_to_be_kept_gets_no_signal(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as other:
        for birth in ({}, {"birth": None}, {"birth": "another boot 1"}):
            document: dict[str, Any] = {"pid": other.pid, "last_turn": NOW.isoformat(), "sources": [], "queue": {}, **birth}
            (tmp_path / health.FILE).write_text(json.dumps(document))
            assert not health.wake(tmp_path)
        assert other.poll() is None
        other.kill()
