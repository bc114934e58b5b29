"""Stories: when a client waits for an answer, since when, and what ends it."""

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
        "Overdue: Acme (Kim): 5 min late “Can you send the revised quote?” and “Any news?” Kim, today 09:00, “Hello”; due today 11:00"
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


def test_an_answer_with_substance_closes_the_reply(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 dana > The second line costs 400 a month.
    Mon 11:05 now
    """
    assert story.states == ["reply kept"]
    assert story.balance == {"answered": 1}
    assert story.only.evidence[-1].reference == "<0.202603021000.acme.dana@northwind.example>"


def test_a_late_answer_is_kept_late(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 11:30 dana > The second line costs 400 a month.
    Mon 12:00 now
    """
    assert story.states == ["reply kept_late"]
    assert story.at("Mon 11:15").states == ["reply overdue"]
    assert story.at("Mon 10:30").states == ["reply due_soon"]
    assert story.at("Mon 09:30").states == ["reply open"]


def test_a_consent_in_three_words_is_an_answer(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Could we meet on Thursday at 10?
    Mon 09:30 dana > Yes, Thursday works.
    Mon 12:00 now
    """
    assert story.states == ["reply kept"]


def test_thanks_alone_answer_no_question(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 dana > Thanks, Kim.
    Mon 12:00 now
    """
    assert story.states == ["reply overdue"]


@pytest.mark.parametrize(
    "tag",
    [
        "Will get back to you.",
        "I'm on it.",
        "Just returning your call.",
        "Let me check and come back to you.",
        "Got it, thanks.",
    ],
)
def test_a_tag_stops_no_clock_and_promises_nothing(tag: str) -> None:
    story = tell(
        f"""
        charter   acme: reply 2h
        Mon 09:00 kim@acme > What does the second line cost?
        Mon 10:00 dana > {tag}
        Mon 12:00 now
        """
    )
    assert story.says == [
        "Overdue: Acme (Kim): 1 working hour late “What does the second line cost?” Still waiting: your reply (today 10:00) gave no date Kim, today 09:00, “Hello”; due today 11:00"
    ]


def test_an_acknowledgement_with_a_time_closes_the_reply_and_opens_the_promise(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the revised quote?
    Mon 10:00 dana > I'm on it, you'll have it by Wednesday.
    Mon 12:00 now
    """
    assert story.states == ["reply kept", "promise open"]
    assert story.says == [
        "Due this week: Acme (Kim): “I'm on it, you'll have it by Wednesday.” by Wed 4 Mar 17:00; you, today 10:00, “Re: Hello”"
    ]
    assert story.balance == {"answered": 1}


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


def test_an_out_of_office_note_of_the_user_answers_nothing(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 09:01 dana > I am out of the office and will reply when I am back on Thursday. [auto-submitted]
    Mon 12:00 now
    """
    assert story.states == ["reply overdue"]


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


def test_a_colleagues_answer_is_the_companys_answer(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost? [to dana, lee]
    Mon 10:00 lee > The second line costs 400 a month. [to kim@acme] [cc dana]
    Mon 12:00 now
    """
    assert story.states == ["reply kept"]


def test_a_colleague_who_names_a_time_answers_and_the_user_sees_that_it_is_kept(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 lee > You'll have the price by Wednesday. [to kim@acme] [cc dana]
    Mon 12:00 now
    """
    assert story.states == ["reply kept", "promise open"]
    assert story.open[0].contact == "kim@acme.example"


def test_asking_for_an_invitation_is_answered_by_it(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Tuesday at 10 works for me. Can you send an invite?
    Tue 10:00-11:00 meeting with kim@acme: Service contract [booked Mon 09:20]
    Mon 12:00 now
    """
    assert story.states == ["reply kept"]


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
    assert story.says == [
        "Overdue: Acme (Kim): 1 working hour late “Can you quote for 20 units instead?” Kim, today 10:00, “Re: Hello”; due today 12:00"
    ]
    assert story.balance == {"needs no answer": 1, "open": 1}


def test_an_answer_in_a_new_thread_closes_the_question(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the revised quote for the Leeds warehouse? [new thread: Leeds]
    Mon 10:00 dana > Kim, here is the revised quote for the warehouse in Leeds. [new thread: Revised quote] [attach: quote.pdf]
    Mon 12:00 now
    """
    assert story.states == ["reply kept"]


def test_unrelated_new_mail_answers_nothing(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the revised quote for the Leeds warehouse? [new thread: Leeds]
    Mon 10:00 dana > Our summer opening times have changed, see the list. [new thread: Opening times] [attach: times.pdf]
    Mon 12:00 now
    """
    assert story.states == ["reply overdue"]
    assert story.only.evidence[-1].strength == "strong"


def test_an_answer_to_another_thread_answers_only_that_one(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the revised quote for the Leeds warehouse? [new thread: Leeds]
    Mon 09:10 sam@acme > When will the pallets arrive? [new thread: Pallets]
    Mon 10:00 dana > The pallets arrive on Thursday. [thread: Pallets] [to sam@acme]
    Mon 12:00 now
    """
    assert story.states == ["reply overdue", "reply kept"]


def test_a_reply_with_broken_threading_is_still_the_reply(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost? [new thread: Second line]
    Mon 10:00 dana > It is 400 a month. [broken: RE: Second line]
    Mon 12:00 now
    """
    assert story.states == ["reply kept"]


def test_an_alias_is_the_user(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost? [to alias]
    Mon 10:00 alias > It is 400 a month. [to kim@acme]
    Mon 12:00 now
    """
    assert story.states == ["reply kept"]


def test_a_meeting_about_it_answers_the_question(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 kim@acme > Can you explain the maintenance contract? [new thread: Maintenance]
    Mon 14:00-15:00 meeting with kim@acme: Maintenance contract
    Tue 12:00 now
    """
    assert story.states == ["reply kept"]
    assert story.at("Mon 13:00").states == ["reply open"]


def test_another_meeting_with_the_same_person_only_asks(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 kim@acme > Can you explain the maintenance contract? [new thread: Maintenance]
    Mon 14:00-15:00 meeting with kim@acme: Site visit
    Tue 12:00 now
    """
    assert story.states == ["reply overdue"]
    assert [e.strength for e in story.only.evidence] == ["strong", "weak"]


def test_a_cancelled_meeting_answers_nothing(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 kim@acme > Can you explain the maintenance contract? [new thread: Maintenance]
    Mon 14:00-15:00 meeting with kim@acme: Maintenance contract [cancelled]
    Tue 12:00 now
    """
    assert story.states == ["reply overdue"]


def test_booking_the_proposed_meeting_answers_the_proposal(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Could we meet on Thursday at 10?
    Thu 10:00-11:00 meeting with kim@acme: Catch up [booked Mon 09:40]
    Mon 12:00 now
    """
    assert story.states == ["reply kept"]


def test_our_own_invites_answer_nothing(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Could we meet on Thursday at 10?
    Thu 10:00-11:00 meeting with kim@acme: Review [booked Mon 09:40] [kept]
    Mon 12:00 now
    """
    assert story.states == ["reply overdue"]


def test_our_own_mails_and_drafts_answer_nothing(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 09:30 dana > The second line costs 400 a month. [kept]
    Mon 09:40 dana > The second line costs 400 a month. [draft]
    Mon 12:00 now
    """
    assert story.states == ["reply overdue"]


def test_a_new_question_after_the_answer_is_a_new_obligation(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 dana > It is 400 a month.
    Mon 11:00 kim@acme > And does that include maintenance?
    Mon 14:00 now
    """
    assert story.states == ["reply kept", "reply overdue"]
    assert story.says == [
        "Overdue: Acme (Kim): 1 working hour late “And does that include maintenance?” Kim, today 11:00, “Re: Hello”; due today 13:00"
    ]


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


def test_a_thumb_leaves_the_reply_owed(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the price list for 2026?
    Mon 09:30 dana > 👍
    Mon 10:00 now
    """
    assert [o.kind.value for o in story.open] == ["reply"]


def test_an_absence_note_of_ones_own_leaves_the_reply_owed_and_promises_nothing(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the price list for 2026?
    Mon 09:01 dana > Thank you for your message. I am out of the office until Monday 9 March. I will get back to you on Monday. In urgent cases please contact Lee.
    Mon 10:00 now
    """
    assert [o.kind.value for o in story.obligations if o.kind.value != "next_step"] == ["reply"]


def test_a_question_asked_again_in_the_same_words_stands_once_in_its_line(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the price list for 2026?
    Mon 11:00 kim@acme > can you send  the price list for 2026
    Mon 12:00 now
    """
    assert " ".join(story.says).count("price list") == 1
    assert len(story.only.asks) == 2
