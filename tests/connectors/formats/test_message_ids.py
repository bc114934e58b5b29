"""Message-IDs as programs write them, and those that they do not write."""

from __future__ import annotations

import pytest

from connectors.formats import headers, mime
from connectors.mail import Message, Role

LONG = f"<{'x' * 1200}@acme.example>"


def read(
    message_id: str | None, *, date: str = "Mon, 02 Mar 2026 10:00:00 +0000", more: str = "", text: str = "What do ten cost?"
) -> Message:
    field = "" if message_id is None else f"Message-ID: {message_id}\r\n"
    raw = f"{field}{more}From: Kim Lee <kim@acme.example>\r\nTo: dana@northwind.example\r\nSubject: Stools\r\nDate: {date}\r\n\r\n{text}\r\n"
    return mime.parse(raw.encode(), role=Role.INBOX, folder="INBOX")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<1@acme.example>", "<1@acme.example>"),
        ("\r\n  <1@acme.example>  ", "<1@acme.example>"),  # folded before it
        ("<\r\n  1@acme.example>", "<1@acme.example>"),  # folded within the brackets
        ("< 1@acme.example >", "<1@acme.example>"),
        ("<order 77@acme.example>", "<order 77@acme.example>"),
        ("<order\r\n 77@acme.example>", "<order 77@acme.example>"),
        ("1@acme.example", "<1@acme.example>"),
        ("1@acme.example>", "<1@acme.example>"),
        ("20260302.1", "<20260302.1>"),
        ("<no-at-sign>", "<no-at-sign>"),
        ("(made by hand) <1@acme.example>", "<1@acme.example>"),
        ("=?utf-8?q?=3C1=40acme=2Eexample=3E?=", "<1@acme.example>"),
        ("<1@acme.example> <2@acme.example>", "<1@acme.example>"),
    ],
)
def test_a_message_id_is_read_in_every_spelling(written: str, meant: str) -> None:
    message = read(written)
    assert message.message_id == message.shown_id == meant
    assert message.header_id is None


@pytest.mark.parametrize("written", ["", "<>", "< >", "<<>>", "two words", None])
def test_where_there_is_none_it_is_made_of_the_mail(written: str | None) -> None:
    message = read(written)
    assert message.message_id.endswith("@no-message-id.invalid>")
    assert message.message_id == read(None).message_id


def test_copies_of_a_mail_without_one_are_one_however_their_lines_are_broken() -> None:
    text = (
        "We would like to know what ten stools of the second series cost, with delivery to Leeds and the old ones taken away, please. "
        * 2
    )
    footer = text.replace(". ", ".\r\n\r\n") + "\r\n--\r\nYou get this by the list of Acme"
    assert read(None, text=text).message_id == read(None, text=footer, more="List-Id: <acme.example>\r\n").message_id
    assert read(None, text="What do ten cost?").message_id != read(None, text="What do twenty cost?").message_id
    assert read(None).message_id != read(None, date="Mon, 02 Mar 2026 10:00:01 +0000").message_id


def test_one_longer_than_a_line_has_a_short_one_in_its_place_and_is_shown_whole() -> None:
    message = read(LONG)
    assert message.shown_id == LONG
    assert message.message_id == headers.short_id(LONG)
    assert len(message.message_id) < 100


def test_a_reply_to_a_long_one_refers_to_the_same_mail() -> None:
    reply = read("<2@acme.example>", more=f"In-Reply-To: {LONG}\r\nReferences: <0@acme.example>\r\n {LONG}\r\n")
    assert reply.in_reply_to == (read(LONG).message_id,)
    assert reply.references == ("<0@acme.example>", read(LONG).message_id)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<a@x.example><b@x.example>", ("<a@x.example>", "<b@x.example>")),
        ("a@x.example", ("<a@x.example>",)),
        ("a@x.example, b@x.example", ("<a@x.example>", "<b@x.example>")),
        ("<\r\n  a@x.example>", ("<a@x.example>",)),
        ("=?us-ascii?Q?=3Ca=40x=2Eexample=3E?=", ("<a@x.example>",)),
        ('Your message of "Mon, 02 Mar 2026 10:00:00 GMT." <a@x.example>', ("<a@x.example>",)),
        ("Message from Kim of Monday", ()),
        ("<order 77@x.example>", ("<order 77@x.example>",)),
    ],
)
def test_references_are_read_in_every_spelling(written: str, meant: tuple[str, ...]) -> None:
    assert headers.parse_message_ids(written) == meant


@pytest.mark.parametrize("piece", ["<", ">", "<a", "a@", "@", "a@b ", "<a@b", "=?", '"', "(", "\r\n "])
def test_no_field_takes_long(piece: str) -> None:
    assert len(headers.parse_message_ids(piece * 100_000)) <= headers.REFERENCE_CAP
    headers.parse_message_id(piece * 100_000)
