"""What the user lets go before its notice is over: what a digest announced, as it was announced, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from daemon.glossary.decisions import Decision, Verb
from daemon.planning.plan_inputs import released

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def said(*verbs: Verb, at: datetime = MONDAY + timedelta(hours=1)) -> list[Decision]:
    return [Decision("review:Acme", verb, at + timedelta(minutes=n), "dana@northwind.example") for n, verb in enumerate(verbs)]


@pytest.mark.parametrize(
    ("verbs", "goes"),
    [
        ((Verb.RELEASE,), True),
        ((), False),
        ((Verb.VETO,), False),
        ((Verb.RELEASE, Verb.UNDO), False),
        ((Verb.RELEASE, Verb.UNDO, Verb.RELEASE), True),
    ],
    ids=str,
)
def test_the_latest_word_counts(verbs: tuple[Verb, ...], goes: bool) -> None:  # an expectation of the table
    assert released("review:Acme", said(*verbs), MONDAY) is goes


def test_what_is_announced_again_for_another_time_was_not_meant() -> None:
    assert not released("review:Acme", said(Verb.RELEASE), MONDAY + timedelta(days=2))


def test_another_action_was_not_meant() -> None:
    assert not released("review:Birch", said(Verb.RELEASE), MONDAY)
