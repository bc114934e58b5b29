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
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.formats import body, headers, mime, mime_parts
from connectors.formats.mime_parts import DEPTH_CAP, PART_CAP, Leaf, Part
from connectors.mail import Message, Role
from connectors.net.json_values import objects, text

FIELDS = "id,threadId,labelIds,internalDate,payload"  # of messages.get; Kept uses neither the snippet nor the sizes
SKIPPED_LABELS = frozenset({"DRAFT", "SPAM", "TRASH", "CHAT", "SCHEDULED"})
CATEGORY = "x-gmail-category"
TEXT_CAP = 1024 * 1024  # bytes of a part that is worth a request of its own
PARTS = 10  # of one message that are fetched for its words
_NAME = re.compile(r"[!-9;-~]{1,200}")
_CHARSET = re.compile(r";\s*charset\s*=\s*(\"[^\"]*\"|[^\s;]+)", re.IGNORECASE)


class Mail:
    """A message as Gmail gives it: its parts, and the bytes that came along. What is missing for its words may be added."""

    def __init__(self, resource: Mapping[str, Any]) -> None:
        """Take what messages.get answered. Raises ValueError."""
        payload = resource.get("payload")
        if not isinstance(payload, dict):
            raise ValueError("Gmail sent no header for it")  # noqa: TRY004  # what cannot be read is a ValueError everywhere
        self.resource = resource
        self._header = _head(_fields(payload))
        self._contents: dict[str, Leaf] = {}
        self._headers: dict[str, tuple[tuple[str, str], ...]] = {}
        self._attachment_ids: dict[str, tuple[str, int]] = {}
        self._seen = 0
        self._root = self._part(payload, "1", 0)
        self._body = body.read(self._root, self._contents)

    def missing(self) -> tuple[tuple[str, str], ...]:
        """Return (place, attachment id) of parts that did not come along and have words, within the caps."""
        places = [place for place in self._body.missing if place in self._attachment_ids]
        return tuple(
            (place, self._attachment_ids[place][0]) for place in places[:PARTS] if self._attachment_ids[place][1] <= TEXT_CAP
        )

    def missing_calendar(self) -> tuple[str, str] | None:
        """Return (place, attachment id) of a calendar message that did not come along, as none does that has a file name.

        None where one is there: a copy attached as a file says the same (RFC 6047, 2.4).
        """
        calendars = [part.place for part in body.leaves(self._root) if mime.is_calendar(part.media_type, part.name)]
        if not calendars or any(place in self._contents for place in calendars):
            return None
        attachment_id, size = self._attachment_ids.get(calendars[0], ("", 0))
        return (calendars[0], attachment_id) if 0 < size <= mime.CALENDAR_CAP else None

    def add(self, place: str, raw: bytes) -> None:
        """Take the bytes of a part that was missing."""
        self._contents[place] = Leaf(_part_fields(self._headers[place], raw), raw)
        self._body = body.read(self._root, self._contents)

    def message(self, folders: Mapping[str, str], authserv_id: str | None) -> Message:
        """Return the message; `folders` are the user's labels by id. Raises ValueError."""
        labels = labels_of(self.resource)
        folder, role = folder_and_role(labels, folders)
        lost = bool(self._body.missing) and not self._body.text.strip()
        message = mime.assemble(
            headers.parse_fields(self._header),
            self._body._replace(unread=self._body.unread or body.TOO_LARGE) if lost else self._body,
            role=role,
            folder=folder,
            received=_moment(self.resource.get("internalDate")),
            authserv_id=authserv_id,
            transmitted=True,  # what has not left has a label of SKIPPED_LABELS
        )
        category = next((label[9:].lower() for label in labels if label.startswith("CATEGORY_")), "")
        # The tab that Gmail shows it in is a guess about the mail, kept beside its headers; nothing hides a mail because of it.
        kept = {**message.headers, CATEGORY: category} if category else message.headers
        found = mime.calendar_in(self._contents.values())
        return dataclasses.replace(message, conversation=text(self.resource.get("threadId")) or None, headers=kept, itip=found)

    def _part(self, part: Mapping[str, Any], place: str, depth: int) -> Part:
        """Return a part within the caps; a mail inside the mail is one leaf, as in mime_parts.py, although Gmail shows its parts."""
        self._seen += 1
        fields = _fields(part)
        values = {name.lower(): value for name, value in reversed(fields)}
        kind = text(part.get("mimeType")).lower()[:200] or "text/plain"
        content_id = values.get("content-id", "")[:300].strip("<> ")
        if kind.startswith("multipart/") and depth < DEPTH_CAP:
            inner = objects(part.get("parts"))[: max(0, PART_CAP - self._seen)]
            parts = tuple(self._part(one, f"{place}.{number}", depth + 1) for number, one in enumerate(inner, 1))
            return Part(kind, parts, content_id=content_id, start=mime_parts.related_start(values))
        return self._leaf(part, place, kind, fields, values)

    def _leaf(
        self, part: Mapping[str, Any], place: str, kind: str, fields: tuple[tuple[str, str], ...], values: Mapping[str, str]
    ) -> Part:
        stated = part.get("body")
        content = stated if isinstance(stated, dict) else {}
        size = content.get("size")
        size = size if isinstance(size, int) and size >= 0 else 0
        self._headers[place] = fields
        raw = _decoded(text(content.get("data")))
        if raw or not content.get("attachmentId"):
            self._contents[place] = Leaf(_part_fields(fields, raw), raw)
        else:
            self._attachment_ids[place] = text(content.get("attachmentId")), size
        name = mime_parts.part_filename(values) or text(part.get("filename"))[:200]
        return Part(kind, (), name, mime_parts.disposition(values), size, place, values.get("content-id", "")[:300].strip("<> "))


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


def _fields(part: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((text(item.get("name")), text(item.get("value"))) for item in objects(part.get("headers"))[:2000])


def _head(fields: tuple[tuple[str, str], ...]) -> bytes:
    """Return a header as mime.py reads it. A value with a line end in it must not begin another field."""
    lines = (f"{name}: {' '.join(value.splitlines())}" for name, value in fields if _NAME.fullmatch(name))
    return "\r\n".join(lines).encode("utf-8", "replace")


def _part_fields(sent: tuple[tuple[str, str], ...], raw: bytes) -> Mapping[str, str]:
    """Return a part's header without its transfer encoding, which Gmail has already decoded, and with the charset it decoded to."""
    fields = {name.lower(): value for name, value in reversed(sent) if name.lower() != "content-transfer-encoding"}
    if fields.get("content-type", "text/").lower().startswith("text/") and b"\x1b" not in raw:  # ISO-2022-JP looks like ASCII
        try:
            raw.decode()
            fields["content-type"] = f"{_CHARSET.sub('', fields.get('content-type', 'text/plain'))}; charset=utf-8"
        except UnicodeDecodeError:
            pass
    return fields


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
