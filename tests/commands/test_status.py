"""The status in words, as `kept status` prints it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daemon.commands.status import Status
from daemon.service import health

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


def test_the_status_gives_moments_as_people_write_them() -> None:
    assert Status(WRITTEN, running=False).text() == (
        "Kept is not running; it last worked Wed 4 Mar 2026 07:30. Start it with: kept run\n"
        "  dana@northwind.example  mail imap.northwind.example: read up to Wed 4 Mar 2026 07:00; failing since Wed 4 Mar 2026 07:15: wrong password\n"
        "Queued: nothing."
    )


def test_the_status_names_the_mail_that_was_set_aside_and_prints_no_control_characters() -> None:
    aside = "an email could not be read: INBOX/21, 4 Mar 2026 07:01, from eve\x1b[2J@evil.example (it has more parts than any mail needs)"
    source = WRITTEN["sources"][0] | {"error": None, "warnings": [aside]}  # type: ignore[index]
    lines = Status(WRITTEN | {"sources": [source]}, running=True).text().splitlines()
    assert lines[2] == f"    {aside}".replace("\x1b", " ")


@pytest.mark.parametrize(
    ("encoder", "said"),
    [
        (False, "Mail is read by rules and word weights (reader 9)."),
        (True, "Mail is read by rules, word weights and the encoder (reader 9 with encoder)."),
    ],
)
def test_the_status_says_which_reader_reads(encoder: bool, said: str) -> None:
    written = WRITTEN | {"reader": {"version": "9 with encoder" if encoder else "9", "encoder": encoder}}
    present = Status(written, running=True)
    assert said in present.text().splitlines()
    assert present.document()["reader"] == written["reader"]


def test_a_daemon_of_which_no_turn_succeeded_is_not_said_to_have_worked() -> None:
    failing = WRITTEN | {"last_success": None, "last_failure": WRITTEN["last_turn"], "failures": ["the disk is full"]}
    text = Status(failing, running=True, late=health.is_late(failing, datetime(2026, 3, 4, 7, 31, tzinfo=UTC))).text()
    assert text.startswith("Kept is running (process 7); it has not worked yet. See the failures below, and kept.log.\n")
