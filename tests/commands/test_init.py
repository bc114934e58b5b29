"""`kept init`: the answers become a configuration that works, and clients are suggested from history."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import children
import pytest
from office import DANA, KIM, Office

from connectors.mail import Address, Message, Role
from daemon.commands.init import suggest
from daemon.commands.init_sources import google_app
from daemon.config.load import load_settings
from daemon.config.settings import Settings
from daemon.errors import CannotDo

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def message(number: int, sender: str, to: str) -> Message:
    return Message(
        f"<{number}@test>", AT, AT, Address(sender), to=(Address(to),), role=Role.SENT if sender == DANA else Role.INBOX
    )


def test_companies_that_both_wrote_and_were_written_to_are_suggested_and_nobody_else() -> None:
    mails = [
        *(message(n, KIM, DANA) for n in range(3)),
        message(10, DANA, KIM),
        *(message(20 + n, "news@weekly.example", DANA) for n in range(9)),
        *(message(30 + n, DANA, "pat@gmail.com") for n in range(3)),
        message(40, "pat@gmail.com", DANA),
        *(message(50 + n, "lee@northwind.example", DANA) for n in range(5)),
        message(60, DANA, "lee@northwind.example"),
    ]
    assert [(s.name, s.domain, s.mails) for s in suggest(mails, {DANA})] == [("Acme", "acme.example", 4)]


def init(office: Office, target: Path, answers: list[str]) -> subprocess.CompletedProcess[str]:
    given = "".join(f"{answer}\n" for answer in answers)
    return children.kept("init", "--config", str(target), given=given, folder=office.folder)


def test_the_answers_become_a_private_configuration_that_is_valid(tmp_path: Path) -> None:
    office = Office(tmp_path)
    for n in range(3):
        office.mail(AT + timedelta(days=n), KIM, DANA, "Hello", name=f"in{n}")
        office.mail(AT + timedelta(days=n, hours=1), DANA, KIM, "Hello", name=f"out{n}")
    target = tmp_path / "mine" / "config.yaml"
    answers = [
        DANA,
        "Dana Reyes",
        "Europe/London",
        "GB-ENG",
        "folder",
        str(tmp_path / "Maildir"),
        str(tmp_path / "calendar"),
        "",
        "y",
        "Acme Ltd",
        "@birch.example",
        "Birch GmbH",
        "",
    ]
    done = init(office, target, answers)
    assert done.returncode == 0, done.stderr
    assert target.stat().st_mode & 0o077 == 0
    assert "pip install 'kept[reader]'" in done.stderr
    settings = load_settings(target)
    assert settings.accounts[0].addresses == [DANA]
    assert [(c.name, c.domains) for c in settings.clients] == [
        ("Acme Ltd", ["acme.example"]),
        ("Birch GmbH", ["birch.example"]),
    ]


def test_a_configuration_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    office = Office(tmp_path)
    before = office.config.read_bytes()
    done = init(office, office.config, [DANA])
    assert done.returncode == 1
    assert "already there" in done.stderr
    assert office.config.read_bytes() == before


def written(office: Office, target: Path, answers: list[str]) -> Settings:
    done = init(office, target, answers)
    assert done.returncode == 0, done.stderr
    assert "kept auth" in done.stderr or "ews" in target.read_text()
    return load_settings(target)


def test_google_takes_the_file_that_google_gives(tmp_path: Path) -> None:
    app = tmp_path / "client_secret.json"
    app.write_text('{"installed": {"client_id": "an-app", "client_secret": "its secret"}}')
    answers = ["dana@gmail.com", "Dana", "Europe/London", "GB-ENG", "", str(app), "n", "acme.example", "", ""]
    settings = written(Office(tmp_path), tmp_path / "mine.yaml", answers)
    account = settings.accounts[0]
    assert [account.mail[0].type, account.calendars[0].type, account.send and account.send.type] == ["gmail", "google", "gmail"]
    assert settings.oauth.google is not None
    assert settings.oauth.google.client_id == "an-app"
    assert [c.domains for c in settings.clients] == [["acme.example"]]


def test_a_service_accounts_key_is_named_and_never_copied(tmp_path: Path) -> None:
    key = tmp_path / "key.json"
    key.write_text('{"type": "service_account", "private_key": "confidential"}')
    assert google_app(key) == {"service_account": str(key)}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not the file"),
        ('{"web": {"client_id": "a", "client_secret": "b"}}', "Desktop app"),
        ('{"installed": {}}', "not the file"),
    ],
)
def test_another_file_than_googles_is_refused(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(CannotDo, match=words):
        google_app(tmp_path / "x.json")


def test_microsoft_asks_for_the_app_and_the_tenant(tmp_path: Path) -> None:
    answers = ["dana@hotmail.com", "Dana", "Europe/London", "GB-ENG", "", "an-app", "", "n", ""]
    settings = written(Office(tmp_path), tmp_path / "mine.yaml", answers)
    assert settings.accounts[0].mail[0].type == "graph"
    assert settings.oauth.microsoft is not None
    assert (settings.oauth.microsoft.client_id, settings.oauth.microsoft.tenant) == ("an-app", "consumers")


def test_a_wrong_answer_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    answers = ["dana@hotmail.com", "Dana", "Europe/Lonndon", "GB-ENG", "", "an-app", "", "n", ""]
    done = init(Office(tmp_path), tmp_path / "mine.yaml", answers)
    assert (done.returncode, (tmp_path / "mine.yaml").exists()) == (1, False)
    assert "Europe/London" in done.stderr
    assert "Traceback" not in done.stderr
