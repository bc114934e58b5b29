"""What stood open at the last look, kept so that a short question need not follow every story anew. It can always be made again.

A row holds one client's open obligations, from which facts, decisions and configuration they were worked out (`basis` names the
latter two), from when on and until when they hold if nothing new becomes known.
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


@dataclass(frozen=True, slots=True)
class OpenCacheRow:
    """One client's open obligations as of `as_of`, good until another moment, from these versions of facts and events."""

    account: str
    client: str
    facts: int
    events: int
    basis: str
    as_of: datetime
    good_until: datetime
    open: tuple[Obligation, ...]


def save(db: Connection, found: Iterable[OpenCacheRow]) -> None:
    """Take the place of what was kept of these clients."""
    for one in found:
        key = {"account": one.account, "client": one.client}
        values = {
            "facts": one.facts,
            "events": one.events,
            "basis": one.basis,
            "as_of": one.as_of,
            "good_until": one.good_until,
            "obligations": json_columns.storable_text(_adapter().dump_json(one.open).decode()),
        }
        upsert(db, s.open_obligations, key, values)


def rows(db: Connection, account: str, now: datetime, basis: str) -> Mapping[str, OpenCacheRow]:
    """Those of an account that hold at `now` as far as time, decisions and configuration go, by client."""
    c = s.open_obligations.c
    wanted = select(s.open_obligations).where(c.account == account, c.basis == basis, c.as_of <= now, c.good_until > now)
    read = _adapter().validate_json
    return {
        r.client: OpenCacheRow(r.account, r.client, r.facts, r.events, r.basis, r.as_of, r.good_until, read(r.obligations))
        for r in db.execute(wanted)
    }


def forget(db: Connection, client: str | None = None, account: str | None = None) -> None:
    """Drop what was kept of one client, or of one account."""
    c = s.open_obligations.c
    db.execute(delete(s.open_obligations).where(c.client == client if client is not None else c.account == account))


@cache
def _adapter() -> TypeAdapter[tuple[Obligation, ...]]:
    return TypeAdapter(tuple[Obligation, ...])
