"""A calendar at Google, by Google's Calendar API: one's own, or one that is shared with its owner.

Two lists keep it: a sync token, which tells every change wherever in time it lies, and the occurrences within the window. The token
is got from a list of series without bounds in time: the reference does not say what a bounded one tells of an event that leaves its
bounds, it takes none itself (events.list: syncToken), and of single events it brings hundreds for a touched series, decades ahead
(github.com/garrytan/gbrain/pull/5015). A series of which something changed is read again within the window.

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

from connectors.calendar import Busy, CalendarBatch, Event, Invite, Window
from connectors.errors import ConnectorError
from connectors.formats import ics
from connectors.google import events
from connectors.google.api import CALENDAR, GoneError, GoogleApi, told
from connectors.google.auth import EVENTS, MEANINGS
from connectors.google.events import series_of, uid_of
from connectors.mail import Receipt
from connectors.net.calendar_cursor import CalendarCursor, window_days
from connectors.net.http import Access
from connectors.net.json_values import objects, path_segment, text

PAGE = 2500  # events in one answer, the most there may be
MANY = 30  # series to read again one by one; with more of them everything is read
SPAN = timedelta(days=60)  # asked about at once for free and busy; 90 days are too long (github.com/calcom/cal.diy/pull/11962)
_OURS_ALREADY, _CHANGED = 409, 412


class GoogleCalendar:
    """One calendar: `primary`, or the id of another that the user may see. `time_zone` where Google names none."""

    def __init__(self, access: Access, calendar: str = "primary", time_zone: str = "UTC", endpoint: str | None = None) -> None:
        self._api = GoogleApi(access, endpoint or CALENDAR, MEANINGS[EVENTS])
        self._id = calendar
        self._path = f"calendar/v3/calendars/{path_segment(calendar)}/events"
        self._zone = ZoneInfo(time_zone)
        self._hidden = False

    @property
    def sends_invitations(self) -> bool:
        """Google sends invitations, updates and cancellations by itself (sendUpdates)."""
        return True

    def poll(self, cursor: str | None, window: Window) -> Iterator[CalendarBatch]:
        """One batch: the changes since the cursor, or everything in the window where that is another or the token too old."""
        known = CalendarCursor.parse(cursor)
        token, changes = known.token, None
        if token and known.days == window_days(window):
            changes = self._changes(known, window)
            token = ""  # where there is no answer, it is too old
        yield changes or self._everything(known, window, token)

    def busy_times(self, window: Window) -> tuple[Busy, ...]:
        """As Google works them out: without what is marked as free, and what the owner declined."""
        spans = self._busy(self._id, window)
        if spans is None:
            raise ConnectorError(f"Google does not say when {self._name} is busy, so free times are not known")
        return spans

    def busy_times_of(self, email: str, window: Window) -> tuple[Busy, ...] | None:
        """Another person's, where they share it with the user or are of the same company."""
        return self._busy(email, window)

    def find(self, uid: str) -> Event | None:
        """The event as it stands, wherever in time it lies."""
        held = self._holding(uid)
        return self._event(held, uid) if held is not None else None

    def put(self, invite: Invite) -> Receipt:
        """One insert under an id of its own, or one change of exactly the version that was there a moment before."""
        held = self._holding(invite.uid)
        news = ics.version_to_write(invite, self._event(held, invite.uid) if held is not None else None)
        if news is None:
            return Receipt(invite.uid)
        verb, path, match = "POST", self._path, {}
        if held is not None:
            verb, path = "PATCH", f"{self._path}/{path_segment(text(held.get('id')))}"
            match = {"If-Match": text(held.get("etag"))} if text(held.get("etag")) else {}
        answer = self._api.request(
            verb, path, params={"sendUpdates": "all"}, body=events.written(news, held), headers=match,
            writes=True, allow=(_OURS_ALREADY, _CHANGED),
        )  # fmt: skip
        if answer.status == _OURS_ALREADY and self._there_already(invite):
            return Receipt(invite.uid)
        if answer.status in {_OURS_ALREADY, _CHANGED}:
            raise ConnectorError(f"“{invite.summary}” was changed at Google at the same moment; it is tried again later")
        with contextlib.suppress(ConnectorError):  # it is done; only Google's words about it are lost
            return Receipt(text(told(answer).get("id")) or invite.uid)
        return Receipt(invite.uid)

    def check(self) -> tuple[str, ...]:
        """Reads a week of the calendar and of its free/busy."""
        week = Window(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC))
        pages = list(self._pages(maxResults=PAGE, singleEvents="true", **_bounds(week)))
        self.busy_times(week)
        name = text(pages[-1].get("summary")) or self._name
        seen = "only when it is busy, because no more of it is shared" if self._hidden else "events and busy times"
        return (f"signed in at Google as {self._api.access.user}, calendar “{name}”", f"read {seen}; Google sends invitations")

    def close(self) -> None:
        """End the session. The next request begins another."""
        self._api.close()

    # --- reading ---

    @property
    def _name(self) -> str:
        return self._api.access.user if self._id == "primary" else self._id

    def _everything(self, known: CalendarCursor, window: Window, token: str) -> CalendarBatch:
        # The token is taken first: what changes while we read comes again at the next poll.
        now = CalendarCursor(window_days(window), token or self._token())
        self._read(self._listed(singleEvents="true", **_bounds(window)), known, now, window)
        return now.batch(known, f"the calendar of {self._name} at Google", full=True)

    def _token(self) -> str:
        """Where the changes begin; got at the end of a list of the whole calendar, of which nothing else is asked."""
        token = ""
        for page in self._pages(maxResults=PAGE, singleEvents="false", fields="nextPageToken,nextSyncToken"):
            token = text(page.get("nextSyncToken"))
        return token

    def _changes(self, known: CalendarCursor, window: Window) -> CalendarBatch | None:
        """What changed, or None where Google no longer honours the token, or so much changed that all of it is read."""
        now = CalendarCursor(known.days, "", dict(known.resources))
        changed: dict[str, Mapping[str, Any]] = {}
        try:
            for page in self._pages(gone=(400, 410), syncToken=known.token, singleEvents="false", maxResults=PAGE):
                now.token = text(page.get("nextSyncToken"))
                for one in objects(page.get("items")):
                    _note(changed, one)
        except GoneError:
            return None
        series = {name for name, one in changed.items() if one.get("recurrence") or one.get("recurringEventId")}
        if len(series) > MANY:
            return None
        for name, one in changed.items():
            held = now.resources.pop(name, None)
            uid = text(one.get("iCalUID")) or (held.uids[0] if held and held.uids else "")
            again = self._again(uid, name, window) if name in series else [one]
            self._read((e for e in again if e.get("status") != "cancelled"), known, now, window)
        return now.batch(known, f"the calendar of {self._name} at Google", full=False)

    def _again(self, uid: str, series: str, window: Window) -> list[Mapping[str, Any]]:
        """Every occurrence of one series in the window."""
        found = self._listed(iCalUID=uid, singleEvents="true", **_bounds(window)) if uid else ()
        return [one for one in found if series_of(one) == series]

    def _read(self, resources: Iterable[Mapping[str, Any]], known: CalendarCursor, now: CalendarCursor, window: Window) -> None:
        """Note the occurrences, series by series."""
        together: dict[str, list[Mapping[str, Any]]] = {}
        for one in resources:
            together.setdefault(series_of(one), []).append(one)
        for name, ones in together.items():
            readable, uids, bad = [], set(), []
            for one in ones:
                try:
                    event = events.read(one, self._zone, hidden=self._hidden)
                except (ValueError, OverflowError) as error:
                    bad.append((uid_of(one) or name, str(error)))
                else:
                    readable += [event] if event.overlaps(window) else []
                uids.add(uid_of(one))
            now.add(name, "", known, readable, uids, bad[:1])

    def _holding(self, uid: str) -> Mapping[str, Any] | None:
        """The event: ours by its id, another by its iCalendar UID (of a series, the one that repeats). A deleted one says so."""
        status, found = self._api.get(f"{self._path}/{events.own_id(uid)}", allow=(404, 410))
        if status < 300:
            return found
        others = list(self._listed(iCalUID=uid, singleEvents="false", showDeleted="true"))
        return next((one for one in others if not one.get("recurringEventId")), others[0] if others else None)

    def _there_already(self, invite: Invite) -> bool:
        held = self._holding(invite.uid)
        return held is not None and self._event(held, invite.uid).sequence >= invite.sequence

    def _event(self, resource: Mapping[str, Any], uid: str) -> Event:
        try:
            event = events.read(resource, self._zone, hidden=self._hidden)
            return dataclasses.replace(event, uid=uid)  # of a deleted one perhaps only the id is left
        except (ValueError, OverflowError) as error:
            raise ConnectorError(f"the event {uid} at Google cannot be read: {error}") from error

    # --- asking ---

    def _pages(self, *, gone: tuple[int, ...] = (), **params: Any) -> Iterator[Mapping[str, Any]]:
        for page in self._api.pages(self._path, gone=gone, **params):
            self._notice(page)
            yield page

    def _listed(self, **params: Any) -> Iterator[Mapping[str, Any]]:
        for page in self._pages(maxResults=PAGE, **params):
            yield from objects(page.get("items"))

    def _notice(self, page: Mapping[str, Any]) -> None:
        """What every list tells of its calendar: its zone, and how much of it the user may see."""
        with contextlib.suppress(KeyError, ValueError, OSError):  # no such zone, no name of one, a folder of them
            self._zone = ZoneInfo(text(page.get("timeZone"))) if text(page.get("timeZone")) else self._zone
        if text(page.get("accessRole")):
            self._hidden = page["accessRole"] == "freeBusyReader"

    def _busy(self, who: str, window: Window) -> tuple[Busy, ...] | None:
        """None where Google does not know, or not tell."""
        spans: list[Busy] = []
        start = window.start
        while start < window.end:
            part = Window(start, min(start + SPAN, window.end))
            found = self._busy_part(who, part)
            if found is None:
                return None
            spans += found
            start = part.end
        return ics.merge_spans(spans)

    def _busy_part(self, who: str, window: Window) -> list[Busy] | None:
        asked = {**_bounds(window), "items": [{"id": who}]}
        calendars = told(self._api.request("POST", "calendar/v3/freeBusy", body=asked)).get("calendars")
        # `primary` may come back under its real name; only one was asked for.
        found = next(iter(calendars.values()), None) if isinstance(calendars, dict) else None
        if not isinstance(found, dict) or found.get("errors") or not isinstance(found.get("busy"), list):
            return None
        try:
            spans = [Busy(*(_instant(one.get(name)) for name in ("start", "end"))) for one in objects(found["busy"])]
        except ValueError as error:
            raise ConnectorError(f"Google does not say clearly when {who} is busy, so free times are not known") from error
        inside = (Busy(max(s.start, window.start), min(s.end, window.end)) for s in spans)
        return [span for span in inside if span.start < span.end]


def _note(changed: dict[str, Mapping[str, Any]], one: Mapping[str, Any]) -> None:
    """A series and its exceptions are one change; the one that says its uid is kept."""
    name = series_of(one)
    if name and not (name in changed and text(changed[name].get("iCalUID"))):
        changed[name] = one


def _instant(said: object) -> datetime:
    told_at = datetime.fromisoformat(text(said))
    if told_at.tzinfo is None:
        raise ValueError("no offset")
    return told_at.astimezone(UTC)


def _bounds(window: Window) -> dict[str, Any]:
    """RFC 3339; both ends are open, as events are compared by their other end (events.list: timeMin, timeMax)."""
    start, end = (f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for moment in window)
    return {"timeMin": start, "timeMax": end}
