"""Mail that an enemy, or a broken program, wrote: read or refused, in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from contracts.wrapped_mail import attribute, properties, signed_data, string_property, tnef
from cost import Measured, measured
from paths import SHARED

from connectors.formats import mime
from connectors.mail import Message, Role

FOLDER = SHARED / "data" / "hostile" / "mime"
LIMIT = 60.0  # units of tests/cost.py for any mail
HEAD = b"From: a@b.example\r\nDate: Mon, 02 Mar 2026 09:14:00 +0100\r\n"


def parse(raw: bytes) -> Message | None:
    """The mail, or None where it was refused."""
    try:
        return mime.parse(raw, role=Role.INBOX, folder="INBOX", received=datetime(2026, 3, 2, tzinfo=UTC))
    except ValueError:
        return None


def read(raw: bytes, limit: float = LIMIT) -> Measured[Message | None]:
    """The same with what it cost."""
    return measured(lambda: parse(raw), limit)


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    read(HEAD + b"Content-Type: text/html\r\n\r\n<p>x</p>")  # loads the HTML library once


@pytest.mark.skipif(not FOLDER.is_dir(), reason="needs ../shared/data/hostile/mime beside the repository")
def test_every_hostile_mail_is_read_or_refused_in_time(record_property: Callable[[str, object], None]) -> None:
    costs: dict[str, float] = {}
    refused = 0
    for file in (f for f in sorted(FOLDER.rglob("*")) if f.is_file()):
        reading = read(file.read_bytes())
        costs[str(file)] = reading.units
        refused += reading.result is None
    dearest = max(costs, key=lambda name: costs[name])
    record_property("dearest", f"{costs[dearest]:.1f} units, {dearest}; {refused} of {len(costs)} refused")
    assert len(costs) > 200
    assert costs[dearest] < LIMIT, dearest
    assert refused < len(costs) / 20


def typed(kind: bytes, body: bytes) -> bytes:
    return HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + body


def nested(depth: int, tail: bytes) -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth)) + tail


def nested_smime(depth: int) -> bytes:
    inner = b"x"
    for _ in range(depth):
        inner = signed_data(b"Content-Type: application/pkcs7-mime\r\n\r\n" + inner)
    return inner


def rich_text(content: bytes, kind: bytes = b"MELA") -> bytes:
    return properties(string_property(0x1009, b"\0" * 8 + kind + b"\0" * 4 + content, 0x102))


K = 1000
ATTACKS = {
    "comments that never close": typed(b"text/html", b"<!--" * 64 * K),
    "tags that never close": typed(b"text/html", b"<" * 256 * K),
    "processing instructions": typed(b"text/html", b"<?" * 64 * K + b"<![" * 64 * K),
    "styles that nearly close": typed(b"text/html", b"<style></style" * 10 * K),
    "quotes in quotes": typed(b"text/html", b"<blockquote>" * 20 * K),
    "elements in elements": typed(b"text/html", b"<div>" * 60 * K),
    "lists in lists": typed(b"text/html", b"<ul><li>" * 20 * K),
    "attributes": typed(b"text/html", b"<a " + b"b=c " * 50 * K + b">x"),
    "a flowed endless line": typed(b"text/plain; format=flowed", b"x \n" * 64 * K),
    "a quadratic charset": typed(b"text/plain; charset=punycode", b"x-" + b"a" * 60 * K),
    "another quadratic charset": typed(b"text/plain; charset=idna", b"xn--" + b"a" * 60 * K),
    "a charset that is a program": typed(b"text/plain; charset=zlib_codec", b"x" * K),
    "an undefined charset": typed(b"text/plain; charset=undefined", b"x"),
    "open brackets in From": b"From: " + b"(" * 60 * K + b"\r\n\r\n",
    "open angles in From": b"From: " + b"<" * 60 * K + b"\r\n\r\n",
    "quotes in From": b"From: " + b'"a" ' * 15 * K + b"\r\n\r\n",
    "recipients without end": b"To: " + b"a@b," * 16 * K + b"\r\n\r\n",
    "groups in groups": b"To: " + b"a:" * 30 * K + b"\r\n\r\n",
    "encoded words": HEAD + b"Subject: " + b"=?utf-8?q?a?= " * 4500 + b"\r\n\r\n",
    "half encoded words": HEAD + b"Subject: " + b"=?" * 32 * K + b"\r\n\r\n",
    "an encoded word of a slow charset": HEAD + b"Subject: =?punycode?q?" + b"a-" * 30 * K + b"?=\r\n\r\n",
    "open references": HEAD + b"References: " + b"<a" * 30 * K + b"\r\n\r\n",
    "folded emptiness": HEAD + b"X: a\r\n" + b" \r\n" * 20 * K + b"\r\n",
    "an endless date": b"From: a@b.example\r\nDate: " + b"Mon, " * 12 * K + b"\r\n\r\n",
    "comments in results": HEAD + b"Authentication-Results: x; " + b"((" * 4 * K + b" dmarc=fail\r\n\r\n",
    "a name in many pieces": HEAD + b"Content-Type: text/plain; " + b"name*0*=b; " * 6 * K + b"\r\n\r\nx",
    "an endless header": b"X: y\r\n" * 100 * K + b"\r\nx",
    "no header at all": b"x" * 1000 * K,
    "only colons": b":" * 60 * K,
    "parts in parts": nested(900, b""),
    "parts in parts with many lines": nested(90, b"x\r\n" * 100 * K),
    "mails in mails": b"Content-Type: message/rfc822\r\n\r\n" * 5 * K,
    "a strange boundary": typed(b"multipart/mixed; boundary=" + b"(" * 10 * K, b"--b\r\n" * K),
    "base64 of nothing": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"\n=" * 500 * K,
    "soft line ends": HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=\r\n" * 500 * K,
    "zeros": typed(b"text/plain", b"\0" * 500 * K),
    "encoded words that nearly end": HEAD + b"Subject: " + b"=?utf-8?q?" + b"?" * 50 * K + b"\r\n\r\n",
    "encoded words in From": b"From: " + b"=?utf-8?q?<a@b,c@d>?= " * 2500 + b"\r\n\r\n",
    "raw letters in many fields": b"".join(b"X%d: \xff\xfe\xd0\r\n" % n for n in range(5 * K)) + HEAD + b"\r\nx",
    "a domain of many labels": b"From: k@" + "ü.".encode() * 10 * K + b"example\r\n\r\n",
    "undeclared bytes of every kind": typed(b"text/plain", bytes(range(128, 256)) * 3 * K),
    "UTF-16 that is none": typed(b"text/plain; charset=utf-16", b"\xd8\x00" * 100 * K),
    "Japanese escapes": typed(b"text/plain; charset=iso-2022-jp", b"\x1b$B\x1b(B" * 60 * K),
    "meta elements": typed(b"text/html", b"<meta " * 50 * K),
    "marks of enriched text": typed(b"text/enriched", b"<" * 60 * K + b"<param>" * 20 * K),
    "armor without end": typed(b"text/plain", b"-----BEGIN PGP MESSAGE-----\n" * 10 * K),
    "signed armor in itself": typed(b"text/plain", b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: x\n" * 10 * K),
    "texts without end": typed(b"multipart/mixed; boundary=b", b"--b\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n" * 2 * K),
    "alternatives without end": typed(
        b"multipart/alternative; boundary=b", b"--b\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n" * 2 * K
    ),
    "an unannounced boundary": typed(b"multipart/mixed", b"--" + b"a" * 100 + b"\r\n" + b"--b\r\n" * 50 * K),
    "endless data of S/MIME": typed(b"application/pkcs7-mime", b"\x30\x80" * 300 * K),
    "many pieces of S/MIME": typed(b"application/pkcs7-mime", signed_data(b"x" * 900 * K, in_pieces=True)),
    "nothing in S/MIME": typed(
        b"application/pkcs7-mime", b"\x30\x80\x06\x00\xa0\x80\x30\x80\x02\x00\x31\x80" + b"\x05\x00" * 400 * K
    ),
    "S/MIME in S/MIME": typed(b"application/pkcs7-mime", nested_smime(12)),
    "a winmail.dat of many attributes": typed(b"application/ms-tnef", tnef() + attribute(0x800D, b"") * 50 * K),
    "a winmail.dat of four thousand million properties": typed(
        b"application/ms-tnef", tnef("", attribute(0x9003, b"\xff" * 100 * K))
    ),
    "a winmail.dat of empty properties": typed(
        b"application/ms-tnef", tnef("", properties(*[string_property(0x3FFF, b"")] * 50 * K))
    ),
    "rich text that is all groups": typed(b"application/ms-tnef", tnef("", rich_text(b"{" * 200 * K))),
    "rich text that is all codes": typed(b"application/ms-tnef", tnef("", rich_text(b"\\'" * 60 * K + b"\\u1?" * 40 * K))),
    "rich text that unpacks without end": typed(b"application/ms-tnef", tnef("", rich_text(b"\xff" * 200 * K, b"LZFu"))),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_takes_long(attack: str) -> None:
    assert read(ATTACKS[attack]).units < LIMIT


def test_a_mail_with_thousands_of_parts_is_read_to_its_cap() -> None:
    many = typed(b"multipart/mixed; boundary=b", b"--b\r\nContent-Type: a/b; name=c\r\n\r\nx\r\n" * 5 * K)
    reading = read(many, limit=4 * LIMIT)
    assert reading.result is not None
    assert len(reading.result.attachments) == 100
    assert reading.units < 4 * LIMIT


@pytest.mark.parametrize("element", [b"<p>", b"<table><tr><td>a</td></tr></table>", b"</p>", b"<b>"])
def test_a_page_of_more_elements_than_anybody_writes_is_read_in_part_and_says_so(element: bytes) -> None:
    page = read(typed(b"text/html", b"<p>Can you call me?</p>" + element * 20_000), limit=10)
    assert page.result is not None
    assert page.units < 10
    assert page.result.text.startswith("Can you call me?")
    assert page.result.unread == "too large"


def test_many_pages_in_one_mail_cost_no_more_than_one() -> None:
    page = b"--b\r\nContent-Type: text/html\r\n\r\n<p>Can you call me?</p>" + b"<p>x" * 200 + b"\r\n"
    mail = read(typed(b"multipart/mixed; boundary=b", page * 100), limit=10)
    assert mail.result is not None
    assert mail.units < 10
    assert mail.result.text.count("Can you call me?") == 10  # of 221 each, and the beginning of one more
    assert mail.result.unread == "too large"


def test_a_long_letter_of_a_thousand_elements_is_read_whole() -> None:
    mail = parse(typed(b"text/html", b"<p><span>Dear Kim,</span><br>" * 330 + b"<p>can you call me?"))
    assert mail is not None
    assert mail.text.rstrip().endswith("can you call me?")
    assert mail.unread == ""


@pytest.mark.parametrize("piece", [b";", b",", b"a,", b"Kim <,", b"<>,"])
def test_addresses_that_are_none_cost_no_more_than_a_long_field(piece: bytes) -> None:
    mail = read(b"Sender: " + piece * (60_000 // len(piece)) + b"\r\n" + HEAD + b"\r\nCan you call me?", limit=6)
    assert mail.result is not None
    assert mail.units < 6
    assert mail.result.sender.email == "a@b.example"


def test_pages_without_an_element_are_counted_as_well() -> None:
    mail = read(
        typed(b"multipart/mixed; boundary=b", b"--b\r\nContent-Type: text/html\r\n\r\nCan you call me?\r\n" * 400), limit=5
    )
    assert mail.result is not None
    assert mail.units < 5
    assert mail.result.text.count("Can you call me?") == 100
    assert mail.result.unread == "too large"
