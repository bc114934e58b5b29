"""The store, on SQLite and on PostgreSQL alike: mail, decisions, what was said."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql
from store_facts import ACME, BIRCH, CALENDAR, DANA, KIM, MAIL, START, message, parcel, put, read, stored
from week import at

from connectors.mail import Address, Attachment, Message, Role, Unreadable
from daemon.glossary.actions import ActionKind, Channel, Delivery
from daemon.glossary.assessments import Coverage
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import short_id
from daemon.reading import Act, ActKind, Call, Cut, Due, Reading
from daemon.store import ReadMessage, Store
from daemon.store import mail as mail_rows
from daemon.store.past_actions import PastScope

pytest_plugins = ("store_places",)


def test_a_clients_mail_comes_back_as_it_went_in(store: Store) -> None:
    paris = timezone(timedelta(hours=1))
    due = Due(at(1), at(2), at(2, 17), "day", "by Wednesday", 0.9)
    act = Act(
        ActKind.PROMISE, "you'll have it by Wednesday", 3, 30, "send", "client", due, conditional=True, confidence=0.8, rule="r"
    )
    whole = Message(
        "<a@acme.example>", datetime(2026, 3, 2, 10, 0, 0, 250, paris), at(0), Address(KIM, "Kim “K” Ödegård"), "Re: Angebot ✓",
        (Address(DANA, "Dana"),), (Address("lee@acme.example"),), (Address(KIM),), ("<b@x>",), ("<c@x>", "<b@x>"), "Größe?\n☂",
        {"list-id": "x"}, (Attachment("a.pdf", "application/pdf", 7),), Role.ARCHIVE, "Archive/2026", "thread-7", authentic=False,
    )  # fmt: skip
    reading = Reading(
        new_text=whole.text, automated="voicemail", automated_rule="x", language="de", cuts=(Cut(1, 2, "quote"),), reply_expected=True,
        reply_confidence=0.5, acts=(act,), call=Call("voicemail", "+442079460018", at(0), "call me", "Kim"), away_until=date(2026, 3, 9),
    )  # fmt: skip
    put(store, ReadMessage(whole, reading, ACME))
    assert list(store.messages(DANA, ACME)) == [ReadMessage(whole, reading, ACME)]


def test_of_mail_that_concerns_no_client_only_the_threading_fields_are_kept(store: Store) -> None:
    other = message(
        "bank", sender="clerk@bank.example", subject="Your statement", cc=(Address(KIM, "Kim"),), in_reply_to=("<x@bank.example>",),
        headers={"x-mailer": "secret", "x-kept-id": "7"}, attachments=(Attachment("statement.pdf", "application/pdf"),), reply_to=(Address(KIM),),
    )  # fmt: skip
    put(store, ReadMessage(replace(other, sender=Address("clerk@bank.example", "The Clerk")), None, None))
    (back,) = store.messages(DANA)
    kept = replace(other, text="", cc=(Address(KIM),), headers={"x-kept-id": "7"}, attachments=(), reply_to=())
    assert back == ReadMessage(kept, None, None)


def test_a_batch_stored_twice_is_there_once_and_is_no_news(store: Store) -> None:
    batch = [read(message("a")), read(message("b"), None)]
    assert put(store, *batch) == (ACME,)
    version = store.fact_version(DANA)
    assert put(store, *batch, cursor="2") == ()
    assert sorted(stored(store)) == ["a", "b"]
    assert store.fact_version(DANA) == version
    assert store.cursor(DANA, MAIL) == "2"


@pytest.mark.parametrize("first", [Role.SENT, Role.INBOX])
@pytest.mark.parametrize("together", [True, False])
def test_of_two_copies_in_different_folders_the_sent_one_counts(store: Store, first: Role, together: bool) -> None:
    copies = [read(message("a", role=role, folder=role.value)) for role in (Role.SENT, Role.INBOX)]
    copies.sort(key=lambda c: c.message.role is not first)
    foreign = replace(
        copies[1],
        message=replace(copies[1].message, text=f"{copies[1].message.text}\nwith the list's footer", subject="[list] a"),
    )
    if together:
        put(store, copies[0], foreign)
    else:
        put(store, copies[0])
        put(store, foreign)
    (back,) = store.messages(DANA, ACME)
    assert (back.message.role, back.message.folder) == (Role.SENT, "sent")
    sent = copies[0] if first is Role.SENT else foreign
    assert (back.message.text, back.message.subject) == (sent.message.text, sent.message.subject)


@pytest.mark.parametrize("together", [True, False])
def test_a_mail_that_only_its_copy_in_sent_tells_to_concern_a_client_is_that_clients(store: Store, together: bool) -> None:
    desk = "desk@elsewhere.example"
    anywhere = read(message("a", sender=desk, role=Role.INBOX), None)
    sent = read(message("a", sender=desk, role=Role.SENT, folder="sent"))
    if together:
        put(store, anywhere, sent)
    else:
        put(store, anywhere)
        put(store, sent)
        put(store, anywhere)
    assert stored(store, ACME) == ["a"]


def test_mail_known_by_two_accounts_is_a_fact_for_each(store: Store) -> None:
    put(store, read(message("a")))
    store.add_mail("lee@northwind.example", MAIL, [read(message("a"), BIRCH)], "1", (), at(0))
    assert stored(store, ACME) == ["a"]
    assert stored(store, BIRCH) == []
    assert store.clients_with_mail("lee@northwind.example") == {BIRCH}


def test_messages_come_in_order_of_time_and_none_that_came_later(store: Store) -> None:
    late = message("written-early", at(0), received=at(3))
    put(store, read(message("c", at(2))), read(message("a", at(0))), read(late), read(message("b", at(1))))
    assert stored(store, ACME) == ["a", "b", "c", "written-early"]
    assert stored(store, ACME, until=at(1)) == ["a", "b"]
    assert stored(store, ACME, until=at(3)) == ["a", "b", "c", "written-early"]


def test_what_was_sent_of_late_is_the_users_mail_to_clients_and_none_that_came_later(store: Store) -> None:
    def sent(name: str, hour: int, client: str | None = ACME) -> ReadMessage:
        return read(message(name, at(0, hour), DANA, role=Role.SENT), client)

    put(
        store,
        sent("a", 9),
        sent("b", 10, BIRCH),
        sent("c", 11),
        sent("d", 12),
        sent("private", 10, None),
        read(message("theirs", at(0, 10))),
    )
    assert [m.message.message_id for m in store.recently_sent(DANA, at(0, 11), 2)] == ["<b@acme.example>", "<c@acme.example>"]
    assert store.recently_sent("lee@northwind.example", at(0, 11), 2) == ()


def test_of_a_draft_that_was_saved_the_hash_of_its_content_is_left_and_of_a_letter_nothing(store: Store) -> None:
    body = json.dumps({"text": "Hi Kim", "content": "abc", "asked": "q1"})
    store.queue((parcel("draft", Channel.DRAFT, body), parcel("letter", Channel.MAIL, body)), START)
    for key in ("draft", "letter"):
        store.set_delivery(key, Delivery.SENT, START, receipt="r1")
    assert {p.key: p.body for p in store.parcels(DANA)} == {"draft": '{"content": "abc", "asked": "q1"}', "letter": ""}


def test_mail_is_known_from_its_arrival_whatever_its_senders_clock_says(store: Store) -> None:
    put(store, read(message("from-the-future", at(9), received=at(0))))
    assert stored(store, ACME, until=at(0)) == ["from-the-future"]


def test_sent_mail_is_known_from_its_writing_whenever_it_was_filed(store: Store) -> None:
    put(store, read(message("a", at(0), sender=DANA, role=Role.SENT, received=at(5))))
    assert stored(store, ACME, until=at(0)) == ["a"]


def test_read_again_after_the_cursors_were_forgotten_a_mail_is_as_it_is_read_now(store: Store) -> None:
    put(store, read(message("a"), BIRCH), read(message("b")), read(message("c"), None), read(message("d", role=Role.SENT)))
    before = store.fact_version(DANA)[0]
    store.forget_cursors()
    assert store.cursor(DANA, MAIL) is None
    news = ReadMessage(message("a", role=Role.ARCHIVE, folder="Archive"), Reading(new_text="the text of a", closing=True), ACME)
    assert put(store, news, read(message("b")), read(message("c"), ACME), read(message("d"))) == (ACME, BIRCH)
    back = {m.message.message_id: m for m in store.messages(DANA)}
    assert back["<a@acme.example>"] == news
    assert back["<c@acme.example>"] == read(message("c"), ACME)
    assert back["<d@acme.example>"].message.role is Role.SENT
    assert store.changed_clients(DANA, before) == {ACME, BIRCH}
    assert put(store, read(message("a"), BIRCH)) == (), "a copy in the same round of reading changes nothing"


def test_reading_everything_again_is_no_news_where_nothing_changed(store: Store) -> None:
    batch = [read(message("a")), read(message("b"), None)]
    put(store, *batch)
    version = store.fact_version(DANA)
    store.forget_cursors(DANA)
    put(store, *batch)
    assert store.fact_version(DANA) == version


def test_reading_again_never_makes_a_mail_known_later_than_it_was(store: Store) -> None:
    put(store, read(message("a", at(0))))
    store.forget_cursors()
    put(store, read(message("a", at(0), received=at(7), folder="Moved")))
    assert stored(store, ACME, until=at(1)) == ["a"]


def test_a_batch_and_its_cursor_are_stored_together_or_not_at_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, read(message("a")), cursor="1")

    def broken(*_: object) -> None:
        raise RuntimeError("killed here")

    with monkeypatch.context() as patch:
        patch.setattr(mail_rows, "set_cursor", broken)
        with pytest.raises(RuntimeError):
            put(store, read(message("b")), cursor="2")
    assert stored(store) == ["a"]
    assert store.cursor(DANA, MAIL) == "1"


def test_killed_before_its_commit_a_batch_is_not_there_and_comes_again(where: Path | str) -> None:
    Store.open(where).close()
    child = os.fork()
    if not child:
        mail_rows.set_cursor = lambda *_: os._exit(9)  # type: ignore[attr-defined]
        put(Store.open(where), read(message("a")))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    store = Store.open(where)
    assert stored(store) == []
    assert store.cursor(DANA, MAIL) is None
    put(store, read(message("a")))
    assert stored(store) == ["a"]
    store.close()


def test_two_that_store_the_same_mail_at_once_store_it_once(where: Path | str) -> None:
    Store.open(where).close()
    batch = [read(message(f"m{n}")) for n in range(200)]
    failures: list[BaseException] = []

    def work() -> None:
        try:
            mine = Store.open(where)
            put(mine, *batch)
            mine.close()
        except BaseException as error:  # noqa: BLE001  # shown below
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    store = Store.open(where)
    assert len(stored(store)) == 200
    store.close()


def test_the_oldest_mail_and_the_names_of_all_are_known(store: Store) -> None:
    assert (store.oldest_message_at(DANA), store.message_ids(DANA)) == (None, frozenset())
    put(store, read(message("b", at(2))), read(message("a", at(1)), None))
    assert store.oldest_message_at(DANA) == at(1)
    assert store.message_ids(DANA) == {"<a@acme.example>", "<b@acme.example>"}


def test_the_texts_of_a_threads_earlier_mails_are_at_hand(store: Store) -> None:
    put(store, read(message("a")), read(message("b"), None))
    wanted = ["<a@acme.example>", "<b@acme.example>", "<never@acme.example>", *(f"<{n}@x>" for n in range(1200))]
    assert store.texts(DANA, wanted) == {"<a@acme.example>": "the text of a"}


def test_what_could_not_be_read_is_counted_once_and_looked_at_again_from_scratch(store: Store) -> None:
    for _ in range(2):
        store.add_mail(DANA, MAIL, [], "1", [Unreadable("INBOX/7", "no date"), Unreadable("INBOX/8\0\ud800", "x")], at(0))
    assert [(q[1], q[2]) for q in store.unreadable_mail(DANA)] == [("INBOX/7", "no date"), ("INBOX/8\ufffd?", "x")]
    store.forget_cursors()
    assert store.unreadable_mail(DANA) == ()


def test_a_client_has_news_only_since_the_version_that_brought_it(store: Store) -> None:
    assert store.fact_version(DANA) == (0, 0)
    put(store, read(message("a")))
    first = store.fact_version(DANA)[0]
    put(store, read(message("b"), BIRCH))
    assert store.changed_clients(DANA, first) == {BIRCH}
    assert store.changed_clients(DANA, 0) == {ACME, BIRCH}
    put(store, read(message("c"), None))
    assert store.changed_clients(DANA, store.fact_version(DANA)[0] - 1) == frozenset()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(codec=None), max_size=60), st.text(alphabet=st.characters(codec=None), max_size=20))
def test_no_text_that_a_mail_may_hold_keeps_the_batch_from_being_stored(store: Store, text: str, name: str) -> None:
    hostile = message("x", text=text, subject=text, folder=name, message_id=f"<{name}@x>", headers={"x-mailer": text})
    put(store, read(hostile), ReadMessage(replace(hostile, message_id=f"<{name}@y>"), None, None))
    harmless = text.encode("utf-8", "replace").decode()
    texts = store.texts(DANA, [f"<{name}@x>"])
    assert list(texts.values()) in ([harmless.replace("\0", "\ufffd")], [])
    assert {m.message.subject for m in store.messages(DANA, ACME)} >= {harmless}
    store.purge(ACME)


def test_one_clients_mail_is_found_by_its_index(state: Store) -> None:
    plan = state._all(
        sql("EXPLAIN QUERY PLAN SELECT * FROM messages WHERE account='a' AND client='b' AND moment<=3 ORDER BY moment")
    )
    assert "messages_by_client (account=? AND client=? AND moment<?)" in plan[0].detail
    assert len(plan) == 1, "and needs no sorting"


def test_decisions_come_in_the_order_they_were_taken_and_none_from_later(store: Store) -> None:
    later = Decision("k", Verb.UNDO, at(2), DANA)
    first = Decision("k", Verb.SNOOZE, at(1), DANA, until=at(3), why="holiday")
    same = Decision("k", Verb.DONE, at(1), DANA)
    assert all(store.add_decision(DANA, d) for d in (later, first, same))
    assert store.decisions(DANA) == (first, same, later)
    assert store.decisions(DANA, at(1)) == (first, same)


def test_a_decision_that_came_by_a_token_counts_once(store: Store) -> None:
    done = Decision("k", Verb.DONE, at(1), DANA)
    assert store.add_decision(DANA, done, "token-1")
    assert not store.add_decision(DANA, replace(done, at=at(2)), "token-1")
    assert store.add_decision(DANA, done, "token-2")
    assert len(store.decisions(DANA)) == 2


def test_a_decision_on_what_nobody_sees_waits_under_its_short_id(store: Store) -> None:
    name = short_id("reply:<a@acme.example>:1")
    assert store.add_unresolved_decision(DANA, name, Decision(name, Verb.DONE, at(0), DANA), "token-1")
    assert not store.add_unresolved_decision(DANA, name, Decision(name, Verb.DONE, at(0), DANA), "token-1")
    assert [(d.target, d.resolved) for d in store.decisions(DANA)] == [(name, False)]
    assert store.unresolved_ids(DANA) == {name}
    store.resolve_decisions(DANA, {name: "reply:<a@acme.example>:1"})
    assert [(d.target, d.target_id, d.resolved) for d in store.decisions(DANA)] == [("reply:<a@acme.example>:1", name, True)]
    assert store.unresolved_ids(DANA) == frozenset()


def test_another_accounts_decisions_are_its_own(store: Store) -> None:
    store.add_decision(DANA, Decision("reply:1", Verb.DONE, at(0), DANA))
    assert store.decisions("lee@northwind.example") == ()


def test_coverage_is_the_latest_of_each_source_and_leaves_its_cursor(store: Store) -> None:
    put(store, read(message("a")), cursor="7")
    store.set_coverage(Coverage(DANA, MAIL, at(0)))
    failed = Coverage(DANA, MAIL, at(0), "wrong password", at(1), 3, ("a warning ✓",))
    store.set_coverage(failed)
    store.set_coverage(Coverage(DANA, CALENDAR, None, is_calendar=True))
    assert store.coverage(DANA) == (Coverage(DANA, CALENDAR, None, is_calendar=True), failed)
    assert store.cursor(DANA, MAIL) == "7"


def test_a_small_fact_is_written_over(store: Store) -> None:
    assert store.meta("started") is None
    store.set_meta("started", "1")
    store.set_meta("started", "2")
    assert store.meta("started") == "2"


# --- what a plan asks for ---


def test_only_the_reminders_of_today_count_towards_its_limit(store: Store) -> None:
    store.queue((parcel("late last night", kind=ActionKind.REMIND, created=at(0, 23)),), at(0, 23))
    store.queue((parcel("this morning", kind=ActionKind.REMIND, created=at(1, 9)),), at(1, 9))
    past = store.past_actions(DANA, PastScope((), date(2026, 3, 1), at(1, 10), today=at(1), escalates_to_user=False))
    assert past.interruptions == (at(1, 9),)
