"""The second, plain record: every send and booking as one line of JSON, synced before anything else goes on.

It outlives the database: a lost or restored one cannot send again what stands here. A torn last line (power lost in the
middle of a write) is passed over.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

FILE = "sent.jsonl"


class Journal:
    """The record of one state directory."""

    def __init__(self, folder: Path) -> None:
        self._path = Path(folder).expanduser() / FILE
        self._references = {entry["reference"] for entry in self._read()}

    def knows(self, reference: str) -> bool:
        """Whether what bears this Message-ID or UID (with its version) was sent or booked."""
        return reference in self._references

    def write(self, reference: str, *, key: str, account: str, channel: str, at: datetime) -> None:
        """Record that it was. Raises OSError where it cannot be written."""
        line = json.dumps({"at": at.isoformat(), "account": account, "channel": channel, "key": key, "reference": reference})
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            lead = "\n" if self._torn() else ""
            os.write(file, f"{lead}{line}\n".encode())
            os.fsync(file)
        finally:
            os.close(file)
        self._references.add(reference)

    def _torn(self) -> bool:
        try:
            with self._path.open("rb") as stream:
                stream.seek(-1, os.SEEK_END)
                return stream.read(1) != b"\n"
        except OSError:
            return False

    def _read(self) -> list[dict[str, str]]:
        try:
            lines = self._path.read_text("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return []
        entries = []
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict) and isinstance(entry.get("reference"), str):
                entries.append(entry)
        return entries
