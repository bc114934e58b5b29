"""One database as a store uses it: opened, locked against other processes, and used in read and write transactions.

While the lock is held, every write checks the lease that came with it (`lease`). A lost lock is taken again by `confirm_lock` if nobody
else has it and nobody had it meanwhile. Otherwise the process is not the only one any more: everything that it has in memory may be
outdated, so it ends (`LeaseLost`), and whoever starts it again starts it as a newcomer.

The workers of a team share the lock instead (`share`): a daemon and workers keep each other out. Each turn of theirs takes the lease
of its account (`TurnStore.turn_lease`), on a view of the database that writes for that account alone (`of_account`).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn, Self

from sqlalchemy import Connection, Engine

from daemon import clock
from daemon.errors import LeaseLost, StoreError, TurnLost
from daemon.store import lease
from daemon.store.engine import FILE, CommitMark, DatabaseFile, describe_location, is_postgresql, open_engine, reading, writing
from daemon.store.error_messages import clear_errors
from daemon.store.lease import Lease
from daemon.store.lock import WORKERS, FileLock, Lock, SessionLock

LOCK = "lock"  # the lock file beside the database, and the name of the lock at a server


@dataclass(slots=True)
class _Held:
    """The lock and the lease of the only daemon, or what workers share of them; `lost` says why they are not its own any more."""

    lock: Lock
    lease: Lease
    lost: str | None = None


@dataclass(slots=True)
class _Opened:
    """What all views of a database have in common: its file, where it has one, and what this process holds."""

    file: DatabaseFile | None
    commits: CommitMark
    held: _Held | None = None


class Database:
    """One state directory or database. Every method raises StoreError if the disk or the database fails."""

    def __init__(self, engine: Engine, where: Path | str, account: str | None = None, opened: _Opened | None = None) -> None:
        self._engine, self._where, self._place = engine, where, describe_location(where)
        self._account = account
        self._opened = opened or self._open()
        self._turn: Lease | None = None  # of the account, while a turn of a team lasts
        self._reader: Connection | None = None  # for the same time: to take one for each read costs more than to read

    @classmethod
    def open(cls, where: Path | str, *, read_only: bool = False, connections: int = 5) -> Self:
        """Open a state directory or a postgresql:// URL. Make it, and make or migrate its tables, if needed."""
        return cls(open_engine(where, read_only=read_only, connections=connections), where)

    def of_account(self, account: str) -> Self:
        """Return a view whose writes are of one account, under the same lock and the same connections."""
        return type(self)(self._engine, self._where, account, self._opened)

    def _open(self) -> _Opened:
        file = None if is_postgresql(self._where) else self.folder / FILE
        return _Opened(DatabaseFile(file) if file is not None else None, CommitMark(self._engine, file))

    @property
    def _file(self) -> DatabaseFile | None:
        return self._opened.file

    @property
    def folder(self) -> Path:
        """The folder of an SQLite database."""
        return Path(self._where).expanduser()

    def close(self) -> None:
        """Close the database; a second call does nothing."""
        self._opened.commits.close()
        self._engine.dispose()

    def commit_mark(self) -> Hashable:
        """Return a value that is another one after each commit, of whatever process: what was read at the same one is still so."""
        with self._clear_errors():
            return self._opened.commits.read()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock and the lease of the only process that may poll and send. Raises StoreError if another process holds it."""
        lock: Lock = SessionLock(self._engine, LOCK) if self._file is None else FileLock(self.folder / LOCK)
        with clear_errors(self._place):  # errors of the lock itself, not of what is done under it
            other = lock.take()
        if other == WORKERS:
            raise StoreError(
                f"Workers (`kept worker`) are at work on {self._place}, and nothing else polls or sends beside them. "
                "Stop them first; nothing was changed."
            )
        if other is not None:
            raise StoreError(
                f"Another Kept ({self._last_holder(other)}) is already running on {self._place}; this one stops. Nothing was changed."
            )
        try:
            with self._write() as db:
                taken = lease.take(db, lease.DAEMON, clock.now())
            self._opened.held = _Held(lock, taken)
            yield
        finally:
            self._opened.held = None
            lock.release()

    @contextmanager
    def share(self) -> Iterator[None]:
        """Hold the lock together with other workers, which only a server has. Raises StoreError while a daemon holds it alone."""
        lock = SessionLock(self._engine, LOCK, shared=True)
        with clear_errors(self._place):
            other = lock.take()
        if other is not None:
            raise StoreError(
                f"`kept run` ({self._last_holder(other)}) is running on {self._place}, and workers cannot work beside it. "
                "Stop it first; nothing was changed."
            )
        try:
            with self._read() as db:
                self._opened.held = _Held(lock, lease.present(db, lease.DAEMON))
            yield
        finally:
            self._opened.held = None
            lock.release()

    def _take_turn(self, db: Connection, account: str, now: datetime) -> Lease:
        """Take the lease of this view's account for one turn of a team; every write checks it until `_at_turn` ends."""
        self._turn = lease.take(db, account, now)
        return self._turn

    @contextmanager
    def _at_turn(self) -> Iterator[None]:
        """Read by one connection as long as the turn lasts, and check its lease until then."""
        try:
            with self._read() as self._reader:
                yield
        finally:
            self._turn = self._reader = None

    def confirm_leases(self) -> None:
        """Make sure that everything held is held still: the last thing before something leaves. Raises LeaseLost, StoreError."""
        if self._opened.held is not None:
            with self._read() as db:
                self._check(db)

    def confirm_lock(self) -> None:
        """Make sure that a lock taken by `lock` or `share` is still held, and take it again if it was lost; without one do nothing.

        Raises LeaseLost if another process took over, StoreError if the database cannot be asked. The turns of a team ask only
        whether their leases are held: their worker sees to the lock, which all its accounts have in common.
        """
        held = self._opened.held
        if held is None:
            return
        if self._turn is not None:
            self.confirm_leases()
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
    def _write(
        self, *, fenced: bool = True, whole: bool = False, lazily: bool = False, account: str | None = None
    ) -> Iterator[Connection]:
        """Open a write transaction, of this view's `account` unless another is named or it is of the `whole` database.

        Raises LeaseLost if it is `fenced` and the lock of this process belongs to another, TurnLost if the turn of its account does.
        """
        with self._clear_errors(), writing(self._engine, None if whole else account or self._account, lazily=lazily) as db:
            if fenced:
                self._check(db)
            yield db

    @contextmanager
    def _read(self, *, streams: bool = False) -> Iterator[Connection]:
        if self._reader is not None and not streams:
            with self._clear_errors():
                yield self._reader
            return
        with self._clear_errors(), reading(self._engine, streams=streams) as db:
            yield db

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        with clear_errors(self._place):
            if self._file is not None and self._file.was_replaced():
                self._engine.dispose()
                if self._opened.held is not None:
                    self._opened.held.lost = "another copy of the database was put in its place"
                    self._stop(self._opened.held.lost)
            yield

    def _check(self, db: Connection) -> None:
        """Raise LeaseLost if the lock of this process belongs to another, TurnLost if the turn of its account does."""
        held = self._opened.held
        if held is None:
            return
        if held.lost is None:
            lost = lease.lost(db, held.lease, *([self._turn] if self._turn else []))
            if lost is not None and lost[0] == self._turn:
                raise TurnLost(f"A turn of {self._account} ends here: {lost[1]}. Nothing is lost.")
            held.lost = lost and lost[1]
        if held.lost is not None:
            self._stop(held.lost)

    def _stop(self, why: str) -> NoReturn:
        raise LeaseLost(f"{self._place}: {why}. This one stops and changes nothing more; nothing is lost.")

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
