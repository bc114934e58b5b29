"""Mail to values, and back."""

from __future__ import annotations

import dataclasses
import email
from datetime import UTC, datetime, timedelta, timezone
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.formats import body, headers, html, mime
from connectors.formats.mime_parts import Leaf, Part
from connectors.mail import Address, Attachment, Draft, Message, Role

ARRIVED = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
HEAD = "From: Kim <kim@acme.example>\r\nTo: alice@example.test\r\nDate: Mon, 02 Mar 2026 09:14:00 +0100\r\nMessage-ID: <1@a.example>\r\n"


def parse(raw: str | bytes, received: datetime | None = ARRIVED, authserv_id: str | None = None) -> Message:
    raw = raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogateescape")
    return mime.parse(raw, role=Role.INBOX, folder="INBOX", received=received, authserv_id=authserv_id)


# --- header --------------------------------------------------------------------------------------------------------------------


def test_the_date_keeps_the_senders_own_offset_and_received_is_utc() -> None:
    message = parse("Received: from a by b; Mon, 02 Mar 2026 09:20:00 +0100\r\n" + HEAD + "\r\nx")
    assert message.date.isoformat() == "2026-03-02T09:14:00+01:00"
    assert message.received.isoformat() == "2026-03-02T08:20:00+00:00"


@pytest.mark.parametrize("date", ["Fri, 02 Mar 2046 09:14:00 +0000", "Thu, 01 Jan 1970 00:00:00 +0000", "yesterday", ""])
def test_an_implausible_date_gives_way_to_the_arrival(date: str) -> None:
    assert parse(HEAD.replace("Mon, 02 Mar 2026 09:14:00 +0100", date) + "\r\nx").date == ARRIVED


def test_a_mail_that_nobody_knows_a_time_of_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="no date"):
        parse("From: a@b.example\r\n\r\nx", received=None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("kim@acme.example", [("kim@acme.example", "")]),
        ("Kim Lee <Kim@ACME.example>", [("kim@acme.example", "Kim Lee")]),
        ('"Lee, Kim" <kim@acme.example>, bob@b.example', [("kim@acme.example", "Lee, Kim"), ("bob@b.example", "")]),
        ("kim@acme.example (Kim Lee)", [("kim@acme.example", "Kim Lee")]),
        ("=?utf-8?q?J=C3=B6rg?= <j@b.example>", [("j@b.example", "Jörg")]),
        ("=?utf-8?q?Lee=2C_Kim?= <k@b.example>", [("k@b.example", "Lee, Kim")]),
        ("Team: a@b.example, c@d.example;", [("a@b.example", ""), ("c@d.example", "")]),
        ("undisclosed-recipients:;", []),
        ("a@b.example; c@d.example", [("a@b.example", ""), ("c@d.example", "")]),
        ("Kim\r\n <kim@acme.example>", [("kim@acme.example", "Kim")]),
        ('"kim@acme.example" <evil@x.example>', [("evil@x.example", "kim@acme.example")]),
        ("<>", []),
        ("Jörg <j@b.example>", [("j@b.example", "Jörg")]),
        ("", []),
    ],
)
def test_addresses_are_read_in_all_their_forms(value: str, expected: list[tuple[str, str]]) -> None:
    assert [tuple(a) for a in headers.parse_addresses(value)] == expected


def test_no_more_addresses_are_read_than_anyone_writes() -> None:
    assert len(headers.parse_addresses("a@b.example," * 5000)) == headers.ADDRESS_CAP


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=?utf-8?b?R3LDvMOfZQ==?=", "Grüße"),
        ("=?iso-8859-1?q?Gr=FC=DFe?= plain", "Grüße plain"),
        ("=?utf-8?q?Gr=C3=BC?=\r\n =?utf-8?q?=C3=9Fe?=", "Grüße"),
        ("=?no-such-charset?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?utf-8?b?broken", "=?utf-8?b?broken"),
        ("two\r\n\tlines", "two lines"),
        ("中文 =?utf-8?q?Gr=C3=BC=C3=9Fe?=", "中文 Grüße"),
        ("bell\x07 and\x1b[31m colour", "bell  and [31m colour"),
    ],
)
def test_a_subject_is_read_in_all_its_spellings(value: str, expected: str) -> None:
    assert headers.decode_words(value) == expected


def test_raw_letters_in_a_header_are_read_in_utf8_or_latin1() -> None:
    assert parse(HEAD.encode() + "Subject: Grüße\r\n\r\nx".encode()).subject == "Grüße"
    assert parse(HEAD.encode() + "Subject: Grüße\r\n\r\nx".encode("latin-1")).subject == "Grüße"


def test_the_topmost_of_two_fields_counts() -> None:
    assert parse(HEAD + "Subject: first\r\nSubject: second\r\n\r\nx").subject == "first"


def test_threads_are_read_from_references_with_anything_between() -> None:
    message = parse(
        HEAD
        + "References: <a@x.example>\r\n\t<b@x.example> (comment) <a@x.example>\r\nIn-Reply-To: Mail of <b@x.example>\r\n\r\nx"
    )
    assert message.references == ("<a@x.example>", "<b@x.example>")
    assert message.in_reply_to == ("<b@x.example>",)


def test_what_says_how_to_treat_a_mail_is_kept_and_nothing_else() -> None:
    message = parse(HEAD + "Auto-Submitted: auto-replied\r\nList-Id: <l.example>\r\nX-Secret: 1\r\n\r\nx")
    assert dict(message.headers) == {"auto-submitted": "auto-replied", "list-id": "<l.example>"}


def test_a_header_may_end_lines_in_any_way() -> None:
    for end in ("\r\n", "\n", "\r"):
        message = parse((HEAD + "Subject: a\r\n b\r\n\r\nbody\r\n").replace("\r\n", end))
        assert (message.subject, message.text.strip()) == ("a b", "body")


def test_a_blank_line_of_the_body_does_not_end_the_header() -> None:
    assert parse((HEAD + "Subject: a\r\n\r\n").replace("\r\n", "\n") + "one\r\n\r\ntwo").text == "one\n\ntwo"


# --- authenticity --------------------------------------------------------------------------------------------------------------

AR = "Authentication-Results: mx.example.test;\r\n dkim=pass header.d=x.example;\r\n dmarc=fail (p=reject) header.from=acme.example\r\n"


def test_a_failed_authentication_is_believed_of_the_own_server_alone() -> None:
    assert not parse(AR + HEAD + "\r\nx").authentic
    assert not parse(AR + HEAD + "\r\nx", authserv_id="MX.example.test").authentic
    assert parse(AR + HEAD + "\r\nx", authserv_id="other.example.test").authentic
    assert parse(AR.replace("fail", "pass") + HEAD + "\r\nx").authentic
    assert parse(HEAD + "\r\nx").authentic


def test_only_the_topmost_result_counts_and_no_comment_does() -> None:
    forged = "Authentication-Results: mx.example.test; dmarc=pass\r\n"
    assert not parse(AR + forged + HEAD + "\r\nx").authentic
    assert parse(forged.replace("pass", "pass (dmarc=fail)") + HEAD + "\r\nx").authentic


# --- body ----------------------------------------------------------------------------------------------------------------------


def test_a_charset_that_lies_is_read_all_the_same() -> None:
    for charset, raw in (("utf-8", "Grüße".encode("latin-1")), ("us-ascii", "Grüße".encode()), ("x-unknown", "Grüße".encode())):
        head = f"{HEAD}Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n".encode()
        assert parse(head + raw).text == "Grüße"


def test_a_part_cut_in_the_middle_is_read_as_far_as_it_goes() -> None:
    fields = {"content-type": "text/plain; charset=utf-8", "content-transfer-encoding": "base64"}
    root = Part("multipart/alternative", (Part("text/plain", place="1"),))
    assert body.read(root, {"1": Leaf(fields, b"R3LDvMOfZSBhbiBLaW0=\r\n"[:-5])}).text.startswith("Grüße an")


def test_flowed_lines_are_joined_and_quotes_stay_apart() -> None:
    raw = (
        HEAD + "Content-Type: text/plain; format=flowed\r\n\r\n> quoted \r\n> line\r\nan \r\nanswer\r\n-- \r\nKim\r\n From me\r\n"
    )
    assert parse(raw).text == "> quoted line\nan answer\n-- \nKim\nFrom me\n"


def test_the_plain_part_is_taken_and_an_empty_one_gives_way_to_html() -> None:
    def alternative(plain: str) -> str:
        return (
            f"{HEAD}Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{plain}\r\n"
            "--b\r\nContent-Type: text/html\r\n\r\n<p>from html</p>\r\n--b--\r\n"
        )

    assert parse(alternative("from plain")).text.strip() == "from plain"
    assert parse(alternative("  ")).text.strip() == "from html"


def test_html_reads_like_its_text() -> None:
    page = (
        "<html><head><style>p {color: red}</style><title>t</title></head><body><!-- hidden --><p>Hello&nbsp;Kim,</p>"
        "<p>can you<br>send it?</p><ul><li>one</li><li>two</li></ul><script>alert(1)</script>"
        "<blockquote><p>old words</p><blockquote>older</blockquote></blockquote><p>after</p></body></html>"
    )
    lines = [line.strip() for line in html.to_text(page).splitlines() if line.strip("> ")]
    assert lines == ["Hello Kim,", "can you", "send it?", "* one", "* two", "> old words", ">> older", "after"]


def test_an_unclosed_head_does_not_swallow_the_words() -> None:
    assert html.to_text("<head><meta charset=utf-8><body><p>words</p>").strip() == "words"


def test_attachments_are_named_in_every_spelling() -> None:
    for spelling in (
        'Content-Type: application/pdf; name="=?utf-8?q?Gr=C3=BC=C3=9Fe=2Epdf?="',
        "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf",
        "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*0*=utf-8''Gr%C3%BC; filename*1*=%C3%9Fe.pdf",
    ):
        raw = (
            f"{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n{spelling}\r\n\r\nABC\r\n--b--\r\n"
        )
        message = parse(raw)
        assert message.attachments == (Attachment("Grüße.pdf", "application/pdf", 3),)
        assert message.text.strip() == "text"


# --- hostile -------------------------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=2000)
@given(st.binary(max_size=3000))
def test_no_bytes_do_more_than_be_refused(raw: bytes) -> None:
    try:
        message = parse(raw)
    except ValueError:
        return
    assert message.date.tzinfo is not None
    assert message.message_id.startswith("<")


@settings(max_examples=150, deadline=2000)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<blockquote>", "</blockquote>", "<table><tr><td>", "<!--", "-->", "<style>", "a", "&#", "<", ">"]
        )
    )
)
def test_no_html_does_more_than_be_read(pieces: list[str]) -> None:
    assert isinstance(html.to_text("".join(pieces)), str)


@given(st.text(max_size=300))
def test_no_address_header_breaks_the_reader(value: str) -> None:
    assert all(a.email.count("@") == 1 and a.email == a.email.lower() for a in headers.parse_addresses(value))


# --- writing -------------------------------------------------------------------------------------------------------------------

DRAFT = Draft(
    message_id="<kept-1@kept.invalid>",
    date=datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=1))),
    sender=Address("alice@example.test", "Alice Ü"),
    to=(Address("kim@acme.example", "Lee, Kim"),),
    subject="Grüße – und mehr",
    text="Hello,\n\ndas ist für Dich.\n",
    in_reply_to="<1@a.example>",
    references=("<0@a.example>", "<1@a.example>"),
    headers={"Auto-Submitted": "auto-generated", "X-Kept-Id": "k"},
)


def rendered(**changes: object) -> EmailMessage:
    raw = mime.render(dataclasses.replace(DRAFT, **changes))  # type: ignore[arg-type]  # values of each test's own
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_what_is_written_reads_the_same_again() -> None:
    message = parse(mime.render(DRAFT))
    assert (message.message_id, message.date, message.subject, message.text) == (
        DRAFT.message_id,
        DRAFT.date,
        DRAFT.subject,
        DRAFT.text,
    )
    assert (message.sender, message.to) == (DRAFT.sender, DRAFT.to)
    assert (message.in_reply_to, message.references) == (("<1@a.example>",), DRAFT.references)
    assert message.headers["auto-submitted"] == "auto-generated"


def test_html_goes_beside_the_text() -> None:
    message = rendered(html="<p>Grüße</p>")
    assert message.get_content_type() == "multipart/alternative"
    assert [p.get_content_type() for p in message.iter_parts()] == ["text/plain", "text/html"]


def test_an_invitation_carries_its_method() -> None:
    message = rendered(calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", method="CANCEL")
    (part,) = (p for p in message.walk() if p.get_content_type() == "text/calendar")
    assert part["content-type"].params["method"] == "CANCEL"
    assert part["content-type"].params["charset"].lower() == "utf-8"
    assert part.get_content().replace("\r\n", "\n") == "BEGIN:VCALENDAR\nEND:VCALENDAR\n"


def test_attachments_go_along() -> None:
    message = rendered(attachments=(("Bericht ü.pdf", "application/pdf", b"%PDF"),))
    (part,) = message.iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("Bericht ü.pdf", b"%PDF")


@pytest.mark.parametrize("bad", ["a\r\nBcc: evil@x.example", "a\nBcc: evil@x.example", "a\x00b"])
def test_no_value_adds_a_header(bad: str) -> None:
    message = rendered(subject=bad, headers={"X-Kept-Id": bad}, to=(Address("kim@acme.example", bad),))
    assert "bcc" not in {name.lower() for name in message.keys()}  # noqa: SIM118  # a mail's keys are its header names
    assert message["subject"].startswith("a")


@settings(max_examples=100, deadline=2000)
@given(st.text(max_size=400), st.text(max_size=100), st.text(max_size=60))
def test_any_words_can_be_written(text: str, subject: str, name: str) -> None:
    draft = dataclasses.replace(DRAFT, text=text, subject=subject, to=(Address("kim@acme.example", name),))
    message = parse(mime.render(draft))
    assert [a.email for a in message.to] == ["kim@acme.example"]
    assert message.message_id == DRAFT.message_id


def test_long_lines_and_long_threads_are_folded() -> None:
    rendered(text="word " * 2000, references=tuple(f"<{n:040}@a.example>" for n in range(100)), subject="long " * 200)


@pytest.mark.parametrize(
    "field",
    [
        "Bcc: boss@northwind.example",
        "Disposition-Notification-To: dana@northwind.example",
        "Reply-To: sales@northwind.example",
        "Importance: High",
        "X-Priority: 1 (Highest)",
        "bcc:\r\n boss@northwind.example",
    ],
)
def test_a_draft_to_which_somebody_added_a_field_is_not_unchanged(field: str) -> None:
    raw = field.encode() + b"\r\n" + mime.render(DRAFT)
    assert not mime.is_unchanged(raw, DRAFT.message_id, mime.content_hash(DRAFT))


@pytest.mark.parametrize("field", ["Bcc: ", "Importance: Normal", "X-Priority: 3 (Normal)", "X-Server: stored it"])
def test_a_draft_to_which_only_a_server_added_a_field_is_unchanged(field: str) -> None:
    raw = field.encode() + b"\r\n" + mime.render(DRAFT)
    assert mime.is_unchanged(raw, DRAFT.message_id, mime.content_hash(DRAFT))


@pytest.mark.parametrize(
    "change",
    [
        {"to": (Address("lee@acme.example"),)},
        {"cc": (Address("lee@acme.example"),)},
        {"subject": "Something else"},
        {"attachments": (("list.pdf", "application/pdf", b"%PDF"),)},
    ],
    ids=["to", "cc", "subject", "attachments"],
)
def test_a_draft_with_other_recipients_subject_or_attachments_is_not_unchanged(change: dict[str, Any]) -> None:
    raw = mime.render(dataclasses.replace(DRAFT, **change))
    assert not mime.is_unchanged(raw, DRAFT.message_id, mime.content_hash(DRAFT))
