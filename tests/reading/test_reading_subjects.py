"""Reply and forward prefixes of subjects."""

from __future__ import annotations

import pytest

from daemon.reading import subjects


@pytest.mark.parametrize(
    "subject", ["Re: Quote", "RE: AW: Quote", "WG: Quote", "Fwd: Re[2]: Quote", "SV: Quote", " Antw(3) : Quote", "Re:Quote"]
)
def test_a_prefix_of_any_language_is_known(subject: str) -> None:
    assert subjects.is_reply(subject)
    assert subjects.without_prefixes(subject) == "Quote"


@pytest.mark.parametrize("subject", ["Quote", "", "Regarding: Quote", "[ext] Re: Quote", "Reply: Quote"])
def test_another_beginning_is_left_alone(subject: str) -> None:
    assert not subjects.is_reply(subject)
    assert subjects.without_prefixes(subject) == subject
