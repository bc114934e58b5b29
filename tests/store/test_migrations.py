"""The tables, made and migrated: nothing is lost on the way, and what is newer is left alone."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from paths import ROOT
from servers.processes import Postgres
from sqlalchemy import Engine, inspect, text
from store_facts import ACME, DANA, message, put, read, stored
from week import at

from daemon.errors import LeaseLost, StoreError
from daemon.store import Store, engine, migrate
from daemon.store.schema import metadata

pytest_plugins = ("store_places",)

LATEST = migrate.HEAD
LATER = f"{int(migrate.HEAD) + 1:04}"
NEXT = '''"""A later change."""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "{later}", "{head}"
def upgrade() -> None:
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("mood", sa.Text))
    op.execute("UPDATE messages SET mood = 'fine'")
    {more}
'''


@pytest.fixture
def used(where: Path | str) -> Iterator[Engine]:
    """A database of this program's tables with a message in it."""
    store = Store.open(where)
    put(store, read(message("a")))
    store.close()
    opened = engine.open_engine(where)
    yield opened
    opened.dispose()


def later(folder: Path, more: str = "") -> Path:
    """The migrations of a program one revision on."""
    scripts = folder / "migrations of 100%"
    shutil.copytree(migrate.SCRIPTS, scripts)
    (scripts / "versions" / f"{LATER}_mood.py").write_text(NEXT.format(more=more, later=LATER, head=migrate.HEAD))
    return scripts


def run(used: Engine, where: Path | str, scripts: Path) -> None:
    file = where / "kept.db" if isinstance(where, Path) else None
    migrate.migrate(used, engine.writing, file, scripts, LATER)


def revision(used: Engine) -> str | None:
    with used.connect() as connection:
        return migrate.version(connection)


def test_the_migrations_make_exactly_the_tables_that_the_program_works_with(used: Engine) -> None:
    with used.connect() as connection:
        # the index of the full-text search is the database's own affair (daemon.store.search): SQLAlchemy has no tables for it
        ours = {"compare_type": True, "include_object": lambda _thing, name, *_: not str(name).startswith("answers")}
        context = MigrationContext.configure(connection, opts=ours)
        assert compare_metadata(context, metadata) == []


def test_a_new_database_is_what_all_migrations_make_of_an_empty_one(where: Path | str, monkeypatch: pytest.MonkeyPatch) -> None:
    new = engine.open_engine(where)
    as_made = tables(new)
    with new.begin() as connection:
        if new.dialect.name == "sqlite":
            connection.execute(text("DROP TABLE answers_words"))  # with the tables that it keeps its words in
        for table in inspect(connection).get_table_names():
            connection.execute(text(f"DROP TABLE {table}"))  # the program's own names
    monkeypatch.setattr(migrate, "HEAD", "none of its own")
    migrate.migrate(new, engine.writing, None, head=LATEST)
    assert as_made == tables(new)
    new.dispose()


def tables(made: Engine) -> dict[str, object]:
    """All that makes up the tables and indexes of a database, without the order of their columns."""
    found: dict[str, object] = {}
    with made.connect() as connection:
        look = inspect(connection)
        for name in look.get_table_names():
            columns = [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in look.get_columns(name)]
            keys = look.get_pk_constraint(name), look.get_unique_constraints(name), look.get_foreign_keys(name)
            found[name] = sorted(columns), keys, sorted(look.get_indexes(name), key=str)
        server = made.dialect.name == "postgresql"
        listed = (
            "SELECT indexname, indexdef FROM pg_indexes"
            if server
            else "SELECT name, sql FROM sqlite_master WHERE type != 'table' OR sql LIKE '%VIRTUAL%'"
        )
        found[listed] = sorted(tuple(row) for row in connection.execute(text(listed)) if row[0].partition("_")[0] != "pg")
    return found


def test_the_program_knows_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [migrate.HEAD]


def test_an_older_database_is_brought_up_with_all_that_is_in_it(used: Engine, where: Path | str, tmp_path: Path) -> None:
    run(used, where, later(tmp_path))
    assert revision(used) == LATER
    with used.connect() as connection:
        assert connection.execute(text("SELECT message_id, client, mood FROM messages")).all() == [
            ("<a@acme.example>", ACME, "fine")
        ]
        assert "messages_by_client" in {index["name"] for index in inspect(connection).get_indexes("messages")}


def test_before_that_a_copy_is_put_aside_for_its_owner_alone(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    put(store, read(message("a")))  # still in the write-ahead log, which a plain copy would leave out
    run(store._engine, tmp_path, later(tmp_path))
    copy = tmp_path / f"kept.db.before-{migrate.HEAD}"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    store.close()
    (tmp_path / "old").mkdir()
    copy.rename(tmp_path / "old" / "kept.db")
    old = Store.open(tmp_path / "old")
    assert stored(old) == ["a"]
    old.close()


def test_a_migration_that_fails_leaves_everything_as_it_was(used: Engine, where: Path | str, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="half way"):
        run(used, where, later(tmp_path, 'raise RuntimeError("half way")'))
    assert revision(used) == migrate.HEAD
    store = Store.open(where)
    assert stored(store) == ["a"]
    store.close()


def test_a_daemon_of_an_older_version_that_is_at_work_stops_at_its_next_write(
    used: Engine, where: Path | str, tmp_path: Path
) -> None:
    older = Store.open(where)
    with older.lock():
        run(used, where, later(tmp_path))
        with pytest.raises(LeaseLost, match="has taken over"):
            put(older, read(message("b")))
    assert stored(older) == ["a"]
    older.close()


@pytest.mark.server
def test_a_worker_of_an_older_version_stops_in_the_middle_of_its_turn(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.database("store_migrated_turn")
    older, newer = Store.open(url), engine.open_engine(url)
    with older.share(), older.of_account(DANA).turn_lease(DANA, at(0)):
        run(newer, url, later(tmp_path))
        with pytest.raises(LeaseLost, match="has taken over"):
            put(older.of_account(DANA), read(message("b")))
    newer.dispose()
    older.close()


def test_a_newer_database_is_refused_and_left_alone(used: Engine, where: Path | str) -> None:
    with used.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
        connection.commit()
    for read_only in (False, True):
        with pytest.raises(StoreError, match=rf"written by a newer Kept \(schema 0999, this one knows {migrate.HEAD}\)"):
            Store.open(where, read_only=read_only)
    assert revision(used) == "0999"


def test_an_older_database_is_not_changed_where_only_reading_was_asked_for(used: Engine, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"an older Kept stored it. Run `kept sync` once."):
        migrate.migrate(used, None, None, later(tmp_path), LATER)
    assert revision(used) == migrate.HEAD


def test_several_that_start_at_once_on_a_new_state_make_it_once(where: Path | str) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            Store.open(where).close()
        except BaseException as error:  # noqa: BLE001  # shown below
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    store = Store.open(where)
    assert stored(store) == []
    store.close()


def test_a_start_on_a_used_database_imports_no_migrations(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    code = f"import sys; from daemon.store import Store; Store.open({str(tmp_path)!r}).close(); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"


def test_the_file_is_a_plain_sqlite_database_with_the_promised_settings(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with store._read() as db:
        found = {
            name: db.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
    put(store, read(message("a")))
    store.close()
    with closing(sqlite3.connect(tmp_path / "kept.db")) as plain:
        assert plain.execute("SELECT account FROM messages").fetchall() == [(DANA,)]
