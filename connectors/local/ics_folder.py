"""A calendar on disk: a folder of .ics files, one event (or series) each, or one .ics file.

Only events of ours are ever written: in a file that holds others, every other byte stays as it is.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from connectors.calendar import Busy, CalendarBatch, Event, Invite, Window
from connectors.errors import ConnectorError
from connectors.formats import ics
from connectors.formats.stable_ids import stable_id
from connectors.mail import Receipt
from connectors.net import files
from connectors.net.calendar_cursor import CalendarCursor, window_days


class IcsCalendar:
    """A folder of .ics files or one .ics file. Floating times and all-day events are meant in `time_zone`."""

    sends_invitations = False

    def __init__(self, path: Path, time_zone: str = "UTC") -> None:
        self._path = Path(path).expanduser()
        self._zone = time_zone

    def poll(self, cursor: str | None, window: Window) -> Iterator[CalendarBatch]:
        """One batch: the files that changed since, or all of them where the window has moved to another day."""
        known = CalendarCursor.parse(cursor)
        now = CalendarCursor(window_days(window))
        for file in self._files():
            mark = _stamp(file)  # taken before reading: a change in between shows at the next poll
            item = known.resources.get(file.name)
            if item is not None and known.days == now.days and item.stamp == mark:
                now.resources[file.name] = item
            else:
                now.add(file.name, mark, known, *self._read(file, window))
        yield now.batch(known, str(self._path), full=known.days != now.days)

    def busy_times(self, window: Window) -> tuple[Busy, ...]:
        """Merged busy times. An event that cannot be read may be a meeting, so it is an error here."""
        days = _whole_days(window)
        events: list[Event] = []
        for file in self._files():
            found, _, bad = self._read(file, days)
            if bad:
                raise ConnectorError(f"{bad[0][0]} cannot be read ({bad[0][1]}), so free times are not known")
            events += found
        return ics.busy_times(events, window)

    def busy_times_of(self, email: str, window: Window) -> tuple[Busy, ...] | None:  # noqa: ARG002  # nobody else's calendar is here
        """Files know nobody else's times."""
        return None

    def find(self, uid: str) -> Event | None:
        """The event as it stands in its file. A file that cannot be read but names the uid is an error."""
        found = self._holding(uid)
        return found[1] if found else None

    def put(self, invite: Invite) -> Receipt:
        """One file of ours in the folder, or our event in the one file; every other event stays as it is."""
        held = self._holding(invite.uid)
        news = ics.version_to_write(invite, held[1] if held else None)
        if news is None:
            return Receipt(invite.uid)
        file = held[0] if held else self._path if self._single() else self._new_file(news.uid)
        try:
            if not self._single():
                files.make_private_folder(self._path)
            files.write_atomically(file, self._with(file, news))
        except OSError as error:
            raise files.file_error(file, "written", error) from error
        except ValueError as error:
            raise ConnectorError(f"{file} cannot be written: it is no calendar file", permanent=True) from error
        return Receipt(invite.uid)

    def check(self) -> tuple[str, ...]:
        """Reads every file."""
        day = datetime(2000, 1, 1, tzinfo=UTC)
        files = self._files()
        bad = [one for file in files for one in self._read(file, Window(day, day + timedelta(days=1)))[2]]
        read = f"{len(files)} calendar {'file' if len(files) == 1 else 'files'}"
        return (
            read if bad else f"{read}, busy times known from them",
            *(f"{name} cannot be read: {reason}" for name, reason in bad[:5]),
        )

    def close(self) -> None:
        """Nothing is held open."""

    def _single(self) -> bool:
        return self._path.suffix.lower() == ".ics" and not self._path.is_dir()

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

    def _read(self, file: Path, window: Window) -> tuple[tuple[Event, ...], list[str], list[tuple[str, str]]]:
        """Its events, the uids it holds, and what could not be read of it."""
        try:
            events, unreadable, uids = _sifted(file, _stamp(file), window, self._zone)
        except OSError as error:
            return (), [], [(file.name, error.strerror or "it cannot be opened")]
        except ValueError as error:
            return (), [], [(file.name, str(error))]
        return events, list(uids), [(f"{file.name}, {uid}", reason) for uid, reason in unreadable]

    def _holding(self, uid: str) -> tuple[Path, Event] | None:
        for file in self._files() if self._path.exists() else []:
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
        """Named after the uid, and with a digest where that name would not be its own."""
        name = re.sub(r"[^\w.@-]+", "-", uid)[:100].lstrip(".")
        own = name == uid and not (self._path / f"{name}.ics").exists()
        return self._path / (f"{name}.ics" if own else f"{name}-{stable_id(uid, 8)}.ics")

    def _with(self, file: Path, invite: Invite) -> bytes:
        if not file.exists():
            return ics.render(invite).encode()
        # In UTC, because the zones that stand in the file are not ours to touch.
        ours = ics.render(dataclasses.replace(invite, time_zone="UTC"))
        return _replaced(file.read_bytes().decode("utf-8", "surrogateescape"), ours, invite.uid).encode(
            "utf-8", "surrogateescape"
        )


@lru_cache(maxsize=4096)
def _sifted(file: Path, stamp: str, window: Window, zone: str) -> ics.ParsedCalendar:  # noqa: ARG001  # a changed file has another stamp
    """A file's events, kept while it does not change: busy times are asked for more often than calendars change."""
    return ics.read_tolerantly(file.read_bytes().decode("utf-8-sig", "replace"), window, zone)


def _stamp(file: Path) -> str:
    try:
        state = file.stat()
    except OSError:
        return ""
    # The inode's change time moves with the content and with the permissions, and nobody can set it back.
    return f"{state.st_ctime_ns:x}.{state.st_size:x}.{state.st_ino:x}"


def _whole_days(window: Window) -> Window:
    """The days that a window touches, so that asking again a minute later asks the same."""
    start = datetime.combine(window.start.astimezone(UTC).date(), time(), UTC)
    return Window(start, datetime.combine(window.end.astimezone(UTC).date() + timedelta(days=1), time(), UTC))


def _replaced(text: str, ours: str, uid: str) -> str:
    """The file with our event added, or put in the place of its older version; no other byte changes. Raises ValueError."""
    start = ours.index("BEGIN:VEVENT")
    event = ours[start : ours.index("END:VEVENT") + len("END:VEVENT")]
    newline = "\r\n" if "\r\n" in text else "\n"
    event = event.replace("\r\n", newline)
    for old in re.findall(r"(?ms)^BEGIN:VEVENT\r?$.*?^END:VEVENT", text):
        if re.search(rf"(?m)^UID:{re.escape(uid)}\r?$", _unfolded(old)):
            return text.replace(old, event, 1)
    end = text.rindex("END:VCALENDAR")
    return f"{text[:end]}{event}{newline}{text[end:]}"


def _unfolded(text: str) -> str:
    return re.sub(r"\r?\n[ \t]", "", text)
