"""iCalendar text to events, and invites to iCalendar text (RFC 5545, iTIP: RFC 5546).

`icalendar` and `recurring_ical_events` do the parsing and the expansion; here stand the caps, the zones and what an event
means to us. Only ValueError leaves this file. Measured: some hostile files fail only when `.dt` is read, so everything that
touches a component is inside the same guard.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from connectors.calendar import Attendee, Busy, Event, Invite, Window

SIZE_CAP = 1024 * 1024  # characters of one resource
EVENT_CAP = 2_000  # occurrences of one resource in a window
COMPONENT_CAP = 20_000  # events in one file
TEXT_CAP = 8 * 1024
_TOO_OFTEN = re.compile(r"FREQ=(SECONDLY|MINUTELY)", re.IGNORECASE)
PRODID = "-//Kept//Kept//EN"


def read(text: str, window: Window, zone: str = "UTC") -> tuple[Event, ...]:
    """The occurrences of every event in `text` that touch the window, in order; floating times are meant in `zone`.

    Raises ValueError with a reason for a person.
    """
    if len(text) > SIZE_CAP:
        raise ValueError("it is larger than any real calendar event")
    if _TOO_OFTEN.search(text):
        raise ValueError("it repeats every minute or every second, which no meeting does")
    try:
        return _occurrences(text, window, ZoneInfo(zone))
    except ValueError:
        raise
    except Exception as error:  # the libraries raise whatever hostile input leads them to
        raise ValueError(f"it is not valid iCalendar ({type(error).__name__})") from error


def merged(events: Iterable[Event], window: Window) -> tuple[Busy, ...]:
    """The busy spans of these events inside the window, joined where they touch."""
    spans = sorted(
        Busy(max(e.start, window.start), min(e.end, window.end))
        for e in events
        if e.busy and e.status != "cancelled" and e.start < window.end and e.end > window.start
    )
    return join(spans)


def join(spans: Iterable[Busy]) -> tuple[Busy, ...]:
    """Spans in order of start, joined where they touch or overlap."""
    joined: list[Busy] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Busy(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def write(invite: Invite, method: str | None = None) -> str:
    """The invite as a calendar object; with `method` (REQUEST, CANCEL) as an iTIP message."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    event = icalendar.Event()
    event.add("uid", invite.uid)
    event.add("dtstamp", invite.stamp.astimezone(UTC))
    event.add("dtstart", invite.start.astimezone(ZoneInfo(invite.time_zone)))
    event.add("dtend", invite.end.astimezone(ZoneInfo(invite.time_zone)))
    event.add("summary", invite.summary)
    event.add("description", invite.description)
    if invite.location:
        event.add("location", invite.location)
    event.add("sequence", invite.sequence)
    event.add("status", "CANCELLED" if invite.cancelled else "CONFIRMED")
    event.add("organizer", _person(invite.organizer, invite.organizer_name))
    for attendee in invite.attendees:
        event.add("attendee", _person(attendee.email, attendee.name, attendee.answer), encode=False)
    for name, value in invite.headers.items():
        event.add(name, value)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return str(calendar.to_ical().decode())


def uids(text: str) -> tuple[str, ...]:
    """The UIDs of the events in a resource, each once. Raises ValueError."""
    try:
        components = icalendar.Calendar.from_ical(text).walk("VEVENT")
        return tuple(dict.fromkeys(str(c.get("uid")) for c in components if c.get("uid")))
    except Exception as error:  # as above
        raise ValueError(f"it is not valid iCalendar ({type(error).__name__})") from error


def _person(email: str, name: str, answer: str | None = None) -> icalendar.vCalAddress:
    address = icalendar.vCalAddress(f"mailto:{email}")
    if name:
        address.params["CN"] = icalendar.vText(name)
    if answer is not None:
        address.params["ROLE"] = icalendar.vText("REQ-PARTICIPANT")
        address.params["PARTSTAT"] = icalendar.vText(answer.upper())
        address.params["RSVP"] = icalendar.vText("TRUE")
    return address


def _occurrences(text: str, window: Window, zone: ZoneInfo) -> tuple[Event, ...]:
    calendar = icalendar.Calendar.from_ical(text)
    components = calendar.walk("VEVENT")
    if len(components) > COMPONENT_CAP:
        raise ValueError("it holds more events than Kept reads from one file")
    recurring = {str(c.get("uid")) for c in components if c.get("rrule") or c.get("rdate") or c.get("recurrence-id")}
    single = [c for c in components if str(c.get("uid")) not in recurring]
    found = [event for event in (_event(c, zone, series=False) for c in single) if _touches(event, window)]
    if recurring:
        query = recurring_ical_events.of(calendar, skip_bad_series=True)
        expanded = islice(query.between(window.start, window.end), EVENT_CAP)
        found += [_event(c, zone, series=True) for c in expanded if str(c.get("uid")) in recurring]
    return tuple(sorted(found, key=lambda e: (e.start, e.uid, e.occurrence)))


def _touches(event: Event, window: Window) -> bool:
    return event.start < window.end and (event.end > window.start or event.start >= window.start)


def _event(component: Any, zone: ZoneInfo, *, series: bool) -> Event:
    start, end, all_day = _span(component, zone)
    private = str(component.get("class", "PUBLIC")).upper() in {"PRIVATE", "CONFIDENTIAL"}
    occurrence = component.get("recurrence-id")
    return Event(
        uid=_words(component, "uid", 500) or _without_uid(component, start),
        start=start,
        end=end,
        summary="" if private else _words(component, "summary", 500),
        description="" if private else _words(component, "description", TEXT_CAP),
        location="" if private else _words(component, "location", 500),
        organizer=None if private else _email(component.get("organizer")),
        attendees=() if private else tuple(_attendees(component)),
        status=_words(component, "status", 20).lower() or "confirmed",
        busy=_words(component, "transp", 20).upper() != "TRANSPARENT",
        private=private,
        all_day=all_day,
        occurrence=_moment(occurrence.dt, zone).astimezone(UTC).isoformat() if series and occurrence else "",
        sequence=_sequence(component),
        created=_stamp(component, "created") or _stamp(component, "dtstamp"),
        modified=_stamp(component, "last-modified") or _stamp(component, "dtstamp"),
    )


def _span(component: Any, zone: ZoneInfo) -> tuple[datetime, datetime, bool]:
    """DTSTART and DTEND, or DURATION, or RFC 5545's defaults: a day for a date, no time at all for a moment."""
    if component.get("dtstart") is None:
        raise ValueError("an event in it has no start")
    first = component["dtstart"].dt
    all_day = not isinstance(first, datetime)
    start = _moment(first, zone)
    if component.get("dtend") is not None:
        end = _moment(component["dtend"].dt, zone)
    elif component.get("duration") is not None:
        end = start + component["duration"].dt
    else:
        end = _moment(first + timedelta(days=1), zone) if all_day else start
    return start, max(start, end), all_day


def _moment(value: datetime | date, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=zone)
    elif value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    return value.astimezone(UTC)


def _stamp(component: Any, name: str) -> datetime | None:
    value = component.get(name)
    moment = getattr(value, "dt", None)
    return _moment(moment, ZoneInfo("UTC")) if isinstance(moment, datetime) else None


def _sequence(component: Any) -> int:
    try:
        return int(component.get("sequence", 0))
    except (TypeError, ValueError):
        return 0


def _words(component: Any, name: str, most: int) -> str:
    value = component.get(name)
    return str(value[0] if isinstance(value, list) and value else value or "")[:most].replace("\x00", "")


def _without_uid(component: Any, start: datetime) -> str:
    return f"no-uid-{start.isoformat()}-{_words(component, 'summary', 100)}"


def _email(value: Any) -> str | None:
    address = str(value or "").lower().removeprefix("mailto:").strip()
    return address if "@" in address else None


def _attendees(component: Any) -> Iterator[Attendee]:
    found = component.get("attendee", [])
    for one in (found if isinstance(found, list) else [found])[:200]:
        email = _email(one)
        if email:
            params = getattr(one, "params", {})
            yield Attendee(email, str(params.get("CN", ""))[:200], str(params.get("PARTSTAT", "needs-action")).lower())
