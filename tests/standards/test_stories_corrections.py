"""Corrections: of one item, of one thread, and of a wording once it was said three times; none hides a client, all can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from story import Story, said, tell

from daemon.core import corrections
from daemon.glossary.decisions import Decision, Scope, Verb
from daemon.glossary.obligations import Kind, State, state


def waived(story: Story) -> int:
    return sum(state(o, story.now) is State.WAIVED for o in story.obligations)


THREE = """
charter   acme: reply 2h
Mon 09:00 raj@acme > Thanks, the delivery came.
Mon 10:00 kim@acme > Can you look at the portal on Monday? [new thread: One]
Mon 11:00 wrong reply
Tue 10:00 kim@acme > Can you look at the portal on Tuesday? [new thread: Two]
Tue 11:00 wrong reply
Wed 10:00 kim@acme > Can you look at the portal on 4 March? [new thread: Three]
Wed 11:00 wrong reply
"""
RULE = THREE + "Wed 12:00 rule reply\n"


def test_a_correction_is_about_its_one_item(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you look at the portal? [new thread: One]
    Mon 10:00 wrong reply
    Tue 09:00 kim@acme > Can you look at the portal? [new thread: Two]
    Tue 12:00 now
    """
    assert story.states == ["reply waived", "reply overdue"]


def test_a_correction_of_a_thread_holds_for_what_they_write_there_later(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you look at the portal? [new thread: Portal]
    Mon 10:00 wrong reply in thread
    Tue 09:00 kim@acme > And can you look at the second page? [thread: Portal]
    Wed 09:00 kim@acme > And at the third, please? [thread: Portal]
    Wed 12:00 now
    """
    assert set(story.states) == {"reply waived"}
    assert story.balance == {"needs no answer": 3}


def test_another_thread_with_the_same_client_is_owed_as_ever(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you look at the portal? [new thread: Portal]
    Mon 10:00 wrong reply in thread
    Tue 09:00 kim@acme > Can you send the price of the film? [new thread: Film]
    Tue 12:00 now
    """
    assert story.states == ["reply waived", "reply overdue"]


def test_a_correction_of_a_thread_says_nothing_of_another_kind_there(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you look at the portal? [new thread: Portal]
    Mon 10:00 wrong reply in thread
    Tue 09:00 dana > I'll send you the new drawings on Friday. [thread: Portal]
    Tue 12:00 now
    """
    assert [s for s in story.states if s.startswith("promise")] == ["promise open"]


def test_a_correction_of_a_thread_that_is_taken_back_brings_everything_back(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you look at the portal? [new thread: Portal]
    Mon 10:00 wrong reply in thread
    Mon 15:00 kim@acme > And can you look at the second page? [thread: Portal]
    Mon 16:00 undo reply
    Tue 12:00 now
    """
    assert "waived" not in " ".join(story.states)
    assert story.balance == {"open": 2}


def test_what_was_answered_before_stays_answered(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the price? [new thread: Portal]
    Mon 10:00 dana > The price is 400 euros a pallet, the list is attached. [attach: price.pdf]
    Tue 09:00 kim@acme > Can you look at the portal, please? [thread: Portal]
    Tue 10:00 wrong reply in thread
    Tue 12:00 now
    """
    assert story.states == ["reply kept", "reply waived"]


def test_twice_the_same_correction_proposes_nothing() -> None:
    twice = "\n".join(THREE.strip().splitlines()[:-2])
    assert _proposed(tell(twice + "\nWed 12:00 now")) == []


def test_three_times_the_same_correction_proposes_a_rule() -> None:
    assert _proposed(tell(THREE + "Wed 12:00 now")) == [("Acme", Kind.REPLY, 3)]


def test_a_proposal_alone_changes_nothing() -> None:
    story = tell(THREE + "Thu 10:00 kim@acme > Can you look at the portal on Thursday? [new thread: Four]\nThu 14:00 now")
    assert (waived(story), story.states[-1]) == (3, "reply overdue")


def test_a_rule_that_was_taken_holds_for_the_same_words_whatever_the_day() -> None:
    story = tell(RULE + "Thu 10:00 kim@acme > Can you look at the portal on Friday? [new thread: Four]\nThu 14:00 now")
    assert story.states == ["reply waived"] * 4


def test_a_rule_says_nothing_of_other_words() -> None:
    story = tell(RULE + "Thu 10:00 kim@acme > Can you look at the offer on Friday? [new thread: Four]\nThu 14:00 now")
    assert story.states[-1] == "reply overdue"


def test_a_rule_says_nothing_of_another_client() -> None:
    other = "Thu 10:00 sam@birch > Thanks for the samples.\nFri 10:00 sam@birch > Can you look at the portal on Friday?\nFri 14:00 now"
    story = tell("charter   birch: reply 2h" + RULE + other)
    assert story.states[-1] == "reply overdue"


def test_a_rule_never_holds_back_the_first_mail_of_a_person() -> None:
    story = tell(RULE + "Thu 10:00 tess@acme > Can you look at the portal on Friday? [new thread: Four]\nThu 14:00 now")
    assert story.states[-1] == "reply overdue"


def test_a_rule_taken_back_holds_no_more() -> None:
    story = tell(RULE + "Thu 10:00 kim@acme > Can you look at the portal on Friday? [new thread: Four]\nThu 14:00 now")
    rule = next(d for d in said(story) if d.scope is Scope.WORDING)
    undo = Decision(rule.target, Verb.UNDO, rule.at + timedelta(minutes=1), rule.by)
    assert corrections.applied([*said(story), undo], story.obligations, (), story.now) == ()
    assert corrections.in_force([*said(story), undo], story.now) == tuple(d for d in said(story) if d != rule)


def test_what_a_rule_holds_back_is_counted_in_the_balance() -> None:
    story = tell(RULE + "Thu 10:00 kim@acme > Can you look at the portal on Friday? [new thread: Four]\nThu 14:00 now")
    assert sum(story.balance.values()) == 5
    assert story.balance == {"needs no answer": 5}
    assert story.rules.count("you marked it as not owed") == 4


def test_a_rule_once_taken_is_proposed_no_more() -> None:
    assert _proposed(tell(RULE + "Thu 14:00 now")) == []


def test_a_correction_that_was_taken_back_does_not_count_for_a_proposal() -> None:
    text = THREE + "Wed 11:30 undo reply\nWed 12:00 now"
    assert _proposed(tell(text)) == []


def test_waived_is_no_misreading_and_proposes_no_rule() -> None:
    assert _proposed(tell(THREE.replace("wrong", "waive") + "Wed 12:00 now")) == []


def test_done_is_no_correction() -> None:
    assert _proposed(tell(THREE.replace("wrong", "done") + "Wed 12:00 now")) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Can you call me on Monday?", "can you call me on Friday"),
        ("Please send 40 of them by 3 March.", "Please send 12 of them by 5 April!"),
        ("Ruf mich bitte heute an.", "Ruf mich bitte morgen an"),
    ],
)
def test_days_numbers_and_marks_make_no_other_wording(one: str, other: str) -> None:
    assert corrections.wording(one) == corrections.wording(other)


def test_other_words_are_another_wording() -> None:
    assert corrections.wording("Can you call me?") != corrections.wording("Can you call Raj?")


def test_a_wording_gives_no_word_away() -> None:
    assert "portal" not in corrections.wording("Can you look at the portal?")


def _proposed(story: Story) -> list[tuple[str, Kind, int]]:
    return [(p.client, p.kind, p.count) for p in corrections.proposals(said(story), datetime(2027, 1, 1, tzinfo=UTC))]
