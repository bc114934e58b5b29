"""Stories: weekends, holidays, nights, two zones and the days on which the clocks change."""

from __future__ import annotations

from story import Story


def due(story: Story) -> str:
    """When the one obligation is due, UTC."""
    assert story.only.due is not None
    return story.only.due.strftime("%a %d %b %H:%M")


def test_two_hours_on_friday_afternoon_before_a_holiday_end_on_the_next_working_morning(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:30 Europe/London
    holidays  2026-03-09
    Fri 16:30 kim@acme > What does the second line cost?
    Fri 17:00 now
    """
    assert due(story) == "Tue 10 Mar 10:00"


def test_what_comes_at_night_counts_from_the_next_opening(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 23:00 kim@acme > What does the second line cost?
    Tue 10:00 now
    """
    assert due(story) == "Tue 03 Mar 11:00"


def test_what_comes_on_a_weekend_counts_from_monday(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    Sat 12:00 kim@acme > What does the second line cost?
    Sun 10:00 now
    """
    assert due(story) == "Tue 10 Mar 09:00"


def test_a_lunch_break_is_no_business_time(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-12:00 13:00-17:00 Europe/London
    Mon 11:30 kim@acme > What does the second line cost?
    Mon 12:00 now
    """
    assert due(story) == "Mon 02 Mar 14:30"


def test_the_spring_change_moves_the_working_day(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    2026-03-27 16:00 kim@acme > What does the second line cost?
    2026-03-30 09:30 now
    """
    assert due(story) == "Mon 30 Mar 09:00"  # 10:00 in London, on summer time by then


def test_the_autumn_change_moves_it_back(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    2026-10-23 15:00 kim@acme > What does the second line cost?
    2026-10-26 09:30 now
    """
    assert due(story) == "Mon 26 Oct 15:00"


def test_clock_hours_run_through_the_night(story: Story) -> None:
    """
    charter   acme: reply 4 clock hours, mon-fri 09:00-17:00 Europe/London
    Mon 16:00 kim@acme > What does the second line cost?
    Mon 17:00 now
    """
    assert due(story) == "Mon 02 Mar 20:00"


def test_a_client_overseas_is_answered_in_the_users_hours(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    client    acme: hours mon-fri 09:00-17:00 America/New_York
    Mon 20:00 kim@acme > What does the second line cost? [zone America/New_York]
    Tue 09:30 now
    """
    assert due(story) == "Tue 03 Mar 11:00"


def test_due_soon_begins_when_a_quarter_is_left_but_at_least_an_hour_before(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 now
    """
    assert story.states == ["reply due_soon"]
    assert story.at("Mon 09:59").states == ["reply open"]


def test_due_soon_begins_at_most_one_working_day_before(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 dana > I'll send you the drawings by the 20th of March. [to kim@acme]
    2026-03-19 17:00 now
    """
    assert story.states == ["promise due_soon"]
    assert story.at("2026-03-19 16:59").states == ["promise open"]


def test_a_promise_for_the_day_is_due_when_the_day_ends(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 08:00-16:00 Europe/London
    Mon 09:00 dana > I'll send you the drawings today. [to kim@acme]
    Mon 16:01 now
    """
    assert story.states == ["promise overdue"]
    assert story.at("Mon 16:00").states == ["promise due_soon"]
