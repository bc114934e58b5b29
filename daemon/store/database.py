"""One database as a store uses it: opened, locked against other processes, and used in read and write transactions.

While the lock is held, every write checks the lease that came with it (`lease`). A lost lock is taken again by `confirm_lock` if nobody
else has it and nobody had it meanwhile. Otherwise the process is not the only one any more: everything that it has in memory may be
outdated, so it ends (`LeaseLost`), and whoever starts it again starts it as a newcomer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine

from daemon import clock
from daemon.errors import LeaseLost, StoreError
from daemon.store import lease
from daemon.store.engine import FILE, DatabaseFile, describe_location, is_postgresql, open_engine, writing
from daemon.store.error_messages import clear_errors
from daemon.store.lease import Lease
from daemon.store.lock import FileLock, Lock, SessionLock

LOCK = "lock"  # the lock file beside the database


@dataclass(slots=True)
class _Held:
    """The lock and the lease of the only daemon; `lost` says why they are not its own any more."""

    lock: Lock
    lease: Lease
    lost: str | None = None


class Database:
    """One state directory or database. Every method raises StoreError if the disk or the database fails."""

    def __init__(self, engine: Engine, where: Path | str) -> None:
        self._engine, self._where, self._place = engine, where, describe_location(where)
        self._file = None if is_postgresql(where) else DatabaseFile(self.folder / FILE)
        self._held: _Held | None = None

    @classmethod
    def open(cls, where: Path | str, *, read_only: bool = False) -> Self:
        """Open a state directory or a postgresql:// URL. Make it, and make or migrate its tables, if needed."""
        return cls(open_engine(where, read_only=read_only), where)

    @property
    def folder(self) -> Path:
        """The folder of an SQLite database."""
        return Path(self._where).expanduser()

    def close(self) -> None:
        """Close the database; a second call does nothing."""
        self._engine.dispose()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock and the lease of the only process that may poll and send. Raises StoreError if another process holds it."""
        lock: Lock = SessionLock(self._engine, LOCK) if self._file is None else FileLock(self.folder / LOCK)
        with clear_errors(self._place):  # errors of the lock itself, not of what is done under it
            other = lock.take()
        if other is not None:
            raise StoreError(
                f"Another Kept ({self._last_holder(other)}) is already running on {self._place}; this one stops. Nothing was changed."
            )
        try:
            with self._write() as db:
                taken = lease.take(db, lease.DAEMON, clock.now())
            self._held = _Held(lock, taken)
            yield
        finally:
            self._held = None
            lock.release()

    def confirm_lock(self) -> None:
        """Make sure that a lock taken by `lock` is still held, and take it again if it was lost; without one do nothing.

        Raises LeaseLost if another process took over, StoreError if the database cannot be asked.
        """
        held = self._held
        if held is None:
            return
        with clear_errors(self._place):
            if held.lock.is_held():
                return
            other = held.lock.take()
        if other is not None:
            held.lost = f"another Kept ({self._last_holder(other)}) has taken over"
        with self._write():
            pass  # it checks the lease: another process may have come and gone

    @contextmanager
    def _write(self, *, fenced: bool = True) -> Iterator[Connection]:
        """Open a write transaction. Raises LeaseLost if it is `fenced` and the lock of this process belongs to another."""
        with self._clear_errors(), writing(self._engine) as db:
            if fenced and self._held is not None:
                self._held.lost = self._held.lost or lease.loss(db, self._held.lease)
                self._stop_if_lost()
            yield db

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._clear_errors(), self._engine.connect() as db:
            yield db

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        with clear_errors(self._place):
            if self._file is not None and self._file.was_replaced():
                self._engine.dispose()
                if self._held is not None:
                    self._held.lost = "another copy of the database was put in its place"
                    self._stop_if_lost()
            yield

    def _stop_if_lost(self) -> None:
        if self._held is not None and self._held.lost is not None:
            raise LeaseLost(f"{self._place}: {self._held.lost}. This one stops and changes nothing more; nothing is lost.")

    def _last_holder(self, otherwise: str) -> str:
        """Return who took the lease last, which tells a process on another host; `otherwise` if it is this one or nobody."""
        with self._read() as db:
            holder = lease.holder(db, lease.DAEMON)
        return otherwise if holder in (None, lease.this_process()) else str(holder)

    def _all(self, statement: Any) -> Sequence[Any]:
        with self._read() as db:
            return db.execute(statement).all()

    def _value(self, statement: Any, **given: Any) -> str | None:
        with self._read() as db:
            value = db.scalar(statement, given)
        return None if value is None else str(value)
