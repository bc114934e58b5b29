"""Stories of a user on vacation: what it moves where the charter says that it does, and what is no day off."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from story import Story, tell

LONDON = ZoneInfo("Europe/London")


def due(story: Story) -> str:
    """When the one obligation is due, in London."""
    assert story.only.due is not None
    return f"{story.only.due.astimezone(LONDON):%a %d %H:%M}"


# --- whether a vacation moves what is owed ---


def test_a_vacation_moves_nothing_unless_the_charter_says_so(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    away      2026-03-09 2026-03-13: Vacation
    2026-03-10 10:00 kim@acme > Can you send the quote?
    2026-03-10 13:00 now
    """
    assert story.says == ["Overdue: Acme (Kim): 1 working hour late “Can you send the quote?” today 10:00, “Hello”"]


def test_where_it_does_a_question_of_the_vacation_counts_from_the_return(story: Story) -> None:
    """
    charter   acme: reply 2h, away shifts, mon-fri 09:00-17:00 Europe/London
    away      2026-03-09 2026-03-13: Vacation
    2026-03-10 10:00 kim@acme > Can you send the quote?
    2026-03-10 13:00 now
    """
    assert due(story) == "Mon 16 11:00"
    assert story.states == ["reply open"]


def test_what_was_asked_in_the_last_hour_ends_after_the_vacation(story: Story) -> None:
    """
    charter   acme: reply 2h, away shifts, mon-fri 09:00-17:00 Europe/London
    away      2026-03-09 2026-03-13: Vacation
    2026-03-06 16:00 kim@acme > Can you send the quote?
    2026-03-06 16:30 now
    """
    assert due(story) == "Mon 16 10:00"


def test_what_was_due_before_the_vacation_stays_due_before_it(story: Story) -> None:
    """
    charter   acme: reply 2h, away shifts, mon-fri 09:00-17:00 Europe/London
    away      2026-03-09 2026-03-13: Vacation
    2026-03-06 14:00 kim@acme > Can you send the quote?
    2026-03-10 10:00 now
    """
    assert due(story) == "Fri 06 16:00"
    assert story.states == ["reply overdue"]


def test_a_holiday_after_the_vacation_moves_it_further(story: Story) -> None:
    """
    charter   acme: reply 1 day, away shifts, mon-fri 09:00-17:00 Europe/London
    holidays  2026-04-03 2026-04-06
    away      2026-03-30 2026-04-02: Annual leave
    2026-03-27 12:00 kim@acme > Can you send the quote?
    2026-03-27 13:00 now
    """
    assert due(story) == "Tue 07 12:00"


def test_the_clocks_change_during_the_vacation(story: Story) -> None:
    """
    charter   acme: reply 1 day, away shifts, mon-fri 09:00-17:00 Europe/London
    away      2026-03-26 2026-03-31: Vacation
    2026-03-25 12:00 kim@acme > Can you send the quote?
    2026-03-25 13:00 now
    """
    assert due(story) == "Wed 01 12:00"
    assert story.only.due is not None
    assert story.only.due.hour == 11  # UTC


def test_days_off_are_those_of_the_users_zone(story: Story) -> None:
    """
    charter   acme: reply 2h, away shifts, mon-fri 09:00-17:00 America/New_York
    away      2026-03-09 2026-03-09: Day off
    2026-03-09 20:30 kim@acme > Can you send the quote?
    2026-03-09 21:00 now
    """
    assert due(story) == "Tue 10 15:00"  # 11:00 in New York, four hours behind London in that week


def test_a_single_day_off_between_two_working_days(story: Story) -> None:
    """
    charter   acme: reply 1 day, away shifts, mon-fri 09:00-17:00 Europe/London
    away      2026-03-04 2026-03-04: Day off
    Tue 12:00 kim@acme > Can you send the quote?
    Tue 13:00 now
    """
    assert due(story) == "Thu 05 12:00"


def test_two_vacations_move_it_twice(story: Story) -> None:
    """
    charter   acme: reply 2 days, away shifts, mon-fri 09:00-17:00 Europe/London
    away      2026-03-03 2026-03-04: Vacation
    away      2026-03-06 2026-03-06: Day off
    Mon 12:00 kim@acme > Can you send the quote?
    Mon 13:00 now
    """
    assert due(story) == "Mon 09 12:00"


def test_of_two_clients_only_the_one_whose_charter_says_so_waits(story: Story) -> None:
    """
    charter   acme: reply 2h, away shifts, mon-fri 09:00-17:00 Europe/London
    charter   birch: reply 2h
    away      2026-03-09 2026-03-13: Vacation
    2026-03-10 10:00 kim@acme > Can you send the quote?
    2026-03-10 10:00 ben@birch > Can you send the plan?
    2026-03-10 13:00 now
    """
    assert story.says == [
        "Overdue: Birch (Ben): 1 working hour late “Can you send the plan?” today 10:00, “Hello”",
        "Coming up: Acme (Kim): “Can you send the quote?” by Mon 16 Mar 11:00; today 10:00, “Hello”",
    ]


def test_the_clock_of_the_wall_takes_no_vacation(story: Story) -> None:
    """
    charter   acme: reply 4 clock hours, away shifts, mon-fri 09:00-17:00 Europe/London
    away      2026-03-09 2026-03-13: Vacation
    2026-03-10 10:00 kim@acme > Can you send the quote?
    2026-03-10 13:00 now
    """
    assert due(story) == "Tue 10 14:00"


# --- what else it moves, and what it does not ---


def test_a_promise_for_a_day_is_due_that_day_though_the_user_is_away(story: Story) -> None:
    """
    charter   acme: reply 2h, away shifts, mon-fri 09:00-17:00 Europe/London
    away      2026-03-09 2026-03-13: Vacation
    2026-03-06 10:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    2026-03-12 10:00 now
    """
    assert due(story) == "Wed 11 17:00"
    assert story.states == ["promise overdue"]


@pytest.mark.parametrize(
    ("shifts", "states"), [("away shifts", ["Fri 06 kept"]), ("away stays", ["Fri 06 kept", "Mon 09 overdue"])]
)
def test_a_daily_report_is_not_owed_on_days_off_that_count_as_none(shifts: str, states: list[str]) -> None:
    story = tell(
        f"""
        charter     acme: {shifts}, mon-fri 09:00-17:00 Europe/London
        deliverable acme: Daily report every day by 16:00 subject daily report
        away        2026-03-09 2026-03-09: Day off
        2026-03-06 10:00 dana > All went well. [to kim@acme] [new thread: Daily report 1]
        2026-03-09 17:00 now
        """
    )
    pairs = zip(story.obligations, story.states, strict=True)
    assert [f"{o.due:%a %d} {s.partition(' ')[2]}" for o, s in pairs] == states


def test_an_invoice_due_on_vacation_moves_to_the_return(story: Story) -> None:
    """
    charter     acme: away shifts, mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 5 by 12:00 subject invoice
    away        2026-03-04 2026-03-11: Vacation
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Tue 10:00 now
    """
    assert due(story) == "Thu 12 12:00"


def test_a_colleague_who_covers_delivers_and_answers(story: Story) -> None:
    """
    charter     acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    deliverable acme: Weekly report every week on fri by 16:00 subject weekly report
    away        2026-03-09 2026-03-13: Vacation
    2026-03-09 09:00 kim@acme > Can you send the quote? [new thread: Quote]
    2026-03-09 10:00 lee > Here it is. [attach: quote.pdf]
    2026-03-13 15:00 lee > All went well. [to kim@acme] [new thread: Weekly report]
    2026-03-13 17:00 now
    """
    assert sorted(story.states) == ["deliverable kept", "reply kept"]


def test_the_users_own_absence_note_answers_nothing(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    away      2026-03-09 2026-03-13: Vacation
    2026-03-10 10:00 kim@acme > Can you send the quote?
    2026-03-10 10:01 dana > I am away until 13 March; I will answer your mail when I am back. [auto-submitted]
    2026-03-10 13:00 now
    """
    assert story.states == ["reply overdue"]


def test_contact_and_feedback_wait_for_the_return(story: Story) -> None:
    """
    charter   acme: contact 2 days, feedback 2 days, away shifts, mon-fri 09:00-17:00 Europe/London
    client    acme: stage onboarding
    away      2026-03-09 2026-03-13: Vacation
    2026-03-06 10:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
    2026-03-11 10:00 now
    """
    assert [f"{o.kind.value} {o.due:%a %d}" for o in story.obligations] == ["feedback Tue 17", "touch_base Tue 17"]


def test_the_manager_hears_of_it_after_the_return(story: Story) -> None:
    """
    charter   acme: reply 2h, escalate 4h, away shifts, mon-fri 09:00-17:00 Europe/London
    away      2026-03-09 2026-03-13: Vacation
    2026-03-06 13:00 kim@acme > Can you send the quote?
    2026-03-06 16:00 now
    """
    assert f"{story.only.escalates:%a %d %H:%M}" == "Mon 16 11:00"


@pytest.mark.parametrize(("shifts", "state"), [("away shifts", "reply overdue"), ("away stays", "reply missed")])
def test_what_is_overdue_is_not_given_up_during_a_vacation_that_counts_as_none(shifts: str, state: str) -> None:
    story = tell(
        f"""
        charter   acme: reply 2h, {shifts}, mon-fri 09:00-17:00 Europe/London
        away      2026-03-09 2026-03-13: Vacation
        Mon 09:00 kim@acme > Can you send the quote?
        2026-03-17 10:00 now
        """
    )
    assert story.states == [state]


def test_answered_on_the_day_of_the_return_is_no_infraction(story: Story) -> None:
    """
    charter   acme: reply 2h, away shifts, mon-fri 09:00-17:00 Europe/London
    away      2026-03-09 2026-03-13: Vacation
    2026-03-10 10:00 kim@acme > Can you send the quote?
    2026-03-16 10:30 dana > Here it is. [attach: quote.pdf]
    2026-03-16 12:00 now
    """
    assert (story.states, story.infractions) == (["reply kept"], [])


def test_a_vacation_does_not_make_it_grave(story: Story) -> None:
    """
    charter   acme: reply 2h, away shifts, mon-fri 09:00-17:00 Europe/London
    recovery  acme: grave 3 days
    away      2026-03-09 2026-03-13: Vacation
    2026-03-06 12:00 kim@acme > Can you send the quote?
    2026-03-17 12:00 dana > Here it is. [attach: quote.pdf]
    2026-03-17 13:00 now
    """
    assert (story.infractions, story.recovery) == (["reply late"], None)


def test_a_recovery_meeting_waits_for_the_return(story: Story) -> None:
    """
    charter   acme: reply 2h, away shifts, mon-fri 09:00-17:00 Europe/London
    recovery  acme: infractions 1
    away      2026-03-09 2026-03-13: Vacation
    business  acme
    2026-03-06 09:00 kim@acme > Can you send the quote?
    2026-03-06 12:00 dana > Here it is. [attach: quote.pdf]
    2026-03-06 13:00 now
    """
    assert [f"{o.due:%a %d}" for o in story.obligations if o.kind == "meeting"] == ["Fri 20"]


@pytest.mark.parametrize(
    "event",
    [
        "2026-03-10 09:00-17:00 meeting with lee: Vacation",
        "2026-03-10 09:00-12:00 meeting: Vacation",
        "2026-03-10 09:00-17:00 meeting: Vacation [cancelled]",
        "2026-03-10 09:00-17:00 meeting: Lee on vacation",
        "2026-03-10 09:00-17:00 meeting: Holiday campaign for Birch",
    ],
)
def test_what_is_no_day_off_of_the_user_moves_nothing(event: str) -> None:
    story = tell(
        f"""
        charter   acme: reply 2h, away shifts, mon-fri 09:00-17:00 Europe/London
        {event}
        2026-03-10 13:00 kim@acme > Can you send the quote?
        2026-03-10 16:00 now
        """
    )
    assert due(story) == "Tue 10 15:00"


def test_a_working_day_that_is_blocked_from_morning_to_evening_is_a_day_off(story: Story) -> None:
    """
    charter   acme: reply 2h, away shifts, mon-fri 09:00-17:00 Europe/London
    2026-03-10 09:00-17:00 meeting: Vacation
    2026-03-10 13:00 kim@acme > Can you send the quote?
    2026-03-10 16:00 now
    """
    assert due(story) == "Wed 11 11:00"
