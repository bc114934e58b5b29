"""Working hours in the configuration: one pair of times, several intervals, or intervals by day."""

from __future__ import annotations

from datetime import time
from itertools import pairwise

from pydantic import Field, field_validator, model_validator

from daemon.config.values import Clock, Part, to_clock
from daemon.glossary.charter import Interval

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def weekdays(value: str | list[str]) -> frozenset[int]:
    """Return the weekdays (Monday is 0) of mon-fri, of mon, or of a list of such. Raises ValueError."""
    days: set[int] = set()
    for part in value if isinstance(value, list) else value.split(","):
        first, _, last = part.partition("-")
        start = _weekday(first, part)
        end = _weekday(last, part) if last else start
        days |= {n % 7 for n in range(start, (end if end >= start else end + 7) + 1)}
    return frozenset(days)


def _weekday(word: str, part: str) -> int:
    word = word.strip().lower()
    for number, name in enumerate(_DAYS):
        if len(word) >= 3 and name.startswith(word):
            return number
    raise ValueError(f"“{part}” is not a weekday; write mon-fri, or a list of mon, tue, wed, thu, fri, sat, sun")


def week(working: WorkingHoursSettings) -> tuple[tuple[Interval, ...], ...]:
    """Return the working intervals of each weekday, Monday first. Raises ValueError."""
    if isinstance(working.hours, dict):
        days: dict[int, tuple[Interval, ...]] = {}
        for words, parts in working.hours.items():
            for day in weekdays(words):
                if day in days:
                    raise ValueError(f"{_DAYS[day].capitalize()} has its hours listed twice")
                days[day] = intervals(parts)
        return tuple(days.get(n, ()) for n in range(7))
    everywhere = intervals(working.hours) if working.hours else (Interval(working.start, working.end),)
    return tuple(everywhere if n in weekdays(working.days) else () for n in range(7))


def intervals(parts: list[str]) -> tuple[Interval, ...]:
    """Return the intervals of ["09:00-12:30", "13:30-17:30"]. Raises ValueError."""
    found: list[Interval] = []
    for part in parts:
        first, _, last = part.partition("-")
        try:
            found.append(Interval(to_clock(first), to_clock(last)))
        except ValueError:
            raise ValueError(f'“{part}” is not an interval; write it in quotes, for example "09:00-12:30"') from None
    return tuple(found)


class WorkingHoursSettings(Part):
    """When somebody works."""

    days: str | list[str] = Field(default="mon-fri", description="mon-fri, or a list: [mon, tue, thu]")
    start: Clock = Field(default=time(9), description="keep the quotes: YAML reads some clock times without them as numbers")
    end: Clock = time(17, 30)
    hours: list[str] | dict[str, list[str]] = Field(
        default=[],
        description='instead of start and end, several intervals: ["09:00-12:30", "13:30-17:30"]; or by day: {mon-thu: ["09:00-17:00"], fri: ["09:00-13:00"]}',
    )

    @field_validator("days")
    @classmethod
    def _check_days(cls, value: str | list[str]) -> str | list[str]:
        weekdays(value)
        return value

    @model_validator(mode="after")
    def _in_order(self) -> WorkingHoursSettings:
        days = week(self)
        if any(a >= b for day in days for a, b in day) or any(a.end > b.start for day in days for a, b in pairwise(day)):
            raise ValueError("working hours must end after they start, and intervals must not overlap")
        if not any(days):
            raise ValueError("at least one day must have working hours")
        if isinstance(self.hours, dict) and "days" in self.model_fields_set:
            raise ValueError("give the days either under days or under hours, not both")
        if self.hours and self.model_fields_set & {"start", "end"}:
            raise ValueError("give either start and end or hours, not both")
        return self
