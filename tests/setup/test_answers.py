"""What is kept of unfinished answers: nothing secret, and nothing that would be wrong when it is taken up again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from daemon.setup.answers import Answers

MAIL = {"type": "imap", "host": "mail.example", "username": "dana", "password": "hunter2"}
CALENDAR = {"type": "caldav", "url": "https://dav.example/", "username": "dana"}


def taken_up(target: Path, account: dict[str, Any], done: list[str], **parts: Any) -> Answers:
    Answers(target, {"addresses": ["dana@northwind.example"], **account}, done=done, **parts).save()
    again = Answers(target)
    assert again.load()
    return again


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "config.yaml"


def test_a_calendar_with_the_password_of_the_mailbox_is_kept_without_it(target: Path) -> None:
    again = taken_up(target, {"mail": [MAIL], "calendars": [CALENDAR | {"password": "hunter2"}]}, ["mailbox", "calendars"])
    assert (again.account["calendars"], again.done) == ([CALENDAR], ["mailbox", "calendars"])
    assert "hunter2" not in again.unfinished.read_text()


@pytest.mark.parametrize("mail", [MAIL, {**MAIL, "password": None, "password_command": "pass mail"}])
def test_a_calendar_with_a_password_of_its_own_is_asked_for_again(target: Path, mail: dict[str, Any]) -> None:
    mail = {key: value for key, value in mail.items() if value is not None}
    again = taken_up(target, {"mail": [mail], "calendars": [CALENDAR | {"password": "two"}]}, ["mailbox", "calendars"])
    assert ("calendars" in again.account, again.done) == (False, ["mailbox"])


def test_a_calendar_whose_password_a_command_prints_is_kept(target: Path) -> None:
    calendar = CALENDAR | {"password_command": "pass dav"}
    again = taken_up(target, {"mail": [MAIL], "calendars": [calendar]}, ["mailbox", "calendars"])
    assert (again.account["calendars"], again.done) == ([calendar], ["mailbox", "calendars"])


def test_an_exchange_server_whose_password_was_not_kept_is_asked_for_again(target: Path) -> None:
    source = {"type": "ews", "host": "mail.example", "username": "dana", "password": "hunter2"}
    again = taken_up(target, {"mail": [source], "calendars": [source], "send": source}, ["person", "mailbox"])
    assert (sorted(again.account), again.done) == (["addresses"], ["person"])


def test_a_file_that_is_no_answers_is_passed_over(target: Path) -> None:
    answers = Answers(target)
    for content in ("", "- a list", "account: 3", "account: {name: x}", "{", "\0"):
        answers.unfinished.write_text(content)
        assert not answers.load()
