"""A mail is Kept's own only by what proves it; a client's mail never vanishes, and the mailbox tells a restored database what was said."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
from office import DANA, KIM, Office, every, only
from week import MONDAY, at

from daemon.cycle import turn
from daemon.glossary.actions import Mention
from daemon.letters import proofs

ASKS = "Can you send me the revised quote? We need it today."


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def lay(
    office: Office, when: datetime, *headers: str, sender: str = KIM, text: str = ASKS, message_id: str = "<odd@acme.example>"
) -> None:
    head = "\r\n".join(
        (
            f"From: {sender}",
            f"To: {DANA}",
            f"Date: {format_datetime(when)}",
            "Subject: Quote",
            f"Message-ID: {message_id}",
            *headers,
        )
    )
    file = office.folder / "Maildir" / "cur" / f"{int(when.timestamp())}.{len(text)}{abs(hash((headers, message_id)))}:2,S"
    file.write_bytes(f"{head}\r\n\r\n{text}\r\n".encode())


def balance(office: Office, now: datetime) -> int:
    """How many messages of Acme's people are accounted for."""
    with office.app() as app:
        return sum(len(a.balance) for a in only(app).ledger.assessments(now) if a.client == "Acme Ltd")


def delivered(office: Office) -> None:
    """What left for Dana arrives in her INBOX."""
    for file in (office.folder / "outbox").glob("*.eml"):
        there = office.folder / "Maildir" / "cur" / f"{file.stem}:2,S"
        if f"To: Dana Reyes <{DANA}>".encode() in file.read_bytes() and not there.exists():
            shutil.copy(file, there)


@pytest.mark.parametrize(
    "headers",
    [
        ("X-Kept-Id: abc",),
        ("X-Kept-Id: abc", "Auto-Submitted: no"),
        (f"X-Kept-Proof: {'0' * 32}",),
        ("X-Kept-Message-ID: <kept-1@northwind.example>",),
    ],
)
def test_a_clients_mail_that_bears_our_headers_is_the_clients(office: Office, headers: tuple[str, ...]) -> None:
    lay(office, at(0, 9), *headers)
    office.live(at(0, 9, 30), at(0, 10, 30))
    assert balance(office, at(0, 11)) == 1
    assert [m for m in office.sent() if m.subject.startswith("Reminder") or "quote" in m.text]


def test_a_clients_mail_under_a_message_id_like_ours_is_the_clients(office: Office) -> None:
    lay(office, at(0, 9), message_id="<kept-0123456789abcdef01234567@northwind.example>")
    office.live(at(0, 9, 30), at(0, 10, 30))
    assert balance(office, at(0, 11)) == 1


def test_a_clients_mail_with_the_proof_and_id_of_a_mail_of_ours_is_the_clients(office: Office) -> None:
    office.mail(at(-3, 9), KIM, DANA, "When does the pallet arrive?", subject="Pallet", name="pallet")
    office.live(at(0, 8))
    delivered(office)
    digest = next(f for f in (office.folder / "outbox").glob("*.eml")).read_text()
    proof = digest.partition("X-Kept-Proof: ")[2].partition("\n")[0].strip()
    own_id = digest.partition("Message-ID: ")[2].partition("\n")[0].strip()
    office.live(at(0, 8, 30))
    before = balance(office, at(0, 8, 40))
    lay(office, at(0, 9), "X-Kept-Id: abc", f"X-Kept-Proof: {proof}", message_id=own_id)
    office.live(at(0, 9, 30))
    assert balance(office, at(0, 10)) == before + 1


def test_a_different_mail_under_a_message_id_already_used_is_counted_too(office: Office) -> None:
    lay(office, at(0, 8), text="Can you send me the revised quote?")
    lay(office, at(0, 9), text="When does the second pallet arrive? We need to know today.")
    office.live(at(0, 9, 30))
    assert balance(office, at(0, 10)) == 2


def test_our_own_mail_in_the_mailbox_is_nobodys(office: Office) -> None:
    office.mail(at(-3, 9), KIM, DANA, ASKS, name="ask")
    office.live(at(0, 8))
    delivered(office)
    office.live(at(0, 9), at(0, 10))
    assert balance(office, at(0, 10)) == 1


@pytest.mark.parametrize("lost", ["database", "database and sent log"])
def test_a_backup_without_its_log_learns_from_the_mailbox_what_was_said_since(office: Office, lost: str) -> None:
    office.business(datetime(2026, 1, 12, 10, tzinfo=UTC))
    office.live(at(0, 7))
    shutil.copytree(office.folder / "state", office.folder / "backup")
    office.mail(at(0, 9), KIM, DANA, ASKS, name="ask")
    office.live(*every(30, at(0, 9, 30), at(0, 12)))
    said = sorted(m.message_id for m in office.sent())
    assert len(said) >= 2
    delivered(office)
    log = (office.folder / "state" / "sent.jsonl").read_bytes()
    shutil.rmtree(office.folder / "state")
    shutil.copytree(office.folder / "backup", office.folder / "state")
    if lost == "database":
        (office.folder / "state" / "sent.jsonl").write_bytes(log)
    for file in (office.folder / "outbox").glob("*.eml"):
        file.unlink()
    office.mail(
        at(0, 11, 50), KIM, DANA, "When does the second pallet arrive? We need to know today.", subject="Pallet", name="late"
    )
    office.live(*every(30, at(0, 12, 30), at(0, 17)))
    again = [m for m in office.sent() if "revised quote" in m.text]
    new = [m for m in office.sent() if "second pallet" in m.text]
    assert (again, len(new)) == ([], 1)


def test_a_proof_holds_for_its_mail_alone() -> None:
    mentions = (Mention("reply:<a@x>:1", "overdue", 2), Mention("promise:<b@x>", "asked", 0, MONDAY))
    value = proofs.sign(b"s" * 32, DANA, "<a@x>", mentions)
    read = proofs.verify(b"s" * 32, DANA, "<a@x>", value.replace(" ", "\r\n  "))
    assert read is not None
    assert [(m.stage, m.asks, m.snoozed_until) for m in read] == [("overdue", 2, None), ("asked", 0, MONDAY)]
    for secret, sender, message_id, forged in (
        (b"t" * 32, DANA, "<a@x>", value),
        (b"s" * 32, KIM, "<a@x>", value),
        (b"s" * 32, DANA, "<b@x>", value),
        (b"s" * 32, DANA, "<a@x>", value + " abc.overdue.0"),
        (b"s" * 32, DANA, "<a@x>", ""),
        (b"s" * 32, DANA, "<a@x>", "é" * 40),
    ):
        assert proofs.verify(secret, sender, message_id, forged) is None
    many = [replace(mentions[0], asks=n) for n in range(500)]
    assert len(proofs.sign(b"s" * 32, DANA, "<a@x>", many)) <= proofs.MOST


def test_a_forged_proof_takes_nothing_from_the_user(office: Office) -> None:
    office.mail(at(0, 9), KIM, DANA, ASKS, name="ask")
    with office.app() as app:
        turn(only(app), at(0, 9, 5))
        (o,) = [o for a in only(app).ledger.assessments(at(0, 9, 5)) for o in a.obligations if o.quote]
        forged = proofs.sign(b"guessed", DANA, "<f@x>", [Mention(o.key, "due_soon", len(o.asks))])
    lay(office, at(0, 9, 6), "X-Kept-Id: a", f"X-Kept-Proof: {forged}", sender=DANA, message_id="<f@x>")
    office.live(at(0, 9, 10), at(0, 10, 30))
    assert any("revised quote" in m.text for m in office.sent())
