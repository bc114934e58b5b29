"""The search over what the user wrote to clients, on SQLite and on PostgreSQL alike: what is found, and what of it is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from store_facts import ACME, BIRCH, DANA, MAIL, PRICES, QUESTION, TIMES, filler, found, message, names, put, read, sent
from week import at

from connectors.mail import Role
from daemon.reading import Reading
from daemon.store import ReadMessage, Store
from daemon.store.search import EarlierAnswer, body, passage, speaks_of_it, telling, terms, weigh

pytest_plugins = ("store_places",)


# --- what is found ---


def test_an_earlier_answer_comes_back_with_where_it_stands(store: Store) -> None:
    put(
        store,
        sent("prices", PRICES),
        sent("times", f"Hi Kim,\n\n{TIMES}\n\nKind regards\nDana", subject="Re: Delivery", client=BIRCH),
    )
    (answer,) = store.earlier_answers(DANA, QUESTION, before=at(1))
    assert answer == EarlierAnswer("<times@acme.example>", BIRCH, at(0), "Re: Delivery", TIMES, answer.score)
    assert 0 < answer.score <= 1


def test_the_best_answers_come_first_and_no_more_than_asked_for(store: Store) -> None:
    put(
        store,
        sent("some", "Rotterdam is closed on Monday, so the delivery waits."),
        sent("all", "Express delivery to Rotterdam takes two days with a surcharge."),
        sent("other", PRICES),
    )
    asked = "What is the surcharge for an express delivery to Rotterdam?"
    assert found(store, asked) == ["all", "some"]
    assert found(store, asked, most=1) == ["all"]
    assert found(store, asked, most=0) == []


def test_words_meet_whatever_their_endings(store: Store) -> None:
    put(
        store,
        sent("a", "Our prices for galvanised brackets: see page 4."),
        sent("b", "Die Lieferzeiten der Rechnungen und Preise."),
    )
    assert found(store, "What is the price of one galvanised bracket?") == ["a"]
    assert found(store, "Wie ist die Lieferzeit, und wann kommt die Rechnung?") == ["b"]


@pytest.mark.parametrize(
    "written", ["the AB1234-9 pump", "pump (AB1234/9)", "pump: ab1234.", "pump=AB1234,9", "acme.example/AB1234@pump"]
)
def test_a_part_number_is_found_however_it_is_written(store: Store, written: str) -> None:
    put(store, sent("a", f"We stock {written} again."))
    assert found(store, "Do you have pump AB1234?") == ["a"]


def test_only_what_the_user_sent_to_clients_is_found(store: Store) -> None:
    put(
        store,
        read(message("theirs", text=TIMES)),
        sent("nobodys", TIMES, client=None),
        read(message("draft", sender=DANA, role=Role.ARCHIVE, text=TIMES)),
        read(message("sly", text=TIMES, subject='"role":"sent"', headers={"role": "sent"})),
        ReadMessage(sent("away", TIMES).message, Reading(new_text=TIMES, automated="auto_reply"), ACME),
    )
    store.add_mail("lee@northwind.example", MAIL, [sent("colleagues", TIMES)], "1", (), at(0))
    assert found(store, QUESTION) == []
    assert names(store.earlier_answers("lee@northwind.example", QUESTION, before=at(1))) == ["colleagues"]


def test_nothing_later_than_the_moment_asked_about_is_found_or_counts(store: Store) -> None:
    put(store, sent("early", TIMES, at(0)))
    then = store.earlier_answers(DANA, QUESTION, before=at(1))
    put(store, sent("late", TIMES.replace("nine", "ten"), at(2)), *(replace_date(f, at(3)) for f in filler()))
    assert store.earlier_answers(DANA, QUESTION, before=at(1)) == then
    assert found(store, QUESTION, before=at(0)) == ["early"]
    assert found(store, QUESTION, before=at(-1)) == []
    assert found(store, QUESTION, before=at(2)) == ["late", "early"]


def replace_date(one: ReadMessage, when: datetime) -> ReadMessage:
    return replace(one, message=replace(one.message, date=when, received=when))


def test_nothing_is_better_than_nonsense(store: Store) -> None:
    put(store, *filler(), sent("times", TIMES))
    assert found(store, "Can you recommend a restaurant near the station?") == []
    assert found(store, "Which delivery firm paints houses, walls and garden fences?") == [], "one common word in common"
    assert found(store, "Thanks a lot, that is great!") == []
    assert found(store, "") == []


def test_one_word_that_is_hardly_ever_written_is_enough_and_a_common_one_is_not(store: Store) -> None:
    put(store, *filler(), sent("rare", "Galvanised parts need a week more."))
    assert found(store, "Do you sell galvanised ones?") == ["rare"]
    assert found(store, "And the invoice?") == []


def test_who_is_named_in_every_mail_makes_none_of_them_an_answer(store: Store) -> None:
    put(store, sent("a", "Hi Kim,\n\nKim Lee of Acme gets a visit.\n\nBest\nDana North"))
    assert found(store, "Dear Dana, it is Kim Lee of Acme Ltd. How are you?\n\nBest wishes\nKim Lee") == []


def test_the_same_words_to_many_are_one_answer_the_latest(store: Store) -> None:
    put(store, *(sent(f"n{n}", TIMES, at(n), client) for n, client in enumerate([ACME, BIRCH, ACME])))
    assert found(store, QUESTION) == ["n2"]


def test_a_status_ranks_below_an_answer(store: Store) -> None:
    status = sent("status", "I look into the delivery to Rotterdam.", at(5))
    put(store, replace(status, reading=Reading(new_text=status.message.text, tag=True)), sent("answer", TIMES, at(0)))
    assert found(store, QUESTION) == ["answer", "status"]


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
    put(store, sent("a", PRICES), sent("b", TIMES))
    assert found(store, words) == []
    assert found(store, f"{words} {QUESTION} {words}") in (["b"], [])
    assert found(store, f"delivery {words} Rotterdam") == ["b"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=60))
@example("\N{ADLAM CAPITAL LETTER ALIF}" * 4)
@example("\ud800 \0 ab\0cd")
def test_any_text_can_be_stored_and_asked(store: Store, words: str) -> None:
    store.forget_cursors()
    put(store, sent("a", f"{words} delivery {words}", subject=words))
    assert names(store.earlier_answers(DANA, words, before=at(1))) in (["a"], [])


# --- passages ---


def test_a_passage_is_the_stretch_that_says_most_on_one_line(store: Store) -> None:
    long = "Our brackets are painted. " * 40 + f"\n{TIMES}\n" + "The weather is fine here. " * 40
    put(store, sent("a", long))
    (answer,) = store.earlier_answers(DANA, QUESTION, before=at(1))
    assert answer.words.startswith("…" + TIMES)
    assert answer.words.endswith("…")
    assert len(answer.words) <= 200


WORDS = st.lists(st.sampled_from(["price", "list", "bracket.", "x" * 90, "y" * 300, "and", "so\n", "end."]), max_size=60).map(
    " ".join
)


@given(words=WORDS)
def test_no_passage_is_longer_than_it_may_be_and_its_words_stand_in_it(words: str) -> None:
    weights = weigh(dict.fromkeys(terms("price list bracket"), 1), 10)
    shown, shared = passage(words, weights)
    assert len(shown) <= 200
    assert shared <= terms(shown)


@given(often=st.dictionaries(st.text("abc", min_size=1), st.integers(1, 500), min_size=1, max_size=12))
def test_what_is_left_out_of_the_query_could_not_have_made_an_answer(often: dict[str, int]) -> None:
    weights = weigh(often, 500)
    needed = telling(weights, sum(weights.values()))
    left_out = frozenset(weights) - frozenset(needed)
    assert not speaks_of_it(left_out, weights, 500)
    assert all(often[word] <= often[other] for word in needed for other in left_out)


def test_a_mail_without_its_courtesies() -> None:
    assert body("Dear Kim,\n\nthe price is 5.\n\nKind regards\nDana\nNorthwind").strip() == "the price is 5."
    assert body("Best price is 5").strip() == "Best price is 5"
    assert body("Thanks\n\nThe price is 5").strip() == "Thanks\n\nThe price is 5"
