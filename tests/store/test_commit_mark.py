"""The mark of a database changes with whatever anybody commits."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from daemon.store import Store

pytest_plugins = ("store_places",)


def test_it_stays_while_nobody_commits(state: Store) -> None:
    """On PostgreSQL the other databases of a server may change it."""
    before = state.commit_mark()
    state.meta("anything")
    assert state.commit_mark() == before


def test_it_changes_with_each_commit_of_its_own_process(store: Store) -> None:
    marks = [store.commit_mark()]
    for value in ("1", "2", "3"):
        store.set_meta("anything", value)
        marks.append(store.commit_mark())
    assert len(set(marks)) == len(marks)


def test_it_changes_with_a_commit_of_another_store(store: Store, where: Path | str) -> None:
    with closing(Store.open(where)) as other:
        before = store.commit_mark()
        other.set_meta("anything", "1")
        assert store.commit_mark() != before


def test_a_view_of_one_account_has_the_same_mark(store: Store) -> None:
    view = store.of_account("dana@northwind.example")
    before = view.commit_mark()
    store.set_meta("anything", "1")
    assert view.commit_mark() == store.commit_mark() != before


def test_it_changes_where_another_copy_of_the_database_is_put_in_place(state: Store, tmp_path: Path) -> None:
    file = tmp_path / "state" / "kept.db"
    state.set_meta("anything", "1")
    before = state.commit_mark()
    copy = tmp_path / "copy.db"
    shutil.copy(file, copy)
    copy.replace(file)
    assert state.commit_mark() != before
