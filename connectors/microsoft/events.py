"""Events from Microsoft Graph's events, and Graph's events from invites (learn.microsoft.com/graph/api/resources/event).

Times are requested in UTC. Graph has no sequence numbers, so the invite's uid, sequence and time are stored as properties of ours:
where the event's time differs from that, somebody moved the meeting.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.calendar import Attendee, Event, Invite
from connectors.formats import zones
from connectors.formats.headers import one_line
from connectors.formats.ics import TEXT_CAP, placeholder
from connectors.mail import canonical_email
from connectors.microsoft.api import odata_string
from connectors.net.json_values import objects, text

_OURS = uuid.UUID("c4b6f6b4-3a1e-4f0a-9d1c-5f2b7f0e8a61")
_SET = f"String {{{_OURS}}} Name "  # a property set of our own
OURS, VERSION, TIME = f"{_SET}KeptUid", f"{_SET}KeptSequence", f"{_SET}KeptTime"
EXPAND = f"singleValueExtendedProperties($filter={' or '.join(f'id eq {odata_string(name)}' for name in (OURS, VERSION, TIME))})"
SELECT = (
    "id,iCalUId,changeKey,subject,body,location,organizer,attendees,start,end,isAllDay,isCancelled,isOrganizer,showAs,sensitivity,"
    "type,seriesMasterId,originalStart,originalStartTimeZone,responseStatus,createdDateTime,lastModifiedDateTime,isOnlineMeeting"
)
TIMES = "id,start,end,isAllDay,isCancelled,showAs,originalStartTimeZone,responseStatus"  # enough for busy times
_FREE = frozenset({"free", "workingElsewhere"})
_PRIVATE = frozenset({"private", "confidential", "personal"})
_ANSWERS = {"accepted": "accepted", "organizer": "accepted", "declined": "declined", "tentativelyAccepted": "tentative"}


def read(resource: Mapping[str, Any], uid: str, zone: ZoneInfo, owner: str) -> Event:
    """Return one occurrence; all-day events are days in `zone`, the calendar's. Raises ValueError where a time is not valid."""
    whole = resource.get("isAllDay") is True
    start, end = (_time(resource, name, zone, whole=whole) for name in ("start", "end"))
    if whole and end <= start:  # one day, as an import may have written it (RFC 5545, 3.6.1)
        end = start + timedelta(days=1)
    private = text(resource.get("sensitivity")) in _PRIVATE
    answer, owner = _own_answer(resource), canonical_email(owner)
    body = resource.get("body")
    return Event(
        uid=uid,
        start=start,
        end=max(start, end),
        summary="" if private else _words(resource.get("subject"), 500),
        description="" if private or not isinstance(body, dict) else _words(body.get("content"), TEXT_CAP),
        location="" if private else _words(_inner(resource.get("location"), "displayName"), 500),
        organizer=None if private else _email(resource.get("organizer")),
        attendees=() if private else tuple(_attendees(resource, owner, answer)),
        status=_status(resource, answer),
        busy=_takes_time(resource),
        private=private,
        all_day=whole,
        occurrence=_original(resource) if resource.get("seriesMasterId") else "",
        sequence=_sequence(resource, start, end),
        created=_stamp(resource.get("createdDateTime")),
        modified=_stamp(resource.get("lastModifiedDateTime")),
    )


def time_taken(resource: Mapping[str, Any], zone: ZoneInfo) -> Event | None:
    """Return what can still be told of an event that cannot be read: the time that it takes; None where not even its start can."""
    whole = resource.get("isAllDay") is True
    try:
        start = _time(resource, "start", zone, whole=whole)
    except ValueError:
        return None
    try:
        end: datetime | None = _time(resource, "end", zone, whole=whole)
    except ValueError:
        end = None
    return placeholder(text(resource.get("id")), start, end) if _takes_time(resource) else None


def _takes_time(resource: Mapping[str, Any]) -> bool:
    """Return whether it takes the owner's time: not shown as free, not declined, not cancelled."""
    free = text(resource.get("showAs")) in _FREE or resource.get("isCancelled") is True
    return not free and _own_answer(resource) != "declined"


def own_property(resource: Mapping[str, Any], name: str) -> str:
    """Return one of our properties, empty where it is missing; the server may change the case of its name."""
    for one in objects(resource.get("singleValueExtendedProperties")):
        if text(one.get("id")).lower() == name.lower():
            return text(one.get("value"))
    return ""


def new_event(invite: Invite) -> dict[str, Any]:
    """Return the event to create. Its transactionId is this version's, so that a cancelled meeting can be booked again."""
    return {**_fields(invite), "transactionId": str(uuid.uuid5(_OURS, f"{invite.uid} {invite.sequence}"))}


def changes(invite: Invite, existing: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields to change in the existing event.

    Unchanged attendees are left out, so that they are not invited again; so is the body of an online meeting, which contains the
    link to join (event-update, Notes).
    """
    attendees = {_email(one) for one in objects(existing.get("attendees"))}
    keep = {"attendees"} if attendees == {canonical_email(one.email) for one in invite.attendees} else set()
    keep |= {"body"} if existing.get("isOnlineMeeting") is True else set()
    return {name: value for name, value in _fields(invite).items() if name not in keep}


def _fields(invite: Invite) -> dict[str, Any]:
    properties = {OURS: invite.uid, VERSION: str(invite.sequence), TIME: _marked(invite.start, invite.end)}
    return {
        "subject": one_line(invite.summary),
        "body": {"contentType": "text", "content": invite.description},
        "start": _moment(invite.start, invite.time_zone),
        "end": _moment(invite.end, invite.time_zone),
        "location": {"displayName": one_line(invite.location)},
        "attendees": [
            {"type": "required", "emailAddress": {"address": one.email, "name": one_line(one.name) or one.email}}
            for one in invite.attendees
        ],
        "singleValueExtendedProperties": [{"id": name, "value": value} for name, value in properties.items()],
    }


def moment(value: object) -> datetime:
    """Return a dateTimeTimeZone as a time in UTC. Raises ValueError."""
    written = text(_inner(value, "dateTime"))
    zone = zones.find(text(_inner(value, "timeZone")) or "UTC")
    if zone is None:
        raise ValueError("its time zone is not known")
    try:
        at = datetime.fromisoformat(written[:26] if "." in written else written)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("its time is not valid") from error


def _time(resource: Mapping[str, Any], name: str, zone: ZoneInfo, *, whole: bool) -> datetime:
    """Return a time; of an all-day event, midnight in the calendar's zone.

    Graph gives an all-day event as its date in UTC, or as midnight in the zone in which it was created.
    """
    at = moment(resource.get(name))
    if not whole:
        return at
    home = zones.find(text(resource.get("originalStartTimeZone")) or "UTC") or zone
    try:
        # An hour more, because clocks may have changed since.
        local = at if (at.hour, at.minute) == (0, 0) else at.astimezone(home) + timedelta(hours=1)
        return datetime.combine(date(local.year, local.month, local.day), datetime.min.time(), zone).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("its time is not valid") from error


def _original(resource: Mapping[str, Any]) -> str:
    """Return when this occurrence was planned or, where Graph does not say, when it is, as ISO text."""
    planned = _stamp(resource.get("originalStart"))
    return planned.isoformat() if planned else moment(resource.get("start")).isoformat()


def _sequence(resource: Mapping[str, Any], start: datetime, end: datetime) -> int:
    version = own_property(resource, VERSION)
    if not version.isdecimal() or len(version) > 9:
        return 0
    return int(version) if own_property(resource, TIME) == _marked(start, end) else int(version) + 1


def _marked(start: datetime, end: datetime) -> str:
    return f"{start.astimezone(UTC):%Y%m%dT%H%M%SZ}/{end.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _moment(at: datetime, zone: str) -> dict[str, str]:
    name = zones.windows_name(zone) or "UTC"
    local = at.astimezone(ZoneInfo(zone) if name != "UTC" else UTC)
    return {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}", "timeZone": name}


def _status(resource: Mapping[str, Any], answer: str) -> str:
    if resource.get("isCancelled") is True:
        return "cancelled"
    return "tentative" if answer == "tentative" or text(resource.get("showAs")) == "tentative" else "confirmed"


def _own_answer(resource: Mapping[str, Any]) -> str:
    """Return the answer of the calendar's owner."""
    return _ANSWERS.get(text(_inner(resource.get("responseStatus"), "response")), "needs-action")


def _attendees(resource: Mapping[str, Any], owner: str, answer: str) -> Iterator[Attendee]:
    """Yield the people, without rooms; the owner's answer is taken from the event itself, which is more reliable."""
    owner_listed = False
    for one in objects(resource.get("attendees"))[:200]:
        email = _email(one)
        if email is None or one.get("type") == "resource":
            continue
        owner_listed = owner_listed or email == owner
        listed_answer = _ANSWERS.get(text(_inner(one.get("status"), "response")), "needs-action")
        name = one_line(text(_inner(one.get("emailAddress"), "name")))[:200]
        yield Attendee(email, "" if name.lower() == email else name, answer if email == owner else listed_answer)
    if answer == "declined" and not owner_listed:
        yield Attendee(owner, "", answer)


def _email(value: object) -> str | None:
    address = canonical_email(one_line(text(_inner(_inner(value, "emailAddress"), "address")))[:320])
    return address if "@" in address else None


def _inner(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _stamp(value: object) -> datetime | None:
    written = text(value)
    try:
        at = datetime.fromisoformat(written[:26] + written[-1] if "." in written and written.endswith("Z") else written)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _words(value: object, most: int) -> str:
    return text(value)[:most].replace("\x00", "").replace("\r\n", "\n").rstrip("\n")
