"""Stories: calls that are to be returned or were promised, and what counts as having called."""

from __future__ import annotations

import pytest
from story import Story, tell


def test_a_missed_call_is_to_be_returned_within_the_charters_time(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 missed call from +44 20 7946 0018
    Mon 14:00 now
    """
    assert story.says == ["Overdue: Acme (+44 20 7946 0018): 1 working hour late Missed call today 09:00"]
    assert story.only.contact == "+442079460018"


def test_a_national_number_is_the_same_number(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 missed call from 020 7946 0018
    Mon 14:00 now
    """
    assert story.states == ["callback overdue"]


def test_a_strangers_missed_call_concerns_no_client(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 missed call from +44 1632 960999
    Mon 14:00 now
    """
    assert story.states == []


def test_a_voicemail_carries_its_words(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 voicemail from +44 20 7946 0018: Hi Dana, it's Kim, the second pump is leaking again.
    Mon 10:00 now
    """
    assert story.only.quote == "Hi Dana, it's Kim, the second pump is leaking again."


def test_repeated_calls_are_one_with_the_oldest_clock(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 missed call from +44 20 7946 0018
    Mon 09:05 missed call from +44 20 7946 0018
    Mon 11:00 voicemail from +44 20 7946 0018: Kim again, please ring me.
    Mon 13:30 now
    """
    assert story.states == ["callback overdue"]
    assert len(story.only.asks) == 3


def test_a_call_that_the_phone_system_tells_of_closes_it(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 missed call from +44 20 7946 0018
    Mon 10:00 call made to +44 20 7946 0018
    Mon 14:00 now
    """
    assert story.states == ["callback kept"]


def test_a_call_in_the_calendar_closes_it(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 missed call from +44 20 7946 0018
    Mon 11:00-11:30 meeting with kim@acme: Call with Kim
    Mon 14:00 now
    """
    assert story.states == ["callback kept"]


def test_a_mail_that_says_they_spoke_closes_it(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 missed call from +44 20 7946 0018
    Mon 11:00 dana > Good to speak to you just now. As discussed, the engineer comes on Friday. [to kim@acme]
    Mon 14:00 now
    """
    assert "callback kept" in story.states


def test_a_message_left_is_no_call(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 missed call from +44 20 7946 0018
    Mon 11:00 dana > Just returning your call, left you a message. [to kim@acme]
    Mon 14:00 now
    """
    assert story.states == ["callback overdue"]


def test_an_unrelated_mail_returns_no_call(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 missed call from +44 20 7946 0018
    Mon 11:00 dana > The February invoice is attached. [to kim@acme] [attach: invoice.pdf]
    Mon 14:00 now
    """
    assert story.states == ["callback overdue"]
    assert len(story.only.evidence) == 1


def test_please_call_me_is_a_callback_and_no_reply(story: Story) -> None:
    """
    charter   acme: reply 2h, callback 4h
    Mon 09:00 kim@acme > Please call me.
    Mon 14:00 now
    """
    assert story.says == ["Overdue: Acme (Kim): 1 working hour late “Please call me.” today 09:00, “Hello”"]


def test_a_mail_instead_of_the_call_that_was_wished_for_only_asks(story: Story) -> None:
    """
    charter   acme: reply 2h, callback 4h
    Mon 09:00 kim@acme > Please call me about the pump.
    Mon 10:00 dana > The pump is on its way and should be with you on Friday.
    Mon 14:00 now
    """
    assert story.states == ["callback overdue", "promise open"]
    assert story.obligations[0].evidence[-1].strength == "weak"


def test_a_promised_call_is_due_at_the_promised_time(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll call you on Thursday at 14:00. [to kim@acme]
    Thu 15:00 now
    """
    assert story.says == [
        "Overdue: Acme (Kim): 1 working hour late “I'll call you on Thursday at 14:00.” you, Mon 2 Mar, “Hello”"
    ]


def test_a_promised_call_is_kept_by_the_call_in_the_calendar(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll call you on Thursday at 14:00. [to kim@acme]
    Thu 14:00-14:30 meeting with kim@acme: Call Kim
    Thu 15:00 now
    """
    assert story.states == ["callback kept"]


def test_a_promised_call_whose_meeting_was_cancelled_is_overdue(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll call you on Thursday at 14:00. [to kim@acme]
    Thu 14:00-14:30 meeting with kim@acme: Call Kim [cancelled]
    Thu 15:00 now
    """
    assert story.states == ["callback overdue"]


def test_a_mail_does_not_keep_a_promised_call(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll call you on Thursday at 14:00. [to kim@acme]
    Thu 13:00 dana > The price list is attached. [attach: prices.pdf]
    Thu 15:00 now
    """
    assert story.states == ["callback overdue"]


def test_a_call_promised_for_a_time_takes_the_place_of_the_missed_call(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 missed call from +44 20 7946 0018
    Mon 10:00 dana > Sorry I missed you. I'll call you tomorrow at 10:00. [to kim@acme]
    Mon 12:00 now
    """
    assert story.states == ["callback kept", "callback open"]


def test_a_call_promised_without_a_time_leaves_one_callback(story: Story) -> None:
    """
    charter   acme: reply 2h, callback 4h
    Mon 09:00 kim@acme > Please call me.
    Mon 10:00 dana > I'll call you.
    Mon 14:00 now
    """
    assert story.states == ["callback overdue"]


def test_a_call_that_is_not_needed_any_more_was_never_owed(story: Story) -> None:
    """
    charter   acme: reply 2h, callback 4h
    Mon 09:00 kim@acme > Please call me.
    Mon 10:00 kim@acme > Never mind, sorted.
    Mon 17:00 now
    """
    assert story.states == []


def test_the_clients_own_words_show_that_they_spoke(story: Story) -> None:
    """
    charter   acme: reply 2h, callback 1 day
    Mon 09:00 kim@acme > Please call me.
    Mon 15:00 kim@acme > Thanks for the call, good to speak to you.
    Wed 09:00 now
    """
    assert story.states == ["callback kept"]


def test_a_voicemail_that_chases_a_promised_call_is_one_duty_with_it(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 dana > I'll call you on Tuesday. [to kim@acme]
    Wed 10:00 voicemail from 020 7946 0018: Hi Dana, you wanted to ring me yesterday. When can we talk?
    Wed 11:00 now
    """
    assert story.states == ["callback overdue"]
    assert "call you on Tuesday" in (story.only.quote or "")
    assert any("ring me yesterday" in (e.quote or "") for e in story.only.evidence)


def test_a_missed_call_later_on_the_promised_day_is_one_duty_with_the_promise(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 dana > I'll call you on Tuesday afternoon. [to kim@acme]
    Tue 12:30 missed call from +44 20 7946 0018
    Tue 13:00 now
    """
    assert [o.kind.value for o in story.open] == ["callback"]


def test_a_call_returned_keeps_the_promise_that_a_voicemail_chased(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 dana > I'll call you on Tuesday. [to kim@acme]
    Wed 10:00 voicemail from 020 7946 0018: Hi Dana, you wanted to ring me yesterday.
    Wed 10:30 call made to +44 20 7946 0018
    Wed 11:00 now
    """
    assert story.open == []


def test_a_voicemail_before_the_promised_day_is_a_duty_of_its_own(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 dana > I'll call you on Friday. [to kim@acme]
    Tue 10:00 voicemail from +44 20 7946 0018: Hi Dana, the pump is leaking, please ring me.
    Tue 11:00 now
    """
    assert len(story.open) == 2


def test_a_voicemail_after_the_promised_call_was_made_is_a_duty_of_its_own(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 dana > I'll call you on Tuesday. [to kim@acme]
    Tue 10:00 call made to +44 20 7946 0018
    Wed 10:00 voicemail from +44 20 7946 0018: Hi Dana, the pump is leaking, please ring me.
    Wed 11:00 now
    """
    assert [o.quote for o in story.open] == ["Hi Dana, the pump is leaking, please ring me."]


def test_calls_of_one_caller_written_in_two_ways_are_one(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 missed call from +44 20 7946 0018
    Mon 09:05 voicemail from 9 020 7946 0018: Please ring me.
    Mon 10:00 now
    """
    assert len(story.only.asks) == 2


def test_a_mail_that_asks_for_the_call_of_a_voicemail_is_one_wish_with_it(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 voicemail from 020 7946 0018: Hi Dana, it's Kim about the pump.
    Mon 10:00 kim@acme > I left you a voicemail this morning. Please call me back.
    Mon 11:00 now
    """
    assert story.states == ["callback open"]


def test_a_voicemail_after_a_mail_that_asks_for_a_call_is_one_wish_with_it(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 kim@acme > Please call me about the pump.
    Mon 10:00 voicemail from 020 7946 0018: Hi Dana, it's Kim about the pump.
    Mon 11:00 now
    """
    assert story.states == ["callback open"]


def test_a_wish_to_be_called_a_week_later_is_another_one(story: Story) -> None:
    """
    charter   acme: callback 4h
    client    acme: phone +442079460018
    Mon 09:00 voicemail from 020 7946 0018: Hi Dana, it's Kim about the pump.
    +7d Mon 10:00 kim@acme > Please call me about the invoice.
    +7d Mon 11:00 now
    """
    assert len(story.states) == 2


def test_a_question_beside_a_wish_to_be_called_is_owed_an_answer_of_its_own(story: Story) -> None:
    """
    charter   acme: reply 2h, callback 1 day, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > Do you take artwork as PDF? Please call me back today, it is about the price.
    Mon 10:00 dana > Yes, PDF is fine.
    Mon 16:00 now
    """
    assert sorted(story.states) == ["callback due_soon", "reply kept"]


def test_a_call_does_not_hide_the_question_beside_it(story: Story) -> None:
    """
    charter   acme: reply 2h, callback 1 day, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > Could you send me the data sheet of the belts? And could you call me tomorrow at 10?
    Mon 12:00 now
    """
    assert sorted(story.states) == ["callback open", "reply overdue"]


def test_a_question_when_something_comes_stands_beside_a_wish_to_be_called(story: Story) -> None:
    """
    charter   acme: reply 2h, callback 1 day
    Mon 09:00 kim@acme > Can you tell me when the belts will arrive? And could you call me about the contract?
    Mon 10:00 now
    """
    assert sorted(story.states) == ["callback open", "reply due_soon"]


@pytest.mark.parametrize(
    ("booked", "then", "state"),
    [
        ("[booked Mon 11:00]", "Tue 18:00", "Wed 4 due_soon"),
        ("[booked Tue 14:00]", "Tue 18:00", "Tue 3 snoozed"),
        ("[booked Tue 14:00]", "Wed 12:00", "Tue 3 kept_late"),
        ("[booked Mon 11:00] [declined]", "Tue 18:00", "Tue 3 overdue"),
    ],
)
def test_a_call_that_is_wanted_waits_for_the_time_that_both_booked(booked: str, then: str, state: str) -> None:
    asked = "Mon 09:00 kim@acme > Please call me about the contract."
    meeting = f"Wed 10:00-10:30 meeting with kim@acme: Call {booked}"
    story = tell(f"charter   acme: reply 2h, callback 1 day\n{asked}\n{meeting}\n{then} now\n")
    assert story.of("callback") == [state]


@pytest.mark.parametrize(
    ("words", "states"),
    [
        ("I tried to ring you earlier. Could you let me know the lead time?", ["reply kept"]),
        ("Habe gerade versucht, Sie zu erreichen. Wie lange ist die Lieferzeit?", ["reply kept"]),
        ("I tried to ring you. Please call me back.", ["callback overdue"]),
        ("Could you let me know the lead time?", ["callback overdue", "reply kept"]),
    ],
)
def test_what_a_caller_writes_instead_stands_in_the_place_of_the_call(words: str, states: list[str]) -> None:
    client = "client    acme: stage established, phone +442079460018"
    lines = (f"Mon 09:20 kim@acme > {words}", "Mon 10:00 dana > Lead time is five days.", "Tue 16:00 now")
    story = tell(
        "\n".join(("charter   acme: reply 2h, callback 1 day", client, "Mon 09:00 missed call from +44 20 7946 0018", *lines))
    )
    assert sorted(story.states) == states
