"""What stands open, answered from the open cache alone: neither the configuration is checked nor any story followed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from daemon.config.fingerprint import fingerprint
from daemon.errors import StoreError
from daemon.glossary.charter import WorkingHours
from daemon.glossary.obligations import OPEN_STATES, Obligation, state
from daemon.glossary.parties import Account, Office
from daemon.store import Store
from daemon.store.open_cache_basis import basis, counted_from, holding


def all_open(config: Path, now: datetime) -> tuple[tuple[Obligation, ...], Office] | None:
    """Everything that stands open, and whose it is, where all of it was kept and still holds; None where anything is missing."""
    try:
        data = yaml.load(config.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # a safe loader
        accounts = [Account(str(a["addresses"][0]).strip().lower(), "", frozenset(), _hours(a)) for a in data["accounts"]]
        clients = [str(c["name"]) for c in data.get("clients") or ()]
        place = data.get("database") or config.parent / Path(str(data.get("state") or "~/.local/share/kept")).expanduser()
        store = Store.open(place, read_only=True)
    except (OSError, LookupError, TypeError, AttributeError, ValueError, RuntimeError, yaml.YAMLError, StoreError):
        return None  # whoever reads the configuration properly says what is wrong with it
    try:
        found = _all_open(store, fingerprint(config, data), accounts, clients, now)
    except (OSError, StoreError):
        return None
    finally:
        store.close()
    return None if found is None else (found, Office(tuple(accounts), ()))


def _hours(account: Mapping[str, Any]) -> WorkingHours:
    return WorkingHours(str(account.get("time_zone") or "UTC"), ())


def _all_open(
    store: Store, configuration: str, accounts: Iterable[Account], clients: Iterable[str], now: datetime
) -> tuple[Obligation, ...] | None:
    found: list[Obligation] = []
    for account in accounts:
        decisions = store.decisions(account.address, now)
        named = basis(configuration, counted_from(store, now), store.meta("won"), decisions)
        kept = holding(store, account.address, named, now)
        for client in clients:
            if client not in kept:
                return None
            found += (o for o in kept[client].open if state(o, now) in OPEN_STATES)
    return tuple(found)
