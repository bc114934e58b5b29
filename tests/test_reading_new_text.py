"""The new text: what the writer typed, in the quoting styles of the common mail programs."""

from __future__ import annotations

import pytest
from reading_helpers import received

NEW = "Thank you, that works for us.\n\nKim"
OLD = "Can you send the revised quote?\n\nDana"


@pytest.mark.parametrize(
    "head",
    [
        "-----Original Message-----\nFrom: Dana Reyes\nSent: Tuesday, March 3, 2026 9:00 AM\nTo: Kim\nSubject: quote\n",
        "From: Dana Reyes <dana@northwind.example>\nSent: 03 March 2026 09:00\nTo: Kim Lee\nSubject: Re: quote\n",
        "________________________________\nFrom: Dana Reyes <dana@northwind.example>\nSent: 03 March 2026 09:00\nTo: Kim Lee\nSubject: Re: quote\n",
        "Von: Dana Reyes\nGesendet: Dienstag, 3. März 2026 09:00\nAn: Kim Lee\nBetreff: Angebot\n",
        "De : Dana Reyes\nEnvoyé : mardi 3 mars 2026 09:00\nÀ : Kim Lee\nObjet : devis\n",
        "On Tue, 3 Mar 2026 at 09:00, Dana Reyes <dana@northwind.example> wrote:\n",
        "On 3 Mar 2026, at 09:00, Dana Reyes\n<dana@northwind.example> wrote:\n",
        "Am 03.03.26 um 09:00 schrieb Dana Reyes:\n",
        "Le 3 mars 2026 à 09:00, Dana Reyes a écrit :\n",
        "Dana Reyes <dana@northwind.example> wrote on 03/03/2026 09:00:00:\n",
        "Begin forwarded message:\n\nFrom: Dana Reyes\nSubject: quote\n",
        "---------- Forwarded message ---------\nFrom: Dana Reyes\nDate: Tue, 3 Mar 2026\n",
        "\tDana Reyes\n\t03/03/2026 09:00 AM\n\t\t \n\t\t To: Kim Lee/ACME@ACME\n\t\t cc: \n\t\t Subject: quote\n",
        '"Dana Reyes" <dana@northwind.example> on 03/03/2026 09:00:00 AM\nTo: Kim Lee\ncc:\nSubject: quote\n',
        ">>> Dana Reyes 03/03/26 09:00AM >>>\n",
    ],
)
def test_the_head_of_an_older_mail_cuts_all_below_it(head: str) -> None:
    reading = received(f"{NEW}\n\n{head}\n{OLD}")
    assert reading.new_text.strip() == NEW
    assert not reading.reply_expected


def test_answers_between_quoted_lines_stay() -> None:
    reading = received("> What size?\nForty units.\n> By when?\nBy May, please confirm.\n")
    assert reading.new_text == "Forty units.\nBy May, please confirm."


def test_lines_that_an_earlier_mail_said_are_quotes_whatever_they_look_like() -> None:
    said = "Could you please send us the revised quote by Friday?"
    reading = received(f"We take it.\n\n{said}\n", earlier=(f"Hello Kim,\n{said}\nDana",))
    assert said not in reading.new_text
    assert not reading.reply_expected


@pytest.mark.parametrize(
    "text",
    [
        "To: everyone who asked: the price stays.\n\nKim",
        "From Monday on we deliver: please note.\nDate: open.\n",
        "She wrote: the price stays.\nWe agreed.\n",
        "Two points -- first the price, second the date.\n--- no more ---\nKim",
        "On Tuesday we met; on Friday I wrote to Lee: he agreed.\nThe rest follows.\n",
    ],
)
def test_a_plain_mail_is_not_damaged(text: str) -> None:
    assert received(text).new_text == text.strip("\n")


def test_a_comment_above_a_forward_stays() -> None:
    text = "Can you look at this?\n\n---------- Forwarded message ---------\nFrom: Lee <lee@acme.example>\nSubject: order\n\nPlease pay.\n"
    reading = received(text)
    assert reading.new_text.strip() == "Can you look at this?"
    assert [a.quote for a in reading.acts] == ["Can you look at this?"]


@pytest.mark.parametrize(
    "foot", ["-- \nKim Lee\nAcme Ltd\nCall me on +44 20 7946 0018?", "Sent from my phone", "Best regards,\nKim Lee\nAcme Ltd"]
)
def test_signatures_stay_in_the_text_but_say_nothing(foot: str) -> None:
    reading = received(f"The price is fine.\n\n{foot}")
    assert foot in reading.new_text
    assert not reading.reply_expected
    assert any(cut.why == "signature" for cut in reading.cuts)


def test_a_disclaimer_promises_nothing() -> None:
    text = (
        "The price is fine.\n\nThis e-mail is confidential and intended for the addressee. We will prosecute. Please delete it.\n"
    )
    assert received(text).acts == ()
