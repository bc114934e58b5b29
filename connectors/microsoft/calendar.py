"""A calendar in Microsoft 365, by Microsoft Graph: the user's own or a shared one.

A delta query over the window (learn.microsoft.com/graph/api/event-delta) says whether anything changed, but gives little more of an
occurrence than its times; so after a change the window is read again and compared event by event. Exchange sends the invitations. A
meeting is booked with a transactionId, so that a repeated booking is not made twice, and changed only where nobody else changed it
meanwhile (If-Match).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.calendar import Busy, CalendarBatch, Event, Invite, Window, busy_times, merge_spans
from connectors.errors import ConnectorError
from connectors.formats import ics
from connectors.formats.stable_ids import stable_id
from connectors.mail import Receipt
from connectors.microsoft import events, freebusy
from connectors.microsoft.api import IMMUTABLE, IN_UTC, PLAIN, STALE, GraphApi, odata_string
from connectors.net.calendar_cursor import CalendarCursor, window_days
from connectors.net.http import Access
from connectors.net.json_values import objects, path_segment, text

PAGE = 100
_HEADERS = {"Prefer": f"{IMMUTABLE}, {PLAIN}, {IN_UTC}, odata.maxpagesize={PAGE}"}
_WHOLE: Mapping[str, Any] = {"select": events.SELECT, "expand": events.EXPAND}
_LONGEST_ID = 1000
_WEEK = Window(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC))


class GraphCalendar:
    """One calendar: the main one, or another by its name or id. `mailbox` is another person's, which the user may open."""

    def __init__(
        self,
        access: Access,
        calendar: str | None = None,
        time_zone: str = "UTC",
        endpoint: str | None = None,
        mailbox: str | None = None,
        timeout: float = 60,
    ) -> None:
        self._api = GraphApi(access, endpoint, mailbox, timeout)
        self._wanted, self._zone = calendar, ZoneInfo(time_zone)
        self._calendar_id: str | None = None
        self.read_only = False  # until `check` has asked
        self._masters: dict[str, str] = {}  # a series' id -> the uid of its master

    @property
    def sends_invitations(self) -> bool:
        """Return True: Exchange sends invitations, updates and cancellations itself."""
        return True

    def uninvited(self, uid: str) -> tuple[str, ...]:  # noqa: ARG002  # the protocol's argument
        """Return nobody: Exchange mails to any address."""
        return ()

    def poll(self, cursor: str | None, window: Window) -> Iterator[CalendarBatch]:
        """Yield one batch: the changes since the cursor, or the whole window where its days changed or the link expired."""
        previous = CalendarCursor.parse(cursor)
        if previous.token and previous.days == window_days(window):
            link = self._changed(previous.token)
            if link is not None:
                yield self._after_link(previous, window, *link)
                return
        token = self._first_link(window)  # first, so that a change made while reading comes again at the next poll
        yield self._read(previous, CalendarCursor(window_days(window), token), window, full=True)

    def busy_times(self, window: Window) -> tuple[Busy, ...]:
        """Return the busy times of the events themselves: only they say what the owner declined."""
        occurrences = []
        for resource in self._listed(window, select=events.TIMES):
            try:
                occurrences.append(events.read(resource, "", self._zone, self._api.mailbox))
            except ValueError as error:
                raise ConnectorError(
                    f"an event of {self._api.mailbox} cannot be read ({error}), so free times are not known"
                ) from error
        return busy_times(occurrences, window)

    def busy_times_of(self, email: str, window: Window) -> tuple[Busy, ...] | None:
        """Return another person's busy times, where Exchange knows and shares them (getSchedule)."""
        spans: list[Busy] = []
        for part in freebusy.split(window):
            try:
                response = self._api.post(
                    "calendar/getSchedule", freebusy.request_body(email, part), headers=_HEADERS, writes=False
                )
            except ConnectorError as error:
                if error.permanent:  # not shared with this user
                    return None
                raise
            busy = freebusy.read(response, part)
            if busy is None:
                return None
            spans += busy
        return merge_spans(spans, window)

    def connect(self) -> None:
        """Have a token ready; each request that writes has a connection of its own."""
        self._api.connect()

    def find(self, uid: str) -> Event | None:
        """Return the event with this uid, whenever it is. A meeting that was cancelled here is no longer in the calendar."""
        existing = self._resource_with(uid)
        return self._read_event(existing, uid) if existing is not None else None

    def put(self, invite: Invite) -> Receipt:
        """Book by one POST, or change exactly the version just read."""
        existing = self._resource_with(invite.uid)
        version = ics.version_to_write(invite, self._read_event(existing, invite.uid) if existing is not None else None)
        if version is None:
            return Receipt(invite.uid)
        if existing is None:
            return self._book(version)
        path = f"{self._calendar_path()}events/{path_segment(text(existing.get('id')))}"
        if version.cancelled:
            self._cancel(path, existing)
        else:
            self._change(path, existing, version)
        return Receipt(invite.uid)

    def check(self) -> tuple[str, ...]:
        """Read a week of the calendar."""
        _, properties = self._api.get(self._calendar_path().rstrip("/") or "calendar", headers=_HEADERS, select="id,name,canEdit")
        self.read_only = properties.get("canEdit") is False
        list(self._listed(_WEEK))
        name = text(properties.get("name")) or self._api.mailbox
        books = (
            "meetings can be booked" if properties.get("canEdit") is not False else "meetings cannot be booked: it is read-only"
        )
        return (
            f"signed in to Microsoft 365 as {self._api.access.user}, calendar “{name}”",
            f"read events and busy times; {books}",
        )

    def close(self) -> None:
        """End the session; the next request opens another, and looks for the calendar again."""
        self._calendar_id = None
        self._masters.clear()
        self._api.close()

    # --- polling ---

    def _first_link(self, window: Window) -> str:
        link = ""
        for page in self._api.pages(f"{self._calendar_path()}calendarView/delta", headers=_HEADERS, **_bounds(window)):
            link = text(page.get("@odata.deltaLink"))
        return link

    def _changed(self, link: str) -> tuple[str, bool] | None:
        """Return the next link and whether anything changed; None where this link is no longer honoured."""
        anything, seen = False, set[str]()
        while True:
            if link in seen:
                raise ConnectorError("the list of pages at Microsoft 365 does not end; it will be tried again later")
            seen.add(link)
            status, page = self._api.get(link, headers=_HEADERS, allow=STALE)
            if status in STALE:
                return None
            anything = anything or bool(objects(page.get("value")))
            link = text(page.get("@odata.nextLink"))
            if not link:
                return text(page.get("@odata.deltaLink")), anything

    def _after_link(self, previous: CalendarCursor, window: Window, link: str, anything: bool) -> CalendarBatch:
        current = CalendarCursor(previous.days, link, {} if anything else dict(previous.resources))
        if anything:
            return self._read(previous, current, window, full=False)
        return current.batch(previous, self._name, full=False)

    def _read(self, previous: CalendarCursor, current: CalendarCursor, window: Window, *, full: bool) -> CalendarBatch:
        """Read every event of the window and return those that changed; with `full`, all."""
        by_uid: dict[str, list[Mapping[str, Any]]] = {}
        for resource in self._listed(window):
            by_uid.setdefault(self._uid(resource), []).append(resource)
        for uid, resources in by_uid.items():
            before, stamp = previous.resources.get(uid), _stamp(resources)
            if not full and before is not None and before.stamp == stamp:
                current.resources[uid] = before
                continue
            readable: list[Event] = []
            bad = []
            for one in resources:
                try:
                    event = self._event(one)
                except ValueError as error:
                    bad.append((uid, str(error)))
                    taken = events.time_taken(one, self._zone)
                    readable += [taken] if taken and taken.overlaps(window) else []
                else:
                    readable += [event] if event.overlaps(window) else []
            current.add(uid, stamp, previous, readable, {uid, *(event.uid for event in readable)}, bad[:1])
        return current.batch(previous, self._name, full=full)

    # --- reading ---

    @property
    def _name(self) -> str:
        return f"the calendar of {self._api.mailbox} in Microsoft 365"

    def _listed(self, window: Window, **wanted: Any) -> Iterator[Mapping[str, Any]]:
        """Yield every occurrence in the window."""
        wanted = wanted or dict(_WHOLE)
        for page in self._api.pages(
            f"{self._calendar_path()}calendarView", headers=_HEADERS, top=PAGE, **_bounds(window), **wanted
        ):
            if not isinstance(page.get("value"), list):  # must not be taken for an empty calendar
                raise ConnectorError("Microsoft 365 sent a response that cannot be understood; it will be tried again later")
            yield from objects(page["value"])

    def _event(self, resource: Mapping[str, Any]) -> Event:
        return events.read(resource, self._uid(resource), self._zone, self._api.mailbox)

    def _read_event(self, resource: Mapping[str, Any], uid: str) -> Event:
        try:
            return events.read(resource, uid, self._zone, self._api.mailbox)
        except ValueError as error:
            raise ConnectorError(f"the event {uid} in Microsoft 365 cannot be read: {error}") from error

    def _uid(self, resource: Mapping[str, Any]) -> str:
        """Return our uid where we booked it; of a series its master's, because each occurrence has its own iCalUId (event: iCalUId)."""
        series = text(resource.get("seriesMasterId"))[:_LONGEST_ID]
        if not series:
            own = events.own_property(resource, events.OURS) or text(resource.get("iCalUId")) or text(resource.get("id"))
            return own[:500] or f"no-uid-{stable_id(repr((resource.get('start'), resource.get('subject'))))}"
        if series not in self._masters:
            path = f"{self._calendar_path()}events/{path_segment(series)}"  # a guest of one occurrence has no master
            _, master = self._api.get(path, headers=_HEADERS, allow=(400, 404), select="id,iCalUId")
            self._masters[series] = text(master.get("iCalUId"))[:500] or series[:500]
        return self._masters[series]

    def _resource_with(self, uid: str) -> Mapping[str, Any] | None:
        """Return the event with our uid, else the one with this iCalendar UID (of a series, its master); None where there is none."""
        ours = f"ep/id eq {odata_string(events.OURS)} and ep/value eq {odata_string(uid)}"
        for condition in (f"singleValueExtendedProperties/any(ep:{ours})", f"iCalUId eq {odata_string(uid)}"):
            _, page = self._api.get(f"{self._calendar_path()}events", headers=_HEADERS, filter=condition, top=2, **_WHOLE)
            for one in objects(page.get("value")):  # checked, because it may be changed or cancelled next
                if uid in {events.own_property(one, events.OURS), text(one.get("iCalUId"))}:
                    return one
        return None

    # --- writing ---

    def _book(self, invite: Invite) -> Receipt:
        try:
            created = self._api.post(f"{self._calendar_path()}events", events.new_event(invite), headers=_HEADERS)
        except ConnectorError as error:
            # A repeated transactionId may be refused (ErrorDuplicateTransactionId: github.com/alcionai/corso/issues/2490).
            if error.permanent and self._resource_with(invite.uid) is not None:
                return Receipt(invite.uid)
            raise
        return Receipt(text(created.get("id")) or invite.uid)

    def _change(self, path: str, existing: Mapping[str, Any], invite: Invite) -> None:
        etag = text(existing.get("@odata.etag"))
        match = {"If-Match": etag} if etag else {}
        body, headers = events.changes(invite, existing), {**_HEADERS, **match}
        answer = self._api.request("PATCH", self._api.path_of(path), body=body, headers=headers, writes=True, allow=(409, 412))
        if answer.status in {409, 412}:
            raise ConnectorError(
                f"“{invite.summary}” was changed in Microsoft 365 at the same moment; it will be tried again later"
            )

    def _cancel(self, path: str, existing: Mapping[str, Any]) -> None:
        """Cancel a meeting (event-cancel), or delete an event without attendees; one already deleted is fine."""
        meeting = bool(objects(existing.get("attendees")))
        verb, target = ("POST", f"{path}/cancel") if meeting else ("DELETE", path)
        body = {"comment": ""} if meeting else None
        self._api.request(verb, self._api.path_of(target), body=body, headers=_HEADERS, writes=True, allow=(404,))

    # --- the calendar's path ---

    def _calendar_path(self) -> str:
        """Return the calendar's path, empty for the main one. Raises ConnectorError where none has that name or id."""
        if self._wanted is None:
            return ""
        if self._calendar_id is None:
            calendars = [
                one
                for page in self._api.pages("calendars", headers=_HEADERS, top=PAGE, select="id,name")
                for one in objects(page.get("value"))
            ]
            ids = {text(one.get(key)): text(one.get("id")) for key in ("name", "id") for one in calendars}
            if self._wanted not in ids:
                names = ", ".join(sorted(text(one.get("name")) for one in calendars)[:10])
                raise ConnectorError(
                    f"{self._api.mailbox} has no calendar “{self._wanted}” in Microsoft 365; it has {names}", permanent=True
                )
            self._calendar_id = ids[self._wanted]
        return f"calendars/{path_segment(self._calendar_id)}/"


def _stamp(resources: list[Mapping[str, Any]]) -> str:
    """Return a text that changes with any of the resources."""
    versions = sorted(
        f"{text(one.get('id'))} {text(one.get('changeKey'))} {text(one.get('lastModifiedDateTime'))}" for one in resources
    )
    return hashlib.sha256("\n".join(versions).encode()).hexdigest()[:16]


def _bounds(window: Window) -> dict[str, str]:
    start, end = (f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for moment in window)
    return {"startDateTime": start, "endDateTime": end}
