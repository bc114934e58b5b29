"""The look-back: what it counts, and how much of it a terminal shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import invented
import pytest
from invented import at, owed

from daemon.analysis.lookback import Lookback, look_back
from daemon.glossary.assessments import Assessment
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType, Strength
from daemon.letters.lookback.page import lookback

CLIENTS = {client.name: client for client in invented.OFFICE.clients}
LATE = [owed("Acme Ltd", "kim", f"Can you send the quote for line {n}?", "02-24 14:05", "02-25 16:05") for n in range(9)]
BROKEN = [
    owed("Birch & Co", "sam", f"I'll send plan {n} by Monday.", "02-25 14:05", "03-02 17:30", Kind.PROMISE) for n in range(9)
]


def facts(assessments: Sequence[Assessment]) -> Lookback:
    return look_back(assessments, CLIENTS, invented.HOURS, invented.NOW - timedelta(days=90), invented.NOW)


@pytest.mark.parametrize("thing", [LATE[0], BROKEN[0]], ids=["question", "promise"])
def test_what_the_user_hides_for_a_time_stays_as_late_as_it_was(thing: Obligation) -> None:
    hidden = replace(thing, snoozed_until=at("03-09 09:00"))
    before, after = facts(invented.assessed(thing)), facts(invented.assessed(hidden))
    assert after == before
    assert before.waits or before.unseen


def test_a_terminal_shows_a_screen_and_says_what_shows_the_rest() -> None:
    found = facts(invented.assessed(*LATE, *BROKEN))
    coverage = invented.everything_read()
    brief = lookback(invented.DANA, found, CLIENTS, coverage, brief=True).text
    whole = lookback(invented.DANA, found, CLIENTS, coverage).text
    assert len(brief.splitlines()) <= 40
    assert brief.count("and 6 more") == 2
    assert "kept lookback --all" in brief
    assert "kept lookback --all" not in whole
    assert len(whole.splitlines()) > len(brief.splitlines())


def test_where_evidence_is_weak_the_look_back_asks() -> None:
    sign = Evidence(SourceType.EVENT, "lunch", at("03-02 12:00"), "Lunch with Sam", Strength.WEAK)
    doubtful = replace(BROKEN[0], evidence=(*BROKEN[0].evidence, sign))
    found = facts(invented.assessed(doubtful, BROKEN[1]))
    assert [o.key for o in found.unsure] == [doubtful.key]
    assert [o.key for o in found.unseen] == [BROKEN[1].key]
    page = lookback(invented.DANA, found, CLIENTS, invented.everything_read()).text
    assert "nothing is counted until you say so" in " ".join(page.split())


def test_what_waits_for_something_that_was_only_announced_is_asked_not_claimed() -> None:
    presumed = replace(BROKEN[0], presumed=Strength.WEAK)
    found = facts(invented.assessed(presumed))
    assert ([o.key for o in found.unsure], found.unseen) == ([presumed.key], ())
