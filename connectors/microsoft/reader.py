"""A message from Microsoft Graph, the same value as it would be by IMAP.

A message that was transmitted has its header (internetMessageHeaders); one that was written in this mailbox has none, and its values
are in properties: In-Reply-To and References in MAPI's (MS-OXOMSG, 2.2.1.19, 2.2.2.25), headers of ours among the named ones
(MS-OXCMSG, PS_INTERNET_HEADERS).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from connectors.formats import body, headers, mime
from connectors.formats.body import Body
from connectors.formats.headers import one_line
from connectors.formats.html import Room, to_text
from connectors.mail import Attachment, Message, Role
from connectors.net import web_mail
from connectors.net.json_values import objects, text

_NAMED = "String {00020386-0000-0000-C000-000000000046} Name "
PROPERTIES: Mapping[str, str] = {
    "String 0x1042": "In-Reply-To",
    "String 0x1039": "References",
    f"{_NAMED}X-Kept-Id": "X-Kept-Id",
    f"{_NAMED}X-Kept-Proof": "X-Kept-Proof",
    f"{_NAMED}{mime.ID_HEADER}": mime.ID_HEADER,
    f"{_NAMED}Auto-Submitted": "Auto-Submitted",
}
OURS_PROPERTY = f"{_NAMED}{mime.ID_HEADER}"  # the Message-ID we gave, in case the server replaces it
SELECT = (
    "id,internetMessageId,internetMessageHeaders,subject,from,sender,toRecipients,ccRecipients,replyTo,sentDateTime,"
    "receivedDateTime,body,hasAttachments,conversationId,isDraft,inferenceClassification,webLink"
)
EXPAND = f"singleValueExtendedProperties($filter={' or '.join(f'id eq {chr(39)}{name}{chr(39)}' for name in PROPERTIES)})"
SIGNAL = "x-inference-classification"  # Outlook's own guess; `kept explain` shows it, and it hides nobody


def shown_body(resource: Mapping[str, Any], attachments: tuple[Attachment, ...]) -> Body:
    """Return what Graph shows of the message's body."""
    stated, room = resource.get("body"), Room()
    words = text(stated.get("content")) if isinstance(stated, dict) else ""
    if isinstance(stated, dict) and text(stated.get("contentType")).lower() == "html":
        words = to_text(words, room)
    shown = body.of_item(words.replace("\r\n", "\n"), attachments)
    return shown._replace(unread=shown.unread or body.TOO_LARGE) if room.exceeded else shown


def read(resource: Mapping[str, Any], content: Body, folder: str, role: Role, authserv_id: str | None) -> Message:
    """Return the message. Raises ValueError where it cannot be understood."""
    message = mime.assemble(
        headers.parse_fields("\r\n".join((*_header(resource), "")).encode("utf-8", "replace")),
        content,
        role=role,
        folder=folder,
        received=moment(resource.get("receivedDateTime")),
        authserv_id=authserv_id,
    )
    signal = text(resource.get("inferenceClassification"))
    left = resource.get("isDraft") is not True
    message = dataclasses.replace(message, web=web_mail.stated(text(resource.get("webLink"))))
    return _with(message, text(resource.get("conversationId")) or None, signal, left=left)


def attachments(value: object) -> tuple[Attachment, ...]:
    """Return the first hundred attachments in Graph's list."""
    return tuple(
        Attachment(
            one_line(text(one.get("name")))[:200], text(one.get("contentType")).lower() or "application/octet-stream", _size(one)
        )
        for one in objects(value)[:100]
    )


def moment(value: object) -> datetime | None:
    """Return a time that Graph wrote (ISO 8601, UTC); None where it is not a time."""
    try:
        at = datetime.fromisoformat(text(value))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _header(resource: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the header, transmitted ones first: of a name the first counts."""
    named: set[str] = set()
    for one in objects(resource.get("internetMessageHeaders")):
        name, value = text(one.get("name")), text(one.get("value"))
        if name:
            named.add(name.lower())
            yield f"{name}: {_folded(value)}"
    for name, value in _property_fields(resource):
        if value and name.lower() not in named:
            yield f"{name}: {value}"


def _property_fields(resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the fields that properties of the message give."""
    yield "Message-ID", one_line(text(resource.get("internetMessageId")))
    yield "From", _people([resource.get("from") or resource.get("sender")])
    for name, key in (("To", "toRecipients"), ("Cc", "ccRecipients"), ("Reply-To", "replyTo")):
        yield name, _people(objects(resource.get(key)))
    yield "Subject", one_line(text(resource.get("subject")))
    sent = moment(resource.get("sentDateTime"))
    yield "Date", format_datetime(sent) if sent else ""
    for one in objects(resource.get("singleValueExtendedProperties")):
        name = next((header for key, header in PROPERTIES.items() if key.lower() == text(one.get("id")).lower()), "")
        if name:
            yield name, one_line(text(one.get("value")))


def _people(recipients: list[Any]) -> str:
    """Return recipients as an address field, without directory names (/O=…), which are not mail addresses."""
    written = []
    for one in recipients:
        address = one.get("emailAddress") if isinstance(one, dict) else None
        email = one_line(text(address.get("address"))) if isinstance(address, dict) else ""
        if "@" in email and not any(c in email for c in "<>,; "):
            name = one_line(text(address.get("name"))).replace("\\", "").replace('"', "") if isinstance(address, dict) else ""
            written.append(f'"{name}" <{email}>' if name and name.lower() != email.lower() else email)
    return ", ".join(written)


def _folded(value: str) -> str:
    """Return a field's value on one line, so that it cannot begin another field."""
    return " ".join(value.splitlines())


def _size(one: Mapping[str, Any]) -> int:
    size = one.get("size")
    return size if isinstance(size, int) and size > 0 else 0


def _with(message: Message, conversation: str | None, signal: str, *, left: bool) -> Message:
    headers = {**message.headers, SIGNAL: signal} if signal else message.headers
    return dataclasses.replace(message, conversation=conversation, headers=headers, transmitted=left)
