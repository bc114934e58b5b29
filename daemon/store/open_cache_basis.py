"""What the open cache was worked out from, besides facts: whether what was kept of the last look still holds.

A basis names the files of the configuration as they are, the first day, who was won, what the user decided, and the program. Were
any of it another, nothing that was kept would hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from daemon import __version__
from daemon.glossary.decisions import Decision
from daemon.reading import VERSION
from daemon.store.open_cache import OpenCacheRow
from daemon.store.store import Store


def cache_basis(configuration: str, started: datetime | None, won: str | None, decisions: Iterable[Decision]) -> str:
    """The name of the basis; `won` is the store's own note of who was won when."""
    parts = (__version__, VERSION, configuration, started, won, *decisions)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def counted_from(store: Store, now: datetime) -> datetime | None:
    """The first day; none where something earlier is asked, for then everything counts as it would have counted."""
    written = store.meta("started")
    started = datetime.fromisoformat(written) if written else None
    return None if started and now < started else started


def valid_rows(store: Store, account: str, named: str, now: datetime) -> Mapping[str, OpenCacheRow]:
    """What still holds of what was kept of an account's clients."""
    kept, (_, events) = store.open_cache_rows(account, now, named), store.fact_version(account)
    news = {since: store.changed_clients(account, since) for since in {k.facts for k in kept.values()}}
    return {name: k for name, k in kept.items() if k.events == events and name not in news[k.facts]}
