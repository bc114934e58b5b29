"""Encoded words and addresses as mail programs write them, against RFC 2047; domains in both spellings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.formats import headers, mime
from connectors.mail import Address, Role, canonical_domain, canonical_email, readable_email


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=?utf-8?q?Gr=C3?= =?utf-8?q?=BC=C3=9Fe?=", "Grüße"),
        ("=?UTF-8?B?R3LD?=\r\n =?utf-8?b?vMOfZQ==?=", "Grüße"),
        ("=?GB2312?B?xPq6ww?=", "您好"),
        ("=?iso-8859-1?Q?I=92ll_call?=", "I’ll call"),
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe aus Bonn?=", "Grüße aus Bonn"),
        ("=?utf-8?Q?Really??=", "Really?"),
        ("=?utf-8?q?a?==?utf-8?q?b?=", "ab"),
        ("a=?utf-8?q?b?=c", "abc"),
        ("=?utf-8?q?a?= =?iso-8859-1?q?=FC?=", "aü"),
        ("=?utf-8*de?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?ISO-2022-JP?B?GyRCJDMkcyRLGyhC?= =?ISO-2022-JP?B?GyRCJEEkTxsoQg==?=", "こんにちは"),
        ("=?unknown-8bit?q?Gr=FC=DFe?=", "Grüße"),
        ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
    ],
)
def test_encoded_words_are_read_as_mail_programs_write_them(value: str, expected: str) -> None:
    assert headers.decode_words(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=?utf-8?B?IktpbSBMZWUiIDxraW1AYXJkZW50LmV4YW1wbGU+?=", [("kim@ardent.example", "Kim Lee")]),
        ("=?utf-8?Q?Kim_Lee_<kim@ardent.example>?=", [("kim@ardent.example", "Kim Lee")]),
        ("=?utf-8?Q?kim=40ardent.example?=", [("kim@ardent.example", "")]),
        (
            "=?utf-8?B?S2lt?= =?utf-8?B?IDxraW1AYXJkZW50LmV4YW1wbGU+?=, bob@b.example",
            [("kim@ardent.example", "Kim"), ("bob@b.example", "")],
        ),
        ("=?utf-8?q?a=40x.example=2C_b=40x.example?=", [("a@x.example", ""), ("b@x.example", "")]),
        ("=?iso-8859-1?Q?Okafor;_Tom?= <tom@b.example>", [("tom@b.example", "Okafor; Tom")]),
        ("=?iso-8859-1?Q?Okafor,_Tom?= <tom@b.example>, c@d.example", [("tom@b.example", "Okafor, Tom"), ("c@d.example", "")]),
        ('"=?utf-8?q?J=C3=B6rg?=" <j@b.example>', [("j@b.example", "Jörg")]),
    ],
)
def test_an_address_in_an_encoded_word_is_found(value: str, expected: list[tuple[str, str]]) -> None:
    assert [tuple(a) for a in headers.parse_addresses(value)] == expected


@pytest.mark.parametrize(
    "value",
    [
        "=?utf-8?q?kim=40ardent.example?= <evil@x.example>",
        "=?utf-8?q?=3Ckim=40ardent.example=3E?= <evil@x.example>",
        "=?utf-8?q?<kim@ardent.example>?= <evil@x.example>",
    ],
)
def test_a_name_never_puts_another_address_before_the_senders_own(value: str) -> None:
    assert [a.email for a in headers.parse_addresses(value)][:1] in ([], ["evil@x.example"])


@pytest.mark.parametrize(
    ("charset", "text"),
    [("gb2312", "报价请求"), ("koi8-r", "Запрос"), ("iso-8859-1", "Grüße"), ("shift_jis", "見積"), ("utf-8", "Grüße")],
)
def test_raw_letters_of_a_header_are_read_in_the_charset_of_the_body(charset: str, text: str) -> None:
    raw = (
        b"From: a@b.example\r\nSubject: "
        + text.encode(charset)
        + f"\r\nContent-Type: text/plain; charset={charset}\r\n\r\nx".encode()
    )
    assert mime.parse(raw, role=Role.INBOX, folder="INBOX", received=datetime(2026, 3, 2, tzinfo=UTC)).subject == text


def test_raw_letters_of_one_field_do_not_spoil_another() -> None:
    raw = "From: Jörg <j@b.example>\r\n".encode() + "Subject: Grüße\r\n\r\nx".encode("latin-1")
    message = mime.parse(raw, role=Role.INBOX, folder="INBOX", received=datetime(2026, 3, 2, tzinfo=UTC))
    assert (message.sender.name, message.subject) == ("Jörg", "Grüße")


@pytest.mark.parametrize(
    ("spelling", "other"),
    [
        ("müller-bau.example", "xn--mller-bau-q9a.example"),
        ("MÜLLER-Bau.example", "XN--MLLER-BAU-Q9A.example"),
        ("mu\u0308ller-bau.example", "xn--mller-bau-q9a.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("例え。example", "xn--r8jz45g.example"),
        ("bücher.müller.example", "xn--bcher-kva.xn--mller-kva.example"),
        ("acme.example.", "ACME.example"),
    ],
)
def test_both_spellings_of_a_domain_are_one(spelling: str, other: str) -> None:
    assert canonical_domain(spelling) == canonical_domain(other)
    assert headers.parse_addresses(f"Kim <kim@{spelling}>") == headers.parse_addresses(f"Kim <kim@{other}>") != ()


def test_a_domain_is_shown_as_people_write_it() -> None:
    assert readable_email("kim@xn--mller-bau-q9a.example") == "kim@müller-bau.example"
    assert readable_email("kim@xn--.example") == "kim@xn--.example"
    assert Address(canonical_email("Kim@Müller-Bau.example")).domain == "xn--mller-bau-q9a.example"


@given(st.text(max_size=300))
def test_no_domain_and_no_word_breaks_it(value: str) -> None:
    assert isinstance(headers.decode_words(f"=?utf-8?q?{value}?="), str)
    assert isinstance(readable_email(canonical_email(f"a@{value}")), str)
