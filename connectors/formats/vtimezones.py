"""The time zones that a calendar file defines (VTIMEZONE; RFC 5545, 3.6.5).

The rules in the file say what its TZID means, also where the name is that of a known zone with other rules (RFC 5545, 3.2.19).
Where they agree with the known zone that one is used: it also holds for the years of which the file says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import islice
from typing import Any

import icalendar
from icalendar.timezone import tzp
from icalendar.timezone.zoneinfo import ZONEINFO

from connectors.formats import ics_parts, recurrence, zones
from connectors.formats.recurrence import CalendarFormatError

ZONE_CAP = 200  # zones in one file
_TEXT_CAP = 32 * 1024  # characters of one zone; those with every change since 1900 have 20,000
_COMPARED = (datetime(2025, 1, 1), datetime(2029, 1, 1))  # noqa: DTZ001  # clocks on the wall; rules repeat every year
_STEP = timedelta(days=5)  # shorter than the time between the changes of any two known rules
_USED = re.compile(r'TZID=("[^"\n]{0,500}"|[^;:,\n]{0,500})', re.IGNORECASE)
_BROKEN = "a time zone in it has an impossible rule"


class FileZones(ZONEINFO):  # type: ignore[misc]  # the library's class is not typed
    """Gives icalendar the zones of one file, and for other names those that `zones.find` knows."""

    def __init__(self, own: Mapping[str, tzinfo]) -> None:
        self._own = own

    def timezone(self, name: str) -> tzinfo | None:
        """Return the file's own zone of that name, else the known one; None for a name that means nothing."""
        return self._own.get(_plain(name)) or zones.find(name)

    def knows_timezone_id(self, tzid: str) -> bool:  # noqa: ARG002  # the library's argument
        """Return True: no other zones are to be made."""
        return True


def use(blocks: Iterable[str], events: Iterable[str]) -> frozenset[str]:
    """Have icalendar read times in the zones of these VTIMEZONEs; return the names of those that cannot be read nor are known.

    Zones that none of the `events` names are left out: a zone costs as much to read as ten events.

    The library keeps one set of zones for the whole process, so this is called before each file.
    """
    own: dict[str, tzinfo] = {}
    broken: set[str] = set()
    used = {_plain(name) for event in events for name in _USED.findall(event)}
    named = (block for block in dict.fromkeys(blocks) if _plain(ics_parts.value_of(block, "TZID")) in used)
    for block in islice(named, ZONE_CAP):
        name, zone = _zone(block)
        if zone is not None:
            own.setdefault(_plain(name), zone)
        elif name and zones.find(name) is None:
            broken.add(name)
    tzp.use(FileZones(own))
    return frozenset(name for name in broken if _plain(name) not in own)


def check_zone_used(component: Any, broken: frozenset[str]) -> None:
    """Raise CalendarFormatError where one of an event's times is in a zone that cannot be read."""
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        if str(getattr(component.get(name), "params", {}).get("TZID", "")) in broken:
            raise CalendarFormatError(_BROKEN)


def _plain(name: str) -> str:
    """Return a zone's name without the quotes around it and the slashes that make it a vendor's own."""
    return name.strip(' "/')


@lru_cache(maxsize=256)
def _zone(block: str) -> tuple[str, tzinfo | None]:
    """Return a VTIMEZONE's name and zone; no zone where it cannot be read or only repeats the known one."""
    name = ics_parts.value_of(block, "TZID")
    try:
        component: Any = icalendar.Timezone.from_ical(block if len(block) <= _TEXT_CAP else "")
        recurrence.check_zone(component)
        own = ZONEINFO().create_timezone(component)
        known = zones.find(name)
        return name, None if known is not None and _agree(own, known, *_described(component)) else own
    except Exception:  # noqa: BLE001  # the libraries raise whatever hostile input leads them to
        return name, None


def _described(component: Any) -> tuple[datetime, datetime]:
    """Return the span of recent years for which a VTIMEZONE gives its rules; one that lists single changes ends with the last."""
    onsets: list[datetime] = []
    open_ended = len(component.subcomponents) == 1
    for part in component.subcomponents:
        onsets.append(_clock(part["DTSTART"].dt))
        for rule in recurrence.rules(part):
            ends = rule.get("UNTIL", [])
            onsets += [_clock(end) for end in ends]
            open_ended = open_ended or not ends
        dates = part.get("RDATE", [])
        for listed in dates if isinstance(dates, list) else [dates]:
            onsets += [_clock(one.dt) for one in listed.dts]
    first, last = _COMPARED
    return max(min(onsets), first), last if open_ended else min(max(onsets), last)


def _agree(own: tzinfo, known: tzinfo, start: datetime, end: datetime) -> bool:
    """Return whether two zones show the same offsets between two moments; also where nothing was described of these years."""
    moment = start
    while moment < end:
        if own.utcoffset(moment) != moment.replace(tzinfo=known).utcoffset():
            return False
        moment += _STEP
    return True


def _clock(value: date) -> datetime:
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)
    return moment.replace(tzinfo=None)
