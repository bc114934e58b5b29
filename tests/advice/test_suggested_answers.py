"""Suggested answers: shown only with a source that is right, and never with a figure, an address or a link that nobody wrote."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.advice import answers
from daemon.advice.answers import LONGEST, AnswerWanted, Source
from daemon.glossary.advice import SuggestedAnswer

ASKED = "How much is shipping to Rotterdam, order 4711?"
SOURCES = (
    Source("T1", f"Hi Dana,\n{ASKED}\nKim", "their email of 2 March 2026", is_asked=True),
    Source("L1", "Shipping\nWe ship to the Benelux for 40 euros, see https://northwind.example/shipping", "Shipping"),
    Source("E1", "For you we ship within nine days.", "your earlier answer of 1 February 2026"),
)
WANTED = AnswerWanted("reply:1", "Acme Ltd", "<q@acme.example>", (ASKED,), SOURCES)
FROM_LIBRARY = {"id": "L1", "words": "ship to the Benelux"}


def said(text: Any = "Shipping is 40 euros.", sources: Any = (FROM_LIBRARY,)) -> SuggestedAnswer:
    return answers.suggestion(
        json.dumps({"text": text, "sources": list(sources) if isinstance(sources, tuple) else sources}), WANTED
    )


def test_an_answer_from_the_library_is_shown_with_its_source() -> None:
    assert said() == SuggestedAnswer("reply:1", "<q@acme.example>", "Acme Ltd", "Shipping is 40 euros.", ("Shipping",))


def test_a_link_and_a_figure_of_the_library_or_of_the_question_may_stand_in_it() -> None:
    assert said("For order 4711 it is 40 euros: https://northwind.example/shipping.").text


def test_a_source_that_is_named_falsely_is_left_out() -> None:
    assert said(sources=(FROM_LIBRARY, {"id": "E1", "words": "for free"}, {"id": "L9", "words": "ship to"})).sources == (
        "Shipping",
    )


@pytest.mark.parametrize(
    "sources",
    [
        (),
        None,
        "L1",
        (1, None, "L1"),
        ({"id": "L1"},),
        ({"id": "L1", "words": "shipping is free"},),
        ({"id": "L1", "words": "ship"},),
        ({"id": ["L1"], "words": "ship to the Benelux"},),
        ({"id": "T1", "words": "shipping to Rotterdam"},),
    ],
    ids=range(9),
)
def test_an_answer_without_a_right_source_is_not_shown(sources: Any) -> None:
    assert said(sources=sources).text == ""


@pytest.mark.parametrize(
    "text",
    [
        "Shipping is 30 euros.",
        "Shipping is 400 euros.",
        "Shipping is 4 euros.",
        "See https://evil.example/shipping",
        "See www.evil.example",
        "Write to pay@evil.example",
        "For you it is 25 euros.",
        "It will be there on 3/4.",
        "",
        "   ",
        None,
        40,
        ["Shipping is 40 euros."],
        "x" * (LONGEST + 1),
    ],
    ids=range(14),
)
def test_an_answer_that_invents_or_gives_away_is_not_shown(text: Any) -> None:
    assert said(text).text == ""


def test_an_answer_is_plain_words() -> None:
    assert said("> [Shipping]\u202e is\t40\x00 euros.\r\n\n\n\n\nGladly.").text == "(Shipping) is 40 euros.\n\nGladly."


@given(st.text() | st.recursive(st.none() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)).map(json.dumps))
def test_nothing_that_a_model_says_raises_or_is_shown_without_a_source(content: str) -> None:
    assert answers.suggestion(content, WANTED).text == ""


def test_what_is_shown_are_the_questions_and_the_sources_cut() -> None:
    long = AnswerWanted("k", "Acme Ltd", "<q>", (ASKED,), (Source("L1", "x" * 9000, "List"),))
    shown = json.loads(answers.material(long))
    assert shown["questions"] == [ASKED]
    assert [(s["id"], s["what"], len(s["words"])) for s in shown["sources"]] == [("L1", "List", answers.MOST_OF_A_SOURCE)]
