"""`kept digest --send` says what became of the digest, however often it is asked; `kept sent-log merge` takes other logs into account."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from children import kept
from office import DANA, Office

from daemon.operations.digests import send_digests

MORNING, LATER = datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC)


def send(office: Office, now: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
    with office.app() as app:
        return send_digests(app, now)


def test_what_could_not_be_sent_is_never_called_gone_out_and_is_tried_again_when_asked_for(tmp_path: Path) -> None:
    office = Office(tmp_path)
    (tmp_path / "outbox").write_text("in the way of every mail")
    for now in (MORNING, MORNING, LATER):
        ((), (line,)) = send(office, now)
        assert line.startswith(f"The digest for {DANA} could not be sent: ")
        assert "Kept will try again from" in line
    (tmp_path / "outbox").unlink()
    assert send(office, LATER) == ((f"{DANA}: sent",), ())
    again = (f"{DANA}: nothing was sent; today's digest has already gone out",)
    assert send(office, LATER) == (again, ())
    assert send(office, LATER.replace(hour=13)) == (again, ())
    assert len(office.sent()) == 1


def test_on_a_day_without_a_digest_it_says_when_the_next_one_comes(tmp_path: Path) -> None:
    ((line,), ()) = send(Office(tmp_path), datetime(2026, 3, 1, 9, tzinfo=UTC))
    assert line == f"{DANA}: nothing was sent; no digest is due now, and the next one comes Monday 02 March at 07:30"


def test_another_machines_sent_log_is_merged_once_and_bad_lines_are_named(tmp_path: Path) -> None:
    here, there = Office(tmp_path / "here"), Office(tmp_path / "there")
    assert send(there, MORNING)[1] == ()
    log = tmp_path / "there" / "state" / "sent.jsonl"
    log.write_bytes(log.read_bytes() + b"not a line\n")
    for added in (1, 0):
        found = kept("sent-log", "merge", str(log), "--json", "--config", str(here.config))
        assert found.returncode == 0, found.stderr
        ((result),) = json.loads(found.stdout)["files"]
        assert (result["added"], result["known"], [bad["line"] for bad in result["unreadable"]]) == (added, 1 - added, [2])
    assert send(here, MORNING) == ((f"{DANA}: nothing was sent; today's digest has already gone out",), ())
    missing = kept("sent-log", "merge", str(tmp_path / "none"), "--config", str(here.config))
    assert (missing.returncode, len(missing.stderr.strip().splitlines())) == (1, 1)
