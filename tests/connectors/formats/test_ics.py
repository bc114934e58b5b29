"""iCalendar text as events, and invites as iCalendar text."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from cost import measured
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.calendar import Attendee, Busy, Event, Invite, Window, busy_times
from connectors.formats import ics

AT_ONCE = 25.0  # units of tests/cost.py
MARCH = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))


def utc(day: int, hour: int = 0, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def vevent(*lines: str, uid: str = "one", start: str = "DTSTART:20260310T100000Z", end: str = "DTEND:20260310T110000Z") -> str:
    return "\r\n".join(
        ("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *filter(None, (start, end)), *lines, "END:VEVENT")
    )


def vcalendar(*components: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *components, "END:VCALENDAR", ""))


def read(*lines: str, zone: str = "UTC", window: Window = MARCH, **parts: str) -> tuple[Event, ...]:
    return ics.read(vcalendar(vevent(*lines, **parts)), window, zone)


def starts(events: Sequence[Event]) -> list[datetime]:
    return [event.start for event in events]


INVITE = Invite(
    uid="kept-1",
    start=utc(10, 10),
    end=utc(10, 11),
    summary="Service review",
    description="1. What was agreed\n2. How it went",
    organizer="dana@northwind.example",
    organizer_name="Dana Reyes",
    attendees=(Attendee("kim@acme.example", "Kim, of Acme"),),
    stamp=utc(1),
    headers={"X-KEPT-ID": "abc"},
)


def test_an_event_is_read_with_its_people_and_words() -> None:
    (event,) = read(
        "SUMMARY:Kick-off\\, with lunch",
        "LOCATION:Room 2",
        "DESCRIPTION:Bring the\\nplan",
        "ORGANIZER;CN=Dana:mailto:Dana@northwind.example",
        "ATTENDEE;CN=Kim;PARTSTAT=ACCEPTED:MAILTO:kim@acme.example",
        "SEQUENCE:3",
        "CREATED:20251224T080000Z",
        "LAST-MODIFIED:20260102T080000Z",
    )
    assert event == Event(
        uid="one",
        start=utc(10, 10),
        end=utc(10, 11),
        summary="Kick-off, with lunch",
        description="Bring the\nplan",
        location="Room 2",
        organizer="dana@northwind.example",
        attendees=(Attendee("kim@acme.example", "Kim", "accepted"),),
        sequence=3,
        created=datetime(2025, 12, 24, 8, tzinfo=UTC),
        modified=datetime(2026, 1, 2, 8, tzinfo=UTC),
    )


def test_a_duration_stands_for_an_end() -> None:
    (event,) = read(end="DURATION:PT1H30M")
    assert event.end == utc(10, 11, 30)


def test_an_event_without_end_takes_no_time_and_a_date_takes_the_day() -> None:
    (moment,) = read(end="")
    (day,) = read(start="DTSTART;VALUE=DATE:20260310", end="", zone="Europe/Berlin")
    assert moment.end == moment.start
    assert (day.start, day.end, day.all_day) == (utc(9, 23), utc(10, 23), True)


def test_floating_times_are_meant_in_the_calendars_zone() -> None:
    (event,) = read(start="DTSTART:20260310T100000", end="DTEND:20260310T110000", zone="America/New_York")
    assert event.start == utc(10, 14)


def test_the_files_own_zone_beats_the_configured_one_for_floating_times() -> None:
    text = vcalendar("X-WR-TIMEZONE:Europe/Berlin", vevent(start="DTSTART:20260310T100000", end="DURATION:PT1H"))
    assert ics.read(text, MARCH, "America/New_York")[0].start == utc(10, 9)


def test_windows_zone_names_are_understood() -> None:
    (event,) = read(start='DTSTART;TZID="W. Europe Standard Time":20260310T100000', end="DURATION:PT1H")
    assert event.start == utc(10, 9)


def own_zone(offset: str) -> str:
    return "\r\n".join((
        "BEGIN:VTIMEZONE", "TZID:Customized Time Zone", "BEGIN:STANDARD", "DTSTART:16010101T000000",
        f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}", "END:STANDARD", "END:VTIMEZONE",
    ))  # fmt: skip


def test_two_files_may_mean_different_zones_by_the_same_name() -> None:
    event = vevent(start="DTSTART;TZID=Customized Time Zone:20260310T100000", end="DURATION:PT1H")
    first = ics.read(vcalendar(own_zone("+0300"), event), MARCH)
    second = ics.read(vcalendar(own_zone("-0500"), event), MARCH)
    assert (starts(first), starts(second)) == ([utc(10, 7)], [utc(10, 15)])


@pytest.mark.parametrize("kind", ["PRIVATE", "CONFIDENTIAL", "private"])
def test_private_events_are_busy_and_wordless(kind: str) -> None:
    (event,) = read(f"CLASS:{kind}", "SUMMARY:Doctor", "DESCRIPTION:x", "LOCATION:y", "ATTENDEE:mailto:a@b.example")
    assert (event.private, event.busy) == (True, True)
    assert (event.summary, event.description, event.location, event.attendees) == ("", "", "", ())


def test_transparent_and_cancelled_events_leave_time_free() -> None:
    events = read("TRANSP:TRANSPARENT") + read("STATUS:CANCELLED")
    assert [(e.busy, e.status) for e in events] == [(False, "confirmed"), (True, "cancelled")]
    assert busy_times(events, MARCH) == ()


def test_a_series_comes_as_its_occurrences_at_the_same_clock_time_over_daylight_saving() -> None:
    events = read("RRULE:FREQ=WEEKLY;BYDAY=TU", start="DTSTART;TZID=Europe/London:20260310T100000", end="DURATION:PT1H",
                  window=Window(utc(20), utc(10, month=4)))  # fmt: skip
    assert starts(events) == [utc(24, 10), utc(31, 9), utc(7, 9, month=4)]
    assert [e.occurrence for e in events] == [e.start.isoformat() for e in events]


def test_left_out_moved_and_cancelled_occurrences_are_followed() -> None:
    master = vevent("RRULE:FREQ=DAILY;COUNT=5", "EXDATE:20260311T100000Z")
    moved = vevent("RECURRENCE-ID:20260312T100000Z", "SUMMARY:later", start="DTSTART:20260312T150000Z", end="DURATION:PT1H")
    cancelled = vevent(
        "RECURRENCE-ID:20260313T100000Z", "STATUS:CANCELLED", start="DTSTART:20260313T100000Z", end="DURATION:PT1H"
    )
    events = ics.read(vcalendar(master, moved, cancelled), MARCH)
    assert [(e.start, e.status) for e in events] == [
        (utc(10, 10), "confirmed"),
        (utc(12, 15), "confirmed"),
        (utc(13, 10), "cancelled"),
        (utc(14, 10), "confirmed"),
    ]
    assert events[1].occurrence == utc(12, 10).isoformat()


def test_a_change_to_this_and_future_occurrences_moves_the_rest() -> None:
    master = vevent("RRULE:FREQ=DAILY;COUNT=4")
    later = vevent("RECURRENCE-ID;RANGE=THISANDFUTURE:20260312T100000Z", start="DTSTART:20260312T120000Z", end="DURATION:PT1H")
    events = ics.read(vcalendar(master, later), MARCH)
    assert starts(events) == [utc(10, 10), utc(11, 10), utc(12, 12), utc(13, 12)]


def test_an_invitation_to_one_occurrence_alone_is_read() -> None:
    (event,) = read("RECURRENCE-ID:20260310T090000Z")
    assert (event.start, event.occurrence) == (utc(10, 10), utc(10, 9).isoformat())


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        ("16040310T100000", "FREQ=YEARLY"),
        ("19600310T100000", "FREQ=YEARLY"),
        ("19600101T100000", "FREQ=DAILY"),
        ("19600310T100000", "FREQ=YEARLY;INTERVAL=3"),
        ("19610310T100000", "FREQ=YEARLY;INTERVAL=3"),
        ("19040229T100000", "FREQ=YEARLY"),
        ("19600307T100000", "FREQ=YEARLY;BYMONTH=3;BYDAY=2TU"),
        ("19900115T100000", "FREQ=MONTHLY"),
        ("19900115T100000", "FREQ=MONTHLY;INTERVAL=5"),
        ("19900215T100000", "FREQ=MONTHLY;INTERVAL=7"),
        ("19900131T100000", "FREQ=MONTHLY"),
        ("19900105T100000", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("19900101T100000", "FREQ=WEEKLY;INTERVAL=2"),
        ("19900103T100000", "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,SU;WKST=SU"),
        ("19900101T100000", "FREQ=DAILY;INTERVAL=10"),
        ("20240101T100000", "FREQ=DAILY;INTERVAL=10;COUNT=90"),
        ("19900101T100000", "FREQ=DAILY;INTERVAL=10;UNTIL=20260319T000000"),
        ("20100301T100000", "FREQ=HOURLY;INTERVAL=168"),
    ],
)
def test_a_series_that_began_long_ago_is_still_in_step(start: str, rule: str) -> None:
    """Compared with a plain walk from the first occurrence on."""
    events = read(f"RRULE:{rule}", start=f"DTSTART:{start}", end="DURATION:PT1H", window=Window(utc(1), utc(1, month=7)))
    walk = rrulestr(rule, dtstart=datetime.strptime(start + "Z", "%Y%m%dT%H%M%S%z").replace(tzinfo=None))
    expected = walk.between(utc(1).replace(tzinfo=None), utc(1, month=7).replace(tzinfo=None), inc=True)
    assert [e.start.replace(tzinfo=None) for e in events] == expected


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;INTERVAL=2;BYMONTH=2",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYSECOND=1,2,3,4,5,6,7",
    ],
)
def test_a_rule_no_meeting_follows_is_refused_at_once(rule: str) -> None:
    def refuse() -> None:
        with pytest.raises(ValueError, match="repeats"):
            read(f"RRULE:{rule}")

    assert measured(refuse, AT_ONCE).units < AT_ONCE


def test_a_time_zone_that_changes_every_minute_is_refused_at_once() -> None:
    wild = "BEGIN:DAYLIGHT\r\nDTSTART:19700101T000000\r\nRRULE:FREQ=MINUTELY\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT"
    zone = own_zone("+0100").replace("END:VTIMEZONE", f"{wild}\r\nEND:VTIMEZONE")
    with pytest.raises(ValueError, match="time zone"):
        ics.read(vcalendar(zone, vevent(start="DTSTART;TZID=Customized Time Zone:20260310T100000")), MARCH)


def test_a_short_burst_of_minutes_is_a_series_like_any_other() -> None:
    assert len(read("RRULE:FREQ=MINUTELY;INTERVAL=15;COUNT=4", end="DURATION:PT5M")) == 4


def test_one_broken_event_takes_none_of_its_neighbours_with_it() -> None:
    text = vcalendar(vevent(), vevent("RRULE:FREQ=SOMETIMES", uid="two"), vevent(uid="three", start=""))
    events, unreadable, uids = ics.read_tolerantly(text, MARCH)
    assert uids[:3] == ("one", "two", "three")
    assert [(e.uid, e.private) for e in events] == [("one", False), (uids[3], True)]
    assert unreadable == (("two", "its RRULE is not valid"), ("three", "it has no start"))
    with pytest.raises(ValueError, match="its RRULE is not valid"):
        ics.read(text, MARCH)


def test_broken_alarms_and_tasks_do_not_matter() -> None:
    alarm = "BEGIN:VALARM\r\nTRIGGER:whenever\r\nEND:VALARM"
    task = "BEGIN:VTODO\r\nDUE:never\r\nEND:VTODO"
    assert [e.uid for e in ics.read(vcalendar(task, vevent(alarm)), MARCH)] == ["one"]


def test_several_calendars_in_one_file_are_all_read() -> None:
    assert [e.uid for e in ics.read(vcalendar(vevent()) + vcalendar(vevent(uid="two")), MARCH)] == ["one", "two"]


def test_a_reason_never_quotes_the_file() -> None:
    with pytest.raises(ValueError, match="not valid iCalendar") as caught:
        ics.read("BEGIN:VCALENDAR\r\n" + "SECRET;;;" * 50, MARCH)
    assert "SECRET" not in str(caught.value)


def test_an_event_without_uid_has_one_name_as_long_as_it_stays_the_same() -> None:
    nameless = [vevent("SUMMARY:A"), vevent("SUMMARY:B"), vevent("RRULE:FREQ=DAILY;COUNT=2")]
    first = ics.read_tolerantly(vcalendar(*nameless).replace("UID:one\r\n", ""), MARCH)
    again = ics.read_tolerantly(vcalendar(*reversed(nameless)).replace("UID:one\r\n", ""), MARCH)
    assert len(first.events) == 4
    assert {e.uid for e in first.events} == set(first.uids) == set(again.uids)
    assert len(first.uids) == 3


def test_busy_spans_are_clipped_to_the_window_and_joined_where_they_touch() -> None:
    events = [
        Event("a", utc(9, 9), utc(9, 10)),
        Event("b", utc(9, 10), utc(9, 11)),
        Event("c", utc(9, 13), utc(9, 20)),
        Event("d", utc(9, 14), utc(9, 15)),
        Event("e", utc(9, 12), utc(9, 12)),
        Event("f", utc(8), utc(9, 8)),
    ]
    assert busy_times(events, Window(utc(9, 7), utc(9, 18))) == (
        Busy(utc(9, 7), utc(9, 8)),
        Busy(utc(9, 9), utc(9, 11)),
        Busy(utc(9, 13), utc(9, 18)),
    )


@pytest.mark.parametrize("zone", ["UTC", "Europe/London", "Asia/Kolkata"])
def test_what_is_written_reads_back(zone: str) -> None:
    text = ics.render(dataclasses.replace(INVITE, time_zone=zone, sequence=2, location="Room 1"))
    (event,) = ics.read(text, MARCH)
    assert (event.uid, event.start, event.end, event.summary, event.sequence) == (
        "kept-1",
        utc(10, 10),
        utc(10, 11),
        "Service review",
        2,
    )
    assert (event.description, event.location, event.status) == (INVITE.description, "Room 1", "confirmed")
    assert (event.organizer, event.attendees, event.modified) == ("dana@northwind.example", INVITE.attendees, utc(1))
    assert ("BEGIN:VTIMEZONE" in text) == (zone != "UTC")


def test_an_itip_message_says_its_method_and_a_stored_event_does_not() -> None:
    assert "METHOD:REQUEST" in ics.render(INVITE, "REQUEST")
    assert "METHOD" not in ics.render(INVITE)  # RFC 4791, 4.1: a stored resource has none
    cancel = ics.render(dataclasses.replace(INVITE, cancelled=True, sequence=1), "CANCEL")
    assert ics.read(cancel, MARCH)[0].status == "cancelled"


def test_lines_are_folded_and_end_as_the_standard_says() -> None:
    text = ics.render(dataclasses.replace(INVITE, summary="ü" * 200))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))  # RFC 5545, 3.1
    assert "\n" not in text.replace("\r\n", "")


def test_words_cannot_begin_another_property() -> None:
    evil = "x\r\nATTENDEE:mailto:evil@evil.example\r\n"
    text = ics.render(dataclasses.replace(
        INVITE, summary=evil, description=evil, location=evil, organizer_name=evil + '"', headers={"X-KEPT-ID": evil},
        attendees=(Attendee("kim@acme.example", evil + '";X="'),),
    ))  # fmt: skip
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert [str(a) for a in [event["attendee"]]] == ["mailto:kim@acme.example"]


def test_find_gives_the_event_as_it_stands_however_far_away() -> None:
    text = vcalendar(vevent("RRULE:FREQ=DAILY", uid="far", start="DTSTART:20870310T100000Z", end="DURATION:PT1H"), vevent())
    found = ics.find(text, "far")
    assert found is not None
    assert found.start == datetime(2087, 3, 10, 10, tzinfo=UTC)
    assert ics.find(text, "absent") is None


def test_an_hourly_series_costs_no_more_than_a_meeting() -> None:
    window = Window(utc(1), utc(1) + timedelta(days=270))

    def refuse() -> None:
        with pytest.raises(ValueError, match="more often"):
            read("RRULE:FREQ=HOURLY", start="DTSTART:20000310T100000Z", end="DURATION:PT5M", window=window)

    assert measured(refuse, AT_ONCE).units < AT_ONCE


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_to_a_calendar_does_more_than_a_value_error(data: st.DataObject) -> None:
    whole = vcalendar(
        own_zone("+0300"),
        vevent("RRULE:FREQ=WEEKLY;BYDAY=TU", "EXDATE:20260317T100000Z", "ATTENDEE;CN=Kim:mailto:k@x"),
        vevent(uid="two"),
    )
    text = list(whole)
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(text) - 1))
        text[place : place + data.draw(st.integers(0, 6))] = data.draw(st.text(max_size=4))
    try:
        events = ics.read("".join(text), MARCH, "Europe/London")
    except ValueError:
        return
    assert all(e.start <= e.end and e.start.tzinfo is UTC for e in events)


def test_an_exported_calendar_whose_zone_nobody_knows_is_read_in_its_owners() -> None:
    text = vcalendar("X-WR-TIMEZONE:Nowhere/Land", vevent(start="DTSTART:20260310T100000", end="DURATION:PT1H"))
    assert starts(ics.read(text, MARCH, "Europe/Berlin")) == [utc(10, 9)]


def test_an_event_that_lists_thousands_of_times_is_refused_before_they_are_parsed() -> None:
    days = ",".join(
        f"2026{month:02}{day:02}T{hour:02}0000Z" for month in range(1, 13) for day in range(1, 29) for hour in range(9, 18)
    )
    event = f"BEGIN:VEVENT\nUID:many\nDTSTART:20260302T090000Z\nDURATION:PT1H\nRDATE:{days}\nEND:VEVENT\n"
    window = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    read = ics.read_tolerantly(f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n", window)
    assert read.unreadable == (("many", "it repeats more often than any meeting does"),)
    assert len(read.events) == 1  # its time is taken all the same
