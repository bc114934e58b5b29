"""Sending into a folder: each mail a file, for those who want to look before anything leaves, and for trying Kept out."""

from __future__ import annotations

import re
from pathlib import Path

from connectors.formats import mime
from connectors.formats.stable_ids import stable_id
from connectors.mail import Draft, Receipt
from connectors.net import files

BATCH = 500
SIZE_CAP = 16 * 1024 * 1024  # bytes of a message that are read; of a larger one only the beginning, to limit memory
HEAD = 16 * 1024  # bytes in which a Message-ID is looked for first
_ID_HEADER = re.compile(rb"(?im)^message-id:\s*(<[^>\r\n]+>)")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_MOST_NAMED = 3  # files that cannot be read
_MARK = 8  # characters that identify a file in a cursor: 48 bits, so that 20,000 messages take 160 KB


class FileTransport:
    """A mail transport that writes each mail into a folder once: the file's name is derived from the Message-ID."""

    def __init__(self, path: Path) -> None:
        self._root = Path(path).expanduser()

    def connect(self) -> None:
        """Do nothing: a file needs no connection."""

    def send(self, draft: Draft) -> Receipt:
        """Write the mail; a second call writes the same file."""
        try:
            files.make_private_folder(self._root)
            files.write_atomically(self._file(draft.message_id), mime.render(draft))
        except OSError as error:
            raise files.file_error(self._root, "written", error) from error
        return Receipt(self._file(draft.message_id).name)

    def was_sent(self, message_id: str) -> bool | None:
        """Return whether the mail's file exists."""
        try:
            self._file(message_id).stat()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise files.file_error(self._root, "read", error) from error
        return True

    def check(self) -> tuple[str, ...]:
        """Try to write into the folder and name it."""
        probe = self._root / ".kept-check"
        try:
            files.make_private_folder(self._root)
            probe.touch(mode=0o600)
            probe.unlink()
        except OSError as error:
            raise files.file_error(self._root, "written", error) from error
        return (f"emails are written to {self._root}",)

    def close(self) -> None:
        """Do nothing: no file stays open."""

    def _file(self, message_id: str) -> Path:
        words = re.sub(r"[^\w.-]+", "-", message_id.strip("<>"), flags=re.ASCII)[:80].lstrip(".")
        return self._root / f"{words}.{stable_id(message_id, 8)}.eml"
