"""A calendar in Microsoft 365, by Microsoft Graph: one's own, or one that is shared.

A delta query over the window (learn.microsoft.com/graph/api/event-delta) says whether anything changed; it tells occurrences with little
more than their times, so where something did, the window is read again and compared, event by event. Invitations go out by
themselves. A meeting is booked with a transactionId, so that a booking which was taken already is not taken twice, and changed only
where nobody else did (If-Match).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors import graph_events, ics
from connectors.answers import objects, segment, text
from connectors.calendar import Busy, CalendarBatch, Event, Invite, Window
from connectors.errors import ConnectorError
from connectors.graph_api import IMMUTABLE, IN_UTC, PLAIN, GraphApi, is_stale, literal
from connectors.mail import Receipt
from connectors.progress import Progress, days_of
from connectors.web import Access

PAGE = 100
SPAN = timedelta(days=60)  # asked of another's free and busy at once: Exchange allows 62 days (MS-OXWAVLS, TimeWindow)
_HEADERS = {"Prefer": f"{IMMUTABLE}, {PLAIN}, {IN_UTC}, odata.maxpagesize={PAGE}"}
_WHOLE: Mapping[str, Any] = {"select": graph_events.SELECT, "expand": graph_events.EXPAND}
_STALE = (400, 404, 410)
_OCCUPIED = frozenset({"busy", "tentative", "oof"})
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
    def schedules(self) -> bool:
        """Exchange sends invitations, updates and cancellations by itself."""
        return True

    def poll(self, cursor: str | None, window: Window) -> Iterator[CalendarBatch]:
        """One batch: the changes since the cursor, or everything in the window where that is another or the link too old."""
        known = Progress.of(cursor)
        if known.token and known.days == days_of(window):
            link = self._changed(known.token)
            if link is not None:
                yield self._again(known, window, *link)
                return
        token = self._beginning(window)  # first, so that what changes while we read comes again at the next poll
        yield self._read(known, Progress(days_of(window), token), window, full=True)

    def busy(self, window: Window) -> tuple[Busy, ...]:
        """From the events themselves: they alone say what the owner declined."""
        events = []
        for resource in self._listed(window):
            try:
                events.append(self._event(resource))
            except ValueError as error:
                raise ConnectorError(
                    f"an event of {self._api.who} cannot be read ({error}), so free times are not known"
                ) from error
        return ics.merged(events, window)

    def busy_of(self, email: str, window: Window) -> tuple[Busy, ...] | None:
        """Another person's, where Exchange knows and tells them (getSchedule)."""
        spans: list[Busy] = []
        start = window.start
        while start < window.end:
            part = Window(start, min(start + SPAN, window.end))
            found = self._busy_part(email, part)
            if found is None:
                return None
            spans += found
            start = part.end
        return ics.join(spans)

    def find(self, uid: str) -> Event | None:
        """The event as it stands, wherever in time it lies. A meeting that was cancelled here is gone from the calendar."""
        held = self._holding(uid)
        return self._sure(held, uid) if held is not None else None

    def put(self, invite: Invite) -> Receipt:
        """One POST, or one change of exactly the version that was there a moment before."""
        held = self._holding(invite.uid)
        news = ics.news(invite, self._sure(held, invite.uid) if held is not None else None)
        if news is None:
            return Receipt(invite.uid)
        if held is None:
            body = {**graph_events.written(news), "transactionId": hashlib.sha256(news.uid.encode()).hexdigest()[:36]}
            made = self._api.post(f"{self._place()}events", body, headers=_HEADERS)
            return Receipt(text(made.get("id")) or invite.uid)
        path = f"events/{segment(text(held.get('id')))}"
        if news.cancelled:
            self._api.post(f"{path}/cancel", {"comment": ""})
            return Receipt(invite.uid)
        etag = text(held.get("@odata.etag"))
        match = {"If-Match": etag} if etag else {}
        self._changing(path, graph_events.written(news), {**_HEADERS, **match}, invite)
        return Receipt(invite.uid)

    def check(self) -> tuple[str, ...]:
        """Reads a week of the calendar."""
        _, found = self._api.get(self._place().rstrip("/") or "calendar", headers=_HEADERS, select="id,name,canEdit")
        list(self._listed(_WEEK))
        name = text(found.get("name")) or self._api.who
        books = (
            "meetings can be booked" if found.get("canEdit") is not False else "meetings cannot be booked: it is for reading only"
        )
        return (
            f"signed in at Microsoft 365 as {self._api.access.who}, calendar “{name}”",
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
            status, page = self._api.get(link, headers=_HEADERS, allow=_STALE)
            if is_stale(status, page):
                return None
            if status >= 400:
                raise ConnectorError(f"the calendar of {self._api.who} could not be asked for its changes (status {status})")
            anything = anything or bool(objects(page.get("value")))
            link = text(page.get("@odata.nextLink"))
            if not link:
                return text(page.get("@odata.deltaLink")), anything

    def _again(self, known: Progress, window: Window, link: str, anything: bool) -> CalendarBatch:  # a pair that is passed on
        now = Progress(known.days, link, {} if anything else dict(known.items))
        if anything:
            return self._read(known, now, window, full=False)
        return now.batch(known, self._name, full=False)

    def _read(self, known: Progress, now: Progress, window: Window, *, full: bool) -> CalendarBatch:
        """Note every event of the window; of one that is as it was before, nothing is told again."""
        together: dict[str, list[Mapping[str, Any]]] = {}
        for resource in self._listed(window):
            together.setdefault(self._uid(resource), []).append(resource)
        for uid, ones in together.items():
            before, stamp = known.items.get(uid), _stamp(ones)
            if not full and before is not None and before.stamp == stamp:
                now.items[uid] = before
                continue
            events, bad = [], []
            for one in ones:
                try:
                    event = self._event(one)
                except ValueError as error:
                    bad.append((uid, str(error)))
                else:
                    events += [event] if event.touches(window) else []
            now.add(uid, stamp, known, events, [uid], bad[:1])
        return now.batch(known, self._name, full=full)

    # --- reading ---

    @property
    def _name(self) -> str:
        return f"the calendar of {self._api.who} in Microsoft 365"

    def _listed(self, window: Window) -> Iterator[Mapping[str, Any]]:
        """Every occurrence in the window."""
        for page in self._api.pages(f"{self._place()}calendarView", headers=_HEADERS, top=PAGE, **_bounds(window), **_WHOLE):
            yield from objects(page.get("value"))

    def _event(self, resource: Mapping[str, Any]) -> Event:
        return graph_events.read(resource, self._uid(resource), self._zone, self._api.who)

    def _sure(self, resource: Mapping[str, Any], uid: str) -> Event:
        try:
            return graph_events.read(resource, uid, self._zone, self._api.who)
        except ValueError as error:
            raise ConnectorError(f"the event {uid} in Microsoft 365 cannot be read: {error}") from error

    def _uid(self, resource: Mapping[str, Any]) -> str:
        """Ours, where we booked it; of a series its master's, because each occurrence has an iCalUId of its own (event: iCalUId)."""
        series = text(resource.get("seriesMasterId"))
        if not series:
            return (
                graph_events.own(resource, graph_events.OURS) or text(resource.get("iCalUId"))[:500] or text(resource.get("id"))
            )
        if series not in self._masters:
            status, master = self._api.get(f"events/{segment(series)}", headers=_HEADERS, allow=(404,), select="id,iCalUId")
            self._masters[series] = text(master.get("iCalUId"))[:500] if status != 404 else series
        return self._masters[series] or series

    def _holding(self, uid: str) -> Mapping[str, Any] | None:
        """The event that bears our uid, else the one with this iCalendar UID (of a series, the one that repeats)."""
        ours = f"ep/id eq {literal(graph_events.OURS)} and ep/value eq {literal(uid)}"
        for asked in (f"singleValueExtendedProperties/any(ep:{ours})", f"iCalUId eq {literal(uid)}"):
            _, page = self._api.get(f"{self._place()}events", headers=_HEADERS, filter=asked, top=2, **_WHOLE)
            found = objects(page.get("value"))
            if found:
                return found[0]
        return None

    def _changing(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str], invite: Invite) -> None:
        answer = self._api.request("PATCH", self._api.place(path), body=body, headers=headers, writes=True, allow=(409, 412))
        if answer.status in {409, 412}:
            raise ConnectorError(f"“{invite.summary}” was changed in Microsoft 365 at the same moment; it is tried again later")

    def _busy_part(self, email: str, window: Window) -> list[Busy] | None:
        start, end = ({"dateTime": f"{m.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"} for m in window)
        asked = {"schedules": [email], "startTime": start, "endTime": end, "availabilityViewInterval": 15}
        try:
            said = self._api.post("calendar/getSchedule", asked, headers=_HEADERS, writes=False)
        except ConnectorError as error:
            if error.permanent:  # not for this user to see
                return None
            raise
        found = next(iter(objects(said.get("value"))), None)
        if found is None or found.get("error") or not isinstance(found.get("scheduleItems"), list):
            return None
        try:
            spans = [
                Busy(graph_events.moment(one.get("start")), graph_events.moment(one.get("end")))
                for one in objects(found["scheduleItems"])
                if text(one.get("status")) in _OCCUPIED
            ]
        except ValueError:
            return None
        inside = (Busy(max(s.start, window.start), min(s.end, window.end)) for s in spans)
        return [span for span in inside if span.start < span.end]

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
                    f"{self._api.who} has no calendar “{self._wanted}” in Microsoft 365; there are: {names}", permanent=True
                )
            self._found = known[self._wanted]
        return f"calendars/{segment(self._found)}/"


def _stamp(ones: list[Mapping[str, Any]]) -> str:
    """Changes with any of them."""
    said = sorted(f"{text(one.get('id'))} {text(one.get('changeKey'))} {text(one.get('lastModifiedDateTime'))}" for one in ones)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _bounds(window: Window) -> dict[str, str]:
    start, end = (f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for moment in window)
    return {"startDateTime": start, "endDateTime": end}
