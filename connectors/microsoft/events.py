"""Events of Microsoft Graph as events, and invites as Graph's events (learn.microsoft.com/graph/api/resources/event).

Times are asked for in UTC. Graph counts no versions, so the one that we wrote, with its time and our uid, goes along as properties of
ours: where the time is another, somebody moved the meeting.
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
from connectors.formats.ics import TEXT_CAP
from connectors.microsoft.api import literal
from connectors.net.json_values import objects, text

_OURS = uuid.UUID("c4b6f6b4-3a1e-4f0a-9d1c-5f2b7f0e8a61")
_SET = f"String {{{_OURS}}} Name "  # a set of properties that is ours alone
OURS, VERSION, TIME = f"{_SET}KeptUid", f"{_SET}KeptSequence", f"{_SET}KeptTime"
EXPAND = f"singleValueExtendedProperties($filter={' or '.join(f'id eq {literal(name)}' for name in (OURS, VERSION, TIME))})"
SELECT = (
    "id,iCalUId,changeKey,subject,body,location,organizer,attendees,start,end,isAllDay,isCancelled,isOrganizer,showAs,sensitivity,"
    "type,seriesMasterId,originalStart,originalStartTimeZone,responseStatus,createdDateTime,lastModifiedDateTime,isOnlineMeeting"
)
TIMES = "id,start,end,isAllDay,isCancelled,showAs,originalStartTimeZone,responseStatus"  # all that busy times need
_FREE = frozenset({"free", "workingElsewhere"})
_PRIVATE = frozenset({"private", "confidential", "personal"})
_ANSWERS = {"accepted": "accepted", "organizer": "accepted", "declined": "declined", "tentativelyAccepted": "tentative"}


def read(resource: Mapping[str, Any], uid: str, zone: ZoneInfo, who: str) -> Event:
    """One occurrence; whole days are meant in `zone`, the calendar's. Raises ValueError."""
    whole = resource.get("isAllDay") is True
    start, end = (_time(resource, name, zone, whole=whole) for name in ("start", "end"))
    private = text(resource.get("sensitivity")) in _PRIVATE
    answer, who = _own_answer(resource), who.lower()
    body = resource.get("body")
    return Event(
        uid=uid,
        start=start,
        end=max(start, end),
        summary="" if private else _words(resource.get("subject"), 500),
        description="" if private or not isinstance(body, dict) else _words(body.get("content"), TEXT_CAP),
        location="" if private else _words(_inner(resource.get("location"), "displayName"), 500),
        organizer=None if private else _email(resource.get("organizer")),
        attendees=() if private else tuple(_attendees(resource, who, answer)),
        status=_status(resource, answer),
        busy=text(resource.get("showAs")) not in _FREE and answer != "declined" and resource.get("isCancelled") is not True,
        private=private,
        all_day=whole,
        occurrence=_original(resource) if resource.get("seriesMasterId") else "",
        sequence=_sequence(resource, start, end),
        created=_stamp(resource.get("createdDateTime")),
        modified=_stamp(resource.get("lastModifiedDateTime")),
    )


def own(resource: Mapping[str, Any], name: str) -> str:
    """One of our properties; the server may write its name in other letters."""
    for one in objects(resource.get("singleValueExtendedProperties")):
        if text(one.get("id")).lower() == name.lower():
            return text(one.get("value"))
    return ""


def booked(invite: Invite) -> dict[str, Any]:
    """What to book. The transactionId is this version's: one that was cancelled may be booked anew (event: transactionId)."""
    return {**_written(invite), "transactionId": str(uuid.uuid5(_OURS, f"{invite.uid} {invite.sequence}"))}


def changed(invite: Invite, held: Mapping[str, Any]) -> dict[str, Any]:
    """What to change of the version that is there.

    Who is asked already is not asked anew. The text of an online meeting holds the way in, which would be lost (event-update, Notes).
    """
    there = {_email(one) for one in objects(held.get("attendees"))}
    keep = {"attendees"} if there == {one.email.lower() for one in invite.attendees} else set()
    keep |= {"body"} if held.get("isOnlineMeeting") is True else set()
    return {name: value for name, value in _written(invite).items() if name not in keep}


def _written(invite: Invite) -> dict[str, Any]:
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
    """A dateTimeTimeZone as a moment. Raises ValueError."""
    said = text(_inner(value, "dateTime"))
    zone = zones.find(text(_inner(value, "timeZone")) or "UTC")
    if zone is None:
        raise ValueError("its time zone is not known")
    try:
        found = datetime.fromisoformat(said[:26] if "." in said else said)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("its time is not valid") from error


def _time(resource: Mapping[str, Any], name: str, zone: ZoneInfo, *, whole: bool) -> datetime:
    """A time, or of whole days the midnight in the calendar's zone: Graph gives the day itself, or its midnight where it was written."""
    at = moment(resource.get(name))
    if not whole:
        return at
    home = zones.find(text(resource.get("originalStartTimeZone")) or "UTC") or zone
    try:
        # An hour more, because the clocks may have changed since.
        local = at if (at.hour, at.minute) == (0, 0) else at.astimezone(home) + timedelta(hours=1)
        return datetime.combine(date(local.year, local.month, local.day), datetime.min.time(), zone).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("its time is not valid") from error


def _original(resource: Mapping[str, Any]) -> str:
    """When this occurrence would have been; where Graph does not say, when it is."""
    said = _stamp(resource.get("originalStart"))
    return said.isoformat() if said else moment(resource.get("start")).isoformat()


def _sequence(resource: Mapping[str, Any], start: datetime, end: datetime) -> int:
    version = own(resource, VERSION)
    if not version.isdecimal() or len(version) > 9:
        return 0
    return int(version) if own(resource, TIME) == _marked(start, end) else int(version) + 1


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
    """What the calendar's owner answered."""
    return _ANSWERS.get(text(_inner(resource.get("responseStatus"), "response")), "needs-action")


def _attendees(resource: Mapping[str, Any], who: str, answer: str) -> Iterator[Attendee]:
    """The people, without rooms. Of the owner's own answer the event itself knows best."""
    told = False
    for one in objects(resource.get("attendees"))[:200]:
        email = _email(one)
        if email is None or one.get("type") == "resource":
            continue
        told = told or email == who
        said = _ANSWERS.get(text(_inner(one.get("status"), "response")), "needs-action")
        name = one_line(text(_inner(one.get("emailAddress"), "name")))[:200]
        yield Attendee(email, "" if name.lower() == email else name, answer if email == who else said)
    if answer == "declined" and not told:
        yield Attendee(who, "", answer)


def _email(value: object) -> str | None:
    address = one_line(text(_inner(_inner(value, "emailAddress"), "address"))).lower()[:320]
    return address if "@" in address else None


def _inner(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _stamp(value: object) -> datetime | None:
    said = text(value)
    try:
        found = datetime.fromisoformat(said[:26] + said[-1] if "." in said and said.endswith("Z") else said)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _words(value: object, most: int) -> str:
    return text(value)[:most].replace("\x00", "").replace("\r\n", "\n").rstrip("\n")
