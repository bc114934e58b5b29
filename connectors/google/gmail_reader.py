"""Gmail's messages as Kept's: the parts that the API returns, put together as formats/mime.py reads them.

`format=full` gives the header, the tree of parts and the text, but no attachment (developers.google.com/workspace/gmail/api/reference/
rest/v1/Format). Text comes decoded from its transfer encoding and in UTF-8, whatever charset its part still names
(github.com/openclaw/gogcli/issues/446; Google's documents do not say it); what is not UTF-8 is read in the charset that is named.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from connectors.formats import mime
from connectors.formats.mime_parts import DEPTH_CAP, PART_CAP
from connectors.mail import Attachment, Itip, Message, Role
from connectors.net.json_values import objects, text

FIELDS = "id,threadId,labelIds,internalDate,payload"  # of messages.get; Kept uses neither the snippet nor the sizes
SKIPPED_LABELS = frozenset({"DRAFT", "SPAM", "TRASH", "CHAT", "SCHEDULED"})
CATEGORY = "x-gmail-category"
TEXT_CAP = 512 * 1024  # bytes of a text that is worth a request of its own
_NAME = re.compile(r"[!-9;-~]{1,200}")
_CHARSET = re.compile(r";\s*charset\s*=\s*(\"[^\"]*\"|[^\s;]+)", re.IGNORECASE)


class Leaf(NamedTuple):
    """A part without parts: its header fields as sent, its media type, its file name, and where its bytes are."""

    fields: tuple[tuple[str, str], ...]
    media_type: str
    file_name: str
    attached: bool
    data: str  # base64url
    attachment_id: str  # to fetch the bytes by, where they did not come along
    size: int


def read(
    resource: Mapping[str, Any],
    folders: Mapping[str, str],
    authserv_id: str | None,
    fetched_text: bytes | None = None,
    fetched_calendar: bytes | None = None,
) -> Message:
    """Return a message. `folders` are the user's labels by id.

    `fetched_text` and `fetched_calendar` are the bytes of the parts that `missing_text` and `missing_calendar` named.

    Raises ValueError.
    """
    payload = resource.get("payload")
    if not isinstance(payload, dict):
        raise ValueError("Gmail sent no header for it")  # noqa: TRY004  # what cannot be read is a ValueError everywhere
    leaves = tuple(_leaves(payload))
    leaf = _text_leaf(leaves)
    labels = labels_of(resource)
    folder, role = folder_and_role(labels, folders)
    body = b"" if leaf is None else fetched_text if fetched_text is not None else _decoded(leaf.data)
    message = mime.parse_parts(
        _head(_fields(payload)),
        _part_head(leaf, body),
        body,
        attachments=tuple(Attachment(part.file_name, part.media_type, part.size) for part in leaves if part.attached)[:100],
        role=role,
        folder=folder,
        received=_moment(resource.get("internalDate")),
        authserv_id=authserv_id,
        transmitted=True,  # what has not left has a label of SKIPPED_LABELS
    )
    found = _calendar_message(leaves, fetched_calendar)
    message = dataclasses.replace(message, itip=found or message.itip)
    category = next((label[9:].lower() for label in labels if label.startswith("CATEGORY_")), "")
    # The tab that Gmail shows it in is a guess about the mail, kept beside its headers; nothing hides a mail because of it.
    headers = {**message.headers, CATEGORY: category} if category else message.headers
    return dataclasses.replace(message, conversation=text(resource.get("threadId")) or None, headers=headers)


def missing_text(resource: Mapping[str, Any]) -> str | None:
    """Return the attachment id of a text that was too long to come along; None where it is there, or longer than TEXT_CAP."""
    payload = resource.get("payload")
    leaf = _text_leaf(tuple(_leaves(payload))) if isinstance(payload, dict) else None
    if leaf is None or leaf.data or not leaf.attachment_id or leaf.size > TEXT_CAP:
        return None
    return leaf.attachment_id


def missing_calendar(resource: Mapping[str, Any]) -> str | None:
    """Return the attachment id of a calendar message that did not come along, as none does that has a file name; None where it is there."""
    payload = resource.get("payload")
    leaf = _calendar_leaf(tuple(_leaves(payload))) if isinstance(payload, dict) else None
    return leaf.attachment_id if leaf is not None and not leaf.data and 0 < leaf.size <= mime.CALENDAR_CAP else None


def _calendar_leaf(leaves: tuple[Leaf, ...]) -> Leaf | None:
    """Return the part with the calendar message, one that came along first; a copy attached as a file says the same (RFC 6047, 2.4)."""
    calendars = [leaf for leaf in leaves if mime.is_calendar(leaf.media_type, leaf.file_name)]
    return next((leaf for leaf in calendars if leaf.data), calendars[0] if calendars else None)


def _calendar_message(leaves: tuple[Leaf, ...], fetched: bytes | None) -> Itip | None:
    leaf = _calendar_leaf(leaves)
    if leaf is None:
        return None
    body = _decoded(leaf.data) if leaf.data else fetched or b""
    head = tuple(field for field in leaf.fields if field[0].lower() != "content-transfer-encoding")  # it is decoded already
    return mime.calendar_part(_head(head), body)


def attachment_bytes(resource: Mapping[str, Any]) -> bytes:
    """Return what messages.attachments.get answered."""
    return _decoded(text(resource.get("data")))


def labels_of(resource: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids of a message's labels."""
    labels = resource.get("labelIds")
    return tuple(label for label in labels if isinstance(label, str)) if isinstance(labels, list) else ()


def folder_and_role(labels: tuple[str, ...], folders: Mapping[str, str]) -> tuple[str, Role]:
    """Return where a person would look for it: the inbox, else sent mail, else one of the user's labels, else the archive."""
    if "INBOX" in labels:
        return "INBOX", Role.INBOX
    if "SENT" in labels:
        return "Sent", Role.SENT
    own = sorted(folders[label] for label in labels if label in folders)
    return (own[0], Role.OTHER) if own else ("Archive", Role.ARCHIVE)


def header_field(resource: Mapping[str, Any], name: str) -> str:
    """Return the value of the first header field of that name, "" where there is none."""
    payload = resource.get("payload")
    fields = _fields(payload) if isinstance(payload, dict) else ()
    return next((value for key, value in fields if key.lower() == name.lower()), "")


def _leaves(payload: Mapping[str, Any]) -> Iterator[Leaf]:
    """Yield the leaves in order, within the caps; a mail inside the mail is one leaf, as in mime_parts.py, although Gmail shows its parts."""
    waiting: list[tuple[Mapping[str, Any], int]] = [(payload, 0)]
    seen = 0
    while waiting and seen < PART_CAP:
        part, depth = waiting.pop()
        seen += 1
        if text(part.get("mimeType")).lower().startswith("multipart/"):
            if depth < DEPTH_CAP:
                waiting += [(inner, depth + 1) for inner in reversed(objects(part.get("parts"))[:PART_CAP])]
        else:
            yield _leaf(part)


def _leaf(part: Mapping[str, Any]) -> Leaf:
    fields = _fields(part)
    values = {name.lower(): value for name, value in reversed(fields)}
    media_type = text(part.get("mimeType")).lower()[:200] or "text/plain"
    file_name = mime.part_filename(values) or text(part.get("filename"))[:200]
    disposition = values.get("content-disposition", "")[:500].partition(";")[0].strip().lower()
    body = part.get("body")
    body = body if isinstance(body, dict) else {}
    size = body.get("size")
    return Leaf(
        fields,
        media_type,
        file_name,
        bool(file_name) or disposition == "attachment" or not media_type.startswith("text/"),
        text(body.get("data")),
        text(body.get("attachmentId")),
        size if isinstance(size, int) and size >= 0 else 0,
    )


def _text_leaf(leaves: tuple[Leaf, ...]) -> Leaf | None:
    """Return the part to read: the first plain text that is not empty, else the first HTML, by the rule of mime.py."""
    texts = [leaf for leaf in leaves if not leaf.attached]
    plain = next((leaf for leaf in texts if leaf.media_type != "text/html"), None)
    html = next((leaf for leaf in texts if leaf.media_type == "text/html"), None)
    if plain is None or (html is not None and not plain.attachment_id and not _decoded(plain.data).strip()):
        return html or plain
    return plain


def _fields(part: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((text(item.get("name")), text(item.get("value"))) for item in objects(part.get("headers"))[:2000])


def _head(fields: tuple[tuple[str, str], ...]) -> bytes:
    """Return a header as mime.py reads it. A value with a line end in it must not begin another field."""
    lines = (f"{name}: {' '.join(value.splitlines())}" for name, value in fields if _NAME.fullmatch(name))
    return "\r\n".join(lines).encode("utf-8", "replace")


def _part_head(leaf: Leaf | None, body: bytes) -> bytes:
    """Return the header of the text part without its transfer encoding, which Gmail has already decoded."""
    sent = next((value for name, value in leaf.fields if name.lower() == "content-type"), "") if leaf else ""
    content_type = sent if sent.partition("/")[2] else (leaf.media_type if leaf else "text/plain")
    if b"\x1b" not in body:  # ISO-2022-JP and its like look like ASCII
        try:
            body.decode()
            content_type = f"{_CHARSET.sub('', content_type)}; charset=utf-8"
        except UnicodeDecodeError:
            pass
    return _head((("Content-Type", content_type),))


def _decoded(data: str) -> bytes:
    """Decode base64url (RFC 4648, 5), with or without its padding; b"" where it is none."""
    try:
        return base64.urlsafe_b64decode(data.rstrip("=") + "=" * (-len(data.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return b""


def _moment(value: object) -> datetime | None:
    """Return internalDate, milliseconds since 1970 as text, as a time in UTC."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,14}", value):
        return None
    return datetime.fromtimestamp(int(value) / 1000, UTC)
