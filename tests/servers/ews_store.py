"""The mail of one mailbox at the small Exchange server: folders, items, and the log of what was done to them."""

from __future__ import annotations

import base64
import dataclasses
import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from servers.ews_schema import NAMES

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
KNOWN = {  # what every mailbox has: its id in the schema -> the name shown, its class
    "inbox": ("Inbox", "IPF.Note"),
    "sentitems": ("Sent", "IPF.Note"),
    "drafts": ("Drafts", "IPF.Note"),
    "deleteditems": ("Trash", "IPF.Note"),
    "junkemail": ("Junk", "IPF.Note"),
    "outbox": ("Outbox", "IPF.Note"),
    "conversationhistory": ("Conversation History", "IPF.Note"),
    "calendar": ("Calendar", "IPF.Appointment"),
    "contacts": ("Contacts", "IPF.Contact"),
}
NOT_IN_A_LIST = frozenset({"item:Body", "item:Attachments", "item:InternetMessageHeaders", "item:MimeContent"})
_numbers = itertools.count(1)


class Refusal(Exception):  # noqa: N818  # it is what the server says
    def __init__(self, code: str, rest: int | None = None) -> None:
        super().__init__(code)
        self.code, self.rest = code, rest


@dataclasses.dataclass
class Folder:
    id: str
    name: str
    parent: str
    kind: str
    known: str = ""
    log: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    closed: bool = False


@dataclasses.dataclass
class Item:
    id: str
    folder: str
    raw: bytes
    received: datetime
    draft: bool = False
    read: bool = False
    written_here: bool = False  # by a program at this server: there is no header of its way
    tag: str = "Message"
    extended: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)


class Store:
    """One mailbox."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.folders: dict[str, Folder] = {}
        self.items: dict[str, Item] = {}
        self.corrupt: set[str] = set()
        self.keeps_ids = True  # whether a mail made of MIME keeps its Message-ID
        self.hierarchy: list[tuple[str, str]] = []
        self.epoch = 0  # of its sync states: those of another are not honoured
        self.commits = 0
        self.root = self.add_folder("Top of Information Store", "", "", "msgfolderroot").id
        for known, (name, kind) in KNOWN.items():
            self.add_folder(name, self.root, kind, known)

    # --- what another program does ---

    def add_folder(self, name: str, parent: str | None = None, kind: str = "IPF.Note", known: str = "") -> Folder:
        folder = Folder(self.new_id(), name, self.root if parent is None else parent, kind, known)
        self.folders[folder.id] = folder
        self.hierarchy.append(("Create", folder.id))
        return folder

    def folder(self, name: str) -> Folder:
        """By its well-known id or its name; made if need be."""
        wanted = {"INBOX": "inbox"}.get(name, name)
        return next((f for f in self.folders.values() if wanted in {f.known, f.name}), None) or self.add_folder(name)

    def remove_folder(self, name: str) -> None:
        folder = self.folder(name)
        del self.folders[folder.id]
        self.hierarchy.append(("Delete", folder.id))

    def deliver(self, raw: bytes, name: str = "INBOX", *, here: bool = False) -> Item:
        folder = self.folder(name)
        mail = message_from_bytes(raw, policy=policy.compat32)
        said = (mail.get("Received", "").rpartition(";")[2] or mail.get("Date", "")).strip()
        try:
            received = parsedate_to_datetime(said).astimezone(UTC)
        except (TypeError, ValueError, IndexError):
            received = BEGAN
        item = Item(self.new_id(), folder.id, raw, received, draft=folder.known == "drafts", written_here=here, tag=_tag(raw))
        self.add(item)
        return item

    def add(self, item: Any) -> None:
        self.items[item.id] = item
        self.commit(item.folder, "Create", item.id)

    def empty(self, name: str) -> None:
        folder = self.folder(name)
        for item in [i for i in self.items.values() if i.folder == folder.id]:
            del self.items[item.id]
            self.commit(folder.id, "Delete", item.id)

    def commit(self, folder: str, verb: str, item: str) -> None:
        self.commits += 1
        self.folders[folder].log.append((verb, item))

    def new_id(self) -> str:
        return base64.b64encode(f"{self.address}|{next(_numbers)}".encode()).decode()

    def of(self, folder: str) -> list[Any]:
        return [i for i in self.items.values() if i.folder == folder]

    # --- the operations ---

    def get_folder(self, request: Any) -> Iterator[str]:
        wanted = wanted_of(request.find("m:FolderShape", NAMES))
        for each in request.find("m:FolderIds", NAMES):
            try:
                yield message("GetFolder", f"<m:Folders>{self.folder_xml(self.place(each), wanted)}</m:Folders>")
            except Refusal as refusal:
                yield message("GetFolder", "", refusal.code)

    def find_folder(self, request: Any) -> Iterator[str]:
        wanted = wanted_of(request.find("m:FolderShape", NAMES))
        shown = "".join(self.folder_xml(f, wanted) for f in self.folders.values() if f.known != "msgfolderroot")
        count = len(self.folders) - 1
        about = f'TotalItemsInView="{count}" IncludesLastItemInRange="true" IndexedPagingOffset="{count}"'
        yield message("FindFolder", f"<m:RootFolder {about}><t:Folders>{shown}</t:Folders></m:RootFolder>")

    def sync_folder_hierarchy(self, request: Any) -> Iterator[str]:
        start = self.position(request, "hierarchy")
        wanted = wanted_of(request.find("m:FolderShape", NAMES))
        page, state = self.hierarchy[start:], self.state("hierarchy", len(self.hierarchy))
        changes = []
        for verb, each in page:
            if verb == "Delete" and start:
                changes.append(f"<t:Delete><t:FolderId Id={quoteattr(each)}/></t:Delete>")
            elif each in self.folders and each != self.root:
                changes.append(f"<t:Create>{self.folder_xml(self.folders[each], wanted)}</t:Create>")
        yield message(
            "SyncFolderHierarchy",
            f"{state}<m:IncludesLastFolderInRange>true</m:IncludesLastFolderInRange><m:Changes>{''.join(changes)}</m:Changes>",
        )

    def sync_folder_items(self, request: Any) -> Iterator[str]:
        folder = self.place(request.find("m:SyncFolderId", NAMES)[0])
        start = self.position(request, folder.id)
        most = int(request.findtext("m:MaxChangesReturned", namespaces=NAMES))
        wanted = wanted_of(request.find("m:ItemShape", NAMES))
        if set(wanted) & NOT_IN_A_LIST:
            raise Refusal("ErrorInvalidPropertyRequest")
        page = folder.log[start : start + most]
        changes = "".join(self.change(verb, each, wanted) for verb, each in page)
        last = str(start + most >= len(folder.log)).lower()
        state = self.state(folder.id, start + len(page))
        yield message(
            "SyncFolderItems",
            f"{state}<m:IncludesLastItemInRange>{last}</m:IncludesLastItemInRange><m:Changes>{changes}</m:Changes>",
        )

    def change(self, verb: str, each: str, wanted: list[str]) -> str:
        if verb == "Delete":
            return f"<t:Delete><t:ItemId Id={quoteattr(each)}/></t:Delete>"
        if each not in self.items:
            return ""
        if verb == "ReadFlagChange":
            return f"<t:ReadFlagChange><t:ItemId Id={quoteattr(each)}/><t:IsRead>true</t:IsRead></t:ReadFlagChange>"
        return f"<t:{verb}>{self.item_xml(self.items[each], wanted)}</t:{verb}>"

    def delete_item(self, request: Any) -> Iterator[str]:
        assert request.get("DeleteType") == "MoveToDeletedItems"
        for each in request.find("m:ItemIds", NAMES):
            item = self.items.pop(each.get("Id"), None)
            if item is None:
                yield message("DeleteItem", "", "ErrorItemNotFound")
                continue
            self.commit(item.folder, "Delete", item.id)
            item.id, item.folder = self.new_id(), self.folder("deleteditems").id  # a move gives another id
            self.add(item)
            yield message("DeleteItem", "")

    def get_item(self, request: Any) -> Iterator[str]:
        shape = request.find("m:ItemShape", NAMES)
        assert shape.findtext("t:BodyType", namespaces=NAMES) in {None, "Text"}
        for each in request.find("m:ItemIds", NAMES):
            item = self.items.get(each.get("Id"))
            if item is None:
                yield message("GetItem", "<m:Items/>", "ErrorItemNotFound")
            elif item.id in self.corrupt:
                yield message("GetItem", "<m:Items/>", "ErrorCorruptData")
            else:
                yield message("GetItem", f"<m:Items>{self.item_xml(item, wanted_of(shape))}</m:Items>")

    def find_item(self, request: Any) -> Iterator[str]:
        wanted = wanted_of(request.find("m:ItemShape", NAMES))
        asked = [
            (one[0], one.find("t:FieldURIOrConstant/t:Constant", NAMES))
            for one in request.iterfind("m:Restriction//t:IsEqualTo", NAMES)
        ]
        fields = [(field.get("PropertyName") or "Message-ID", constant.get("Value")) for field, constant in asked]
        for each in request.find("m:ParentFolderIds", NAMES):
            try:
                folder = self.place(each)
            except Refusal as refusal:
                yield message("FindItem", "", refusal.code)
                continue
            found = self.of(folder.id)
            if fields:
                found = [i for i in found if any(i.mail[name] == value for name, value in fields)]
            found.sort(key=lambda i: i.received, reverse=True)
            yield found_xml([self.item_xml(i, wanted) for i in found])

    def create_item(self, request: Any) -> Iterator[str]:
        folder = self.place(request.find("m:SavedItemFolderId", NAMES)[0])
        disposition = request.get("MessageDisposition")
        for each in request.find("m:Items", NAMES):
            raw = base64.b64decode(each.findtext("t:MimeContent", namespaces=NAMES))
            if not self.keeps_ids:
                raw = re.sub(rb"(?im)^Message-ID:[^\r\n]*", b"Message-ID: <new@exchange.example>", raw)
            item = self.deliver(raw, folder.known or folder.name, here=True)
            item.draft = disposition == "SaveOnly"
            shown = self.item_xml(item, []) if item.draft else ""
            yield message("CreateItem", f"<m:Items>{shown}</m:Items>")

    # --- how things look ---

    def place(self, element: Any) -> Folder:
        each = element.get("Id")
        known = element.tag.endswith("DistinguishedFolderId")
        folder = next((f for f in self.folders.values() if f.known == each), None) if known else self.folders.get(each)
        if folder is None:
            raise Refusal("ErrorFolderNotFound")
        if folder.closed:
            raise Refusal("ErrorAccessDenied")
        return folder

    def position(self, request: Any, what: str) -> int:
        said = request.findtext("m:SyncState", namespaces=NAMES)
        if not said:
            return 0
        epoch, whose, place = base64.b64decode(said).decode().split(" ")
        if (int(epoch), whose) != (self.epoch, what):
            raise Refusal("ErrorInvalidSyncStateData")
        return int(place)

    def state(self, what: str, place: int) -> str:
        return f"<m:SyncState>{base64.b64encode(f'{self.epoch} {what} {place}'.encode()).decode()}</m:SyncState>"

    def folder_xml(self, folder: Folder, wanted: list[str]) -> str:
        changed = BEGAN + timedelta(seconds=len(folder.log))
        parts = {
            "folder:ParentFolderId": f"<t:ParentFolderId Id={quoteattr(folder.parent)}/>" if folder.parent else "",
            "folder:FolderClass": f"<t:FolderClass>{folder.kind}</t:FolderClass>" if folder.kind else "",
            "folder:DisplayName": f"<t:DisplayName>{escape(folder.name)}</t:DisplayName>",
            "folder:TotalCount": f"<t:TotalCount>{len(self.of(folder.id))}</t:TotalCount>",
            "0x670a": property_xml('PropertyTag="0x670a" PropertyType="SystemTime"', f"{changed:%Y-%m-%dT%H:%M:%SZ}"),
        }
        tag = {"IPF.Appointment": "CalendarFolder", "IPF.Contact": "ContactsFolder"}.get(folder.kind, "Folder")
        shown = "".join(parts[name] for name in parts if name in wanted)
        return f'<t:{tag}><t:FolderId Id={quoteattr(folder.id)} ChangeKey="AQ=="/>{shown}</t:{tag}>'

    def item_xml(self, item: Any, wanted: list[str]) -> str:
        from servers.ews_items import mail_parts

        parts = mail_parts(item) if wanted else {}
        shown = "".join(parts[name] for name in parts if name in wanted and name != "item:MimeContent")
        first = parts["item:MimeContent"] if "item:MimeContent" in wanted else ""  # before the id, as the schema has it
        return f'<t:{item.tag}>{first}<t:ItemId Id={quoteattr(item.id)} ChangeKey="CQ=="/>{shown}</t:{item.tag}>'


def property_xml(uri: str, value: str) -> str:
    """A property outside the schema."""
    return f"<t:ExtendedProperty><t:ExtendedFieldURI {uri}/><t:Value>{escape(value)}</t:Value></t:ExtendedProperty>"


def found_xml(items: list[str], last: bool = True) -> str:
    """The answer of FindItem about one folder."""
    about = f'TotalItemsInView="{len(items)}" IncludesLastItemInRange="{str(last).lower()}" IndexedPagingOffset="{len(items)}"'
    return message("FindItem", f"<m:RootFolder {about}><t:Items>{''.join(items)}</t:Items></m:RootFolder>")


def message(operation: str, inner: str, code: str = "NoError") -> str:
    """One response message."""
    kind, text = ("Success", "") if code == "NoError" else ("Error", "<m:MessageText>It did not work.</m:MessageText>")
    about = f"{text}<m:ResponseCode>{code}</m:ResponseCode>"
    return f'<m:{operation}ResponseMessage ResponseClass="{kind}">{about}{inner}</m:{operation}ResponseMessage>'


def wanted_of(shape: Any) -> list[str]:
    """The properties asked for: by FieldURI, or by the tag, name or number of one outside the schema."""
    asked = shape.findall("t:AdditionalProperties/*", NAMES)
    return [e.get("FieldURI") or (e.get("PropertyName") or e.get("PropertyTag") or e.get("PropertyId")).lower() for e in asked]


def _tag(raw: bytes) -> str:
    """The element of a mail: Exchange makes meeting items of calendar messages."""
    method = re.search(rb"(?m)^METHOD:(REQUEST|REPLY|CANCEL)", raw)
    kinds = {b"REQUEST": "MeetingRequest", b"REPLY": "MeetingResponse", b"CANCEL": "MeetingCancellation"}
    return kinds[method.group(1)] if method else "Message"
