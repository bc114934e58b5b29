"""Google's events as Kept's, and invites as Google's events (developers.google.com/workspace/calendar/api/v3/reference/events)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.calendar import Attendee, Event, Invite
from connectors.formats import ics
from connectors.formats.ics import TEXT_CAP
from connectors.mail import canonical_email
from connectors.net.json_values import objects, text

# In the event's private properties, which only this calendar's own copy has: Kept's uid, the version that it wrote and its time.
KEPT_UID, KEPT_SEQUENCE, KEPT_TIME = "keptUid", "keptSequence", "keptTime"
_FREE = frozenset({"workingLocation", "birthday"})  # they say where somebody works, or whose day it is, and take no time
_ANSWERS = {"needsAction": "needs-action", "accepted": "accepted", "declined": "declined", "tentative": "tentative"}
_RESPONSES = {v: k for k, v in _ANSWERS.items()}


def read(resource: Mapping[str, Any], zone: ZoneInfo, *, hidden: bool = False) -> Event:
    """Return one occurrence, its times in UTC. Dates are meant in `zone`, the calendar's; `hidden` leaves out what it says.

    Raises ValueError.
    """
    start, end, whole = _span(resource, zone)
    private = hidden or text(resource.get("visibility")) in {"private", "confidential"}
    people = [] if private else objects(resource.get("attendees"))[:200]
    organizer = resource.get("organizer")
    original = resource.get("originalStartTime") if resource.get("recurringEventId") else None
    return Event(
        uid=uid_of(resource),
        start=start,
        end=end,
        summary="" if private else _text(resource, "summary", 500),
        description="" if private else _text(resource, "description", TEXT_CAP),
        location="" if private else _text(resource, "location", 500),
        organizer=None if private or not isinstance(organizer, dict) else _email(organizer),
        attendees=tuple(_attendee(one, email) for one in people if not one.get("resource") and (email := _email(one))),
        status=text(resource.get("status")) or "confirmed",
        busy=_takes_time(resource),
        private=private,
        all_day=whole,
        occurrence=moment(original, zone).isoformat() if original else "",
        sequence=_sequence(resource, start, end),
        created=_stamp(resource, "created"),
        modified=_stamp(resource, "updated"),
    )


def _span(resource: Mapping[str, Any], zone: ZoneInfo) -> tuple[datetime, datetime, bool]:
    """Return when an event starts and ends, and whether it takes whole days. Raises ValueError."""
    start, end = moment(resource.get("start"), zone), moment(resource.get("end"), zone)
    whole = "date" in resource["start"]
    if whole and end <= start:  # one day, as an import may have written it (RFC 5545, 3.6.1)
        end = start + timedelta(days=1)
    return start, max(start, end), whole


def time_taken(resource: Mapping[str, Any], zone: ZoneInfo) -> Event | None:
    """Return what can still be told of an event that cannot be read: the time that it takes; None where not even its start can."""
    try:
        start = moment(resource.get("start"), zone)
    except (ValueError, OverflowError):
        return None
    try:
        end: datetime | None = moment(resource.get("end"), zone)
    except (ValueError, OverflowError):
        end = None
    taken = _takes_time(resource) and resource.get("status") != "cancelled"
    return ics.placeholder(text(resource.get("id")) or uid_of(resource), start, end) if taken else None


def uid_of(resource: Mapping[str, Any]) -> str:
    """Return Kept's uid, where Kept booked it; else the iCalendar UID, which Google makes itself where the id is chosen (Events: id)."""
    return private_property(resource, KEPT_UID) or text(resource.get("iCalUID"))[:500] or text(resource.get("id"))[:500]


def private_property(resource: Mapping[str, Any], name: str) -> str:
    """Return one of the properties that an application keeps with its event, "" where it is missing."""
    properties = resource.get("extendedProperties")
    own = properties.get("private") if isinstance(properties, dict) else None
    return text(own.get(name)) if isinstance(own, dict) else ""


def _sequence(resource: Mapping[str, Any], start: datetime, end: datetime) -> int:
    """Return Kept's own version as long as the event has the time that Kept wrote, else one more, or Google's count.

    Google counts a version more whenever an event is moved, by Kept too.
    """
    sequence = resource.get("sequence")
    counted = sequence if isinstance(sequence, int) else 0
    own = private_property(resource, KEPT_SEQUENCE)
    if not own.isdecimal() or len(own) > 9:
        return counted
    return int(own) if private_property(resource, KEPT_TIME) == _time(start, end) else max(counted, int(own) + 1)


def _time(start: datetime, end: datetime) -> str:
    return f"{start.astimezone(UTC):%Y%m%dT%H%M%SZ}/{end.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def series_of(resource: Mapping[str, Any]) -> str:
    """Return the id that all occurrences of an event share."""
    return text(resource.get("recurringEventId")) or text(resource.get("id"))


def own_id(uid: str) -> str:
    """Return the id to book an invite under: digits and the letters a to v, as Google wants them (Events: id)."""
    return f"kept{hashlib.sha256(uid.encode()).hexdigest()[:40]}"


def written(invite: Invite, stored: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the body of an insert, or of a change of the stored version; attendees who have answered keep their answer."""
    attendees = {_email(attendee): attendee for attendee in objects((stored or {}).get("attendees"))}
    zone = ZoneInfo(invite.time_zone)
    own = {KEPT_UID: invite.uid, KEPT_SEQUENCE: str(invite.sequence), KEPT_TIME: _time(invite.start, invite.end)}
    body: dict[str, Any] = {
        "summary": _line(invite.summary),
        "description": invite.description,
        "location": _line(invite.location),
        "start": {"dateTime": invite.start.astimezone(zone).isoformat(), "timeZone": invite.time_zone},
        "end": {"dateTime": invite.end.astimezone(zone).isoformat(), "timeZone": invite.time_zone},
        "status": "cancelled" if invite.cancelled else "confirmed",
        "attendees": [_invited(attendee, attendees.get(attendee.email)) for attendee in invite.attendees],
        "extendedProperties": {"private": {**{k: _line(v)[:1024] for k, v in invite.headers.items()}, **own}},
    }
    return body if stored is not None else {"id": own_id(invite.uid), **body}


def moment(value: object, zone: ZoneInfo) -> datetime:
    """Return a time, or a date's midnight in the calendar's zone, in UTC (RFC 3339; `timeZone` where the time names no offset).

    Raises ValueError.
    """
    if not isinstance(value, dict):
        raise ValueError("it has no start or no end")  # noqa: TRY004  # what cannot be read is a ValueError everywhere
    try:
        if text(value.get("date")):
            return datetime.combine(date.fromisoformat(value["date"]), datetime.min.time(), zone).astimezone(UTC)
        stated = datetime.fromisoformat(text(value.get("dateTime")))
        return (stated if stated.tzinfo else stated.replace(tzinfo=_zone(value, zone))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("its time is not valid") from error


def _zone(value: Mapping[str, Any], zone: ZoneInfo) -> ZoneInfo:
    try:
        return ZoneInfo(text(value.get("timeZone")))
    except (KeyError, ValueError, OSError):  # no such zone, not the name of one, a folder of them
        return zone


def _takes_time(resource: Mapping[str, Any]) -> bool:
    """Return whether it takes the owner's time: not marked as free, and not declined."""
    declined = any(one.get("self") and one.get("responseStatus") == "declined" for one in objects(resource.get("attendees")))
    return resource.get("transparency") != "transparent" and text(resource.get("eventType")) not in _FREE and not declined


def _attendee(person: Mapping[str, Any], email: str) -> Attendee:
    answer = _ANSWERS.get(text(person.get("responseStatus")), "needs-action")
    return Attendee(email, text(person.get("displayName"))[:200], answer)


def _invited(attendee: Attendee, stored: Mapping[str, Any] | None) -> dict[str, Any]:
    if stored is not None:
        return dict(stored)
    name = {"displayName": attendee.name} if attendee.name else {}
    return {"email": attendee.email, **name, "responseStatus": _RESPONSES.get(attendee.answer, "needsAction")}


def _email(person: Mapping[str, Any]) -> str | None:
    address = canonical_email(text(person.get("email")).strip()[:320])
    return address if "@" in address else None


def _stamp(resource: Mapping[str, Any], name: str) -> datetime | None:
    try:
        stamp = datetime.fromisoformat(text(resource.get(name)))
        return stamp.astimezone(UTC) if stamp.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _text(resource: Mapping[str, Any], name: str, most: int) -> str:
    return text(resource.get(name))[:most].replace("\x00", "")


def _line(value: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())
