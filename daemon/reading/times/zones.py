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
}  # fmt: skip
_REGIONS: Mapping[str, str] = {
    "cet": "Europe/Berlin", "mez": "Europe/Berlin", "eet": "Europe/Helsinki", "est": "America/New_York",
    "et": "America/New_York", "cst": "America/Chicago", "ct": "America/Chicago", "mt": "America/Denver", "mst": "America/Denver", "pst": "America/Los_Angeles", "pt": "America/Los_Angeles",
    "aest": "Australia/Sydney", "nzst": "Pacific/Auckland", "jst": "Asia/Tokyo", "sgt": "Asia/Singapore", "hkt": "Asia/Hong_Kong",
    "sast": "Africa/Johannesburg",
}  # fmt: skip
_PLACES: Mapping[str, str] = {
    "uk": "Europe/London", "london": "Europe/London", "british": "Europe/London", "irish": "Europe/Dublin", "dublin": "Europe/Dublin",
    "german": "Europe/Berlin", "berlin": "Europe/Berlin", "french": "Europe/Paris", "paris": "Europe/Paris", "spanish": "Europe/Madrid",
    "italian": "Europe/Rome", "dutch": "Europe/Amsterdam", "swiss": "Europe/Zurich", "polish": "Europe/Warsaw",
    "central european": "Europe/Berlin", "european": "Europe/Berlin", "new york": "America/New_York", "eastern": "America/New_York",
    "us eastern": "America/New_York", "east coast": "America/New_York", "central": "America/Chicago", "us central": "America/Chicago",
    "chicago": "America/Chicago", "mountain": "America/Denver", "denver": "America/Denver", "pacific": "America/Los_Angeles",
    "us pacific": "America/Los_Angeles", "west coast": "America/Los_Angeles", "california": "America/Los_Angeles",
    "singapore": "Asia/Singapore", "hong kong": "Asia/Hong_Kong", "tokyo": "Asia/Tokyo", "japan": "Asia/Tokyo", "india": "Asia/Kolkata",
    "indian": "Asia/Kolkata", "dubai": "Asia/Dubai", "sydney": "Australia/Sydney",
}  # fmt: skip
_GERMAN_PLACES: Mapping[str, str] = {
    "deutscher zeit": "Europe/Berlin", "mitteleuropäischer zeit": "Europe/Berlin", "berliner zeit": "Europe/Berlin",
    "britischer zeit": "Europe/London", "londoner zeit": "Europe/London", "schweizer zeit": "Europe/Zurich",
    "österreichischer zeit": "Europe/Vienna", "wiener zeit": "Europe/Vienna", "new yorker zeit": "America/New_York",
}  # fmt: skip
_NAMES: Mapping[str, str] = {
    **_REGIONS,
    **{f"{place} time": region for place, region in _PLACES.items()},
    **{place: _PLACES[place] for place in ("eastern", "pacific")},
    **_GERMAN_PLACES,
}

ZONES: Mapping[str, tuple[str, ...]] = {  # the names by their first word, the longest first
    first: tuple(sorted((name for name in (*_HOURS, *_NAMES) if name.split()[0] == first), key=len, reverse=True))
    for first in {name.split()[0] for name in (*_HOURS, *_NAMES)}
}


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
