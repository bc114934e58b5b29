"""A turn of one account in a team: it loads nothing of others, goes on from where the last one ended, and stops when it is overtaken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from office import DANA, KIM, Office
from servers.processes import Postgres
from sqlalchemy import event, text
from team_helpers import LEE, team_office
from week import at

from connectors.errors import ConnectorError
from daemon import cycle
from daemon.accounts.runtime import AccountRuntime
from daemon.app import App
from daemon.cycle import TurnResult
from daemon.errors import StoreError, TurnLost
from daemon.store.team import turn_rows
from daemon.store.team.turn_rows import TurnRow
from daemon.team.turns import LONGEST_WAIT, LOOK, give_up_turn, take_turn, wait_after

pytestmark = pytest.mark.server
POLL = timedelta(minutes=2)


@contextmanager
def workers_app(office: Office, most_open: int = 10) -> Iterator[App]:
    with App.open(office.config, {}, most_open=most_open) as app, app.store.share():
        app.begin(at(0, 7))
        app.store.register_turns(app.runtimes, at(0, 7))
        yield app


@pytest.fixture
def office(postgres: Postgres, tmp_path: Path) -> Office:
    return team_office(tmp_path, postgres.database("turns"))


def turned(app: App, minute: int, account: str = DANA) -> TurnRow:
    """Let an account take its turn at a minute after seven on Monday."""
    with app.runtimes.at_work(account) as runtime:
        assert runtime is not None
        return take_turn(runtime, POLL, at(0, 7, minute)).after


def statements(app: App, minute: int) -> list[str]:
    """What a turn asks of the database."""
    asked: list[str] = []

    def note(*values: object) -> None:
        asked.append(str(values[2]))

    event.listen(app.store._engine, "before_cursor_execute", note)
    turned(app, minute)
    event.remove(app.store._engine, "before_cursor_execute", note)
    return asked


def test_a_turn_at_which_nothing_is_new_asks_as_much_in_a_company_as_in_a_pair(postgres: Postgres, tmp_path: Path) -> None:
    asked = []
    for count in (2, 40):
        office = team_office(tmp_path / str(count), postgres.database(f"turns_{count}"))
        more = "".join(
            f"  - {{name: R{n}, addresses: [r{n}@northwind.example], time_zone: Europe/London}}\n" for n in range(2, count)
        )
        office.config.write_text(office.config.read_text().replace("clients:\n", f"{more}clients:\n"))
        with workers_app(office) as app:
            for minute in (0, 2):
                turned(app, minute)
            asked.append(statements(app, 4))
    assert asked[0] == asked[1]
    assert len(asked[0]) <= 20


def test_an_account_at_which_nothing_is_new_rests_at_whatever_worker_has_it_next(office: Office) -> None:
    office.mail(at(0, 6), KIM, DANA, "Can you send me the revised quote?")
    with workers_app(office) as app:
        for minute in (0, 2, 4):
            turned(app, minute)
        assert turned(app, 6).state is not None
    with workers_app(office) as app:  # another process, which has none of it in memory
        assert not any("messages.reading" in asked for asked in statements(app, 8))


def test_new_mail_ends_the_rest(office: Office) -> None:
    with workers_app(office) as app:
        for minute in (0, 2):
            turned(app, minute)
        office.mail(at(0, 7, 3), KIM, DANA, "Can you send me the revised quote?")
        turned(app, 4)
        assert len(app.open_obligations(at(0, 7, 4))) == 1


def test_the_sources_are_read_at_every_poll_and_only_then(office: Office) -> None:
    with workers_app(office) as app:
        first = turned(app, 0)
        assert first.read == at(0, 7)
        assert first.due <= at(0, 7) + POLL
        assert turned(app, 1).read == at(0, 7)
        assert turned(app, 2).read == at(0, 7, 2)


def test_mail_that_is_announced_during_a_turn_is_read_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with workers_app(office) as app:
        turned(app, 0)
        whole = cycle.turn

        def announced(runtime: AccountRuntime, now: datetime, limit: float, *, read: bool) -> TurnResult:
            result = whole(runtime, now, limit, read=read)
            app.store.wake(DANA, at(0, 7, 3))
            return result

        monkeypatch.setattr("daemon.team.turns.turn", announced)
        turned(app, 2)
        assert stored(app) == (at(0, 7, 3), None)
        monkeypatch.undo()
        assert turned(app, 4).read == at(0, 7, 4)
        assert stored(app)[1] == at(0, 7, 4)


def stored(app: App) -> tuple[datetime, datetime | None]:
    """When Dana is due next and when her sources were read, as the next worker finds it."""
    with app.store._read() as db:
        row = turn_rows.row_of(db, DANA)
    assert row is not None
    return row.due, row.read


def test_workers_that_read_a_new_configuration_at_once_agree_since_when_a_client_is_one(office: Office) -> None:
    now = office.config.read_text()
    office.config.write_text(now.replace("  - name: Acme Ltd\n", "  - name: Acme Ltd\n    stage: prospect\n"))
    with workers_app(office) as one, workers_app(office) as two:
        office.config.write_text(now)
        for app in (one, two):
            app.reload(None)
        for app in (one, two):
            app.begin(at(1, 7))
        won = [[client.won for client in app.office.clients if client.name == "Acme Ltd"] for app in (one, two)]
        assert won == [[at(1, 7)], [at(1, 7)]]
        assert one.runtimes[DANA].config.common.basis == two.runtimes[DANA].config.common.basis


def test_an_account_is_due_when_its_digest_is(office: Office) -> None:
    with workers_app(office) as app, app.runtimes.at_work(DANA) as runtime:
        assert runtime is not None
        for second in (0, 40, 80):
            row = take_turn(runtime, timedelta(hours=5), at(0, 7) - timedelta(minutes=70) + timedelta(seconds=second)).after
        assert row.state is not None
        assert row.due < at(0, 7) + timedelta(hours=1)


def test_an_account_whose_turn_fails_waits_ever_longer_and_the_others_go_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workers_app(office) as app:
        monkeypatch.setattr("daemon.team.turns.turn", lambda *_a, **_k: 1 / 0)
        waits = [turned(app, 10 * n).due - at(0, 7, 10 * n) for n in range(4)]
        assert waits == [LOOK, LOOK * 2, LOOK * 4, LOOK * 8]
        monkeypatch.undo()
        assert turned(app, 0, LEE).failures == 0
        assert turned(app, 50).failures == 0


@pytest.mark.parametrize(
    ("error", "first", "third"),
    [
        (ConnectorError("The password is wrong.", permanent=True), LONGEST_WAIT, LONGEST_WAIT),
        (ConnectorError("The server is busy."), LOOK, 4 * LOOK),
        (ConnectorError("The server is busy.", retry_after=timedelta(minutes=3)), timedelta(minutes=3), timedelta(minutes=3)),
        (StoreError("The database does not answer."), LOOK, 4 * LOOK),
    ],
)
def test_what_only_a_person_can_mend_waits_longest_and_what_passes_ever_longer(
    error: Exception, first: timedelta, third: timedelta
) -> None:
    assert (wait_after(error, 0), wait_after(error, 2)) == (first, third)
    assert wait_after(error, 1000) <= LONGEST_WAIT


def test_a_turn_says_how_long_after_it_was_due_it_began(office: Office) -> None:
    with workers_app(office) as app, app.runtimes.at_work(DANA) as runtime:
        assert runtime is not None
        assert take_turn(runtime, POLL, at(0, 7, 3)).lag == timedelta(minutes=3)


def test_only_so_many_accounts_are_kept_ready(office: Office) -> None:
    with workers_app(office, most_open=1) as app:
        turned(app, 0)
        turned(app, 0, LEE)
        assert [r.account.address for r in app.runtimes.opened] == [LEE]


def test_an_account_is_lent_to_one_thread_at_a_time(office: Office) -> None:
    with workers_app(office) as app, app.runtimes.at_work(DANA) as first, app.runtimes.at_work(DANA) as second:
        assert first is not None
        assert second is None


def test_a_turn_that_hangs_is_taken_from_its_thread_and_its_account_waits(office: Office) -> None:
    with workers_app(office) as app, app.runtimes.at_work(DANA) as runtime:
        assert runtime is not None
        with runtime.store.turn_lease(DANA, at(0, 7)):
            give_up_turn(app.store.of_account(DANA), DANA, at(0, 7, 10), 600)
            with pytest.raises(TurnLost):
                runtime.store.set_people_fingerprint(DANA, "too late")
        assert stored(app)[0] == at(0, 7, 10) + LONGEST_WAIT
        (said,) = app.store.turn_problems().values()
        assert said.startswith("the last turn hung: it did nothing for 10 minutes")
        assert take_turn(runtime, POLL, at(0, 7, 30)).after.problem is None
        assert app.store.turn_problems() == {}


def test_a_turn_that_another_worker_has_taken_over_is_known_from_ones_own_and_from_an_earlier_one(office: Office) -> None:
    with workers_app(office) as app:
        turned(app, 5)
        assert not app.store.was_taken_over(DANA, at(0, 7))
        with app.store._write() as db:
            db.execute(text("UPDATE leases SET holder = 'process 1 on another host'"))
        assert app.store.was_taken_over(DANA, at(0, 7))
        assert not app.store.was_taken_over(DANA, at(0, 7, 10))
        assert not app.store.was_taken_over(LEE, at(0, 7))
