"""Stories of recovery: when so much went wrong, or one thing so badly, that it is time to talk."""

from __future__ import annotations

import pytest
from recoveries import THREE, stage, then
from story import Story, tell

from daemon.glossary.assessments import RecoveryStage as Stage

# --- when one is due ---


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
    assert (story.recovery.stage, len(story.recovery.because)) == (Stage.PROPOSED, 3)
    assert "meeting open" in story.states


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
