"""Stories: the client names the time by which an answer is wanted, and that time counts instead of the charter's."""

from __future__ import annotations

from datetime import datetime

import pytest
from story import Story, tell


def due(story: Story) -> str:
    """Return when the only obligation is due, in London."""
    moment = story.only.due
    assert isinstance(moment, datetime)
    return f"{moment:%d %b %H:%M}"


def test_a_later_date_that_the_client_names_puts_the_answer_off(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 kim@acme > Please let us know by 18 May whether you will attend the dinner.
    Wed 09:00 now
    """
    assert due(story) == "18 May 16:00"  # 17:00 in summer
    assert story.states == ["reply open"]


def test_an_earlier_time_that_the_client_names_brings_the_answer_forward(story: Story) -> None:
    """
    charter   acme: reply 2 days
    Mon 09:00 kim@acme > We need your answer by noon today: which pump fits?
    Mon 12:05 now
    """
    assert due(story) == "02 Mar 12:00"
    assert story.states == ["reply overdue"]


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("RSVP by May 18.", "18 May 16:00"),
        ("Please return your ballot by June 8.", "08 Jun 16:00"),
        ("I need this within 48 hours: what does it cost?", "04 Mar 09:00"),
        ("Could you send the figures before Thursday's board?", "04 Mar 17:00"),
        ("Please confirm no later than 10 am tomorrow.", "03 Mar 10:00"),
        ("Could you send me the quote? We need it by Friday.", "06 Mar 17:00"),
        ("Können Sie uns bis spätestens Donnerstag 14 Uhr Bescheid geben?", "05 Mar 14:00"),
        ("Could you check the price? No rush, end of next week is fine.", "13 Mar 17:00"),
    ],
)
def test_a_named_time_is_the_due_time_of_the_reply(words: str, moment: str) -> None:
    assert due(tell(f"charter acme: reply 1 day\nMon 09:00 kim@acme > {words}\nMon 09:05 now")) == moment


@pytest.mark.parametrize(
    "words",
    [
        "Are you free for a visit on Friday?",
        "I'm back on the 5th. Can you send the quote by then or later?",
        "The fair is on 12 May. What does a stand cost?",
        "Can you ship 40 units by 30 April?",
        "We need the pumps by 20 March. Is that possible?",
        "Can you confirm delivery by 5 May?",
        "What happened to the order of 3 March?",
    ],
)
def test_the_date_of_something_else_leaves_the_charters_due_time(words: str) -> None:
    assert due(tell(f"charter acme: reply 1 day\nMon 09:00 kim@acme > {words}\nMon 09:05 now")) == "03 Mar 09:00"


def test_a_time_that_may_be_another_deeds_only_brings_the_answer_forward(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 kim@acme > Could you send it today?
    Mon 09:05 now
    """
    assert due(story) == "02 Mar 17:00"


def test_of_two_requests_the_one_that_is_due_first_counts(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 kim@acme > What is the price of the valve? And could you send the yearly report by 30 March?
    Mon 09:05 now
    """
    assert due(story) == "03 Mar 09:00"


def test_a_follow_up_that_names_an_earlier_time_brings_the_answer_forward(story: Story) -> None:
    """
    charter   acme: reply 3 days
    Mon 09:00 kim@acme > Can you send the revised quote?
    Mon 15:00 kim@acme > I need it by 10 am tomorrow, can you?
    Mon 15:05 now
    """
    assert due(story) == "03 Mar 10:00"


def test_a_follow_up_that_names_a_later_time_puts_the_answer_off(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 kim@acme > Can you send the revised quote?
    Mon 15:00 kim@acme > Could you send it by Friday? That is soon enough.
    Mon 15:05 now
    """
    assert due(story) == "06 Mar 17:00"


def test_a_later_time_named_after_the_breach_does_not_undo_it(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the revised quote?
    Mon 15:00 kim@acme > Could you send it by Friday at least?
    Mon 15:05 now
    """
    assert due(story) == "02 Mar 11:00"
    assert story.states == ["reply overdue"]


def test_a_call_asked_for_a_day_is_due_on_that_day(story: Story) -> None:
    """
    charter   acme: callback 1 day
    Mon 09:00 kim@acme > Please call me on Thursday at 10.
    Mon 09:05 now
    """
    assert due(story) == "05 Mar 10:00"
    assert story.states == ["callback open"]


def test_a_time_named_from_abroad_is_meant_on_the_clients_clock(story: Story) -> None:
    """
    charter   acme: reply 2 days
    Mon 14:00 kim@acme > Please let me know by 5 pm today. [zone America/New_York]
    Mon 14:05 now
    """
    assert due(story) == "02 Mar 22:00"
