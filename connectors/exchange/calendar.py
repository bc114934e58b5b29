"""A calendar at an Exchange server by EWS: one's own, another's that is shared, or one of several by its name.

Exchange works out the occurrences (CalendarView), and SyncFolderItems says whether anything was changed at all, so that a poll
without news is one short question. The server itself sends invitations, updates and cancellations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from connectors.calendar import Busy, CalendarBatch, Event, Invite, Window
from connectors.errors import ConnectorError
from connectors.exchange import errors, events, freebusy, soap
from connectors.exchange.events import Found, Item
from connectors.exchange.folders import ROUNDS
from connectors.exchange.session import Place, Session
from connectors.formats import ics
from connectors.formats.stable_ids import stable_id
from connectors.mail import Receipt
from connectors.net.calendar_cursor import CalendarCursor, window_days
from connectors.net.http import Access, BackOff

CHUNK = 100  # items in one request
MOST = 500  # occurrences in one answer; a policy's EwsFindCountLimit of 1000 is the server's own
LONGEST = timedelta(days=366)  # of one view; Exchange refuses more than two years
_SUDDEN_SPLIT = timedelta(hours=1)


class _Held(NamedTuple):
    """An event as it stands: its item, what it says, whether it lies in the calendar or among what was deleted."""

    item: Item
    event: Event
    deleted: bool


class EwsCalendar:
    """One calendar of a mailbox. `calendar` is its name; without it the mailbox's own is meant. Other settings: EwsMailbox."""

    sends_invitations = True  # Exchange sends what SendMeetingInvitations asks for

    def __init__(
        self,
        username: str,
        password: Callable[[], str] | None = None,
        host: str | None = None,
        endpoint: str | None = None,
        auth: str | None = None,
        access: Access | None = None,
        mailbox: str | None = None,
        ca_file: Path | None = None,
        back_off: BackOff | None = None,
        timeout: float = 60,
        calendar: str | None = None,
        time_zone: str = "UTC",
    ) -> None:
        self._session = Session(Place(username, password, host, endpoint, auth, access, mailbox, ca_file, back_off, timeout))
        self._wanted, self._zone = calendar, time_zone
        self._folder = ""

    def poll(self, cursor: str | None, window: Window) -> Iterator[CalendarBatch]:
        """One batch: nothing where nothing was changed, else the events that are not as they were; in another window all of them."""
        known = _progress(cursor)
        token, changed = self._changed(known.token)
        same = known.days == window_days(window) and bool(known.token)
        now = CalendarCursor(window_days(window), token, dict(known.resources) if same else {})
        if changed or not same:
            self._read(known if same else CalendarCursor(resources=known.resources), now, window, everything=not same)
        yield now.batch(known, f"the calendar at {self._session.host}", full=not same)

    def busy_times(self, window: Window) -> tuple[Busy, ...]:
        """As the server tells them to colleagues; of a calendar beside the first, and where no address is known, from its events."""
        address = self._session.place.address
        if address is not None and self._wanted is None:
            spans = freebusy.ask(self._session, address, window)
            if isinstance(spans, ConnectorError):
                raise spans
            return spans
        seen = self._view(window)
        if any(each.event is None for each in seen):
            raise ConnectorError(f"an event at {self._session.host} has no time that can be read, so free times are not known")
        return ics.busy_times([each.event for each in seen if each.event is not None], window)

    def busy_times_of(self, email: str, window: Window) -> tuple[Busy, ...] | None:
        """Another person's busy times; None where the server does not know them or does not tell."""
        spans = freebusy.ask(self._session, email, window)
        return None if isinstance(spans, ConnectorError) else spans

    def find(self, uid: str) -> Event | None:
        """The event as it stands, wherever in time it lies; one of ours that was cancelled is found among the deleted items."""
        held = self._holding(uid)
        return held.event if held else None

    def put(self, invite: Invite) -> Receipt:
        """One request that creates, changes or deletes, and has the server tell the attendees."""
        held = self._holding(invite.uid)
        news = ics.version_to_write(invite, held.event if held else None)
        if news is None:
            return Receipt(invite.uid)
        if held is None or held.deleted:
            payload = self._creation(news)
        elif news.cancelled:
            payload = _deletion(held.item)
        else:
            payload = _change(news, held)
        said = self._session.one(payload, writes=True)
        made = next(soap.children(said.element, "m:Items"), None)
        return Receipt(soap.identity(made, "t:ItemId") or invite.uid)

    def check(self) -> tuple[str, ...]:
        """Logs in, finds the calendar, reads a week of it and its busy times."""
        week = Window(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC))
        shape = soap.shape("Folder", ("folder:DisplayName", "folder:TotalCount"))
        said = self._session.one(f"<m:GetFolder>{shape}<m:FolderIds>{self._place()}</m:FolderIds></m:GetFolder>")
        name = soap.text(next(soap.children(said.element, "m:Folders"), None), "t:DisplayName", 100)
        self._view(week)
        self.busy_times(week)
        return (
            f"logged in at {self._session.host}, calendar “{name}”",
            "read events and busy times; the server sends invitations",
        )

    def close(self) -> None:
        """End the session. The next question begins another."""
        self._session.close()

    # --- reading ---

    def _changed(self, token: str) -> tuple[str, bool]:
        """How far the changes go now, and whether there was one. A token that the server has forgotten means that there was."""
        shape = "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>"
        where, changed = f"<m:SyncFolderId>{self._place()}</m:SyncFolderId>", False
        for _ in range(ROUNDS):
            state = f"<m:SyncState>{soap.words(token)}</m:SyncState>" if token else ""
            most = "<m:MaxChangesReturned>512</m:MaxChangesReturned>"
            said = self._session.ask(f"<m:SyncFolderItems>{shape}{where}{state}{most}</m:SyncFolderItems>")[0]
            if said.code == errors.FORGOTTEN and token:
                token, changed = "", True
                continue
            if not said.fine:
                raise self._session.refusal(said)
            changed = changed or next(soap.children(said.element, "m:Changes"), None) is not None
            after = soap.text(said.element, "m:SyncState", 8 * soap.CELL)
            last = soap.flag(said.element, "m:IncludesLastItemInRange") is not False
            if last or after in {"", token}:
                return after, changed
            token = after
        raise ConnectorError(f"{self._session.host} never comes to the end of the calendar")

    def _read(self, known: CalendarCursor, now: CalendarCursor, window: Window, *, everything: bool) -> None:
        """Bring `now` up to date: only what is new, or is not as it was, is asked for in full."""
        series: dict[str, list[Found]] = {}
        for each in self._view(window):
            series.setdefault(each.uid, []).append(each)
        for uid in [name for name in now.resources if name not in series]:
            del now.resources[uid]
        stamps = {uid: _stamp(occurrences) for uid, occurrences in series.items()}
        wanted = [uid for uid in series if everything or known.resources.get(uid, ("",))[0] != stamps[uid]]
        details = self._details([each.item.id for uid in wanted for each in series[uid]])
        for uid in wanted:
            read = [details[each.item.id] for each in series[uid] if each.item.id in details]
            broken = next((each for each in read if isinstance(each, str)), None)
            if broken is not None:  # its stamp is forgotten, so that the next change anywhere has it tried again
                now.add(uid, "", known, unreadable=[(uid, broken)])
            else:
                events = [each for each in read if isinstance(each, Event) and each.overlaps(window)]
                now.add(uid, stamps[uid], known, events, [uid])

    def _details(self, ids: Sequence[str]) -> Mapping[str, Event | str]:
        """Each item in full, or why it cannot be read; what vanished meanwhile is not there."""
        found: dict[str, Event | str] = {}
        shape = soap.shape("Item", events.DETAILS, (events.UID, events.VERSION), body=True)
        for start in range(0, len(ids), CHUNK):
            part = ids[start : start + CHUNK]
            answers = self._session.ask(f"<m:GetItem>{shape}{soap.item_ids(part)}</m:GetItem>")
            if len(answers) != len(part):
                raise ConnectorError(f"{self._session.host} answered about other events than it was asked about")
            for each, said in zip(part, answers, strict=True):
                if said.fine:
                    element = next(soap.children(said.element, "m:Items"), None)
                    found[each] = _event(element, self._zone)
                elif said.code not in errors.MISSING:
                    found[each] = self._session.refusal(said).message
        return found

    def _view(self, window: Window) -> list[Found]:
        """Every occurrence in the window, each once, in order."""
        seen: dict[str, Found] = {}
        start = window.start
        while start < window.end:
            end = min(start + LONGEST, window.end)
            seen |= {each.item.id: each for each in self._part(Window(start, end))}
            start = end
        return list(seen.values())

    def _part(self, window: Window) -> Iterator[Found]:
        """One view; where the server has more than fits into an answer, its two halves."""
        span = f'StartDate="{soap.zulu(window.start)}" EndDate="{soap.zulu(window.end)}"'
        view = f'<m:CalendarView MaxEntriesReturned="{MOST}" {span}/>'
        said = self._find(events.SUMMARY, view, self._place())
        root = said.element.find("m:RootFolder", soap.NAMES)
        if root is not None and root.get("IncludesLastItemInRange") == "false":
            middle = window.start + (window.end - window.start) / 2
            if window.end - window.start < _SUDDEN_SPLIT:
                raise ConnectorError(f"the calendar at {self._session.host} holds more events in an hour than Kept reads")
            yield from self._part(Window(window.start, middle))
            yield from self._part(Window(middle, window.end))
            return
        for element in soap.children(root, "t:Items"):
            if soap.named(element) == "CalendarItem":
                yield events.found(element, self._zone)

    def _holding(self, uid: str) -> _Held | None:
        """The item of the event with this uid: in the calendar, or one of ours among the deleted items."""
        ours = soap.equal(events.UID, uid)
        either = f"<t:Or>{ours}{soap.equal(events.OBJECT, events.object_id(uid))}</t:Or>"
        trash = soap.well_known("deleteditems", self._session.place.mailbox)
        for where, condition, deleted in ((self._place(), either, False), (trash, ours, True)):
            said = self._find((), f"<m:Restriction>{condition}</m:Restriction>", where)
            for element in soap.children(said.element, "m:RootFolder/t:Items"):
                item = events.item_of(element)
                event = self._details([item.id]).get(item.id)
                if isinstance(event, str):
                    raise ConnectorError(f"an event at {self._session.host} cannot be read: {event}")
                if event is not None:
                    return _Held(item, events.cancelled(event) if deleted else event, deleted)
        return None

    def _find(self, fields: Sequence[str], conditions: str, where: str) -> soap.Said:
        shape = (
            soap.shape("Item", fields, (events.UID,))
            if fields
            else "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>"
        )
        parents = f"<m:ParentFolderIds>{where}</m:ParentFolderIds>"
        return self._session.one(f'<m:FindItem Traversal="Shallow">{shape}{conditions}{parents}</m:FindItem>')

    # --- where it is, and what is written there ---

    def _place(self) -> str:
        """The calendar as requests name it."""
        if self._wanted is None:
            return soap.well_known("calendar", self._session.place.mailbox)
        self._folder = self._folder or soap.folder_id(self._named(self._wanted))
        return self._folder

    def _named(self, wanted: str) -> str:
        root = soap.well_known("msgfolderroot", self._session.place.mailbox)
        shape = soap.shape("Folder", ("folder:DisplayName",))
        said = self._session.one(
            f'<m:FindFolder Traversal="Deep">{shape}<m:ParentFolderIds>{root}</m:ParentFolderIds></m:FindFolder>'
        )
        found: dict[str, str] = {}
        for folder in soap.children(said.element, "m:RootFolder/t:Folders"):
            if soap.named(folder) == "CalendarFolder":
                found.setdefault(soap.text(folder, "t:DisplayName", 200), soap.identity(folder, "t:FolderId"))
        for name, each in found.items():
            if name.casefold() == wanted.casefold() and each:
                return each
        raise ConnectorError(
            f"there is no calendar {wanted} at {self._session.host}; there are: {', '.join(list(found)[:8])}", permanent=True
        )

    def _creation(self, invite: Invite) -> str:
        tell = "SendToAllAndSaveCopy" if invite.attendees else "SendToNone"
        where = f"<m:SavedItemFolderId>{self._place()}</m:SavedItemFolderId>"
        item = events.new(invite)
        return f'<m:CreateItem SendMeetingInvitations="{tell}">{where}<m:Items>{item}</m:Items></m:CreateItem>'


def _change(invite: Invite, held: _Held) -> str:
    """An update that fails where somebody changed the item since we looked (NeverOverwrite, with the change key)."""
    tell = "SendToAllAndSaveCopy" if invite.attendees else "SendToNone"
    updates = f"<t:Updates>{events.changes(invite, held.event)}</t:Updates>"
    changes = f"<m:ItemChanges><t:ItemChange>{_item_id(held.item)}{updates}</t:ItemChange></m:ItemChanges>"
    about = f'ConflictResolution="NeverOverwrite" SendMeetingInvitationsOrCancellations="{tell}"'
    return f"<m:UpdateItem {about}>{changes}</m:UpdateItem>"


def _deletion(item: Item) -> str:
    """Cancelled for everybody, and still to be seen among the deleted items.

    https://learn.microsoft.com/previous-versions/office/developer/exchange-server-2010/bb409157(v=exchg.140)
    """
    about = 'DeleteType="MoveToDeletedItems" SendMeetingCancellations="SendToAllAndSaveCopy"'
    return f"<m:DeleteItem {about}><m:ItemIds>{_item_id(item)}</m:ItemIds></m:DeleteItem>"


def _item_id(item: Item) -> str:
    return f"<t:ItemId Id={soap.attribute(item.id)} ChangeKey={soap.attribute(item.key)}/>"


def _event(element: soap.Element, zone: str) -> Event | str:
    if element is None or soap.named(element) != "CalendarItem":
        return "it is no event"
    try:
        return events.read(element, zone)
    except (ValueError, OverflowError) as error:
        return str(error)


def _stamp(occurrences: Sequence[Found]) -> str:
    """Another one as soon as any occurrence is another."""
    told = sorted(f"{each.item.id} {each.item.key} {each.event and (each.event.start, each.event.end)}" for each in occurrences)
    return stable_id("\n".join(told))


def _progress(cursor: str | None) -> CalendarCursor:
    """What a cursor says; one that is not ours says that nothing was read."""
    try:
        return CalendarCursor.parse(cursor)
    except (ValueError, TypeError, AttributeError, IndexError):
        return CalendarCursor()
