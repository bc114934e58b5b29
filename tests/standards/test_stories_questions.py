"""Stories: several things asked, and one of them answered; one answer, one matter."""

from __future__ import annotations

import pytest
from story import Story, tell


def _asked_and_answered(asked: str, answer: str) -> Story:
    return tell(
        f"""
charter   acme: reply 2h
Mon 09:00 kim@acme > {asked}
Mon 10:00 dana > {answer}
Mon 15:00 now
"""
    )


@pytest.mark.parametrize(
    ("asked", "answer", "left"),
    [
        (
            "What does the large crate cost? And by when must we cancel the maintenance contract?",
            "The large crate costs 40 euro.",
            "And by when must we cancel the maintenance contract?",
        ),
        ("What does the crate cost and when can you deliver?", "It is 40 euro.", "when can you deliver?"),
        (
            "Could you send me the price list? Which colours are in stock? And can we visit the warehouse in May?",
            "Hi Kim, here is the price list. [attach: prices.pdf]",
            "Which colours are in stock? … And can we visit the warehouse in May?",
        ),
        (
            "Could you resend invoice 4711? Also please confirm the installation date.",
            "Attached is invoice 4711 again. [attach: invoice-4711.pdf]",
            "Also please confirm the installation date.",
        ),
        (
            "What does the crate cost? When can you deliver it?",
            "The crate is 40 euro. I'll check on the delivery and let you know.",
            "When can you deliver it?",
        ),
        (
            "Is the sample ready for collection? Also, could you tell me who handles invoices?",
            "Yes, the sample is ready, you can collect it any day at our gate.",
            "Also, could you tell me who handles invoices?",
        ),
        (
            "Will you come to the dinner on 5 May? Can you join the panel on 8 May? And may we count on you for the golf day on 12 May?",
            "I'm afraid I can't make the panel.",
            "Will you come to the dinner on 5 May? … And may we count on you for the golf day on 12 May?",
        ),
        (
            "Guten Tag, was kostet die große Kiste? Und bis wann müssen wir den Wartungsvertrag kündigen?",
            "Hallo, die große Kiste kostet 40 Euro. Viele Grüße",
            "Und bis wann müssen wir den Wartungsvertrag kündigen?",
        ),
        (
            "Können Sie uns ein Muster schicken? Wie viele Paletten passen in den Container?",
            "Guten Tag, das Muster ist heute per Post raus.",
            "Wie viele Paletten passen in den Container?",
        ),
        (
            "Could you send the price list and tell us when the next truck leaves?",
            "Attached is the price list. [attach: prices.pdf]",
            "tell us when the next truck leaves?",
        ),
        (
            "Where shall we send the returns? How many labels do we need?",
            "Please send the returns to our depot in Hull.\n\nBest regards\nDana\nNorthwind Ltd, 12 Quay Street",
            "How many labels do we need?",
        ),
        (
            "Who is our contact in billing? And could you send the new terms?",
            "Robin Hale looks after billing.",
            "And could you send the new terms?",
        ),
        (
            "Three things.\n1. Can you ship to Ireland?\n2. When would the pump arrive?\n3. Who signs the contract?",
            "1) yes, we do\n3) Robin signs it",
            "When would the pump arrive?",
        ),
    ],
)
def test_of_several_questions_the_unanswered_one_stays_open(asked: str, answer: str, left: str) -> None:
    indented = tell_lines(asked), tell_lines(answer)
    story = _asked_and_answered(*indented)
    assert [o.kind.value for o in story.open] == ["reply"]
    assert (story.open[0].quote or "").removeprefix("2. ") == left
    assert left.split(" … ", maxsplit=1)[0] in story.says[0]


def tell_lines(text: str) -> str:
    """Indent further lines, as a story wants them."""
    return text.replace("\n", "\n ")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("Is the large crate in stock? Can you ship it to Ireland?", "Yes to both."),
        ("Can you ship to Ireland? When would the pump arrive?", "1) yes 2) Friday"),
        ("Which colour do you have? How many are left?", "Blue, twenty."),
        ("What does it cost and when can you deliver?", "40 euro, delivered Friday."),
        ("Will you come to the dinner on 5 May? Can you join the panel on 8 May?", "I'm afraid I'm away for the whole of May."),
        ("What does the crate cost? When can you deliver it?", "As we discussed on the phone, all is settled."),
        ("We are planning the autumn order. Would a 10% discount be possible? Please let me know.", "We can offer 8 %."),
        ("What does the crate cost? How long is the warranty?", "The crate is 40 euro and comes with three years."),
        ("Können Sie liefern? Und was kostet es?", "Ja, für 40 Euro."),
        ("Is the pump back? Can you bring it along?", "Yes, it is back and comes along."),
        ("Could you send the quote? Any news on the drawings?", "Everything is attached. [attach: all.zip]"),
    ],
)
def test_an_answer_that_may_be_meant_for_all_leaves_nothing(asked: str, answer: str) -> None:
    assert [o.kind.value for o in _asked_and_answered(asked, answer).open] == []


def test_the_rest_is_closed_by_its_own_answer(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the large crate cost? And by when must we cancel the maintenance contract?
    Mon 10:00 dana > The large crate costs 40 euro.
    Mon 10:30 dana > You can cancel until the end of June.
    Mon 15:00 now
    """
    assert story.states == ["reply kept"]
    assert story.at("Mon 10:15").states == ["reply due_soon"]


def test_a_status_with_a_time_takes_the_rest_along(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the crate cost? When can you deliver it?
    Mon 10:00 dana > The crate is 40 euro. I'll tell you the delivery date by Wednesday.
    Mon 15:00 now
    """
    assert story.states == ["reply kept", "promise open"]


def test_a_later_question_on_another_matter_has_its_own_clock_once_the_first_is_answered(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the large crate cost?
    Mon 09:20 kim@acme > And do you have a safety certificate for the ladders?
    Mon 10:00 dana > The large crate costs 40 euro.
    Mon 15:00 now
    """
    assert story.states == ["reply kept", "reply overdue"]
    assert story.balance == {"answered": 1, "open": 1}


def test_a_chaser_is_no_second_question(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the large crate cost?
    Mon 09:20 kim@acme > Just following up: have you got the price yet?
    Mon 10:00 dana > The large crate costs 40 euro.
    Mon 15:00 now
    """
    assert story.states == ["reply kept"]


def test_a_refusal_of_one_invitation_leaves_the_others_open(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Please RSVP for the annual dinner in London. [new thread: Annual dinner]
    Mon 09:10 kim@acme > Please RSVP for the annual golf day in London. [new thread: Golf day]
    Mon 09:20 kim@acme > Will you join our annual panel in London? [new thread: Panel]
    Mon 10:00 dana > Unfortunately I cannot come to the annual golf day in London. [new thread: Golf]
    Mon 15:00 now
    """
    assert story.states == ["reply overdue", "reply kept", "reply overdue"]


def test_two_mails_under_one_subject_are_answered_one_by_one(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the large crate cost? [new thread: Question]
    Mon 09:10 tom@acme > By which date must we cancel the contract? [new thread: Question]
    Mon 10:00 dana > By the end of June. [to tom@acme]
    Mon 15:00 now
    """
    assert story.states == ["reply overdue", "reply kept"]


@pytest.mark.parametrize(
    ("promise", "outcome"),
    [
        ("I'll run this by him.", "The call is confirmed for Thursday at 3."),
        ("I'll take the discount up with our board by Tuesday.", "The discount is approved."),
        ("Let me put it to the team.", "The workshop is booked for the 12th."),
        ("We'll check with the carrier.", "The pallets are on the road, they arrive on Thursday."),
        ("I'll speak to our legal people.", "Clause 4 can go."),
        ("Ich spreche das mit der Geschäftsleitung ab.", "Der Rabatt ist genehmigt."),
    ],
)
def test_the_outcome_keeps_the_promise_to_ask(promise: str, outcome: str) -> None:
    story = tell(
        f"charter   acme: reply 2h\nMon 10:00 dana > {promise} [to kim@acme]\nTue 12:00 dana > {outcome}\nTue 15:00 now\n"
    )
    assert story.states == ["promise kept"]


def test_a_call_that_is_confirmed_was_not_made(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll call you on Thursday. [to kim@acme]
    Tue 10:00 dana > The call is confirmed for Thursday at 3.
    Wed 09:00 now
    """
    assert story.states == ["callback open"]


@pytest.mark.parametrize("again", ["What does the large crate cost?", "Just following up, what does the large crate cost?"])
def test_a_question_sent_again_in_a_new_thread_is_one_question(again: str) -> None:
    story = tell(
        "charter   acme: reply 2h\n"
        "Mon 09:00 kim@acme > What does the large crate cost? [new thread: Crates]\n"
        f"Mon 10:00 kim@acme > {again} [new thread: Crates]\n"
        "Mon 10:30 dana > 40 euro.\n"
        "Mon 15:00 now\n"
    )
    assert story.states == ["reply kept"]


def test_under_one_subject_a_new_mail_answers_what_it_speaks_of(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > What does the large crate cost? [new thread: Question]
    Mon 09:10 kim@acme > By when must we cancel the contract? [new thread: Question]
    Mon 10:30 dana > The large crate costs 40 euro. [new thread: Question]
    Mon 15:00 now
    """
    assert story.states == ["reply kept", "reply overdue"]


def test_a_question_that_leans_on_another_does_not_speak_for_the_mail(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > We have brought the launch forward. Can you still make it with the labels? If not, what is the earliest?
    Mon 10:00 now
    """
    assert story.only.quote == "Can you still make it with the labels?"


BOTH = "Mon 09:00 kim@acme > What does the pump cost? And could you send me the drawing by Thursday noon?"


def _rest_is_due(*lines: str) -> list[str]:
    text = "\n".join(lines)
    story = tell(f"charter   acme: reply 4h\n{text}\nMon 16:00 now\n")
    return [f"{o.due:%a %H:%M}" for o in story.open if o.due and o.kind.value == "reply"]


def test_what_an_answer_leaves_open_is_due_when_its_own_words_say() -> None:
    assert _rest_is_due(BOTH, "Mon 10:00 dana > The pump costs 400 pounds.") == ["Thu 12:00"]


def test_what_is_left_is_due_as_the_charter_says_where_its_words_name_no_time() -> None:
    asked = "Mon 09:00 kim@acme > Could you send me the drawing by Thursday noon? And what does the pump cost?"
    assert _rest_is_due(asked, "Mon 10:00 dana > The drawing is attached. [attach: drawing.pdf]") == ["Mon 13:00"]


def test_a_later_ask_that_names_an_earlier_time_holds_for_what_is_left() -> None:
    again = "Mon 09:30 kim@acme > Any news on the drawing? I need it by Wednesday noon."
    assert _rest_is_due(BOTH, again, "Mon 10:00 dana > The pump costs 400 pounds.") == ["Wed 12:00"]


def test_an_answer_in_part_that_came_late_leaves_the_rest_late() -> None:
    assert _rest_is_due(BOTH, "Mon 15:00 dana > The pump costs 400 pounds.") == ["Mon 13:00"]


def test_of_three_questions_in_one_sentence_the_one_without_an_answer_stays_open(story: Story) -> None:
    """
    charter   acme: reply 4h
    Mon 09:00 kim@acme > A few things: can you do it in the week commencing 20 April, do your engineers need a site induction, and could you hold the price until then?
    Mon 10:00 dana > Good news! The week of 20 April is fine and I have pencilled it in. The price stands until the end of June.
    Mon 11:00 now
    """
    assert [o.quote for o in story.open] == ["do your engineers need a site induction"]


@pytest.mark.parametrize(
    "words",
    [
        "I've asked Tom and will let you know as soon as I hear back.",
        "I have passed it on to our workshop and will get back to you.",
        "Ich habe Tom gefragt und melde mich, sobald ich etwas höre.",
    ],
)
def test_that_somebody_was_asked_is_no_answer(words: str) -> None:
    lines = f"Mon 09:00 kim@acme > When will the engineer come?\nMon 10:00 dana > {words}\nMon 16:00 now\n"
    assert "reply overdue" in tell(f"charter   acme: reply 4h\n{lines}").states


def test_what_somebody_said_when_asked_is_an_answer() -> None:
    lines = (
        "Mon 09:00 kim@acme > When will the engineer come?\nMon 10:00 dana > I asked Tom, he comes on Friday.\nMon 16:00 now\n"
    )
    assert "reply kept" in tell(f"charter   acme: reply 4h\n{lines}").states
