"""Greetings and closings as they stand in sent mail."""

from __future__ import annotations

import pytest

from daemon.letters.habits import closings, greetings
from daemon.letters.habits.greetings import Greeted

KIM, RAJ = "kim@acme.example", "raj@acme.example"


@pytest.mark.parametrize(
    ("text", "greeting"),
    [
        ("Hi Kim,\n\nthe quote is attached.", "Hi Kim,"),
        ("Hi Kim, the quote is attached.", "Hi Kim,"),
        ("Hi Kim. The quote is attached.", "Hi Kim,"),
        ("Hey Kim!\nDone.", "Hey Kim!"),
        ("hi kim,\ndone.", "hi kim,"),
        ("Hallo Anja\n\nalles klar.", "Hallo Anja"),
        ("Guten Tag Herr Dornier,\n\nja.", "Guten Tag Herr Dornier,"),
        ("Sehr geehrte Frau Dr. Vogt,\nja.", "Sehr geehrte Frau Dr. Vogt,"),
        ("Lieber Herr von der Heide,\nja.", "Lieber Herr von der Heide,"),
        ("Dear Dr. Anja Vogt\nyes.", "Dear Dr. Anja Vogt"),
        ("Dear Mr. O'Neill:\nyes.", "Dear Mr. O'Neill,"),
        ("Hello Jean-Luc,\nyes.", "Hello Jean-Luc,"),
        ("Sehr geehrte Frau Vogt, sehr geehrter Herr Dornier,\n\nja.", "Sehr geehrte Frau Vogt, sehr geehrter Herr Dornier,"),
        ("Hi all,\nyes.", "Hi all,"),
        ("Hallo zusammen,\nja.", "Hallo zusammen,"),
        ("Kim,\n\nyes.", "Kim,"),
        ("Kim: yes.", "Kim,"),
        ("Hello Kim-- yes.", "Hello Kim,"),
        ("Good morning Kim,\nyes.", "Hello Kim,"),
        ("Morning Kim, 6 boxes are booked.", "Hi Kim,"),
        ("Guten Morgen Herr Dornier,\nja.", "Guten Tag Herr Dornier,"),
        ("Hi Kim the quote is attached.", None),
        ("Glad to hear it! The kit is in the post.", None),
        ("Thank you Raj. Confirmed.", None),
        ("Yes to both.", None),
        ("", None),
    ],
)
def test_a_greeting_is_read_off_the_top_of_a_mail(text: str, greeting: str | None) -> None:
    found = greetings.read(text)
    assert (found.text if found else None) == greeting


def sent(*texts: str, to: frozenset[str] = frozenset({KIM})) -> list[Greeted]:
    return [Greeted(text, to) for text in texts]


def test_the_most_used_greeting_counts_and_of_equals_the_latest() -> None:
    assert greetings.habit(sent("Hello Kim,\nx", "Hi Kim,\nx", "Hi Kim,\nx"), KIM, "Kim Lane", frozenset({KIM})) == "Hi Kim,"
    assert greetings.habit(sent("Hello Kim,\nx", "Hi Kim,\nx"), KIM, "Kim Lane", frozenset({KIM})) == "Hello Kim,"


def test_a_greeting_to_several_or_to_somebody_else_is_not_taken_for_one_person() -> None:
    assert greetings.habit(sent("Hi all,\nx", "Hi Raj,\nx"), KIM, "Kim Lane", frozenset({KIM})) is None
    assert greetings.habit(sent("Thanks, that helps.", "Perfect, done."), KIM, "Kim Lane", frozenset({KIM})) is None


def test_a_nickname_is_taken_once_it_is_used_again() -> None:
    assert greetings.habit(sent("Hi Kimmy,\nx"), KIM, "Kim Lane", frozenset({KIM})) is None
    assert greetings.habit(sent("Hi Kimmy,\nx", "Hi Kimmy,\nx"), KIM, "Kim Lane", frozenset({KIM})) == "Hi Kimmy,"


def test_a_greeting_to_two_is_not_taken_for_three() -> None:
    both = frozenset({KIM, RAJ})
    assert greetings.habit(sent("Hi both,\nx", to=both), RAJ, "Raj Patel", both) == "Hi both,"
    assert greetings.habit(sent("Hi both,\nx", to=both), RAJ, "Raj Patel", both | {"sam@acme.example"}) is None


@pytest.mark.parametrize(
    ("text", "closing"),
    [
        ("Hi Kim,\n\nyes.\n\nBest\nDana", "Best\nDana"),
        ("Hi Kim,\n\nyes.\n\nDana", "Dana"),
        ("Hi Kim,\n\nyes.\n\nDR", "DR"),
        ("Hi Kim,\n\nyes.\n\n- Dana Reyes", "- Dana Reyes"),
        ("Hallo Anja,\n\nja.\n\nViele Grüße aus Leeds\nDana", "Viele Grüße aus Leeds\nDana"),
        (
            "Hallo Anja,\n\nja.\n\nMit freundlichen Grüßen\n\nDana Reyes\nVertrieb",
            "Mit freundlichen Grüßen\n\nDana Reyes\nVertrieb",
        ),
        ("Hi Kim,\n\nyes.\n\nBest,\nDana\n\nPS: the lids are in.", "Best,\nDana\n"),
        ("Hi Kim,\n\nyes.\n\nDana\n\nSent from my iPhone", "Dana\n"),
        ("Hi Kim,\n\nyes.\n\n--\nDana Reyes | Northwind", "--\nDana Reyes | Northwind"),
        ("Hi Kim,\n\nyes, that works.", None),
        ("Dana", None),
        ("Hi Kim,\n\nyes.\n\n________________\nJoin our group", None),
    ],
)
def test_a_closing_is_read_off_the_end_of_a_mail(text: str, closing: str | None) -> None:
    found = closings.read(text, "Dana Reyes")
    assert (found.strip() if found else None) == (closing.strip() if closing else None)


def test_a_formal_greeting_goes_with_more_than_a_name_unless_the_user_closes_so_with_them() -> None:
    bare, best = "Hi Kim,\nyes.\nDana", "Hi Kim,\nyes.\nBest\nDana"
    assert closings.habit([], [bare, bare, best], "Dana Reyes", formal=True) == "Best\nDana"
    assert closings.habit([], [bare, bare], "Dana Reyes", formal=True) is None
    assert closings.habit([bare, bare], [bare, best], "Dana Reyes", formal=True) == "Dana"


def test_a_greeting_to_two_by_name_is_not_taken_for_one() -> None:
    assert greetings.habit(sent("Hallo Anja, hallo Kim,\nja."), KIM, "Kim Lane", frozenset({KIM})) is None


def test_a_closing_is_the_one_most_used_of_late_and_thanks_only_where_there_is_no_other() -> None:
    thanks, best = "Hi Kim,\nyes.\nThanks\nDana", "Hi Kim,\nyes.\nBest\nDana"
    assert closings.habit([thanks, thanks, best], [], "Dana Reyes") == "Best\nDana"
    assert closings.habit([thanks, thanks], [], "Dana Reyes") == "Thanks\nDana"
    assert closings.habit([], [best, best, thanks], "Dana Reyes") == "Best\nDana"
    assert closings.habit([], [], "Dana Reyes") is None
