"""Stories: what is not claimed: a review that nobody accepted, a call that nobody made, a time that nobody named."""

from __future__ import annotations

import pytest
from invented import HOURS
from story import Story, tell

from daemon.planning.worth_saying import Morning, is_unconfirmed

_CALL = "charter   acme: reply 1 day, callback 1 day, mon-fri 08:00-17:00 Europe/Berlin\n"


@pytest.mark.parametrize(
    "words",
    [
        "I waited for your call at 10. Did something come up?",
        "Dana, you never called this morning.",
        "There was no call this morning. Everything all right?",
        "ich hab um 10 auf Ihren Anruf gewartet. Ist was dazwischengekommen?",
        "Sie wollten mich heute um 10 anrufen.",
    ],
)
def test_whoever_waited_for_a_promised_call_chases_it(words: str) -> None:
    story = tell(
        f"{_CALL}Mon 09:00 dana > I'll call you on Thursday at 10. [to kim@acme]\nThu 10:25 kim@acme > {words}\nThu 10:30 now"
    )
    (call,) = [o for o in story.open if o.kind.value == "callback"]
    assert call.chased


def test_whoever_thanks_for_a_call_chases_nothing() -> None:
    words = "Thanks for your call at 10, all clear."
    story = tell(
        f"{_CALL}Mon 09:00 dana > I'll call you on Thursday at 10. [to kim@acme]\nThu 10:25 kim@acme > {words}\nThu 10:30 now"
    )
    assert not any(o.chased for o in story.obligations)


def test_a_chaser_in_a_mail_about_other_things_stands_beside_the_promise() -> None:
    chaser = "I still have no date for the change parts and the trial team needs to be booked."
    story = tell(
        f"{_CALL}Mon 09:00 kim@acme > When do the change parts for the capper come?\n"
        "Mon 09:30 dana > I will confirm the exact day on Tuesday.\n"
        f"Wed 09:00 kim@acme > {chaser} Can you call me today, please? [new thread: Trial in week 11]\n"
        "Wed 12:00 now"
    )
    assert any("exact day" in line and "today, they: “I still have no date" in line for line in story.says)


def test_a_meeting_about_the_matter_may_have_given_the_answer_that_was_promised() -> None:
    story = tell(
        f"{_CALL}Mon 09:00 kim@acme > When do the change parts for the capper come?\n"
        "Mon 09:30 dana > I will confirm the exact day on Tuesday.\n"
        "Wed 14:00-15:00 meeting with kim@acme: Change parts\n"
        "Thu 12:00 now"
    )
    assert [line.partition(":")[0] for line in story.says if "exact day" in line] == ["Was this done?"]


def test_what_waits_for_something_that_was_only_announced_is_perhaps_late_and_counts_nowhere() -> None:
    story = tell(
        f"{_CALL}Mon 09:00 dana > As soon as the unit is with us, I'll send you a replacement. [to kim@acme]\n"
        "Tue 09:00 kim@acme > The unit leaves here today.\n"
        "Mon 12:00 now"
    )
    (line,) = [line for line in story.says if "replacement" in line]
    assert line.startswith("Was this done?")
    assert "they: “The unit leaves here today.” perhaps late" in line
    assert story.infractions == []


def reviewed(meeting: str, *then: str) -> Story:
    """A client with a review each month, the meeting in its time, what came then, and the next morning."""
    return tell(
        "charter   acme: reply 1 day, review 1 month, next_step off, feedback off, mon-fri 09:00-17:00 Europe/London\n"
        "business  acme\n"
        + "\n".join((f"2026-03-24 10:00-11:00 meeting with kim@acme: Review: Acme and Dana {meeting}", *then))
        + "\n2026-03-25 09:00 now"
    )


def test_a_review_that_nobody_accepted_is_not_claimed_and_asked_about() -> None:
    story = reviewed("[kept] [unanswered]")
    (review,) = [o for o in story.obligations if o.kind.value == "review"]
    assert review.closed is None
    assert is_unconfirmed(review, Morning(HOURS, story.now))
    assert [line.partition(":")[0] for line in story.says if "did it take place?" in line] == ["Was this done?"]
    assert [line for line in story.says if line.startswith("Overdue")] == []


@pytest.mark.parametrize(
    ("meeting", "then"),
    [
        ("[kept]", ()),
        ("[unanswered]", ()),
        ("[kept] [unanswered]", ("2026-03-24 15:00 kim@acme > Thank you for your time in the review, very useful.",)),
        ("[kept] [unanswered]", ("2026-03-24 15:00 dana > As discussed in our review today, here is the list. [to kim@acme]",)),
        ("[kept] [unanswered]", ("2026-03-24 15:00 done review",)),
    ],
    ids=["accepted", "not ours", "they thank", "we refer to it", "the user says so"],
)
def test_a_review_with_a_sign_that_it_was_held_counts(meeting: str, then: tuple[str, ...]) -> None:
    assert "review kept" in reviewed(meeting, *then).states
