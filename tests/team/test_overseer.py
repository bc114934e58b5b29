"""What a worker does beside its turns: it gives signs of life and goes by a new configuration, whatever a turn or the database does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from office import DANA, Office
from servers.processes import Postgres
from sqlalchemy import insert, select
from team_helpers import team_office

from connectors.base import Mailbox
from connectors.local.maildir import Maildir
from daemon import clock
from daemon.errors import StoreError, TurnLost
from daemon.operations.status import read
from daemon.service.beside import Nothing
from daemon.store import schema
from daemon.team import worker as process
from daemon.team.worker import Worker

pytestmark = pytest.mark.server
SPAN = 2.0  # seconds for which a worker is looked at


@pytest.fixture
def office(postgres: Postgres, tmp_path: Path) -> Office:
    return team_office(tmp_path, postgres.database("overseer"))


@pytest.fixture
def at_work(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    """A worker that hands out no turns and is overseen ten times as often as usual; the tests take part in its loop."""
    monkeypatch.setattr(process, "OVERSEEN_EVERY", 0.4)
    with opened(office) as worker:
        yield worker


@contextmanager
def opened(office: Office) -> Iterator[Worker]:
    worker = Worker(office.config, {}, 1, Nothing())
    with worker._app.store.share():
        worker._begin()
        yield worker
    worker._app.close()
    worker._folder.release()


def seen(worker: Worker, *, inside: bool = False) -> None:
    """Let a worker do what it does beside its turns for a while, of which one may last as long."""

    async def look() -> None:
        if inside:
            await worker._gate.enter()
        beside = [asyncio.create_task(worker._oversee()), asyncio.create_task(worker._renew())]
        await asyncio.sleep(SPAN)
        for task in beside:
            task.cancel()

    asyncio.run(look())


def counted(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, then: Callable[..., object]) -> list[str]:
    """The calls of a method, which does something else from now on."""
    calls: list[str] = []

    def called(*values: object) -> object:
        calls.append(name)
        return then(*values)

    monkeypatch.setattr(owner, name, called)
    return calls


def away(*_values: object) -> None:
    raise StoreError("The database does not answer.")


def test_a_configuration_is_asked_for_now_and_then_while_the_database_is_away(
    at_work: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = counted(monkeypatch, at_work._app, "reload", away)
    at_work._reload.set()
    seen(at_work)
    assert 1 < len(asked) <= 6


def test_a_configuration_is_read_once_the_database_is_back(at_work: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = at_work._app.begin
    calls = counted(monkeypatch, at_work._app, "begin", lambda now: away() if not calls[1:] else begin(now))
    at_work._begun = -1
    at_work._reload.set()
    seen(at_work)
    assert len(calls) == 2
    assert at_work._begun == at_work._guard.trusted
    assert not at_work._reload.is_set()


def test_a_new_configuration_waits_for_no_turn_and_whoever_is_at_work_keeps_the_old_one_and_its_sessions(at_work: Worker) -> None:
    closed: list[str] = []
    with at_work._app.runtimes.at_work(DANA) as slow:
        assert slow is not None
        slow.sources.mailboxes = {"mail": noting(closed)}
        at_work._reload.set()
        seen(at_work, inside=True)
        assert at_work._app.generation == 1
        with at_work._app.runtimes.at_work(DANA) as new:
            assert new is not None
            assert new is not slow
        assert closed == []
    assert closed == ["closed"]


def noting(closed: list[str]) -> Mailbox:
    """A mailbox that only notes that it was closed."""

    class Noting(Maildir):
        def close(self) -> None:
            closed.append("closed")

    return Noting(Path("nowhere"))


def test_a_worker_gives_signs_of_life_while_a_new_time_waits_for_a_slow_turn(
    at_work: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    signs = counted(monkeypatch, at_work._notifier, "alive", lambda: None)
    at_work._begun = 0
    seen(at_work, inside=True)
    assert len(signs) >= 2


def test_an_account_whose_turn_was_lost_is_put_away_before_another_thread_can_have_it(
    at_work: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    lent = []
    put_away = at_work._app.runtimes.put_away

    def noted(account: str) -> None:
        with at_work._app.runtimes.at_work(account) as other:
            lent.append(other is None)
        put_away(account)

    def lost(*_values: object) -> None:
        raise TurnLost("Another worker has taken over.")

    monkeypatch.setattr(process, "take_turn", lost)
    monkeypatch.setattr(at_work._app.runtimes, "put_away", noted)
    at_work._turn_account(DANA, lambda: None)
    assert lent == [True]


def test_what_is_wrong_beside_the_turns_is_in_the_status_of_every_machine_until_it_is_mended(
    at_work: Worker, office: Office
) -> None:
    class Dashboard(Nothing):
        problem: str | None = "the dashboard is not there. Another program uses 127.0.0.1:8420."

    at_work._beside = beside = Dashboard()
    seen(at_work)
    assert "    the dashboard is not there. Another program" in read(office.config, clock.now()).text()
    beside.problem = None
    seen(at_work)
    assert "dashboard" not in read(office.config, clock.now()).text()


def test_a_configuration_that_is_not_gone_by_is_in_the_status(at_work: Worker, office: Office) -> None:
    good = office.config.read_text()
    office.config.write_text(good.replace("clients:", "cleints:"))
    at_work._reload.set()
    seen(at_work)
    office.config.write_text(good)
    assert "the new configuration is not valid" in read(office.config, clock.now()).text()
    at_work._reload.set()
    seen(at_work)
    assert "not valid" not in read(office.config, clock.now()).text()


def test_what_was_wrong_with_a_worker_that_is_gone_is_forgotten(at_work: Worker) -> None:
    store = at_work._app.store
    with store._write() as db:
        db.execute(insert(schema.worker_problems).values(process="process 1 on elsewhere", problem="the dashboard is not there"))
    store.note_worker_problem("the clock is wrong")
    with store._read() as db:
        assert [row.problem for row in db.execute(select(schema.worker_problems))] == ["the clock is wrong"]
