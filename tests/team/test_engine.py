"""The engine's jobs: those of a worker that is gone are handed out again, whatever becomes of one of them meanwhile."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from office import DANA
from procrastinate.jobs import Job
from servers.processes import Postgres
from team_helpers import nobody_let_in, value

from daemon.team import engine

pytestmark = pytest.mark.server


def test_a_job_that_ends_meanwhile_keeps_no_other_from_being_handed_out_again(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.database("engine")
    engine.prepare(url)
    handed_out = asyncio.run(_hand_out_again(url, monkeypatch))
    assert handed_out == ["second@northwind.example"]


async def _hand_out_again(url: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two jobs of a worker that is gone, of which the first ends when it is about to be handed out again; what waits then."""
    app = engine.make_engine(url, engine.Work(_nothing, lambda: datetime(2026, 3, 2, tzinfo=UTC)), 1)
    stalled = app.job_manager.get_stalled_jobs

    async def with_one_that_ends(**values: float) -> Iterable[Job]:
        jobs = sorted(await stalled(seconds_since_heartbeat=values["seconds_since_heartbeat"]), key=lambda job: job.id or 0)
        await app.connector.execute_query_async("DELETE FROM procrastinate_jobs WHERE id = %(job)s", job=jobs[0].id)
        return jobs

    async with app.open_async():
        for name in ("first", "second"):
            account = f"{name}@northwind.example"
            await app.configure_task("turn", queue="turns", lock=account, queueing_lock=account).defer_async(account=account)
        await app.connector.execute_query_async("UPDATE procrastinate_jobs SET status = 'doing'")
        monkeypatch.setattr(app.job_manager, "get_stalled_jobs", with_one_that_ends)
        await engine._hand_out_again(app)
        rows = await app.connector.execute_query_all_async("SELECT lock FROM procrastinate_jobs WHERE status = 'todo'")
    return [row["lock"] for row in rows]


async def _nothing(account: str) -> None:
    """Take no turn."""


def test_a_job_whose_end_cannot_be_noted_because_the_server_is_away_ends_the_engine_without_a_stray_error(
    postgres: Postgres,
) -> None:
    url, strays = postgres.database("away"), list[object]()
    engine.prepare(url)
    asyncio.run(asyncio.wait_for(_server_away_during_a_turn(url, strays), 60))
    gc.collect()
    assert strays == []
    assert value(url, "SELECT count(*) FROM kept_engine.procrastinate_jobs WHERE status = 'doing'") == 1


async def _server_away_during_a_turn(url: str, strays: list[object]) -> None:
    """Run the engine until it ends because the server let nobody in when a turn came to its end; note what nobody asked for."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: strays.append(context))
    begun, away = asyncio.Event(), asyncio.Event()

    async def turn(_account: str) -> None:
        begun.set()
        await away.wait()

    app = engine.make_engine(url, engine.Work(turn, lambda: None), 1)
    running = asyncio.create_task(engine.run_engine(app, 1))
    other = engine.make_engine(url, engine.Work(_nothing, lambda: None), 1)
    async with other.open_async():
        await other.configure_task("turn", queue="turns", lock=DANA, queueing_lock=DANA).defer_async(account=DANA)
        await begun.wait()
    with nobody_let_in(url):
        away.set()
        await asyncio.wait((running,))
    running.exception()
