"""Stories: what was promised, by whom, until when, and what shows that it was done."""

from __future__ import annotations

import pytest
from story import Story, tell


def test_a_promise_of_a_document_is_kept_by_the_attachment(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    Wed 15:00 dana > Here they are. [attach: drawings.pdf]
    Thu 09:00 now
    """
    assert story.states == ["promise kept"]
    assert story.at("Mon 12:00").says == [
        "Coming up: Acme (Kim): “I'll send you the drawings by Wednesday.” by Wed 4 Mar; you, today 09:00, “Hello”"
    ]


def test_a_promise_nobody_kept_is_overdue(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    Thu 10:00 now
    """
    assert story.says == ["Overdue: Acme (Kim): due yesterday “I'll send you the drawings by Wednesday.” you, Mon 2 Mar, “Hello”"]


def test_a_document_that_comes_too_late_keeps_the_promise_late(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    Thu 15:00 dana > Sorry for the delay, the drawings are attached. [attach: drawings.pdf]
    Fri 09:00 now
    """
    assert story.states == ["promise kept_late"]


def test_an_attachment_that_was_forgotten_only_asks(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    Wed 15:00 dana > Please find the drawings attached.
    Thu 09:00 now
    """
    assert story.states == ["promise overdue"]
    assert [e.strength for e in story.only.evidence] == ["strong", "weak"]


def test_a_promise_is_kept_in_a_new_thread(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the pump drawings by Wednesday. [new thread: Pumps] [to kim@acme]
    Tue 15:00 dana > Kim, attached are the pump drawings. [new thread: Drawings] [attach: drawings.pdf] [to kim@acme]
    Thu 09:00 now
    """
    assert story.states == ["promise kept"]


def test_another_document_in_another_thread_keeps_nothing(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the pump drawings by Wednesday. [new thread: Pumps] [to kim@acme]
    Tue 15:00 dana > Attached is the invoice for February. [new thread: Invoice] [attach: invoice.pdf] [to kim@acme]
    Thu 09:00 now
    """
    assert story.states == ["promise overdue"]


def test_a_promised_answer_is_kept_by_saying_it(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Where are our pallets?
    Mon 10:00 dana > I'll check with the warehouse and let you know by noon tomorrow.
    Tue 11:00 dana > They left Rotterdam this morning and arrive on Thursday.
    Tue 15:00 now
    """
    assert story.states == ["reply kept", "promise kept"]


def test_something_else_in_the_thread_does_not_keep_the_promise(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    Mon 11:00 kim@acme > What is the price of the second line?
    Mon 12:00 dana > The second line is 400 a month.
    Thu 09:30 now
    """
    assert story.states == ["promise overdue", "reply kept"]


def test_a_promise_said_again_is_one_promise(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    Mon 15:00 dana > As I said, you'll have the drawings by Wednesday.
    Tue 09:00 now
    """
    assert story.states == ["promise open"]


def test_a_promise_moved_in_time_has_its_new_time(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    Tue 15:00 dana > I'll send the drawings by Friday instead.
    Thu 09:00 now
    """
    assert story.states == ["promise open"]
    assert story.says == [
        "Coming up: Acme (Kim): “I'll send you the drawings by Wednesday.” put off until Fri 6 Mar by tomorrow; you, Mon 2 Mar, “Hello”"
    ]


def test_a_postponement_moves_the_promise(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    Tue 15:00 dana > Sorry, I'll need until Friday for those.
    Thu 09:00 now
    """
    assert story.states == ["promise open"]
    assert story.only.due is not None
    assert story.only.due.isoformat() == "2026-03-06T17:00:00+00:00"


def test_a_promise_moved_too_late_has_ended_late_and_begins_anew(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    Thu 15:00 dana > Sorry for the delay, I'll send the drawings by Friday.
    Thu 16:00 now
    """
    assert story.states == ["promise kept_late", "promise open"]


def test_a_released_promise_is_not_owed_any_more(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    Tue 09:00 kim@acme > No need to send the drawings any more, we have them.
    Thu 09:00 now
    """
    assert story.states == ["promise waived"]


def test_two_promises_in_one_mail_are_two(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. I'll also order the spare pump by Friday. [to kim@acme]
    Mon 12:00 now
    """
    assert story.states == ["promise open", "promise open"]


def test_a_promise_without_a_time_is_tracked_without_one(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > Good to meet you. I'll send you our catalogue. [to kim@acme]
    +14d Mon 09:00 now
    """
    assert [o.due for o in story.open] == [None]
    assert story.says == [
        "Still open?: Acme (Kim): “I'll send you our catalogue.” you named no date: is it still open?; you, Mon 2 Mar, “Hello”"
    ]


def test_a_clients_promise_is_waited_for_and_never_the_users_debt(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > I'll send you the purchase order by Friday.
    +7d Mon 10:00 now
    """
    assert story.states == ["waiting_for overdue"]
    assert story.only.contact == "kim@acme.example"


def test_what_was_waited_for_came(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > I'll send you the purchase order by Friday.
    Thu 09:00 kim@acme > Here is the purchase order. [attach: po.pdf]
    +7d Mon 10:00 now
    """
    assert story.states == ["waiting_for kept"]


def test_a_promise_in_the_notes_of_a_meeting_counts(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 10:00-11:00 meeting with kim@acme: The new line [notes: I'll send Kim the drawings by Wednesday.]
    Tue 09:00 now
    """
    assert story.states == ["promise open"]
    assert story.only.source.type == "event"
    assert story.only.contact == "kim@acme.example"


def test_notes_of_a_meeting_to_come_promise_nothing_yet(story: Story) -> None:
    """
    charter   acme: reply 2h
    Wed 10:00-11:00 meeting with kim@acme: The new line [notes: I'll send Kim the drawings by Friday.]
    Tue 09:00 now
    """
    assert story.states == []


def test_a_promised_visit_is_kept_by_the_meeting(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll come over and see you on Thursday. [to kim@acme]
    Thu 14:00-15:00 meeting with kim@acme: Visit
    Fri 09:00 now
    """
    assert story.states == ["promise kept"]


def test_a_promised_visit_that_was_cancelled_is_overdue(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll come over and see you on Thursday. [to kim@acme]
    Thu 14:00-15:00 meeting with kim@acme: Visit [cancelled]
    Fri 09:30 now
    """
    assert story.states == ["promise overdue"]


def test_a_colleague_may_keep_the_promise(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    Tue 15:00 lee > Here are the drawings that Dana promised. [attach: drawings.pdf] [to kim@acme] [cc dana]
    Thu 09:00 now
    """
    assert story.states == ["promise kept"]


def test_a_colleagues_own_promise_is_neither_the_users_nor_the_clients(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 lee > I'll send you the drawings by Wednesday. [to kim@acme] [cc dana]
    Mon 12:00 now
    """
    assert story.states == []


def test_an_overdue_promise_without_a_sign_is_missed_after_ten_working_days(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    +20d Mon 09:00 now
    """
    assert story.states == ["promise missed"]


def test_due_times_are_meant_in_the_users_zone(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 America/New_York
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    Mon 12:00 now
    """
    assert story.only.due is not None
    assert story.only.due.isoformat() == "2026-03-04T22:00:00+00:00"


def test_an_agreement_under_a_condition_has_no_time_to_be_late_by(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > Once legal signs I'll send the countersigned contract. [to kim@acme]
    +7d Mon 12:00 now
    """
    assert [(o.quote, o.due) for o in story.open] == [("Once legal signs I'll send the countersigned contract.", None)]
    assert story.says == []


@pytest.mark.parametrize("words", ["They're here, thank you!", "got em, ur a star", "Arrived.", "Fitted and running. Cheers."])
def test_the_client_says_that_it_came(words: str) -> None:
    story = tell(
        f"""
        charter   acme: reply 2h
        Mon 09:00 dana > You'll have the seal bar by Wednesday. [to kim@acme]
        Wed 11:00 kim@acme > {words}
        Thu 12:00 now
        """
    )
    assert story.states == ["promise kept"]


@pytest.mark.parametrize("words", ["Thank you, looking forward to it.", "Thanks, perfect.", "Got it, thanks."])
def test_thanks_for_a_promise_do_not_keep_it(words: str) -> None:
    story = tell(
        f"""
        charter   acme: reply 2h
        Mon 09:00 dana > You'll have the seal bar by Wednesday. [to kim@acme]
        Mon 11:00 kim@acme > {words}
        Thu 12:00 now
        """
    )
    assert story.states == ["promise overdue"]


def test_the_way_to_a_promise_is_no_promise_beside_it(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > Let me check the press plan. You'll have a firm answer by Wednesday noon. [to kim@acme]
    Mon 11:00 now
    """
    assert story.states == ["promise open"]
    assert story.only.due is not None


def test_what_the_client_says_has_come_was_not_late_for_that(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the samples by Friday. [to kim@acme]
    +7d Mon 10:00 kim@acme > The samples are here, thank you!
    Mon 12:00 now
    """
    assert story.states == ["promise kept"]


def test_what_the_client_had_to_ask_for_came_late(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the samples by Friday. [to kim@acme]
    +7d Mon 09:00 kim@acme > Where are the samples?
    Mon 15:00 kim@acme > The samples are here now, thank you!
    Mon 16:00 now
    """
    assert "promise kept_late" in story.states
