"""Stories of operations meetings: how often, what counts as one, and when it is over."""

from __future__ import annotations

import pytest
from story import Story, tell


def test_a_meeting_every_week_is_owed_though_mails_go_to_and_fro(story: Story) -> None:
    """
    charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 10:00 kim@acme > Thanks, the samples came.
    2026-03-09 12:00 now
    """
    assert story.says == ["Overdue: Acme (Kim): 2 working hours late Operations meeting with Acme agreed standard: meeting"]


def test_a_meeting_that_took_place_begins_the_next_week(story: Story) -> None:
    """
    charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Thu 10:00-11:00 meeting with kim@acme: Jour fixe
    2026-03-13 12:00 now
    """
    assert story.of("meeting") == ["Mon 9 kept", "Thu 12 overdue"]


def test_a_meeting_is_held_only_when_it_is_over(story: Story) -> None:
    """
    charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Thu 10:00-11:00 meeting with kim@acme: Jour fixe
    2026-03-05 09:59 now
    """
    assert story.of("meeting") == ["Mon 9 open"]
    assert [(e.type.value, e.strength.value) for e in story.only.evidence] == [("charter", "strong"), ("event", "weak")]
    assert story.at("2026-03-05 11:00").of("meeting") == ["Mon 9 kept", "Thu 12 open"]


@pytest.mark.parametrize("option", ["[cancelled]", "[declined]"])
def test_a_cancelled_or_declined_meeting_keeps_and_promises_nothing(option: str) -> None:
    story = tell(
        f"""
        charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
        Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
        Thu 10:00-11:00 meeting with kim@acme: Jour fixe {option}
        2026-03-09 12:00 now
        """
    )
    assert story.of("meeting") == ["Mon 9 overdue"]
    assert not any(e.type == "event" for e in story.at("Wed 10:00").only.evidence)


def test_a_meeting_moved_past_the_week_is_late(story: Story) -> None:
    """
    charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Thu 10:00-11:00 meeting with kim@acme: Jour fixe [cancelled]
    2026-03-10 10:00-11:00 meeting with kim@acme: Jour fixe [booked Thu 09:00]
    2026-03-11 12:00 now
    """
    assert story.of("meeting") == ["Mon 9 kept_late", "Tue 17 open"]
    assert story.at("2026-03-09 12:00").of("meeting") == ["Mon 9 overdue"]


def test_a_meeting_moved_within_the_week_is_kept(story: Story) -> None:
    """
    charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Tue 10:00-11:00 meeting with kim@acme: Jour fixe [cancelled]
    Fri 10:00-11:00 meeting with kim@acme: Jour fixe
    2026-03-09 12:00 now
    """
    assert story.of("meeting") == ["Mon 9 kept", "Fri 13 open"]


def test_a_review_is_a_meeting_as_well(story: Story) -> None:
    """
    charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 10:00-11:00 meeting with kim@acme: Quarterly review
    2026-03-09 12:00 now
    """
    assert story.of("meeting") == ["Mon 9 kept", "Fri 13 open"]


def test_of_two_meetings_in_a_week_the_later_one_begins_the_next(story: Story) -> None:
    """
    charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Tue 10:00-11:00 meeting with kim@acme: Jour fixe
    Fri 10:00-11:00 meeting with sam@acme: Second line
    2026-03-12 12:00 now
    """
    assert story.of("meeting") == ["Mon 9 kept", "Fri 13 due_soon"]


def test_a_meeting_of_which_the_calendar_knows_nothing_is_done_by_the_users_word(story: Story) -> None:
    """
    charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Thu 12:00 done meeting
    2026-03-13 12:00 now
    """
    assert story.of("meeting") == ["Mon 9 kept", "Thu 12 overdue"]


def test_a_monthly_meeting_that_is_never_held_is_missed_again_and_again(story: Story) -> None:
    """
    charter   acme: meeting 1 month, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-05-20 12:00 now
    """
    assert story.of("meeting") == ["Thu 2 missed", "Sat 16 overdue"]


def test_a_meeting_due_in_a_month_of_fewer_days_is_due_on_its_last(story: Story) -> None:
    """
    charter   acme: meeting 1 month, mon-fri 09:00-17:00 Europe/London
    start 2026-01-30
    2026-01-30 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-02-20 12:00 now
    """
    assert story.of("meeting") == ["Sat 28 open"]


def test_the_recovery_meeting_is_an_operations_meeting_as_well(story: Story) -> None:
    """
    charter   acme: reply 2h, meeting 1 week, mon-fri 09:00-17:00 Europe/London
    recovery  acme: infractions 1
    Mon 09:00 kim@acme > Can you send the quote?
    Mon 14:00 dana > Here it is. [attach: quote.pdf]
    Wed 10:00-11:00 meeting with kim@acme: What went wrong
    Wed 12:00 now
    """
    assert sorted(story.of("meeting")) == ["Mon 9 kept", "Mon 9 kept", "Wed 11 open"]
