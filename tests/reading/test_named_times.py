"""Times that a person names by themselves, as in `kept snooze --until monday`."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from daemon.reading import TimeContext
from daemon.reading.named_times import moment_named

NOW = datetime(2026, 3, 3, 10, tzinfo=ZoneInfo("Europe/London"))  # a Tuesday


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("tomorrow", "03-04 00:00"),
        ("Monday", "03-09 00:00"),
        ("monday", "03-09 00:00"),
        ("2026-03-05", "03-05 00:00"),
        ("2026-03-05T09:00", "03-05 09:00"),
        ("2026-03-05T09:00:00+00:00", "03-05 09:00"),
        ("friday 3pm", "03-06 15:00"),
        ("5 March", "03-05 00:00"),
        ("the 5th", "03-05 00:00"),
        ("March 5th 14:30", "03-05 14:30"),
        ("thursday morning", "03-05 09:00"),
        ("next week", "03-09 00:00"),
        ("a week from monday", "03-16 00:00"),
        ("in two hours", "03-03 12:00"),
        ("in 3 days", "03-06 00:00"),
        ("15:00", "03-03 15:00"),
        ("morgen", "03-04 00:00"),
        ("Montag", "03-09 00:00"),
        ("in zwei Stunden", "03-03 12:00"),
        ("+3d", "03-06 00:00"),
        ("+2h", "03-03 12:00"),
        ("2h", "03-03 12:00"),
        ("+1w", "03-10 00:00"),
        ("in a week", "03-10 00:00"),
        ("2 weeks", "03-17 00:00"),
        ("in 45 min", "03-03 10:45"),
        ("next month", "04-01 00:00"),
        ("in 2 months", "05-03 00:00"),
        ("in 3 Tagen", "03-06 00:00"),
        ("in einer Woche", "03-10 00:00"),
        ("1.12.", "12-01 00:00"),
        ("1.2.", "02-01 00:00"),
        ("29.2.", "02-29 00:00"),
        ("24.12.2026", "12-24 00:00"),
        ("end of the week", "03-06 00:00"),
        ("end of the month", "03-31 00:00"),
        ("eod", "03-03 17:30"),
        ("Fri 9am", "03-06 09:00"),
    ],
)
def test_what_is_put_off_comes_back_when_the_named_time_begins(words: str, until: str) -> None:
    found = moment_named(words, NOW, TimeContext("Europe/London"))
    assert found is not None
    assert f"{found:%m-%d %H:%M}" == until


@pytest.mark.parametrize(
    ("words", "until"), [("monday", "03-09"), ("next week", "03-09"), ("tomorrow", "03-03"), ("friday", "03-06")]
)
def test_on_a_monday_what_is_put_off_comes_back_later(words: str, until: str) -> None:
    found = moment_named(words, NOW.replace(day=2), TimeContext("Europe/London"))
    assert found is not None
    assert f"{found:%m-%d}" == until


@pytest.mark.parametrize(
    "words", ["", "someday", "never", "x" * 5000, "\x00", "32 March", "2026-13-45", "31.2.", "1.13.", "+3", "+3x", "+9999d"]
)
def test_words_that_name_no_time_are_none(words: str) -> None:
    assert moment_named(words, NOW, TimeContext("Europe/London")) is None


def test_a_day_begins_in_the_accounts_own_zone() -> None:
    found = moment_named("tomorrow", NOW, TimeContext("America/New_York"))
    assert found is not None
    assert found.isoformat() == "2026-03-04T00:00:00-05:00"


def test_a_day_without_a_year_that_is_today_is_today() -> None:
    found = moment_named("3.3.", NOW, TimeContext("Europe/London"))
    assert found is not None
    assert f"{found:%Y-%m-%d}" == "2026-03-03"
