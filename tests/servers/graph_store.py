"""A mailbox as the tests' Microsoft 365 keeps it: folders, mails as they came, and what changed since when."""

from __future__ import annotations

import email
import email.policy
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from connectors.formats import mime
from connectors.mail import Role
from servers import exchange_body

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMED = "String {00020386-0000-0000-C000-000000000046} Name "
WELL_KNOWN = {
    "inbox": "Inbox", "sentitems": "Sent", "drafts": "Drafts", "deleteditems": "Trash", "junkemail": "Junk", "archive": "Archive",
    "outbox": "Outbox", "conversationhistory": "Conversation History",
}  # fmt: skip
_FOLDER_OF = {
    "INBOX": "inbox",
    "Sent": "sentitems",
    "Drafts": "drafts",
    "Trash": "deleteditems",
    "Junk": "junkemail",
    "Archive": "archive",
}


@dataclass
class Item:
    """A mail: as it came, or (`here`) as it was written at this server, which then has no header of its way."""

    id: str
    folder: str
    raw: bytes
    received: datetime
    here: bool = False
    read: bool = False
    draft: bool = False
    inference: str = "focused"

    @property
    def parsed(self) -> Any:
        return email.message_from_bytes(self.raw, policy=email.policy.compat32)


@dataclass
class Folder:
    """A folder; `known` is its well-known name."""

    id: str
    name: str
    known: str = ""
    parent: str = ""


@dataclass
class Store:
    """One mailbox."""

    address: str
    folders: dict[str, Folder] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    log: list[tuple[str, str, str]] = field(default_factory=list)  # what changed: folder, id, "" or "deleted"
    epoch: int = 1  # tokens of an earlier one are no longer honoured
    keeps_ids: bool = True  # whether a mail that is sent keeps its Message-ID
    count: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        for known, name in WELL_KNOWN.items():
            self.folders[f"AAMk-{known}="] = Folder(f"AAMk-{known}=", name, known)

    def folder(self, name: str) -> Folder:
        """By its id, its well-known name or its name; made if need be."""
        wanted = _FOLDER_OF.get(name, name)
        for folder in self.folders.values():
            if wanted in (folder.id, folder.known) or (not folder.known and folder.name == name):
                return folder
        return self.add_folder(name)

    def find_folder(self, name: str) -> Folder | None:
        """By its id or well-known name alone, as the API does."""
        return next((f for f in self.folders.values() if name in (f.id, f.known)), None)

    def add_folder(self, name: str, parent: str = "") -> Folder:
        key = f"AAMk-folder{next(self.count)}="
        self.folders[key] = Folder(key, name, parent=parent)
        return self.folders[key]

    def deliver(self, raw: bytes, folder: str = "INBOX", *, here: bool = False, draft: bool = False) -> Item:
        """A mail comes into a folder."""
        place, number = self.folder(folder), next(self.count)
        item = Item(f"AAMk-item{number}=", place.id, raw, _received(raw, number), here, draft=draft or place.known == "drafts")
        self.items[item.id] = item
        self.log.append((place.id, item.id, ""))
        return item

    def move(self, item: Item, folder: str) -> None:
        """Another program files a mail; its immutable id stays."""
        self.log.append((item.folder, item.id, "deleted"))
        item.folder = self.folder(folder).id
        self.log.append((item.folder, item.id, ""))

    def empty(self, folder: str) -> None:
        """Another program deletes all of it."""
        for item in self.of(self.folder(folder).id):
            del self.items[item.id]
            self.log.append((item.folder, item.id, "deleted"))

    def of(self, folder: str) -> list[Item]:
        """What lies in a folder, in order of its arrival."""
        return sorted((i for i in self.items.values() if i.folder == folder), key=lambda i: (i.received, i.id))

    def changed(self, folder: str, since: int) -> tuple[list[tuple[str, str]], int]:
        """What changed in a folder behind a place of the log, each id once with its last word; and the place now."""
        last: dict[str, str] = {}
        for place, item, how in self.log[since:]:
            if place == folder:
                last.pop(item, None)
                last[item] = how
        return list(last.items()), len(self.log)


def _received(raw: bytes, number: int) -> datetime:
    """As the topmost Received says, else the Date, else one moment after the other."""
    parsed = email.message_from_bytes(raw, policy=email.policy.compat32)
    for said in (str(parsed.get("Received", "")).rpartition(";")[2], str(parsed.get("Date", ""))):
        try:
            moment = parsedate_to_datetime(said.strip())
        except (TypeError, ValueError):
            continue
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return BEGAN + timedelta(seconds=number)


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def message(item: Item, *, plain: bool, expanded: list[str]) -> dict[str, Any]:
    """The mail as Graph shows it, whole; the server picks what was selected."""
    parsed = item.parsed
    read = mime.parse(item.raw, role=Role.OTHER, folder="", received=item.received)
    seen = exchange_body.view(item.raw, item.received)
    subject = read.subject
    found: dict[str, Any] = {
        "id": item.id,
        "createdDateTime": moment(item.received),
        "receivedDateTime": moment(item.received),
        "sentDateTime": moment(read.date),
        "hasAttachments": bool(seen.files),
        "internetMessageId": parsed["Message-ID"].strip() if parsed["Message-ID"] else None,
        "subject": subject,
        "parentFolderId": item.folder,
        "webLink": f"https://outlook.office365.com/owa/?ItemID={item.id}&exvsurl=1&viewmodel=ReadMessageItem",
        "conversationId": "AAQk-" + re.sub(r"^(re|aw|fwd?): *", "", subject, flags=re.IGNORECASE),
        "isRead": item.read,
        "isDraft": item.draft,
        "inferenceClassification": item.inference,
        "from": _recipient(read.sender),
        "sender": _recipient(read.sender),
        "toRecipients": [_recipient(a) for a in read.to],
        "ccRecipients": [_recipient(a) for a in read.cc],
        "replyTo": [_recipient(a) for a in read.reply_to],
        "body": {"contentType": "text" if plain else "html", "content": seen.text.replace("\n", "\r\n")},
    }
    if read.itip is not None:
        found["@odata.type"] = "#microsoft.graph.eventMessage"
    if not item.here:
        lines = ((name, re.sub(r"\r?\n[ \t]+", " ", str(value))) for name, value in parsed.items())
        found["internetMessageHeaders"] = [{"name": name, "value": value} for name, value in lines]
    values = {"String 0x1042": parsed["In-Reply-To"], "String 0x1039": parsed["References"]}
    values |= {f"{NAMED}{name}": parsed[name] for name in parsed if name.lower().startswith(("x-", "auto-"))}
    shown = [{"id": name, "value": re.sub(r"\r?\n[ \t]+", " ", str(values[name]))} for name in expanded if values.get(name)]
    if shown:
        found["singleValueExtendedProperties"] = shown
    return found


def attachments(item: Item) -> list[dict[str, Any]]:
    return [
        {"@odata.type": "#microsoft.graph.fileAttachment", "name": a.name, "contentType": a.media_type, "size": a.size}
        for a in exchange_body.view(item.raw, item.received).files
    ]


def _recipient(address: Any) -> dict[str, Any]:
    return {"emailAddress": {"name": address.name or address.email, "address": address.email}}
