"""Decide which rows of the open cache are still valid.

A basis is a hash of everything that assessments follow from besides facts: the configuration files, the first day, the clients won,
the decisions, and the versions of the program and of its reader. A row with another basis is not valid.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from daemon import __version__, reading
from daemon.glossary.decisions import Decision
from daemon.store.open_cache import OTHERS, OpenCacheRow
from daemon.store.store import Store


def cache_basis(configuration: str, started: datetime | None, won: str | None, decisions: Iterable[Decision]) -> str:
    """Return the basis. `configuration` is the fingerprint of its files, `won` the text stored by `intake.won_dates`."""
    parts = (__version__, reading.version(), configuration, started, won, *decisions)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def counted_from(store: Store, now: datetime) -> datetime | None:
    """Return the first day; None for an earlier `now`, since everything counts then."""
    text = store.meta("started")
    started = datetime.fromisoformat(text) if text else None
    return None if started and now < started else started


def valid_rows(store: Store, account: str, basis: str, now: datetime) -> Mapping[str, OpenCacheRow]:
    """Return the rows of an account that are still valid, by client. Raises StoreError."""
    rows, (_, events) = store.open_cache_rows(account, now, basis), store.fact_version(account)
    changed = {since: store.changed_clients(account, since) for since in {row.facts for row in rows.values()}}
    return {name: row for name, row in rows.items() if row.events == events and name not in changed[row.facts]}


def not_covered(store: Store, account: str, rows: Mapping[str, OpenCacheRow]) -> frozenset[str] | None:
    """Return the clients of whom these valid rows of an account say nothing; None if that may be any client. Raises StoreError."""
    others = rows.get(OTHERS)
    if others is None:
        return None
    return (store.open_cache_clients(account) | store.changed_clients(account, others.facts)) - rows.keys()
