"""The sent log: a second record of every send and booking, one line of JSON each, synced to the disk before the turn goes on.

It outlives the database: with a lost or restored one, what the log contains is not sent again. A line cut short by a power failure
still counts if it contains the reference, because lines are only written after the send.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from daemon.errors import StoreError
from daemon.glossary.actions import Mention, Parcel

FILE = "sent.jsonl"
_FREE_BYTES = 1 << 20  # needed on the disk before anything is sent
_REFERENCE = re.compile(r'"reference": ("(?:[^"\\]|\\.)*")')


class SentLog:
    """The sent log of one state directory. Lines that other processes add are read too."""

    def __init__(self, folder: Path) -> None:
        self._path = Path(folder).expanduser() / FILE
        self._references: set[str] = set()
        self._mentions: dict[str, tuple[Mention, ...]] = {}  # by reference
        self._moments: dict[str, dict[Mention, datetime]] = {}  # by account
        self._read_up_to = 0

    def contains(self, reference: str) -> bool:
        """Return whether the mail or event with this reference (`outbox.sent_log_reference`) was sent or booked. Raises StoreError."""
        self._read()
        return reference in self._references

    def mentions_sent_with(self, reference: str) -> tuple[Mention, ...] | None:
        """Return the mentions made by the mail with this reference; None if they were not recorded. Raises StoreError."""
        self._read()
        return self._mentions.get(reference)

    def mentions(self, account: str) -> Mapping[Mention, datetime]:
        """Return every mention made to an account, with the moment of the first time. Raises StoreError."""
        self._read()
        return self._moments.get(account, {})

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
        # The reference comes first, so that even a line cut short names what was sent.
        entry = {
            "reference": reference,
            "key": parcel.key,
            "account": parcel.account,
            "channel": parcel.channel.value,
            "at": at.isoformat(),
            "kind": parcel.kind.value,
            "mentions": [_mention_json(mention) for mention in mentions],
        }
        self._remember(reference, parcel.account, mentions, at)
        try:
            self._append(f"{json.dumps(entry)}\n".encode())
        except OSError as error:
            raise StoreError(f"{self._path}: {reference} was sent, but could not be recorded ({error.strerror}).") from error

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
            self._catch_up()
        except OSError as error:
            raise StoreError(
                f"{self._path}: the record of what was sent cannot be read ({error.strerror}). Nothing was sent."
            ) from error

    def _catch_up(self) -> None:
        """Read what was added since the last time. A last line without its newline is read now, and again once it has one."""
        try:
            size = self._path.stat().st_size
        except FileNotFoundError:
            return  # what was read before still counts
        if size == self._read_up_to:
            return
        if size < self._read_up_to:
            self._read_up_to = 0  # the file was replaced
        with self._path.open("rb") as stream:
            stream.seek(self._read_up_to)
            added = stream.read()
        for line in added.splitlines():
            self._read_line(line.decode("utf-8", "replace"))
        self._read_up_to += added.rfind(b"\n") + 1

    def _read_line(self, line: str) -> None:
        """Read one line: as JSON, or if it was cut short, only the reference that it begins with."""
        try:
            entry = json.loads(line)
            at = datetime.fromisoformat(entry["at"])
            recorded = (
                [_mention(m) for m in entry["mentions"]] if "mentions" in entry else None
            )  # earlier versions did not record them
            self._remember(str(entry["reference"]), str(entry["account"]), recorded, at)
        except (ValueError, TypeError, LookupError):
            reference = _REFERENCE.search(line)
            if reference:
                self._references.add(json.loads(reference[1]))

    def _remember(self, reference: str, account: str, mentions: Sequence[Mention] | None, at: datetime) -> None:
        self._references.add(reference)
        if mentions is not None:
            self._mentions[reference] = tuple(mentions)
            moments = self._moments.setdefault(account, {})
            for mention in mentions:
                moments.setdefault(mention, at)


def _mention_json(m: Mention) -> dict[str, Any]:
    document: dict[str, Any] = {"obligation": m.obligation, "stage": m.stage, "asks": m.asks}
    return document | ({"snoozed_until": m.snoozed_until.isoformat()} if m.snoozed_until else {})


def _mention(document: Mapping[str, Any]) -> Mention:
    snooze = document.get("snoozed_until")
    until = datetime.fromisoformat(snooze) if snooze else None
    return Mention(str(document["obligation"]), str(document["stage"]), int(document["asks"]), until)
