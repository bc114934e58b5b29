"""The words that say what a text is about."""

from __future__ import annotations

import pytest

from daemon.core import topics


def test_price_prices_and_pricing_meet() -> None:
    assert {topics.stem(word) for word in ("price", "prices", "pricing")} == {"pric"}


@pytest.mark.parametrize("ending", ["ing", "ed", "es", "en", "s", "e", "y", "i"])
def test_a_word_of_a_thousand_endings_is_a_word_like_any_other(ending: str) -> None:
    assert topics.words("refund" + ending * 1000) == {topics.stem("refund")}
