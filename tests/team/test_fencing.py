"""Whoever was overtaken changes nothing and sends nothing: the turns of one account, the sends in them, a daemon beside workers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from outbox_server import NOW, Server, parcel, queue, states
from servers.processes import Postgres
from sqlalchemy import text
from store_facts import DANA, message, put, read, stored
from team_helpers import LEE
from week import at

from daemon import clock
from daemon.delivery import outbox
from daemon.delivery.outbox import ON_ITS_WAY_IN_TEAM, Outbox
from daemon.delivery.sent_log import SentLog
from daemon.errors import LeaseLost, StoreError, TurnLost
from daemon.glossary.actions import Delivery
from daemon.store import Store

pytestmark = pytest.mark.server


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


@pytest.fixture
def sent_log(tmp_path: Path) -> SentLog:
    return SentLog(tmp_path / "sent_log")


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.database("fencing")


@pytest.fixture
def first(url: str) -> Iterator[Store]:
    """The store of one worker, which does Dana's turn."""
    yield from _worker(url)


@pytest.fixture
def second(url: str) -> Iterator[Store]:
    """That of another worker."""
    yield from _worker(url)


def _worker(url: str) -> Iterator[Store]:
    store = Store.open(url)
    with store.share():
        yield store.of_account(DANA)
    store.close()


def test_a_turn_that_was_overtaken_changes_nothing_and_claims_nothing(first: Store, second: Store) -> None:
    queue(first, parcel("p"))
    with first.turn_lease(DANA, at(0)):
        with second.turn_lease(DANA, at(0)):
            pass
        for write in (
            lambda: put(first, read(message("a"))),
            lambda: first.claim("p", at(0)),
            first.confirm_leases,
            first.confirm_lock,
        ):
            with pytest.raises(TurnLost, match=r"another Kept \(process .*\) has taken over"):
                write()
    assert stored(second) == []
    assert states(second) == {"p": Delivery.WAITING}


def test_each_turn_has_a_number_of_its_own(first: Store, second: Store) -> None:
    numbers = []
    for store in (first, second, first):
        with store.turn_lease(DANA, at(0)) as (number, _):
            numbers.append(number)
    assert numbers == [1, 2, 3]


def test_accounts_do_not_wait_for_each_other_and_an_account_does_for_itself(first: Store, url: str) -> None:
    other = Store.open(url)
    put_lee = threading.Thread(target=lambda: other.of_account(LEE).set_people_fingerprint(LEE, "x"))
    put_dana = threading.Thread(target=lambda: other.of_account(DANA).set_people_fingerprint(DANA, "x"))
    with first._write():
        put_lee.start()
        put_dana.start()
        put_lee.join(10)
        assert not put_lee.is_alive()
        put_dana.join(0.3)
        assert put_dana.is_alive()
    put_dana.join(10)
    assert other.people_fingerprint(DANA) == "x"
    other.close()


def test_what_is_written_for_all_waits_for_every_account(first: Store, url: str) -> None:
    other = Store.open(url)
    for_all = threading.Thread(target=lambda: other.set_meta("a", "b"))
    with first._write():
        for_all.start()
        for_all.join(0.3)
        assert for_all.is_alive()
    for_all.join(10)
    assert other.meta("a") == "b"
    other.close()


def test_a_daemon_refuses_beside_workers_and_workers_beside_a_daemon(url: str) -> None:
    worker, daemon = Store.open(url), Store.open(url)
    with worker.share(), pytest.raises(StoreError, match=r"Workers .* are at work"), daemon.lock():
        pass
    with daemon.lock(), pytest.raises(StoreError, match="workers cannot work beside it"), worker.share():
        pass
    worker.close()
    daemon.close()


def test_workers_that_lost_their_lock_to_a_daemon_are_out(url: str, first: Store) -> None:
    administrator, daemon = Store.open(url), Store.open(url)
    with first.turn_lease(DANA, at(0)):
        with administrator._engine.connect() as db:
            db.execute(
                text(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
                )
            )
        with daemon.lock():
            pass
        with pytest.raises(LeaseLost):
            put(first, read(message("a")))
    administrator.close()
    daemon.close()


def overtaken_after_the_claim(store: Store, other: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have another worker take the account over right after the next claim."""
    claim = store.claim

    def claim_and_be_overtaken(key: str, now: object) -> bool:
        claimed = claim(key, now)  # type: ignore[arg-type]
        with other.turn_lease(DANA, NOW):
            return claimed

    monkeypatch.setattr(store, "claim", claim_and_be_overtaken)


def test_who_is_overtaken_between_claim_and_send_sends_nothing(
    first: Store, second: Store, sent_log: SentLog, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(first, parcel("p"))
    overtaken_after_the_claim(first, second, monkeypatch)
    with first.turn_lease(DANA, NOW), pytest.raises(TurnLost):
        Outbox(DANA, first, sent_log, server).deliver(NOW)
    assert server.taken() == []
    assert states(second) == {"p": Delivery.SENDING}


def test_whoever_took_over_sends_again_only_once_the_first_can_no_longer_be_sending(
    first: Store, second: Store, sent_log: SentLog, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_who_is_overtaken_between_claim_and_send_sends_nothing(first, second, sent_log, server, monkeypatch)
    box = Outbox(DANA, second, sent_log, server, on_its_way=ON_ITS_WAY_IN_TEAM)
    for minutes in (1, 10, 14):
        box.resolve_unsure(NOW + timedelta(minutes=minutes))
        box.deliver(NOW + timedelta(minutes=minutes))
        assert states(second) == {"p": Delivery.UNKNOWN}
    later = NOW + timedelta(minutes=30)
    box.resolve_unsure(later)
    box.deliver(later)
    assert server.taken() == ["<p@x>"]


def test_a_process_that_stood_still_since_its_claim_sends_nothing_and_the_parcel_waits(
    first: Store, sent_log: SentLog, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(first, parcel("p"))
    moments = iter((0.0, outbox.SEND_WITHIN + 1))
    monkeypatch.setattr(clock, "since_boot", lambda: next(moments))
    with first.turn_lease(DANA, NOW):
        Outbox(DANA, first, sent_log, server).deliver(NOW)
    assert server.taken() == []
    assert states(first) == {"p": Delivery.WAITING}


def stand_still(store: Store, meanwhile: Callable[[], None]) -> None:
    """Do nothing in the middle of a transaction for longer than the server waits."""
    with store._write() as db:
        threading.Event().wait(2)
        meanwhile()
        db.execute(text("SELECT 1"))


def test_a_process_that_stands_still_in_a_transaction_is_cut_off_and_in_nobodys_way(
    url: str, first: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daemon.store.engine.STANDSTILL", 0.5)
    still = Store.open(url)
    with pytest.raises(StoreError):
        stand_still(still.of_account(DANA), lambda: first.set_people_fingerprint(DANA, "x"))
    assert first.people_fingerprint(DANA) == "x"
    still.close()
