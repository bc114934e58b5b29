"""Another version of the reader comes between two turns: all mail is read again, and nothing is said twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from office import DANA, KIM, Office, every, only

from daemon import reading
from daemon.operations.owed import obligations_at
from daemon.service import health
from daemon.service.state_files import write_state_files

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    made.mail(at(0, 7), KIM, DANA, "Hi Dana,\n\nCan you send me the revised quote?\n\nKim")
    made.mail(at(0, 9), DANA, KIM, "Hi Kim,\n\nI'll send you the drawings by Wednesday.\n\nDana", subject="Drawings")
    return made


def owed(office: Office, now: datetime) -> set[tuple[str, str]]:
    with office.app() as app:
        return {(o.kind, o.id) for o in obligations_at(app, now)}


def stored_version(office: Office) -> str | None:
    with office.app() as app:
        return app.store.people_fingerprint(only(app).account.address)


def test_a_change_of_reader_says_nothing_twice(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.live(*every(10, at(0, 7, 30), at(0, 11, 30)))
    before, keys, version = [m.message_id for m in office.sent()], owed(office, at(0, 11, 30)), stored_version(office)
    assert before
    assert {kind for kind, _ in keys} >= {"reply", "promise"}
    monkeypatch.setattr(reading, "version", lambda: f"{version} and later")
    office.live(*every(10, at(0, 11, 40), at(0, 17)))
    assert stored_version(office) != version
    assert owed(office, at(0, 17)) == keys
    assert [m.message_id for m in office.sent()] == before


def test_the_status_file_names_the_reader(office: Office) -> None:
    with office.app() as app:
        write_state_files(app, at(0, 11), running=False)
        written = health.read_status(app.folder)
    assert written is not None
    assert written["reader"] == {"version": reading.version()}
