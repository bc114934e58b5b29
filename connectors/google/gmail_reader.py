"""Gmail's messages as messages: the parts that the API hands out, put together as mime.py reads them.

`format=full` gives the header, the tree of parts and the words, but no attachment (developers.google.com/workspace/gmail/api/reference/
rest/v1/Format). Words come decoded from their transfer encoding and in UTF-8, whatever charset their part still names
(github.com/openclaw/gogcli/issues/446; Google's documents do not say it); what is no UTF-8 is read in the charset that is named.
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
from connectors.mail import Attachment, Message, Role
from connectors.net.json_values import objects, text

FIELDS = "id,threadId,labelIds,internalDate,payload"  # of messages.get; the snippet and the sizes are of no use to us
SKIPPED = frozenset({"DRAFT", "SPAM", "TRASH", "CHAT"})
CATEGORY = "x-gmail-category"
TEXT_CAP = 512 * 1024  # bytes of words that are worth a request of their own
_NAME = re.compile(r"[!-9;-~]{1,200}")
_CHARSET = re.compile(r";\s*charset\s*=\s*(\"[^\"]*\"|[^\s;]+)", re.IGNORECASE)


class Leaf(NamedTuple):
    """A part without parts: its fields as told, its media type, its file name, and where its bytes are."""

    fields: tuple[tuple[str, str], ...]
    kind: str
    name: str
    attached: bool
    data: str
    elsewhere: str  # the id to fetch the bytes by, where they did not come along
    size: int


def read(resource: Mapping[str, Any], folders: Mapping[str, str], authserv_id: str | None, words: bytes | None = None) -> Message:
    """One message. `folders` are the user's labels by id; `words` the bytes of the part that `missing_words` named.

    Raises ValueError.
    """
    payload = resource.get("payload")
    if not isinstance(payload, dict):
        raise ValueError("Gmail gave no header of it")  # noqa: TRY004  # what cannot be read is a ValueError everywhere
    leaves = tuple(_leaves(payload))
    leaf = _worded(leaves)
    labels = labels_of(resource)
    folder, role = place(labels, folders)
    head = _head(_fields(payload))
    body = b"" if leaf is None else words if words is not None else _bytes(leaf.data)
    message = mime.parse_parts(
        head,
        _part_head(leaf, body),
        body,
        attachments=tuple(Attachment(part.name, part.kind, part.size) for part in leaves if part.attached)[:100],
        role=role,
        folder=folder,
        received=_moment(resource.get("internalDate")),
        authserv_id=authserv_id,
    )
    category = next((label[9:].lower() for label in labels if label.startswith("CATEGORY_")), "")
    # Which tab Gmail shows it in is a guess about the mail, kept beside its headers; nothing hides a mail because of it.
    kept = {**message.headers, CATEGORY: category} if category else message.headers
    return dataclasses.replace(message, conversation=text(resource.get("threadId")) or None, headers=kept)


def missing_words(resource: Mapping[str, Any]) -> str | None:
    """The id of the text that did not come along because it is long; None where the words are there, or too many."""
    payload = resource.get("payload")
    leaf = _worded(tuple(_leaves(payload))) if isinstance(payload, dict) else None
    return leaf.elsewhere if leaf is not None and leaf.elsewhere and not leaf.data and leaf.size <= TEXT_CAP else None


def bytes_of(body: Mapping[str, Any]) -> bytes:
    """What messages.attachments.get handed out."""
    return _bytes(text(body.get("data")))


def labels_of(resource: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of a message's labels."""
    found = resource.get("labelIds")
    return tuple(label for label in found if isinstance(label, str)) if isinstance(found, list) else ()


def place(labels: tuple[str, ...], folders: Mapping[str, str]) -> tuple[str, Role]:
    """Where a person would look for it: the inbox, else sent mail, else a label of theirs, else the archive."""
    if "INBOX" in labels:
        return "INBOX", Role.INBOX
    if "SENT" in labels:
        return "Sent", Role.SENT
    own = sorted(folders[label] for label in labels if label in folders)
    return (own[0], Role.OTHER) if own else ("Archive", Role.ARCHIVE)


def field(resource: Mapping[str, Any], name: str) -> str:
    """The first header field of that name."""
    payload = resource.get("payload")
    fields = _fields(payload) if isinstance(payload, dict) else ()
    return next((value for said, value in fields if said.lower() == name.lower()), "")


def _leaves(payload: Mapping[str, Any]) -> Iterator[Leaf]:
    """In order, in bounds; a mail inside the mail is one leaf, as in parts.py, although Gmail shows its parts."""
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
    said = {name.lower(): value for name, value in reversed(fields)}
    kind = text(part.get("mimeType")).lower()[:200] or "text/plain"
    name = mime.part_filename(said) or text(part.get("filename"))[:200]
    disposition = said.get("content-disposition", "")[:500].partition(";")[0].strip().lower()
    body = part.get("body") if isinstance(part.get("body"), dict) else {}
    size = body.get("size") if isinstance(body, dict) else 0
    return Leaf(
        fields,
        kind,
        name,
        bool(name) or disposition == "attachment" or not kind.startswith("text/"),
        text(body.get("data")) if isinstance(body, dict) else "",
        text(body.get("attachmentId")) if isinstance(body, dict) else "",
        size if isinstance(size, int) and size >= 0 else 0,
    )


def _worded(leaves: tuple[Leaf, ...]) -> Leaf | None:
    """The part with the words: the first plain text that has any, else the first HTML, by the rule of mime.py."""
    texts = [leaf for leaf in leaves if not leaf.attached]
    plain = next((leaf for leaf in texts if leaf.kind != "text/html"), None)
    html = next((leaf for leaf in texts if leaf.kind == "text/html"), None)
    if plain is None or (html is not None and not plain.elsewhere and not _bytes(plain.data).strip()):
        return html or plain
    return plain


def _fields(part: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((text(one.get("name")), text(one.get("value"))) for one in objects(part.get("headers"))[:2000])


def _head(fields: tuple[tuple[str, str], ...]) -> bytes:
    """A header as mime.py reads it. A value with a line end in it must not begin another field."""
    lines = (f"{name}: {' '.join(value.splitlines())}" for name, value in fields if _NAME.fullmatch(name))
    return "\r\n".join(lines).encode("utf-8", "replace")


def _part_head(leaf: Leaf | None, body: bytes) -> bytes:
    """The header of the part with the words: decoded already, so without its transfer encoding."""
    said = next((value for name, value in leaf.fields if name.lower() == "content-type"), "") if leaf else ""
    kind = said if said.partition("/")[2] else (leaf.kind if leaf else "text/plain")
    if b"\x1b" not in body:  # ISO-2022-JP and its like are ASCII to look at
        try:
            body.decode()
            kind = f"{_CHARSET.sub('', kind)}; charset=utf-8"
        except UnicodeDecodeError:
            pass
    return _head((("Content-Type", kind),))


def _bytes(data: str) -> bytes:
    """base64url (RFC 4648, 5), with or without its padding."""
    try:
        return base64.urlsafe_b64decode(data.rstrip("=") + "=" * (-len(data.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return b""


def _moment(value: object) -> datetime | None:
    """internalDate: milliseconds since 1970 as text."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,14}", value):
        return None
    return datetime.fromtimestamp(int(value) / 1000, UTC)
