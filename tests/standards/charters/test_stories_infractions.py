"""Stories of infractions: what ended late or was missed, and what is none."""

from __future__ import annotations

from story import Story

from daemon.core.infractions import infractions


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
