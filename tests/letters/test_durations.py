"""Durations and working hours in words: people read what the configuration says, in the unit in which it says it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from invented import DANA

from daemon.analysis.feasibility import in_minutes
from daemon.config.values import duration_text
from daemon.core.hours import parse_allowance
from daemon.glossary.charter import Interval
from daemon.letters import phrases
from daemon.letters.charter_page import working_hours

IN_WORDS = {
    "2h": "2 working hours",
    "90m": "90 working minutes",
    "1 day": "1 working day",
    "2 clock hours": "2 clock hours",
    "90 clock minutes": "90 clock minutes",
    "1 clock day": "24 clock hours",
    "1 week": "1 week",
    "6 weeks": "6 weeks",
    "3 months": "3 months",
    "1 year": "12 months",
}
DAY = 8.5 * 60  # minutes of a working day of 09:00 to 17:30
FULL, MORNING = (Interval(time(9), time(17, 30)),), (Interval(time(9), time(13)),)
SPLIT = (Interval(time(9), time(12)), Interval(time(13), time(17, 30)))


@pytest.mark.parametrize(("written", "words"), IN_WORDS.items())
def test_people_read_the_unit_that_the_configuration_names(written: str, words: str) -> None:
    assert phrases.allowance(parse_allowance(written)) == words


@pytest.mark.parametrize("written", IN_WORDS)
def test_a_duration_is_written_back_as_the_same_duration(written: str) -> None:
    assert parse_allowance(duration_text(parse_allowance(written))) == parse_allowance(written)


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("30m", 30),
        ("2h", 120),
        ("2 days", 2 * DAY),
        ("2 clock hours", 120),
        ("12 clock hours", DAY),
        ("7 clock days", 5 * DAY),
        ("1 week", 5 * DAY),
        ("12 months", 365 / 7 * 5 * DAY),
    ],
)
def test_every_unit_is_compared_with_answers_in_business_minutes(written: str, minutes: float) -> None:
    working = replace(DANA.hours, week=(FULL,) * 5 + ((), ()))
    assert in_minutes(parse_allowance(written), working) == pytest.approx(minutes)


@pytest.mark.parametrize(
    ("week", "words"),
    [
        ((FULL,) * 5 + ((), ()), "Mon to Fri, 09:00 to 17:30"),
        ((FULL, (), FULL, (), FULL, (), ()), "Mon, Wed and Fri, 09:00 to 17:30"),
        ((FULL, FULL, (), (), FULL, (), ()), "Mon, Tue and Fri, 09:00 to 17:30"),
        ((FULL, FULL, FULL, FULL, MORNING, (), ()), "Mon to Thu, 09:00 to 17:30; Fri, 09:00 to 13:00"),
        ((SPLIT,) * 5 + ((), ()), "Mon to Fri, 09:00 to 12:00 and 13:00 to 17:30"),
        (((Interval(time(), time.max),),) * 7, "Mon to Sun, 00:00 to 24:00"),
    ],
)
def test_a_client_reads_the_days_and_hours_that_are_worked(week: tuple[tuple[Interval, ...], ...], words: str) -> None:
    account = replace(DANA, hours=replace(DANA.hours, week=week))
    assert working_hours(account) == f"{words} ({DANA.hours.zone})"
