"""A mail as it was read, on a terminal: everything found, its rule, and nothing of the mail that acts."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

import pytest
from reading_helpers import message as reader_input

from connectors.formats import mime
from connectors.mail import Message, Role
from daemon import reading
from daemon.commands.pages import message_page

TEXT = "Hi Dana,\n\nCould you send the drawings? I'll sign them by Friday.\n\nKim\n\n> When do you sign?\n"
AT = datetime.fromisoformat("2026-03-04T10:14:00+00:00")


def message(text: str, subject: str = "Drawings") -> Message:
    raw = EmailMessage()
    raw["From"], raw["To"], raw["Subject"], raw["Date"] = (
        "kim@acme.example",
        "dana@northwind.example",
        subject,
        "Wed, 4 Mar 2026 10:14:00 +0000",
    )
    raw["Message-ID"] = "<a@acme.example>"
    raw.set_content(text)
    return mime.parse(raw.as_bytes(), role=Role.OTHER, folder="INBOX", otherwise=AT)


def page(capsys: pytest.CaptureFixture[str], text: str = TEXT, subject: str = "Drawings") -> str:
    told = message(text, subject)
    asked = reader_input(told.text, subject=told.subject, date=AT)
    found = reading.read(asked)
    message_page.show(message_page.document(told, found, reading.strongest_features(asked, found)))
    return " ".join(capsys.readouterr().out.split())


def test_each_finding_stands_with_its_words_its_rule_and_what_weighed_most(capsys: pytest.CaptureFixture[str]) -> None:
    shown = page(capsys)
    assert "request by the client" in shown
    assert "“Could you send the drawings?”" in shown
    assert "promise by the client, do, due Fri 06 Mar 2026 17:30 (“by Friday”)" in shown
    assert "rule: asks to do something; weighed most: " in shown


def test_it_says_who_wrote_and_whether_an_answer_is_expected(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Written by a person, in English. An answer is expected" in page(capsys)


def test_what_was_cut_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Cut off as quote: 1 line." in page(capsys)


def test_a_language_that_is_not_read_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert "in a language that Kept cannot read" in page(
        capsys, "Czwartek mi odpowiada, zadzwonię do ciebie do pracy jutro po obiedzie."
    )


def test_of_words_that_nobody_read_nothing_is_claimed(capsys: pytest.CaptureFixture[str]) -> None:
    shown = page(capsys, "-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n")
    assert "Not all of it could be read: it is encrypted." in shown
    assert "answer is expected" not in shown


@pytest.mark.parametrize("nasty", ["\x1b[31mred", "\x9b2J", "bell\x07", "over\rwritten", "\u202eback"])
def test_no_control_character_of_a_mail_reaches_the_terminal(capsys: pytest.CaptureFixture[str], nasty: str) -> None:
    told = message("Could you send it?")
    asked = reader_input(f"{nasty} Could you send the {nasty} drawings?", subject=nasty, date=AT)
    found = reading.read(asked)
    document = message_page.document(told, found, reading.strongest_features(asked, found))
    message_page.show({**document, "text": asked.text, "subject": nasty})
    assert all(c.isprintable() or c == "\n" for c in capsys.readouterr().out)
