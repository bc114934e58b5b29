"""A client whom several accounts serve: their meetings with it, and the standing duties of which one alone answers for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from shared_team import (
    ACME,
    DANA,
    GROUP,
    KIM,
    LEE,
    LEE_WRITES,
    QUESTION,
    REVIEWED,
    TO_NOBODY,
    Team,
    known_to_both,
)
from week import at

from daemon.glossary.charter import Allowance, Charter, Unit
from daemon.glossary.obligations import OPEN_STATES, state
from daemon.glossary.parties import Account
from daemon.store import Store


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    store = Store.open(tmp_path)
    yield Team(store)
    store.close()


def test_a_colleagues_meeting_with_the_client_counts_as_contact(team: Team) -> None:
    team.client = replace(REVIEWED, owner=DANA.address)
    known_to_both(team)
    assert team.open(DANA, at(3, 12)) == ["touch_base"]
    team.meets(LEE, at(3, 9))
    assert [o.due for o in team.owed(DANA, at(3, 12)) if o.kind.value == "touch_base" and o.closed is None] == [at(7, 10)]


def test_a_colleagues_meeting_has_no_words_for_whom_they_are_not(team: Team) -> None:
    known_to_both(team)
    team.meets(LEE, at(1, 9), "Cheaper belts for Kim")
    shared = team.ledger(DANA).facts.shared("Acme Ltd", at(1, 12))
    assert shared is not None
    assert [(e.summary, e.organizer) for e in shared.events] == [("", LEE.address)]


def test_an_absence_that_is_entered_late_hands_over_at_once(team: Team) -> None:
    known_to_both(team)
    team.mail("question", at(1, 9), KIM, (DANA,), QUESTION, DANA)
    dana, lee = team.ledger(DANA), team.ledger(LEE)
    for ledger in (dana, lee):
        ledger.assessments(at(1, 10))
    before = team.store.account_state(LEE.address)
    team.away(DANA, at(1, 0), at(3, 0))
    assert team.store.account_state(LEE.address) != before
    owing = [
        [
            o.kind.value
            for a in ledger.assessments(at(1, 11))
            for o in a.obligations
            if state(o, at(1, 11)) in OPEN_STATES and o.kind.value == "reply"
        ]
        for ledger in (dana, lee)
    ]
    assert owing == [[], ["reply"]]


def test_a_standing_duty_has_one_key_whoever_stands_in(team: Team) -> None:
    team.client = replace(REVIEWED, owner=DANA.address)
    known_to_both(team)
    (own,) = [o.key for o in team.owed(DANA, at(3, 12)) if o.kind.value == "touch_base" and o.closed is None]
    team.away(DANA, at(3, 0), at(5, 0))
    assert [o.key for o in team.owed(LEE, at(3, 12)) if o.kind.value == "touch_base" and o.closed is None] == [own]
    assert not [o for o in team.owed(DANA, at(3, 12)) if o.kind.value == "touch_base" and o.closed is None]


def test_a_review_stays_with_the_owner_who_is_away(team: Team) -> None:
    team.client = replace(ACME, owner=DANA.address, charter=Charter(standards={"review": Allowance(1, Unit.MONTHS)}))
    known_to_both(team)
    team.away(DANA, at(28, 0), at(40, 0))
    reviews = [
        [o for a in team.ledger(who).assessments(at(30, 12)) for o in a.obligations if o.kind.value == "review"]
        for who in (DANA, LEE)
    ]
    assert (len(reviews[0]) > 0, reviews[1]) == (True, [])


def test_a_client_with_a_named_owner_is_no_others_standing_duty_even_where_nobody_shares_mail(team: Team) -> None:
    team.client = replace(REVIEWED, owner=DANA.address)
    team.mail("hello", at(0, 9), LEE_WRITES, (KIM,), "Hi Kim,\n\nThe order went out today.", LEE)
    team.mail("thanks", at(0, 10), KIM, (LEE,), "Thanks, all arrived.", LEE)
    assert team.open(LEE, at(4, 12)) == []


def regular_contact(team: Team, account: Account) -> list[str]:
    """What an account owes of regular contact, once each has told the other whom it meets."""
    for each in team.accounts:
        team.ledger(each).note_meetings(at(0, 13))
    return [kind for kind in team.open(account, at(4, 12)) if kind == "touch_base"]


def test_regular_contact_of_two_who_only_meet_the_client_is_owed_by_one(team: Team) -> None:
    team.client = REVIEWED
    for account in (LEE, DANA):
        team.meets(account, at(0, 10), f"The belts, {account.name}")
    assert [regular_contact(team, account) for account in (DANA, LEE)] == [["touch_base"], []]


def test_who_only_meets_the_client_leaves_regular_contact_to_who_writes(team: Team) -> None:
    team.client = REVIEWED
    team.meets(DANA, at(0, 10))
    team.mail("first", at(0, 9), LEE_WRITES, (KIM,), "Hi Kim,\n\nThe order went out today.", LEE)
    assert [regular_contact(team, account) for account in (DANA, LEE)] == [[], ["touch_base"]]


def test_an_account_without_mailbox_and_calendar_serves_nobody(team: Team) -> None:
    team.client = replace(ACME, owner=LEE.address)
    known_to_both(team)
    team.mail("question", at(1, 9), KIM, (GROUP,), TO_NOBODY, DANA, LEE)
    assert "reply" not in team.open(DANA, at(1, 10))
    team.accounts = (DANA, replace(LEE, reads=False))
    assert "reply" in team.open(DANA, at(1, 10))
