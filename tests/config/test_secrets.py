"""Secrets: found by their first named source, and never in what is said when they are not."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import ConnectorError
from daemon.config import secrets


def refusal(settings: dict[str, Any], environ: dict[str, str] | None = None) -> ConnectorError:
    with pytest.raises(ConnectorError) as error:
        secrets.resolve(settings, environ or {})
    return error.value


def script(folder: Path, body: str) -> str:
    path = folder / "pass word"  # a space in its name, as people have
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return f"'{path}'"


def test_a_command_gives_the_first_line_that_it_prints(tmp_path: Path) -> None:
    command = script(tmp_path, "printf 'hunter2 \\r\\nuser: dana\\n'")
    assert secrets.resolve({"password_command": command}, {}) == "hunter2 "


def test_a_command_goes_through_no_shell(tmp_path: Path) -> None:
    command = script(tmp_path, 'printf "%s" "$1"')
    assert secrets.resolve({"password_command": f"{command} '$HOME;id'"}, {}) == "$HOME;id"


def test_a_command_may_be_a_list_of_words() -> None:
    assert secrets.resolve({"password_command": ["printf", "a b"]}, {}) == "a b"


def test_a_command_that_fails_is_named_without_what_it_printed(tmp_path: Path) -> None:
    error = refusal({"password_command": script(tmp_path, "echo hunter2; echo hunter2 >&2; exit 3")})
    assert "failed with status 3" in error.message
    assert "hunter2" not in error.message


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/nowhere/pass show mail", "/nowhere/pass was not found"),
        ("echo 'hunter2", "without a closing one"),
        ("", "is empty"),
        ([], "is empty"),
        ("true", "printed an empty first line"),
        ("/etc/passwd x", "cannot be run: Permission denied"),
    ],
)
def test_a_command_that_cannot_give_a_secret_says_why(command: str | list[str], said: str) -> None:
    error = refusal({"password_command": command})
    assert said in error.message
    assert "hunter2" not in error.message
    assert error.permanent


def test_a_command_that_never_ends_is_left_and_asked_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "TIMEOUT", 0.1)
    error = refusal({"password_command": "sleep 60"})
    assert "did not finish" in error.message
    assert not error.permanent


def test_an_environment_variable_holds_it_or_is_named() -> None:
    assert secrets.resolve({"password_env": "MAIL"}, {"MAIL": "hunter2"}) == "hunter2"
    assert "variable MAIL" in refusal({"password_env": "MAIL"}).message
    assert "variable MAIL" in refusal({"password_env": "MAIL"}, {"MAIL": ""}).message


def test_a_credential_is_read_from_where_systemd_puts_it_and_from_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "imap").write_text("hunter2\n")
    (tmp_path / "elsewhere").write_text("other\n")
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path / "credentials")}
    assert secrets.resolve({"password_credential": "imap"}, environ) == "hunter2"
    assert "cannot be read" in refusal({"password_credential": "../elsewhere"}, environ).message
    assert "LoadCredential=imap" in refusal({"password_credential": "imap"}).message


def test_a_credential_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "imap").write_bytes(b"\xff\xfe")
    assert "not UTF-8" in refusal({"password_credential": "imap"}, {"CREDENTIALS_DIRECTORY": str(tmp_path)}).message


def test_the_first_named_source_counts_and_none_is_an_error() -> None:
    assert secrets.resolve({"password": "hunter2", "password_env": "MAIL"}, {"MAIL": "x"}) == "hunter2"
    assert "no password is configured" in refusal({}).message
