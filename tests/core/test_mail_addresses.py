"""The address of a message: its page on the web where the provider has one, else a URL of its Message-ID."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.net import web_mail
from daemon.core import mail_addresses
from daemon.glossary.obligations import Evidence, SourceType

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def said(message_id: str, web: str | None = None, kind: SourceType = SourceType.MESSAGE) -> Evidence:
    return Evidence(kind, message_id, AT, web=web)


def test_a_message_is_opened_at_its_page_on_the_web() -> None:
    assert mail_addresses.address_of(said("<a@acme.example>", "https://mail.example/1")) == "https://mail.example/1"


def test_elsewhere_it_is_opened_by_its_message_id() -> None:
    assert mail_addresses.address_of(said("<a.b+c=d@acme.example>")) == "mid:a.b+c=d@acme.example"
    assert mail_addresses.message_url(said("<a.b@acme.example>")) == "message:%3Ca.b@acme.example%3E"


@pytest.mark.parametrize("character", list("/?#%&\"'<> ;"))
def test_no_character_of_a_message_id_ends_the_address_or_begins_something_else(character: str) -> None:
    address = mail_addresses.mid_url(said(f"<a{character}b@acme.example>"))
    assert address is not None
    assert address == "mid:a'b@acme.example" if character == "'" else set(address.removeprefix("mid:")).isdisjoint('/?#"<> ;&')


@pytest.mark.parametrize("message_id", ["kept-8f2a", "<no-at-sign>", "<a\x1b[2J@acme.example>", "<a\n@acme.example>", ""])
def test_a_message_without_an_id_that_others_know_has_no_address(message_id: str) -> None:
    assert mail_addresses.address_of(said(message_id)) is None


def test_the_message_id_of_the_header_counts_where_kept_gave_another() -> None:
    evidence = Evidence(SourceType.MESSAGE, "kept-8f2a", AT, header_id="<a@acme.example>")
    assert mail_addresses.mid_url(evidence) == "mid:a@acme.example"


@pytest.mark.parametrize("kind", [SourceType.EVENT, SourceType.CHARTER, SourceType.DECISION])
def test_what_is_no_message_has_no_address(kind: SourceType) -> None:
    assert mail_addresses.address_of(said("<a@acme.example>", kind=kind)) is None


def test_a_page_at_gmail_is_named_by_hexadecimal_id_and_user() -> None:
    page = "https://mail.google.com/mail/?authuser=dana%40northwind.example#all/18c2f0a1b2c3d4e5"
    assert web_mail.gmail("dana@northwind.example", "18c2f0a1b2c3d4e5") == page
    assert web_mail.gmail("dana@northwind.example", 0x18C2F0A1B2C3D4E5) == page


@pytest.mark.parametrize(
    "address",
    [
        "http://outlook.office365.com/owa/?ItemID=1",
        "javascript:alert(1)",
        "https://",
        "https://outlook.office365.com@evil.example/",
        "https://outlook.office365.com/\x1b[2J",
        'https://outlook.office365.com/"onclick=',
        "https://[outlook",
        f"https://outlook.office365.com/{'a' * 2000}",
    ],
)
def test_what_a_server_states_is_an_address_of_the_web_or_nothing(address: str) -> None:
    assert web_mail.stated(address) == ""


def test_the_address_that_graph_states_is_kept_as_it_is() -> None:
    address = "https://outlook.office365.com/owa/?ItemID=AAMk%2BAD%3D&exvsurl=1&viewmodel=ReadMessageItem"
    assert web_mail.stated(address) == address
