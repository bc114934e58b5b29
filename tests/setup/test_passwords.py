"""Where a password is kept is asked, and what was chosen is tried before it is written down."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import terminal
from servers import processes
from terminal import Terminal

from daemon.config.load import load_settings
from daemon.config.secrets import resolve
from daemon.setup.passwords import without_secrets

pytestmark = pytest.mark.server
USER = "alice@example.test"


def to_the_place(t: Terminal, dovecot: processes.Dovecot) -> None:
    t.answer("Your email address", USER)
    t.answer("Your name")
    t.answer("Where is your mail", f"{dovecot.host}:{dovecot.port}")
    t.answer("Password of", dovecot.password)
    t.answer("Certificate file", str(dovecot.ca_file))
    t.expect("Where should Kept keep this password?")


def finish(t: Terminal, folder: Path, *, looking_back: bool = True) -> dict[str, object]:
    t.answer("Your calendar server", "none")
    t.answer("The server for outgoing mail", "none")
    for question in (
        "Your time zone",
        "Public holidays",
        "Your working hours",
        "The digest",
        "Your manager",
        "Is that right",
        "Another client",
    ):
        t.answer(question)
    t.answer("look back", "n") if looking_back else t.expect("only the daemon can log in. To start it: kept service install")
    assert t.end() == 0
    mail = load_settings(folder / ".config" / "kept" / "config.yaml").accounts[0].mail[0]
    return {key: value for key, value in mail.model_dump(exclude_none=True).items() if key.startswith("password")}


def test_a_command_that_prints_another_password_is_refused(dovecot: processes.Dovecot, tmp_path: Path) -> None:
    (tmp_path / "right").write_text(f"{dovecot.password}\n")
    (tmp_path / "wrong").write_text("another\n")
    with terminal.kept("init", folder=tmp_path) as t:
        to_the_place(t, dovecot)
        t.answer("Number", "password manager")
        t.answer("The command", "no-such-program")
        t.expect("was not found")
        t.answer("The command", f"cat {tmp_path / 'wrong'}")
        t.expect("prints another password")
        t.answer("The command", f"cat {tmp_path / 'right'}")
        assert finish(t, tmp_path) == {"password_command": f"cat {tmp_path / 'right'}"}


def test_without_a_keyring_none_is_offered(dovecot: processes.Dovecot, tmp_path: Path) -> None:
    with terminal.kept("init", folder=tmp_path, PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring") as t:
        to_the_place(t, dovecot)
        t.expect("Number")
        assert "keyring" not in t.screen


def test_a_password_in_the_keyring_comes_back_by_a_command(
    dovecot: processes.Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "PYTHON_KEYRING_BACKEND": "keyring_in_a_file.Keyring",
        "KEPT_TEST_KEYRING": str(tmp_path / "keyring.json"),
        "PYTHONPATH": str(Path(__file__).parent),
    }.items():
        monkeypatch.setenv(name, value)
    with terminal.kept("init", folder=tmp_path) as t:
        to_the_place(t, dovecot)
        t.answer("Number", "1")
        keys = finish(t, tmp_path)
    assert set(keys) == {"password_command"}
    assert resolve(keys, os.environ) == dovecot.password


def test_a_credential_is_named_and_the_user_is_told_what_that_means(dovecot: processes.Dovecot, tmp_path: Path) -> None:
    with terminal.kept("init", folder=tmp_path) as t:
        to_the_place(t, dovecot)
        t.answer("Number", "systemd")
        t.answer("The name of the credential", "two words")
        t.expect("letters, digits")
        t.answer("The name of the credential", "imap")
        t.expect("the file imap.password beside the configuration")
        assert finish(t, tmp_path, looking_back=False) == {"password_credential": "imap"}


def test_no_password_is_left_wherever_it_stands() -> None:
    assert without_secrets({"mail": [{"username": "a", "password": "b"}], "oauth": {"google": {"client_secret": "c"}}}) == {
        "mail": [{"username": "a"}],
        "oauth": {"google": {}},
    }
