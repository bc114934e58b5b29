"""Plain series are expanded without the library, and must come out as the library has them; a calendar of series stays bounded."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from contracts.calendar_contract import vcalendar
from hypothesis import assume, given
from hypothesis import strategies as st

from connectors.calendar import Event, Window
from connectors.formats import ics, recurrence

YEAR = Window(datetime(2025, 9, 3, 11, 30, tzinfo=UTC), datetime(2026, 8, 29, 11, 30, tzinfo=UTC))
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=DAILY;COUNT=40",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
    "FREQ=WEEKLY;WKST=SU;INTERVAL=2;BYDAY=SU,MO",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=YEARLY",
    "FREQ=HOURLY;INTERVAL=5",
    "FREQ=DAILY;BYHOUR=9,14",
)


@st.composite
def series(draw: st.DrawFn) -> str:
    """One series as text: any zone, whole days or times, with an end and left out days or without."""
    start = datetime(2024, 1, 1) + timedelta(days=draw(st.integers(0, 900)), minutes=30 * draw(st.integers(0, 47)))  # noqa: DTZ001
    rule, zone = draw(st.sampled_from(RULES)), draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Z", "", "day"]))
    whole = zone == "day"
    form = f"{start:%Y%m%d}" if whole else f"{start:%Y%m%dT%H%M%S}" + ("Z" if zone == "Z" else "")
    parameters = ";VALUE=DATE" if whole else f";TZID={zone}" if "/" in zone else ""
    lines = ["UID:s", "DTSTAMP:20240101T000000Z", f"DTSTART{parameters}:{form}", "SUMMARY:Standup", "SEQUENCE:3"]
    length = draw(st.sampled_from(["", "DURATION:P2D"] if whole else ["", "DURATION:PT45M", "DURATION:P1DT2H"]))
    ends = start + timedelta(days=draw(st.integers(0, 900)))
    until = draw(st.sampled_from(["", f"{ends:%Y%m%d}" if whole else f"{ends:%Y%m%dT%H%M%SZ}"]))
    lines += [length] if length else []
    lines.append(f"RRULE:{rule};UNTIL={until}" if until and "COUNT" not in rule else f"RRULE:{rule}")
    if draw(st.booleans()):
        left_out = start + timedelta(days=draw(st.integers(0, 700)))
        lines.append(f"EXDATE{parameters}:{left_out:%Y%m%d}" if whole else f"EXDATE{parameters}:{left_out:%Y%m%dT%H%M%S}")
    return vcalendar("\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT")))


def read(text: str, zone: str) -> tuple[tuple[Event, ...], tuple[tuple[str, str], ...]]:
    file = ics.read_tolerantly(text, YEAR, zone)
    return file.events, file.unreadable


@given(text=series(), home=st.sampled_from(["Europe/London", "UTC"]))
def test_a_plain_series_comes_out_as_the_library_expands_it(text: str, home: str) -> None:
    # Of a series with several times a day the library leaves out more than the EXDATE's one moment (RFC 5545, 3.8.5.1): the whole day
    # for one at midnight, and for one at 07:00 in Berlin also what begins at 07:00 in UTC.
    assume("EXDATE" not in text or re.search("HOURLY|BYHOUR", text) is None)
    plain = read(text, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recurrence, "plain_starts", lambda *_: None)
        assert read(text, home) == plain


def test_of_several_times_a_day_an_exception_leaves_out_its_one_moment() -> None:
    lines = (
        "UID:s",
        "DTSTAMP:20240101T000000Z",
        "DTSTART;TZID=Europe/Berlin:20250904T070000",
        "SUMMARY:Standup",
        "RRULE:FREQ=DAILY;BYHOUR=9,14",
        "EXDATE;TZID=Europe/Berlin:20250904T070000",
    )
    events, _ = read(vcalendar("\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT"))), "Europe/London")
    assert [f"{e.start:%d %H:%M}" for e in events[:3]] == ["04 07:00", "04 12:00", "05 07:00"]


def test_a_calendar_of_series_stays_bounded_and_names_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recurrence, "CALENDAR_CAP", 1000)
    daily = [
        f"BEGIN:VEVENT\r\nUID:s{n}\r\nDTSTART:20260101T{n:02d}0000Z\r\nDURATION:PT30M\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT"
        for n in range(10)
    ]
    once = "BEGIN:VEVENT\r\nUID:once\r\nDTSTART:20260310T090000Z\r\nDURATION:PT30M\r\nEND:VEVENT"
    events, unreadable, uids = ics.read_tolerantly(vcalendar(*daily, once), YEAR, most=1000)
    assert len(events) < 1300
    assert {reason for _, reason in unreadable} == {"the calendar repeats more meetings than Kept reads"}
    assert ("once" in {e.uid for e in events}, set(uids) >= {"once", *(f"s{n}" for n in range(10))}) == (True, True)


def test_five_thousand_daily_series_take_little_memory(tmp_path: Path) -> None:
    """In a process of its own, whose peak memory the system tells."""
    for number in range(5000):
        event = f"BEGIN:VEVENT\nUID:s{number}\nDTSTART;TZID=Europe/Berlin:20260101T{number % 24:02d}0000\nRRULE:FREQ=DAILY\nEND:VEVENT"
        (tmp_path / f"{number}.ics").write_text(vcalendar(event))
    script = (
        "import re, sys\nfrom datetime import UTC, datetime\nfrom connectors import open_calendar\n"
        "from connectors.calendar import Window\n"
        "window = Window(datetime(2025, 9, 3, tzinfo=UTC), datetime(2026, 8, 29, tzinfo=UTC))\n"
        "(batch,) = open_calendar('ics', {'path': sys.argv[1]}).poll(None, window)\n"
        # The peak of this process alone: ru_maxrss counts what its parent had when it was forked.
        "peak = int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) // 1024\n"
        "print(len(batch.events), len(batch.unreadable), peak)\n"
    )
    printed = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True).stdout
    events, unreadable, megabytes = map(int, printed.split())
    assert (events >= recurrence.CALENDAR_CAP, unreadable > 0) == (True, True)
    assert megabytes < 100


def test_a_series_of_days_at_hours_is_expanded_by_the_library() -> None:
    event = "BEGIN:VEVENT\r\nUID:s\r\nDTSTART;VALUE=DATE:20260301\r\nRRULE:FREQ=DAILY;COUNT=4;BYHOUR=9,14\r\nEND:VEVENT"
    plain = read(vcalendar(event), "Europe/London")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recurrence, "plain_starts", lambda *_: None)
        assert read(vcalendar(event), "Europe/London") == plain
