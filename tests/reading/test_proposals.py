"""Proposed times: the phrasings that were written down before anything read them, each with what it means on the reader's clock."""

from __future__ import annotations

import time
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from daemon.reading import ProposedTime, ReaderInput, TimeContext, proposed_times, read
from daemon.reading.languages.proposal_words import CUE_WORDS

FOLDER = Path(__file__).parent


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of a file, each with its language."""
    by_language = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return [{**case, "language": language} for language, several in by_language.items() for case in several]


def meant(case: dict[str, Any]) -> list[str]:
    """What is read, written as in the file."""
    home = "Europe/Berlin" if case["language"] == "german" else "Europe/London"
    zone = case.get("zone", home)
    written = datetime.fromisoformat(case.get("written", "2026-03-03 15:05")).replace(tzinfo=ZoneInfo(zone))
    message = ReaderInput(
        "received",
        "kim@acme.example",
        ("dana@northwind.example",),
        (),
        written,
        "Hello",
        case["text"],
        user=("dana@northwind.example",),
        time_context=TimeContext(time_zone=zone),
    )
    text = read(message).new_text
    day = date.fromisoformat(case["day"]) if "day" in case else None
    reader = case.get("reader", home)
    unquoted = ReaderInput(**{name: getattr(message, name) for name in ReaderInput.__slots__} | {"text": text})
    return [shown(time, ZoneInfo(reader)) for time in proposed_times(unquoted, reader, day).times]


def shown(time: ProposedTime, zone: ZoneInfo) -> str:
    """A proposed time as in the file."""
    start = time.start.astimezone(zone)
    if time.end is None:
        return f"{start:%Y-%m-%d %H:%M}"
    end = time.end.astimezone(zone)
    return (
        f"{start:%Y-%m-%d %H:%M}..{end:%H:%M}" if start.date() == end.date() else f"{start:%Y-%m-%d %H:%M}..{end:%Y-%m-%d %H:%M}"
    )


@pytest.mark.parametrize(
    "case", [*cases("proposed_times.yaml"), *cases("proposed_times_days.yaml")], ids=lambda case: case["text"][:50]
)
def test_proposed_times_are_read_as_meant(case: dict[str, Any]) -> None:
    assert meant(case) == [str(time) for time in case["means"]]


def test_of_all_phrasings_most_are_read_right_and_none_wrong() -> None:
    every = [case for path in FOLDER.glob("proposed_times*.yaml") for case in cases(path.name)]
    read_as = [(set(meant(case)), {str(time) for time in case["means"]}, case["text"]) for case in every]
    assert sum(got == means for got, means, _ in read_as) >= 0.95 * len(every)
    assert [text for got, means, text in read_as if not got <= means] == []


@pytest.mark.parametrize(
    "text",
    [
        "Could we speak tomorrow at 5pm IST?",
        "Can we talk on Thursday at 10 or 12 hundred?",
        "Any time before that on Thursday works.",
        "Could we do Thursday at 10, or the following week?",
        "Would Thursday between 2 and half past suit?",
        "Are you free for breakfast on Thursday?",
        "Thursday at the same time works for us.",
        "Could we meet on the Monday after Easter?",
        "Any day next week bar Wednesday would suit us.",
        "I am free on 16, 17 or 18th.",
        "Would Tuesday 12 March at 10 work?",
    ],
)
def test_nothing_is_read_where_a_word_near_a_time_is_not_understood(text: str) -> None:
    assert meant({"text": text, "language": "english"}) == []


@pytest.mark.parametrize(("language", "name"), [(code, name) for code, cues in CUE_WORDS.items() for name in cues])
def test_no_word_stands_twice_in_a_list(language: str, name: str) -> None:
    words = CUE_WORDS[language][name].split(", ")
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize(
    "unit",
    [
        "1, ",
        "1 or ",
        "at 1 or ",
        "monday or ",
        "the 1st, ",
        "1:00 to ",
        "between 2 and ",
        "can you ",
        "would ",
        "make it 1? ",
        "we set ",
        "a,,,, ",
    ],
)
def test_a_mail_that_repeats_itself_takes_no_time(unit: str) -> None:
    text = "\n\n".join([f"{(unit * 200)[:390]}?"] * 20)
    started = time.perf_counter()
    meant({"text": text, "language": "english"})
    assert time.perf_counter() - started < 2
