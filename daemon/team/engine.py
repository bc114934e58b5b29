"""The engine: procrastinate's queue in a schema of its own in Kept's database. The only module that imports it.

Two tasks. `turn` has an account take a turn; the account is its lock, so that no two run at once, and its queueing lock, so that none
waits twice. `dispatch` comes every DISPATCH_EVERY seconds, whichever worker gets it: it hands out what is due, in one statement, as far
as there is room, and hands out again the jobs of workers that give no sign of life.

Room is bounded because the engine looks through all waiting jobs for each job that it hands out; what is due and finds no room waits
in the table of turns, where it costs nothing. Nothing in the queue is precious: jobs are deleted when they end, however they end, and
the whole schema is made anew when the engine's version changes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from typing import Any

import procrastinate
import psycopg
from procrastinate.schema import SchemaManager
from psycopg import sql
from sqlalchemy import make_url

from daemon.errors import StoreError
from daemon.logs import get_logger
from daemon.store.engine import ACCOUNTS, PATIENCE, WRITERS, describe_location
from daemon.store.error_messages import why

log = get_logger(__name__)

SCHEMA = "kept_engine"
DISPATCH_EVERY = 1  # seconds
ROOM = 500  # turns that wait in the queue: more than all workers of a machine can take until it is filled again
HEARTBEAT = 1.0  # seconds between two signs of life of a worker
STALLED = 5.0  # seconds without one after which its jobs are handed out again: five in a row are missing
GRACE = 1.0  # seconds that running turns have to end by themselves
POLLING = 1.0  # seconds after which a worker looks for jobs unasked; new ones announce themselves
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PREPARING, _DISPATCHING = 1, 2  # second numbers of advisory locks beside the daemon's
_TURN, _DISPATCH = "turn", "dispatch"
_URGENT = 100  # the priority of dispatching
_VACUUM = "autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0"

# An account that never had a turn comes after those that have had some: its first reading takes a while.
_HAND_OUT = """
WITH room AS MATERIALIZED (
    SELECT CASE WHEN pg_try_advisory_xact_lock(%(class)s, %(number)s)
        THEN greatest(0, %(room)s - (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo')) ELSE 0 END AS places
), ready AS MATERIALIZED (
    SELECT t.account, CASE WHEN t.ended IS NULL THEN -1 ELSE 0 END AS priority, t.due
    FROM turns t
    WHERE t.due <= %(now)s
        AND NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE j.lock = t.account AND j.status IN ('todo', 'doing'))
    ORDER BY t.due LIMIT (SELECT places FROM room)
)
SELECT coalesce(cardinality(procrastinate_defer_jobs_v1(array_agg(
    ROW('turns', %(task)s, priority, account, account, jsonb_build_object('account', account), NULL)::procrastinate_job_to_defer_v1
    ORDER BY due
))), 0) AS count
FROM ready HAVING count(*) > 0
"""


@dataclass(frozen=True, slots=True)
class Work:
    """What the engine's jobs do: a turn of an account, and whether the clock is believed, so that what is due can be told by it."""

    turn: Callable[[str], Awaitable[None]]
    now: Callable[[], datetime | None]


class _Jobs(procrastinate.manager.JobManager):
    """The engine's jobs, whose ends may be noted or not: one whose end was not noted is handed out again like that of a dead worker.

    procrastinate notes it in a task of its own that nobody asks for an error. `broken` is set where the worker has to be another one,
    because the database was away and a job seems to be done still.
    """

    def __init__(self, connector: procrastinate.PsycopgConnector) -> None:
        super().__init__(connector)
        self.broken = asyncio.Event()

    async def finish_job(self, job: procrastinate.jobs.Job, status: procrastinate.jobs.Status, delete_job: bool) -> None:
        """Note that a job has ended, unless that cannot be noted."""
        try:
            await super().finish_job(job, status, delete_job)
        except procrastinate.exceptions.ConnectorException as error:
            if not isinstance(error.__cause__, psycopg.errors.RaiseException):  # else it was handed to another worker meanwhile
                log.info("the end of a turn could not be noted; it is handed out again", error=str(error.__cause__ or error))
                self.broken.set()


def prepare(database: str) -> None:
    """Make the engine's schema, or make it anew where another version made it. Raises StoreError."""
    try:
        _prepare(database, metadata.version("procrastinate"))
    except psycopg.Error as error:
        raise StoreError(f"{describe_location(database)}: {why(error)}") from error


def _prepare(database: str, version: str) -> None:
    with psycopg.connect(_address(database), connect_timeout=int(PATIENCE)) as db:
        db.execute("SELECT pg_advisory_xact_lock(%s, %s)", (WRITERS, _PREPARING))
        row = db.execute("SELECT obj_description(to_regnamespace(%s)::oid, 'pg_namespace')", (SCHEMA,)).fetchone()
        if row is not None and row[0] == version:
            return
        name = sql.Identifier(SCHEMA)
        db.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
        db.execute(sql.SQL("CREATE SCHEMA {}").format(name))
        db.execute(sql.SQL("SET LOCAL search_path TO {}").format(name))
        db.execute(SchemaManager.get_schema())
        for table in ("procrastinate_jobs", "procrastinate_events"):
            db.execute(sql.SQL("ALTER TABLE {} SET ({})").format(sql.Identifier(table), sql.SQL(_VACUUM)))
        db.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(name, sql.Literal(version)))


def make_engine(database: str, work: Work, concurrency: int) -> procrastinate.App:
    """Return the engine with its two tasks, for a worker that runs so many turns at once."""
    options = f"-c search_path={SCHEMA},public -c synchronous_commit=off"  # a job that is lost is handed out again
    connector = procrastinate.PsycopgConnector(
        conninfo=_address(database),
        min_size=1,
        max_size=concurrency + 2,
        timeout=PATIENCE,
        kwargs={"options": options, "connect_timeout": int(PATIENCE)},
    )
    engine = procrastinate.App(connector=connector, periodic_defaults={"max_delay": DISPATCH_EVERY})
    engine.job_manager = _Jobs(connector)

    @engine.task(name=_TURN, queue="turns")
    async def turn(account: str) -> None:
        await work.turn(account)

    @engine.periodic(cron=f"* * * * * */{DISPATCH_EVERY}")
    @engine.task(name=_DISPATCH, queue="turns", queueing_lock=_DISPATCH, priority=_URGENT)
    async def dispatch(timestamp: int) -> None:  # noqa: ARG001  # procrastinate's signature
        await _hand_out_again(engine)
        now = work.now()
        if now is not None:
            await hand_out(engine, now)

    return engine


async def run_engine(engine: procrastinate.App, concurrency: int) -> None:
    """Work until cancelled. It ends by itself when a connection of the engine's own is lost, and where a job's end could not be noted."""
    for name in ("procrastinate", "psycopg.pool"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # a line for each job, and a traceback for each restart of the server
    async with engine.open_async():
        working = asyncio.create_task(_run_worker(engine, concurrency))
        broken = asyncio.create_task(_broken(engine))
        try:
            await asyncio.wait((working, broken), return_when=asyncio.FIRST_COMPLETED)
        finally:
            broken.cancel()
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working


async def _broken(engine: procrastinate.App) -> None:
    """Wait until the worker has to be another one."""
    jobs = engine.job_manager
    assert isinstance(jobs, _Jobs)  # noqa: S101  # make_engine has seen to that
    await jobs.broken.wait()


async def _run_worker(engine: procrastinate.App, concurrency: int) -> None:
    await engine.run_worker_async(
        queues=["turns"],
        concurrency=concurrency,
        install_signal_handlers=False,
        delete_jobs="always",
        fetch_job_polling_interval=POLLING,
        abort_job_polling_interval=60.0,  # nobody asks for that
        shutdown_graceful_timeout=GRACE,
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=STALLED * 10,
    )


async def hand_out(engine: procrastinate.App, now: datetime, room: int = ROOM) -> int:
    """Queue a turn for every account that is due and has none, those first that are due for longest. Return how many.

    Of two that hand out at once the second does nothing.
    """
    due = (now - _EPOCH) // timedelta(microseconds=1)
    values: dict[str, Any] = {"class": ACCOUNTS + 1, "number": _DISPATCHING, "room": room, "now": due, "task": _TURN}
    rows = await engine.connector.execute_query_all_async(_HAND_OUT, **values)
    return int(rows[0]["count"]) if rows else 0


async def _hand_out_again(engine: procrastinate.App) -> None:
    """Queue the jobs of workers that gave no sign of life again. A job whose worker does live ends without effect (TurnLost)."""
    manager = engine.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
        with suppress(procrastinate.exceptions.ConnectorException):  # it has ended meanwhile
            if job.task_name == _TURN:
                await manager.retry_job(job)
            else:
                await manager.finish_job_by_id_async(job.id or 0, procrastinate.jobs.Status.FAILED, delete_job=True)


def _address(database: str) -> str:
    return make_url(database).set(drivername="postgresql").render_as_string(hide_password=False)
