"""The questions put to a real language model, wherever the environment names one: KEPT_MODEL_URL and KEPT_MODEL_NAME.

What a small model says is often of no use, and so none of it is asserted here but that its server takes the questions and that what
comes of its answers is within bounds.
"""

from __future__ import annotations

import os

import pytest

from connectors.chat import ChatModel
from daemon.advice import answers, opinions
from daemon.advice.answers import AnswerWanted, Source
from daemon.advice.opinions import Doubt
from daemon.glossary.obligations import Kind

pytestmark = pytest.mark.skipif(
    "KEPT_MODEL_URL" not in os.environ, reason="needs a language model: KEPT_MODEL_URL and KEPT_MODEL_NAME, see docs/model.md"
)
SENTENCE = "I will send you the revised quote by Friday."


@pytest.fixture
def model() -> ChatModel:
    return ChatModel(os.environ["KEPT_MODEL_URL"], os.environ["KEPT_MODEL_NAME"], time_limit=300)


def test_a_second_opinion_comes_back_or_does_not_count(model: ChatModel) -> None:
    doubt = Doubt("promise:1", Kind.PROMISE, "Acme Ltd", "<a@acme.example>", SENTENCE, f"Hi Kim,\n\n{SENTENCE}\n\nDana")
    (opinion,) = opinions.opinions(model.ask(*opinions.question((doubt,))), (doubt,))
    assert opinion.holds in {True, False, None}


def test_a_suggested_answer_is_from_its_source_or_is_none(model: ChatModel) -> None:
    asked = "How long is the delivery time to Rotterdam?"
    sources = (
        Source("T1", asked, "their email", is_asked=True),
        Source("L1", "Orders to Rotterdam leave within nine days.", "Delivery"),
    )
    wanted = AnswerWanted("reply:1", "Acme Ltd", "<a@acme.example>", (asked,), sources)
    suggested = answers.suggestion(model.ask(*answers.question(wanted)), wanted)
    assert suggested.sources in {(), ("Delivery",)}
