"""Time zones by the names that Windows gives them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from connectors.formats import zones

SUMMER, WINTER = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Romance Standard Time", "Europe/Paris"),
        ("GMT Standard Time", "Europe/London"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("India Standard Time", "Asia/Kolkata"),
        ("Samoa Standard Time", "Pacific/Apia"),
        ("Europe/Rome", "Europe/Rome"),
        ("UTC", "UTC"),
        ("Coordinated Universal Time", "UTC"),
        ("tzone://Microsoft/Utc", "UTC"),
    ],
)
def test_a_name_of_windows_or_of_iana_is_known(name: str, zone: str) -> None:
    found = zones.find(name)
    assert found is not None
    for moment in (SUMMER, WINTER):
        assert moment.astimezone(found).utcoffset() == moment.astimezone(ZoneInfo(zone)).utcoffset()


@pytest.mark.parametrize(
    "name", ["Customized Time Zone", "tzone://Microsoft/Custom", "", "..", "/etc/passwd", "Europe", "a\0b", "x" * 100_000]
)
def test_a_name_that_means_nothing_is_nobodys_zone(name: str) -> None:
    assert zones.find(name) is None


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("Europe/Berlin", "W. Europe Standard Time"),
        ("Europe/London", "GMT Standard Time"),
        ("UTC", "UTC"),
        ("Nowhere/Land", None),
        ("America/Vancouver", None),
    ],
)
def test_a_zone_has_its_windows_name_where_every_server_knows_it(zone: str, name: str | None) -> None:
    assert zones.windows_name(zone) == name


def test_every_windows_name_that_we_write_is_read_as_the_same_zone() -> None:
    for zone in ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Sydney", "Africa/Johannesburg"):
        found = zones.find(zones.windows_name(zone) or "")
        assert found is not None
        assert SUMMER.astimezone(found).utcoffset() == SUMMER.astimezone(ZoneInfo(zone)).utcoffset()
