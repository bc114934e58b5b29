"""Stories: the cases in which a careless reading would lose a client or cry wolf."""

from __future__ import annotations

import pytest
from story import Story, tell

from daemon.glossary.obligations import Band


def test_a_chaser_shows_that_what_was_told_before_waited_for_an_answer(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > We could only test it with the second pump.
    Mon 15:00 kim@acme > Any news?
    Mon 16:00 now
    """
    assert story.says == [
        "Overdue: Acme (Kim): 5 working hours late “We could only test it with the second pump.” and “Any news?” today 09:00, “Hello”"
    ]
    assert story.at("Mon 12:00").states == []


def test_a_complaint_is_asked_about_though_it_asks_nothing(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > The second pump is leaking again.
    Mon 12:00 now
    """
    assert story.states == ["reply overdue"]
    assert story.only.band is Band.ASKED


def test_a_chased_complaint_is_believed(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > The second pump is leaking again.
    Mon 15:00 kim@acme > Any news? Can you send somebody?
    Mon 16:00 now
    """
    assert story.states == ["reply overdue"]
    assert story.only.band is Band.TRACKED


def test_what_was_answered_is_not_what_a_chaser_means(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > The second pump is leaking again.
    Mon 10:00 dana > It is the seal, as in January.
    Mon 16:00 kim@acme > Any news?
    Mon 16:30 now
    """
    assert story.says == ["Coming up: Acme (Kim): “Any news?” by tomorrow 10:00; today 16:00, “Hello”"]


def test_a_document_keeps_only_the_promise_it_was_promised_in(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. I'll also send the price list by Friday. [to kim@acme]
    Tue 15:00 dana > Here are the drawings. [attach: drawings.pdf]
    +4d Fri 18:00 now
    """
    assert sorted(story.states) == ["promise kept", "promise overdue"]
    (left,) = story.open
    assert "price list" in (left.quote or "")


def test_an_answer_to_something_else_does_not_keep_a_promised_answer(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll check with the warehouse and let you know by noon tomorrow. [to kim@acme]
    Mon 10:00 kim@acme > And what is the price of the filter?
    Mon 11:00 dana > The filter costs 40 each.
    Tue 13:00 now
    """
    assert [s for s in story.states if s.startswith("promise")] == ["promise overdue"]


def test_words_about_a_promised_document_are_not_the_document(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the pump drawings for Leeds by Wednesday. [to kim@acme]
    Tue 09:00 dana > The pump drawings for Leeds need one more look from our engineer.
    Thu 09:30 now
    """
    assert story.states == ["promise overdue"]


def test_a_block_of_work_named_after_the_client_is_no_meeting_with_them(story: Story) -> None:
    """
    charter   acme: reply 2h, callback 4h
    client    acme: phone +442079460018
    Mon 09:00 missed call from +44 20 7946 0018
    Mon 09:10 kim@acme > Can you send the revised quote?
    Mon 10:00-11:00 meeting: Prepare Acme quote
    Mon 15:00 now
    """
    assert story.states == ["callback overdue", "reply overdue"]


def test_a_meeting_of_colleagues_about_the_client_is_none_with_them(story: Story) -> None:
    """
    charter   acme: reply 2h, callback 4h
    client    acme: phone +442079460018
    Mon 09:00 missed call from +44 20 7946 0018
    Mon 10:00-11:00 meeting with lee: Call about Acme
    Mon 15:00 now
    """
    assert story.states == ["callback overdue"]
    assert len(story.only.evidence) == 1


def test_a_call_blocked_in_the_calendar_without_guests_keeps_a_call_promised_for_then(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll call you on Thursday at 14:00. [to kim@acme]
    Thu 14:00-14:30 meeting: Call Kim, Acme
    Thu 15:00 now
    """
    assert story.states == ["callback kept"]


def test_an_intention_to_call_back_only_asks(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 missed call from +44 20 7946 0018
    Mon 10:00-10:15 meeting: Call Acme back
    Mon 15:00 now
    """
    assert story.states == ["callback overdue"]
    assert story.only.evidence[-1].strength == "weak"


def test_a_meeting_that_everybody_at_the_client_declined_did_not_take_place(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll come over and see you on Thursday. [to kim@acme]
    Thu 14:00-15:00 meeting with kim@acme, lee: Visit [declined]
    Fri 09:30 now
    """
    assert story.states == ["promise overdue"]


def test_a_conditional_promise_is_due_once_the_client_has_done_their_part(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > If we have your logo today, I'll send the proofs by Friday. [to kim@acme]
    Mon 11:00 kim@acme > Here is our logo. [attach: logo.pdf]
    Mon 12:00 now
    """
    assert [o.due.isoformat() if o.due else None for o in story.obligations] == ["2026-03-06T17:00:00+00:00"]


def test_a_question_and_thanks_in_one_mail_is_a_question(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > The second line costs 400 a month. [to kim@acme]
    Mon 10:00 kim@acme > Thanks, that's great. One more thing: does it include maintenance?
    Mon 13:00 now
    """
    assert story.states == ["reply overdue"]


def test_quoted_words_are_nobodys(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Thanks!

        On Mon, 2 Mar 2026 at 08:00, Dana Reyes <dana@northwind.example> wrote:
        > Can you send the purchase order? I'll call you on Thursday.
    Mon 17:00 now
    """
    assert story.states == []


def test_an_answer_between_the_lines_is_an_answer(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 dana > > What does the second line cost?
        400 a month, with maintenance.
    Mon 13:00 now
    """
    assert story.states == ["reply kept"]


def test_a_public_address_is_one_person_and_not_a_company(story: Story) -> None:
    """
    charter   acme: reply 2h
    client    acme: address pat.sample@gmail.com
    Mon 09:00 pat.sample@gmail.com > Can you send the price list?
    Mon 09:30 other.sample@gmail.com > Can you send the price list, too? [new thread: Me too]
    Mon 13:00 now
    """
    assert story.states == ["reply overdue"]


def test_two_people_of_a_client_in_one_thread_have_one_clock(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost? [cc sam@acme]
    Mon 10:00 sam@acme > Could you also confirm the delivery date?
    Mon 11:30 now
    """
    assert story.says == [
        "Overdue: Acme (Kim): 30 min late “What does the second line cost?” and “Could you also confirm the delivery date?” today 09:00, “Hello”"
    ]
    assert len(story.only.asks) == 2


def test_an_answer_to_another_person_of_the_client_in_a_new_thread_needs_more_in_common(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > When is the pump serviced? [new thread: Service]
    Mon 10:00 dana > The pump catalogue is attached. [new thread: Catalogue] [to sam@acme] [attach: catalogue.pdf]
    Mon 12:00 now
    """
    assert story.states == ["reply overdue"]
    assert all(e.strength == "strong" for e in story.only.evidence)


def test_the_same_facts_give_the_same_keys_as_the_story_goes_on(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 kim@acme > Any news?
    Mon 11:30 dana > It is 400 a month.
    Tue 09:00 now
    """
    assert {o.id for o in story.obligations} == {o.id for o in story.at("Mon 09:30").obligations}


def test_late_mail_does_not_change_the_key_of_a_promise(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 08:00 kim@acme > Thanks for your time today. [arrived Tue 09:00]
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    Tue 10:00 now
    """
    assert {o.id for o in story.at("Mon 12:00").obligations} <= {o.id for o in story.obligations}


def test_a_meeting_moved_to_another_day_is_taken_where_it_now_is(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll call you on Thursday at 14:00. [to kim@acme]
    Fri 14:00-14:30 meeting with kim@acme: Call Kim
    Fri 15:00 now
    """
    assert story.states == ["callback kept_late"]
    assert story.at("Thu 16:00").states == ["callback overdue"]


def test_a_client_who_chases_a_promise_is_owed_a_reply_beside_it(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    Tue 09:00 kim@acme > Are the drawings still coming on Wednesday?
    Tue 10:30 now
    """
    assert story.states == ["promise open", "reply due_soon"]


def test_sending_what_was_asked_for_twice_settles_both(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    Tue 09:00 kim@acme > Are the drawings still coming on Wednesday?
    Tue 10:00 dana > Here are the drawings. [attach: drawings.pdf]
    Tue 10:30 now
    """
    assert story.states == ["promise kept", "reply kept"]


def test_a_promise_made_on_a_friday_evening_for_first_thing_monday(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Fri 18:30 dana > I'll send you the drawings first thing on Monday. [to kim@acme]
    Mon 10:30 now
    """
    assert story.states == ["promise overdue"]
    assert story.only.due is not None
    assert story.only.due.strftime("%a %H:%M") == "Mon 10:00"


def test_a_mail_in_an_unread_language_counts_by_its_question_mark_and_its_answer(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Pouvez-vous nous envoyer votre meilleure offre pour la deuxième ligne avant la fin du mois ?
    Mon 10:00 dana > Bien sûr, voici notre offre pour la deuxième ligne avec toutes les options demandées.
    Mon 12:00 now
    """
    assert story.states == ["reply kept"]


def test_a_mail_between_the_clients_own_people_asks_nothing_of_the_user(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Sam, can you send me the figures? [to sam@acme]
    Mon 17:00 now
    """
    assert story.states == []
    assert story.balance == {"needs no answer": 1}


def test_a_status_for_one_question_does_not_move_a_promise_about_another_thing(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme] [new thread: Plant]
    Mon 10:00 kim@acme > Can you also quote for a spare motor?
    Mon 11:00 dana > I'm on it, you'll have it by Friday.
    Thu 09:30 now
    """
    assert sorted(story.states) == ["promise open", "promise overdue", "reply kept"]


def test_a_status_is_kept_by_what_was_asked_for_in_a_new_thread(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the revised quote for the Leeds warehouse? [new thread: Leeds]
    Mon 10:00 dana > I'm on it, you'll have it by Wednesday.
    Tue 10:00 dana > Here is the revised quote for Leeds. [new thread: Revised quote] [attach: quote.pdf]
    Thu 12:00 now
    """
    assert story.states == ["reply kept", "promise kept"]


def test_a_clients_question_about_a_promise_is_a_sign_that_it_is_still_wanted(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Wednesday. [to kim@acme]
    +11d Fri 09:00 kim@acme > Are the drawings still coming?
    +7d Fri 09:30 now
    """
    assert "promise overdue" in story.states


@pytest.mark.parametrize(
    "chaser", ["Just following up on this.", "Gentle reminder, please see below.", "I have not heard back yet."]
)
def test_a_chaser_need_not_ask(chaser: str) -> None:
    story = tell(
        f"""
        charter   acme: reply 2h
        Mon 09:00 kim@acme > The second pump is leaking again.
        Mon 15:00 kim@acme > {chaser}
        Mon 16:00 now
        """
    )
    assert story.states == ["reply overdue"]
    assert len(story.only.asks) == 2


def test_a_clients_tag_is_no_chaser(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > FYI, our board meets on the 20th.
    Mon 15:00 kim@acme > Just returning your call.
    Mon 16:00 now
    """
    assert story.states == []
