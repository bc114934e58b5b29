"""Threads: which messages are one conversation, in whatever order they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mail import Address, Message
from daemon.core.threads import Threads, base_subject, conversations

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
KIM, DANA, EVE = "kim@acme.example", "dana@northwind.example", "eve@other.example"


def mail(
    name: str,
    day: int = 0,
    subject: str = "Quote",
    *,
    sender: str = KIM,
    to: str = DANA,
    parents: Sequence[str] = (),
    provider: str | None = None,
) -> Message:
    moment = START + timedelta(days=day)
    return Message(
        f"<{name}>", moment, moment, Address(sender), subject, (Address(to),), references=tuple(f"<{p}>" for p in parents), conversation=provider
    )  # fmt: skip


def together(*messages: Message) -> bool:
    return len(set(conversations(messages).values())) == 1


@pytest.mark.parametrize(
    "subject", ["Re: Quote", "RE: AW: Quote", "WG: quote", "Fwd: Re[2]: Quote", "SV: Quote", "[ext] RE: Quote", "Re:Quote "]
)
def test_prefixes_of_all_languages_are_no_part_of_the_subject(subject: str) -> None:
    assert base_subject(subject) == "quote"


def test_references_join_whatever_the_subject_says() -> None:
    assert together(mail("a"), mail("b", 1, "Something else", parents=["a"]))


def test_a_missing_link_joins_those_who_refer_to_it() -> None:
    assert together(mail("b", 1, parents=["lost"]), mail("c", 2, "Other", parents=["lost"]))


def test_the_providers_own_thread_joins() -> None:
    assert together(mail("a", provider="7"), mail("b", 1, "Other", provider="7"))


def test_a_reply_without_references_joins_by_subject_and_people() -> None:
    assert together(mail("a"), mail("b", 1, "RE: Quote", sender=DANA, to=KIM))


def test_a_reply_whose_references_nobody_knows_joins_by_subject() -> None:
    assert together(mail("a"), mail("b", 1, "RE: Quote", sender=DANA, to=KIM, parents=["mangled"]))


def reused(name: str, day: int, subject: str, shown: str = "same") -> Message:
    """A mail with a Message-ID that another one bears, too."""
    return replace(mail(name, day, subject), header_id=f"<{shown}>")


def test_different_mails_of_one_message_id_are_different_conversations() -> None:
    assert not together(mail("same", 0, "Delivery 1"), reused("own", 1, "Delivery 2"))


@pytest.mark.parametrize(
    ("subject", "day", "joins"),
    [
        ("Re: Delivery 2", 2, "<own>"),
        ("Re: Delivery 1", 2, "<same>"),
        ("Something else", 2, "<own>"),  # the latest
        ("Something else", 0, "<same>"),  # before the other came
    ],
)
def test_a_reply_to_a_reused_message_id_belongs_to_the_mail_that_it_can_follow(subject: str, day: int, joins: str) -> None:
    reply = replace(mail("reply", day, subject, sender=DANA, to=KIM, parents=["same"]), date=START + timedelta(days=day, hours=1))
    found = conversations([reused("own", 1, "Delivery 2"), reply, mail("same", 0, "Delivery 1")])
    assert found["<reply>"] == found[joins]
    assert len(set(found.values())) == 2


def test_a_reply_finds_a_mail_whose_message_id_was_reused_where_the_first_bearer_is_somebody_elses() -> None:
    assert together(reused("own", 1, "Delivery 2"), mail("reply", 2, "Other words", sender=DANA, to=KIM, parents=["same"]))


def test_a_mail_whose_id_the_sending_server_rewrote_is_found_by_its_subject() -> None:
    """The copy in Sent has the program's Message-ID, and the client answers the one that the server made (Amazon SES, Graph)."""
    question, answer = mail("q"), mail("a", 1, "Re: Quote", sender=DANA, to=KIM, parents=["q"])
    assert together(question, answer, mail("thanks", 2, "RE: Quote", parents=["0102-rewritten@amazonses.example"]))


def test_a_program_that_refers_to_its_own_message_id_joins_nothing_by_it() -> None:
    assert not together(mail("t1", 0, "Ticket 1", parents=["t1"]), mail("t2", 1, "Ticket 2", parents=["t2"]))


@given(st.permutations(range(5)))
def test_threads_of_reused_ids_do_not_depend_on_the_order(order: list[int]) -> None:
    mails = [
        mail("same", 0, "Delivery 1"),
        reused("own", 2, "Delivery 2"),
        mail("r1", 1, "Re: Delivery 1", sender=DANA, to=KIM, parents=["same"]),
        mail("r2", 3, "Re: Delivery 2", sender=DANA, to=KIM, parents=["same"]),
        mail("r3", 4, "Re: Delivery 2", parents=["same", "r2"]),
    ]
    assert conversations([mails[n] for n in order]) == conversations(mails)


def test_grown_by_the_youngest_the_threads_are_those_of_all_at_once() -> None:
    mails = [
        mail("same", 0, "Delivery 1"),
        mail("r1", 1, "Re: Delivery 1", sender=DANA, to=KIM, parents=["same"]),
        reused("own", 2, "Delivery 2"),
        mail("r2", 3, "Re: Delivery 2", sender=DANA, to=KIM, parents=["same"]),
    ]
    for count in range(1, len(mails)):
        grown = Threads(mails[:count])
        name = grown.add(mails[count])
        assert name in (None, conversations(mails[: count + 1])[mails[count].message_id])


def test_the_same_subject_anew_is_a_new_conversation() -> None:
    assert not together(mail("a"), mail("b", 1))


def test_a_month_later_the_subject_alone_joins_nothing() -> None:
    assert not together(mail("a"), mail("b", 31, "RE: Quote"))


def test_strangers_to_each_other_are_not_joined_by_a_subject() -> None:
    assert not together(mail("a"), mail("b", 1, "RE: Quote", sender=EVE, to="sam@else.example"))


def test_an_empty_subject_joins_nothing() -> None:
    assert not together(mail("a", subject=""), mail("b", 1, "Re:"))


_MAILS = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.integers(0, 60),
        st.sampled_from(["Quote", "Re: Quote", "Delivery", "RE: delivery"]),
        st.lists(st.integers(0, 7), max_size=2),
    ),
    max_size=8,
    unique_by=lambda row: row[0],
)


@given(_MAILS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(rows: list[tuple[int, int, str, list[int]]], chance: st.DataObject) -> None:
    messages = [mail(str(n), day, subject, parents=[str(p) for p in parents]) for n, day, subject, parents in rows]
    expected = conversations(messages)
    shuffled = list(messages)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis types its random as data
    assert conversations(shuffled) == expected


def test_the_same_subject_between_different_people_joins_nothing() -> None:
    assert not together(mail("a"), mail("b", 1, "Re: Quote", sender="tom@acme.example"))
    assert not together(mail("a", sender=DANA, to=KIM), mail("b", 1, "Re: Quote", sender=DANA, to="tom@acme.example"))


def test_a_reply_to_another_person_of_the_company_follows_whom_it_is_written_to() -> None:
    assert together(mail("a", sender=DANA, to="info@acme.example"), mail("b", 1, "Re: Quote"))
    assert together(mail("a", to="sales@northwind.example"), mail("b", 1, "Re: Quote", sender=DANA, to=KIM))


def test_of_two_conversations_of_one_subject_a_reply_follows_the_one_between_its_people() -> None:
    first, second = mail("a"), mail("b", 1, sender="tom@acme.example")
    threads = conversations([first, second, mail("c", 2, "Re: Quote", sender=DANA, to=KIM)])
    assert threads["<c>"] == threads["<a>"] != threads["<b>"]


def test_a_provider_that_threads_by_subject_does_not_join_two_first_mails() -> None:
    assert not together(mail("a", provider="7"), mail("b", 1, provider="7"))
    assert not together(mail("a", provider="7"), mail("b", 1, sender="tom@acme.example", provider="7"))


def test_in_a_providers_thread_of_two_first_mails_an_answer_without_references_follows_its_person() -> None:
    first, second = mail("a", provider="7"), mail("b", 1, sender="tom@acme.example", provider="7")
    threads = conversations([first, second, mail("c", 2, "RE: Quote", sender=DANA, to=KIM, provider="7")])
    assert threads["<c>"] == threads["<a>"] != threads["<b>"]


def test_references_come_before_the_providers_thread() -> None:
    first, second = mail("a", provider="7"), mail("b", 1, provider="7")
    threads = conversations([first, second, mail("c", 2, "RE: Quote", sender=DANA, to=KIM, parents=["a"], provider="7")])
    assert threads["<c>"] == threads["<a>"] != threads["<b>"]
