"""What is stored about a client can be shown and forgotten."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from servers.processes import Postgres
from sqlalchemy import select
from store_facts import ACME, BIRCH, DANA, KIM, MAIL, calendar, event, message, parcel, put, read
from week import at

from connectors.calendar import Attendee, Event, Invite
from connectors.mail import Address, Draft
from daemon.delivery.parcel_json import draft_body, invite_body
from daemon.errors import StoreError, TurnLost
from daemon.glossary.actions import ActionKind, Announcement, Channel, Delivery, Mention
from daemon.glossary.assessments import Coverage
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType
from daemon.reading import Act, ActKind, Call, Reading
from daemon.store import ReadMessage, Store
from daemon.store.outbox_table import FINAL
from daemon.store.past_actions import PastScope
from daemon.store.schema import metadata

pytest_plugins = ("store_places",)


EVE = "eve@northwind.example"
SECRET = "the-very-words-of-acme"
ASKED = Obligation(
    "reply:<a@acme.example>:1",
    Kind.REPLY,
    DANA,
    ACME,
    KIM,
    "",
    None,
    Evidence(SourceType.MESSAGE, "<a@acme.example>", at(0)),
    at(0),
    None,
)


def fill(store: Store) -> None:
    words = replace(
        read(message("a", text=SECRET * 20, subject=SECRET)),
        reading=Reading(new_text=SECRET * 20, acts=(Act(ActKind.REQUEST, SECRET, 0, 5),)),
    )
    put(store, words, read(message("b", text="kept"), BIRCH))
    calendar(store, event("a", description=SECRET), event("b", attendees=(Attendee("bo@birch.example"),)))
    store.add_decision(DANA, Decision("reply:<a@acme.example>:1", Verb.WAIVE, at(0), DANA, why=SECRET))
    store.add_decision(DANA, Decision("reply:<b@acme.example>:1", Verb.DONE, at(0), DANA))
    letter = draft_body(Draft("<d@x>", at(0), Address(DANA), (Address(KIM),), SECRET, SECRET))
    invite = invite_body(Invite("u", at(9), at(9, 10), SECRET, SECRET, DANA, "Dana", (Attendee(KIM),), at(0), headers={}))
    asked = "reply:<a@acme.example>:1"
    draft = parcel(f"draft:{asked}", Channel.DRAFT, letter, kind=ActionKind.DRAFT, client=ACME, obligation=asked)
    store.queue((draft,), at(0))
    review = parcel(f"review:{ACME}:2026-04-01", Channel.CALENDAR, invite, kind=ActionKind.REVIEW, client=ACME)
    store.queue((review,), at(0))
    other = draft_body(Draft("<e@x>", at(0), Address(DANA), (), "kept", "kept"))
    store.queue((parcel("draft:reply:<b@acme.example>:1", Channel.DRAFT, other, client=BIRCH),), at(0))
    announced = (Announcement(review.key, ActionKind.REVIEW, ACME, date(2026, 4, 1), at(9)),)
    digest = parcel("digest", body=draft_body(Draft("<f@x>", at(0), Address(DANA), (), SECRET, SECRET)), kind=ActionKind.DIGEST)
    store.queue((digest,), at(0), {Mention(asked, "overdue", 1): ACME, Mention("reply:b", "overdue", 1): BIRCH}, announced)


def with_acme(found: Event) -> bool:
    return any(a.email.endswith("@acme.example") for a in found.attendees)


def test_an_export_holds_everything_about_one_client_and_nothing_of_another(store: Store) -> None:
    fill(store)
    shown = store.export(ACME, with_acme)
    assert {name: len(part) for name, part in shown.items() if name != "client"} == {
        "messages": 1,
        "events": 1,
        "decisions": 1,
        "outbox": 3,
        "said": 2,
        "advice": 0,
    }
    assert SECRET in json.dumps(shown["messages"])
    assert "kept" not in json.dumps([shown["messages"], shown["decisions"]])


def test_a_purge_forgets_one_client_and_no_other(store: Store) -> None:
    fill(store)
    version = store.fact_version(DANA)
    assert store.purge(ACME, with_acme) == 1
    assert store.clients_with_mail(DANA) == {BIRCH}
    assert [e.uid for e in store.events(DANA)] == ["b"]
    assert [d.target for d in store.decisions(DANA)] == ["reply:<b@acme.example>:1"]
    assert {p.key: p.delivery for p in store.parcels(DANA)} == {
        "draft:reply:<a@acme.example>:1": Delivery.VETOED,
        f"review:{ACME}:2026-04-01": Delivery.VETOED,
        "draft:reply:<b@acme.example>:1": Delivery.WAITING,
    }, "the digest is taken back, and written again without them"
    past = store.past_actions(DANA, PastScope([ASKED], date(2026, 3, 1), at(1), today=at(1), escalates_to_user=True))
    assert Mention(ASKED.key, "overdue", 1) in past.mentions, "so that nothing is said twice"
    assert store.changed_clients(DANA, version[0]) == {ACME}
    assert store.fact_version(DANA)[1] > version[1]
    assert store.texts(DANA, ["<b@acme.example>"]) == {"<b@acme.example>": "kept"}


def accounts_in(store: Store) -> set[str]:
    """The accounts of which any table has a row."""
    with store._read() as db:
        return {a for table in metadata.tables.values() if "account" in table.c for a in db.scalars(select(table.c.account))}


def test_an_account_that_left_is_forgotten_in_every_table_and_no_other(store: Store) -> None:
    fill(store)
    store.set_coverage(Coverage(DANA, MAIL, at(0)))
    store.add_mail(EVE, MAIL, [read(message("c"))], "1", (), at(0))
    store.set_leaving(DANA, leaves=True)
    assert accounts_in(store) == {DANA, EVE}, "until whoever polls and sends does so"
    assert store.forget_departed([EVE], shared=False) == {DANA: 2}
    assert accounts_in(store) == {EVE}
    assert store.forget_departed([EVE], shared=False) == {}


def test_an_account_that_is_configured_again_is_not_forgotten(store: Store) -> None:
    fill(store)
    store.set_leaving(DANA, EVE, leaves=True)
    assert store.forget_departed([DANA], shared=False) == {EVE: 0}
    assert store.forget_departed([], shared=False) == {}, "it was asked once"
    assert store.clients_with_mail(DANA) == {ACME, BIRCH}


def test_an_account_that_only_this_machine_still_configures_is_forgotten_by_another(store: Store) -> None:
    fill(store)
    store.set_leaving(DANA, leaves=True)
    assert store.forget_departed([DANA], shared=True) == {}
    assert store.forget_departed([EVE], shared=True) == {DANA: 2}


def test_an_account_that_was_added_again_stays(store: Store) -> None:
    fill(store)
    store.set_leaving(DANA, EVE, leaves=True)
    store.set_leaving(DANA, leaves=False)
    assert store.forget_departed([], shared=True) == {EVE: 0}
    assert store.clients_with_mail(DANA) == {ACME, BIRCH}


@pytest.mark.server
def test_a_turn_of_an_account_that_is_forgotten_is_lost(postgres: Postgres) -> None:
    worker, other = (Store.open(postgres.database("store_departed")) for _ in range(2))
    with worker.share(), other.share():
        turning = worker.of_account(DANA)
        with turning.turn_lease(DANA, at(0)):
            put(turning, read(message("a")))
            other.set_leaving(DANA, leaves=True)
            assert other.forget_departed([], shared=True) == {DANA: 1}
            with pytest.raises(TurnLost):
                put(turning, read(message("b")))
    assert accounts_in(other) == set()


def test_no_word_of_an_account_that_was_forgotten_is_left_on_the_disk(state: Store) -> None:
    fill(state)
    state.set_leaving(DANA, leaves=True)
    state.forget_departed([], shared=False)
    assert files_with(SECRET, state) == []


def files_with(words: str, state: Store) -> list[str]:
    return sorted(f.name for f in state.folder.iterdir() if words.encode() in f.read_bytes())


@pytest.mark.parametrize("delivery", [Delivery.SENDING, Delivery.UNKNOWN, Delivery.REFUSED, Delivery.SENT])
def test_a_purge_takes_the_words_of_parcels_in_every_state(state: Store, delivery: Delivery) -> None:
    letter = draft_body(Draft("<d@x>", at(0), Address(DANA), (Address(KIM),), SECRET, SECRET))
    digest = draft_body(Draft("<f@x>", at(0), Address(DANA), (), "Today", f"Acme\r\nLtd asks {SECRET}"))
    state.queue((parcel("d", Channel.DRAFT, letter, client=ACME), parcel("f", body=digest, kind=ActionKind.DIGEST)), at(0))
    for key in "df":
        state.claim(key, at(0))
        state.set_delivery(key, delivery, at(0), error=None if delivery is Delivery.SENT else f"550 {SECRET}")
    state.purge(ACME, with_acme)
    assert files_with(SECRET, state) == []
    final = delivery if delivery in FINAL else Delivery.VETOED
    assert [(p.delivery, p.error) for p in state.parcels(DANA)] == [(final, None)] * 2


@pytest.mark.parametrize("kind", [ActionKind.DRAFT, ActionKind.INVITATION, ActionKind.REVIEW, ActionKind.REPORT])
def test_a_purge_takes_the_address_of_whom_a_parcel_was_for(state: Store, kind: ActionKind) -> None:
    letter = draft_body(Draft("<d@x>", at(0), Address(DANA), (Address(KIM),), SECRET, SECRET))
    state.queue((replace(parcel("d", Channel.DRAFT, letter, client=ACME, kind=kind), addressee=KIM),), at(0))
    state.claim("d", at(0))
    state.set_delivery("d", Delivery.SENT, at(0))
    assert files_with(KIM, state) != []
    state.purge(ACME, with_acme)
    assert files_with(KIM, state) == []


@pytest.mark.parametrize("written", ["Acme\r\nLtd asks", "<p>Kern &amp; Co asks</p>", "“Kern & Co”"])
def test_a_waiting_letter_that_names_the_client_is_taken_back_with_what_it_says_of_others(store: Store, written: str) -> None:
    name = ACME if "Acme" in written else "Kern & Co"
    letter = draft_body(Draft("<f@x>", at(0), Address(DANA), (), "Today", written))
    said = {Mention("reply:b", "overdue", 1): BIRCH, Mention("reply:a", "overdue", 1): name}
    store.queue((parcel("f", body=letter, kind=ActionKind.DIGEST),), at(0), said)
    store.purge(name)
    assert store.parcels(DANA) == ()
    assert store.mentions_of_parcel("f") == (Mention("reply:a", "overdue", 1),), "what is said of others is said again"


def test_a_purge_during_a_reading_says_that_traces_remain_until_it_is_repeated(
    state: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daemon.store.store.PATIENCE", 0.2)
    fill(state)
    reader = sqlite3.connect(state.folder / "kept.db")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM messages").fetchone()
    with pytest.raises(StoreError, match=r"Acme Ltd is deleted, but another program is still reading .* Run `kept purge` again"):
        state.purge(ACME, with_acme)
    assert files_with(SECRET, state), "or there would have been nothing to say"
    reader.close()
    assert state.purge(ACME, with_acme) == 0
    assert files_with(SECRET, state) == []


def test_a_purge_waits_for_a_reading_that_ends(state: Store) -> None:
    fill(state)
    reader = sqlite3.connect(state.folder / "kept.db", check_same_thread=False)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM messages").fetchone()
    ending = threading.Timer(0.3, reader.close)
    ending.start()
    assert state.purge(ACME, with_acme) == 1
    ending.join()
    assert files_with(SECRET, state) == []


def test_a_page_that_was_rebuilt_a_hundred_times_holds_nothing_of_a_purged_client(state: Store) -> None:
    chosen = random.Random(5)
    for n in range(100):
        client, words = chosen.choice([(ACME, SECRET), (BIRCH, "kept ")])
        put(state, read(message(f"m{n}", at(-n), text=words * chosen.randrange(1, 200), subject=words), client), cursor=str(n))
    state.purge(ACME, with_acme)
    assert files_with(SECRET, state) == []


def test_old_words_leave_every_file_even_where_a_reading_held_them_up(state: Store) -> None:
    put(state, read(message("old", at(-401), text=SECRET)))
    reader = sqlite3.connect(state.folder / "kept.db")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM messages").fetchone()
    assert state.expire(DANA, at(-400), at(0)) == 1
    assert state.expired_on(DANA) is None, "so that the next turn tries again"
    reader.close()
    state.expire(DANA, at(-400), at(0, 10))
    assert (state.expired_on(DANA), files_with(SECRET, state)) == (at(0).date(), [])


def test_a_copy_from_before_a_migration_stays_for_a_month(state: Store) -> None:
    for name, age in (("kept.db.before-0005", 31), ("kept.db.before-0006", 29)):
        (state.folder / name).write_text(SECRET)
        os.utime(state.folder / name, (at(-age).timestamp(),) * 2)
    state.expire(DANA, at(-400), at(0))
    assert files_with(SECRET, state) == ["kept.db.before-0006"]


@pytest.mark.parametrize("delivery", [Delivery.SENDING, Delivery.UNKNOWN, Delivery.WAITING])
def test_a_parcel_that_never_ended_loses_its_old_words_too_and_ends_then(state: Store, delivery: Delivery) -> None:
    letter = draft_body(Draft("<d@x>", at(-401), Address(DANA), (Address(KIM),), SECRET, SECRET))
    state.queue((parcel("d", Channel.DRAFT, letter, client=ACME, delivery=delivery),), at(-401))
    state.expire(DANA, at(-400), at(0))
    assert [p.delivery for p in state.parcels(DANA)] == [Delivery.REFUSED]
    assert files_with(SECRET, state) == []


def test_after_a_purge_no_file_holds_the_clients_words(state: Store, tmp_path: Path) -> None:
    fill(state)
    (tmp_path / "state" / "kept.db.before-0000").write_text(SECRET)
    assert any(SECRET.encode() in f.read_bytes() for f in (tmp_path / "state").iterdir() if "before" not in f.name)
    state.purge(ACME, with_acme)
    assert [f.name for f in (tmp_path / "state").iterdir() if SECRET.encode() in f.read_bytes()] == []


def test_old_words_go_and_the_threading_fields_stay(store: Store) -> None:
    machine = Reading(
        new_text="x",
        automated="auto_reply",
        acts=(Act(ActKind.REQUEST, SECRET, 0, 5),),
        call=Call("voicemail", transcript=SECRET),
    )
    put(store, ReadMessage(message("old", at(-401), text=SECRET), machine, ACME), read(message("new", at(0))))
    calendar(store, event("old", at(-401), description=SECRET), event("new", description="stays"))
    store.queue((parcel("sent"),), at(-401))
    store.set_delivery("sent", Delivery.REFUSED, at(-401))
    assert store.expire(DANA, at(-400), at(0)) == 1
    old, new = store.messages(DANA, ACME)
    assert old == ReadMessage(message("old", at(-401), text=""), Reading(automated="auto_reply"), ACME)
    assert new.message.text == "the text of new"
    assert [e.description for e in store.events(DANA)] == ["", "stays"]
    assert [p.body for p in store.parcels(DANA)] == [""]
    assert store.expire(DANA, at(-400), at(0)) == 0
