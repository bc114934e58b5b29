"""Remember when clients were won: when the configuration first showed them at a stage past prospect.

A client's own `won` in the configuration takes precedence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from daemon.glossary.parties import Client, Stage
from daemon.store import Store

_NOT_WON = frozenset({Stage.PROSPECT, Stage.LOST})


def read_won_dates(store: Store) -> Mapping[str, datetime]:
    """Return key of the client -> moment of each client that was seen to be won."""
    return {name: datetime.fromisoformat(at) for name, at in json.loads(store.meta("won") or "{}").items()}


def record_stages(store: Store, clients: Iterable[Client], now: datetime) -> bool:
    """Store each client's stage. Return whether any client was won since the last time."""
    before = json.loads(store.meta("stages") or "{}")
    stages = {c.key: c.stage.value for c in clients}
    newly_won = {c.key: now for c in clients if before.get(c.key) == Stage.PROSPECT.value and c.stage not in _NOT_WON}
    if newly_won:
        dates = {**newly_won, **read_won_dates(store)}
        store.set_meta("won", json.dumps({name: at.isoformat() for name, at in dates.items()}))
    if stages != before:
        store.set_meta("stages", json.dumps(stages))
    return bool(newly_won)
