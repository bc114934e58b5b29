"""Events as programs write them, put into the form in which the standard wants them and the libraries read them right.

What is written in another form than the start (a date, another zone, UTC, floating) means the same occurrence. The functions change
components in place and raise whatever the libraries raise; ics.py catches it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from icalendar.prop import vDDDLists, vDDDTypes

from connectors.formats import recurrence

_DAY = timedelta(days=1)
_MIDNIGHT = time()


def repair(components: Sequence[Any], zone: tzinfo) -> None:
    """Put right the lengths, exceptions and rules of one event or series; floating times are in `zone`."""
    for component in components:
        _repair_length(component, zone)
    master = next((c for c in components if c.get("recurrence-id") is None), None)
    for component in components:
        start = (master or component)["DTSTART"].dt
        for rule in recurrence.rules(component):
            _repair_rule(rule, start, zone)
        for name in ("EXDATE", "RDATE"):
            if component.get(name) is not None:
                component[name] = [vDDDLists([_alike(one, start, zone) for one in _listed(component[name])])]
        if master is not None and component.get("recurrence-id") is not None:
            _repair_override(component, start, zone)


def _repair_length(component: Any, zone: tzinfo) -> None:
    """Make an event on whole days last one at least, and none end before it starts (RFC 5545, 3.6.1 and 3.8.2.2).

    Many programs write a single day with DTEND equal to DTSTART, and Outlook some as midnights that it marks as a whole day.
    """
    start, end = component["DTSTART"].dt, component.get("DTEND")
    if str(component.get("X-MICROSOFT-CDO-ALLDAYEVENT", "")).upper() == "TRUE" and _at_midnight(start):
        start = component["DTSTART"] = vDDDTypes(start.date())
        start = start.dt
    if end is not None:
        stop = _last(end.dt, start, zone)
        del component["DTEND"]
        if stop > start:
            component["DTEND"] = vDDDTypes(stop)
    elif component.get("DURATION") is not None and _too_short(component["DURATION"].dt, start):
        del component["DURATION"]


def _last(end: date, start: date, zone: tzinfo) -> date:
    """Return an end in the form of its start: a date for a date, a time in the same zone for a time."""
    if not isinstance(start, datetime):
        if not isinstance(end, datetime):
            return end
        local = end.astimezone(zone) if end.tzinfo else end
        return local.date() + (_DAY if local.time() > _MIDNIGHT else timedelta())
    if not isinstance(end, datetime):
        end = datetime.combine(end, _MIDNIGHT)
    if (end.tzinfo is None) == (start.tzinfo is None):
        return end
    return end.replace(tzinfo=start.tzinfo) if end.tzinfo is None else end.astimezone(zone).replace(tzinfo=None)


def _too_short(duration: timedelta, start: date) -> bool:
    return duration < _DAY if not isinstance(start, datetime) else duration < timedelta()


def _at_midnight(start: date) -> bool:
    return isinstance(start, datetime) and start.time() == _MIDNIGHT


def _repair_override(component: Any, start: date, zone: tzinfo) -> None:
    """Name the occurrence that an override changes as the series does: by a date for days, by a time in its zone otherwise."""
    params = component["RECURRENCE-ID"].params
    original = vDDDTypes(_alike(component["RECURRENCE-ID"].dt, start, zone))
    if str(params.get("RANGE", "")).upper() == "THISANDFUTURE":
        original.params["RANGE"] = "THISANDFUTURE"
        if isinstance(start, datetime) and isinstance(component["DTSTART"].dt, datetime):
            # On the same clock, so that the change is the same before and after daylight saving.
            end = component.get("DTEND")
            component["DTSTART"] = vDDDTypes(_alike(component["DTSTART"].dt, start, zone))
            if end is not None:
                component["DTEND"] = vDDDTypes(_alike(end.dt, start, zone))
    component["RECURRENCE-ID"] = original


def _alike(value: Any, start: date, zone: tzinfo) -> Any:
    """Return an occurrence's name, or a period, in the form of the series' start: as a date, or as a time on the same clock."""
    if isinstance(value, tuple):
        end = value[1] if isinstance(value[1], timedelta) else _alike(value[1], start, zone)
        return _alike(value[0], start, zone), end
    if not isinstance(start, datetime):
        return _date(value, zone)
    if not isinstance(value, datetime):
        return datetime.combine(value, start.time(), start.tzinfo)
    if start.tzinfo is None:
        return value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value
    return value.astimezone(start.tzinfo) if value.tzinfo else value.replace(tzinfo=start.tzinfo)


def _date(value: date, zone: tzinfo) -> date:
    """Return the day that a time names: the one written where it is a midnight, else the one in the zone."""
    if not isinstance(value, datetime):
        return value
    return value.date() if value.tzinfo is None or value.time() == _MIDNIGHT else value.astimezone(zone).date()


def _listed(value: Any) -> Iterator[Any]:
    for each in value if isinstance(value, list) else [value]:
        yield from (one.dt for one in each.dts)


def _repair_rule(rule: Any, start: date, zone: tzinfo) -> None:
    """Make UNTIL of the form of the start (RFC 5545, 3.3.10: a day includes its last occurrence) and INTERVAL one at least."""
    if int(next(iter(rule.get("INTERVAL", [1])), 1)) < 1:  # a step of none never ends
        rule["INTERVAL"] = [1]
    if rule.get("UNTIL"):
        rule["UNTIL"] = [_until(rule["UNTIL"][0], start, zone)]


def _until(until: date, start: date, zone: tzinfo) -> date:
    if not isinstance(start, datetime):
        return _date(until, zone)
    if not isinstance(until, datetime):
        until = datetime.combine(until, time(23, 59, 59))
    if start.tzinfo is None:
        return until.astimezone(zone).replace(tzinfo=None) if until.tzinfo else until
    return (until if until.tzinfo else until.replace(tzinfo=start.tzinfo)).astimezone(UTC)
