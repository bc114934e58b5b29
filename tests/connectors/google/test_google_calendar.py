"""The Google calendar, at a front that checks every request and reply against Google's own description of its API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import icalendar
import pytest
from contracts.calendar_contract import INVITE, TOO_OFTEN, CalendarContract, Picture, utc, vcalendar, vevent
from servers.fixed_grant import FixedGrant
from servers.google_diary import Diary
from servers.google_front import Front

from connectors.base import Calendar
from connectors.calendar import Attendee, Window
from connectors.errors import ConnectorError
from connectors.google.calendar import GoogleCalendar
from connectors.net.http import Access

pytestmark = pytest.mark.server


def given(moment: Any) -> dict[str, str]:
    """A DTSTART or DTEND as Google has it."""
    if not isinstance(moment, datetime):
        return {"date": moment.isoformat()}
    return {"dateTime": moment.isoformat(), "timeZone": "UTC"}


def resource(component: Any) -> dict[str, Any]:
    """A VEVENT as Google has it."""
    start, end = component["dtstart"].dt, component["dtend"].dt
    event: dict[str, Any] = {
        "iCalUID": str(component["uid"]),
        "summary": str(component.get("summary", "")),
        "start": given(start),
        "end": given(end),
        "status": str(component.get("status", "confirmed")).lower(),
        "sequence": int(component.get("sequence", 0)),
        "visibility": str(component.get("class", "default")).lower(),
        "transparency": str(component.get("transp", "opaque")).lower(),
    }
    rules = [f"{name}:{component[name.lower()].to_ical().decode()}" for name in ("RRULE", "EXDATE") if name.lower() in component]
    return {**event, "recurrence": rules} if rules else event


def write(diary: Diary, uid: str, *components: str) -> None:
    """Another program puts an event, with its exceptions, into a calendar."""
    key = uid.encode().hex()
    for component in icalendar.Calendar.from_ical(vcalendar(*components)).walk("VEVENT"):
        event = {**resource(component), "id": key}
        if "recurrence-id" in component:
            original = component["recurrence-id"].dt
            told = {"recurringEventId": key, "originalStartTime": given(original)}
            event |= {"id": f"{key}_{original:%Y%m%dT%H%M%SZ}", **told}
        diary.keep(event)


class TestGoogle(CalendarContract):
    @pytest.fixture
    def calendar(self, front: Front) -> Iterator[GoogleCalendar]:
        address, token = front.account()
        self.diary = front.diaries.of(address, "primary")
        self.diary.owner = "alice@example.test"
        calendar = GoogleCalendar(Access(FixedGrant(address, token)), endpoint=front.url)
        yield calendar
        calendar.close()

    def store(self, uid: str, *components: str) -> None:
        """Google expands series itself and refuses what cannot be; here an unreadable one has no time that makes sense."""
        write(self.diary, uid, *(c.replace(TOO_OFTEN, "X-BROKEN:1") for c in components))
        if any(TOO_OFTEN in c for c in components):
            self.diary.keep({**self.diary.events[uid.encode().hex()], "start": {"dateTime": "whenever"}})

    def store_broken(self, uid: str, component: str) -> None:
        """Its end is no time that makes sense."""
        self.store(uid, component)
        self.diary.keep({**self.diary.events[uid.encode().hex()], "end": {"dateTime": "whenever"}})

    def remove(self, uid: str) -> None:
        self.diary.cancel(uid.encode().hex())

    def test_an_unreadable_event_is_named_and_the_others_come(self, calendar: Calendar, picture: Picture) -> None:
        """Overridden for the reason that is given: series are expanded by Google, so none repeats too often for us."""
        self.store("bad", vevent("bad", utc(10, 9), TOO_OFTEN))
        self.store("good", vevent("good", utc(11, 9)))
        picture.read(calendar)
        assert picture.starts() == {"good": [utc(11, 9)]}
        assert picture.unreadable == (("bad", "its time is not valid"),)

    def test_a_token_that_is_too_old_makes_it_read_everything(self, calendar: Calendar, picture: Picture) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        picture.read(calendar)
        self.store("two", vevent("two", utc(11, 9)))
        self.remove("one")
        self.diary.oldest = 10**6
        (batch,) = picture.read(calendar)
        assert batch.snapshot
        assert picture.starts() == {"two": [utc(11, 9)]}

    def test_the_whole_calendar_is_gone_through_once(self, front: Front, calendar: Calendar, picture: Picture) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        picture.read(calendar)
        front.seen.clear()
        picture.read(calendar, Window(utc(2), utc(2, month=4)))
        assert ["timeMin" in a.query for a in front.seen] == [True]

    def test_a_poll_without_news_is_one_request(self, front: Front, calendar: Calendar, picture: Picture) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        picture.read(calendar)
        front.seen.clear()
        picture.read(calendar)
        assert ["syncToken" in a.query for a in front.seen] == [True]

    def test_an_occurrence_that_is_moved_or_cancelled_later_is_seen(self, calendar: Calendar, picture: Picture) -> None:
        self.store("standup", vevent("standup", utc(9, 9), "RRULE:FREQ=DAILY;COUNT=4"))
        picture.read(calendar)
        key = b"standup".hex()
        for day, change in ((10, {"start": given(utc(10, 15)), "end": given(utc(10, 16))}), (11, {"status": "cancelled"})):
            original = {
                "recurringEventId": key,
                "originalStartTime": given(utc(day, 9)),
                "iCalUID": "standup",
                "status": "confirmed",
            }
            times = {"start": given(utc(day, 9)), "end": given(utc(day, 10))}
            self.diary.keep({**original, **times, "id": f"{key}_202603{day}T090000Z", **change})
        picture.read(calendar)
        assert picture.starts() == {"standup": [utc(9, 9), utc(10, 15), utc(12, 9)]}

    def test_many_changes_at_once_are_read_as_a_whole(self, front: Front, calendar: Calendar, picture: Picture) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        picture.read(calendar)
        for number in range(40):
            self.store(f"s{number}", vevent(f"s{number}", utc(9, 9), "RRULE:FREQ=DAILY;COUNT=2"))
        front.seen.clear()
        (batch,) = picture.read(calendar)
        assert (batch.snapshot, len(batch.events), len(front.seen)) == (True, 81, 3)

    def test_being_asked_to_one_occurrence_of_a_series_is_one_event(self, calendar: Calendar, picture: Picture) -> None:
        one = {"recurringEventId": "theirs", "originalStartTime": given(utc(10, 9)), "iCalUID": "theirs", "status": "confirmed"}
        picture.read(calendar)
        self.diary.keep({**one, "id": "theirs_x", "start": given(utc(10, 9)), "end": given(utc(10, 10))})
        picture.read(calendar)
        assert picture.starts() == {"theirs": [utc(10, 9)]}

    def test_a_long_calendar_comes_page_by_page(
        self, calendar: Calendar, picture: Picture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("connectors.google.calendar.PAGE", 2)
        for number in range(5):
            self.store(f"e{number}", vevent(f"e{number}", utc(10 + number, 9)))
        picture.read(calendar)
        for number in range(5):
            self.store(f"e{number}", vevent(f"e{number}", utc(10 + number, 11)))
        picture.read(calendar)
        assert picture.starts() == {f"e{number}": [utc(10 + number, 11)] for number in range(5)}

    @pytest.mark.parametrize(
        ("said", "busy"),
        [
            ({}, True),
            ({"status": "tentative"}, True),
            ({"transparency": "transparent"}, False),
            ({"eventType": "outOfOffice"}, True),
            ({"eventType": "focusTime"}, True),
            ({"eventType": "fromGmail"}, True),
            ({"eventType": "workingLocation"}, False),
            ({"eventType": "birthday"}, False),
            ({"attendees": [{"email": "me@x.example", "self": True, "responseStatus": "declined"}]}, False),
            ({"attendees": [{"email": "me@x.example", "self": True, "responseStatus": "tentative"}]}, True),
            ({"attendees": [{"email": "kim@acme.example", "responseStatus": "declined"}]}, True),
        ],
    )
    def test_what_takes_time_is_told(self, calendar: Calendar, picture: Picture, said: dict[str, Any], busy: bool) -> None:
        self.write(said)
        picture.read(calendar)
        assert [e.busy for e in picture.events["x"]] == [busy]

    def write(self, said: dict[str, Any]) -> None:
        usual = {"id": "xxxxx", "iCalUID": "x", "status": "confirmed", "start": given(utc(10, 9)), "end": given(utc(10, 10))}
        self.diary.keep({**usual, **said})

    def test_everybodys_answer_is_kept_and_a_room_is_nobody(self, calendar: Calendar, picture: Picture) -> None:
        people = [
            {"email": "Kim@Acme.example", "displayName": "Kim", "responseStatus": "declined"},
            {"email": "lee@acme.example", "responseStatus": "needsAction"},
            {"email": "room@resource.calendar.google.com", "resource": True, "responseStatus": "accepted"},
        ]
        self.write({"attendees": people, "organizer": {"email": "dana@northwind.example"}, "status": "tentative"})
        picture.read(calendar)
        (event,) = picture.events["x"]
        assert event.attendees == (Attendee("kim@acme.example", "Kim", "declined"), Attendee("lee@acme.example"))
        assert (event.organizer, event.status) == ("dana@northwind.example", "tentative")

    @pytest.mark.parametrize("visibility", ["private", "confidential"])
    def test_what_is_private_is_busy_and_nothing_else(self, calendar: Calendar, picture: Picture, visibility: str) -> None:
        words = {"summary": "Doctor", "description": "x", "location": "y", "organizer": {"email": "a@b.example"}}
        self.write({**words, "attendees": [{"email": "c@d.example"}], "visibility": visibility})
        picture.read(calendar)
        (event,) = picture.events["x"]
        assert (event.private, event.busy) == (True, True)
        assert (event.summary, event.description, event.location, event.organizer, event.attendees) == ("", "", "", None, ())

    @pytest.mark.parametrize(
        ("start", "end", "expected"),
        [
            ({"date": "2026-03-28"}, {"date": "2026-03-30"}, (utc(27, 23), utc(29, 22))),  # the clocks go forward within it
            ({"dateTime": "2026-03-30T09:00:00+02:00"}, {"dateTime": "2026-03-30T10:00:00+02:00"}, (utc(30, 7), utc(30, 8))),
            ({"dateTime": "2026-03-10T09:00:00Z"}, {"dateTime": "2026-03-10T09:30:00.500Z"}, (utc(10, 9), utc(10, 9, 30))),
            (
                {"dateTime": "2026-03-10T09:00:00", "timeZone": "America/New_York"},
                {"dateTime": "2026-03-10T10:00:00", "timeZone": "America/New_York"},
                (utc(10, 13), utc(10, 14)),
            ),
            (
                {"dateTime": "2026-03-10T09:00:00", "timeZone": "Mars"},
                {"dateTime": "2026-03-10T10:00:00"},
                (utc(10, 8), utc(10, 9)),
            ),
        ],
    )
    def test_times_are_read_in_their_own_zone_and_days_in_the_calendars(
        self,
        calendar: Calendar,
        picture: Picture,
        start: dict[str, str],
        end: dict[str, str],
        expected: tuple[datetime, datetime],
    ) -> None:
        self.diary.zone = "Europe/Berlin"
        self.write({"start": start, "end": end})
        if start.get("timeZone") == "Mars":
            self.diary.within = lambda *_: True  # type: ignore[method-assign]  # it does not know the zone either
        picture.read(calendar)
        (event,) = picture.events["x"]
        assert (event.start, event.end.replace(microsecond=0)) == expected
        assert event.all_day is ("date" in start)

    def test_a_weekly_meeting_keeps_its_hour_when_the_clocks_change(self, calendar: Calendar, picture: Picture) -> None:
        start = {"dateTime": "2026-03-25T09:00:00+01:00", "timeZone": "Europe/Berlin"}
        end = {"dateTime": "2026-03-25T10:00:00+01:00", "timeZone": "Europe/Berlin"}
        self.write({"start": start, "end": end, "recurrence": ["RRULE:FREQ=DAILY;INTERVAL=5;COUNT=2"]})
        picture.read(calendar)
        assert picture.starts() == {"x": [utc(25, 8), utc(30, 7)]}

    def test_a_meeting_that_google_counted_further_can_still_be_moved(self, calendar: Calendar, picture: Picture) -> None:
        """Google adds a version whenever an event is moved (…/calendar/api/concepts/inviting-attendees-to-events)."""
        for number in range(4):
            calendar.put(replace(INVITE, start=utc(10 + number, 8), end=utc(10 + number, 9), sequence=number))
        picture.read(calendar)
        assert picture.starts() == {INVITE.uid: [utc(13, 8)]}
        assert picture.events[INVITE.uid][0].sequence == 3

    def test_a_meeting_that_a_person_moved_is_left_there(self, calendar: Calendar) -> None:
        calendar.put(replace(INVITE, sequence=3))
        (event,) = self.diary.events.values()
        self.diary.keep({**event, "start": given(utc(12, 8)), "end": given(utc(12, 9)), "sequence": 1})
        with pytest.raises(ConnectorError, match="changed in the calendar") as caught:
            calendar.put(replace(INVITE, start=utc(25, 8), end=utc(25, 9), sequence=3))
        assert caught.value.permanent
        found = calendar.find(INVITE.uid)
        assert found is not None
        assert found.start == utc(12, 8)

    def test_an_answer_that_was_given_survives_a_move(self, calendar: Calendar) -> None:
        calendar.put(INVITE)
        (event,) = self.diary.events.values()
        self.diary.keep({**event, "attendees": [{"email": "kim@acme.example", "responseStatus": "accepted", "comment": "fine"}]})
        calendar.put(replace(INVITE, start=utc(20, 8), end=utc(20, 9), sequence=1))
        found = calendar.find(INVITE.uid)
        assert found is not None
        assert [a.answer for a in found.attendees] == ["accepted"]

    def test_google_is_told_to_send_every_invitation(self, front: Front, calendar: Calendar) -> None:
        front.diaries.sent.clear()
        assert calendar.sends_invitations is True
        calendar.put(INVITE)
        calendar.put(replace(INVITE, sequence=1, start=utc(20, 8), end=utc(20, 9)))
        calendar.put(replace(INVITE, sequence=2, cancelled=True))
        assert [told for _, told in front.diaries.sent] == ["all", "all", "all"]

    def test_an_event_of_which_only_the_id_is_left_is_not_guessed_at(self, calendar: Calendar) -> None:
        calendar.put(INVITE)
        (event,) = self.diary.events.values()
        self.diary.events[event["id"]] = {"kind": "calendar#event", "id": event["id"], "status": "cancelled", "etag": "x"}
        with pytest.raises(ConnectorError, match="cannot be read"):
            calendar.find(INVITE.uid)
