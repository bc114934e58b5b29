"""`kept open`: where the mail behind an obligation is."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from office import DANA, KIM, Office
from week import at

from daemon import clock
from daemon.commands import open as opening
from daemon.commands.due import offered_ids
from daemon.commands.main import build, main


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    office = Office(tmp_path)
    office.business(at(-90, 10))
    office.mail(at(0, 9, 30), KIM, DANA, "When will the second pallet arrive?", subject="Second pallet", name="pallet")
    office.live(at(0, 10))
    monkeypatch.setattr(clock, "now", lambda: at(0, 11))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    return office


def kept(office: Office, *words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["--config", str(office.config), *words])
    assert isinstance(left.value.code, int)
    return left.value.code


def owed(office: Office, capsys: pytest.CaptureFixture[str], kind: str) -> Any:
    capsys.readouterr()
    kept(office, "due", "--json")
    found = json.loads(capsys.readouterr().out)["obligations"]
    return next(o for o in found if o["kind"] == kind)


def test_a_mail_in_a_maildir_is_its_file(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    reply = owed(office, capsys, "reply")
    assert kept(office, "open", reply["id"]) == 0
    printed = capsys.readouterr()
    subject, file = printed.out.splitlines()
    assert subject == f"“Second pallet” from {KIM}, today 09:30, in INBOX"
    assert "When will the second pallet arrive?" in Path(file).read_text()
    assert "no desktop" in printed.err


def test_a_mail_that_was_moved_away_is_named_by_its_message_id(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    reply = owed(office, capsys, "reply")
    next((office.folder / "Maildir" / "cur").glob("*pallet*")).unlink()
    assert kept(office, "open", reply["id"], "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["file"] is None
    assert found["address"].endswith("pallet@acme.example")
    assert found["message_url"] == "message:%3Cpallet@acme.example%3E"
    assert (found["folder"], found["subject"], found["from"]) == ("INBOX", "Second pallet", KIM)


def test_what_no_mail_created_says_where_it_comes_from(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    review = owed(office, capsys, "review")
    assert kept(office, "open", review["id"]) == 1
    assert "No email stands behind this: it comes from what is agreed with the client." in capsys.readouterr().err


def test_a_shell_is_offered_ids_without_a_word_of_a_mail(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    """Zsh evaluates what it is offered."""
    reply = owed(office, capsys, "reply")
    assert kept(office, "sync") == 0
    command = typer.main.get_command(build(["open"]))
    context = typer.Context(command, info_name="kept")
    context.params = {"config": office.config}
    assert (reply["id"], "Acme Ltd, an answer") in offered_ids(context, reply["id"][:2])
    assert offered_ids(context, "no such") == []
    context.params = {"config": office.folder / "none.yaml"}
    assert offered_ids(context, "") == []


def test_an_unknown_id_is_one_line(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert kept(office, "open", "0000000000") == 1
    assert "Nothing here has the ID 0000000000." in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac has its own opener")
def test_a_desktop_is_handed_the_file_and_over_ssh_nothing_is_started(tmp_path: Path) -> None:
    opener = tmp_path / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > {tmp_path}/opened\n')
    opener.chmod(0o700)
    desktop = {"PATH": str(tmp_path), "DISPLAY": ":0"}
    assert opening.opener_of(desktop | {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}) is None
    assert opening.opener_of({"PATH": str(tmp_path)}) is None
    assert opening.hand_over("mid:a@acme.example", desktop)
    assert (tmp_path / "opened").read_text() == "mid:a@acme.example"


@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac has its own opener")
def test_a_desktop_without_a_program_for_it_is_no_error(tmp_path: Path) -> None:
    opener = tmp_path / "xdg-open"
    opener.write_text("#!/bin/sh\nexit 3\n")
    opener.chmod(0o700)
    assert not opening.hand_over("mid:a@acme.example", {"PATH": str(tmp_path), "DISPLAY": ":0"})
