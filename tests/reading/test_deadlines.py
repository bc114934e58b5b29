"""The time by which a request wants its answer, told from the dates of events, deliveries and absences."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from reading_helpers import received, requests

from daemon.reading import deadlines


def deadline(text: str, **changes: object) -> tuple[str, bool] | None:
    """Return when the first request of a client's mail wants its answer, and whether that is firm."""
    due = requests(received(text, **changes))[0].due
    return (f"{due.due:%a %d %b %H:%M}", due.is_firm) if due else None


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Please RSVP by May 18.", "Mon 18 May 17:30"),
        ("RSVP by 18 May", "Mon 18 May 17:30"),
        ("Please return your ballot by June 8.", "Mon 08 Jun 17:30"),
        ("I need this within 48 hours.", "Fri 06 Mar 10:14"),
        ("We need your answer before Thursday's board.", "Wed 04 Mar 17:30"),
        ("Could you send the drawings before the board meeting on Friday?", "Thu 05 Mar 17:30"),
        ("Please let me know no later than 10 am tomorrow.", "Thu 05 Mar 10:00"),
        ("Could I have your comments by close of play tomorrow?", "Thu 05 Mar 17:30"),
        ("I'd like to have your offer by the 15th.", "Sun 15 Mar 17:30"),
        ("Please reply within two working days.", "Fri 06 Mar 17:30"),
        ("Please let me know by Friday if you can deliver.", "Fri 06 Mar 17:30"),
        ("Please get back to me asap, Monday at the latest.", "Mon 09 Mar 17:30"),
        ("Could you send me the quote? We need it by Friday.", "Fri 06 Mar 17:30"),
        ("The deadline for quotes is 20 March. Can you make an offer?", "Fri 20 Mar 17:30"),
        ("I have a board meeting on Friday and need your figures by then. Can you send them?", "Fri 06 Mar 17:30"),
        ("Your answer by noon would help. What is the price?", "Wed 04 Mar 12:00"),
        ("Could you look at it? There is no rush, any time next week is fine.", "Fri 13 Mar 17:30"),
        ("Could you call me on Thursday at 10?", "Thu 05 Mar 10:00"),
        ("Please call me this afternoon.", "Wed 04 Mar 17:30"),
        ("Please complete the survey by Friday.", "Fri 06 Mar 17:30"),
        ("Are there any others? You have about 48 hours, then I order.", "Fri 06 Mar 10:14"),
        ("Can you get this to me by end of day?", "Wed 04 Mar 17:30"),
        ("Please have this back to us within 48 hours.", "Fri 06 Mar 10:14"),
        ("We'd appreciate hearing from you by March 20.", "Fri 20 Mar 17:30"),
        ("My boss wants an answer by tomorrow. Is it possible?", "Thu 05 Mar 17:30"),
        ("The RSVP deadline is June 8th so please contact me as soon as possible.", "Mon 08 Jun 17:30"),
        ("Our board meets on Friday, so we need your proposal before that. Can you send it?", "Fri 06 Mar 17:30"),
        ("Bitte stimmen Sie bis zum 8. Juni ab.", "Mon 08 Jun 17:30"),
        ("Können Sie uns bis spätestens Donnerstag Bescheid geben?", "Thu 05 Mar 17:30"),
        ("Bitte um Rückmeldung bis spätestens 14 Uhr.", "Wed 04 Mar 14:00"),
        ("Wir brauchen Ihr Angebot bis zum 12.3. Ist das möglich?", "Thu 12 Mar 17:30"),
        ("Können Sie den Preis prüfen? Das eilt nicht, nächste Woche reicht.", "Fri 13 Mar 17:30"),
    ],
)
def test_a_time_that_is_named_for_the_answer_is_its_deadline(text: str, due: str) -> None:
    assert deadline(text) == (due, True)


@pytest.mark.parametrize(
    "text",
    [
        "Can you ship 40 units by 30 April?",
        "Can you confirm delivery by 5 May?",
        "Please let me know if you can have it here by Friday.",
        "We need the pumps by 20 March. Can you do that?",
        "Could you send it today?",
        "Bitte schicken Sie uns die Zeichnung noch heute.",
    ],
)
def test_a_time_that_may_be_another_deeds_is_not_firm(text: str) -> None:
    due = deadline(text)
    assert due is not None
    assert not due[1]


@pytest.mark.parametrize(
    "text",
    [
        "Are you free on Thursday?",
        "Can you come on Tuesday?",
        "Haben Sie am Donnerstag Zeit?",
        "I'm back on the 5th. Can you send the quote?",
        "I am away until 20 March. Could you send me the price list?",
        "The fair is on 12 May. What does a stand cost?",
        "What happened to the order of 3 March?",
        "Did you send it today?",
        "Could you send me the agenda for the meeting on Monday?",
        "Can you confirm the delivery tomorrow?",
        "Can you call me about the delivery on Friday?",
        "Could you tell me which ones, as I order when I get back on the 5th?",
        "Please come early for drinks before lunch.",
        "The payment deadline is 30 April. Could you send the invoice?",
        "I may need your voicemail of last night again, could you send it?",
        "I'll send you our order by Friday. Could you confirm the price?",
    ],
)
def test_the_date_of_something_else_is_no_deadline(text: str) -> None:
    assert deadline(text) is None


def test_a_clock_time_from_abroad_is_meant_on_the_writers_clock() -> None:
    new_york = datetime.fromisoformat("2026-03-04T08:00:00-05:00")
    assert deadline("Please reply by 5 pm today.", date=new_york) == ("Wed 04 Mar 22:00", True)
    assert deadline("Please reply by 5 pm today.") == ("Wed 04 Mar 17:00", True)


def test_an_answer_that_is_asked_for_at_once_has_no_time() -> None:
    assert deadline("Can you confirm by return?") is None
    assert deadline("Please reply asap.") is None


@pytest.mark.parametrize(("name", "pattern", "found", "not_found"), deadlines._ROWS, ids=lambda text: text[:24])
def test_a_pattern_is_short_and_finds_its_example_alone(name: str, pattern: str, found: str, not_found: str) -> None:
    words = re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)
    assert len(pattern) <= 200, name
    assert words.search(found)
    assert not words.search(not_found)
