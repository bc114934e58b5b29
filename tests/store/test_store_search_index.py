"""The index of the search: in step with the stored mail, through failures and migrations, and empty of what was forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy import text as sql
from store_facts import (
    ACME,
    BIRCH,
    DANA,
    PALLET_QUESTION,
    PALLETS,
    QUESTION,
    TIMES,
    answered,
    filler,
    found,
    message,
    put,
    read,
    sent,
)
from week import at

from connectors.mail import Role
from daemon.store import ReadMessage, Store, engine, json_columns, migrate
from daemon.store import search as searching

pytest_plugins = ("store_places",)

SECRET = "zanzibarium"
_TERMS = ("SELECT term, doc, cnt FROM temp.kept_terms ORDER BY term", "SELECT term, doc, cnt FROM temp.anew_terms ORDER BY term")


def test_read_again_a_mail_is_found_by_what_it_says_now(store: Store) -> None:
    put(store, *answered("a", TIMES), *answered("b", PALLETS, asked=PALLET_QUESTION), *answered("c", TIMES))
    store.forget_cursors()
    put(store, *answered("a", PALLETS, asked=PALLET_QUESTION), *answered("b", TIMES), *answered("c", TIMES, client=None))
    assert found(store, QUESTION) == ["b"]
    assert found(store, PALLET_QUESTION) == ["a"]
    in_step(store)


def test_a_mail_that_turns_out_to_be_sent_is_found(store: Store) -> None:
    put(store, *answered("a", TIMES, role=Role.ARCHIVE))
    assert found(store, QUESTION) == []
    put(store, *answered("a", TIMES))
    assert found(store, QUESTION) == ["a"]
    in_step(store)


def test_a_batch_that_fails_leaves_the_index_as_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from daemon.store import mail as mail_rows

    put(store, *answered("a", PALLETS, asked=PALLET_QUESTION))

    def broken(*_: object) -> None:
        raise RuntimeError("killed here")

    with monkeypatch.context() as patch:
        patch.setattr(mail_rows, "set_cursor", broken)
        with pytest.raises(RuntimeError):
            put(store, *answered("b", TIMES))
    assert found(store, QUESTION) == []
    in_step(store)


def test_a_forgotten_client_and_old_words_are_not_found(store: Store) -> None:
    put(
        store,
        *answered("old", TIMES, at(-500), BIRCH),
        *answered("acme", TIMES, at(0), ACME),
        *answered("birch", TIMES.replace("nine", "ten"), at(0), BIRCH),
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
        wanted = "FROM messages WHERE client IS NOT NULL AND text IS NOT NULL"
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
    assert holding(tmp_path / "state", "birchwood")
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
    INSERT INTO messages (account, message_id, moment, client, round, envelope, text, reading)
    VALUES (:account, :message_id, :moment, :client, 0, :envelope, :text, :reading)
""")


@pytest.fixture
def older(where: Path | str) -> Path | str:
    """A database of the program before there was a search, with mail in it: made by the migrations of that time."""
    server, file = engine.is_postgresql(where), Path(where) / engine.FILE
    opened = engine._postgresql(str(where), 5, read_only=False) if server else engine._sqlite(file, read_only=False)
    migrate.migrate(opened, engine.writing, None if server else file, head="0002")
    with engine.writing(opened) as db:
        db.execute(
            _EARLIER,
            [as_of_then(m) for m in (*answered("a", TIMES), read(message("b", text=TIMES)), sent("c", TIMES, client=None))],
        )
    opened.dispose()
    return where


def as_of_then(one: ReadMessage) -> dict[str, object]:
    mail, words = one.message, one.message.text if one.client else None
    moment = int(mail.date.timestamp()) * 1_000_000
    row = {"account": DANA, "message_id": mail.message_id, "moment": moment, "client": one.client}
    return {**row, "envelope": json_columns.envelope(mail), "text": words, "reading": json_columns.reading_body(one.reading)}


def test_the_migration_fills_the_index_from_what_is_stored(older: Path | str) -> None:
    store = Store.open(older)
    assert found(store, QUESTION) == ["a"]
    in_step(store)
    store.purge(ACME)
    in_step(store)
    store.close()


def test_without_the_index_nothing_is_found_and_all_else_works(state: Store) -> None:
    put(state, *answered("a", TIMES))
    with state._write() as db:
        db.execute(sql("DROP TABLE answers_words"))
    put(state, *answered("b", TIMES))
    state.forget_cursors()
    put(state, *answered("a", PALLETS))
    assert found(state, QUESTION) == []
    assert state.expire(DANA, at(-1), at(-1)) == 0
    assert state.purge(ACME) == 4


def test_a_store_opened_to_read_is_searched_too(store: Store, where: Path | str) -> None:
    put(store, *answered("a", TIMES))
    store.close()
    reader = Store.open(where, read_only=True)
    assert found(reader, QUESTION) == ["a"]
    reader.close()


def test_a_later_change_of_the_messages_leaves_the_index_in_step(state: Store) -> None:
    """Alembic makes such a table anew, under the same name but with other row numbers; so may VACUUM."""
    put(state, *answered("a", PALLETS, asked=PALLET_QUESTION), *answered("b", TIMES))
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
    script = (migrate.SCRIPTS / "versions" / "0012_questions_in_search.py").read_text("utf-8")
    assert searching._VECTOR.replace("messages.", "").replace("\\", "\\\\") in script
