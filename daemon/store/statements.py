"""The few statements that every part of the store is made of; alike in both databases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Table, select

from daemon.store import schema as s

_MANY = 500  # values in one IN (…)


def upsert(db: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Insert or update the row with this key."""
    db.execute(_insert(db, table).values(**key, **values).on_conflict_do_update(index_elements=list(key), set_=dict(values)))


def insert_if_absent(db: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert a row unless its key is there."""
    db.execute(_insert(db, table).values(**row).on_conflict_do_nothing())


def _insert(db: Connection, table: Table) -> Any:
    """The INSERT of this database, which knows what to do where the key is there. The other's is never loaded."""
    if db.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as into_postgresql  # noqa: PLC0415  # half a thousand KB nobody else needs

        return into_postgresql(table)
    from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415  # beside the other

    return insert(table)


def chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """The values in pieces that fit into one statement."""
    whole = list(values)
    for start in range(0, len(whole), _MANY):
        yield whole[start : start + _MANY]


def set_cursor(db: Connection, account: str, source: str, cursor: str) -> None:
    """How far a source was read: part of the transaction that stores what was read."""
    upsert(db, s.sources, {"account": account, "source": source}, {"cursor": cursor})


def raise_version(db: Connection, account: str, which: str) -> int:
    """A new version of the account's `facts` or `events`."""
    row = db.execute(select(s.versions).where(s.versions.c.account == account)).first()
    values = {"facts": row.facts if row else 0, "events": row.events if row else 0}
    values[which] += 1
    upsert(db, s.versions, {"account": account}, values)
    return values[which]


def mark_changed(db: Connection, account: str, clients: Iterable[str | None]) -> None:
    """These clients have news; with a new version of the account's facts, even where it concerns no client."""
    version = raise_version(db, account, "facts")
    for client in {c for c in clients if c is not None}:
        upsert(db, s.touched, {"account": account, "client": client}, {"version": version})
