"""The bundled sample office: large and hard enough to show the product, the same at every run, and nobody real in it."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.utils import getaddresses
from html import unescape
from pathlib import Path

import pytest

from connectors.formats import mime
from connectors.mail import Role
from daemon import sample
from daemon.app import App
from daemon.commands import demo
from daemon.config.load import load_settings
from daemon.operations.owed import obligations_at

HARD = {
    "acknowledgement with a time", "promise kept on time", "promise kept late", "promise missed", "promise moved", "promise due today",
    "promise kept by a mail", "conditional promise", "client's own promise", "waiting for the client", "question never answered", "chaser",
    "tag", "proposed time", "colleague's answer", "only on copy", "thanks", "FYI", "withdrawn question", "answer in a new thread",
    "inline answers", "forward with a comment", "HTML-only mail", "German mail", "known client from info@", "failed authentication",
    "missed call", "voicemail", "please call me", "newsletter", "notification", "auto-reply", "bounce", "calendar reply",
    "broken threading", "copies in two folders", "alias", "outside working hours", "weekend mail", "outside hours before a weekend",
    "second time zone", "document sent for approval", "review held", "review booked by people", "cancelled meeting", "declined meeting",
    "recurring with an exception", "private event", "vacation", "tentative event", "internal review", "call that happened",
    "promised call kept", "promised call that happened", "closing after a call", "promise restated", "question to a colleague",
    "colleague answers in her place", "voicemail answered by a call", "document with nothing asked", "tag then a late answer",
    "offer not taken up", "client's own promise with a day", "promise due this week", "German thanks",
}  # fmt: skip


OWN = {"dana@northwind.example", "d.reyes@northwind.example"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    sample.write_office(folder)
    return folder


def mails(office: Path) -> list[Path]:
    return sorted(p for part in ("cur", "new") for p in (office / "Maildir").glob(f"**/{part}/*"))


def test_it_is_as_large_as_a_real_small_office(office: Path) -> None:
    assert 150 <= len(mails(office)) <= 250
    assert 35 <= len(list((office / "calendar").glob("*.ics"))) <= 45
    settings = load_settings(office / "config.yaml")
    assert len(settings.clients) >= 8
    assert len({c.stage for c in settings.clients}) >= 4


def test_every_hard_case_is_in_it() -> None:
    assert HARD - sample.cases() == set()


def test_it_is_the_same_at_every_run(office: Path, tmp_path: Path) -> None:
    sample.write_office(tmp_path)
    first = {p.relative_to(office): p.read_bytes() for p in office.rglob("*") if p.is_file()}
    assert {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == first


def test_every_mail_can_be_read_and_lies_in_the_sixty_days(office: Path) -> None:
    read = [mime.parse(p.read_bytes(), role=Role.INBOX, folder="INBOX") for p in mails(office)]
    assert all(sample.NOW - timedelta(days=60) <= m.date <= sample.NOW for m in read)


def test_no_mail_is_older_than_the_one_it_answers(office: Path) -> None:
    read = [mime.parse(p.read_bytes(), role=Role.INBOX, folder="INBOX") for p in mails(office)]
    written = {m.message_id: m.date for m in read}
    answered = [(m.date, written[parent]) for m in read for parent in m.references]
    assert len(answered) > 100
    assert all(earlier < later for later, earlier in answered)


def test_everybody_writes_to_dana_but_where_a_colleague_was_asked(office: Path) -> None:
    read = [mime.parse(p.read_bytes(), role=Role.INBOX, folder="INBOX") for p in mails(office)]
    elsewhere = {m.sender.email for m in read if not OWN & {a.email for a in m.to} and m.sender.email not in OWN}
    assert elsewhere == {
        "tom@northwind.example", "priya@northwind.example", "kim@acme.example", "sanjay@larkfield.example",
    }  # fmt: skip
    assert not any(m.sender.email in {a.email for a in m.to} for m in read), "nobody writes to themselves"


def test_what_came_after_her_last_look_is_unread_and_stays_so(office: Path, tmp_path: Path) -> None:
    unread = [p.name for p in (office / "Maildir" / "new").iterdir()]
    assert unread
    demo.make(tmp_path / "demo")
    assert [p.name for p in (tmp_path / "demo" / "Maildir" / "new").iterdir()] == unread


def test_nobody_real_is_in_it(office: Path) -> None:
    for path in mails(office):
        message = message_from_bytes(path.read_bytes())
        people = getaddresses([str(message[h]) for h in ("From", "To", "Cc") if message[h]])
        assert all(a.endswith(".example") or a == "pat.oconnell.sample@gmail.com" for _, a in people)


def digest_of(outbox: Path, day: str) -> str:
    """The text of the digest that was sent on a day."""
    sent = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in outbox.iterdir()]
    (found,) = [m for m in sent if m["Subject"].startswith(f"Kept, {day}")]
    body = found.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def digests_in(outbox: Path) -> dict[str, dict[str, str]]:
    """Each digest that was sent, by its subject: its versions, by their kind."""
    sent = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in outbox.iterdir()]
    return {
        m["Subject"]: {kind: str(body.get_content()) for kind in ("plain", "html") if (body := m.get_body((kind,))) is not None}
        for m in sent
        if str(m["Subject"]).startswith("Kept, ")
    }


def words_on(page: str) -> list[str]:
    """The words that a page shows, without the preview of a mail program's list."""
    body = re.sub(r'(?s)<style.*?</style>|<title>.*?</title>|<div class="hidden".*?</div>', " ", page)
    return [word for word in unescape(re.sub(r"<[^>]*>", " ", body)).split() if re.search(r"\w", word)]


def words_in(text: str) -> list[str]:
    """The words of a plain text, without the addresses of its links."""
    return [word for word in re.sub(r"<\S*>", " ", text).split() if re.search(r"\w", word)]


def drafted(folder: Path) -> list[Path]:
    return sorted((folder / "Maildir" / ".Drafts" / "cur").iterdir())


def sent(folder: Path) -> list[Path]:
    """What left before the last digest."""
    return [path for path in sorted((folder / "outbox").glob("*.eml")) if b"Subject: Kept, Wed 4 Mar" not in path.read_bytes()]


def test_the_demo_shows_the_main_job(tmp_path: Path) -> None:
    shown = demo.make(tmp_path / "demo")
    files = dict(shown.files)
    assert re.search(r"[1-9] overdue", shown.digest)
    reviews = [
        e for path in (tmp_path / "demo" / "calendar").glob("kept-*.ics") for e in re.findall(r"DTSTART;TZID.*", path.read_text())
    ]
    assert len(reviews) == len(set(reviews)) == 2, "two reviews are never booked for the same hour"
    week = digest_of(tmp_path / "demo" / "outbox", "Mon 2 Mar")
    assert "Calder & Sons: no word from them for 16 working days" in week, (
        "who slips away is said when a week begins, or when it is news"
    )
    assert "PLANNED ON YOUR BEHALF\n\n- Larkfield Dairy" in shown.digest
    for words in (words_on(files["digest (page)"].read_text()), words_in(files["digest (text)"].read_text())):
        assert len(words) <= 350, "half a minute's reading, with every link's name"
    every_day = digests_in(tmp_path / "demo" / "outbox")
    assert len(every_day) == 3
    for subject, versions in every_day.items():
        assert max(len(words_on(versions["html"])), len(words_in(versions["plain"]))) <= 350, subject
    assert "1 filtered out (kept balance lists each)" in " ".join(week.split()), "the balance is told when a week begins"
    assert "1 awaited" in " ".join(week.split()), "what the clients owe Dana is counted where there is no room for it"
    assert files["digest (page)"].read_text().startswith("<!DOCTYPE html>")
    assert files["invitation"].read_text().count("BEGIN:VEVENT") == 1
    drafts = " ".join(mime.parse(p.read_bytes(), role=Role.DRAFTS, folder="Drafts").text for p in drafted(tmp_path / "demo"))
    reminders = " ".join(
        " ".join(mime.parse(p.read_bytes(), role=Role.SENT, folder="outbox").text.split()) for p in sent(tmp_path / "demo")
    )
    for text in (reminders, " ".join(shown.digest.split())):
        assert "Thursday 12 March 10:00: you are free" in text
        assert "Thursday 5 March 14:00 and 15:00 (09:00 and 10:00 for Nina): you are free" in text
    assert "Thursday 12 March at 10:00 works for me." in drafts
    assert "Thursday 5 March at 14:00 (09:00 your time) works for me." in drafts
    with App.open(files["configuration"], {}) as app:
        owed = {(o.client, o.kind.value) for o in obligations_at(app, sample.NOW)}
        balance = [p for a in app.assessments(sample.NOW) for p in a.balance]
    assert {
        ("Acme Ltd", "reply"),
        ("Birchwood Foods", "callback"),
        ("Eastgate Pharma", "callback"),
        ("Fenwick Cosmetics", "promise"),
        ("Larkfield Dairy", "promise"),
    } <= owed
    assert len({p.message_id for p in balance}) == len(balance) > 50


def test_the_demo_never_empties_a_folder_that_it_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    with pytest.raises(Exception, match="nothing was changed"):
        demo.make(tmp_path)
    assert (tmp_path / "precious").exists()
