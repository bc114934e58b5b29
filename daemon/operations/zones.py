"""The time zone of what is shown."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from daemon.glossary.parties import Office


def home_zone(office: Office) -> ZoneInfo:
    """Return the time zone of the first account, in which what belongs to no account is shown."""
    return ZoneInfo(office.accounts[0].hours.zone)


def zone_of(office: Office, account: str) -> ZoneInfo:
    """Return the time zone of an account."""
    return ZoneInfo(next((a.hours.zone for a in office.accounts if a.address == account), "UTC"))
