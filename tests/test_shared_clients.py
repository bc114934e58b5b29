"""A client whom several accounts serve: every account sees what the others did, each thing is owed by one, and words stay where they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_team import (
    ACME,
    ANSWER,
    ASKS,
    DANA,
    DANA_WRITES,
    GROUP,
    KIM,
    LEE,
    LEE_WRITES,
    QUESTION,
    REVIEWED,
    TO_NOBODY,
    WRITERS,
    Team,
    known_to_both,
)
from week import at

from connectors.mail import Address, Attachment
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import OPEN_STATES, state
from daemon.glossary.parties import Sees
from daemon.store import Store


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    store = Store.open(tmp_path)
    yield Team(store)
    store.close()


def test_a_colleagues_answer_in_the_colleagues_mailbox_closes_the_question(team: Team) -> None:
    known_to_both(team)
    asked = team.mail("question", at(1, 9), KIM, (DANA,), QUESTION, DANA)
    assert team.open(DANA, at(1, 10)) == ["reply"]
    team.mail("answer", at(1, 11), LEE_WRITES, (KIM,), ANSWER, LEE, in_reply_to=(asked.message_id,))
    assert team.open(DANA, at(1, 12)) == []


def test_the_evidence_names_the_colleagues_mail_without_its_words(team: Team) -> None:
    known_to_both(team)
    asked = team.mail("question", at(1, 9), KIM, (DANA,), QUESTION, DANA)
    team.mail("answer", at(1, 11), LEE_WRITES, (KIM,), ANSWER, LEE, in_reply_to=(asked.message_id,))
    (reply,) = team.owed(DANA, at(1, 12))
    assert [(e.reference, e.quote, e.author) for e in reply.evidence][-1] == ("<answer@x.example>", None, "Lee Chen")
    assert not any("4,200" in repr(o) for o in team.owed(DANA, at(1, 12)))


@pytest.mark.parametrize(
    ("sees", "manager", "shown"),
    [
        (None, None, False),
        (Sees.OWN, None, False),
        (Sees.FIGURES, None, False),
        (Sees.TEAM, None, True),
        (Sees.TEAM, "max@northwind.example", False),
    ],
    ids=["nothing said", "own", "figures", "team", "another team"],
)
def test_a_colleagues_words_are_shown_to_whom_the_configuration_lets_see_them(
    team: Team, sees: Sees | None, manager: str | None, shown: bool
) -> None:
    dana = replace(DANA, sees=sees, manager=manager)
    team.accounts = (dana, LEE)
    known_to_both(team)
    asked = team.mail("question", at(1, 9), KIM, (dana,), QUESTION, dana)
    team.mail("answer", at(1, 11), LEE_WRITES, (KIM,), ANSWER, LEE, in_reply_to=(asked.message_id,))
    (reply,) = team.owed(dana, at(1, 12))
    assert reply.closed is not None
    assert ("4,200" in (reply.evidence[-1].quote or "")) is shown


@pytest.mark.parametrize(("sees", "shown"), [(None, True), (Sees.OWN, True), (Sees.FIGURES, False)])
def test_whoever_covers_reads_the_words_unless_figures_must_do(team: Team, sees: Sees | None, shown: bool) -> None:
    lee = replace(LEE, sees=sees)
    team.accounts = (DANA, lee)
    known_to_both(team)
    team.away(DANA, at(1, 0), at(3, 0))
    team.mail("question", at(1, 9), KIM, (DANA,), QUESTION, DANA)
    (reply,) = team.owed(lee, at(1, 12))
    assert ("revised quote" in repr(reply)) is shown


@pytest.mark.parametrize(
    "words",
    [
        "Any news of the zirconium quote for the belts?",
        "Can you send me the zirconium quote for the belts?",
        "Please call me about the zirconium belts.",
        "I will send you the zirconium drawings by Friday.",
    ],
)
def test_no_word_of_a_mail_that_only_a_colleague_has_stands_anywhere(team: Team, words: str) -> None:
    known_to_both(team)
    asked = team.mail("question", at(1, 9), KIM, (DANA,), QUESTION, DANA)
    team.mail("more", at(1, 15), KIM, (LEE,), f"Hi Lee,\n\n{words}\n\nKim", LEE, in_reply_to=(asked.message_id,))
    promise = "Hi Kim,\n\nI will send you the zirconium price list by Friday.\n\nLee"
    team.mail("promise", at(1, 16), LEE_WRITES, (KIM,), promise, LEE, in_reply_to=(asked.message_id,))
    assert any("zirconium" in repr(o) for o in team.owed(LEE, at(1, 17)))
    assert not any("zirconium" in repr(o) for o in team.owed(DANA, at(1, 17)))


def test_a_mail_to_both_may_be_quoted_to_both_whoever_has_it(team: Team) -> None:
    known_to_both(team)
    asked = team.mail("question", at(1, 9), KIM, (DANA,), QUESTION, DANA)
    words = "Hello,\n\nAny news of the revised quote?\n\nKim"
    team.mail("again", at(1, 10), KIM, (DANA, LEE), words, LEE, in_reply_to=(asked.message_id,))
    (reply,) = [o for o in team.owed(DANA, at(1, 11)) if o.kind.value == "reply"]
    assert reply.asks[-1:] == ("Any news of the revised quote?",)


def test_a_mail_to_both_is_answered_by_whoever_has_it(team: Team) -> None:
    known_to_both(team)
    team.mail("question", at(1, 9), KIM, (DANA, LEE), TO_NOBODY, LEE)
    assert (team.open(DANA, at(1, 10)), team.open(LEE, at(1, 10))) == ([], ["reply"])


def test_what_is_handed_over_without_words_says_what_is_owed_to_whom(team: Team) -> None:
    lee = replace(LEE, sees=Sees.FIGURES)
    team.accounts = (DANA, lee)
    known_to_both(team)
    team.away(DANA, at(2, 0), at(4, 0))
    asked = team.mail("question", at(1, 9), KIM, (DANA,), QUESTION, DANA)
    words = "Hi Kim,\n\nI will send you the revised quote for the belts by Thursday.\n\nDana"
    team.mail("promise", at(1, 10), DANA_WRITES, (KIM,), words, DANA, in_reply_to=(asked.message_id,))
    team.mail("other", at(1, 12), KIM, (DANA,), "Hi Dana,\n\nWhat does the second belt cost?\n\nKim", DANA)
    news = "Hi Dana,\n\nThe zirconium rollers arrived.\n\nKim"
    team.mail("news", at(1, 13), KIM, (DANA,), news, DANA)
    assessed = team.ledger(lee).assessments(at(2, 12))
    assert "<news@x.example>" in {p.message_id for a in assessed for p in a.balance}
    assert not any(words in repr(assessed) for words in ("zirconium", "revised quote", "second belt"))
    said = sorted(o.summary for o in team.owed(lee, at(2, 12)) if state(o, at(2, 12)) in OPEN_STATES)
    assert said == ["Promised to Kim Lee", "Reply to Kim Lee"]


def test_words_that_lie_in_ones_own_mailbox_too_are_shown(team: Team) -> None:
    known_to_both(team)
    asked = team.mail("question", at(1, 9), KIM, (DANA,), QUESTION, DANA)
    team.mail("answer", at(1, 11), LEE_WRITES, (KIM, DANA), ANSWER, LEE, DANA, in_reply_to=(asked.message_id,))
    (reply,) = team.owed(DANA, at(1, 12))
    assert "4,200" in (reply.evidence[-1].quote or "")


def test_a_question_to_one_is_no_others(team: Team) -> None:
    known_to_both(team)
    team.mail("question", at(1, 9), KIM, (DANA,), QUESTION, DANA)
    assert (team.open(DANA, at(1, 10)), team.open(LEE, at(1, 10))) == (["reply"], [])


@pytest.mark.parametrize(("greeting", "whose"), [("Hi Lee,", "lee"), ("Hi Dana,", "dana")])
def test_a_question_to_both_is_whom_it_greets(team: Team, greeting: str, whose: str) -> None:
    known_to_both(team)
    team.mail("question", at(1, 9), KIM, (DANA, LEE), QUESTION.replace("Hi Dana,", greeting), DANA, LEE)
    assert {a.address.split("@")[0] for a in (DANA, LEE) if team.open(a, at(1, 10))} == {whose}


def test_a_question_to_both_in_a_conversation_is_who_wrote_last(team: Team) -> None:
    known_to_both(team)
    begun = team.mail("offer", at(1, 8), LEE_WRITES, (KIM,), "Hi Kim,\n\nHere is our offer.\n\nLee", LEE)
    team.mail("question", at(1, 9), KIM, (DANA, LEE), TO_NOBODY, DANA, LEE, in_reply_to=(begun.message_id,))
    assert (team.open(DANA, at(1, 10)), team.open(LEE, at(1, 10))) == ([], ["reply"])


def test_a_question_to_both_is_else_the_owners(team: Team) -> None:
    team.client = replace(ACME, owner=LEE.address)
    known_to_both(team)
    team.mail("question", at(1, 9), KIM, (DANA, LEE), TO_NOBODY, DANA, LEE)
    assert (team.open(DANA, at(1, 10)), team.open(LEE, at(1, 10))) == ([], ["reply"])


def test_a_question_to_a_groups_address_is_one_accounts(team: Team) -> None:
    known_to_both(team)
    team.mail("question", at(1, 9), KIM, (Address("sales@northwind.example"),), TO_NOBODY, DANA, LEE)
    assert sorted([*team.open(DANA, at(1, 10)), *team.open(LEE, at(1, 10))]) == ["reply"]


def test_a_question_to_a_groups_address_is_whose_mailbox_it_reached(team: Team) -> None:
    known_to_both(team)
    team.mail("question", at(1, 9), KIM, (Address("sales@northwind.example"),), TO_NOBODY, LEE)
    assert (team.open(DANA, at(1, 10)), team.open(LEE, at(1, 10))) == ([], ["reply"])


def test_a_promise_is_who_made_it_and_a_colleague_may_keep_it(team: Team) -> None:
    known_to_both(team)
    asked = team.mail("question", at(1, 9), KIM, (DANA,), QUESTION, DANA)
    words = "Hi Kim,\n\nI will send you the revised quote for the belts by Friday.\n\nLee"
    team.mail("promise", at(1, 10), LEE_WRITES, (KIM, DANA), words, LEE, DANA, in_reply_to=(asked.message_id,))
    assert (team.open(DANA, at(1, 12)), team.open(LEE, at(1, 12))) == ([], ["promise"])
    quote, words = (
        Attachment("quote.pdf", "application/pdf", 90_000),
        "Hi Kim,\n\nHere is the revised quote for the belts.\n\nDana",
    )
    team.mail("quote", at(2, 10), DANA_WRITES, (KIM,), words, DANA, in_reply_to=(asked.message_id,), attachments=(quote,))
    assert team.open(LEE, at(2, 12)) == []


def test_what_is_owed_to_the_client_as_a_whole_is_the_owners(team: Team) -> None:
    team.client = replace(REVIEWED, owner=LEE.address)
    known_to_both(team)
    assert (team.open(DANA, at(4, 12)), team.open(LEE, at(4, 12))) == ([], ["touch_base"])


def test_without_a_named_owner_it_is_who_wrote_to_them_first(team: Team) -> None:
    team.client = REVIEWED
    known_to_both(team)
    assert sorted([*team.open(DANA, at(4, 12)), *team.open(LEE, at(4, 12))]) == ["touch_base"]


def test_every_mail_of_the_client_is_in_one_accounts_balance(team: Team) -> None:
    known_to_both(team)
    team.mail("question", at(1, 9), KIM, (DANA, LEE), QUESTION, DANA, LEE)
    placed = [p.message_id for a in (DANA, LEE) for each in team.ledger(a).assessments(at(1, 12)) for p in each.balance]
    assert sorted(placed) == ["<question@x.example>", "<thanks-0@x.example>", "<thanks-1@x.example>"]


def test_whoever_covers_answers_during_an_absence_and_not_after_it(team: Team) -> None:
    known_to_both(team)
    team.away(DANA, at(1, 0), at(3, 0))
    team.mail("question", at(1, 9), KIM, (DANA,), QUESTION, DANA)
    assert (team.open(DANA, at(1, 12)), team.open(LEE, at(1, 12))) == ([], ["reply"])
    assert (team.open(DANA, at(3, 12)), team.open(LEE, at(3, 12))) == (["reply"], [])


def test_what_a_stand_in_settled_is_settled_on_return(team: Team) -> None:
    known_to_both(team)
    team.away(DANA, at(1, 0), at(3, 0))
    team.mail("question", at(1, 9), KIM, (DANA,), QUESTION, DANA)
    (handed_over,) = (o for o in team.owed(LEE, at(1, 12)) if o.kind.value == "reply")
    team.store.add_decision(LEE.address, Decision(handed_over.key, Verb.DONE, at(1, 13), LEE.address))
    assert team.open(DANA, at(3, 12)) == []


def test_an_account_takes_notice_of_a_colleagues_mail_in_its_next_turn(team: Team) -> None:
    known_to_both(team)
    asked = team.mail("question", at(1, 9), KIM, (DANA,), QUESTION, DANA)
    ledger = team.ledger(DANA)
    before, state_before = ledger.assessments(at(1, 10)), team.store.account_state(DANA.address)
    team.mail("answer", at(1, 11), LEE_WRITES, (KIM,), ANSWER, LEE, in_reply_to=(asked.message_id,))
    assert team.store.account_state(DANA.address) != state_before
    assert [
        o.closed is not None
        for a in (before, ledger.assessments(at(1, 12)))
        for x in a
        for o in x.obligations
        if o.kind.value == "reply"
    ] == [False, True]


def test_a_client_of_one_account_is_shared_with_nobody(team: Team) -> None:
    team.mail("question", at(1, 9), KIM, (DANA,), QUESTION, DANA)
    assert team.store.sharers(DANA.address) == {}


def test_mail_of_an_account_that_left_the_configuration_is_nobodys(team: Team) -> None:
    known_to_both(team)
    team.accounts = (DANA,)
    assert team.ledger(DANA).facts.shared("Acme Ltd", at(1, 9)) is None


def test_what_another_process_lists_as_open_knows_what_a_colleague_answered_since(team: Team) -> None:
    known_to_both(team)
    asked = team.mail("question", at(1, 9), KIM, (DANA,), QUESTION, DANA)
    ledger = team.ledger(DANA)
    ledger.assessments(at(1, 10))
    ledger.save_open_cache(at(1, 10))
    team.mail("answer", at(1, 11), LEE_WRITES, (KIM,), ANSWER, LEE, in_reply_to=(asked.message_id,))
    assert team.ledger(DANA).open_obligations(at(1, 12)) == ()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(("ask", "answer", "promise")), st.sampled_from(WRITERS), st.integers(0, 3)), max_size=12)
)
def test_whatever_is_owed_is_owed_by_exactly_one(told: list[tuple[str, str, int]]) -> None:
    with TemporaryDirectory() as folder:
        team = Team(Store.open(Path(folder)))
        known_to_both(team)
        thread: str | None = None
        for number, (what, who, to) in enumerate(told):
            us, people = {"dana": (DANA,), "lee": (LEE,)}.get(who, (DANA, LEE)), ((DANA,), (LEE,), (DANA, LEE), (GROUP,))[to]
            refers = {"in_reply_to": (thread,)} if thread and number % 3 else {}
            when = at(1, 9) + timedelta(minutes=30 * number)
            if what == "ask":
                holders = [a for a in (DANA, LEE) if a in people or (GROUP in people and a in us)]
                thread = team.mail(
                    f"m{number}", when, KIM, people, f"Hello,\n\n{ASKS[number % 3]}", *holders, **refers
                ).message_id
            else:
                words = "The price is 4,200 EUR." if what == "answer" else "I will send the drawings by Friday."
                team.mail(f"m{number}", when, Address(us[0].address, us[0].name), (KIM,), f"Hi Kim,\n\n{words}", us[0], **refers)
        owed = {a.address: {o.key for o in team.owed(a, at(2, 12)) if o.kind.value != "waiting_for"} for a in (DANA, LEE)}
        assert not owed[DANA.address] & owed[LEE.address]
        asked = {f"<m{number}@x.example>" for number, (what, _, _) in enumerate(told) if what == "ask"}
        placed = [
            p.message_id
            for a in (DANA, LEE)
            for each in team.ledger(a).assessments(at(2, 12))
            for p in each.balance
            if p.message_id in asked
        ]
        assert sorted(placed) == sorted(asked)
        team.store.close()
