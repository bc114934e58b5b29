"""The headers of what Kept writes, read back by the standard library's two parsers and by the tests of our own."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import getaddresses, parsedate_to_datetime

import pytest

from connectors.formats import header_writer, mime
from connectors.mail import Address, Draft, Role

DRAFT = Draft(
    "<k@northwind.example>",
    datetime(2026, 3, 2, 9, tzinfo=UTC),
    Address("dana@northwind.example", "Dana Reyes"),
    (Address("kim@acme.example"),),
    "Quote",
    "Hello",
)
OUTLOOK = "<" + "AM0PR04MB4321" * 7 + "@AM0PR04MB4321.eurprd04.prod.outlook.example>"
SES = f"<0102018{'e' * 60}-{'f' * 30}-000000@eu-west-1.amazonses.example>"


def head(draft: Draft) -> str:
    return mime.render(draft).partition(b"\r\n\r\n")[0].decode()


def unfolded(draft: Draft, name: str) -> str | None:
    found = re.search(rf"^{name}:((?:[^\r]|\r\n[ \t])*)", head(draft), re.MULTILINE | re.IGNORECASE)
    return None if found is None else re.sub(r"\r\n(?=[ \t])", "", found[1]).strip()


@pytest.mark.parametrize("long", [OUTLOOK, SES, f"<{'x' * 980}@x>"])
def test_a_long_message_id_is_never_encoded_so_that_its_thread_holds(long: str) -> None:
    draft = replace(DRAFT, message_id=long, in_reply_to=long, references=("<a@x>", long, "<b@x>"))
    assert unfolded(draft, "In-Reply-To") == unfolded(draft, "Message-ID") == long
    assert (unfolded(draft, "References") or "").split() == ["<a@x>", long, "<b@x>"]
    read = mime.parse(mime.render(draft), role=Role.SENT, folder="Sent")
    assert read.shown_id == long
    assert max(map(len, head(draft).split("\r\n"))) <= 998


def test_references_are_folded_between_ids() -> None:
    ids = tuple(f"<{n:030}@mail.acme.example>" for n in range(40))
    draft = replace(DRAFT, references=ids)
    assert max(map(len, head(draft).split("\r\n"))) <= 78
    assert (unfolded(draft, "References") or "").split() == list(ids)


@pytest.mark.parametrize("bad", [f"<{'z' * 1000}@x>", "<ü@x>", "<a\r\nBcc: b@x>", "<\x00@x>", ""])
def test_an_id_that_no_header_can_hold_is_left_out(bad: str) -> None:
    draft = replace(DRAFT, in_reply_to=bad or None, references=("<a@x>", bad))
    assert unfolded(draft, "In-Reply-To") is None
    assert unfolded(draft, "References") == "<a@x>"
    assert unfolded(draft, "Bcc") is None


NAMES = [
    "Kim",
    'Kim "K" Lee',
    "Lee, Kim (Sales)",
    "Jörg Müller",
    "Jörg Müller-Lüdenscheidt, (Abteilung 7) „Süd“",
    "李小龙" * 12,
    "K.",
    "a@b",
    "back\\slash",
    "=?utf-8?q?no?=",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_comes_back_as_it_is_and_its_address_beside_it(name: str) -> None:
    people = tuple(Address(f"p{n}@acme.example", name) for n in range(3))
    draft = replace(DRAFT, sender=Address("dana@northwind.example", name), to=people, cc=people)
    raw = email.message_from_bytes(mime.render(draft), policy=email.policy.compat32)
    for field, expected in (
        ("From", ["dana@northwind.example"]),
        ("To", [p.email for p in people]),
        ("Cc", [p.email for p in people]),
    ):
        read = getaddresses([re.sub(r"\r?\n", "", raw[field])])
        assert [address for _, address in read] == expected
        if not name.startswith("=?"):
            assert {str(make_header(decode_header(shown))) for shown, _ in read} == {name}
        modern = email.message_from_bytes(mime.render(draft), policy=email.policy.default)[field]
        assert [a.addr_spec for a in modern.addresses] == expected
    ours = mime.parse(mime.render(draft), role=Role.SENT, folder="Sent")
    assert ([a.email for a in ours.to], ours.sender.email) == ([p.email for p in people], "dana@northwind.example")
    assert max(map(len, head(draft).split("\r\n"))) <= 78


def test_the_date_and_our_own_headers_are_plain() -> None:
    draft = mime.with_id_header(
        replace(DRAFT, message_id=OUTLOOK, headers={"Auto-Submitted": "auto-generated", "X-Kept-Id": "abc"})
    )
    assert parsedate_to_datetime(unfolded(draft, "Date") or "") == DRAFT.date
    assert unfolded(draft, "X-Kept-Message-ID") == OUTLOOK
    assert (unfolded(draft, "Auto-Submitted"), unfolded(draft, "X-Kept-Id")) == ("auto-generated", "abc")
    assert "=?" not in head(draft)


def test_a_long_file_name_beyond_ascii_comes_back_whole() -> None:
    name = "Angebot für die Erweiterung der Fördertechnik in Halle 7 – endgültige Fassung vom zweiten März.pdf"
    draft = replace(DRAFT, attachments=((name, "application/pdf", b"x"), ('a"b\\c.pdf', "application/pdf", b"y")))
    parts = email.message_from_bytes(mime.render(draft), policy=email.policy.default).walk()
    assert [p.get_filename() for p in parts if p.get_filename()] == [name, 'a"b\\c.pdf']
    assert mime.parse(mime.render(draft), role=Role.SENT, folder="Sent").attachments[0].name == name


@pytest.mark.parametrize("name", ["x" * 1500, '"\\' * 600, "word " * 300], ids=["letters", "escapes", "words"])
def test_a_name_longer_than_a_line_is_folded_and_read_back_whole(name: str) -> None:
    field = header_writer.mailboxes("To", [Address("kim@acme.example", name)])
    assert max(map(len, field.split(b"\r\n"))) <= header_writer.MUST
    ((read, address),) = getaddresses([email.message_from_bytes(field + b"\r\n")["to"]])
    assert (str(make_header(decode_header(read))), address) == (name.strip(), "kim@acme.example")


def test_a_long_subject_beyond_ascii_is_shown_with_the_spaces_it_was_given() -> None:
    subject = "Acme Ltd and Partners Catering: a promise is due today 17:30: “Let me check with our lab, back by Friday …”"
    field = header_writer.words("Subject", subject)
    assert all(len(line) <= header_writer.SHOULD for line in field.split(b"\r\n"))
    assert email.message_from_bytes(field + b"\r\n", policy=email.policy.default)["Subject"] == subject
