"""The search over what the user wrote to clients, on SQLite and on PostgreSQL alike: what is found, and what of it is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy import text as sql
from store_facts import ACME, BIRCH, DANA, MAIL, PRICES, QUESTION, TIMES, filler, message, put, read, sent
from week import at

from connectors.mail import Role
from daemon.reading import Reading
from daemon.store import ReadMessage, Store, engine, json_columns, migrate
from daemon.store import search as searching
from daemon.store.search import EarlierAnswer, body, passage, speaks_of_it, telling, terms, weigh

pytest_plugins = ("store_places",)

LATE = at(30)
SECRET = "zanzibarium"
_TERMS = ("SELECT term, doc, cnt FROM temp.kept_terms ORDER BY term", "SELECT term, doc, cnt FROM temp.anew_terms ORDER BY term")


def found(store: Store, asked: str, before: datetime = LATE, **more: int) -> list[str]:
    return names(store.earlier_answers(DANA, asked, before=before, **more))


def names(answers: Iterable[EarlierAnswer]) -> list[str]:
    return [f.message_id.split("@")[0][1:] for f in answers]


# --- what is found ---


def test_an_earlier_answer_comes_back_with_where_it_stands(store: Store) -> None:
    put(
        store,
        sent("prices", PRICES),
        sent("times", f"Hi Kim,\n\n{TIMES}\n\nKind regards\nDana", subject="Re: Delivery", client=BIRCH),
    )
    (answer,) = store.earlier_answers(DANA, QUESTION, before=at(1))
    assert answer == EarlierAnswer("<times@acme.example>", BIRCH, at(0), "Re: Delivery", TIMES, answer.score)
    assert 0 < answer.score <= 1


def test_the_best_answers_come_first_and_no_more_than_asked_for(store: Store) -> None:
    put(
        store,
        sent("some", "Rotterdam is closed on Monday, so the delivery waits."),
        sent("all", "Express delivery to Rotterdam takes two days with a surcharge."),
        sent("other", PRICES),
    )
    asked = "What is the surcharge for an express delivery to Rotterdam?"
    assert found(store, asked) == ["all", "some"]
    assert found(store, asked, most=1) == ["all"]
    assert found(store, asked, most=0) == []


def test_words_meet_whatever_their_endings(store: Store) -> None:
    put(
        store,
        sent("a", "Our prices for galvanised brackets: see page 4."),
        sent("b", "Die Lieferzeiten der Rechnungen und Preise."),
    )
    assert found(store, "What is the price of one galvanised bracket?") == ["a"]
    assert found(store, "Wie ist die Lieferzeit, und wann kommt die Rechnung?") == ["b"]


@pytest.mark.parametrize(
    "written", ["the AB1234-9 pump", "pump (AB1234/9)", "pump: ab1234.", "pump=AB1234,9", "acme.example/AB1234@pump"]
)
def test_a_part_number_is_found_however_it_is_written(store: Store, written: str) -> None:
    put(store, sent("a", f"We stock {written} again."))
    assert found(store, "Do you have pump AB1234?") == ["a"]


def test_only_what_the_user_sent_to_clients_is_found(store: Store) -> None:
    put(
        store,
        read(message("theirs", text=TIMES)),
        sent("nobodys", TIMES, client=None),
        read(message("draft", sender=DANA, role=Role.ARCHIVE, text=TIMES)),
        read(message("sly", text=TIMES, subject='"role":"sent"', headers={"role": "sent"})),
        ReadMessage(sent("away", TIMES).message, Reading(new_text=TIMES, automated="auto_reply"), ACME),
    )
    store.add_mail("lee@northwind.example", MAIL, [sent("colleagues", TIMES)], "1", (), at(0))
    assert found(store, QUESTION) == []
    assert names(store.earlier_answers("lee@northwind.example", QUESTION, before=at(1))) == ["colleagues"]


def test_nothing_later_than_the_moment_asked_about_is_found_or_counts(store: Store) -> None:
    put(store, sent("early", TIMES, at(0)))
    then = store.earlier_answers(DANA, QUESTION, before=at(1))
    put(store, sent("late", TIMES.replace("nine", "ten"), at(2)), *(replace_date(f, at(3)) for f in filler()))
    assert store.earlier_answers(DANA, QUESTION, before=at(1)) == then
    assert found(store, QUESTION, before=at(0)) == ["early"]
    assert found(store, QUESTION, before=at(-1)) == []
    assert found(store, QUESTION, before=at(2)) == ["late", "early"]


def replace_date(one: ReadMessage, when: datetime) -> ReadMessage:
    return replace(one, message=replace(one.message, date=when, received=when))


def test_nothing_is_better_than_nonsense(store: Store) -> None:
    put(store, *filler(), sent("times", TIMES))
    assert found(store, "Can you recommend a restaurant near the station?") == []
    assert found(store, "Which delivery firm paints houses, walls and garden fences?") == [], "one common word in common"
    assert found(store, "Thanks a lot, that is great!") == []
    assert found(store, "") == []


def test_one_word_that_is_hardly_ever_written_is_enough_and_a_common_one_is_not(store: Store) -> None:
    put(store, *filler(), sent("rare", "Galvanised parts need a week more."))
    assert found(store, "Do you sell galvanised ones?") == ["rare"]
    assert found(store, "And the invoice?") == []


def test_who_is_named_in_every_mail_makes_none_of_them_an_answer(store: Store) -> None:
    put(store, sent("a", "Hi Kim,\n\nKim Lee of Acme gets a visit.\n\nBest\nDana North"))
    assert found(store, "Dear Dana, it is Kim Lee of Acme Ltd. How are you?\n\nBest wishes\nKim Lee") == []


def test_the_same_words_to_many_are_one_answer_the_latest(store: Store) -> None:
    put(store, *(sent(f"n{n}", TIMES, at(n), client) for n, client in enumerate([ACME, BIRCH, ACME])))
    assert found(store, QUESTION) == ["n2"]


def test_a_status_ranks_below_an_answer(store: Store) -> None:
    status = sent("status", "I look into the delivery to Rotterdam.", at(5))
    put(store, replace(status, reading=Reading(new_text=status.message.text, tag=True)), sent("answer", TIMES, at(0)))
    assert found(store, QUESTION) == ["answer", "status"]


HOSTILE = [
    '"',
    "'",
    '" OR text:*',
    "NEAR(a b)",
    "a AND NOT b",
    "') OR 1=1 --",
    "text : delivery",
    "^delivery*",
    "a & | ! :* <-> b",
    "%s :x \\",
    "🚚" * 9,
]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_mail_can_steer_the_query(store: Store, words: str) -> None:
    put(store, sent("a", PRICES), sent("b", TIMES))
    assert found(store, words) == []
    assert found(store, f"{words} {QUESTION} {words}") in (["b"], [])
    assert found(store, f"delivery {words} Rotterdam") == ["b"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=60))
@example("\N{ADLAM CAPITAL LETTER ALIF}" * 4)
@example("\ud800 \0 ab\0cd")
def test_any_text_can_be_stored_and_asked(store: Store, words: str) -> None:
    store.forget_cursors()
    put(store, sent("a", f"{words} delivery {words}", subject=words))
    assert names(store.earlier_answers(DANA, words, before=at(1))) in (["a"], [])


# --- passages ---


def test_a_passage_is_the_stretch_that_says_most_on_one_line(store: Store) -> None:
    long = "Our brackets are painted. " * 40 + f"\n{TIMES}\n" + "The weather is fine here. " * 40
    put(store, sent("a", long))
    (answer,) = store.earlier_answers(DANA, QUESTION, before=at(1))
    assert answer.words.startswith("…" + TIMES)
    assert answer.words.endswith("…")
    assert len(answer.words) <= 200


WORDS = st.lists(st.sampled_from(["price", "list", "bracket.", "x" * 90, "y" * 300, "and", "so\n", "end."]), max_size=60).map(
    " ".join
)


@given(words=WORDS)
def test_no_passage_is_longer_than_it_may_be_and_its_words_stand_in_it(words: str) -> None:
    weights = weigh(dict.fromkeys(terms("price list bracket"), 1), 10)
    shown, shared = passage(words, weights)
    assert len(shown) <= 200
    assert shared <= terms(shown)


@given(often=st.dictionaries(st.text("abc", min_size=1), st.integers(1, 500), min_size=1, max_size=12))
def test_what_is_left_out_of_the_query_could_not_have_made_an_answer(often: dict[str, int]) -> None:
    weights = weigh(often, 500)
    needed = telling(weights, sum(weights.values()))
    left_out = frozenset(weights) - frozenset(needed)
    assert not speaks_of_it(left_out, weights, 500)
    assert all(often[word] <= often[other] for word in needed for other in left_out)


def test_a_mail_without_its_courtesies() -> None:
    assert body("Dear Kim,\n\nthe price is 5.\n\nKind regards\nDana\nNorthwind").strip() == "the price is 5."
    assert body("Best price is 5").strip() == "Best price is 5"
    assert body("Thanks\n\nThe price is 5").strip() == "Thanks\n\nThe price is 5"


# --- the index in step with the mail ---


def test_read_again_a_mail_is_found_by_what_it_says_now(store: Store) -> None:
    put(store, sent("a", TIMES), sent("b", PRICES), sent("c", TIMES))
    store.forget_cursors()
    put(store, sent("a", PRICES), sent("b", TIMES), sent("c", TIMES, client=None))
    assert found(store, QUESTION) == ["b"]
    assert found(store, "The price list for steel brackets?") == ["a"]
    in_step(store)


def test_a_mail_that_turns_out_to_be_sent_is_found(store: Store) -> None:
    put(store, read(message("a", sender=DANA, role=Role.ARCHIVE, text=TIMES)))
    assert found(store, QUESTION) == []
    put(store, sent("a", TIMES))
    assert found(store, QUESTION) == ["a"]
    in_step(store)


def test_a_batch_that_fails_leaves_the_index_as_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from daemon.store import mail as mail_rows

    put(store, sent("a", PRICES))

    def broken(*_: object) -> None:
        raise RuntimeError("killed here")

    with monkeypatch.context() as patch:
        patch.setattr(mail_rows, "set_cursor", broken)
        with pytest.raises(RuntimeError):
            put(store, sent("b", TIMES))
    assert found(store, QUESTION) == []
    in_step(store)


def test_a_forgotten_client_and_old_words_are_not_found(store: Store) -> None:
    put(
        store,
        sent("old", TIMES, at(-500), BIRCH),
        sent("acme", TIMES, at(0), ACME),
        sent("birch", "Delivery to Rotterdam: ask.", at(0), BIRCH),
    )
    store.expire(DANA, at(-400), at(-400))
    store.purge(ACME)
    assert found(store, QUESTION) == ["birch"]
    in_step(store)


def in_step(store: Store) -> None:
    """The index holds exactly what an index made anew of the stored mail would hold."""
    with store._write() as db:
        if db.dialect.name != "sqlite":
            return
        db.execute(sql("INSERT INTO answers_words (answers_words) VALUES ('integrity-check')"))
        wanted = 'FROM messages WHERE client IS NOT NULL AND text IS NOT NULL AND envelope LIKE \'%"role"\\:"sent"%\''
        db.execute(sql("CREATE VIRTUAL TABLE temp.anew USING fts5(text, tokenize='unicode61 remove_diacritics 2')"))
        db.execute(sql(f"INSERT INTO temp.anew (text) SELECT text {wanted}"))
        db.execute(sql("CREATE VIRTUAL TABLE temp.anew_terms USING fts5vocab(temp, anew, row)"))
        db.execute(sql("CREATE VIRTUAL TABLE temp.kept_terms USING fts5vocab(main, answers_words, row)"))
        terms_of = [db.execute(sql(of)).all() for of in _TERMS]
        counts = [db.scalar(sql(f"SELECT count(*) {rest}")) for rest in ("FROM answers", wanted)]
        for name in ("kept_terms", "anew_terms", "anew"):
            db.execute(sql(f"DROP TABLE temp.{name}"))
    assert terms_of[0] == terms_of[1]
    assert counts[0] == counts[1]


# --- nothing of it stays ---


def holding(folder: Path, word: str) -> list[str]:
    return [f.name for f in folder.iterdir() if word.encode() in f.read_bytes()]


def many(client: str, word: str, when: datetime) -> list[ReadMessage]:
    return [sent(f"{client[:2]}{n}{when:%m}", f"{word} with {word}ology and filler{n} words", when, client) for n in range(120)]


@pytest.mark.parametrize("batches", [1, 40])
def test_after_a_purge_no_file_holds_a_word_of_the_client(state: Store, tmp_path: Path, batches: int) -> None:
    mails = many(ACME, SECRET, at(0)) + many(BIRCH, "birchwood", at(0))
    for n in range(batches):
        put(state, *mails[n::batches])
    assert holding(tmp_path / "state", SECRET)
    state.purge(ACME)
    assert holding(tmp_path / "state", SECRET) == []
    assert holding(tmp_path / "state", SECRET[3:]) == [], "nor what is left of a word that shares its beginning with another"
    assert found(state, "Which birchwoodology filler7 words?")
    in_step(state)


def test_old_words_leave_the_files_too(state: Store, tmp_path: Path) -> None:
    put(state, *many(ACME, SECRET, at(-500)), *many(ACME, "birchwood", at(0)))
    assert state.expire(DANA, at(-400), at(-400)) == 120
    assert holding(tmp_path / "state", SECRET[3:]) == []
    assert holding(tmp_path / "state", "birchwood")


def test_words_replaced_in_a_new_round_of_reading_go_with_the_next_purge(state: Store, tmp_path: Path) -> None:
    put(state, *many(ACME, SECRET, at(0)))
    state.forget_cursors()
    put(state, *(replace(m, client=BIRCH) for m in many(ACME, SECRET, at(0))))
    state.purge(BIRCH)
    assert holding(tmp_path / "state", SECRET[3:]) == []


# --- the tables ---


_EARLIER = sql("""
    INSERT INTO messages (account, message_id, moment, client, round, envelope, text)
    VALUES (:account, :message_id, :moment, :client, 0, :envelope, :text)
""")


@pytest.fixture
def older(where: Path | str) -> Path | str:
    """A database of the program before there was a search, with mail in it: made by the migrations of that time."""
    server, file = engine.is_postgresql(where), Path(where) / engine.FILE
    opened = engine._postgresql(str(where), read_only=False) if server else engine._sqlite(file, read_only=False)
    migrate.migrate(opened, engine.writing, None if server else file, head="0002")
    with engine.writing(opened) as db:
        db.execute(
            _EARLIER, [as_of_then(m) for m in (sent("a", TIMES), read(message("b", text=TIMES)), sent("c", TIMES, client=None))]
        )
    opened.dispose()
    return where


def as_of_then(one: ReadMessage) -> dict[str, object]:
    mail, words = one.message, one.message.text if one.client else None
    moment = int(mail.date.timestamp()) * 1_000_000
    row = {"account": DANA, "message_id": mail.message_id, "moment": moment, "client": one.client}
    return {**row, "envelope": json_columns.envelope(mail), "text": words}


def test_the_migration_fills_the_index_from_what_is_stored(older: Path | str) -> None:
    store = Store.open(older)
    assert found(store, QUESTION) == ["a"]
    in_step(store)
    store.purge(ACME)
    in_step(store)
    store.close()


def test_without_the_index_nothing_is_found_and_all_else_works(state: Store) -> None:
    put(state, sent("a", TIMES))
    with state._write() as db:
        db.execute(sql("DROP TABLE answers_words"))
    put(state, sent("b", TIMES))
    state.forget_cursors()
    put(state, sent("a", PRICES))
    assert found(state, QUESTION) == []
    assert state.expire(DANA, at(-1), at(-1)) == 0
    assert state.purge(ACME) == 2


def test_a_store_opened_to_read_is_searched_too(store: Store, where: Path | str) -> None:
    put(store, sent("a", TIMES))
    store.close()
    reader = Store.open(where, read_only=True)
    assert found(reader, QUESTION) == ["a"]
    reader.close()


def test_a_later_change_of_the_messages_leaves_the_index_in_step(state: Store) -> None:
    """Alembic makes such a table anew, under the same name but with other row numbers; so may VACUUM."""
    put(state, sent("a", PRICES), sent("b", TIMES))
    with state._write() as db:
        for statement in (
            "CREATE TABLE other AS SELECT * FROM messages ORDER BY message_id DESC",
            "DROP TABLE messages",
            "ALTER TABLE other RENAME TO messages",
        ):
            db.execute(sql(statement))
    assert found(state, QUESTION) == ["b"]
    in_step(state)


@pytest.mark.server
@pytest.mark.parametrize("statistics", [False, True])
def test_postgresql_searches_by_its_index(request: pytest.FixtureRequest, *, statistics: bool) -> None:
    """Right after a first sync too: by any other index it would work out the words of all mail, which takes seconds."""
    store = Store.open(str(request.getfixturevalue("postgres").database("store_search_plan")))
    put(store, *filler(600), sent("a", TIMES))
    with store._write() as db:
        if statistics:
            db.execute(sql("ANALYZE messages"))
        statement = searching._matching(db, DANA, at(1), ["rotterdam"])
        event.listen(db, "before_cursor_execute", lambda *call: (f"EXPLAIN {call[2]}", call[3]), retval=True)
        explained = db.execute(statement.with_only_columns(sql("1"), maintain_column_froms=True)).all()
    store.close()
    assert "answers_words" in str(explained)
    assert "messages_by_client" not in str(explained)


def test_the_program_asks_postgresql_with_the_migrations_own_words() -> None:
    """An index over an expression is used only for the same expression."""
    script = (migrate.SCRIPTS / "versions" / "0003_search.py").read_text("utf-8")
    assert searching._VECTOR.replace("messages.", "").replace("\\", "\\\\") in script
