"""Files that are written whole: what is told where the disk, or a file server, fails at the last step or after it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from contracts.calendar_contract import INVITE
from contracts.mailbox_contract import DRAFT

from connectors.errors import ConnectorError
from connectors.local.file_transport import FileTransport
from connectors.local.ics_folder import IcsCalendar
from connectors.local.maildir import Maildir
from connectors.net import files

DENIED = (errno.EACCES, errno.EIO, errno.ENOSPC)


def failing_rename(monkeypatch: pytest.MonkeyPatch, number: int, *, done: bool) -> None:
    """Every rename fails with that error, after it was done or in its stead."""
    real = os.replace

    def renamed(*places: Any) -> None:
        if done:
            real(*places)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", renamed)


def failing_sync_of_folders(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    real = os.open

    def opened(path: Any, flags: int, *rest: Any, **named: Any) -> int:
        if Path(path).is_dir():
            raise OSError(number, os.strerror(number))
        return real(path, flags, *rest, **named)

    monkeypatch.setattr(os, "open", opened)


@pytest.mark.parametrize("number", DENIED)
def test_a_rename_that_was_done_is_done_whatever_is_said_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    failing_rename(monkeypatch, number, done=True)
    files.write_atomically(tmp_path / "letter", b"Dear Kim")
    assert (tmp_path / "letter").read_bytes() == b"Dear Kim"


@pytest.mark.parametrize("before", [None, b"Dear Kim", b"Dear Tom"], ids=["nothing", "the same", "another"])
def test_a_rename_that_was_not_done_has_failed_whatever_lies_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes | None
) -> None:
    if before is not None:
        (tmp_path / "letter").write_bytes(before)
    failing_rename(monkeypatch, errno.EACCES, done=False)
    with pytest.raises(PermissionError):
        files.write_atomically(tmp_path / "letter", b"Dear Kim")


@pytest.mark.parametrize("number", DENIED)
def test_what_is_in_its_place_and_may_not_last_is_of_unknown_fate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    failing_sync_of_folders(monkeypatch, number)
    with pytest.raises(files.PlacedError) as caught:
        files.write_atomically(tmp_path / "letter", b"Dear Kim")
    error = files.file_error(tmp_path, "written", caught.value)
    assert (error.unknown, error.permanent, caught.value.errno) == (True, False, number)


def write_into_doubt(monkeypatch: pytest.MonkeyPatch, write: Callable[[], object]) -> None:
    """The file comes into its place, and nobody knows whether it will last."""
    with monkeypatch.context() as patch:
        failing_sync_of_folders(patch, errno.EACCES)
        with pytest.raises(ConnectorError) as caught:
            write()
    assert caught.value.unknown


def test_a_mail_whose_file_came_into_its_place_is_looked_for_and_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transport = FileTransport(tmp_path / "outbox")
    write_into_doubt(monkeypatch, lambda: transport.send(DRAFT))
    assert transport.was_sent(DRAFT.message_id)


def test_a_draft_whose_file_came_into_its_place_is_looked_for_and_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cur").mkdir()
    box = Maildir(tmp_path)
    write_into_doubt(monkeypatch, lambda: box.save_draft(DRAFT))
    assert box.has_message(DRAFT.message_id)


def test_an_event_whose_file_came_into_its_place_is_looked_for_and_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = IcsCalendar(tmp_path)
    write_into_doubt(monkeypatch, lambda: calendar.put(INVITE))
    assert calendar.find(INVITE.uid) is not None
