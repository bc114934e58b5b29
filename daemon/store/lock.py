"""One daemon per state: a lock file beside the database, or an advisory lock in PostgreSQL. Both end with their process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from daemon.store.errors import StoreError

FILE = "lock"
_ADVISORY = 0x4B455054  # "KEPT"


@contextmanager
def hold(where: Path | str, engine: Engine) -> Iterator[None]:
    """Hold it; raises StoreError where another process does."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ADVISORY}).scalar():
                raise StoreError("Another Kept is already running on this database; this one stops. Nothing was changed.")
            yield
        return
    path = Path(where).expanduser() / FILE
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            pid = os.read(file, 32).decode(errors="replace").strip() or "unknown"
            raise StoreError(f"Another Kept (process {pid}) is already running on {path.parent}; this one stops. Nothing was changed.") from None
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(file)
