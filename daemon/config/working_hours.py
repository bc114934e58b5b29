"""When somebody works, as the file says it: one pair of times, several intervals, or intervals by day."""

from __future__ import annotations

from datetime import time
from itertools import pairwise

from pydantic import Field, field_validator, model_validator

from daemon.config.values import Clock, Part, to_clock
from daemon.glossary.charter import Interval

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def weekdays(value: str | list[str]) -> frozenset[int]:
    """Monday is 0. Takes mon-fri, mon, or lists of such; raises ValueError."""
    found: set[int] = set()
    for part in value if isinstance(value, list) else value.split(","):
        first, _, last = part.partition("-")
        start = _weekday(first, part)
        end = _weekday(last, part) if last else start
        found |= {n % 7 for n in range(start, (end if end >= start else end + 7) + 1)}
    return frozenset(found)


def _weekday(word: str, part: str) -> int:
    word = word.strip().lower()
    for number, name in enumerate(_DAYS):
        if len(word) >= 3 and name.startswith(word):
            return number
    raise ValueError(f"“{part}” is no weekday; write mon-fri, or a list of mon, tue, wed, thu, fri, sat, sun")


def week(working: WorkingHoursSettings) -> tuple[tuple[Interval, ...], ...]:
    """The working intervals of each weekday, Monday first. Raises ValueError."""
    if isinstance(working.hours, dict):
        days: dict[int, tuple[Interval, ...]] = {}
        for words, parts in working.hours.items():
            for day in weekdays(words):
                if day in days:
                    raise ValueError(f"{_DAYS[day].capitalize()} has its hours twice")
                days[day] = _intervals(parts)
        return tuple(days.get(n, ()) for n in range(7))
    everywhere = _intervals(working.hours) if working.hours else (Interval(working.start, working.end),)
    return tuple(everywhere if n in weekdays(working.days) else () for n in range(7))


def _intervals(parts: list[str]) -> tuple[Interval, ...]:
    found: list[Interval] = []
    for part in parts:
        first, _, last = part.partition("-")
        try:
            found.append(Interval(to_clock(first), to_clock(last)))
        except ValueError:
            raise ValueError(f"“{part}” is no interval; write 09:00-12:30, in quotes") from None
    return tuple(found)


class WorkingHoursSettings(Part):
    """When somebody works."""

    days: str | list[str] = Field(default="mon-fri", description="mon-fri, or a list: [mon, tue, thu]")
    start: Clock = Field(default=time(9), description="quotes matter: YAML reads 09:00 as a number")
    end: Clock = time(17, 30)
    hours: list[str] | dict[str, list[str]] = Field(
        default=[],
        description='instead, several intervals: ["09:00-12:30", "13:30-17:30"]; or by day: {mon-thu: ["09:00-17:00"], fri: ["09:00-13:00"]}',
    )

    @field_validator("days")
    @classmethod
    def _known_days(cls, value: str | list[str]) -> str | list[str]:
        weekdays(value)
        return value

    @model_validator(mode="after")
    def _in_order(self) -> WorkingHoursSettings:
        days = week(self)
        if any(a >= b for day in days for a, b in day) or any(a.end > b.start for day in days for a, b in pairwise(day)):
            raise ValueError("the working hours must end after they start, one interval after the other")
        if not any(days):
            raise ValueError("there must be working hours on some day")
        if isinstance(self.hours, dict) and "days" in self.model_fields_set:
            raise ValueError("name the days once: under days, or under hours")
        if self.hours and self.model_fields_set & {"start", "end"}:
            raise ValueError("name the times once: start and end, or hours")
        return self
