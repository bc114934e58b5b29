"""Who wrote behind the company's own groups and web forms; and that nobody else can speak in a client's name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.mail import Address, Message, Relay, Role
from daemon.core.people import Directory
from daemon.glossary.charter import WorkingHours
from daemon.glossary.parties import Account, Client, Office
from daemon.intake.writers import as_written

NEVER = WorkingHours("Europe/London", ((),) * 7)
DANA = Account("dana@northwind.example", "Dana Reyes", frozenset({"dana@northwind.example"}), NEVER)
ARDENT = Client("Ardent", frozenset({"ardent.example"}))
PEOPLE = Directory(Office((DANA,), (ARDENT,), frozenset({"northwind.example"})))
KIM = Address("kim@ardent.example", "Kim Lee")
SALES, EVE = Address("sales@northwind.example", "Sales"), Address("eve@elsewhere.example", "Eve")
SITE = Address("noreply@northwind.example", "Northwind website")
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


def written(sender: Address, text: str = "Could you send me a quote?", **more: Any) -> Message:
    """A mail to Dana as the reader gets it."""
    fields: dict[str, Any] = {"to": (Address(DANA.address),), "text": text} | more
    return as_written(PEOPLE, DANA.address, Message("<1@x.example>", AT, AT, sender, **fields))


@pytest.mark.parametrize(
    "more",
    [
        {"headers": {"x-original-sender": "kim@ardent.example"}, "reply_to": (KIM,)},
        {"headers": {"x-original-from": "Kim Lee <kim@ardent.example>"}},
        {"headers": {"x-google-original-from": '"Kim Lee" <kim@ardent.example>'}, "reply_to": (SALES,)},
        {"reply_to": (KIM,)},
        {"reply_to": (SALES, KIM)},
        {"headers": {"sender": "Kim Lee <kim@ardent.example>"}},
        {"headers": {"x-original-sender": "Kim Lee <kim@ardent.example>"}, "cc": (Address("tom@ardent.example"),)},
    ],
)
def test_behind_the_companys_own_group_the_client_wrote(more: dict[str, Any]) -> None:
    message = written(SALES, to=(SALES,), **more)
    assert message.sender == KIM
    assert message.relay == Relay(SALES)


@pytest.mark.parametrize("name", ["'Kim Lee' via Sales", "Kim Lee via Sales", "Kim Lee über Vertrieb", "Kim Lee par Ventes"])
def test_a_group_names_the_writer_before_via(name: str) -> None:
    message = written(Address(SALES.email, name), headers={"x-original-sender": "kim@ardent.example"})
    assert message.sender == KIM


@pytest.mark.parametrize(
    "text",
    [
        "Name: Kim Lee\nCompany: Ardent\nE-mail: kim@ardent.example\n\nMessage:\nCould you send me a quote?",
        "First name: Kim\nLast name: Lee\nEmail address: KIM@ardent.example\nMessage: Could you send me a quote?",
        "Full name\nKim Lee\n\nEmail\nkim@ardent.example\n\nHow can we help you?\nCould you send me a quote?",
        "*Your Name (required):* Kim Lee\n*Your Email (required):* kim@ardent.example\n*Message:* Could you send me a quote?",
        "Ihr Name: Kim Lee\nIhre E-Mail-Adresse: kim@ardent.example\nNachricht: Können Sie mir ein Angebot schicken?",
        "Nom : Kim Lee\nAdresse e-mail : kim@ardent.example\nMessage : Pouvez-vous m'envoyer un devis ?",
        "Nombre: Kim Lee\nCorreo electrónico: kim@ardent.example\nMensaje: ¿me puede enviar una oferta?",
        "Naam: Kim Lee\nE-mailadres: kim@ardent.example\nBericht: kunt u mij een offerte sturen?",
        "Imię i nazwisko: Kim Lee\nAdres e-mail: kim@ardent.example\nWiadomość: czy mogę dostać ofertę?",
        "Namn: Kim Lee\nE-post: <kim@ardent.example>\nMeddelande: kan ni skicka en offert?",
    ],
)
def test_a_form_of_the_own_site_that_only_writes_the_address_is_the_visitors(text: str) -> None:
    message = written(SITE, text)
    assert message.sender == KIM
    assert message.relay == Relay(SITE)


def test_a_form_that_mails_from_the_users_own_address_is_the_visitors() -> None:
    assert written(Address(DANA.address, "Dana Reyes"), reply_to=(KIM,)).sender == KIM


def test_the_name_that_a_form_asks_for_is_taken_where_reply_to_has_none() -> None:
    text = "Name: Kim Lee\nE-mail: kim@ardent.example\nMessage: Hello?"
    assert written(SITE, text, reply_to=(Address("kim@ardent.example"),)).sender == KIM
    assert written(SITE, reply_to=(Address("kim@ardent.example"),)).sender.name == ""


def test_what_a_form_says_of_itself_is_not_said_of_what_the_visitor_wrote() -> None:
    headers = {"auto-submitted": "auto-generated", "precedence": "bulk", "x-mailer": "Form"}
    text = "Name: Kim Lee\nE-mail: kim@ardent.example\nMessage: Could you call me?"
    assert written(SITE, text, headers=headers).headers == {"x-mailer": "Form"}
    group = {"auto-submitted": "auto-replied", "x-original-sender": "kim@ardent.example"}
    assert written(SALES, "I am away.", headers=group).headers == group


@pytest.mark.parametrize(
    ("sender", "more"),
    [
        (EVE, {"reply_to": (KIM,)}),
        (EVE, {"headers": {"x-original-sender": "kim@ardent.example"}}),
        (EVE, {"text": "Name: Kim Lee\nE-mail: kim@ardent.example\nMessage: pay here"}),
        (SALES, {"reply_to": (EVE,)}),
        (SALES, {"headers": {"x-original-sender": "eve@elsewhere.example"}, "reply_to": (KIM,)}),
        (Address("lee@northwind.example", "Lee Moss"), {"text": "Hi Dana,\nE-mail: kim@ardent.example\nCall her."}),
        (
            Address("lee@northwind.example"),
            {"text": "FYI\n\nFrom: Kim\nName: Kim Lee\nE-mail: kim@ardent.example\nMessage: Hello?"},
        ),
        (Address("lee@northwind.example"), {"text": "FYI\n> Name: Kim Lee\n> E-mail: kim@ardent.example\n> Message: Hello?"}),
        (Address("eve@northwind.example.evil.example"), {"reply_to": (KIM,)}),
    ],
)
def test_nobody_else_speaks_in_a_clients_name(sender: Address, more: dict[str, Any]) -> None:
    message = written(sender, **more)
    assert message.sender == sender
    assert message.relay is None


def test_what_the_user_sent_stays_the_users() -> None:
    own = Address(DANA.address, "Dana Reyes")
    assert written(own, role=Role.SENT, reply_to=(KIM,)).sender == own
    assert written(own, to=(KIM,), reply_to=(KIM,)).sender == own


@pytest.mark.parametrize("maker", ["noreply@hubspot.com", "notifications@eu.typeform.com", "form-submission@squarespace.info"])
def test_a_form_that_mails_from_its_makers_domain_is_believed_as_far_as_to_ask(maker: str) -> None:
    message = written(Address(maker, "Form"), reply_to=(KIM,))
    assert message.sender == KIM
    assert message.relay == Relay(Address(maker, "Form"), own=False)


def test_a_makers_form_that_is_not_addressed_to_us_says_nothing() -> None:
    message = written(Address("noreply@hubspot.com"), reply_to=(KIM,), to=(EVE,))
    assert message.relay is None


def test_a_group_through_which_dmarc_failed_still_fails() -> None:
    message = written(SALES, reply_to=(KIM,), authentic=False)
    assert message.sender == KIM
    assert not message.authentic


def test_a_long_text_is_searched_for_labels_in_linear_time() -> None:
    for filler in ("E-mail:\n", "name: ", "e-mail address ", "*" * 50):
        written(SITE, filler * 20_000)
