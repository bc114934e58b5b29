"""Free/busy as iCalendar: reading a server's reply (RFC 5545, 3.6.4) and requesting another person's times (RFC 5546, 3.3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar

from connectors.calendar import Busy, Window, merge_spans
from connectors.formats import ics
from connectors.formats.stable_ids import stable_id


def read(text: str, window: Window) -> tuple[Busy, ...]:
    """Return the busy spans of a VFREEBUSY inside the window, merged and in order. Raises ValueError for any other text."""
    try:
        components = icalendar.Calendar.from_ical(text).walk("VFREEBUSY")
        spans = [span for component in components for span in _spans(component)]
    except Exception as error:  # the library raises whatever hostile input leads it to
        raise ValueError(f"it is not a free/busy reply ({type(error).__name__})") from error
    if not components:
        raise ValueError("it is not a free/busy reply")
    return merge_spans(spans, window)


def request(organizer: str, email: str, window: Window) -> str:
    """Return the VFREEBUSY request by which `organizer` asks when `email` is busy. It changes nothing, so DTSTAMP is the window's start."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", ics.PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    component = icalendar.FreeBusy()
    component.add("uid", f"kept-{stable_id(f'{organizer} {email} {window}')}")
    component.add("dtstamp", window.start.astimezone(UTC))
    component.add("dtstart", window.start.astimezone(UTC))
    component.add("dtend", window.end.astimezone(UTC))
    component.add("organizer", f"mailto:{organizer}")
    component.add("attendee", f"mailto:{email}")
    calendar.add_component(component)
    return str(calendar.to_ical().decode())


def _spans(component: Any) -> Iterator[Busy]:
    """Yield every period but the FREE ones: tentative and unknown ones count as busy too (RFC 5545, 3.2.9)."""
    periods = component.get("freebusy", [])
    for period in periods if isinstance(periods, list) else [periods]:
        if str(period.params.get("FBTYPE", "BUSY")).upper() != "FREE":
            start, end = period.dt
            yield Busy(_utc(start), _utc(start + end if isinstance(end, timedelta) else end))


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
