"""A calendar in Microsoft 365 that answers oddly, tells little of others, or was changed since a meeting was booked in it."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from contracts.calendar_contract import INVITE, WINDOW, Picture, utc, vevent
from graph_connections import OTHER, calendar_at
from hypothesis import strategies as st
from servers.graph_diary import instant
from servers.graph_server import USER, Graph
from servers.web_server import Clock
from test_graph_calendar import write

from connectors.calendar import Attendee, Busy, Window
from connectors.errors import ConnectorError
from connectors.microsoft import events, freebusy
from connectors.microsoft.calendar import GraphCalendar
from connectors.net.http import MAX_CONCURRENT

pytest_plugins = ("graph_places",)

LATER = replace(INVITE, start=utc(20, 8), end=utc(20, 9), sequence=1)
GOOD = {"id": "good", "iCalUId": "good", "type": "singleInstance", "start": instant(utc(11, 9)), "end": instant(utc(11, 10))}
SHORT = Window(utc(10, 9), utc(10, 10))


@pytest.fixture
def plain(graph: Graph) -> Iterator[GraphCalendar]:
    calendar = calendar_at(graph)
    yield calendar
    calendar.close()


@pytest.fixture
def picture() -> Picture:
    return Picture()


def instead(graph: Graph, *replies: Any) -> None:
    """What Microsoft 365 says from now on, whatever is asked: one after the other, the last again and again."""
    rest = list(replies)
    graph.mangle = lambda _: json.dumps(rest.pop(0) if len(rest) > 1 else rest[0]).encode()


def listing(*events: Any) -> dict[str, Any]:
    return {"value": list(events)}


# --- booked, moved and cancelled ------------------------------------------------------------------------------------------------


def test_a_booking_that_is_refused_as_a_second_one_is_there_already(graph: Graph, plain: GraphCalendar) -> None:
    """Another of us books between our look and our request (ErrorDuplicateTransactionId)."""
    twin = calendar_at(graph)
    look: Callable[[str], Any] = plain._resource_with

    def look_too_early(uid: str) -> Any:
        found = look(uid)
        if not graph.diaries.invited:
            twin.put(INVITE)
        return found

    plain._resource_with = look_too_early  # type: ignore[method-assign]  # the moment between two requests
    assert plain.put(INVITE).reference == INVITE.uid
    assert graph.diaries.invited == [("invited", INVITE.summary)]
    assert graph.count("POST", "/events") == 2


def test_a_later_version_books_a_cancelled_meeting_anew(graph: Graph, plain: GraphCalendar) -> None:
    plain.put(INVITE)
    plain.put(replace(INVITE, sequence=1, cancelled=True))
    plain.put(replace(LATER, sequence=2))
    found = plain.find(INVITE.uid)
    assert found is not None
    assert (found.start, found.sequence) == (LATER.start, 2)
    assert [what for what, _ in graph.diaries.invited] == ["invited", "cancelled", "invited"]


def test_who_is_asked_already_is_not_asked_anew_when_a_meeting_moves(graph: Graph, plain: GraphCalendar) -> None:
    plain.put(INVITE)
    (event,) = graph.diaries.of(USER).events.values()
    event["attendees"][0]["status"] = {"response": "accepted", "time": "2026-03-02T08:00:00Z"}
    plain.put(LATER)
    found = plain.find(INVITE.uid)
    assert found is not None
    assert found.attendees == (Attendee("kim@acme.example", "Kim", "accepted"),)


def test_somebody_new_is_asked_when_a_meeting_moves(plain: GraphCalendar) -> None:
    plain.put(INVITE)
    plain.put(replace(LATER, attendees=(*INVITE.attendees, Attendee("lee@acme.example", "Lee"))))
    found = plain.find(INVITE.uid)
    assert found is not None
    assert [a.email for a in found.attendees] == ["kim@acme.example", "lee@acme.example"]


@pytest.mark.parametrize(("online", "kept"), [(True, True), (False, False)])
def test_the_way_into_an_online_meeting_is_not_lost_when_it_moves(
    graph: Graph, plain: GraphCalendar, *, online: bool, kept: bool
) -> None:
    plain.put(INVITE)
    (event,) = graph.diaries.of(USER).events.values()
    event |= {"isOnlineMeeting": online, "body": {"contentType": "text", "content": "Join here"}}
    plain.put(LATER)
    found = plain.find(INVITE.uid)
    assert found is not None
    assert ("Join here" in found.description) is kept


def test_an_appointment_without_guests_is_deleted_because_it_cannot_be_cancelled(graph: Graph, plain: GraphCalendar) -> None:
    alone = replace(INVITE, attendees=())
    plain.put(alone)
    plain.put(replace(alone, sequence=1, cancelled=True))
    assert plain.find(INVITE.uid) is None
    assert (graph.count("DELETE"), graph.count("cancel")) == (1, 0)


def test_cancelling_what_somebody_deletes_at_that_moment_is_done(graph: Graph, plain: GraphCalendar) -> None:
    plain.put(INVITE)
    graph.trouble("404", "cancel", code="ErrorItemNotFound")
    assert plain.put(replace(INVITE, sequence=1, cancelled=True)).reference == INVITE.uid


@pytest.mark.parametrize("done", [True, False], ids=["after it was taken", "before it was taken"])
@pytest.mark.parametrize("how", ["drop", "reset", "hang", "503", "504"])
@pytest.mark.parametrize(
    ("verb", "news"), [("PATCH", LATER), ("cancel", replace(LATER, cancelled=True))], ids=["moved", "cancelled"]
)
def test_a_change_whose_fate_is_unclear_is_not_made_again_and_find_tells(
    graph: Graph, verb: str, news: Any, how: str, *, done: bool
) -> None:
    clock = Clock()
    calendar = calendar_at(graph, clock)
    calendar.put(INVITE)
    graph.trouble(how, verb, done=done, code="generalException")
    with pytest.raises(ConnectorError) as caught:
        calendar.put(news)
    assert (caught.value.unknown, graph.count(verb)) == (True, 1)
    clock.now += 60
    found = calendar.find(INVITE.uid)
    now = 1 if found is None else found.sequence
    assert (now == 1) is done
    calendar.put(news)
    assert len(graph.diaries.invited) == 2


@pytest.mark.parametrize(("status", "code"), [("400", "ErrorInvalidRequest"), ("403", "ErrorAccessDenied")])
def test_a_booking_that_was_refused_is_known_to_have_failed(graph: Graph, plain: GraphCalendar, status: str, code: str) -> None:
    graph.trouble(status, "POST", "events", code=code)
    with pytest.raises(ConnectorError, match=code) as caught:
        plain.put(INVITE)
    assert (caught.value.permanent, caught.value.unknown, graph.count("POST", "/events")) == (True, False, 1)


def test_a_booking_that_is_asked_to_wait_was_not_made(graph: Graph, plain: GraphCalendar) -> None:
    graph.trouble("429", "POST", "events", Retry_After="30")
    with pytest.raises(ConnectorError) as caught:
        plain.put(INVITE)
    assert (caught.value.unknown, caught.value.permanent) == (False, False)
    assert caught.value.retry_after is not None


def test_an_event_that_a_server_shows_unasked_is_not_taken_for_ours(graph: Graph, plain: GraphCalendar) -> None:
    instead(graph, listing(GOOD))
    assert plain.find(INVITE.uid) is None


def test_events_of_another_calendar_are_changed_where_they_lie(graph: Graph) -> None:
    graph.diaries.of(USER, "Team")
    team = calendar_at(graph, calendar="Team")
    team.put(INVITE)
    graph.asked.clear()
    team.put(LATER)
    team.put(replace(LATER, sequence=2, cancelled=True))
    assert all("/calendars/AAMk-calendar-Team=/events" in line for line in graph.asked)


# --- when others are busy -------------------------------------------------------------------------------------------------------


def test_somebody_who_shows_only_slots_is_busy_in_them(graph: Graph, plain: GraphCalendar) -> None:
    write(graph.diaries.of(OTHER), "theirs", vevent("theirs", utc(10, 9)))
    graph.diaries.discreet.add(OTHER)
    assert plain.busy_times_of(OTHER, WINDOW) == (Busy(utc(10, 9), utc(10, 10)),)


def test_somebody_without_any_event_is_free(graph: Graph, plain: GraphCalendar) -> None:
    graph.diaries.of(OTHER)
    assert plain.busy_times_of(OTHER, WINDOW) == ()


@pytest.mark.parametrize(
    ("status", "busy"),
    [
        ("busy", True), ("Busy", True), ("Tentative", True), ("oof", True), ("unknown", True), (None, True),
        ("free", False), ("workingElsewhere", False), ("WorkingElsewhere", False),
    ],
)  # fmt: skip
def test_who_is_not_said_to_be_free_is_busy(status: str | None, busy: bool) -> None:  # a parameter of the table
    """In small letters in the reference, with capitals in learn.microsoft.com/graph/outlook-get-free-busy-schedule."""
    item = {"status": status, "start": instant(SHORT.start), "end": instant(SHORT.end)}
    told = freebusy.read(listing({"scheduleId": OTHER, "scheduleItems": [item]}), SHORT)
    assert told == ([Busy(*SHORT)] if busy else [])


@pytest.mark.parametrize(
    "said",
    [
        {}, {"value": None}, listing(), listing(None), listing({}), listing({"scheduleItems": []}),
        listing({"scheduleItems": [], "availabilityView": "000"}),
        listing({"scheduleItems": [], "availabilityView": "0?00"}),
        listing({"scheduleItems": [], "availabilityView": 0}),
        listing({"scheduleItems": ["x"], "availabilityView": "0000"}),
        listing({"scheduleItems": [{"status": "busy"}], "availabilityView": "0000"}),
        listing({"scheduleItems": [], "availabilityView": "0000", "error": {"responseCode": "5009", "message": "no"}}),
    ],
)  # fmt: skip
def test_what_is_not_told_of_others_is_not_taken_for_free(said: dict[str, Any]) -> None:
    assert freebusy.read(said, SHORT) is None


# --- answers that make no sense -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        {"start": None},
        {"end": "tomorrow"},
        {"start": {"dateTime": 7, "timeZone": "UTC"}},
        {"start": {"dateTime": "2026-02-31T00:00:00", "timeZone": "UTC"}},
        {"start": {"dateTime": "2026-03-11T09:00:00", "timeZone": "../../etc/passwd"}},
        {"start": {"dateTime": "0001-01-01T00:00:00", "timeZone": "UTC"}, "isAllDay": True},
        {"end": {"dateTime": "9999-12-31T23:59:00", "timeZone": "UTC"}, "isAllDay": True, "originalStartTimeZone": "Tokyo Standard Time"},
    ],
)  # fmt: skip
def test_an_event_that_makes_no_sense_is_named_and_the_others_come(graph: Graph, said: dict[str, Any], picture: Picture) -> None:
    instead(
        graph, {"value": [], "@odata.deltaLink": "x"}, listing({**GOOD, "id": "bad", "iCalUId": "bad", **said}, GOOD, None, 7)
    )
    picture.read(calendar_at(graph, time_zone="Asia/Tokyo"))
    assert picture.starts() == {"good": [utc(11, 9)]}
    assert [name for name, _ in picture.unreadable] == ["bad"]


@pytest.mark.parametrize(
    "said",
    [
        {"attendees": "everybody"},
        {"attendees": [None, {"emailAddress": 5}, {"emailAddress": {"address": ["x"]}}, {"status": 3}]},
        {"organizer": [1], "createdDateTime": 5, "lastModifiedDateTime": "whenever", "changeKey": {}},
        {"subject": {"a": 1}, "body": ["x"], "location": 3.5, "sensitivity": [], "showAs": {}, "responseStatus": "none"},
        {"singleValueExtendedProperties": [{"id": events.VERSION, "value": "9" * 40}, {"id": 7}, "x"]},
        {"iCalUId": "u" * 100_000},
        {"id": None, "iCalUId": None},
        {"seriesMasterId": "s" * 100_000, "originalStart": "whenever"},
        {"seriesMasterId": {"a": 1}},
    ],
)
def test_what_is_odd_in_an_event_is_read_as_absent(graph: Graph, said: dict[str, Any], picture: Picture) -> None:
    master = {"error": {"code": "ErrorInvalidIdMalformed"}}
    instead(graph, {"value": [], "@odata.deltaLink": "x"}, listing({**GOOD, **said}), master)
    picture.read(calendar_at(graph))
    assert (len(picture.events), picture.unreadable) == (1, ())
    assert all(0 < len(uid) <= 500 for uid in picture.events)
    graph.wrong.clear()  # the id of a master is as hostile as the rest


@pytest.mark.parametrize("said", [{}, {"value": None}, {"value": {}}, [], "x", None])
def test_an_answer_without_a_list_is_not_taken_for_an_empty_calendar(graph: Graph, plain: GraphCalendar, said: Any) -> None:
    instead(graph, said)
    with pytest.raises(ConnectorError, match="cannot be understood") as caught:
        plain.busy_times(WINDOW)
    assert not caught.value.permanent


@pytest.mark.parametrize(
    ("status", "code"),
    [("410", "SyncStateNotFound"), ("410", "resyncRequired"), ("400", "SyncStateInvalid"), ("400", "ErrorInvalidSyncState"), ("404", "ErrorItemNotFound")],
)  # fmt: skip
def test_a_link_that_is_refused_makes_it_read_everything(
    graph: Graph, plain: GraphCalendar, picture: Picture, status: str, code: str
) -> None:
    write(graph.diaries.of(USER), "one", vevent("one", utc(10, 9)))
    picture.read(plain)
    graph.trouble(status, "delta", code=code)
    (batch,) = picture.read(plain)
    assert (batch.snapshot, picture.starts()) == (True, {"one": [utc(10, 9)]})


def test_a_declined_meeting_is_the_owners_however_their_address_is_written(graph: Graph, picture: Picture) -> None:
    person = {"type": "required", "emailAddress": {"address": USER}, "status": {"response": "none"}}
    graph.store(USER.title())
    graph.diaries.of(USER.title()).keep("x", {**GOOD, "attendees": [person], "responseStatus": {"response": "declined"}})
    graph.shared.add((USER, USER.title()))
    picture.read(calendar_at(graph, mailbox=USER.title()))
    assert [(a.email, a.answer) for e in picture.events["good"] for a in e.attendees] == [(USER, "declined")]


def test_busy_times_ask_for_no_words_and_no_masters(graph: Graph, plain: GraphCalendar) -> None:
    write(graph.diaries.of(USER), "series", vevent("series", utc(9, 9), "RRULE:FREQ=DAILY;COUNT=5"))
    assert len(plain.busy_times(WINDOW)) == 5
    assert graph.asked == ["GET /me/calendarView"]


def test_no_more_is_asked_at_once_than_a_mailbox_bears(graph: Graph, plain: GraphCalendar) -> None:

    graph.slow = 0.05
    threads = [threading.Thread(target=plain.busy_times_of, args=(OTHER, WINDOW)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert graph.most <= MAX_CONCURRENT


FIELDS = (
    "id", "iCalUId", "start", "end", "isAllDay", "isCancelled", "showAs", "sensitivity", "attendees", "organizer", "body", "location",
    "singleValueExtendedProperties", "seriesMasterId", "originalStart", "originalStartTimeZone", "responseStatus", "createdDateTime",
)  # fmt: skip
INNER = ("dateTime", "timeZone", "emailAddress", "address", "name", "response", "status", "id", "value", "content", "displayName")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(
        ["0001-01-01T00:00:00", "9999-12-31T23:59:59.9999999", "2026-03-10T09:00:00Z", "UTC", "..", "Tokyo Standard Time"]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(INNER), inner, max_size=6),
    max_leaves=15,
)


@hypothesis.settings(deadline=None, max_examples=300)
@hypothesis.given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_whatever_is_said_of_an_event_is_read_or_refused(said: dict[str, Any]) -> None:
    with contextlib.suppress(ValueError):
        events.read(said, "x", ZoneInfo("Pacific/Auckland"), USER)
    events.changes(INVITE, said)


TIME = st.fixed_dictionaries({
    "dateTime": st.datetimes().map(lambda d: d.isoformat()),
    "timeZone": st.sampled_from(["UTC", "Tokyo Standard Time", "Pacific Standard Time"]),
})  # fmt: skip


@hypothesis.settings(deadline=None)
@hypothesis.given(TIME, TIME, st.booleans(), st.sampled_from(["Tokyo Standard Time", "Hawaiian Standard Time", "Mars"]))
def test_a_time_at_either_end_of_the_calendar_is_read_or_refused(start: Any, end: Any, whole: bool, home: str) -> None:  # drawn
    with contextlib.suppress(ValueError):
        said = {"start": start, "end": end, "isAllDay": whole, "originalStartTimeZone": home}
        events.read(said, "x", ZoneInfo("Pacific/Auckland"), USER)
