"""A disk or a database that keeps failing is one line of the log, not one for each turn, and no traceback for each line."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon import logs
from daemon.errors import StoreError


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    logs.set_up()
    logs.to_file(tmp_path)
    logs._store_failures.clear()
    yield tmp_path
    logs.set_up()


def fail(*messages: str) -> None:
    for message in messages:
        try:
            _write(message)
        except StoreError:
            logs.get_logger("a turn").exception("a turn failed", account="dana")


def _write(message: str) -> None:
    raise StoreError(message) from OSError(28, "No space left on device")


def lines(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / logs.FILE).read_text().splitlines()]


def test_a_store_that_keeps_failing_in_one_way_is_one_line_with_its_frames(folder: Path) -> None:
    fail(*["the disk is full"] * 100)
    (line,) = lines(folder)
    assert (line["event"], line["error"]) == ("a turn failed", "the disk is full")
    assert "OSError: [Errno 28]" in line["exception"]


def test_another_failure_and_the_same_after_a_pause_are_news(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail("the disk is full", "the database is damaged", "the disk is full")
    monkeypatch.setattr("daemon.logs._SILENCE", 0.0)
    fail("the disk is full")
    found = lines(folder)
    assert [line["error"] for line in found] == [
        "the disk is full",
        "the database is damaged",
        "the disk is full",
        "the disk is full",
    ]
    assert [("exception" in line) for line in found] == [True, True, True, False]


def test_a_log_on_a_full_disk_costs_no_traceback_and_goes_on_once_there_is_room(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if (
        os.geteuid()
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("needs root and the right to mount a small disk")
    try:
        logs.set_up()
        logs.to_file(disk)
        (disk / "filler").write_bytes(b"x" * (64 * 1024 - (disk / logs.FILE).stat().st_size))
        for n in range(50):
            logs.get_logger("x").info("a line", number=n)
        assert "Traceback" not in capsys.readouterr().err
        (disk / "filler").unlink()
        logs.get_logger("x").info("there is room")
        assert "there is room" in (disk / logs.FILE).read_text()
    finally:
        logs.set_up()
        for handler in logging.getLogger().handlers:
            handler.close()
        subprocess.run(["umount", "-l", str(disk)], check=True)
        shutil.rmtree(disk, ignore_errors=True)
