"""A message whose dates lie in the future is known now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.mail import Address, Message
from daemon.intake.plausible_dates import notice, within_reason

NOW = datetime(2026, 3, 2, 9, 14, tzinfo=UTC)
FUTURE = datetime(2099, 1, 1, tzinfo=UTC)


def message(date: datetime, received: datetime) -> Message:
    return Message("<1@acme.example>", date, received, Address("kim@acme.example"))


@pytest.mark.parametrize(
    ("date", "received", "expected"),
    [
        (NOW, FUTURE, (NOW, NOW)),
        (FUTURE, NOW, (NOW, NOW)),
        (FUTURE, FUTURE, (NOW, NOW)),
        (NOW - timedelta(days=3), FUTURE, (NOW - timedelta(days=3), NOW - timedelta(days=3))),
    ],
)
def test_a_date_in_the_future_is_not_believed_and_said(
    date: datetime, received: datetime, expected: tuple[datetime, datetime]
) -> None:
    read = within_reason(message(date, received), NOW)
    assert (read.date, read.received) == expected
    assert "2099" in notice(read)


def test_a_clock_that_is_some_hours_fast_is_left_alone() -> None:
    soon = message(NOW + timedelta(hours=5), NOW + timedelta(hours=5))
    assert within_reason(soon, NOW) is soon
