"""No text costs more than a moment: its cost grows with its length and no faster, whatever is repeated in it.

The texts are made from the reader's own patterns (`probes`), so that a new pattern brings its own.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Sequence
from typing import Any

import probes
import pytest
from cost import measured
from reading_helpers import message

from daemon import reading

SHORT, LONG = 8 * 1024, 32 * 1024  # characters; four times as much may cost four times as much
GROWTH = 7.0
LONGEST = 64 * 1024  # characters of a text that are read
MOST = 25  # units of `cost` for a text of that length: a quarter of a second of 2024
ATTEMPTS = 8
CONTEXTS: tuple[dict[str, Any], ...] = (
    {},
    {"direction": "sent", "sender": "dana@northwind.example", "to": ("kim@acme.example",), "addressee_names": ("Dana Reyes",)},
    {"subject": "Missed call from +44 20 7946 0018", "sender": "voice@pbx.example"},
)


def units() -> list[str]:
    """Return what is repeated: texts of every pattern, alone and on lines of their own, in an order that no pattern decides."""
    rng = random.Random(11)
    held = probes.patterns("daemon.reading")
    found = [text for pattern in held.values() for text in probes.texts(pattern, rng)]
    joined = [f"{text}{end}" for text in (*found, *probes.GENERAL) for end in ("", " ", "\n", "\n\n", ". ")]
    rng.shuffle(joined)
    return list(dict.fromkeys(joined))


def read(unit: str, length: int, context: int) -> Callable[[], object]:
    mail = message((unit * (length // len(unit) + 1))[:length], **CONTEXTS[context % len(CONTEXTS)])
    return lambda: reading.read(mail)


def seconds(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


def growth(short: Callable[[], object], long: Callable[[], object], most: float) -> float:
    """Return how many times as much the long one costs, by the quickest attempts; no more attempts than it takes to be below `most`."""
    quick, slow = float("inf"), float("inf")
    for _ in range(ATTEMPTS):
        quick, slow = min(quick, seconds(short)), min(slow, seconds(long))
        if slow < most * quick:
            break
    return slow / quick


def too_steep(some: Sequence[str]) -> list[str]:
    """Return those that cost more than `GROWTH` times as much where they are repeated four times as often."""
    found = [(growth(read(unit, SHORT, n), read(unit, LONG, n), GROWTH), unit) for n, unit in enumerate(some)]
    return [f"{times:.1f} times for {unit!r}" for times, unit in found if times >= GROWTH]


def test_four_times_the_text_costs_about_four_times_as_much_whatever_the_patterns_repeat(everything: bool) -> None:
    assert too_steep(units()[: None if everything else 60]) == []


def test_the_longest_text_costs_no_more_than_a_moment_whatever_the_patterns_repeat(everything: bool) -> None:
    some = units()[60:] if everything else units()[60:120]
    costly = [(measured(read(unit, LONGEST, n), MOST).units, unit) for n, unit in enumerate(some)]
    assert [f"{cost:.0f} units for {unit!r}" for cost, unit in costly if cost >= MOST] == []


@pytest.mark.parametrize(
    "unit",
    ["\n", " \n", "\t", "\xa0 ", "Best regards\n", "\n\n \t", "- \n", "_ ", "> ", ">>>>", "--------------------\n", "\u0301"],
)
def test_what_stood_still_for_a_minute_is_read_in_a_moment(unit: str) -> None:
    """Each of these took the square of its length: the gap in a phone system's notice, a rule, a closing formula, marks."""
    for subject in ("Missed call", "Quote"):
        text = f"Missed call {(unit * LONGEST)[:LONGEST]}"
        mail = message(text, subject=subject, sender="voice@pbx.example", earlier=(text[: 8 * 1024],))
        assert measured(lambda mail=mail: (reading.read(mail), reading.call_notice(mail)), MOST).units < MOST  # type: ignore[misc]


def test_a_line_of_marks_below_a_quote_is_read_in_a_moment() -> None:
    """It took the square of its length where it may begin a signature."""
    mail = message(f">aaa\n x{' &&&&&&&&&' * 300}")
    assert measured(lambda: reading.read(mail), MOST).units < MOST


def test_the_measurement_finds_a_pattern_that_takes_the_square() -> None:
    steep = re.compile(r"\s+$")
    assert growth(lambda: steep.search(" " * 2000 + "."), lambda: steep.search(" " * 8000 + "."), GROWTH) > GROWTH


def test_every_table_of_rules_is_among_the_patterns_that_are_tried() -> None:
    held = probes.patterns("daemon.reading")
    assert len(held) > 300
    assert any("ENGLISH.promises" in place for place in held)
    assert any("GERMAN.requests" in place for place in held)
