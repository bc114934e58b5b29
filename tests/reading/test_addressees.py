"""Whom a mail speaks to: the user, somebody else by name, everybody, or nobody in particular."""

from __future__ import annotations

from typing import Any

import pytest
from reading_helpers import received

DANA, JANE = "dana@northwind.example", "jane.doe@northwind.example"
QUESTION = "could you send me the drawings?"


def read(text: str, *to: str, **changes: Any) -> Any:
    """What is read out of a mail to these recipients."""
    known = {"addressee_names": ("Dana Reyes",), "own_domains": ("northwind.example",), "sender_name": "Kim Lee"}
    return received(text, to=to, **(known | changes))


@pytest.mark.parametrize(
    "start",
    [
        "Jane,",
        "Jane\n",
        "Hi Jane,\n",
        "Hi Jane –",
        "Jane:",
        "@Jane:",
        "jane, please?",
        "Jane and Lee,\n",
        "Dear Ms Doe,\n",
        "Liebe Jane,\n",
        "Sehr geehrte Frau Doe,\n",
        "Bonjour Jane,\n",
        "Hola Jane,\n",
        "Hello both,\n\nJane,",
        "Hi Jane, please ask Dana:",
        "Jane,\nDana is away,",
    ],
)
def test_what_is_asked_of_another_recipient_by_name_is_not_asked_of_the_user(start: str) -> None:
    assert not read(f"{start} {QUESTION}", JANE, DANA).reply_expected


@pytest.mark.parametrize(
    "start",
    [
        "Jane, Dana,\n",
        "Dana and Jane,\n",
        "Hi Dan,\n",
        "Hello,\n",
        "Hello both,\n",
        "Quick question:",
        "Please,",
        "Thanks,\n",
        "Tomorrow:",
        "Good morning, Dana!",
        "Hi Dana could you help?",
        "Jane knows the plan. Dana,",
    ],
)
def test_a_mail_to_several_that_names_the_user_or_nobody_asks_the_user(start: str) -> None:
    assert read(f"{start} {QUESTION}", JANE, DANA).reply_expected


def test_of_two_questions_to_two_people_by_name_the_users_counts() -> None:
    reading = read("Jane, can you send the drawings? Dana, could you confirm the price?", JANE, DANA)
    assert reading.reply_expected


def test_a_name_of_nobody_else_in_a_mail_to_the_user_alone_leaves_the_user_asked() -> None:
    assert read(f"Hi Jane,\n{QUESTION}", DANA).reply_expected


def test_a_recipients_display_name_counts_where_the_address_spells_none() -> None:
    text = f"Jane\n\n{QUESTION}"
    assert not read(text, "x7@northwind.example", DANA, recipient_names=("Jane Doe",)).reply_expected
    assert read(text, "x7@northwind.example", DANA).reply_expected


@pytest.mark.parametrize("to", [(), ("kim@acme.example",), ("club@lists.example",), ("a@x.example", "b@y.example")])
def test_a_mail_without_the_user_among_its_recipients_asks_nothing(to: tuple[str, ...]) -> None:
    assert not read(f"Hello,\n{QUESTION}\n\nKim Lee", *to).reply_expected


@pytest.mark.parametrize("to", [(), ("kim@acme.example",), ("club@lists.example",)])
def test_a_blind_copy_that_names_the_user_asks_them(to: tuple[str, ...]) -> None:
    assert read(f"Hi Dana,\n{QUESTION}", *to).reply_expected


@pytest.mark.parametrize("to", ["sales@northwind.example", "sales-team@northwind.example", "dana.reyes@mail.example"])
def test_a_group_of_the_own_company_or_an_alias_of_the_user_is_the_user(to: str) -> None:
    assert read(f"Hello team,\n{QUESTION}", to).reply_expected


@pytest.mark.parametrize(
    "text",
    [
        "Need tyres? Call us toll-free at 0800 123 today! Save up to 30 % while stocks last.",
        "Do you need a new roof? Free quote within a day, special offer until May. Call now!",
        "Brauchen Sie neue Reifen? Jetzt bestellen und 20 % Rabatt sichern, solange der Vorrat reicht. Können Sie da nein sagen?",
        "Dear alumni,\n\nwill you join us for the reunion in May? Please let me know by Friday.\n\nKim Lee",
        "Dear members,\ncould you send me your vote by June 8?\n\nKim Lee",
        "Liebe Mitglieder,\nkönnen Sie mir bis Freitag Bescheid geben?\n\nKim Lee",
        "Dear valued customer,\ncould you confirm your details?",
        "Chers clients,\npouvez-vous confirmer votre adresse ?",
    ],
)
def test_adverts_and_circulars_ask_nothing(text: str) -> None:
    assert not read(text, DANA).reply_expected


@pytest.mark.parametrize(
    "text",
    [
        "Could we get 10 % off if we order now?\n\nKim",
        "Hi Dana,\n\nthe advert says save 20% and free delivery. Does that hold for us?\n\nKim",
        "Can you tell me what the members' room costs?\n\nKim Lee",
        "Is the toll-free number out of order? Nobody answers.\n\nKim Lee",
    ],
)
def test_a_client_who_speaks_of_offers_asks(text: str) -> None:
    assert read(text, DANA).reply_expected


def test_a_mail_to_many_asks_whom_it_names() -> None:
    many = [f"p{n}@acme.example" for n in range(7)]
    assert not read("Hi all,\n\ncan anyone bring a projector?", *many, DANA).reply_expected
    assert read("Hi all,\n\nthe plan is set. Dana, can you bring the samples?", *many, DANA).reply_expected


def test_a_language_that_is_not_read_asks_nothing_of_a_blind_copy() -> None:
    text = "Qualcuno può dirmi quando arriva la consegna e quanto costa il trasporto per la nostra sede?"
    assert read(text, DANA).reply_expected
    assert not read(text).reply_expected
