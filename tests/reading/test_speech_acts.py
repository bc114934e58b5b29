"""What people do with sentences: promise, ask, thank, take back, put off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from reading_helpers import promises, received, requests, sent

from daemon.reading import ActKind, Reading


@pytest.mark.parametrize(
    ("words", "sort"),
    [
        ("I'll send the draft tomorrow.", "send"),
        ("We will get back to you by Friday.", "send"),
        ("Let me check with legal and get back to you.", "send"),
        ("I am going to call Robin and ask.", "call"),
        ("Will do.", "do"),
        ("You'll have it on Monday.", "send"),
        ("I'll be there at 3.", "meet"),
        ("I will look into it.", "do"),
        ("Happy to help, I will set it up.", "do"),
        ("Will send the figures over this afternoon.", "send"),
        ("The revised terms will be sent to you on Thursday.", "send"),
        ("I’ll ring you first thing.", "call"),
    ],
)
def test_a_commitment_to_the_reader_is_a_promise(words: str, sort: str) -> None:
    acts = promises(sent(f"Hi Kim,\n\nThank you for the visit. {words}\n\nBest,\nDana"))
    assert [(p.quote, p.sort, p.by) for p in acts] == [(words, sort, "user")]


@pytest.mark.parametrize(
    "words",
    [
        "I will not be able to finish it.",
        "Robin will call you.",
        "Prices will rise next year.",
        "I will be in Denver next week.",
        "I think we should wait.",
        "I look forward to hearing from you.",
        "I'll let you decide.",
        "Shall I send it?",
        "I could send it over.",
        "Let me know if you want me to send it.",
        "Feel free to call me.",
        "I hope we will meet again.",
    ],
)
def test_plans_of_others_wishes_offers_and_denials_are_no_promises(words: str) -> None:
    assert promises(sent(f"Hi Kim,\n\n{words}\n\nDana")) == ()


def test_a_promise_under_a_condition_says_so() -> None:
    (promise,) = promises(sent("Once I hear from Rick I'll forward it to you."))
    assert promise.conditional
    (plain,) = promises(sent("I'll forward it to you on Friday."))
    assert not plain.conditional


def test_a_time_in_the_condition_is_not_the_promises() -> None:
    (promise,) = promises(sent("If you send me the list by Friday I'll mark it up."))
    assert promise.conditional
    assert promise.due is None


def test_the_clients_promise_is_the_clients() -> None:
    (promise,) = promises(received("I'll send you the signed order on Thursday."))
    assert promise.by == "client"


def test_a_quoted_promise_is_nobodys() -> None:
    text = "Thanks!\n\nOn Tue, 3 Mar 2026 at 09:00, Dana Reyes <dana@northwind.example> wrote:\n> I'll send the quote tomorrow.\n"
    assert promises(received(text)) == ()


@pytest.mark.parametrize(
    ("words", "sort"),
    [
        ("Could you send the revised quote?", "request"),
        ("Please send me the figures.", "request"),
        ("What is the delivery time for forty units?", "question"),
        ("Let me know what you think.", "request"),
        ("Please call me when you get in.", "call_me"),
        ("Can we meet on Tuesday?", "meeting_time"),
        ("Let's talk Thursday at 2.", "meeting_time"),
        ("I need your answer by Friday.", "request"),
        ("Any thoughts on the draft?", "question"),
        ("Send me the drawings, please.", "request"),
    ],
)
def test_what_wants_an_answer_is_a_request(words: str, sort: str) -> None:
    reading = received(f"Hi Dana,\n\nThank you for the call. {words}\n\nKim")
    assert [(r.quote, r.sort) for r in requests(reading)] == [(words, sort)]
    assert reading.reply_expected


@pytest.mark.parametrize(
    "words",
    [
        "How are you?",
        "Let me know if you have any questions.",
        "Please call me if you have questions.",
        "Please do not reply to this message.",
        "Please find attached the order.",
        "Thanks for the quick answer!",
        "Did you know?",
    ],
)
def test_courtesies_and_boilerplate_ask_nothing(words: str) -> None:
    reading = received(f"Hi Dana,\n\nThe order is confirmed. {words}\n\nKim")
    assert requests(reading) == ()
    assert not reading.reply_expected


def test_an_instruction_is_asked_but_wants_no_answer() -> None:
    reading = received("Hi Dana,\n\nPlease register online before you travel.\n\nKim")
    assert len(requests(reading)) == 1
    assert not reading.reply_expected


def test_a_mail_that_only_copies_the_user_expects_no_answer_from_the_user() -> None:
    assert not received("Could you send the quote?", to=("lee@northwind.example",), cc=("dana@northwind.example",)).reply_expected


def test_a_question_to_somebody_else_by_name_is_not_the_users() -> None:
    both = {"to": ("dana@northwind.example", "lee@northwind.example"), "addressee_names": ("Dana Reyes",)}
    assert not received("Lee, could you send the quote?", **both).reply_expected
    assert received("Dana, could you send the quote?", **both).reply_expected


def test_an_acknowledgement_with_a_time_is_a_status_with_a_promise() -> None:
    reading = sent("Hi Kim,\n\nI'm on it, you'll have it by Friday.\n\nDana")
    assert reading.acknowledgement
    assert not reading.tag
    assert not reading.substance
    assert promises(reading)[0].due is not None


def test_an_acknowledgement_without_a_time_is_a_tag() -> None:
    reading = sent("Hi Kim,\n\nThanks for your message, will get back to you.\n\nDana")
    assert reading.acknowledgement
    assert reading.tag


def test_an_answer_has_substance() -> None:
    assert sent("Hi Kim,\n\nThe delivery time is three weeks and the price stays as it was.\n\nDana").substance


def test_thanks_alone_close_a_conversation() -> None:
    reading = received("Thanks Dana!\n\nKim")
    assert reading.closing
    assert not reading.reply_expected


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Attached is the revised quote.", ActKind.DELIVERY),
        ("I called him this morning.", ActKind.DONE),
        ("Never mind, we found it.", ActKind.WITHDRAWAL),
        ("I'm running late with the draft.", ActKind.POSTPONEMENT),
        ("No need to send it any more.", ActKind.RELEASE),
        ("Thank you very much.", ActKind.THANKS),
    ],
)
def test_other_acts_are_told_by_their_words(words: str, kind: ActKind) -> None:
    reading = received(f"Hi Dana,\n\n{words}\n\nKim")
    assert words in [a.quote for a in reading.of(kind)]


def test_a_withdrawn_question_waits_for_nothing() -> None:
    assert not received("Could you send the price list? Never mind, I found it.").reply_expected


def test_question_marks_that_stand_for_lost_spaces_ask_nothing() -> None:
    reading = received("Hi Dana,\n\nThe order came in.? All is well here.? We are pleased.? Kim sends regards.?\n")
    assert requests(reading) == ()


def test_a_language_that_is_not_read_is_said_to_be_so() -> None:
    reading = received(
        "Bonjour, nous avons bien reçu votre offre et nous vous remercions. Quand pouvez-vous livrer les produits chez nous ?"
    )
    assert reading.language == "other"
    assert reading.reply_expected
    assert "not read" in reading.reply_rule


@pytest.mark.parametrize(
    "words", ["I'll call you tomorrow.", "Let me check and come back to you.", "The price is 40 euros per unit."]
)
def test_a_mail_of_one_sentence_that_promises_or_tells_asks_nothing(words: str) -> None:
    reading = received(words)
    assert requests(reading) == ()
    assert not reading.reply_expected


@pytest.mark.parametrize(
    "words",
    [
        "I'd be glad to drop by some time.",
        "Happy to show you around any time.",
        "We'd be delighted to give you a tour of the bakery whenever you are in town.",
        "I would gladly walk you through the booking page one day.",
        "We are always happy to measure the roof for you at some point.",
        "Gern zeige ich Ihnen die Backstube einmal.",
    ],
)
@pytest.mark.parametrize("read", [sent, received])
def test_an_offer_without_a_time_asks_and_promises_nothing(read: Callable[[str], Reading], words: str) -> None:
    reading = read(words)
    assert (reading.of(ActKind.REQUEST, ActKind.PROMISE), reading.reply_expected) == ((), False)


@pytest.mark.parametrize(
    "words",
    [
        "Happy to show you the new mill next Tuesday.",
        "I'd be glad to send you the list today.",
        "Happy to help any time, which day suits you?",
    ],
)
def test_an_offer_that_names_a_time_or_asks_for_one_is_more_than_a_courtesy(words: str) -> None:
    assert sent(words).of(ActKind.REQUEST, ActKind.PROMISE)
