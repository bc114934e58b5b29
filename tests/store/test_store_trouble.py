"""One daemon at a time, and whatever a disk or a database does: one clear line, nothing lost."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from servers.processes import Postgres
from store_facts import DANA, MAIL, message, put, read, stored

from daemon.errors import StoreError
from daemon.store import Store

pytest_plugins = ("store_places",)


def test_a_second_daemon_on_the_same_state_is_refused(where: Path | str) -> None:
    first, second = Store.open(where), Store.open(where)
    with first.lock(), pytest.raises(StoreError, match=r"Another Kept .* is already running"), second.lock():
        pass
    with second.lock():
        pass
    first.close()
    second.close()


def test_a_daemon_that_was_killed_leaves_no_lock_behind(where: Path | str) -> None:
    Store.open(where).close()
    ready, go = os.pipe()
    child = os.fork()
    if not child:
        with Store.open(where).lock():
            os.write(go, b"x")
            threading.Event().wait(30)
        os._exit(0)
    os.read(ready, 1)
    store = Store.open(where)
    with pytest.raises(StoreError, match="already running"), store.lock():
        pass
    os.kill(child, 9)
    os.waitpid(child, 0)
    for _ in range(100):  # a server notices a moment later
        try:
            with store.lock():
                break
        except StoreError:
            threading.Event().wait(0.05)
    else:
        pytest.fail("the lock outlived its process")
    store.close()


def test_an_error_inside_the_lock_is_not_taken_for_the_stores(store: Store) -> None:
    with pytest.raises(FileNotFoundError), store.lock():
        raise FileNotFoundError("of somebody else")


def test_everything_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store = Store.open(tmp_path / "state")
        put(store, read(message("a")))
        with store.lock():
            modes = {f.name: stat.S_IMODE(f.stat().st_mode) for f in (tmp_path / "state").iterdir()}
        assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
        assert modes == dict.fromkeys(("kept.db", "kept.db-wal", "kept.db-shm", "lock"), 0o600)
        store.close()
    finally:
        os.umask(old)


def test_nothing_is_made_where_only_reading_was_asked_for(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"Nothing is stored in .* yet. Run `kept sync` first."):
        Store.open(tmp_path / "state", read_only=True)
    assert not (tmp_path / "state").exists()


def test_a_store_opened_for_reading_cannot_be_written(where: Path | str) -> None:
    writer = Store.open(where)
    put(writer, read(message("a")))
    reader = Store.open(where, read_only=True)
    assert stored(reader) == ["a"]
    with pytest.raises(StoreError):
        reader.set_meta("a", "b")
    reader.close()
    writer.close()


def test_reading_goes_on_while_another_program_writes(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    put(store, read(message("a")))
    other = sqlite3.connect(tmp_path / "kept.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert stored(store) == ["a"]
    other.close()
    store.close()


def test_a_database_that_another_program_holds_is_said_to_be_busy(where: Path | str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.store.engine.PATIENCE", 0.1)
    store, other = Store.open(where), Store.open(where)
    with other._write(), pytest.raises(StoreError, match="another program is using the database"):
        store.set_meta("a", "b")
    store.set_meta("a", "b")
    store.close()
    other.close()


def test_a_full_disk_is_one_clear_line_and_loses_nothing(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    put(store, read(message("a")), cursor="1")
    with store._read() as db:
        pages = db.exec_driver_sql("PRAGMA page_count").scalar()
        db.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError) as told:
        put(store, *(read(message(f"m{n}", text="x" * 8000)) for n in range(50)), cursor="2")
    assert (
        told.value.message
        == f"{tmp_path}/kept.db: the disk is full. Nothing is lost and nothing was sent; free some space, and Kept resumes automatically."
    )
    assert (stored(store), store.cursor(DANA, MAIL)) == (["a"], "1")
    with store._read() as db:
        db.exec_driver_sql("PRAGMA max_page_count=100000")
    put(store, *(read(message(f"m{n}", text="x" * 8000)) for n in range(50)), cursor="2")
    assert len(stored(store)) == 51
    store.close()


@pytest.mark.parametrize("harm", ["header", "middle"])
def test_a_damaged_database_is_one_clear_line_that_says_what_to_do(tmp_path: Path, harm: str) -> None:
    store = Store.open(tmp_path)
    put(store, *(read(message(f"m{n}", text="x" * 8000)) for n in range(50)))
    store.close()
    whole = (tmp_path / "kept.db").read_bytes()
    broken = b"not a database" * 600 if harm == "header" else whole[:4096] + os.urandom(len(whole) - 4096)
    (tmp_path / "kept.db").write_bytes(broken)
    with pytest.raises(StoreError, match=r"the database is damaged. Nothing was sent. .*sent.jsonl"):
        list(Store.open(tmp_path).messages(DANA))
    assert (tmp_path / "kept.db").read_bytes() == broken, "left as it is for whoever repairs it"


def warm_up() -> None:
    """Import what a child without rights to read our files would otherwise import itself."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder))
        list(store.messages("nobody"))
        store.close()


def as_nobody(work: Callable[[], object]) -> str:
    """What a StoreError says to a user without rights; root would be allowed everything."""
    warm_up()
    ready, go = os.pipe()
    child = os.fork()
    if not child:
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            work()
            os.write(go, b"nothing went wrong")
        except BaseException as error:  # noqa: BLE001  # handed to the parent
            os.write(go, f"{type(error).__name__}: {error}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    return os.read(ready, 4000).decode()


@pytest.mark.parametrize("existing", [True, False])
def test_a_state_directory_that_may_not_be_written_is_one_clear_line(existing: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state"
        Path(folder).chmod(0o711)  # others may pass through, as they may not through pytest's own
        if existing:
            Store.open(state).close()
        state.mkdir(exist_ok=True)
        for file in state.iterdir():
            file.chmod(0o444)
        state.chmod(0o555)
        line = as_nobody(lambda: Store.open(state).set_meta("a", "b"))
        state.chmod(0o755)
    what = "it cannot be written. Nothing was sent; make it writable for the user that runs Kept, or name another folder under `state:`."
    assert line == f"StoreError: {state}: {what}"


def test_a_file_where_the_state_directory_should_be_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(StoreError, match="it cannot be written"):
        Store.open(tmp_path / "state")


def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    odd = tmp_path / "50% of #1? ü"
    store = Store.open(odd)
    put(store, read(message("a")))
    store.close()
    assert (odd / "kept.db").is_file()


@pytest.mark.server
def test_a_server_that_cannot_be_reached_or_refuses_is_one_line_without_its_password(postgres: Postgres) -> None:
    for url, line in (
        ("postgresql://kept:hunter2@127.0.0.1:1/kept", "cannot be reached"),
        (f"postgresql://{postgres.user}:hunter2@{postgres.host}:{postgres.port}/nosuch", "no such database"),
        (f"postgresql://nobody:hunter2@{postgres.host}:{postgres.port}/postgres", "refused the login"),
    ):
        with pytest.raises(StoreError, match=line) as told:
            Store.open(url)
        assert "hunter2" not in told.value.message
        assert "\n" not in told.value.message


def test_what_a_program_left_behind_that_was_killed_while_it_made_the_database_is_removed_at_the_next_start(
    tmp_path: Path,
) -> None:
    Store.open(tmp_path).close()
    for name in ("kept.db.new-abc123", "kept.db.new-abc123-journal"):
        (tmp_path / name).touch()
    (tmp_path / "kept.db.news").touch()
    Store.open(tmp_path).close()
    assert [p.name for p in tmp_path.glob("kept.db.new*")] == ["kept.db.news"]


def test_a_database_being_made_is_made_even_if_another_program_removes_its_first_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Path.hardlink_to

    def disturbed(place: Path, target: Path) -> None:
        target.unlink()
        whole(place, target)

    monkeypatch.setattr(Path, "hardlink_to", disturbed)
    Store.open(tmp_path).close()
    assert (tmp_path / "kept.db").stat().st_mode & 0o777 == 0o600
