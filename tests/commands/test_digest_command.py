"""`kept digest`: what it shows for people and for other programs, and what its letter has said once it was sent."""

from __future__ import annotations

import json
from pathlib import Path

from children import kept
from office import DANA, KIM, Office, every
from week import at

from daemon.glossary.actions import ASKED
from daemon.operations.digests import digests


def begun(folder: Path) -> Office:
    """An office in which Kept has run for weeks."""
    office = Office(folder)
    office.business(at(-40, 10))
    office.live(at(-25, 7))
    return office


def busy(folder: Path) -> Office:
    """An office in which Acme has asked nine things and waits for each, and one promise has had no date for long."""
    office = begun(folder)
    office.mail(at(-21, 9), DANA, KIM, "I will send you the new drawings.", subject="Drawings")
    for n in range(9):
        office.mail(at(-1 - n % 3, 9, n), KIM, DANA, f"Can you send me the price of article {n}?", subject=f"Article {n}")
    return office


def test_other_programs_get_the_account_and_the_lines_by_section(tmp_path: Path) -> None:
    office = begun(tmp_path)
    office.mail(at(-3, 9), KIM, DANA, "Can you send me the revised quote?")
    office.live(at(0, 8))
    shown = kept("digest", "--as-of", at(0, 8).isoformat(), "--json", "--config", str(office.config))
    (digest,) = json.loads(shown.stdout)["digests"]
    assert digest["account"] == DANA
    assert digest["subject"].startswith("Kept, Mon 2 Mar")
    (section,) = (s for s in digest["sections"] if s["name"] == "overdue")
    (item,) = section["items"]
    assert item["id"] in digest["text"]
    assert (item["client"], item["contact"], item["quote"]) == ("Acme Ltd", KIM, "Can you send me the revised quote?")
    assert item["due"] == "2026-02-27T11:00:00+00:00"


def test_all_shows_what_is_otherwise_only_counted(tmp_path: Path) -> None:
    office = busy(tmp_path)
    office.live(at(0, 8))
    command = ("digest", "--as-of", at(0, 8).isoformat(), "--config", str(office.config))
    short, whole = kept(*command).stdout, kept(*command, "--all").stdout
    assert short.count("the price of article") == 7
    assert "Not shown: " in short
    assert whole.count("the price of article") == 9
    assert "Not shown" not in whole


def test_a_question_that_had_no_room_was_not_asked(tmp_path: Path) -> None:
    office = busy(tmp_path)
    office.live(at(0, 8))
    assert "1 question (kept" in " ".join(office.sent()[-1].text.split())
    with office.app() as app:
        (runtime,) = app.runtimes.values()
        owed = [o for a in runtime.ledger.assessments(at(0, 9)) for o in a.obligations]
        said = runtime.sent_log.mentions(DANA, (o.key for o in owed))
    assert said, "the lines that the digest shows are said"
    assert not any(mention.stage == ASKED for mention in said)


def test_a_line_opens_its_mail_and_the_draft_that_answers_it(tmp_path: Path) -> None:
    office = begun(tmp_path)
    office.mail(at(-3, 9), KIM, DANA, "Can you send me the revised quote?", name="ask")
    office.live(at(0, 8))
    draft = office.drafts()[0].message_id.strip("<>")
    with office.app() as app:
        (letter,) = digests(app, at(0, 9)).values()
    assert 'href="message:%3Cask@acme.example%3E"' in letter.html
    assert f'href="message:%3C{draft}%3E"' in letter.html


def test_a_review_that_the_client_declined_is_in_the_next_digest_with_what_to_do_and_once(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.business(at(-84, 10))
    office.live(*every(30, at(0, 7), at(1, 18)))
    (name,) = office.booked()
    booked = tmp_path / "calendar" / name
    assert b"An hour to look at" in booked.read_bytes().replace(b"\r\n ", b"")
    booked.write_bytes(booked.read_bytes().replace(b"\r\n ", b"").replace(b"PARTSTAT=NEEDS-ACTION", b"PARTSTAT=DECLINED"))
    office.live(at(2, 8), at(3, 8))
    told = [" ".join(m.text.split()) for m in office.sent() if m.subject.startswith("Kept, ") and m.date >= at(2, 0)]
    assert "ANSWERS TO YOUR INVITATIONS - Acme Ltd" in told[0]
    assert "declined; call them and agree on another time" in told[0]
    assert "ANSWERS TO YOUR INVITATIONS" not in told[1]
