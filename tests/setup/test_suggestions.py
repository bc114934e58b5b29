"""Who may be a client, from past mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.mail import Address, Message, Role
from daemon.setup.client_questions import renamed
from daemon.setup.refused import Refused
from daemon.setup.suggestions import Suggestion, company_name, suggest

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DANA = "dana@northwind.example"
EARLY = "first@elsewhere.example"


def mail(day: int, sender: str, to: str, subject: str = "Hello", name: str = "") -> Message:
    when = AT + timedelta(days=day)
    role = Role.SENT if sender == DANA else Role.INBOX
    return Message(f"<{day}{sender}{to}@test>", when, when, Address(sender, name), subject, to=(Address(to),), role=role)


def exchange(who: str, first: int = 0, *, subject: str = "Hello", name: str = "") -> list[Message]:
    """Two mails from them, one answer."""
    return [mail(first, who, DANA, subject, name), mail(first + 1, DANA, who), mail(first + 2, who, DANA, subject, name)]


def suggested(mails: list[Message]) -> list[Suggestion]:
    return suggest(mails, {DANA})


def test_companies_that_both_wrote_and_were_written_to_are_suggested_and_nobody_else() -> None:
    mails = [
        *exchange("kim@acme.example"),
        *(mail(n, "news@weekly.example", DANA) for n in range(9)),
        *exchange("lee@northwind.example"),
        mail(1, "one@once.example", DANA),
        mail(2, DANA, "one@once.example"),
        *exchange("noreply+x@gmail.com"),
    ]
    assert [(s.name, s.domain, s.mails) for s in suggested(mails)] == [("Acme", "acme.example", 3)]


def test_at_a_public_mail_domain_each_person_is_suggested_by_name_and_address() -> None:
    mails = [*exchange("pat@gmail.com", name="Pat Jones"), *exchange("jo.smith@gmail.com", name="jo.smith@gmail.com")]
    assert [s.client() for s in suggested(mails)] == [
        {"name": "Jo Smith", "addresses": ["jo.smith@gmail.com"], "stage": "established"},
        {"name": "Pat Jones", "addresses": ["pat@gmail.com"], "stage": "established"},
    ]


def test_whoever_shares_the_public_domain_of_the_user_may_be_a_client() -> None:
    mails = [mail(0, "pat@gmail.com", "me@gmail.com"), *(mail(n, "pat@gmail.com", "me@gmail.com") for n in (1, 2))]
    answer = Message("<a@test>", AT, AT, Address("me@gmail.com"), to=(Address("pat@gmail.com"),), role=Role.SENT)
    assert [s.address for s in suggest([*mails, answer], {"me@gmail.com"})] == ["pat@gmail.com"]


@pytest.mark.parametrize(
    ("first", "subject", "stage"),
    [
        (0, "Hello", "established"),
        (0, "Your quote", "prospect"),
        (0, "Your quote for the invoice", "established"),
        (40, "Hello", "prospect"),
        (40, "Bestellung 12", "established"),
    ],
)
def test_who_came_lately_or_speaks_of_quotes_and_of_no_order_looks_like_a_prospect(first: int, subject: str, stage: str) -> None:
    mails = [mail(0, EARLY, DANA), *exchange("kim@acme.example", first, subject=subject)]
    assert [s.stage.value for s in suggested(mails)] == [stage]


def test_two_companies_that_seem_to_have_one_name_are_told_apart() -> None:
    mails = [*exchange("kim@acme.example"), *exchange("kim@acme.test")]
    assert [s.name for s in suggested(mails)] == ["Acme", "Acme (acme.test)"]


def test_who_is_a_client_already_is_not_suggested() -> None:
    clients = [{"name": "Acme Ltd", "domains": ["acme.example"]}]
    assert suggest(exchange("kim@acme.example"), {DANA}, clients) == []


@pytest.mark.parametrize(
    ("domain", "name"), [("acme.example", "Acme"), ("mail.birch-wood.co.uk", "Birch Wood"), ("eu.acme.com", "Acme")]
)
def test_a_company_is_named_after_the_domain_that_it_registered(domain: str, name: str) -> None:
    assert company_name(domain) == name


NAMES = ["Acme", "Birch", "Calder"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("1=Acme Ltd", ["Acme Ltd", "Birch", "Calder"]),
        ("1=Acme, Inc., 3 = Calder & Sons", ["Acme, Inc.", "Birch", "Calder & Sons"]),
        ("2=Acme; 1=Birch", ["Birch", "Acme", "Calder"]),
    ],
)
def test_names_are_changed_by_their_numbers(words: str, expected: list[str]) -> None:
    assert renamed(words, NAMES, ()) == expected


@pytest.mark.parametrize("words", ["Acme Ltd", "4=Dornier", "0=x", "1=", "1=birch", "1=Eastgate", "1 Acme"])
def test_a_name_that_cannot_be_given_is_refused(words: str) -> None:
    with pytest.raises(Refused):
        renamed(words, NAMES, ["Eastgate"])
