"""When a person is busy, as Microsoft 365 tells colleagues (learn.microsoft.com/graph/api/calendar-getschedule)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.calendar import Busy, Window
from connectors.microsoft import events
from connectors.net.json_values import objects, text

LONGEST = timedelta(days=60)  # of one request; 62 days are allowed (gsexdev.blogspot.com/2018/09, Limits)
STEP = timedelta(minutes=15)
# The reference writes scheduleItem's status in lower case, the guide (learn.microsoft.com/graph/outlook-get-free-busy-schedule) in mixed case.
_FREE = frozenset({"free", "workingelsewhere"})


def split(window: Window) -> Iterator[Window]:
    """Yield the window in pieces that one request may cover."""
    start = window.start
    while start < window.end:
        end = min(start + LONGEST, window.end)
        yield Window(start, end)
        start = end


def request_body(email: str, window: Window) -> dict[str, Any]:
    """Return the body that asks for one person's schedule."""
    return {
        "schedules": [email],
        "startTime": _moment(window.start),
        "endTime": _moment(window.end),
        "availabilityViewInterval": STEP // timedelta(minutes=1),
    }


def read(response: Mapping[str, Any], window: Window) -> list[Busy] | None:
    """Return the busy spans of an answer about the window, perhaps beyond it; None where they are not known or cannot be understood."""
    schedule = next(iter(objects(response.get("value"))), None)
    if schedule is None or schedule.get("error"):
        return None
    items = schedule.get("scheduleItems")
    # Where there are no items, perhaps only the slots are shared.
    return _items(items) if isinstance(items, list) and items else _steps(text(schedule.get("availabilityView")), window)


def _items(items: list[Any]) -> list[Busy] | None:
    """Return the busy items; None where one cannot be read, because it may hide a busy time."""
    try:
        return [
            Busy(events.moment(one.get("start")), events.moment(one.get("end")))
            for one in items
            if text(one.get("status")).lower() not in _FREE
        ]
    except (ValueError, AttributeError):
        return None


def _steps(view: str, window: Window) -> list[Busy] | None:
    """Return the busy steps of a view with a digit for each: 0 is free (learn.microsoft.com/graph/api/resources/scheduleinformation)."""
    if not view.isdecimal() or len(view) * STEP < window.end - window.start:
        return None
    return [Busy(window.start + n * STEP, window.start + (n + 1) * STEP) for n, digit in enumerate(view) if digit != "0"]


def _moment(at: datetime) -> dict[str, str]:
    return {"dateTime": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"}
