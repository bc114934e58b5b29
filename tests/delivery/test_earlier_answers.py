"""Hints of a reminder: the user's own earlier answers and their library, each with where it stands, and nothing said later."""

from __future__ import annotations

from dataclasses import replace

import invented
import pytest
from store_facts import BIRCH, DANA, PALLET_QUESTION, PALLETS, QUESTION, TIMES, answered, filler, put
from week import at

from daemon.config.library_file import Resource
from daemon.delivery.earlier_answers import suggestion_finder
from daemon.glossary.obligations import Kind, Obligation
from daemon.store import Store

pytest_plugins = ("store_places",)

LIBRARY = (
    Resource("Delivery times", "", "https://northwind.example/times", "resources.yaml, line 3", ("delivery time", "lead time")),
)


def asked(words: str = QUESTION, kind: Kind = Kind.REPLY) -> Obligation:
    o = invented.owed("Acme Ltd", "kim", words, "03-03 11:00", "03-03 13:00", kind)
    return replace(o, account=DANA, asks=(words,))


def test_an_earlier_answer_and_the_librarys_entry_come_with_where_they_stand(store: Store) -> None:
    put(
        store,
        *filler(),
        *answered("pallets", PALLETS, asked=PALLET_QUESTION),
        *answered("times", TIMES, client=BIRCH, subject="Re: Delivery"),
    )
    pointer, earlier = suggestion_finder(store, LIBRARY, at(30))(asked())
    assert (pointer.link, pointer.where, pointer.at) == ("https://northwind.example/times", "resources.yaml, line 3", None)
    assert (earlier.title, earlier.where) == ("Re: Delivery", f"to {BIRCH}")
    assert "nine working days" in earlier.words
    assert earlier.asked == "what is your delivery time to Rotterdam?"


def test_what_was_sent_later_is_no_hint_as_of_an_earlier_moment(store: Store) -> None:
    put(store, *filler(), *answered("times", TIMES, at(10)))
    assert suggestion_finder(store, (), at(5))(asked()) == ()


@pytest.mark.parametrize("kind", [Kind.PROMISE, Kind.REVIEW])
def test_only_what_was_asked_has_hints(store: Store, kind: Kind) -> None:
    put(store, *filler(), *answered("times", TIMES))
    assert suggestion_finder(store, LIBRARY, at(30))(asked(kind=kind)) == ()


def test_the_users_own_words_of_a_promised_call_ask_nothing(store: Store) -> None:
    put(store, *filler(), *answered("times", TIMES))
    assert suggestion_finder(store, LIBRARY, at(30))(replace(asked(kind=Kind.CALLBACK), asks=())) == ()


def test_the_message_that_asks_is_no_earlier_exchange(store: Store) -> None:
    put(store, *filler(), *answered("times", TIMES))
    own = asked()
    first = replace(own, source=replace(own.source, reference="<times-asked@acme.example>"))
    assert suggestion_finder(store, (), at(30))(own) != ()
    assert suggestion_finder(store, (), at(30))(first) == ()
