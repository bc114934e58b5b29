"""The search for what the user answered when the same was asked before, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from store_facts import (
    ACME,
    BIRCH,
    DANA,
    MAIL,
    PALLET_QUESTION,
    PALLETS,
    QUESTION,
    TIMES,
    answered,
    filler,
    found,
    message,
    names,
    put,
    read,
    sent,
)
from week import at

from connectors.mail import Role
from daemon.reading import Reading
from daemon.store import ReadMessage, Store
from daemon.store.search import EarlierAnswer

pytest_plugins = ("store_places",)


# --- what is found ---


def test_an_earlier_answer_comes_back_with_where_it_stands(store: Store) -> None:
    put(
        store,
        *answered("pallets", PALLETS, asked=PALLET_QUESTION),
        *answered("times", f"Hi Kim,\n\n{TIMES}\n\nKind regards\nDana", subject="Re: Delivery", client=BIRCH),
    )
    (answer,) = store.earlier_answers(DANA, QUESTION, before=at(1))
    assert answer == EarlierAnswer(
        "<times@acme.example>", BIRCH, at(0), "Re: Delivery", TIMES, answer.score, "what is your delivery time to Rotterdam?"
    )
    assert 0 < answer.score <= 1


def test_an_answer_is_found_by_the_question_it_was_given_to(store: Store) -> None:
    """Its own words say nothing of sealers or tape."""
    put(
        store,
        *filler(),
        *answered("same", "Yes, it has been the same since 2019.", asked="Is the tape head of both sealers alike?"),
    )
    assert found(store, "Do the two sealers have the same tape head?") == ["same"]


def test_an_answer_under_the_subject_of_the_question_counts_without_its_message_id(store: Store) -> None:
    put(store, *answered("times", TIMES, in_reply_to=(), subject="Re: A question"))
    assert found(store, QUESTION) == ["times"]


def test_the_best_answers_come_first_and_no_more_than_asked_for(store: Store) -> None:
    asked = "Is there a surcharge for express delivery to Rotterdam?"
    put(
        store,
        *answered("some", "Express vans are the carrier's own.", asked="Is express delivery to Rotterdam by van?"),
        *answered("all", "Express needs two people, hence the surcharge.", asked=asked),
        *answered("other", PALLETS, asked=PALLET_QUESTION),
    )
    assert found(store, asked) == ["all", "some"]
    assert found(store, asked, most=1) == ["all"]
    assert found(store, asked, most=0) == []


def test_words_meet_whatever_their_endings(store: Store) -> None:
    put(
        store,
        *answered("a", "They are dipped in zinc.", asked="Are galvanised brackets painted?"),
        *answered("b", "Nur bis zwei Grad.", asked="Sind die Dichtungen für Laugen geeignet?"),
    )
    assert found(store, "Is a galvanised bracket painted as well?") == ["a"]
    assert found(store, "Ist die Dichtung für Lauge geeignet?") == ["b"]


@pytest.mark.parametrize(
    "written", ["the AB1234-9 pump", "pump (AB1234/9)", "pump: ab1234.", "pump=AB1234,9", "acme.example/AB1234@pump"]
)
def test_a_part_number_is_found_however_it_is_written(store: Store, written: str) -> None:
    put(store, *answered("a", f"We stock {written} in steel.", asked="Is that one in stock?"))
    assert found(store, "Do you stock pump AB1234?") == ["a"]


def test_only_what_the_user_answered_a_client_is_found(store: Store) -> None:
    question, answer = answered("nobodys", TIMES, client=None)
    away_question, away = answered("away", TIMES)
    put(
        store,
        *(question, answer),
        read(message("theirs", text=TIMES)),
        *answered("draft", TIMES, role=Role.ARCHIVE),
        *answered("sly", TIMES, role=Role.INBOX, headers={"role": "sent"}),
        *(away_question, ReadMessage(away.message, Reading(new_text=TIMES, substance=True, automated="auto_reply"), ACME)),
    )
    store.add_mail("lee@northwind.example", MAIL, answered("colleagues", TIMES), "1", (), at(0))
    assert found(store, QUESTION) == []
    assert names(store.earlier_answers("lee@northwind.example", QUESTION, before=at(1))) == ["colleagues"]


def test_what_answered_no_question_is_no_answer(store: Store) -> None:
    notice = answered("after-news", TIMES, asked="Your delivery to Rotterdam came.")
    put(
        store, sent("unasked", TIMES), replace(notice[0], reading=Reading(new_text="Your delivery to Rotterdam came.")), notice[1]
    )
    assert found(store, QUESTION) == []


def test_a_status_is_no_answer(store: Store) -> None:
    question, status = answered("status", "The delivery to Rotterdam is on my list.")
    put(store, question, replace(status, reading=Reading(new_text=status.message.text, tag=True)))
    assert found(store, QUESTION) == []


@pytest.mark.parametrize(
    "words",
    [
        "I will ask the carrier about the delivery to Rotterdam and get back to you.",
        "The delivery to Rotterdam left yesterday.",
        "Sorry about the delivery to Rotterdam!",
        "Which delivery to Rotterdam do you mean?",
        "Delivery times to Rotterdam: see attached.",
    ],
)
def test_what_was_true_of_one_day_or_said_nothing_is_no_answer(store: Store, words: str) -> None:
    put(store, *answered("a", words))
    assert found(store, QUESTION) == []


def test_what_one_client_pays_answers_no_other(store: Store) -> None:
    asked = "What is the price of a pallet of steel brackets?"
    put(store, *answered("birch", "A pallet of steel brackets is £410 for you.", client=BIRCH, asked=asked))
    assert found(store, asked, client=ACME) == []
    assert found(store, asked, client=BIRCH) == ["birch"]


def test_another_clients_terms_are_cut_out_of_what_is_shown(store: Store) -> None:
    put(store, *answered("birch", f"{TIMES} Your discount stays at 12 %.", client=BIRCH))
    (answer,) = store.earlier_answers(DANA, QUESTION, before=at(1), client=ACME)
    assert answer.words == TIMES


def test_the_thread_that_it_was_asked_in_gives_no_earlier_answer(store: Store) -> None:
    put(store, *answered("a", TIMES))
    assert names(store.earlier_answers(DANA, QUESTION, before=at(1), apart_from=("<a-asked@acme.example>",))) == []


def test_another_aspect_of_the_same_thing_is_another_question(store: Store) -> None:
    put(store, *answered("times", TIMES))
    assert found(store, "What would a delivery to Rotterdam cost?") == []
    assert found(store, "Who pays the customs of a delivery to Rotterdam?") == []


def test_nothing_later_than_the_moment_asked_about_is_found_or_counts(store: Store) -> None:
    put(store, *answered("early", TIMES, at(0)))
    then = store.earlier_answers(DANA, QUESTION, before=at(1))
    put(store, *answered("late", TIMES.replace("nine", "ten"), at(2)), *(replace_date(f, at(3)) for f in filler()))
    assert store.earlier_answers(DANA, QUESTION, before=at(1)) == then
    assert found(store, QUESTION, before=at(0)) == ["early"]
    assert found(store, QUESTION, before=at(0) - timedelta(hours=1)) == [], "it was asked, and not answered yet"
    assert found(store, QUESTION, before=at(2)) == ["late", "early"]


def replace_date(one: ReadMessage, when: datetime) -> ReadMessage:
    return replace(one, message=replace(one.message, date=when, received=when))


def test_nothing_is_better_than_nonsense(store: Store) -> None:
    put(store, *filler(), *answered("times", TIMES))
    assert found(store, "Can you recommend a restaurant near the station?") == []
    assert found(store, "Which delivery firm paints houses, walls and garden fences?") == [], "one common word in common"
    assert found(store, "Thanks a lot, that is great!") == []
    assert found(store, "Any news?") == []
    assert found(store, "") == []


def test_who_is_named_in_every_mail_makes_none_of_them_an_answer(store: Store) -> None:
    put(store, *answered("a", "Kim Lee of Acme gets a visit.", asked="Is it Kim Lee of Acme?"))
    assert found(store, "Dear Dana, it is Kim Lee of Acme Ltd. How are you?\n\nBest wishes\nKim Lee") == []


def test_the_same_words_to_many_are_one_answer_the_latest(store: Store) -> None:
    put(store, *(m for n, client in enumerate([ACME, BIRCH, ACME]) for m in answered(f"n{n}", TIMES, at(n), client)))
    assert found(store, QUESTION) == ["n2"]


HOSTILE = [
    '"',
    "'",
    '" OR text:*',
    "NEAR(a b)",
    "a AND NOT b",
    "') OR 1=1 --",
    "text : delivery",
    "^delivery*",
    "a & | ! :* <-> b",
    "%s :x \\",
    "🚚" * 9,
]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_mail_can_steer_the_query(store: Store, words: str) -> None:
    put(store, *answered("a", PALLETS, asked=PALLET_QUESTION), *answered("b", TIMES))
    assert found(store, words) == []
    assert found(store, f"{words} {QUESTION} {words}") in (["b"], [])
    assert found(store, f"{words}\n{QUESTION}\n{words}") == ["b"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=60))
@example("\N{ADLAM CAPITAL LETTER ALIF}" * 4)
@example("\ud800 \0 ab\0cd")
def test_any_text_can_be_stored_and_asked(store: Store, words: str) -> None:
    store.forget_cursors()
    put(store, *answered("a", f"{words} delivery {words}", asked=words, subject=words))
    assert names(store.earlier_answers(DANA, words, before=at(1))) in (["a"], [])


def test_no_other_clients_answers_crowd_out_those_of_the_client_who_asks(store: Store) -> None:
    """What was charged to others is not theirs to know, however often it was asked."""
    asked = "What does express delivery to Rotterdam cost?"
    others = [a for n in range(120) for a in answered(f"b{n}", f"It costs {n} euros.", at(-1), BIRCH, asked=asked)]
    own = answered(
        "own", "Express delivery to Rotterdam costs 90 euros.", at(-9), asked="And what would Rotterdam by express cost us?"
    )
    put(store, *others, *own)
    assert found(store, asked, client=ACME) == ["own"]
