"""A message whose dates lie in the future is known now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.mail import UNDATED, Address, Message
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


def test_a_mail_that_states_no_date_is_said_to_state_none() -> None:
    undated = replace(message(NOW, NOW), misdated=UNDATED)
    assert notice(undated) == (
        "an email from kim@acme.example states no date that can be read; Kept takes it as received on 02 Mar 2026"
    )
