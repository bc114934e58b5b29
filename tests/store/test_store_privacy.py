"""What is stored about a client can be shown and forgotten."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from store_facts import ACME, BIRCH, DANA, KIM, at, calendar, event, message, parcel, put, read

from connectors.calendar import Attendee, Event, Invite
from connectors.mail import Address, Draft
from daemon.delivery.parcel_json import draft_body, invite_body
from daemon.glossary.actions import ActionKind, Announcement, Channel, Delivery, Mention
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType
from daemon.reading import Act, ActKind, Call, Reading
from daemon.store import ReadMessage, Store

pytest_plugins = ("store_places",)


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
        "digest": Delivery.VETOED,
    }
    past = store.past_actions(DANA, [ASKED], date(2026, 3, 1), at(1), escalates_to_user=True)
    assert Mention(ASKED.key, "overdue", 1) in past.mentions, "so that nothing is said twice"
    assert store.changed_clients(DANA, version[0]) == {ACME}
    assert store.fact_version(DANA)[1] > version[1]
    assert store.texts(DANA, ["<b@acme.example>"]) == {"<b@acme.example>": "kept"}


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
    assert store.expire(DANA, at(-400), at(0).date()) == 1
    old, new = store.messages(DANA, ACME)
    assert old == ReadMessage(message("old", at(-401), text=""), Reading(automated="auto_reply"), ACME)
    assert new.message.text == "the text of new"
    assert [e.description for e in store.events(DANA)] == ["", "stays"]
    assert [p.body for p in store.parcels(DANA)] == [""]
    assert store.expire(DANA, at(-400), at(0).date()) == 0
