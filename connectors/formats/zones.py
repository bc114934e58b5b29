"""Time zones by the names that Windows gives them, as Microsoft's servers do, and by those of the IANA database.

The table is Unicode's (CLDR, windowsZones), as tzlocal carries it.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

_UTC = frozenset({"utc", "tzone://microsoft/utc", "coordinated universal time"})


def find(name: str) -> ZoneInfo | None:
    """The zone of that name, Windows' or IANA's; None where nobody knows it (a zone that somebody made in Outlook)."""
    from tzlocal.windows_tz import win_tz  # noqa: PLC0415  # a long table that only a Microsoft calendar needs

    if name.lower() in _UTC:
        return ZoneInfo("UTC")
    try:
        return ZoneInfo(win_tz.get(name) or name)
    except (KeyError, ValueError, OSError):
        return None


def windows_name(zone: str) -> str:
    """What Windows calls an IANA zone; UTC where it has no name for it."""
    from tzlocal.windows_tz import tz_win  # noqa: PLC0415  # as above

    return str(tz_win.get(zone, "UTC"))
