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
from daemon.reading.languages.proposal_words import ROWS, compiled

LONGEST = 240  # characters of a pattern as it is written
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


def test_of_all_phrasings_most_are_read_right_and_hardly_any_wrong() -> None:
    every = [case for name in ("", "_unseen", "_later", "_last") for case in cases(f"proposed_times{name}.yaml")]
    read_as = [(set(meant(case)), {str(time) for time in case["means"]}) for case in every]
    right, wrong = sum(got == means for got, means in read_as), sum(not got <= means for got, means in read_as)
    assert right >= 0.95 * len(every)
    assert wrong <= 0.02 * len(every)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[2]}")
def test_words_are_short_and_found_in_their_example_alone(row: tuple[str, ...]) -> None:
    name, written, example, look_alike = row
    assert len(written) <= LONGEST, name
    assert compiled(written).search(lower(example))
    assert not compiled(written).search(lower(look_alike))


def lower(example: str) -> str:
    """An example as the patterns see it."""
    return example.lower().replace("time", "TIME") if "TIME" in example else example.lower()


@pytest.mark.parametrize(
    "unit", ["1, ", "1 or ", "at 1 or ", "monday or ", "the 1st, ", "1:00 to ", "between 2 and ", "can you ", "would "]
)
def test_a_mail_that_repeats_itself_takes_no_time(unit: str) -> None:
    text = "\n\n".join([f"{(unit * 200)[:390]}?"] * 20)
    started = time.perf_counter()
    meant({"text": text, "language": "english"})
    assert time.perf_counter() - started < 2
