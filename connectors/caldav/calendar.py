"""Calendars on a CalDAV server (RFC 4791), found from the user's principal and polled by sync tokens (RFC 6578).

Where the server supports scheduling (RFC 6638) it sends the invitations; otherwise the mail transport does. A meeting is booked with
If-None-Match and moved with If-Match, so that a change that somebody made in the meantime is never overwritten.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urljoin
from xml.sax.saxutils import escape

from connectors.caldav.dav import MULTISTATUS, Dav, Resource, clark, element, fetched, path_of, resolve, same_path
from connectors.caldav.discovery import CalendarCollection, about, calendars, children, discover
from connectors.calendar import Busy, CalendarBatch, Event, Invite, Window, busy_times
from connectors.errors import ConnectorError
from connectors.formats import freebusy, ics, schedule_status
from connectors.formats.recurrence import CALENDAR_CAP
from connectors.formats.stable_ids import stable_id
from connectors.mail import Receipt
from connectors.net.calendar_cursor import CalendarCursor, ResourceState, window_days

CHUNK, CHUNK_SIZE = 100, 1024 * 1024  # resources fetched by name in one request, and about how many bytes of them
_DATA = "<d:prop><d:getetag/><c:calendar-data/></d:prop>"
_SIZE = "<d:prop><d:getetag/><d:getcontentlength/></d:prop>"
# Statuses by which a server rejects an old sync token (RFC 6578, 3.2), or says that it does not report changes at all.
_NO_TOKEN = (400, 403, 404, 405, 409, 410, 412, 415, 501, 507)
_NO_FREEBUSY = (400, 403, 404, 405, 415, 422, 501)
_GONE = frozenset({404, 410})
_WRITTEN = frozenset({201, 204})  # the statuses of a PUT that worked


class CaldavCalendar:
    """One calendar of an account. `calendar` is its display name or address; without it the server's default is used.

    `invitations` says who invites guests, `server` or `mail`; without it the server's own word counts.
    """

    def __init__(
        self,
        url: str,
        username: str,
        password: Callable[[], str],
        calendar: str | None = None,
        ca_file: Path | None = None,
        time_zone: str = "UTC",
        timeout: float = 30,
        invitations: str | None = None,
    ) -> None:
        self._dav = Dav(url, username, password, ca_file, timeout)
        self._wanted = calendar
        self._zone = time_zone
        self._discovered: CalendarCollection | None = None
        self._inviter = invitations
        self._sends_invitations: bool | None = None if invitations is None else invitations == "server"

    @property
    def sends_invitations(self) -> bool:
        """Whether the server itself sends invitations (RFC 6638, 2): it says so, and reports the account's outbox and address.

        Without the address it cannot recognise the account as the organizer of a meeting.
        """
        if self._sends_invitations is None:
            offered = self._dav.request("OPTIONS", self._collection().url).headers.get("DAV", "")
            features = {word.strip().lower() for word in offered.split(",")}
            self._sends_invitations = "calendar-auto-schedule" in features and bool(
                self._collection().outbox and self._collection().address
            )
        return self._sends_invitations

    @property
    def read_only(self) -> bool:
        """Whether the server was found to let the user only read the calendar."""
        return self._discovered is not None and self._discovered.read_only

    def uninvited(self, uid: str) -> tuple[str, ...] | None:
        """Return whom the server could not invite, as it notes in the stored event (RFC 6638, 3.2.9); None where it does not say.

        Some servers announce scheduling and then send nothing, without a word. Of an event that is gone nobody is left to invite.
        """
        existing = self._resource_with(uid)
        try:
            guests = schedule_status.unreached(existing[0].text("c:calendar-data"), uid) if existing else ()
        except ValueError as error:
            raise ConnectorError(f"{uid} on {self._dav.host} cannot be read: {error}") from error
        return () if guests is None and self._inviter == "server" else guests

    def poll(self, cursor: str | None, window: Window) -> Iterator[CalendarBatch]:
        """Yield one batch: the changes since the cursor, or the whole window where its days changed or the token expired."""
        previous = CalendarCursor.parse(cursor)
        changes = self._changes(previous, window) if previous.days == window_days(window) else None
        yield self._everything(previous, window) if changes is None else changes

    def busy_times(self, window: Window) -> tuple[Busy, ...]:
        """Return the busy times that the server computes (RFC 4791, 7.10) or, where it does not, those of the events."""
        query = element("c:free-busy-query", _time_range(window))
        answer = self._dav.request("REPORT", self._collection().url, query, allow=_NO_FREEBUSY, depth="1")
        if answer.status < 300:
            with contextlib.suppress(ValueError):  # any other response comes from a server that does not support it
                return freebusy.read(answer.body, window)
        events: list[Event] = []
        for resource in self._within(window, CalendarCursor()):
            try:
                events += ics.read(resource.text("c:calendar-data"), window, self._zone, CALENDAR_CAP - len(events))
            except ValueError as error:
                name = path_of(resource.href)
                raise ConnectorError(
                    f"{name} on {self._dav.host} cannot be read ({error}), so free times are not known"
                ) from error
        return busy_times(events, window)

    def busy_times_of(self, email: str, window: Window) -> tuple[Busy, ...] | None:
        """Return another person's busy times, where the server has an outbox for the request (RFC 6638, 5) and knows them."""
        collection = self._collection()
        if not collection.outbox or not collection.address:
            return None
        question = freebusy.request(collection.address, email, window)
        answer = self._dav.request(
            "POST", collection.outbox, question, allow=_NO_FREEBUSY, content_type="text/calendar; charset=utf-8"
        )
        for response in answer.tree.iter(clark("c:response")) if answer.tree is not None else ():
            if response.findtext(clark("c:request-status"), "").strip().startswith("2."):
                with contextlib.suppress(ValueError):
                    return freebusy.read(response.findtext(clark("c:calendar-data"), ""), window)
        return None

    def connect(self) -> None:
        """Log in and find the calendar, unless that was done before."""
        self._collection()

    def find(self, uid: str) -> Event | None:
        """Return the event with this uid, whenever it is."""
        existing = self._resource_with(uid)
        return existing[1] if existing else None

    def put(self, invite: Invite) -> Receipt:
        """Write the invite by one PUT, conditional on the version just read, marked where the mail transport sends the invitation."""
        existing = self._resource_with(invite.uid)
        version = ics.version_to_write(invite, existing[1] if existing else None)
        if version is None:
            return Receipt(invite.uid)
        if existing is None:
            url = self._own_address(invite.uid)
            condition = {"if_none_match": "*"}
        else:
            url = resolve(self._collection().url, existing[0].href)
            condition = {"if_match": existing[0].text("d:getetag")} if existing[0].text("d:getetag") else {}
        text = ics.render(version, agent=None if self.sends_invitations else "CLIENT")
        answer = self._dav.request("PUT", url, text, allow=(409, 412), content_type="text/calendar; charset=utf-8", **condition)
        if answer.status in {409, 412}:
            raise ConnectorError(
                f"“{invite.summary}” was changed on {self._dav.host} at the same moment; it will be tried again later"
            )
        if answer.status not in _WRITTEN:
            self._confirm(version)
        return Receipt(answer.headers.get("ETag", "") or invite.uid)

    def _confirm(self, version: Invite) -> None:
        """Raise ConnectorError unless the event is there: a PUT that worked is answered with 201 or 204 (RFC 9110, 9.3.4).

        A proxy or a log-in page may answer in the server's place with any other status of success.
        """
        stored = self.find(version.uid)
        if stored is None or stored.sequence < version.sequence:
            raise ConnectorError(
                f"{self._dav.host} did not answer as a calendar server does, so “{version.summary}” may not be booked",
                unknown=True,
            )

    def check(self) -> tuple[str, ...]:
        """Log in, find the calendar, read a week of it and its free/busy."""
        collection = self._collection()
        week = Window(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC))
        self._query(_time_range(week), _DATA)
        self.busy_times(week)
        sender = "the server sends invitations" if self.sends_invitations else "invitations are sent by mail"
        if collection.read_only:
            sender = "nothing is booked in it, because it is read-only: put a calendar that you may change first in `calendars:`"
        lines = (f"logged in to {self._dav.host}, calendar “{collection.name}”", f"read events and busy times; {sender}")
        return (*lines, *self._others(collection))

    def _others(self, collection: CalendarCollection) -> tuple[str, ...]:
        """Return a line about the account's further calendars, where it was the server that chose this one."""
        others = [c.name for c in calendars(self._dav) if c.url != collection.url] if self._wanted is None else []
        if not others:
            return ()
        names = ", ".join(f"“{name}”" for name in others)
        return (f"the server chose “{collection.name}”; it also has {names}: say which one is meant by `calendar:`",)

    def close(self) -> None:
        """End the session; the next request opens another, and looks for the calendar again."""
        self._discovered = self._sends_invitations = None
        self._dav.close()

    def _collection(self) -> CalendarCollection:
        if self._discovered is None:
            self._discovered = discover(self._dav, self._wanted)
        return self._discovered

    # --- reading ---

    def _everything(self, previous: CalendarCursor, window: Window) -> CalendarBatch:
        # Token and etags are read first, so that a change made while reading comes again at the next poll.
        properties = about(self._dav, self._collection().url, "<d:sync-token/>")
        current = CalendarCursor(window_days(window), properties.text("d:sync-token") if properties else "")
        if not current.token:
            current.resources = {path: ResourceState(resource.text("d:getetag")) for path, resource in self._listed().items()}
        self._read(self._within(window, current), previous, current, window)
        return current.batch(previous, f"the calendar on {self._dav.host}", full=True)

    def _changes(self, previous: CalendarCursor, window: Window) -> CalendarBatch | None:
        """Return what changed, or None where the server cannot say, so that everything must be read."""
        current = CalendarCursor(previous.days, "", dict(previous.resources))
        if previous.token:
            token = f"<d:sync-token>{escape(previous.token)}</d:sync-token><d:sync-level>1</d:sync-level>"
            report = element("d:sync-collection", f"{token}{_SIZE}")
            answer = self._dav.request("REPORT", self._collection().url, report, allow=_NO_TOKEN, depth="0")
            if answer.status >= 300 or not answer.sync_token:
                return None
            current.token = answer.sync_token
            own = [r for r in answer.resources if not same_path(path_of(r.href), path_of(self._collection().url))]
            changed = {r.href: _size_of(r) for r in own if r.status not in _GONE}
            deleted = [path_of(r.href) for r in own if r.status in _GONE]
        else:
            listed = self._listed()
            changed = {
                quote(path): _size_of(r)
                for path, r in listed.items()
                if previous.resources.get(path, ResourceState()).stamp != r.text("d:getetag")
            }
            deleted = [path for path in previous.resources if path not in listed]
        for path in deleted:
            current.resources.pop(path, None)
        self._read(self._multiget(changed, current), previous, current, window)
        return current.batch(previous, f"the calendar on {self._dav.host}", full=False)

    def _read(self, resources: Iterable[Resource], previous: CalendarCursor, current: CalendarCursor, window: Window) -> None:
        left = CALENDAR_CAP
        for resource in resources:
            path = path_of(resource.href)
            stamp = "" if current.token else resource.text("d:getetag")
            try:
                events, bad, uids = ics.read_tolerantly(resource.text("c:calendar-data"), window, self._zone, left)
                left = max(0, left - len(events))
            except ValueError as error:
                current.add(path, stamp, previous, unreadable=[(path.rpartition("/")[2], str(error))])
            else:
                current.add(path, stamp, previous, events, uids, bad)

    def _resource_with(self, uid: str) -> tuple[Resource, Event] | None:
        """Return the resource that contains the event with this uid (RFC 4791, 7.8.6), and the event."""
        match = f'<c:prop-filter name="UID"><c:text-match collation="i;octet">{escape(uid)}</c:text-match></c:prop-filter>'
        for resource in self._query(match, _DATA):
            if resource.text("c:calendar-data") and (event := self._event_in(resource, uid)) is not None:
                return resource, event
        # A server that is not itself may answer a search with nothing; of what Kept wrote, the address is known.
        own = self._named(self._own_address(uid))
        event = self._event_in(own, uid) if own else None
        return (own, event) if own and event else None

    def _event_in(self, resource: Resource, uid: str) -> Event | None:
        try:
            return ics.find(resource.text("c:calendar-data"), uid, self._zone)
        except ValueError as error:
            raise ConnectorError(f"{path_of(resource.href)} on {self._dav.host} cannot be read: {error}") from error

    def _own_address(self, uid: str) -> str:
        """Return the URL under which Kept writes the event with this uid."""
        return urljoin(self._collection().url, quote(f"{_file_name(uid)}.ics"))

    # --- requests ---

    def _within(self, window: Window, current: CalendarCursor) -> Iterator[Resource]:
        """Yield the resources with events in the window, with their text, few at a time: a whole calendar may take much memory.

        Some servers (Radicale) tell sizes only where the collection itself is listed.
        """
        sizes = {r.href: _size_of(r) for r in self._query(_time_range(window), _SIZE)}
        if not all(sizes.values()):
            listed = self._listed()
            sizes = {href: size or _size_of(listed.get(path_of(href))) for href, size in sizes.items()}
        yield from self._multiget(sizes, current)

    def _query(self, condition: str, properties: str) -> tuple[Resource, ...]:
        """Return the resources of the events that match a filter, with these properties (RFC 4791, 7.8)."""
        events = f'<c:comp-filter name="VEVENT">{condition}</c:comp-filter>'
        query = element(
            "c:calendar-query", f'{properties}<c:filter><c:comp-filter name="VCALENDAR">{events}</c:comp-filter></c:filter>'
        )
        answer = self._dav.request("REPORT", self._collection().url, query, depth="1")
        if answer.status != MULTISTATUS:
            raise ConnectorError(f"{self._dav.host} did not answer as a calendar server does")
        return tuple(r for r in answer.resources if r.properties)

    def _named(self, url: str) -> Resource | None:
        """Return the resource at an address, asked for by that address alone; None where the server says that there is none."""
        answer = self._dav.request("GET", url, allow=tuple(_GONE))
        return None if answer.status in _GONE else fetched(answer)

    def _multiget(self, sizes: Mapping[str, int], current: CalendarCursor) -> Iterator[Resource]:
        """Yield the resources at these addresses with their text (RFC 4791, 7.9); drop one that was deleted meanwhile from `current`.

        The server answers for each of them; what it says nothing of is asked for alone, so that no change is passed over.
        """
        for part in _chunks(sizes):
            named = "".join(f"<d:href>{escape(href)}</d:href>" for href in part)
            answer = self._dav.request("REPORT", self._collection().url, element("c:calendar-multiget", _DATA + named), depth="1")
            said = {path_of(r.href): r for r in answer.resources}
            for href in part:
                resource = said.get(path_of(href)) or self._named(resolve(self._collection().url, href))
                if resource is None or resource.status in _GONE:
                    current.resources.pop(path_of(href), None)
                elif resource.text("c:calendar-data"):
                    yield resource

    def _listed(self) -> dict[str, Resource]:
        """Return every resource in the calendar with its etag and its size, by path."""
        collection = path_of(self._collection().url)
        resources = children(self._dav, self._collection().url, "<d:getetag/><d:getcontentlength/>")
        return {path_of(r.href): r for r in resources if not same_path(path_of(r.href), collection) and r.text("d:getetag")}


def _size_of(resource: Resource | None) -> int:
    """Return the size of a resource in bytes, 0 where the server does not say."""
    stated = resource.text("d:getcontentlength") if resource else ""
    return int(stated) if stated.isascii() and stated.isdecimal() and len(stated) < 12 else 0


def _chunks(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Yield the addresses by those that one request names: at most CHUNK, and one of any size or several of CHUNK_SIZE together."""
    part: list[str] = []
    total = 0
    for href, size in sizes.items():
        if part and (len(part) == CHUNK or total + size > CHUNK_SIZE):
            yield part
            part, total = [], 0
        part.append(href)
        total += size
    if part:
        yield part


def _time_range(window: Window) -> str:
    start, end = (f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" for moment in window)
    return f'<c:time-range start="{start}" end="{end}"/>'


def _file_name(uid: str) -> str:
    """Return the uid where it is a safe file name, else a digest of it."""
    return uid if re.fullmatch(r"[\w@-][\w.@-]{0,120}", uid, re.ASCII) else stable_id(uid)
