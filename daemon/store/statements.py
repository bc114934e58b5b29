"""The statements that all parts of the store share, alike in both databases.

A statement that every turn runs is put together once, with its values left open (`given`): SQLAlchemy takes longer to put one together
than to run it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, bindparam, select

from daemon.store import schema as s

_MANY = 500  # values in one IN (…)


def given(*columns: Column[Any]) -> ColumnElement[bool]:
    """Return the condition that each column has the value that is given under its name when the statement is run."""
    return and_(*(column == bindparam(column.name) for column in columns))


def upsert(db: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Insert the row with this key, or update it."""
    db.execute(_insert(db, table).values(**key, **values).on_conflict_do_update(index_elements=list(key), set_=dict(values)))


def insert_or_count(db: Connection, table: Table, key: Mapping[str, Any], counter: Column[int], values: Mapping[str, Any]) -> int:
    """Insert the row with this key, its counter at 1, or update it and raise the counter. Return the counter, in one statement."""
    raised = {**values, counter.name: counter + 1}
    inserted = _insert(db, table).values(**key, **values, **{counter.name: 1})
    return int(db.execute(inserted.on_conflict_do_update(index_elements=list(key), set_=raised).returning(counter)).scalar_one())


def insert_if_absent(db: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert a row unless its key is stored already."""
    db.execute(_insert(db, table).values(**row).on_conflict_do_nothing())


def insert_those_absent(db: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert those rows whose keys are not stored yet."""
    if rows:
        db.execute(_insert(db, table).on_conflict_do_nothing(), list(rows))


def _insert(db: Connection, table: Table) -> Any:
    """Return this database's INSERT, which supports ON CONFLICT. The other database's is never imported."""
    if db.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as into_postgresql  # noqa: PLC0415  # half a thousand KB nobody else needs

        return into_postgresql(table)
    from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415  # beside the other

    return insert(table)


def chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield the values in lists short enough for one statement."""
    whole = list(values)
    for start in range(0, len(whole), _MANY):
        yield whole[start : start + _MANY]


def set_cursor(db: Connection, account: str, source: str, cursor: str) -> None:
    """Store how far a source was read, in the transaction that stores what was read."""
    upsert(db, s.sources, {"account": account, "source": source}, {"cursor": cursor})


def raise_version(db: Connection, account: str, which: str) -> int:
    """Raise the version of the account's `facts`, `events` or `decisions`, and return it."""
    row = db.execute(select(s.versions).where(s.versions.c.account == account)).first()
    values = {name: getattr(row, name) if row else 0 for name in ("facts", "events", "decisions")}
    values[which] += 1
    upsert(db, s.versions, {"account": account}, values)
    return values[which]


def mark_changed(db: Connection, account: str, clients: Iterable[str | None]) -> None:
    """Raise the version of the account's facts, and mark the clients whose messages changed with it."""
    version = raise_version(db, account, "facts")
    for client in {c for c in clients if c is not None}:
        upsert(db, s.touched, {"account": account, "client": client}, {"version": version})
