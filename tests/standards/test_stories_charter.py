"""Stories of charters in versions and of recurring standards: deliverables, meetings, contact, feedback, escalation."""

from __future__ import annotations

import pytest
from story import Story, tell

from daemon.core.infractions import infractions
from daemon.glossary.assessments import RecoveryStage
from daemon.glossary.obligations import Band


@pytest.mark.parametrize(("at", "due"), [("Mon 09:00", "11:00"), ("+7d Mon 09:00", "13:00")])
def test_what_was_asked_is_judged_by_the_charter_of_its_time(at: str, due: str) -> None:
    story = tell(
        f"""
        charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
        charter   acme from 2026-03-09: reply 4h
        {at} kim@acme > Can you send the quote?
        +7d Fri 09:00 now
        """
    )
    assert f"{story.only.due:%H:%M}" == due


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


def test_three_infractions_bring_a_recovery_meeting(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    recovery  acme: infractions 3, within 3 months, trust 2
    Mon 09:00 kim@acme > Can you send the quote?
    Mon 14:00 dana > Here it is. [attach: quote.pdf]
    Tue 09:00 kim@acme > Which colour is it? [new thread: Colour]
    Tue 14:00 dana > It is blue.
    Wed 09:00 kim@acme > When will the van come? [new thread: Van]
    Wed 14:00 dana > It comes on 12 March at noon.
    Thu 09:00 now
    """
    assert story.recovery is not None
    assert (story.recovery.stage, len(story.recovery.because)) == (RecoveryStage.PROPOSED, 3)
    assert "meeting open" in story.states


# --- versions: what was asked is judged by the charter of its time ---


def test_an_answer_after_the_change_is_judged_by_the_charter_of_the_question(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-03: reply 2 days
    Mon 16:30 kim@acme > Can you send the quote?
    Tue 12:00 dana > Here it is. [attach: quote.pdf]
    Tue 13:00 now
    """
    assert story.infractions == ["reply late"]


def test_each_of_three_versions_judges_its_own_time(story: Story) -> None:
    """
    charter   acme: reply 1h, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-09: reply 2h
    charter   acme from 2026-03-16: reply 4h
    2026-03-06 10:00 kim@acme > Can you send the quote? [new thread: Quote]
    2026-03-09 10:00 kim@acme > Which colour is the frame? [new thread: Colour]
    2026-03-16 10:00 kim@acme > When does the van come? [new thread: Van]
    2026-03-16 11:00 now
    """
    assert [f"{o.due:%d %H:%M}" for o in story.obligations] == ["06 11:00", "09 12:00", "16 14:00"]


def test_a_version_of_the_future_judges_nothing_yet(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-04-01: reply 1h
    Mon 10:00 kim@acme > Can you send the quote?
    Mon 13:00 now
    """
    assert story.states == ["reply open"]


def test_a_version_starts_at_midnight_where_the_user_lives(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 America/New_York
    charter   acme from 2026-03-10: reply 4h
    2026-03-09 20:30 kim@acme > Can you send the quote?
    2026-03-10 12:00 now
    """
    assert story.states == ["reply overdue"]  # it is the 10th already in UTC, and still the 9th in New York
    assert f"{story.only.due:%d %H:%M}" == "10 15:00"


def test_a_chaser_under_a_new_version_leaves_the_question_to_the_old_one(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-09: reply 4h
    2026-03-05 12:00 kim@acme > Can you send the quote?
    2026-03-09 10:00 kim@acme > Any news on the quote?
    2026-03-09 11:00 now
    """
    assert story.states == ["reply overdue"]
    assert f"{story.only.due:%d %H:%M}" == "06 12:00"


def test_a_callback_is_judged_by_the_version_of_its_call(story: Story) -> None:
    """
    charter   acme: callback 1 day, mon-fri 09:00-17:00 Europe/London
    client    acme: phone +442079460018
    charter   acme from 2026-03-09: callback 1h
    2026-03-06 12:00 missed call from +44 20 7946 0018
    2026-03-09 10:00 call made to +44 20 7946 0018
    2026-03-09 11:00 missed call from +44 20 7946 0018
    2026-03-09 12:30 now
    """
    assert story.states == ["callback kept", "callback overdue"]


def test_a_standard_that_is_switched_off_owes_nothing_for_what_is_asked_then(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-09: reply off
    2026-03-09 10:00 kim@acme > Can you send the quote?
    2026-03-10 10:00 now
    """
    assert story.states == []


def test_what_was_asked_before_a_standard_was_switched_off_stays_owed(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-09: reply off
    2026-03-06 16:00 kim@acme > Can you send the quote?
    2026-03-10 10:00 now
    """
    assert story.states == ["reply overdue"]


def test_a_standard_that_is_switched_on_again_judges_from_then_on(story: Story) -> None:
    """
    charter   acme: reply off, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-09: reply 2h
    2026-03-06 10:00 kim@acme > Can you send the quote? [new thread: Quote]
    2026-03-09 10:00 kim@acme > Which colour is the frame? [new thread: Colour]
    2026-03-09 13:00 now
    """
    assert story.says == [
        "Overdue: Acme (Kim): 1 working hour late “Which colour is the frame?” Kim, today 10:00, “Colour”; due today 12:00"
    ]


def test_clients_keep_their_own_versions(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    charter   birch: reply 2h
    charter   birch from 2026-03-03: reply 1 day
    Wed 09:00 kim@acme > Can you send the quote?
    Wed 09:00 ben@birch > Can you send the plan?
    Wed 12:00 now
    """
    assert story.says == [
        "Overdue: Acme (Kim): 1 working hour late “Can you send the quote?” Kim, today 09:00, “Hello”; due today 11:00",
        "Due this week: Birch (Ben): “Can you send the plan?” by tomorrow 09:00; Ben, today 09:00, “Hello”",
    ]


def test_what_is_older_than_the_first_day_counts_for_nothing_in_any_version(story: Story) -> None:
    """
    charter   acme: reply 2h, since Thu 00:00, mon-fri 09:00-17:00 Europe/London
    charter   acme from 2026-03-04: reply 1h
    Wed 09:00 kim@acme > Can you send the quote? [new thread: Quote]
    Thu 15:00 dana > Here it is. [attach: quote.pdf]
    Thu 16:00 now
    """
    assert story.states == ["reply kept_late"]
    assert story.infractions == []


# --- escalation: the manager's business, in business time ---


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
    Mon 10:00 kim@acme > Two boxes are missing.
    2026-03-25 10:00 now
    """
    assert story.states == ["reply missed"]
    assert story.only.band is Band.ASKED
    assert (story.only.escalates, story.infractions) == (None, [])


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


# --- infractions: what ended badly, and what did not ---


def test_what_was_not_owed_is_no_infraction_even_after_its_time(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > Can you send the quote?
    Wed 09:00 waive reply
    Wed 10:00 now
    """
    assert story.infractions == []
    assert story.at("Tue 10:00").states == ["reply overdue"]


def test_what_was_misread_is_no_infraction(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > Can you send the quote?
    Mon 15:00 dana > Here it is. [attach: quote.pdf]
    Mon 16:00 wrong reply
    Mon 17:00 now
    """
    assert story.infractions == []
    assert story.at("Mon 15:30").infractions == ["reply late"]


def test_done_too_late_is_an_infraction_and_done_in_time_is_none(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > Can you send the quote? [new thread: Quote]
    Mon 10:00 done reply
    Tue 09:00 kim@acme > Which colour is the frame? [new thread: Colour]
    Tue 12:00 done reply
    Tue 13:00 now
    """
    assert story.infractions == ["reply late"]


def test_a_word_that_was_taken_back_excuses_nothing(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > Can you send the quote?
    Mon 10:00 done reply
    Mon 10:05 undo reply
    Mon 15:00 dana > Here it is. [attach: quote.pdf]
    Mon 16:00 now
    """
    assert story.infractions == ["reply late"]


def test_what_is_snoozed_is_no_infraction_while_it_sleeps_and_late_if_it_overslept(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > Can you send the quote?
    Mon 10:00 snooze reply until Thu 09:00
    Thu 10:00 dana > Here it is. [attach: quote.pdf]
    Thu 11:00 now
    """
    assert story.at("Wed 10:00").infractions == []
    assert story.infractions == ["reply late"]


def test_what_is_only_overdue_is_no_infraction_yet_and_missed_after_ten_working_days(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    holidays  2026-03-09
    Mon 09:00 kim@acme > Can you send the quote?
    2026-03-17 11:01 now
    """
    assert story.infractions == ["reply missed"]
    assert story.at("2026-03-17 10:59").states == ["reply overdue"]
    assert story.at("2026-03-17 10:59").infractions == []


def test_what_was_given_up_stays_bad_from_that_day_though_it_was_answered_at_last(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > Can you send the quote?
    2026-03-25 09:00 dana > Here it is. [attach: quote.pdf]
    2026-03-25 10:00 now
    """
    assert story.infractions == ["reply late"]
    (bad,) = infractions(story.obligations, story.now)
    (before,) = infractions(story.at("2026-03-20 10:00").obligations, story.at("2026-03-20 10:00").now)
    assert (before.at, before.missed) == (bad.at, True)


def test_a_client_who_owes_us_something_makes_no_infraction_of_ours(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > I'll send you the signed order by Tuesday noon.
    2026-03-31 10:00 now
    """
    assert "waiting_for" in {o.kind.value for o in story.obligations}
    assert story.infractions == []


def test_a_colleagues_answer_in_time_is_no_infraction(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > Can you send the quote?
    Mon 10:00 lee > Here is the quote. [attach: quote.pdf]
    Mon 15:00 now
    """
    assert (story.states, story.infractions) == (["reply kept"], [])


def test_what_the_client_withdrew_is_no_infraction(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > Can you send the quote?
    Mon 10:00 kim@acme > Please ignore my last mail, we no longer need the quote.
    Tue 15:00 now
    """
    assert (story.open, story.infractions) == ([], [])


def test_a_promise_moved_in_time_is_no_infraction(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme] [new thread: Drawings]
    Wed 10:00 dana > I'm afraid the drawings will only be ready on Friday; I'll send you the drawings by Friday.
    Fri 15:00 dana > Here are the drawings. [attach: drawings.pdf]
    Fri 16:00 now
    """
    assert story.infractions == []
    assert "promise kept" in story.states


def test_a_promise_moved_too_late_is_an_infraction(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme] [new thread: Drawings]
    Thu 10:00 dana > I'm afraid the drawings will only be ready on Friday; I'll send you the drawings by Friday.
    Fri 15:00 dana > Here are the drawings. [attach: drawings.pdf]
    Fri 16:00 now
    """
    assert story.infractions == ["promise late"]
