"""Mail of the user's that may never have left: it asks, and closes nothing; and mail whose Message-ID was used before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from story import Story, judge, tell

HOURS = "mon-fri 09:00-17:00 Europe/London"
ASKED = f"""
charter   acme: reply 2 days, callback 2 days, {HOURS}
Mon 10:00 kim@acme > Could you send me the price list for 2026?
"""


def told(*lines: str, begin: str = ASKED) -> Story:
    return tell(begin + "\n".join(lines))


def test_an_answer_that_may_never_have_left_closes_nothing_and_is_asked_about() -> None:
    story = told("Mon 11:30 dana > Here is the price list: the large crate is 40 euro. [unsure]", "Tue 09:05 now")
    assert story.states == ["reply open"]
    assert [e.quote for e in story.only.evidence if e.strength == "weak"] == [
        "Here is the price list: the large crate is 40 euro."
    ]
    (line,) = story.says
    assert line.startswith("Was this done?")


@pytest.mark.parametrize(
    "words",
    [
        "I'll send it by Wednesday. [unsure]",
        "You will have it on Wednesday. [unsure]",
        "Sie bekommen sie bis Mittwoch. [unsure]",
        "I will call you on Wednesday at 10. [unsure]",
        "You'll have the full price list by Wednesday noon, and the samples on Friday. [unsure]",
    ],
)
def test_what_it_promises_was_never_promised(words: str) -> None:
    story = told(f"Mon 11:30 dana > {words}", "Tue 09:05 now")
    assert [o.kind.value for o in story.obligations] == ["reply"]
    assert story.states == ["reply open"]


def test_an_answer_of_the_client_shows_that_it_was_sent() -> None:
    story = told(
        "Mon 11:30 dana > Here is the price list: the large crate is 40 euro. I'll send the samples by Friday. [unsure]",
        "Mon 15:00 kim@acme > Thanks a lot.",
        "Tue 09:05 now",
    )
    assert story.states == ["reply kept", "promise open"]


def test_before_that_answer_came_it_was_in_doubt() -> None:
    story = told(
        "Mon 11:30 dana > Here is the price list: the large crate is 40 euro. [unsure]",
        "Mon 15:00 kim@acme > Thanks a lot.",
        "Tue 09:05 now",
    )
    assert story.at("Mon 14:00").states == ["reply open"]
    assert all(story.shuffled(seed).states == story.states for seed in range(4))


def test_a_chaser_in_another_thread_leaves_it_in_doubt() -> None:
    story = told(
        "Mon 11:30 dana > Here is the price list: the large crate is 40 euro. [unsure]",
        "Tue 08:30 kim@acme > Any news about the price list? [new thread: Price list?]",
        "Tue 09:05 now",
    )
    assert "reply open" in story.states or "reply due_soon" in story.states


def test_a_call_is_not_returned_by_a_mail_that_may_never_have_left() -> None:
    story = told(
        "Mon 11:30 dana > It was good to talk to you just now. [unsure]",
        "Tue 09:05 now",
        begin=f"charter   acme: callback 2 days, {HOURS}\nMon 10:00 kim@acme > Please call me about the delivery.\n",
    )
    assert story.states == ["callback open"]


def test_a_promise_is_not_kept_by_a_mail_that_may_never_have_left() -> None:
    story = told(
        "Mon 11:00 dana > I'll send you the price list by Tuesday noon.",
        "Mon 15:00 dana > Here is the price list. [attach: prices.pdf] [unsure]",
        "Tue 09:05 now",
    )
    (promise,) = [o for o in story.obligations if o.kind.value == "promise"]
    assert promise.closed is None
    assert promise.evidence[-1].strength == "weak"


def test_a_colleagues_mail_was_received_whatever_it_lacks() -> None:
    story = told("Mon 11:30 lee > Here is the price list: the large crate is 40 euro. [unsure]", "Tue 09:05 now")
    assert story.states == ["reply kept"]


def test_a_clients_mail_counts_whatever_it_lacks() -> None:
    story = told(
        "Tue 09:05 now",
        begin=f"charter   acme: reply 2 days, {HOURS}\nMon 10:00 kim@acme > Could you send me the price list? [unsure]\n",
    )
    assert story.states == ["reply open"]


def test_a_mail_that_may_never_have_left_is_no_contact() -> None:
    story = told("Tue 11:30 dana > Here is the price list: the large crate is 40 euro. [unsure]", "Wed 09:05 now")
    assert [a.last_contact.hour for a in story.assessments if a.last_contact] == [10]


# --- one Message-ID, several mails ---


def reused(story: Story, first: int, second: int) -> Story:
    """The story with the Message-ID of one mail in the header of a later one, too."""
    messages = list(story.told.messages)
    messages[second] = replace(messages[second], header_id=messages[first].message_id)
    return judge(replace(story.told, messages=messages), story.now)


def test_a_second_question_under_the_same_message_id_is_owed_an_answer() -> None:
    story = tell(
        f"""
        charter   acme: reply 2 days, {HOURS}
        Mon 10:00 kim@acme > The pallets arrived, thank you. [new thread: Delivery 1]
        Tue 09:00 kim@acme > Could you send me the invoice for the second delivery? [new thread: Delivery 2]
        Tue 09:05 now
        """
    )
    (owed,) = reused(story, 0, 1).open
    assert owed.source.shown == story.told.messages[0].message_id
    assert owed.source.reference == story.told.messages[1].message_id
    assert owed.reply_to == owed.source.shown, "a reply names the mail as its header does"
