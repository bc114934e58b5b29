"""The second, plain record: every send and booking as one line of JSON, synced before anything else goes on.

It outlives the database: what stands here is not sent again by a lost or restored one. A line torn by a loss of power still
counts where it names what was sent, for it was only written after the send.
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
_ROOM = 1 << 20  # bytes that must be free on the disk before anything is sent
_REFERENCE = re.compile(r'"reference": ("(?:[^"\\]|\\.)*")')


class SentLog:
    """The record of one state directory. What another process adds to it is seen too."""

    def __init__(self, folder: Path) -> None:
        self._path = Path(folder).expanduser() / FILE
        self._references: set[str] = set()
        self._mentions: dict[str, tuple[Mention, ...]] = {}  # by reference
        self._moments: dict[str, dict[Mention, datetime]] = {}  # by account
        self._read_up_to = 0

    def contains(self, reference: str) -> bool:
        """Whether what bears this Message-ID or UID (with its version) was sent or booked. Raises StoreError."""
        self._read()
        return reference in self._references

    def mentions_sent_with(self, reference: str) -> tuple[Mention, ...] | None:
        """Return what the mail with this Message-ID said of single obligations; None where that was not recorded. Raises StoreError."""
        self._read()
        return self._mentions.get(reference)

    def mentions(self, account: str) -> Mapping[Mention, datetime]:
        """Return what was ever said to an account, and when: a batch that is cut differently says nothing again. Raises StoreError."""
        self._read()
        return self._moments.get(account, {})

    def check_writable(self) -> None:
        """Asked before a send: whether its record could be written. Raises StoreError where it could not."""
        try:
            os.close(self._open())
            room = os.statvfs(self._path)
        except OSError as error:
            raise StoreError(
                f"{self._path}: the record of what was sent cannot be written ({error.strerror}). Nothing was sent."
            ) from error
        if room.f_bavail * room.f_frsize < _ROOM:
            raise StoreError(f"{self._path}: the disk is full. Nothing was sent; free some space, and Kept goes on by itself.")

    def write(self, reference: str, parcel: Parcel, mentions: Sequence[Mention], at: datetime) -> None:
        """Record that a parcel was sent and what it said, on the disk when this returns. Raises StoreError where that failed."""
        # The reference first: a torn line tells most.
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
        """Read what was added since. A last line without its end is looked at now, and again when it has one."""
        try:
            size = self._path.stat().st_size
        except FileNotFoundError:
            return  # what was read from it before still holds
        if size == self._read_up_to:
            return
        if size < self._read_up_to:
            self._read_up_to = 0  # another file was put in its place
        with self._path.open("rb") as stream:
            stream.seek(self._read_up_to)
            added = stream.read()
        for line in added.splitlines():
            self._read_line(line.decode("utf-8", "replace"))
        self._read_up_to += added.rfind(b"\n") + 1

    def _read_line(self, line: str) -> None:
        """Take one line for true: whole where it is JSON, else for the reference that it begins with."""
        try:
            entry = json.loads(line)
            at = datetime.fromisoformat(entry["at"])
            recorded = [_mention(m) for m in entry["mentions"]] if "mentions" in entry else None  # earlier versions did not
            self._remember(str(entry["reference"]), str(entry["account"]), recorded, at)
        except (ValueError, TypeError, LookupError):
            found = _REFERENCE.search(line)
            if found:
                self._references.add(json.loads(found[1]))

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
