"""What somebody reads who has just installed Kept: every command says what to do first, in lines that are broken between words."""

from __future__ import annotations

from pathlib import Path

import pytest
import terminal
from children import kept
from office import Office

COMMANDS = [
    *(
        ["check"],
        ["auth", "x"],
        ["sync"],
        ["run"],
        ["status"],
        ["sources"],
        ["due"],
        ["explain", "x"],
        ["open", "x"],
        ["done", "x"],
    ),
    *(
        ["balance"],
        ["digest"],
        ["plan"],
        ["review", "list"],
        ["charter", "show", "x"],
        ["lookback"],
        ["report", "x"],
        ["export", "x"],
    ),
    *(["snooze", "7", "--until", "friday"], ["review", "book", "x"], ["resend", "x"], ["sources", "forget", "x"], ["undo", "x"]),
    *(["service", "install"], ["service", "status"], ["service", "remove"], ["corrections"], ["filtered"], ["purge", "x"]),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_without_a_configuration_a_command_says_how_to_get_one_in_a_line(words: list[str], tmp_path: Path) -> None:
    done = kept(*words, HOME=str(tmp_path), KEPT_CONFIG="")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert "Answer a few questions with: kept init" in done.stderr


def test_a_group_of_commands_without_one_shows_its_page_and_nothing_else(tmp_path: Path) -> None:
    said = kept("charter", HOME=str(tmp_path)).stderr
    assert said.startswith("Usage: kept charter")
    assert "Try:" not in said


def test_a_command_that_was_mistyped_is_guessed(tmp_path: Path) -> None:
    assert kept("demoo", HOME=str(tmp_path)).stderr == "No such command 'demoo'. Did you mean 'demo'? Try: kept --help\n"


def test_the_lines_of_a_check_are_broken_between_words(tmp_path: Path) -> None:
    office = Office(tmp_path)
    with terminal.kept("check", "--config", str(office.config), folder=tmp_path) as t:
        assert t.end() == 0
    whole = kept("check", "--config", str(office.config)).stdout
    assert [line for line in t.too_wide() if " " in line.strip()] == []  # a path alone may be longer than a line
    assert " ".join(t.screen.split()) == " ".join(whole.split())
    assert f"ok     calendar {tmp_path}/calendar" in whole
