"""A calendar in Microsoft 365, at a server that holds every request and every reply against what Microsoft publishes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from contracts.calendar_contract import INVITE, TOO_OFTEN, WINDOW, CalendarContract, Picture, utc, vcalendar, vevent
from graph_connections import OTHER, calendar_at
from servers.graph_diary import Diary, instant
from servers.graph_server import USER, Graph
from servers.web_server import Clock

from connectors.base import Calendar
from connectors.calendar import Busy, Window
from connectors.errors import ConnectorError
from connectors.microsoft.calendar import GraphCalendar

pytest_plugins = ("graph_places",)
SHOWN = {"PRIVATE": "private", "CONFIDENTIAL": "confidential"}


def write(diary: Diary, uid: str, *components: str) -> None:
    """Another program puts an event, with its exceptions, into a calendar."""
    parsed = list(icalendar.Calendar.from_ical(vcalendar(*components)).walk("VEVENT"))
    first = parsed[0]
    status, free = str(first.get("status", "CONFIRMED")), str(first.get("transp", "OPAQUE")) == "TRANSPARENT"
    event = {
        "subject": str(first.get("summary", "")),
        "start": instant(first["dtstart"].dt),
        "end": instant(first["dtend"].dt),
        "isCancelled": status == "CANCELLED",
        "showAs": "free" if free or status == "CANCELLED" else "tentative" if status == "TENTATIVE" else "busy",
        "sensitivity": SHOWN.get(str(first.get("class", "")), "normal"),
        "type": "seriesMaster" if "rrule" in first else "singleInstance",
    }
    diary.keep(uid, event, parsed if "rrule" in first else None)


class TestGraph(CalendarContract):
    @pytest.fixture
    def calendar(self, graph: Graph) -> Iterator[GraphCalendar]:
        self.graph, self.diary = graph, graph.diaries.of(USER)
        calendar = calendar_at(graph)
        yield calendar
        calendar.close()

    def store(self, uid: str, *components: str) -> None:
        """Exchange expands series itself and refuses what cannot be; here an unreadable one has no time that makes sense."""
        write(self.diary, uid, *(c.replace(TOO_OFTEN, "X-BROKEN:1") for c in components))
        if any(TOO_OFTEN in c for c in components):
            self.diary.keep(uid, {**self.diary.events[uid], "start": {"dateTime": "whenever", "timeZone": "UTC"}})

    def store_broken(self, uid: str, component: str) -> None:
        """Its end is no time that makes sense."""
        self.store(uid, component)
        self.diary.keep(uid, {**self.diary.events[uid], "end": {"dateTime": "whenever", "timeZone": "UTC"}})

    def test_an_event_on_whole_days_that_ends_on_its_start_takes_the_day(self, calendar: Calendar, picture: Picture) -> None:
        """Overridden: Graph says so by isAllDay."""
        self.store("fair", vevent("fair", utc(10)))
        self.diary.keep("fair", {**self.diary.events["fair"], "isAllDay": True, "end": instant(utc(10))})
        picture.read(calendar)
        (event,) = picture.events["fair"]
        assert (event.all_day, event.start, event.end) == (True, utc(10), utc(11))

    def remove(self, uid: str) -> None:
        self.diary.drop(uid)

    def test_an_unreadable_event_is_named_and_the_others_come(self, calendar: Calendar, picture: Picture) -> None:
        """Overridden for the reason that is given: series are expanded by Exchange, so none repeats too often for us."""
        self.store("bad", vevent("bad", utc(10, 9), TOO_OFTEN))
        self.store("good", vevent("good", utc(11, 9)))
        picture.read(calendar)
        assert picture.starts() == {"good": [utc(11, 9)]}
        assert picture.unreadable == (("bad", "its time is not valid"),)

    def test_a_cancelled_meeting_stays_to_be_seen_and_frees_the_time(self, calendar: Calendar) -> None:
        """Overridden: a meeting that its organizer cancels leaves the organizer's calendar (learn.microsoft.com/graph/api/event-cancel)."""
        calendar.put(INVITE)
        calendar.put(dataclasses.replace(INVITE, sequence=1, cancelled=True))
        assert calendar.find(INVITE.uid) is None
        assert calendar.busy_times(WINDOW) == ()
        assert self.graph.diaries.invited == [("invited", INVITE.summary), ("cancelled", INVITE.summary)]
        calendar.put(dataclasses.replace(INVITE, sequence=1, cancelled=True))
        assert self.graph.count("cancel") == 1

    # --- following ---

    def test_a_poll_without_news_is_one_request(self, calendar: Calendar, picture: Picture) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        picture.read(calendar)
        self.graph.asked.clear()
        picture.read(calendar)
        assert self.graph.asked == ["GET /me/calendarView/delta"]

    def test_a_link_that_is_too_old_makes_it_read_everything(self, calendar: Calendar, picture: Picture) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        picture.read(calendar)
        self.store("two", vevent("two", utc(11, 9)))
        self.remove("one")
        self.diary.epoch += 1
        (batch,) = picture.read(calendar)
        assert (batch.snapshot, picture.starts()) == (True, {"two": [utc(11, 9)]})

    def test_a_long_calendar_comes_page_by_page(
        self, calendar: Calendar, picture: Picture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("connectors.microsoft.calendar.PAGE", 2)
        for number in range(5):
            self.store(f"e{number}", vevent(f"e{number}", utc(10 + number, 9)))
        picture.read(calendar)
        assert len(picture.events) == 5

    def test_one_occurrence_that_is_cancelled_leaves_the_series(self, calendar: Calendar, picture: Picture) -> None:
        self.store("standup", vevent("standup", utc(9, 9), "RRULE:FREQ=DAILY;COUNT=3"))
        picture.read(calendar)
        self.store("standup", vevent("standup", utc(9, 9), "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260310T090000Z"))
        picture.read(calendar)
        assert picture.starts() == {"standup": [utc(9, 9), utc(11, 9)]}

    # --- one event ---

    def keep(self, **said: Any) -> None:
        self.diary.keep("x", {"start": instant(utc(10, 9)), "end": instant(utc(10, 10)), **said})

    @pytest.mark.parametrize(
        ("said", "busy", "status"),
        [
            ({}, True, "confirmed"),
            ({"showAs": "tentative"}, True, "tentative"),
            ({"showAs": "oof"}, True, "confirmed"),
            ({"showAs": "free"}, False, "confirmed"),
            ({"showAs": "workingElsewhere"}, False, "confirmed"),
            ({"isCancelled": True}, False, "cancelled"),
            ({"responseStatus": {"response": "declined"}}, False, "confirmed"),
            ({"responseStatus": {"response": "tentativelyAccepted"}}, True, "tentative"),
            ({"responseStatus": {"response": "notResponded"}}, True, "confirmed"),
        ],
    )
    def test_what_takes_time_is_told(
        self, calendar: Calendar, picture: Picture, said: dict[str, Any], busy: bool, status: str
    ) -> None:
        self.keep(**said)
        picture.read(calendar)
        assert [(e.busy, e.status) for e in picture.events["x"]] == [(busy, status)]
        assert bool(calendar.busy_times(WINDOW)) is busy

    def test_everybodys_answer_is_kept_and_a_room_is_nobody(self, calendar: Calendar, picture: Picture) -> None:
        def person(email: str, answer: str, kind: str = "required") -> dict[str, Any]:
            return {"type": kind, "status": {"response": answer}, "emailAddress": {"name": "Kim", "address": email}}

        people = [person("Kim@Acme.example", "declined"), person("room@x.example", "accepted", "resource"), person(USER, "none")]
        self.keep(attendees=people, responseStatus={"response": "tentativelyAccepted"})
        picture.read(calendar)
        (event,) = picture.events["x"]
        assert [(a.email, a.answer) for a in event.attendees] == [("kim@acme.example", "declined"), (USER, "tentative")]

    def test_an_owner_who_declined_is_told_even_where_nobody_lists_them(self, calendar: Calendar, picture: Picture) -> None:
        self.keep(responseStatus={"response": "declined"})
        picture.read(calendar)
        assert [(a.email, a.answer) for a in picture.events["x"][0].attendees] == [(USER, "declined")]

    @pytest.mark.parametrize("sensitivity", ["private", "confidential", "personal"])
    def test_nothing_is_read_of_what_is_private(self, calendar: Calendar, picture: Picture, sensitivity: str) -> None:
        person = {"type": "required", "emailAddress": {"address": "kim@acme.example"}}
        body = {"contentType": "text", "content": "secret"}
        self.keep(sensitivity=sensitivity, subject="secret", body=body, location={"displayName": "secret"}, attendees=[person])
        picture.read(calendar)
        (event,) = picture.events["x"]
        assert (event.private, event.busy, event.attendees, event.organizer) == (True, True, (), None)
        assert "secret" not in f"{event}"

    @pytest.mark.parametrize(
        ("start", "zone"),
        [
            ("2026-03-10T00:00:00.0000000", "UTC"),
            ("2026-03-10T00:00:00.0000000", "W. Europe Standard Time"),
            ("2026-03-09T23:00:00.0000000", "W. Europe Standard Time"),
            ("2026-03-10T08:00:00.0000000", "Pacific Standard Time"),
        ],
    )
    def test_a_whole_day_is_a_day_of_the_calendars_own_zone(self, graph: Graph, picture: Picture, start: str, zone: str) -> None:
        first = datetime.fromisoformat(start[:19]).replace(tzinfo=UTC)
        times = {"start": {"dateTime": start, "timeZone": "UTC"}, "end": instant(first + timedelta(days=1))}
        graph.diaries.of(USER).keep("day", {**times, "isAllDay": True, "originalStartTimeZone": zone})
        picture.read(calendar_at(graph, time_zone="Europe/Berlin"))
        (event,) = picture.events["day"]
        assert (event.all_day, event.start, event.end) == (True, utc(9, 23), utc(10, 23))

    def test_a_zone_that_windows_names_is_known(self, calendar: Calendar, picture: Picture) -> None:
        times = {
            name: {"dateTime": f"2026-03-10T{hour}:00:00", "timeZone": "GMT Standard Time"}
            for name, hour in (("start", "09"), ("end", "10"))
        }
        self.keep(**times)
        picture.read(calendar)
        assert picture.starts() == {"x": [utc(10, 9)]}

    def test_a_zone_that_nobody_knows_makes_the_event_unreadable_and_no_other(self, calendar: Calendar, picture: Picture) -> None:
        self.store("good", vevent("good", utc(11, 9)))
        self.diary.keep(
            "made",
            {"start": {"dateTime": "2026-03-10T09:00:00", "timeZone": "Customized Time Zone"}, "end": instant(utc(10, 10))},
        )
        self.diary._touches = lambda *_: True  # type: ignore[method-assign]  # the server has no such zone either
        picture.read(calendar)
        assert (picture.starts(), picture.unreadable) == ({"good": [utc(11, 9)]}, (("made", "its time zone is not known"),))
        with pytest.raises(ConnectorError, match="free times are not known"):
            calendar.busy_times(WINDOW)

    # --- booking ---

    def test_a_booking_carries_its_transaction_and_is_in_the_organizers_zone(self, calendar: Calendar) -> None:
        calendar.put(dataclasses.replace(INVITE, start=utc(30, 9), end=utc(30, 10)))
        (event,) = self.diary.events.values()
        assert len(event["transactionId"]) == 36
        assert event["start"] == instant(utc(30, 9))

    def test_a_meeting_that_somebody_moved_is_left_as_it_is(self, calendar: Calendar) -> None:
        calendar.put(INVITE)
        (key,) = self.diary.events
        self.diary.keep(key, {**self.diary.events[key], "start": instant(utc(11, 9)), "end": instant(utc(11, 10))})
        with pytest.raises(ConnectorError, match="changed"):
            calendar.put(INVITE)

    def test_a_meeting_that_somebody_changes_meanwhile_is_not_overwritten(self, calendar: Calendar) -> None:
        calendar.put(INVITE)
        self.graph.trouble("412", "PATCH", code="ErrorIrresolvableConflict")
        with pytest.raises(ConnectorError, match="at the same moment") as caught:
            calendar.put(dataclasses.replace(INVITE, sequence=1))
        assert (caught.value.permanent, caught.value.unknown) == (False, False)


@pytest.mark.parametrize("done", [True, False], ids=["after it was taken", "before it was taken"])
@pytest.mark.parametrize("how", ["drop", "reset", "hang", "503", "504"])
def test_a_booking_whose_fate_is_unclear_is_not_made_again_and_can_be_found(graph: Graph, how: str, *, done: bool) -> None:
    graph.trouble(how, "POST", "events", done=done, code="generalException")
    clock = Clock()
    calendar = calendar_at(graph, clock)
    with pytest.raises(ConnectorError) as caught:
        calendar.put(INVITE)
    assert caught.value.unknown
    assert graph.count("POST", "events") == 1
    clock.now += 60
    assert (calendar.find(INVITE.uid) is not None) is done
    calendar.put(INVITE)
    assert [what for what, _ in graph.diaries.invited] == ["invited"]


@pytest.mark.parametrize("hint", [5, 300])
def test_no_request_leaves_inside_a_back_off_window(graph: Graph, hint: int) -> None:
    clock = Clock()
    calendar = calendar_at(graph, clock)
    graph.trouble("429", "GET", Retry_After=str(hint))
    for _ in range(3):
        with pytest.raises(ConnectorError) as caught:
            calendar.busy_times(WINDOW)
        assert caught.value.retry_after is not None
        clock.now += hint / 3 - 0.1
    assert len(graph.asked) == 1
    clock.now += 1
    assert calendar.busy_times(WINDOW) == ()


# --- others ------------------------------------------------------------------------------------------------------------------------


def test_another_calendar_is_found_by_its_name_or_its_id(graph: Graph) -> None:
    team = graph.diaries.of(USER, "Team")
    write(team, "theirs", vevent("theirs", utc(10, 9)))
    write(graph.diaries.of(USER), "mine", vevent("mine", utc(11, 9)))
    for wanted in ("Team", "AAMk-calendar-Team="):
        found = Picture()
        found.read(calendar_at(graph, calendar=wanted))
        assert found.starts() == {"theirs": [utc(10, 9)]}
    with pytest.raises(ConnectorError, match=r"no calendar “Nobody”.*Calendar, Team") as caught:
        Picture().read(calendar_at(graph, calendar="Nobody"))
    assert caught.value.permanent


def test_a_shared_calendar_is_read_and_not_ones_own(graph: Graph) -> None:
    picture = Picture()
    graph.store(OTHER)
    graph.shared.add((USER, OTHER))
    write(graph.diaries.of(OTHER), "theirs", vevent("theirs", utc(10, 9)))
    picture.read(calendar_at(graph, mailbox=OTHER))
    assert picture.starts() == {"theirs": [utc(10, 9)]}


def test_a_calendar_that_is_not_ours_to_see_is_said_plainly(graph: Graph) -> None:
    graph.store(OTHER)
    with pytest.raises(ConnectorError, match="kept auth") as caught:
        calendar_at(graph, mailbox=OTHER).check()
    assert caught.value.permanent


def test_another_persons_busy_times_are_known_where_they_are_shared(graph: Graph) -> None:
    write(graph.diaries.of(OTHER), "theirs", vevent("theirs", utc(10, 9)))
    write(graph.diaries.of(OTHER), "free", vevent("free", utc(11, 9), "TRANSP:TRANSPARENT"))
    calendar = calendar_at(graph)
    assert calendar.busy_times_of(OTHER, WINDOW) == (Busy(utc(10, 9), utc(10, 10)),)
    assert calendar.busy_times_of("nobody@acme.example", WINDOW) is None
    graph.diaries.hidden.add(OTHER)
    assert calendar.busy_times_of(OTHER, WINDOW) is None


def test_a_long_span_is_asked_for_in_parts(graph: Graph) -> None:
    write(graph.diaries.of(OTHER), "theirs", vevent("theirs", utc(10, 9, month=5)))
    year = Window(utc(1, month=1), utc(1, month=12))
    assert calendar_at(graph).busy_times_of(OTHER, year) == (Busy(utc(10, 9, month=5), utc(10, 10, month=5)),)
    assert graph.count("getSchedule") == 6


def test_a_calendar_for_reading_only_says_so(graph: Graph) -> None:
    graph.diaries.of(USER).can_edit = False
    assert any("cannot be booked" in line for line in calendar_at(graph).check())


def test_whole_days_hold_over_the_change_of_the_clocks(graph: Graph) -> None:
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        graph.diaries.of(USER).keep(
            f"d{day}", {"start": instant(start), "end": instant(start + timedelta(days=1)), "isAllDay": True}
        )
    picture = Picture()
    picture.read(calendar_at(graph, time_zone="Europe/London"), Window(utc(1, month=1), utc(1, month=12)))
    hours = sorted((e.end - e.start) for events in picture.events.values() for e in events)
    assert hours == [timedelta(hours=23), timedelta(hours=25)]
