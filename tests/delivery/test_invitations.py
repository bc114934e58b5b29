"""Guests of booked meetings are invited by the server or by mail: never by both, and by nobody only with a word to the user."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from outbox_server import INVITE, NOW, parcel
from store_facts import DANA

from connectors.calendar import Attendee
from connectors.errors import ConnectorError
from daemon.delivery.invitations import invite_guests
from daemon.delivery.parcel_json import draft_of, invite_body
from daemon.delivery.unsettled import unsettled
from daemon.glossary.actions import ActionKind, Channel, Delivery
from daemon.glossary.faults import strict
from daemon.store import Store

pytest_plugins = ("store_places",)
GUESTS = (Attendee("kim@acme.example", "Kim"), Attendee("jo@acme.example", "Jo"))


class Server:
    """What a calendar says of a meeting; `left_out` may be an error."""

    def __init__(self, left_out: tuple[str, ...] | ConnectorError | None, *, sends: bool = True) -> None:
        self.left_out, self.sends_invitations = left_out, sends

    def uninvited(self, _: str) -> tuple[str, ...] | None:
        if isinstance(self.left_out, ConnectorError):
            raise self.left_out
        return self.left_out


@pytest.fixture
def booked(store: Store) -> Store:
    invite = replace(INVITE, attendees=GUESTS, start=NOW + timedelta(days=5), end=NOW + timedelta(days=5, hours=1))
    booking = replace(parcel("review:acme", Channel.CALENDAR), kind=ActionKind.REVIEW, body=invite_body(invite))
    store.queue((booking,), NOW)
    assert store.claim(booking.key, NOW)
    store.set_delivery(booking.key, Delivery.SENT, NOW)
    return store


def mailed(store: Store) -> list[list[str]]:
    mails = [p for p in store.parcels(DANA) if p.kind is ActionKind.INVITATION]
    return [[person.email for person in draft_of(mail).to] for mail in mails]


def ask(store: Store, server: Server, days: int = 0) -> None:
    calendars: Any = [server]  # all of a calendar that is asked
    invite_guests(store, DANA, calendars, b"a secret of the tests", strict(), NOW + timedelta(days=days))


@pytest.mark.parametrize(
    ("server", "mails"),
    [
        (Server(()), []),
        (Server(None, sends=False), [["kim@acme.example", "jo@acme.example"]]),
        (Server(("jo@acme.example",)), [["jo@acme.example"]]),
        (Server(None), []),
    ],
)
def test_a_guest_is_mailed_only_where_the_server_did_not_invite_them(
    booked: Store, server: Server, mails: list[list[str]]
) -> None:
    for _ in range(2):
        ask(booked, server)
    assert mailed(booked) == mails


def test_a_server_that_cannot_be_asked_is_asked_again(booked: Store) -> None:
    ask(booked, Server(ConnectorError("the server does not answer")))
    assert mailed(booked) == []
    ask(booked, Server(("kim@acme.example",)))
    assert mailed(booked) == [["kim@acme.example"]]


def lines(store: Store, days: int = 0) -> list[str]:
    return [f"{u.what}: {u.next}" for u in unsettled(store, DANA, ZoneInfo("UTC"), NOW + timedelta(days=days))]


def test_a_server_that_does_not_say_is_a_line_for_the_user_until_it_is_settled(booked: Store) -> None:
    ask(booked, Server(None))
    (line,) = lines(booked)
    assert "does not say whether it invited" in line
    assert "`invitations: mail`" in line
    ask(booked, Server(None, sends=False))  # as `invitations: mail` makes it
    assert (lines(booked), mailed(booked)) == ([], [["kim@acme.example", "jo@acme.example"]])


def test_a_meeting_that_is_over_is_no_line_any_more(booked: Store) -> None:
    ask(booked, Server(None))
    ask(booked, Server(None), days=6)
    assert (lines(booked, 6), mailed(booked)) == ([], [])
