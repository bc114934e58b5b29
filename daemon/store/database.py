"""One database as a store uses it: opened, locked against other processes, and used in read and write transactions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine

from daemon.errors import StoreError
from daemon.store.engine import describe_location, is_postgresql, open_engine, writing
from daemon.store.error_messages import clear_errors
from daemon.store.lock import locked_file, locked_session

LOCK = "lock"  # the lock file beside the database


class Database:
    """One state directory or database. Every method raises StoreError if the disk or the database fails."""

    def __init__(self, engine: Engine, where: Path | str) -> None:
        self._engine, self._where, self._place = engine, where, describe_location(where)

    @classmethod
    def open(cls, where: Path | str, *, read_only: bool = False) -> Self:
        """Open a state directory or a postgresql:// URL. Make it, and make or migrate its tables, if needed."""
        return cls(open_engine(where, read_only=read_only), where)

    def close(self) -> None:
        """Close the database; a second call does nothing."""
        self._engine.dispose()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock of the only process that may poll and send. Raises StoreError if another process holds it."""
        with self._locked() as holder:
            if holder is not None:
                raise StoreError(
                    f"Another Kept ({holder}) is already running on {self._place}; this one stops. Nothing was changed."
                )
            yield

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with clear_errors(self._place), writing(self._engine) as db:
            yield db

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with clear_errors(self._place), self._engine.connect() as db:
            yield db

    def _all(self, statement: Any) -> Sequence[Any]:
        with self._read() as db:
            return db.execute(statement).all()

    def _value(self, statement: Any) -> str | None:
        with self._read() as db:
            value = db.scalar(statement)
        return None if value is None else str(value)

    @contextmanager
    def _locked(self) -> Iterator[str | None]:
        with ExitStack() as stack:
            with clear_errors(self._place):  # errors of the lock itself, not of what is done under it
                holder = stack.enter_context(
                    locked_session(self._engine, LOCK)
                    if is_postgresql(self._where)
                    else locked_file(Path(self._where).expanduser() / LOCK)
                )
            yield holder
