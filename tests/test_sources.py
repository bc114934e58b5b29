"""Only what the configuration names counts: sources that left it, or were renamed, lose nothing and repeat nothing."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from office import DANA, KIM, Office, every, only
from week import at

from daemon import clock
from daemon.accounts.planning import gather_plan_inputs
from daemon.commands.main import main
from daemon.cycle import turn
from daemon.errors import CannotDo
from daemon.glossary.obligations import Kind
from daemon.operations import sources


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def rename(office: Office, old: str, new: str) -> None:
    """The source moves, and the configuration with it."""
    (office.folder / old).rename(office.folder / new)
    office.config.write_text(office.config.read_text().replace(f"path: {old}", f"path: {new}"))


def leave(office: Office, old: str, new: str) -> None:
    """The configuration names another source, which is empty."""
    (office.folder / new).mkdir()
    office.config.write_text(office.config.read_text().replace(f"path: {old}", f"path: {new}"))


def kept(office: Office, *words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["--config", str(office.config), *words])
    code = left.value.code
    assert isinstance(code, int)
    return code


def test_a_corrected_calendar_address_leaves_no_error_behind(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address was wrong at first: since it is right, sync, digest and status are, too, and free times are known."""
    office.config.write_text(office.config.read_text().replace("path: calendar", "path: wrong"))
    (office.folder / "wrong").write_text("no folder")
    office.business(at(-90, 10))
    office.live(at(0, 6))
    monkeypatch.setattr(clock, "now", lambda: at(0, 7))
    assert kept(office, "sync") == 1
    office.config.write_text(office.config.read_text().replace("path: wrong", "path: calendar"))
    assert kept(office, "sync") == 0
    assert "wrong" not in capsys.readouterr().out.splitlines()[-1]
    office.live(at(0, 8))
    (digest,) = office.sent()
    assert "wrong" not in digest.text
    with office.app() as app:
        inputs = gather_plan_inputs(only(app), only(app).ledger.assessments(at(0, 9)), at(0, 9))
        client = app.office.clients[0]
        assert inputs.find_slots(client, at(1, 9), at(2, 9), timedelta(hours=1), 1)
    capsys.readouterr()
    kept(office, "status", "--json")
    assert [s["error"] for s in json.loads(capsys.readouterr().out)["sources"]] == [None, None]


def test_a_renamed_mailbox_does_not_stop_reminders_and_repeats_nothing(office: Office) -> None:
    office.mail(at(0, 9, 30), KIM, DANA, "Can you send me the revised quote?", name="asked")
    office.live(*every(10, at(0, 9, 40), at(0, 11)))
    before = len(office.sent())
    assert before > 0
    rename(office, "Maildir", "Mail")
    office.live(*every(10, at(0, 11, 10), at(0, 11, 30)))
    assert len(office.sent()) == before, "nothing is said again"
    (office.folder / "Mail" / "cur" / "2.second:2,S").write_bytes(
        b"From: kim@acme.example\r\nTo: dana@northwind.example\r\nDate: Mon, 02 Mar 2026 11:40:00 +0000\r\n"
        b"Subject: Pallet\r\nMessage-ID: <second@acme.example>\r\n\r\nWhen will the pallet arrive?\r\n"
    )
    office.live(*every(10, at(0, 11, 50), at(0, 14)))
    assert sum("pallet" in m.text.lower() for m in office.sent()) == 1, "and what comes by the new name is reminded of"


def test_what_lay_ahead_in_a_calendar_that_left_no_longer_counts(office: Office) -> None:
    office.business(at(-30, 10))
    office.event("held", at(-3, 10), "Review of last week")
    office.event("ahead", at(3, 10), "Workshop")
    office.live(at(0, 6))
    leave(office, "calendar", "other")
    office.live(at(0, 7))
    with office.app() as app:
        runtime = only(app)
        uids = {e.uid for e in app.store.events(DANA, at(0, 7), runtime.sources.calendars)}
        client = app.office.clients[0]
        seen = {e.uid for e in runtime.ledger.facts.events(client.name, at(0, 7))}
        inputs = gather_plan_inputs(runtime, runtime.ledger.assessments(at(0, 7)), at(0, 7))
        (free, *_) = inputs.find_slots(client, at(3, 10), at(3, 11), timedelta(hours=1), 1) or (None,)
    assert uids == {"held"}, "what took place remains a fact, as its mail would"
    assert seen == {"held"}
    assert free is not None


def test_a_moved_calendar_shows_each_meeting_once(office: Office) -> None:
    office.event("ahead", at(3, 10), "Workshop")
    office.event("held", at(-3, 10), "Review")
    office.live(at(0, 6))
    rename(office, "calendar", "moved")
    office.live(at(0, 7))
    with office.app() as app:
        assert sorted(e.uid for e in app.store.events(DANA, at(0, 7), only(app).sources.calendars)) == ["ahead", "held"]


def test_a_review_held_in_a_calendar_that_left_is_not_booked_again(office: Office) -> None:
    office.business(datetime(2025, 9, 1, 10, tzinfo=UTC))
    office.event("review", at(-10, 10), "Expectation review with Acme")
    office.live(at(-1, 7))
    with office.app() as app:
        before = [(o.kind, o.due) for a in only(app).ledger.assessments(at(-1, 8)) for o in a.obligations]
    leave(office, "calendar", "other")
    office.live(at(-1, 9))
    with office.app() as app:
        after = [(o.kind, o.due) for a in only(app).ledger.assessments(at(-1, 9)) for o in a.obligations]
    assert after == before


def test_sources_lists_what_left_and_forgets_it(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.event("held", at(-3, 10), "Review")
    office.live(at(0, 6))
    leave(office, "calendar", "other")
    office.live(at(0, 7))
    assert kept(office, "sources", "--json") == 0
    listed: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["sources"]
    assert [(s["kind"], s["configured"]) for s in listed] == [("calendar", True), ("mailbox", True), ("calendar", False)]
    name = listed[-1]["source"]
    assert kept(office, "sources") == 0
    assert "kept sources forget" in capsys.readouterr().out
    assert kept(office, "sources", "forget", name) == 0
    with office.app() as app:
        assert [c.source for c in app.store.all_coverage()] == [s["source"] for s in listed[:2]]
        assert app.store.events(DANA) == ()
    assert kept(office, "sources", "forget", name) == 1


def test_a_source_in_use_is_not_forgotten(office: Office) -> None:
    office.live(at(0, 6))
    with office.app() as app, pytest.raises(CannotDo, match="in use"):
        sources.find_gone(app, only(app).coverage()[0].source)


def test_an_archive_as_second_mailbox_leaves_the_cursor_of_the_first(office: Office) -> None:
    office.mail(at(0, 6), KIM, DANA, "Can you send me the revised quote?", name="new")
    old = office.folder / "Archive"
    for part in ("cur", "new", "tmp"):
        (old / part).mkdir(parents=True)
    (old / "cur" / "1.old:2,S").write_bytes(
        b"From: kim@acme.example\r\nTo: dana@northwind.example\r\nDate: Thu, 05 Jan 2023 10:00:00 +0000\r\n"
        b"Subject: Old\r\nMessage-ID: <old@acme.example>\r\n\r\nThank you for the visit.\r\n"
    )
    text = office.config.read_text()
    office.config.write_text(
        text.replace("{type: maildir, path: Maildir}", "{type: maildir, path: Maildir}, {type: maildir, path: Archive}")
    )
    with office.app() as app:
        app.begin(at(-1, 0))
        turn(only(app), at(0, 8))
        assert app.store.message_ids(DANA) == {"<new@acme.example>", "<old@acme.example>"}
        assert all(app.store.cursor(DANA, source) for source in only(app).sources.mailboxes)


def test_a_removed_accounts_message_does_not_stand_in_the_others_digest_for_ever(office: Office) -> None:
    with office.app() as app:
        app.begin(at(-1, 0))
        app.store.set_message_for_others("gone@northwind.example", "the password is wrong", at(-1, 0))
        turn(only(app), at(0, 8))
    (digest,) = office.sent()
    assert "gone@northwind.example" not in digest.text


def test_the_mail_of_a_source_that_left_is_kept_or_forgotten_as_the_user_says(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both mailboxes hold one of the mails: what the other one holds, too, comes back with it."""
    text = office.config.read_text()
    office.mail(at(0, 6), KIM, DANA, "Can you send me the revised quote?", name="both")
    private = office.folder / "Private"
    shutil.copytree(office.folder / "Maildir", private)
    (private / "cur" / "1.alone:2,S").write_bytes(
        b"From: kim@acme.example\r\nTo: dana@northwind.example\r\nDate: Mon, 02 Mar 2026 06:30:00 +0000\r\n"
        b"Subject: Pallet\r\nMessage-ID: <alone@acme.example>\r\n\r\nWhen will the pallet arrive?\r\n"
    )
    office.config.write_text(text.replace("path: Maildir}", "path: Private}, {type: maildir, path: Maildir}"))
    office.live(at(0, 8))
    office.config.write_text(text)
    capsys.readouterr()
    assert kept(office, "sources", "forget", "Private", "--mail", "--json") == 0
    assert json.loads(capsys.readouterr().out)["messages"] >= 1
    office.live(at(0, 9))
    with office.app() as app:
        assert app.store.message_ids(DANA) == {"<both@acme.example>"}
        assert {o.source.reference for o in app.open_obligations(at(0, 9)) if o.kind is Kind.REPLY} == {"<both@acme.example>"}


def test_mail_of_a_source_that_left_stays_unless_the_user_says_otherwise(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.mail(at(0, 6), KIM, DANA, "Can you send me the revised quote?", name="old")
    office.live(at(0, 8))
    leave(office, "Maildir", "Other")
    (office.folder / "Other" / "cur").mkdir()
    capsys.readouterr()
    assert kept(office, "sources", "forget", "Maildir") == 0
    assert "The mail that came by it stays." in capsys.readouterr().out
    with office.app() as app:
        assert app.store.message_ids(DANA) == {"<old@acme.example>"}


def test_status_shows_a_source_that_left_no_more_before_any_new_turn(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(0, 8))
    assert kept(office, "sync") == 0
    leave(office, "calendar", "other")
    capsys.readouterr()
    assert kept(office, "status") == 0
    page = capsys.readouterr().out
    assert f"calendar {office.folder}/other: not read yet" in page
    assert f"calendar {office.folder}/calendar" not in page


@pytest.mark.parametrize("words", [("due",), ("due", "--all")], ids=["from what was kept", "computed anew"])
def test_the_list_of_what_is_owed_says_since_when_nobody_has_read(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(0, 8))
    assert kept(office, "sync") == 0
    capsys.readouterr()
    assert kept(office, *words) == 0
    assert "Not complete" not in capsys.readouterr().out
    monkeypatch.setattr(clock, "now", lambda: at(0, 12))
    assert kept(office, *words) == 0
    assert "have not been read since today 08:00. Read with: kept sync" in capsys.readouterr().out
    assert kept(office, *words, "--json") == 0
    assert [s["seen_until"] for s in json.loads(capsys.readouterr().out)["unread"]] == ["2026-03-02T08:00:00+00:00"] * 2
