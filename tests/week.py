"""When most tests play: in the days from Monday, 2 March 2026, on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """So many days after that Monday, at that time."""
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)
