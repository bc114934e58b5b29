"""Stories: what answers a client who waits, and what only looks like an answer."""

from __future__ import annotations

import pytest
from story import Story, tell


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
        "Overdue: Acme (Kim): 1 working hour late “What does the second line cost?” Your reply (today 10:00) gave no date today 09:00, “Hello”"
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
        "Coming up: Acme (Kim): “I'm on it, you'll have it by Wednesday.” by Wed 4 Mar; you, today 10:00, “Hello”"
    ]
    assert story.balance == {"answered": 1}


def test_an_out_of_office_note_of_the_user_answers_nothing(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 09:01 dana > I am out of the office and will reply when I am back on Thursday. [auto-submitted]
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
