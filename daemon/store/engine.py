"""Open the database, migrate it, and begin its read and write transactions.

SQLite is the embedded default. WAL lets readers work beside the writer, synchronous=FULL puts what was committed on the disk, and
secure_delete overwrites what was deleted. On PostgreSQL writers queue at an advisory lock, as SQLite's writers always do, so that
what a transaction has read is still true when it writes: those of one account at the account's, so that accounts do not wait for each
other, and whoever writes for all of them at one that keeps out everybody.

A process that stands still in the middle of a transaction there is cut off after STANDSTILL, so that it holds up nobody for longer.
"""

from __future__ import annotations

import errno
import fcntl
import glob
import os
import sqlite3
import tempfile
import threading
import zlib
from collections.abc import Hashable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from daemon.errors import StoreError
from daemon.store.error_messages import clear_errors
from daemon.store.lease import this_process
from daemon.store.migrate import migrate

FILE = "kept.db"
PATIENCE = 10.0  # seconds that a write waits for another program's, and a connection for its server
STANDSTILL = 20.0  # seconds between two statements of a transaction; the slowest part of a batch takes less than one
WRITERS = 0x4B455054  # "KEPT"; the number of the advisory lock of all writers, and the first of those of a daemon
ACCOUNTS = WRITERS + 1  # the first number of an account's advisory lock
_WRITES = "kept_writes"
_LOCK_ALL = text("SELECT pg_advisory_xact_lock(:writers)")
_LOCK_ACCOUNT = text("SELECT pg_advisory_xact_lock_shared(:writers), pg_advisory_xact_lock(:accounts, :account)")
_LOCK_LAZILY = text(f"{_LOCK_ACCOUNT.text}, set_config('synchronous_commit', 'off', true)")
_SNAPSHOT = text("SELECT pg_current_snapshot()::text")
_NEW = ".new-"  # in the first name of a new database
# Seconds, and how many probes may be lost (libpq, 34.1.2, and PostgreSQL's configuration, 20.3.2).
_KEEPALIVES = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}
_KEEPALIVES_OF_SERVER = {"tcp_keepalives_idle": 60, "tcp_keepalives_interval": 15, "tcp_keepalives_count": 4}
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "cache_size=-8000")


def open_engine(where: Path | str, *, read_only: bool = False, connections: int = 5) -> Engine:
    """Return an engine on a state directory (SQLite) or a postgresql:// URL, with its schema at HEAD. Raises StoreError.

    A missing database is made, its directory and file for their owner alone; with `read_only` that is an error. So many `connections`
    to a server stay open.
    """
    if is_postgresql(where):
        engine, file = _postgresql(str(where), connections, read_only=read_only), None
    else:
        file = Path(where).expanduser() / FILE
        engine = _sqlite(file, read_only=read_only)
    with clear_errors(describe_location(where)):
        migrate(engine, None if read_only else writing, file)
    return engine


def is_postgresql(where: Path | str) -> bool:
    """Return whether `where` is the URL of a PostgreSQL server rather than a directory."""
    return isinstance(where, str) and where.partition(":")[0] in {"postgresql", "postgres", "postgresql+psycopg"}


def describe_location(where: Path | str) -> str:
    """Return where the state is, for people to read: without the user name and password of a server."""
    return str(where).rpartition("@")[2].partition("?")[0] if is_postgresql(where) else str(Path(where).expanduser() / FILE)


def _sqlite(file: Path, *, read_only: bool) -> Engine:
    if read_only and not file.exists():
        raise StoreError(f"Nothing is stored in {file.parent} yet. Run `kept sync` first.")
    with clear_errors(str(file.parent)):
        if not read_only:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make_file(file)
    engine = create_engine(URL.create("sqlite", database=str(file)), connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _on_connect_to_read if read_only else _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _make_file(file: Path) -> None:
    """Make an empty database in WAL mode, readable by its owner alone, unless there is one. Raises OSError, sqlite3.Error.

    It is made under another name and then linked into place: SQLite does not wait for a lock when it changes the journal mode, so
    that two programs which start on a new state at once would fail. And a file that SQLite uses is never opened and closed here,
    as that would drop the locks which this process holds on it (sqlite.org/howtocorrupt.html, 2.2).
    """
    _remove_unfinished(file)
    if file.exists():
        if not os.access(file, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
        return
    handle, name = tempfile.mkstemp(prefix=f"{file.name}{_NEW}", dir=file.parent)  # with mode 0600; SQLite gives its WAL the same
    new = Path(name)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # as long as this process works at it
        with closing(sqlite3.connect(new)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        with suppress(FileExistsError):  # another program was faster
            _link(file, new)
    finally:
        new.unlink(missing_ok=True)  # another program may have taken it for left behind before it was locked
        os.close(handle)


def _remove_unfinished(file: Path) -> None:
    """Remove what a process left that was killed while it made the database: files under their first name that nobody has locked."""
    for new in file.parent.glob(f"{glob.escape(file.name)}{_NEW}*"):
        with suppress(OSError):
            if file.exists() and new.samefile(file):  # never opened here: closing it would drop SQLite's locks on the database
                new.unlink()
                continue
            with new.open("rb") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                new.unlink()


def _link(file: Path, new: Path) -> None:
    try:
        file.hardlink_to(new)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links, such as exFAT
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _postgresql(url: str, connections: int = 5, *, read_only: bool) -> Engine:
    try:
        address = make_url(url).set(drivername="postgresql+psycopg")
        # Without lock_timeout a write would wait for another program for ever. The server's keepalives free the locks of a host that
        # is gone within two minutes, ours notice within one that the server is.
        settings: dict[str, int | str] = {"lock_timeout": int(PATIENCE * 1000), **_KEEPALIVES_OF_SERVER}
        settings["idle_in_transaction_session_timeout"] = int(STANDSTILL * 1000)
        if read_only:
            settings["default_transaction_read_only"] = "on"
        options = {"connect_timeout": max(1, int(PATIENCE)), "options": " ".join(f"-c {n}={v}" for n, v in settings.items())}
        arguments = {**_KEEPALIVES, **options, "application_name": this_process()}  # by which `kept status` tells the workers
        return create_engine(address, pool_pre_ping=True, pool_size=connections, max_overflow=10, connect_args=arguments)
    except ModuleNotFoundError:
        raise StoreError("A PostgreSQL database needs one more package: pip install 'kept[postgresql]'") from None
    except ArgumentError:
        raise StoreError("`database:` is not a postgresql:// address") from None


def _on_connect(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin in _on_begin and nowhere else
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _on_connect_to_read(connection: sqlite3.Connection, record: Any) -> None:
    _on_connect(connection, record)
    connection.execute("PRAGMA query_only=ON")


def _on_begin(connection: Connection) -> None:
    # A write takes its lock at the beginning: a read that turned into a write would fail instead of waiting.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "BEGIN")


@contextmanager
def writing(engine: Engine, account: str | None = None, *, lazily: bool = False) -> Iterator[Connection]:
    """Open one write transaction: it is committed when the block ends, or rolled back by an exception.

    One of an `account` writes nothing of others, and waits only for those that do. One that a server may put on its disk `lazily` is
    lost if that fails within the second, unless anything is committed after it: then it is on the disk before that.
    """
    with engine.connect() as plain:
        connection = plain.execution_options(**{_WRITES: True})
        with connection.begin():
            if engine.dialect.name == "postgresql":
                if account is None:
                    connection.execute(_LOCK_ALL, {"writers": WRITERS})
                else:
                    numbers = {"writers": WRITERS, "accounts": ACCOUNTS, "account": zlib.crc32(account.encode()) & 0x7FFFFFFF}
                    connection.execute(_LOCK_LAZILY if lazily else _LOCK_ACCOUNT, numbers)
            yield connection


@contextmanager
def reading(engine: Engine, *, streams: bool = False) -> Iterator[Connection]:
    """Read: in SQLite all of it as of one moment.

    On PostgreSQL each statement stands for itself, as it would in a transaction there (READ COMMITTED), and spares the two round
    trips of one. What is read in parts (`streams`) needs one, whose rows the server keeps.
    """
    with engine.connect() as connection:
        alone = engine.dialect.name == "postgresql" and not streams
        yield connection.execution_options(isolation_level="AUTOCOMMIT") if alone else connection


def scrub(folder: Path, patience: float, copies_until: datetime | None = None) -> bool:
    """Remove what was deleted from the write-ahead log too, and delete the copies made before migrations, those made by a moment.

    Return False if another program was still reading the old contents after `patience` (seconds): the log then remains as it was.
    Raises OSError and sqlite3.Error.
    """
    for copy in folder.glob(f"{FILE}.before-*"):
        if copies_until is None or copy.stat().st_mtime <= copies_until.timestamp():
            copy.unlink()
    with closing(sqlite3.connect(folder / FILE, timeout=patience)) as connection:
        # The first column says whether readers were in the way (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint).
        return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]


class CommitMark:
    """Tells whether anything was committed to a database, by whatever connection of whatever process. Safe for several threads.

    SQLite counts the commits of others for each connection (https://www.sqlite.org/pragma.html#pragma_data_version), so this one has
    a connection of its own, by which nothing is written. On PostgreSQL two equal snapshots see the same; they are those of all its
    databases, so that much happens there that ends one.
    """

    def __init__(self, engine: Engine, file: Path | None) -> None:
        self._engine, self._file = engine, file
        self._changing = threading.Lock()
        self._watching: sqlite3.Connection | None = None
        self._opened: tuple[int, ...] = ()  # how often it was opened, and the file's identity

    def read(self) -> Hashable:
        """Return a value that is another one after each commit. What is read from now on is as new as that, or newer."""
        if self._file is None:
            with reading(self._engine) as db:
                return str(db.scalar(_SNAPSHOT))
        with self._changing:
            at = self._file.stat()
            if self._watching is None or self._opened[1:] != (at.st_dev, at.st_ino):
                self._close()
                self._watching = sqlite3.connect(self._file, timeout=PATIENCE, check_same_thread=False)
                self._opened = (self._opened[0] + 1 if self._opened else 0, at.st_dev, at.st_ino)
            return (*self._opened, *self._watching.execute("PRAGMA data_version").fetchone())

    def close(self) -> None:
        """Close the connection; it is opened again where it is needed."""
        with self._changing:
            self._close()

    def _close(self) -> None:
        if self._watching is not None:
            self._watching.close()
            self._watching = None


class DatabaseFile:
    """The file that was opened under a name.

    An open connection goes on with a file that was deleted or replaced, and whatever it writes is lost with it. So each transaction
    looks first; that costs a few microseconds.
    """

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
