"""Time zones by the names that programs give them: IANA's, Windows', a vendor's spelling of either, or an offset from UTC.

The table of Windows' names is Unicode's (CLDR, windowsZones), as tzlocal carries it; exchangelib has one of its own, which costs
the whole library. Windows' display names ("(UTC+01:00) Amsterdam, Berlin") are read by their cities and checked by their offset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_UTC = frozenset({"utc", "tzone://microsoft/utc", "coordinated universal time"})
# Added to Windows in 2026: a server without that update refuses a meeting in one of them, so times are written in UTC instead.
_TOO_NEW = frozenset({"Alberta Standard Time", "British Columbia Standard Time", "Manitoba Standard Time"})
_NAME_CAP = 200  # characters; the longest display name of Windows has 76
_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-])(\d{1,2})(?:[:.]?(\d\d))?", re.IGNORECASE)
_DISPLAYED = re.compile(r"\((?:UTC|GMT)(?:([+-])(\d\d)[:.](\d\d))?\)\s*(\S.*)", re.IGNORECASE)
_WINTER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)  # one of them is winter, wherever it is


@lru_cache(maxsize=256)
def find(name: str) -> tzinfo | None:
    """Return the zone of that name; None for an unknown one, such as a zone that somebody made in Outlook.

    A name with a vendor's prefix ("/freeassociation.sourceforge.net/Europe/Berlin", RFC 5545, 3.2.19) is known by its end.
    """
    plain = " ".join(name[:_NAME_CAP].strip(' "/').split())
    if len(name) > _NAME_CAP or not plain:
        return None
    if plain.lower() in _UTC:
        return ZoneInfo("UTC")
    return _named(plain) or _by_its_end(plain) or _fixed(_OFFSET.fullmatch(plain)) or _displayed(plain)


def windows_name(zone: str) -> str | None:
    """Return the name that Windows gives an IANA zone; None where it has none that every server knows."""
    from tzlocal.windows_tz import tz_win  # noqa: PLC0415  # a long table that only a Microsoft calendar needs

    name = tz_win.get(zone)
    return None if name is None or name in _TOO_NEW else str(name)


def _named(name: str) -> ZoneInfo | None:
    """Return the zone that IANA or Windows calls so, in whatever case."""
    known = name if name in _installed() else _names().get(name.lower(), "")
    try:
        return ZoneInfo(known) if known else None
    except (KeyError, ValueError, OSError):
        return None


@lru_cache(maxsize=1)
def _installed() -> frozenset[str]:
    """Return IANA's names; the library looks for them on the disk each time, and a calendar may name a thousand unknown zones."""
    return frozenset(available_timezones())


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Return the IANA name for each name of Windows and of IANA in lower case."""
    from tzlocal.windows_tz import win_tz  # noqa: PLC0415  # as above

    return {name.lower(): zone for name, zone in (*((n, n) for n in _installed()), *win_tz.items())}


def _by_its_end(name: str) -> ZoneInfo | None:
    """Return the zone that the last parts of a path name, the longest known ending first; a single word may mean anything."""
    parts = name.split("/")
    endings = ("/".join(parts[start:]) for start in range(1, min(len(parts) - 1, 6)))
    return next((zone for ending in endings if (zone := _named(ending))), None)


def _fixed(offset: re.Match[str] | None) -> tzinfo | None:
    """Return the offset from UTC that a match of sign, hours and minutes gives."""
    if offset is None or offset.group(1) is None:
        return None
    span = timedelta(hours=int(offset.group(2)), minutes=int(offset.group(3) or 0))
    return timezone(-span if offset.group(1) == "-" else span) if span <= timedelta(hours=14) else None


def _displayed(name: str) -> tzinfo | None:
    """Return the zone of a display name of Windows: the first of its places that keeps its offset in winter, else the offset."""
    shown = _DISPLAYED.fullmatch(name)
    if shown is None:
        return None
    offset = _fixed(shown) or UTC
    places = (zone for place in re.split(r"[,/(]", shown.group(4)) for zone in _places(place.strip()))
    return next((zone for zone in places if any(m.astimezone(zone).utcoffset() == offset.utcoffset(m) for m in _WINTER)), offset)


def _places(place: str) -> Iterator[ZoneInfo]:
    """Yield the zones that a city, or a region as Windows names it ("Eastern Time"), may mean."""
    for name in (place, re.sub(r" Time$", " Standard Time", place), f"{place} Standard Time"):
        if zone := _named(name):
            yield zone
    city = _cities().get(place.lower().replace(" ", "_"))
    if city:
        yield ZoneInfo(city)


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    return {name.rpartition("/")[2].lower(): name for name in sorted(_installed()) if "/" in name}
