"""The encoder: what it is shown of a mail, what it may cost, and how its word counts beside rules and linear models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_helpers import message, received, sent

from daemon import reading
from daemon.reading.models import encoder
from daemon.reading.models.windows import LENGTH, MAX_WINDOWS, windows

BEGIN, END = 2, 3
ROWS = st.lists(st.lists(st.integers(4, 99), max_size=260), max_size=60)


@given(ROWS)
def test_no_window_is_longer_than_the_encoder_takes(rows: list[list[int]]) -> None:
    made = windows(rows, BEGIN, END)
    assert len(made) <= MAX_WINDOWS
    assert all(len(w.pieces) <= LENGTH and w.pieces[0] == BEGIN and w.pieces[-1] == END for w in made)


@given(ROWS)
def test_each_window_holds_whole_sentences_and_goes_on_where_the_one_before_ended(rows: list[list[int]]) -> None:
    made = windows(rows, BEGIN, END)
    shown = 0
    for window in made:
        assert window.first <= shown < window.first + len(window.spans)
        shown = window.first + len(window.spans)
        for number, (start, end) in enumerate(window.spans, window.first):
            assert window.pieces[start:end] == rows[number][: end - start]
    assert shown == len(rows) or len(made) == MAX_WINDOWS


def test_a_short_mail_is_one_window() -> None:
    assert windows([[7, 8], [9]], BEGIN, END) == [([2, 7, 8, 9, 3], [(1, 3), (3, 4)], 0)]


def test_a_further_window_shows_again_what_stood_before() -> None:
    first, second = windows([[number] * 60 for number in range(4, 18)], BEGIN, END)
    assert first.first + len(first.spans) - second.first == 2


def test_without_the_extra_it_says_nothing() -> None:
    assert not reading.has_encoder()
    assert encoder.opinion(["I'll send it tomorrow."], "en") == ((None,), ((),), None)


@pytest.mark.usefixtures("with_encoder")
def test_of_a_language_that_it_does_not_read_it_says_nothing() -> None:
    assert encoder.opinion(["Ich schicke es Ihnen morgen."], "de") == ((None,), ((),), None)


@pytest.mark.usefixtures("with_encoder")
def test_a_reading_with_it_is_another_versions() -> None:
    assert reading.has_encoder()
    assert reading.version() == f"{reading.values.VERSION} with encoder"


class Passes:
    """Counts the passes of the encoder."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        whole = encoder._run

        def counted(*given: Any) -> tuple[list[list[float]], float]:
            self.count += 1
            return whole(*given)

        monkeypatch.setattr(encoder, "_run", counted)


@pytest.mark.usefixtures("with_encoder")
def test_a_mail_costs_a_bounded_number_of_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    passes = Passes(monkeypatch)
    said = encoder.opinion(["Could you send me the drawings of the second floor, please? " * 8] * 120, "en")
    assert passes.count == MAX_WINDOWS
    assert said.sentences[0] is not None
    assert said.sentences[-1] is None


@pytest.mark.usefixtures("with_encoder")
def test_a_mail_that_it_reads_only_in_part_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    passes = Passes(monkeypatch)
    padding = f"The meeting was held in the large room{' and in the hall beside it' * 8}."
    found = sent("\n\n".join([padding] * 60 + ["I'll send you the drawings tomorrow."]))
    assert passes.count == MAX_WINDOWS
    assert [act.quote for act in found.of(reading.ActKind.PROMISE)] == ["I'll send you the drawings tomorrow."]


@pytest.mark.usefixtures("with_encoder")
@pytest.mark.parametrize("text", ["", "?", "\u0301" * 5000, "a" * 10_000, "日" * 3000, "\ufffd \u200b", "- - - -"])
def test_it_fails_on_no_text(text: str) -> None:
    received(text)
    encoder.opinion([text], "en")
    encoder.opinion([text] * 3, "en")


@pytest.mark.usefixtures("with_encoder")
def test_a_reading_can_be_ended_between_its_passes() -> None:
    class TooLong(Exception):  # noqa: N818  # a signal of this test
        pass

    def check() -> None:
        raise TooLong

    with pytest.raises(TooLong):
        encoder.opinion(["Could you send it?"], "en", check)


@pytest.mark.usefixtures("with_encoder")
def test_what_it_weighed_stands_first_among_what_counted() -> None:
    asked = message("Could you send the drawings?")
    ((name, weight), *others), *_ = reading.strongest_features(asked, reading.read(asked))
    assert name == encoder.SHARE
    assert abs(weight) > 0
    assert others


def odds(sentences: Sequence[str]) -> list[dict[str, float]]:
    return [dict(said) for said in encoder.opinion(sentences, "en").sentences if said is not None]


@pytest.mark.usefixtures("with_encoder")
def test_a_sentence_is_read_in_its_mail() -> None:
    """The same words say more or less after others, which the linear models cannot see."""
    alone, *_ = odds(["Tomorrow."])
    *_, answered = odds(["You asked when I will send the quote.", "Tomorrow."])
    assert alone != answered


@pytest.mark.usefixtures("with_encoder")
@pytest.mark.parametrize("model", [*encoder.MODELS, encoder.REPLY])
def test_its_word_and_the_others_both_count(model: str) -> None:
    low, middle, high = (encoder.joined(model, 0.5, {model: said}) for said in (-4.0, 0.0, 4.0))
    assert low < middle < high
    assert encoder.joined(model, 0.1, {model: 0.0}) < encoder.joined(model, 0.9, {model: 0.0})
    assert 0 <= encoder.joined(model, 0.0, {model: -99.0}) < encoder.joined(model, 1.0, {model: 99.0}) <= 1


@pytest.mark.usefixtures("with_encoder")
def test_a_mail_to_others_wants_no_answer_from_the_user_whatever_it_says() -> None:
    found = received(
        "Hi Ben,\n\nCould you tell me how many you need?\n\nKim", to=("ben@birch.example",), cc=("dana@northwind.example",)
    )
    assert not found.reply_expected
