"""Calendars as programs write them: days without an end, exceptions in other forms, rules that count for nothing, broken events."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from test_ics import MARCH, read, starts, utc, vcalendar, vevent

from connectors.calendar import Busy, Window, busy_times
from connectors.formats import ics

BERLIN_START, BERLIN_END = "DTSTART;TZID=Europe/Berlin:20260303T110000", "DTEND;TZID=Europe/Berlin:20260303T113000"
MOVED = {"start": "DTSTART;TZID=Europe/Berlin:20260311T150000", "end": "DTEND;TZID=Europe/Berlin:20260311T153000"}
SPRING = Window(utc(1), utc(30, month=4))


def weekly(*lines: str, rule: str = "FREQ=WEEKLY;COUNT=3") -> str:
    return vevent(f"RRULE:{rule}", *lines, start=BERLIN_START, end=BERLIN_END)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("DTSTART;VALUE=DATE:20260310", "DTEND;VALUE=DATE:20260310"),
        ("DTSTART;VALUE=DATE:20260310", "DTEND;VALUE=DATE:20260309"),
        ("DTSTART;VALUE=DATE:20260310", "DURATION:P0D"),
        ("DTSTART;VALUE=DATE:20260310", "DURATION:PT0S"),
        ("DTSTART;VALUE=DATE:20260310", "DURATION:-P1D"),
        ("DTSTART;VALUE=DATE:20260310", ""),
        ("DTSTART:20260310", "DTEND:20260310"),
        ("DTSTART;VALUE=DATE:20260310", "DTEND:20260310T000000"),
        ("DTSTART;VALUE=DATE:20260310", "DTEND:20260310T170000"),
        ("DTSTART;VALUE=DATE:20260310", "DTEND;VALUE=DATE:20260311"),
    ],
)
def test_an_event_on_whole_days_takes_one_at_least(start: str, end: str) -> None:
    (event,) = read(start=start, end=end, zone="Europe/Berlin")
    assert (event.start, event.end, event.all_day) == (utc(9, 23), utc(10, 23), True)


def test_every_day_of_a_series_on_whole_days_is_taken() -> None:
    events = read("RRULE:FREQ=DAILY;COUNT=2", start="DTSTART;VALUE=DATE:20260310", end="DTEND;VALUE=DATE:20260310")
    assert busy_times(events, MARCH) == (Busy(utc(10), utc(12)),)


def test_midnights_that_outlook_marks_as_a_whole_day_are_one() -> None:
    (event,) = read(
        "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE", start="DTSTART:20260310T000000", end="DTEND:20260310T000000", zone="Europe/Berlin"
    )
    assert (event.start, event.end, event.all_day) == (utc(9, 23), utc(10, 23), True)


def test_a_time_that_ends_before_it_starts_takes_none() -> None:
    events = read("RRULE:FREQ=DAILY;COUNT=2", end="DTEND:20260310T090000Z")
    assert [(e.start, e.end) for e in events] == [(utc(10, 10), utc(10, 10)), (utc(11, 10), utc(11, 10))]


@pytest.mark.parametrize(
    "original",
    [
        ":20260310T100000Z",
        ";TZID=Europe/Berlin:20260310T110000",
        ";TZID=Asia/Tokyo:20260310T190000",
        ";TZID=Tokyo Standard Time:20260310T190000",
        ";VALUE=DATE:20260310",
        ":20260310",
        ":20260310T110000",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_moved_occurrence_is_the_same_however_it_is_named(original: str, first: bool) -> None:
    parts = [weekly(), vevent(f"RECURRENCE-ID{original}", **MOVED)]
    events = ics.read(vcalendar(*(reversed(parts) if first else parts)), MARCH, "America/New_York")
    assert [(e.start, e.occurrence) for e in events] == [
        (utc(3, 10), utc(3, 10).isoformat()),
        (utc(11, 14), utc(10, 10).isoformat()),
        (utc(17, 10), utc(17, 10).isoformat()),
    ]


@pytest.mark.parametrize(
    "left_out",
    [":20260310T100000Z", ";TZID=Pacific/Auckland:20260310T230000", ";VALUE=DATE:20260310", ":20260310", ":20260310T110000"],
)
def test_an_occurrence_is_left_out_however_it_is_named(left_out: str) -> None:
    assert starts(ics.read(vcalendar(weekly(f"EXDATE{left_out}")), MARCH, "Asia/Tokyo")) == [utc(3, 10), utc(17, 10)]


@pytest.mark.parametrize("original", ["20260310T000000", "20260309T230000Z", "20260310T000000Z", "20260310"])
def test_a_day_of_a_series_may_be_named_by_a_time(original: str) -> None:
    day = vevent("RRULE:FREQ=WEEKLY;COUNT=3", start="DTSTART;VALUE=DATE:20260303", end="")
    moved = vevent(f"RECURRENCE-ID:{original}", start="DTSTART;VALUE=DATE:20260312", end="")
    left_out = day.replace("END:VEVENT", f"EXDATE:{original}\r\nEND:VEVENT")
    assert starts(ics.read(vcalendar(day, moved), MARCH, "Europe/Berlin")) == [utc(2, 23), utc(11, 23), utc(16, 23)]
    assert starts(ics.read(vcalendar(left_out), MARCH, "Europe/Berlin")) == [utc(2, 23), utc(16, 23)]


@pytest.mark.parametrize(
    "until", ["20260317", "20260317T100000Z", "20260317T110000", "20260317T235959Z", "20260317T235959", "20260323T225959Z"]
)
def test_a_rule_ends_with_its_last_occurrence_in_whatever_form(until: str) -> None:
    assert starts(ics.read(vcalendar(weekly(rule=f"FREQ=WEEKLY;UNTIL={until}")), SPRING)) == [
        utc(3, 10),
        utc(10, 10),
        utc(17, 10),
    ]


@pytest.mark.parametrize("until", ["20260317T100000Z", "20260317T110000", "20260317"])
def test_a_rule_of_floating_times_ends_in_the_calendars_zone(until: str) -> None:
    text = vcalendar(vevent(f"RRULE:FREQ=WEEKLY;UNTIL={until}", start="DTSTART:20260303T110000", end="DURATION:PT1H"))
    assert starts(ics.read(text, SPRING, "Europe/Berlin")) == [utc(3, 10), utc(10, 10), utc(17, 10)]


@pytest.mark.parametrize("until", ["20260317", "20260317T000000Z", "20260316T230000Z", "20260317T000000"])
def test_a_rule_of_days_ends_with_its_last_day(until: str) -> None:
    text = vcalendar(vevent(f"RRULE:FREQ=WEEKLY;UNTIL={until}", start="DTSTART;VALUE=DATE:20260303", end=""))
    assert starts(ics.read(text, SPRING, "Europe/Berlin")) == [utc(2, 23), utc(9, 23), utc(16, 23)]


@pytest.mark.parametrize("rule", ["INTERVAL=0", "INTERVAL=-1", "COUNT=0", "COUNT=-1", "UNTIL=", "COUNT=99999999999999", ""])
def test_a_limit_that_counts_for_nothing_is_none(rule: str) -> None:
    """A step of none would take the library for ever."""
    events = ics.read(vcalendar(weekly(rule=f"FREQ=WEEKLY;{rule}")), Window(utc(1), utc(18)))
    assert starts(events) == [utc(3, 10), utc(10, 10), utc(17, 10)]


@pytest.mark.parametrize(
    "dates",
    [
        "RDATE:20260310T100000Z",
        "RDATE;TZID=Asia/Tokyo:20260310T190000",
        "RDATE;VALUE=DATE:20260310",
        "RDATE;VALUE=PERIOD:20260310T100000Z/PT30M",
        "RDATE;VALUE=PERIOD:20260310T100000Z/20260310T103000Z",
    ],
)
def test_a_further_occurrence_is_added_however_it_is_written(dates: str) -> None:
    events = ics.read(vcalendar(vevent(dates, start=BERLIN_START, end=BERLIN_END)), MARCH)
    assert [(e.start, e.end) for e in events] == [(utc(3, 10), utc(3, 10, 30)), (utc(10, 10), utc(10, 10, 30))]


@pytest.mark.parametrize("original", [":20260310T100000Z", ";TZID=Europe/Berlin:20260310T110000", ";VALUE=DATE:20260310"])
@pytest.mark.parametrize("written", ["THISANDFUTURE", "thisandfuture"])
def test_this_and_all_later_occurrences_move_on_the_clock_each_under_its_own_name(original: str, written: str) -> None:
    """Over the change to summer time: at 15:00 in Berlin before and after it (RFC 5545, 3.2.13)."""
    later = vevent(f"RECURRENCE-ID;RANGE={written}{original}", "SUMMARY:later", **MOVED)
    events = ics.read(vcalendar(weekly(rule="FREQ=WEEKLY;COUNT=6"), later), SPRING)
    assert [(e.start, e.summary) for e in events] == [
        (utc(3, 10), ""),
        (utc(11, 14), "later"),
        (utc(18, 14), "later"),
        (utc(25, 14), "later"),
        (utc(1, 13, month=4), "later"),
        (utc(8, 13, month=4), "later"),
    ]
    assert [e.occurrence for e in events] == [
        utc(*day).isoformat() for day in ((3, 10), (10, 10), (17, 10), (24, 10), (31, 9), (7, 9, 0, 4))
    ]


def test_this_and_all_later_occurrences_are_cancelled() -> None:
    later = vevent(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260310T100000Z", "STATUS:CANCELLED", start="DTSTART:20260310T100000Z", end=""
    )
    events = ics.read(vcalendar(weekly(), later), MARCH)
    assert [(e.start, e.status) for e in events] == [
        (utc(3, 10), "confirmed"),
        (utc(10, 10), "cancelled"),
        (utc(17, 10), "cancelled"),
    ]
    assert len({e.occurrence for e in events}) == 3


def test_this_and_all_later_occurrences_last_longer_until_they_change_again() -> None:
    longer = vevent("RECURRENCE-ID;RANGE=THISANDFUTURE:20260310T100000Z", start="DTSTART:20260310T100000Z", end="DURATION:PT3H")
    again = vevent("RECURRENCE-ID;RANGE=THISANDFUTURE:20260324T100000Z", start="DTSTART:20260324T120000Z", end="DURATION:PT1H")
    once = vevent("RECURRENCE-ID:20260317T100000Z", start="DTSTART:20260318T100000Z", end="DURATION:PT1H")
    events = ics.read(vcalendar(weekly(rule="FREQ=WEEKLY;COUNT=4"), longer, again, once), MARCH)
    assert [(e.start, e.end) for e in events] == [
        (utc(3, 10), utc(3, 10, 30)),
        (utc(10, 10), utc(10, 13)),
        (utc(18, 10), utc(18, 11)),
        (utc(24, 12), utc(24, 13)),
    ]


def test_whole_days_move_by_days() -> None:
    days = vevent("RRULE:FREQ=WEEKLY;COUNT=3", start="DTSTART;VALUE=DATE:20260303", end="")
    later = vevent("RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20260310", start="DTSTART;VALUE=DATE:20260312", end="")
    events = ics.read(vcalendar(days, later), MARCH)
    assert [(e.start, e.end, e.occurrence) for e in events] == [
        (utc(3), utc(4), utc(3).isoformat()),
        (utc(12), utc(13), utc(10).isoformat()),
        (utc(19), utc(20), utc(17).isoformat()),
    ]


@pytest.mark.parametrize(
    ("line", "busy"),
    [
        ("X-MICROSOFT-CDO-BUSYSTATUS:FREE", False),
        ("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", False),
        ("X-MICROSOFT-CDO-BUSYSTATUS:OOF", True),
        ("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", True),
        ("X-MICROSOFT-CDO-BUSYSTATUS:whatever", True),
        ("X-MICROSOFT-CDO-INTENDEDSTATUS:FREE", True),
        ("TRANSP:TRANSPARENT", False),
        ("TRANSP:OPAQUE", True),
    ],
)
def test_what_leaves_the_owner_free_is_not_busy(line: str, busy: bool) -> None:
    (event,) = read(line)
    assert event.busy is busy


@pytest.mark.parametrize(
    ("broken", "taken"),
    [
        (vevent("RRULE:FREQ=SOMETIMES", uid="bad"), [Busy(utc(10, 10), utc(10, 11))]),
        (vevent("RRULE:FREQ=WEEKLY;UNTIL=whenever", uid="bad"), [Busy(utc(10, 10), utc(10, 11))]),
        (vevent("RRULE:FREQ=SECONDLY", uid="bad"), [Busy(utc(10, 10), utc(10, 11))]),
        (vevent(uid="bad", end="DTEND:whenever"), [Busy(utc(10, 10), utc(10, 11))]),
        (vevent("EXDATE:whenever", uid="bad"), [Busy(utc(10, 10), utc(10, 11))]),
        (vevent("RRULE:FREQ=SOMETIMES", "TRANSP:TRANSPARENT", uid="bad"), []),
        (vevent(uid="bad", start="DTSTART:whenever"), []),
        (vevent(uid="bad", start=""), []),
        (vevent(uid="bad").removesuffix("\r\nEND:VEVENT"), [Busy(utc(10, 10), utc(10, 11))]),
        (vevent("BEGIN:NONSENSE", uid="bad"), [Busy(utc(10, 10), utc(10, 11))]),
    ],
)
def test_a_broken_event_costs_itself_and_is_busy_while_it_can_be_told(broken: str, taken: list[Busy]) -> None:
    events, unreadable, _ = ics.read_tolerantly(
        vcalendar(broken, vevent(uid="good", start="DTSTART:20260312T100000Z", end="DURATION:PT1H")), MARCH
    )
    assert [name for name, _ in unreadable] == ["bad"]
    assert [Busy(e.start, e.end) for e in events if e.uid != "good"] == taken
    assert all(e.private and e.busy and not e.summary for e in events if e.uid != "good")
    assert [e.start for e in events if e.uid == "good"] == [utc(12, 10)]


def test_the_beginning_of_a_file_is_not_taken_for_a_calendar_with_less_in_it() -> None:
    with pytest.raises(ValueError, match="only the beginning"):
        ics.read_tolerantly(vcalendar(vevent(), vevent(uid="two"))[:-60], MARCH)


@pytest.mark.parametrize("start", ["DTSTART:00010101T000000", "DTSTART:16010101T000000Z", "DTSTART;VALUE=DATE:00010101"])
def test_a_date_before_all_calendars_hurts_nobody(start: str) -> None:
    assert read(start=start, end="", zone="Asia/Tokyo") == ()


def test_the_last_working_day_of_each_month_is_found() -> None:
    events = read("RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", start="DTSTART:20250131T100000Z", end="DURATION:PT1H",
                  window=Window(utc(1), utc(1, month=6)))  # fmt: skip
    assert starts(events) == [utc(31, 10), utc(30, 10, month=4), utc(29, 10, month=5)]


def test_lines_that_were_folded_over_empty_ones_are_joined() -> None:
    (event,) = ics.read(vcalendar(vevent("SUMMARY:A lo\r\n\r\n ng title")), MARCH)
    assert event.summary == "A long title"


def test_an_event_without_a_calendar_around_it_is_read() -> None:
    assert starts(ics.read(vevent(), MARCH)) == [datetime(2026, 3, 10, 10, tzinfo=UTC)]


@pytest.mark.parametrize(
    "rule",
    ["FREQ=MONTHLY;BYDAY=0TH", "FREQ=YEARLY;BYDAY=4TH;BYMONTHDAY=24;BYMONTH=11", "FREQ=MONTHLY;INTERVAL=0;BYDAY=MO;BYMONTHDAY=1"],
)
def test_a_rule_that_means_nothing_ends(rule: str) -> None:
    """Libraries went on for ever with each of these."""
    text = vcalendar(vevent(f"RRULE:{rule}"), vevent(uid="good"))
    assert "good" in {e.uid for e in ics.read_tolerantly(text, MARCH).events}


def test_a_rule_that_ends_before_it_begins_has_no_occurrence() -> None:
    assert read("RRULE:FREQ=WEEKLY;UNTIL=20260301", start="DTSTART;VALUE=DATE:20260303", end="") == ()


@pytest.mark.parametrize(
    "line", ["CREATED:00001231T000000Z", "LAST-MODIFIED:never", "SEQUENCE:many", "ATTENDEE:", "GEO:;", "CLASS:"]
)
def test_what_is_no_time_may_be_invalid(line: str) -> None:
    assert starts(read(line)) == [utc(10, 10)]


def test_what_a_server_wrote_behind_the_calendar_is_not_read() -> None:
    assert starts(ics.read(f"{vcalendar(vevent())}<!DOCTYPE html>\n<html><body>500: error</body></html>", MARCH)) == [utc(10, 10)]
