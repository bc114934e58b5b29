"""Who is who: clients by address, domain and number, and the sides people stand on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.mail import Address, Message, Role
from daemon.core.people import Directory, other_senders, same_number
from daemon.glossary.charter import WorkingHours
from daemon.glossary.parties import Account, Client, Office
from daemon.glossary.timelines import Side
from daemon.reading import Call

NEVER = WorkingHours("Europe/London", ((),) * 7)
DANA = Account("dana@northwind.example", "Dana Reyes", frozenset({"dana@northwind.example", "d.reyes@northwind.example"}), NEVER)
LEE = Account("lee@northwind.example", "Lee Moss", frozenset({"lee@northwind.example"}), NEVER)
ACME = Client("Acme Ltd", frozenset({"acme.example"}), frozenset({"old.boss@gmail.com"}), frozenset({"+442079460018"}))
LABS = Client("Labs", frozenset({"labs.acme.example", "gmail.com"}), frozenset(), frozenset({"+441632960123"}))
PEOPLE = Directory(Office((DANA, LEE), (ACME, LABS), frozenset({"northwind.example", "gmail.com"})))


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("kim@acme.example", "Acme Ltd"),
        ("KIM@ACME.example", "Acme Ltd"),
        ("kim@mail.acme.example", "Acme Ltd"),
        ("ada@labs.acme.example", "Labs"),
        ("old.boss@gmail.com", "Acme Ltd"),
        ("somebody@gmail.com", None),
        ("kim@notacme.example", None),
        ("dana@northwind.example", None),
        ("nonsense", None),
    ],
)
def test_the_address_decides_before_the_nearest_domain_and_public_domains_never(address: str, client: str | None) -> None:
    assert PEOPLE.match(address) == client


@pytest.mark.parametrize(
    ("number", "client"),
    [
        ("+442079460018", "Acme Ltd"),
        ("02079460018", "Acme Ltd"),
        ("2079460018", "Acme Ltd"),
        ("+12079460018", None),
        ("0018", None),
        ("01632960999", None),
        ("902079460018", "Acme Ltd"),
        ("00442079460018", "Acme Ltd"),
        ("442079460018", "Acme Ltd"),
        ("002079460018", "Acme Ltd"),
        ("79460018", "Acme Ltd"),
        ("999902079460018", None),
    ],
)
def test_a_number_is_known_with_or_without_its_country_and_with_a_switchboards_prefix(number: str, client: str | None) -> None:
    assert PEOPLE.by_phone(number) == client


@pytest.mark.parametrize(
    ("address", "side"),
    [
        ("d.reyes@northwind.example", Side.USER),
        ("lee@northwind.example", Side.COLLEAGUE),
        ("anna@de.northwind.example", Side.COLLEAGUE),
        ("kim@acme.example", Side.CLIENT),
        ("somebody@gmail.com", Side.OTHER),
        ("someone@elsewhere.example", Side.OTHER),
    ],
)
def test_everybody_stands_on_a_side(address: str, side: Side) -> None:
    assert PEOPLE.side("dana@northwind.example", address) is side


def _mail(sender: str, *to: str) -> Message:
    moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
    return Message("<1>", moment, moment, Address(sender), to=tuple(Address(a) for a in to))


def test_a_message_concerns_its_sender_else_the_first_client_it_went_to() -> None:
    account = DANA.address
    assert PEOPLE.client_of(account, _mail("kim@acme.example", account)) == "Acme Ltd"
    assert PEOPLE.client_of(account, _mail(account, "lee@northwind.example", "ada@labs.acme.example")) == "Labs"
    assert PEOPLE.client_of(account, _mail("lee@northwind.example", "kim@acme.example")) == "Acme Ltd"
    assert PEOPLE.client_of(account, _mail("lee@northwind.example", account)) is None


def test_a_missed_call_concerns_whoever_has_the_number() -> None:
    notice = _mail("no-reply@pbx.example", DANA.address)
    assert PEOPLE.client_of(DANA.address, notice, Call("missed_call", "02079460018")) == "Acme Ltd"
    assert PEOPLE.client_of(DANA.address, notice, Call("missed_call", "01632960999")) is None


def sent(number: int, sender: str, role: Role = Role.SENT, kept: str = "") -> Message:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    to = (Address("kim@acme.example"),)
    headers = {"x-kept-id": kept} if kept else {}
    return Message(f"<{number}@northwind.example>", at, at, Address(sender), to=to, role=role, headers=headers)


@pytest.mark.parametrize(
    ("sender", "role", "own"),
    [
        ("dana@northwind.example", Role.INBOX, True),
        ("sherri@northwind.example", Role.SENT, True),
        ("sherri@gmail.com", Role.SENT, True),
        ("somebody@elsewhere.example", Role.SENT, True),
        ("kim@acme.example", Role.SENT, False),
        ("sherri@northwind.example", Role.ARCHIVE, False),
        ("sherri@gmail.com", Role.INBOX, False),
    ],
)
def test_what_was_sent_from_the_mailbox_is_the_users_word_unless_a_client_wrote_it(sender: str, role: Role, own: bool) -> None:
    assert PEOPLE.is_users(DANA, sent(1, sender, role)) is own


def test_a_strangers_mail_concerns_a_client_only_where_it_was_sent_from_the_users_mailbox() -> None:
    assert PEOPLE.client_of(DANA.address, sent(1, "sherri@outlook.com")) == "Acme Ltd"
    assert PEOPLE.client_of(DANA.address, sent(1, "sherri@outlook.com", Role.INBOX)) is None


def test_another_address_from_which_much_was_sent_is_named_with_its_share() -> None:
    mails = [*(sent(n, "dana@northwind.example") for n in range(9)), *(sent(20 + n, "desk@northwind.example") for n in range(19))]
    (other,) = other_senders(mails, DANA.addresses)
    assert str(other) == "19 of 28 sent mails are from desk@northwind.example: yours too? Then add it to addresses."


@pytest.mark.parametrize(
    "others",
    [
        [sent(20 + n, "desk@northwind.example") for n in range(4)],
        [sent(20 + n, "desk@northwind.example", Role.INBOX) for n in range(40)],
        [sent(20 + n, "kept@northwind.example", kept="1") for n in range(40)],
        [sent(20 + n, "d.reyes@northwind.example") for n in range(40)],
        [sent(20 + n, f"desk{n}@northwind.example") for n in range(40)],
    ],
    ids=["few", "not sent", "Kept's own", "known already", "each once"],
)
def test_an_exception_is_no_address_of_the_users(others: list[Message]) -> None:
    mails = [sent(n, "dana@northwind.example") for n in range(9)]
    assert other_senders([*mails, *others], DANA.addresses) == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+3225550071", "025550071", True),
        ("+3225550071", "0,25550071", True),
        ("+4533123456", "33123456", True),
        ("+3545512345", "5512345", True),
        ("+35226123456", "26123456", True),
        ("+3225550071", "+3235550071", False),
        ("+3225550071", "025550072", False),
        ("+442079460018", "0018", False),
    ],
)
def test_one_line_in_two_ways_of_writing_it_is_one_number(one: str, other: str, same: bool) -> None:
    assert same_number(one, other) is same
