"""The lock of the only process that polls and sends. It ends with its process, however that ends.

With SQLite it is a locked file that contains its holder's process number, on PostgreSQL the advisory lock of a session.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from daemon.store.engine import WRITERS


@contextmanager
def locked_file(file: Path) -> Iterator[str | None]:
    """Take the lock on a file. Yield None if it was taken, else its holder as far as that is known. Raises OSError."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield f"process {os.pread(descriptor, 32, 0).decode(errors='replace').strip() or 'unknown'}"
            return
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield None
    finally:
        os.close(descriptor)


@contextmanager
def locked_session(engine: Engine, name: str) -> Iterator[str | None]:
    """Take the lock on a PostgreSQL server. Yield None if it was taken, else its holder."""
    numbers = {"one": WRITERS, "two": zlib.crc32(name.encode()) & 0x7FFFFFFF}
    # Outside a transaction: the session stays open as long as the daemon runs, and must not block anything else.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        if not session.scalar(text("SELECT pg_try_advisory_lock(:one, :two)"), numbers):
            yield "another process"
            return
        try:
            yield None
        finally:
            session.execute(text("SELECT pg_advisory_unlock(:one, :two)"), numbers)
