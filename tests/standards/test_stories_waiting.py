"""Stories: what the user waits for is a deed that a client owes: a document, an answer, a payment, a decision."""

from __future__ import annotations

import pytest
from story import Story, tell


def _waits(words: str, more: str = "") -> list[str]:
    story = tell(
        f"charter   acme: reply 2h\nMon 08:00 dana > Hello. [to kim@acme]\nMon 09:00 kim@acme > {words} {more}\nMon 18:00 now\n"
    )
    return [o.quote or "" for o in story.open if o.kind.value == "waiting_for"]


@pytest.mark.parametrize(
    "words",
    [
        "See you at Homecoming.",
        "See you on Thursday!",
        "We will probably be applying next year.",
        "The university will establish a new chair next year.",
        "I will miss you on Friday.",
        "We'll be moving offices in May.",
        "I'm going to enjoy the weekend.",
        "Robin will be back on Monday.",
        "Our fair opens on Tuesday.",
        "We will open a second shop by the end of the year.",
        "I'll be happy to attend on Friday.",
        "We'll wait for your call.",
        "You can reach me on my cell tomorrow.",
        "Speak to you on Friday.",
        "Maybe I'll send something next year.",
        "I'll try to make it to the dinner tomorrow.",
        "Ich bin nächste Woche im Urlaub.",
        "Wir eröffnen im Mai einen neuen Standort.",
    ],
)
def test_greetings_plans_and_news_are_no_waits(words: str) -> None:
    assert _waits(words) == []


@pytest.mark.parametrize(
    "words",
    [
        "I'll send you the signed order on Thursday.",
        "We will pay the invoice by Friday.",
        "I'll let you know by Wednesday.",
        "I will discuss it with our board tomorrow and come back to you.",
        "We'll decide by Friday.",
        "You'll have the purchase order on Monday.",
        "I'll sign the contract tomorrow.",
        "Our accounts team will transfer the money tomorrow.",
        "Ich schicke Ihnen die Bestellung bis Freitag.",
        "Wir überweisen den Betrag bis Freitag.",
        "Ich gebe Ihnen morgen Bescheid.",
    ],
)
def test_a_document_an_answer_a_payment_and_a_decision_are_waited_for(words: str) -> None:
    assert _waits(words) == [words]


def test_what_was_promised_to_others_with_the_user_on_copy_is_no_wait() -> None:
    words = "I'll send you the cheque on Thursday."
    assert _waits(words, "[to sam@family.example] [cc dana]") == []


def test_what_was_promised_to_a_colleague_with_the_user_on_copy_is_waited_for() -> None:
    words = "I'll send you the cheque on Thursday."
    assert _waits(words, "[to lee] [cc dana]") == [words]


def test_a_call_that_the_client_announces_is_waited_for(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 08:00 dana > Hello. [to kim@acme]
    Mon 09:00 kim@acme > I'll call you on Thursday.
    Mon 10:00 dana > I'll wait for your call.
    Mon 18:00 now
    """
    assert story.states == ["waiting_for open"]


@pytest.mark.parametrize(
    "readers",
    [
        "",
        "[to club@lists]",
        "[to dana, reader0@post, reader1@post, reader2@post, reader3@post, reader4@post, reader5@post, reader6@post, reader7@post, reader8@post, reader9@post, reader10@post, reader11@post]",
    ],
)
def test_what_is_promised_to_a_list_or_to_many_is_no_wait(readers: str) -> None:
    story = tell(f"""
    charter   acme: reply 2h
    Mon 09:00 kim@acme > I'll send the updated list by Wednesday. {readers}
    Tue 10:00 now
    """)
    assert [o.kind.value for o in story.open] == ([] if readers else ["waiting_for"])
