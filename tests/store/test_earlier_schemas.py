"""Databases of every earlier schema, with data in them: each row keeps its meaning, so nothing is sent or said twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from store_facts import ACME, DANA, KIM
from week import at

from daemon.glossary.actions import ActionKind, Delivery, Mention
from daemon.glossary.decisions import Verb
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType, short_id
from daemon.store import Store, engine, migrate
from daemon.store.past_actions import PastScope

pytest_plugins = ("store_places",)

LEE = "lee@northwind.example"
ASKED = f"reply:<ask@acme.example>:0123456789ab:{DANA}"
PROMISED = f"promise:<p@northwind.example>:ba9876543210:{DANA}"
OF_LEE = f"reply:<other@birch.example>:0123456789ab:{LEE}"
MORNING = at(0, 7)
START = datetime(2026, 3, 12, 9, tzinfo=UTC)
SNOOZED = datetime(2026, 3, 4, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micro(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def insert(db: Connection, table: str, **values: Any) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(f":{name}" for name in values)
    db.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)  # noqa: S608  # the names are the test's own


def parcel(db: Connection, key: str, account: str, delivery: str, channel: str = "mail", body: str = "", **more: Any) -> None:
    moments = {"not_before": micro(MORNING), "created": micro(more.pop("created", MORNING))}
    insert(
        db, "parcels", key=key, account=account, channel=channel, reference=f"<{short_id(key)}@x>", body=body, delivery=delivery,
        keys=json.dumps([key]), attempts=1, **moments, **more,
    )  # fmt: skip


def said(db: Connection, key: str, moment: datetime = MORNING) -> None:
    insert(db, "said", key=key, at=micro(moment))


def decided(db: Connection, target: str, verb: str, by: str = DANA, **more: Any) -> None:
    insert(db, "decisions", target=target, verb=verb, at=micro(MORNING), by=by, **more)


def fill(db: Connection, revision: str) -> None:
    """What a daemon of that revision had stored."""
    envelope = json.dumps(
        {"d": MORNING.isoformat(), "r": MORNING.isoformat(), "f": [KIM, ""], "t": [], "role": "inbox", "folder": "INBOX"}
    )
    insert(
        db, "messages", account=DANA, message_id="<ask@acme.example>", moment=micro(MORNING), client=ACME, round=1, envelope=envelope, text="Quote?"
    )  # fmt: skip
    for account in (DANA, LEE):
        insert(db, "sources", account=account, source="mail", cursor="7", coverage=None)
    insert(db, "meta", name="people", value="fingerprint")
    insert(db, "meta", name="expired", value="2026-03-01")
    parcel(db, f"digest:{DANA}:2026-03-02", DANA, "sent")
    parcel(db, f"digest:{LEE}:2026-03-02", LEE, "waiting", body=json.dumps({"to": [[LEE, ""]], "sender": [LEE, ""]}))
    parcel(db, f"reminder:{DANA}:abcdefghij", DANA, "sent", created=at(0, 11))
    parcel(db, f"draft:{ASKED}", DANA, "sent", "draft")
    parcel(db, f"review:{ACME}:2026-03-20", DANA, "sent", "calendar", body=json.dumps({"attendees": [[KIM, "Kim", ""]]}))
    parcel(db, f"review:{ACME}:2026-03-20:mail", DANA, "unknown")
    parcel(db, f"touch_base:{DANA}:2026-03-02", DANA, "refused")
    parcel(db, f"handover:{ACME}", DANA, "sent")
    said(db, f"remind:{ASKED}:overdue:1")
    said(db, f"remind:{ASKED}:due_soon:2:202603040000", at(0, 11))
    said(db, f"remind:{PROMISED}:due_soon:0", at(-9))
    said(db, f"remind:{OF_LEE}:overdue:1")
    said(db, f"escalate:{ASKED}", at(-1))
    said(db, f"announce:review:{ACME}:2026-03-20@{START.isoformat()}")
    said(db, f"announce:cover:{DANA}:2026-03-06@")
    decided(db, ASKED, "snooze", until=micro(SNOOZED))
    decided(db, short_id(ASKED), "done")
    decided(db, short_id(f"review:{ACME}:2026-03-20"), "veto")
    decided(db, "neverheard", "waive")
    decided(db, OF_LEE, "done", by=DANA)
    if revision >= "0005":
        insert(
            db, "standings", account=DANA, client=ACME, facts=1, events=1, basis="b", as_of=micro(MORNING), good_until=micro(at(9)),
            open=json.dumps([{"key": PROMISED}]),
        )  # fmt: skip
        decided(db, short_id(PROMISED), "waive")


@pytest.fixture(params=["0001", "0002", "0003", "0004", "0005"])
def store(request: pytest.FixtureRequest, where: Path | str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store that was an earlier revision's until it was opened."""
    revision = request.param
    with monkeypatch.context() as patch:
        patch.setattr(engine, "migrate", lambda *_: None)
        old = engine.open_engine(where)
    with engine.writing(old) as db:
        config = Config()
        config.set_main_option("script_location", str(migrate.SCRIPTS).replace("%", "%%"))
        config.attributes["connection"] = db
        command.upgrade(config, revision)
        fill(db, revision)
    old.dispose()
    migrated = Store.open(where)
    yield migrated
    migrated.close()


def obligation(key: str) -> Obligation:
    source = Evidence(SourceType.MESSAGE, "<a@acme.example>", MORNING)
    return Obligation(key, Kind.REPLY, DANA, ACME, KIM, "", None, source, MORNING, None)


def test_each_parcel_is_what_its_key_said(store: Store) -> None:
    parcels = {p.key: p for p in (*store.parcels(DANA), *store.parcels(LEE))}
    assert {key: (p.kind.value, p.client, p.period, p.delivery.value) for key, p in parcels.items()} == {
        f"digest:{DANA}:2026-03-02": ("digest", None, date(2026, 3, 2), "sent"),
        f"digest:{LEE}:2026-03-02": ("digest", None, date(2026, 3, 2), "waiting"),
        f"reminder:{DANA}:abcdefghij": ("remind", None, None, "sent"),
        f"draft:{ASKED}": ("draft", ACME, None, "sent"),
        f"review:{ACME}:2026-03-20": ("review", ACME, date(2026, 3, 20), "sent"),
        f"review:{ACME}:2026-03-20:mail": ("invitation", ACME, date(2026, 3, 20), "unknown"),
        f"touch_base:{DANA}:2026-03-02": ("touch_base", None, date(2026, 3, 2), "refused"),
        f"handover:{ACME}": ("hand_over", ACME, None, "sent"),
    }
    assert parcels[f"draft:{ASKED}"].obligation == ASKED
    assert parcels[f"review:{ACME}:2026-03-20"].addressee == KIM
    assert parcels[f"review:{ACME}:2026-03-20:mail"].booking == f"review:{ACME}:2026-03-20"
    assert parcels[f"digest:{LEE}:2026-03-02"].addressee is None
    assert store.uninvited_meetings(DANA) == (), "the mail to its guests is on its way"


def test_what_was_said_is_not_said_again(store: Store) -> None:
    past = store.past_actions(
        DANA,
        PastScope([obligation(ASKED), obligation(PROMISED)], date(2026, 2, 1), at(0, 12), today=at(0), escalates_to_user=True),
    )
    assert set(past.mentions) == {
        Mention(ASKED, "overdue", 1),
        Mention(ASKED, "due_soon", 2, SNOOZED),
        Mention(PROMISED, "due_soon", 0),
        Mention(ASKED, "escalated"),
    }
    assert past.mentions[Mention(ASKED, "overdue", 1)] == MORNING
    assert {f"digest:{DANA}:2026-03-02", f"draft:{ASKED}", f"handover:{ACME}", f"touch_base:{DANA}:2026-03-02"} <= set(
        past.actions
    )
    assert past.interruptions == (at(0, 11),)
    assert past.first_digest == MORNING


def test_what_a_mail_said_is_known_by_that_mail(store: Store) -> None:
    assert store.mentions_of_parcel(f"digest:{DANA}:2026-03-02") == (Mention(ASKED, "overdue", 1),)
    assert store.mentions_of_parcel(f"digest:{LEE}:2026-03-02") == (Mention(OF_LEE, "overdue", 1),)
    assert store.mentions_of_parcel(f"reminder:{DANA}:abcdefghij") == (Mention(ASKED, "due_soon", 2, SNOOZED),)


def test_an_announcement_counts_where_its_digest_was_delivered(store: Store) -> None:
    scope = PastScope((), date(2026, 2, 1), at(0, 12), today=at(0), escalates_to_user=True)
    assert store.past_actions(DANA, scope).announcements == {
        f"review:{ACME}:2026-03-20": (MORNING, START),
        f"cover:{DANA}:2026-03-06": (MORNING, None),
    }
    assert store.past_actions(LEE, scope).announcements == {}


def test_each_decision_holds_for_what_it_was_about(store: Store, request: pytest.FixtureRequest) -> None:
    expected = [
        (ASKED, Verb.SNOOZE, True),
        (ASKED, Verb.DONE, True),
        (f"review:{ACME}:2026-03-20", Verb.VETO, True),
        ("neverheard", Verb.WAIVE, False),
    ]
    newest = "0005" in request.node.name
    expected += [(PROMISED, Verb.WAIVE, True)] if newest else []
    assert [(d.target, d.verb, d.resolved) for d in store.decisions(DANA)] == expected
    assert [(d.target, d.by) for d in store.decisions(LEE)] == [(OF_LEE, DANA)]


def test_nothing_is_read_again_and_nothing_expires_again_for_the_change_alone(store: Store) -> None:
    for account in (DANA, LEE):
        assert store.people_fingerprint(account) == "fingerprint"
        assert store.expired_on(account) == date(2026, 3, 1)
        assert store.cursor(account, "mail") == "7"


def test_what_waits_still_waits_and_what_is_final_stays_so(store: Store) -> None:
    assert [p.key for p in store.parcels(LEE, Delivery.WAITING)] == [f"digest:{LEE}:2026-03-02"]
    assert store.claim(f"digest:{LEE}:2026-03-02", at(0, 12))
    assert not store.claim(f"digest:{DANA}:2026-03-02", at(0, 12))
    assert store.parcel_counts(Delivery.SENT, Delivery.REFUSED) == {Delivery.SENT: 5, Delivery.REFUSED: 1}
    assert store.parcels(DANA, Delivery.UNKNOWN)[0].kind is ActionKind.INVITATION
