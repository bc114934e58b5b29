"""The second, plain record: every send and booking as one line of JSON, synced before anything else goes on.

It outlives the database: what stands here is not sent again by a lost or restored one. A line torn by a loss of power still
counts where it names what was sent, for it was only written after the send.
"""

from __future__ import annotations

import json
import os
import re
from datetime import datetime
from pathlib import Path

from daemon.errors import StoreError

FILE = "sent.jsonl"
_ROOM = 1 << 20  # bytes that must be free on the disk before anything is sent
_REFERENCE = re.compile(r'"reference": ("(?:[^"\\]|\\.)*")')


class Journal:
    """The record of one state directory. What another process adds to it is seen too."""

    def __init__(self, folder: Path) -> None:
        self._path = Path(folder).expanduser() / FILE
        self._references: set[str] = set()
        self._read_up_to = 0

    def knows(self, reference: str) -> bool:
        """Whether what bears this Message-ID or UID (with its version) was sent or booked. Raises StoreError."""
        try:
            self._catch_up()
        except OSError as error:
            raise StoreError(
                f"{self._path}: the record of what was sent cannot be read ({error.strerror}). Nothing was sent."
            ) from error
        return reference in self._references

    def ready(self) -> None:
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

    def write(self, reference: str, *, key: str, account: str, channel: str, at: datetime) -> None:
        """Record that it was sent, on the disk when this returns. Raises StoreError where that could not be done."""
        # The reference first: a torn line tells most.
        entry = {"reference": reference, "key": key, "account": account, "channel": channel, "at": at.isoformat()}
        self._references.add(reference)
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
            found = _REFERENCE.search(line.decode("utf-8", "replace"))
            if found:
                self._references.add(json.loads(found[1]))
        self._read_up_to += added.rfind(b"\n") + 1
