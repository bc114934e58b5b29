"""Calendars on a CalDAV server (RFC 4791), found from the user's principal, followed by sync tokens (RFC 6578).

Where the server schedules by itself (RFC 6638) it sends our invitations; otherwise the transport does. A meeting is booked with
If-None-Match and moved with If-Match, so that what somebody did in the meantime is never overwritten unseen.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urljoin
from xml.sax.saxutils import escape

from connectors.caldav.dav import MULTISTATUS, Dav, Resource, clark, element, path_of, same_path
from connectors.caldav.discovery import Place, about, children, discover
from connectors.calendar import Busy, CalendarBatch, Event, Invite, Window
from connectors.errors import ConnectorError
from connectors.formats import freebusy, ics
from connectors.formats.stable_ids import stable_id
from connectors.mail import Receipt
from connectors.net.calendar_cursor import CalendarCursor, ResourceState, window_days

CHUNK = 100  # resources asked for by name in one request
_DATA = "<d:prop><d:getetag/><c:calendar-data/></d:prop>"
# A server says in these ways that it no longer honours a token (RFC 6578, 3.2), or cannot report changes at all.
_NO_TOKEN = (400, 403, 404, 405, 409, 410, 412, 415, 501, 507)
_NO_FREEBUSY = (400, 403, 404, 405, 415, 422, 501)
_GONE = frozenset({404, 410})


class CaldavCalendar:
    """One calendar of an account. `calendar` is its display name or address; without it the server's default is taken."""

    def __init__(
        self,
        url: str,
        username: str,
        password: Callable[[], str],
        calendar: str | None = None,
        ca_file: Path | None = None,
        time_zone: str = "UTC",
        timeout: float = 30,
    ) -> None:
        self._dav = Dav(url, username, password, ca_file, timeout)
        self._wanted = calendar
        self._zone = time_zone
        self._found: Place | None = None
        self._sends_invitations: bool | None = None

    @property
    def sends_invitations(self) -> bool:
        """Whether the server itself sends invitations (RFC 6638, 2): it says so, and knows the account's outbox and address.

        Without the address it cannot know the account for the organizer of its own meetings.
        """
        if self._sends_invitations is None:
            offered = self._dav.request("OPTIONS", self._place().url).headers.get("DAV", "")
            named = {word.strip().lower() for word in offered.split(",")}
            self._sends_invitations = "calendar-auto-schedule" in named and bool(self._place().outbox and self._place().address)
        return self._sends_invitations

    def poll(self, cursor: str | None, window: Window) -> Iterator[CalendarBatch]:
        """One batch: the changes since the cursor, or everything in the window where that is another or the token too old."""
        known = CalendarCursor.parse(cursor)
        changes = self._changes(known, window) if known.days == window_days(window) else None
        yield self._everything(known, window) if changes is None else changes

    def busy_times(self, window: Window) -> tuple[Busy, ...]:
        """Merged busy times, as the server works them out (RFC 4791, 7.10) or, where it does not, from the events."""
        query = element("c:free-busy-query", _time_range(window))
        answer = self._dav.request("REPORT", self._place().url, query, allow=_NO_FREEBUSY, depth="1")
        if answer.status < 300:
            with contextlib.suppress(ValueError):  # a server that answers anything else is one that cannot do it
                return freebusy.read(answer.body, window)
        events: list[Event] = []
        for resource in self._query(_time_range(window)):
            try:
                events += ics.read(resource.text("c:calendar-data"), window, self._zone)
            except ValueError as error:
                name = path_of(resource.href)
                raise ConnectorError(
                    f"{name} on {self._dav.host} cannot be read ({error}), so free times are not known"
                ) from error
        return ics.busy_times(events, window)

    def busy_times_of(self, email: str, window: Window) -> tuple[Busy, ...] | None:
        """Another person's busy times, where the server has an outbox to ask through (RFC 6638, 5) and knows them."""
        place = self._place()
        if not place.outbox or not place.address:
            return None
        question = freebusy.request(place.address, email, window)
        answer = self._dav.request(
            "POST", place.outbox, question, allow=_NO_FREEBUSY, content_type="text/calendar; charset=utf-8"
        )
        for response in answer.tree.iter(clark("c:response")) if answer.tree is not None else ():
            if response.findtext(clark("c:request-status"), "").strip().startswith("2."):
                with contextlib.suppress(ValueError):
                    return freebusy.read(response.findtext(clark("c:calendar-data"), ""), window)
        return None

    def find(self, uid: str) -> Event | None:
        """The event as it stands on the server, wherever in time it lies."""
        held = self._holding(uid)
        return held[1] if held else None

    def put(self, invite: Invite) -> Receipt:
        """One PUT, conditional on what was there a moment before; the server is told where the transport sends the invitation."""
        held = self._holding(invite.uid)
        news = ics.version_to_write(invite, held[1] if held else None)
        if news is None:
            return Receipt(invite.uid)
        if held is None:
            url = urljoin(self._place().url, quote(f"{_file_name(invite.uid)}.ics"))
            condition = {"if_none_match": "*"}
        else:
            url = urljoin(self._place().url, held[0].href)
            condition = {"if_match": held[0].text("d:getetag")} if held[0].text("d:getetag") else {}
        text = ics.render(news, agent=None if self.sends_invitations else "CLIENT")
        answer = self._dav.request("PUT", url, text, allow=(409, 412), content_type="text/calendar; charset=utf-8", **condition)
        if answer.status in {409, 412}:
            raise ConnectorError(
                f"“{invite.summary}” was changed on {self._dav.host} at the same moment; it is tried again later"
            )
        return Receipt(answer.headers.get("ETag", "") or invite.uid)

    def check(self) -> tuple[str, ...]:
        """Logs in, finds the calendar, reads a week of it and its free/busy."""
        place = self._place()
        week = Window(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC))
        self._query(_time_range(week))
        self.busy_times(week)
        sender = "the server sends invitations" if self.sends_invitations else "invitations go by mail"
        return (f"logged in at {self._dav.host}, calendar “{place.name}”", f"read events and busy times; {sender}")

    def close(self) -> None:
        """End the session. The next request begins another."""
        self._dav.close()

    def _place(self) -> Place:
        if self._found is None:
            self._found = discover(self._dav, self._wanted)
        return self._found

    # --- reading ---

    def _everything(self, known: CalendarCursor, window: Window) -> CalendarBatch:
        # Token and etags are taken first: what changes while we read comes again at the next poll.
        place = about(self._dav, self._place().url, "<d:sync-token/>")
        now = CalendarCursor(window_days(window), place.text("d:sync-token") if place else "")
        if not now.token:
            now.resources = {path: ResourceState(etag) for path, etag in self._etags().items()}
        self._read(self._query(_time_range(window)), known, now, window)
        return now.batch(known, f"the calendar on {self._dav.host}", full=True)

    def _changes(self, known: CalendarCursor, window: Window) -> CalendarBatch | None:
        """What changed, or None where the server cannot say and everything has to be read."""
        now = CalendarCursor(known.days, "", dict(known.resources))
        if known.token:
            token = f"<d:sync-token>{escape(known.token)}</d:sync-token><d:sync-level>1</d:sync-level>"
            report = element("d:sync-collection", f"{token}<d:prop><d:getetag/></d:prop>")
            answer = self._dav.request("REPORT", self._place().url, report, allow=_NO_TOKEN, depth="0")
            if answer.status >= 300 or not answer.sync_token:
                return None
            now.token = answer.sync_token
            own = [r for r in answer.resources if not same_path(path_of(r.href), path_of(self._place().url))]
            changed, deleted = [r.href for r in own if r.status not in _GONE], [path_of(r.href) for r in own if r.status in _GONE]
        else:
            etags = self._etags()
            changed = [quote(path) for path, etag in etags.items() if known.resources.get(path, ResourceState()).stamp != etag]
            deleted = [path for path in known.resources if path not in etags]
        for path in deleted:
            now.resources.pop(path, None)
        self._read(self._multiget(changed, now), known, now, window)
        return now.batch(known, f"the calendar on {self._dav.host}", full=False)

    def _read(self, resources: Iterable[Resource], known: CalendarCursor, now: CalendarCursor, window: Window) -> None:
        for resource in resources:
            path = path_of(resource.href)
            stamp = "" if now.token else resource.text("d:getetag")
            try:
                events, bad, uids = ics.read_tolerantly(resource.text("c:calendar-data"), window, self._zone)
            except ValueError as error:
                now.add(path, stamp, known, unreadable=[(path.rpartition("/")[2], str(error))])
            else:
                now.add(path, stamp, known, events, uids, bad)

    def _holding(self, uid: str) -> tuple[Resource, Event] | None:
        """The resource that holds the event with this uid (RFC 4791, 7.8.6), and the event."""
        match = f'<c:prop-filter name="UID"><c:text-match collation="i;octet">{escape(uid)}</c:text-match></c:prop-filter>'
        for resource in self._query(match):
            try:
                event = ics.find(resource.text("c:calendar-data"), uid, self._zone)
            except ValueError as error:
                raise ConnectorError(f"{path_of(resource.href)} on {self._dav.host} cannot be read: {error}") from error
            if event is not None:
                return resource, event
        return None

    # --- asking the server ---

    def _query(self, condition: str) -> tuple[Resource, ...]:
        """The events that meet a condition, with their text (RFC 4791, 7.8)."""
        events = f'<c:comp-filter name="VEVENT">{condition}</c:comp-filter>'
        query = element(
            "c:calendar-query", f'{_DATA}<c:filter><c:comp-filter name="VCALENDAR">{events}</c:comp-filter></c:filter>'
        )
        answer = self._dav.request("REPORT", self._place().url, query, depth="1")
        if answer.status != MULTISTATUS:
            raise ConnectorError(f"{self._dav.host} did not answer as a calendar server does")
        return tuple(r for r in answer.resources if r.text("c:calendar-data"))

    def _multiget(self, hrefs: Sequence[str], now: CalendarCursor) -> Iterator[Resource]:
        """These resources with their text (RFC 4791, 7.9); one that vanished meanwhile leaves `now`."""
        for start in range(0, len(hrefs), CHUNK):
            named = "".join(f"<d:href>{escape(href)}</d:href>" for href in hrefs[start : start + CHUNK])
            answer = self._dav.request("REPORT", self._place().url, element("c:calendar-multiget", _DATA + named), depth="1")
            for resource in answer.resources:
                if resource.text("c:calendar-data"):
                    yield resource
                elif resource.status in _GONE:
                    now.resources.pop(path_of(resource.href), None)

    def _etags(self) -> dict[str, str]:
        """Path -> etag of everything in the calendar."""
        here = path_of(self._place().url)
        found = children(self._dav, self._place().url, "<d:getetag/>")
        return {
            path_of(r.href): r.text("d:getetag") for r in found if not same_path(path_of(r.href), here) and r.text("d:getetag")
        }


def _time_range(window: Window) -> str:
    start, end = (f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" for moment in window)
    return f'<c:time-range start="{start}" end="{end}"/>'


def _file_name(uid: str) -> str:
    """The uid where it makes a name, else a digest of it."""
    return uid if re.fullmatch(r"[\w@-][\w.@-]{0,120}", uid, re.ASCII) else stable_id(uid)
