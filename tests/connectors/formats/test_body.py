"""Which parts of a message are its words, and which are its files."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from contracts.mail_shapes import HEAD, HTML, IMAGE, PDF, PLAIN, multipart, part

from connectors.formats import body, mime
from connectors.formats.mime_parts import Leaf, Part
from connectors.mail import Attachment, Message, Role

QUESTION = part("text/plain", text="Could you send me an offer by Thursday?")
HELLO = part("text/plain", text="Hello,")


def read(shape: str) -> Message:
    return mime.parse((HEAD + shape).encode(), role=Role.INBOX, folder="INBOX", received=datetime(2026, 3, 2, tzinfo=UTC))


def words(shape: str) -> str:
    return " ".join(read(shape).text.split())


# --- where the words stand ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file", [PDF, IMAGE, multipart("related", HTML, IMAGE, boundary="r"), multipart("appledouble", PDF, PDF, boundary="d")]
)
def test_text_behind_a_file_is_read_in_its_place(file: str) -> None:
    read_words = words(multipart("mixed", HELLO, file, QUESTION))
    assert read_words.startswith("Hello,")
    assert read_words.endswith("Could you send me an offer by Thursday?")


def test_every_page_of_a_mail_in_pieces_is_read() -> None:
    pages = (part("text/html", text=f"<html><body><p>Piece {n}.</p></body></html>") for n in "abc")
    assert words(multipart("mixed", *pages)) == "Piece a. Piece b. Piece c."


@pytest.mark.parametrize(
    "body_part",
    [
        part('text/plain; name="body.txt"'),
        part("text/plain; name*=utf-8''M%C3%BCller.txt"),
        part("text/plain", "Content-Disposition: inline; filename=message.txt"),
        part('text/html; name="mail.html"', text="<p>Words of the mail.</p>"),
        part("text/plain", "Content-Disposition: attachment"),
        part('text/plain; name="x.txt"', "Content-Disposition: attachment; filename=x.txt"),
    ],
)
def test_the_only_part_is_the_body_whatever_its_name(body_part: str) -> None:
    assert words(body_part) == "Words of the mail."
    assert read(body_part).attachments == ()


@pytest.mark.parametrize("name", ["ATT00001.txt", "ATT00002.htm", "att1.txt", "Part 1.2", "Untitled attachment 00017.txt"])
def test_a_later_text_that_a_server_named_is_read(name: str) -> None:
    kind = "text/html" if name.endswith("htm") else "text/plain"
    later = part(f'{kind}; name="{name}"', f'Content-Disposition: attachment; filename="{name}"', text="Could you call me?")
    assert words(multipart("mixed", HELLO, PDF, later)) == "Hello, Could you call me?"


def test_a_text_that_a_person_attached_is_a_file() -> None:
    notes = part('text/plain; name="notes.txt"', text="Please restart.")
    attached = part("text/plain", "Content-Disposition: attachment; filename=log.txt", text="Please restart.")
    message = read(multipart("mixed", HELLO, notes, attached))
    assert message.text.strip() == "Hello,"
    assert [a.name for a in message.attachments] == ["notes.txt", "log.txt"]


def test_an_inline_text_with_a_name_is_shown_and_is_a_file_as_well() -> None:
    message = read(
        multipart("mixed", HELLO, part("text/plain", "Content-Disposition: inline; filename=terms.txt", text="Thirty days."))
    )
    assert " ".join(message.text.split()) == "Hello, Thirty days."
    assert [a.name for a in message.attachments] == ["terms.txt"]


@pytest.mark.parametrize(
    "kind",
    [
        "text/calendar; method=REQUEST", "text/x-vcard", "text/vcard", "text/directory; profile=vCard", "text/x-amp-html", "text/csv",
        "text/tab-separated-values", "text/rfc822-headers", "text/css", "text/javascript", "text/xml", "text/x-patch", "text/rtf",
        "text/watch-html", "message/delivery-status", "message/disposition-notification", "application/ics",
    ],
)  # fmt: skip
@pytest.mark.parametrize("shape", ["mixed", "alternative"])
def test_other_texts_are_nobodys_words_before_and_behind_the_body(kind: str, shape: str) -> None:
    other = part(kind, text="Could you wait?")
    assert words(multipart(shape, other, PLAIN)) == words(multipart(shape, PLAIN, other)) == "Words of the mail."
    assert words(multipart(shape, other, HTML)) == words(multipart(shape, HTML, other)) == "Words of the mail."


def test_branches_of_an_alternative_are_no_files() -> None:
    amp, calendar = part("text/x-amp-html", text="<html amp4email>"), part("text/calendar", text="BEGIN:VCALENDAR")
    assert read(multipart("alternative", PLAIN, amp, HTML, calendar)).attachments == ()


def test_the_root_of_a_compound_is_read_and_not_what_it_uses() -> None:
    styles, page = part("text/html", "Content-ID: <inner@x>", text="<p>a frame</p>"), part("text/html", "Content-ID: <root@x>")
    named = multipart("related", styles, page).replace("boundary=b", 'boundary=b; start="<root@x>"')
    assert words(named) == "Words of the mail."
    assert words(multipart("related", page, styles)) == "Words of the mail."
    assert words(multipart("related", IMAGE, page)) == "Words of the mail."


def test_alternatives_in_alternatives_are_read_once() -> None:
    inner = multipart("alternative", PLAIN, HTML, boundary="c")
    assert words(multipart("alternative", inner, HTML)) == "Words of the mail."
    assert words(multipart("mixed", multipart("related", inner, IMAGE, boundary="d"), PDF)) == "Words of the mail."


def test_a_mail_that_was_forwarded_as_a_file_has_the_words_of_its_own_writer() -> None:
    enclosed = f"Content-Type: message/rfc822\r\n\r\n{HEAD}\r\nCould you answer this?\r\n"
    assert words(multipart("mixed", PLAIN, enclosed)) == "Words of the mail."
    assert words(multipart("digest", enclosed)) == ""


@pytest.mark.parametrize("stated", ["multipart/mixed", "multipart/mixed; boundary=another", 'multipart/alternative; boundary=""'])
def test_a_boundary_that_is_not_stated_is_seen(stated: str) -> None:
    whole = multipart("mixed", PLAIN, PDF, boundary="real")
    message = read(whole.replace("multipart/mixed; boundary=real", stated))
    assert message.text.strip() == "Words of the mail."


def test_a_multipart_without_parts_is_damaged() -> None:
    message = read("Content-Type: multipart/mixed; boundary=b\r\n\r\nCould you call me?\r\n")
    assert (message.text, message.unread) == ("", "malformed")


@pytest.mark.parametrize("encoding", ["base64", "BASE64", '"base64"', "base64;", "base64 (comment)"])
def test_a_transfer_encoding_is_known_however_it_is_written(encoding: str) -> None:
    assert (
        words(part("text/plain", f"Content-Transfer-Encoding: {encoding}", text="V29yZHMgb2YgdGhlIG1haWwuCg=="))
        == "Words of the mail."
    )


def test_uuencoded_words_are_read() -> None:
    assert (
        words(part("text/plain", "Content-Transfer-Encoding: x-uuencode", text="begin 644 x\r\n&2&5L;&\\L\r\n`\r\nend"))
        == "Hello,"
    )


def test_base64_that_is_not_declared_is_read() -> None:
    """As a backup program writes it, which ends its header too early."""
    encoded = base64.encodebytes("Könnten Sie uns das Angebot für die Türen bis Donnerstag schicken?\n".encode() * 3).decode()
    assert words(part("text/plain", text=encoded)).startswith("Könnten Sie uns das Angebot")
    assert words(part("text/plain", text="x" * 70)) == "x" * 70


def test_enriched_text_is_read_without_its_marks() -> None:
    enriched = "<color><param>red</param>Could you</color> send\r\nit if a<<b?\r\n\r\nKim"
    assert read(part("text/enriched", text=enriched)).text.strip() == "Could you send it if a<b?\nKim"


def test_a_page_may_name_its_charset_itself() -> None:
    raw = (
        HEAD.encode()
        + b"Content-Type: text/html\r\n\r\n<meta http-equiv=Content-Type content='text/html; charset=koi8-r'><p>"
        + "Счёт".encode("koi8_r")
    )
    assert mime.parse(raw, role=Role.INBOX, folder="INBOX").text.strip() == "Счёт"


# --- plain parts that only stand in ---------------------------------------------------------------------------------------------

OFFER = part("text/html", text="<p>Hi Dana,</p><p>could you send me the quote for the gate by Thursday?</p><p>Kim</p>")


@pytest.mark.parametrize(
    "stub",
    [
        "This message is in HTML. Please use an HTML capable mail program to view it.",
        "Your email client does not support HTML emails.",
        "To view this message, please use an HTML compatible email viewer!",
        "Diese Nachricht kann in Ihrem Mailprogramm nicht angezeigt werden. Bitte öffnen Sie sie im Browser.",
        "Si vous ne visualisez pas correctement ce message, ouvrez-le dans votre navigateur: https://x.example/1",
        "Si no puede ver este mensaje, ábralo en su navegador.",
        "Se non visualizzi il messaggio aprilo nel tuo browser",
        "Bekijk dit bericht in uw browser",
        "Otwórz tę wiadomość w przeglądarce",
        "Öppna mailet i din webbläsare",
        "no plain text version",
        "[cid:image001.png@01DA1234]",
        "[image: logo]\r\nhttps://acme.example/logo.png",
        "image001.png",
        "Message from Kim",
        "\u00a0",
        "--",
        "This is a multi-part message in MIME format.",
    ],
)
def test_a_plain_part_that_stands_in_gives_way_to_the_page(stub: str) -> None:
    shape = multipart("alternative", part("text/plain; charset=utf-8", text=stub), OFFER)
    assert "could you send me the quote for the gate by Thursday?" in words(shape)


@pytest.mark.parametrize(
    "text",
    [
        "Hi Dana, could you send me the quote for the gate by Thursday? Kim",
        "Hi Dana,\r\n\r\ncould you send me the quote\r\nfor the gate by Thursday?\r\n\r\n> earlier words\r\n",
    ],
)
def test_a_plain_part_that_says_the_same_is_read_itself(text: str) -> None:
    assert words(multipart("alternative", part("text/plain", text=text), OFFER)) == " ".join(text.split())


def test_a_page_without_words_does_not_hide_the_plain_ones() -> None:
    assert words(multipart("alternative", part("text/plain", text="Yes."), part("text/html", text="<img src='x'>"))) == "Yes."


def test_a_long_plain_part_is_read_although_the_page_says_more() -> None:
    text = " ".join(f"word{n}" for n in range(40))
    longer = part("text/html", text="<p>" + " ".join(f"other{n}" for n in range(200)) + "</p>")
    assert words(multipart("alternative", part("text/plain", text=text), longer)) == text


# --- what a provider does not send along ----------------------------------------------------------------------------------------


def test_parts_that_are_missing_are_asked_for_and_no_others() -> None:
    choice = Part("multipart/alternative", (Part("text/plain", place="1.1"), Part("text/html", place="1.2")))
    root = Part("multipart/mixed", (choice, Part("application/pdf", name="x.pdf", place="2"), Part("text/plain", place="3")))
    assert body.read(root, {}).missing == ("1.1", "3")
    long_text = Leaf({}, b"one two three four five six seven eight nine ten eleven twelve thirteen a b c d e f g h i")
    assert body.read(root, {"1.1": long_text}).missing == ("3",)
    assert body.read(root, {"1.1": Leaf({}, b"see html"), "3": long_text}).missing == ("1.2",)


def test_exchange_is_asked_for_the_whole_where_it_leaves_words_out() -> None:
    later, wrapped, pdf = (
        Attachment("ATT00001.txt", "text/plain", 9),
        Attachment("smime.p7m", "multipart/signed", 9),
        Attachment("a.pdf", "application/pdf", 9),
    )
    assert body.of_item("Hello", (pdf,)).missing == ()
    assert body.of_item("Hello", (pdf, later)).missing != ()
    assert body.of_item("", (wrapped,)).missing != ()
    assert body.of_item("", (Attachment("winmail.dat", "application/ms-tnef", 9),)).missing != ()
    assert body.of_item("Hello", (Attachment("notes.txt", "text/plain", 9),)).missing == ()


def test_what_cannot_be_fetched_whole_is_said() -> None:
    shown = body.of_item("", (Attachment("smime.p7m", "application/pkcs7-mime", 9),))
    assert body.of_whole_item(shown, (), lambda: None).unread == "too large"
    huge = (Attachment("smime.p7m", "application/pkcs7-mime", 10**9),)
    assert body.of_whole_item(body.of_item("", huge), huge, lambda: pytest.fail("not worth it")).unread == "too large"


def test_of_hundreds_of_long_texts_in_one_mail_some_are_read_and_the_mail_says_so() -> None:
    parts = tuple(Part("text/html", place=str(n)) for n in range(300))
    contents = {part.place: Leaf({"content-type": "text/html"}, b"<p></p>" * 20_000) for part in parts}
    assert body.read(Part("multipart/mixed", parts), contents).unread == "too large"


def test_a_long_text_does_not_hide_a_short_one_behind_it() -> None:
    parts = (Part("text/html", place="1"), Part("text/plain", place="2"))
    long = Leaf({"content-type": "text/html"}, b"<style>" + b"x" * 250_000 + b"</style><p>Hello.</p>")
    read = body.read(Part("multipart/mixed", parts), {"1": long, "2": Leaf({}, b"Can you call me?".ljust(20_000))})
    assert read.text.split() == ["Hello.", "Can", "you", "call", "me?"]
    assert read.unread == ""
