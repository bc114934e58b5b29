"""Stories: the client's own words, a booking, or a deed of theirs shows what became of a promise that no mail of ours speaks of."""

from __future__ import annotations

import pytest
from story import Story, tell

SHIPPED = "Mon 09:00 dana > Thank you for the order. We will deliver by Thursday. [to kim@acme] [new thread: Order 118]"


def _promises(*later: str) -> list[str]:
    lines = "\n".join(later)
    return tell(f"charter   acme: reply 2h\nbusiness  acme\n{SHIPPED}\n{lines}\nFri 12:00 now\n").of("promise")


def test_goods_that_the_client_reports_in_another_thread_have_come() -> None:
    assert _promises("Wed 16:00 kim@acme > The six boxes arrived today, all complete. [new thread: Leeds]") == ["Thu 5 kept"]


@pytest.mark.parametrize(
    "words",
    [
        "Four of the six boxes arrived, the others are still missing.",
        "Our new forklift has come, it is huge.",
        "The boxes arrived at Leeds. Can you send the invoice?",
    ],
)
def test_a_part_a_question_or_other_peoples_goods_leave_a_delivery_open(words: str) -> None:
    assert _promises(f"Wed 16:00 kim@acme > {words} [new thread: Leeds]") == ["Thu 5 overdue"]


def test_of_two_deliveries_on_their_way_neither_is_taken_for_the_one_that_came() -> None:
    other = "Mon 10:00 dana > We will ship the spare belts on Thursday. [to kim@acme] [new thread: Belts]"
    assert _promises(other, "Wed 16:00 kim@acme > It has all arrived, thank you! [new thread: Leeds]") == [
        "Thu 5 overdue",
        "Thu 5 overdue",
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Your colleague called this morning, thank you. The unit leaves today.",
        "Ihr Kollege hat angerufen, danke.",
        "Your engineer rang, all clear now.",
    ],
)
def test_a_call_that_a_colleague_was_to_make_is_made_when_the_client_says_so(words: str) -> None:
    promised = "Mon 09:00 dana > Tom from our service will call you this afternoon. [to kim@acme]"
    story = tell(f"charter   acme: reply 2h\n{promised}\nTue 08:30 kim@acme > {words}\nWed 12:00 now\n")
    assert [o.split()[-1] for o in story.states] == ["kept"]


def test_what_was_asked_for_again_and_then_came_was_late(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll send you the certificates by Tuesday. [to kim@acme]
    Wed 10:00 kim@acme > I am still waiting for the certificates.
    Thu 09:00 dana > Here are all six calibration certificates. [attach: certificates.pdf]
    Thu 10:00 kim@acme > All here, thanks.
    Fri 12:00 now
    """
    assert story.of("promise") == ["Tue 3 kept_late"]


def test_a_deed_that_a_promise_waits_for_makes_it_current(story: Story) -> None:
    """
    charter   acme: reply 2h
    business  acme
    Mon 09:00 dana > As soon as the unit is with us, I'll send you a replacement. [to kim@acme] [new thread: PT-204]
    Tue 09:00 kim@acme > The unit leaves today, it goes out by courier.
    Wed 08:00 now
    """
    assert [line for line in story.says if "replacement" in line]


def test_another_matter_makes_nothing_current(story: Story) -> None:
    """
    charter   acme: reply 2h
    business  acme
    Mon 09:00 dana > As soon as the unit is with us, I'll send you a replacement. [to kim@acme] [new thread: PT-204]
    Tue 09:00 kim@acme > I'll send you the forecast on Friday.
    Wed 08:00 now
    """
    assert [line for line in story.says if "replacement" in line] == []


def test_a_wait_that_is_promised_again_is_one_wait(story: Story) -> None:
    """
    charter   acme: reply 2h
    business  acme
    Mon 09:00 kim@acme > I'll get you our updated vendor form by Tuesday.
    Thu 09:00 dana > Did the vendor form get stuck somewhere? We need it for our accounting.
    Thu 10:00 kim@acme > Sorry, swamped. Will get it to you tomorrow!
    Fri 08:00 now
    """
    assert story.states.count("waiting_for open") + story.states.count("waiting_for due_soon") == 1
    assert "waiting_for overdue" not in story.states


@pytest.mark.parametrize(
    ("words", "promises"),
    [
        ("Ten pouches left with the courier this morning, you should have them on Tuesday.", 0),
        ("The boxes have been dispatched. You should receive them tomorrow.", 0),
        ("Die Geräte sind unterwegs, Sie sollten sie am Dienstag haben.", 0),
        ("You will have the pouches on Tuesday.", 1),
        ("I'll send the pouches tomorrow, you should have them on Wednesday.", 1),
    ],
)
def test_when_something_that_has_left_should_be_there_is_no_promise(words: str, promises: int) -> None:
    story = tell(f"charter   acme: reply 2h\nMon 09:00 dana > {words} [to kim@acme]\nMon 12:00 now\n")
    assert len(story.obligations) == promises


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("One left. We are putting it on the van today, you'll have it tomorrow morning.", "Mon 17:00"),
        ("I'll send it today. You'll have it on Wednesday.", "Mon 17:00"),
        ("You'll have it on Wednesday.", "Wed 17:00"),
    ],
)
def test_sending_something_and_its_coming_are_one_promise(words: str, due: str) -> None:
    story = tell(f"charter   acme: reply 2h\nMon 09:00 dana > {words} [to kim@acme]\nMon 12:00 now\n")
    assert [f"{o.due:%a %H:%M}" for o in story.obligations if o.due] == [due]
