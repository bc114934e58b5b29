"""Stories of escalation: what is overdue for too long goes to the manager, and what never does."""

from __future__ import annotations

from story import Story

from daemon.glossary.obligations import Band


def test_what_is_overdue_on_friday_goes_to_the_manager_in_business_time(story: Story) -> None:
    """
    charter   acme: reply 2h, escalate 4h, mon-fri 09:00-17:00 Europe/London
    Fri 13:00 kim@acme > Can you send the quote?
    Fri 16:00 now
    """
    assert f"{story.only.due:%d %H:%M}" == "06 15:00"
    assert f"{story.only.escalates:%d %H:%M}" == "09 11:00"


def test_a_holiday_and_the_summer_time_move_the_escalation_with_the_working_day(story: Story) -> None:
    """
    charter   acme: reply 2h, escalate 1 day, mon-fri 09:00-17:00 Europe/London
    holidays  2026-03-30
    2026-03-27 13:00 kim@acme > Can you send the quote?
    2026-03-27 16:00 now
    """
    assert f"{story.only.escalates:%d %H:%M}" == "31 14:00"  # 15:00 in London, on summer time by then


def test_the_limit_is_that_of_the_time_in_which_it_was_asked(story: Story) -> None:
    """
    charter   acme: reply 2h, escalate 4h, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-03: escalate off
    Mon 10:00 kim@acme > Can you send the quote? [new thread: Quote]
    Tue 10:00 kim@acme > Which colour is the frame? [new thread: Colour]
    Tue 16:00 now
    """
    assert [o.escalates is not None for o in story.obligations] == [True, False]


def test_a_plan_of_our_own_never_goes_to_the_manager(story: Story) -> None:
    """
    charter   acme: reply 2h, next step 1 day, escalate 1h, meeting 2 days, contact 1 day, mon-fri 09:00-17:00 Europe/London
    business  acme
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 dana > The second line costs 400 a month.
    Fri 10:00 now
    """
    assert {o.kind.value for o in story.open} >= {"next_step", "meeting", "touch_base"}
    assert [o.kind.value for o in story.obligations if o.escalates is not None] == ["reply"]


def test_a_deliverable_and_a_promise_go_to_the_manager_as_well(story: Story) -> None:
    """
    charter     acme: escalate 2h, mon-fri 09:00-17:00 Europe/London
    deliverable acme: Daily report every day by 12:00 subject daily report
    Mon 10:00 dana > I'll send you the drawings by Tuesday noon. [to kim@acme]
    Mon 11:00 dana > All went well. [to kim@acme] [new thread: Daily report]
    Tue 16:00 now
    """
    assert sorted(o.kind.value for o in story.open if o.escalates and o.escalates <= story.now) == ["deliverable", "promise"]


def test_what_is_older_than_the_first_day_never_goes_to_the_manager(story: Story) -> None:
    """
    charter   acme: reply 2h, escalate 4h, since Thu 00:00, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 kim@acme > Can you send the quote?
    Fri 10:00 now
    """
    assert story.states == ["reply overdue"]
    assert story.only.escalates is None


def test_what_is_not_sure_never_goes_to_the_manager(story: Story) -> None:
    """
    charter   acme: reply 2h, escalate 1h, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 kim@acme > Unfortunately the label printer is down.
    2026-03-25 10:00 now
    """
    assert story.states == ["reply missed"]
    assert story.only.band is Band.ASKED
    assert (story.only.escalates, story.infractions) == (None, [])


def test_a_complaint_that_asks_nothing_never_goes_to_the_manager(story: Story) -> None:
    """
    charter   acme: reply 2h, escalate 1h, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 kim@acme > Two boxes are missing.
    Tue 10:00 now
    """
    assert story.states == ["reply overdue"]
    assert story.only.escalates is None


def test_what_was_waived_or_answered_is_not_overdue_for_the_manager(story: Story) -> None:
    """
    charter   acme: reply 2h, escalate 1h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > Can you send the quote? [new thread: Quote]
    Mon 10:30 waive reply
    Mon 10:40 kim@acme > Which colour is the frame? [new thread: Colour]
    Mon 11:00 lee > The frame is blue.
    Tue 10:00 now
    """
    assert story.states == ["reply waived", "reply kept"]
    assert story.open == []
