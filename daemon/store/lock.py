"""The lock of the only process that polls and sends. It ends with its process, however that ends.

With SQLite it is a locked file that contains its holder's process number, on PostgreSQL the advisory lock of a session. Either can be
lost while its holder runs, so each can be asked whether it is still held, and taken again.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from daemon.store.engine import WRITERS

WORKERS = "workers"  # the holders of a lock that several share
_THIS = "locktype = 'advisory' AND granted AND classid = :one AND objid = :two"


class Lock(Protocol):
    """A lock that only one process can hold. Methods raise OSError and SQLAlchemyError."""

    def take(self) -> str | None:
        """Take the lock. Return None if it was taken, else its holder as far as that is known."""
        ...

    def is_held(self) -> bool:
        """Return whether this process still holds the lock that it took."""
        ...

    def release(self) -> None:
        """Let the lock go; does nothing without it."""
        ...


@dataclass(slots=True)
class FileLock:
    """A lock on a file. It is lost if somebody deletes the file, for then another process can make and lock a new one."""

    file: Path
    _descriptor: int | None = None

    def take(self) -> str | None:
        """Take the lock. Return None if it was taken, else its holder."""
        self.release()
        descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            found = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
            os.close(descriptor)
            return f"process {found}"
        self._descriptor = descriptor
        with suppress(OSError):  # a full disk: the lock counts without the number in it
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return None

    def is_held(self) -> bool:
        """Return whether the locked file is still the one of that name."""
        if self._descriptor is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._descriptor), self.file.stat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Close the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def numbers(name: str) -> dict[str, int]:
    """Return the two numbers by which a server knows a lock."""
    return {"one": WRITERS, "two": zlib.crc32(name.encode()) & 0x7FFFFFFF}


@dataclass(slots=True)
class SessionLock:
    """The lock of a PostgreSQL session. It is lost with the session: by a restart of the server, a fail-over, an administrator.

    One that is `shared` keeps out only those who want it alone.
    """

    engine: Engine
    name: str
    shared: bool = False
    _session: Connection | None = None
    _numbers: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self._numbers = numbers(self.name)

    @property
    def _kind(self) -> str:
        return "_shared" if self.shared else ""

    def take(self) -> str | None:
        """Take the lock in a session of its own. Return None if it was taken, else WORKERS or "another process"."""
        self.release()
        # Outside a transaction: the session stays open as long as the daemon runs, and must not block anything else.
        session = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            taken = session.scalar(text(f"SELECT pg_try_advisory_lock{self._kind}(:one, :two)"), self._numbers)
        except BaseException:
            session.close()
            raise
        if not taken:
            modes = set(session.scalars(text(f"SELECT mode FROM pg_locks WHERE {_THIS}"), self._numbers))  # noqa: S608  # a constant
            session.close()
            return WORKERS if modes == {"ShareLock"} else "another process"
        self._session = session
        return None

    def is_held(self) -> bool:
        """Return whether the session is alive and has the lock: after a loss SQLAlchemy would connect anew without a word."""
        mine = f"{_THIS} AND pid = pg_backend_pid()"
        if self._session is None:
            return False
        try:
            return bool(self._session.scalar(text(f"SELECT count(*) FROM pg_locks WHERE {mine}"), self._numbers))  # noqa: S608  # a constant
        except SQLAlchemyError:
            self._forget()
            return False

    def release(self) -> None:
        """Unlock and give the session back, or forget it where it is lost."""
        if self._session is None:
            return
        try:
            self._session.execute(text(f"SELECT pg_advisory_unlock{self._kind}(:one, :two)"), self._numbers)
            self._session.close()
        except SQLAlchemyError:
            self._forget()
        self._session = None

    def _forget(self) -> None:
        """Drop a session that is lost, so that the pool never hands it out."""
        session, self._session = self._session, None
        if session is not None:
            with suppress(SQLAlchemyError):
                session.invalidate()
                session.close()
