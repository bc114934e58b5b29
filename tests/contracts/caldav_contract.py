"""What every CalDAV server is asked beyond the calendar's contract, and how a test gets a calendar of its own on one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from servers import processes
from servers.caldav_servers import meddler

from connectors import open_calendar
from connectors.caldav.calendar import CaldavCalendar
from connectors.caldav.dav import Dav, element
from connectors.errors import ConnectorError
from contracts.calendar_contract import INVITE, WINDOW, Picture, utc, vcalendar, vevent
from contracts.icalendar_contract import IcalendarContract


def session(server: processes.Dav) -> Dav:
    return Dav(server.url, server.users[0], lambda: server.password, None, 10)


def new_calendar(server: processes.Dav, home: str, name: str | None = None) -> str:
    """An empty calendar of its own for a test; its path."""
    path = f"{home}{uuid.uuid4().hex}/"
    shown = f"<d:displayname>{name or path}</d:displayname>"
    events = '<c:supported-calendar-component-set><c:comp name="VEVENT"/></c:supported-calendar-component-set>'
    body = element("c:mkcalendar", f"<d:set><d:prop>{shown}{events}</d:prop></d:set>")
    session(server).request("MKCALENDAR", path, body)
    return path


def opened(server: processes.Dav, path: str | None, url: str | None = None, **settings: object) -> CaldavCalendar:
    login = {"url": url or server.url, "username": server.users[0], "password": lambda: server.password}
    calendar = open_calendar("caldav", {**login, "calendar": path, **settings})
    assert isinstance(calendar, CaldavCalendar)
    return calendar


class OnAServer(IcalendarContract):
    home: str

    @pytest.fixture
    def server(self) -> processes.Dav:
        raise NotImplementedError

    @pytest.fixture
    def calendar(self, server: processes.Dav) -> Iterator[CaldavCalendar]:
        self.other = session(server)
        self.path = new_calendar(server, self.home)
        calendar = opened(server, self.path)
        yield calendar
        calendar.close()
        self.other.close()

    def store(self, uid: str, *components: str) -> None:
        address = f"{self.path}{quote(uid)}.ics"
        self.other.request("PUT", address, vcalendar(*components), content_type="text/calendar; charset=utf-8")

    def remove(self, uid: str) -> None:
        self.other.request("DELETE", f"{self.path}{quote(uid)}.ics")

    def test_a_token_the_server_no_longer_honours_makes_it_read_everything(
        self, calendar: CaldavCalendar, picture: Picture
    ) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        picture.read(calendar)
        assert picture.cursor is not None
        picture.cursor = picture.cursor.replace('"], "', '"], "x')
        self.store("two", vevent("two", utc(11, 9)))
        self.remove("one")
        (batch,) = picture.read(calendar)
        assert batch.snapshot
        assert picture.starts() == {"two": [utc(11, 9)]}

    @pytest.mark.usefixtures("calendar")
    def test_a_poll_without_news_is_one_short_question(self, server: processes.Dav, picture: Picture) -> None:
        for number in range(50):
            self.store(f"e{number}", vevent(f"e{number}", utc(1 + number % 28, 9)))
        with meddler(server) as between:
            calendar = opened(server, self.path, url=between.url)
            picture.read(calendar)
            questions, answer = len(between.seen), sum(between.answered)
            picture.read(calendar)
            calendar.close()
        assert len(between.seen) == questions + 1
        assert between.answered[-1] < answer / 10

    def test_times_of_others_are_not_known_here(self, calendar: CaldavCalendar) -> None:
        assert calendar.busy_times_of("kim@acme.example", WINDOW) is None

    def test_a_calendar_is_found_by_its_name_and_by_its_address(self, server: processes.Dav) -> None:
        name = f"Sales {uuid.uuid4().hex}"
        path = new_calendar(server, self.home, name)
        for wanted in (name.upper(), path, path.rstrip("/"), server.url.rstrip("/") + path):
            calendar = opened(server, wanted)
            calendar.put(INVITE)
            assert calendar.find(INVITE.uid) is not None
        with pytest.raises(ConnectorError, match=name) as caught:
            opened(server, "No such calendar").find("x")
        assert caught.value.permanent
