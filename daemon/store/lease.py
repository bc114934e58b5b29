"""Leases: who may act in a name, as a number that rises whenever another takes over.

A lock can be lost without its holder noticing: a server ends its session, a host stands still for minutes, somebody deletes the lock
file. So its holder also takes a lease, and each of its writes checks in its own transaction that the number is still the same (a
fencing token). Whoever was overtaken changes nothing any more and claims nothing to send.

Two kinds of names: the daemon's (`DAEMON`), whose number rises with each daemon that starts and which is checked by whoever polls in
that database, and an account's address, whose number rises with each turn of the account in a team. A turn of a team carries both
numbers, so that neither another turn of its account nor a daemon that was started meanwhile can act beside it.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from daemon.store import schema as s
from daemon.store.statements import insert_or_count

DAEMON = "daemon"  # the lease of the only process that polls and sends
_NUMBER = select(s.leases.c.number).where(s.leases.c.name == bindparam("name"))
_LEASES = select(s.leases).where(s.leases.c.name.in_(bindparam("names", expanding=True)))


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to act in a name, as long as the number stored under it is this one."""

    name: str
    number: int


def take(db: Connection, name: str, now: datetime) -> Lease:
    """Take a lease from whoever had it."""
    holder = {"holder": this_process(), "taken": now}
    number: int = insert_or_count(db, s.leases, {"name": name}, s.leases.c.number, holder)
    return Lease(name, number)


def present(db: Connection, name: str) -> Lease:
    """Return a lease as it was taken last, to be checked by somebody who does not act in its name."""
    row = db.execute(_NUMBER, {"name": name}).first()
    return Lease(name, row.number if row else 0)


def lost(db: Connection, *leases: Lease) -> tuple[Lease, str] | None:
    """Return the first of these leases that was lost, and how, for people to read; None while all of them are held."""
    rows = {row.name: row for row in db.execute(_LEASES, {"names": [lease.name for lease in leases]})}
    return next(((lease, why) for lease in leases if (why := _loss(lease, rows.get(lease.name))) is not None), None)


def _loss(lease: Lease, row: Any) -> str | None:
    if lease.number == (row.number if row else 0):
        return None
    if row is None or row.number < lease.number:
        return "an older copy of the database was put in its place"
    return f"another Kept ({row.holder}) has taken over"


def holder(db: Connection, name: str) -> str | None:
    """Return who took a lease last; None if nobody ever did."""
    found: str | None = db.scalar(select(s.leases.c.holder).where(s.leases.c.name == name))
    return found


def taken(db: Connection, name: str) -> tuple[str, datetime] | None:
    """Return who took a lease last, and when; None if nobody ever did."""
    row = db.execute(select(s.leases.c.holder, s.leases.c.taken).where(s.leases.c.name == name)).first()
    return None if row is None else (row.holder, row.taken)


def this_process() -> str:
    """Return how other hosts' people recognise this process."""
    return f"process {os.getpid()} on {socket.gethostname()}"
