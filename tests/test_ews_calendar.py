"""The Exchange calendar, at a server that holds every request and every reply against Microsoft's schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ews_schema
import pytest
from calendar_contract import TOO_OFTEN, WINDOW, CalendarContract, Picture, utc, vcalendar, vevent
from ews_server import PASSWORD, USER, Exchange, running

from connectors import open_calendar
from connectors.base import Calendar
from connectors.ews_calendar import EwsCalendar

pytestmark = pytest.mark.skipif(not ews_schema.there(), reason="needs ../shared/data/ews-schema beside the repository")


@pytest.fixture
def server() -> Iterator[Exchange]:
    with running() as server:
        yield server
        assert server.wrong == []


def calendar_at(server: Exchange, **settings: Any) -> EwsCalendar:
    login = {"username": USER, "password": lambda: PASSWORD, "endpoint": server.url, "auth": "basic", "timeout": 5}
    calendar = open_calendar("ews", {**login, **settings})
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
