"""Advice in the store: asked once for each model and question, within the day's budget, and gone with the mail it is about."""

from __future__ import annotations

import json
from datetime import date

from store_facts import ACME, BIRCH, DANA, MAIL, message, put, read
from week import at

from daemon.glossary.advice import Opinion, SuggestedAnswer
from daemon.store import Store

pytest_plugins = ("store_places",)

MODEL, OTHER = "m, question 1", "m, question 2"
YES = Opinion("promise:1", "<a@acme.example>", ACME, True, "I will send")
UNUSABLE = Opinion("promise:2", "<a@acme.example>", ACME, None)
ANSWER = SuggestedAnswer("reply:1", "<a@acme.example>", ACME, "Shipping is 40 euros.", ("Shipping",))


def test_an_opinion_is_known_by_model_and_question(store: Store) -> None:
    store.add_opinions(DANA, MODEL, (YES, UNUSABLE), at(0))
    assert store.opinions(DANA, MODEL) == {"promise:1": True, "promise:2": None}
    assert store.opinion(DANA, MODEL, "promise:1") == YES
    assert (store.opinions(DANA, OTHER), store.opinion(DANA, OTHER, "promise:1")) == ({}, None)
    assert store.opinions("lee@northwind.example", MODEL) == {}


def test_an_opinion_is_not_known_before_it_was_given(store: Store) -> None:
    store.add_opinions(DANA, MODEL, (YES,), at(1))
    assert store.opinions(DANA, MODEL, ACME, at(0)) == {}
    assert store.opinions(DANA, MODEL, ACME, at(1)) == {"promise:1": True}
    assert store.opinions(DANA, MODEL, BIRCH, at(1)) == {}


def test_an_opinion_that_counts_has_its_client_assessed_again(store: Store) -> None:
    before = store.fact_version(DANA)[0]
    store.add_opinions(DANA, MODEL, (UNUSABLE,), at(0))
    assert store.fact_version(DANA)[0] == before
    store.add_opinions(DANA, MODEL, (YES,), at(0))
    assert store.changed_clients(DANA, before) == {ACME}


def test_a_suggested_answer_is_for_one_message(store: Store) -> None:
    store.add_suggestion(DANA, MODEL, ANSWER, at(0))
    assert store.suggestion(DANA, MODEL, "reply:1", "<a@acme.example>") == ANSWER
    assert store.suggestion(DANA, MODEL, "reply:1", "<b@acme.example>") is None
    assert store.suggestion(DANA, OTHER, "reply:1", "<a@acme.example>") is None


def test_words_that_no_database_takes_are_stored_as_others_that_it_takes(store: Store) -> None:
    store.add_opinions(DANA, MODEL, (Opinion("promise:\ud800", "<\0@x>", ACME, True, "a\0b\ud800"),), at(0))
    assert list(store.opinions(DANA, MODEL).values()) == [True]


def test_a_days_budget_is_kept_for_each_account(store: Store) -> None:
    assert [store.count_model_request(DANA, date(2026, 3, 2), 2) for _ in range(3)] == [True, True, False]
    assert store.count_model_request("lee@northwind.example", date(2026, 3, 2), 2)
    assert store.model_requests(DANA, date(2026, 3, 2)) == 2
    assert store.count_model_request(DANA, date(2026, 3, 3), 2)
    assert store.model_requests(DANA, date(2026, 3, 2)) == 0


def test_a_purge_takes_the_advice_about_that_client_alone(store: Store) -> None:
    put(store, read(message("a")), read(message("b"), BIRCH))
    store.add_opinions(DANA, MODEL, (YES, Opinion("promise:3", "<b@acme.example>", BIRCH, True, "we will")), at(0))
    store.add_suggestion(DANA, MODEL, ANSWER, at(0))
    assert [row["purpose"] for row in store.export(ACME, lambda _: False)["advice"]] == ["reading", "drafts"]
    assert "I will send" in json.dumps(store.export(ACME, lambda _: False))
    store.purge(ACME, lambda _: False)
    assert store.opinions(DANA, MODEL) == {"promise:3": True}
    assert store.suggestion(DANA, MODEL, "reply:1", "<a@acme.example>") is None


def test_advice_goes_when_the_words_of_its_mail_do(store: Store) -> None:
    put(store, read(message("a", at(0))), read(message("b", at(5))))
    store.add_opinions(DANA, MODEL, (YES, Opinion("promise:3", "<b@acme.example>", ACME, True, "we will")), at(6))
    store.expire(DANA, at(3), at(6))
    assert store.opinions(DANA, MODEL) == {"promise:3": True}


def test_advice_goes_when_its_mail_is_forgotten(store: Store) -> None:
    put(store, read(message("a")))
    store.add_opinions(DANA, MODEL, (YES, Opinion("promise:3", "<b@acme.example>", ACME, True, "we will")), at(0))
    store.add_suggestion(DANA, MODEL, ANSWER, at(0))
    store.forget_mail(DANA, MAIL, unknown=False)
    assert store.opinions(DANA, MODEL) == {"promise:3": True}
    assert store.suggestion(DANA, MODEL, "reply:1", "<a@acme.example>") is None
