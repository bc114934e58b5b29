"""The timeline: one order, one copy of each message, nothing of Kept's own, nothing from the future."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.calendar import Attendee, Event
from connectors.mail import Address, Message, Role
from daemon.core.people import Directory
from daemon.core.timeline import timeline
from daemon.glossary.charter import WorkingHours
from daemon.glossary.parties import Account, Client, Office
from daemon.glossary.timelines import Side, Timeline
from daemon.reading import Reading

NEVER = WorkingHours("Europe/London", ((),) * 7)
DANA = Account("dana@northwind.example", "Dana Reyes", frozenset({"dana@northwind.example"}), NEVER)
ACME = Client("Acme Ltd", frozenset({"acme.example"}))
BIRCH = Client("Birch & Co", frozenset({"birch.example"}))
PEOPLE = Directory(Office((DANA,), (ACME, BIRCH), frozenset({"northwind.example"})))
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
FROM_KIM = Message("<1@acme.example>", NINE, NINE, Address("kim@acme.example"), to=(Address(DANA.address),))
FROM_DANA = Message("<2@northwind.example>", NINE, NINE, Address(DANA.address), to=(Address("kim@acme.example"),), role=Role.SENT)


def told(*messages: Message, events: Sequence[Event] = (), until: datetime = NINE + 24 * HOUR) -> Timeline:
    return timeline(DANA, ACME, ((m, Reading()) for m in messages), events, PEOPLE, until)


def test_sides_are_told_and_time_orders() -> None:
    later = replace(FROM_KIM, message_id="<3@acme.example>", date=NINE + HOUR, received=NINE + HOUR)
    colleague = replace(
        FROM_DANA,
        message_id="<4@n>",
        sender=Address("lee@northwind.example"),
        date=NINE - HOUR,
        received=NINE - HOUR,
        role=Role.INBOX,
    )
    assert [e.side for e in told(later, FROM_KIM, colleague).entries] == [Side.COLLEAGUE, Side.CLIENT, Side.CLIENT]


def test_of_two_copies_the_sent_one_speaks_in_whatever_order_they_come() -> None:
    copy = replace(FROM_DANA, role=Role.INBOX, folder="INBOX", received=NINE + HOUR)
    for order in ((copy, FROM_DANA), (FROM_DANA, copy)):
        (entry,) = told(*order).entries
        assert entry.message.role is Role.SENT


def test_what_arrives_later_is_not_known_yet_but_counts_from_when_it_was_written() -> None:
    late = replace(FROM_KIM, received=NINE + 3 * HOUR)
    assert told(late, until=NINE + HOUR).entries == ()
    (entry,) = told(late).entries
    assert entry.at == NINE


def test_a_senders_clock_that_runs_ahead_does_not_delay_the_message() -> None:
    (entry,) = told(replace(FROM_KIM, date=NINE + 5 * HOUR)).entries
    assert entry.at == NINE


@pytest.mark.parametrize(
    "message",
    [
        replace(FROM_DANA, headers={"x-kept-id": "1"}),
        replace(FROM_DANA, role=Role.DRAFTS),
    ],
)
def test_kepts_own_mails_and_drafts_are_nobodys_words(message: Message) -> None:
    assert told(message).entries == ()


def test_a_draft_of_kepts_that_the_user_sent_is_the_users_word() -> None:
    assert len(told(replace(FROM_DANA, message_id="<kept-123@northwind.example>")).entries) == 1


def _event(summary: str, *people: str, organizer: str | None = DANA.address, created: datetime | None = None) -> Event:
    return Event(
        summary, NINE, NINE + HOUR, summary, organizer=organizer, attendees=tuple(Attendee(p) for p in people), created=created
    )


@pytest.mark.parametrize(
    ("event", "concerns"),
    [
        (_event("Visit", "kim@acme.example"), True),
        (_event("Visit", organizer="kim@acme.example"), True),
        (_event("Visit", "sam@birch.example"), False),
        (_event("Acme visit", "sam@birch.example"), False),
        (_event("Call Acme"), True),
        (_event("Call Acme", organizer=None), True),
        (_event("Talk about Acme", "lee@northwind.example"), False),
        (_event("Acmeville fair"), False),
        (_event("Lunch"), False),
    ],
)
def test_an_event_is_with_a_client_by_its_people_or_alone_by_its_title(event: Event, concerns: bool) -> None:
    assert bool(told(events=[event]).events) is concerns


def test_a_meeting_booked_later_is_not_known_yet() -> None:
    event = _event("Visit", "kim@acme.example", created=NINE + 2 * HOUR)
    assert told(events=[event], until=NINE + HOUR).events == ()
    assert len(told(events=[event]).events) == 1
