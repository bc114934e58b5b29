"""The words of an answer that last: no courtesies, deferrals, attachments or single days, and nothing of one client's for another."""

from __future__ import annotations

from datetime import datetime

import pytest

from daemon.analysis.lasting_words import is_private, lasting
from daemon.reading import ReaderInput, read

SIGNATURE = "Nora Field\nBrewline Ltd, machines, training and warranty\n+44 1632 960771"
DISCLAIMER = "This email and any attachments are confidential. If you are not the intended recipient, please delete it."


def last(text: str) -> tuple[str, ...]:
    at = datetime.fromisoformat("2026-03-03T10:00:00+00:00")
    message = ReaderInput("sent", "nora@brewline.example", ("jo@harbour.example",), (), at, "Re: Descaling", text, user=("nora@brewline.example",), sender_name="Nora Field", follows=True)  # fmt: skip
    reading = read(message)
    return lasting(reading.new_text, reading, "Nora Field", "nora@brewline.example")


def test_what_answers_remains() -> None:
    text = f"Hi Jo,\n\nWith hard water descale it every six weeks. Vinegar eats the seals.\n\nBest\n{SIGNATURE}\n\n{DISCLAIMER}"
    assert last(text) == ("With hard water descale it every six weeks.", "Vinegar eats the seals.")


@pytest.mark.parametrize(
    "words",
    [
        "Sorry for the late answer, it has been a busy week here.",
        "I'll check with the factory and get back to you.",
        "It left with the courier yesterday and is on its way.",
        "Our engineer is with you tomorrow between 8 and 10.",
        "Here you are, the data sheet is attached.",
        "Which of the two machines do you mean?",
        "Confirmed for 4 February in the morning.",
        "Der Auftrag geht morgen raus und ist am Donnerstag bei Ihnen.",
        "Das kläre ich mit dem Werk und melde mich bis Freitag.",
        "Yes.",
    ],
)
def test_what_says_nothing_or_only_of_its_day_does_not(words: str) -> None:
    assert last(f"Hi Jo,\n\n{words}\n\nNora") == ()


@pytest.mark.parametrize(
    "words",
    [
        "At 60 kilos you pay £13.40 a kilo.",
        "That is your contract price until December.",
        "You have 12 % off the list.",
        "Your credit limit is ten thousand.",
        "Sort code 20-00-00, account number 12345678.",
        "Bei Ihnen gilt Rechnung mit 45 Tagen Ziel.",
        "Fünf Stück biete ich Ihnen zu je 1.140 Euro an.",
    ],
)
def test_what_one_client_pays_or_was_granted_is_private(words: str) -> None:
    assert is_private(words)


@pytest.mark.parametrize(
    "words", ["The metallic stays below 40% of the area.", "Two years on parts and labour.", "Up to 220 for forty minutes."]
)
def test_what_is_true_for_everybody_is_not(words: str) -> None:
    assert not is_private(words)
