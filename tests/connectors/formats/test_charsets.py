"""Text from bytes whose charset is claimed, lied about or not stated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.formats.charsets import codec, decode

RUSSIAN = "Добрый день, пришлите, пожалуйста, счёт за апрель. Спасибо!"
CHINESE = "您好，请问您能在周四之前把报价发给我吗？谢谢"
JAPANESE = "こんにちは、木曜日までに見積もりを送っていただけますか。"
KOREAN = "안녕하세요, 목요일까지 견적서를 보내 주실 수 있나요?"
GERMAN = "Können Sie uns das Angebot für die Türen schicken? Grüße, Jörg"


@pytest.mark.parametrize(
    "label", ["iso-8859-1", "ISO-8859-15", "us-ascii", "latin1", "windows-1252", "iso-8859-9", "x-unknown", None]
)
def test_quotes_of_windows_are_read_whatever_western_charset_is_claimed(label: str | None) -> None:
    assert decode("I’ll send the “quote” – today…".encode("cp1252"), label) == "I’ll send the “quote” – today…"


def test_quotes_that_were_taken_for_control_characters_before_are_read_too() -> None:
    assert decode("I\x92ll send it".encode(), "utf-8") == "I’ll send it"


@pytest.mark.parametrize(
    ("label", "real", "text"),
    [
        ("gb2312", "gb18030", "镕，您好，朱镕基"),
        ("GBK", "gb18030", CHINESE),
        ("shift_jis", "cp932", "①見積もり㈱"),
        ("ks_c_5601-1987", "cp949", "똠방각하 " + KOREAN),
        ("euc-kr", "cp949", KOREAN),
        ("big5", "cp950", "您好，請問"),
        ("koi8-r", "koi8_r", RUSSIAN),
        ("iso-2022-jp", "iso2022_jp", JAPANESE),
        ("cp-850", "cp850", GERMAN),
        ("IBM850", "cp850", GERMAN),
        ("windows-1251", "cp1251", RUSSIAN),
        ("iso-8859-8-i", "iso8859_8", "שלום"),
        ("tis-620", "cp874", "สวัสดี"),
        ("utf8", "utf-8", GERMAN),
        ("x-mac-roman", "mac_roman", GERMAN),
    ],
)
def test_a_label_means_what_mail_programs_take_it_for(label: str, real: str, text: str) -> None:
    assert decode(text.encode(real), label) == text


@pytest.mark.parametrize("label", [None, "utf-8", "us-ascii", "x-unknown", "unknown-8bit", "default", "no such"])
@pytest.mark.parametrize(
    ("real", "text"),
    [
        ("utf-8", GERMAN),
        ("cp1252", GERMAN),
        ("koi8_r", RUSSIAN),
        ("cp1251", RUSSIAN),
        ("gb18030", CHINESE),
        ("cp932", JAPANESE),
        ("cp949", KOREAN),
        ("iso2022_jp", JAPANESE),
    ],
)
def test_undeclared_and_wrongly_declared_text_is_read_in_the_charset_that_it_looks_like(
    label: str | None, real: str, text: str
) -> None:
    assert decode(text.encode(real), label) == text


def test_utf_8_that_claims_to_be_latin_1_is_read_as_utf_8() -> None:
    assert decode(GERMAN.encode(), "iso-8859-1") == GERMAN


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_with_and_without_its_mark(name: str) -> None:
    assert decode(GERMAN.encode(name), "utf-16") == GERMAN


def test_a_mark_speaks_louder_than_the_label() -> None:
    assert decode(b"\xef\xbb\xbf" + GERMAN.encode(), "iso-8859-1") == GERMAN
    assert decode(GERMAN.encode("utf-16"), "us-ascii") == GERMAN


def test_a_character_that_was_cut_at_the_end_spoils_nothing() -> None:
    assert decode("Grüß".encode()[:-1], "utf-8") == "Grü"
    assert decode("您好".encode("gb18030")[:-1], "gb2312") == "您"


def test_one_bad_byte_does_not_spoil_the_utf_8_around_it() -> None:
    assert decode("Grüße an die Bäckerei ".encode() + b"\xfc", "utf-8").startswith("Grüße an die Bäckerei")


@pytest.mark.parametrize(
    "label", ["utf-7", "unicode-1-1-utf-7", "punycode", "idna", "zlib_codec", "rot13", "hex", "undefined", "x" * 5000]
)
def test_what_is_no_charset_of_a_mail_is_refused(label: str) -> None:
    assert codec(label) is None
    assert decode(b"plain words +AGE-", label) == "plain words +AGE-"


@given(st.binary(max_size=300), st.sampled_from(["utf-8", "iso-8859-1", "gb2312", "utf-16", "iso-2022-jp", "x", None]))
def test_no_bytes_break_it(raw: bytes, label: str | None) -> None:
    assert isinstance(decode(raw, label), str)
