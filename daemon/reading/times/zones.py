"""Time zones as mail names them beside a clock time: "3pm CET", "10 am Eastern", "um 15 Uhr MEZ", "4pm UK time", "9:00 UTC+2".

A name of standard time ("EST") is used all summer by people who mean the clock on the wall, so it stands for its region's wall clock.
A name of summer time, UTC and GMT stand for their offsets. Sources: the abbreviations of the IANA time zone database and of CLDR's
metazones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_HOUR = timedelta(hours=1)
_OFFSET = re.compile(r"(?:utc|gmt) ?([+-])(\d{1,2})(?::?([0-5]\d))?")

_HOURS: Mapping[str, float] = {
    "gmt": 0, "utc": 0, "bst": 1, "cest": 2, "mesz": 2, "eest": 3, "edt": -4, "cdt": -5, "mdt": -6, "pdt": -7, "aedt": 11, "nzdt": 13,
    "pkt": 5, "msk": 3, "wib": 7, "awst": 8, "acst": 9.5, "kst": 9, "gst": 4,
}  # fmt: skip
_SHARED: Mapping[str, tuple[float, ...]] = {"ist": (5.5, 1, 2, 3), "ast": (-4, 3), "sst": (8, -11)}
_REGIONS = """
Europe/London: uk, uk time, london time, british time, britischer zeit, londoner zeit
Europe/Dublin: irish time, dublin time
Europe/Berlin: cet, mez, german time, berlin time, central european time, european time, deutscher zeit, mitteleuropäischer zeit, berliner zeit
Europe/Paris: french time, paris time
Europe/Madrid: spanish time
Europe/Rome: italian time
Europe/Amsterdam: dutch time
Europe/Zurich: swiss time, schweizer zeit
Europe/Vienna: österreichischer zeit, wiener zeit
Europe/Warsaw: polish time
Europe/Helsinki: eet
America/New_York: est, et, eastern, eastern time, us eastern time, east coast time, new york time, new yorker zeit
America/Chicago: cst, ct, central, central time, us central time, chicago time
America/Denver: mt, mst, mountain time, denver time
America/Los_Angeles: pst, pt, pacific, pacific time, us pacific time, west coast time, california time
Australia/Sydney: aest, sydney time
Pacific/Auckland: nzst
Asia/Tokyo: jst, tokyo time, japan time
Asia/Singapore: sgt, singapore time
Asia/Hong_Kong: hkt, hong kong time
Asia/Kolkata: india time, indian time
Asia/Dubai: dubai time
Africa/Johannesburg: sast
"""
_NAMES = {
    name: region
    for region, _, names in (line.partition(": ") for line in _REGIONS.split("\n")[1:-1])
    for name in names.split(", ")
}
ZONES: Mapping[str, tuple[str, ...]] = {  # the names by their first word, the longest first
    first: tuple(sorted((name for name in (*_HOURS, *_NAMES) if name.split()[0] == first), key=len, reverse=True))
    for first in {name.split()[0] for name in (*_HOURS, *_NAMES)}
}


def is_own(name: str, written: datetime) -> bool:
    """Tell whether an abbreviation that several zones share is the writer's own, by the offset of the moment of writing: "IST" in India."""
    hours = (written.utcoffset() or timedelta()) / _HOUR
    return name.lower() == (written.tzname() or "").lower() or hours in _SHARED.get(name.lower(), ())


def zone_named(name: str, day: datetime, own: tzinfo | None) -> tzinfo:
    """Return the zone that a name beside a clock time stands for, in lower case; `own` where it is that zone's own name on that day.

    `day` is the wall-clock time, naive. A name that the time zone database of this machine lacks stands for UTC.
    """
    written = _OFFSET.fullmatch(name)
    if written:
        sign, hours, minutes = written.groups()
        offset = timedelta(hours=min(int(hours), 14), minutes=int(minutes or 0))
        return timezone(offset if sign == "+" else -offset)
    if own is not None and (day.replace(tzinfo=own).tzname() or "").lower() == name:  # "MST" in Arizona, "IST" in India
        return own
    return timezone(_HOURS[name] * _HOUR) if name in _HOURS else zone(_NAMES[name])


@lru_cache(maxsize=128)
def zone(name: str) -> tzinfo:
    """Return the zone of an IANA name, or UTC for a name that is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
