"""Whether an earlier exchange answers a new question: the same subject, the same aspect, and an answer that has it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.analysis.exchanges import LONGEST, Exchange, Fit, asked_parts, fit, parts, weights_of

AT = datetime(2026, 3, 3, 10, tzinfo=UTC)
TRAYS = ("Yes, up to 220 degrees for forty minutes.",)


def exchange(asked: str, *answer: str, client: str = "Acme", subject: str = "A question") -> Exchange:
    return Exchange("<a@x>", client, AT, subject, asked_parts([asked]), answer)


def fits(question: str, earlier: Exchange, client: str = "Birch") -> Fit | None:
    wanted = parts(question)
    weights = weights_of(wanted, {}, 50)
    return next((found for part in wanted if (found := fit(part, earlier, client, weights))), None)


def test_the_same_question_finds_the_answer_that_has_none_of_its_words() -> None:
    found = fits("Do your compostable trays stand the oven?", exchange("Will compostable trays stand an oven?", *TRAYS))
    assert found is not None
    assert found.words == TRAYS[0]
    assert found.asked == "Will compostable trays stand an oven?"


@pytest.mark.parametrize(
    "question",
    [
        "What would compostable trays for the oven cost?",
        "How long do compostable trays for the oven take?",
        "Where are the trays that we ordered?",
        "Has our order of compostable oven trays left?",
        "Did you get my mail about compostable oven trays?",
        "Could you send the certificate of the compostable trays again?",
        "The compostable oven trays are broken, who can come?",
        "Any news?",
    ],
)
def test_another_question_about_the_same_thing_does_not(question: str) -> None:
    assert fits(question, exchange("Will compostable trays stand an oven?", *TRAYS)) is None


def test_one_word_of_an_answer_is_not_enough() -> None:
    assert (
        fits("Can you train two people in our bar?", exchange("What water does it need?", "A cold feed at 2 to 4 bar.")) is None
    )


def test_a_price_is_told_to_whom_it_was_made_alone() -> None:
    earlier = exchange("What would 60,000 trays cost?", "For 60,000 trays it is £940.")
    assert fits("What do 60,000 trays cost?", earlier) is None
    assert fits("What do 60,000 trays cost?", earlier, client="Acme") is not None


def test_a_question_for_a_figure_is_answered_by_one() -> None:
    asked = "How long do recordings stay in the portal?"
    assert fits(asked, exchange(asked, "They stay in the portal as recordings do.")) is None
    assert fits(asked, exchange(asked, "They stay for 90 days.")) is not None


def test_of_several_answers_the_one_to_this_question_is_shown() -> None:
    asked = "Is the silk FSC certified? Can you match the old spine? What is the deadline for artwork?"
    long = ("The silk is FSC certified since 2019, the number is on our site and on every pallet that leaves the mill in Leeds.",
            "The spine can be matched where we have an old copy to measure, and within half a millimetre on any stock that we print.")  # fmt: skip
    found = fits("Could you match the spine of the old edition?", exchange(asked, *long))
    assert found is not None
    assert found.words == long[1]


@given(question=st.text(max_size=200), answer=st.lists(st.text(max_size=300), max_size=4))
def test_whatever_is_asked_no_more_is_shown_than_fits_on_a_line(question: str, answer: list[str]) -> None:
    found = fits(question, exchange(question, *answer), client="Acme")
    assert found is None or (0 < len(found.words) <= LONGEST)
