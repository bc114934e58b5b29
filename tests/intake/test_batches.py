"""A message at which Kept fails while it is stored is set aside, named and read again; the others of its batch are stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from office import DANA, KIM, Office, only

from connectors.calendar import Event
from connectors.mail import Message
from daemon.cycle import turn
from daemon.intake import plausible_dates
from daemon.reading import values
from daemon.store import json_columns

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
BOTH = {"<acme@acme.example>", "<birch@birch.example>"}


def at(hour: int, minute: int = 0) -> datetime:
    return MONDAY + timedelta(hours=hour, minutes=minute)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path)
    office.mail(at(6), KIM, DANA, "Can you send me the revised quote?", name="acme")
    office.mail(at(6), "jo@birch.example", DANA, "Which colour do you want? Please tell me.", subject="Colour", name="birch")
    return office


def break_a_reading(patch: pytest.MonkeyPatch) -> None:
    real = values._act_to_json

    def raising(act: values.Act) -> list[Any]:
        if "colour" in act.quote:
            raise UnicodeError("an unforeseen fault")
        return real(act)

    patch.setattr(values, "_act_to_json", raising)


def break_an_envelope(patch: pytest.MonkeyPatch) -> None:
    real = json_columns.envelope

    def raising(message: Any, *more: Any) -> str:
        if message.subject == "Colour":
            raise RecursionError("an unforeseen fault")
        return real(message, *more)

    patch.setattr(json_columns, "envelope", raising)


def break_a_date(patch: pytest.MonkeyPatch) -> None:
    real = plausible_dates.within_reason

    def raising(message: Message, now: datetime) -> Message:
        assert message.subject != "Colour"
        return real(message, now)

    patch.setattr(plausible_dates, "within_reason", raising)


@pytest.mark.parametrize(
    ("break_it", "named"),
    [(break_a_reading, "UnicodeError"), (break_an_envelope, "RecursionError"), (break_a_date, "AssertionError")],
)
def test_it_costs_none_of_the_others_and_comes_back(
    office: Office, monkeypatch: pytest.MonkeyPatch, break_it: Any, named: str
) -> None:
    with office.app() as app:
        app.begin(at(-24))
        with monkeypatch.context() as patch:
            break_it(patch)
            turn(only(app), at(7))
            ((_, place, reason),) = app.store.unreadable_mail(DANA)
            assert "jo@birch.example" in place
            assert named in reason
            assert app.store.message_ids(DANA) == {"<acme@acme.example>"}
            turn(only(app), at(10))
            assert len(app.store.unreadable_mail(DANA)) == 1, "it fails again, and stays set aside once"
        turn(only(app), at(14))
        assert app.store.message_ids(DANA) == BOTH
        assert app.store.unreadable_mail(DANA) == ()


def test_an_event_that_cannot_be_stored_costs_none_of_the_others_and_comes_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("colour", "quote"):
        office.event(name, at(30), name)
    real = json_columns.event_body

    def raising(event: Event) -> str:
        if event.summary == "colour":
            raise UnicodeError("an unforeseen fault")
        return real(event)

    with office.app() as app:
        app.begin(at(-24))
        with monkeypatch.context() as patch:
            patch.setattr(json_columns, "event_body", raising)
            turn(only(app), at(7))
            assert [e.summary for e in app.store.events(DANA)] == ["quote"]
            (calendar,) = (c for c in app.store.coverage(DANA) if c.is_calendar)
            assert calendar.unreadable == 1
            assert "could not be stored (UnicodeError)" in calendar.warnings[0]
        turn(only(app), at(8))
        assert sorted(e.summary for e in app.store.events(DANA)) == ["colour", "quote"]
        (calendar,) = (c for c in app.store.coverage(DANA) if c.is_calendar)
        assert (calendar.unreadable, calendar.warnings) == (0, ())
