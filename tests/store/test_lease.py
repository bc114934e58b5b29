"""Whoever was overtaken changes nothing any more, however it lost its lock; and a lock that nobody took is taken again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.processes import Postgres
from sqlalchemy import text
from store_facts import DANA, MAIL, message, parcel, put, read, stored
from week import at

from daemon.errors import LeaseLost, StoreError
from daemon.glossary.actions import Delivery
from daemon.store import Store

pytest_plugins = ("store_places",)

LOCK_SESSIONS = """SELECT pg_terminate_backend(pid, 10000) FROM pg_locks JOIN pg_database ON oid = database
    WHERE locktype = 'advisory' AND datname = current_database() AND pid <> pg_backend_pid()"""


@pytest.fixture
def other(store: Store, where: Path | str) -> Iterator[Store]:
    """A second host on the same database, or a second process on the same state."""
    assert store.meta("a") is None
    opened = Store.open(where)
    yield opened
    opened.close()


def lose_lock(store: Store) -> None:
    """What an administrator, a restart of the server or a cleaning script does to the lock."""
    if store._file is None:
        with store._engine.connect() as db:
            db.execute(text(LOCK_SESSIONS))
    else:
        (store.folder / "lock").unlink()


def test_a_lock_that_was_lost_and_that_nobody_took_is_taken_again(store: Store, other: Store) -> None:
    with store.lock():
        lose_lock(store)
        store.confirm_lock()
        store.set_meta("a", "b")
        with pytest.raises(StoreError, match="already running"), other.lock():
            pass


def test_who_lost_the_lock_to_another_changes_nothing_and_claims_nothing(store: Store, other: Store) -> None:
    store.queue((parcel("p"),), at(0))
    with store.lock():
        lose_lock(store)
        with other.lock():
            for write in (
                lambda: put(store, read(message("a"))),
                lambda: store.claim("p", at(0)),
                lambda: store.set_meta("a", "b"),
                store.confirm_lock,
            ):
                with pytest.raises(LeaseLost, match=r"another Kept \(.*process.*\) has taken over. This one stops"):
                    write()
            assert stored(store) == []
            assert other.claim("p", at(0))


def test_who_lost_the_lock_to_one_that_has_gone_again_is_out_all_the_same(store: Store, other: Store) -> None:
    with store.lock():
        lose_lock(store)
        with other.lock():
            put(other, read(message("a")))
        with pytest.raises(LeaseLost):
            store.confirm_lock()


def test_what_has_left_is_recorded_even_by_one_that_was_overtaken(store: Store, other: Store) -> None:
    store.queue((parcel("p"),), at(0))
    with store.lock():
        assert store.claim("p", at(0))
        lose_lock(store)
        with other.lock():
            other.set_delivery("p", Delivery.WAITING, at(1))  # not at the server yet
            store.set_delivery("p", Delivery.SENT, at(1))
            assert not other.claim("p", at(0))
        with pytest.raises(LeaseLost):
            store.set_delivery("p", Delivery.WAITING, at(1))


def test_commands_beside_the_daemon_write_as_ever(store: Store, other: Store) -> None:
    with store.lock():
        other.set_meta("a", "b")
        store.confirm_lock()
        store.set_meta("a", "c")


def test_a_lock_that_ended_and_is_taken_again_is_another_lease(store: Store) -> None:
    for _ in range(2):
        with store.lock():
            store.set_meta("a", "b")
    store.confirm_lock()  # without a lock there is nothing to confirm


@pytest.mark.server
def test_a_refused_second_host_is_told_which_process_has_the_lock(postgres: Postgres) -> None:
    url = postgres.database("store_holder")
    first, second = Store.open(url), Store.open(url)
    with first.lock():
        with first._write() as db:
            db.execute(text("UPDATE leases SET holder = 'process 7 on mars'"))
        with pytest.raises(StoreError, match=r"Another Kept \(process 7 on mars\) is already running"), second.lock():
            pass
    first.close()
    second.close()


@pytest.mark.server
def test_connections_that_the_server_dropped_heal_by_themselves(postgres: Postgres) -> None:
    url = postgres.database("store_dropped")
    store, administrator = Store.open(url), Store.open(url)
    put(store, read(message("a")))
    with administrator._engine.connect() as db:
        db.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'store_dropped' AND pid <> pg_backend_pid()"
            )
        )
    assert stored(store) == ["a"]
    put(store, read(message("b")), cursor="2")
    assert store.cursor(DANA, MAIL) == "2"
    store.close()
    administrator.close()


def test_a_database_that_was_replaced_ends_the_daemon_and_nothing_is_written_into_the_lost_file(state: Store) -> None:
    state.set_meta("a", "old")
    state._engine.dispose()  # as a backup is made: with everything in the file
    shutil.copy(state.folder / "kept.db", state.folder / "backup")
    with state.lock():
        (state.folder / "backup").replace(state.folder / "kept.db")
        with pytest.raises(LeaseLost, match="another copy of the database was put in its place"):
            state.set_meta("a", "new")
        with pytest.raises(LeaseLost):
            state.set_meta("a", "new")
    newcomer = Store.open(state.folder)
    with newcomer.lock():
        assert newcomer.meta("a") == "old"
        newcomer.set_meta("a", "new")
    newcomer.close()


def test_a_database_that_is_gone_is_said_with_what_to_do(state: Store) -> None:
    state.set_meta("a", "b")
    (state.folder / "kept.db").rename(state.folder / "elsewhere")
    with pytest.raises(StoreError, match=r"the database is gone. Nothing was sent. Put it back, or start Kept again"):
        state.set_meta("a", "c")
    (state.folder / "elsewhere").rename(state.folder / "kept.db")
    state.set_meta("a", "c")
