"""Leases: who may act in a name, as a number that rises whenever another takes over.

A lock can be lost without its holder noticing: a server ends its session, a host stands still for minutes, somebody deletes the lock
file. So its holder also takes a lease, and each of its writes checks in its own transaction that the number is still the same (a
fencing token). Whoever was overtaken changes nothing any more and claims nothing to send.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from daemon.store import schema as s
from daemon.store.statements import upsert

DAEMON = "daemon"  # the lease of the only process that polls and sends


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to act in a name, as long as the number stored under it is this one."""

    name: str
    number: int


def take(db: Connection, name: str, now: datetime) -> Lease:
    """Take a lease from whoever had it."""
    row = db.execute(select(s.leases.c.number).where(s.leases.c.name == name)).first()
    lease = Lease(name, row.number + 1 if row else 1)
    upsert(db, s.leases, {"name": name}, {"number": lease.number, "holder": this_process(), "taken": now})
    return lease


def loss(db: Connection, lease: Lease) -> str | None:
    """Return how a lease was lost, for people to read; None while it is held."""
    row = db.execute(select(s.leases).where(s.leases.c.name == lease.name)).first()
    if row is not None and row.number == lease.number:
        return None
    if row is None or row.number < lease.number:
        return "an older copy of the database was put in its place"
    return f"another Kept ({row.holder}) has taken over"


def holder(db: Connection, name: str) -> str | None:
    """Return who took a lease last; None if nobody ever did."""
    found: str | None = db.scalar(select(s.leases.c.holder).where(s.leases.c.name == name))
    return found


def this_process() -> str:
    """Return how other hosts' people recognise this process."""
    return f"process {os.getpid()} on {socket.gethostname()}"
