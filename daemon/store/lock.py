"""Being the only one: a lock that ends with its process, however that ends.

Beside SQLite it is a locked file with its holder's process number inside, in PostgreSQL an advisory lock of a session.
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
    """None while the lock is ours, else who has it, as far as that is known. Raises OSError."""
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
    """The same on a PostgreSQL server."""
    numbers = {"one": WRITERS, "two": zlib.crc32(name.encode()) & 0x7FFFFFFF}
    # Outside a transaction: the session stays open for as long as the daemon runs, and must hold nothing else up.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        if not session.scalar(text("SELECT pg_try_advisory_lock(:one, :two)"), numbers):
            yield "another process"
            return
        try:
            yield None
        finally:
            session.execute(text("SELECT pg_advisory_unlock(:one, :two)"), numbers)
