"""Bringing a database to the tables of this program: in one transaction, after a copy is put aside.

alembic is imported only where there is something to do, so a start on a used database costs one query.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from daemon.errors import StoreError

HEAD = "0006"  # the newest revision below migrations/versions; a test compares
SCRIPTS = Path(__file__).parent / "migrations"


def migrate(
    engine: Engine,
    writing: Callable[[Engine], AbstractContextManager[Connection]] | None,
    file: Path | None,
    scripts: Path = SCRIPTS,
    head: str = HEAD,
) -> None:
    """Make the tables, or bring older ones up to `head`; `file` is SQLite's, `writing` None where only reading was asked for.

    Raises StoreError where they are newer, or would have to be changed in order to be read.
    """
    with engine.connect() as connection:
        found = version(connection)
    if found == head:
        return
    if found is not None and found > head:
        raise StoreError(
            f"The state was written by a newer Kept (schema {found}, this one knows {head}). Install that version again; nothing was changed."
        )
    if writing is None:
        raise StoreError("Nothing is stored yet, or an older Kept stored it. Run `kept sync` once.")
    if found is not None and file is not None:
        put_aside(file, found)
    with writing(engine) as connection:
        if version(connection) == found:  # no other program did it while we waited
            _upgrade(connection, scripts, head)


def version(connection: Connection) -> str | None:
    """The revision of the tables, None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def put_aside(file: Path, revision: str) -> None:
    """A copy as it was, for its owner alone, made by SQLite itself so that nothing in the WAL is left out; whole or not there."""
    copy = file.with_name(f"{file.name}.before-{revision}")
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    unfinished.replace(copy)


def _upgrade(connection: Connection, scripts: Path, head: str) -> None:
    from alembic import command  # noqa: PLC0415  # slow to import, and needed only when the schema changes
    from alembic.config import Config  # noqa: PLC0415  # the same

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, head)
