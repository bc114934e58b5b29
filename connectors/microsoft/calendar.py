"""A calendar in Microsoft 365, by Microsoft Graph: one's own, or one that is shared.

A delta query over the window (learn.microsoft.com/graph/api/event-delta) says whether anything changed; it tells occurrences with little
more than their times, so where something did, the window is read again and compared, event by event. Invitations go out by
themselves. A meeting is booked with a transactionId, so that a booking which was taken already is not taken twice, and changed only
where nobody else did (If-Match).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.calendar import Busy, CalendarBatch, Event, Invite, Window
from connectors.errors import ConnectorError
from connectors.formats import ics
from connectors.formats.stable_ids import stable_id
from connectors.mail import Receipt
from connectors.microsoft import events, freebusy
from connectors.microsoft.api import IMMUTABLE, IN_UTC, PLAIN, STALE, GraphApi, literal
from connectors.net.calendar_cursor import CalendarCursor, window_days
from connectors.net.http import Access
from connectors.net.json_values import objects, path_segment, text

PAGE = 100
_HEADERS = {"Prefer": f"{IMMUTABLE}, {PLAIN}, {IN_UTC}, odata.maxpagesize={PAGE}"}
_WHOLE: Mapping[str, Any] = {"select": events.SELECT, "expand": events.EXPAND}
_LONGEST_ID = 1000
_WEEK = Window(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC))


class GraphCalendar:
    """One calendar: the main one, or by its name or id another. `mailbox`: another's, which the user may open."""

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
        self._found: str | None = None
        self._masters: dict[str, str] = {}  # a series' id -> its uid

    @property
    def sends_invitations(self) -> bool:
        """Exchange sends invitations, updates and cancellations by itself."""
        return True

    def poll(self, cursor: str | None, window: Window) -> Iterator[CalendarBatch]:
        """One batch: the changes since the cursor, or everything in the window where that is another or the link too old."""
        known = CalendarCursor.parse(cursor)
        if known.token and known.days == window_days(window):
            link = self._changed(known.token)
            if link is not None:
                yield self._again(known, window, *link)
                return
        token = self._beginning(window)  # first, so that what changes while we read comes again at the next poll
        yield self._read(known, CalendarCursor(window_days(window), token), window, full=True)

    def busy_times(self, window: Window) -> tuple[Busy, ...]:
        """From the events themselves: they alone say what the owner declined."""
        found = []
        for resource in self._listed(window, select=events.TIMES):
            try:
                found.append(events.read(resource, "", self._zone, self._api.mailbox))
            except ValueError as error:
                raise ConnectorError(
                    f"an event of {self._api.mailbox} cannot be read ({error}), so free times are not known"
                ) from error
        return ics.busy_times(found, window)

    def busy_times_of(self, email: str, window: Window) -> tuple[Busy, ...] | None:
        """Another person's, where Exchange knows and tells them (getSchedule)."""
        spans: list[Busy] = []
        for part in freebusy.parts(window):
            try:
                said = self._api.post("calendar/getSchedule", freebusy.question(email, part), headers=_HEADERS, writes=False)
            except ConnectorError as error:
                if error.permanent:  # not for this user to see
                    return None
                raise
            found = freebusy.read(said, part)
            if found is None:
                return None
            spans += found
        return ics.merge_spans(spans)

    def find(self, uid: str) -> Event | None:
        """The event as it stands, wherever in time it lies. A meeting that was cancelled here is gone from the calendar."""
        held = self._holding(uid)
        return self._sure(held, uid) if held is not None else None

    def put(self, invite: Invite) -> Receipt:
        """One POST, or one change of exactly the version that was there a moment before."""
        held = self._holding(invite.uid)
        news = ics.version_to_write(invite, self._sure(held, invite.uid) if held is not None else None)
        if news is None:
            return Receipt(invite.uid)
        if held is None:
            return self._book(news)
        path = f"{self._place()}events/{path_segment(text(held.get('id')))}"
        if news.cancelled:
            self._cancel(path, held)
        else:
            self._change(path, held, news)
        return Receipt(invite.uid)

    def check(self) -> tuple[str, ...]:
        """Reads a week of the calendar."""
        _, found = self._api.get(self._place().rstrip("/") or "calendar", headers=_HEADERS, select="id,name,canEdit")
        list(self._listed(_WEEK))
        name = text(found.get("name")) or self._api.mailbox
        books = (
            "meetings can be booked" if found.get("canEdit") is not False else "meetings cannot be booked: it is for reading only"
        )
        return (
            f"signed in at Microsoft 365 as {self._api.access.user}, calendar “{name}”",
            f"read events and busy times; {books}",
        )

    def close(self) -> None:
        """End the session. The next question begins another."""
        self._api.close()

    # --- following ---

    def _beginning(self, window: Window) -> str:
        link = ""
        for page in self._api.pages(f"{self._place()}calendarView/delta", headers=_HEADERS, **_bounds(window)):
            link = text(page.get("@odata.deltaLink"))
        return link

    def _changed(self, link: str) -> tuple[str, bool] | None:
        """The next link, and whether anything changed; None where this one is no longer honoured."""
        anything, seen = False, set[str]()
        while True:
            if link in seen:
                raise ConnectorError("the list of pages at Microsoft 365 does not end; it is tried again later")
            seen.add(link)
            status, page = self._api.get(link, headers=_HEADERS, allow=STALE)
            if status in STALE:
                return None
            anything = anything or bool(objects(page.get("value")))
            link = text(page.get("@odata.nextLink"))
            if not link:
                return text(page.get("@odata.deltaLink")), anything

    def _again(
        self, known: CalendarCursor, window: Window, link: str, anything: bool
    ) -> CalendarBatch:  # a pair that is passed on
        now = CalendarCursor(known.days, link, {} if anything else dict(known.resources))
        if anything:
            return self._read(known, now, window, full=False)
        return now.batch(known, self._name, full=False)

    def _read(self, known: CalendarCursor, now: CalendarCursor, window: Window, *, full: bool) -> CalendarBatch:
        """Note every event of the window; of one that is as it was before, nothing is told again."""
        together: dict[str, list[Mapping[str, Any]]] = {}
        for resource in self._listed(window):
            together.setdefault(self._uid(resource), []).append(resource)
        for uid, ones in together.items():
            before, stamp = known.resources.get(uid), _stamp(ones)
            if not full and before is not None and before.stamp == stamp:
                now.resources[uid] = before
                continue
            events, bad = [], []
            for one in ones:
                try:
                    event = self._event(one)
                except ValueError as error:
                    bad.append((uid, str(error)))
                else:
                    events += [event] if event.overlaps(window) else []
            now.add(uid, stamp, known, events, [uid], bad[:1])
        return now.batch(known, self._name, full=full)

    # --- reading ---

    @property
    def _name(self) -> str:
        return f"the calendar of {self._api.mailbox} in Microsoft 365"

    def _listed(self, window: Window, **wanted: Any) -> Iterator[Mapping[str, Any]]:
        """Every occurrence in the window."""
        wanted = wanted or dict(_WHOLE)
        for page in self._api.pages(f"{self._place()}calendarView", headers=_HEADERS, top=PAGE, **_bounds(window), **wanted):
            if not isinstance(page.get("value"), list):  # not to be taken for an empty calendar
                raise ConnectorError("Microsoft 365 gave an answer that makes no sense; it is tried again later")
            yield from objects(page["value"])

    def _event(self, resource: Mapping[str, Any]) -> Event:
        return events.read(resource, self._uid(resource), self._zone, self._api.mailbox)

    def _sure(self, resource: Mapping[str, Any], uid: str) -> Event:
        try:
            return events.read(resource, uid, self._zone, self._api.mailbox)
        except ValueError as error:
            raise ConnectorError(f"the event {uid} in Microsoft 365 cannot be read: {error}") from error

    def _uid(self, resource: Mapping[str, Any]) -> str:
        """Ours, where we booked it; of a series its master's, because each occurrence has an iCalUId of its own (event: iCalUId)."""
        series = text(resource.get("seriesMasterId"))[:_LONGEST_ID]
        if not series:
            own = events.own(resource, events.OURS) or text(resource.get("iCalUId")) or text(resource.get("id"))
            return own[:500] or f"no-uid-{stable_id(repr((resource.get('start'), resource.get('subject'))))}"
        if series not in self._masters:
            path = f"{self._place()}events/{path_segment(series)}"  # whoever is asked to one occurrence has no master
            _, master = self._api.get(path, headers=_HEADERS, allow=(400, 404), select="id,iCalUId")
            self._masters[series] = text(master.get("iCalUId"))[:500] or series[:500]
        return self._masters[series]

    def _holding(self, uid: str) -> Mapping[str, Any] | None:
        """The event that bears our uid, else the one with this iCalendar UID (of a series, the one that repeats)."""
        ours = f"ep/id eq {literal(events.OURS)} and ep/value eq {literal(uid)}"
        for asked in (f"singleValueExtendedProperties/any(ep:{ours})", f"iCalUId eq {literal(uid)}"):
            _, page = self._api.get(f"{self._place()}events", headers=_HEADERS, filter=asked, top=2, **_WHOLE)
            for one in objects(page.get("value")):  # looked at, because it may be changed or cancelled next
                if uid in {events.own(one, events.OURS), text(one.get("iCalUId"))}:
                    return one
        return None

    # --- writing ---

    def _book(self, invite: Invite) -> Receipt:
        try:
            made = self._api.post(f"{self._place()}events", events.booked(invite), headers=_HEADERS)
        except ConnectorError as error:
            # The same transactionId again may be refused (ErrorDuplicateTransactionId: github.com/alcionai/corso/issues/2490).
            if error.permanent and self._holding(invite.uid) is not None:
                return Receipt(invite.uid)
            raise
        return Receipt(text(made.get("id")) or invite.uid)

    def _change(self, path: str, held: Mapping[str, Any], invite: Invite) -> None:
        etag = text(held.get("@odata.etag"))
        match = {"If-Match": etag} if etag else {}
        body, headers = events.changed(invite, held), {**_HEADERS, **match}
        answer = self._api.request("PATCH", self._api.place(path), body=body, headers=headers, writes=True, allow=(409, 412))
        if answer.status in {409, 412}:
            raise ConnectorError(f"“{invite.summary}” was changed in Microsoft 365 at the same moment; it is tried again later")

    def _cancel(self, path: str, held: Mapping[str, Any]) -> None:
        """Only a meeting can be cancelled (event-cancel); what nobody was asked to is deleted. Gone meanwhile is as good."""
        meeting = bool(objects(held.get("attendees")))
        verb, place = ("POST", f"{path}/cancel") if meeting else ("DELETE", path)
        body = {"comment": ""} if meeting else None
        self._api.request(verb, self._api.place(place), body=body, headers=_HEADERS, writes=True, allow=(404,))

    # --- where ---

    def _place(self) -> str:
        """The path of the calendar, empty for the main one. Raises ConnectorError where there is none of that name."""
        if self._wanted is None:
            return ""
        if self._found is None:
            calendars = [
                one
                for page in self._api.pages("calendars", headers=_HEADERS, top=PAGE, select="id,name")
                for one in objects(page.get("value"))
            ]
            known = {text(one.get(key)): text(one.get("id")) for key in ("name", "id") for one in calendars}
            if self._wanted not in known:
                names = ", ".join(sorted(text(one.get("name")) for one in calendars)[:10])
                raise ConnectorError(
                    f"{self._api.mailbox} has no calendar “{self._wanted}” in Microsoft 365; there are: {names}", permanent=True
                )
            self._found = known[self._wanted]
        return f"calendars/{path_segment(self._found)}/"


def _stamp(ones: list[Mapping[str, Any]]) -> str:
    """Changes with any of them."""
    said = sorted(f"{text(one.get('id'))} {text(one.get('changeKey'))} {text(one.get('lastModifiedDateTime'))}" for one in ones)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _bounds(window: Window) -> dict[str, str]:
    start, end = (f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for moment in window)
    return {"startDateTime": start, "endDateTime": end}
