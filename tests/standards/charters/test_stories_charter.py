"""Stories of charters in versions: what was asked is judged by the charter of its time."""

from __future__ import annotations

import pytest
from story import Story, tell


@pytest.mark.parametrize(("at", "due"), [("Mon 09:00", "11:00"), ("+7d Mon 09:00", "13:00")])
def test_what_was_asked_is_judged_by_the_charter_of_its_time(at: str, due: str) -> None:
    story = tell(
        f"""
        charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
        charter   acme from 2026-03-09: reply 4h
        {at} kim@acme > Can you send the quote?
        +7d Fri 09:00 now
        """
    )
    assert f"{story.only.due:%H:%M}" == due


def test_an_answer_after_the_change_is_judged_by_the_charter_of_the_question(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-03: reply 2 days
    Mon 16:30 kim@acme > Can you send the quote?
    Tue 12:00 dana > Here it is. [attach: quote.pdf]
    Tue 13:00 now
    """
    assert story.infractions == ["reply late"]


def test_each_of_three_versions_judges_its_own_time(story: Story) -> None:
    """
    charter   acme: reply 1h, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-09: reply 2h
    charter   acme from 2026-03-16: reply 4h
    2026-03-06 10:00 kim@acme > Can you send the quote? [new thread: Quote]
    2026-03-09 10:00 kim@acme > Which colour is the frame? [new thread: Colour]
    2026-03-16 10:00 kim@acme > When does the van come? [new thread: Van]
    2026-03-16 11:00 now
    """
    assert [f"{o.due:%d %H:%M}" for o in story.obligations] == ["06 11:00", "09 12:00", "16 14:00"]


def test_a_version_of_the_future_judges_nothing_yet(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-04-01: reply 1h
    Mon 10:00 kim@acme > Can you send the quote?
    Mon 13:00 now
    """
    assert story.states == ["reply open"]


def test_a_version_starts_at_midnight_where_the_user_lives(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 America/New_York
    charter   acme from 2026-03-10: reply 4h
    2026-03-09 20:30 kim@acme > Can you send the quote?
    2026-03-10 12:00 now
    """
    assert story.states == ["reply overdue"]  # it is the 10th already in UTC, and still the 9th in New York
    assert f"{story.only.due:%d %H:%M}" == "10 15:00"


def test_a_chaser_under_a_new_version_leaves_the_question_to_the_old_one(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-09: reply 4h
    2026-03-05 12:00 kim@acme > Can you send the quote?
    2026-03-09 10:00 kim@acme > Any news on the quote?
    2026-03-09 11:00 now
    """
    assert story.states == ["reply overdue"]
    assert f"{story.only.due:%d %H:%M}" == "06 12:00"


def test_a_callback_is_judged_by_the_version_of_its_call(story: Story) -> None:
    """
    charter   acme: callback 1 day, mon-fri 09:00-17:00 Europe/London
    client    acme: phone +442079460018
    charter   acme from 2026-03-09: callback 1h
    2026-03-06 12:00 missed call from +44 20 7946 0018
    2026-03-09 10:00 call made to +44 20 7946 0018
    2026-03-09 11:00 missed call from +44 20 7946 0018
    2026-03-09 12:30 now
    """
    assert story.states == ["callback kept", "callback overdue"]


def test_a_standard_that_is_switched_off_owes_nothing_for_what_is_asked_then(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-09: reply off
    2026-03-09 10:00 kim@acme > Can you send the quote?
    2026-03-10 10:00 now
    """
    assert story.states == []


def test_what_was_asked_before_a_standard_was_switched_off_stays_owed(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-09: reply off
    2026-03-06 16:00 kim@acme > Can you send the quote?
    2026-03-10 10:00 now
    """
    assert story.states == ["reply overdue"]


def test_a_standard_that_is_switched_on_again_judges_from_then_on(story: Story) -> None:
    """
    charter   acme: reply off, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-09: reply 2h
    2026-03-06 10:00 kim@acme > Can you send the quote? [new thread: Quote]
    2026-03-09 10:00 kim@acme > Which colour is the frame? [new thread: Colour]
    2026-03-09 13:00 now
    """
    assert story.says == ["Overdue: Acme (Kim): 1 working hour late “Which colour is the frame?” today 10:00, “Colour”"]


def test_clients_keep_their_own_versions(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    charter   birch: reply 2h
    charter   birch from 2026-03-03: reply 1 day
    Wed 09:00 kim@acme > Can you send the quote?
    Wed 09:00 ben@birch > Can you send the plan?
    Wed 12:00 now
    """
    assert story.says == [
        "Overdue: Acme (Kim): 1 working hour late “Can you send the quote?” today 09:00, “Hello”",
        "Coming up: Birch (Ben): “Can you send the plan?” by tomorrow 09:00; today 09:00, “Hello”",
    ]


def test_what_is_older_than_the_first_day_counts_for_nothing_in_any_version(story: Story) -> None:
    """
    charter   acme: reply 2h, since Thu 00:00, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-04: reply 1h
    Wed 09:00 kim@acme > Can you send the quote? [new thread: Quote]
    Thu 15:00 dana > Here it is. [attach: quote.pdf]
    Thu 16:00 now
    """
    assert story.states == ["reply kept_late"]
    assert story.infractions == []
