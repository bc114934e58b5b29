"""The calendars of one mailbox at the small Exchange server: single items, series with their occurrences, invitations told."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.calendar import Event, Window
from connectors.formats import ics
from servers import ews_items
from servers.ews_schema import NAMES
from servers.ews_store import Refusal, Store, found_xml, message, wanted_of

EVER = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
NOT_IN_A_LIST = frozenset({"item:Body", "calendar:RequiredAttendees", "calendar:OptionalAttendees"})


@dataclasses.dataclass
class Entry:
    """An item in a calendar. One that was written as iCalendar has `text`, from which its occurrences are worked out."""

    id: str
    folder: str
    uid: str
    event: Event
    text: str = ""
    key: int = 1
    corrupt: bool = False
    extended: dict[str, str] = dataclasses.field(default_factory=dict)
    about: dict[str, str] = dataclasses.field(default_factory=dict)  # properties just as the schema has them
    tag: str = "CalendarItem"

    @property
    def series(self) -> bool:
        return "RRULE:" in self.text

    def occurrences(self, window: Window) -> list[Event]:
        if self.text:
            return list(ics.read(self.text, window))
        return [self.event] if self.event.start < window.end and self.event.end > window.start else []


class CalendarStore:
    """Calendar items beside the mail of a Store, in whose folders and logs they are."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.entries: dict[str, Entry] = {}
        self.told: list[tuple[str, str, str]] = []  # to whom the server was asked to send what: operation, mode, uid
        self.view_type = "FreeBusyMerged"
        self.own_uids = False  # whether this server gives UIDs of its own

    # --- what another program does ---

    def write(self, uid: str, text: str, calendar: str = "calendar") -> Entry:
        """As iCalendar. A rule that no Exchange can hold becomes an item that cannot be read."""
        lines = [line for line in text.split("\r\n") if "FREQ=MINUTELY" not in line]
        corrupt = len(lines) < len(text.split("\r\n"))
        text = "\r\n".join(lines)
        event = ics.find(text, uid)
        assert event is not None
        if event.private:  # Exchange keeps its words, and shows them to the owner
            words = ics.find(text.replace("CLASS:PRIVATE", "CLASS:PUBLIC"), uid)
            assert words is not None
            event = dataclasses.replace(words, private=True)
        return self.put(event, text if "RRULE:" in text else "", calendar=calendar, corrupt=corrupt)

    def put(self, event: Event, text: str = "", *, calendar: str = "calendar", corrupt: bool = False, **about: str) -> Entry:
        known = next((e for e in self.entries.values() if e.uid == event.uid), None)
        entry = known or Entry(self.store.new_id(), self.store.folder(calendar).id, event.uid, event)
        entry.event, entry.text, entry.corrupt, entry.key, entry.about = event, text, corrupt, entry.key + 1, about
        self.entries[entry.id] = entry
        self.store.commit(entry.folder, "Update" if known else "Create", entry.id)
        return entry

    def move(self, uid: str, start: datetime) -> None:
        """The owner drags a meeting to another time."""
        entry = self.of(uid)
        length = entry.event.end - entry.event.start
        entry.event = dataclasses.replace(entry.event, start=start, end=start + length, sequence=entry.event.sequence + 1)
        entry.key += 1
        self.store.commit(entry.folder, "Update", entry.id)

    def remove(self, uid: str) -> None:
        entry = self.of(uid)
        del self.entries[entry.id]
        self.store.commit(entry.folder, "Delete", entry.id)

    def of(self, uid: str) -> Entry:
        return next(e for e in self.entries.values() if uid in {e.uid, e.extended.get("keptuid")})

    def held(self, folder: str) -> list[Entry]:
        return [e for e in self.entries.values() if e.folder == folder]

    # --- the operations ---

    def concerned(self, operation: str, request: Any) -> bool:
        """Whether this is about a calendar, and not about mail."""
        if operation == "UpdateItem" or request.find("m:Items/t:CalendarItem", NAMES) is not None:
            return True
        if operation in {"GetItem", "DeleteItem"}:
            return self.entry(request.find("m:ItemIds", NAMES)[0].get("Id")) is not None
        if request.find(".//t:ExtendedFieldURI[@PropertyName='KeptUid']", NAMES) is not None and operation == "FindItem":
            return True
        place = request.find("m:SyncFolderId", NAMES)
        return place is not None and self.store.place(place[0]).kind == "IPF.Appointment"

    def sync_folder_items(self, request: Any) -> Iterator[str]:
        place = self.store.place(request.find("m:SyncFolderId", NAMES)[0])
        start = self.store.position(request, place.id)
        shown = []
        for verb, each in place.log[start : start + 512]:
            if verb == "Delete" or each not in self.entries:
                shown.append(f'<t:Delete><t:ItemId Id="{each}"/></t:Delete>' if verb == "Delete" else "")
            else:
                shown.append(f"<t:{verb}>{self.xml(self.entries[each], self.entries[each].event, [])}</t:{verb}>")
        state = self.store.state(place.id, min(len(place.log), start + 512))
        last = str(start + 512 >= len(place.log)).lower()
        changes = f"<m:IncludesLastItemInRange>{last}</m:IncludesLastItemInRange><m:Changes>{''.join(shown)}</m:Changes>"
        yield message("SyncFolderItems", state + changes)

    def get_item(self, request: Any) -> Iterator[str]:
        wanted = wanted_of(request.find("m:ItemShape", NAMES))
        for each in request.find("m:ItemIds", NAMES):
            entry = self.entry(each.get("Id"))
            if entry is None:
                yield message("GetItem", "<m:Items/>", "ErrorItemNotFound")
            elif entry.corrupt:
                yield message("GetItem", "<m:Items/>", "ErrorCorruptData")
            else:
                yield message("GetItem", f"<m:Items>{self.xml(entry, self.occurrence(entry, each.get('Id')), wanted)}</m:Items>")

    def find_item(self, request: Any) -> Iterator[str]:
        wanted = wanted_of(request.find("m:ItemShape", NAMES))
        if set(wanted) & NOT_IN_A_LIST:
            raise Refusal("ErrorInvalidPropertyRequest")
        place = self.store.place(request.find("m:ParentFolderIds", NAMES)[0])
        view = request.find("m:CalendarView", NAMES)
        if view is None:
            asked = [self.meant(c) for c in request.findall(".//t:IsEqualTo", NAMES)]
            found = [e for e in self.held(place.id) if any(e.extended.get(name, e.uid) == uid for name, uid in asked)]
            yield found_xml([self.xml(e, e.event, wanted) for e in found])
            return
        window = Window(datetime.fromisoformat(view.get("StartDate")), datetime.fromisoformat(view.get("EndDate")))
        if window.end - window.start > timedelta(days=731):
            raise Refusal("ErrorCalendarViewRangeTooBig")
        seen = [(e, o) for e in self.held(place.id) for o in e.occurrences(window)]
        seen.sort(key=lambda pair: pair[1].start)
        most = int(view.get("MaxEntriesReturned", "1000"))
        yield found_xml([self.xml(e, o, wanted) for e, o in seen[:most]], len(seen) <= most)

    def meant(self, condition: Any) -> tuple[str, str]:
        """The property a condition is about, and the uid that its value stands for."""
        field, value = condition[0], condition[1][0].get("Value")
        if field.get("PropertyName"):
            return field.get("PropertyName").lower(), value
        raw = base64.b64decode(value)
        head, mark, rest = raw.partition(b"vCal-Uid\x01\x00\x00\x00")
        assert head[:16].hex() == "040000008200e00074c5b7101a82e008"
        return "", rest[:-1].decode() if mark else raw.hex().upper()

    def create_item(self, request: Any) -> Iterator[str]:
        place = self.store.place(request.find("m:SavedItemFolderId", NAMES)[0])
        for each in request.find("m:Items", NAMES):
            event = ews_items.event_of(each, self.store.address)
            extended = ews_items.extended_of(each)
            if self.own_uids:
                event = dataclasses.replace(event, uid=f"040000008200E00074C5B7101A82E008{len(self.entries):048X}")
            entry = Entry(self.store.new_id(), place.id, event.uid, event, extended=extended)
            self.entries[entry.id] = entry
            self.store.commit(place.id, "Create", entry.id)
            self.told.append(("CreateItem", request.get("SendMeetingInvitations"), event.uid))
            yield message("CreateItem", f"<m:Items>{self.xml(entry, event, [])}</m:Items>")

    def update_item(self, request: Any) -> Iterator[str]:
        assert request.get("ConflictResolution") == "NeverOverwrite"
        for change in request.find("m:ItemChanges", NAMES):
            entry = self.named(change.find("t:ItemId", NAMES))
            before = (entry.event.start, entry.event.end)
            for field in change.find("t:Updates", NAMES):
                ews_items.apply(entry, field)
            if (entry.event.start, entry.event.end) != before:
                entry.event = dataclasses.replace(entry.event, sequence=entry.event.sequence + 1)
            entry.key += 1
            self.store.commit(entry.folder, "Update", entry.id)
            self.told.append(("UpdateItem", request.get("SendMeetingInvitationsOrCancellations"), entry.uid))
            shown = f"<m:Items>{self.xml(entry, entry.event, [])}</m:Items><m:ConflictResults><t:Count>0</t:Count></m:ConflictResults>"
            yield message("UpdateItem", shown)

    def delete_item(self, request: Any) -> Iterator[str]:
        assert request.get("DeleteType") == "MoveToDeletedItems"
        for each in request.find("m:ItemIds", NAMES):
            entry = self.named(each)
            self.store.commit(entry.folder, "Delete", entry.id)
            entry.folder = self.store.folder("deleteditems").id
            self.told.append(("DeleteItem", request.get("SendMeetingCancellations"), entry.uid))
            yield message("DeleteItem", "")

    def view(self, request: Any) -> str:
        """What colleagues are told about the first calendar."""
        times = (request.findtext(f".//t:TimeWindow/t:{name}", namespaces=NAMES) for name in ("StartTime", "EndTime"))
        start, end = (datetime.fromisoformat(t).replace(tzinfo=UTC) for t in times)
        if end - start > timedelta(days=42):
            raise Refusal("ErrorTimeIntervalTooBig")
        window, place = Window(start, end), self.store.folder("calendar").id
        events = [(e, o) for e in self.held(place) for o in e.occurrences(window) if o.status != "cancelled"]
        return ews_items.free_busy_view(events, window, self.view_type)

    # --- how things look ---

    def entry(self, each: str) -> Entry | None:
        return self.entries.get(_split(each)[0])

    def named(self, element: Any) -> Entry:
        entry = self.entry(element.get("Id"))
        if entry is None:
            raise Refusal("ErrorItemNotFound")
        if element.get("ChangeKey") != _key(entry):
            raise Refusal("ErrorIrresolvableConflict")
        return entry

    def occurrence(self, entry: Entry, each: str) -> Event:
        wanted = _split(each)[1]
        return next((o for o in entry.occurrences(EVER) if o.occurrence == wanted), entry.event) if wanted else entry.event

    def xml(self, entry: Entry, event: Event, wanted: list[str]) -> str:
        each = _joined(entry.id, event.occurrence)
        parts = ews_items.calendar_parts(entry, event) if wanted else {}
        shown = "".join(parts[name] for name in parts if name in wanted)
        return f'<t:CalendarItem><t:ItemId Id="{each}" ChangeKey="{_key(entry)}"/>{shown}</t:CalendarItem>'


def _key(entry: Entry) -> str:
    return base64.b64encode(f"key {entry.key}".encode()).decode()


def _joined(each: str, occurrence: str) -> str:
    if not occurrence:
        return each
    return base64.b64encode(f"{base64.b64decode(each).decode()}#{occurrence}".encode()).decode()


def _split(each: str) -> tuple[str, str]:
    master, mark, occurrence = base64.b64decode(each).decode().partition("#")
    return (base64.b64encode(master.encode()).decode(), occurrence) if mark else (each, "")
