"""The outbox: at most once to anybody, and never silence either."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from outbox_server import INVITE, MAIL, NOW, Server, deliver, parcel, queue, states
from store_facts import DANA, KIM

from connectors.calendar import Attendee
from connectors.errors import ConnectorError
from connectors.mail import Address, Receipt
from daemon.delivery.outbox import Outcome
from daemon.delivery.parcel_json import draft_body, draft_of, invite_body, invite_of
from daemon.delivery.sent_log import SentLog
from daemon.errors import StoreError
from daemon.glossary.actions import ActionKind, Channel, Delivery, Mention, Parcel
from daemon.glossary.decisions import Decision, Verb
from daemon.store import Store

pytest_plugins = ("store_places", "outbox_places")


# --- delivering ---


@pytest.mark.parametrize("channel", Channel)
def test_what_waits_is_sent_once_with_its_receipt_and_recorded(
    store: Store, sent_log: SentLog, server: Server, channel: Channel
) -> None:
    queue(store, parcel("a", channel))
    assert deliver(store, sent_log, server, NOW) == (Outcome("a", Delivery.SENT),)
    assert deliver(store, sent_log, server, NOW) == ()
    assert server.taken() == ["<a@x>"]
    (sent,) = store.parcels(DANA, Delivery.SENT)
    assert (sent.receipt, sent.sent, sent.attempts, sent.error) == ("taken <a@x>", NOW, 1, None)
    marks = {Channel.CALENDAR: "#0", Channel.REMOVAL: "#removed"}
    assert sent_log.contains(f"<a@x>{marks.get(channel, '')}")


def test_a_key_that_is_there_already_is_left_alone(store: Store, sent_log: SentLog, server: Server) -> None:
    queue(store, parcel("a"))
    queue(store, parcel("a", reference="<another@x>"), parcel("b"))
    deliver(store, sent_log, server, NOW)
    queue(store, parcel("a"))
    deliver(store, sent_log, server, NOW)
    assert server.taken() == ["<a@x>", "<b@x>"]


def test_parcels_and_what_they_say_are_queued_together_or_not_at_all(store: Store) -> None:
    with pytest.raises(StoreError):
        store.queue((parcel("a"),), NOW, {Mention("reply:1", None): "Acme Ltd"})  # type: ignore[arg-type]  # the database refuses it
    assert store.parcels(DANA) == ()
    assert store.mentions_of_parcel("a") == ()


def test_nothing_is_sent_before_its_time(store: Store, sent_log: SentLog, server: Server) -> None:
    queue(store, parcel("a", not_before=NOW + timedelta(minutes=1)))
    assert deliver(store, sent_log, server, NOW) == ()
    deliver(store, sent_log, server, NOW + timedelta(minutes=1))
    assert server.taken() == ["<a@x>"]


def test_a_letter_that_was_sent_keeps_no_words_and_an_invite_stays_to_be_moved(
    store: Store, sent_log: SentLog, server: Server
) -> None:
    queue(store, parcel("a"), parcel("b", Channel.DRAFT), parcel("c", Channel.CALENDAR))
    deliver(store, sent_log, server, NOW)
    assert {p.key: p.body for p in store.parcels(DANA)} == {"a": "", "b": "", "c": invite_body(INVITE)}


# --- vetoes ---


@pytest.mark.parametrize("target", ["review:acme:mail", "review:acme"])
def test_what_was_vetoed_never_leaves(store: Store, sent_log: SentLog, server: Server, target: str) -> None:
    queue(store, parcel("review:acme:mail", booking="review:acme"))
    store.add_decision(DANA, Decision(target, Verb.VETO, NOW, DANA))
    assert deliver(store, sent_log, server, NOW) == (Outcome("review:acme:mail", Delivery.VETOED),)
    store.add_decision(DANA, Decision(target, Verb.UNDO, NOW, DANA))
    assert deliver(store, sent_log, server, NOW) == (), "too late: a new plan has to make a new one"
    assert server.attempts == 0


def test_a_veto_works_until_the_moment_of_sending(store: Store, sent_log: SentLog, server: Server) -> None:
    queue(store, parcel("a"), parcel("b"))

    class Impatient(Server):
        def send(self, parcel: Parcel) -> Receipt:
            store.add_decision(DANA, Decision("b", Verb.VETO, NOW, DANA))
            return super().send(parcel)

    deliver(store, sent_log, Impatient(server.folder), NOW)
    assert states(store) == {"a": Delivery.SENT, "b": Delivery.VETOED}


def test_a_veto_that_was_taken_back_in_time_stops_nothing(store: Store, sent_log: SentLog, server: Server) -> None:
    queue(store, parcel("a"))
    store.add_decision(DANA, Decision("a", Verb.VETO, NOW, DANA))
    store.add_decision(DANA, Decision("a", Verb.UNDO, NOW + timedelta(seconds=1), DANA))
    deliver(store, sent_log, server, NOW)
    assert server.taken() == ["<a@x>"]


# --- failures ---


def test_what_failed_for_now_waits_longer_each_time_and_an_hour_at_most(store: Store, sent_log: SentLog, server: Server) -> None:
    queue(store, parcel("a"))
    server.fails = [ConnectorError("the server is busy") for _ in range(9)]
    now, waits = NOW, []
    for _ in range(9):
        assert deliver(store, sent_log, server, now)[0] == Outcome("a", Delivery.WAITING, "the server is busy")
        (waiting,) = store.parcels(DANA, Delivery.WAITING)
        waits.append((waiting.not_before - now) // timedelta(minutes=1))
        assert deliver(store, sent_log, server, waiting.not_before - timedelta(seconds=1)) == ()
        now = waiting.not_before
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert server.attempts == 9
    deliver(store, sent_log, server, now)
    assert server.taken() == ["<a@x>"]


def test_the_servers_own_hint_says_when_to_come_again(store: Store, sent_log: SentLog, server: Server) -> None:
    queue(store, parcel("a"))
    server.fails = [ConnectorError("too many", retry_after=timedelta(hours=3))]
    deliver(store, sent_log, server, NOW)
    assert store.parcels(DANA)[0].not_before == NOW + timedelta(hours=3)


def test_what_was_refused_for_good_is_not_tried_again_and_says_why(store: Store, sent_log: SentLog, server: Server) -> None:
    queue(store, parcel("a"), parcel("b"))
    server.fails = [ConnectorError("the password is wrong", permanent=True)]
    outcomes = deliver(store, sent_log, server, NOW)
    assert outcomes == (Outcome("a", Delivery.REFUSED, "the password is wrong"), Outcome("b", Delivery.SENT))
    assert deliver(store, sent_log, server, NOW + timedelta(days=1)) == ()
    assert store.parcels(DANA, Delivery.REFUSED)[0].error == "the password is wrong"


def test_a_fault_in_a_connector_stops_no_other_parcel_and_is_never_taken_for_not_sent(
    store: Store, sent_log: SentLog, server: Server
) -> None:
    queue(store, parcel("a"), parcel("b"))
    server.fails = [ZeroDivisionError("a fault of ours")]
    deliver(store, sent_log, server, NOW)
    assert states(store) == {"a": Delivery.UNKNOWN, "b": Delivery.SENT}


def test_a_meeting_whose_time_has_passed_is_not_booked(store: Store, sent_log: SentLog, server: Server) -> None:
    queue(store, parcel("a", Channel.CALENDAR, ActionKind.REVIEW))
    assert deliver(store, sent_log, server, INVITE.start)[0].delivery is Delivery.REFUSED
    assert server.attempts == 0


def test_a_draft_that_a_restored_database_does_not_know_of_is_found_and_not_saved_again(
    store: Store, sent_log: SentLog, server: Server
) -> None:
    (server.folder / "taken").write_text("<a@x>\n")
    queue(store, parcel("a", Channel.DRAFT))
    assert deliver(store, sent_log, server, NOW) == (Outcome("a", Delivery.SENT),)
    assert (server.attempts, sent_log.contains("<a@x>")) == (0, True)


# --- more than one, and a disk that is full ---


def test_two_that_deliver_at_once_send_each_parcel_once(where: Path | str, tmp_path: Path) -> None:
    first = Store.open(where)
    queue(first, *(parcel(f"p{n:02}") for n in range(20)))
    stores = [first, Store.open(where)]
    threads = [
        threading.Thread(target=deliver, args=(store, SentLog(tmp_path / "sent_log"), Server(tmp_path), NOW)) for store in stores
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Server(tmp_path).taken()) == [f"<p{n:02}@x>" for n in range(20)]
    for store in stores:
        store.close()


def test_where_a_send_could_not_be_recorded_nothing_is_sent(
    store: Store, sent_log: SentLog, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(store, parcel("a"))

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(SentLog, "_open", full)
        with pytest.raises(StoreError, match="Nothing was sent"):
            deliver(store, sent_log, server, NOW)
    assert (server.attempts, states(store)) == (0, {"a": Delivery.WAITING})
    deliver(store, sent_log, server, NOW)
    assert server.taken() == ["<a@x>"]


def test_where_the_store_cannot_take_the_claim_nothing_is_sent(tmp_path: Path, sent_log: SentLog, server: Server) -> None:
    store = Store.open(tmp_path / "state")
    queue(store, parcel("a"))
    with store._read() as db:
        db.exec_driver_sql("CREATE TRIGGER full BEFORE UPDATE ON parcels BEGIN SELECT RAISE(ABORT, 'no room'); END")
        db.commit()
    with pytest.raises(StoreError, match="no room"):
        deliver(store, sent_log, server, NOW)
    assert server.attempts == 0
    with store._read() as db:
        db.exec_driver_sql("DROP TRIGGER full")
        db.commit()
    deliver(store, sent_log, server, NOW)
    assert server.taken() == ["<a@x>"]
    store.close()


def test_a_send_that_could_not_be_recorded_is_known_to_the_store_and_stops_the_next(
    store: Store, sent_log: SentLog, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(store, parcel("a"), parcel("b"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(SentLog, "_append", full)
        with pytest.raises(StoreError, match=r"<a@x> was sent, but could not be recorded \(No space left on device\)"):
            deliver(store, sent_log, server, NOW)
    assert states(store) == {"a": Delivery.SENT, "b": Delivery.WAITING}
    deliver(store, sent_log, server, NOW)
    assert server.taken() == ["<a@x>", "<b@x>"]


def test_what_is_final_stays_so(store: Store) -> None:
    queue(store, parcel("a"))
    store.claim("a", NOW)
    store.set_delivery("a", Delivery.SENT, NOW, receipt="r")
    store.set_delivery("a", Delivery.WAITING, NOW)
    assert not store.claim("a", NOW)
    assert states(store) == {"a": Delivery.SENT}


# --- letters as text ---


def test_a_letter_comes_back_from_its_body_as_it_was() -> None:
    whole = replace(
        MAIL, cc=(Address(KIM, "Kim “K”"),), html="<p>ü</p>", in_reply_to="<a@x>", references=("<a@x>", "<b@x>"),
        headers={"Auto-Submitted": "auto-generated"}, calendar="BEGIN:VCALENDAR", method="REQUEST", attachments=(("a.png", "image/png", bytes(range(256))),),
    )  # fmt: skip
    assert draft_of(replace(parcel(), body=draft_body(whole))) == whole


def test_an_invite_comes_back_from_its_body_as_it_was() -> None:
    whole = replace(
        INVITE,
        attendees=(Attendee(KIM, "Kim", "accepted"),),
        location="Oslo ☂",
        sequence=3,
        cancelled=True,
        headers={"X-Kept-Id": "1"},
        time_zone="Europe/Oslo",
    )
    assert invite_of(replace(parcel(), body=invite_body(whole))) == whole
