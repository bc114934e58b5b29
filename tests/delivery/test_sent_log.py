"""The plain record beside the database: what was sent once is never sent again, whatever became of the rest."""

from __future__ import annotations

import json
import os
import re
import stat
import tracemalloc
from collections import namedtuple
from datetime import UTC, datetime
from pathlib import Path

import pytest
from outbox_server import parcel

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


# --- lines that something damaged ---

GOOD = b'{"reference": "<g@x>", "key": "digest:g", "account": "dana@northwind.example", "channel": "mail", "at": "2026-03-02T09:00:00+00:00", "kind": "digest", "mentions": []}'
DAMAGED: dict[str, bytes] = {
    "a stray backslash": GOOD.replace(b"<g@x>", b"<b\\x@x>"),
    "half an escape": GOOD.replace(b"<g@x>", b"<b\\u12@x>"),
    "half a surrogate pair": GOOD.replace(b"<g@x>", b"<b\\ud800@x>"),
    "no JSON": b"Mon Mar  2 disk check",
    "another kind of JSON": b'["<b@x>"]',
    "a name twice": GOOD.replace(b'"key"', b'"reference": "<b@x>", "key"'),
    "a number for the reference": GOOD.replace(b'"<g@x>"', b"7"),
    "a moment without its offset": GOOD.replace(b"+00:00", b""),
    "a moment that is none": GOOD.replace(b"2026-03-02T09:00:00+00:00", b"yesterday"),
    "mentions that are none": GOOD.replace(b"[]", b'"none"'),
    "a mention of nothing": GOOD.replace(b"[]", b"[null]"),
    "infinitely many requests": GOOD.replace(b"[]", b'[{"obligation": "o", "stage": "overdue", "asks": Infinity}]'),
    "a truth for a number": GOOD.replace(b"[]", b'[{"obligation": "o", "stage": "overdue", "asks": true}]'),
    "a number with 5000 digits": GOOD.replace(b"[]", b'[{"obligation": "o", "stage": "overdue", "asks": ' + b"9" * 5000 + b"}]"),
    "brackets without end": b"[" * 100_000,
    "zero bytes": bytes(4096),
    "no UTF-8": GOOD.replace(b"<g@x>", b"<\xff\xfe@x>"),
    "a line longer than any": b'{"reference": "' + b"x" * (3 << 20) + b'"}',
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_line_that_cannot_be_read_is_set_aside_and_named_and_the_others_count(tmp_path: Path, what: str) -> None:
    write(SentLog(tmp_path), "<a@x>")
    with (tmp_path / FILE).open("ab") as file:
        file.write(DAMAGED[what] + b"\n")
    write(SentLog(tmp_path), "<c@x>")
    sent_log = SentLog(tmp_path)
    assert sent_log.contains("<a@x>")
    assert sent_log.contains("<c@x>")
    assert list(sent_log.unreadable()) == [2]
    assert re.search(r"may be (sent|said) again", sent_log.unreadable()[2])
    assert list(sent_log.letter_keys("dana@northwind.example")) == ["remind:<a@x>", "remind:<c@x>"]
    write(sent_log, "<d@x>")
    assert list(SentLog(tmp_path).unreadable()) == [2]


HARMLESS: dict[str, bytes] = {
    "a control character": GOOD.replace(b"digest:g", b"digest:\x01g"),
    "the line ends of Windows": GOOD + b"\r",
    "a byte order mark": b"\xef\xbb\xbf" + GOOD,
    "zero bytes before it": bytes(512) + GOOD,
    "a name nobody knows": GOOD.replace(b'"key"', b'"more": {"a": [1]}, "key"'),
    "blank lines": b"\n\r\n  \n" + GOOD,
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_harms_no_meaning_is_read(tmp_path: Path, what: str) -> None:
    (tmp_path / FILE).write_bytes(HARMLESS[what] + b"\n")
    sent_log = SentLog(tmp_path)
    assert (sent_log.contains("<g@x>"), dict(sent_log.unreadable())) == (True, {})


def test_a_line_of_a_hundred_megabytes_costs_no_memory(tmp_path: Path) -> None:
    with (tmp_path / FILE).open("wb") as file:
        file.write(b'{"reference": "<b@x>", "key": "')
        for _ in range(100):
            file.write(b"x" * (1 << 20))
        file.write(b'"}\n' + GOOD + b"\n")
    tracemalloc.start()
    sent_log = SentLog(tmp_path)
    assert sent_log.contains("<g@x>")
    assert sent_log.contains("<b@x>"), "it begins with what was sent"
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()


@pytest.mark.parametrize("longer", [False, True])
def test_a_file_that_was_put_in_its_place_is_read_anew(tmp_path: Path, longer: bool) -> None:
    sent_log = SentLog(tmp_path)
    write(sent_log, "<a@x>")
    assert sent_log.contains("<a@x>")
    size = (tmp_path / FILE).stat().st_size
    filler = b"" if not longer else b" " * size + b"\n"
    (tmp_path / FILE).write_bytes(GOOD + b"\n" + filler + b"x" * max(0, size - len(GOOD) - 2) + b"\n")
    assert sent_log.contains("<g@x>")
    assert sent_log.contains("<a@x>")


def test_a_directory_in_its_place_stops_the_sending_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(StoreError, match=r"cannot be read .*Nothing was sent"):
        SentLog(tmp_path).contains("<a@x>")


# --- the logs of other machines ---


def test_another_machines_log_is_taken_into_account_once(tmp_path: Path) -> None:
    here, there = SentLog(tmp_path / "here"), SentLog(tmp_path / "there")
    write(here, "<a@x>")
    write(there, "<a@x>")
    write(there, "<b@x>")
    other = tmp_path / "there" / FILE
    other.write_bytes(other.read_bytes() + b"not a line\n" + GOOD + b"\n")
    result = here.merge(other)
    assert (result.added, result.known, list(result.unreadable)) == (2, 1, [3])
    again = SentLog(tmp_path / "here")
    assert again.contains("<b@x>")
    assert again.mentions("dana@northwind.example", ["reply:1"]) == {MENTIONS[0]: NOW}
    size = (tmp_path / "here" / FILE).stat().st_size
    assert (again.merge(other).added, SentLog(tmp_path / "here").merge(other).added) == (0, 0)
    assert (tmp_path / "here" / FILE).stat().st_size == size


def test_a_log_merged_into_itself_adds_nothing(tmp_path: Path) -> None:
    write(SentLog(tmp_path), "<a@x>")
    assert SentLog(tmp_path).merge(tmp_path / FILE).added == 0
