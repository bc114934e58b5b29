"""Stories of the way back: the recovery meeting, what was agreed in it, and when trust is back."""

from __future__ import annotations

import pytest
from recoveries import THREE, stage, then
from story import Story

from daemon.glossary.assessments import RecoveryStage as Stage

HELD = THREE + "2026-03-09 10:00-11:00 meeting with kim@acme: What went wrong\n"


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
