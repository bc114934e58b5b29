"""The plain record beside the database: what was sent once is never sent again, whatever became of the rest."""

from __future__ import annotations

import json
import os
import stat
from collections import namedtuple
from datetime import UTC, datetime
from pathlib import Path

import pytest
from servers.outbox_server import parcel

from daemon.delivery.sent_log import FILE, SentLog
from daemon.errors import StoreError
from daemon.glossary.actions import ActionKind, Mention

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MENTIONS = (Mention("reply:1", "overdue", 2), Mention("reply:2", "due_soon", 1, NOW))


def write(sent_log: SentLog, reference: str) -> None:
    sent_log.write(reference, parcel(f"remind:{reference}", kind=ActionKind.REMIND), MENTIONS, NOW)


def test_what_was_written_is_known_after_a_restart(tmp_path: Path) -> None:
    write(SentLog(tmp_path), "<a@x>")
    sent_log = SentLog(tmp_path)
    assert sent_log.contains("<a@x>")
    assert not sent_log.contains("<b@x>")


def test_a_line_says_what_by_which_way_for_whom_and_when_and_not_a_word_of_it(tmp_path: Path) -> None:
    write(SentLog(tmp_path), '<"ü"@x>')
    assert [json.loads(line) for line in (tmp_path / FILE).read_text().splitlines()] == [
        {
            "reference": '<"ü"@x>',
            "key": 'remind:<"ü"@x>',
            "account": "dana@northwind.example",
            "channel": "mail",
            "at": "2026-03-02T09:00:00+00:00",
            "kind": "remind",
            "mentions": [
                {"obligation": "reply:1", "stage": "overdue", "asks": 2},
                {"obligation": "reply:2", "stage": "due_soon", "asks": 1, "snoozed_until": "2026-03-02T09:00:00+00:00"},
            ],
        }
    ]
    assert SentLog(tmp_path).contains('<"ü"@x>')


def test_it_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        write(SentLog(tmp_path), "<a@x>")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_a_line_torn_anywhere_harms_no_other_and_counts_where_it_names_what_was_sent(tmp_path: Path) -> None:
    write(SentLog(tmp_path), "<a@x>")
    first = (tmp_path / FILE).read_bytes()
    write(SentLog(tmp_path), "<b@x>")
    line = (tmp_path / FILE).read_bytes()[len(first) :]
    for kept in range(len(line) + 1):
        (tmp_path / FILE).write_bytes(first + line[:kept])
        whole = b'"reference": "<b@x>"' in line[:kept]
        sent_log = SentLog(tmp_path)
        assert (sent_log.contains("<a@x>"), sent_log.contains("<b@x>")) == (True, whole), kept
        write(sent_log, "<c@x>")
        again = SentLog(tmp_path)
        assert (again.contains("<a@x>"), again.contains("<b@x>"), again.contains("<c@x>")) == (True, whole, True), kept


def test_what_another_process_sends_is_seen(tmp_path: Path) -> None:
    here, there = SentLog(tmp_path), SentLog(tmp_path)
    assert not here.contains("<a@x>")
    write(there, "<a@x>")
    write(here, "<b@x>")
    write(there, "<c@x>")
    assert all(here.contains(name) for name in ("<a@x>", "<b@x>", "<c@x>"))
    assert there.contains("<b@x>")


def test_a_line_that_another_process_has_half_written_is_read_when_it_is_whole(tmp_path: Path) -> None:
    sent_log = SentLog(tmp_path)
    write(sent_log, "<a@x>")
    with (tmp_path / FILE).open("a") as file:
        file.write('{"refer')
        file.flush()
        assert not sent_log.contains("<b@x>")
        file.write('ence": "<b@x>"}\n')
    assert sent_log.contains("<b@x>")


def test_a_record_that_was_put_back_shorter_is_read_anew_and_nothing_known_is_forgotten(tmp_path: Path) -> None:
    sent_log = SentLog(tmp_path)
    write(sent_log, "<a@x>")
    write(sent_log, "<b@x>")
    assert sent_log.contains("<b@x>")
    (tmp_path / FILE).write_text('{"reference": "<z@x>"}\n')
    assert sent_log.contains("<z@x>")
    assert sent_log.contains("<b@x>")
    (tmp_path / FILE).unlink()
    assert sent_log.contains("<a@x>")


def test_each_line_is_synced_before_anything_else_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    real = os.fsync

    def sync(file: int) -> None:
        synced.append(os.fstat(file).st_size)
        real(file)

    monkeypatch.setattr(os, "fsync", sync)
    write(SentLog(tmp_path), "<a@x>")
    assert synced[-1] == (tmp_path / FILE).stat().st_size > 0
    assert len(synced) == 2, "the folder too, when the file is new"


def test_a_write_that_takes_only_a_part_goes_on_with_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda file, data: real(file, data[:7]))
    write(SentLog(tmp_path), "<a@x>")
    monkeypatch.undo()
    assert json.loads((tmp_path / FILE).read_text())["reference"] == "<a@x>"


def test_a_full_disk_is_noticed_before_anything_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = namedtuple("room", "f_bavail f_frsize")  # noqa: PYI024  # what statvfs gives
    monkeypatch.setattr(os, "statvfs", lambda _: room(10, 4096))
    with pytest.raises(StoreError, match=r"the disk is full. Nothing was sent"):
        SentLog(tmp_path).check_writable()


def test_a_record_that_cannot_be_written_is_noticed_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(StoreError, match=r"cannot be written .*Nothing was sent"):
        SentLog(tmp_path).check_writable()


def test_a_record_that_cannot_be_read_stops_the_sending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(SentLog(tmp_path), "<a@x>")
    sent_log = SentLog(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(StoreError, match=r"cannot be read \(Permission denied\). Nothing was sent."):
        sent_log.contains("<a@x>")


def test_it_makes_its_folder_where_there_is_none(tmp_path: Path) -> None:
    sent_log = SentLog(tmp_path / "state")
    assert not sent_log.contains("<a@x>")
    sent_log.check_writable()
    write(sent_log, "<a@x>")
    assert SentLog(tmp_path / "state").contains("<a@x>")
