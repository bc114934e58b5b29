"""What should happen at least so often: contact, operations meetings; and feedback after the first delivery, escalation limits."""

from __future__ import annotations

import pytest
from story import Story, tell

HOURS = "mon-fri 09:00-17:00 Europe/London"


def of(story: Story, kind: str) -> list[str]:
    return [line.removeprefix(f"{kind} ") for line in story.states if line.startswith(f"{kind} ")]


# --- contact ---


def touch(lines: str, charter: str = "contact 1 week", more: str = "") -> list[str]:
    return of(tell(f"charter   acme: reply off, {charter}, {HOURS}\n{more}{lines}"), "touch_base")


HELLO = "2026-03-02 10:00 dana > Hello Kim, all is well here. [to kim@acme]\n"


def test_a_week_without_contact_is_overdue() -> None:
    assert touch(f"{HELLO}2026-03-10 09:00 now") == ["overdue"]


def test_the_clients_own_mail_is_contact() -> None:
    assert touch(f"{HELLO}2026-03-06 09:00 kim@acme > Thanks, all well here too.\n2026-03-10 09:00 now") == ["kept", "open"]


def test_a_colleagues_mail_is_contact() -> None:
    assert touch(f"{HELLO}2026-03-06 09:00 lee > Hello Kim. [to kim@acme]\n2026-03-10 09:00 now") == ["kept", "open"]


def test_a_meeting_that_took_place_is_contact() -> None:
    assert touch(f"{HELLO}2026-03-06 09:00-10:00 meeting with kim@acme: Line 2\n2026-03-10 09:00 now") == ["kept", "open"]


@pytest.mark.parametrize("option", ["[cancelled]", "[declined]"])
def test_a_meeting_that_did_not_take_place_is_no_contact(option: str) -> None:
    assert touch(f"{HELLO}2026-03-06 09:00-10:00 meeting with kim@acme: Line 2 {option}\n2026-03-10 09:00 now") == ["overdue"]


def test_a_meeting_ahead_is_no_contact_yet() -> None:
    assert touch(
        f"{HELLO}2026-03-12 09:00-10:00 meeting with kim@acme: Line 2 [booked 2026-03-03 09:00]\n2026-03-10 09:00 now"
    ) == ["overdue"]


def test_an_automatic_reply_is_no_contact() -> None:
    assert touch(f"{HELLO}2026-03-06 09:00 kim@acme > I am away. [auto-submitted]\n2026-03-10 09:00 now") == ["overdue"]


def test_contact_that_came_late_is_kept_late_and_begins_anew() -> None:
    assert touch(f"{HELLO}2026-03-11 09:00 kim@acme > Thanks.\n2026-03-12 09:00 now") == ["kept_late", "open"]


def test_contact_switched_off_by_a_later_version_is_owed_no_more() -> None:
    later = "charter   acme from 2026-03-04: contact off\n"
    assert touch(f"{HELLO}2026-03-05 10:00 kim@acme > Thanks.\n2026-03-30 09:00 now", more=later) == ["kept"]


def test_contact_is_off_unless_the_charter_names_it() -> None:
    assert of(tell(f"charter   acme: reply off, {HOURS}\n{HELLO}2026-03-30 09:00 now"), "touch_base") == []


# --- operations meetings ---


def meet(lines: str, more: str = "") -> Story:
    return tell(f"charter   acme: reply off, meeting 2 weeks, {HOURS}\n{more}{HELLO}{lines}")


def test_two_weeks_without_a_meeting_are_overdue() -> None:
    assert of(meet("2026-03-17 09:00 now"), "meeting") == ["overdue"]


def test_a_meeting_in_time_keeps_it_and_the_next_is_counted_from_it() -> None:
    story = meet("2026-03-11 10:00-11:00 meeting with kim@acme: Week\n2026-03-24 09:00 now")
    assert of(story, "meeting") == ["kept", "open"]
    due = story.obligations[-1].due
    assert due is not None
    assert f"{due:%d %b}" == "25 Mar"


def test_a_review_is_a_meeting_too() -> None:
    assert of(meet("2026-03-11 10:00-11:00 meeting with kim@acme: Service review\n2026-03-12 09:00 now"), "meeting")[0] == "kept"


def test_a_meeting_with_others_than_the_client_is_none() -> None:
    assert of(meet("2026-03-11 10:00-11:00 meeting with lee@northwind: Week\n2026-03-17 09:00 now"), "meeting") == ["overdue"]


def test_a_meeting_moved_beyond_the_due_day_is_late() -> None:
    assert of(meet("2026-03-19 10:00-11:00 meeting with kim@acme: Week\n2026-03-20 09:00 now"), "meeting")[0] == "kept_late"


def test_a_booked_meeting_is_shown_as_what_may_settle_it() -> None:
    story = meet("2026-03-16 10:00-11:00 meeting with kim@acme: Week [booked 2026-03-03 09:00]\n2026-03-13 09:00 now")
    assert [e.strength.value for e in story.open[-1].evidence if e.type.value == "event"] == ["weak"]


def test_a_meeting_that_is_not_wanted_this_time_is_waived_and_the_next_counts_from_there() -> None:
    assert of(meet("2026-03-17 09:30 waive meeting\n2026-03-18 09:00 now"), "meeting") == ["waived", "open"]


def test_a_meeting_in_new_york_counts_at_its_moment() -> None:
    hours = "client    acme: hours mon-fri 09:00-17:00 America/New_York\n"
    assert (
        of(meet("2026-03-16 20:00-21:00 meeting with kim@acme: Week\n2026-03-17 09:00 now", hours), "meeting")[0] == "kept_late"
    )


# --- feedback ---

DELIVERED = (
    "2026-03-04 10:00 dana > The pumps were delivered this morning, the papers are attached. [to kim@acme] [attach: papers.pdf]\n"
)


def after(lines: str, stage: str = "stage onboarding") -> list[str]:
    text = (
        f"charter   acme: reply off, feedback 5 days, {HOURS}\nclient    acme: {stage}\n2026-03-02 09:00 kim@acme > Hello Dana.\n"
    )
    return of(tell(f"{text}{DELIVERED}{lines}"), "feedback")


def test_after_the_first_delivery_the_client_is_to_be_asked() -> None:
    assert after("2026-03-05 09:00 now") == ["open"]
    assert after("2026-03-12 09:00 now") == ["overdue"]


def test_who_asks_how_it_went_has_done_it() -> None:
    assert after("2026-03-09 10:00 dana > How did the delivery go, and are you happy with it?\n2026-03-12 09:00 now") == ["kept"]


def test_praise_that_comes_unasked_is_feedback() -> None:
    assert after("2026-03-06 10:00 kim@acme > We are very happy with the pumps.\n2026-03-12 09:00 now") == ["kept"]


def test_a_complaint_is_feedback_too() -> None:
    assert after("2026-03-06 10:00 kim@acme > Two of the pumps arrived damaged and one is missing.\n2026-03-12 09:00 now") == [
        "kept"
    ]


def test_asking_too_late_is_late() -> None:
    assert after("2026-03-16 10:00 dana > How did the delivery go?\n2026-03-17 09:00 now") == ["kept_late"]


@pytest.mark.parametrize("stage", ["stage established", "stage prospect", "stage lost"])
def test_only_a_client_who_is_being_taken_on_is_asked(stage: str) -> None:
    assert after("2026-03-12 09:00 now", stage) == []


def test_a_client_won_lately_is_asked_after_the_first_delivery_since() -> None:
    assert after("2026-03-12 09:00 now", "stage established, won 2026-03-03") == ["overdue"]
    assert after("2026-03-12 09:00 now", "stage established, won 2026-03-09") == []


def test_a_second_delivery_is_not_asked_about_again() -> None:
    again = DELIVERED.replace("03-04", "03-10")
    assert after(f"2026-03-06 10:00 kim@acme > We are very happy with them.\n{again}2026-03-20 09:00 now") == ["kept"]


# --- escalation ---


def escalates(lines: str, limit: str = "1 day") -> list[str]:
    story = tell(f"charter   acme: reply 2h, escalate {limit}, {HOURS}\n{lines}")
    return [f"{o.escalates:%a %H:%M}" if o.escalates else "never" for o in story.obligations]


def test_an_answer_goes_to_the_manager_so_long_after_it_was_due() -> None:
    assert escalates("Mon 10:00 kim@acme > Can you send the quote?\nMon 13:00 now") == ["Tue 12:00"]


def test_the_limit_counts_working_days() -> None:
    assert escalates("Fri 10:00 kim@acme > Can you send the quote?\nFri 13:00 now") == ["Mon 12:00"]


def test_the_limit_counts_working_hours() -> None:
    assert escalates("Fri 15:00 kim@acme > Can you send the quote?\nFri 16:00 now", "4h") == ["Mon 13:00"]


def test_without_a_limit_nothing_goes_to_the_manager() -> None:
    assert escalates("Mon 10:00 kim@acme > Can you send the quote?\nMon 13:00 now", "off") == ["never"]


def test_what_the_client_owes_goes_to_no_manager() -> None:
    assert escalates("Mon 10:00 kim@acme > I'll send you the purchase order by Tuesday.\nWed 13:00 now") == ["never"]


def test_the_limit_of_its_time_is_the_one_that_counts() -> None:
    story = tell(
        f"charter   acme: reply 2h, escalate 1 day, {HOURS}\ncharter   acme from 2026-03-03: escalate 3 days\n"
        "2026-03-02 10:00 kim@acme > Can you send the quote?\n2026-03-04 13:00 now"
    )
    assert f"{story.only.escalates:%a}" == "Tue"
