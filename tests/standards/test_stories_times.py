"""Which of a conversation's proposed times stand: the last ones, until they are answered or taken back."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from story import Story, tell

LONDON = ZoneInfo("Europe/London")
CHARTER = "charter   acme: reply 4h, mon-fri 09:00-17:30 Europe/London\n"


def proposed(story: Story) -> list[str]:
    """The times that stand, on the account's clock."""
    return [shown(p.start) for o in story.open for p in o.proposed]


def shown(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%a %d %H:%M}"


def test_a_proposed_time_stands_while_nobody_has_answered(story: Story) -> None:
    """
    charter   acme: reply 4h, mon-fri 09:00-17:30 Europe/London
    Mon 09:00 kim@acme > Would Thursday at 10 work for a call?
    Mon 11:00 now
    """
    assert proposed(story) == ["Thu 05 10:00"]


def test_an_answer_settles_it(story: Story) -> None:
    """
    charter   acme: reply 4h, mon-fri 09:00-17:30 Europe/London
    Mon 09:00 kim@acme > Would Thursday at 10 work for a call?
    Mon 10:00 dana > Thursday at 10 is perfect, I will call you then.
    Mon 11:00 now
    """
    assert proposed(story) == []


def test_a_later_mail_replaces_the_time(story: Story) -> None:
    """
    charter   acme: reply 4h, mon-fri 09:00-17:30 Europe/London
    Mon 09:00 kim@acme > Would Thursday at 10 work for a call?
    Mon 10:00 kim@acme > Sorry, could we make it Friday at 2 instead?
    Mon 11:00 now
    """
    assert proposed(story) == ["Fri 06 14:00"]


def test_a_time_that_is_taken_back_stands_no_more(story: Story) -> None:
    """
    charter   acme: reply 4h, mon-fri 09:00-17:30 Europe/London
    Mon 09:00 kim@acme > Would Thursday at 10 work for a call?
    Mon 10:00 kim@acme > Thursday doesn't work for me after all. Could you tell me when you are in the office?
    Mon 11:00 now
    """
    assert proposed(story) == []


def test_an_hour_alone_is_on_the_day_that_we_proposed(story: Story) -> None:
    """
    charter   acme: reply 4h, mon-fri 09:00-17:30 Europe/London
    Mon 09:00 kim@acme > Can we speak about the new line?
    Mon 09:30 dana > How about Thursday at 10?
    Mon 10:00 kim@acme > 10 is difficult. Would 11 work?
    Mon 11:00 now
    """
    assert proposed(story) == ["Thu 05 11:00"]


def test_a_mail_from_another_zone_is_meant_by_its_writers_clock(story: Story) -> None:
    """
    charter   acme: reply 4h, mon-fri 09:00-17:30 Europe/London
    Mon 15:00 kim@acme > Would 11 am on Thursday work for a call? [zone America/New_York]
    Mon 16:00 now
    """
    assert proposed(story) == ["Thu 05 16:00"]


@pytest.mark.parametrize(
    "words",
    [
        "We met at 10 on Thursday, it was good. Could you send the notes?",
        "Could you send the quote by Thursday at 10?",
        "Our counter opens at 9 on Thursday. Do you need anything?",
        "Could the goods be delivered on Thursday at 10?",
    ],
)
def test_times_of_other_matters_are_not_proposed(words: str) -> None:
    assert proposed(tell(f"{CHARTER}Mon 09:00 kim@acme > {words}\nMon 11:00 now")) == []
