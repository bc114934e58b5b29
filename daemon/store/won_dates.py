"""When clients were won, as the configuration shows it: the day on which a stage is first seen to have left prospect.

The configuration's own `won` beats what is remembered here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from daemon.glossary.parties import Client, Stage
from daemon.store import Store

_LOST = frozenset({Stage.PROSPECT, Stage.LOST})


def read_won_dates(store: Store) -> Mapping[str, datetime]:
    """Each client's day as far as it was seen."""
    return {name: datetime.fromisoformat(at) for name, at in json.loads(store.meta("won") or "{}").items()}


def record_stages(store: Store, clients: Iterable[Client], now: datetime) -> bool:
    """Remember each client's stage; whether any was won since the last time."""
    before = json.loads(store.meta("stages") or "{}")
    stages = {c.name: c.stage.value for c in clients}
    fresh = {c.name: now for c in clients if before.get(c.name) == Stage.PROSPECT.value and c.stage not in _LOST}
    if fresh:
        known = {**fresh, **read_won_dates(store)}
        store.set_meta("won", json.dumps({name: at.isoformat() for name, at in known.items()}))
    if stages != before:
        store.set_meta("stages", json.dumps(stages))
    return bool(fresh)
