"""Mail on disk: a Maildir++ mailbox, and a folder into which mails are written instead of being sent.

For the demo, for use without a network, and to replay a report. Drafts and mail in the trash are not read, whether the folder says
so or a file's flags (https://cr.yp.to/proto/maildir.html); one that loses the flag is new. Nothing but our own drafts is written, moved or renamed: a message
in `new` stays there. Files are written beside, synced and renamed into place, readable by their owner alone.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import glob
import hashlib
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from connectors.errors import ConnectorError
from connectors.formats import folder_names, headers, mime
from connectors.formats.folder_roles import UNREAD_ROLES, may_be_unsent, role_of
from connectors.formats.stable_ids import stable_id
from connectors.mail import Batch, Draft, Message, Receipt, Role, Unreadable
from connectors.net import files, sudden_loss

BATCH = 500
SIZE_CAP = 16 * 1024 * 1024  # bytes of a message that are read; of a larger one only the beginning, to limit memory
HEAD = 16 * 1024  # bytes in which a Message-ID is looked for first
_ID_HEADER = re.compile(rb"(?im)^message-id:\s*(<[^>\r\n]+>)")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_MOST_NAMED = 3  # files that cannot be read
_MARK = 8  # characters that identify a file in a cursor: 48 bits, so that 20,000 messages take 160 KB


class _Folder(NamedTuple):
    """A folder; `filed` says that what the user wrote and put there has left, because drafts are known to lie elsewhere."""

    name: str
    role: Role
    path: Path
    filed: bool = False


class _Mail(NamedTuple):
    folder: _Folder
    mark: str
    file: Path


@dataclasses.dataclass(slots=True)
class _Scan:
    """The folders now: files by their marks, the earlier marks of folders that could not be read, and warnings for a person."""

    files: dict[str, dict[str, str]]
    unread: dict[str, set[str]]
    warnings: list[str]


class Maildir:
    """A Maildir++ mailbox: INBOX at the root, with `.Sent`, `.Drafts`, `.Archive.2025` and so on beside its `cur` and `new`.

    `authserv_id` names the server whose Authentication-Results are believed; without it the topmost is.
    """

    def __init__(self, path: Path, drafts: str | None = None, authserv_id: str | None = None) -> None:
        self._root = Path(path).expanduser()
        self._drafts, self._authserv_id = drafts, authserv_id

    def poll(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        """Yield the messages whose files are new, oldest first. The cursor holds a mark of each file read."""
        seen = _seen(cursor)
        folders = {f.name: f for f in self._folders() if f.role not in UNREAD_ROLES}
        scan = self._scan(folders, seen)
        waiting = [
            _Mail(folders[name], mark, Path(file))
            for name, files in scan.files.items()
            for mark, file in files.items()
            if mark not in seen.get(name, ()) and not _is_left_out(Path(file), folders[name])
        ]
        waiting.sort(key=lambda mail: (_delivered(mail.file) or 0, mail.file.name))
        counts = {name: len(files) for name, files in scan.files.items()}
        # Each batch's cursor covers only the files up to it, so that a crash loses none.
        so_far = {name: seen.get(name, set()) & files.keys() for name, files in scan.files.items()} | scan.unread
        failed: list[str] = []
        for start in range(0, len(waiting), BATCH):
            part = waiting[start : start + BATCH]
            for mail in part:
                so_far[mail.folder.name].add(mail.mark)
            messages, unreadable, missed = _read(part, since, self._authserv_id)
            for mail, error in missed:  # of the disk, and no fault of the mail: it is tried again
                so_far[mail.folder.name].discard(mail.mark)
                failed.append(f"{mail.folder.name}/{mail.file.name} cannot be read now ({_reason(error)}); Kept will try again")
            if start + BATCH >= len(waiting):
                yield Batch(messages, _cursor(so_far), unreadable, counts, (*scan.warnings, *_shortened(failed)), complete=True)
                return
            yield Batch(messages, _cursor(so_far), unreadable, counts)
        yield Batch((), _cursor(so_far), (), counts, tuple(scan.warnings), complete=True)

    def wait(self, seconds: float) -> bool:
        """Sleep, then return True: a folder on disk announces nothing."""
        time.sleep(seconds)
        return True

    def has_message(self, message_id: str) -> bool:
        """Search the header of every file, drafts first. Raises ConnectorError where a file cannot be read."""
        return self.file_of(message_id) is not None

    def file_of(self, message_id: str) -> Path | None:
        """Return the file of the message, found as `has_message` does; None where it is nowhere."""
        wanted = message_id.encode()
        folders = sorted(self._folders(), key=lambda f: (f.role is not Role.DRAFTS, f.role is not Role.SENT))
        for _ in range(2):  # a second look for files that another program renamed meanwhile
            vanished = False
            for file in (Path(file) for folder in folders for file in self._files(folder).values()):
                try:
                    if _has_id(file, wanted):
                        return file
                except FileNotFoundError:
                    vanished = True
                except OSError as error:
                    raise files.file_error(file, "read", error) from error
            if not vanished:
                break
        return None

    def connect(self) -> None:
        """Look whether the Maildir is there."""
        self._folders()

    def save_draft(self, draft: Draft) -> Receipt:
        """Write one file into Drafts, flagged as draft and seen; create that folder where there is none."""
        existing = [folder.path for folder in self._folders() if folder.role is Role.DRAFTS]
        folder = self._root / f".{self._drafts}" if self._drafts else (existing[0] if existing else self._root / ".Drafts")
        name = f"{int(draft.date.timestamp())}.{stable_id(draft.message_id)}.kept"
        try:
            for part in ("cur", "new", "tmp"):
                files.make_private_folder(folder / part)
            files.write_atomically(folder / "cur" / f"{name}:2,DS", mime.render(draft), folder / "tmp" / name)
        except OSError as error:
            raise files.file_error(folder, "written", error) from error
        return Receipt(name)

    def remove_draft(self, message_id: str, receipt: str, content: str) -> bool:  # noqa: ARG002  # a file's name may have changed
        """Delete the file in Drafts, whatever its flags are now."""
        for folder in self._folders():
            for file in map(Path, self._files(folder).values()) if self._is_for_drafts(folder) else ():
                try:
                    if _has_id(file, message_id.encode()) and mime.is_unchanged(file.read_bytes(), message_id, content):
                        file.unlink()
                        return True
                except FileNotFoundError:
                    continue
                except OSError as error:
                    raise files.file_error(file, "removed", error) from error
        return False

    def _is_for_drafts(self, folder: _Folder) -> bool:
        return folder.role is Role.DRAFTS or (self._drafts is not None and folder.path == self._root / f".{self._drafts}")

    def check(self) -> tuple[str, ...]:
        """List the folders and read one message."""
        folders = [f for f in self._folders() if f.role not in UNREAD_ROLES]
        names = ", ".join(f.name for f in folders[:8])
        line = f"{len(folders)} {'folder' if len(folders) == 1 else 'folders'} found ({names})"
        for folder in folders:
            for file in map(Path, list(self._files(folder).values())[:1]):
                try:
                    _message(file, folder, self._authserv_id)
                except OSError as error:
                    raise files.file_error(file, "read", error) from error
                except ValueError:
                    continue
                return (line, "a message could be read")
        return (line, "there is no message yet")

    def close(self) -> None:
        """Do nothing: no file stays open."""

    def _folders(self) -> list[_Folder]:
        """Return INBOX and the folders beside it, by name."""
        try:
            if not any((self._root / part).is_dir() for part in ("cur", "new")):
                raise ConnectorError(f"{self._root} is not a Maildir: it has neither cur nor new", permanent=True)
            with os.scandir(self._root) as entries:
                names = sorted(
                    e.name for e in entries if e.name.startswith(".") and e.is_dir() and (Path(e.path) / "cur").is_dir()
                )
        except OSError as error:
            raise files.file_error(self._root, "read", error) from error
        by_raw = folder_names.distinct(os.fsencode(name[1:]) for name in names)
        shown = [(by_raw[os.fsencode(name[1:])], self._root / name) for name in names]
        roles = {name: role_of(name) for name, _ in shown}
        known = Role.DRAFTS in roles.values()
        filed = {name: roles[name] is Role.ARCHIVE or (known and not may_be_unsent(name)) for name, _ in shown}
        inbox = _Folder("INBOX", Role.INBOX, self._root, known)
        return [inbox, *(_Folder(name, roles[name], path, filed[name]) for name, path in shown)]

    def _files(self, folder: _Folder) -> dict[str, str]:
        """Return the paths of a folder's files by mark. The mark ignores flags, so that a message read elsewhere does not become new.

        They are text: of a large mailbox, whose files were nearly all read, making a Path of each takes most of the time of a poll.
        """
        by_mark: dict[str, str] = {}
        for part in ("cur", "new"):
            try:
                with os.scandir(folder.path / part) as entries:
                    by_mark |= {_mark(e.name): e.path for e in entries if e.name[0] != "." and e.is_file()}
            except FileNotFoundError:
                continue
            except OSError as error:
                raise files.file_error(folder.path / part, "read", error) from error
        return by_mark

    def _scan(self, folders: Mapping[str, _Folder], seen: Mapping[str, set[str]]) -> _Scan:
        """List every folder; one that cannot be read is a warning and keeps its marks from the cursor."""
        gone = [f"the folder {name} is gone; what was read from it before is kept" for name in seen if name not in folders]
        scan = _Scan({}, {}, gone)
        failed: ConnectorError | None = None
        for name, folder in folders.items():
            try:
                scan.files[name] = self._files(folder)
            except ConnectorError as error:
                scan.warnings.append(error.message)
                scan.unread[name] = seen.get(name, set())
                failed = error
        there = {mark for files in scan.files.values() for mark in files}
        if failed and not there:
            raise failed
        before = {name: len(marks - there) for name, marks in seen.items()}  # what was moved into another folder is not lost
        now = {name: len(present) for name, present in scan.files.items()}
        if sudden_loss.lost_everything(before, now):
            raise sudden_loss.emptied_mailbox_error(str(self._root))
        scan.warnings += map(sudden_loss.emptied_folder_warning, sudden_loss.emptied_folders(before, now))
        return scan


def _seen(cursor: str | None) -> dict[str, set[str]]:
    """Return the marks of the files that were read, by folder; none, so that all are read again, for a cursor of another format."""
    try:
        packed: dict[str, str] = json.loads(cursor or "{}")
        return {name: {marks[i : i + _MARK] for i in range(0, len(marks), _MARK)} for name, marks in packed.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _cursor(seen: Mapping[str, set[str]]) -> str:
    return json.dumps({name: "".join(sorted(marks)) for name, marks in seen.items()}, ensure_ascii=False)


def _mark(name: str) -> str:
    base = os.fsencode(name.partition(":")[0])
    return base64.b64encode(hashlib.blake2b(base, digest_size=6).digest()).decode()


def _is_left_out(file: Path, folder: _Folder) -> bool:
    """Whether the flags in a file's name say that it is a draft (D) or in the trash (T).

    What was sent stays sent when it is deleted; a draft among sent mail is read, and is in doubt.
    """
    return folder.role is not Role.SENT and not {"D", "T"}.isdisjoint(_flags(file))


def _flags(file: Path) -> str:
    return file.name.rpartition(":2,")[2] if ":2," in file.name else ""


def _delivered(file: Path) -> int | None:
    """Return the delivery time (epoch seconds) that a Maildir file's name begins with; None for a name of another form."""
    stamp = file.name.partition(".")[0]
    known = len(stamp) == 10 and stamp.isascii() and stamp.isdecimal() and int(stamp) >= mime.EARLIEST.timestamp()
    return int(stamp) if known else None


def _shortened(warnings: list[str]) -> Iterator[str]:
    yield from warnings[:_MOST_NAMED]
    if len(warnings) > _MOST_NAMED:
        yield f"{len(warnings) - _MOST_NAMED} more emails cannot be read now; Kept will try again"


def _read(
    part: list[_Mail], since: datetime, authserv_id: str | None
) -> tuple[tuple[Message, ...], tuple[Unreadable, ...], list[tuple[_Mail, OSError]]]:
    """Return the messages of some files, those that are no message, and the files that the disk did not give."""
    messages, unreadable, missed = [], [], []
    earliest = (since - timedelta(days=1)).timestamp()
    for mail in part:
        delivered = _delivered(mail.file)
        if delivered is not None and delivered < earliest:
            continue  # a message is received before it is delivered, so this one is too old to open
        try:
            message = _message_wherever(mail, authserv_id)
        except FileNotFoundError:
            continue  # deleted meanwhile
        except OSError as error:
            missed.append((mail, error))
            continue
        except Exception as error:  # noqa: BLE001  # whatever is wrong at this one mail must not cost the others
            unreadable.append(_set_aside(mail, error))
            continue
        if message.received >= since and message.role not in UNREAD_ROLES:
            messages.append(message)
    messages.sort(key=lambda m: (m.received, m.message_id))
    return tuple(messages), tuple(unreadable), missed


def _set_aside(mail: _Mail, error: Exception) -> Unreadable:
    head, written = b"", None
    with contextlib.suppress(OSError, ValueError, OverflowError), mail.file.open("rb") as stream:
        head = stream.read(headers.HEADER_CAP)
        written = _stamp(mail.file, stream.fileno())
    return mime.failed(f"{mail.folder.name}/{mail.file.name}", error, head, otherwise=written)


def _message_wherever(mail: _Mail, authserv_id: str | None) -> Message:
    """Return the message, also under the name that another program gave it meanwhile: once read it moves from `new` to `cur`.

    Raises OSError and ValueError; FileNotFoundError where it is gone.
    """
    with contextlib.suppress(FileNotFoundError):
        return _message(mail.file, mail.folder, authserv_id)
    for part in ("cur", "new"):
        for file in (mail.folder.path / part).glob(f"{glob.escape(mail.file.name.partition(':')[0])}*"):
            with contextlib.suppress(FileNotFoundError):
                return _message(file, mail.folder, authserv_id)
    raise FileNotFoundError(mail.file)


def _message(file: Path, folder: _Folder, authserv_id: str | None) -> Message:
    with file.open("rb") as stream:
        raw = stream.read(SIZE_CAP)
        otherwise = _stamp(file, stream.fileno())
    message = mime.parse(
        raw, role=folder.role, folder=folder.name, otherwise=otherwise, authserv_id=authserv_id, transmitted=folder.filed
    )
    return dataclasses.replace(message, transmitted=False) if "D" in _flags(file) else message


def _stamp(file: Path, descriptor: int) -> datetime:
    """Return when a file was delivered, as its name says, else when it was written: a copy of a mailbox may have new dates, or none."""
    return datetime.fromtimestamp(_delivered(file) or os.fstat(descriptor).st_mtime, UTC)


def _has_id(file: Path, wanted: bytes) -> bool:
    """Return whether the message's own header, not one quoted or attached in it, has this Message-ID. Raises OSError."""
    with file.open("rb") as stream:
        head = stream.read(HEAD)
        if not _HEADER_END.search(head):
            head += stream.read(headers.HEADER_CAP)
    end = _HEADER_END.search(head)
    own = _ID_HEADER.search(head[: end.start()] if end else head) if wanted in head else None
    return own is not None and own.group(1) == wanted


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
