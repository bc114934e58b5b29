"""Promises under a condition: once it is met they are due, and what somebody asks for again is said at once."""

from __future__ import annotations

from story import Story


def test_a_promise_whose_condition_a_colleague_reports_as_met_is_due(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 dana > As soon as the unit is with us, I'll send you a replacement. [to kim@acme]
    Tue 12:00 lee > The unit has arrived here, Kim.
    Wed 16:00 now
    """
    assert story.says == [
        "Due today: Acme (Kim): condition met “As soon as the unit is with us, I'll send you a replacement.” then, yesterday, “The unit has arrived here, Kim.” you, Mon 2 Mar, “Hello”"
    ]


def test_a_condition_that_is_not_met_yet_makes_nothing_due(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 dana > As soon as the unit is with us, I'll send you a replacement. [to kim@acme]
    Tue 12:00 lee > The unit has not arrived yet, Kim.
    Thu 16:00 now
    """
    assert story.states == ["promise open"]


def test_what_was_promised_is_late_when_its_condition_was_met_long_ago(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 dana > Once legal has signed, I'll send you the contract. [to kim@acme]
    Tue 09:00 dana > Legal has signed, Kim.
    Thu 09:00 now
    """
    assert story.states == ["promise overdue"]


def test_a_client_who_signs_meets_the_condition(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 dana > Once you have signed the order, I'll send you the dates. [to kim@acme]
    Tue 09:00 kim@acme > The order has been signed.
    Thu 09:00 now
    """
    assert story.states == ["promise overdue"]


def test_a_call_promised_without_a_date_is_due_once_the_client_rings_for_it(story: Story) -> None:
    """
    charter   acme: reply 1 day, callback 2h
    client    acme: phone +442079460018
    Mon 09:00 dana > I'll call you about the belts. [to kim@acme]
    Tue 10:00 voicemail from +44 20 7946 0018: You wanted to call me about the belts.
    Tue 13:00 now
    """
    assert story.states == ["callback overdue"]


def test_who_asks_for_time_has_made_a_promise_and_answered(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Could you send me a price including installation?
    Mon 10:00 dana > Give me until tomorrow lunchtime and I'll have a proper quote for you, with installation.
    Tue 10:00 dana > As promised, the quote is attached. [attach: quote.pdf]
    Tue 11:00 now
    """
    assert story.states == ["reply kept", "promise kept"]


def test_pleasantries_promise_nothing(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll raise a glass to that tonight. [to kim@acme]
    Mon 09:30 dana > I will look after you personally. [to kim@acme]
    Mon 09:40 dana > I'll be thinking of you on Friday. [to kim@acme]
    Wed 09:00 now
    """
    assert story.states == []
