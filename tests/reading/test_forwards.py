"""Requests that a client hands on by forwarding them with a few words."""

from __future__ import annotations

import pytest
from reading_helpers import received, requests

HEAD = "---------- Forwarded message ---------\nFrom: Tom <tom@customs.example>\nDate: Mon, 2 Mar 2026\nSubject: form 17\nTo: <kim@acme.example>\n\n"
FORM = "Dear Sirs,\n\nfor the clearance of your goods please send us the certificate of origin and the packing list.\n\nTom\n"


@pytest.mark.parametrize(
    "words",
    [
        "These are missing.",
        "These are still missing, Dana",
        "Please see below.",
        "Over to you.",
        "Dana, pls advise",
        "Can you take care of this?",
        "We have not received these.",
        "Diese fehlen noch.",
        "Siehe unten, zur Erledigung.",
        "Il manque ces documents.",
        "Faltan estos documentos.",
        "Deze ontbreken nog.",
    ],
)
@pytest.mark.parametrize(
    "head", [HEAD, "-----Original Message-----\nFrom: Tom\nSent: Monday, 2 March 2026 10:00\nTo: Kim\nSubject: form 17\n\n"]
)
def test_new_words_over_a_forwarded_request_hand_it_on(words: str, head: str) -> None:
    reading = received(f"{words}\n\n{head}{FORM}", subject="Fwd: form 17")
    assert reading.reply_expected
    asked = [a.quote for a in requests(reading)]
    assert any("certificate of origin" in quote for quote in asked) or asked == [
        words
    ]  # "Can you take care of this?" asks by itself
    assert reading.new_text == words


def test_what_is_missing_asks_although_the_form_does_not() -> None:
    reading = received(
        f"These are missing:\n\n{HEAD}Certificate of origin\nPacking list\nProforma invoice\n", subject="Fwd: form 17"
    )
    assert reading.reply_expected
    assert [a.quote for a in requests(reading)] == ["These are missing:"]


@pytest.mark.parametrize(
    "words",
    [
        "FYI",
        "For your information, we have answered this.",
        "Just for your records.",
        "Zur Kenntnis.",
        "Pour info.",
        "Ter info.",
        "They wrote this yesterday.",
        "",
        "FYI, see below",
        "See below, already done.",
    ],
)
def test_a_forward_for_information_or_without_words_hands_nothing_on(words: str) -> None:
    assert not received(f"{words}\n\n{HEAD}{FORM}", subject="Fwd: form 17").reply_expected


def test_an_answer_over_a_quoted_question_of_ours_hands_nothing_on() -> None:
    text = "See below, the price is fine.\n\nOn Mon, 2 Mar 2026 Dana Reyes <dana@northwind.example> wrote:\n\nCan you confirm the price?\n"
    assert not received(text, subject="Re: quote").reply_expected


def test_what_the_forwarded_mail_quotes_in_turn_is_not_handed_on() -> None:
    older = "Thank you, all settled.\n\nOn Sun, 1 Mar 2026 Lee <lee@acme.example> wrote:\n\nCan you send the packing list?\n"
    reading = received(f"Please see below.\n\n{HEAD}{older}", subject="Fwd: form 17")
    assert not any("packing list" in a.quote for a in reading.acts)
