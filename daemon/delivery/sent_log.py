"""The sent log: a second record of every send and booking, one line of JSON each, synced to the disk before the turn goes on.

It outlives the database: with a lost or restored one, what the log contains is not sent again, and what it says was said is not said
again. A line cut short by a power failure still counts if it contains the reference, because lines are only written after the send.
A line that cannot be read otherwise is set aside and said (`unreadable`); every other line counts.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from daemon.delivery.sent_log_lines import LINE_CAP, BadLine, Entry, line_of, read_line, reference_in
from daemon.errors import StoreError
from daemon.glossary.actions import Channel, Mention, Parcel
from daemon.glossary.obligations import short_id

FILE = "sent.jsonl"
_FREE_BYTES = 1 << 20  # needed on the disk before anything is sent
_TAIL = 256  # bytes before the place read up to; they tell a file that was put in the old one's place
_MOST_UNREADABLE = 100  # bad lines that are remembered


@dataclass(frozen=True, slots=True)
class MergeResult:
    """What became of another sent log's lines: how many were added, how many were known, and those that cannot be read, by number."""

    added: int
    known: int
    unreadable: Mapping[int, str]


class SentLog:
    """The sent log of one state directory. Lines that other processes add are read too. Several threads may share it."""

    def __init__(self, folder: Path) -> None:
        self._path = Path(folder).expanduser() / FILE
        self._changing = threading.RLock()
        self._references: set[str] = set()
        self._mentions: dict[str, tuple[Mention, ...]] = {}  # by reference
        self._moments: dict[tuple[str, str], dict[Mention, datetime]] = {}  # by account and obligation
        self._keys: dict[str, dict[str, datetime]] = {}  # of letters, by account
        self._unreadable: dict[int, str] = {}  # line number -> what it means
        self._read_up_to, self._lines, self._tail = 0, 0, b""
        self._seen: tuple[int, ...] = ()  # the file's identity, size and time when it was read last

    def contains(self, reference: str) -> bool:
        """Return whether the mail or event with this reference (`outbox.sent_log_reference`) was sent or booked. Raises StoreError."""
        self._read()
        return reference in self._references

    def mentions_sent_with(self, reference: str) -> tuple[Mention, ...] | None:
        """Return the mentions made by the mail with this reference; None if they were not recorded. Raises StoreError."""
        self._read()
        return self._mentions.get(reference)

    def mentions(self, account: str, obligations: Iterable[str]) -> Mapping[Mention, datetime]:
        """Return the mentions of these obligations (keys) made to an account, with the moment of the first time. Raises StoreError."""
        self._read()
        moments: dict[Mention, datetime] = {}
        for key in obligations:
            for name in (short_id(key), key):  # a mail in the mailbox names an obligation by its short id
                known = self._moments.get((account, name), {})
                moments |= {replace(mention, obligation=key): at for mention, at in known.items()}
        return moments

    def letter_keys(self, account: str) -> dict[str, datetime]:
        """Return the keys of an account's letters and drafts that were sent, with the moment of each. Raises StoreError."""
        self._read()
        return self._keys.setdefault(account, {})

    def mark(self) -> Hashable:
        """Return a value that is another one once the log has changed. Raises StoreError."""
        self._read()
        return self._seen

    def unreadable(self) -> Mapping[int, str]:
        """Return the lines that cannot be read, by number, with what that means. Raises StoreError."""
        self._read()
        return self._unreadable

    def check_writable(self) -> None:
        """Check before a send that it could be recorded. Raises StoreError if not."""
        try:
            os.close(self._open())
            disk = os.statvfs(self._path)
        except OSError as error:
            raise StoreError(
                f"{self._path}: the record of what was sent cannot be written ({error.strerror}). Nothing was sent."
            ) from error
        if disk.f_bavail * disk.f_frsize < _FREE_BYTES:
            raise StoreError(
                f"{self._path}: the disk is full. Nothing was sent; free some space, and Kept resumes automatically."
            )

    def write(self, reference: str, parcel: Parcel, mentions: Sequence[Mention], at: datetime) -> None:
        """Record that a parcel was sent and what it mentioned, synced to the disk. Raises StoreError if that fails."""
        channel, kind = parcel.channel.value, parcel.kind.value
        entry = Entry(reference, parcel.key, parcel.account, at, tuple(mentions), channel, kind)
        self._remember(entry)
        try:
            self._append(line_of(entry))
        except OSError as error:
            raise StoreError(f"{self._path}: {reference} was sent, but could not be recorded ({error.strerror}).") from error

    def recover(self, reference: str, account: str, mentions: Sequence[Mention], at: datetime) -> None:
        """Record a mail that the mailbox proves to have been sent, with what it said. Raises StoreError."""
        entry = Entry(reference, "", account, at, tuple(mentions), Channel.MAIL.value)
        self._remember(entry)
        try:
            self._append(line_of(entry))
        except OSError as error:
            raise StoreError(f"{self._path}: {reference} was sent, but could not be recorded ({error.strerror}).") from error

    def merge(self, other: Path) -> MergeResult:
        """Add the lines of another sent log that say anything new. Raises StoreError; a second time it adds nothing."""
        self._read()
        added, known, bad = 0, 0, dict[int, str]()
        try:
            with other.open("rb") as stream:
                for number, line in enumerate(_lines(stream), 1):
                    entry = read_line(line)
                    if isinstance(entry, BadLine):
                        bad |= {number: entry.meaning} if entry.meaning else {}
                    elif self._knows(entry):
                        known += 1
                    else:
                        self._remember(entry)
                        self._append(line_of(entry))
                        added += 1
        except OSError as error:
            raise StoreError(f"{other}: cannot be taken into account ({error.strerror}).") from error
        return MergeResult(added, known, bad)

    def _knows(self, entry: Entry) -> bool:
        """Whether an entry says nothing new: neither that it was sent, nor under which key, nor what it mentioned."""
        known_key = not _is_letter(entry) or entry.key in self._keys.get(entry.account, {})
        mentioned = all(m in self._moments.get((entry.account, m.obligation), {}) for m in entry.mentions or ())
        recorded = entry.mentions is None or entry.reference in self._mentions
        return entry.reference in self._references and known_key and mentioned and recorded

    def _open(self) -> int:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = not self._path.exists()
        file = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if new:
            folder = os.open(self._path.parent, os.O_RDONLY)
            os.fsync(folder)  # so that the file's name outlives a loss of power too
            os.close(folder)
        return file

    def _append(self, line: bytes) -> None:
        with self._changing:
            self._append_alone(line)

    def _append_alone(self, line: bytes) -> None:
        file = self._open()
        try:
            size = os.fstat(file).st_size
            if size and os.pread(file, 1, size - 1) != b"\n":
                line = b"\n" + line
            while line:
                line = line[os.write(file, line) :]
            os.fsync(file)
        finally:
            os.close(file)

    def _read(self) -> None:
        try:
            with self._changing:
                self._catch_up()
        except OSError as error:
            raise StoreError(
                f"{self._path}: the record of what was sent cannot be read ({error.strerror}). Nothing was sent."
            ) from error

    def _catch_up(self) -> None:
        """Read what was added since the last time. A last line without its newline is read now, and again once it has one."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return  # what was read before still counts
        seen = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        if seen == self._seen:
            return
        with self._path.open("rb") as stream:
            if status.st_size < self._read_up_to or not self._continues(stream):
                self._read_up_to, self._lines, self._unreadable = 0, 0, {}  # the file was replaced
            stream.seek(self._read_up_to)
            for line in _lines(stream):
                self._take(line, self._lines + 1)
                if not line.endswith(b"\n"):
                    break
                self._lines, self._read_up_to = self._lines + 1, stream.tell()
            start = max(0, self._read_up_to - _TAIL)
            stream.seek(start)
            self._tail = stream.read(self._read_up_to - start)
        self._seen = seen

    def _continues(self, stream: BinaryIO) -> bool:
        """Whether the file is still the one that was read: what stands before the place read up to is the same."""
        start = max(0, self._read_up_to - _TAIL)
        stream.seek(start)
        return stream.read(self._read_up_to - start) == self._tail

    def _take(self, line: bytes, number: int) -> None:
        entry = read_line(line)
        if not isinstance(entry, BadLine):
            self._remember(entry)
            return
        if (reference := reference_in(line)) is not None:
            self._references.add(reference)
        if entry.meaning and line.endswith(b"\n") and len(self._unreadable) < _MOST_UNREADABLE:
            self._unreadable[number] = entry.meaning

    def _remember(self, entry: Entry) -> None:
        self._references.add(entry.reference)
        if _is_letter(entry):
            self._keys.setdefault(entry.account, {}).setdefault(entry.key, entry.at)
        if entry.mentions is not None:
            self._mentions[entry.reference] = entry.mentions
            for mention in entry.mentions:
                moments = self._moments.setdefault((entry.account, mention.obligation), {})
                moments[mention] = min(entry.at, moments.get(mention, entry.at))


def _is_letter(entry: Entry) -> bool:
    """Whether an entry is of a mail or draft: whether a meeting stands, its calendar says."""
    return bool(entry.key) and entry.channel != Channel.CALENDAR.value


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines from where a stream stands; of one longer than LINE_CAP its beginning and its line end."""
    while line := stream.readline(LINE_CAP + 1):
        end = line
        while not end.endswith(b"\n") and (end := stream.readline(LINE_CAP)):
            pass
        yield line if line.endswith(b"\n") or not end else line + b"\n"
