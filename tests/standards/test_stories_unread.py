"""Messages whose words could not be read: nothing is claimed about them, and the digest names them once."""

from __future__ import annotations

from story import Story


def test_a_message_that_could_not_be_read_needs_no_less_than_to_be_opened(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > ... [unread encrypted] [new thread: Order 7]
    Mon 10:00 tom@acme > The pallets arrived, thank you. [new thread: Pallets]
    Tue 09:00 now
    """
    assert story.balance == {"unread": 1, "needs no answer": 1}
    assert story.rules[0] == "could not be read: encrypted"
    assert story.open == []


def test_the_digest_names_it_and_says_why(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 kim@acme > ... [unread encrypted] [new thread: Order 7]
    Mon 11:00 tom@acme > ... [unread winmail] [new thread: Plan]
    Tue 09:00 now
    """
    assert [line for line in story.says if line.startswith("Could not be read")] == [
        "Could not be read: Acme (Tom): “Plan” yesterday 11:00; its words are in a winmail.dat that cannot be read: open it in your mail program",
        "Could not be read: Acme (Kim): “Order 7” yesterday 10:00; it is encrypted: open it in your mail program",
    ]


def test_the_digest_names_it_once(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    Mon 08:30 kim@acme > ... [unread encrypted]
    Tue 09:00 now
    """
    assert story.says == []
    assert story.balance == {"unread": 1}


def test_over_a_weekend_it_is_named_on_the_monday(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    Fri 16:00 kim@acme > ... [unread encrypted]
    +1d Mon 09:00 now
    """
    assert len([line for line in story.says if line.startswith("Could not be read")]) == 1


def test_it_is_answered_once_our_side_wrote_in_the_thread(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 kim@acme > ... [unread encrypted] [new thread: Order 7]
    Mon 11:00 tom@acme > ... [unread encrypted] [new thread: Plan]
    Mon 12:00 dana > Here you are, Kim. [thread: Order 7] [to kim@acme]
    Tue 09:00 now
    """
    assert story.balance == {"answered": 1, "unread": 1}


def test_words_that_could_be_read_beside_others_are_judged_as_ever(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 kim@acme > Could you send me the quote? [unread encrypted]
    Mon 12:00 now
    """
    assert story.balance == {"open": 1}


def test_it_is_never_taken_for_a_machines_by_its_subject_or_sender(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    Mon 10:00 kim@acme > ... [unread encrypted] [new thread: Out of office]
    Mon 11:00 noreply@acme > ... [unread malformed] [new thread: Delivery status notification]
    Mon 12:00 kim@acme > ... [unread encrypted] [auto-submitted]
    Tue 09:00 now
    """
    assert story.balance == {"unread": 2, "held back": 1}


def test_an_encrypted_answer_of_ours_may_have_answered(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > Can you send the revised quote?
    Mon 10:00 dana > [unread encrypted] [to kim@acme]
    Mon 12:30 now
    """
    assert [line.partition(":")[0] for line in story.says] == ["Was this done?"]


def test_a_chaser_makes_it_a_request(story: Story) -> None:
    """
    charter   acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    Mon 09:00 kim@acme > [unread encrypted] [new thread: Order 7]
    Tue 09:30 kim@acme > Just following up on this. [thread: Order 7]
    Tue 10:00 now
    """
    assert story.balance == {"open": 2}
