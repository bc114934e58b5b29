"""A Maildir whose mail moves, cannot be read, makes no sense or states no date."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from maildirs import ids, mail, poll

from connectors.errors import ConnectorError
from connectors.formats import mime
from connectors.local.maildir import Maildir

pytest_plugins = ("maildir_places",)


@pytest.mark.parametrize(("make", "words"), [(False, "No such file|not a Maildir"), (True, "not a Maildir")])
def test_what_is_no_maildir_is_said(tmp_path: Path, make: bool, words: str) -> None:
    if make:
        (tmp_path / "m").mkdir()
    with pytest.raises(ConnectorError, match=words) as caught:
        poll(Maildir(tmp_path / "m"))
    assert caught.value.permanent


def test_a_mail_that_another_program_moves_while_we_read_is_read_where_it_went(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "new" / "1.a").write_bytes(mail(1))
    scan = Maildir._scan

    def and_then_it_moves(*found: Any) -> Any:
        result = scan(*found)
        (root / "new" / "1.a").rename(root / "cur" / "1.a:2,S")
        return result

    monkeypatch.setattr(Maildir, "_scan", and_then_it_moves)
    assert ids(poll(Maildir(root))[0]) == ["<1@acme.example>"]


def test_a_mail_that_the_disk_does_not_give_today_is_named_and_read_once_it_does(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failing disk is no fault of the mail: the cursor does not pass it."""
    for n in (1, 2):
        (root / "cur" / f"{n}.mail:2,S").write_bytes(mail(n))
    real = Path.open

    def opened(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self.name.startswith("2."):
            raise OSError(5, "Input/output error", str(self))
        return real(self, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", opened)
        batches, cursor = poll(Maildir(root))
    assert ids(batches) == ["<1@acme.example>"]
    assert batches[-1].warnings == ("INBOX/2.mail:2,S cannot be read now (Input/output error); Kept will try again",)
    later, _ = poll(Maildir(root), cursor)
    assert (ids(later), later[-1].warnings) == (["<2@acme.example>"], ())


def test_a_mail_that_moves_and_that_the_disk_does_not_give_is_not_taken_for_deleted(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "new" / "1.a").write_bytes(mail(1))
    real = Path.open

    def opened(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self.parent.name == "new":
            self.rename(root / "cur" / "1.a:2,S")
        elif self.exists():
            raise OSError(5, "Input/output error", str(self))
        return real(self, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", opened)
        batches, cursor = poll(Maildir(root))
    assert (ids(batches), len(batches[-1].warnings)) == ([], 1)
    assert ids(poll(Maildir(root), cursor)[0]) == ["<1@acme.example>"]


def test_a_mail_at_which_the_parser_fails_in_an_unforeseen_way_costs_that_mail_alone(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in (1, 2):
        (root / "cur" / f"{n}.mail:2,S").write_bytes(mail(n))
    real = mime.parse

    def parsed(raw: bytes, **named: Any) -> Any:
        if b"<2@" in raw:
            raise KeyError("an unforeseen fault")
        return real(raw, **named)

    monkeypatch.setattr(mime, "parse", parsed)
    batches, _ = poll(Maildir(root))
    assert ids(batches) == ["<1@acme.example>"]
    (aside,) = (u for b in batches for u in b.unreadable)
    assert (aside.place, aside.reason) == ("INBOX/2.mail:2,S", "could not be read (KeyError); Kept will try again")


def test_a_mail_whose_header_cannot_be_read_either_is_looked_for_from_the_beginning(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "cur" / "1.mail:2,S").write_bytes(mail(1))

    def fields(*_: Any) -> Any:
        raise RecursionError("an unforeseen fault")

    with monkeypatch.context() as patch:
        patch.setattr("connectors.formats.headers.parse_fields", fields)
        batches, _ = poll(Maildir(root))
    (aside,) = (u for b in batches for u in b.unreadable)
    assert aside.retry_since == mime.EARLIEST


def undated(number: int) -> bytes:
    return f"From: kim@acme.example\r\nMessage-ID: <{number}@acme.example>\r\n\r\nHello\r\n".encode()


def test_a_mail_that_states_no_date_is_taken_as_delivered_and_says_so(root: Path) -> None:
    delivered, written = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 4, 12, tzinfo=UTC)
    for name in (f"{int(delivered.timestamp())}.a:2,S", "odd:2,S"):
        file = root / "cur" / name
        file.write_bytes(undated(len(name)))
        os.utime(file, (written.timestamp(), written.timestamp()))
    (batch,) = poll(Maildir(root))[0]
    assert [(m.date, m.received, m.misdated) for m in batch.messages] == [
        (delivered, delivered, "no date"),
        (written, written, "no date"),
    ]


def test_a_mail_without_a_date_in_a_file_without_one_is_named_and_not_passed_over(root: Path) -> None:
    file = root / "cur" / "odd:2,S"
    file.write_bytes(undated(1))
    os.utime(file, (0, 0))
    (batch,) = poll(Maildir(root))[0]
    (aside,) = batch.unreadable
    assert (aside.place, aside.sender) == ("INBOX/odd:2,S", "kim@acme.example")
    assert "no date" in aside.reason


def test_a_mail_without_any_sense_is_named_with_its_sender_and_not_tried_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "cur" / "1.mail:2,S").write_bytes(mail(1))

    def parsed(*_: Any, **__: Any) -> Any:
        raise ValueError("it makes no sense")

    monkeypatch.setattr(mime, "parse", parsed)
    batches, _ = poll(Maildir(root))
    (aside,) = (u for b in batches for u in b.unreadable)
    assert (aside.reason, aside.retry_since, aside.sender) == ("it makes no sense", None, "kim@acme.example")
