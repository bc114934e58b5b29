"""A client's person who asks the user is a person, whatever headers servers add and whatever words of business they use."""

from __future__ import annotations

from typing import Any

import pytest
from reading_helpers import received

KIM: dict[str, Any] = {
    "sender": "kim.lee@ardent.example",
    "sender_name": "Kim Lee",
    "addressee_names": ("Dana Reyes",),
    "own_domains": ("northwind.example",),
}


def by_kim(text: str, **changes: Any) -> Any:
    """What is read out of a mail of Kim Lee's."""
    return received(text, **(KIM | changes))


@pytest.mark.parametrize(
    "headers",
    [
        {"precedence": "bulk"},
        {"precedence": "list", "list-id": "<project.ardent.example>"},
        {"list-unsubscribe": "<https://u.example/1>", "feedback-id": "1:2:3:ms"},
        {"list-unsubscribe": "<mailto:u@u.example>", "precedence": "bulk", "x-campaign-id": "7"},
        {"x-auto-response-suppress": "All", "auto-submitted": "no"},
        {"x-autoreply": "no"},
        {"x-csa-complaints": "whitelist-complaints@u.example", "x-mailgun-sid": "x"},
    ],
)
def test_headers_of_servers_and_mailing_programs_hide_no_question(headers: dict[str, str]) -> None:
    reading = by_kim("Hi Dana,\n\nwhich day next week could your fitters come?\n\nKim", headers=headers)
    assert reading.automated is None
    assert reading.reply_expected


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Order confirmation?", "Hi Dana,\n\nwhere is the order confirmation? We still have none for 4711.\n\nKim"),
        ("Out of office?", "Dana, will you be out of office next week? I need the samples by Wednesday.\n\nKim Lee"),
        ("RE: Out of Office: order", "Thanks. Which week will it arrive?\n\nKim"),
        (
            "Contract",
            "Hi Dana,\n\nI am on leave from Friday and will be back on the 20th. Can you send the contract before?\n\nKim",
        ),
        ("Accepted: your quote", "Hello Dana,\n\nwe accept. Could you send the order confirmation today?\n\nKim Lee"),
        ("Cancelled: visit on Thursday", "When can you come instead?\n\nKim"),
        ("Tentative: review", "Can we say 3 pm rather than 2?\n\nKim Lee"),
        (
            "Abgesagt: Termin am Montag",
            "Hallo Frau Reyes,\n\nder Termin ist abgesagt. Wann können Sie stattdessen?\n\nGruß\nKim Lee",
        ),
        ("Returned mail: samples", "Hi Dana,\n\nthe samples came back: returned to sender. What is your address?\n\nKim"),
        ("Undeliverable: parcel 12", "Dana, the courier says undeliverable. Can you give me a phone number for him?\n\nKim"),
        ("Unzustellbar: Palette", "Hallo Dana,\n\ndie Palette war unzustellbar. Können Sie die Spedition anrufen?\n\nKim"),
        ("Delivery failure", "Hello Dana,\n\nthe goods could not be delivered. Can you call the carrier today?\n\nKim Lee"),
        ("Maintenance", "Hello Dana,\n\nhow do we opt out of the maintenance plan?\n\nRegards\nKim Lee"),
        (
            "Address",
            "Hi Dana,\n\nplease do not reply to this address after Friday. Could you send the contract before then?\n\nKim",
        ),
        (
            "Reminder: drawing",
            "Hello Dana,\n\nthis is an automatic reminder of mine, sorry! Could you send the drawing?\n\nKim Lee",
        ),
        ("Unsubscribe", 'Hello Dana,\n\n"to unsubscribe, click here" is dead. Can you take me off the list?\n\nKim Lee'),
        ("Receipt #4711", "Hi Dana,\n\nthe receipt has the wrong VAT number. Can you correct it?\n\nKim"),
        ("Alert: stock is low", "Dana,\n\ncould you check the stock of A4 today?\n\nKim"),
        ("Your order has been shipped", "When will the rest follow?\n\nKim Lee"),
        ("Delivery notification", "Hi,\n\nwe got no notification of delivery. Did the goods leave?\n\nKim Lee"),
        ("Configurator", 'Hi Dana,\n\nit says "view this in your browser". Which browser does it need?\n\nKim'),
        ("Spare parts", "Could you send the list by Thursday?\n\nKim Lee\n\nTo unsubscribe from marketing click here."),
    ],
)
def test_words_of_business_hide_no_question(subject: str, text: str) -> None:
    reading = by_kim(text, subject=subject)
    assert reading.automated is None, reading.automated_rule
    assert reading.reply_expected


@pytest.mark.parametrize(
    "text",
    [
        "Guten Tag Frau Reyes,\n\nkönnen Sie uns bitte die Auftragsbestätigung schicken?\n\nMit freundlichen Grüßen\nKim Lee",
        "Bonjour Dana,\n\npouvez-vous m'envoyer le devis avant jeudi ?\n\nCordialement\nKim Lee",
        "Hola Dana,\n\n¿me puede enviar la oferta?\n\nSaludos\nKim Lee",
        "Hoi Dana,\n\nkun je mij de prijslijst sturen?\n\nGroet\nKim Lee",
        "Buongiorno Dana,\n\nmi può mandare l'offerta?\n\nCordiali saluti\nKim Lee",
        "Olá Dana,\n\npode enviar-me o orçamento?\n\nCumprimentos\nKim Lee",
        "Dzień dobry Dana,\n\nczy może mi Pani przesłać ofertę?\n\nPozdrawiam\nKim Lee",
        "Hej Dana,\n\nkan du skicka offerten till mig?\n\nVänliga hälsningar\nKim Lee",
    ],
)
def test_a_question_in_any_language_outweighs_the_headers_of_a_list(text: str) -> None:
    reading = by_kim(text, headers={"precedence": "list", "list-unsubscribe": "<mailto:u@x.example>"})
    assert reading.automated is None, reading.automated_rule
    assert reading.reply_expected


@pytest.mark.parametrize(
    "sender", ["noreply@ardent.example", "no-reply@ardent.example", "news@ardent.example", "postmaster@ardent.example"]
)
def test_a_person_may_write_from_a_machines_address(sender: str) -> None:
    text = "Hello Dana,\n\nmy mailbox is down. Could you send me the invoice once more?\n\nBest regards\nKim Lee"
    reading = by_kim(text, sender=sender)
    assert reading.automated is None, reading.automated_rule
    assert reading.reply_expected


@pytest.mark.parametrize(
    "headers",
    [
        {"list-id": "<sales.northwind.example>", "precedence": "list"},
        {"list-id": "Sales <sales.lists.northwind.example>", "list-unsubscribe": "<mailto:sales+unsubscribe@northwind.example>"},
        {"list-post": "<mailto:sales@northwind.example>"},
        {"list-unsubscribe": "<mailto:sales+unsubscribe@northwind.example>"},
        {"precedence": "list"},
    ],
)
def test_a_list_of_the_own_company_is_a_letter_box(headers: dict[str, str]) -> None:
    reading = by_kim("Hello,\n\nin which week will you deliver the benches?", to=("sales@northwind.example",), headers=headers)
    assert reading.automated is None, reading.automated_rule
    assert reading.reply_expected


def test_a_newsletter_that_the_own_group_received_stays_one() -> None:
    text = "Our spring range is here. Have you seen the new colours?\n\nUnsubscribe: https://www.ardent.example/u/7"
    headers = {"list-id": "<news.ardent.example>", "list-unsubscribe": "<https://www.ardent.example/u/7>"}
    assert by_kim(text, to=("sales@northwind.example",), headers=headers, sender_name="Ardent").automated == "newsletter"


@pytest.mark.parametrize(
    "name", ["<northwind.example.evil.example>", "<sales.notnorthwind.example>", "<northwind.example>.x.example", "<"]
)
def test_a_list_that_only_looks_like_the_companys_is_none_of_its(name: str) -> None:
    assert by_kim("News for all.", headers={"list-id": name}).automated == "newsletter"


@pytest.mark.parametrize(
    ("subject", "text", "changes"),
    [
        ("Re: Offer", "Hi,\n\nI am out of the office until 9 March and will respond on my return.\n\nKim Lee", {}),
        ("Automatic reply: Offer", "I'm on annual leave and will be back on Monday. Is it urgent? Please call Sam.\n\nKim Lee", {}),
        ("Abwesenheitsnotiz", "Guten Tag,\n\nich bin bis 9. März nicht im Büro.\n\nMit freundlichen Grüßen\nKim Lee", {}),
        ("Absence", "Bonjour,\n\nje suis absente jusqu'au 9 mars, de retour le 10.\n\nKim Lee", {}),
        ("[#4711] received", "Hello Dana,\n\nyour request has arrived. Could you please rate our service?\n\nThis is an automatically generated message. Please do not reply to this email.", {"sender_name": "Ardent Support"}),
        ("PO notification", "Purchase order 4711 was issued. Please confirm it in the portal. Do not reply to this message.", {"sender": "notifications@ardent.example", "sender_name": "Ardent"}),
        ("Survey", "Hi Dana,\n\nhow likely are you to recommend us?\n\nThis is an automated message, please do not reply.", {"sender": "noreply@ardent.example", "sender_name": "Ardent", "headers": {"list-unsubscribe": "<https://x.example>"}}),
        ("Spring", "Dear Dana,\n\nhave you seen our new colours? Order now and save 20%.\n\nYou are receiving this email because you signed up. To unsubscribe click here.", {"sender": "news@ardent.example", "sender_name": "Ardent News", "headers": {"list-id": "<n.ardent.example>", "feedback-id": "a"}}),
        ("Portal", "Could you confirm?\n\nKim Lee", {"headers": {"auto-submitted": "auto-generated"}}),
        ("Welcome", "We have added your address at your request. Please share this.\n\nTo unsubscribe, send mail.", {"sender": "news-request@lists.ardent.example", "sender_name": ""}),
    ],
)  # fmt: skip
def test_a_machine_that_asks_politely_stays_a_machine(subject: str, text: str, changes: dict[str, Any]) -> None:
    reading = by_kim(text, subject=subject, **changes)
    assert reading.automated is not None
    assert not reading.reply_expected


def test_what_a_machine_seems_to_ask_is_kept_for_the_day_on_which_the_user_says_that_a_person_wrote_it() -> None:
    reading = by_kim("Could you confirm the date?", headers={"list-id": "<news.ardent.example>"})
    assert reading.automated == "newsletter"
    lifted = reading.as_persons("you said so")
    assert lifted.automated is None
    assert lifted.reply_expected
    assert lifted.automated_rule == "you said so"


def test_a_hostile_mail_is_told_apart_in_linear_time() -> None:
    for filler in (
        "Dana, " * 20_000,
        "jane and " * 20_000,
        "<" * 60_000,
        "a@b." * 20_000,
        "unsubscribe " * 5_000,
        "E-mail:\n" * 9_000,
    ):
        by_kim(filler, headers={"list-id": filler[:1000], "precedence": "bulk"}, subject=filler[:900])


@pytest.mark.parametrize("text", ["any update?", "Which screws do the racks need?", "Combien coûtent dix étagères ?"])
@pytest.mark.parametrize("mark", ["bulk", "junk", "list"])
def test_a_question_that_a_server_marked_as_bulk_and_nothing_more_is_a_persons(text: str, mark: str) -> None:
    reading = by_kim(text, headers={"precedence": mark})
    assert (reading.automated, reading.reply_expected) == (None, True)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("On holiday next week", "Hi Dana,\n\nI'm on holiday next week and back on the 16th. Will the racks arrive before then?\n\nKim Lee"),
        ("Abwesenheit nächste Woche", "Hallo Dana,\n\nich bin nächste Woche im Urlaub. Kannst du mir die Zeichnung vorher schicken?\n\nKim Lee"),
    ],
)  # fmt: skip
def test_who_asks_before_an_absence_is_a_person(subject: str, text: str) -> None:
    reading = by_kim(text, subject=subject)
    assert (reading.automated, reading.reply_expected) == (None, True)


@pytest.mark.parametrize("greeting", ["Hi all", "Hallo zusammen", "Dear team"])
def test_a_signed_mail_to_the_user_alone_is_not_to_many_whatever_it_begins_with(greeting: str) -> None:
    assert by_kim(f"{greeting},\n\ncan you send me the price list for 2026?\n\nKim Lee").reply_expected


@pytest.mark.parametrize("greeting", ["Dear supplier,", "To all our suppliers:", "Sehr geehrte Kunden,", "Dear valued customer,"])
def test_what_is_marked_as_bulk_and_calls_nobody_by_name_is_a_circular(greeting: str) -> None:
    text = f"{greeting}\n\nfrom 1 May please use the new gate only. Do you have any questions? Please see our web site."
    assert received(text, headers={"precedence": "bulk"}).automated == "newsletter"
    assert received(text).automated is None
    assert received(text.replace(greeting, "Dear Dana,"), headers={"precedence": "bulk"}).automated is None
