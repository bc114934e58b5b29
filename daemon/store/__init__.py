"""Store facts, cursors, decisions, the outbox and what was said, in SQLite or PostgreSQL. Every method of `Store` is one transaction.

Imports the pure packages, `daemon.assess`, `daemon.clock`, `errors` and `logs`; `config`, `intake`, `delivery` and everything above
may import it.
"""

from __future__ import annotations

from daemon.errors import StoreError
from daemon.store.mail import ReadMessage
from daemon.store.store import Store

__all__ = ["ReadMessage", "Store", "StoreError"]
