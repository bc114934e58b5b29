"""Time zones by the names that Windows gives them, as Microsoft's servers do, and by those of the IANA database.

The table is Unicode's (CLDR, windowsZones), as tzlocal carries it; exchangelib has one of its own, which costs the whole library.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

_UTC = frozenset({"utc", "tzone://microsoft/utc", "coordinated universal time"})
# Added to Windows in 2026: a server without that update refuses a meeting in one of them, so times are written in UTC instead.
_TOO_NEW = frozenset({"Alberta Standard Time", "British Columbia Standard Time", "Manitoba Standard Time"})


def find(name: str) -> ZoneInfo | None:
    """Return the zone of that name, Windows' or IANA's; None for an unknown one, such as a zone that somebody made in Outlook."""
    from tzlocal.windows_tz import win_tz  # noqa: PLC0415  # a long table that only a Microsoft calendar needs

    if name.lower() in _UTC:
        return ZoneInfo("UTC")
    try:
        return ZoneInfo(win_tz.get(name) or name)
    except (KeyError, ValueError, OSError):
        return None


def windows_name(zone: str) -> str | None:
    """Return the name that Windows gives an IANA zone; None where it has none that every server knows."""
    from tzlocal.windows_tz import tz_win  # noqa: PLC0415  # as above

    name = tz_win.get(zone)
    return None if name is None or name in _TOO_NEW else str(name)
