"""Parcels of which nobody knows whether they left: looked for, and settled by the server or by the user; never guessed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from outbox_server import NOW, Server, deliver, parcel, queue, resolve_unsure, states
from store_facts import DANA

from connectors.errors import ConnectorError
from daemon.delivery.outbox import Outcome
from daemon.delivery.sent_log import SentLog
from daemon.glossary.actions import ActionKind, Delivery
from daemon.glossary.decisions import Decision, Verb
from daemon.store import Store

pytest_plugins = ("store_places", "outbox_places")

LATER = NOW + timedelta(minutes=5)


def lost(store: Store, sent_log: SentLog, server: Server, *, arrived: bool) -> None:
    """A send whose answer never came."""
    queue(store, parcel("a"))
    server.fails = [ConnectorError("the line broke", unknown=True)]
    deliver(store, sent_log, server, NOW)
    if arrived:
        (server.folder / "taken").write_text("<a@x>\n")
    assert states(store) == {"a": Delivery.UNKNOWN}


def test_what_may_have_left_is_not_sent_again_before_it_was_looked_for(store: Store, sent_log: SentLog, server: Server) -> None:
    lost(store, sent_log, server, arrived=False)
    deliver(store, sent_log, server, LATER)
    assert server.attempts == 1


def test_found_at_the_server_it_was_sent(store: Store, sent_log: SentLog, server: Server) -> None:
    lost(store, sent_log, server, arrived=True)
    assert resolve_unsure(store, sent_log, server, LATER) == (Outcome("a", Delivery.SENT),)
    assert sent_log.contains("<a@x>")
    deliver(store, sent_log, server, LATER)
    assert server.taken() == ["<a@x>"]


def test_provably_absent_it_is_sent(store: Store, sent_log: SentLog, server: Server) -> None:
    lost(store, sent_log, server, arrived=False)
    assert resolve_unsure(store, sent_log, server, LATER) == (Outcome("a", Delivery.WAITING),)
    deliver(store, sent_log, server, LATER)
    assert server.taken() == ["<a@x>"]


def test_where_nobody_can_tell_the_user_is_told_and_nothing_is_guessed(store: Store, sent_log: SentLog, server: Server) -> None:
    lost(store, sent_log, server, arrived=True)
    server.tells = None
    for day in range(5):
        resolve_unsure(store, sent_log, server, LATER + timedelta(days=day))
        deliver(store, sent_log, server, LATER + timedelta(days=day))
    (unknown,) = store.parcels(DANA, Delivery.UNKNOWN)
    assert unknown.error == "the line broke"
    assert server.attempts == 1


def test_it_is_looked_for_ever_more_seldom(store: Store, sent_log: SentLog, server: Server) -> None:
    lost(store, sent_log, server, arrived=True)
    server.tells = None
    looks = 0
    for minute in range(0, 60 * 24 * 14, 5):
        looks += len(resolve_unsure(store, sent_log, server, NOW + timedelta(minutes=minute)))
    assert 20 < looks < 60
    server.tells = True
    resolve_unsure(store, sent_log, server, NOW + timedelta(days=16))
    assert states(store) == {"a": Delivery.SENT}


def test_a_server_that_cannot_be_asked_is_asked_later(
    store: Store, sent_log: SentLog, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost(store, sent_log, server, arrived=True)

    def down(*_: object) -> bool:
        raise ConnectorError("no network")

    with monkeypatch.context() as patch:
        patch.setattr(server, "was_sent", down)
        (outcome,) = resolve_unsure(store, sent_log, server, LATER)
    assert outcome == Outcome("a", Delivery.UNKNOWN, "it may have been sent, and Kept could not check: no network")
    resolve_unsure(store, sent_log, server, LATER + timedelta(minutes=5))
    assert states(store) == {"a": Delivery.SENT}


def test_what_could_not_even_connect_was_certainly_not_sent(store: Store, sent_log: SentLog, server: Server) -> None:
    queue(store, parcel("a"))
    server.down = [ConnectorError("no network", unknown=True), ZeroDivisionError("a fault of ours")]
    assert deliver(store, sent_log, server, NOW) == (Outcome("a", Delivery.WAITING, "no network"),)
    (waiting,) = store.parcels(DANA)
    assert (waiting.attempts, waiting.claimed, waiting.not_before) == (1, None, NOW + timedelta(minutes=1))
    deliver(store, sent_log, server, waiting.not_before)
    (waiting,) = store.parcels(DANA)
    assert (waiting.delivery, waiting.attempts, waiting.not_before) == (Delivery.WAITING, 2, NOW + timedelta(minutes=3))
    deliver(store, sent_log, server, waiting.not_before)
    assert (server.taken(), states(store)) == (["<a@x>"], {"a": Delivery.SENT})


def test_a_slow_send_that_is_not_there_yet_is_not_sent_again_by_whoever_takes_over(
    store: Store, sent_log: SentLog, server: Server
) -> None:
    queue(store, parcel("a"))
    store.claim("a", NOW)  # by a process that died, whose request the server still works on
    assert resolve_unsure(store, sent_log, server, NOW + timedelta(minutes=1))[0].delivery is Delivery.UNKNOWN
    deliver(store, sent_log, server, NOW + timedelta(minutes=1))
    (server.folder / "taken").write_text("<a@x>\n")  # now it has done so
    resolve_unsure(store, sent_log, server, NOW + timedelta(minutes=6))
    deliver(store, sent_log, server, NOW + timedelta(minutes=6))
    assert (server.taken(), states(store)) == (["<a@x>"], {"a": Delivery.SENT})


def test_a_claim_of_a_clock_that_was_wrong_holds_for_one_look(store: Store, sent_log: SentLog, server: Server) -> None:
    queue(store, parcel("a"))
    store.claim("a", NOW + timedelta(days=1000))
    assert resolve_unsure(store, sent_log, server, NOW)[0].delivery is Delivery.UNKNOWN
    assert resolve_unsure(store, sent_log, server, LATER)[0].delivery is Delivery.WAITING


# --- what the user says of it ---


@pytest.mark.parametrize(("verb", "attempts"), [(Verb.DONE, 1), (Verb.RESEND, 2)])
def test_the_user_settles_what_nobody_else_can(
    store: Store, sent_log: SentLog, server: Server, verb: Verb, attempts: int
) -> None:
    lost(store, sent_log, server, arrived=False)
    server.tells = None
    store.add_decision(DANA, Decision("a", verb, NOW + timedelta(minutes=1), DANA))
    resolve_unsure(store, sent_log, server, NOW + timedelta(minutes=1))
    deliver(store, sent_log, server, NOW + timedelta(minutes=1))
    assert (states(store), server.attempts, sent_log.contains("<a@x>")) == ({"a": Delivery.SENT}, attempts, True)


def test_a_word_to_send_it_again_holds_for_one_attempt(store: Store, sent_log: SentLog, server: Server) -> None:
    lost(store, sent_log, server, arrived=False)
    server.tells, server.fails = None, [ConnectorError("the line broke again", unknown=True)]
    store.add_decision(DANA, Decision("a", Verb.RESEND, NOW + timedelta(minutes=1), DANA))
    for minutes in (2, 10, 60, 600):
        resolve_unsure(store, sent_log, server, NOW + timedelta(minutes=minutes))
        deliver(store, sent_log, server, NOW + timedelta(minutes=minutes))
    assert (states(store), server.attempts) == ({"a": Delivery.UNKNOWN}, 2)


def test_the_next_digest_that_was_sent_takes_the_place_of_letters_that_may_not_have_arrived(
    store: Store, sent_log: SentLog, server: Server
) -> None:
    queue(store, parcel("r", kind=ActionKind.REMIND), parcel("m", kind=ActionKind.ESCALATE, addressee="lee@northwind.example"))
    server.fails, server.tells = [ConnectorError("the line broke", unknown=True)] * 2, None
    deliver(store, sent_log, server, NOW)
    store.queue((parcel("digest", kind=ActionKind.DIGEST),), NOW + timedelta(days=1))
    deliver(store, sent_log, server, NOW + timedelta(days=1))
    assert states(store) == {"r": Delivery.REPLACED, "m": Delivery.UNKNOWN, "digest": Delivery.SENT}
