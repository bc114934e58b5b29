"""The CalDAV connector against Radicale and Xandikos, and against servers that fail."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from contracts.caldav_contract import OnAServer, new_calendar, opened, session
from contracts.calendar_contract import INVITE, WINDOW, Picture, utc, vcalendar, vevent
from contracts.icalendar_contract import IcalendarContract
from servers import processes
from servers.caldav_servers import Meddler, Meddling, meddler

from connectors.caldav.calendar import CaldavCalendar
from connectors.caldav.dav import element
from connectors.calendar import Busy
from connectors.errors import ConnectorError

pytestmark = pytest.mark.server


class TestRadicale(OnAServer):
    home = "/alice/"

    @pytest.fixture
    def server(self, radicale: processes.Dav) -> processes.Dav:
        return radicale

    def test_invitations_go_by_mail_where_the_server_does_not_send_them(self, calendar: CaldavCalendar) -> None:
        assert calendar.sends_invitations is False

    def test_the_address_of_the_calendar_itself_will_do(self, server: processes.Dav, calendar: CaldavCalendar) -> None:
        calendar.put(INVITE)
        assert opened(server, None, url=server.url.rstrip("/") + self.path).find(INVITE.uid) is not None


class TestXandikos(OnAServer):
    home = "/alice/calendars/"

    @pytest.fixture
    def server(self, xandikos: processes.Dav) -> processes.Dav:
        return xandikos

    def test_the_servers_own_calendar_is_found_without_being_named(self, server: processes.Dav) -> None:
        assert "calendar" in opened(server, None).check()[0]


# --- servers that can less ---------------------------------------------------------------------------------------------------


@pytest.fixture
def between(radicale: processes.Dav) -> Iterator[Meddler]:
    with meddler(radicale) as go_between:
        yield go_between


@pytest.fixture
def behind(radicale: processes.Dav, between: Meddler) -> CaldavCalendar:
    """A calendar on Radicale, reached through the go-between."""
    return opened(radicale, new_calendar(radicale, "/alice/"), url=between.url, timeout=1.0)


def refusing(method: str, status: int, body: str = "", **headers: str) -> Meddling:
    """Answers `method` with that status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda asked, _: (status, named, body) if asked == method else None


class TestAServerWithoutSyncTokens(IcalendarContract):
    """What it can still do is say its etags."""

    @pytest.fixture
    def calendar(self, radicale: processes.Dav, monkeypatch: pytest.MonkeyPatch) -> CaldavCalendar:
        self.other = session(radicale)
        self.path = new_calendar(radicale, "/alice/")
        monkeypatch.setattr("connectors.caldav.calendar.about", lambda *_: None)  # asked for its sync token, it has none
        return opened(radicale, self.path)

    def store(self, uid: str, *components: str) -> None:
        self.other.request(
            "PUT", f"{self.path}{quote(uid)}.ics", vcalendar(*components), content_type="text/calendar; charset=utf-8"
        )

    def remove(self, uid: str) -> None:
        self.other.request("DELETE", f"{self.path}{quote(uid)}.ics")


@pytest.mark.parametrize(("status", "body"), [(501, ""), (403, ""), (200, "what?")])
def test_busy_times_come_from_the_events_where_the_server_works_out_none(
    behind: CaldavCalendar, between: Meddler, status: int, body: str
) -> None:
    behind.put(INVITE)
    asked = len(between.seen)
    # Only the first question after this, which is the one for free/busy.
    between.meddle.append(lambda *_: (status, {}, body) if len(between.seen) == asked + 1 else None)
    assert behind.busy_times(WINDOW) == (Busy(INVITE.start, INVITE.end),)


@pytest.mark.parametrize(
    ("status", "headers", "permanent", "words"),
    [
        (401, {"WWW_Authenticate": 'Basic realm="x"'}, True, "user name .* or its password"),
        (403, {}, True, "does not allow"),
        (404, {}, True, "no such address"),
        (429, {"Retry_After": "120"}, False, "limiting requests"),
        (503, {"Retry_After": "120"}, False, "limiting requests"),
        (503, {}, False, "limiting requests"),
        (507, {}, True, "no space"),
        (500, {}, False, "internal error"),
        (200, {}, False, "did not answer as a calendar server"),
    ],
)
def test_every_refusal_is_one_clear_line_with_the_right_bit(
    behind: CaldavCalendar, between: Meddler, status: int, headers: dict[str, str], permanent: bool, words: str
) -> None:
    behind.find("x")
    between.meddle.append(refusing("REPORT", status, **headers))
    with pytest.raises(ConnectorError, match=words) as caught:
        behind.find("x")
    assert caught.value.permanent is permanent
    assert "\n" not in caught.value.message
    assert caught.value.retry_after == (timedelta(seconds=120) if "Retry_After" in headers else None)


def test_an_answer_lost_after_a_booking_leaves_it_unknown_and_find_settles_it(behind: CaldavCalendar, between: Meddler) -> None:
    behind.find("x")
    between.meddle.append(lambda method, _: "drop" if method == "PUT" else None)
    with pytest.raises(ConnectorError) as caught:
        behind.put(INVITE)
    assert (caught.value.unknown, caught.value.permanent) == (True, False)
    assert [method for method, _ in between.seen].count("PUT") == 1, "what is not known to have failed is never sent again"
    assert behind.find(INVITE.uid) is not None


def test_a_server_that_does_not_answer_a_booking_leaves_it_unknown(behind: CaldavCalendar, between: Meddler) -> None:
    behind.find("x")
    between.meddle.append(lambda method, _: "hang" if method == "PUT" else None)
    with pytest.raises(ConnectorError, match="does not answer") as caught:
        behind.put(INVITE)
    assert caught.value.unknown


@pytest.mark.parametrize(
    ("status", "body"),
    [(207, '<?xml version="1.0"?><d:multistatus xmlns:d="DAV:"/>'), (200, "<html>Please log in</html>"), (202, "")],
    ids=["an empty multistatus", "a web page", "accepted for later"],
)
def test_an_answer_to_a_booking_that_no_calendar_server_gives_leaves_it_unknown(
    behind: CaldavCalendar, between: Meddler, status: int, body: str
) -> None:
    behind.find("x")
    between.meddle.append(refusing("PUT", status, body))
    with pytest.raises(ConnectorError, match="may not be booked") as caught:
        behind.put(INVITE)
    assert caught.value.unknown
    between.meddle.clear()
    assert behind.find(INVITE.uid) is None
    behind.put(INVITE)
    assert behind.find(INVITE.uid) is not None


def test_a_booking_refused_for_lack_of_room_is_known_to_have_failed(behind: CaldavCalendar, between: Meddler) -> None:
    between.meddle.append(refusing("PUT", 507))
    with pytest.raises(ConnectorError, match="no space") as caught:
        behind.put(INVITE)
    assert (caught.value.permanent, caught.value.unknown) == (True, False)


def test_what_somebody_changes_at_the_same_moment_is_not_overwritten(
    radicale: processes.Dav, behind: CaldavCalendar, between: Meddler
) -> None:
    behind.put(INVITE)
    path = f"/{behind._collection().url.split('/', 3)[3]}{INVITE.uid}.ics"
    theirs = vcalendar(vevent(INVITE.uid, utc(25, 9), "SUMMARY:Moved by hand"))

    def change_first(method: str, _: str) -> None:
        if method == "PUT":
            session(radicale).request("PUT", path, theirs, content_type="text/calendar")

    between.meddle.append(change_first)
    with pytest.raises(ConnectorError, match="at the same moment") as caught:
        behind.put(dataclasses.replace(INVITE, sequence=1))
    assert not caught.value.permanent
    found = behind.find(INVITE.uid)
    assert found is not None
    assert found.summary == "Moved by hand"


def test_two_first_bookings_at_the_same_moment_are_one(radicale: processes.Dav, behind: CaldavCalendar, between: Meddler) -> None:
    twin = opened(radicale, behind._collection().url)

    def book_first(method: str, _: str) -> None:
        if method == "PUT":
            twin.put(dataclasses.replace(INVITE, summary="First"))

    between.meddle.append(book_first)
    with pytest.raises(ConnectorError, match="at the same moment"):
        behind.put(INVITE)
    found = behind.find(INVITE.uid)
    assert found is not None
    assert found.summary == "First"


def test_a_scheduling_server_is_known_by_what_it_offers_and_asked_for_other_peoples_times(
    behind: CaldavCalendar, between: Meddler
) -> None:
    """The answer is shaped as in RFC 6638, appendix B.5, for a client who is known and one who is not."""
    behind._discovered = dataclasses.replace(behind._collection(), outbox="/outbox/", address="alice@example.test")
    busy = "FREEBUSY;FBTYPE=BUSY:20260310T090000Z/20260310T100000Z,20260310T100000Z/PT30M"
    free = "FREEBUSY;FBTYPE=FREE:20260311T090000Z/PT1H"
    known = vcalendar("METHOD:REPLY", "BEGIN:VFREEBUSY", "UID:1", "DTSTAMP:20260301T000000Z", busy, free, "END:VFREEBUSY")
    ok = f"<c:request-status>2.0;Success</c:request-status><c:calendar-data>{known}</c:calendar-data>"
    answers = {"known": ok, "unknown": "<c:request-status>3.7;Invalid calendar user</c:request-status>"}

    def outbox(which: str) -> Meddling:
        body = element("c:schedule-response", f"<c:response><c:recipient/>{answers[which]}</c:response>")
        return refusing("POST", 200, body, Content_Type="application/xml")

    between.meddle.append(refusing("OPTIONS", 200, DAV="1, calendar-access, calendar-auto-schedule"))
    assert behind.sends_invitations
    between.meddle.append(outbox("known"))
    assert behind.busy_times_of("kim@acme.example", WINDOW) == (Busy(utc(10, 9), utc(10, 10, 30)),)
    between.meddle[-1] = outbox("unknown")
    assert behind.busy_times_of("kim@acme.example", WINDOW) is None


def test_a_resource_that_is_no_calendar_any_more_is_not_taken_for_deleted(
    behind: CaldavCalendar, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind.put(INVITE)
    picture.read(behind)
    behind.put(dataclasses.replace(INVITE, sequence=1))
    monkeypatch.setattr(
        "connectors.formats.ics.read_tolerantly", lambda *_: int("no calendar at all")
    )  # no server takes such a thing, but disks fail
    picture.read(behind)
    assert picture.unreadable
    assert picture.starts() == {INVITE.uid: [INVITE.start]}


EMPTY = '<?xml version="1.0"?><multistatus xmlns="DAV:"></multistatus>'


def finding_nothing(between: Meddler) -> None:
    between.meddle.append(refusing("REPORT", 207, EMPTY, Content_Type="application/xml"))


def test_a_cancellation_reaches_an_event_that_a_search_does_not_show(behind: CaldavCalendar, between: Meddler) -> None:
    behind.put(INVITE)
    finding_nothing(between)
    behind.put(dataclasses.replace(INVITE, sequence=1, cancelled=True))
    between.meddle.clear()
    stored = behind.find(INVITE.uid)
    assert stored is not None
    assert stored.status == "cancelled"


def test_a_cancellation_of_what_is_gone_is_done(radicale: processes.Dav, behind: CaldavCalendar) -> None:
    behind.put(INVITE)
    session(radicale).request("DELETE", f"{behind._collection().url}{INVITE.uid}.ics")
    behind.put(dataclasses.replace(INVITE, sequence=1, cancelled=True))
    assert behind.find(INVITE.uid) is None


@pytest.mark.parametrize(("status", "body"), [(500, ""), (200, "<html>Sign in</html>"), (403, "")])
def test_a_cancellation_is_not_done_where_nothing_is_known_of_its_event(
    behind: CaldavCalendar, between: Meddler, status: int, body: str
) -> None:
    behind.put(INVITE)
    finding_nothing(between)
    between.meddle.append(refusing("GET", status, body))
    with pytest.raises(ConnectorError):
        behind.put(dataclasses.replace(INVITE, sequence=1, cancelled=True))


def test_a_booking_that_a_search_does_not_show_is_not_taken_for_absent(behind: CaldavCalendar, between: Meddler) -> None:
    behind.put(INVITE)
    finding_nothing(between)
    assert behind.find(INVITE.uid) is not None


def test_a_change_that_a_report_says_nothing_of_is_read_all_the_same(
    behind: CaldavCalendar, between: Meddler, picture: Picture
) -> None:
    behind.put(INVITE)
    picture.read(behind)
    moved = dataclasses.replace(INVITE, sequence=1, start=utc(25, 9), end=utc(25, 10))
    behind.put(moved)
    reports = iter(range(2))

    def silent_from_the_second_on(method: str, path: str) -> tuple[int, dict[str, str], str] | str | None:
        return (
            refusing("REPORT", 207, EMPTY, Content_Type="application/xml")(method, path)
            if (method == "REPORT" and next(reports, 1) == 1)
            else None
        )

    between.meddle.append(silent_from_the_second_on)  # the first one names what changed, the second one gives its text
    picture.read(behind)
    assert picture.starts() == {INVITE.uid: [moved.start]}


@pytest.fixture
def picture() -> Picture:
    return Picture()


def test_an_invitation_is_sent_by_the_server_or_by_the_transport_and_never_by_both(
    behind: CaldavCalendar, between: Meddler
) -> None:
    behind.put(INVITE)
    behind._sends_invitations = None
    behind._discovered = dataclasses.replace(behind._collection(), outbox="/outbox/", address="alice@example.test")
    between.meddle.append(refusing("OPTIONS", 200, DAV="1, calendar-access, calendar-auto-schedule"))
    behind.put(dataclasses.replace(INVITE, uid="kept-2"))
    texts = [held[0].text("c:calendar-data") for uid in (INVITE.uid, "kept-2") if (held := behind._resource_with(uid))]
    assert ["SCHEDULE-AGENT=CLIENT" in re.sub(r"\r?\n ", "", text) for text in texts] == [True, False]  # RFC 6638, 7.1


@pytest.mark.parametrize(
    ("granted", "read_only"),
    [
        ("<d:read/>", True),
        ("<d:read/><c:read-free-busy/>", True),
        ("<d:read/><d:bind/>", False),
        ("<d:all/>", False),
        (None, False),
    ],
)
def test_a_calendar_that_may_only_be_read_is_known_before_anything_is_booked(
    radicale: processes.Dav, between: Meddler, granted: str | None, read_only: bool
) -> None:
    """By current-user-privilege-set (RFC 3744, 5.4); a server that does not say is believed to let the user write."""
    path = new_calendar(radicale, "/alice/")
    rights = f"<d:current-user-privilege-set><d:privilege>{granted}</d:privilege></d:current-user-privilege-set>"
    kind = f"<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>{rights if granted else ''}"
    ok = f"<d:propstat><d:prop>{kind}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>"
    answer = element("d:multistatus", f"<d:response><d:href>{path}</d:href>{ok}</d:response>")
    between.meddle.append(
        lambda method, asked: (
            (207, {"Content-Type": "application/xml"}, answer)
            if method == "PROPFIND" and asked == path and not calendar.read_only and calendar._discovered is None
            else None
        )
    )
    calendar = opened(radicale, None, url=between.url.rstrip("/") + path)
    assert calendar.read_only is False, "nobody was asked yet"
    lines = calendar.check()
    assert (calendar.read_only, any("read-only" in line for line in lines)) == (read_only, read_only)
