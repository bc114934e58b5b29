"""What happened once to a mailbox, and which mails were set aside, is told until a digest has had time to say it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from connectors.calendar import CalendarBatch, Window
from connectors.mail import Address, Batch, Message, Unreadable
from daemon.core.people import Directory
from daemon.glossary.assessments import Coverage
from daemon.glossary.charter import Interval, WorkingHours
from daemon.glossary.parties import Account, Client, Office
from daemon.intake.mail_reader import MailReader
from daemon.intake.poll import poll
from daemon.intake.sources import Sources
from daemon.store import Store

DANA, SOURCE = "dana@northwind.example", "mail imap.example"
NOW = datetime(2026, 3, 2, 9, 14, tzinfo=UTC)
DAY = timedelta(days=1)
ACCOUNT = Account(DANA, "Dana", frozenset({DANA}), WorkingHours("Europe/London", ((Interval(time(9), time(17)),),) * 7))
OFFICE = Office((ACCOUNT,), (Client("Acme Ltd", frozenset({"acme.example"})),))


class Scripted:
    """A mailbox that yields the batches it is given, one a poll."""

    def __init__(self, *batches: Batch) -> None:
        self.batches = iter(batches)

    def poll(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        _ = since
        yield next(self.batches, Batch((), cursor or "0", complete=True))


class Unreadable3000:
    """A calendar of which 3,000 events cannot be read."""

    def poll(self, cursor: str | None, window: Window) -> Iterator[CalendarBatch]:
        _ = cursor, window
        yield CalendarBatch((), "1", unreadable=tuple((f"{number}.ics", "it is not valid") for number in range(3000)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path)
    yield opened
    opened.close()


def coverage_after(store: Store, mailbox: Scripted, *moments: datetime) -> Coverage:
    sources = Sources({SOURCE: mailbox}, {})  # type: ignore[dict-item]  # of a mailbox only its poll is asked for
    for moment in moments:
        poll(sources, MailReader(ACCOUNT, Directory(OFFICE), store), lambda _: None, 30 * DAY, moment)
    (coverage,) = store.coverage(DANA)
    return coverage


def test_what_happened_once_is_told_for_some_days_and_no_longer(store: Store) -> None:
    mailbox = Scripted(Batch((), "1", notices=("the folder Clients went back",), complete=True))
    told = [text for _, text in coverage_after(store, mailbox, NOW, NOW + DAY, NOW + 3 * DAY).notices]
    assert told == ["the folder Clients went back"]
    assert coverage_after(store, mailbox, NOW + 5 * DAY).notices == ()


def test_a_mail_that_was_set_aside_is_named_by_folder_date_and_sender(store: Store) -> None:
    aside = Unreadable("INBOX/7", "it has too many parts", sender="eve@elsewhere.example", at=NOW)
    warnings = coverage_after(store, Scripted(Batch((), "1", (aside,), complete=True)), NOW, NOW + DAY).warnings
    assert warnings == (
        "an email could not be read: INBOX/7, 02 Mar 2026 09:14, from eve@elsewhere.example (it has too many parts)",
    )


def test_of_thousands_of_events_that_cannot_be_read_some_are_named_and_all_are_counted(store: Store) -> None:
    sources = Sources({}, {"calendar": Unreadable3000()})  # type: ignore[dict-item]  # of a calendar only its poll is asked for
    poll(sources, MailReader(ACCOUNT, Directory(OFFICE), store), lambda _: None, 30 * DAY, NOW)
    (coverage,) = store.coverage(DANA)
    assert coverage.unreadable == 3000
    assert coverage.warnings == (*(f"{number}.ics: it is not valid" for number in range(20)), "2980 more events cannot be read")


def test_a_clients_mail_of_2099_is_known_now_and_said(store: Store) -> None:
    future = datetime(2099, 1, 1, tzinfo=UTC)
    mail = Message("<1@acme.example>", future, future, Address("kim@acme.example"), text="Could you send the quote?")
    ((_, notice),) = coverage_after(store, Scripted(Batch((mail,), "1", complete=True)), NOW).notices
    assert "kim@acme.example" in notice
    assert "2099" in notice
    (read,) = store.messages(DANA, "Acme Ltd", NOW)
    assert read.message.received == NOW
