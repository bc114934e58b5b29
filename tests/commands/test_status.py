"""The status in words, as `kept status` prints it."""

from __future__ import annotations

from daemon.commands.status import Status

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
