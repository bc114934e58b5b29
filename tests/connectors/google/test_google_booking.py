"""A Google calendar that answers oddly, belongs to somebody else, or does not say whether a booking was made."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from contracts.calendar_contract import INVITE, WINDOW, utc, vevent
from hypothesis import strategies as st
from servers.fixed_grant import FixedGrant
from servers.google_diary import Diary
from servers.google_front import Asked, Front, Meddling, Reply, error
from test_google_calendar import given, write

from connectors.calendar import Busy, Window
from connectors.errors import ConnectorError
from connectors.google import events
from connectors.google.calendar import GoogleCalendar
from connectors.google.gmail import GmailMailbox
from connectors.net.http import Access

pytestmark = pytest.mark.server

HOSTILE: list[dict[str, Any]] = [
    {"start": None},
    {"start": {"dateTime": 7}},
    {"start": {"date": "2026-02-31"}},
    {"start": {"dateTime": "9999-12-31T23:59:59-23:00"}},
    {"end": "tomorrow"},
]
ODD: list[dict[str, Any]] = [
    {"attendees": "everybody"},
    {"attendees": [None, {"email": 5}, {"email": "nobody"}]},
    {"organizer": [1], "sequence": "x", "created": 5, "updated": "whenever"},
    {"summary": {"a": 1}, "description": ["x"], "location": 3.5, "visibility": [], "transparency": {}, "eventType": []},
    {"extendedProperties": {"private": {"keptSequence": "9" * 40, "keptUid": {}}}},
    {"iCalUID": "u" * 100_000},
]


@pytest.fixture
def plain(front: Front) -> Iterator[GoogleCalendar]:
    address, token = front.account()
    calendar = GoogleCalendar(Access(FixedGrant(address, token, token)), endpoint=front.url)
    calendar._api._timeout = 1.0
    yield calendar
    calendar.close()


def listing(*events: Any) -> Meddling:
    """Google's answer to events.list."""
    said = {"items": list(events), "nextSyncToken": "t"}
    return lambda asked: (200, {}, json.dumps(said).encode()) if asked.path.endswith("/events") and asked.verb == "GET" else None


GOOD = {"id": "good", "iCalUID": "good", "status": "confirmed", "start": given(utc(11, 9)), "end": given(utc(11, 10))}


@pytest.mark.parametrize("said", HOSTILE)
def test_an_event_that_makes_no_sense_is_named_and_the_others_come(
    front: Front, plain: GoogleCalendar, said: dict[str, Any]
) -> None:
    bad = {**GOOD, "id": "bad", "iCalUID": "bad", **said}
    front.meddle.append(listing(bad, GOOD, None, 7))
    (batch,) = plain.poll(None, WINDOW)
    assert [e.uid for e in batch.events if not e.private] == ["good"]
    assert [name for name, _ in batch.unreadable] == ["bad"]
    assert not batch.snapshot


@pytest.mark.parametrize("said", ODD)
def test_what_is_odd_in_an_event_is_read_as_absent(front: Front, plain: GoogleCalendar, said: dict[str, Any]) -> None:
    front.meddle.append(listing({**GOOD, **said}))
    (batch,) = plain.poll(None, WINDOW)
    assert (len(batch.events), batch.unreadable) == (1, ())


# --- calendars of others --------------------------------------------------------------------------------------------------------


def shared(front: Front, calendar: GoogleCalendar, role: str) -> GoogleCalendar:
    """A colleague's calendar, shared with the user of `calendar`."""
    front.diaries.all["team@group.calendar.google.com"] = Diary("team@group.calendar.google.com", zone="Europe/Berlin")
    front.diaries.shared["team@group.calendar.google.com", calendar._api.access.user] = role
    return GoogleCalendar(calendar._api.access, "team@group.calendar.google.com", endpoint=front.url)


def test_a_shared_calendar_is_read_and_booked_in(front: Front, plain: GoogleCalendar) -> None:
    theirs = shared(front, plain, "writer")
    theirs.put(INVITE)
    assert theirs.find(INVITE.uid) is not None
    assert theirs.busy_times(WINDOW) == (Busy(INVITE.start, INVITE.end),)
    assert plain.find(INVITE.uid) is None


def test_a_calendar_of_which_only_busy_times_are_shared_is_read_as_that(front: Front, plain: GoogleCalendar) -> None:
    theirs = shared(front, plain, "freeBusyReader")
    write(front.diaries.all["team@group.calendar.google.com"], "one", vevent("one", utc(10, 9), "SUMMARY:Secret"))
    (batch,) = theirs.poll(None, WINDOW)
    assert [(e.private, e.summary, e.start) for e in batch.events] == [(True, "", utc(10, 9))]
    assert "busy times only" in theirs.check()[1]


def test_a_calendar_that_is_not_shared_is_for_a_person_to_put_right(front: Front, plain: GoogleCalendar) -> None:
    hidden = GoogleCalendar(plain._api.access, "boss@northwind.example", endpoint=front.url)
    with pytest.raises(ConnectorError, match="could not find this, or") as caught:
        list(hidden.poll(None, WINDOW))
    assert caught.value.permanent
    with pytest.raises(ConnectorError, match="free times are not known"):
        hidden.busy_times(WINDOW)


def test_a_colleagues_busy_times_are_known_where_they_are_shared(front: Front, plain: GoogleCalendar) -> None:
    colleague, _ = front.account()
    write(front.diaries.of(colleague, "primary"), "one", vevent("one", utc(10, 9)))
    assert plain.busy_times_of(colleague, WINDOW) is None
    front.diaries.shared[colleague, plain._api.access.user] = "freeBusyReader"
    assert plain.busy_times_of(colleague, WINDOW) == (Busy(utc(10, 9), utc(10, 10)),)


# --- busy times -----------------------------------------------------------------------------------------------------------------


def test_a_long_time_is_asked_about_in_pieces(front: Front, plain: GoogleCalendar) -> None:
    write(front.diaries.of(plain._api.access.user, "primary"), "one", vevent("one", utc(30, 0), hours=24 * 60))
    year = Window(utc(1, month=1), datetime(2027, 1, 1, tzinfo=UTC))
    assert plain.busy_times(year) == (Busy(utc(30), utc(30) + timedelta(days=60)),)
    spans = [
        (datetime.fromisoformat(b["timeMax"]) - datetime.fromisoformat(b["timeMin"])).days for b in (a.json() for a in front.seen)
    ]
    assert (sum(spans), max(spans)) == (365, 60)


@pytest.mark.parametrize(
    "calendars",
    [
        {},
        None,
        {"primary": {"errors": [{"domain": "global", "reason": "internalError"}]}},
        {"primary": {"busy": [], "errors": [{"domain": "global", "reason": "internalError"}]}},
        {"primary": {"busy": None}},
        {"primary": 5},
        {"primary": {"busy": [{"start": "2026-03-10T09:00:00Z"}]}},
        {"primary": {"busy": [{"start": "whenever", "end": "2026-03-10T09:00:00Z"}]}},
        {"primary": {"busy": [{"start": "2026-03-10T09:00:00", "end": "2026-03-10T10:00:00"}]}},
    ],
)
def test_busy_times_that_are_not_told_are_not_taken_for_free(front: Front, plain: GoogleCalendar, calendars: Any) -> None:
    front.meddle.append(
        lambda a: (200, {}, json.dumps({"calendars": calendars}).encode()) if a.path.endswith("/freeBusy") else None
    )
    with pytest.raises(ConnectorError, match="free times are not known"):
        plain.busy_times(WINDOW)


def test_what_the_owner_declined_keeps_nobody_from_booking(front: Front, plain: GoogleCalendar) -> None:
    declined = {"attendees": [{"email": "me@x.example", "self": True, "responseStatus": "declined"}]}
    front.diaries.of(plain._api.access.user, "primary").keep({**GOOD, **declined})
    assert plain.busy_times(WINDOW) == ()


# --- bookings whose outcome is not clear ----------------------------------------------------------------------------------------


def on_insert(what: Reply | str) -> Meddling:
    return lambda asked: what if asked.verb == "POST" and asked.path.endswith("/events") else None


def inserts(front: Front) -> int:
    return len(front.requests("POST", "/events"))


@pytest.mark.parametrize("how", ["drop", "reset", "hang", "lost 500", "lost 502", "lost 503", "lost 504"])
def test_a_booking_of_which_no_answer_came_is_unknown_and_find_tells(front: Front, plain: GoogleCalendar, how: str) -> None:
    front.meddle.append(on_insert(how))
    with pytest.raises(ConnectorError) as caught:
        plain.put(INVITE)
    assert (caught.value.unknown, caught.value.permanent) == (True, False)
    plain._api.access.back_off._until = 0
    assert plain.find(INVITE.uid) is not None
    front.meddle.clear()
    plain.put(INVITE)
    assert inserts(front) == 1


@pytest.mark.parametrize("status", [500, 503, 504])
def test_a_booking_that_was_not_done_is_found_to_be_absent(front: Front, plain: GoogleCalendar, status: int) -> None:
    front.meddle.append(on_insert(error(status, "backendError")))
    with pytest.raises(ConnectorError) as caught:
        plain.put(INVITE)
    assert caught.value.unknown
    plain._api.access.back_off._until = 0
    assert plain.find(INVITE.uid) is None
    assert inserts(front) == 1


def test_a_booking_whose_words_were_lost_was_done(front: Front, plain: GoogleCalendar) -> None:
    front.meddle.append(on_insert("half"))
    assert plain.put(INVITE).reference == INVITE.uid
    assert inserts(front) == 1


@pytest.mark.parametrize("how", ["drop", "lost 503"])
def test_a_move_of_which_no_answer_came_is_unknown_and_find_tells(front: Front, plain: GoogleCalendar, how: str) -> None:
    plain.put(INVITE)
    front.meddle.append(lambda asked: how if asked.verb == "PATCH" else None)
    with pytest.raises(ConnectorError) as caught:
        plain.put(replace(INVITE, start=utc(20, 8), end=utc(20, 9), sequence=1))
    assert caught.value.unknown
    plain._api.access.back_off._until = 0
    found = plain.find(INVITE.uid)
    assert found is not None
    assert (found.start, found.sequence, len(front.requests("PATCH"))) == (utc(20, 8), 1, 1)


def test_two_first_bookings_at_the_same_moment_are_one(front: Front, plain: GoogleCalendar) -> None:
    twin = GoogleCalendar(plain._api.access, endpoint=front.url)

    def book_first(asked: Asked) -> None:
        if asked.verb == "POST" and inserts(front) == 1:
            twin.put(replace(INVITE, summary="First"))

    front.meddle.append(book_first)
    plain.put(INVITE)
    found = plain.find(INVITE.uid)
    assert found is not None
    assert (found.summary, inserts(front)) == ("First", 2)


def test_what_somebody_changes_at_the_same_moment_is_not_overwritten(front: Front, plain: GoogleCalendar) -> None:
    plain.put(INVITE)
    diary = front.diaries.of(plain._api.access.user, "primary")

    def change_first(asked: Asked) -> None:
        if asked.verb == "PATCH":
            (event,) = diary.events.values()
            diary.keep({**event, "summary": "Renamed by hand"})

    front.meddle.append(change_first)
    with pytest.raises(ConnectorError, match="at the same moment") as caught:
        plain.put(replace(INVITE, sequence=1))
    assert (caught.value.permanent, caught.value.unknown) == (False, False)
    found = plain.find(INVITE.uid)
    assert found is not None
    assert found.summary == "Renamed by hand"


@pytest.mark.parametrize(
    ("reply", "words", "permanent"),
    [
        (error(403, "insufficientPermissions"), "permission to read and book meetings; run kept auth user", True),
        (error(403, "calendarUsageLimits"), "refused the request", True),
        (error(403, "quotaExceeded"), "limiting requests", False),
        (error(403, "rateLimitExceeded"), "limiting requests", False),
        (error(400, "invalid", "Invalid attendee email."), "Invalid attendee email", True),
    ],
)
def test_a_booking_that_was_refused_is_known_to_have_failed(
    front: Front, plain: GoogleCalendar, reply: Reply, words: str, permanent: bool
) -> None:
    front.meddle.append(on_insert(reply))
    with pytest.raises(ConnectorError, match=words) as caught:
        plain.put(INVITE)
    assert (caught.value.permanent, caught.value.unknown) == (permanent, False)
    assert inserts(front) == 1


def test_mail_and_calendar_of_a_user_rest_together(front: Front, plain: GoogleCalendar) -> None:
    front.meddle.append(lambda a: error(403, "rateLimitExceeded", Retry_After="60") if a.path.startswith("/calendar/") else None)
    with pytest.raises(ConnectorError, match="limiting requests"):
        plain.find("x")
    with pytest.raises(ConnectorError, match="limiting requests"):
        GmailMailbox(plain._api.access, front.url).check()
    assert len(front.seen) == 1


FIELDS = (
    "id",
    "iCalUID",
    "status",
    "start",
    "end",
    "attendees",
    "organizer",
    "extendedProperties",
    "visibility",
    "sequence",
    "created",
)
INNER = ("date", "dateTime", "timeZone", "email", "responseStatus", "private", "keptSequence", "keptTime", "self", "resource")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["2026-03-10", "2026-03-10T09:00:00Z", "Europe/Berlin", ".."]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(INNER), inner, max_size=6),
    max_leaves=15,
)


@hypothesis.settings(deadline=None)
@hypothesis.given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_whatever_google_says_of_an_event_is_read_or_refused(said: dict[str, Any]) -> None:
    with contextlib.suppress(ValueError, OverflowError):
        events.read(said, ZoneInfo("UTC"))
    events.series_of(said)
    events.written(INVITE, said)
