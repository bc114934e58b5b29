"""Stories of what comes regularly: for which period it counts, by whose word, and under which version of the charter."""

from __future__ import annotations

from dataclasses import replace

import pytest
from story import Story, judge, tell

from daemon.glossary.charter import Deliverable, Period

# --- for which period ---


def test_a_report_sent_early_in_its_week_is_that_weeks(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Weekly report every week on fri by 16:00 subject weekly report
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Wed 10:00 dana > All went well. [to kim@acme] [new thread: Weekly report 1]
    2026-03-11 10:00 dana > All went well. [to kim@acme] [new thread: Weekly report 2]
    2026-03-13 17:00 now
    """
    assert story.of("deliverable") == ["Fri 6 kept", "Fri 13 kept"]


def test_a_report_early_in_a_long_period_is_that_periods_though_the_last_due_day_is_nearer(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Report every month on 30 subject report
    start 2026-03-30
    Mon 10:00 dana > All went well. [to kim@acme] [new thread: Report March]
    2026-04-08 10:00 dana > All went well. [to kim@acme] [new thread: Report April]
    2026-05-01 10:00 now
    """
    assert story.of("deliverable")[:2] == ["Mon 30 kept", "Thu 30 kept"]


def test_an_invoice_sent_days_before_the_month_it_is_due_in_is_early_for_it(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 5 subject invoice
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Wed 10:00 dana > Please find it attached. [to kim@acme] [new thread: Invoice March]
    2026-03-30 10:00 dana > Please find it attached. [to kim@acme] [new thread: Invoice April]
    2026-04-07 10:00 now
    """
    assert story.of("deliverable") == ["Thu 5 kept", "Mon 6 kept"]


def test_the_first_invoice_may_be_early_as_well(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 5 subject invoice
    start 2026-02-10
    Tue 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-02-27 10:00 dana > Please find it attached. [to kim@acme] [new thread: Invoice March]
    2026-03-06 10:00 now
    """
    assert story.of("deliverable") == ["Thu 5 kept"]


def test_a_report_sent_twice_does_not_stand_for_the_next_one(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Daily report every day by 16:00 subject daily report
    Mon 15:00 dana > All went well. [to kim@acme] [new thread: Daily report 1]
    Mon 15:20 dana > All went well, now with the right date. [to kim@acme] [new thread: Daily report 1 corrected]
    Tue 17:00 now
    """
    assert story.of("deliverable") == ["Mon 2 kept", "Tue 3 overdue"]


def test_a_morning_report_written_the_evening_before_is_early(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Daily report every day by 09:00 subject daily report
    Mon 08:30 dana > All went well. [to kim@acme] [new thread: Daily report 1]
    Mon 22:00 dana > All went well. [to kim@acme] [new thread: Daily report 2]
    Tue 10:00 now
    """
    assert story.of("deliverable") == ["Mon 2 kept", "Tue 3 kept"]


def test_last_weeks_report_on_monday_is_late_and_this_weeks_is_still_owed(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Weekly report every week on fri by 16:00 subject weekly report
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-09 09:30 dana > Sorry this comes late. [to kim@acme] [new thread: Weekly report 1]
    2026-03-13 17:00 now
    """
    assert story.of("deliverable") == ["Fri 6 kept_late", "Fri 13 overdue"]
    assert story.infractions == ["deliverable late"]


def test_one_late_report_does_not_hide_a_later_one_that_is_missing(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Weekly report every week on fri by 16:00 subject weekly report
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-11 09:30 dana > Sorry this comes late. [to kim@acme] [new thread: Weekly report 1]
    2026-03-13 15:00 dana > All went well. [to kim@acme] [new thread: Weekly report 2]
    2026-03-20 17:00 now
    """
    assert story.of("deliverable") == ["Fri 6 kept_late", "Fri 13 kept", "Fri 20 overdue"]


def test_the_next_report_ends_those_that_never_came(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Daily report every day by 16:00 subject daily report
    Mon 15:00 dana > All went well. [to kim@acme] [new thread: Daily report 1]
    Thu 15:00 dana > All went well. [to kim@acme] [new thread: Daily report 4]
    Thu 17:00 now
    """
    assert story.of("deliverable") == ["Mon 2 kept", "Tue 3 kept_late", "Wed 4 kept_late", "Thu 5 kept"]


def test_an_invoice_nobody_ever_sent_is_missed_in_the_end(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 5 subject invoice
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-31 10:00 now
    """
    assert story.of("deliverable") == ["Thu 5 missed"]
    assert story.infractions == ["deliverable missed"]


def test_an_invoice_sent_in_the_last_minute_is_kept_and_one_minute_later_late(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    charter     birch: reply 1 day
    deliverable acme: Invoice every month on 5 by 12:00 subject invoice
    deliverable birch: Invoice every month on 5 by 12:00 subject invoice
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Mon 10:00 dana > Hello Ben, good to meet you. [to ben@birch]
    Thu 12:00 dana > Please find it attached. [to kim@acme] [new thread: Invoice March]
    Thu 12:01 dana > Please find it attached. [to ben@birch] [new thread: Invoice March]
    Fri 10:00 now
    """
    assert {o.client: s for o, s in zip(story.obligations, story.states, strict=True)} == {
        "Acme": "deliverable kept",
        "Birch": "deliverable kept_late",
    }


def test_a_mail_that_arrives_in_the_store_later_still_counts_when_it_was_sent(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 5 by 12:00 subject invoice
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Thu 11:00 dana > Please find it attached. [to kim@acme] [new thread: Invoice March] [arrived Thu 15:00]
    Fri 10:00 now
    """
    assert story.of("deliverable") == ["Thu 5 kept"]


# --- the user's word ---


def test_an_invoice_handed_over_in_person_is_done_by_the_users_word(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 5 subject invoice
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Thu 10:00 done deliverable
    2026-03-30 10:00 dana > Please find it attached. [to kim@acme] [new thread: Invoice April]
    2026-04-07 10:00 now
    """
    assert story.of("deliverable") == ["Thu 5 kept", "Mon 6 kept"]


def test_a_period_that_was_waived_says_nothing_of_the_next(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Weekly report every week on fri by 16:00 subject weekly report
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Thu 10:00 waive deliverable
    2026-03-13 17:00 now
    """
    assert story.of("deliverable") == ["Fri 6 waived", "Fri 13 overdue"]


# --- versions, beginnings and ends ---


def test_a_deliverable_that_was_agreed_later_is_owed_from_then_on(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    charter     acme from 2026-03-18: reply 4h
    deliverable acme: Weekly report every week on fri by 16:00 subject weekly report
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-27 17:00 now
    """
    assert story.of("deliverable") == ["Fri 20 overdue", "Fri 27 overdue"]


def test_what_was_agreed_after_its_day_is_owed_the_next_time(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    charter     acme from 2026-03-06: reply 4h
    deliverable acme: Invoice every month on 5 subject invoice
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-27 17:00 now
    """
    assert story.of("deliverable") == []
    assert story.at("2026-04-02 10:00").of("deliverable") == ["Mon 6 open"]


def test_a_new_version_that_changes_something_else_leaves_a_period_as_it_is(story: Story) -> None:
    """
    charter     acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 5 subject invoice
    charter     acme from 2026-03-04: reply 4h
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Thu 10:00 dana > Please find it attached. [to kim@acme] [new thread: Invoice March]
    Fri 10:00 now
    """
    assert story.of("deliverable") == ["Thu 5 kept"]


def test_what_was_late_under_the_old_version_ends_with_a_mail_under_the_new_one(story: Story) -> None:
    """
    charter     acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 30 subject invoice
    charter     acme from 2026-04-01: reply 4h
    start 2026-03-02
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-04-02 10:00 dana > Please find it attached. [to kim@acme] [new thread: Invoice March]
    2026-04-03 10:00 now
    """
    assert story.of("deliverable") == ["Mon 30 kept_late", "Thu 30 open"]


def test_an_early_invoice_counts_for_a_period_of_the_next_version(story: Story) -> None:
    """
    charter     acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 5 subject invoice
    charter     acme from 2026-04-01: reply 4h
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Wed 10:00 dana > Please find it attached. [to kim@acme] [new thread: Invoice March]
    2026-03-31 10:00 dana > Please find it attached. [to kim@acme] [new thread: Invoice April]
    2026-04-07 10:00 now
    """
    assert story.of("deliverable") == ["Thu 5 kept", "Mon 6 kept"]


WEEKLY = """
charter     acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
deliverable acme: Report every week on fri by 16:00 subject weekly report
Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
Fri 10:00 dana > All went well. [to kim@acme] [new thread: Status 1]
Fri 15:00 dana > All went well. [to kim@acme] [new thread: Weekly report 1]
2026-03-13 10:00 dana > All went well. [to kim@acme] [new thread: Weekly report 2]
2026-03-13 15:00 dana > All went well. [to kim@acme] [new thread: Status 2]
2026-03-20 15:00 dana > All went well. [to kim@acme] [new thread: Status 3]
2026-03-20 17:00 now
"""


def from_day(story: Story, day: int, *agreed: Deliverable) -> Story:
    """The same story with another list of deliverables from a day of March on."""
    told = story.told
    version = replace(told.charters["acme"], deliverables=agreed, start=told.begin.replace(day=day))
    told.clients["acme"] = replace(told.clients["acme"], amendments=(version,))
    return judge(told, story.now)


def test_another_way_to_recognise_it_holds_from_the_version_on() -> None:
    story = tell(WEEKLY)
    (report,) = story.told.charters["acme"].deliverables
    later = from_day(story, 9, replace(report, subject="status"))
    assert later.of("deliverable") == ["Fri 6 kept", "Fri 13 kept", "Fri 20 kept"]
    assert [f"{o.closed:%d %H:%M}" for o in later.obligations] == ["06 15:00", "13 15:00", "20 15:00"]


def test_a_period_that_has_begun_is_judged_by_the_day_agreed_before() -> None:
    story = tell(WEEKLY)
    (report,) = story.told.charters["acme"].deliverables
    later = from_day(story, 11, replace(report, day=1, subject="none"))
    assert later.of("deliverable") == ["Fri 6 kept", "Fri 13 overdue", "Tue 17 overdue"]


def test_what_was_agreed_away_before_its_day_is_not_owed() -> None:
    assert from_day(tell(WEEKLY), 11).of("deliverable") == ["Fri 6 kept"]


def test_what_was_agreed_away_after_its_day_stays_owed() -> None:
    story = tell(WEEKLY.replace("Weekly report", "Hello")).at("2026-03-13 17:00")
    assert from_day(story, 7).of("deliverable") == ["Fri 6 overdue"]


def test_a_report_that_becomes_daily_is_owed_daily_from_that_day_on() -> None:
    story = tell(WEEKLY).at("2026-03-10 17:00")
    (report,) = story.told.charters["acme"].deliverables
    later = from_day(story, 9, replace(report, every=Period.DAY, day=0))
    assert later.of("deliverable") == ["Fri 6 kept", "Mon 9 overdue", "Tue 10 overdue"]


def test_nothing_is_owed_regularly_to_a_client_who_is_lost(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    client      acme: stage lost
    deliverable acme: Weekly report every week on fri by 16:00 subject weekly report
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-13 17:00 now
    """
    assert story.of("deliverable") == []


def test_what_was_due_before_the_first_day_is_not_owed(story: Story) -> None:
    """
    charter     acme: since 2026-03-09 00:00, mon-fri 09:00-17:00 Europe/London
    deliverable acme: Weekly report every week on fri by 16:00 subject weekly report
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    2026-03-13 17:00 now
    """
    assert story.of("deliverable") == ["Fri 13 overdue"]
    assert story.only.counts


def test_nothing_is_owed_regularly_before_the_two_ever_wrote(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Weekly report every week on fri by 16:00 subject weekly report
    2026-03-13 17:00 now
    """
    assert story.of("deliverable") == []


def test_two_deliverables_of_one_client_are_told_apart(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Daily report every day by 16:00 subject daily report
    deliverable acme: Invoice every month on 5 subject invoice
    start 2026-03-04
    Wed 10:00 dana > All went well. [to kim@acme] [new thread: Daily report 1]
    Thu 10:00 dana > Please find it attached. [to kim@acme] [new thread: Invoice March]
    Thu 17:30 now
    """
    assert story.says == [
        "Overdue: Acme: 1 working hour late Daily report for Acme, 5 Mar agreed standard: deliverable: Daily report"
    ]
    assert sorted(story.of("deliverable")) == ["Thu 5 kept", "Thu 5 overdue", "Wed 4 kept"]


def test_the_line_names_the_thing_and_its_month(story: Story) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 5 by 12:00 subject invoice
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Thu 14:00 now
    """
    assert story.says == [
        "Overdue: Acme: 2 working hours late Invoice for Acme, March 2026 agreed standard: deliverable: Invoice"
    ]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_which_reports_come_to_be_known_changes_nothing(story: Story, seed: int) -> None:
    """
    charter     acme: mon-fri 09:00-17:00 Europe/London
    deliverable acme: Daily report every day by 16:00 subject daily report
    Mon 15:00 dana > All went well. [to kim@acme] [new thread: Daily report 1]
    Wed 09:00 dana > All went well. [to kim@acme] [new thread: Daily report 2]
    Wed 15:00 dana > All went well. [to kim@acme] [new thread: Daily report 3]
    Fri 15:00 dana > All went well. [to kim@acme] [new thread: Daily report 5]
    Fri 17:00 now
    """
    assert story.shuffled(seed).of("deliverable") == story.of("deliverable")
    assert story.of("deliverable") == ["Mon 2 kept", "Tue 3 kept_late", "Wed 4 kept", "Thu 5 kept_late", "Fri 6 kept"]
