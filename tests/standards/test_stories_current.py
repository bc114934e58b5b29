"""Stories: what has no date is spoken of while something makes it current, and is over with the meeting that it belongs to."""

from __future__ import annotations

import pytest
from story import Story, tell

CATALOGUE = """
charter   acme: reply 2h
business  acme
Mon 09:00 dana > Good to meet you. I'll send you our catalogue. [to kim@acme] [new thread: Catalogue]
"""


def lines(story: Story) -> list[str]:
    return [line.partition(": ")[0] for line in story.says]


@pytest.mark.parametrize("day", ["Tue 09:00", "Thu 09:00", "+7d Mon 09:00", "+7d Fri 09:00"])
def test_a_promise_without_a_date_has_no_line_of_its_own(day: str) -> None:
    story = tell(f"{CATALOGUE}{day} now")
    assert (len(story.open), lines(story)) == (1, [])


def test_it_is_asked_about_ten_working_days_later_and_rests_a_week_after_that() -> None:
    story = tell(f"{CATALOGUE}+14d Mon 10:00 now")
    assert lines(story) == ["Still open?"]
    later = tell(f"{CATALOGUE}+28d Mon 10:00 now")
    assert (len(later.open), lines(later)) == (1, [])


def test_the_client_who_asks_about_it_makes_it_current() -> None:
    story = tell(f"{CATALOGUE}Thu 10:00 kim@acme > Any news on the catalogue? [thread: Catalogue]\nFri 09:00 now")
    assert "Coming up" in lines(story)


def test_the_client_who_asks_in_another_thread_makes_it_current_too() -> None:
    asks = "Thu 10:00 kim@acme > When does the printed catalogue come? You offered your catalogue. [new thread: Question]"
    story = tell(f"{CATALOGUE.replace('our catalogue', 'our printed catalogue')}{asks}\nFri 09:00 now")
    assert "Coming up" in lines(story)


def test_a_question_about_another_matter_does_not() -> None:
    story = tell(f"{CATALOGUE}Thu 10:00 kim@acme > Which colour is the frame? [thread: Catalogue]\nFri 09:00 now")
    assert "Coming up" not in lines(story)


TIED = """
charter   acme: reply 2h
business  acme
Mon 09:00 dana > {words} [to kim@acme] [new thread: Trial]
+14d Wed 10:00-11:00 meeting with kim@acme: Site visit {option}
{now} now
"""


@pytest.mark.parametrize(
    "words",
    [
        "I'll bring the samples to the visit.",
        "I'll show you the drawings at the meeting.",
        "I will print the plan of your site.",
        "I'll have the figures ready for our call.",
        "Ich bringe die Muster zum Termin mit.",
    ],
)
def test_what_belongs_to_a_meeting_is_current_before_it_and_over_after_it(words: str) -> None:
    before = tell(TIED.format(words=words, option="", now="+12d Tue 09:00"))
    assert len(before.open) == 1
    assert lines(before) == ["Coming up"]
    assert lines(tell(TIED.format(words=words, option="", now="+7d Tue 09:00"))) == []
    assert "Still open?" not in lines(tell(TIED.format(words=words, option="", now="+15d Fri 09:00")))


def test_what_belongs_to_a_cancelled_meeting_is_over_with_it() -> None:
    story = tell(TIED.format(words="I'll bring the samples to the visit.", option="[cancelled]", now="+12d Tue 09:00"))
    assert lines(story) == []


def test_what_belongs_to_no_meeting_is_asked_about_whatever_meetings_there_are() -> None:
    story = tell(TIED.format(words="I'll order the spare rollers.", option="", now="+14d Mon 10:00"))
    assert lines(story) == ["Still open?"]


WAIT = """
charter   acme: reply 2h
{business}
Mon 09:00 kim@acme > {words} [new thread: Order]
+14d Mon 10:00 now
"""


def test_a_wait_without_a_date_is_asked_about_once() -> None:
    story = tell(WAIT.format(business="business  acme", words="I will send you the purchase order."))
    assert lines(story) == ["Still open?"]


def test_what_somebody_would_do_under_a_condition_is_nothing_to_wait_for() -> None:
    words = "If you need the drawings, write to me and I will send them to you."
    assert lines(tell(WAIT.format(business="business  acme", words=words))) == []


def test_who_merely_writes_is_not_waited_for() -> None:
    assert lines(tell(WAIT.format(business="", words="I will send you the programme of the club."))) == []
