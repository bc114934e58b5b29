"""Where a sentence ends: full stops that end one, and full stops that belong to a word, a number or a clock time."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_helpers import due, received, requests

from daemon.reading.sentences import split_sentences
from daemon.reading.values import Cut


def sentences(text: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(text, ())]


@pytest.mark.parametrize(
    "text",
    [
        "We close at 7:00 p.m. | Should you need anything after that, call my mobile.",
        "The line starts at 6 a.m. | Kim opens the gate.",
        "The call is at 10 a.m. | Can you join?",
        "We ordered it from Harrow Tools Inc. | We never got it.",
        "Bring gloves, boots etc. | Please be there at nine.",
        "The stand is in the U.S. | We ship on Monday.",
        "No. | We cannot take it back.",
        "We chose plan B. | Please price it.",
        "We need 12. | Can you send them?",
        "That is between you and I. | They need not know.",
        "Please send it by Fri. | We start on Monday.",
        "The office is on Mill St. | You can park behind it.",
        "Der Preis gilt inkl. Montage usw. | Bitte bestätigen Sie ihn.",
        "Das geht bis zum 12. | Danke für die Geduld.",
        "i got the samples. | can you send the invoice?",
        "We sent it yesterday.|Could you check it?",
        "Look at https://acme.example/a.html?b=1. | Then tell us.",
        "We run version 2.4.1. | The error is new.",
        "Is it ready?! | We leave at six.",
        "We could wait... | can you say how long?",
    ],
)
def test_a_sentence_ends_at_a_full_stop(text: str) -> None:
    assert sentences(text.replace("|", "", 1).replace("  ", " ")) == [piece.strip() for piece in text.split("|")]


@pytest.mark.parametrize(
    "text",
    [
        "The visit is at 3 p.m. Monday.",
        "It is at 4:00 p.m. EST on Thursday.",
        "Call us at 9 a.m. London time.",
        "The fair opens at 10 a.m. 12 May.",
        "Dr. Smith and Prof. Lee will come.",
        "Mme. Durand asks for Hr. Berg.",
        "John F. Kennedy and J. R. Mills signed it.",
        "We need fittings, e.g. Storz couplings.",
        "Order No. 5 and invoice no. A-17 are open.",
        "See Fig. 3 and Art. 12 of the contract.",
        "Harrow Tools Inc. Leeds made it.",
        "The U.S. Army ordered it.",
        "Das geht z. B. Montag oder d. h. Anfang der Woche.",
        "Die Lieferung kommt ca. Mitte März.",
        "Wir kommen am 5. Mai und im 2. Quartal wieder.",
        "Der Preis ist inkl. Montage und zzgl. Fracht.",
        "Please use version 2.4.1 or Node.js on acme.example today.",
        "Call Ms. Lee on tel. 555.",
        "Other info. will follow when it is ready.",
    ],
)
def test_a_full_stop_within_a_sentence_ends_none(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("We need:\n- the quote\n- the drawings\nby Friday", ["We need:", "- the quote", "- the drawings\nby Friday"]),
        ("Open points:\n• the price\n• the date", ["Open points:", "• the price", "• the date"]),
        ("a) the price?\nb) the date?", ["a) the price?", "b) the date?"]),
        ("Quote 17 is wrong\nCan you check it", ["Quote 17 is wrong", "Can you check it"]),
        ("Hi Kim,\nsend it today.", ["Hi Kim,", "send it today."]),
    ],
)
def test_lines_without_a_full_stop_end_where_a_list_or_a_new_line_begins(text: str, lines: list[str]) -> None:
    assert sentences(text) == lines


def test_what_is_asked_after_a_clock_time_is_a_request_of_its_own() -> None:
    (request,) = requests(received("We close the gate at 7:00 p.m. Could you tell me when the truck arrives?"))
    assert request.quote == "Could you tell me when the truck arrives?"


def test_what_follows_a_clock_time_leaves_a_promise_its_own_time() -> None:
    assert due("by 5 p.m. We have it ready by Friday") == "Wed 2026-03-04 17:00"


def test_thousands_of_short_lines_are_split_without_an_error() -> None:
    assert len(sentences("Aa bb\n" * 5000)) == 5000


PIECES = st.sampled_from(
    [
        "Mr. ",
        "p.m. ",
        "No. ",
        "5. ",
        "Mai ",
        "We ",
        "can you? ",
        "z. B. ",
        "U.S. ",
        "\n",
        "\n\n",
        "- ",
        "... ",
        "a",
        "Å",
        ".",
        " ",
        "Hi Kim,\n",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join), st.integers(0, 20), st.integers(0, 20))
def test_sentences_lie_in_order_outside_the_cuts_and_lose_no_word(text: str, start: int, length: int) -> None:
    cut = Cut(min(start, len(text)), min(start + length, len(text)), "quote")
    found = list(split_sentences(text, [cut]))
    assert all(text[s.start : s.end] == s.text for s in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    kept = text[: cut.start] + text[cut.end :]
    assert sum(len("".join(s.text.split())) for s in found) <= len("".join(kept.split()))
    assert {c for c in kept if c.isalnum()} == {c for s in found for c in s.text if c.isalnum()}
