"""No calendar costs more than a moment for its length, whatever is repeated in it; what is read of it stays what it was."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import probes
import pytest
from cost import measured
from test_ics import MARCH, starts, utc, vcalendar, vevent

from connectors.calendar import Window
from connectors.formats import ics, zones

MOST = 25  # units of `cost`: a quarter of a second of 2024; the worst took minutes, or for ever
GROWTH = 7  # times, for four times as much
LONG = 30_000  # characters
ZONE = "BEGIN:VTIMEZONE\r\nTZID:{name}\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n{rule}END:STANDARD\r\nEND:VTIMEZONE"
NEVER = "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\n"
FOREVER = "RRULE:FREQ=DAILY"


def units(text: str) -> float:
    """Return what reading a calendar costs; a ValueError at worst."""

    def work() -> None:
        try:
            ics.read_tolerantly(text, MARCH)
        except ValueError:
            return

    return measured(work, MOST).units


def repeated() -> Iterator[str]:
    """Yield what the patterns of the formats match or repeat, and every way to end a line."""
    rng = random.Random(5)
    for pattern in probes.patterns("connectors.formats").values():
        yield from probes.texts(pattern, rng, 1)
    yield from (
        "\r\r\n",
        "\r\n",
        "\n\r",
        "\r\n\r\n ",
        "\r\n x",
        "\r\n\t",
        "\n",
        "\r",
        "\x0b",
        "\u2028",
        ";",
        ";a=b",
        '"',
        ",",
        "\\n",
    )


@pytest.mark.parametrize("before", ["DESCRIPTION:", "DESCRIPTION;x=", "RRULE:FREQ=DAILY", "EXDATE:", "DTSTART;TZID=", ""])
def test_nothing_repeated_in_a_property_costs_more_than_a_moment(before: str) -> None:
    texts = (
        (unit, vcalendar(vevent(before + (unit * (LONG // len(unit) + 1))[:LONG] + "x"))) for unit in dict.fromkeys(repeated())
    )
    costly = [(cost, unit) for unit, text in texts if (cost := units(text)) >= MOST]
    assert [f"{cost:.0f} units for {unit!r}" for cost, unit in costly] == []


@pytest.mark.parametrize(
    "events",
    [
        [vevent(*(f"ATTENDEE;CN=Kim {n}:mailto:kim{n}@acme.example" for n in range(9000)))],
        [vevent("DESCRIPTION:" + "I will send it by Friday. " * 90_000)],
        [vevent(*(f"X-{n}:" + "a" * 9000 for n in range(300)))],
        [vevent(FOREVER, *(f"EXDATE:{utc(1) + timedelta(days=n):%Y%m%dT%H%M%SZ}" for n in range(1500)))],
        [vevent("BEGIN:VEVENT\r\n" * 9000)],
        [vevent("x\r\n" * 20_000)],
        [vevent("DTSTART:x\r\n" * 20_000)],
        [vevent("END:VALARM\r\n" * 20_000)],
        [*(ZONE.format(name=f"z{n}", rule=NEVER) for n in range(200)), vevent()],
    ],
    ids=["people", "words", "properties", "days left out", "beginnings", "lines", "starts", "ends", "zones that no event is in"],
)
def test_much_of_one_thing_costs_no_more_than_a_moment(events: list[str]) -> None:
    assert units(vcalendar(*events)) < MOST


def test_unknown_zones_are_not_looked_for_on_the_disk_one_by_one() -> None:
    zones.find.cache_clear()
    assert measured(lambda: [zones.find(f"Some/Where/Else {n}") for n in range(300)], MOST).units < MOST


def test_four_times_as_many_changes_to_all_later_meetings_cost_about_four_times_as_much() -> None:
    year = Window(utc(1), utc(1) + timedelta(days=400))

    def read(count: int) -> None:
        days = [utc(1, 10) + timedelta(days=n) for n in range(count)]
        moved = (
            vevent(
                f"RECURRENCE-ID;RANGE=THISANDFUTURE:{day:%Y%m%dT%H%M%SZ}",
                start=f"DTSTART:{day:%Y%m%dT11%M%SZ}",
                end="DURATION:PT1H",
            )
            for day in days
        )
        ics.read_tolerantly(vcalendar(vevent(f"{FOREVER};COUNT={count}", start="DTSTART:20260301T100000Z"), *moved), year)

    few = measured(lambda: read(100), 0).units
    assert measured(lambda: read(400), GROWTH * few).units < GROWTH * few


def test_days_left_out_on_many_lines_are_left_out_whatever_form_they_are_in() -> None:
    event = vevent(
        "RRULE:FREQ=DAILY;COUNT=6",
        "EXDATE:20260303T100000Z",
        "EXDATE;TZID=Europe/Berlin:20260304T110000",
        "EXDATE:20260305T100000Z,20260306T100000Z",
        start="DTSTART:20260302T100000Z",
        end="DURATION:PT1H",
    )
    assert [start.day for start in starts(ics.read(vcalendar(event), MARCH))] == [2, 7]


def test_the_people_and_the_times_behind_a_very_long_text_are_read() -> None:
    event = vevent(
        "X-ALT-DESC:" + "a" * 200_000, "ATTENDEE:mailto:kim@acme.example", start="DTSTART:20260302T100000Z", end="DURATION:PT2H"
    )
    (read,) = ics.read(vcalendar(event), MARCH)
    assert ([a.email for a in read.attendees], read.end) == (["kim@acme.example"], utc(2, 12))


@pytest.mark.parametrize("start", ["DTSTART:99991231T235959Z", "DTSTART;VALUE=DATE:99991231", "DTSTART:99991231T230000"])
@pytest.mark.parametrize("rule", ["RRULE:FREQ=SECONDLY", "RRULE:FREQ=WEEKLY;BYDAY=99MO", "RDATE:x"])
def test_a_broken_series_at_the_end_of_all_time_costs_no_other_event(start: str, rule: str) -> None:
    other = vevent(start="DTSTART:20260302T100000Z", end="DURATION:PT1H", uid="other")
    read = ics.read_tolerantly(vcalendar(vevent(rule, start=start, end=""), other), MARCH)
    assert [event.uid for event in read.events] == ["other"]
