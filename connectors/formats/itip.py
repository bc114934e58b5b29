"""Calendar messages by mail: an iTIP object (RFC 5546) as the changes that it makes or asks for (iMIP, RFC 6047)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from icalendar.prop import vDDDTypes

from connectors.calendar import Event, Window
from connectors.formats import ics, series_repair
from connectors.mail import Itip, ItipChange

PARTS_CAP = 20  # events in one object that are read; RFC 5546 (3.2) allows only those of one series
OCCURRENCES_CAP = 60  # of a series that was moved: a year of weekly meetings
_BEFORE, _AFTER = timedelta(days=31), timedelta(days=366)  # of its DTSTAMP, in which a series is expanded
METHODS = frozenset({"request", "reply", "cancel", "counter", "declinecounter", "add", "refresh"})


def read(text: str, method: str = "") -> Itip | None:
    """Return the calendar message; None where it is none or cannot be read.

    `method` is that of the part's Content-Type, for an object that names none.
    """
    try:
        file = ics.parsed(text, "UTC", PARTS_CAP)
        stated = (file.method or method).lower()
        if stated not in METHODS:  # PUBLISH informs everybody and asks nobody (RFC 5546, 3.2.1)
            return None
        stated = "cancel" if stated == "request" and _is_cancelled(file) else stated
        found = (change for uid, parts in file.series.items() for change in _changes(uid, parts, file, stated))
        changes = tuple(islice(found, OCCURRENCES_CAP))
    except Exception:  # noqa: BLE001  # the libraries raise whatever hostile input leads them to
        return None
    return Itip(stated, changes) if changes else None


def _is_cancelled(file: ics.CalendarFile) -> bool:
    """Whether all that is requested is cancelled, as some booking programs write a cancellation."""
    return all(str(c.get("STATUS", "")).upper() == "CANCELLED" for components in file.series.values() for c in components)


def _changes(uid: str, components: Sequence[Any], file: ics.CalendarFile, method: str) -> Iterator[ItipChange]:
    """Yield what the object says of each event; of a series that is invited to or moved, of each occurrence."""
    stamps = [_stamp(component) for component in components]
    for component, stamp in zip(components, stamps, strict=True):
        component.pop("CLASS", None)  # people are needed here, and the mail was sent to its reader
        if method == "request" and component.get("rrule") is not None and stamp is not None:
            window = Window(stamp - _BEFORE, stamp + _AFTER)
            for event in ics.occurrences(uid, [component], window, file)[:OCCURRENCES_CAP]:
                yield _change(event, stamp)
        else:
            yield _of_component(uid, component, file, stamp)


def _of_component(uid: str, component: Any, file: ics.CalendarFile, stamp: datetime | None) -> ItipChange:
    """Return what one component says. A REPLY or CANCEL need not have a start (RFC 5546, 3.2.3 and 3.2.5)."""
    original, timed = component.get("recurrence-id"), component.get("dtstart") is not None
    if not timed:
        component["DTSTART"] = vDDDTypes(original.dt if original is not None else datetime(1970, 1, 1, tzinfo=UTC))
    series_repair.repair([component], file.zone)
    change = _change(ics.event_of(uid, component, file.zone, series=True), stamp)
    onwards = original is not None and str(original.params.get("RANGE", "")).upper() == "THISANDFUTURE"
    return change._replace(onwards=onwards) if timed else change._replace(onwards=onwards, start=None, end=None, all_day=False)


def _change(event: Event, stamp: datetime | None) -> ItipChange:
    return ItipChange(
        uid=event.uid,
        occurrence=event.occurrence,
        sequence=event.sequence,
        stamp=stamp,
        start=event.start,
        end=event.end,
        all_day=event.all_day,
        summary=event.summary,
        location=event.location,
        organizer=event.organizer,
        answers=tuple((attendee.email, attendee.answer) for attendee in event.attendees),
    )


def _stamp(component: Any) -> datetime | None:
    """Return DTSTAMP in UTC."""
    try:
        moment = component["DTSTAMP"].dt
    except (KeyError, AttributeError, ValueError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC) if isinstance(moment, datetime) else None
