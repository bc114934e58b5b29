"""Stories: when a client waits for an answer, since when, and when nobody waits."""

from __future__ import annotations

import pytest
from story import Story, tell


def test_a_chaser_does_not_restart_the_clock(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > Can you send the revised quote?
    Mon 10:00 kim@acme > Any news?
    Mon 11:05 now
    """
    assert story.says == [
        "Overdue: Acme (Kim): 5 min late “Can you send the revised quote?” and “Any news?” today 09:00, “Hello”"
    ]
    assert story.only.asks == ("Can you send the revised quote?", "Any news?")


def test_a_bare_follow_up_raises_the_urgency_of_what_it_follows(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the revised quote?
    Mon 10:00 kim@acme > Just following up on this.
    Mon 11:05 now
    """
    assert len(story.only.asks) == 2
    assert story.balance == {"open": 2}


@pytest.mark.parametrize(
    "closing", ["Thanks, perfect.", "Great, many thanks for your help!", "Received, thank you.", "Cheers, Kim"]
)
def test_thanks_and_closings_owe_nothing(closing: str) -> None:
    story = tell(
        f"""
        charter   acme: reply 2h
        Mon 09:00 dana > The second line costs 400 a month. [to kim@acme]
        Mon 10:00 kim@acme > {closing}
        Mon 17:00 now
        """
    )
    assert story.states == []
    assert story.balance == {"needs no answer": 1}


def test_an_fyi_owes_nothing(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > FYI, our board meets on the 20th.
    Mon 17:00 now
    """
    assert story.states == []


def test_out_of_office_notes_of_the_client_are_held_back_and_shown_so(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > I am out of the office until 12 March. Could you contact Sam instead? [auto-submitted]
    Mon 17:00 now
    """
    assert story.states == []
    assert story.balance == {"held back": 1}
    assert "auto" in story.rules[0]


def test_a_newsletter_from_the_client_is_held_back(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 news@acme > Would you like to see our new range? [list]
    Mon 17:00 now
    """
    assert story.states == []
    assert story.balance == {"held back": 1}


def test_a_known_client_is_heard_even_as_info(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 info@acme > Can you confirm the delivery date?
    Mon 11:30 now
    """
    assert story.states == ["reply overdue"]


def test_a_forged_mail_owes_nothing_and_is_held_back(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you pay this invoice today? [dmarc fail]
    Mon 17:00 now
    """
    assert story.states == []
    assert story.balance == {"held back": 1}
    assert "DMARC" in story.rules[0]


def test_on_copy_while_a_colleague_is_asked_owes_nothing(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Lee, can you send the revised quote? [to lee] [cc dana]
    Mon 17:00 now
    """
    assert story.states == []
    assert story.rules == ["you are only on copy; others were asked"]


def test_who_is_on_copy_and_asked_by_name_owes_the_answer(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Here is the plan. Dana, can you confirm the price? [to lee] [cc dana]
    Mon 12:00 now
    """
    assert story.states == ["reply overdue"]


def test_a_withdrawn_question_was_never_owed(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 kim@acme > Never mind, found it.
    Mon 17:00 now
    """
    assert story.states == []
    assert story.balance == {"needs no answer": 2}
    assert story.at("Mon 09:30").states == ["reply open"]


def test_a_question_withdrawn_after_its_time_ended_late(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Tue 10:00 kim@acme > Never mind, we found it ourselves.
    Tue 17:00 now
    """
    assert story.states == ["reply kept_late"]


def test_a_corrected_question_replaces_the_first(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you quote for 10 units?
    Mon 10:00 kim@acme > Please ignore my last mail. Can you quote for 20 units instead?
    Mon 13:00 now
    """
    assert story.says == ["Overdue: Acme (Kim): 1 working hour late “Can you quote for 20 units instead?” today 10:00, “Hello”"]
    assert story.balance == {"needs no answer": 1, "open": 1}


def test_a_new_question_after_the_answer_is_a_new_obligation(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 dana > It is 400 a month.
    Mon 11:00 kim@acme > And does that include maintenance?
    Mon 14:00 now
    """
    assert story.states == ["reply kept", "reply overdue"]
    assert story.says == ["Overdue: Acme (Kim): 1 working hour late “And does that include maintenance?” today 11:00, “Hello”"]


def test_two_questions_in_two_threads_are_two_obligations(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost? [new thread: Second line]
    Mon 09:30 kim@acme > Can you confirm the delivery date? [new thread: Delivery]
    Mon 12:00 now
    """
    assert story.states == ["reply overdue", "reply overdue"]


def test_duplicates_in_two_folders_are_one_message(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost? [copy]
    Mon 12:00 now
    """
    assert story.states == ["reply overdue"]
    assert story.balance == {"open": 1}


def test_an_overdue_reply_without_a_sign_is_missed_after_ten_working_days(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    +14d Mon 11:05 now
    """
    assert story.states == ["reply missed"]
    assert story.at("+11d Fri 16:00").states == ["reply overdue"]
    assert story.balance == {"open": 1}


def test_a_chaser_keeps_an_overdue_reply_from_being_given_up(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    +7d Mon 09:00 kim@acme > Any news?
    +7d Mon 11:05 now
    """
    assert story.states == ["reply overdue"]


def test_a_question_after_the_first_was_given_up_has_a_clock_of_its_own(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    +28d Mon 09:00 kim@acme > Can you also quote for the third line?
    Mon 11:30 now
    """
    assert story.states == ["reply missed", "reply overdue"]


def test_the_standard_can_be_switched_off(story: Story) -> None:
    """
    charter   acme: reply off
    Mon 09:00 kim@acme > What does the second line cost?
    Tue 09:00 now
    """
    assert story.states == []
    assert story.balance == {"open": 1}


def test_what_lies_before_the_charter_is_shown_but_does_not_count(story: Story) -> None:
    """
    charter   acme: reply 2h, since Tue 09:00
    Mon 09:00 kim@acme > What does the second line cost?
    Tue 10:00 sam@acme > Can you confirm the delivery date? [new thread: Delivery]
    Tue 17:00 now
    """
    assert [o.counts for o in story.obligations] == [False, True]


def test_nothing_later_is_known_as_of_a_moment(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost? [arrived Mon 12:00]
    Mon 13:00 now
    """
    assert story.states == ["reply overdue"]
    assert story.at("Mon 10:00").states == []


def test_a_mail_by_a_group_address_is_asked_of_whoever_got_it(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the price list? [to sales]
    Mon 12:00 now
    """
    assert story.states == ["reply overdue"]


def test_a_document_sent_for_approval_waits_for_an_answer(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > The draft contract is attached for your approval. [attach: contract.pdf]
    Mon 12:00 now
    """
    assert story.states == ["reply overdue"]


def test_a_document_for_information_waits_for_none(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > The minutes are attached for your information. [attach: minutes.pdf]
    Mon 12:00 now
    """
    assert story.states == []


def test_a_question_asked_again_in_the_same_words_stands_once_in_its_line(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the price list for 2026?
    Mon 11:00 kim@acme > can you send  the price list for 2026
    Mon 12:00 now
    """
    assert " ".join(story.says).count("price list") == 1
    assert len(story.only.asks) == 2
