"""Stories of contact at least so often: what counts, over which days, by whose word, and under which version of the charter."""

from __future__ import annotations

import pytest
from story import Story, tell

# --- what counts ---


def test_five_working_days_without_contact_are_too_many(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-09 12:00 now
    """
    assert story.says == ["Overdue: Acme: 2 working hours late Get in touch with Acme agreed standard: contact"]


def test_a_contact_cadence_that_nobody_named_owes_nothing(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-05-04 12:00 now
    """
    assert story.states == []


def test_the_clients_own_mail_is_contact(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 10:00 kim@acme > Thanks, the samples came.
    2026-03-12 12:00 now
    """
    assert story.of("touch_base") == ["Mon 9 kept", "Fri 13 due_soon"]


def test_a_colleagues_mail_is_contact(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 10:00 lee > The van comes at noon. [to kim@acme] [cc dana]
    2026-03-10 12:00 now
    """
    assert story.of("touch_base") == ["Mon 9 kept", "Fri 13 open"]


@pytest.mark.parametrize(
    "line",
    [
        "Fri 10:00 kim@acme > I am out of the office until 23 March. [auto-submitted]",
        "Fri 10:00 kim@acme > Our spring news. [list] [new thread: News]",
        "Fri 10:00 kim@acme > Please send the money. [dmarc fail]",
        "Fri 10:00 dana > All is well. [to kim@acme] [draft]",
        "Fri 10:00 dana > All is well. [to kim@acme] [kept]",
        "Fri 10:00 dana > I am on holiday. [to kim@acme] [auto-submitted]",
        "Fri 10:00 dana > All is well. [to ben@birch]",
    ],
)
def test_what_no_person_wrote_to_the_other_is_no_contact(line: str) -> None:
    story = tell(
        f"""
        charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
        charter   birch: reply 1 day
        Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
        {line}
        2026-03-10 12:00 now
        """
    )
    assert story.of("touch_base") == ["Mon 9 overdue"]


def test_a_meeting_is_contact(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 14:00-15:00 meeting with kim@acme: Site visit
    2026-03-10 12:00 now
    """
    assert story.of("touch_base") == ["Mon 9 kept", "Fri 13 open"]


@pytest.mark.parametrize(
    "line",
    [
        "Fri 14:00-15:00 meeting with kim@acme: Site visit [cancelled]",
        "Fri 14:00-15:00 meeting with kim@acme: Site visit [declined]",
        "Fri 14:00-15:00 meeting with lee: Acme, what next",
        "Fri 14:00-15:00 meeting: Prepare Acme visit",
        "2026-03-20 14:00-15:00 meeting with kim@acme: Site visit",
    ],
)
def test_a_meeting_that_did_not_take_place_with_them_is_no_contact(line: str) -> None:
    story = tell(
        f"""
        charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
        Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
        {line}
        2026-03-21 12:00 now
        """
    )
    assert story.at("2026-03-10 12:00").of("touch_base") == ["Mon 9 overdue"]


def test_contact_too_late_is_an_infraction_and_begins_the_next_span(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-11 10:00 dana > The van comes at noon. [to kim@acme]
    2026-03-12 12:00 now
    """
    assert story.of("touch_base") == ["Mon 9 kept_late", "Wed 18 open"]
    assert story.infractions == ["touch_base late"]


def test_daily_contact_makes_no_obligation_of_each_mail(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Tue 10:00 kim@acme > Thanks, the samples came.
    Wed 10:00 dana > The van comes at noon. [to kim@acme]
    Thu 10:00 kim@acme > Thanks, it came.
    Thu 12:00 now
    """
    assert story.of("touch_base") == ["Mon 9 kept", "Thu 12 open"]


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("call made to +44 20 7946 0018", ["Mon 9 kept", "Fri 13 open"]),
        ("missed call from +44 20 7946 0018", ["Mon 9 overdue"]),
        ("call made to +44 20 7946 0099", ["Mon 9 overdue"]),
    ],
)
def test_a_call_in_which_they_were_reached_is_contact(call: str, found: list[str]) -> None:
    story = tell(
        f"""
        charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
        client    acme: phone +442079460018
        Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
        Fri 10:00 {call}
        2026-03-10 12:00 now
        """
    )
    assert story.of("touch_base") == found


# --- weekends, holidays, clocks ---


def test_contact_counts_over_weekends_and_holidays(story: Story) -> None:
    """
    charter   acme: contact 2 days, mon-fri 09:00-17:00 Europe/London
    holidays  2026-04-03 2026-04-06
    2026-04-02 15:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-04-08 14:00 now
    """
    assert story.of("touch_base") == ["Wed 8 due_soon"]


def test_contact_at_the_weekend_counts_from_monday(story: Story) -> None:
    """
    charter   acme: contact 1 day, mon-fri 09:00-17:00 Europe/London
    2026-03-07 15:00 kim@acme > Thanks, the samples came.
    2026-03-10 09:30 now
    """
    assert story.of("touch_base") == ["Tue 10 overdue"]
    assert story.at("2026-03-10 08:59").of("touch_base") == ["Tue 10 due_soon"]


def test_a_week_is_the_same_time_of_day_though_the_clocks_changed(story: Story) -> None:
    """
    charter   acme: contact 1 week, mon-fri 09:00-17:00 Europe/London
    2026-03-26 15:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-04-02 15:00 now
    """
    assert f"{story.only.due:%d %H:%M}" == "02 14:00"  # UTC
    assert story.of("touch_base") == ["Thu 2 due_soon"]


def test_the_users_clocks_count_where_the_clients_change_on_another_day(story: Story) -> None:
    """
    charter   acme: contact 1 week, mon-fri 09:00-17:00 Europe/London
    client    acme: hours mon-fri 09:00-17:00 America/New_York
    2026-03-05 15:00 kim@acme > Thanks, the samples came. [zone America/New_York]
    2026-03-12 15:01 now
    """
    assert story.of("touch_base") == ["Thu 12 overdue"]


# --- the user's word, and what was given up ---


def test_a_call_on_the_mobile_is_contact_by_the_users_word(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-06 10:00 done touch_base
    2026-03-16 10:00 now
    """
    assert story.of("touch_base") == ["Mon 9 kept", "Fri 13 overdue"]


def test_a_word_that_was_taken_back_is_no_contact(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-06 10:00 done touch_base
    2026-03-06 10:01 undo touch_base
    2026-03-10 10:00 now
    """
    assert story.of("touch_base") == ["Mon 9 overdue"]


def test_waived_this_time_is_owed_the_next_time(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-10 10:00 waive touch_base
    2026-03-18 10:00 now
    """
    assert story.of("touch_base") == ["Mon 9 waived", "Tue 17 overdue"]
    assert story.infractions == []


def test_a_client_nobody_writes_to_is_not_forgotten_after_the_first_miss(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-31 12:00 now
    """
    assert story.of("touch_base") == ["Mon 9 missed", "Mon 30 overdue"]
    assert story.at("2026-03-23 09:59").of("touch_base") == ["Mon 9 overdue"]
    assert story.at("2026-03-23 10:00").of("touch_base") == ["Mon 9 missed", "Mon 30 open"]


def test_what_was_missed_stays_missed_though_there_was_contact_at_last(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-25 10:00 dana > The van comes at noon. [to kim@acme]
    2026-03-31 12:00 now
    """
    assert story.of("touch_base") == ["Mon 9 missed", "Mon 30 kept", "Wed 1 due_soon"]


def test_what_is_snoozed_is_not_given_up_meanwhile(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-10 10:00 snooze touch_base until 2026-04-10 09:00
    2026-04-08 12:00 now
    """
    assert story.of("touch_base") == ["Mon 9 snoozed"]


def test_a_lost_client_is_owed_no_contact_and_no_meeting(story: Story) -> None:
    """
    charter   acme: contact 5 days, meeting 1 week, mon-fri 09:00-17:00 Europe/London
    client    acme: stage lost
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-31 12:00 now
    """
    assert story.states == []


# --- versions of the charter ---


def test_a_cadence_switched_on_is_owed_from_that_day_though_nobody_wrote_since(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-16: contact 5 days
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-24 12:00 now
    """
    assert story.of("touch_base") == ["Mon 23 overdue"]


def test_a_cadence_switched_off_asks_for_nothing_that_was_not_due_yet(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-05: contact off
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-24 12:00 now
    """
    assert story.of("touch_base") == []
    assert story.at("2026-03-04 10:00").of("touch_base") == []  # it was agreed by then that it ends


def test_what_was_due_before_the_cadence_was_switched_off_stays_owed(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-11: contact off
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-12 12:00 now
    """
    assert story.of("touch_base") == ["Mon 9 overdue"]


def test_a_cadence_switched_off_and_on_again_begins_anew(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-05: contact off
    charter   acme from 2026-03-16: contact 2 days
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-18 10:00 now
    """
    assert story.of("touch_base") == ["Wed 18 overdue"]


def test_a_closer_cadence_counts_from_its_own_start(story: Story) -> None:
    """
    charter   acme: contact 3 months, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-16: contact 1 week
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-24 12:00 now
    """
    assert story.of("touch_base") == ["Mon 23 overdue"]


def test_a_wider_cadence_leaves_the_span_that_has_begun(story: Story) -> None:
    """
    charter   acme: contact 1 week, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-05: contact 3 months
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-10 12:00 dana > The van comes at noon. [to kim@acme]
    2026-03-24 12:00 now
    """
    assert story.of("touch_base") == ["Mon 9 kept_late", "Wed 10 open"]


def test_contact_before_the_first_day_counts_for_nothing(story: Story) -> None:
    """
    charter   acme: contact 2 days, since 2026-03-09 00:00, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-10 10:00 dana > The van comes at noon. [to kim@acme]
    2026-03-13 10:00 now
    """
    assert story.of("touch_base") == ["Wed 4 kept_late", "Thu 12 overdue"]
    assert [o.counts for o in story.obligations] == [False, True]
    assert story.infractions == []
