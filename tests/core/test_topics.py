"""The words that say what a text is about."""

from __future__ import annotations

import pytest

from daemon.core import topics


def test_price_prices_and_pricing_meet() -> None:
    assert {topics.stem(word) for word in ("price", "prices", "pricing")} == {"pric"}


@pytest.mark.parametrize("ending", ["ing", "ed", "es", "en", "s", "e", "y", "i"])
def test_a_word_of_a_thousand_endings_is_a_word_like_any_other(ending: str) -> None:
    assert topics.words("refund" + ending * 1000) == {topics.stem("refund")}


def test_what_short_capitals_stand_for_is_a_matter() -> None:
    assert topics.words("PO 20611 for the DN50 is here") == {"po", "dn", "20611"}


@pytest.mark.parametrize("text", ["OK, RE: FYI", "THANKS, WILL DO IT", "by Tuesday, 27 January", "Geht heute noch raus"])
def test_courtesies_shouting_and_dates_are_none(text: str) -> None:
    assert topics.words(text) <= {"fyi"}
