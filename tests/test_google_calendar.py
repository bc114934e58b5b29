"""The Google calendar, at a front that checks every request and reply against Google's own description of its API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import icalendar
import pytest
from calendar_contract import TOO_OFTEN, CalendarContract, Picture, utc, vcalendar, vevent
from given_grant import GivenGrant
from google_diary import Diary
from google_front import Front

from connectors.base import Calendar
from connectors.google_calendar import GoogleCalendar
from connectors.web import Access

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
        calendar = GoogleCalendar(Access(GivenGrant(address, token)), endpoint=front.url)
        yield calendar
        calendar.close()

    def store(self, uid: str, *components: str) -> None:
        """Google expands series itself and refuses what cannot be; here an unreadable one has no time that makes sense."""
        write(self.diary, uid, *(c.replace(TOO_OFTEN, "X-BROKEN:1") for c in components))
        if any(TOO_OFTEN in c for c in components):
            self.diary.keep({**self.diary.events[uid.encode().hex()], "start": {"dateTime": "whenever"}})

    def remove(self, uid: str) -> None:
        self.diary.cancel(uid.encode().hex())

    def test_an_unreadable_event_is_named_and_the_others_come(self, calendar: Calendar, picture: Picture) -> None:
        """Overridden for the reason that is given: series are expanded by Google, so none repeats too often for us."""
        self.store("bad", vevent("bad", utc(10, 9), TOO_OFTEN))
        self.store("good", vevent("good", utc(11, 9)))
        picture.read(calendar)
        assert picture.starts() == {"good": [utc(11, 9)]}
        assert picture.unreadable == (("bad", "its time is not valid"),)
