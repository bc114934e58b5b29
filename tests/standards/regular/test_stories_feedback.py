"""Stories of the question after the first delivery: who is asked, when, and what counts as having asked."""

from __future__ import annotations

import pytest
from story import Story, tell


def test_after_the_first_delivery_the_client_is_asked(story: Story) -> None:
    """
    charter   acme: feedback 5 days, mon-fri 09:00-17:00 Europe/London
    client    acme: stage onboarding
    Mon 10:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
    2026-03-09 12:00 now
    """
    assert story.of("feedback") == ["Mon 9 overdue"]
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
    assert story.of("feedback") == ["Mon 9 kept"]


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
    assert story.of("feedback") == ["Mon 9 overdue"]


def test_a_meeting_afterwards_may_have_been_about_it(story: Story) -> None:
    """
    charter   acme: feedback 5 days, mon-fri 09:00-17:00 Europe/London
    client    acme: stage onboarding
    Mon 10:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
    Thu 10:00-11:00 meeting with kim@acme: Jour fixe
    2026-03-09 12:00 now
    """
    assert story.of("feedback") == ["Mon 9 overdue"]
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
    assert story.of("feedback") == ["Mon 9 kept"]


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
    assert story.of("feedback") == due


def test_what_was_sent_before_they_were_won_was_no_delivery(story: Story) -> None:
    """
    charter   acme: feedback 5 days, mon-fri 09:00-17:00 Europe/London
    client    acme: won 2026-03-11
    Mon 10:00 dana > Here is the quote. [to kim@acme] [attach: quote.pdf]
    2026-03-12 10:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
    2026-03-13 10:00 now
    """
    assert story.of("feedback") == ["Thu 19 open"]


def test_feedback_counts_over_a_holiday_and_the_weekend(story: Story) -> None:
    """
    charter   acme: feedback 2 days, mon-fri 09:00-17:00 Europe/London
    client    acme: stage onboarding
    holidays  2026-04-03 2026-04-06
    2026-04-02 15:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
    2026-04-07 10:00 now
    """
    assert story.of("feedback") == ["Wed 8 open"]


def test_feedback_switched_off_is_not_owed_and_judged_by_the_day_of_delivery(story: Story) -> None:
    """
    charter   acme: feedback off, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-09: feedback 2 days
    client    acme: stage onboarding
    Mon 10:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
    2026-03-20 10:00 now
    """
    assert story.of("feedback") == []


def test_asked_too_late_is_late(story: Story) -> None:
    """
    charter   acme: feedback 2 days, mon-fri 09:00-17:00 Europe/London
    client    acme: stage onboarding
    Mon 10:00 dana > Here is the first report. [to kim@acme] [attach: report.pdf]
    Fri 10:00 dana > How are you getting on with it?
    Fri 12:00 now
    """
    assert story.infractions == ["feedback late"]


def test_a_talk_is_no_delivery_and_the_clients_word_that_it_came_is_one(story: Story) -> None:
    """
    charter   acme: feedback 5 days
    client    acme: stage onboarding
    Mon 09:00 dana > Hi Kim, it was good to meet you at the fair. [to kim@acme]
    Thu 10:00 kim@acme > The boxes arrived this morning, all complete. [new thread: Order]
    Fri 10:00 now
    """
    assert [(o.kind.value, f"{o.created:%a}") for o in story.obligations if o.kind.value == "feedback"] == [("feedback", "Thu")]
