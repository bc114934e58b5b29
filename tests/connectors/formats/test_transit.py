"""Whether a mail left: what the program that stores it says in its header, and what a sender cannot make it say."""

from __future__ import annotations

import pytest

from connectors.formats import mime
from connectors.mail import Message, Role

WRITTEN = (
    "From: Dana Reyes <dana@northwind.example>\r\nTo: kim@acme.example\r\nSubject: Re: Quote\r\n"
    "Date: Mon, 02 Mar 2026 11:30:00 +0000\r\nMessage-ID: <1@northwind.example>\r\n"
)
RECEIVED = "Received: from mx.acme.example by mx.northwind.example; Mon, 02 Mar 2026 11:31:00 +0000\r\n"
BODY = "\r\nhere is the quote.\r\n"


def read(head: str, role: Role = Role.OTHER) -> Message:
    return mime.parse((head + BODY).encode(), role=role, folder="Projects")


@pytest.mark.parametrize(
    "mark",
    [
        "X-Mozilla-Draft-Info: internal/draft; vcard=0; receipt=0; DSN=0; uuencode=0",
        "X-Unsent: 1",
        "X-Uniform-Type-Identifier: com.apple.mail-draft",
        "X-Mozilla-Status: 0801",  # queued
        "X-Mozilla-Status: 0001\r\nX-Mozilla-Status2: 01000000",  # a template
    ],
)
def test_what_a_mail_program_marks_as_unsent_is_a_draft_in_any_folder(mark: str) -> None:
    assert read(f"{mark}\r\n{WRITTEN}").role is Role.DRAFTS
    assert read(f"{WRITTEN}{mark}\r\n", Role.SENT).role is Role.DRAFTS


@pytest.mark.parametrize(
    "mark", ["X-Mozilla-Draft-Info: internal/draft", "X-Unsent: 1", "X-Uniform-Type-Identifier: com.apple.mail-draft"]
)
def test_a_mark_that_travelled_with_a_mail_does_not_hide_it(mark: str) -> None:
    assert read(f"{RECEIVED}{WRITTEN}{mark}\r\n", Role.INBOX).role is Role.INBOX


@pytest.mark.parametrize("mark", ["X-Mozilla-Status: 0009", "X-Mozilla-Status: 0001\r\nX-Mozilla-Status2: 00200000"])
def test_what_thunderbird_deleted_and_did_not_yet_compact_is_trash(mark: str) -> None:
    assert read(f"{mark}\r\n{RECEIVED}{WRITTEN}", Role.INBOX).role is Role.TRASH
    assert read(f"{RECEIVED}{mark}\r\n{WRITTEN}", Role.INBOX).role is Role.INBOX, "the sender wrote it"
    assert read(f"{mark}\r\n{WRITTEN}", Role.SENT).role is Role.SENT, "what was sent stays sent"


@pytest.mark.parametrize(
    "mark", ["X-Mozilla-Status: 0001", "X-Mozilla-Status: 1013", "X-Mozilla-Status: zz", "X-Mozilla-Status: ", "X-Unsent: 0"]
)
def test_other_marks_say_nothing(mark: str) -> None:
    assert read(f"{mark}\r\n{WRITTEN}").role is Role.OTHER


@pytest.mark.parametrize(
    "trace",
    [
        RECEIVED,
        "Return-Path: <dana@northwind.example>\r\n",
        "Delivered-To: dana@northwind.example\r\n",
        "DKIM-Signature: v=1\r\n",
    ],
)
def test_a_trace_of_a_server_shows_that_a_mail_left(trace: str) -> None:
    assert read(trace + WRITTEN).transmitted
    assert not read(WRITTEN).transmitted


def test_sent_mail_needs_no_trace() -> None:
    assert read(WRITTEN, Role.SENT).transmitted


def test_a_mailbox_that_knows_better_is_believed() -> None:
    assert mime.parse((WRITTEN + BODY).encode(), role=Role.OTHER, folder="Projects", transmitted=True).transmitted
