"""Recurring deliverables: recognised in sent mail, due in business time, judged by the charter of their period."""

from __future__ import annotations

from story import Story, tell

HEAD = "charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London\n"
HELLO = "Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]\n"


def of(story: Story) -> list[str]:
    """How the deliverables stand, oldest first."""
    return [line.removeprefix("deliverable ") for line in story.states if line.startswith("deliverable")]


def dues(story: Story) -> list[str]:
    return [f"{o.due:%a %d %b %H:%M}" for o in story.obligations if o.kind.value == "deliverable" and o.due]


def monthly(day: int, sent: str, now: str, more: str = "") -> Story:
    thing = f"deliverable acme: Invoice every month on {day} by 12:00 attachment invoice*\n"
    return tell(f"{HEAD}{thing}{more}{HELLO}{sent}\n{now} now")


INVOICE = "dana > Here is the invoice. [to kim@acme] [attach: Invoice-0301.pdf]"


def test_an_invoice_on_time_to_the_minute_is_kept() -> None:
    assert of(monthly(5, f"2026-03-05 12:00 {INVOICE}", "2026-03-06 09:00")) == ["kept"]


def test_an_invoice_a_minute_late_is_late() -> None:
    assert of(monthly(5, f"2026-03-05 12:01 {INVOICE}", "2026-03-06 09:00")) == ["kept_late"]


def test_an_invoice_due_on_a_saturday_is_due_on_monday() -> None:
    assert dues(monthly(7, f"2026-03-09 11:00 {INVOICE}", "2026-03-10 09:00"))[0] == "Mon 09 Mar 12:00"


def test_an_invoice_due_on_a_holiday_is_due_on_the_next_working_day() -> None:
    story = monthly(5, f"2026-03-06 11:00 {INVOICE}", "2026-03-09 09:00", "holidays  2026-03-05\n")
    assert (dues(story)[0], of(story)) == ("Fri 06 Mar 12:00", ["kept"])


def test_the_31st_of_april_is_the_30th() -> None:
    story = monthly(31, f"2026-03-31 11:00 {INVOICE}", "2026-04-20 09:00")
    assert [d.partition(" ")[2] for d in dues(story)] == ["31 Mar 11:00", "30 Apr 11:00"]  # London's summer time


def test_an_invoice_in_the_week_the_clocks_change_is_due_by_the_clock_on_the_wall() -> None:
    story = monthly(30, f"2026-03-30 11:30 {INVOICE}", "2026-03-31 09:00")
    (due,) = [o.due for o in story.obligations if o.kind.value == "deliverable"]
    assert due is not None
    assert f"{due:%H:%M %Z}" == "11:00 UTC"
    assert of(story) == ["kept"]


def test_a_mail_without_the_attachment_is_no_invoice() -> None:
    story = monthly(5, "2026-03-05 11:00 dana > The invoice follows. [to kim@acme]", "2026-03-06 09:00")
    assert of(story) == ["overdue"]


def test_a_mail_to_somebody_else_is_no_invoice_of_theirs() -> None:
    story = tell(
        f"{HEAD}charter   birch: reply 1 day\ndeliverable acme: Invoice every month on 5 by 12:00 attachment invoice*\n{HELLO}"
        "2026-03-05 11:00 dana > Here it is. [to sam@birch] [attach: invoice.pdf]\n2026-03-06 09:00 now"
    )
    assert of(story) == ["overdue"]


def test_a_colleagues_mail_is_the_companys_invoice() -> None:
    story = monthly(5, "2026-03-05 11:00 lee > Here it is. [to kim@acme] [attach: invoice.pdf]", "2026-03-06 09:00")
    assert of(story) == ["kept"]


def test_a_draft_is_no_invoice() -> None:
    story = monthly(5, f"2026-03-05 11:00 {INVOICE} [draft]", "2026-03-06 09:00")
    assert of(story) == ["overdue"]


def test_the_invoice_of_two_months_is_two() -> None:
    sent = f"2026-03-05 11:00 {INVOICE}\n2026-04-07 11:00 {INVOICE}"
    assert of(monthly(5, sent, "2026-04-08 09:00")) == ["kept", "kept_late"]


def test_a_mail_sent_twice_is_early_for_the_next_month() -> None:
    sent = f"2026-03-05 11:00 {INVOICE}\n2026-03-30 11:00 {INVOICE}"
    assert of(monthly(5, sent, "2026-04-08 09:00")) == ["kept", "kept"]


def test_a_missed_month_ends_with_the_next_invoice() -> None:
    assert of(monthly(5, f"2026-04-02 11:00 {INVOICE}", "2026-04-08 09:00"))[0] == "kept_late"


WEEKLY = "deliverable acme: Report every week on fri by 16:00 subject weekly report\n"


def weekly(sent: str, now: str, more: str = "") -> Story:
    return tell(f"{HEAD}{WEEKLY}{more}{HELLO}{sent}\n{now} now")


def report(day: str, number: int = 1) -> str:
    return f"2026-03-{day} dana > All went well. [to kim@acme] [new thread: Weekly report {number}]\n"


def test_a_weekly_report_is_met_by_its_subject_whatever_the_case() -> None:
    assert of(weekly(report("06 15:00"), "2026-03-06 17:00")) == ["kept"]


def test_a_report_on_wednesday_is_early_and_kept() -> None:
    assert of(weekly(report("04 15:00"), "2026-03-06 17:00")) == ["kept"]


def test_a_report_on_monday_morning_is_last_weeks_and_late() -> None:
    assert of(weekly(report("09 09:30"), "2026-03-09 17:00"))[0] == "kept_late"


def test_a_week_whose_friday_is_a_holiday_is_due_on_monday() -> None:
    story = weekly(report("09 09:30"), "2026-03-09 17:00", "holidays  2026-03-06\n")
    assert (dues(story)[0], of(story)[0]) == ("Mon 09 Mar 16:00", "kept")


def test_a_reply_in_the_reports_thread_counts_as_the_next_report() -> None:
    sent = report("06 15:00") + "2026-03-13 15:00 dana > All well again. [to kim@acme] [thread: Weekly report 1]\n"
    assert of(weekly(sent, "2026-03-13 17:00")) == ["kept", "kept"]


DAILY = "deliverable acme: Log every day by 16:00 subject daily log\n"


def daily(sent: str, now: str, more: str = "") -> Story:
    return tell(f"{HEAD}{DAILY}{more}{HELLO}{sent}\n{now} now")


def log(day: str, number: int) -> str:
    return f"2026-03-{day} dana > Done. [to kim@acme] [new thread: Daily log {number}]\n"


def test_a_daily_log_is_not_owed_at_the_weekend() -> None:
    sent = "".join(log(f"{n:02} 15:00", n) for n in (2, 3, 4, 5, 6, 9))
    assert of(daily(sent, "2026-03-09 17:00")) == ["kept"] * 6


def test_a_day_without_a_log_is_one_infraction() -> None:
    sent = "".join(log(f"{n:02} 15:00", n) for n in (2, 3, 5, 6))
    assert of(daily(sent, "2026-03-06 17:00")) == ["kept", "kept", "kept_late", "kept", "kept"]


def test_days_off_do_not_shift_a_log_unless_the_charter_says_so() -> None:
    away = "away      2026-03-03 2026-03-04: Vacation\n"
    assert len(of(daily(log("02 15:00", 1), "2026-03-05 09:00", away))) == 4
    shifted = tell(f"{HEAD.strip()}, away shifts\n{DAILY}{away}{HELLO}{log('02 15:00', 1)}2026-03-05 09:00 now")
    assert of(shifted) == ["kept", "open"]


def test_a_deliverable_agreed_later_is_owed_from_then_on_only() -> None:
    story = tell(f"{HEAD}charter   acme from 2026-03-16: reply 1 day\n{WEEKLY}{HELLO}{report('20 15:00')}2026-03-20 17:00 now")
    assert (dues(story), of(story)) == (["Fri 20 Mar 16:00"], ["kept"])


def test_before_anything_was_written_nothing_is_owed() -> None:
    assert of(tell(f"{HEAD}{WEEKLY}2026-03-20 17:00 now")) == []


def test_a_lost_client_is_owed_no_report() -> None:
    assert of(weekly("", "2026-03-20 17:00", "client    acme: stage lost\n")) == []


def test_a_report_that_was_not_wanted_this_once_is_waived() -> None:
    assert of(weekly("2026-03-06 16:30 waive deliverable", "2026-03-06 17:00")) == ["waived"]


def test_a_recipient_alone_may_tell_a_report() -> None:
    thing = "deliverable acme: Figures every week on fri by 16:00 recipient books@acme.example\n"
    story = tell(f"{HEAD}{thing}{HELLO}2026-03-06 15:00 dana > The week's figures. [to books@acme]\n2026-03-06 17:00 now")
    assert of(story) == ["kept"]


def test_all_patterns_that_are_given_must_fit() -> None:
    thing = "deliverable acme: Figures every week on fri by 16:00 subject figures attachment *.pdf\n"
    sent = "2026-03-06 15:00 dana > Here. [to kim@acme] [new thread: Figures]\n"
    assert of(tell(f"{HEAD}{thing}{HELLO}{sent}2026-03-06 17:00 now")) == ["overdue"]
    with_it = sent.replace("[new", "[attach: w10.pdf] [new")
    assert of(tell(f"{HEAD}{thing}{HELLO}{with_it}2026-03-06 17:00 now")) == ["kept"]
