"""Stories of what comes regularly, invoices, daily and weekly reports: on which day, and recognised by what."""

from __future__ import annotations

import pytest
from story import Story, tell

# --- on which day ---


def test_an_invoice_by_the_fifth_is_met_by_the_mail_with_its_attachment(story: Story) -> None:
    """
    charter     acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 5 by 12:00 attachment invoice*
    start 2026-03-02
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Thu 09:00 dana > Here is the invoice. [to kim@acme] [attach: Invoice-0301.pdf]
    +7d Mon 09:00 now
    """
    assert [s for s in story.states if s.startswith("deliverable")] == ["deliverable kept"]


def test_an_invoice_that_comes_after_the_fifth_is_late(story: Story) -> None:
    """
    charter     acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 5 by 12:00 attachment invoice*
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 09:00 dana > Here is the invoice. [to kim@acme] [attach: Invoice-0301.pdf]
    +7d Mon 09:00 now
    """
    assert story.infractions == ["deliverable late"]


def test_a_daily_report_is_not_owed_on_a_holiday(story: Story) -> None:
    """
    charter     acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    deliverable acme: Daily report every day by 16:00 subject daily report
    holidays    2026-03-03
    Mon 10:00 dana > All went well. [to kim@acme] [new thread: Daily report]
    Wed 15:00 dana > All went well again. [to kim@acme] [new thread: Daily report 2]
    Wed 17:00 now
    """
    assert [s for s in story.states if s.startswith("deliverable")] == ["deliverable kept", "deliverable kept"]


def test_an_invoice_by_the_31st_is_due_on_the_last_day_of_a_shorter_month(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 31 subject invoice
    start 2026-04-01
    Wed 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Thu 10:00 now
    """
    assert story.of("deliverable") == ["Thu 30 open"]


def test_an_invoice_by_the_31st_is_due_on_monday_where_february_ends_on_a_saturday(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 31 subject invoice
    start 2026-02-02
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-02-27 10:00 now
    """
    assert story.of("deliverable") == ["Mon 2 open"]


def test_an_invoice_that_rolls_into_the_next_month_is_not_that_months_invoice(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 31 subject invoice
    start 2026-02-02
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-02 10:00 dana > Please find it attached. [to kim@acme] [new thread: Invoice February]
    2026-04-01 10:00 now
    """
    assert story.of("deliverable") == ["Mon 2 kept", "Tue 31 overdue", "Thu 30 open"]


@pytest.mark.parametrize(
    ("holidays", "due"), [("2026-03-06", "Thu 5"), ("2026-03-05", "Fri 6"), ("2026-03-05 2026-03-06", "Mon 9")]
)
def test_a_due_day_that_is_a_holiday_moves_to_the_next_working_day(holidays: str, due: str) -> None:
    story = tell(
        f"""
        charter     acme: mon-fri 09:00-17:00 Europe/London
        deliverable acme: Invoice every month on 5 by 12:00 subject invoice
        holidays    {holidays}
        Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
        Mon 11:00 now
        """
    )
    assert story.of("deliverable") == [f"{due} open"]


def test_a_weekly_report_of_a_free_friday_comes_on_monday_and_leaves_the_next_one_owed(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Weekly report every week on fri by 16:00 subject weekly report
    holidays    2026-03-06
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-09 11:00 dana > All went well. [to kim@acme] [new thread: Weekly report 1]
    2026-03-13 16:30 now
    """
    assert story.of("deliverable") == ["Mon 9 kept", "Fri 13 overdue"]


def test_no_daily_report_is_owed_on_a_weekend(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Daily report every day by 16:00 subject daily report
    start 2026-03-06
    Fri 10:00 dana > All went well. [to kim@acme] [new thread: Daily report 1]
    Mon 10:00 dana > All went well. [to kim@acme] [new thread: Daily report 2]
    Mon 17:00 now
    """
    assert story.of("deliverable") == ["Fri 6 kept", "Mon 9 kept"]


def test_a_report_is_due_by_the_clock_on_the_wall_when_the_clocks_change(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Daily report every day by 16:00 subject daily report
    start 2026-03-27
    Fri 10:00 dana > All went well. [to kim@acme] [new thread: Daily report 1]
    2026-03-30 15:30 dana > All went well. [to kim@acme] [new thread: Daily report 2]
    2026-03-30 17:00 now
    """
    assert [f"{o.due:%d %H:%M}" for o in story.obligations] == ["27 16:00", "30 15:00"]  # UTC
    assert story.of("deliverable") == ["Fri 27 kept", "Mon 30 kept"]


def test_without_a_time_it_is_due_when_the_working_day_ends(story: Story) -> None:
    """
    charter     acme: mon-fri 08:00-16:00 Europe/London
    deliverable acme: Weekly report every week on fri subject weekly report
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 16:01 now
    """
    assert story.of("deliverable") == ["Fri 6 overdue"]
    assert story.at("Fri 16:00").of("deliverable") == ["Fri 6 due_soon"]


def test_a_day_is_the_users_day_for_a_client_overseas(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 America/New_York
    client      acme: hours mon-fri 09:00-17:00 Asia/Tokyo
    deliverable acme: Daily report every day subject daily report
    start 2026-03-02
    Mon 12:00 dana > All went well. [to kim@acme] [new thread: Daily report 1]
    Tue 16:30 dana > All went well. [to kim@acme] [new thread: Daily report 2] [zone Asia/Tokyo]
    Tue 18:00 now
    """
    assert story.of("deliverable") == ["Mon 2 kept", "Tue 3 kept"]


# --- recognised by what ---


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("All went well. [to kim@acme] [new thread: Your WEEKLY Report no. 7]", True),
        ("All went well. [to kim@acme] [new thread: Report]", False),
        ("All went well, the weekly report follows. [to kim@acme] [new thread: News]", False),
    ],
)
def test_a_subject_is_matched_anywhere_and_in_any_case(sent: str, kept: bool) -> None:
    story = tell(
        f"""
        charter     acme: mon-fri 09:00-17:00 Europe/London
        deliverable acme: Weekly report every week on fri subject weekly report
        Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
        Fri 10:00 dana > {sent}
        Fri 17:30 now
        """
    )
    assert story.of("deliverable") == ["Fri 6 kept" if kept else "Fri 6 overdue"]


@pytest.mark.parametrize(
    ("name", "kept"), [("Invoice-0301.PDF", True), ("final_invoice.pdf", False), ("logo.png, invoice.pdf", True)]
)
def test_an_attachment_is_matched_by_its_whole_name(name: str, kept: bool) -> None:
    story = tell(
        f"""
        charter     acme: mon-fri 09:00-17:00 Europe/London
        deliverable acme: Invoice every month on 5 attachment invoice*
        Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
        Thu 10:00 dana > Please find it attached. [to kim@acme] [attach: {name}]
        Thu 17:30 now
        """
    )
    assert story.of("deliverable") == ["Thu 5 kept" if kept else "Thu 5 overdue"]


def test_what_goes_to_somebody_else_there_is_not_delivered_to_the_one_it_is_for(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Weekly report every week on fri subject weekly report recipient sam@acme*
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 10:00 dana > All went well. [to kim@acme] [new thread: Weekly report 1]
    Fri 17:30 now
    """
    assert story.of("deliverable") == ["Fri 6 overdue"]


def test_on_copy_is_delivered_as_well(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Weekly report every week on fri subject weekly report recipient sam@acme*
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 10:00 dana > All went well. [to kim@acme] [cc sam@acme] [new thread: Weekly report 1]
    Fri 17:30 now
    """
    assert story.of("deliverable") == ["Fri 6 kept"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("[to sam@acme] [new thread: Invoice March] [attach: invoice.pdf]", True),
        ("[to sam@acme] [new thread: Invoice March] [attach: drawing.pdf]", False),
        ("[to sam@acme] [new thread: March] [attach: invoice.pdf]", False),
        ("[to kim@acme] [new thread: Invoice March] [attach: invoice.pdf]", False),
    ],
)
def test_where_all_three_are_given_all_three_must_fit(sent: str, kept: bool) -> None:
    story = tell(
        f"""
        charter     acme: mon-fri 09:00-17:00 Europe/London
        deliverable acme: Invoice every month on 5 subject invoice attachment invoice* recipient sam@*
        Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
        Thu 10:00 dana > Please find it attached. {sent}
        Thu 17:30 now
        """
    )
    assert story.of("deliverable") == ["Thu 5 kept" if kept else "Thu 5 overdue"]


def test_another_clients_report_is_not_theirs(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    charter     birch: reply 1 day
    deliverable acme: Weekly report every week on fri subject weekly report
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 10:00 dana > All went well. [to ben@birch] [new thread: Weekly report 1]
    Fri 17:30 now
    """
    assert story.of("deliverable") == ["Fri 6 overdue"]


def test_a_colleagues_report_counts_as_the_companys(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Weekly report every week on fri subject weekly report
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 10:00 lee > All went well. [to kim@acme] [cc dana] [new thread: Weekly report 1]
    Fri 17:30 now
    """
    assert story.of("deliverable") == ["Fri 6 kept"]


@pytest.mark.parametrize("option", ["auto-submitted", "draft", "kept"])
def test_what_no_person_sent_delivers_nothing(option: str) -> None:
    story = tell(
        f"""
        charter     acme: mon-fri 09:00-17:00 Europe/London
        deliverable acme: Weekly report every week on fri subject weekly report
        Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
        Fri 10:00 dana > All went well. [to kim@acme] [new thread: Weekly report 1] [{option}]
        Fri 17:30 now
        """
    )
    assert story.of("deliverable") == ["Fri 6 overdue"]


def test_the_client_who_sends_the_report_round_delivers_nothing(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Weekly report every week on fri subject weekly report
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 10:00 kim@acme > FYI, thanks. [new thread: Weekly report of last month]
    Fri 17:30 now
    """
    assert story.of("deliverable") == ["Fri 6 overdue"]
