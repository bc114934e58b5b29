"""Mails and events of the small Exchange server as the schema shows them: what Exchange keeps of each, in the schema's order."""

from __future__ import annotations

import base64
import dataclasses
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from connectors.calendar import Attendee, Event, Window
from servers import exchange_body
from servers.ews_schema import NAMES
from servers.ews_store import property_xml


def mail_parts(item: Any) -> dict[str, str]:
    """Each property that may be asked for, by the name it is asked for by; "" where the item has none."""
    mail: EmailMessage = item.mail
    header = "".join(f"{name}: {value}\r\n" for name, value in _raw_header(item.raw))
    return {
        "item:MimeContent": f'<t:MimeContent CharacterSet="UTF-8">{base64.b64encode(item.raw).decode()}</t:MimeContent>',
        "item:ItemClass": f"<t:ItemClass>{_kind(item)}</t:ItemClass>",
        "item:Subject": _element("Subject", mail["Subject"]),
        "item:Body": f'<t:Body BodyType="Text">{escape(_printable(exchange_body.view(item.raw, item.received).text))}</t:Body>',
        "item:Attachments": _attachments(item),
        "item:DateTimeReceived": f"<t:DateTimeReceived>{item.received:%Y-%m-%dT%H:%M:%SZ}</t:DateTimeReceived>",
        "item:InReplyTo": _element("InReplyTo", mail["In-Reply-To"]),
        "item:IsDraft": f"<t:IsDraft>{str(item.draft).lower()}</t:IsDraft>",
        "item:DateTimeSent": _sent(mail),
        "0x7d": property_xml('PropertyTag="0x7d" PropertyType="String"', header) if header and not item.written_here else "",
        **{name.lower(): _internet(mail, name) for name in ("X-Kept-Id", "Auto-Submitted", "X-Auto-Response-Suppress")},
        "item:ConversationId": f"<t:ConversationId Id={quoteattr('conversation-' + (mail['Subject'] or '')[-20:])}/>",
        "message:ToRecipients": _people("ToRecipients", mail["To"]),
        "message:CcRecipients": _people("CcRecipients", mail["Cc"]),
        "message:From": _people("From", mail["From"], most=1),
        "message:InternetMessageId": _element("InternetMessageId", mail["Message-ID"]),
        "message:References": _element("References", mail["References"]),
        "message:ReplyTo": _people("ReplyTo", mail["Reply-To"]),
    }


def _kind(item: Any) -> str:
    return "IPM.Note" if item.tag == "Message" else "IPM.Schedule.Meeting.Request"


def _raw_header(raw: bytes) -> list[tuple[str, str]]:
    """The header's fields as they came, folded as they were."""
    head = raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    found: list[tuple[str, str]] = []
    for line in head.split("\r\n"):
        if line.startswith((" ", "\t")) and found:
            found[-1] = (found[-1][0], f"{found[-1][1]}\r\n{line}")
        elif ":" in line:
            name, _, value = line.partition(":")
            found.append((_printable(name), _printable(value.strip())))
    return found


def _printable(text: str) -> str:
    return "".join(c for c in text if c in "\t\r\n" or (c >= " " and c not in "\ufffe\uffff"))


def _element(name: str, value: str | None) -> str:
    return f"<t:{name}>{escape(_printable(str(value)))}</t:{name}>" if value else ""


def _attachments(item: Any) -> str:
    shown = []
    for file in exchange_body.view(item.raw, item.received).files:
        tag = "ItemAttachment" if file.media_type == "message/rfc822" else "FileAttachment"
        kind = "" if tag == "ItemAttachment" else f"<t:ContentType>{escape(file.media_type)}</t:ContentType>"
        shown.append(
            f'<t:{tag}><t:AttachmentId Id="x"/>{_element("Name", file.name)}{kind}<t:Size>{file.size}</t:Size></t:{tag}>'
        )
    return f"<t:Attachments>{''.join(shown)}</t:Attachments>" if shown else ""


def _sent(mail: EmailMessage) -> str:
    try:
        return f"<t:DateTimeSent>{parsedate_to_datetime(mail['Date']).isoformat()}</t:DateTimeSent>"
    except (TypeError, ValueError, IndexError):
        return ""


def _internet(mail: EmailMessage, name: str) -> str:
    uri = f'DistinguishedPropertySetId="InternetHeaders" PropertyName="{name}" PropertyType="String"'
    return property_xml(uri, mail[name]) if mail[name] else ""


def _people(name: str, value: str | None, most: int = 100) -> str:
    found = [(shown, email) for shown, email in getaddresses([str(value or "")]) if email][:most]
    boxes = "".join(
        f"<t:Mailbox>{_element('Name', shown or email)}{_element('EmailAddress', email)}<t:RoutingType>SMTP</t:RoutingType></t:Mailbox>"
        for shown, email in found
    )
    return f"<t:{name}>{boxes}</t:{name}>" if boxes else ""


# --- events ---

_RESPONSES = {"accepted": "Accept", "declined": "Decline", "tentative": "Tentative", "needs-action": "Unknown"}
_SET = 'PropertySetId="c1d9f6a2-5a0e-4f0c-9c4e-8f6f2b7d1e35" PropertyName="{}" PropertyType="String"'
_DIGITS = {"Free": "0", "Tentative": "1", "Busy": "2", "OOF": "3"}


def calendar_parts(entry: Any, event: Event) -> dict[str, str]:
    """Each property of an occurrence that may be asked for; `about` has the last word, as the schema has it."""
    kind = "Single" if not entry.series else "Occurrence" if event.occurrence else "RecurringMaster"
    when = event.occurrence or event.start.isoformat()
    parts = {
        "item:Subject": _element("Subject", event.summary),
        "item:Sensitivity": _element("Sensitivity", "Private" if event.private else "Normal"),
        "item:Body": f'<t:Body BodyType="Text">{escape(event.description)}</t:Body>',
        "item:DateTimeCreated": _time("DateTimeCreated", event.created),
        **{name: property_xml(_SET.format(name), value) for name, value in entry.extended.items()},
        "item:LastModifiedTime": _time("LastModifiedTime", event.modified),
        "calendar:UID": _element("UID", entry.uid),
        "calendar:RecurrenceId": _element("RecurrenceId", when) if kind == "Occurrence" else "",
        "calendar:DateTimeStamp": _time("DateTimeStamp", event.modified),
        "calendar:Start": _time("Start", event.start),
        "calendar:End": _time("End", event.end),
        "calendar:OriginalStart": _element("OriginalStart", when) if kind == "Occurrence" else "",
        "calendar:IsAllDayEvent": _element("IsAllDayEvent", str(event.all_day).lower()),
        "calendar:LegacyFreeBusyStatus": _element("LegacyFreeBusyStatus", _status(entry, event)),
        "calendar:Location": _element("Location", event.location),
        "calendar:IsCancelled": _element("IsCancelled", str(event.status == "cancelled").lower()),
        "calendar:CalendarItemType": _element("CalendarItemType", kind),
        "calendar:MyResponseType": _element("MyResponseType", entry.about.get("MyResponseType", "Organizer")),
        "calendar:Organizer": _people("Organizer", event.organizer, most=1),
        "calendar:RequiredAttendees": _invited(event),
        "calendar:AppointmentSequenceNumber": _element("AppointmentSequenceNumber", str(event.sequence)),
        "calendar:StartTimeZone": f"<t:StartTimeZone Id={quoteattr(entry.about.get('StartTimeZone', 'UTC'))}/>",
    }
    without = [name for name in parts if name.rpartition(":")[2] in entry.about.get("without", "").split()]
    return {**parts, **dict.fromkeys(without, "")}


def free_busy_view(events: list[tuple[Any, Event]], window: Window, kind: str) -> str:
    """What GetUserAvailability tells: times without an offset, in the zone that was asked for, which is UTC."""
    if kind in {"None", "MergedOnly"}:
        merged = ["0"] * int((window.end - window.start) / timedelta(minutes=15))
        for entry, event in events:
            for place in range(len(merged)):
                start = window.start + place * timedelta(minutes=15)
                if event.start < start + timedelta(minutes=15) and event.end > start:
                    merged[place] = _DIGITS[_status(entry, event)]
        digits = f"<t:MergedFreeBusy>{''.join(merged)}</t:MergedFreeBusy>" if kind == "MergedOnly" else ""
        return f"<m:FreeBusyView><t:FreeBusyViewType>{kind}</t:FreeBusyViewType>{digits}</m:FreeBusyView>"
    shown = "".join(
        f"<t:CalendarEvent><t:StartTime>{o.start:%Y-%m-%dT%H:%M:%S}</t:StartTime><t:EndTime>{o.end:%Y-%m-%dT%H:%M:%S}</t:EndTime>"
        f"<t:BusyType>{_status(e, o)}</t:BusyType></t:CalendarEvent>"
        for e, o in events
    )
    array = f"<t:CalendarEventArray>{shown}</t:CalendarEventArray>" if shown else ""
    return f"<m:FreeBusyView><t:FreeBusyViewType>{kind}</t:FreeBusyViewType>{array}</m:FreeBusyView>"


def event_of(element: Any, owner: str) -> Event:
    """A CalendarItem that is to be created."""
    event = Event(_said(element, "UID"), datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC), organizer=owner)
    for child in element:
        event = _with(event, child)
    return event


def extended_of(element: Any) -> dict[str, str]:
    """The properties of Kept's own, by their names in lower case."""
    found = {}
    for each in element.findall("t:ExtendedProperty", NAMES):
        found[each[0].get("PropertyName").lower()] = each[1].text or ""
    return found


def apply(entry: Any, change: Any) -> None:
    """One SetItemField or DeleteItemField."""
    if change.tag.endswith("DeleteItemField"):
        assert change[0].get("FieldURI") == "calendar:Location"
        entry.event = dataclasses.replace(entry.event, location="")
        return
    for child in change[1]:
        entry.event = _with(entry.event, child)
    entry.extended |= extended_of(change[1])


def _with(event: Event, child: Any) -> Event:
    name, text = child.tag.rpartition("}")[2], child.text or ""
    values: dict[str, Any] = {}
    if name in {"Start", "End"}:
        values[name.lower()] = datetime.fromisoformat(text)
    elif name == "RequiredAttendees":
        values["attendees"] = tuple(Attendee(_said(a, "Mailbox/t:EmailAddress"), _said(a, "Mailbox/t:Name")) for a in child)
    elif name in {"Subject", "Body", "Location"}:
        values[{"Subject": "summary", "Body": "description", "Location": "location"}[name]] = text
    return dataclasses.replace(event, **values)


def _said(element: Any, path: str) -> str:
    return str(element.findtext(f"t:{path}", "", NAMES))


def _time(name: str, moment: datetime | None) -> str:
    return f"<t:{name}>{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</t:{name}>" if moment else ""


def _status(entry: Any, event: Event) -> str:
    said = entry.about.get("LegacyFreeBusyStatus")
    return str(said) if said else "Busy" if event.busy else "Free"


def _invited(event: Event) -> str:
    shown = "".join(
        f"<t:Attendee><t:Mailbox>{_element('Name', a.name or a.email)}{_element('EmailAddress', a.email)}</t:Mailbox>"
        f"<t:ResponseType>{_RESPONSES[a.answer]}</t:ResponseType></t:Attendee>"
        for a in event.attendees
    )
    return f"<t:RequiredAttendees>{shown}</t:RequiredAttendees>" if shown else ""
