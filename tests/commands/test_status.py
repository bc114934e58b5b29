"""The status in words, as `kept status` prints it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import Office

from daemon.commands.setup.check import check_owners
from daemon.operations.status import Status, read
from daemon.service import health, status_values

NOW = datetime(2026, 3, 4, 7, 31, tzinfo=UTC)
WRITTEN = {
    "pid": 7,
    "last_turn": "2026-03-04T07:30:12.5+00:00",
    "queue": {"waiting": 0},
    "failures": [],
    "sources": [
        {
            "account": "dana@northwind.example",
            "source": "mail imap.northwind.example",
            "seen_until": "2026-03-04T07:00:00+00:00",
            "failed_since": "2026-03-04T07:15:00+00:00",
            "error": "wrong password",
        }
    ],
}


def shown(written: dict[str, Any], *, running: bool = False, late: bool = False, zone: str = "Europe/London") -> Status:
    """The status of an account in a zone, of what a file says."""
    return Status(status_values.checked(written) or {}, running, NOW, late=late, zones={"dana@northwind.example": ZoneInfo(zone)})


def test_the_status_gives_moments_as_people_say_them() -> None:
    assert shown(WRITTEN).text() == (
        "Kept is not running; it last worked today 07:30. Start it with: kept service install\n"
        "dana@northwind.example\n"
        "  mail imap.northwind.example: read up to today 07:00; failing since today 07:15: wrong password\n"
        "Nothing is waiting to go out."
    )


def test_moments_are_in_the_accounts_own_time_whoever_wrote_the_file() -> None:
    lines = shown(WRITTEN, zone="America/New_York").text().splitlines()
    assert "it last worked today 02:30" in lines[0]
    assert "read up to today 02:00" in lines[2]


def test_what_waits_to_go_out_is_said_in_words() -> None:
    text = shown(WRITTEN | {"queue": {"waiting": 2, "unknown": 1, "refused": 0}}).text()
    assert "Messages and bookings: 2 waiting to go out and 1 of which it is not known whether they went out." in text


def test_a_source_that_left_the_configuration_is_not_shown_and_a_new_one_is_not_read_yet() -> None:
    new = frozenset({("dana@northwind.example", "calendar https://cal.northwind.example")})
    status = Status(status_values.checked(WRITTEN) or {}, running=True, now=NOW, configured=new)
    assert "imap" not in status.text()
    assert "  calendar https://cal.northwind.example: not read yet" in status.text()
    assert status.document()["sources"] == []


@pytest.mark.parametrize("present", ["", "{", "[]", "null", "7", '"x"', "{}", "\x00", "[" * 100_000])
def test_a_status_file_that_is_damaged_says_so_and_how_it_is_mended(tmp_path: Path, present: str) -> None:
    office = Office(tmp_path)
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / health.FILE).write_text(present)
    text = read(office.config, NOW).text()
    assert "The status file in the state directory is damaged" in text
    assert "kept sync" in text


def test_without_a_status_file_kept_has_not_run_here(tmp_path: Path) -> None:
    assert read(Office(tmp_path).config, NOW).text() == "Kept has not run here yet. Start it with: kept service install"


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=20), lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=8), v, max_size=3), max_leaves=12)  # fmt: skip
KEYS = ["pid", "stopped", "last_turn", "last_success", "last_failure", "sources", "queue", "failures", "unsettled", "reader"]


@given(st.dictionaries(st.sampled_from(KEYS), JSON | st.just("2026-03-04T07:30:00+00:00") | st.just([{"source": "mail x"}])))
def test_whatever_stands_in_the_file_there_is_a_status_in_words(written: dict[str, Any]) -> None:
    found = shown(written)
    assert found.text()
    json.dumps(found.document())
    assert health.is_late(found.written, NOW) in (True, False)


def test_the_status_names_the_mail_that_was_set_aside_and_prints_no_control_characters() -> None:
    aside = "an email could not be read: INBOX/21, 4 Mar 2026 07:01, from eve\x1b[2J@evil.example (it has more parts than any mail needs)"
    source = WRITTEN["sources"][0] | {"error": None, "warnings": [aside]}  # type: ignore[index]
    lines = shown(WRITTEN | {"sources": [source]}, running=True).text().splitlines()
    assert lines[3] == f"    {aside}".replace("\x1b", " ")


def test_the_status_says_which_reader_reads() -> None:
    written = WRITTEN | {"reader": {"version": "9"}}
    present = shown(written, running=True)
    assert "Mail is read by rules and word weights (reader 9)." in present.text().splitlines()
    assert present.document()["reader"] == written["reader"]


def test_a_daemon_of_which_no_turn_succeeded_is_not_said_to_have_worked() -> None:
    failing = WRITTEN | {"last_success": None, "last_failure": WRITTEN["last_turn"], "failures": ["the disk is full"]}
    text = shown(failing, running=True, late=health.is_late(failing, NOW)).text()
    assert text.startswith("Kept is running (process 7); it has not worked yet. See the failures below, and kept.log.\n")


def test_a_client_whose_owner_reads_nothing_is_named_with_what_to_do(tmp_path: Path) -> None:
    """The review is the owner's alone, and a manager without a mailbox books none."""
    office = Office(tmp_path)
    lee = (
        "  - {name: Lee, addresses: [lee@northwind.example], time_zone: Europe/London, holidays: GB-ENG, mail: [], calendars: [], "
        'working_hours: {days: mon-fri, start: "09:00", end: "17:30"}}\n'
    )
    text = office.config.read_text().replace("clients:\n", f"{lee}clients:\n")
    office.config.write_text(text.replace("domains: [acme.example]", "domains: [acme.example]\n    owner: lee@northwind.example"))
    office.live(NOW)
    (line,) = read(office.config, NOW).without_reviews
    assert line.startswith("Acme Ltd: nobody books reviews with them, as their `owner:`, lee@northwind.example")
    with office.app() as app:
        (owners,) = check_owners(app)
    assert (owners.works, owners.details) == (False, (line,))


def test_of_clients_whose_owners_read_their_mail_nothing_is_said(tmp_path: Path) -> None:
    office = Office(tmp_path)
    with office.app() as app:
        assert list(check_owners(app)) == []
    assert read(office.config, NOW).without_reviews == ()
