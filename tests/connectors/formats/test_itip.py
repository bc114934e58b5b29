"""Calendar messages in mail (RFC 6047): found in whatever part they stand, and read as what they change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cost import measured
from test_ics import vcalendar, vevent

from connectors.formats import itip, mime
from connectors.mail import Itip, ItipChange, Role
from daemon.store import json_columns

MOST = 25  # units of `cost`: a quarter of a second of 2024
KIM = "kim@acme.example"
REPLY = vcalendar(
    "METHOD:REPLY", vevent("SEQUENCE:2", "ORGANIZER:mailto:dana@northwind.example", f"ATTENDEE;PARTSTAT=DECLINED:mailto:{KIM}")
)
DECLINED = ItipChange(
    "one", sequence=2, stamp=datetime(2026, 1, 1, tzinfo=UTC), start=datetime(2026, 3, 10, 10, tzinfo=UTC),
    end=datetime(2026, 3, 10, 11, tzinfo=UTC), organizer="dana@northwind.example", answers=((KIM, "declined"),),
)  # fmt: skip
HEAD = f"From: Kim <{KIM}>\r\nTo: dana@northwind.example\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\nMessage-ID: <a@acme.example>\r\nMIME-Version: 1.0\r\n"
PLAIN = "Content-Type: text/plain; charset=utf-8\r\n\r\nKim has declined.\r\n"
INLINE = "Content-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n"
FILE = "Content-Type: application/ics; name=invite.ics\r\nContent-Disposition: attachment; filename=invite.ics\r\n\r\n"
OCTETS = FILE.replace("application/ics", "application/octet-stream")


def multipart(kind: str, *parts: str) -> str:
    body = "".join(f"--b\r\n{part}\r\n" for part in parts)
    return f"{HEAD}Content-Type: multipart/{kind}; boundary=b\r\n\r\n{body}--b--\r\n"


def nested(part: str) -> str:
    inner = f"Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n{PLAIN}\r\n--c\r\n{part}\r\n--c--"
    return multipart("mixed", inner, PLAIN)


def parse(raw: str) -> Itip | None:
    message = mime.parse(raw.encode(), role=Role.INBOX, folder="INBOX")
    assert mime.calendar_message(raw.encode()) == message.itip
    assert json_columns.message(message.message_id, message.text, json_columns.envelope(message)) == message
    return message.itip


@pytest.mark.parametrize(
    "raw",
    [
        f"{HEAD}{INLINE}{REPLY}",
        multipart("alternative", PLAIN, INLINE + REPLY),
        multipart("alternative", INLINE + REPLY, PLAIN),
        multipart("mixed", PLAIN, FILE + REPLY),
        multipart("mixed", PLAIN, OCTETS + REPLY),
        nested(INLINE + REPLY),
        multipart(
            "alternative", PLAIN, "Content-Type: text/calendar; method=REPLY\r\n\r\n" + REPLY.replace("METHOD:REPLY\r\n", "")
        ),
        multipart("mixed", PLAIN, "Content-Type: text/calendar\r\n\r\nnothing", FILE + REPLY),
    ],
)
def test_a_calendar_message_is_found_in_whatever_part(raw: str) -> None:
    assert parse(raw) == Itip("reply", (DECLINED,))


@pytest.mark.parametrize(
    "text",
    [
        REPLY.replace("METHOD:REPLY", "METHOD:PUBLISH"),
        REPLY.replace("METHOD:REPLY", "METHOD:"),
        REPLY.replace("METHOD:REPLY", "X-NOTHING:1"),
        REPLY.replace("END:VCALENDAR", ""),
        vcalendar("METHOD:REPLY"),
        "BEGIN:VCALENDAR" * 50_000,
        "",
    ],
)
def test_what_asks_for_no_change_is_none(text: str) -> None:
    assert itip.read(text) is None
    assert parse(multipart("mixed", PLAIN, FILE + text)) is None


def test_other_mail_has_none() -> None:
    assert parse(f"{HEAD}{PLAIN}") is None
    assert parse(multipart("mixed", PLAIN, PLAIN.replace("declined", "sent the file offer.ics"))) is None


def test_an_answer_need_not_name_the_time() -> None:
    (change,) = (
        itip.read(vcalendar("METHOD:REPLY", vevent(f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{KIM}", start="", end=""))) or Itip("", ())
    ).changes
    assert (change.start, change.end, change.answers) == (None, None, ((KIM, "accepted"),))


@pytest.mark.parametrize(
    ("original", "onwards"),
    [
        (":20260310T100000Z", False),
        (";TZID=Europe/Berlin:20260310T110000", False),
        (";RANGE=THISANDFUTURE:20260310T100000Z", True),
    ],
)
def test_one_occurrence_is_named_in_utc(original: str, onwards: bool) -> None:
    cancel = itip.read(vcalendar("METHOD:CANCEL", vevent(f"RECURRENCE-ID{original}", "STATUS:CANCELLED")))
    assert cancel is not None
    assert [(c.occurrence, c.onwards) for c in cancel.changes] == [(datetime(2026, 3, 10, 10, tzinfo=UTC).isoformat(), onwards)]


def test_a_series_that_is_moved_names_each_of_its_next_occurrences() -> None:
    moved = itip.read(vcalendar("METHOD:REQUEST", vevent("RRULE:FREQ=WEEKLY;COUNT=3", "SEQUENCE:1")))
    assert moved is not None
    assert [c.start and c.start.day for c in moved.changes] == [10, 17, 24]
    endless = itip.read(vcalendar("METHOD:REQUEST", vevent("RRULE:FREQ=DAILY")))
    assert endless is not None
    assert len(endless.changes) == itip.OCCURRENCES_CAP


def test_the_people_of_a_private_meeting_are_needed_to_follow_it() -> None:
    found = itip.read(REPLY.replace("SEQUENCE:2", "SEQUENCE:2\r\nCLASS:PRIVATE"))
    assert found is not None
    assert found.changes[0].answers == ((KIM, "declined"),)


def test_a_request_for_what_is_cancelled_is_a_cancellation() -> None:
    found = itip.read(vcalendar("METHOD:REQUEST", vevent("STATUS:CANCELLED", "SEQUENCE:1")))
    assert found is not None
    assert found.method == "cancel"


def test_the_method_may_stand_behind_the_event() -> None:
    found = itip.read(vcalendar(vevent("STATUS:CANCELLED"), "METHOD:CANCEL"))
    assert found is not None
    assert found.method == "cancel"


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY", "FREQ=DAILY;COUNT=999999999", "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2", "FREQ=WEEKLY;BYDAY=MO"]
)
def test_a_request_with_a_thousand_series_costs_no_more_than_one_with_a_few(rule: str) -> None:
    object_ = vcalendar("METHOD:REQUEST", *(vevent(f"RRULE:{rule}", uid=f"x{n}") for n in range(1000)))
    assert measured(lambda: itip.read(object_), MOST).units < MOST
