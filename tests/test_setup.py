"""`kept init`: the answers become a configuration that works, and clients are suggested from history."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from office import DANA, KIM, Office

from connectors.mail import Address, Message, Role
from daemon import config
from daemon.setup import suggest

KEPT = [sys.executable, "-c", "from daemon.cli import main; main()"]
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
    command = [*KEPT, "init", "--config", str(target)]
    return subprocess.run(command, capture_output=True, text=True, input=given, timeout=60, check=False, cwd=office.folder)


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
    ]
    done = init(office, target, answers)
    assert done.returncode == 0, done.stderr
    assert target.stat().st_mode & 0o077 == 0
    settings = config.load(target, {})
    assert settings.accounts[0].addresses == [DANA]
    assert [(c.name, c.domains) for c in settings.clients] == [("Acme Ltd", ["acme.example"])]


def test_a_configuration_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    office = Office(tmp_path)
    before = office.config.read_bytes()
    done = init(office, office.config, [DANA])
    assert done.returncode == 1
    assert "already there" in done.stderr
    assert office.config.read_bytes() == before
