"""Opening the database: where it lies, its pragmas, its schema's version, and its failures as one clear line."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from daemon.store.errors import StoreError

HEAD = "0001"  # the newest revision below migrations/versions; a test compares
FILE = "kept.db"


def open_engine(where: Path | str, *, read_only: bool = False) -> Engine:
    """An engine on a state directory (SQLite) or a postgresql:// URL, its schema at HEAD. Raises StoreError."""
    if isinstance(where, str) and where.startswith("postgresql"):
        engine = create_engine(where.replace("postgresql://", "postgresql+psycopg://", 1), pool_pre_ping=True)
        with clear_errors(where.rpartition("@")[2]):
            _migrate(engine, None)
        return engine
    folder = Path(where).expanduser()
    path = folder / FILE
    _prepare(folder, path, read_only=read_only)
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
    event.listen(engine, "connect", _pragmas)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE" if not read_only else "BEGIN"))
    with clear_errors(str(path)):
        _migrate(engine, path)
    return engine


@contextmanager
def clear_errors(place: str) -> Iterator[None]:
    """What a database raises, as one line that says what it means for the user."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        words = str(error.orig if isinstance(error, DBAPIError) else error).lower()
        if "disk is full" in words or "disk i/o" in words or "no space" in words:
            raise StoreError(f"The disk with {place} is full or failing. Nothing was sent; free some space and Kept goes on.") from error
        if "malformed" in words or "not a database" in words or "corrupt" in words:
            raise StoreError(f"{place} is damaged. Nothing was sent. Put a backup in its place, or move it aside and run `kept sync --full`: what was sent is remembered in sent.jsonl.") from error
        if "readonly" in words or "read-only" in words or "unable to open" in words or "permission" in words:
            raise StoreError(f"{place} may not be written. Nothing was sent; make its folder writable for the user that runs Kept.") from error
        if isinstance(error, OperationalError) and "locked" in words:
            raise StoreError(f"{place} is busy: another program holds it. Try again in a moment.") from error
        raise StoreError(f"{place} cannot be used: {words.splitlines()[0] if words else error}") from error


def _prepare(folder: Path, path: Path, *, read_only: bool) -> None:
    """The folder private to its owner, the file likewise before SQLite makes it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(f"{folder} cannot be used as the state directory: {error.strerror}. Nothing was sent.") from error
    if not read_only and not os.access(path, os.W_OK):
        raise StoreError(f"{path} may not be written. Nothing was sent; make it writable for the user that runs Kept.")


def _pragmas(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN is the only one
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "busy_timeout=30000", "cache_size=-8000"):
        connection.execute(f"PRAGMA {pragma}")


def _migrate(engine: Engine, path: Path | None) -> None:
    """Bring an older schema up to HEAD, after a copy of the file is put aside; refuse a newer one."""
    with engine.connect() as connection:
        known = inspect(connection).has_table("alembic_version")
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if known else None
    if found == HEAD:
        return
    if found is not None and str(found) > HEAD:
        raise StoreError(f"The state was written by a newer Kept (schema {found}, this one knows {HEAD}). Install that version again; nothing was changed.")
    if path is not None and found is not None:
        _set_aside(path, str(found))
    from alembic import command  # noqa: PLC0415  # slow to import, and needed only when the schema changes
    from alembic.config import Config  # noqa: PLC0415  # the same

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _set_aside(path: Path, revision: str) -> None:
    """A copy of the database as it was, made by SQLite itself so that nothing in the WAL is left out."""
    copy = path.with_name(f"{path.name}.before-{revision}")
    with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    copy.chmod(0o600)

