"""Time zones that a calendar file defines: its rules say what its names mean (RFC 5545, 3.2.19 and 3.6.5)."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from test_ics import starts, vcalendar, vevent

from connectors.calendar import Window
from connectors.formats import ics, vtimezones, zones

JULY = Window(datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC))
JANUARY = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
EUROPE = (("BYDAY=-1SU;BYMONTH=10", "1025"), ("BYDAY=-1SU;BYMONTH=3", "0329"))


def zone(name: str, standard: str, summer: str, began: str = "1970") -> str:
    """A zone with European summer time; with both offsets alike it has none."""
    (autumn, october), (spring, march) = EUROPE
    return "\r\n".join((
        "BEGIN:VTIMEZONE", f"TZID:{name}",
        "BEGIN:STANDARD", f"DTSTART:{began}{october}T020000", f"TZOFFSETFROM:{summer}", f"TZOFFSETTO:{standard}",
        f"RRULE:FREQ=YEARLY;{autumn}", "END:STANDARD",
        "BEGIN:DAYLIGHT", f"DTSTART:{began}{march}T010000", f"TZOFFSETFROM:{standard}", f"TZOFFSETTO:{summer}",
        f"RRULE:FREQ=YEARLY;{spring}", "END:DAYLIGHT",
        "END:VTIMEZONE",
    ))  # fmt: skip


def fixed(name: str, offset: str, began: str = "19700101T000000") -> str:
    return "\r\n".join((
        "BEGIN:VTIMEZONE", f"TZID:{name}", "BEGIN:STANDARD", f"DTSTART:{began}", f"TZOFFSETFROM:{offset}",
        f"TZOFFSETTO:{offset}", "END:STANDARD", "END:VTIMEZONE",
    ))  # fmt: skip


def hour(name: str, *zones_: str, window: Window = JULY, home: str = "UTC", behind: bool = False) -> int:
    """The hour in UTC of 12:00 in that zone."""
    event = vevent(start=f'DTSTART;TZID="{name}":{window.start:%Y%m}23T120000', end="DURATION:PT1H")
    (start,) = starts(ics.read(vcalendar(*((event, *zones_) if behind else (*zones_, event))), window, home))
    return start.hour


@pytest.mark.parametrize(
    "name",
    ["GMT", "EST", "UTC", "Etc/UTC", "Europe/London", "America/New_York", "GMT Standard Time", "/vendor.example/2/Europe/Berlin",
     "Customized Time Zone", "Office", "tzone://Microsoft/Custom", "(UTC+05:00) Somewhere", "1"],
)  # fmt: skip
@pytest.mark.parametrize("behind", [True, False])
def test_the_rules_in_the_file_win_over_the_name(name: str, behind: bool) -> None:
    own = zone(name, "+0300", "+0500")
    assert hour(name, own, behind=behind) == 7
    assert hour(name, own, behind=behind, window=JANUARY) == 9


@pytest.mark.parametrize("name", ["Europe/London", "America/Sao_Paulo", "Romance Standard Time", "Zone"])
def test_a_zone_without_summer_time_has_none_whatever_it_is_called(name: str) -> None:
    assert hour(name, fixed(name, "+0200")) == 10


@pytest.mark.parametrize(
    ("name", "standard", "summer"), [("Europe/London", "+0000", "+0100"), ("GMT Standard Time", "+0000", "+0100")]
)
def test_rules_that_repeat_the_known_zone_are_that_zone(name: str, standard: str, summer: str) -> None:
    vtimezones.use([zone(name, standard, summer, began="1601").replace("\r\n", "\n")], [f"DTSTART;TZID={name}:20260701T120000"])
    found = vtimezones._zone(zone(name, standard, summer).replace("\r\n", "\n"))[1]
    assert found is None, "the known zone is used, which also holds for other years"


def test_a_zone_that_lists_the_changes_of_two_years_is_the_known_one_in_the_others() -> None:
    lines = (
        "BEGIN:VTIMEZONE", "TZID:Europe/Berlin",
        "BEGIN:STANDARD", "DTSTART:20241027T030000", "RDATE:20251026T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD",
        "BEGIN:DAYLIGHT", "DTSTART:20250330T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:DAYLIGHT",
        "END:VTIMEZONE",
    )  # fmt: skip
    assert hour("Europe/Berlin", "\r\n".join(lines)) == 10


@pytest.mark.parametrize("rule", ["FREQ=MINUTELY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=NEVER"])
def test_a_broken_zone_costs_the_events_in_it_and_no_others(rule: str) -> None:
    broken = zone("Office", "+0100", "+0200").replace("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", rule)
    events, unreadable, _ = ics.read_tolerantly(
        vcalendar(
            broken,
            vevent(start="DTSTART;TZID=Office:20260710T100000", end="DURATION:PT1H", uid="in it"),
            vevent(start="DTSTART:20260711T100000Z", end="DURATION:PT1H", uid="other"),
        ),
        JULY,
    )
    assert [name for name, _ in unreadable] == ["in it"]
    assert [e.uid for e in events if not e.private] == ["other"]
    assert [e.start.day for e in events if e.private] == [10], "busy on that day, in the calendar's zone"


def test_a_broken_zone_with_a_known_name_is_the_known_zone() -> None:
    assert hour("Europe/Berlin", zone("Europe/Berlin", "+0100", "+0200").replace("FREQ=YEARLY", "FREQ=SECONDLY")) == 10


def test_calendars_in_one_file_have_zones_of_their_own() -> None:
    def calendar(uid: str, offset: str) -> str:
        return vcalendar(
            fixed("Office", offset), vevent(uid=uid, start="DTSTART;TZID=Office:20260710T100000", end="DURATION:PT1H")
        )

    events = ics.read(calendar("east", "+0300") + calendar("west", "-0500"), JULY)
    assert [(e.uid, e.start.hour) for e in events] == [("east", 7), ("west", 15)]


@pytest.mark.parametrize(
    ("name", "hour_in_utc"),
    [
        ("W. Europe Standard Time", 10),
        ("w. europe standard time", 10),
        ("europe/berlin", 10),
        ("/freeassociation.sourceforge.net/Europe/Berlin", 10),
        ("/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires", 15),
        ("/citadel.org/20210210_1/Europe/Berlin", 10),
        ("/softwarestudio.org/Olson_20011030_5/America/New_York", 16),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", 10),
        ("(GMT+01.00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna", 10),
        ("(UTC-05:00) Eastern Time (US & Canada)", 16),
        ("(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", 6),
        ("(UTC+00:00) Dublin, Edinburgh, Lisbon, London", 11),
        ("UTC+2", 10),
        ("GMT-0500", 17),
        ("+05:30", 6),
        ("tzone://Microsoft/Utc", 12),
        ("Nowhere/Land", 3),
        ("x" * 5000, 3),
    ],
)
def test_a_name_without_rules_is_known_by_its_words_or_means_the_calendars_zone(name: str, hour_in_utc: int) -> None:
    assert hour(name, home="Asia/Tokyo") == hour_in_utc


@pytest.mark.parametrize("name", ["W. Europe Standard Time", "(UTC+01:00) Amsterdam, Berlin", "Europe/Berlin"])
def test_the_zone_of_an_exported_calendar_may_have_any_of_these_names(name: str) -> None:
    text = vcalendar(f"X-WR-TIMEZONE:{name}", vevent(start="DTSTART:20260710T100000", end="DURATION:PT1H"))
    assert starts(ics.read(text, JULY, "America/New_York"))[0].hour == 8


def test_every_display_name_with_a_place_keeps_its_offset() -> None:
    found = zones.find("(UTC+10:00) Canberra, Melbourne, Sydney")
    assert found is not None
    for moment in (JULY.start, JANUARY.start):
        assert moment.astimezone(found).utcoffset() == moment.astimezone(ZoneInfo("Australia/Sydney")).utcoffset()
