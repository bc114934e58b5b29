"""Google's events as events, and invites as Google's events (developers.google.com/workspace/calendar/api/v3/reference/events)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.calendar import Attendee, Event, Invite
from connectors.formats.ics import TEXT_CAP
from connectors.net.json_values import objects, text

# In the event's private properties, which only this calendar's own copy has: our uid, the version that we wrote and its time.
OURS, VERSION, TIME = "keptUid", "keptSequence", "keptTime"
_FREE = frozenset({"workingLocation", "birthday"})  # say where somebody works, or whose day it is, and take no time
_ANSWERS = {"needsAction": "needs-action", "accepted": "accepted", "declined": "declined", "tentative": "tentative"}
_SAID = {v: k for k, v in _ANSWERS.items()}


def read(resource: Mapping[str, Any], zone: ZoneInfo, *, hidden: bool = False) -> Event:
    """One occurrence; dates are meant in `zone`, the calendar's. `hidden` where its words are not for us. Raises ValueError."""
    start, end = moment(resource.get("start"), zone), moment(resource.get("end"), zone)
    private = hidden or text(resource.get("visibility")) in {"private", "confidential"}
    people = [] if private else objects(resource.get("attendees"))[:200]
    organizer = resource.get("organizer")
    original = resource.get("originalStartTime") if resource.get("recurringEventId") else None
    return Event(
        uid=uid_of(resource),
        start=start,
        end=max(start, end),
        summary="" if private else _words(resource, "summary", 500),
        description="" if private else _words(resource, "description", TEXT_CAP),
        location="" if private else _words(resource, "location", 500),
        organizer=None if private or not isinstance(organizer, dict) else _email(organizer),
        attendees=tuple(_attendee(one, email) for one in people if not one.get("resource") and (email := _email(one))),
        status=text(resource.get("status")) or "confirmed",
        busy=_takes_time(resource),
        private=private,
        all_day="date" in resource["start"],
        occurrence=moment(original, zone).isoformat() if original else "",
        sequence=_sequence(resource, start, end),
        created=_stamp(resource, "created"),
        modified=_stamp(resource, "updated"),
    )


def uid_of(resource: Mapping[str, Any]) -> str:
    """Ours, where we booked it; else the event's iCalendar UID. Google makes that one itself where the id is chosen (Events: id)."""
    return private_property(resource, OURS) or text(resource.get("iCalUID"))[:500] or text(resource.get("id"))[:500]


def private_property(resource: Mapping[str, Any], name: str) -> str:
    """One of the properties that an application keeps with its event."""
    properties = resource.get("extendedProperties")
    own = properties.get("private") if isinstance(properties, dict) else None
    return text(own.get(name)) if isinstance(own, dict) else ""


def _sequence(resource: Mapping[str, Any], start: datetime, end: datetime) -> int:
    """Google counts a version more whenever an event is moved, by us too. Ours is the one that we wrote, as long as its time is."""
    said = resource.get("sequence")
    counted = said if isinstance(said, int) else 0
    own = private_property(resource, VERSION)
    if not own.isdecimal() or len(own) > 9:
        return counted
    return int(own) if private_property(resource, TIME) == _time(start, end) else max(counted, int(own) + 1)


def _time(start: datetime, end: datetime) -> str:
    return f"{start.astimezone(UTC):%Y%m%dT%H%M%SZ}/{end.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def series_of(resource: Mapping[str, Any]) -> str:
    """The id that all occurrences of an event share."""
    return text(resource.get("recurringEventId")) or text(resource.get("id"))


def own_id(uid: str) -> str:
    """The id that we book an invite under: digits and the letters a to v, as Google wants them (Events: id)."""
    return f"kept{hashlib.sha256(uid.encode()).hexdigest()[:40]}"


def written(invite: Invite, there: Mapping[str, Any] | None) -> dict[str, Any]:
    """What to insert, or what to change of the version that is there; who has answered keeps their answer."""
    held = {_email(one): one for one in objects((there or {}).get("attendees"))}
    zone = ZoneInfo(invite.time_zone)
    own = {OURS: invite.uid, VERSION: str(invite.sequence), TIME: _time(invite.start, invite.end)}
    body: dict[str, Any] = {
        "summary": _line(invite.summary),
        "description": invite.description,
        "location": _line(invite.location),
        "start": {"dateTime": invite.start.astimezone(zone).isoformat(), "timeZone": invite.time_zone},
        "end": {"dateTime": invite.end.astimezone(zone).isoformat(), "timeZone": invite.time_zone},
        "status": "cancelled" if invite.cancelled else "confirmed",
        "attendees": [_invited(one, held.get(one.email)) for one in invite.attendees],
        "extendedProperties": {"private": {**{k: _line(v)[:1024] for k, v in invite.headers.items()}, **own}},
    }
    return body if there is not None else {"id": own_id(invite.uid), **body}


def moment(said: object, zone: ZoneInfo) -> datetime:
    """A time, or a date's midnight in the calendar's zone (RFC 3339; `timeZone` where the time names no offset), in UTC.

    Raises ValueError.
    """
    if not isinstance(said, dict):
        raise ValueError("it has no start or no end")  # noqa: TRY004  # what cannot be read is a ValueError everywhere
    try:
        if text(said.get("date")):
            return datetime.combine(date.fromisoformat(said["date"]), datetime.min.time(), zone).astimezone(UTC)
        told = datetime.fromisoformat(text(said.get("dateTime")))
        return (told if told.tzinfo else told.replace(tzinfo=_zone(said, zone))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("its time is not valid") from error


def _zone(said: Mapping[str, Any], zone: ZoneInfo) -> ZoneInfo:
    try:
        return ZoneInfo(text(said.get("timeZone")))
    except (KeyError, ValueError, OSError):  # no such zone, no name of one, a folder of them
        return zone


def _takes_time(resource: Mapping[str, Any]) -> bool:
    """Neither what is marked as free, nor what its owner declined."""
    declined = any(one.get("self") and one.get("responseStatus") == "declined" for one in objects(resource.get("attendees")))
    return resource.get("transparency") != "transparent" and text(resource.get("eventType")) not in _FREE and not declined


def _attendee(one: Mapping[str, Any], email: str) -> Attendee:
    return Attendee(email, text(one.get("displayName"))[:200], _ANSWERS.get(text(one.get("responseStatus")), "needs-action"))


def _invited(one: Attendee, held: Mapping[str, Any] | None) -> dict[str, Any]:
    if held is not None:
        return dict(held)
    named = {"displayName": one.name} if one.name else {}
    return {"email": one.email, **named, "responseStatus": _SAID.get(one.answer, "needsAction")}


def _email(one: Mapping[str, Any]) -> str | None:
    address = text(one.get("email")).strip().lower()[:320]
    return address if "@" in address else None


def _stamp(resource: Mapping[str, Any], name: str) -> datetime | None:
    try:
        told = datetime.fromisoformat(text(resource.get(name)))
        return told.astimezone(UTC) if told.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _words(resource: Mapping[str, Any], name: str, most: int) -> str:
    return text(resource.get(name))[:most].replace("\x00", "")


def _line(value: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())
