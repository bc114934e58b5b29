"""Calendars beside one's own first one at an Exchange server: named, delegated, not shared; and answers that break off."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from contracts.calendar_contract import INVITE, WINDOW, Picture, utc, vcalendar, vevent
from servers import ews_schema
from servers.ews_calendar_store import CalendarStore
from servers.ews_server import USER, Exchange, mutilator, running, settings

from connectors import open_calendar
from connectors.base import Calendar
from connectors.calendar import Attendee, Busy, Event, Window
from connectors.errors import ConnectorError

pytestmark = pytest.mark.skipif(not ews_schema.there(), reason="needs ../shared/data/ews-schema beside the repository")


@pytest.fixture
def server() -> Iterator[Exchange]:
    with running() as server:
        yield server
        assert server.wrong == []


def calendar_at(server: Exchange, **more: Any) -> Calendar:
    return open_calendar("ews", settings(server, **more))


@pytest.fixture
def sales(server: Exchange) -> CalendarStore:
    """A second calendar of one's own."""
    server.mailbox(USER).add_folder("Sales", kind="IPF.Appointment")
    return server.calendars[USER]


def test_a_calendar_is_found_by_its_name(server: Exchange, sales: CalendarStore) -> None:
    sales.write("here", vcalendar(vevent("here", utc(10, 9))), "Sales")
    sales.write("there", vcalendar(vevent("there", utc(11, 9))))
    picture = Picture()
    calendar = calendar_at(server, calendar="SALES")
    picture.read(calendar)
    assert picture.starts() == {"here": [utc(10, 9)]}
    assert calendar.busy_times(WINDOW) == (Busy(utc(10, 9), utc(10, 10)),)
    assert "Sales" in calendar.check()[0]


@pytest.mark.usefixtures("sales")
def test_a_meeting_is_booked_in_the_calendar_that_is_named(server: Exchange) -> None:
    calendar = calendar_at(server, calendar="Sales")
    calendar.put(INVITE)
    assert server.calendars[USER].of(INVITE.uid).folder == server.mailbox(USER).folder("Sales").id
    assert calendar_at(server).find(INVITE.uid) is None


@pytest.mark.usefixtures("sales")
def test_a_calendar_that_is_not_there_is_said_with_those_that_are(server: Exchange) -> None:
    with pytest.raises(ConnectorError, match=r"no calendar Support .*Calendar, Sales") as caught:
        calendar_at(server, calendar="Support").check()
    assert caught.value.permanent


def test_a_delegated_calendar_is_read_and_booked_in(server: Exchange) -> None:
    server.mailbox("boss@example.test")
    theirs = server.calendars["boss@example.test"]
    theirs.write("x", vcalendar(vevent("x", utc(10, 9))))
    calendar = calendar_at(server, mailbox="boss@example.test")
    picture = Picture()
    picture.read(calendar)
    assert picture.starts() == {"x": [utc(10, 9)]}
    assert calendar.busy_times(WINDOW) == (Busy(utc(10, 9), utc(10, 10)),)
    calendar.put(dataclasses.replace(INVITE, start=utc(20, 9), end=utc(20, 10)))
    assert theirs.of(INVITE.uid).event.start == utc(20, 9)
    assert calendar.find(INVITE.uid) is not None


def test_a_calendar_that_is_not_shared_is_said_plainly(server: Exchange) -> None:
    server.mailbox("boss@example.test")
    server.hidden.add("boss@example.test")
    with pytest.raises(ConnectorError, match=r"ask your IT department for access to boss@example\.test") as caught:
        calendar_at(server, mailbox="boss@example.test").check()
    assert caught.value.permanent


def test_a_user_without_an_address_is_busy_by_his_events(server: Exchange) -> None:
    server.user = "EXAMPLE\\alice"
    server.calendars[USER].write("x", vcalendar(vevent("x", utc(10, 9))))
    calendar = calendar_at(server, username="EXAMPLE\\alice")
    assert calendar.busy_times(WINDOW) == (Busy(utc(10, 9), utc(10, 10)),)
    server.calendars[USER].put(Event("y", utc(11, 9), utc(11, 10)), without="End")
    with pytest.raises(ConnectorError, match="free times are not known"):
        calendar.busy_times(WINDOW)


@pytest.mark.parametrize("how", ["garbage", "cut", "drop", "reset", "lost"])
@pytest.mark.parametrize("operation", ["SyncFolderItems", "FindItem", "GetItem"])
def test_a_broken_answer_is_an_error_and_loses_nothing(server: Exchange, operation: str, how: str) -> None:
    server.calendars[USER].write("x", vcalendar(vevent("x", utc(10, 9))))
    calendar, picture = calendar_at(server), Picture()
    server.trouble(how, operation=operation, done=True)
    with pytest.raises(ConnectorError) as caught:
        picture.read(calendar)
    assert not caught.value.unknown
    picture.read(calendar)
    assert picture.starts() == {"x": [utc(10, 9)]}


def test_a_window_of_many_years_is_asked_for_in_parts(server: Exchange) -> None:
    server.calendars[USER].put(Event("far", datetime(2031, 5, 1, 9, tzinfo=UTC), datetime(2031, 5, 1, 10, tzinfo=UTC)))
    picture = Picture()
    picture.read(calendar_at(server), Window(utc(1), utc(1) + timedelta(days=2500)))
    assert list(picture.events) == ["far"]


def test_mutilated_answers_are_read_as_far_as_they_go(server: Exchange) -> None:
    """Whatever is missing or malformed: a person is told, or it is left out."""
    there = server.calendars[USER]
    there.write("s", vcalendar(vevent("s", utc(9, 9), "RRULE:FREQ=DAILY;COUNT=2")))
    there.put(Event("day", utc(10), utc(11), all_day=True, attendees=(Attendee("kim@acme.example", "Kim"),)))
    server.mangle = mutilator(6)
    calendar = calendar_at(server)
    questions: list[Callable[[], object]] = [
        lambda: list(calendar.poll(None, WINDOW)),
        lambda: calendar.busy_times(WINDOW),
        lambda: calendar.find("s"),
        lambda: calendar.find("day"),
    ]
    outcomes = [answered(question) for _ in range(60) for question in questions]
    assert {"answered", "refused"} == set(outcomes)


def answered(question: Callable[[], object]) -> str:
    try:
        question()
    except ConnectorError:
        return "refused"
    return "answered"
