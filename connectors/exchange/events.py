"""Calendar items of Exchange as events, and invites as calendar items.

Exchange counts a meeting's versions itself and raises the count as it likes, so Kept's own goes along in a property of its own, with
the times that it was written for: where the item now shows others, somebody moved it by hand. The uid goes along the same way, beside
the item's UID, because a server may assign a UID of its own.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.calendar import Attendee, Event, Invite
from connectors.exchange import soap
from connectors.exchange.soap import NAMES, Element
from connectors.formats import zones
from connectors.formats.ics import TEXT_CAP
from connectors.formats.stable_ids import stable_id
from connectors.mail import canonical_email
from connectors.net.tls import server_text

_SET = "c1d9f6a2-5a0e-4f0c-9c4e-8f6f2b7d1e35"  # of properties that only Kept writes
KEPT_UID = soap.extended_field("String", PropertySetId=_SET, PropertyName="KeptUid")
KEPT_VERSION = soap.extended_field("String", PropertySetId=_SET, PropertyName="KeptVersion")
# PidLidCleanGlobalObjectId, [MS-OXOCAL] 2.2.1.28: the same for a series and its occurrences. The UID itself cannot be searched.
GLOBAL_OBJECT_ID = soap.extended_field("Binary", DistinguishedPropertySetId="Meeting", PropertyId="35")
SUMMARY_FIELDS = (
    "item:Sensitivity",
    *(f"calendar:{n}" for n in "UID Start End IsAllDayEvent LegacyFreeBusyStatus IsCancelled MyResponseType".split()),
)
DETAIL_FIELDS = (
    *SUMMARY_FIELDS,
    *(f"item:{n}" for n in "Subject Body DateTimeCreated LastModifiedTime".split()),
    *(
        f"calendar:{n}"
        for n in "RecurrenceId DateTimeStamp OriginalStart Location CalendarItemType Organizer RequiredAttendees OptionalAttendees"
        " AppointmentSequenceNumber StartTimeZone".split()
    ),
)
_FREE = frozenset({"Free", "WorkingElsewhere"})
_RESPONSES = {"Accept": "accepted", "Decline": "declined", "Tentative": "tentative", "Organizer": "accepted"}
_HEX_UID = re.compile(r"040000008200E00074C5B7101A82E008[0-9A-F]*", re.IGNORECASE)
_VERSION = re.compile(r"(\d{1,9}) (\S{1,40}) (\S{1,40})", re.ASCII)


class ItemId(NamedTuple):
    """A calendar item as the server names it; the change key is another one after each change."""

    id: str
    change_key: str


class Occurrence(NamedTuple):
    """An occurrence as a list shows it: its item, its uid, and its event without text; None where it has no time."""

    item: ItemId
    uid: str
    event: Event | None


def item_id(element: Element) -> ItemId:
    """Return the item's id and change key, empty where there is none."""
    child = element.find("t:ItemId", NAMES)
    return ItemId(str(child.get("Id") or ""), str(child.get("ChangeKey") or "")) if child is not None else ItemId("", "")


def occurrence(element: Element, zone: str) -> Occurrence:
    """Return an occurrence of a list."""
    item, uid = item_id(element), _uid(element)
    try:
        return Occurrence(item, uid, read(element, zone))
    except ValueError:
        return Occurrence(item, uid, None)


def read(element: Element, zone: str) -> Event:
    """Return a calendar item as an event, its times in UTC; `zone` is the calendar's. Raises ValueError where it has no time."""
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
        occurrence=_original_start(element, start),
        sequence=_sequence(element, start, end),
        created=soap.moment(element, "t:DateTimeCreated") or soap.moment(element, "t:DateTimeStamp"),
        modified=soap.moment(element, "t:LastModifiedTime"),
    )
    return event if private else _with_text(event, element)


def object_id(uid: str) -> str:
    """Return the global object id that belongs to a uid, in base64 ([MS-OXCICAL] 2.1.3.1.1.20.26)."""
    if _HEX_UID.fullmatch(uid) and len(uid) % 2 == 0 and len(uid) >= 80:
        raw = bytearray.fromhex(uid)
        raw[16:20] = bytes(4)  # the day of one occurrence
        return base64.b64encode(raw).decode()
    inner = b"vCal-Uid\x01\x00\x00\x00" + uid.encode() + b"\x00"
    head = bytes.fromhex("040000008200E00074C5B7101A82E008") + bytes(20)
    return base64.b64encode(head + len(inner).to_bytes(4, "little") + inner).decode()


# --- writing ---


def new(invite: Invite) -> str:
    """Return the invite as a calendar item to create, in the schema's order."""
    zone = _zone(invite.time_zone)
    in_zone = f"<t:StartTimeZone Id={soap.attribute(zone)}/><t:EndTimeZone Id={soap.attribute(zone)}/>" if zone else ""
    return (
        f"<t:CalendarItem>{_subject(invite)}{_body(invite)}{soap.extended_property(KEPT_UID, invite.uid)}"
        f"{soap.extended_property(KEPT_VERSION, _version(invite))}<t:UID>{soap.escaped(invite.uid)}</t:UID>"
        f"<t:Start>{soap.utc_text(invite.start)}</t:Start><t:End>{soap.utc_text(invite.end)}</t:End>"
        f"<t:LegacyFreeBusyStatus>Busy</t:LegacyFreeBusyStatus>{_location(invite)}{_attendees(invite)}{in_zone}</t:CalendarItem>"
    )


def changes(invite: Invite, stored: Event) -> str:
    """Return the updates that turn the stored event into the invite; only what differs, so that attendees keep their answers."""
    version = f"<t:SetItemField>{KEPT_VERSION}{_item(soap.extended_property(KEPT_VERSION, _version(invite)))}</t:SetItemField>"
    fields = [version]
    if stored.summary != invite.summary:
        fields.append(_set("item:Subject", _subject(invite)))
    if stored.description.strip() != invite.description.strip():
        fields.append(_set("item:Body", _body(invite)))
    if stored.start != invite.start:
        fields.append(_set("calendar:Start", f"<t:Start>{soap.utc_text(invite.start)}</t:Start>"))
    if stored.end != invite.end:
        fields.append(_set("calendar:End", f"<t:End>{soap.utc_text(invite.end)}</t:End>"))
    if stored.location != invite.location and not invite.location:
        fields.append('<t:DeleteItemField><t:FieldURI FieldURI="calendar:Location"/></t:DeleteItemField>')
    elif stored.location != invite.location:
        fields.append(_set("calendar:Location", _location(invite)))
    if {a.email for a in stored.attendees} != {a.email for a in invite.attendees} and invite.attendees:
        fields.append(_set("calendar:RequiredAttendees", _attendees(invite)))
    return "".join(fields)


def cancelled(event: Event) -> Event:
    """Return an event of Kept's that lies among the deleted items: its cancellation was its last version."""
    return replace(event, status="cancelled", sequence=event.sequence + 1)


def _set(field: str, inner: str) -> str:
    return f'<t:SetItemField><t:FieldURI FieldURI="{field}"/>{_item(inner)}</t:SetItemField>'


def _item(inner: str) -> str:
    return f"<t:CalendarItem>{inner}</t:CalendarItem>"


def _subject(invite: Invite) -> str:
    return f"<t:Subject>{soap.escaped(server_text(invite.summary, 255))}</t:Subject>"


def _body(invite: Invite) -> str:
    return f'<t:Body BodyType="Text">{soap.escaped(invite.description)}</t:Body>'


def _location(invite: Invite) -> str:
    return f"<t:Location>{soap.escaped(server_text(invite.location, 255))}</t:Location>" if invite.location else ""


def _attendees(invite: Invite) -> str:
    people = "".join(
        f"<t:Attendee><t:Mailbox><t:Name>{soap.escaped(server_text(a.name or a.email))}</t:Name>"
        f"<t:EmailAddress>{soap.escaped(a.email)}</t:EmailAddress></t:Mailbox></t:Attendee>"
        for a in invite.attendees
    )
    return f"<t:RequiredAttendees>{people}</t:RequiredAttendees>" if people else ""


def _version(invite: Invite) -> str:
    return f"{invite.sequence} {soap.utc_text(invite.start)} {soap.utc_text(invite.end)}"


def _zone(name: str) -> str:
    """Return the zone's name in Windows, "" where it has none; then the times are in UTC."""
    return zones.windows_name(name) or ""


# --- reading ---


def _with_text(event: Event, element: Element) -> Event:
    organizer = canonical_email(soap.text(element, "t:Organizer/t:Mailbox/t:EmailAddress", 320).strip())
    return replace(
        event,
        summary=server_text(soap.text(element, "t:Subject", 500), 500),
        description=soap.text(element, "t:Body", TEXT_CAP).replace("\r\n", "\n").strip("\n"),
        location=server_text(soap.text(element, "t:Location", 500), 500),
        organizer=organizer if "@" in organizer else None,
        attendees=tuple(_invited(element)),
    )


def _uid(element: Element) -> str:
    kept_uid = soap.extended_values(element).get("keptuid", "")
    return (kept_uid or soap.text(element, "t:UID", 500)).strip() or f"no-uid-{stable_id(item_id(element).id)}"


def _status(element: Element) -> str:
    if soap.flag(element, "t:IsCancelled"):
        return "cancelled"
    return "tentative" if soap.text(element, "t:LegacyFreeBusyStatus", 20) == "Tentative" else "confirmed"


def _busy(element: Element) -> bool:
    """Return whether it takes the owner's time. What does not say so does; what the owner declined does not."""
    declined = soap.text(element, "t:MyResponseType", 20) == "Decline"
    return not declined and soap.text(element, "t:LegacyFreeBusyStatus", 20) not in _FREE


def _original_start(element: Element, start: datetime) -> str:
    """Return when an occurrence of a series would have been, which identifies it even after it was moved; "" for a single event."""
    if soap.text(element, "t:CalendarItemType", 20) not in {"Occurrence", "Exception"}:
        return ""
    return (soap.moment(element, "t:RecurrenceId") or soap.moment(element, "t:OriginalStart") or start).isoformat()


def _sequence(element: Element, start: datetime, end: datetime) -> int:
    written = _VERSION.fullmatch(soap.extended_values(element).get("keptversion", ""))
    if written is None:
        return max(0, soap.number(element, "t:AppointmentSequenceNumber"))
    moved = (written.group(2), written.group(3)) != (soap.utc_text(start), soap.utc_text(end))
    return int(written.group(1)) + moved


def _invited(element: Element) -> Iterator[Attendee]:
    for kind in ("t:RequiredAttendees", "t:OptionalAttendees"):
        for each in list(soap.children(element, kind))[:200]:
            email = canonical_email(soap.text(each, "t:Mailbox/t:EmailAddress", 320).strip())
            if "@" in email:
                name = server_text(soap.text(each, "t:Mailbox/t:Name", 200))
                answer = _RESPONSES.get(soap.text(each, "t:ResponseType", 30), "needs-action")
                yield Attendee(email, "" if name.lower() == email else name, answer)


def _days(element: Element, start: datetime, end: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return the days of an all-day event, from midnight to midnight in the calendar's zone, in UTC.

    Exchange gives the midnights of the zone in which it was entered, as moments, and that zone by its name in Windows.
    """
    candidates = [*_named_zone(element), ZoneInfo(zone), UTC]
    fits = next((z for z in candidates if all(m.astimezone(z).time() == datetime.min.time() for m in (start, end))), None)
    half = timedelta() if fits else timedelta(hours=12)  # an unknown zone: the nearest midnight
    first, last = ((moment + half).astimezone(fits or UTC).date() for moment in (start, end))
    last = max(last, first + timedelta(days=1))
    begin, finish = (datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) for day in (first, last))
    return begin.astimezone(UTC), finish.astimezone(UTC)


def _named_zone(element: Element) -> Iterable[tzinfo]:
    start_zone = element.find("t:StartTimeZone", NAMES)
    zone = zones.find(start_zone.get("Id") or "") if start_zone is not None else None
    return (zone,) if zone else ()
