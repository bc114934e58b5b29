"""The Exchange calendar, at a server that holds every request and every reply against Microsoft's schema."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from contracts.calendar_contract import INVITE, TOO_OFTEN, WINDOW, CalendarContract, Picture, utc, vcalendar, vevent
from servers import ews_schema
from servers.ews_server import USER, Exchange, running, settings

from connectors import open_calendar
from connectors.base import Calendar
from connectors.calendar import Attendee, Busy, Event, Window
from connectors.errors import ConnectorError
from connectors.exchange import events
from connectors.exchange.calendar import EwsCalendar

pytestmark = pytest.mark.skipif(not ews_schema.there(), reason="needs ../shared/data/ews-schema beside the repository")


@pytest.fixture
def server() -> Iterator[Exchange]:
    with running() as server:
        yield server
        assert server.wrong == []


def calendar_at(server: Exchange, **more: Any) -> EwsCalendar:
    calendar = open_calendar("ews", settings(server, **more))
    assert isinstance(calendar, EwsCalendar)
    return calendar


class TestEwsCalendar(CalendarContract):
    @pytest.fixture
    def calendar(self, server: Exchange) -> Iterator[EwsCalendar]:
        self.server = server
        self.there = server.calendars[USER]
        calendar = calendar_at(server)
        yield calendar
        calendar.close()

    def store(self, uid: str, *components: str) -> None:
        self.there.write(uid, vcalendar(*components))

    def remove(self, uid: str) -> None:
        self.there.remove(uid)

    def test_an_unreadable_event_is_named_and_the_others_come(self, calendar: Calendar, picture: Picture) -> None:
        """No Exchange holds a rule that repeats too often; what it cannot read itself stands for it here."""
        self.store("bad", vevent("bad", utc(10, 9), TOO_OFTEN))
        self.store("good", vevent("good", utc(11, 9)))
        picture.read(calendar, WINDOW)
        assert picture.starts() == {"good": [utc(11, 9)]}
        ((name, reason),) = picture.unreadable
        assert name == "bad"
        assert "ErrorCorruptData" in reason

    # --- following changes ---

    def test_a_poll_without_news_is_one_question(self, calendar: Calendar, picture: Picture) -> None:
        for number in range(20):
            self.store(f"e{number}", vevent(f"e{number}", utc(1 + number, 9)))
        picture.read(calendar)
        self.server.asked.clear()
        picture.read(calendar)
        assert self.server.asked == ["SyncFolderItems"]

    def test_only_what_was_changed_is_asked_for_in_full(self, calendar: Calendar, picture: Picture) -> None:
        for number in range(20):
            self.store(f"e{number}", vevent(f"e{number}", utc(1 + number, 9)))
        picture.read(calendar)
        self.server.bodies.clear()
        self.store("e7", vevent("e7", utc(9, 15)))
        picture.read(calendar)
        (body,) = [b for b in self.server.bodies if b"<m:GetItem>" in b]
        assert body.count(b"<t:ItemId ") == 1
        assert picture.starts()["e7"] == [utc(9, 15)]

    def test_a_state_that_the_server_has_forgotten_means_reading_the_calendar_again(
        self, calendar: Calendar, picture: Picture
    ) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        picture.read(calendar)
        self.there.store.epoch += 1
        self.store("two", vevent("two", utc(11, 9)))
        self.remove("one")
        picture.read(calendar)
        assert picture.starts() == {"two": [utc(11, 9)]}

    def test_a_cursor_that_is_not_ours_means_reading_the_calendar(self, calendar: Calendar, picture: Picture) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        for cursor in ("x", "[]", "{}", '["", "", {}]', "null", '[["a"], "", {}]'):
            picture.cursor = cursor
            picture.read(calendar)
            assert picture.starts() == {"one": [utc(10, 9)]}

    def test_more_events_than_fit_into_an_answer_are_read_in_halves(
        self, calendar: Calendar, picture: Picture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("connectors.exchange.calendar.MAX_OCCURRENCES", 3)
        for number in range(25):
            self.store(f"e{number:02}", vevent(f"e{number:02}", utc(1 + number, 9), hours=30))
        picture.read(calendar)
        assert len(picture.events) == 25

    def test_an_event_that_became_readable_again_is_read_with_the_next_change(self, calendar: Calendar, picture: Picture) -> None:
        self.store("bad", vevent("bad", utc(10, 9)))
        self.there.of("bad").corrupt = True
        picture.read(calendar)
        self.there.of("bad").corrupt = False
        self.store("other", vevent("other", utc(11, 9)))
        picture.read(calendar)
        assert picture.starts() == {"bad": [utc(10, 9)], "other": [utc(11, 9)]}

    def test_an_event_without_a_time_is_named(self, calendar: Calendar, picture: Picture) -> None:
        self.there.put(Event("x", utc(10, 9), utc(10, 10)), without="Start")
        picture.read(calendar)
        assert picture.unreadable == (("x", "it has no start or no end"),)

    # --- what a calendar says ---

    def test_a_series_keeps_its_exceptions_and_loses_its_deleted_occurrences(self, calendar: Calendar, picture: Picture) -> None:
        self.store("s", vevent("s", utc(9, 9), "RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20260310T090000Z"))
        picture.read(calendar)
        self.store(
            "s",
            vevent("s", utc(9, 9), "RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20260310T090000Z", "EXDATE:20260312T090000Z"),
            vevent("s", utc(11, 16), "RECURRENCE-ID:20260311T090000Z"),
        )
        picture.read(calendar)
        assert picture.starts() == {"s": [utc(9, 9), utc(11, 16)]}
        assert [e.occurrence for e in picture.events["s"]] == ["2026-03-09T09:00:00+00:00", "2026-03-11T09:00:00+00:00"]

    @pytest.mark.parametrize(
        ("about", "busy", "status"),
        [
            ({"LegacyFreeBusyStatus": "Busy"}, True, "confirmed"),
            ({"LegacyFreeBusyStatus": "OOF"}, True, "confirmed"),
            ({"LegacyFreeBusyStatus": "Tentative"}, True, "tentative"),
            ({"LegacyFreeBusyStatus": "Free"}, False, "confirmed"),
            ({"LegacyFreeBusyStatus": "WorkingElsewhere"}, False, "confirmed"),
            ({"without": "LegacyFreeBusyStatus MyResponseType"}, True, "confirmed"),
            ({"MyResponseType": "Decline"}, False, "confirmed"),
            ({"MyResponseType": "NoResponseReceived"}, True, "confirmed"),
        ],
    )
    def test_what_keeps_its_owner_from_being_booked(
        self, calendar: Calendar, picture: Picture, about: dict[str, Any], busy: bool, status: str
    ) -> None:
        self.there.put(Event("x", utc(10, 9), utc(10, 10)), **about)
        picture.read(calendar)
        (event,) = picture.events["x"]
        assert (event.busy, event.status) == (busy, status)

    def test_a_cancelled_meeting_says_so(self, calendar: Calendar, picture: Picture) -> None:
        self.there.put(Event("x", utc(10, 9), utc(10, 10), status="cancelled"))
        picture.read(calendar)
        assert [e.status for e in picture.events["x"]] == ["cancelled"]

    def test_answers_of_attendees_are_told(self, calendar: Calendar, picture: Picture) -> None:
        people = tuple(Attendee(f"{a}@acme.example", a.title(), a) for a in ("accepted", "declined", "tentative", "needs-action"))
        self.there.put(Event("x", utc(10, 9), utc(10, 10), organizer="kim@acme.example", attendees=people))
        picture.read(calendar)
        (event,) = picture.events["x"]
        assert (event.organizer, event.attendees) == ("kim@acme.example", people)

    def test_a_confidential_event_carries_no_words(self, calendar: Calendar, picture: Picture) -> None:
        self.there.put(Event("x", utc(10, 9), utc(10, 10), "Doctor", private=True, attendees=(Attendee("dr@x.example"),)))
        picture.read(calendar)
        (event,) = picture.events["x"]
        assert (event.private, event.summary, event.attendees, event.busy) == (True, "", (), True)

    @pytest.mark.parametrize(
        ("zone", "start", "end"),
        [
            ("W. Europe Standard Time", utc(9, 23), utc(10, 23)),
            ("Pacific Standard Time", utc(10, 7), utc(11, 7)),
            ("GMT Standard Time", utc(10), utc(11)),
            ("Customized Time Zone", utc(9, 23), utc(10, 23)),
            ("Customized Time Zone", utc(10, 4), utc(11, 4)),
            ("", utc(10), utc(11)),
        ],
    )
    def test_a_whole_day_is_that_day_wherever_it_was_entered(
        self, server: Exchange, zone: str, start: datetime, end: datetime
    ) -> None:
        """Tuesday 10 March, entered in Berlin, in Seattle, in London, in a zone that nobody knows."""
        there = server.calendars[USER]
        there.put(Event("day", start, end, all_day=True), StartTimeZone=zone)
        berlin = Picture()
        berlin.read(calendar_at(server, time_zone="Europe/Berlin"))
        (event,) = berlin.events["day"]
        assert event.all_day
        assert (event.start, event.end) == (utc(9, 23), utc(10, 23))

    def test_times_are_moments_whatever_zone_they_were_entered_in(self, calendar: Calendar, picture: Picture) -> None:
        self.there.put(Event("x", utc(30, 8), utc(30, 9)), StartTimeZone="Tokyo Standard Time")
        picture.read(calendar)
        assert picture.starts() == {"x": [utc(30, 8)]}

    # --- when somebody is busy ---

    def test_busy_times_of_months_are_asked_for_in_parts(self, calendar: Calendar) -> None:
        for month in (3, 4, 5, 6):
            self.store(f"m{month}", vevent(f"m{month}", utc(10, 9, month=month)))
        spans = calendar.busy_times(Window(utc(1), utc(1, month=7)))
        assert [s.start.month for s in spans] == [3, 4, 5, 6]
        assert self.server.count("GetUserAvailabilityRequest") > 1

    def test_a_colleagues_busy_times_are_known_and_a_strangers_are_not(self, calendar: Calendar) -> None:
        self.server.mailbox("bob@example.test")
        self.server.calendars["bob@example.test"].write("x", vcalendar(vevent("x", utc(10, 9))))
        assert calendar.busy_times_of("bob@example.test", WINDOW) == (Busy(utc(10, 9), utc(10, 10)),)
        assert calendar.busy_times_of("kim@acme.example", WINDOW) is None
        self.server.hidden.add("bob@example.test")
        assert calendar.busy_times_of("bob@example.test", WINDOW) is None

    def test_ones_own_busy_times_are_never_empty_for_want_of_an_answer(self, calendar: Calendar) -> None:
        self.server.hidden.add(USER)
        with pytest.raises(ConnectorError, match="ErrorNoFreeBusyAccess"):
            calendar.busy_times(WINDOW)

    def test_a_view_that_says_nothing_is_no_empty_calendar(self, calendar: Calendar) -> None:
        self.there.view_type = "None"
        with pytest.raises(ConnectorError, match="does not show when"):
            calendar.busy_times(WINDOW)
        assert calendar.busy_times_of(USER, WINDOW) is None

    def test_a_view_of_digits_is_read(self, calendar: Calendar) -> None:
        self.store("x", vevent("x", utc(10, 9), hours=1.25))
        self.there.view_type = "MergedOnly"
        assert calendar.busy_times(WINDOW) == (Busy(utc(10, 9), utc(10, 10, 15)),)

    # --- booking ---

    def test_the_server_is_asked_to_tell_the_attendees(self, calendar: Calendar) -> None:
        calendar.put(INVITE)
        calendar.put(dataclasses.replace(INVITE, sequence=1, start=utc(20, 8), end=utc(20, 9)))
        calendar.put(dataclasses.replace(INVITE, sequence=2, cancelled=True))
        assert [(kind, how) for kind, how, _ in self.there.told] == [
            ("CreateItem", "SendToAllAndSaveCopy"),
            ("UpdateItem", "SendToAllAndSaveCopy"),
            ("DeleteItem", "SendToAllAndSaveCopy"),
        ]
        assert calendar.sends_invitations

    def test_a_meeting_keeps_our_uid_where_the_server_gives_one_of_its_own(self, calendar: Calendar, picture: Picture) -> None:
        self.there.own_uids = True
        calendar.put(INVITE)
        calendar.put(INVITE)
        assert len(self.there.entries) == 1
        picture.read(calendar)
        assert picture.starts() == {INVITE.uid: [INVITE.start]}

    def test_a_meeting_that_its_owner_moved_is_left_there(self, calendar: Calendar) -> None:
        calendar.put(INVITE)
        self.there.move(INVITE.uid, utc(12, 15))
        with pytest.raises(ConnectorError, match="was changed in the calendar") as caught:
            calendar.put(INVITE)
        assert caught.value.permanent
        assert self.there.of(INVITE.uid).event.start == utc(12, 15)

    def test_a_meeting_that_its_owner_deleted_is_not_booked_again(self, calendar: Calendar) -> None:
        calendar.put(INVITE)
        self.there.of(INVITE.uid).folder = self.there.store.folder("deleteditems").id
        with pytest.raises(ConnectorError, match="was changed in the calendar"):
            calendar.put(INVITE)
        assert len(self.there.entries) == 1

    def test_a_later_version_books_a_cancelled_meeting_anew(self, calendar: Calendar, picture: Picture) -> None:
        calendar.put(INVITE)
        calendar.put(dataclasses.replace(INVITE, sequence=1, cancelled=True))
        calendar.put(dataclasses.replace(INVITE, sequence=2, start=utc(20, 8), end=utc(20, 9)))
        picture.read(calendar)
        assert picture.starts() == {INVITE.uid: [utc(20, 8)]}
        assert [kind for kind, _, _ in self.there.told] == ["CreateItem", "DeleteItem", "CreateItem"]

    def test_a_change_at_the_same_moment_is_not_overwritten(self, calendar: Calendar, monkeypatch: pytest.MonkeyPatch) -> None:
        calendar.put(INVITE)
        real = events.changes

        def meanwhile(*about: Any) -> str:
            self.there.of(INVITE.uid).key += 1
            return real(*about)

        monkeypatch.setattr(events, "changes", meanwhile)
        with pytest.raises(ConnectorError, match="at the same moment") as caught:
            calendar.put(dataclasses.replace(INVITE, sequence=1, summary="Later"))
        assert (caught.value.permanent, caught.value.unknown) == (False, False)
        assert self.there.of(INVITE.uid).event.summary == INVITE.summary

    def test_what_stays_the_same_is_not_written(self, calendar: Calendar) -> None:
        """Attendees that are set again would have to answer again."""
        calendar.put(INVITE)
        calendar.put(dataclasses.replace(INVITE, sequence=1, summary="Later"))
        (body,) = [b.decode() for b in self.server.bodies if b"<m:UpdateItem" in b]
        assert 'FieldURI="item:Subject"' in body
        assert not any(f'FieldURI="calendar:{name}"' in body for name in ("Start", "RequiredAttendees", "Location"))

    def test_a_place_can_be_set_and_taken_back(self, calendar: Calendar) -> None:
        calendar.put(INVITE)
        for sequence, place in ((1, "Room 4 & 5"), (2, "")):
            calendar.put(dataclasses.replace(INVITE, sequence=sequence, location=place))
            found = calendar.find(INVITE.uid)
            assert found is not None
            assert found.location == place

    def test_a_meeting_stands_in_its_zone_by_windows_name(self, calendar: Calendar) -> None:
        calendar.put(INVITE)
        (body,) = [b.decode() for b in self.server.bodies if b"<m:CreateItem" in b]
        assert '<t:StartTimeZone Id="GMT Standard Time"/>' in body

    def test_a_uid_of_exchange_is_found_by_what_it_stands_for(self, calendar: Calendar) -> None:
        uid = "040000008200E00074C5B7101A82E00800000000" + "70C68D7D8A5CDB01000000000000000010000000" + "3C" * 16
        self.there.put(Event(uid, utc(10, 9), utc(10, 10)))
        found = calendar.find(uid)
        assert found is not None
        assert (found.uid, found.start) == (uid, utc(10, 9))
