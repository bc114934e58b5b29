"""One Message-ID: copies of a mail are one row, and different mails are one each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_facts import ACME, BIRCH, DANA, message, put, read
from week import at

from connectors.mail import Address, Message, Role
from daemon.store import ReadMessage, Store
from daemon.store.message_identity import identity, identity_by_words, is_copy

pytest_plugins = ("store_places",)

THANKS = message("same", at(0, 10), subject="Delivery 1", text="The pallets arrived, thank you.")
INVOICE = message("same", at(1, 9), subject="Delivery 2", text="Could you send me the invoice for the second delivery?")


def shown(store: Store, client: str | None = ACME) -> list[tuple[str, str]]:
    return [(m.message.shown_id, m.message.subject) for m in store.messages(DANA, client)]


BOTH = [("<same@acme.example>", "Delivery 1"), ("<same@acme.example>", "Delivery 2")]


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("order", [(THANKS, INVOICE), (INVOICE, THANKS)])
def test_two_mails_of_one_message_id_are_both_kept(store: Store, together: bool, order: tuple[Message, ...]) -> None:
    for batch in [order] if together else [(mail,) for mail in order]:
        put(store, *map(read, batch))
    assert shown(store) == BOTH
    assert len({m.message.message_id for m in store.messages(DANA, ACME)}) == 2


def test_read_again_they_are_the_same_two(store: Store) -> None:
    put(store, read(THANKS), read(INVOICE))
    before = list(store.messages(DANA, ACME))
    store.forget_cursors()
    assert put(store, read(INVOICE), read(THANKS)) == ()
    assert list(store.messages(DANA, ACME)) == before


def test_a_third_and_a_copy_of_the_second(store: Store) -> None:
    third = message("same", at(2), subject="Delivery 3", text="The third one is late.")
    put(store, read(THANKS), read(INVOICE), read(replace(INVOICE, folder="Archive", role=Role.ARCHIVE)), read(third))
    assert shown(store) == [*BOTH, ("<same@acme.example>", "Delivery 3")]


def test_one_message_id_with_two_clients_is_a_mail_of_each(store: Store) -> None:
    other = replace(INVOICE, sender=Address("tom@birch.example"))
    put(store, read(THANKS), read(other, BIRCH))
    assert (shown(store), shown(store, BIRCH)) == (BOTH[:1], BOTH[1:])


def test_mail_that_concerns_no_client_takes_no_clients_place(store: Store) -> None:
    news = replace(THANKS, sender=Address("shop@shop.example"), text="")
    put(store, ReadMessage(news, None, None), read(INVOICE))
    assert shown(store) == BOTH[1:]


def test_what_was_sent_of_a_draft_takes_its_place(store: Store) -> None:
    draft = message(
        "d", at(0), DANA, subject="Re: Quote", text="Hi Kim, I", role=Role.OTHER, folder="Project drafts", transmitted=False
    )
    sent = replace(
        draft, date=at(0, 12), received=at(0, 12), text="Hi Kim, here is it.", role=Role.SENT, folder="Sent", transmitted=True
    )
    for order in ((draft, sent), (sent, draft)):
        put(store, *map(read, order))
        (back,) = store.messages(DANA, ACME)
        assert (back.message.text, back.message.role, back.message.transmitted) == (sent.text, Role.SENT, True)
        store.purge(ACME)


def test_a_draft_among_sent_mail_stays_in_doubt_when_it_is_read_again(store: Store) -> None:
    filed = message("f", at(0), DANA, subject="Re: Quote", role=Role.SENT, folder="Sent", transmitted=False)
    put(store, read(filed))
    store.forget_cursors()
    put(store, read(filed))
    (back,) = store.messages(DANA, ACME)
    assert not back.message.transmitted


def test_a_copy_that_left_shows_that_the_mail_did(store: Store) -> None:
    filed = message("f", at(0), DANA, subject="Re: Quote", role=Role.OTHER, folder="Projects", transmitted=False)
    put(store, read(filed))
    put(store, read(replace(filed, role=Role.INBOX, folder="INBOX", transmitted=True)))
    (back,) = store.messages(DANA, ACME)
    assert back.message.transmitted


def test_a_mail_comes_back_with_what_is_said_of_its_way_and_its_header(store: Store) -> None:
    long = message("short", subject="Quote", transmitted=False, header_id=f"<{'x' * 1200}@acme.example>")
    put(store, read(long), ReadMessage(replace(long, message_id="<n@acme.example>", text=""), None, None))
    assert {(m.message.transmitted, m.message.header_id) for m in store.messages(DANA)} == {(False, long.header_id)}


# --- two of one sender, subject and minute ---

FORM = message("form", at(1, 9), subject="Contact form", text="Please call me about the pallets of Monday.")
APART = {"a minute": timedelta(minutes=1), "nothing": timedelta()}


def other_of(apart: str, text: str = "Which day does the truck come to Leeds?") -> Message:
    return replace(FORM, date=FORM.date + APART[apart], received=FORM.received + APART[apart], text=text)


def texts(store: Store) -> list[str]:
    return sorted(m.message.text for m in store.messages(DANA, ACME))


@pytest.mark.parametrize("apart", APART)
@pytest.mark.parametrize("together", [True, False])
def test_two_mails_of_one_form_are_told_apart_by_their_words(store: Store, apart: str, together: bool) -> None:
    pair = (FORM, other_of(apart))
    for batch in [pair] if together else [(mail,) for mail in pair]:
        put(store, *map(read, batch))
    assert texts(store) == sorted(mail.text for mail in pair)


def test_three_mails_of_one_second_are_three_and_stay_it(store: Store) -> None:
    three = [FORM, other_of("nothing"), other_of("nothing", "Do you also deliver to Hull on Saturdays?")]
    put(store, *map(read, three))
    before = list(store.messages(DANA, ACME))
    store.forget_cursors()
    for mail in reversed(three):
        put(store, read(mail))
    assert list(store.messages(DANA, ACME)) == before
    assert texts(store) == sorted(mail.text for mail in three)


@pytest.mark.parametrize("apart", APART)
def test_the_copies_of_two_mails_of_one_form_are_no_more_mails(store: Store, apart: str) -> None:
    pair = (FORM, other_of(apart))
    put(store, *map(read, pair))
    for mail in pair:
        put(store, read(replace(mail, text=f"{mail.text}\r\n\r\n--\r\nSent by the form", folder="Archive", role=Role.ARCHIVE)))
    assert texts(store) == sorted(mail.text for mail in pair)


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "the other way round"])
@pytest.mark.parametrize("together", [True, False])
def test_by_a_better_reader_two_mails_of_one_form_are_the_same_two(store: Store, order: int, together: bool) -> None:
    put(store, read(FORM), read(other_of("a minute")))
    before = [m.message.message_id for m in store.messages(DANA, ACME)]
    better = [replace(FORM, text="Call me, the pallets!"), other_of("a minute", "The truck: which day?")]
    store.forget_cursors()
    for batch in [better[::order]] if together else [(mail,) for mail in better[::order]]:
        put(store, *map(read, batch))
    assert [m.message.message_id for m in store.messages(DANA, ACME)] == before
    assert [m.message.text for m in store.messages(DANA, ACME)] == [mail.text for mail in better]


def test_read_again_in_the_same_round_by_a_reader_that_changed_it_is_the_same_mail(store: Store) -> None:
    put(store, read(FORM))
    for better in ("Please call me about pallets of Monday.", "Please call me about the pallets."):
        put(store, read(replace(FORM, text=better)))
    assert texts(store) == [FORM.text]


def test_by_a_better_reader_one_mail_stays_one(store: Store) -> None:
    put(store, read(FORM))
    store.forget_cursors()
    put(store, read(replace(FORM, text="Something else was read out of it.")))
    put(store, read(replace(FORM, text="Something else was read out of it.", folder="Archive", role=Role.ARCHIVE)))
    assert texts(store) == ["Something else was read out of it."]


# --- what is a copy ---

COPIES: dict[str, dict[str, Any]] = {
    "word for word": {},
    "a list's footer": {"text": f"{INVOICE.text}\n--\nYou get this by the list of Acme", "subject": "[acme] Delivery 2"},
    "lines broken anew": {"text": "Could you send me\nthe invoice for the\n\nsecond  delivery?\n"},
    "a group rewrote the sender": {"sender": Address("orders@group.example", "Kim via Orders")},
    "stamped by the server a second later": {"date": INVOICE.date + timedelta(seconds=1)},
    "in another zone": {"date": INVOICE.date.astimezone()},
    "without its date": {"date": INVOICE.date + timedelta(hours=3)},
    "read by a better reader": {"text": "Could you send me the invoice?"},
    "its words no longer stored": {"text": ""},
    "a gateway's line above": {"text": f"[EXTERNAL] Do not open links of people you do not know.\n\n{INVOICE.text}"},
    "links that a gateway rewrote": {"text": f"{INVOICE.text} https://gateway.example/?url=https%3A%2F%2Facme.example"},
}
OTHERS: dict[str, dict[str, Any]] = {
    "other words the next day": {"date": at(2), "text": "Where is it?"},
    "other words and subject an hour later": {"date": at(1, 10), "text": "Where is it?", "subject": "Delivery 3"},
    "the same form with another order": {"date": at(1, 11), "text": INVOICE.text.replace("second", "third")},
    "the same words about another matter": {"date": at(1, 11), "subject": "Delivery 3"},
    "nothing known of its words, another day": {"date": at(2), "text": ""},
    "other words within a minute": {"date": at(1, 9, 1), "text": "Where is it?"},
    "other words in the same second": {"text": "Where is it?"},
    "the same form with another order within a minute": {"date": at(1, 9, 1), "text": INVOICE.text.replace("second", "third")},
    "another sender within a minute": {"date": at(1, 9, 1), "sender": Address("tom@birch.example"), "text": "Where is it?"},
}


@pytest.mark.parametrize("changed", COPIES.values(), ids=COPIES)
def test_a_copy_is_the_same_mail(changed: dict[str, Any]) -> None:
    assert is_copy(replace(INVOICE, **changed), INVOICE)
    assert is_copy(INVOICE, replace(INVOICE, **changed))


@pytest.mark.parametrize("changed", OTHERS.values(), ids=OTHERS)
def test_another_mail_is_no_copy(changed: dict[str, Any]) -> None:
    other = replace(INVOICE, **changed)
    assert not is_copy(other, INVOICE)
    assert not is_copy(INVOICE, other)
    assert identity_by_words(other) != identity_by_words(INVOICE)


def _hostile() -> Iterator[str]:
    yield from ("", "\0", "\ud800", "x" * 100_000, "a\u0301" * 1000)


@given(st.text(max_size=50), st.text(max_size=50))
def test_no_words_break_the_comparison(one: str, other: str) -> None:
    for text in (one, *_hostile()):
        first, second = message("a", text=text, subject=other), message("a", at(1), text=other, subject=text)
        assert is_copy(first, first)
        assert is_copy(first, second) == is_copy(second, first)
        assert identity(first).endswith("@reused-message-id.invalid>")
