"""`kept review book`: the user asks for a review now, whenever the next one is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from office import Office, only
from week import at

from daemon.cycle import turn
from daemon.errors import CannotDo
from daemon.glossary.actions import ActionKind
from daemon.glossary.decisions import Verb
from daemon.glossary.obligations import Kind, State, state
from daemon.operations.decisions import decide
from daemon.operations.plans import coming
from daemon.operations.reviews import plan_review


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office that has just begun to do business with Acme, so that the cadence asks for no review before summer."""
    office = Office(tmp_path)
    office.business(at(-7, 10))
    return office


@pytest.mark.parametrize("asked", [at(0, 10), at(5, 12), at(6, 23)], ids=["on Monday", "on Saturday", "on Sunday night"])
def test_a_review_that_is_asked_for_is_announced_and_then_booked(office: Office, asked: datetime) -> None:
    with office.app() as app:
        app.begin(at(-7, 0))
        turn(only(app), asked)
        assert [a for a in coming(app, asked) if a.kind is ActionKind.REVIEW] == []
        action = plan_review(app, app.office.clients[0], asked)
        assert action.start is not None
        for hour in range(1, 24 * 6):
            turn(only(app), asked + timedelta(hours=hour))
    assert len(office.booked()) == 1
    announced = [mail for mail in office.sent() if "PLANNED ON YOUR BEHALF" in mail.text and "Acme Ltd" in mail.text]
    assert announced, "no digest announced it"


def test_asking_twice_plans_one_review(office: Office) -> None:
    with office.app() as app:
        app.begin(at(-7, 0))
        turn(only(app), at(0, 10))
        first = plan_review(app, app.office.clients[0], at(0, 10))
        assert plan_review(app, app.office.clients[0], at(0, 11)).id == first.id


def test_a_review_that_was_stopped_stays_stopped_until_it_is_asked_for_again(office: Office) -> None:
    with office.app() as app:
        app.begin(at(-7, 0))
        turn(only(app), at(0, 10))
        action = plan_review(app, app.office.clients[0], at(0, 10))
        decide(app, Verb.VETO, action.id, at(0, 11))
        for day in (1, 2, 3, 4):
            turn(only(app), at(day, 11))
        assert office.booked() == []
        again = plan_review(app, app.office.clients[0], at(4, 12))
        assert again.start is not None
        assert again.id != action.id


def test_with_somebody_who_never_wrote_there_is_nothing_to_book(office: Office) -> None:
    with office.app() as app:
        app.begin(at(-7, 0))
        turn(only(app), at(0, 10))
        with pytest.raises(CannotDo, match="Nobody has been in contact with Birch GmbH"):
            plan_review(app, app.office.clients[1], at(0, 10))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            ("    calendars: [{type: ics, path: calendar}]\n", ""),
            "the configuration names no calendar for dana@northwind.example",
        ),
        (("path: calendar}", "path: other}"), "other has not been read yet"),
    ],
    ids=["no calendar", "a calendar that was never read"],
)
def test_what_is_in_the_way_of_a_review_is_said(office: Office, change: tuple[str, str], why: str) -> None:
    with office.app() as app:
        app.begin(at(-7, 0))
        turn(only(app), at(0, 10))
    office.config.write_text(office.config.read_text().replace(*change))
    with office.app() as app, pytest.raises(CannotDo, match=why):
        plan_review(app, app.office.clients[0], at(0, 11))


def test_a_review_that_was_given_up_is_planned_once_it_is_asked_for(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.business(at(-300, 10))
    with office.app() as app:
        app.begin(at(-301, 0))
        turn(only(app), at(0, 10))
        reviews = [o for o in only(app).ledger.assessments(at(0, 10))[0].obligations if o.kind is Kind.REVIEW]
        assert [state(o, at(0, 10)) for o in reviews] == [State.MISSED]
        assert plan_review(app, app.office.clients[0], at(0, 10)).start is not None
