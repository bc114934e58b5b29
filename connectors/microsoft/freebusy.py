"""When somebody is busy, as Microsoft 365 tells colleagues (learn.microsoft.com/graph/api/calendar-getschedule)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.calendar import Busy, Window
from connectors.microsoft import events
from connectors.net.json_values import objects, text

LONGEST = timedelta(days=60)  # asked for at once: 62 days may be (gsexdev.blogspot.com/2018/09, Limits)
STEP = timedelta(minutes=15)
# The reference writes scheduleItem's status in small letters, the guide (learn.microsoft.com/graph/outlook-get-free-busy-schedule) in others.
_FREE = frozenset({"free", "workingelsewhere"})


def parts(window: Window) -> Iterator[Window]:
    """The window in pieces that may be asked for."""
    start = window.start
    while start < window.end:
        end = min(start + LONGEST, window.end)
        yield Window(start, end)
        start = end


def question(email: str, window: Window) -> dict[str, Any]:
    """What to ask about one person."""
    return {
        "schedules": [email],
        "startTime": _moment(window.start),
        "endTime": _moment(window.end),
        "availabilityViewInterval": STEP // timedelta(minutes=1),
    }


def read(said: Mapping[str, Any], window: Window) -> list[Busy] | None:
    """The spans that are told, within the window; None where nothing is known, or what is told makes no sense."""
    found = next(iter(objects(said.get("value"))), None)
    if found is None or found.get("error"):
        return None
    items = found.get("scheduleItems")
    # Without items, perhaps no more than the slots is shared with us.
    spans = _items(items) if isinstance(items, list) and items else _steps(text(found.get("availabilityView")), window)
    if spans is None:
        return None
    inside = (Busy(max(s.start, window.start), min(s.end, window.end)) for s in spans)
    return [span for span in inside if span.start < span.end]


def _items(items: list[Any]) -> list[Busy] | None:
    """One that cannot be read may hide when somebody is busy: then nothing is known."""
    try:
        return [
            Busy(events.moment(one.get("start")), events.moment(one.get("end")))
            for one in items
            if text(one.get("status")).lower() not in _FREE
        ]
    except (ValueError, AttributeError):
        return None


def _steps(view: str, window: Window) -> list[Busy] | None:
    """A digit for each step: 0 is free (learn.microsoft.com/graph/api/resources/scheduleinformation)."""
    if not view.isdecimal() or len(view) * STEP < window.end - window.start:
        return None
    return [Busy(window.start + n * STEP, window.start + (n + 1) * STEP) for n, digit in enumerate(view) if digit != "0"]


def _moment(at: datetime) -> dict[str, str]:
    return {"dateTime": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"}
