"""A calendar at an Exchange server by EWS: the user's own, another that is shared, or one of several by its name.

Exchange works out the occurrences (CalendarView), and SyncFolderItems says whether anything changed at all, so that a poll without
news is one short request. The server itself sends invitations, updates and cancellations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from connectors.calendar import Busy, CalendarBatch, Event, Invite, Window, busy_times
from connectors.errors import ConnectorError
from connectors.exchange import errors, events, freebusy, soap
from connectors.exchange.events import ItemId, Occurrence
from connectors.exchange.folders import MAX_ROUNDS
from connectors.exchange.session import ExchangeServer, Session
from connectors.formats import ics
from connectors.formats.ics import placeholder
from connectors.formats.stable_ids import stable_id
from connectors.mail import Receipt
from connectors.net.calendar_cursor import CalendarCursor, window_days
from connectors.net.http import Access, BackOff

CHUNK = 100  # items in one request
MAX_OCCURRENCES = 500  # occurrences in one answer; a policy's EwsFindCountLimit of 1000 is the server's own
LONGEST_VIEW = timedelta(days=366)  # Exchange refuses more than two years
_SHORTEST_VIEW = timedelta(hours=1)


class _StoredEvent(NamedTuple):
    """An event as it stands: its item, what it says, and whether it is in the deleted items instead of the calendar."""

    item: ItemId
    event: Event
    deleted: bool


class EwsCalendar:
    """One calendar of a mailbox. `calendar` is its name; without it the mailbox's own is meant. Other settings: EwsMailbox."""

    read_only = False  # a calendar that refuses a booking is known by its refusal
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
        self._session = Session(
            ExchangeServer(username, password, host, endpoint, auth, access, mailbox, ca_file, back_off, timeout)
        )
        self._wanted, self._zone = calendar, time_zone
        self._folder = ""

    def uninvited(self, uid: str) -> tuple[str, ...]:  # noqa: ARG002  # the protocol's argument
        """Return nobody: Exchange mails to any address."""
        return ()

    def poll(self, cursor: str | None, window: Window) -> Iterator[CalendarBatch]:
        """One batch: nothing where nothing was changed, else the events that are not as they were; in another window all of them."""
        before = CalendarCursor.parse(cursor)
        token, changed = self._changes(before.token)
        same = before.days == window_days(window) and bool(before.token)
        now = CalendarCursor(window_days(window), token, dict(before.resources) if same else {})
        if changed or not same:
            self._read(before if same else CalendarCursor(resources=before.resources), now, window, everything=not same)
        yield now.batch(before, f"the calendar at {self._session.host}", full=not same)

    def busy_times(self, window: Window) -> tuple[Busy, ...]:
        """As the server shows them to colleagues; from the events for a second calendar, and where the address is not known."""
        address = self._session.server.address
        if address is not None and self._wanted is None:
            spans = freebusy.busy_times(self._session, address, window)
            if isinstance(spans, ConnectorError):
                raise spans
            return spans
        occurrences = self._view(window)
        if any(occurrence.event is None for occurrence in occurrences):
            raise ConnectorError(f"an event at {self._session.host} has no time that can be read, so free times are not known")
        return busy_times([occurrence.event for occurrence in occurrences if occurrence.event is not None], window)

    def busy_times_of(self, email: str, window: Window) -> tuple[Busy, ...] | None:
        """Another person's busy times; None where the server does not know them or does not show them."""
        spans = freebusy.busy_times(self._session, email, window)
        return None if isinstance(spans, ConnectorError) else spans

    def connect(self) -> None:
        """Work out the endpoint and the log-in; each request that writes has a connection of its own."""
        self._session.connect()

    def find(self, uid: str) -> Event | None:
        """The event as it stands, at whatever time; one of Kept's that was cancelled is found among the deleted items."""
        stored = self._stored(uid)
        return stored.event if stored else None

    def put(self, invite: Invite) -> Receipt:
        """One request that creates, changes or deletes, and has the server tell the attendees."""
        stored = self._stored(invite.uid)
        version = ics.version_to_write(invite, stored.event if stored else None)
        if version is None:
            return Receipt(invite.uid)
        if stored is None or stored.deleted:
            payload = self._creation(version)
        elif version.cancelled:
            payload = _deletion(stored.item)
        else:
            payload = _change(version, stored)
        message = self._session.request_one(payload, writes=True)
        item = next(soap.children(message.element, "m:Items"), None)
        return Receipt(soap.id_at(item, "t:ItemId") or invite.uid)

    def check(self) -> tuple[str, ...]:
        """Logs in, finds the calendar, reads a week of it and its busy times."""
        week = Window(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC))
        shape = soap.shape("Folder", ("folder:DisplayName", "folder:TotalCount"))
        message = self._session.request_one(f"<m:GetFolder>{shape}<m:FolderIds>{self._calendar()}</m:FolderIds></m:GetFolder>")
        name = soap.text(next(soap.children(message.element, "m:Folders"), None), "t:DisplayName", 100)
        self._view(week)
        self.busy_times(week)
        return (
            f"logged in to {self._session.host}, calendar “{name}”",
            "read events and busy times; the server sends invitations",
        )

    def close(self) -> None:
        """End the session. The next request begins another."""
        self._session.close()

    # --- reading ---

    def _changes(self, token: str) -> tuple[str, bool]:
        """Return the sync state now, and whether anything changed. Where the server no longer knows the token, it counts as changed."""
        shape = "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>"
        where, changed = f"<m:SyncFolderId>{self._calendar()}</m:SyncFolderId>", False
        for _ in range(MAX_ROUNDS):
            state = f"<m:SyncState>{soap.escaped(token)}</m:SyncState>" if token else ""
            most = "<m:MaxChangesReturned>512</m:MaxChangesReturned>"
            message = self._session.request(f"<m:SyncFolderItems>{shape}{where}{state}{most}</m:SyncFolderItems>")[0]
            if message.code == errors.INVALID_SYNC_STATE and token:
                token, changed = "", True
                continue
            if not message.succeeded:
                raise self._session.refusal(message)
            changed = changed or next(soap.children(message.element, "m:Changes"), None) is not None
            after = soap.text(message.element, "m:SyncState", 8 * soap.TEXT_CAP)
            last = soap.flag(message.element, "m:IncludesLastItemInRange") is not False
            if last or after in {"", token}:
                return after, changed
            token = after
        raise ConnectorError(
            f"the list of changes in the calendar at {self._session.host} never ended; Kept will try again later"
        )

    def _read(self, before: CalendarCursor, now: CalendarCursor, window: Window, *, everything: bool) -> None:
        """Bring `now` up to date: only what is new or changed is fetched in full."""
        series: dict[str, list[Occurrence]] = {}
        for occurrence in self._view(window):
            series.setdefault(occurrence.uid, []).append(occurrence)
        for uid in [name for name in now.resources if name not in series]:
            del now.resources[uid]
        stamps = {uid: _stamp(occurrences) for uid, occurrences in series.items()}
        wanted = [uid for uid in series if everything or before.resources.get(uid, ("",))[0] != stamps[uid]]
        details = self._details([occurrence.item.id for uid in wanted for occurrence in series[uid]])
        for uid in wanted:
            fetched = [details[occurrence.item.id] for occurrence in series[uid] if occurrence.item.id in details]
            problem = next((each for each in fetched if isinstance(each, str)), None)
            if problem is not None:  # without a stamp, so that it is tried again after the next change of anything
                taken = [
                    placeholder(one.item.id, one.event.start, one.event.end)
                    for one in series[uid]
                    if one.event and one.event.busy
                ]
                now.add(uid, "", before, taken, [event.uid for event in taken], [(uid, problem)])
            else:
                events = [each for each in fetched if isinstance(each, Event) and each.overlaps(window)]
                now.add(uid, stamps[uid], before, events, [uid])

    def _details(self, ids: Sequence[str]) -> Mapping[str, Event | str]:
        """Return each item in full, or why it cannot be read, by its id; without what was deleted meanwhile."""
        details: dict[str, Event | str] = {}
        shape = soap.shape("Item", events.DETAIL_FIELDS, (events.KEPT_UID, events.KEPT_VERSION), body=True)
        for start in range(0, len(ids), CHUNK):
            part = ids[start : start + CHUNK]
            answers = self._session.request(f"<m:GetItem>{shape}{soap.item_ids(part)}</m:GetItem>")
            if len(answers) != len(part):
                raise ConnectorError(f"{self._session.host} sent other events than Kept asked for; Kept will try again later")
            for item_id, answer in zip(part, answers, strict=True):
                if answer.succeeded:
                    details[item_id] = _event(next(soap.children(answer.element, "m:Items"), None), self._zone)
                elif answer.code not in errors.MISSING:
                    details[item_id] = self._session.refusal(answer).message
        return details

    def _view(self, window: Window) -> list[Occurrence]:
        """Return every occurrence in the window, each once, in order."""
        occurrences: dict[str, Occurrence] = {}
        start = window.start
        while start < window.end:
            end = min(start + LONGEST_VIEW, window.end)
            occurrences |= {occurrence.item.id: occurrence for occurrence in self._part(Window(start, end))}
            start = end
        return list(occurrences.values())

    def _part(self, window: Window) -> Iterator[Occurrence]:
        """Yield the occurrences of one view; where the server has more than fits into an answer, those of its two halves."""
        span = f'StartDate="{soap.utc_text(window.start)}" EndDate="{soap.utc_text(window.end)}"'
        view = f'<m:CalendarView MaxEntriesReturned="{MAX_OCCURRENCES}" {span}/>'
        message = self._find(events.SUMMARY_FIELDS, view, self._calendar())
        root = message.element.find("m:RootFolder", soap.NAMES)
        if root is not None and root.get("IncludesLastItemInRange") == "false":
            middle = window.start + (window.end - window.start) / 2
            if window.end - window.start < _SHORTEST_VIEW:
                raise ConnectorError(f"the calendar at {self._session.host} has more events in one hour than Kept can read")
            yield from self._part(Window(window.start, middle))
            yield from self._part(Window(middle, window.end))
            return
        for element in soap.children(root, "t:Items"):
            if soap.local_name(element) == "CalendarItem":
                yield events.occurrence(element, self._zone)

    def _stored(self, uid: str) -> _StoredEvent | None:
        """Return the event with this uid: in the calendar, or one of Kept's among the deleted items."""
        booked_by_kept = soap.is_equal_to(events.KEPT_UID, uid)
        either = f"<t:Or>{booked_by_kept}{soap.is_equal_to(events.GLOBAL_OBJECT_ID, events.object_id(uid))}</t:Or>"
        trash = soap.distinguished_folder("deleteditems", self._session.server.mailbox)
        for where, condition, deleted in ((self._calendar(), either, False), (trash, booked_by_kept, True)):
            message = self._find((), f"<m:Restriction>{condition}</m:Restriction>", where)
            for element in soap.children(message.element, "m:RootFolder/t:Items"):
                item = events.item_id(element)
                event = self._details([item.id]).get(item.id)
                if isinstance(event, str):
                    raise ConnectorError(f"an event at {self._session.host} cannot be read: {event}")
                if event is not None:
                    return _StoredEvent(item, events.cancelled(event) if deleted else event, deleted)
        return None

    def _find(self, fields: Sequence[str], conditions: str, where: str) -> soap.ResponseMessage:
        shape = (
            soap.shape("Item", fields, (events.KEPT_UID,))
            if fields
            else "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>"
        )
        parents = f"<m:ParentFolderIds>{where}</m:ParentFolderIds>"
        return self._session.request_one(f'<m:FindItem Traversal="Shallow">{shape}{conditions}{parents}</m:FindItem>')

    # --- which calendar, and what is written to it ---

    def _calendar(self) -> str:
        """Return the calendar as requests name it."""
        if self._wanted is None:
            return soap.distinguished_folder("calendar", self._session.server.mailbox)
        self._folder = self._folder or soap.folder_id(self._folder_id(self._wanted))
        return self._folder

    def _folder_id(self, name: str) -> str:
        root = soap.distinguished_folder("msgfolderroot", self._session.server.mailbox)
        shape = soap.shape("Folder", ("folder:DisplayName",))
        message = self._session.request_one(
            f'<m:FindFolder Traversal="Deep">{shape}<m:ParentFolderIds>{root}</m:ParentFolderIds></m:FindFolder>'
        )
        calendars: dict[str, str] = {}
        for folder in soap.children(message.element, "m:RootFolder/t:Folders"):
            if soap.local_name(folder) == "CalendarFolder":
                calendars.setdefault(soap.text(folder, "t:DisplayName", 200), soap.id_at(folder, "t:FolderId"))
        for calendar, folder_id in calendars.items():
            if calendar.casefold() == name.casefold() and folder_id:
                return folder_id
        raise ConnectorError(
            f"there is no calendar {name} at {self._session.host}; there are: {', '.join(list(calendars)[:8])}", permanent=True
        )

    def _creation(self, invite: Invite) -> str:
        recipients = "SendToAllAndSaveCopy" if invite.attendees else "SendToNone"
        where = f"<m:SavedItemFolderId>{self._calendar()}</m:SavedItemFolderId>"
        item = events.new(invite)
        return f'<m:CreateItem SendMeetingInvitations="{recipients}">{where}<m:Items>{item}</m:Items></m:CreateItem>'


def _change(invite: Invite, stored: _StoredEvent) -> str:
    """Return an update that fails where somebody changed the item meanwhile (NeverOverwrite, with the change key)."""
    recipients = "SendToAllAndSaveCopy" if invite.attendees else "SendToNone"
    updates = f"<t:Updates>{events.changes(invite, stored.event)}</t:Updates>"
    changes = f"<m:ItemChanges><t:ItemChange>{_item_id(stored.item)}{updates}</t:ItemChange></m:ItemChanges>"
    options = f'ConflictResolution="NeverOverwrite" SendMeetingInvitationsOrCancellations="{recipients}"'
    return f"<m:UpdateItem {options}>{changes}</m:UpdateItem>"


def _deletion(item: ItemId) -> str:
    """Return a deletion that cancels it for everybody and leaves it among the deleted items.

    https://learn.microsoft.com/previous-versions/office/developer/exchange-server-2010/bb409157(v=exchg.140)
    """
    options = 'DeleteType="MoveToDeletedItems" SendMeetingCancellations="SendToAllAndSaveCopy"'
    return f"<m:DeleteItem {options}><m:ItemIds>{_item_id(item)}</m:ItemIds></m:DeleteItem>"


def _item_id(item: ItemId) -> str:
    return f"<t:ItemId Id={soap.attribute(item.id)} ChangeKey={soap.attribute(item.change_key)}/>"


def _event(element: soap.Element, zone: str) -> Event | str:
    if element is None or soap.local_name(element) != "CalendarItem":
        return "it is not an event"
    try:
        return events.read(element, zone)
    except (ValueError, OverflowError) as error:
        return str(error)


def _stamp(occurrences: Sequence[Occurrence]) -> str:
    """Return a stamp that changes as soon as any occurrence does."""
    lines = sorted(f"{one.item.id} {one.item.change_key} {one.event and (one.event.start, one.event.end)}" for one in occurrences)
    return stable_id("\n".join(lines))
