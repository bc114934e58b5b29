"""Occurrences of recurring events within a window, even for hostile rules (RFC 5545, 3.3.10).

`recurring_ical_events` expands a series; dateutil underneath takes every step from the first occurrence on, up to the year 9999
where a rule never matches. So a series is first moved near the window, and refused where it would still take too many steps or
where its rule matches no day at all. Functions here raise whatever the libraries raise; ics.py catches it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import chain, takewhile
from math import lcm
from typing import Any

import icalendar
from dateutil.rrule import rrulestr
from icalendar.prop import vDDDTypes
from recurring_ical_events import CalendarQuery

from connectors.calendar import Window

STEP_CAP = 10_000  # steps of a rule up to the window's end; a daily meeting takes 365 a year
OCCURRENCE_CAP = 2_000  # of one series within the window
CALENDAR_CAP = 20_000  # occurrences of all series of a calendar within the window: 55 daily meetings for a year
NO_ROOM = "the calendar repeats more meetings than Kept reads"  # why a further series is left out
_PER_DAY = {"HOURLY": 24, "MINUTELY": 24 * 60, "SECONDLY": 24 * 60 * 60}
_WITHIN_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
_DAYS = frozenset({"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYSETPOS"})
# A moved first occurrence stays further before the window than a step of its rule, or a change to its later ones, reaches.
_MARGIN = {"YEARLY": timedelta(days=400), "MONTHLY": timedelta(days=400)}
_SHORT_MARGIN = timedelta(days=40)


class CalendarFormatError(ValueError):
    """A calendar or event that Kept refuses to read; its message is ours and may be shown."""


def prepare(components: Sequence[Any], window: Window) -> None:
    """Move a series near the window, and its rules into a form that is soon expanded.

    Raises CalendarFormatError where a rule repeats too often or never matches.
    """
    for component in components:
        for rule in rules(component):
            _move_near(component, rule, window)
            _check(rule, component["DTSTART"].dt, window)


def plain_starts(components: Sequence[Any], window: Window) -> tuple[list[datetime], timedelta] | None:
    """Return when a prepared series begins, as the clock of its start shows it, and how long it lasts; None where it is not plain.

    A series of one component with one rule, and days that are left out at most, needs no library to carry its changes: this takes a
    twentieth of the time and memory of `expand`. Starts may lie a day outside the window.
    """
    if len(components) != 1 or len(rules(components[0])) != 1 or components[0].get("RDATE") is not None:
        return None
    component, first = components[0], components[0]["DTSTART"].dt
    if component.get("RECURRENCE-ID") is not None or (
        component.get("DTEND") is not None and component.get("DURATION") is not None
    ):
        return None
    length, rule, start = _length(component, first), rules(component)[0], _wall(first)
    within_days = _first(rule, "FREQ") in _PER_DAY or any(part in rule for part in _WITHIN_DAY)
    if not isinstance(first, datetime) and (length % timedelta(days=1) or within_days):
        return None
    until = [_wall(_on_clock(end, first)) for end in rule.get("UNTIL", [])]
    bare = ";".join(part for part in rule.to_ical().decode().split(";") if not part.startswith("UNTIL="))
    repeated = rrulestr(bare, dtstart=start)
    low, high = (_wall(_on_clock(moment, first)) for moment in window)
    last = min([high + timedelta(days=1), *until])
    matched = takewhile(lambda moment: moment <= last, repeated)
    starts = {moment for moment in chain([start] if start <= last else [], matched) if moment + length >= low - timedelta(days=1)}
    starts -= {_wall(_on_clock(day, first)) for day in _excluded(component)}
    if len(starts) > OCCURRENCE_CAP:
        raise CalendarFormatError("it repeats more often than any meeting does")
    return sorted(starts), length


def _length(component: Any, first: date) -> timedelta:
    """Return how long an event lasts by the clock (RFC 5545, 3.6.1)."""
    if component.get("DTEND") is not None:
        length: timedelta = component["DTEND"].dt - first
    elif component.get("DURATION") is not None:
        length = component["DURATION"].dt
    else:
        length = timedelta() if isinstance(first, datetime) else timedelta(days=1)
    return length


def _on_clock(moment: date, first: date) -> date:
    """Return an aware moment on the clock of a series' start; any other is already in that form (series_repair)."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        zone = first.tzinfo if isinstance(first, datetime) else None
        return moment.astimezone(zone or UTC)
    return moment


def _excluded(component: Any) -> Iterator[date]:
    value = component.get("EXDATE", [])
    for listed in value if isinstance(value, list) else [value]:
        yield from (one.dt for one in listed.dts)


def expand(components: Sequence[Any], window: Window) -> list[Any]:
    """Return the occurrences of one prepared series (a master and its overrides, or overrides alone) that overlap the window.

    Raises CalendarFormatError where it repeats too often.
    """
    series = icalendar.Calendar()
    series.subcomponents = list(components)
    # A day more on both sides: the library compares floating and all-day times with the window's clock in another zone.
    occurrences = CalendarQuery(series).between(window.start - timedelta(days=1), window.end + timedelta(days=1))
    if len(occurrences) > OCCURRENCE_CAP:
        raise CalendarFormatError("it repeats more often than any meeting does")
    shifts: dict[date, timedelta] = {}  # by how much each change moves what it changes
    for changed in components:
        if changed.get("RECURRENCE-ID") is not None:
            original = changed["RECURRENCE-ID"].dt
            shifts.setdefault(original, _wall(changed["DTSTART"].dt) - _wall(original))
    return [_named_apart(occurrence, shifts) for occurrence in occurrences]


def _named_apart(occurrence: Any, shifts: Mapping[date, timedelta]) -> Any:
    """Give an occurrence that RANGE=THISANDFUTURE moved a RECURRENCE-ID of its own: the library repeats the change's (RFC 5545, 3.2.13)."""
    original = occurrence.get("RECURRENCE-ID")
    if original is None or "RANGE" not in original.params:
        return occurrence
    occurrence["RECURRENCE-ID"] = vDDDTypes(_back(occurrence["DTSTART"].dt, shifts[original.dt], original.dt))
    return occurrence


def _back(start: date, moved_by: timedelta, original: date) -> date:
    """Return when a moved occurrence would have been, in the form of the one that was changed."""
    before = _wall(start) - moved_by
    return before.replace(tzinfo=original.tzinfo) if isinstance(original, datetime) else before.date()


def _wall(value: date) -> datetime:
    """Return a moment as the clock shows it; a date is its midnight."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001


def rules(component: Any) -> list[Any]:
    """Return the RRULEs of a component."""
    value = component.get("rrule", [])
    return value if isinstance(value, list) else [value]


def check_zone(zone: Any) -> None:
    """Raise CalendarFormatError for a time zone that changes more often than monthly: one offset would take every minute's step."""
    for part in zone.subcomponents:
        for rule in rules(part):
            if _first(rule, "FREQ") not in {"YEARLY", "MONTHLY"} or _never(rule, part["DTSTART"].dt):
                raise CalendarFormatError("a time zone in it has an impossible rule")


def _check(rule: Any, start: date, window: Window) -> None:
    """Raise CalendarFormatError for a rule that takes too many steps, matches too often within the window, or never."""
    if _never(rule, start):
        raise CalendarFormatError("it repeats by a rule that never matches")
    in_window = _steps(rule, max(_day(start), window.start.date()), window.end)
    if _steps(rule, start, window.end) > STEP_CAP or in_window > OCCURRENCE_CAP:
        raise CalendarFormatError("it repeats more often than any meeting does")


def _steps(rule: Any, start: date, until: datetime) -> float:
    end = min([until.date(), *(_day(u) for u in rule.get("UNTIL", []))])
    days = max((end - _day(start)).days, 0) + 1
    frequency, every = _first(rule, "FREQ"), int(_first(rule, "INTERVAL", 1))
    times = _PER_DAY.get(frequency, 1.0)
    for part in _WITHIN_DAY:
        times *= max(len(rule.get(part, ())), 1)
    # Weekly and rarer rules look at every day, but cheaply; the others yield at each step.
    steps = days * times / (every if frequency in _PER_DAY or frequency == "DAILY" else 10)
    count = _first(rule, "COUNT", None)
    return steps if count is None or _DAYS & rule.keys() else min(steps, float(count))


def _never(rule: Any, start: date) -> bool:
    """Return whether the rule matches nothing in forty years, tried where dateutil's calendar ends so that it gives up soon.

    From 9901 to 9999 the calendar repeats every 28 years as it does between 1901 and 2099, so the first occurrence keeps
    its weekday and its distance to the leap day.
    """
    used = _DAYS & rule.keys()
    if not used or (_first(rule, "FREQ") == "WEEKLY" and used == {"BYDAY"}):
        return False
    moment = datetime(start.year, start.month, start.day, getattr(start, "hour", 0), getattr(start, "minute", 0))  # noqa: DTZ001  # a clock on the wall
    year = next(y for y in range(9930, 9960) if _alike(y, moment.year))
    bare = ";".join(part for part in rule.to_ical().decode().split(";") if not part.startswith(("UNTIL=", "COUNT=")))
    return not _matches(bare, moment.replace(year=year))


@lru_cache(maxsize=1024)
def _matches(rule: str, start: datetime) -> bool:
    """Return whether a rule matches anything before the calendar ends; a file may hold the same rule a thousand times."""
    return next(iter(rrulestr(rule, dtstart=start)), None) is not None


def _alike(year: int, other: int) -> bool:
    return (year - other) % 4 == 0 and date(year, 1, 1).weekday() == date(other, 1, 1).weekday()


def _move_near(component: Any, rule: Any, window: Window) -> None:
    """Move a series' start later by whole periods, so that the steps of past years are not taken.

    The moved first occurrence is before the window and so is never returned.
    """
    start = component["DTSTART"].dt
    if rule.keys() <= {"FREQ", "INTERVAL", "UNTIL", "COUNT", "WKST"} and _first(rule, "FREQ") == "YEARLY":
        # The same days, found among 31 instead of 366.
        rule["FREQ"], rule["INTERVAL"] = ["MONTHLY"], [12 * int(_first(rule, "INTERVAL", 1))]
    end = component["DTEND"].dt if component.get("DTEND") is not None else start
    margin = _MARGIN.get(_first(rule, "FREQ"), _SHORT_MARGIN)
    gap = (window.start - margin - (_utc(end) - _utc(start))).date() - _day(start)
    if gap.days <= 0 or "COUNT" in rule or len(rules(component)) > 1:
        return
    moved = _later(start, gap, _first(rule, "FREQ"), int(_first(rule, "INTERVAL", 1)))
    if component.get("DTEND") is not None:
        component["DTEND"].dt = moved + (end - start)
    component["DTSTART"].dt = moved


def _later(start: Any, gap: timedelta, frequency: str, every: int) -> Any:
    if frequency in {"DAILY", "WEEKLY", *_PER_DAY} and (frequency not in _PER_DAY or every == 1):
        step = timedelta(days=7 * every)
        return start + step * (gap // step)
    yearly = every if frequency == "YEARLY" else lcm(every, 12) // 12
    if start.day <= 28 and frequency in {"YEARLY", "MONTHLY"}:
        return start.replace(year=start.year + gap.days // 366 // yearly * yearly)
    return start


def _first(rule: Any, name: str, otherwise: Any = "") -> Any:
    values: Iterable[Any] = rule.get(name) or [otherwise]
    return next(iter(values))


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _utc(value: date) -> datetime:
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)
    return moment.replace(tzinfo=UTC)
