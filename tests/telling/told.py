"""What a story has told so far, and how it says when."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.calendar import Event
from connectors.mail import Message
from daemon.glossary.charter import Charter, Interval, WorkingHours
from daemon.glossary.parties import Client

DANA, LEE = "dana@northwind.example", "lee@northwind.example"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WHEN = re.compile(
    r"^(?:\+(\d+)d )?(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun)|(\d{4}-\d\d-\d\d)) (\d\d:\d\d)(?:-(\d\d:\d\d))?\s+(.*)$", re.DOTALL
)
HOURS = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)-(mon|tue|wed|thu|fri|sat|sun) ((?:\d\d:\d\d-\d\d:\d\d ?)+)([A-Z]\w+(?:/\w+)?)")


@dataclass(slots=True)
class Told:
    """The facts that a story tells."""

    charters: dict[str, Charter] = field(default_factory=dict)
    since: datetime | None = None
    clients: dict[str, Client] = field(default_factory=dict)
    hours: WorkingHours = field(default_factory=lambda: working("mon-fri 09:00-17:00 Europe/London"))
    begin: datetime = datetime(2026, 3, 2, tzinfo=UTC)
    moment: datetime = datetime(2026, 3, 2, tzinfo=UTC)
    messages: list[Message] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    words: list[tuple[datetime, str]] = field(default_factory=list)
    now: datetime | None = None
    last: dict[str, str] = field(default_factory=dict)  # client -> whom we last dealt with
    threads: dict[str, list[Message]] = field(default_factory=dict)
    spoken: str = ""  # the client we last dealt with


def working(text: str) -> WorkingHours:
    """mon-fri 09:00-12:00 13:00-17:00 Europe/London."""
    found = HOURS.search(text)
    assert found, f"no working hours in “{text}”"
    first, last = DAYS.index(found[1]), DAYS.index(found[2])
    day = tuple(Interval(*(time.fromisoformat(t) for t in span.split("-"))) for span in found[3].split())
    return WorkingHours(found[4], tuple(day if first <= n <= last else () for n in range(7)))


def moment_of(told: Told, text: str) -> datetime:
    """`Tue 14:00`, `+7d Mon 09:00` or `2026-03-29 09:00`: that moment."""
    found = WHEN.match(text + " .")
    assert found, f"no moment in “{text}”"
    return when(told, found[1], found[2], found[3], found[4])


def when(told: Told, jump: str | None, weekday: str | None, day: str | None, clock: str) -> datetime:
    """The first such moment at or after the one told last."""
    zone = ZoneInfo(told.hours.zone)
    local = told.moment.astimezone(zone)
    if day:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), zone)
    if jump:
        local = datetime.combine(local.date() + timedelta(days=int(jump)), time(), zone)
    days = (DAYS.index((weekday or "mon").lower()) - local.weekday()) % 7
    found = datetime.combine(local.date() + timedelta(days=days), time.fromisoformat(clock), zone)
    return found if found >= local else datetime.combine(local.date() + timedelta(days=days + 7), time.fromisoformat(clock), zone)
