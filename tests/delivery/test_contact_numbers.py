"""The number to call: the caller's, what the contact signs with, or the client's only one."""

from __future__ import annotations

from dataclasses import replace

import invented
import pytest
from store_facts import ACME, DANA, KIM, message, put, read
from week import at

from daemon.delivery.contact_numbers import number_finder
from daemon.glossary.faults import strict
from daemon.glossary.obligations import Kind, Obligation
from daemon.glossary.parties import Account, Client
from daemon.store import Store

pytest_plugins = ("store_places",)

SIGNED = "Can you call me?\n\nKim Lane\nAcme Ltd\nT: 020 7946 0018 | Fax: 020 7946 0019"


def a_call(kind: Kind = Kind.CALLBACK, contact: str = KIM) -> Obligation:
    o = invented.owed(ACME, "kim", "Can you call me?", "03-03 11:00", "03-03 13:00", kind)
    return replace(o, account=DANA, contact=contact, asks=("Can you call me?",))


def number(store: Store, o: Obligation, phones: frozenset[str] = frozenset()) -> str:
    account = Account(DANA, "Dana", frozenset({DANA}), invented.HOURS, region="GB")
    return number_finder(store, account, [Client(ACME, phones=phones)], strict(), at(30))(o)


def test_it_is_the_one_that_the_contact_signs_with(store: Store) -> None:
    put(store, read(message("signed", text=SIGNED)))
    assert number(store, a_call()) == "+44 20 7946 0018"


def test_the_latest_mail_counts(store: Store) -> None:
    put(store, read(message("old", at(0), text=SIGNED)), read(message("new", at(1), text="Hello\n\nKim\nMobile 07400 123456")))
    assert number(store, a_call()) == "+44 7400 123456"


def test_it_is_nobody_elses(store: Store) -> None:
    put(store, read(message("raj", sender="raj@acme.example", text=SIGNED)))
    assert number(store, a_call()) == ""


def test_a_caller_without_a_name_is_called_back_at_their_number(store: Store) -> None:
    assert number(store, a_call(contact="+442079460018")) == "+44 20 7946 0018"


def test_without_a_signature_it_is_the_clients_only_number(store: Store) -> None:
    assert number(store, a_call(), frozenset({"+442079460018"})) == "+44 20 7946 0018"
    assert number(store, a_call(), frozenset({"+442079460018", "+442079460455"})) == ""


def test_who_waits_for_an_answer_can_be_called_at_their_own_number_alone(store: Store) -> None:
    assert number(store, a_call(Kind.REPLY), frozenset({"+442079460455"})) == ""
    put(store, read(message("signed", text=SIGNED)))
    assert number(store, a_call(Kind.REPLY)) == "+44 20 7946 0018"


@pytest.mark.parametrize("kind", [Kind.PROMISE, Kind.REVIEW])
def test_where_neither_a_call_nor_an_answer_is_owed_there_is_none(store: Store, kind: Kind) -> None:
    put(store, read(message("signed", text=SIGNED)))
    assert number(store, a_call(kind)) == ""
