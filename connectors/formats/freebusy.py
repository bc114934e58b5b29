"""Free/busy as iCalendar (RFC 5545, 3.6.4): what a server answers, and how another person's times are asked for (RFC 5546, 3.3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar

from connectors.calendar import Busy, Window
from connectors.formats import ics
from connectors.formats.stable_ids import stable_id


def read(text: str, window: Window) -> tuple[Busy, ...]:
    """The busy spans of a VFREEBUSY inside the window, merged and in order. Raises ValueError where there is none."""
    try:
        components = icalendar.Calendar.from_ical(text).walk("VFREEBUSY")
        spans = [span for component in components for span in _spans(component)]
    except Exception as error:  # the library raises whatever hostile input leads it to
        raise ValueError(f"it is no free/busy answer ({type(error).__name__})") from error
    if not components:
        raise ValueError("it is no free/busy answer")
    inside = (Busy(max(s.start, window.start), min(s.end, window.end)) for s in spans)
    return ics.merge_spans(span for span in inside if span.start < span.end)


def request(organizer: str, email: str, window: Window) -> str:
    """The question when `email` is busy, asked by `organizer`. It changes nothing, so the window stands for its stamp."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", ics.PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    asked = icalendar.FreeBusy()
    asked.add("uid", f"kept-{stable_id(f'{organizer} {email} {window}')}")
    asked.add("dtstamp", window.start.astimezone(UTC))
    asked.add("dtstart", window.start.astimezone(UTC))
    asked.add("dtend", window.end.astimezone(UTC))
    asked.add("organizer", f"mailto:{organizer}")
    asked.add("attendee", f"mailto:{email}")
    calendar.add_component(asked)
    return str(calendar.to_ical().decode())


def _spans(component: Any) -> Iterator[Busy]:
    """Every kind but FREE keeps somebody from being booked, the tentative and the unknown ones too (RFC 5545, 3.2.9)."""
    found = component.get("freebusy", [])
    for period in found if isinstance(found, list) else [found]:
        if str(period.params.get("FBTYPE", "BUSY")).upper() != "FREE":
            start, end = period.dt
            yield Busy(_utc(start), _utc(start + end if isinstance(end, timedelta) else end))


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
