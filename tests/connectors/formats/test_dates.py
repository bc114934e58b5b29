"""Which of a message's dates is believed: the mailbox's own, that of the topmost Received, and that of its sender, each within reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.formats import mime
from connectors.mail import Message, Role

TRUE = datetime(2026, 3, 2, 9, 14, tzinfo=UTC)
PAST, FUTURE = datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
YEARS_AGO = datetime(2019, 5, 6, tzinfo=UTC)


def read(date: datetime | None, received: datetime | None, stored: datetime | None) -> Message:
    lines = [f"Received: from a by b; {received:%d %b %Y %H:%M:%S} +0000"] if received else []
    lines += [f"Date: {date:%d %b %Y %H:%M:%S} +0000"] if date else []
    raw = "\r\n".join((*lines, "From: kim@acme.example", "", "Hello")).encode()
    return mime.parse(raw, role=Role.INBOX, folder="INBOX", received=stored)


@pytest.mark.parametrize(
    ("date", "received", "stored", "doubted"),
    [
        (TRUE, TRUE, TRUE, ""),
        (PAST, TRUE, TRUE, "Date"),
        (FUTURE, TRUE, TRUE, "Date"),
        (TRUE, PAST, TRUE, "Received"),
        (TRUE, FUTURE, TRUE, "Received"),
        (TRUE, YEARS_AGO, TRUE, "Received"),
        (TRUE, TRUE, PAST, "mailbox"),
        (PAST, PAST, TRUE, "Date"),
        (PAST, TRUE, PAST, "Date"),
        (TRUE, PAST, PAST, "Received"),
        (FUTURE, FUTURE, TRUE, "Date"),
        (FUTURE, None, TRUE, "Date"),
        (PAST, None, TRUE, "Date"),
        (None, None, TRUE, "no date"),
        (None, TRUE, TRUE, ""),
        (TRUE, None, None, ""),
    ],
)
def test_a_date_that_cannot_be_right_is_not_believed_and_named(
    date: datetime | None, received: datetime | None, stored: datetime | None, doubted: str
) -> None:
    message = read(date, received, stored)
    assert (message.date, message.received) == (TRUE, TRUE)
    assert message.misdated.startswith(doubted)
    assert bool(message.misdated) == bool(doubted)


def test_mail_that_was_moved_here_years_later_keeps_its_dates() -> None:
    message = read(YEARS_AGO, YEARS_AGO + timedelta(minutes=1), TRUE)
    assert (message.date, message.received, message.misdated) == (YEARS_AGO, YEARS_AGO + timedelta(minutes=1), "")


def test_without_any_date_that_can_be_right_it_is_set_aside() -> None:
    with pytest.raises(ValueError, match="no date that can be right"):
        read(PAST, PAST, PAST)
