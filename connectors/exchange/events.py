"""Calendar items of Exchange as events, and invites as calendar items.

Exchange keeps its own count of a meeting's versions and raises it as it likes, so ours goes along in a property of our own, with
the times it stood for: where the item now shows others, somebody moved it by hand. The uid goes along the same way, beside the
item's UID, because a server may give a UID of its own.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.calendar import Attendee, Event, Invite
from connectors.exchange import soap
from connectors.exchange.soap import NAMES, Element
from connectors.formats import zones
from connectors.formats.ics import TEXT_CAP
from connectors.formats.stable_ids import stable_id
from connectors.net.tls import server_text

_SET = "c1d9f6a2-5a0e-4f0c-9c4e-8f6f2b7d1e35"  # of properties that only Kept writes
UID = soap.extended("String", PropertySetId=_SET, PropertyName="KeptUid")
VERSION = soap.extended("String", PropertySetId=_SET, PropertyName="KeptVersion")
# PidLidCleanGlobalObjectId, [MS-OXOCAL] 2.2.1.28: the same for a series and its occurrences. The UID itself cannot be searched.
OBJECT = soap.extended("Binary", DistinguishedPropertySetId="Meeting", PropertyId="35")
SUMMARY = (
    "item:Sensitivity",
    *(f"calendar:{n}" for n in "UID Start End IsAllDayEvent LegacyFreeBusyStatus IsCancelled MyResponseType".split()),
)
DETAILS = (
    *SUMMARY,
    *(f"item:{n}" for n in "Subject Body DateTimeCreated LastModifiedTime".split()),
    *(
        f"calendar:{n}"
        for n in "RecurrenceId DateTimeStamp OriginalStart Location CalendarItemType Organizer RequiredAttendees OptionalAttendees"
        " AppointmentSequenceNumber StartTimeZone".split()
    ),
)
_FREE = frozenset({"Free", "WorkingElsewhere"})
_ANSWERS = {"Accept": "accepted", "Decline": "declined", "Tentative": "tentative", "Organizer": "accepted"}
_HEX_UID = re.compile(r"040000008200E00074C5B7101A82E008[0-9A-F]*", re.IGNORECASE)
_VERSION = re.compile(r"(\d{1,9}) (\S{1,40}) (\S{1,40})", re.ASCII)


class Item(NamedTuple):
    """A calendar item as the server names it."""

    id: str
    key: str  # its ChangeKey: another one after each change


class Found(NamedTuple):
    """An occurrence as a list shows it: which item, of which event, and its event without words; None where it has no time."""

    item: Item
    uid: str
    event: Event | None


def item_of(element: Element) -> Item:
    """The item's id and change key."""
    found = element.find("t:ItemId", NAMES)
    return Item(str(found.get("Id") or ""), str(found.get("ChangeKey") or "")) if found is not None else Item("", "")


def found(element: Element, zone: str) -> Found:
    """An occurrence out of a list."""
    item, uid = item_of(element), _uid(element)
    try:
        return Found(item, uid, read(element, zone))
    except ValueError:
        return Found(item, uid, None)


def read(element: Element, zone: str) -> Event:
    """A calendar item as an event. Raises ValueError where it has no time."""
    start, end = soap.moment(element, "t:Start"), soap.moment(element, "t:End")
    if start is None or end is None:
        raise ValueError("it has no start or no end")
    if all_day := soap.flag(element, "t:IsAllDayEvent") is True:
        start, end = _days(element, start, end, zone)
    private = soap.text(element, "t:Sensitivity", 20) in {"Private", "Confidential"}
    event = Event(
        uid=_uid(element),
        start=start,
        end=max(start, end),
        status=_status(element),
        busy=_busy(element),
        private=private,
        all_day=all_day,
        occurrence=_occurrence(element, start),
        sequence=_sequence(element, start, end),
        created=soap.moment(element, "t:DateTimeCreated") or soap.moment(element, "t:DateTimeStamp"),
        modified=soap.moment(element, "t:LastModifiedTime"),
    )
    return event if private else _told(event, element)


def object_id(uid: str) -> str:
    """The global object id that goes with a uid, in base64 ([MS-OXCICAL] 2.1.3.1.1.20.26)."""
    if _HEX_UID.fullmatch(uid) and len(uid) % 2 == 0 and len(uid) >= 80:
        raw = bytearray.fromhex(uid)
        raw[16:20] = bytes(4)  # the day of one occurrence
        return base64.b64encode(raw).decode()
    inner = b"vCal-Uid\x01\x00\x00\x00" + uid.encode() + b"\x00"
    head = bytes.fromhex("040000008200E00074C5B7101A82E008") + bytes(20)
    return base64.b64encode(head + len(inner).to_bytes(4, "little") + inner).decode()


# --- writing ---


def new(invite: Invite) -> str:
    """The invite as a calendar item to be created, in the schema's order."""
    zone = _zone(invite.time_zone)
    in_zone = f"<t:StartTimeZone Id={soap.attribute(zone)}/><t:EndTimeZone Id={soap.attribute(zone)}/>" if zone else ""
    return (
        f"<t:CalendarItem>{_subject(invite)}{_body(invite)}{soap.extended_value(UID, invite.uid)}"
        f"{soap.extended_value(VERSION, _version(invite))}<t:UID>{soap.words(invite.uid)}</t:UID>"
        f"<t:Start>{soap.zulu(invite.start)}</t:Start><t:End>{soap.zulu(invite.end)}</t:End>"
        f"<t:LegacyFreeBusyStatus>Busy</t:LegacyFreeBusyStatus>{_location(invite)}{_attendees(invite)}{in_zone}</t:CalendarItem>"
    )


def changes(invite: Invite, there: Event) -> str:
    """What is to be set so that the item says what the invite says; only what differs, so that answers given stay given."""
    version = f"<t:SetItemField>{VERSION}{_item(soap.extended_value(VERSION, _version(invite)))}</t:SetItemField>"
    fields = [version]
    if there.summary != invite.summary:
        fields.append(_set("item:Subject", _subject(invite)))
    if there.description.strip() != invite.description.strip():
        fields.append(_set("item:Body", _body(invite)))
    if there.start != invite.start:
        fields.append(_set("calendar:Start", f"<t:Start>{soap.zulu(invite.start)}</t:Start>"))
    if there.end != invite.end:
        fields.append(_set("calendar:End", f"<t:End>{soap.zulu(invite.end)}</t:End>"))
    if there.location != invite.location and not invite.location:
        fields.append('<t:DeleteItemField><t:FieldURI FieldURI="calendar:Location"/></t:DeleteItemField>')
    elif there.location != invite.location:
        fields.append(_set("calendar:Location", _location(invite)))
    if {a.email for a in there.attendees} != {a.email for a in invite.attendees} and invite.attendees:
        fields.append(_set("calendar:RequiredAttendees", _attendees(invite)))
    return "".join(fields)


def cancelled(event: Event) -> Event:
    """An event of ours that lies among the deleted items: its cancellation was its last version."""
    return replace(event, status="cancelled", sequence=event.sequence + 1)


def _set(field: str, inner: str) -> str:
    return f'<t:SetItemField><t:FieldURI FieldURI="{field}"/>{_item(inner)}</t:SetItemField>'


def _item(inner: str) -> str:
    return f"<t:CalendarItem>{inner}</t:CalendarItem>"


def _subject(invite: Invite) -> str:
    return f"<t:Subject>{soap.words(server_text(invite.summary, 255))}</t:Subject>"


def _body(invite: Invite) -> str:
    return f'<t:Body BodyType="Text">{soap.words(invite.description)}</t:Body>'


def _location(invite: Invite) -> str:
    return f"<t:Location>{soap.words(server_text(invite.location, 255))}</t:Location>" if invite.location else ""


def _attendees(invite: Invite) -> str:
    people = "".join(
        f"<t:Attendee><t:Mailbox><t:Name>{soap.words(server_text(a.name or a.email))}</t:Name>"
        f"<t:EmailAddress>{soap.words(a.email)}</t:EmailAddress></t:Mailbox></t:Attendee>"
        for a in invite.attendees
    )
    return f"<t:RequiredAttendees>{people}</t:RequiredAttendees>" if people else ""


def _version(invite: Invite) -> str:
    return f"{invite.sequence} {soap.zulu(invite.start)} {soap.zulu(invite.end)}"


def _zone(name: str) -> str:
    """The zone's name in Windows, "" where it has none; then the times stand in UTC."""
    return zones.windows_name(name) or ""


# --- reading ---


def _told(event: Event, element: Element) -> Event:
    organizer = soap.text(element, "t:Organizer/t:Mailbox/t:EmailAddress", 320).strip().lower()
    return replace(
        event,
        summary=server_text(soap.text(element, "t:Subject", 500), 500),
        description=soap.text(element, "t:Body", TEXT_CAP).replace("\r\n", "\n").strip("\n"),
        location=server_text(soap.text(element, "t:Location", 500), 500),
        organizer=organizer if "@" in organizer else None,
        attendees=tuple(_invited(element)),
    )


def _uid(element: Element) -> str:
    ours = soap.extended_values(element).get("keptuid", "")
    return (ours or soap.text(element, "t:UID", 500)).strip() or f"no-uid-{stable_id(item_of(element).id)}"


def _status(element: Element) -> str:
    if soap.flag(element, "t:IsCancelled"):
        return "cancelled"
    return "tentative" if soap.text(element, "t:LegacyFreeBusyStatus", 20) == "Tentative" else "confirmed"


def _busy(element: Element) -> bool:
    """What is not said counts as busy; what the owner declined leaves him free."""
    declined = soap.text(element, "t:MyResponseType", 20) == "Decline"
    return not declined and soap.text(element, "t:LegacyFreeBusyStatus", 20) not in _FREE


def _occurrence(element: Element, start: datetime) -> str:
    """Of a series, when it would have been: what tells one occurrence from the others, even after it was moved."""
    if soap.text(element, "t:CalendarItemType", 20) not in {"Occurrence", "Exception"}:
        return ""
    return (soap.moment(element, "t:RecurrenceId") or soap.moment(element, "t:OriginalStart") or start).isoformat()


def _sequence(element: Element, start: datetime, end: datetime) -> int:
    ours = _VERSION.fullmatch(soap.extended_values(element).get("keptversion", ""))
    if ours is None:
        return max(0, soap.number(element, "t:AppointmentSequenceNumber"))
    moved = (ours.group(2), ours.group(3)) != (soap.zulu(start), soap.zulu(end))
    return int(ours.group(1)) + moved


def _invited(element: Element) -> Iterator[Attendee]:
    for kind in ("t:RequiredAttendees", "t:OptionalAttendees"):
        for each in list(soap.children(element, kind))[:200]:
            email = soap.text(each, "t:Mailbox/t:EmailAddress", 320).strip().lower()
            if "@" in email:
                name = server_text(soap.text(each, "t:Mailbox/t:Name", 200))
                answer = _ANSWERS.get(soap.text(each, "t:ResponseType", 30), "needs-action")
                yield Attendee(email, "" if name.lower() == email else name, answer)


def _days(element: Element, start: datetime, end: datetime, zone: str) -> tuple[datetime, datetime]:
    """The days that are meant, from midnight to midnight in the calendar's zone.

    Exchange gives the midnights of the zone in which it was entered, as moments; which zone that was it says by Windows' name.
    """
    candidates = [*_named_zone(element), ZoneInfo(zone), UTC]
    fits = next((z for z in candidates if all(m.astimezone(z).time() == datetime.min.time() for m in (start, end))), None)
    half = timedelta() if fits else timedelta(hours=12)  # a zone that nobody knows: the nearest midnight
    first, last = ((moment + half).astimezone(fits or UTC).date() for moment in (start, end))
    last = max(last, first + timedelta(days=1))
    begin, finish = (datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) for day in (first, last))
    return begin.astimezone(UTC), finish.astimezone(UTC)


def _named_zone(element: Element) -> Iterable[ZoneInfo]:
    said = element.find("t:StartTimeZone", NAMES)
    zone = zones.find(said.get("Id") or "") if said is not None else None
    return (zone,) if zone else ()
