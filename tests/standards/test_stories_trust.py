"""Days off, charter versions, infractions and the way back to trust."""

from __future__ import annotations

import pytest
from story import Story, tell

from daemon.glossary.assessments import RecoveryStage

HOURS = "mon-fri 09:00-17:00 Europe/London"


def late(day: str, hour: int = 14, thread: str = "") -> str:
    """A question answered three hours too late."""
    name = thread or f"Matter {day}"
    return (
        f"{day} 09:00 kim@acme > Can you send the drawing of part {day[-2:]}? [new thread: {name}]\n"
        f"{day} {hour}:00 dana > Here is the drawing. [attach: drawing.pdf] [thread: {name}] [to kim@acme]\n"
    )


def kept(day: str) -> str:
    return late(day, 10)


def told(lines: str, recovery: str = "infractions 3, within 3 months, trust 2", more: str = "") -> Story:
    return tell(f"charter   acme: reply 2h, {HOURS}\n{more}recovery  acme: {recovery}\n{lines}")


THREE = late("2026-03-02") + late("2026-03-03") + late("2026-03-04")
REVIEW = "2026-03-10 10:00-11:00 meeting with kim@acme: Service review"


def stage(story: Story) -> RecoveryStage | None:
    return story.recovery.stage if story.recovery else None


# --- infractions ---


def test_each_late_answer_is_an_infraction() -> None:
    assert told(f"{THREE}2026-03-05 09:00 now").infractions == ["reply late"] * 3


@pytest.mark.parametrize("word", ["waive", "wrong"])
def test_what_was_not_owed_is_no_infraction(word: str) -> None:
    assert told(f"{late('2026-03-02')}2026-03-02 15:00 {word} reply\n2026-03-05 09:00 now").infractions == []


def test_what_was_done_by_phone_in_time_is_no_infraction() -> None:
    lines = "Mon 09:00 kim@acme > Can you send the drawing?\nMon 10:00 done reply\nTue 09:00 now"
    assert told(lines).infractions == []


def test_what_lies_before_the_first_day_is_no_infraction() -> None:
    assert tell(f"charter   acme: reply 2h, since 2026-03-04 00:00, {HOURS}\n{THREE}2026-03-05 09:00 now").infractions == [
        "reply late"
    ]


def test_what_is_given_up_is_an_infraction() -> None:
    assert told("Mon 09:00 kim@acme > Can you send the drawing?\n+28d Mon 09:00 now").infractions == ["reply missed"]


def test_what_the_client_took_back_in_time_is_no_infraction() -> None:
    lines = "Mon 09:00 kim@acme > Can you send the drawing?\nMon 10:00 kim@acme > Never mind, I found it.\nTue 09:00 now"
    assert told(lines).infractions == []


def test_what_a_colleague_answered_in_time_is_no_infraction() -> None:
    lines = (
        "Mon 09:00 kim@acme > Can you send the drawing?\nMon 10:00 lee > Here it is, Kim. [attach: drawing.pdf]\nTue 09:00 now"
    )
    assert told(lines).infractions == []


def test_a_promise_moved_in_time_is_kept_by_its_new_day() -> None:
    lines = (
        "Mon 09:00 kim@acme > Hello Dana.\nMon 10:00 dana > I'll send you the drawings by Wednesday.\n"
        "Tue 10:00 dana > Sorry, I'll need until Friday for the drawings.\nFri 10:00 dana > The drawings are attached. [attach: drawings.pdf]\n"
        "+7d Mon 09:00 now"
    )
    assert told(lines).infractions == []


def test_a_promise_moved_too_late_stays_late() -> None:
    lines = (
        "Mon 09:00 kim@acme > Hello Dana.\nMon 10:00 dana > I'll send you the drawings by Wednesday.\n"
        "Thu 10:00 dana > Sorry, I'll need until Friday for the drawings.\nFri 10:00 dana > The drawings are attached. [attach: drawings.pdf]\n"
        "+7d Mon 09:00 now"
    )
    assert told(lines).infractions == ["promise late"]


# --- when a recovery is due ---


def test_two_infractions_are_not_enough_for_three() -> None:
    assert stage(told(f"{late('2026-03-02')}{late('2026-03-03')}2026-03-05 09:00 now")) is None


def test_three_infractions_are_enough() -> None:
    assert stage(told(f"{THREE}2026-03-05 09:00 now")) is RecoveryStage.PROPOSED


def test_infractions_spread_over_longer_than_the_time_are_not_enough() -> None:
    lines = late("2026-03-02") + late("2026-04-14") + late("2026-06-16")
    assert stage(told(f"{lines}2026-06-17 09:00 now")) is None
    assert stage(told(f"{lines}2026-06-17 09:00 now", "infractions 3, within 6 months")) is RecoveryStage.PROPOSED


def test_one_grave_infraction_is_enough() -> None:
    lines = "business  acme\n2026-03-02 09:00 kim@acme > Can you send the drawing?\n2026-03-12 09:00 dana > Here it is. [attach: drawing.pdf]\n"
    story = told(f"{lines}2026-03-13 09:00 now")
    assert stage(story) is RecoveryStage.PROPOSED
    assert story.recovery is not None
    assert story.recovery.grave


def test_where_grave_is_switched_off_one_is_not_enough() -> None:
    lines = "business  acme\n2026-03-02 09:00 kim@acme > Can you send the drawing?\n2026-03-12 09:00 dana > Here it is. [attach: drawing.pdf]\n"
    assert stage(told(f"{lines}2026-03-13 09:00 now", "infractions 3, grave off")) is None


def test_a_question_asked_twice_and_never_answered_is_grave() -> None:
    lines = "business  acme\n2026-03-02 09:00 kim@acme > Can you send the drawing?\n2026-03-05 09:00 kim@acme > Any news on the drawing?\n"
    assert stage(told(f"{lines}2026-04-02 09:00 now")) is RecoveryStage.PROPOSED


def test_a_charter_without_recovery_proposes_none() -> None:
    assert stage(told(f"{THREE}2026-03-05 09:00 now", "off")) is None


def test_a_lost_client_is_not_won_back_by_a_meeting() -> None:
    assert stage(told(f"{THREE}2026-03-05 09:00 now", more="client    acme: stage lost\n")) is None


# --- what becomes of it ---


def test_a_meeting_ahead_is_a_booked_recovery() -> None:
    assert stage(told(f"{THREE}{REVIEW} [booked 2026-03-05 09:00]\n2026-03-06 09:00 now")) is RecoveryStage.BOOKED


def test_a_meeting_that_took_place_is_held() -> None:
    story = told(f"{THREE}{REVIEW}\n2026-03-11 09:00 now")
    assert stage(story) is RecoveryStage.HELD
    assert "meeting kept" in story.states


def test_a_cancelled_meeting_leaves_it_proposed() -> None:
    assert stage(told(f"{THREE}{REVIEW} [cancelled]\n2026-03-11 09:00 now")) is RecoveryStage.PROPOSED


def test_a_meeting_about_something_else_is_no_recovery() -> None:
    lines = "2026-03-10 10:00-11:00 meeting with kim@acme: Colours of line 2"
    assert stage(told(f"{THREE}{lines}\n2026-03-11 09:00 now")) is RecoveryStage.PROPOSED


def test_an_apology_by_that_name_is_one() -> None:
    lines = "2026-03-10 10:00-11:00 meeting with kim@acme: What went wrong, and making it right"
    assert stage(told(f"{THREE}{lines}\n2026-03-11 09:00 now")) is RecoveryStage.HELD


def test_a_new_charter_afterwards_is_what_is_followed() -> None:
    version = "charter   acme from 2026-03-10: reply 4h\n"
    assert stage(told(f"{version}{THREE}{REVIEW}\n2026-03-11 09:00 now")) is RecoveryStage.FOLLOWED


def test_trust_is_back_after_enough_was_kept_in_a_row() -> None:
    lines = THREE + REVIEW + "\n" + kept("2026-03-11")
    story = told(f"{lines}2026-03-11 16:00 now")
    assert story.recovery is not None
    assert (story.recovery.kept, story.recovery.needed) == (1, 2)
    assert told(f"{lines}{kept('2026-03-12')}2026-03-12 16:00 now").recovery is None


def test_a_new_infraction_begins_the_count_anew() -> None:
    story = told(f"{THREE}{REVIEW}\n{kept('2026-03-11')}{late('2026-03-12')}{kept('2026-03-13')}2026-03-13 16:00 now")
    assert story.recovery is not None
    assert story.recovery.kept == 1


def test_three_more_infractions_are_a_second_recovery() -> None:
    more = late("2026-03-16") + late("2026-03-17") + late("2026-03-18")
    story = told(f"{THREE}{REVIEW}\n{more}2026-03-19 09:00 now")
    assert stage(story) is RecoveryStage.PROPOSED
    assert story.recovery is not None
    assert story.recovery.since.day == 18


def test_a_recovery_that_is_waived_is_none() -> None:
    assert stage(told(f"{THREE}2026-03-05 09:00 waive meeting\n2026-03-05 10:00 now")) is None


def test_a_recovery_meeting_is_never_given_up_by_itself() -> None:
    assert "meeting overdue" in told(f"{THREE}2026-05-29 09:00 now").states


# --- days off ---

AWAY = "away      2026-03-03 2026-03-06: Vacation\n"


def due(story: Story) -> str:
    return f"{story.obligations[0].due:%a %d %H:%M}"


def asked(charter: str, away: str = AWAY) -> Story:
    return tell(
        f"charter   acme: reply 1 day, {charter}{HOURS}\n{away}2026-03-02 10:00 kim@acme > Can you send it?\n2026-03-02 11:00 now"
    )


def test_days_off_count_unless_the_charter_says_that_they_shift() -> None:
    assert due(asked("")) == "Tue 03 10:00"
    assert due(asked("away shifts, ")) == "Mon 09 10:00"


@pytest.mark.parametrize(
    "title", ["Vacation", "Annual leave", "OOO", "Dana on vacation", "Urlaub", "Holiday in Cornwall", "Sick"]
)
def test_a_day_off_is_known_by_its_title(title: str) -> None:
    assert due(asked("away shifts, ", f"away      2026-03-03 2026-03-03: {title}\n")) == "Wed 04 10:00"


@pytest.mark.parametrize("title", ["Lee on vacation", "Kim's holiday", "Holiday card list", "Trade fair", "Home office"])
def test_what_is_nobodys_absence_or_another_persons_is_no_day_off(title: str) -> None:
    assert due(asked("away shifts, ", f"away      2026-03-03 2026-03-03: {title}\n")) == "Tue 03 10:00"


def test_a_day_off_beside_a_weekend_and_a_holiday_shifts_over_all_of_them() -> None:
    story = tell(
        f"charter   acme: reply 1 day, away shifts, {HOURS}\nholidays  2026-03-09\naway      2026-03-06 2026-03-06: Vacation\n"
        "2026-03-05 10:00 kim@acme > Can you send it?\n2026-03-05 11:00 now"
    )
    assert due(story) == "Tue 10 10:00"


# --- versions ---


def test_three_versions_each_judge_their_own_time() -> None:
    story = tell(
        f"charter   acme: reply 2h, {HOURS}\ncharter   acme from 2026-03-09: reply 4h\ncharter   acme from 2026-03-16: reply 1h\n"
        + "".join(late(day) for day in ("2026-03-03", "2026-03-10", "2026-03-17"))
        + "2026-03-18 09:00 now"
    )
    assert [f"{o.due:%d %H:%M}" for o in story.obligations] == ["03 11:00", "10 13:00", "17 10:00"]


def test_a_standard_switched_off_and_on_again_is_owed_while_it_is_on() -> None:
    story = tell(
        f"charter   acme: reply 2h, {HOURS}\ncharter   acme from 2026-03-09: reply off\ncharter   acme from 2026-03-16: reply 2h\n"
        + "".join(late(day) for day in ("2026-03-03", "2026-03-10", "2026-03-17"))
        + "2026-03-18 09:00 now"
    )
    assert [f"{o.created:%d}" for o in story.obligations] == ["03", "17"]


def test_a_version_begins_with_its_day_in_the_accounts_zone() -> None:
    story = tell(
        "charter   acme: reply 2h, mon-fri 09:00-17:00 America/New_York\ncharter   acme from 2026-03-09: reply 4h\n"
        "2026-03-09 00:30 kim@acme > Can you send it?\n2026-03-09 12:00 now"
    )
    assert story.only.due is not None
    assert f"{story.only.due:%H:%M}" == "17:00"  # four hours after nine in New York, in UTC
