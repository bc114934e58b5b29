"""What was kept of the last look, and whether it still holds: by it a short question is answered without following any story.

A basis names everything besides facts that assessments follow from: the files of the configuration as they are, the first day,
who was won, what the user decided, and the program. Were any of it another, nothing that was kept would hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from daemon import __version__
from daemon.core.model import OPEN_STATES, Account, Decision, Obligation, Office, WorkingHours, state
from daemon.reading import VERSION
from daemon.store import Store, StoreError
from daemon.store.standings import Standing


def files(config: Path, data: Mapping[str, Any]) -> str:
    """A name for the configuration as it stands on the disk: the file, the agreed charters, calendars of holidays."""
    folder = config.parent
    holidays = (a.get("holidays") for a in data.get("accounts") or () if isinstance(a, dict))
    calendars = (folder / Path(h).expanduser() for h in holidays if isinstance(h, str) and h.lower().endswith(".ics"))
    agreed = (folder / Path(str(data.get("charters") or "charters")).expanduser()).glob("*/*.yaml")
    whole = hashlib.sha256(config.read_bytes())
    for path in (*sorted(agreed), *calendars):
        whole.update(f"\0{path}\0".encode("utf-8", "surrogateescape") + path.read_bytes())
    return whole.hexdigest()


def basis(configuration: str, started: datetime | None, won: str | None, decisions: Iterable[Decision]) -> str:
    """The name of the basis; `won` is the store's own note of who was won when."""
    parts = (__version__, VERSION, configuration, started, won, *decisions)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def counted_from(store: Store, now: datetime) -> datetime | None:
    """The first day; none where something earlier is asked, for then everything counts as it would have counted."""
    written = store.meta("started")
    started = datetime.fromisoformat(written) if written else None
    return None if started and now < started else started


def holding(store: Store, account: str, named: str, now: datetime) -> Mapping[str, Standing]:
    """What still holds of what was kept of an account's clients."""
    kept, (_, events) = store.standings(account, now, named), store.fact_version(account)
    news = {since: store.touched(account, since) for since in {k.facts for k in kept.values()}}
    return {name: k for name, k in kept.items() if k.events == events and name not in news[k.facts]}


def all_open(config: Path, now: datetime) -> tuple[tuple[Obligation, ...], Office] | None:
    """Everything that stands open, and whose it is, where all of it was kept and still holds; None where anything is missing."""
    import yaml  # noqa: PLC0415  # not for those who only keep

    try:
        data = yaml.load(config.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # a safe loader
        accounts = [Account(str(a["addresses"][0]).strip().lower(), "", frozenset(), _hours(a)) for a in data["accounts"]]
        clients = [str(c["name"]) for c in data.get("clients") or ()]
        place = data.get("database") or config.parent / Path(str(data.get("state") or "~/.local/share/kept")).expanduser()
        store = Store.open(place, read_only=True)
    except (OSError, LookupError, TypeError, AttributeError, ValueError, RuntimeError, yaml.YAMLError, StoreError):
        return None  # whoever reads the configuration properly says what is wrong with it
    try:
        found = _all_open(store, files(config, data), accounts, clients, now)
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
    named = basis(configuration, counted_from(store, now), store.meta("won"), store.decisions(now))
    found: list[Obligation] = []
    for account in accounts:
        kept = holding(store, account.address, named, now)
        for client in clients:
            if client not in kept:
                return None
            found += (o for o in kept[client].open if state(o, now) in OPEN_STATES)
    return tuple(found)
