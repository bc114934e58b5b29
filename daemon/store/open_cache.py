"""The open cache: the open obligations as of the last turn, so that `kept due` need not assess everything again.

It can be dropped at any time. A row contains the open obligations of one client, or of all with whom the account has no contact (OTHERS: none), what they were computed from (the versions of the
facts, and a `basis` for decisions and configuration), and from when until when they are valid if nothing new becomes known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, select

from daemon.glossary.obligations import Obligation
from daemon.store import json_columns
from daemon.store import schema as s
from daemon.store.statements import upsert

OTHERS = ""  # in place of a client's name: whoever has no row of their own


@dataclass(frozen=True, slots=True)
class OpenCacheRow:
    """One client's open obligations as of `as_of`, valid until `good_until`, from these versions of facts and events."""

    account: str
    client: str
    facts: int
    events: int
    basis: str
    as_of: datetime
    good_until: datetime
    open: tuple[Obligation, ...]


def save(db: Connection, rows: Iterable[OpenCacheRow]) -> None:
    """Store rows, replacing those of the same clients."""
    for row in rows:
        key = {"account": row.account, "client": row.client}
        values = {
            "facts": row.facts,
            "events": row.events,
            "basis": row.basis,
            "as_of": row.as_of,
            "good_until": row.good_until,
            "obligations": json_columns.storable_text(_adapter().dump_json(row.open).decode()),
        }
        upsert(db, s.open_obligations, key, values)


def rows(db: Connection, account: str, now: datetime, basis: str) -> Mapping[str, OpenCacheRow]:
    """Return an account's rows that are valid at `now` by time and basis, by client; their versions are not compared."""
    c = s.open_obligations.c
    wanted = select(s.open_obligations).where(c.account == account, c.basis == basis, c.as_of <= now, c.good_until > now)
    read = _adapter().validate_json
    return {
        r.client: OpenCacheRow(r.account, r.client, r.facts, r.events, r.basis, r.as_of, r.good_until, read(r.obligations))
        for r in db.execute(wanted)
    }


def clients(db: Connection, account: str) -> frozenset[str]:
    """Return the clients of whom an account has rows, valid or not."""
    c = s.open_obligations.c
    return frozenset(db.scalars(select(c.client).where(c.account == account)))


def forget(db: Connection, client: str | None = None, account: str | None = None) -> None:
    """Delete the rows of one client, or of one account."""
    c = s.open_obligations.c
    db.execute(delete(s.open_obligations).where(c.client == client if client is not None else c.account == account))


@cache
def _adapter() -> TypeAdapter[tuple[Obligation, ...]]:
    return TypeAdapter(tuple[Obligation, ...])
