"""The outbox killed between any two steps, and with its database lost or put back: what was sent is sent once."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from children import exit_status_of
from outbox_server import INVITE, NOW, Server, deliver, parcel, queue, resolve_unsure, states
from store_facts import DANA

from daemon.delivery.outbox import ON_ITS_WAY
from daemon.delivery.parcel_json import invite_body
from daemon.delivery.sent_log import SentLog
from daemon.glossary.actions import Channel, Delivery
from daemon.store import Store

pytest_plugins = ("store_places", "outbox_places")


STEPS: dict[str, tuple[type, str]] = {
    "the claim": (Store, "claim"),
    "the call": (Server, "send"),
    "the record": (SentLog, "write"),
    "the record's write": (SentLog, "_append"),
    "the settling": (Store, "set_delivery"),
}


def kill_at(step: str, after: bool) -> None:
    """From now on this process dies before or after that step."""
    owner, name = STEPS[step]
    real = getattr(owner, name)

    def dies(*arguments: Any, **named: Any) -> None:
        if after:
            real(*arguments, **named)
        os._exit(9)

    setattr(owner, name, dies)


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_is_sent_once(where: Path | str, tmp_path: Path, step: str, after: bool, channel: Channel) -> None:
    store = Store.open(where)
    queue(store, parcel("a", channel), parcel("b", channel))
    store.close()

    def deliver_and_die() -> int:
        kill_at(step, after)
        deliver(Store.open(where), SentLog(tmp_path / "sent_log"), Server(tmp_path), NOW)
        return 0

    assert exit_status_of(deliver_and_die) == 9
    for moment in (NOW, NOW + ON_ITS_WAY, NOW + 2 * ON_ITS_WAY):
        store, sent_log, server = Store.open(where), SentLog(tmp_path / "sent_log"), Server(tmp_path)
        resolve_unsure(store, sent_log, server, moment)
        deliver(store, sent_log, server, moment)
        if moment == NOW:  # what was claimed a moment ago and is not there may still arrive
            assert set(server.taken()) >= {"<b@x>"}
            store.close()
            continue
        assert sorted(server.taken()) == ["<a@x>", "<b@x>"]
        assert set(states(store).values()) == {Delivery.SENT}
        store.close()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", ["the record", "the settling"])
def test_killed_while_an_unsure_parcel_is_resolved_it_is_sent_once(
    where: Path | str, tmp_path: Path, step: str, after: bool
) -> None:
    store = Store.open(where)
    queue(store, parcel("a"))
    store.claim("a", NOW)
    store.close()
    Server(tmp_path).send(parcel("a"))

    def recover_and_die() -> int:
        kill_at(step, after)
        resolve_unsure(Store.open(where), SentLog(tmp_path / "sent_log"), Server(tmp_path), NOW)
        return 0

    assert exit_status_of(recover_and_die) == 9
    store, sent_log, server = Store.open(where), SentLog(tmp_path / "sent_log"), Server(tmp_path)
    resolve_unsure(store, sent_log, server, NOW)
    deliver(store, sent_log, server, NOW)
    assert server.taken() == ["<a@x>"]
    assert states(store) == {"a": Delivery.SENT}
    store.close()


def test_cut_off_in_a_send_that_no_server_can_tell_about_it_is_told_to_the_user(
    store: Store, sent_log: SentLog, server: Server
) -> None:
    queue(store, parcel("a"))
    store.claim("a", NOW)
    server.tells = None
    (outcome,) = resolve_unsure(store, sent_log, server, NOW)
    assert outcome.delivery is Delivery.UNKNOWN
    assert outcome.error == "Kept was stopped while sending it, and its server cannot say whether it arrived"


@pytest.mark.parametrize("channel", Channel)
def test_a_lost_database_sends_nothing_again(tmp_path: Path, sent_log: SentLog, server: Server, channel: Channel) -> None:
    store = Store.open(tmp_path / "state")
    queue(store, parcel("a", channel))
    deliver(store, sent_log, server, NOW)
    store.close()
    shutil.rmtree(tmp_path / "state")
    store = Store.open(tmp_path / "state")
    queue(store, parcel("a", channel), parcel("b", channel))
    deliver(store, SentLog(tmp_path / "sent_log"), server, NOW)
    assert server.taken() == ["<a@x>", "<b@x>"]
    assert set(states(store).values()) == {Delivery.SENT}
    store.close()


@pytest.mark.parametrize("kept_from", [Delivery.WAITING, Delivery.SENDING])
def test_a_restored_database_sends_nothing_again(tmp_path: Path, sent_log: SentLog, server: Server, kept_from: Delivery) -> None:
    store = Store.open(tmp_path / "state")
    queue(store, parcel("a"))
    if kept_from is Delivery.SENDING:
        store.claim("a", NOW)
    store.close()
    shutil.copytree(tmp_path / "state", tmp_path / "backup")
    server.send(parcel("a"))
    sent_log.write("<a@x>", parcel("a"), (), NOW)
    store = Store.open(tmp_path / "backup")
    server.tells = None
    resolve_unsure(store, SentLog(tmp_path / "sent_log"), server, NOW)
    deliver(store, SentLog(tmp_path / "sent_log"), server, NOW)
    assert server.taken() == ["<a@x>"]
    assert [(p.delivery, p.receipt) for p in store.parcels(DANA)] == [(Delivery.SENT, "known from the sent log")]
    store.close()


def test_a_moved_meeting_is_another_version_and_goes_out(store: Store, sent_log: SentLog, server: Server) -> None:
    queue(store, parcel("a", Channel.CALENDAR))
    deliver(store, sent_log, server, NOW)
    moved = parcel("a:moved", Channel.CALENDAR, reference="<a@x>", body=invite_body(replace(INVITE, sequence=1)))
    queue(store, moved)
    deliver(store, sent_log, server, NOW)
    assert server.taken() == ["<a@x>", "<a@x>"]
