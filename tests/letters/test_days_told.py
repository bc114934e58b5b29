"""Days as letters and commands say them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from daemon.letters import phrases

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (datetime(2026, 12, 1, 12, tzinfo=UTC), "today"),
        (datetime(2026, 12, 11, 12, tzinfo=UTC), "Fri 11 Dec"),
        (datetime(2027, 1, 1, 12, tzinfo=UTC), "Fri 1 Jan 2027"),
        (datetime(2025, 12, 30, 12, tzinfo=UTC), "Tue 30 Dec 2025"),
    ],
)
def test_a_day_of_another_year_is_told_with_its_year(day: datetime, told: str) -> None:
    assert phrases.day(day, LONDON, NOW) == told


def test_tomorrow_needs_no_year() -> None:
    assert phrases.day(datetime(2027, 1, 1, 12, tzinfo=UTC), LONDON, datetime(2026, 12, 31, 9, tzinfo=UTC)) == "tomorrow"
