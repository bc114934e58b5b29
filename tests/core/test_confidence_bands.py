"""How sure is sure enough: three bands, moved by the user's clicks, inside limits, and never over a client's question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import invented
import pytest
import yaml
from digest_letter import write
from hypothesis import given
from hypothesis import strategies as st
from invented import NOW, owed

from daemon.core import confidence_bands
from daemon.core.infractions import is_firm, judged
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Band, Kind, Obligation
from daemon.glossary.parties import Account
from daemon.service import learned_bands

DANA: Account = invented.DANA


def click(verb: Verb, confidence: float, *, kind: Kind = Kind.PROMISE, target: str = "a:1", minute: int = 0) -> Decision:
    return Decision(target, verb, NOW + timedelta(minutes=minute), DANA.address, kind=kind, confidence=confidence)


def many(verb: Verb, confidence: float, count: int, kind: Kind = Kind.PROMISE) -> list[Decision]:
    return [click(verb, confidence, kind=kind, target=f"a:{n}", minute=n) for n in range(count)]


def ends(decisions: Sequence[Decision], kind: Kind = Kind.PROMISE) -> confidence_bands.Bounds:
    return confidence_bands.bounds(confidence_bands.lessons(decisions, DANA.address, NOW + timedelta(days=1)))[kind]


def band(obligation: Obligation, decisions: Sequence[Decision] = ()) -> Band:
    learnt = confidence_bands.bounds(confidence_bands.lessons(decisions, DANA.address, NOW + timedelta(days=1)))
    return confidence_bands.banded(obligation, learnt, spoken_for=False).band


def of(kind: Kind, confidence: float) -> Obligation:
    return owed("Acme Ltd", "kim", "the revised quote", "03-02 09:00", "03-06 17:00", kind, confidence=confidence)


def promise(confidence: float) -> Obligation:
    return of(Kind.PROMISE, confidence)


@pytest.mark.parametrize(("confidence", "expected"), [(0.95, Band.TRACKED), (0.6, Band.ASKED), (0.3, Band.IGNORED)])
def test_a_promise_is_tracked_asked_or_ignored_by_its_confidence(confidence: float, expected: Band) -> None:
    assert band(promise(confidence)) is expected


def test_what_follows_from_a_date_is_never_doubted() -> None:
    assert band(of(Kind.REVIEW, 0.1)) is Band.TRACKED


def test_a_misreading_that_was_tracked_makes_kept_ask_sooner() -> None:
    assert ends([click(Verb.WRONG, 0.8)]) == confidence_bands.Bounds(tracked=0.82, asked=0.5)


def test_a_doubt_that_was_none_makes_kept_track_more() -> None:
    assert ends([click(Verb.CONFIRM, 0.6)]) == confidence_bands.Bounds(tracked=0.78, asked=0.5)


def test_a_needless_question_makes_kept_ask_less() -> None:
    assert ends([click(Verb.WRONG, 0.55)]) == confidence_bands.Bounds(tracked=0.8, asked=0.52)


def test_a_click_teaches_nothing_about_another_kind() -> None:
    assert ends([click(Verb.WRONG, 0.8, kind=Kind.REPLY)]) == ends([])


def test_a_click_teaches_nothing_to_another_account() -> None:
    theirs = replace(click(Verb.WRONG, 0.8), by="lee@northwind.example")
    assert ends([theirs]) == ends([])


def test_a_click_that_was_taken_back_taught_nothing() -> None:
    assert ends([click(Verb.WRONG, 0.8), click(Verb.UNDO, 0.8, minute=1)]) == ends([])


def test_no_number_of_clicks_hides_a_clients_question() -> None:
    clicks = many(Verb.WRONG, 0.99, 200, Kind.REPLY)
    assert band(of(Kind.REPLY, 0.5), clicks) is Band.ASKED
    assert band(of(Kind.REPLY, 0.9), clicks) is Band.TRACKED


@given(st.lists(st.tuples(st.sampled_from(Verb), st.floats(0, 1), st.sampled_from(confidence_bands.KINDS), st.integers(0, 5))))
def test_whatever_is_clicked_a_client_is_at_least_asked_about(clicks: list[tuple[Verb, float, Kind, int]]) -> None:
    said = [click(v, c, kind=k, target=f"a:{t}", minute=n) for n, (v, c, k, t) in enumerate(clicks)]
    for kind in (Kind.REPLY, Kind.CALLBACK):
        assert band(of(kind, 0.0), said) is not Band.IGNORED
    assert band(promise(0.9), said) is Band.TRACKED
    assert band(promise(0.66), said) is not Band.IGNORED


def test_the_digest_asks_about_what_was_read_without_certainty() -> None:
    asked = replace(promise(0.6), band=Band.ASKED)
    assessments = invented.assessed(asked)
    letter = write(assessments, account=DANA, now=NOW)
    assert "DID I READ THIS RIGHT?\n" in letter.text
    assert "did you promise this" in letter.text
    assert "confirm" in letter.text
    assert "wrong" in letter.text


def test_the_digest_leaves_out_what_is_ignored() -> None:
    assessments = invented.assessed(replace(promise(0.3), band=Band.IGNORED))
    letter = write(assessments, account=DANA, now=NOW)
    assert "Nothing is due today" in letter.text


def test_the_file_shows_the_ends_and_the_clicks_behind_them(tmp_path: Path) -> None:
    learned_bands.write(tmp_path, [DANA], [click(Verb.WRONG, 0.8)], NOW + timedelta(days=1))
    path = tmp_path / learned_bands.NAME
    shown = yaml.safe_load(path.read_text())[DANA.address]["promise"]
    assert shown["tracked"] == ends([click(Verb.WRONG, 0.8)]).tracked
    assert len(shown["because"]) == 1
    assert "wrong" in shown["because"][0]
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_was_answered_counts_on_a_little_less() -> None:
    for kind, sure in ((Kind.REPLY, 0.63), (Kind.PROMISE, 0.73)):
        assert band(of(kind, sure)) is Band.ASKED
        assert band(replace(of(kind, sure), closed=NOW)) is Band.TRACKED
        assert band(replace(of(kind, sure), closed=NOW, waived=True)) is Band.ASKED
        assert band(replace(of(kind, 0.55), closed=NOW)) is Band.ASKED


# --- second opinions ---


def second(kind: Kind, confidence: float, opinion: bool | None, **more: Any) -> Band:
    o = replace(of(kind, confidence), **more)
    return confidence_bands.banded(o, confidence_bands.bounds(()), spoken_for=False, opinion=opinion).band


@pytest.mark.parametrize("kind", [Kind.PROMISE, Kind.WAITING_FOR, Kind.REPLY, Kind.CALLBACK])
def test_a_second_opinion_that_agrees_tracks_what_would_be_asked_about(kind: Kind) -> None:
    assert second(kind, 0.6, True) is Band.TRACKED


@pytest.mark.parametrize("kind", [Kind.PROMISE, Kind.WAITING_FOR])
def test_a_second_opinion_that_does_not_agree_asks_about_a_promise_that_is_only_just_tracked(kind: Kind) -> None:
    assert second(kind, 0.85, False) is Band.ASKED


@pytest.mark.parametrize("kind", [Kind.REPLY, Kind.CALLBACK])
@pytest.mark.parametrize("confidence", [0.7, 0.75, 0.9, 1.0])
def test_no_second_opinion_takes_back_what_a_client_asked(kind: Kind, confidence: float) -> None:
    assert second(kind, confidence, False) is Band.TRACKED


@pytest.mark.parametrize("opinion", [True, False])
def test_no_second_opinion_brings_up_what_is_ignored(opinion: bool) -> None:
    assert second(Kind.PROMISE, 0.45, opinion) is Band.IGNORED


def test_no_second_opinion_doubts_what_is_sure() -> None:
    assert second(Kind.PROMISE, 0.9, False) is Band.TRACKED


def test_no_second_opinion_doubts_what_was_done() -> None:
    assert second(Kind.PROMISE, 0.85, False, closed=NOW) is Band.TRACKED


def test_the_users_word_beats_a_second_opinion() -> None:
    assert (
        confidence_bands.banded(promise(0.85), confidence_bands.bounds(()), spoken_for=True, opinion=False).band is Band.TRACKED
    )


def test_what_follows_from_a_date_has_no_second_opinion() -> None:
    assert second(Kind.REVIEW, 0.1, False) is Band.TRACKED


@given(
    kind=st.sampled_from(Kind),
    confidence=st.floats(0, 1),
    opinion=st.sampled_from([True, False, None]),
    verb=st.sampled_from(Verb),
)
def test_a_second_opinion_moves_one_band_at_most_and_never_a_client_down(
    kind: Kind, confidence: float, opinion: bool | None, verb: Verb
) -> None:
    learnt = confidence_bands.bounds(confidence_bands.lessons(many(verb, 0.7, 5), DANA.address, NOW + timedelta(days=1)))
    before = confidence_bands.banded(of(kind, confidence), learnt, spoken_for=False).band
    after = confidence_bands.banded(of(kind, confidence), learnt, spoken_for=False, opinion=opinion).band
    assert (before, after) in {
        *((band, band) for band in Band),
        (Band.ASKED, Band.TRACKED),
        *([(Band.TRACKED, Band.ASKED)] if kind in (Kind.PROMISE, Kind.WAITING_FOR) else []),
    }
    assert after is before or confidence_bands.is_doubtful(of(kind, confidence), learnt)


@pytest.mark.parametrize("more", [{}, {"asks": ("Which?", "Which one?")}, {"closed": NOW}])
def test_nothing_is_beyond_doubt_because_of_a_second_opinion(more: dict[str, Any]) -> None:
    o = replace(of(Kind.REPLY, 0.55), **more)
    advised = confidence_bands.banded(o, confidence_bands.bounds(()), spoken_for=False, opinion=True)
    assert advised.band is Band.TRACKED
    assert not is_firm(advised)
    assert list(judged([advised])) == []
