"""What a digest says of its sources and of mail that may be forged: few lines, what is dangerous on top, what is odd at the end."""

from __future__ import annotations

from dataclasses import replace

import invented
import pytest
from digest_letter import flat, write
from invented import at

from connectors.mail import Address
from daemon.glossary.assessments import Bucket, HeldBack, Placement


def test_of_many_warnings_of_a_source_a_few_are_told_and_the_others_counted() -> None:
    source = replace(invented.everything_read()[0], warnings=tuple(f"the folder {n} could not be read" for n in range(20)))
    text = flat(write((), coverage=[source]))
    assert text.count("could not be read") == 2
    assert "18 further warnings of this kind; kept status lists them all." in text


@pytest.mark.parametrize(
    ("many", "said"),
    [
        (1, "mail imap.northwind.example: email 0 has a date that cannot be right."),
        (20, "20 notices from reading your mail, such as dates that cannot be right: kept status lists them."),
    ],
)
def test_what_was_odd_about_mail_is_one_line_below_everything_else(many: int, said: str) -> None:
    notices = tuple((invented.NOW, f"email {n} has a date that cannot be right") for n in range(many))
    source = replace(invented.everything_read()[0], notices=notices)
    text = flat(write(invented.busy_morning(), coverage=[source]))
    assert text.index("OVERDUE") < text.index(said)
    assert text.count("cannot be right") == 1


@pytest.mark.parametrize(("reason", "warned"), [("forged", True), ("newsletter", False)])
def test_mail_whose_sender_may_be_forged_is_warned_of_above_everything_else(reason: str, warned: bool) -> None:
    held = HeldBack(
        "h", "Acme Ltd", Address("kim@acme.example", name="Kim Lane"), "New bank details", "it failed authentication", reason
    )
    placement = Placement("<x@acme.example>", at("03-03 15:00"), Bucket.HELD_BACK, "a rule", held=held)
    text = flat(write(invented.assessed(balance=(placement,))))
    assert (
        "An email in the name of Kim Lane may be forged (“New bank details”, yesterday 15:00): call them before" in text
    ) is warned
