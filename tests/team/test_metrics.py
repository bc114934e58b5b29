"""What a worker tells of itself over HTTP: figures without anybody's name, and whether it is well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.ports import free_port
from store_facts import DANA, parcel
from team_helpers import ask
from week import at

from daemon.store import Store
from daemon.team import metrics as m


class Seconds:
    """Seconds since the boot, moved by hand."""

    def __init__(self) -> None:
        self.value = 1000.0

    def __call__(self) -> float:
        return self.value


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def figures(store: Store, seconds: Seconds) -> m.Metrics:
    return m.Metrics(store, lambda: at(0, 10), seconds)


@pytest.fixture
def port(figures: m.Metrics) -> Iterator[int]:
    with m.served(figures, "127.0.0.1", free_port()) as taken:
        assert taken is not None
        yield taken


def test_turns_are_counted_by_how_they_ended(figures: m.Metrics, port: int) -> None:
    figures.turn_ended("done", 0.2, 1.0)
    figures.turn_ended("lost", 0.2, 1.0)
    _, text = ask(port, "/metrics")
    assert 'kept_turns_total{result="done"} 1.0' in text
    assert 'kept_turns_total{result="lost"} 1.0' in text


def test_the_lag_of_a_turn_that_was_lost_is_not_known(figures: m.Metrics, port: int) -> None:
    figures.turn_ended("lost", 0.2, None)
    assert "kept_turn_lag_seconds_count 0.0" in ask(port, "/metrics")[1]


def test_the_lag_of_a_turn_that_came_early_is_none(figures: m.Metrics, port: int) -> None:
    figures.turn_ended("done", 0.2, -0.5)
    assert "kept_turn_lag_seconds_sum 0.0" in ask(port, "/metrics")[1]


def test_accounts_that_are_due_are_counted_with_the_longest_wait(store: Store, port: int) -> None:
    store.register_turns((DANA, "lee@northwind.example"), at(0, 9, 58))
    _, text = ask(port, "/metrics")
    assert "kept_accounts 2.0" in text
    assert "kept_accounts_due 2.0" in text
    assert "kept_oldest_due_seconds 120.0" in text


def test_what_is_on_its_way_is_counted_by_state(store: Store, port: int) -> None:
    store.queue((parcel("p"),), at(0))
    assert 'kept_parcels{delivery="waiting"} 1.0' in ask(port, "/metrics")[1]


def test_no_figure_names_anybody(store: Store, port: int) -> None:
    store.register_turns((DANA,), at(0, 9))
    store.queue((parcel("p"),), at(0))
    assert "@" not in ask(port, "/metrics")[1]


def test_a_database_that_is_away_is_a_figure_and_no_failure(port: int, tmp_path: Path) -> None:
    for file in tmp_path.glob("kept.db*"):
        file.unlink()
    status, text = ask(port, "/metrics")
    assert status == 200
    assert "kept_database_up 0.0" in text


def test_a_worker_is_well_as_long_as_it_is_overseen(figures: m.Metrics, seconds: Seconds, port: int) -> None:
    figures.sign()
    assert ask(port, "/health") == (200, "well\n")
    seconds.value += m.DEAF_AFTER + 1
    assert ask(port, "/health") == (503, "no sign of life for 31 seconds\n")


def test_a_worker_says_what_is_wrong_with_it(figures: m.Metrics, port: int) -> None:
    figures.sign("the database does not answer")
    assert ask(port, "/health") == (503, "the database does not answer\n")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("POST", "/health"), ("GET", "/metrics/../status.json"), ("PUT", "/metrics")]
)
def test_nothing_else_is_there(port: int, method: str, path: str) -> None:
    assert ask(port, path, method)[0] == 404


def test_a_second_worker_on_the_machine_takes_the_next_port(figures: m.Metrics, port: int) -> None:
    with m.served(figures, "127.0.0.1", port) as second:
        assert second is not None
        assert port < second < port + m.PORTS
        assert ask(second, "/health")[0] == 200


def test_without_a_port_the_worker_goes_on(figures: m.Metrics) -> None:
    with m.served(figures, "192.0.2.1", 9464) as taken:
        assert taken is None


def test_what_is_wrong_beside_the_turns_is_told_and_the_worker_is_well(figures: m.Metrics, port: int) -> None:
    figures.sign(None, "the dashboard is not there")
    assert ask(port, "/health") == (200, "well, but the dashboard is not there\n")
