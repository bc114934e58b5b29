"""Whom a calendar server invited, by what it notes in the event (RFC 6638, 3.2.9)."""

from __future__ import annotations

import pytest
from contracts.calendar_contract import utc, vcalendar, vevent

from connectors.formats import schedule_status


@pytest.mark.parametrize(
    ("noted", "left_out"),
    [
        ("SCHEDULE-STATUS=1.1", ()),
        ("SCHEDULE-STATUS=1.2", ()),
        ('SCHEDULE-STATUS="2.0;Success"', ()),
        ("SCHEDULE-STATUS=3.7", ("kim@acme.example",)),
        ("SCHEDULE-STATUS=5.1", ("kim@acme.example",)),
        ('SCHEDULE-STATUS="5.3;No scheduling"', ("kim@acme.example",)),
        ('SCHEDULE-STATUS="5.1","1.1"', ()),
        ("SCHEDULE-STATUS=1.0", None),
        ("ROLE=REQ-PARTICIPANT", None),
        ("PARTSTAT=DECLINED", ()),
    ],
)
def test_a_server_reached_a_guest_did_not_or_does_not_say(noted: str, left_out: tuple[str, ...] | None) -> None:
    people = ("ORGANIZER:mailto:dana@northwind.example", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:dana@northwind.example")
    event = vevent("one", utc(10, 9), *people, f"ATTENDEE;{noted}:mailto:Kim@acme.example")
    assert schedule_status.unreached(vcalendar(event), "one") == left_out


def test_only_the_guests_who_were_not_reached_are_named() -> None:
    guests = ("ATTENDEE;SCHEDULE-STATUS=1.2:mailto:a@acme.example", "ATTENDEE;SCHEDULE-STATUS=5.1:mailto:b@acme.example")
    assert schedule_status.unreached(vcalendar(vevent("one", utc(10, 9), *guests)), "one") == ("b@acme.example",)
