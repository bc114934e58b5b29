"""Events from iCalendar text, and iCalendar text from invites (RFC 5545, iTIP: RFC 5546).

`icalendar` does the parsing; this module adds the limits, the time zones and the meaning of an event (recurrence.py expands series).
Reading raises only ValueError. Some files fail only when `.dt` is read, so all access is guarded, and an event costs no other.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import icalendar
from icalendar.timezone import tzp

from connectors.calendar import Attendee, Event, Invite, Window
from connectors.errors import ConnectorError
from connectors.formats import ics_parts, recurrence, series_repair, vtimezones, zones
from connectors.formats.recurrence import CalendarFormatError
from connectors.formats.stable_ids import stable_id
from connectors.mail import canonical_email

SIZE_CAP = 1024 * 1024  # characters of one resource; a file with a whole calendar may be larger
FILE_CAP = 32 * 1024 * 1024
TEXT_CAP = 8 * 1024
PRODID = "-//Kept//Kept//EN"
# One of these that is invalid could hide a busy time; any other invalid property counts as missing.
_TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
# Values of X-MICROSOFT-CDO-BUSYSTATUS, and those of them that leave the owner free.
_STATUSES = frozenset({"FREE", "WORKINGELSEWHERE", "TENTATIVE", "BUSY", "OOF"})
_LAST = datetime.max.replace(tzinfo=UTC)
_FREE = frozenset({"FREE", "WORKINGELSEWHERE"})


class ParsedCalendar(NamedTuple):
    """The events of a file, and (uid, reason) of each that could not be read; its time is among the events as a `placeholder`."""

    events: tuple[Event, ...]
    unreadable: tuple[tuple[str, str], ...]
    uids: tuple[str, ...]  # of every event in the file, whenever it is, and of its placeholders


def read(text: str, window: Window, zone: str = "UTC", most: int = recurrence.CALENDAR_CAP) -> tuple[Event, ...]:
    """Return the occurrences in one resource that overlap the window, in order; floating times are in `zone`.

    `most` is as in `read_tolerantly`. Raises ValueError, with a reason for a person, where any event cannot be read.
    """
    if len(text) > SIZE_CAP:
        raise CalendarFormatError("it is larger than any real calendar event")
    events, unreadable, _ = read_tolerantly(text, window, zone, most)
    if unreadable:
        raise ValueError(unreadable[0][1])
    return events


def read_tolerantly(text: str, window: Window, zone: str = "UTC", most: int = recurrence.CALENDAR_CAP) -> ParsedCalendar:
    """Return what `read` does of a file with many events, naming those that cannot be read.

    Once there are `most` occurrences, further series are left out, counted under one name and without placeholders, to bound time and
    memory. Raises ValueError where the file as a whole is not a calendar.
    """
    file, events = parsed(text, zone), list[Event]()
    unreadable, left_out = dict(file.broken), 0
    for uid, components in file.series.items():
        if len(events) >= most and _is_series(components):
            left_out += 1
            continue
        try:
            events += occurrences(uid, components, window, file)
        except Exception as error:  # noqa: BLE001  # the libraries raise whatever hostile input leads them to
            unreadable[uid] = _reason(error)
            file.remains.setdefault(uid, []).extend(components)
    unreadable |= {f"{left_out} of its series": recurrence.NO_ROOM} if left_out else {}
    taken = (e for uid, components in file.remains.items() for e in _placeholders(uid, components, file.zone))
    events = sorted((*events, *(e for e in taken if e.overlaps(window))), key=lambda e: (e.start, e.uid, e.occurrence))
    uids = dict.fromkeys((*file.series, *file.broken, *(e.uid for e in events)))
    return ParsedCalendar(tuple(events), tuple(unreadable.items()), tuple(uids))


def find(text: str, uid: str, zone: str = "UTC") -> Event | None:
    """Return the event with this uid, of a series its first occurrence; None where the file has none. Raises ValueError."""
    file = parsed(text, zone)
    components = file.series.get(uid)
    if not components:
        return None
    master = next((c for c in components if c.get("recurrence-id") is None), components[0])
    try:
        series_repair.repair([master], file.zone)
        return event_of(uid, master, file.zone, series=False)
    except Exception as error:
        raise ValueError(_reason(error)) from error


def render(invite: Invite, method: str | None = None, *, agent: str | None = None) -> str:
    """Return the invite as a calendar object, with `method` (REQUEST, CANCEL) as an iTIP message (RFC 5546, 3.2).

    `agent` CLIENT tells a calendar server not to send it (RFC 6638, 7.1). Times are in the invite's zone, with its VTIMEZONE,
    or in UTC. Raises ValueError for an unknown time zone.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    calendar.add_component(_vevent(invite, agent))
    year = timedelta(days=370)  # the zone's rules are written only for the years around the meeting
    calendar.add_missing_timezones((invite.start - year).date(), (invite.end + year).date())
    return str(calendar.to_ical().decode())


def _vevent(invite: Invite, agent: str | None) -> Any:
    zone = ZoneInfo(invite.time_zone)
    event = icalendar.Event()
    event.add("uid", _line(invite.uid))
    event.add("dtstamp", invite.stamp.astimezone(UTC))
    event.add("dtstart", invite.start.astimezone(zone))
    event.add("dtend", invite.end.astimezone(zone))
    event.add("summary", _line(invite.summary))
    event.add("description", invite.description)
    if invite.location:
        event.add("location", _line(invite.location))
    event.add("sequence", invite.sequence)
    event.add("status", "CANCELLED" if invite.cancelled else "CONFIRMED")
    event.add("organizer", _person(invite.organizer, invite.organizer_name))
    for attendee in invite.attendees:
        person = _person(attendee.email, attendee.name, attendee.answer)
        if agent:
            person.params["SCHEDULE-AGENT"] = icalendar.vText(agent)
        event.add("attendee", person, encode=False)
    for name, value in invite.headers.items():
        event.add(name, _line(value))
    return event


def version_to_write(invite: Invite, existing: Event | None) -> Invite | None:
    """Return the version of the invite to write over the calendar's `existing` one; None where nothing needs writing.

    A cancellation overrides any version; without an existing event there is nothing to cancel. Raises ConnectorError where the
    calendar has a newer version: somebody changed it, so it is left alone.
    """
    if existing is None:
        return None if invite.cancelled else invite
    if invite.cancelled:
        return None if existing.status == "cancelled" else replace(invite, sequence=max(invite.sequence, existing.sequence + 1))
    if existing.sequence > invite.sequence:
        raise ConnectorError(
            f"“{invite.summary}” was changed in the calendar in the meantime, so Kept leaves it as it is", permanent=True
        )
    return invite if existing.sequence < invite.sequence else None


def _line(text: str) -> str:
    """Return the text without line breaks and control characters, so that a value cannot begin another property."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _person(email: str, name: str, answer: str | None = None) -> icalendar.vCalAddress:
    address = icalendar.vCalAddress(f"mailto:{_line(email)}")
    if name:
        address.params["CN"] = icalendar.vText(_line(name))
    if answer is not None:
        address.params["ROLE"] = icalendar.vText("REQ-PARTICIPANT")
        address.params["PARTSTAT"] = icalendar.vText(answer.upper())
        address.params["RSVP"] = icalendar.vText("TRUE")
    return address


class CalendarFile(NamedTuple):
    """A file's events by uid, a series together; why others cannot be parsed, and their times; the zone of floating times.

    `method` is METHOD in capitals, empty where there is none. `broken_zones` are the names of the zones in it that cannot be read.
    """

    series: dict[str, list[Any]]
    broken: dict[str, str]
    remains: dict[str, list[Any]]
    zone: tzinfo
    method: str
    broken_zones: frozenset[str]


def parsed(text: str, zone: str, most: int = ics_parts.COMPONENT_CAP) -> CalendarFile:
    """Return the events of a file, each parsed by itself, `most` of each calendar in it; floating times are in `zone` or its own.

    Raises ValueError where the file as a whole is not a calendar.
    """
    if len(text) > FILE_CAP:
        raise CalendarFormatError("it is larger than any real calendar")
    sections = ics_parts.split(text)
    named = next((section.zone for section in sections if section.zone), "")
    file = CalendarFile({}, {}, {}, zones.find(named) or ZoneInfo(zone), sections[0].method, frozenset())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about zones and values that are guessed; the guess is wanted
        for section in sections:
            file = file._replace(broken_zones=file.broken_zones | vtimezones.use(section.zones, section.events[:most]))
            for block in section.events[:most]:
                _add(file, block)
    tzp.use_default()
    return file


def _add(file: CalendarFile, block: str) -> None:
    """Add one event; one without a UID gets a stable id."""
    try:
        ics_parts.check_size(block)
        component = icalendar.Event.from_ical(block)
        file.series.setdefault(_words(component, "uid", 500) or _without_uid(component), []).append(component)
    except Exception as error:  # noqa: BLE001  # the library raises whatever hostile input leads it to
        uid = ics_parts.value_of(block, "UID") or f"no-uid-{stable_id(block)}"
        file.broken[uid] = _reason(error)
        with contextlib.suppress(Exception):
            file.remains.setdefault(uid, []).append(icalendar.Event.from_ical(ics_parts.times_alone(block)))


def occurrences(uid: str, components: Sequence[Any], window: Window, file: CalendarFile) -> list[Event]:
    """Return the occurrences of one event or series that overlap the window. Raises whatever the libraries raise."""
    broken = next((name for c in components for name, _ in c.errors if name in _TIMES), None)
    if broken:
        raise CalendarFormatError(f"its {broken} is not valid")
    if any(c.get("dtstart") is None for c in components):
        raise CalendarFormatError("it has no start")
    for component in components:
        vtimezones.check_zone_used(component, file.broken_zones)
    series_repair.repair(components, file.zone)
    if not _is_series(components):
        event = event_of(uid, components[-1], file.zone, series=False)
        return [event] if event.overlaps(window) else []
    recurrence.prepare(components, window)
    plain = recurrence.plain_starts(components, window)
    if plain is not None:
        return list(_repeated(event_of(uid, components[0], file.zone, series=False), *plain, components[0], window, file.zone))
    events = (event_of(uid, c, file.zone, series=True) for c in recurrence.expand(components, window))
    return [e for e in events if e.overlaps(window)]


def _is_series(components: Iterable[Any]) -> bool:
    return any(c.get(name) is not None for c in components for name in ("rrule", "rdate", "recurrence-id"))


def _repeated(
    event: Event, starts: Iterable[datetime], length: timedelta, component: Any, window: Window, zone: tzinfo
) -> Iterator[Event]:
    """Yield a plain series' occurrences that overlap the window: the same event at each start."""
    own = getattr(component["dtstart"].dt, "tzinfo", None) or zone
    for clock in starts:
        start = _moment(clock.replace(tzinfo=own), zone)
        end = max(start, _moment((clock + length).replace(tzinfo=own), zone))
        if start < window.end and (end > window.start or start >= window.start):  # as Event.overlaps, before there is an event
            yield Event(
                event.uid,
                start,
                end,
                event.summary,
                event.description,
                event.location,
                event.organizer,
                event.attendees,
                event.status,
                event.busy,
                event.private,
                event.all_day,
                start.isoformat(),
                event.sequence,
                event.created,
                event.modified,
            )


def _placeholders(uid: str, components: Iterable[Any], zone: tzinfo) -> Iterator[Event]:
    """Yield what can still be told of an event that cannot be read, and no more: a time that is taken (`placeholder`)."""
    for number, component in enumerate(components):
        times = _times(component, zone)
        if times is not None and component.get("status") != "CANCELLED" and _takes_time(component):
            yield placeholder(f"{uid} {number}" if number else uid, *times)


def _times(component: Any, zone: tzinfo) -> tuple[datetime, datetime | None] | None:
    """Return an event's start and end as far as they can be read; None where not even its start can."""
    try:
        start = _moment(component["dtstart"].dt, zone)
    except Exception:  # noqa: BLE001  # the libraries raise whatever hostile input leads them to
        return None
    try:
        return start, _span(component, zone)[1]
    except Exception:  # noqa: BLE001  # as above
        return start, None


def placeholder(uid: str, start: datetime, end: datetime | None) -> Event:
    """Return the time of an event that cannot be read, as an event without words or people that makes its owner busy.

    It has a uid of its own, so that it does not replace what was read of that event earlier. Without an end it takes an hour.
    """
    end = end if end is not None and end > start else start + min(timedelta(hours=1), _LAST - start)
    return Event(f"unreadable-{stable_id(uid)}", start, end, private=True)


def _reason(error: Exception) -> str:
    """Return our own reason as it is; a library's may quote the file at any length, so only its type is named."""
    return str(error) if isinstance(error, CalendarFormatError) else f"it is not valid iCalendar ({type(error).__name__})"


def event_of(uid: str, component: Any, zone: tzinfo, *, series: bool) -> Event:
    """Return one component as an event; `series` says that a RECURRENCE-ID names it. Raises whatever the libraries raise."""
    start, end, all_day = _span(component, zone)
    private = str(component.get("class", "PUBLIC")).upper() in {"PRIVATE", "CONFIDENTIAL"}
    occurrence = component.get("recurrence-id")
    return Event(
        uid=uid,
        start=start,
        end=end,
        summary="" if private else _words(component, "summary", 500),
        description="" if private else _words(component, "description", TEXT_CAP),
        location="" if private else _words(component, "location", 500),
        organizer=None if private else _email(component.get("organizer")),
        attendees=() if private else tuple(_attendees(component)),
        status=_words(component, "status", 20).lower() or "confirmed",
        busy=_takes_time(component),
        private=private,
        all_day=all_day,
        occurrence=_moment(occurrence.dt, zone).astimezone(UTC).isoformat() if series and occurrence else "",
        sequence=_sequence(component),
        created=_stamp(component, "created") or _stamp(component, "dtstamp"),
        modified=_stamp(component, "last-modified") or _stamp(component, "dtstamp"),
    )


def _takes_time(component: Any) -> bool:
    """Return whether it takes the owner's time: Microsoft's own property rules where there is one ([MS-OXCICAL] 2.1.3.1.1.20.31)."""
    status = _words(component, "x-microsoft-cdo-busystatus", 20).upper()
    return status not in _FREE if status in _STATUSES else _words(component, "transp", 20).upper() != "TRANSPARENT"


def _span(component: Any, zone: tzinfo) -> tuple[datetime, datetime, bool]:
    """Return start, end and whether it lasts whole days, from DTEND, DURATION or the defaults (RFC 5545, 3.6.1)."""
    first = component["dtstart"].dt
    all_day = not isinstance(first, datetime)
    start = _moment(first, zone)
    if component.get("dtend") is not None:
        end = _moment(component["dtend"].dt, zone)
    elif component.get("duration") is not None:
        end = start + component["duration"].dt
    else:
        end = _moment(first + timedelta(days=1), zone) if all_day else start
    return start, max(start, end), all_day


def _moment(value: datetime | date, zone: tzinfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=zone)
    elif value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    try:
        return value.astimezone(UTC)
    except OverflowError:  # the first or the last day there is
        return value.replace(tzinfo=UTC)


def _stamp(component: Any, name: str) -> datetime | None:
    try:
        moment = getattr(component.get(name), "dt", None)
    except ValueError:  # invalid, and only informative
        return None
    return _moment(moment, ZoneInfo("UTC")) if isinstance(moment, datetime) else None


def _sequence(component: Any) -> int:
    try:
        return int(component.get("sequence", 0))
    except (TypeError, ValueError):
        return 0


def _words(component: Any, name: str, most: int) -> str:
    value = component.get(name)
    return str(value[0] if isinstance(value, list) and value else value or "")[:most].replace("\x00", "")


def _without_uid(component: Any) -> str:
    """Return an id for an event without UID (required by RFC 5545, 3.8.4.7), stable while its time and title stay."""
    about = f"{component.get('dtstart')!r} {_words(component, 'summary', 100)}"
    return f"no-uid-{stable_id(about)}"


def _email(value: Any) -> str | None:
    address = canonical_email(str(value or "").lower().removeprefix("mailto:").strip()[:320])
    return address if "@" in address else None


def _attendees(component: Any) -> Iterator[Attendee]:
    value = component.get("attendee", [])
    for address in (value if isinstance(value, list) else [value])[: ics_parts.ATTENDEE_CAP]:
        email = _email(address)
        if email:
            params = getattr(address, "params", {})
            yield Attendee(email, str(params.get("CN", ""))[:200], str(params.get("PARTSTAT", "needs-action")).lower())
