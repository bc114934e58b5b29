"""Mail and calendars on disk: Maildir++, a folder of .ics files or one file, and a folder for what is sent.

For the demo, for air-gapped use, and to replay a report. Nothing that is not ours is ever written, moved or renamed: a mail
in `new` stays in `new`. What we write is written aside, synced and renamed into place, readable by its owner alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from connectors import ics, mime
from connectors.calendar import Busy, CalendarBatch, Event, Invite, Window
from connectors.errors import ConnectorError
from connectors.folders import role_of
from connectors.mail import Batch, Draft, Message, Receipt, Role, Unreadable

BATCH = 500
SIZE_CAP = 50 * 1024 * 1024  # of a mail on disk; of a larger one only the beginning is read
_SKIPPED = frozenset({Role.DRAFTS, Role.JUNK, Role.TRASH})
_ID_HEADER = re.compile(rb"(?im)^message-id:\s*(<[^>\r\n]+>)")


class Maildir:
    """A Maildir++ mailbox: INBOX at the root, `.Sent`, `.Drafts`, `.Archive.2025` and so on beside its `cur` and `new`."""

    def __init__(self, path: Path, drafts: str | None = None) -> None:
        self._root = Path(path).expanduser()
        self._drafts = drafts

    def poll(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        """Yield the mails whose files were not there before. The cursor names the files seen, folder by folder."""
        known: dict[str, list[str]] = json.loads(cursor) if cursor else {}
        folders = self._folders()
        state: dict[str, list[str]] = {}
        warnings = [f"the folder {name} is gone" for name in known if name not in folders]
        waiting: list[tuple[str, Role, Path]] = []
        for name, (role, path) in folders.items():
            files = _files(path)
            seen = set(known.get(name, ()))
            if seen and not files:
                warnings.append(f"the folder {name} is suddenly empty; what was read from it before is kept")
            waiting += [(name, role, files[base]) for base in sorted(files.keys() - seen)]
            state[name] = sorted(files)
        counts = {name: len(seen_now) for name, seen_now in state.items()}
        yield from self._batches(waiting, known, state, counts, tuple(warnings), since)

    def _batches(
        self,
        waiting: list[tuple[str, Role, Path]],
        known: dict[str, list[str]],
        state: dict[str, list[str]],
        counts: dict[str, int],
        warnings: tuple[str, ...],
        since: datetime,
    ) -> Iterator[Batch]:
        """The cursor of every batch but the last claims only the files up to it, so that a crash loses none."""
        so_far = {name: list(seen) for name, seen in known.items()}
        for start in range(0, len(waiting), BATCH):
            part = waiting[start : start + BATCH]
            messages, unreadable = self._read(part, since)
            if start + BATCH >= len(waiting):
                yield Batch(messages, json.dumps(state), unreadable, counts, warnings, complete=True)
                return
            for name, _, file in part:
                so_far.setdefault(name, []).append(_base(file.name))
            yield Batch(messages, json.dumps(so_far), unreadable, counts)
        yield Batch((), json.dumps(state), (), counts, warnings, complete=True)

    def _read(
        self, part: list[tuple[str, Role, Path]], since: datetime
    ) -> tuple[tuple[Message, ...], tuple[Unreadable, ...]]:
        messages, unreadable = [], []
        for name, role, file in part:
            try:
                message = _message(file, role, name)
            except FileNotFoundError:
                continue  # moved while we read; it is found under its new name at the next poll
            except (OSError, ValueError) as error:
                unreadable.append(Unreadable(f"{name}/{file.name}", _why(error)))
            else:
                if message.received >= since:
                    messages.append(message)
        return tuple(sorted(messages, key=lambda m: (m.received, m.message_id))), tuple(unreadable)

    def wait(self, seconds: float) -> bool:
        """A folder on disk has no news to push: sleeps, and says that something may be there."""
        time.sleep(seconds)
        return True

    def find(self, message_id: str) -> bool:
        """Looks into the header of every file, drafts first."""
        wanted = message_id.encode()
        folders = sorted(self._folders(every=True).values(), key=lambda f: f[0] is not Role.DRAFTS)
        return any(_has_id(file, wanted) for _, path in folders for file in _files(path).values())

    def lay_draft(self, draft: Draft) -> Receipt:
        """One file in Drafts, flagged as draft and seen; the folder is made where there is none."""
        found = [path for role, path in self._folders(every=True).values() if role is Role.DRAFTS]
        folder = self._root / f".{self._drafts}" if self._drafts else (found[0] if found else self._root / ".Drafts")
        for part in ("cur", "new", "tmp"):
            (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{int(draft.date.timestamp())}.{_digest(draft.message_id)}.kept"
        _write(folder / "cur" / f"{name}:2,DS", mime.render(draft), folder / "tmp" / name)
        return Receipt(name)

    def check(self) -> tuple[str, ...]:
        """Lists the folders and reads one mail."""
        folders = self._folders()
        lines = [f"{len(folders)} folders: {', '.join(sorted(folders)[:8])}"]
        for name, (role, path) in folders.items():
            for file in list(_files(path).values())[:1]:
                _message(file, role, name)
                return (*lines, "read a message")
        return (*lines, "no message in it yet")

    def close(self) -> None:
        """Nothing is held open."""

    def _folders(self, *, every: bool = False) -> dict[str, tuple[Role, Path]]:
        """Name -> role and path; drafts, junk and trash only where `every` is set."""
        try:
            if not any((self._root / part).is_dir() for part in ("cur", "new")):
                raise ConnectorError(f"{self._root} is not a Maildir: it has neither cur nor new", permanent=True)
            found = {"INBOX": (Role.INBOX, self._root)}
            for entry in sorted(os.scandir(self._root), key=lambda e: e.name):
                name = entry.name.removeprefix(".")
                if entry.name.startswith(".") and name and entry.is_dir() and (Path(entry.path) / "cur").is_dir():
                    found[name] = (role_of(name), Path(entry.path))
        except PermissionError as error:
            raise ConnectorError(f"{self._root} may not be read: {error.strerror}", permanent=True) from error
        except OSError as error:
            raise ConnectorError(f"{self._root} cannot be read: {error.strerror}") from error
        return {name: f for name, f in found.items() if every or f[0] not in _SKIPPED}


class FileOutbox:
    """A postman that writes each mail into a folder, once: the file's name follows from the Message-ID."""

    def __init__(self, path: Path) -> None:
        self._root = Path(path).expanduser()

    def send(self, draft: Draft) -> Receipt:
        """Write it; a second time writes the same file."""
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self._file(draft.message_id), mime.render(draft))
        except OSError as error:
            raise ConnectorError(f"{self._root} cannot be written: {error.strerror}", permanent=True) from error
        return Receipt(self._file(draft.message_id).name)

    def find(self, message_id: str) -> bool | None:
        """Whether the file is there."""
        return self._file(message_id).exists()

    def check(self) -> tuple[str, ...]:
        """Says where mails go, having tried to write there."""
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = self._root / ".kept-check"
            probe.touch(mode=0o600)
            probe.unlink()
        except OSError as error:
            raise ConnectorError(f"{self._root} cannot be written: {error.strerror}", permanent=True) from error
        return (f"mails are written into {self._root}",)

    def close(self) -> None:
        """Nothing is held open."""

    def _file(self, message_id: str) -> Path:
        words = re.sub(r"[^\w.-]+", "-", message_id.strip("<>"))[:80]
        return self._root / f"{words}.{_digest(message_id)[:8]}.eml"


class IcsCalendar:
    """A folder of .ics files, one event (or series) each, or one .ics file."""

    schedules = False

    def __init__(self, path: Path, time_zone: str = "UTC") -> None:
        self._path = Path(path).expanduser()
        self._zone = time_zone

    def poll(self, cursor: str | None, window: Window) -> Iterator[CalendarBatch]:
        """The whole calendar within the window where any file or the window changed, else nothing."""
        stamp = json.dumps([str(window.start.date()), str(window.end.date()), self._stamp()])
        if cursor == stamp:
            yield CalendarBatch((), stamp)
            return
        events, unreadable = self._read(window)
        yield CalendarBatch(tuple(events), stamp, whole=True, unreadable=tuple(unreadable))

    def busy(self, window: Window) -> tuple[Busy, ...]:
        """Merged busy times. A file that cannot be read may hide a meeting, so it is an error here."""
        events, unreadable = self._read(window)
        if unreadable:
            name, reason = unreadable[0]
            raise ConnectorError(f"{name} cannot be read ({reason}), so free times are not known")
        return ics.merged(events, window)

    def busy_of(self, email: str, window: Window) -> tuple[Busy, ...] | None:  # noqa: ARG002  # files know nobody else's times
        """Files know nobody else's times."""
        return None

    def find(self, uid: str) -> Event | None:
        """The first occurrence of that event, however far away."""
        window = Window(datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
        for file in self._files():
            text = self._text(file)
            if uid in _unfolded(text):
                found = [e for e in ics.read(text, window, self._zone) if e.uid == uid]
                if found:
                    return found[0]
        return None

    def put(self, invite: Invite) -> Receipt:
        """One file of ours in the folder, or our event in the one file; every other event stays as it is."""
        text = ics.write(invite)
        try:
            if not self._single():
                self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
                name = re.sub(r"[^\w.-]+", "-", invite.uid)[:120]
                _write(self._path / f"{name}.ics", text.encode())
            else:
                _write(self._path, _replaced(self._text(self._path), text, invite.uid).encode())
        except OSError as error:
            raise ConnectorError(f"{self._path} cannot be written: {error.strerror}", permanent=True) from error
        return Receipt(invite.uid)

    def check(self) -> tuple[str, ...]:
        """Reads every file."""
        day = datetime(2000, 1, 1, tzinfo=UTC)
        _, unreadable = self._read(Window(day, day.replace(year=2001)))
        lines = [f"{len(self._files())} calendar files, busy times known from them"]
        return (*lines, *(f"{name} cannot be read: {reason}" for name, reason in unreadable[:5]))

    def close(self) -> None:
        """Nothing is held open."""

    def _single(self) -> bool:
        return self._path.suffix.lower() == ".ics" and not self._path.is_dir()

    def _files(self) -> list[Path]:
        try:
            if self._path.is_file():
                return [self._path]
            return sorted(Path(e.path) for e in os.scandir(self._path) if e.name.lower().endswith(".ics") and e.is_file())
        except OSError as error:
            raise ConnectorError(f"{self._path} cannot be read: {error.strerror}", permanent=isinstance(error, PermissionError)) from error

    def _stamp(self) -> str:
        stats = [(file.name, s.st_mtime_ns, s.st_size, s.st_ino) for file in self._files() for s in [file.stat()]]
        return hashlib.sha256(repr(stats).encode()).hexdigest()

    def _text(self, file: Path) -> str:
        try:
            return file.read_bytes().decode("utf-8-sig", "replace")
        except OSError as error:
            raise ConnectorError(f"{file} cannot be read: {error.strerror}", permanent=isinstance(error, PermissionError)) from error

    def _read(self, window: Window) -> tuple[list[Event], list[tuple[str, str]]]:
        events: list[Event] = []
        unreadable: list[tuple[str, str]] = []
        for file in self._files():
            try:
                events += ics.read(self._text(file), window, self._zone)
            except (ValueError, ConnectorError) as error:
                unreadable.append((file.name, _why(error)))
        return events, unreadable


def _replaced(text: str, ours: str, uid: str) -> str:
    """The one file with our event added, or put in the place of its older version; no other byte changes."""
    start = ours.index("BEGIN:VEVENT")
    event = ours[start : ours.index("END:VEVENT") + len("END:VEVENT")]
    newline = "\r\n" if "\r\n" in text else "\n"
    event = event.replace("\r\n", newline)
    for old in re.findall(r"(?ms)^BEGIN:VEVENT\r?$.*?^END:VEVENT", text):
        if re.search(rf"(?m)^UID:{re.escape(uid)}\r?$", _unfolded(old)):
            return text.replace(old, event)
    end = text.rindex("END:VCALENDAR")
    return f"{text[:end]}{event}{newline}{text[end:]}"


def _unfolded(text: str) -> str:
    return re.sub(r"\r?\n[ \t]", "", text)


def _message(file: Path, role: Role, folder: str) -> Message:
    with file.open("rb") as stream:
        raw = stream.read(SIZE_CAP)
        written = datetime.fromtimestamp(os.fstat(stream.fileno()).st_mtime, UTC)
    return mime.parse(raw, role=role, folder=folder, otherwise=written)


def _files(path: Path) -> dict[str, Path]:
    """Base name (without flags, so that reading a mail elsewhere does not make it new) -> file."""
    found: dict[str, Path] = {}
    for part in ("cur", "new"):
        try:
            found |= {_base(e.name): Path(e.path) for e in os.scandir(path / part) if not e.name.startswith(".")}
        except FileNotFoundError:
            continue
    return found


def _base(name: str) -> str:
    return name.partition(":")[0]


def _has_id(file: Path, wanted: bytes) -> bool:
    try:
        with file.open("rb") as stream:
            head = stream.read(mime.HEADER_CAP)
    except OSError:
        return False
    found = _ID_HEADER.search(head)
    return found is not None and found.group(1) == wanted


def _write(target: Path, content: bytes, aside: Path | None = None) -> None:
    """Written aside, synced, renamed into place: it is there whole or not at all."""
    aside = aside or target.with_name(f".{target.name}.new")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
