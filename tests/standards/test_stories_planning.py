"""Stories: next steps, reviews, silence, and the user's own word."""

from __future__ import annotations

import pytest
from story import Story, tell


def test_nothing_planned_two_working_days_after_the_last_contact(story: Story) -> None:
    """
    charter   acme: reply 2h, next step 2 days
    business  acme
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 dana > The second line costs 400 a month.
    Wed 11:00 now
    """
    assert story.states == ["reply kept", "next_step overdue"]
    assert story.says == ["Nothing planned: Acme (Kim): Nothing has been planned since the email of Mon 2 Mar 10:00 Mon 2 Mar"]


def test_a_meeting_ahead_is_a_plan(story: Story) -> None:
    """
    charter   acme: reply 2h, next step 2 days
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 dana > The second line costs 400 a month.
    +8d Tue 10:00-11:00 meeting with kim@acme: Site visit
    Wed 11:00 now
    """
    assert story.states == ["reply kept"]


def test_a_cancelled_meeting_ahead_is_no_plan(story: Story) -> None:
    """
    charter   acme: reply 2h, next step 2 days
    business  acme
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 dana > The second line costs 400 a month.
    +8d Tue 10:00-11:00 meeting with kim@acme: Site visit [cancelled]
    Wed 11:00 now
    """
    assert story.states == ["reply kept", "next_step overdue"]


def test_an_open_promise_with_a_date_is_a_plan(story: Story) -> None:
    """
    charter   acme: reply 2h, next step 2 days
    Mon 09:00 kim@acme > Thanks for today.
    Mon 10:00 dana > I'll send you the drawings by next Friday.
    Wed 11:00 now
    """
    assert [s for s in story.states if s.startswith("next_step")] == []


def test_a_one_sided_contact_needs_no_next_step(story: Story) -> None:
    """
    charter   acme: reply 2h, next step 2 days
    Mon 10:00 dana > Here is our catalogue. [to kim@acme]
    Fri 11:00 now
    """
    assert story.states == []


def test_a_lost_client_needs_no_next_step(story: Story) -> None:
    """
    charter   acme: reply 2h, next step 2 days
    client    acme: stage lost
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 dana > The second line costs 400 a month.
    Fri 11:00 now
    """
    assert story.states == ["reply kept"]


def test_a_quiet_spell_asks_for_one_next_step(story: Story) -> None:
    """
    charter   acme: reply 2h, next step 2 days
    business  acme
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 dana > The second line costs 400 a month.
    Fri 11:00 waive next_step
    +7d Mon 11:00 now
    """
    assert story.states == ["reply kept", "next_step waived"]


def test_a_review_is_owed_twenty_working_days_before_it_is_due(story: Story) -> None:
    """
    charter   acme: reply 2h, review 3 months
    business  acme
    Mon 09:00 kim@acme > Thanks for the introduction.
    2026-05-20 09:00 now
    """
    assert story.states == ["review open"]
    assert story.only.due is not None
    assert story.only.due.date().isoformat() == "2026-06-02"
    assert story.only.contact == "kim@acme.example"
    assert story.at("2026-05-01 09:00").states == []


def test_a_booked_review_is_evidence_and_closes_it_when_it_is_held(story: Story) -> None:
    """
    charter   acme: reply 2h, review 3 months
    business  acme
    Mon 09:00 kim@acme > Thanks for the introduction.
    2026-05-28 10:00-11:00 meeting with kim@acme: Quarterly review [booked 2026-05-18 10:00]
    2026-05-20 09:00 now
    """
    assert story.states == ["review open"]
    assert story.only.evidence[-1].type == "event"
    assert story.at("2026-05-29 09:00").states == ["review kept"]
    assert "review open" in story.at("2026-08-20 09:00").states


def test_a_review_that_the_client_declined_is_none(story: Story) -> None:
    """
    charter   acme: reply 2h, review 3 months
    business  acme
    Mon 09:00 kim@acme > Thanks for the introduction.
    2026-05-28 10:00-11:00 meeting with kim@acme: Quarterly review [declined]
    2026-05-29 09:00 now
    """
    assert story.states[0] != "review kept"
    assert not any(e.type == "event" for e in story.only.evidence)


def test_a_review_with_nobody_of_the_client_is_none(story: Story) -> None:
    """
    charter   acme: reply 2h, review 3 months
    business  acme
    Mon 09:00 kim@acme > Thanks for the introduction.
    2026-05-28 10:00-11:00 meeting: Review of Acme
    2026-05-29 09:00 now
    """
    assert not any(e.type == "event" for e in story.only.evidence)


def test_a_review_that_was_booked_too_late_is_kept_late(story: Story) -> None:
    """
    charter   acme: reply 2h, review 3 months
    Mon 09:00 kim@acme > Thanks for the introduction.
    2026-06-08 10:00-11:00 meeting with kim@acme: Service review
    2026-06-09 09:00 now
    """
    assert story.states == ["review kept_late"]


def test_a_client_whose_silence_breaks_their_rhythm_is_quiet(story: Story) -> None:
    """
    charter   acme: reply 2h
    business  acme
    Mon 09:00 kim@acme > Thanks, the first delivery came.
    Thu 09:00 kim@acme > Thanks, got it.
    Mon 09:00 kim@acme > Thanks, got it.
    Thu 09:00 kim@acme > Thanks, got it.
    Mon 09:00 kim@acme > Thanks, got it.
    Thu 09:00 kim@acme > Thanks, got it.
    Mon 09:00 kim@acme > Thanks, got it.
    Thu 09:00 kim@acme > Thanks, got it.
    Mon 09:00 kim@acme > Thanks, got it.
    +21d Mon 09:00 now
    """
    (assessment,) = story.assessments
    (alarm,) = assessment.alarms
    assert alarm.since.date().isoformat() == "2026-03-30"
    (before,) = story.at("2026-04-03 09:00").assessments
    assert before.alarms == ()


def test_a_new_contact_raises_no_alarm(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Thanks, the first delivery came.
    Tue 09:00 kim@acme > Thanks, got it.
    +70d Mon 09:00 now
    """
    (assessment,) = story.assessments
    assert assessment.alarms == ()


def test_an_absence_that_was_told_of_is_no_silence(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Thanks, the first delivery came.
    Thu 09:00 kim@acme > Thanks, got it.
    Mon 09:00 kim@acme > Thanks, got it.
    Thu 09:00 kim@acme > Thanks, got it.
    Mon 09:00 kim@acme > Thanks, got it.
    Thu 09:00 kim@acme > Thanks, got it.
    Mon 09:00 kim@acme > Thanks, got it.
    Thu 09:00 kim@acme > Thanks, got it.
    Mon 09:00 kim@acme > Thanks, got it.
    Tue 09:00 kim@acme > I am out of the office and will be back on 20 April. [auto-submitted]
    +14d Tue 09:00 now
    """
    (assessment,) = story.assessments
    assert assessment.alarms == ()


def test_done_closes_and_is_evidence(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 done reply
    Mon 12:00 now
    """
    assert story.states == ["reply kept"]
    assert story.only.evidence[-1].type == "decision"
    assert story.balance == {"answered": 1}


def test_what_was_not_owed_is_waived(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 15:00 waive reply
    Mon 16:00 now
    """
    assert story.states == ["reply waived"]
    assert story.balance == {"needs no answer": 1}


def test_undo_takes_the_last_word_back(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 15:00 waive reply
    Mon 15:10 undo reply
    Mon 16:00 now
    """
    assert story.states == ["reply overdue"]


def test_undo_brings_an_earlier_word_back(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 snooze reply until Thu 09:00
    Mon 15:00 done reply
    Mon 15:10 undo reply
    Mon 16:00 now
    """
    assert story.states == ["reply snoozed"]


def test_a_snooze_ends(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 snooze reply until Tue 09:00
    Tue 10:00 now
    """
    assert story.states == ["reply overdue"]
    assert story.at("Mon 16:00").states == ["reply snoozed"]
    assert story.at("Mon 09:30").states == ["reply open"]


def test_a_chaser_after_the_user_said_done_is_a_new_obligation(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 done reply
    Mon 12:00 kim@acme > I still do not know the cost. Can you tell me?
    Mon 15:00 now
    """
    assert story.states == ["reply kept", "reply overdue"]
    assert story.balance == {"answered": 1, "open": 1}


def test_a_word_on_one_obligation_leaves_the_others(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost? [new thread: Second line]
    Mon 09:30 kim@acme > Can you confirm the delivery date? [new thread: Delivery]
    Mon 10:00 done reply
    Mon 12:00 now
    """
    assert story.states == ["reply overdue", "reply kept"]


def _next_steps(*lines: str) -> list[str]:
    mails = "\n".join(lines)
    story = tell(
        f"charter   acme: reply 2h, next step 2 days\nbusiness  acme\nMon 09:00 kim@acme > What does the second line cost?\n{mails}\nFri 11:00 now\n"
    )
    return [s for s in story.states if s.startswith("next_step")]


@pytest.mark.parametrize(
    "words",
    [
        "The visit on 17 March at 10 is confirmed.",
        "It costs 400. See you next Tuesday at 10.",
        "It costs 400. Let us meet on Thursday 12 March at 14:00.",
        "It costs 400. We fit the line in the week of 16 March.",
        "Es kostet 400. Der Termin am 17. März um 10 Uhr passt uns, vielen Dank und Grüße.",
    ],
)
def test_a_day_named_in_a_mail_is_a_plan(words: str) -> None:
    assert _next_steps(f"Mon 10:00 dana > {words}") == []


def test_a_day_that_is_past_is_no_plan() -> None:
    assert _next_steps("Mon 10:00 dana > It costs 400, as I said on Tuesday. I was there on 3 March.") == ["next_step overdue"]


def test_a_day_that_was_called_off_is_no_plan() -> None:
    mails = ("Mon 10:00 dana > It costs 400. We visit you on 17 March.", "Mon 11:00 dana > The visit on 17 March is cancelled.")
    assert _next_steps(*mails) == ["next_step overdue"]


@pytest.mark.parametrize(
    "words",
    [
        "Thanks, that's great!",
        "Thank you, we have decided to go with another supplier.",
        "No, thank you, we are not interested.",
        "I'm afraid we must decline your offer.",
        "We have no use for it, so we'll pass.",
        "Nein danke, wir haben keinen Bedarf und sind mit dem anderen Angebot zufrieden.",
    ],
)
def test_after_a_thank_you_or_a_refusal_nothing_need_be_planned(words: str) -> None:
    assert _next_steps("Mon 10:00 dana > The second line costs 400 a month.", f"Mon 11:00 kim@acme > {words}") == []
