"""Words wrapped in other formats: S/MIME, OpenPGP, winmail.dat, rich text, and what cannot be opened."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime

import pytest
from contracts.mail_shapes import HEAD, PDF, PGP_MESSAGE, PGP_VERSION, PLAIN, RPMSG, multipart, packed, part
from contracts.wrapped_mail import compressed_data, enveloped_data, properties, signed_data, string_property, tnef
from hypothesis import given
from hypothesis import strategies as st

from connectors.formats import mime
from connectors.formats.wrapping import pgp, rtf, smime
from connectors.formats.wrapping import tnef as winmail
from connectors.mail import Message, Role

P7M = "application/pkcs7-mime; name=smime.p7m"
ASKED = part("text/plain", text="Could you confirm the order?").encode()
EMPTY = part("text/plain", text="")


def read(shape: str) -> Message:
    return mime.parse((HEAD + shape).encode(), role=Role.INBOX, folder="INBOX", received=datetime(2026, 3, 2, tzinfo=UTC))


def dat(*attributes: bytes, text: str = "", page: int = 1252, files: tuple[str, ...] = ()) -> str:
    return packed(tnef(text, *attributes, page=page, files=files), 'application/ms-tnef; name="winmail.dat"')


# --- S/MIME ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("in_pieces", [False, True])
@pytest.mark.parametrize(
    "kind",
    [
        P7M,
        "application/x-pkcs7-mime",
        "application/octet-stream; name=smime.p7m",
        "application/pkcs7-mime; smime-type=signed-data",
    ],
)
def test_the_words_of_a_signed_mail_are_read(kind: str, *, in_pieces: bool) -> None:
    message = read(packed(signed_data(ASKED, in_pieces=in_pieces), kind))
    assert (message.text.strip(), message.unread, message.attachments) == ("Could you confirm the order?", "", ())


def test_the_files_in_a_signed_mail_are_its_files() -> None:
    message = read(packed(signed_data(multipart("mixed", PLAIN, PDF).encode()), P7M))
    assert [a.name for a in message.attachments] == ["Angebot für Kim.pdf"]


def test_a_long_signed_mail_is_read_from_its_beginning() -> None:
    whole = signed_data(multipart("mixed", PLAIN, part("application/zip; name=a.zip", text="x" * 50_000)).encode())
    assert smime.read(whole[:30_000]).entity is not None


def test_wrappings_in_one_another_are_opened() -> None:
    inner = packed(signed_data(ASKED), P7M).encode()
    assert read(packed(signed_data(inner), P7M)).text.strip() == "Could you confirm the order?"
    assert read(multipart("mixed", packed(signed_data(ASKED), P7M), part("text/plain", text="List footer"))).text.startswith(
        "Could you"
    )


def test_wrappings_without_end_are_left() -> None:
    shape = ASKED.decode()
    for _ in range(30):
        shape = packed(signed_data(shape.encode()), P7M)
    assert read(shape).text == ""


def test_compressed_data_is_read_and_a_bomb_is_cut() -> None:
    assert read(packed(compressed_data(zlib.compress(ASKED)), P7M)).text.strip() == "Could you confirm the order?"
    bomb = smime.read(compressed_data(zlib.compress(b"x" * 50_000_000))).entity
    assert bomb is not None
    assert len(bomb) <= 2 * 1024 * 1024


def test_an_encrypted_mail_is_unread_and_its_wrapping_is_no_file() -> None:
    for shape in (
        packed(enveloped_data(), "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"),
        packed(signed_data(packed(enveloped_data(), P7M).encode()), P7M),
        multipart("encrypted", PGP_VERSION, PGP_MESSAGE),
        multipart("mixed", EMPTY, PGP_VERSION, PGP_MESSAGE),
        multipart("mixed", part("text/plain", text="Sign in to read this message."), RPMSG),
        multipart("mixed", part("text/html", text="Open the attachment."), part("text/html; name=securedoc_2026.html")),
        part("text/plain", text="-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM\r\n=abcd\r\n-----END PGP MESSAGE-----"),
    ):
        message = read(shape)
        assert (message.text.strip(), message.unread, message.attachments) == ("", "encrypted", ())


def test_a_signed_file_of_another_name_is_a_file() -> None:
    message = read(multipart("mixed", PLAIN, packed(b"xx", 'application/pkcs7-mime; name="contratto.pdf.p7m"')))
    assert (message.unread, [a.name for a in message.attachments]) == ("", ["contratto.pdf.p7m"])


@pytest.mark.parametrize(
    "content", [b"", b"\x30", b"\x30\x80" * 5000, b"\x30\x84\xff\xff\xff\xff", b"x" * 100, signed_data(b"x")[:20]]
)
def test_damaged_data_is_unread(content: bytes) -> None:
    assert read(packed(content, P7M)).unread == "malformed"


def test_a_signature_beside_the_words_changes_nothing() -> None:
    message = read(
        multipart(
            "signed", multipart("mixed", PLAIN, PDF, boundary="c"), packed(b"s", 'application/pkcs7-signature; name="smime.p7s"')
        )
    )
    assert (message.text.strip(), message.unread) == ("Words of the mail.", "")


# --- OpenPGP in the text --------------------------------------------------------------------------------------------------------


def test_the_words_of_a_text_signed_by_pgp_are_read_without_its_armor() -> None:
    text = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nCould you call me?\n- -- \nKim\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEz\n=abcd\n-----END PGP SIGNATURE-----\nList footer\n"
    )
    assert pgp.without_armor(text) == ("Could you call me?\n-- \nKim\n\nList footer\n", False)


def test_words_before_an_encrypted_block_are_read_and_the_mail_stays_unread() -> None:
    message = read(
        part("text/plain", text="Could you call me?\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM\r\n-----END PGP MESSAGE-----")
    )
    assert (message.text.strip(), message.unread) == ("Could you call me?", "encrypted")


def test_a_key_in_the_text_is_no_words() -> None:
    assert pgp.without_armor("Hi\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ\n-----END PGP PUBLIC KEY BLOCK-----\n") == (
        "Hi\n\n",
        False,
    )


# --- winmail.dat ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "page"), [("Können Sie das bestätigen? – “ja”", 1252), ("Добрый день, подтвердите?", 1251), ("您好，请确认？", 936)]
)
def test_the_words_of_a_winmail_dat_are_read_in_its_code_page(text: str, page: int) -> None:
    message = read(multipart("mixed", EMPTY, dat(text=text, page=page, files=("plan.pdf",))))
    assert (message.text.strip(), message.unread) == (text, "")
    assert [a.name for a in message.attachments] == ["plan.pdf"]


def test_the_words_may_be_a_property_or_a_page_or_rich_text() -> None:
    unicode = string_property(0x1000, "Könnten Sie anrufen?\0".encode("utf-16-le"), 0x1F)
    page = string_property(0x1013, b"<p>K\xc3\xb6nnten Sie anrufen?</p>", 0x102)
    rich = rb"{\rtf1\ansi\ansicpg1252\fromhtml1{\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}K\'f6nnten Sie \htmlrtf\par\htmlrtf0 anrufen?}"
    as_it_is = struct.pack("<II", len(rich) + 12, len(rich)) + b"MELA" + b"\0" * 4 + rich
    for one in (unicode, page, string_property(0x1009, as_it_is, 0x102)):
        assert " ".join(read(multipart("mixed", EMPTY, dat(properties(one)))).text.split()) == "Könnten Sie anrufen?"


def test_other_properties_around_the_words_are_passed_over() -> None:
    before = (
        struct.pack("<HHI", 0x03, 0x3FDE, 65001),
        struct.pack("<HHHH", 0x0B, 0x0029, 1, 0),
        struct.pack("<HHq", 0x40, 0x0039, 1),
        struct.pack("<HH", 0x1E, 0x8001)
        + b"g" * 16
        + struct.pack("<II", 1, 6)
        + b"a\0b\0c\0\0\0"
        + struct.pack("<II", 1, 2)
        + b"x\0\0\0",
        struct.pack("<HHIII", 0x1003, 0x1234, 2, 7, 8),
    )
    assert read(multipart("mixed", EMPTY, dat(properties(*before, string_property(0x1000, b"Words"))))).text == "Words"


def test_a_winmail_dat_beside_words_hides_none() -> None:
    assert read(multipart("mixed", PLAIN, dat(text="other words"))).text.strip() == "Words of the mail."


@pytest.mark.parametrize(
    "content", [b"", b"x" * 50, tnef(), tnef("words")[:20], struct.pack("<IH", 0x223E9F78, 1) + b"\xff" * 100]
)
def test_a_winmail_dat_that_cannot_be_read_is_unread(content: bytes) -> None:
    message = read(multipart("mixed", EMPTY, packed(content, "application/octet-stream; name=winmail.dat")))
    assert (message.text.strip(), message.unread, message.attachments) == ("", "winmail", ())


@given(st.binary(max_size=400))
def test_no_bytes_break_the_readers(raw: bytes) -> None:
    smime.read(raw)
    winmail.read(tnef("x")[:20] + raw)
    rtf.to_text(raw)
    rtf.decompressed(b"\0" * 8 + b"LZFu" + raw)


def test_rich_text_is_unpacked() -> None:
    """The examples of MS-OXRTFCP, 4.1 and 4.2."""
    simple = "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    crossing = "1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0"
    assert rtf.decompressed(bytes.fromhex(simple)) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert rtf.decompressed(bytes.fromhex(crossing)) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


def test_rich_text_is_read_in_any_writing() -> None:
    assert rtf.to_text(rb"{\rtf1\ansi\ansicpg936 \'c4\'fa\'ba\'c3\par next}") == "您好\nnext"
    assert rtf.to_text(rb"{\rtf1\uc1 \u-10179?\u-8704?\u8217?s {\uc2 \u228abx}}") == "😀’s äx"
    assert rtf.to_text(rb"{\rtf1{\*\generator x;}{\stylesheet y;}a\tab b\~c\{d\}}") == "a\tb c{d}"
