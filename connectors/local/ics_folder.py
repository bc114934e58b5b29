"""A calendar on disk: a folder of .ics files with one event or series each, or one .ics file.

Only events of ours are ever written: in a file with others, every other byte stays as it is.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from connectors.calendar import Busy, CalendarBatch, Event, Invite, Window, busy_times
from connectors.errors import ConnectorError
from connectors.formats import ics
from connectors.formats.recurrence import CALENDAR_CAP
from connectors.formats.stable_ids import stable_id
from connectors.mail import Receipt
from connectors.net import files
from connectors.net.calendar_cursor import CalendarCursor, window_days


class IcsCalendar:
    """A folder of .ics files or one .ics file. Floating times and all-day events are in `time_zone`."""

    sends_invitations = False

    def __init__(self, path: Path, time_zone: str = "UTC") -> None:
        self._path = Path(path).expanduser()
        self._zone = time_zone
        # What was last read of each file for busy times: they are asked for more often than calendars change.
        self._last_read: dict[str, tuple[tuple[str, Window, int], ics.ParsedCalendar]] = {}

    @property
    def read_only(self) -> bool:
        """Whether the folder, or the one file, is there and may not be written."""
        place = self._path.parent if self._single() else self._path
        return self._is_there() and not os.access(place, os.W_OK)

    def uninvited(self, uid: str) -> None:  # the protocol's argument
        """Return None: nobody sends invitations from a file."""

    def poll(self, cursor: str | None, window: Window) -> Iterator[CalendarBatch]:
        """Yield one batch: the files that changed since the cursor, or all where the window is on other days."""
        previous = CalendarCursor.parse(cursor)
        current = CalendarCursor(window_days(window))
        left = CALENDAR_CAP
        for file in self._files():
            mark = _stamp(file)  # read first, so that a change made while reading comes at the next poll
            item = previous.resources.get(file.name)
            if item is not None and previous.days == current.days and item.stamp == mark:
                current.resources[file.name] = item
            else:
                events, uids, unreadable = self._read(file, window, CALENDAR_CAP if left > 0 else 0)
                current.add(file.name, mark, previous, events, uids, unreadable)
                left -= len(events)
        self._last_read = {name: last for name, last in self._last_read.items() if name in current.resources}
        yield current.batch(previous, str(self._path), full=previous.days != current.days)

    def busy_times(self, window: Window) -> tuple[Busy, ...]:
        """Return the busy times. Raises ConnectorError where an event cannot be read, because it may be a meeting."""
        days = _whole_days(window)
        events: list[Event] = []
        for file in self._files():
            in_file, _, unreadable = self._read(file, days, CALENDAR_CAP if len(events) < CALENDAR_CAP else 0, keep=True)
            if unreadable:
                name, reason = unreadable[0]
                raise ConnectorError(f"{name} cannot be read ({reason}), so free times are not known")
            events += in_file
        return busy_times(events, window)

    def busy_times_of(self, email: str, window: Window) -> tuple[Busy, ...] | None:  # noqa: ARG002  # the protocol's arguments
        """Return None: there is nobody else's calendar."""
        return None

    def connect(self) -> None:
        """Do nothing: a file needs no connection."""

    def find(self, uid: str) -> Event | None:
        """Return the event with this uid. Raises ConnectorError where a file that mentions the uid cannot be read."""
        existing = self._file_with(uid)
        return existing[1] if existing else None

    def put(self, invite: Invite) -> Receipt:
        """Write a file of its own in the folder, or the event into the one file; every other event stays as it is."""
        existing = self._file_with(invite.uid)
        version = ics.version_to_write(invite, existing[1] if existing else None)
        if version is None:
            return Receipt(invite.uid)
        file = existing[0] if existing else self._path
        try:
            if existing is None and not self._single():
                file = self._new_file(version.uid)
            if not self._single():
                files.make_private_folder(self._path)
            files.write_atomically(file, self._file_content(file, version))
        except OSError as error:
            raise files.file_error(file, "written", error) from error
        except ValueError as error:
            raise ConnectorError(f"{file} cannot be written: it is not a calendar file", permanent=True) from error
        return Receipt(invite.uid)

    def check(self) -> tuple[str, ...]:
        """Read every file."""
        day = datetime(2000, 1, 1, tzinfo=UTC)
        files = self._files()
        unreadable = [part for file in files for part in self._read(file, Window(day, day + timedelta(days=1)))[2]]
        read = f"{len(files)} calendar {'file' if len(files) == 1 else 'files'}"
        return (
            read if unreadable else f"{read}, all readable",
            *(f"{name} cannot be read: {reason}" for name, reason in unreadable[:5]),
        )

    def close(self) -> None:
        """Do nothing: no file stays open."""

    def _single(self) -> bool:
        try:
            return self._path.suffix.lower() == ".ics" and not self._path.is_dir()
        except OSError as error:
            raise files.file_error(self._path, "read", error) from error

    def _is_there(self) -> bool:
        try:
            return self._path.exists()
        except OSError as error:
            raise files.file_error(self._path, "read", error) from error

    def _files(self) -> list[Path]:
        try:
            if self._single():
                self._path.stat()
                return [self._path]
            with os.scandir(self._path) as entries:
                names = sorted(e.name for e in entries if e.name.lower().endswith(".ics") and e.name[0] != "." and e.is_file())
        except OSError as error:
            raise files.file_error(self._path, "read", error) from error
        return [self._path / name for name in names]

    def _read(
        self, file: Path, window: Window, most: int = CALENDAR_CAP, *, keep: bool = False
    ) -> tuple[tuple[Event, ...], list[str], list[tuple[str, str]]]:
        """Return a file's events, its uids, and (name, reason) of what could not be read; `most` as in `ics.read_tolerantly`.

        `keep` remembers the answer until the file changes or another window is asked for.
        """
        try:
            events, unreadable, uids = (self._unchanged if keep else self._parsed)(file, window, most)
        except OSError as error:
            return (), [], [(file.name, error.strerror or "it cannot be opened")]
        except ValueError as error:
            return (), [], [(file.name, str(error))]
        return events, list(uids), [(f"{file.name}, {uid}", reason) for uid, reason in unreadable]

    def _unchanged(self, file: Path, window: Window, most: int) -> ics.ParsedCalendar:
        key = (_stamp(file), window, most)
        known, read = self._last_read.pop(file.name, (None, None))
        read = read if known == key and read is not None else self._parsed(file, window, most)
        self._last_read[file.name] = key, read
        return read

    def _parsed(self, file: Path, window: Window, most: int) -> ics.ParsedCalendar:
        return ics.read_tolerantly(file.read_bytes().decode("utf-8-sig", "replace"), window, self._zone, most)

    def _file_with(self, uid: str) -> tuple[Path, Event] | None:
        for file in self._files() if self._is_there() else []:
            try:
                text = file.read_bytes().decode("utf-8-sig", "replace")
                event = ics.find(text, uid, self._zone) if uid in _unfolded(text) else None
            except OSError as error:
                raise files.file_error(file, "read", error) from error
            except ValueError as error:
                raise ConnectorError(f"{file} cannot be read: {error}") from error
            if event is not None:
                return file, event
        return None

    def _new_file(self, uid: str) -> Path:
        """Return a path named after the uid, with a digest where that name is unsafe or taken."""
        name = re.sub(r"[^\w.@-]+", "-", uid)[:100].lstrip(".")
        own = name == uid and not (self._path / f"{name}.ics").exists()
        return self._path / (f"{name}.ics" if own else f"{name}-{stable_id(uid, 8)}.ics")

    def _file_content(self, file: Path, invite: Invite) -> bytes:
        if not file.exists():
            return ics.render(invite).encode()
        # In UTC, because the file's own VTIMEZONEs must not change.
        ours = ics.render(dataclasses.replace(invite, time_zone="UTC"))
        return _replaced(file.read_bytes().decode("utf-8", "surrogateescape"), ours, invite.uid).encode(
            "utf-8", "surrogateescape"
        )


def _stamp(file: Path) -> str:
    try:
        state = file.stat()
    except OSError:
        return ""
    # The inode's change time changes with content and permissions, and cannot be set back.
    return f"{state.st_ctime_ns:x}.{state.st_size:x}.{state.st_ino:x}"


def _whole_days(window: Window) -> Window:
    """Return the window widened to whole days, so that the same request a minute later is answered from memory."""
    start = datetime.combine(window.start.astimezone(UTC).date(), time(), UTC)
    return Window(start, datetime.combine(window.end.astimezone(UTC).date() + timedelta(days=1), time(), UTC))


# From the last beginning before each end: a thousand beginnings without an end are not looked through a thousand times.
_EVENT = re.compile(r"^BEGIN:VEVENT\r?$(?:(?!^BEGIN:VEVENT\r?$).)*?^END:VEVENT", re.MULTILINE | re.DOTALL)


def _replaced(text: str, ours: str, uid: str) -> str:
    """Return the file's text with our event added or replaced; no other byte changes. Raises ValueError where it is not a calendar."""
    start = ours.index("BEGIN:VEVENT")
    event = ours[start : ours.index("END:VEVENT") + len("END:VEVENT")]
    newline = "\r\n" if "\r\n" in text else "\n"
    event = event.replace("\r\n", newline)
    for old in _EVENT.findall(text):
        if re.search(rf"(?m)^UID:{re.escape(uid)}\r?$", _unfolded(old)):
            return text.replace(old, event, 1)
    end = text.rindex("END:VCALENDAR")
    return f"{text[:end]}{event}{newline}{text[end:]}"


def _unfolded(text: str) -> str:
    return re.sub(r"\r?\n[ \t]", "", text)
