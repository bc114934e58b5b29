"""Stories: a promise that is moved in time is one promise with its new time, whoever moves it and in whatever words."""

from __future__ import annotations

import pytest
from story import Story, tell

BY_TUESDAY = "I'll send you the drawings by Tuesday."


def _moved(promise: str, *later: str) -> list[str]:
    lines = "\n".join(f"Mon {15 + n}:00 {line}" for n, line in enumerate(later))
    story = tell(f"charter   acme: reply 2h\nMon 09:00 dana > {promise} [to kim@acme]\n{lines}\nMon 18:00 now\n")
    return [f"{o.kind.value} {o.due:%a %H:%M}" for o in story.open if o.due and o.kind.value in {"promise", "callback"}]


@pytest.mark.parametrize(
    ("promise", "later", "due"),
    [
        ("I'll call you on Tuesday.", "Can't make Tuesday, will call Thursday instead.", "callback Thu 17:00"),
        ("I'll send you the drawings today.", "Running late, sending tomorrow.", "promise Tue 17:00"),
        (BY_TUESDAY, "It will be Wednesday, sorry.", "promise Wed 17:00"),
        (BY_TUESDAY, "Would Thursday be all right for the drawings?", "promise Thu 17:00"),
        ("You'll have the samples on Wednesday.", "Slight delay with the samples: Friday now.", "promise Fri 17:00"),
        ("I'll send the contract on Friday.", "Good news, I can send the contract tomorrow already.", "promise Tue 17:00"),
        ("I'll send the contract on Wednesday.", "I won't be able to send the contract this week. Monday at the latest.", "promise Mon 17:00"),
        ("I'll call you on Wednesday.", "I have to move our call to Friday at 10.", "callback Fri 10:00"),
        ("The report will be with you on Wednesday.", "Let's postpone the report to next Monday.", "promise Mon 17:00"),
        ("I'll visit you on Wednesday at 14:00.", "Something came up, can we push it to Friday?", "promise Fri 17:00"),
        ("Ich schicke Ihnen die Zeichnungen bis Dienstag.", "Das schaffe ich leider nicht bis Dienstag, ich schicke sie Ihnen am Donnerstag.", "promise Thu 17:00"),
        ("Ich rufe Sie am Dienstag an.", "Leider schaffe ich es am Dienstag nicht, ich melde mich am Donnerstag.", "callback Thu 17:00"),
        ("Ich schicke Ihnen das Angebot bis Dienstag.", "Das Angebot verzögert sich, Sie bekommen es erst am Donnerstag.", "promise Thu 17:00"),
    ],
)  # fmt: skip
def test_a_promise_is_moved_by_its_own_side(promise: str, later: str, due: str) -> None:
    assert _moved(promise, f"dana > {later}") == [due]


@pytest.mark.parametrize(
    ("promise", "later", "due"),
    [
        (BY_TUESDAY, "Thursday is soon enough for the drawings.", "promise Thu 17:00"),
        (BY_TUESDAY, "No rush with the drawings, Friday is fine.", "promise Fri 17:00"),
        ("I'll call you on Tuesday at 10.", "Could you call on Thursday at 11 instead?", "callback Thu 11:00"),
        ("Ich schicke Ihnen das Angebot bis Dienstag.", "Für das Angebot reicht auch Donnerstag. Am Donnerstag reicht es noch.", "promise Thu 17:00"),
    ],
)  # fmt: skip
def test_a_promise_is_moved_by_the_client(promise: str, later: str, due: str) -> None:
    assert _moved(promise, f"kim@acme > {later}") == [due]


def test_a_promise_moved_twice_has_the_last_time() -> None:
    assert _moved(BY_TUESDAY, "dana > It will be Wednesday, sorry.", "dana > Sorry, we need until Friday for the drawings.") == [
        "promise Fri 17:00"
    ]


def test_of_two_promises_the_one_that_is_meant_is_moved() -> None:
    both = "I'll send you the drawings by Wednesday. And I'll call you on Thursday about the contract."
    assert sorted(_moved(both, "dana > Can't make Thursday, I'll call on Friday instead.")) == [
        "callback Fri 17:00",
        "promise Wed 17:00",
    ]


def test_moved_after_its_time_it_has_ended_late(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the drawings by Tuesday. [to kim@acme]
    Wed 10:00 dana > Sorry for the delay, sending them tomorrow.
    Wed 16:00 now
    """
    assert story.states == ["promise kept_late", "promise open"]


def test_a_promise_is_moved_in_a_new_thread(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the pump drawings by Tuesday. [to kim@acme] [new thread: Pumps]
    Mon 15:00 dana > The pump drawings are delayed, you'll have them on Thursday. [new thread: Drawings]
    Wed 16:00 now
    """
    assert story.states == ["promise open"]


def test_the_clients_wish_for_another_day_takes_the_place_of_the_promised_call(story: Story) -> None:
    """
    charter   acme: reply 2h, callback 1 day
    Mon 09:00 dana > I'll call you on Tuesday. [to kim@acme]
    Mon 10:30 kim@acme > I'm out on Tuesday, please call me on Friday.
    Mon 16:00 now
    """
    assert [s.split()[0] for s in story.states] == ["callback", "callback"]
    assert story.states[0] == "callback waived"


def test_a_suppliers_delay_moves_no_promise_of_the_user(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the samples by Wednesday. [to kim@acme]
    Tue 15:00 dana > The mill says they will ship on Friday.
    Thu 16:00 now
    """
    assert story.states == ["promise overdue"]


def test_a_time_that_is_asked_for_promises_nothing(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > Would Thursday be all right for a visit? [to kim@acme]
    Fri 16:00 now
    """
    assert story.states == []


CALL = "Mon 09:00 dana > I'll call you on Thursday at 10 about the contract. [to kim@acme]"


@pytest.mark.parametrize(
    ("booked", "state"),
    [
        ("Fri 09:00-09:30 meeting with kim@acme: Call about the contract [booked Wed 15:00]", "Fri 6 due_soon"),
        ("Fri 09:00-09:30 meeting with kim@acme: Call about the contract [booked Thu 14:05]", "Thu 5 snoozed"),
        ("Fri 09:00-09:30 meeting with kim@acme: Price review [booked Wed 15:00]", "Thu 5 overdue"),
        ("Fri 09:00-09:30 meeting with kim@acme: Call about the contract [booked Wed 15:00] [declined]", "Thu 5 overdue"),
        ("Fri 09:00-09:30 meeting with raj@acme: Call about the contract [booked Wed 15:00]", "Thu 5 overdue"),
    ],
)  # fmt: skip
def test_a_call_that_both_booked_for_a_later_time_is_that_call(booked: str, state: str) -> None:
    assert tell(f"charter   acme: reply 2h\n{CALL}\n{booked}\nThu 17:00 now\n").of("callback") == [state]


def test_a_call_made_up_for_at_a_time_that_both_booked_is_late_and_no_later() -> None:
    booked = "Fri 09:00-09:30 meeting with kim@acme: Call about the contract [booked Thu 14:05]"
    assert tell(f"charter   acme: reply 2h\n{CALL}\n{booked}\nFri 12:00 now\n").of("callback") == ["Thu 5 kept_late"]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("Yes, 9 is fine.", "snoozed"),
        ("Ja, 9 Uhr passt.", "snoozed"),
        ("No, I am out tomorrow.", "overdue"),
        ("Yes, what a morning it was, I am not in tomorrow though.", "overdue"),
        ("Could you call me on Thursday at 11 instead?", "snoozed"),
    ],
)
def test_a_missed_call_rests_until_the_time_that_both_agreed_on_by_mail(words: str, state: str) -> None:
    lines = (
        "Mon 09:00 dana > I'll call you on Tuesday at 10 about the contract. [to kim@acme]",
        "Tue 12:00 dana > So sorry, I was stuck in traffic. Would tomorrow at 9 suit you?",
        f"Tue 13:00 kim@acme > {words}",
    )
    story = tell("\n".join(("charter   acme: reply 4h", *lines, "Tue 15:00 now")))
    assert f"Tue 3 {state}" in story.of("callback")
    assert "Tue 3 overdue" in story.at("Thu 12:00").of("callback")
