"""The CalDAV connector against Cyrus, which redirects discovery and schedules meetings itself."""

from __future__ import annotations

import pytest
from contracts.caldav_contract import OnAServer, opened
from contracts.calendar_contract import Picture
from servers import processes
from servers.cyrus import Cyrus
from servers.mail_servers import fresh_user

from connectors.base import Calendar
from connectors.errors import ConnectorError

pytestmark = pytest.mark.server


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
