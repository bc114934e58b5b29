"""A calendar at Google, by Google's Calendar API: the user's own, or one that is shared with the user.

It is read by two lists: the changes since a sync token, whenever the events take place, and the occurrences within the window. The
sync token is taken from a list of series that is not limited in time, for three reasons: Google's reference does not say what a
limited list reports of an event that moves out of the limits; a request with a token takes no limits (events.list: syncToken); and a
list of single events brings hundreds of them, decades ahead, for one changed series (github.com/garrytan/gbrain/pull/5015). The
occurrences of a series that changed are read again within the window.

A meeting is booked under an id made of its uid, so that a second booking is refused (409), and changed only where nobody else did
(If-Match). Google sends the invitations.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.calendar import Busy, CalendarBatch, Event, Invite, Window, merge_spans
from connectors.errors import ConnectorError
from connectors.formats import ics
from connectors.google import events
from connectors.google.api import GoneError, GoogleApi, json_object
from connectors.google.auth import EVENTS, SCOPE_PURPOSES
from connectors.google.events import series_of, uid_of
from connectors.mail import Receipt
from connectors.net.calendar_cursor import CalendarCursor, window_days
from connectors.net.http import Access
from connectors.net.json_values import objects, text

PAGE = 2500  # events in one answer, the most there may be
MOST_SERIES = 30  # changed series that are read again one by one; with more of them everything is read
FREE_BUSY_SPAN = timedelta(days=60)  # in one request; 90 days are too long (github.com/calcom/cal.diy/pull/11962)
_ALREADY_EXISTS, _CHANGED = 409, 412


class GoogleCalendar:
    """One calendar: `primary`, or the id of another that the user may see. `time_zone` where Google names none."""

    def __init__(self, access: Access, calendar: str = "primary", time_zone: str = "UTC", endpoint: str | None = None) -> None:
        self._api = GoogleApi(access, "calendar.v3", SCOPE_PURPOSES[EVENTS], endpoint)
        self._id = calendar
        self._zone = ZoneInfo(time_zone)
        self._hidden = False  # whether Google shows when it is busy, and no more
        self.read_only = False

    @property
    def sends_invitations(self) -> bool:
        """Google sends invitations, updates and cancellations by itself (sendUpdates)."""
        return True

    def uninvited(self, uid: str) -> tuple[str, ...]:  # noqa: ARG002  # the protocol's argument
        """Return nobody: Google mails to any address."""
        return ()

    def poll(self, cursor: str | None, window: Window) -> Iterator[CalendarBatch]:
        """One batch: the changes since the cursor, or everything in the window where that is another or the token too old."""
        before = CalendarCursor.parse(cursor)
        token, changes = before.token, None
        if token and before.days == window_days(window):
            changes = self._changes(before, window)
            token = ""  # where there is no answer, it is too old
        yield changes or self._everything(before, window, token)

    def busy_times(self, window: Window) -> tuple[Busy, ...]:
        """As Google works them out: without what is marked as free, and what the owner declined."""
        spans = self._busy(self._id, window)
        if spans is None:
            raise ConnectorError(f"Google does not say when {self._name} is busy, so free times are not known")
        return spans

    def busy_times_of(self, email: str, window: Window) -> tuple[Busy, ...] | None:
        """Another person's, where they share it with the user or are of the same company."""
        return self._busy(email, window)

    def connect(self) -> None:
        """Have a token ready; each request that writes has a connection of its own."""
        self._api.connect()

    def find(self, uid: str) -> Event | None:
        """The event as it stands, at whatever time it lies."""
        resource = self._stored(uid)
        return self._event(resource, uid) if resource is not None else None

    def put(self, invite: Invite) -> Receipt:
        """One insert under an id of its own, or one change of exactly the version that was there a moment before."""
        stored = self._stored(invite.uid)
        news = ics.version_to_write(invite, self._event(stored, invite.uid) if stored is not None else None)
        if news is None:
            return Receipt(invite.uid)
        answer = self._api.execute(self._booking(news, stored), writes=True, allow=(_ALREADY_EXISTS, _CHANGED)).answer
        if answer.status == _ALREADY_EXISTS and self._booked_already(invite):
            return Receipt(invite.uid)
        if answer.status in {_ALREADY_EXISTS, _CHANGED}:
            raise ConnectorError(f"“{invite.summary}” was changed at Google at the same moment; Kept will try again later")
        with contextlib.suppress(ConnectorError):  # it is booked; only what Google says of it was lost
            return Receipt(text(json_object(answer).get("id")) or invite.uid)
        return Receipt(invite.uid)

    def check(self) -> tuple[str, ...]:
        """Reads a week of the calendar and of its free/busy."""
        week = Window(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC))
        pages = list(self._pages(singleEvents=True, **_bounds(week)))
        self.busy_times(week)
        name = text(pages[-1].get("summary")) or self._name
        shown = "busy times only, because no more of it is shared" if self._hidden else "events and busy times"
        return (f"signed in to Google as {self._api.access.user}, calendar “{name}”", f"read {shown}; Google sends invitations")

    def close(self) -> None:
        """End the session. The next request begins another."""
        self._api.close()

    # --- reading ---

    @property
    def _name(self) -> str:
        return self._api.access.user if self._id == "primary" else self._id

    @property
    def _place(self) -> str:
        return f"the calendar of {self._name} at Google"

    def _everything(self, before: CalendarCursor, window: Window, token: str) -> CalendarBatch:
        # The token is taken first: what changes while the events are read comes again at the next poll.
        now = CalendarCursor(window_days(window), token or self._token())
        self._note(self._listed(singleEvents=True, **_bounds(window)), before, now, window)
        return now.batch(before, self._place, full=True)

    def _token(self) -> str:
        """Return where the changes begin: the token at the end of a list of the whole calendar, of which nothing else is asked."""
        token = ""
        for page in self._pages(singleEvents=False, fields="nextPageToken,nextSyncToken"):
            token = text(page.get("nextSyncToken"))
        return token

    def _changes(self, before: CalendarCursor, window: Window) -> CalendarBatch | None:
        """Return what changed; None where Google no longer accepts the token, or so much changed that all of it is read."""
        now = CalendarCursor(before.days, "", dict(before.resources))
        changed: dict[str, Mapping[str, Any]] = {}
        try:
            for page in self._pages(gone=(400, 410), syncToken=before.token, singleEvents=False):
                now.token = text(page.get("nextSyncToken"))
                for resource in objects(page.get("items")):
                    _collect(changed, resource)
        except GoneError:
            return None
        series = {name for name, one in changed.items() if one.get("recurrence") or one.get("recurringEventId")}
        if len(series) > MOST_SERIES:
            return None
        for name, resource in changed.items():
            item = now.resources.pop(name, None)
            uid = text(resource.get("iCalUID")) or (item.uids[0] if item and item.uids else "")
            current = self._occurrences(uid, name, window) if name in series else [resource]
            self._note((event for event in current if event.get("status") != "cancelled"), before, now, window)
        return now.batch(before, self._place, full=False)

    def _occurrences(self, uid: str, series: str, window: Window) -> list[Mapping[str, Any]]:
        """Return every occurrence of one series in the window."""
        listed = self._listed(iCalUID=uid, singleEvents=True, **_bounds(window)) if uid else ()
        return [resource for resource in listed if series_of(resource) == series]

    def _note(self, resources: Iterable[Mapping[str, Any]], before: CalendarCursor, now: CalendarCursor, window: Window) -> None:
        """Note the occurrences in `now`, series by series."""
        series: dict[str, list[Mapping[str, Any]]] = {}
        for resource in resources:
            series.setdefault(series_of(resource), []).append(resource)
        for name, occurrences in series.items():
            readable, uids, bad = [], set(), []
            for resource in occurrences:
                try:
                    event = events.read(resource, self._zone, hidden=self._hidden)
                except (ValueError, OverflowError) as error:
                    bad.append((uid_of(resource) or name, str(error)))
                    taken = events.time_taken(resource, self._zone)
                    readable += [taken] if taken and taken.overlaps(window) else []
                else:
                    readable += [event] if event.overlaps(window) else []
                uids.add(uid_of(resource))
            now.add(name, "", before, readable, uids | {event.uid for event in readable}, bad[:1])

    def _stored(self, uid: str) -> Mapping[str, Any] | None:
        """Return the event: Kept's own by its id, another by its iCalendar UID (of a series, the one that repeats), deleted ones too."""
        request = self._events.get(calendarId=self._id, eventId=events.own_id(uid))
        status, resource = self._api.read(request, allow=(404, 410))
        if status < 300:
            return resource
        others = list(self._listed(iCalUID=uid, singleEvents=False, showDeleted=True))
        return next((other for other in others if not other.get("recurringEventId")), others[0] if others else None)

    def _booked_already(self, invite: Invite) -> bool:
        stored = self._stored(invite.uid)
        return stored is not None and self._event(stored, invite.uid).sequence >= invite.sequence

    def _event(self, resource: Mapping[str, Any], uid: str) -> Event:
        try:
            event = events.read(resource, self._zone, hidden=self._hidden)
            return dataclasses.replace(event, uid=uid)  # of a deleted one perhaps only the id is left
        except (ValueError, OverflowError) as error:
            raise ConnectorError(f"the event {uid} at Google cannot be read: {error}") from error

    # --- requests ---

    @property
    def _events(self) -> Any:
        return self._api.collection("events")

    def _booking(self, invite: Invite, stored: Mapping[str, Any] | None) -> Any:
        """Return the request that inserts the event, or changes the stored version of it and no other."""
        body = events.written(invite, stored)
        if stored is None:
            return self._events.insert(calendarId=self._id, body=body, sendUpdates="all")
        request = self._events.patch(calendarId=self._id, eventId=text(stored.get("id")), body=body, sendUpdates="all")
        if text(stored.get("etag")):
            request.headers["If-Match"] = text(stored.get("etag"))
        return request

    def _pages(self, *, gone: tuple[int, ...] = (), **query: Any) -> Iterator[Mapping[str, Any]]:
        request = self._events.list(calendarId=self._id, maxResults=PAGE, **query)
        for page in self._api.pages(self._events, request, gone=gone):
            self._notice(page)
            yield page

    def _listed(self, **query: Any) -> Iterator[Mapping[str, Any]]:
        for page in self._pages(**query):
            yield from objects(page.get("items"))

    def _notice(self, page: Mapping[str, Any]) -> None:
        """Remember what every list says of its calendar: its zone, and how much of it the user may see."""
        with contextlib.suppress(KeyError, ValueError, OSError):  # no such zone, not the name of one, a folder of them
            self._zone = ZoneInfo(text(page.get("timeZone"))) if text(page.get("timeZone")) else self._zone
        if text(page.get("accessRole")):
            self._hidden = page["accessRole"] == "freeBusyReader"
            self.read_only = page["accessRole"] in {"reader", "freeBusyReader"}

    def _busy(self, who: str, window: Window) -> tuple[Busy, ...] | None:
        """Return the busy spans; None where Google does not know them, or does not show them."""
        spans: list[Busy] = []
        start = window.start
        while start < window.end:
            part = Window(start, min(start + FREE_BUSY_SPAN, window.end))
            part_spans = self._busy_part(who, part)
            if part_spans is None:
                return None
            spans += part_spans
            start = part.end
        return merge_spans(spans, window)

    def _busy_part(self, who: str, window: Window) -> list[Busy] | None:
        request = self._api.collection("freebusy").query(body={**_bounds(window), "items": [{"id": who}]})
        calendars = self._api.read(request)[1].get("calendars")
        # `primary` may come back under its real name; only one was asked for.
        calendar = next(iter(calendars.values()), None) if isinstance(calendars, dict) else None
        if not isinstance(calendar, dict) or calendar.get("errors") or not isinstance(calendar.get("busy"), list):
            return None
        try:
            return [Busy(_instant(span.get("start")), _instant(span.get("end"))) for span in objects(calendar["busy"])]
        except ValueError as error:
            raise ConnectorError(f"Google does not say clearly when {who} is busy, so free times are not known") from error


def _collect(changed: dict[str, Mapping[str, Any]], resource: Mapping[str, Any]) -> None:
    """Collect a change by its series: a series and its exceptions are one change, of which the resource with a uid is kept."""
    name = series_of(resource)
    if name and not (name in changed and text(changed[name].get("iCalUID"))):
        changed[name] = resource


def _instant(value: object) -> datetime:
    """Read an RFC 3339 time. Raises ValueError, also where it has no offset."""
    instant = datetime.fromisoformat(text(value))
    if instant.tzinfo is None:
        raise ValueError("no offset")
    return instant.astimezone(UTC)


def _bounds(window: Window) -> dict[str, Any]:
    """Return a window as RFC 3339; both ends are open, as events are compared by their other end (events.list: timeMin, timeMax)."""
    start, end = (f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for moment in window)
    return {"timeMin": start, "timeMax": end}
