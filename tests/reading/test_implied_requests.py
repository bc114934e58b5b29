"""Requests that are only implied, courtesies, and what asks the user nothing."""

from __future__ import annotations

import pytest
from reading_helpers import received, requests

from daemon.reading import ActKind

# What the models get wrong today; a line goes when they learn it, and the test says so.
WRONG_TODAY = frozenset(("My boss wants me to send him the figures.", "I'd be glad of your advice on the layout."))
SOMEBODY_ELSE_IS_ASKED = """He would get back to me next week.
He said he would get back to me next week.
She will let me know by Friday.
The bank promised to get back to us on Monday.
They will let us know as soon as possible.
Robin will keep me posted.
The supplier asked me to call them next week.
My boss wants me to send him the figures.
He asked if we could ship on Friday.
They wondered whether the price had changed.
Er wollte sich nächste Woche bei mir melden.
Sie gibt mir bis Freitag Bescheid.""".splitlines()
COURTESIES = """It was a pleasure to have you here.
We would love to see you again.
It was great to get to know you.
The driver needs to ring the bell.
We look forward to your visit.
We look forward to working with you.
I look forward to hearing from you.
Looking forward to seeing you on Friday.
It would be great to see you again some day.
We would love to come back next year.
She would like to know more about it, so I told her.
Ich freue mich auf Ihren Besuch.
Wir freuen uns auf die Zusammenarbeit.
We appreciate your support.
We value your business.
Please advise whenever I can be of any assistance to you.
Kindly inform us if we can be of help with the permits.
Should you have trouble opening the page, please go to our website.
Should you encounter any difficulties with the login, contact the help desk.
You might be wondering what I do these days.
You may be wondering why the box is so big.""".splitlines()
IMPLIED = """I would be keen to hear your side of it.
We'd be honoured if your director could open the fair.
I was wondering about the status of our claim.
If you could point me to the right person, that would be great.
I'd like your team to have a look at the draft.
Any chance to meet this Thursday at 9am?
It would be great to get your view on the draft.
I'd be interested in your opinion on this.
We would be delighted if you could join us.
It would be wonderful to have your support.
I was hoping you could help us with the translation.
I would welcome your thoughts on the plan.
We were hoping to get your input before Friday.
I wanted to see if you would be open to a short call.
I'm reaching out to see whether you could supply us.
I wanted to check whether the order has been shipped.
Would love to hear what you think.
It'd be helpful to have the figures by Monday.
It would help us to know the delivery date.
We'd be grateful for a quick answer.
We'd appreciate your view on clause four.
I need your help with the customs form.
Let me know whether you can make it.
Once you let me know the colour I'll place the order.
As soon as you confirm the price, we can go ahead.
I would like to ask for your support with the tender.
I'd be glad of your advice on the layout.
We still lack your signature on the form.
I am missing the invoice for March.
Let us know whether our new line is of interest to your buyers.
It would make our day if you (and Robin) could join us for dinner on the 6th.
A chance to see it would be if you could stop by on Thursday.
We could do with your help on the customs papers.
We'd love for Robin to join us on the panel.
We'd love to have Robin join us on the panel.
We would like to invite you to speak at our conference.
We are keen to have your team on site in May.""".splitlines()
FAVOURS = """If you would be so kind, please forward this application to the right person.
Please pass this on to your engineers. I would appreciate it very much.
Please return the signed form to the office. I'd be most grateful.
Bitte leiten Sie die Bewerbung weiter. Ich wäre Ihnen sehr dankbar.""".splitlines()
CHORES = """Please register online before the fair.
Please verify your contact details on the page.
Please bring a photo ID to the gate.""".splitlines()
IMPLIED_IN_GERMAN = """Es wäre schön, wenn Sie dabei sein könnten.
Wir würden uns freuen, Sie als Rednerin zu gewinnen.
Ich wollte Sie um Ihre Unterstützung bei der Suche bitten.
Sobald Sie mir die Farbe nennen, bestelle ich.
Es wäre hilfreich, die Zahlen bis Montag zu haben.""".splitlines()
AWAITED = """The invoice is paid. I look forward to hearing from you.
Thank you for the visit. We look forward to your reply.
Thank you for the invitation, I will come. I look forward to hearing from you.
Die Rechnung ist bezahlt. Ich freue mich auf Ihre Antwort.
Vielen Dank für Ihr Angebot, das wir gern annehmen. Wir freuen uns auf die Zusammenarbeit.""".splitlines()
NOTHING_LEFT_TO_DO = """Nothing further needs to be done.
Nothing more is needed from your side.
No further action is required from you.
There is nothing left to do on this.
This has been resolved.
The question is settled, thank you.
Consider the matter closed.
Es ist nichts weiter zu tun.
Das hat sich inzwischen geklärt.
Damit erübrigt sich meine Anfrage, danke und viele Grüße.""".splitlines()


def known(sentences: list[str]) -> list[object]:
    """The sentences as parameters; those of WRONG_TODAY are expected to fail."""
    wrong = pytest.mark.xfail(strict=True, reason="the models get it wrong today")
    return [pytest.param(words, marks=[wrong] if words in WRONG_TODAY else []) for words in sentences]


@pytest.mark.parametrize("words", known([*SOMEBODY_ELSE_IS_ASKED, *COURTESIES]))
def test_what_somebody_else_is_to_do_and_courtesies_ask_nothing(words: str) -> None:
    reading = received(f"Hi Dana,\n\nThe order is confirmed. {words}\n\nKim")
    assert requests(reading) == ()
    assert not reading.reply_expected


@pytest.mark.parametrize(
    "words",
    [
        "Please send the delivery note today.",
        "Please send the credit note for invoice 77.",
        "Please send me the access code.",
        "Please quote the print costs.",
        "Please sign and return the contract.",
        "Please forward the drawing to me.",
    ],
)
def test_what_is_to_be_handed_over_is_waited_for_whatever_it_is_called(words: str) -> None:
    assert received(f"Hi Dana,\n\nthe racks arrived. {words}\n\nKim").reply_expected


@pytest.mark.parametrize("words", FAVOURS)
def test_what_is_asked_as_a_favour_waits_for_an_answer(words: str) -> None:
    assert received(f"Hi Dana,\n\nthe application is attached. {words}\n\nKim").reply_expected


@pytest.mark.parametrize("words", CHORES)
def test_what_is_only_to_be_done_waits_for_no_answer(words: str) -> None:
    assert not received(f"Hi Dana,\n\nthe fair is in May. {words}\n\nKim").reply_expected


@pytest.mark.parametrize("words", known(IMPLIED))
def test_a_wish_for_help_a_view_or_company_is_a_request(words: str) -> None:
    reading = received(f"Hi Dana,\n\nThank you for the call. {words}\n\nKim")
    assert words in [r.quote for r in requests(reading)]
    assert reading.reply_expected


@pytest.mark.parametrize("words", IMPLIED_IN_GERMAN)
def test_a_wish_is_a_request_in_german(words: str) -> None:
    reading = received(f"Guten Tag Frau Reyes,\n\nvielen Dank für das Gespräch. {words}\n\nViele Grüße\nKim")
    assert words in [r.quote for r in requests(reading)]
    assert reading.reply_expected


@pytest.mark.parametrize("words", AWAITED)
def test_to_look_forward_to_an_answer_is_a_courtesy(words: str) -> None:
    assert requests(received(words)) == ()


@pytest.mark.parametrize("words", NOTHING_LEFT_TO_DO)
def test_that_nothing_is_left_to_do_withdraws(words: str) -> None:
    reading = received(words)
    assert reading.of(ActKind.WITHDRAWAL)
    assert not reading.reply_expected


def test_a_question_whether_it_is_settled_withdraws_nothing() -> None:
    assert received("Has this been resolved, or is there nothing more to be done?").of(ActKind.WITHDRAWAL) == ()
