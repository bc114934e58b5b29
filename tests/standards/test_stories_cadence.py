"""Stories of what happens at least so often: contact and operations meetings; and of the question after the first delivery."""

from __future__ import annotations

import pytest
from story import Story, tell


def of(story: Story, kind: str) -> list[str]:
    """`Mon 9 kept`: the due day of each obligation of a kind and how it stands."""
    pairs = zip(story.obligations, story.states, strict=True)
    return [f"{o.due:%a} {o.due.day} {s.partition(' ')[2]}" for o, s in pairs if o.kind.value == kind and o.due]


def touch(story: Story) -> list[str]:
    """The contacts."""
    return of(story, "touch_base")


def meetings(story: Story) -> list[str]:
    """The operations meetings."""
    return of(story, "meeting")


# --- contact: what counts ---


def test_five_working_days_without_contact_are_too_many(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-09 12:00 now
    """
    assert story.says == ["Overdue: Acme: 2 working hours late Get in touch with Acme agreed standard: contact; due today 10:00"]


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
    assert touch(story) == ["Mon 9 kept", "Fri 13 due_soon"]


def test_a_colleagues_mail_is_contact(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 10:00 lee > The van comes at noon. [to kim@acme] [cc dana]
    2026-03-10 12:00 now
    """
    assert touch(story) == ["Mon 9 kept", "Fri 13 open"]


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
    assert touch(story) == ["Mon 9 overdue"]


def test_a_meeting_is_contact(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 14:00-15:00 meeting with kim@acme: Site visit
    2026-03-10 12:00 now
    """
    assert touch(story) == ["Mon 9 kept", "Fri 13 open"]


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
    assert touch(story.at("2026-03-10 12:00")) == ["Mon 9 overdue"]


def test_contact_too_late_is_an_infraction_and_begins_the_next_span(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-11 10:00 dana > The van comes at noon. [to kim@acme]
    2026-03-12 12:00 now
    """
    assert touch(story) == ["Mon 9 kept_late", "Wed 18 open"]
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
    assert touch(story) == ["Mon 9 kept", "Thu 12 open"]


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
    assert touch(story) == found


# --- contact: weekends, holidays, clocks ---


def test_contact_counts_over_weekends_and_holidays(story: Story) -> None:
    """
    charter   acme: contact 2 days, mon-fri 09:00-17:00 Europe/London
    holidays  2026-04-03 2026-04-06
    2026-04-02 15:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-04-08 14:00 now
    """
    assert touch(story) == ["Wed 8 due_soon"]


def test_contact_at_the_weekend_counts_from_monday(story: Story) -> None:
    """
    charter   acme: contact 1 day, mon-fri 09:00-17:00 Europe/London
    2026-03-07 15:00 kim@acme > Thanks, the samples came.
    2026-03-10 09:30 now
    """
    assert touch(story) == ["Tue 10 overdue"]
    assert touch(story.at("2026-03-10 08:59")) == ["Tue 10 due_soon"]


def test_a_week_is_the_same_time_of_day_though_the_clocks_changed(story: Story) -> None:
    """
    charter   acme: contact 1 week, mon-fri 09:00-17:00 Europe/London
    2026-03-26 15:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-04-02 15:00 now
    """
    assert f"{story.only.due:%d %H:%M}" == "02 14:00"  # UTC
    assert touch(story) == ["Thu 2 due_soon"]


def test_the_users_clocks_count_where_the_clients_change_on_another_day(story: Story) -> None:
    """
    charter   acme: contact 1 week, mon-fri 09:00-17:00 Europe/London
    client    acme: hours mon-fri 09:00-17:00 America/New_York
    2026-03-05 15:00 kim@acme > Thanks, the samples came. [zone America/New_York]
    2026-03-12 15:01 now
    """
    assert touch(story) == ["Thu 12 overdue"]


# --- contact: the user's word, and what was given up ---


def test_a_call_on_the_mobile_is_contact_by_the_users_word(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-06 10:00 done touch_base
    2026-03-16 10:00 now
    """
    assert touch(story) == ["Mon 9 kept", "Fri 13 overdue"]


def test_a_word_that_was_taken_back_is_no_contact(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-06 10:00 done touch_base
    2026-03-06 10:01 undo touch_base
    2026-03-10 10:00 now
    """
    assert touch(story) == ["Mon 9 overdue"]


def test_waived_this_time_is_owed_the_next_time(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-10 10:00 waive touch_base
    2026-03-18 10:00 now
    """
    assert touch(story) == ["Mon 9 waived", "Tue 17 overdue"]
    assert story.infractions == []


def test_a_client_nobody_writes_to_is_not_forgotten_after_the_first_miss(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-31 12:00 now
    """
    assert touch(story) == ["Mon 9 missed", "Mon 30 overdue"]
    assert touch(story.at("2026-03-23 09:59")) == ["Mon 9 overdue"]
    assert touch(story.at("2026-03-23 10:00")) == ["Mon 9 missed", "Mon 30 open"]


def test_what_was_missed_stays_missed_though_there_was_contact_at_last(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-25 10:00 dana > The van comes at noon. [to kim@acme]
    2026-03-31 12:00 now
    """
    assert touch(story) == ["Mon 9 missed", "Mon 30 kept", "Wed 1 due_soon"]


def test_what_is_snoozed_is_not_given_up_meanwhile(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-10 10:00 snooze touch_base until 2026-04-10 09:00
    2026-04-08 12:00 now
    """
    assert touch(story) == ["Mon 9 snoozed"]


def test_a_lost_client_is_owed_no_contact_and_no_meeting(story: Story) -> None:
    """
    charter   acme: contact 5 days, meeting 1 week, mon-fri 09:00-17:00 Europe/London
    client    acme: stage lost
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-31 12:00 now
    """
    assert story.states == []


# --- contact and meetings in versions of the charter ---


def test_a_cadence_switched_on_is_owed_from_that_day_though_nobody_wrote_since(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-16: contact 5 days
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-24 12:00 now
    """
    assert touch(story) == ["Mon 23 overdue"]


def test_a_cadence_switched_off_asks_for_nothing_that_was_not_due_yet(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-05: contact off
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-24 12:00 now
    """
    assert touch(story) == []
    assert touch(story.at("2026-03-04 10:00")) == []  # it was agreed by then that it ends


def test_what_was_due_before_the_cadence_was_switched_off_stays_owed(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-11: contact off
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-12 12:00 now
    """
    assert touch(story) == ["Mon 9 overdue"]


def test_a_cadence_switched_off_and_on_again_begins_anew(story: Story) -> None:
    """
    charter   acme: contact 5 days, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-05: contact off
    charter   acme from 2026-03-16: contact 2 days
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-18 10:00 now
    """
    assert touch(story) == ["Wed 18 overdue"]


def test_a_closer_cadence_counts_from_its_own_start(story: Story) -> None:
    """
    charter   acme: contact 3 months, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-16: contact 1 week
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-24 12:00 now
    """
    assert touch(story) == ["Mon 23 overdue"]


def test_a_wider_cadence_leaves_the_span_that_has_begun(story: Story) -> None:
    """
    charter   acme: contact 1 week, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-05: contact 3 months
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-10 12:00 dana > The van comes at noon. [to kim@acme]
    2026-03-24 12:00 now
    """
    assert touch(story) == ["Mon 9 kept_late", "Wed 10 open"]


def test_contact_before_the_first_day_counts_for_nothing(story: Story) -> None:
    """
    charter   acme: contact 2 days, since 2026-03-09 00:00, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-10 10:00 dana > The van comes at noon. [to kim@acme]
    2026-03-13 10:00 now
    """
    assert touch(story) == ["Wed 4 kept_late", "Thu 12 overdue"]
    assert [o.counts for o in story.obligations] == [False, True]
    assert story.infractions == []


# --- operations meetings ---


def test_a_meeting_every_week_is_owed_though_mails_go_to_and_fro(story: Story) -> None:
    """
    charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 10:00 kim@acme > Thanks, the samples came.
    2026-03-09 12:00 now
    """
    assert story.says == [
        "Overdue: Acme (Kim): 2 working hours late Operations meeting with Acme agreed standard: meeting; due today 10:00"
    ]


def test_a_meeting_that_took_place_begins_the_next_week(story: Story) -> None:
    """
    charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Thu 10:00-11:00 meeting with kim@acme: Jour fixe
    2026-03-13 12:00 now
    """
    assert meetings(story) == ["Mon 9 kept", "Thu 12 overdue"]


def test_a_meeting_is_held_only_when_it_is_over(story: Story) -> None:
    """
    charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Thu 10:00-11:00 meeting with kim@acme: Jour fixe
    2026-03-05 09:59 now
    """
    assert meetings(story) == ["Mon 9 open"]
    assert [(e.type.value, e.strength.value) for e in story.only.evidence] == [("charter", "strong"), ("event", "weak")]
    assert meetings(story.at("2026-03-05 11:00")) == ["Mon 9 kept", "Thu 12 open"]


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
    assert meetings(story) == ["Mon 9 overdue"]
    assert not any(e.type == "event" for e in story.at("Wed 10:00").only.evidence)


def test_a_meeting_moved_past_the_week_is_late(story: Story) -> None:
    """
    charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Thu 10:00-11:00 meeting with kim@acme: Jour fixe [cancelled]
    2026-03-10 10:00-11:00 meeting with kim@acme: Jour fixe [booked Thu 09:00]
    2026-03-11 12:00 now
    """
    assert meetings(story) == ["Mon 9 kept_late", "Tue 17 open"]
    assert meetings(story.at("2026-03-09 12:00")) == ["Mon 9 overdue"]


def test_a_meeting_moved_within_the_week_is_kept(story: Story) -> None:
    """
    charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Tue 10:00-11:00 meeting with kim@acme: Jour fixe [cancelled]
    Fri 10:00-11:00 meeting with kim@acme: Jour fixe
    2026-03-09 12:00 now
    """
    assert meetings(story) == ["Mon 9 kept", "Fri 13 open"]


def test_a_review_is_a_meeting_as_well(story: Story) -> None:
    """
    charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 10:00-11:00 meeting with kim@acme: Quarterly review
    2026-03-09 12:00 now
    """
    assert meetings(story) == ["Mon 9 kept", "Fri 13 open"]


def test_of_two_meetings_in_a_week_the_later_one_begins_the_next(story: Story) -> None:
    """
    charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Tue 10:00-11:00 meeting with kim@acme: Jour fixe
    Fri 10:00-11:00 meeting with sam@acme: Second line
    2026-03-12 12:00 now
    """
    assert meetings(story) == ["Mon 9 kept", "Fri 13 due_soon"]


def test_a_meeting_of_which_the_calendar_knows_nothing_is_done_by_the_users_word(story: Story) -> None:
    """
    charter   acme: meeting 1 week, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Thu 12:00 done meeting
    2026-03-13 12:00 now
    """
    assert meetings(story) == ["Mon 9 kept", "Thu 12 overdue"]


def test_a_monthly_meeting_that_is_never_held_is_missed_again_and_again(story: Story) -> None:
    """
    charter   acme: meeting 1 month, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-05-20 12:00 now
    """
    assert meetings(story) == ["Thu 2 missed", "Sat 16 overdue"]


def test_a_meeting_due_in_a_month_of_fewer_days_is_due_on_its_last(story: Story) -> None:
    """
    charter   acme: meeting 1 month, mon-fri 09:00-17:00 Europe/London
    start 2026-01-30
    2026-01-30 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-02-20 12:00 now
    """
    assert meetings(story) == ["Sat 28 open"]


def test_the_recovery_meeting_is_an_operations_meeting_as_well(story: Story) -> None:
    """
    charter   acme: reply 2h, meeting 1 week, mon-fri 09:00-17:00 Europe/London
    recovery  acme: infractions 1
    Mon 09:00 kim@acme > Can you send the quote?
    Mon 14:00 dana > Here it is. [attach: quote.pdf]
    Wed 10:00-11:00 meeting with kim@acme: What went wrong
    Wed 12:00 now
    """
    assert sorted(meetings(story)) == ["Mon 9 kept", "Mon 9 kept", "Wed 11 open"]


# --- feedback ---


def test_after_the_first_delivery_the_client_is_asked(story: Story) -> None:
    """
    charter   acme: feedback 5 days, mon-fri 09:00-17:00 Europe/London
    client    acme: stage onboarding
    Mon 10:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
    2026-03-09 12:00 now
    """
    assert of(story, "feedback") == ["Mon 9 overdue"]
    assert story.only.contact == "kim@acme.example"


@pytest.mark.parametrize(
    "line",
    [
        "Thu 10:00 dana > How is the report working for you?",
        "Thu 10:00 lee > Are you happy with the first report? [to kim@acme]",
        "Thu 10:00 dana > Is your team happy with the report?",
        "Thu 10:00 dana > I would love to have your feedback on it.",
        "Thu 10:00 dana > I hope you are pleased with the report.",
        "Thu 10:00 kim@acme > Thanks. The new form works well for us.",
        "Thu 10:00 kim@acme > We are very happy with the report.",
        "Thu 10:00 kim@acme > Page two of the report is wrong, and the totals are missing.",
        "Thu 10:00 sam@acme > Great job, the report works perfectly.",
    ],
)
def test_feedback_was_asked_for_or_heard_unasked(line: str) -> None:
    story = tell(
        f"""
        charter   acme: feedback 5 days, reply off, mon-fri 09:00-17:00 Europe/London
        client    acme: stage onboarding
        Mon 10:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
        {line}
        2026-03-09 12:00 now
        """
    )
    assert of(story, "feedback") == ["Mon 9 kept"]


@pytest.mark.parametrize(
    "line",
    [
        "Thu 10:00 dana > The van comes at noon.",
        "Thu 10:00 kim@acme > Thanks, I got it.",
        "Thu 10:00 kim@acme > I am out of the office. Great job everybody! [auto-submitted]",
        "Thu 10:00 dana > How is the report working for you? [draft]",
        "Thu 10:00 dana > I am happy with that price. [to kim@acme]",
        "Thu 10:00 dana > How are you? The van comes at noon and brings it.",
        "Thu 10:00 kim@acme > Thursday at ten works well for us.",
        "Thu 10:00 kim@acme > I would be happy with that.",
        "Thu 10:00 dana > How did you get on with the plan? [to ben@birch] [new thread: Plan]",
    ],
)
def test_what_is_about_something_else_is_no_feedback(line: str) -> None:
    story = tell(
        f"""
        charter   acme: feedback 5 days, reply off, mon-fri 09:00-17:00 Europe/London
        charter   birch: reply off
        client    acme: stage onboarding
        Mon 10:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
        {line}
        2026-03-09 12:00 now
        """
    )
    assert of(story, "feedback") == ["Mon 9 overdue"]


def test_a_meeting_afterwards_may_have_been_about_it(story: Story) -> None:
    """
    charter   acme: feedback 5 days, mon-fri 09:00-17:00 Europe/London
    client    acme: stage onboarding
    Mon 10:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
    Thu 10:00-11:00 meeting with kim@acme: Jour fixe
    2026-03-09 12:00 now
    """
    assert of(story, "feedback") == ["Mon 9 overdue"]
    assert [(e.type.value, e.strength.value) for e in story.only.evidence][1:] == [("event", "weak")]


def test_only_the_first_delivery_is_asked_about(story: Story) -> None:
    """
    charter   acme: feedback 5 days, mon-fri 09:00-17:00 Europe/London
    client    acme: stage onboarding
    Mon 10:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
    Wed 10:00 dana > Here is the second report. [to kim@acme] [attach: report2.pdf]
    Thu 10:00 dana > What do you think of the reports?
    2026-03-16 12:00 dana > Here is the third report. [to kim@acme] [attach: report3.pdf]
    2026-03-31 12:00 now
    """
    assert of(story, "feedback") == ["Mon 9 kept"]


@pytest.mark.parametrize(
    ("about", "due"), [("stage established", []), ("stage prospect", []), ("stage lost", []), ("won 2026-03-01", ["Mon 9 open"])]
)
def test_a_long_established_client_and_a_prospect_are_not_asked(about: str, due: list[str]) -> None:
    story = tell(
        f"""
        charter   acme: feedback 5 days, mon-fri 09:00-17:00 Europe/London
        client    acme: {about}
        Mon 10:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
        Wed 12:00 now
        """
    )
    assert of(story, "feedback") == due


def test_what_was_sent_before_they_were_won_was_no_delivery(story: Story) -> None:
    """
    charter   acme: feedback 5 days, mon-fri 09:00-17:00 Europe/London
    client    acme: won 2026-03-11
    Mon 10:00 dana > Here is the quote. [to kim@acme] [attach: quote.pdf]
    2026-03-12 10:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
    2026-03-13 10:00 now
    """
    assert of(story, "feedback") == ["Thu 19 open"]


def test_feedback_counts_over_a_holiday_and_the_weekend(story: Story) -> None:
    """
    charter   acme: feedback 2 days, mon-fri 09:00-17:00 Europe/London
    client    acme: stage onboarding
    holidays  2026-04-03 2026-04-06
    2026-04-02 15:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
    2026-04-07 10:00 now
    """
    assert of(story, "feedback") == ["Wed 8 open"]


def test_feedback_switched_off_is_not_owed_and_judged_by_the_day_of_delivery(story: Story) -> None:
    """
    charter   acme: feedback off, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-09: feedback 2 days
    client    acme: stage onboarding
    Mon 10:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
    2026-03-20 10:00 now
    """
    assert of(story, "feedback") == []


def test_asked_too_late_is_late(story: Story) -> None:
    """
    charter   acme: feedback 2 days, mon-fri 09:00-17:00 Europe/London
    client    acme: stage onboarding
    Mon 10:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
    Fri 10:00 dana > How are you getting on with it?
    Fri 12:00 now
    """
    assert story.infractions == ["feedback late"]
