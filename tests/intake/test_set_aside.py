"""A mail at which a part of Kept fails is set aside, named, and read again later; nothing else waits for it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from office import DANA, KIM, Office, asked_by_two, only, raising
from week import at

from connectors.formats import mime
from connectors.local.maildir import Maildir
from daemon import reading
from daemon.cycle import turn


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return asked_by_two(tmp_path)


def failing_parser(patch: pytest.MonkeyPatch) -> None:
    """The connector's parser fails at the mail from Birch."""
    real = mime.parse

    def parsed(raw: bytes, **named: Any) -> Any:
        return raising() if b"birch" in raw else real(raw, **named)

    patch.setattr(mime, "parse", parsed)


def failing_reader(patch: pytest.MonkeyPatch) -> None:
    """Kept's own reader fails at the mail from Birch."""
    real = reading.read

    def read(message: reading.ReaderInput, *rest: Any) -> Any:
        return raising() if "birch" in message.sender else real(message, *rest)

    patch.setattr(reading, "read", read)


def test_a_message_at_which_the_reader_raises_is_set_aside_and_comes_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office.app() as app:
        app.begin(at(-1, 0))
        with monkeypatch.context() as patch:
            failing_reader(patch)
            turn(only(app), at(0, 7))
        ((_, place, reason),) = app.store.unreadable_mail(DANA)
        assert "INBOX" in place
        assert "jo@birch.example" in place
        assert "ZeroDivisionError" in reason
        assert app.store.message_ids(DANA) == {"<acme@acme.example>"}
        turn(only(app), at(0, 7, 30))
        turn(only(app), at(0, 9))
        assert app.store.message_ids(DANA) == {"<acme@acme.example>", "<birch@birch.example>"}
        assert app.store.unreadable_mail(DANA) == ()


def test_a_mail_at_which_a_connector_fails_is_set_aside_and_comes_back_though_its_file_was_renamed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office.app() as app:
        app.begin(at(-1, 0))
        with monkeypatch.context() as patch:
            failing_parser(patch)
            turn(only(app), at(0, 7))
            turn(only(app), at(0, 7, 30))
            ((_, place, reason),) = app.store.unreadable_mail(DANA)
            assert "jo@birch.example" in place
            assert "ZeroDivisionError" in reason
        (file,) = (office.folder / "Maildir" / "cur").glob("*birch*")
        file.rename(file.with_name(file.name.partition(":")[0] + ":2,FRS"))
        turn(only(app), at(0, 9))
        assert app.store.message_ids(DANA) == {"<acme@acme.example>", "<birch@birch.example>"}
        assert app.store.unreadable_mail(DANA) == ()


def test_a_mail_that_fails_again_stays_set_aside_once_and_is_no_news(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    failing_parser(monkeypatch)
    with office.app() as app:
        app.begin(at(-1, 0))
        turn(only(app), at(0, 7))
        before = app.store.unreadable_mail(DANA)
        turn(only(app), at(6, 7))
        assert app.store.unreadable_mail(DANA) == before
        (coverage,) = (c for c in app.store.coverage(DANA) if not c.is_calendar)
        assert (coverage.unreadable, coverage.warnings) == (1, ())


def test_a_mail_at_which_another_part_of_kept_fails_the_second_time_is_never_out_of_sight(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office.app() as app:
        app.begin(at(-1, 0))
        with monkeypatch.context() as patch:
            failing_parser(patch)
            turn(only(app), at(0, 7))
        with monkeypatch.context() as patch:
            failing_reader(patch)
            turn(only(app), at(0, 9))
            ((_, place, _),) = app.store.unreadable_mail(DANA)
            assert "<birch@birch.example>" in place
        turn(only(app), at(0, 12))
        assert app.store.unreadable_mail(DANA) == ()


def test_what_was_set_aside_is_read_again_though_one_poll_is_too_short_for_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(6):
        office.mail(at(0, 6, 10 + n), KIM, DANA, f"Item {n} has come.", name=f"more-{n}")
    monkeypatch.setattr("connectors.local.maildir.BATCH", 2)
    with office.app() as app:
        app.begin(at(-1, 0))
        with monkeypatch.context() as patch:
            failing_parser(patch)
            turn(only(app), at(0, 7))
        left = []
        for minute in range(8):
            turn(only(app), at(0, 9, minute), time_limit=0.0)
            left.append(len(app.store.unreadable_mail(DANA)))
        assert (left[0], left[-1]) == (1, 0)
        assert "<birch@birch.example>" in app.store.message_ids(DANA)


def test_a_connector_that_raises_at_its_cursor_is_read_from_the_beginning(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Maildir.poll

    def poll(self: Maildir, cursor: str | None, since: datetime) -> Any:
        return raising() if cursor is not None else real(self, cursor, since)

    with office.app() as app:
        app.begin(at(-1, 0))
        turn(only(app), at(0, 7))
        office.mail(at(0, 7, 30), KIM, DANA, "When will the pallet arrive?", name="later")
        monkeypatch.setattr(Maildir, "poll", poll)
        turn(only(app), at(0, 8))
        assert "<later@acme.example>" in app.store.message_ids(DANA)
        assert all(c.error is None for c in app.store.coverage(DANA))
