"""The text of a mail with the words marked that were relied on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.web.marked_text import LONGEST, marked


def shown(text: str, *quotes: str) -> str:
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in marked(text, quotes))


@pytest.mark.parametrize(
    ("text", "quotes", "expected"),
    [
        ("Hi Dana,\n\ncan you send it?\n", ["can you send it?"], "Hi Dana,\n\n[can you send it?]"),
        ("can you\nsend   it today", ["can you send it"], "[can you\nsend   it] today"),
        ("one two three", ["two", "one two"], "[one two] three"),
        ("again and again", ["again"], "[again] and [again]"),
        ("nothing of it", ["other words"], "nothing of it"),
        ("a\n\n\n\n\nb", [], "a\n\nb"),
        ("no quote", ["", " … "], "no quote"),
    ],
)
def test_the_words_are_marked_wherever_they_stand(text: str, quotes: list[str], expected: str) -> None:
    assert shown(text, *quotes) == expected


def test_what_would_turn_or_hide_words_is_taken_out() -> None:
    assert shown("pay \u202e0001\u202c now\u200b\x07", "0001") == "pay [0001] now"


def test_a_long_mail_is_cut_around_the_words() -> None:
    text = "much before. " * 2000 + "Can you send it?" + " much after." * 2000
    found = shown(text, "Can you send it?")
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert "[Can you send it?]" in found
    assert len(found) <= LONGEST + 10


@given(st.text(max_size=300), st.lists(st.text(max_size=20), max_size=4))
def test_the_pieces_are_always_the_text_itself(text: str, quotes: list[str]) -> None:
    assert "".join(piece.text for piece in marked(text, quotes)) == "".join(piece.text for piece in marked(text, []))
