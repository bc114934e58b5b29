"""The workers that are at work: the sessions that share their lock, the leases that each took last, and what each says is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, text

from daemon.store import schema as s
from daemon.store.lease import DAEMON
from daemon.store.lock import numbers
from daemon.store.statements import upsert

_NAME = 63  # characters of a session's name that PostgreSQL keeps
_SESSIONS = text(
    """SELECT a.application_name AS name, a.backend_start AS since FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.mode = 'ShareLock' AND l.granted AND l.classid = :one AND l.objid = :two
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY a.backend_start"""
)
_LEASES = (
    select(
        s.leases.c.holder, func.count().label("accounts"), func.max(s.leases.c.taken, type_=s.leases.c.taken.type).label("turned")
    )
    .where(s.leases.c.name != DAEMON)
    .group_by(s.leases.c.holder)
)


@dataclass(frozen=True, slots=True)
class WorkerAtWork:
    """A worker that holds the workers' lock: its process and host, since when it does, and when it began its last turn, if ever.

    `accounts` are those whose last turn was its. `problem` is what is wrong with it, in words, beside its turns.
    """

    process: str
    since: datetime
    turned: datetime | None
    accounts: int
    problem: str | None = None


def at_work(db: Connection, lock: str) -> tuple[WorkerAtWork, ...]:
    """Return the workers that share a lock, the one that has held it for longest first."""
    turns = {row.holder[:_NAME]: row for row in db.execute(_LEASES)}
    problems = {row.process: row.problem for row in db.execute(select(s.worker_problems))}
    found = []
    for row in db.execute(_SESSIONS, numbers(lock)):
        last = turns.get(row.name)
        turned, accounts = (last.turned, last.accounts) if last else (None, 0)
        found.append(WorkerAtWork(row.name, row.since, turned, accounts, problems.get(row.name)))
    return tuple(found)


def note_problem(db: Connection, lock: str, process: str, problem: str | None) -> None:
    """Store what is wrong with a worker, None if nothing is, and forget what was wrong with those that are gone."""
    here = {row.name for row in db.execute(_SESSIONS, numbers(lock))} - {process[:_NAME]}
    db.execute(delete(s.worker_problems).where(s.worker_problems.c.process.not_in(here)))
    if problem is not None:
        upsert(db, s.worker_problems, {"process": process[:_NAME]}, {"problem": problem})
