"""Make a database's tables, or migrate it to those of this program, in one transaction and after making a copy.

A new database gets the tables as they are now, which a test compares with what all migrations make of an empty one. Alembic is imported
only to migrate, so that making a database takes little memory, and opening an up-to-date one costs one query. A daemon or worker of an
older version that is at work meanwhile loses its lease in the same transaction: its next write stops it, cleanly, before it meets tables
that it does not know.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, PrimaryKeyConstraint, String, Table, inspect, text

from daemon import clock
from daemon.errors import StoreError
from daemon.store import lease, search
from daemon.store.schema import leases, metadata

HEAD = "0019"  # the newest revision below migrations/versions; a test compares
SCRIPTS = Path(__file__).parent / "migrations"


def migrate(
    engine: Engine,
    writing: Callable[[Engine], AbstractContextManager[Connection]] | None,
    file: Path | None,
    scripts: Path = SCRIPTS,
    head: str = HEAD,
) -> None:
    """Make the tables, or migrate older ones to `head`.

    `file` is the database file of SQLite; `writing` is None for a database that is opened to be read only. Raises StoreError if the
    tables are newer than `head`, or older and may not be changed.
    """
    with engine.connect() as connection:
        present = version(connection)
    if present == head:
        return
    if present is not None and present > head:
        raise StoreError(
            f"The state was written by a newer Kept (schema {present}, this one knows {head}). Install that version again; nothing was changed."
        )
    if writing is None:
        raise StoreError("Nothing is stored yet, or an older Kept stored it. Run `kept sync` once.")
    if present is not None and file is not None:
        back_up(file, present)
    with writing(engine) as connection:
        if version(connection) == present:  # no other program migrated it meanwhile
            if inspect(connection).has_table(leases.name):
                lease.take(connection, lease.DAEMON, clock.now())
            if present is None and head == HEAD:
                _make(connection)
            else:
                _upgrade(connection, scripts, head)


def version(connection: Connection) -> str | None:
    """Return the revision of the tables; None if there are no tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if revision is None else str(revision)


def back_up(file: Path, revision: str) -> None:
    """Copy the database, readable by its owner alone, through SQLite so that the WAL is included. An unfinished copy never counts."""
    copy = file.with_name(f"{file.name}.before-{revision}")
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    unfinished.replace(copy)


def _make(connection: Connection) -> None:
    """Make all tables, and note their revision where Alembic looks for it."""
    metadata.create_all(connection, checkfirst=False)
    search.make_index(connection)
    revision = Column("version_num", String(32), nullable=False)  # as Alembic makes it
    noted = Table("alembic_version", MetaData(), revision, PrimaryKeyConstraint("version_num", name="alembic_version_pkc"))
    noted.create(connection)
    connection.execute(noted.insert(), {"version_num": HEAD})


def _upgrade(connection: Connection, scripts: Path, head: str) -> None:
    from alembic import command  # noqa: PLC0415  # slow to import, and needed only when the schema changes
    from alembic.config import Config  # noqa: PLC0415  # the same

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, head)
