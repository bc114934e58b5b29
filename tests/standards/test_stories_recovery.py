"""Stories of recovery: when so much went wrong that it is time to talk, how far that has come, and when trust is back."""

from __future__ import annotations

import pytest
from story import Story, tell

from daemon.glossary.assessments import RecoveryStage as Stage

THREE = """
charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
recovery  acme: infractions 3, within 1 month, grave off, trust 2
Mon 09:00 kim@acme > Can you send the quote? [new thread: Quote]
Mon 14:00 dana > Here it is. [attach: quote.pdf]
Tue 09:00 kim@acme > Which colour is the frame? [new thread: Colour]
Tue 14:00 dana > The frame is blue.
Wed 09:00 kim@acme > When does the van come? [new thread: Van]
Wed 14:00 dana > The van comes on 12 March at noon.
"""
HELD = THREE + "2026-03-09 10:00-11:00 meeting with kim@acme: What went wrong\n"


def stage(story: Story) -> Stage | None:
    """How far the latest recovery has come; None where there is none, or trust is back."""
    return story.recovery.stage if story.recovery else None


def then(*lines: str, before: str = THREE) -> Story:
    """What came of it after the three."""
    return tell("\n".join((before.strip("\n"), *lines)))


def agreed(start: str) -> str:
    """The three, the meeting, and another version of the charter."""
    return HELD.replace("\nMon 09:00", f"\ncharter   acme from {start}: reply 4h\nMon 09:00", 1)


def kept(count: int, day: int = 10) -> list[str]:
    """So many questions that were answered in time, one a day."""
    found = []
    for on in range(day, day + count):
        found.append(f"2026-03-{on:02} 09:00 kim@acme > What is the price of part {on + 100}? [new thread: Part {on + 100}]")
        found.append(f"2026-03-{on:02} 10:00 dana > Part {on + 100} costs {on} a month.")
    return found


LATE = (
    "2026-03-{} 09:00 kim@acme > How long is the second table? [new thread: Table {}]",
    "2026-03-{} 15:00 dana > The second table is three metres long.",
)


def late(day: int) -> list[str]:
    """A question that was answered too late."""
    return [LATE[0].format(f"{day:02}", day), LATE[1].format(f"{day:02}")]


# --- when one is due ---


def test_three_within_the_time_are_enough() -> None:
    story = then("Wed 15:00 now")
    assert story.recovery is not None
    assert stage(story) is Stage.PROPOSED
    assert [o.quote for o in story.recovery.because] == [
        "Can you send the quote?",
        "Which colour is the frame?",
        "When does the van come?",
    ]
    assert f"{story.recovery.since:%a %H:%M}" == "Wed 14:00"
    assert story.at("Wed 13:59").recovery is None


def test_the_meeting_is_due_within_five_working_days() -> None:
    story = then("Thu 09:00 now")
    (meeting,) = [o for o in story.obligations if o.kind == "meeting"]
    assert f"{meeting.due:%a %d %H:%M}" == "Wed 11 14:00"
    assert (meeting.contact, meeting.summary) == ("kim@acme.example", "Recovery meeting with Acme")


def test_a_holiday_moves_the_meeting() -> None:
    story = tell("holidays 2026-03-06\n" + THREE.strip() + "\nThu 09:00 now")
    assert [f"{o.due:%a %d}" for o in story.obligations if o.kind == "meeting"] == ["Thu 12"]


def test_two_are_not_enough(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    recovery  acme: infractions 3, grave off
    Mon 09:00 kim@acme > Can you send the quote? [new thread: Quote]
    Mon 14:00 dana > Here it is. [attach: quote.pdf]
    Tue 09:00 kim@acme > Which colour is the frame? [new thread: Colour]
    Tue 14:00 dana > The frame is blue.
    Wed 09:00 now
    """
    assert story.recovery is None


@pytest.mark.parametrize(("within", "due"), [("1 month", False), ("3 months", True)])
def test_spread_over_longer_than_the_time_they_are_none(within: str, due: bool) -> None:
    story = tell(
        f"""
        charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
        recovery  acme: infractions 3, within {within}, grave off
        Mon 09:00 kim@acme > Can you send the quote? [new thread: Quote]
        Mon 14:00 dana > Here it is. [attach: quote.pdf]
        2026-03-24 09:00 kim@acme > Which colour is the frame? [new thread: Colour]
        2026-03-24 14:00 dana > The frame is blue.
        2026-04-14 09:00 kim@acme > When does the van come? [new thread: Van]
        2026-04-14 14:00 dana > The van comes on 20 April at noon.
        2026-04-15 09:00 now
        """
    )
    assert (story.recovery is not None) is due


def test_the_last_three_count_where_the_first_is_too_old(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    recovery  acme: infractions 3, within 1 month, grave off
    Mon 09:00 kim@acme > Can you send the quote? [new thread: Quote]
    Mon 14:00 dana > Here it is. [attach: quote.pdf]
    2026-04-13 09:00 kim@acme > Which colour is the frame? [new thread: Colour]
    2026-04-13 14:00 dana > The frame is blue.
    2026-04-14 09:00 kim@acme > When does the van come? [new thread: Van]
    2026-04-14 14:00 dana > The van comes on 20 April at noon.
    2026-04-15 09:00 kim@acme > How long is the second table? [new thread: Table]
    2026-04-15 14:00 dana > The second table is three metres long.
    2026-04-16 09:00 now
    """
    assert story.recovery is not None
    assert [f"{o.created:%d %b}" for o in story.recovery.because] == ["13 Apr", "14 Apr", "15 Apr"]


def test_three_of_different_kinds_add_up(story: Story) -> None:
    """
    charter     acme: reply 2h, callback 2h, mon-fri 09:00-17:00 Europe/London
    client      acme: phone +442079460018
    deliverable acme: Weekly report every week on wed by 12:00 subject weekly report
    recovery    acme: infractions 3, grave off
    business  acme
    Mon 09:00 kim@acme > Can you send the quote? [new thread: Quote]
    Mon 14:00 dana > Here it is. [attach: quote.pdf]
    Tue 09:00 missed call from +44 20 7946 0018
    Tue 15:00 call made to +44 20 7946 0018
    Wed 15:00 dana > Sorry for the delay. [to kim@acme] [new thread: Weekly report]
    Wed 16:00 now
    """
    assert story.recovery is not None
    assert [o.kind.value for o in story.recovery.because] == ["reply", "callback", "deliverable"]


def test_what_was_waived_does_not_add_up() -> None:
    assert then("Wed 15:00 waive reply", "Wed 16:00 now").recovery is None


def test_a_waiver_that_was_taken_back_adds_up_again() -> None:
    assert stage(then("Wed 15:00 waive reply", "Wed 15:10 undo reply", "Wed 16:00 now")) is Stage.PROPOSED


def test_what_is_older_than_the_first_day_does_not_add_up() -> None:
    assert tell(THREE.replace("reply 2h", "reply 2h, since Tue 00:00").strip() + "\nThu 09:00 now").recovery is None


def test_two_clients_do_not_add_up(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    charter   birch: reply 2h
    recovery  acme: infractions 2, grave off
    recovery  birch: infractions 2, grave off
    Mon 09:00 kim@acme > Can you send the quote? [new thread: Quote]
    Mon 14:00 dana > Here it is. [attach: quote.pdf]
    Tue 09:00 ben@birch > Which colour is the frame? [new thread: Colour]
    Tue 14:00 dana > The frame is blue.
    Wed 09:00 now
    """
    assert len(story.infractions) == 2
    assert story.recovery is None


def test_switched_off_there_is_no_recovery() -> None:
    story = tell(THREE.replace("infractions 3, within 1 month, grave off, trust 2", "off").strip() + "\nThu 09:00 now")
    assert story.recovery is None
    assert len(story.infractions) == 3


def test_nobody_recovers_a_lost_client() -> None:
    story = tell(THREE.replace("recovery  acme", "client    acme: stage lost\nrecovery  acme").strip() + "\nThu 09:00 now")
    assert len(story.infractions) == 3
    assert (story.recovery, "meeting open" in story.states) == (None, False)


# --- grave ---


GRAVE = """
charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
recovery  acme: grave {}
business  acme
Mon 09:00 kim@acme > Can you send the quote?
{} dana > Here it is. [attach: quote.pdf]
2026-03-20 09:00 now
"""


@pytest.mark.parametrize(
    ("limit", "answered", "grave"),
    [
        ("5 days", "2026-03-09 11:00", True),
        ("5 days", "2026-03-09 10:59", False),
        ("4h", "Mon 15:00", True),
        ("4h", "Mon 14:59", False),
        ("off", "2026-03-13 09:00", False),
    ],
)
def test_one_is_enough_where_it_is_grave(limit: str, answered: str, grave: bool) -> None:
    story = tell(GRAVE.format(limit, answered))
    assert (story.recovery is not None and story.recovery.grave) is grave


def test_a_weekend_and_a_holiday_do_not_make_it_grave(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    recovery  acme: grave 2 days
    holidays  2026-04-03 2026-04-06
    2026-04-02 11:00 kim@acme > Can you send the quote?
    2026-04-08 10:00 dana > Here it is. [attach: quote.pdf]
    2026-04-09 09:00 now
    """
    assert story.infractions == ["reply late"]
    assert story.recovery is None


def test_never_answered_though_they_asked_again_is_grave(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    recovery  acme: infractions 3
    business  acme
    Mon 09:00 kim@acme > Can you send the quote?
    Wed 09:00 kim@acme > Can you send the quote, please?
    2026-03-18 09:00 now
    """
    assert story.recovery is not None
    assert (story.recovery.grave, story.infractions) == (True, ["reply missed"])
    assert story.at("2026-03-17 09:00").recovery is None


def test_never_answered_and_never_asked_again_is_one_infraction(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    recovery  acme: infractions 3
    Mon 09:00 kim@acme > Can you send the quote?
    2026-03-18 09:00 now
    """
    assert (story.recovery, story.infractions) == (None, ["reply missed"])


def test_what_was_given_up_is_grave_from_the_day_of_the_late_answer(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    recovery  acme: infractions 3
    business  acme
    Mon 09:00 kim@acme > Can you send the quote?
    2026-03-25 09:00 dana > Here it is. [attach: quote.pdf]
    2026-03-25 10:00 now
    """
    assert story.recovery is not None
    assert f"{story.recovery.since:%d %H:%M}" == "25 09:00"


def test_a_late_answer_to_what_was_given_up_makes_no_other_recovery_of_it(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    recovery  acme: infractions 2, grave off
    business  acme
    Mon 09:00 kim@acme > Can you send the quote? [new thread: Quote]
    2026-03-17 09:00 kim@acme > Which colour is the frame? [new thread: Colour]
    2026-03-17 15:00 dana > The frame is blue.
    2026-03-25 09:00 dana > Here it is. [attach: quote.pdf] [thread: Quote]
    2026-03-25 10:00 now
    """
    before = story.at("2026-03-20 09:00").recovery
    assert before is not None
    assert story.recovery is not None
    assert story.recovery.key == before.key
    assert len(story.recovery.because) == 2


# --- the meeting ---


def test_a_meeting_ahead_is_booked_and_afterwards_held() -> None:
    story = then(
        "Thu 09:00 dana > Sorry again, I have sent an invitation.",
        "2026-03-09 10:00-11:00 meeting with kim@acme: Making things right [booked Thu 09:00]",
        "2026-03-09 12:00 now",
    )
    assert stage(story) is Stage.HELD
    assert stage(story.at("2026-03-06 09:00")) is Stage.BOOKED
    assert stage(story.at("Thu 08:59")) is Stage.PROPOSED
    assert [s for s in story.states if s.startswith("meeting")] == ["meeting kept"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("2026-03-09 10:00-11:00 meeting with kim@acme: What went wrong [cancelled]", Stage.PROPOSED),
        ("2026-03-09 10:00-11:00 meeting with kim@acme: What went wrong [declined]", Stage.PROPOSED),
        ("2026-03-09 10:00-11:00 meeting: What went wrong with Acme", Stage.PROPOSED),
        ("2026-03-09 10:00-11:00 meeting with lee: Recovery of Acme", Stage.PROPOSED),
        ("2026-03-09 10:00-11:00 meeting with kim@acme: Site visit", Stage.PROPOSED),
        ("2026-03-09 10:00-11:00 meeting with kim@acme: Quarterly review", Stage.HELD),
        ("2026-03-09 10:00-11:00 meeting with sam@acme: Service issues", Stage.HELD),
    ],
)
def test_which_meeting_is_the_recovery(line: str, found: Stage) -> None:
    assert stage(then(line, "2026-03-10 09:00 now")) is found


def test_a_review_before_it_went_wrong_repairs_nothing() -> None:
    story = then(
        "2026-03-10 09:00 now", before=THREE.replace("Wed 14:00", "Wed 10:00-11:00 meeting with kim@acme: Review\nWed 14:00")
    )
    assert stage(story) is Stage.PROPOSED


def test_a_meeting_held_too_late_is_late_and_makes_no_infraction() -> None:
    story = then("2026-03-18 10:00-11:00 meeting with kim@acme: What went wrong", "2026-03-18 12:00 now")
    assert [s for s in story.states if s.startswith("meeting")] == ["meeting kept_late"]
    assert len(story.infractions) == 3


def test_it_is_never_given_up_while_trust_is_not_back() -> None:
    story = then("2026-05-20 12:00 now")
    assert [s for s in story.states if s.startswith("meeting")] == ["meeting overdue"]


def test_a_talk_of_which_the_calendar_knows_nothing_is_held_by_the_users_word() -> None:
    story = then("Fri 12:00 done meeting", *kept(2, 9), "2026-03-10 12:00 now")
    assert [s for s in story.states if s.startswith("meeting")] == ["meeting kept"]
    assert story.recovery is None  # trust is back
    assert stage(story.at("Fri 13:00")) is Stage.HELD
    assert stage(story.at("2026-03-09 11:00")) is Stage.HELD


def test_a_word_that_was_taken_back_holds_no_talk() -> None:
    story = then("Fri 12:00 done meeting", "Fri 12:05 undo meeting", "Fri 13:00 now")
    assert stage(story) is Stage.PROPOSED


def test_a_recovery_that_was_waived_is_none() -> None:
    story = then("Thu 12:00 waive meeting", "Fri 12:00 now")
    assert story.recovery is None
    assert "meeting open" not in story.states


def test_after_a_waiver_it_takes_as_many_again() -> None:
    story = then("Thu 12:00 waive meeting", *late(9), *late(10), *late(11), "2026-03-11 16:00 now")
    assert stage(story) is Stage.PROPOSED
    assert story.recovery is not None
    assert [o.created.day for o in story.recovery.because] == [9, 10, 11]
    assert story.at("2026-03-11 14:00").recovery is None


# --- what was agreed ---


@pytest.mark.parametrize(
    ("start", "found"), [("2026-03-08", Stage.HELD), ("2026-03-09", Stage.FOLLOWED), ("2026-04-01", Stage.FOLLOWED)]
)
def test_a_version_of_the_charter_made_from_that_day_on_is_what_was_agreed(start: str, found: Stage) -> None:
    assert stage(then("2026-03-10 09:00 now", before=agreed(start))) is found


def test_what_happened_before_a_new_version_is_judged_by_the_old_ones_limits(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    recovery  acme: infractions 2, grave off
    charter   acme from 2026-03-05: reply 4h
    recovery  acme: off
    Mon 09:00 kim@acme > Can you send the quote? [new thread: Quote]
    Mon 14:00 dana > Here it is. [attach: quote.pdf]
    Tue 09:00 kim@acme > Which colour is the frame? [new thread: Colour]
    Tue 14:00 dana > The frame is blue.
    Fri 09:00 now
    """
    assert stage(story) is Stage.PROPOSED


# --- trust ---


def test_trust_is_back_after_so_many_kept_in_a_row() -> None:
    story = then(*kept(2), "2026-03-11 12:00 now", before=HELD)
    assert story.recovery is None
    halfway = story.at("2026-03-10 12:00").recovery
    assert halfway is not None
    assert (halfway.stage, halfway.kept, halfway.needed) == (Stage.HELD, 1, 2)


def test_trust_comes_back_without_a_new_version_of_the_charter_and_with_one() -> None:
    story = then(*kept(2), "2026-03-11 12:00 now", before=agreed("2026-03-10"))
    assert story.recovery is None
    assert stage(story.at("2026-03-10 12:00")) is Stage.FOLLOWED


def test_what_was_kept_before_the_meeting_brings_no_trust() -> None:
    story = then(
        *kept(2, 5), "2026-03-10 12:00 now", before=THREE + "2026-03-10 11:00-11:30 meeting with kim@acme: What went wrong\n"
    )
    assert story.recovery is not None
    assert (story.recovery.stage, story.recovery.kept) == (Stage.HELD, 0)


def test_a_new_infraction_begins_the_run_again() -> None:
    lines = [*kept(1, 10), *late(11), *kept(1, 12)]
    story = then(*lines, "2026-03-12 12:00 now", before=HELD)
    assert story.recovery is not None
    assert (story.recovery.stage, story.recovery.kept) == (Stage.HELD, 1)
    after = then(
        *lines, *kept(1, 13)[:1], "2026-03-13 10:00 lee > Part 100 costs 5 a month.", "2026-03-13 12:00 now", before=HELD
    )
    assert after.recovery is None


def test_what_was_waived_neither_brings_trust_nor_takes_it() -> None:
    lines = [*kept(1, 10), *late(11), "2026-03-11 16:00 waive reply", *kept(1, 12)]
    assert then(*lines, "2026-03-12 12:00 now", before=HELD).recovery is None


def test_an_old_debt_paid_after_the_meeting_does_not_break_the_run() -> None:
    old = "2026-02-02 09:00 kim@acme > Can you send the terms? [new thread: Terms]\n"
    text = "start 2026-02-02\n" + THREE.strip().replace("Mon 09:00 kim", old + "2026-03-02 09:00 kim")
    lines = ["Fri 12:00 done meeting", *kept(1, 10), "2026-03-11 09:00 dana > Here they are. [attach: terms.pdf] [thread: Terms]"]
    story = then(*lines, *kept(1, 12), "2026-03-12 12:00 now", before=text)
    assert story.states[0] == "reply kept_late"
    assert story.at("2026-03-10 12:00").states[0] == "reply missed"
    assert story.recovery is None


def test_trust_that_is_back_can_be_lost_again() -> None:
    lines = [*kept(2, 10), *late(16), *late(17), *late(18)]
    story = then(*lines, "2026-03-18 16:00 now", before=HELD)
    assert stage(story) is Stage.PROPOSED
    assert story.recovery is not None
    assert [o.created.day for o in story.recovery.because] == [16, 17, 18]
    assert sorted(s for s in story.states if s.startswith("meeting")) == ["meeting kept", "meeting open"]
    assert story.at("2026-03-13 16:00").recovery is None


def test_a_second_recovery_has_a_meeting_of_its_own() -> None:
    lines = [*late(10), *late(11), *late(12), "2026-03-16 10:00-11:00 meeting with kim@acme: Recovery", "2026-03-17 09:00 now"]
    story = then(*lines, before=HELD)
    assert stage(story) is Stage.HELD
    assert story.recovery is not None
    assert story.recovery.held is not None
    assert f"{story.recovery.held.at:%d}" == "16"
    assert stage(story.at("2026-03-13 09:00")) is Stage.BOOKED


def test_one_late_thing_after_the_meeting_is_no_second_recovery() -> None:
    story = then(*late(10), "2026-03-11 09:00 now", before=HELD)
    assert stage(story) is Stage.HELD
    assert [s for s in story.states if s.startswith("meeting")] == ["meeting kept"]


def test_recovery_counts_in_the_clients_charter_alone_and_any_order_of_facts() -> None:
    story = then(*kept(1), "2026-03-10 12:00 now", before=HELD)
    for seed in range(5):
        assert story.shuffled(seed).recovery == story.recovery
