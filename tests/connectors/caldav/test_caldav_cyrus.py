"""The CalDAV connector against Cyrus, which redirects discovery and schedules meetings itself."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from contracts.caldav_contract import OnAServer, opened
from contracts.calendar_contract import INVITE, Picture
from servers import processes
from servers.cyrus import Cyrus
from servers.cyrus import cyrus as cyrus_server
from servers.mail_servers import fresh_user

from connectors.base import Calendar
from connectors.caldav.calendar import CaldavCalendar
from connectors.calendar import Invite
from connectors.errors import ConnectorError

pytestmark = pytest.mark.server
AHEAD = datetime(2040, 3, 12, 10, tzinfo=UTC)  # Cyrus invites to nothing that is past
REVIEW = dataclasses.replace(INVITE, start=AHEAD, end=AHEAD + timedelta(hours=1))


def calendar_at(server: Cyrus, **settings: str) -> tuple[CaldavCalendar, Invite]:
    """The calendar of a new user, and the review that this user organizes."""
    user = fresh_user()
    return opened(server.dav(user), None, **settings), dataclasses.replace(REVIEW, organizer=user)


def test_a_guest_whom_the_server_could_not_invite_is_named(cyrus: Cyrus) -> None:
    """It announces scheduling, and notes SCHEDULE-STATUS=5.1 at the guest (RFC 6638, 3.2.9)."""
    calendar, review = calendar_at(cyrus)
    calendar.put(review)
    assert (calendar.sends_invitations, calendar.uninvited(review.uid)) == (True, ("kim@acme.example",))
    calendar.put(dataclasses.replace(review, sequence=1, start=AHEAD + timedelta(days=1), end=AHEAD + timedelta(days=1, hours=1)))
    assert calendar.uninvited(review.uid) == ("kim@acme.example",)


def test_a_guest_whom_the_server_invited_is_not() -> None:
    try:
        with cyrus_server(mails_guests=True) as server:
            calendar, review = calendar_at(server)
            calendar.put(review)
            assert (calendar.sends_invitations, calendar.uninvited(review.uid)) == (True, ())
    except processes.Missing as missing:
        pytest.skip(str(missing))


def test_a_server_that_does_not_say_leaves_it_open_unless_the_configuration_says_it(cyrus: Cyrus) -> None:
    """Cyrus sends nothing about a meeting that is over, and notes nothing."""
    past = dataclasses.replace(INVITE, uid="kept-past")
    for setting, said in ({}, None), ({"invitations": "server"}, ()):
        calendar, review = calendar_at(cyrus, **setting)
        calendar.put(dataclasses.replace(past, organizer=review.organizer))
        assert calendar.uninvited(past.uid) == said


def test_a_server_that_is_not_to_invite_is_told_so_in_the_event(cyrus: Cyrus) -> None:
    """SCHEDULE-AGENT=CLIENT (RFC 6638, 7.1), and the server leaves it to Kept."""
    calendar, review = calendar_at(cyrus, invitations="mail")
    calendar.put(review)
    held = calendar._resource_with(review.uid)
    assert held is not None
    text = held[0].text("c:calendar-data").replace("\r", "").replace("\n ", "")
    assert (calendar.sends_invitations, "SCHEDULE-AGENT=CLIENT" in text, "SCHEDULE-STATUS" in text) == (False, True, False)


class TestCyrus(OnAServer):
    @pytest.fixture
    def server(self, cyrus: Cyrus) -> processes.Dav:
        user = fresh_user()
        self.home = f"/dav/calendars/user/{user.partition('@')[0]}/"
        return cyrus.dav(user)

    @pytest.mark.parametrize("address", ["", ".well-known/caldav", "dav/", "dav/calendars"])
    def test_the_calendar_is_found_from_the_bare_address(self, server: processes.Dav, address: str) -> None:
        calendar = opened(server, None, url=server.url + address)
        assert any("personal" in line.lower() for line in calendar.check())
        calendar.close()

    def test_an_event_on_whole_days_that_ends_on_its_start_takes_the_day(self, calendar: Calendar, picture: Picture) -> None:
        """Cyrus takes no such event, so no other program can have written one."""
        with pytest.raises(ConnectorError, match="403"):
            self.store("fair", self.whole_day("fair", "20260310", "20260310"))
        picture.read(calendar)
        assert picture.events == {}
