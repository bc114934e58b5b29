"""The file of an SQLite database while it is open: whether it is still the file of that name.

An open connection goes on with a file that was deleted or replaced, and whatever it writes is lost with it. So each transaction looks
first; that costs a few microseconds.
"""

from __future__ import annotations

import os
from pathlib import Path

from daemon.errors import StoreError


class DatabaseFile:
    """The file that was opened under a name."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened = path.stat()

    def was_replaced(self) -> bool:
        """Return whether another file took its name since the last time. Raises StoreError if there is none any more."""
        try:
            present = self._path.stat()
        except FileNotFoundError:
            raise StoreError(
                f"{self._path}: the database is gone. Nothing was sent. Put it back, or start Kept again, which reads everything "
                "anew: what was sent is remembered in sent.jsonl and is not sent again."
            ) from None
        if os.path.samestat(self._opened, present):
            return False
        self._opened = present
        return True
