"""What became of a meeting that Kept booked is told once, and only what somebody else did to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import invented
import pytest
from invented import at, owed

from connectors.calendar import Attendee, Event
from daemon.glossary.actions import ActionKind, Mention
from daemon.glossary.obligations import Evidence, Kind, SourceType
from daemon.planning.invitation_answers import InvitationAnswer, Outcome, invitation_answers, invite_key

BOOKED = at("03-12 10:00")
REVIEW = owed(
    "Birch & Co", "sam", None, "02-10 09:00", "03-10 09:00", Kind.REVIEW,
    source=Evidence(SourceType.CHARTER, "review", at("02-10 09:00")),
)  # fmt: skip
KEY = invite_key("Birch & Co", ActionKind.REVIEW, at("03-10 09:00").date())


def event(answer: str = "needs-action", start: datetime = BOOKED, uid: str = "kept-1", status: str = "confirmed") -> Event:
    sam = Attendee("sam@birch.example", "Sam", answer)
    title = "Review: Birch & Co and Dana Reyes"
    return Event(uid, start, start + timedelta(hours=1), title, organizer=invented.DANA.address, attendees=(sam,), status=status)


def answers(*events: Event, told: dict[Mention, datetime] | None = None) -> list[InvitationAnswer]:
    return list(
        invitation_answers(
            invented.DANA,
            invented.assessed(REVIEW),
            events,
            invented.whose,
            str,
            {KEY: (at("03-04 07:30"), BOOKED)},
            told or {},
            invented.NOW,
        )
    )


@pytest.mark.parametrize("answer", ["accepted", "declined", "tentative"])
def test_an_answer_is_told(answer: str) -> None:
    (one,) = answers(event(answer))
    assert (one.outcome.value, one.guest, one.obligation) == (answer, "sam@birch.example", REVIEW)


def test_another_time_is_told_with_the_time_that_it_was_booked_for() -> None:
    (one,) = answers(event(start=at("03-13 14:00")))
    assert (one.outcome, one.booked, one.event.start) == (Outcome.MOVED, BOOKED, at("03-13 14:00"))


@pytest.mark.parametrize(
    "none",
    [
        event(),
        event("declined", uid="theirs"),
        event("declined", status="cancelled"),
        event("accepted", start=invented.NOW - timedelta(hours=1)),
    ],
    ids=["no answer yet", "not Kept's", "cancelled by the user", "over"],
)
def test_what_is_no_news_is_not_told(none: Event) -> None:
    assert answers(none) == []


def test_an_answer_is_told_on_one_day_and_a_new_one_again() -> None:
    (one,) = answers(event("accepted"))
    this_morning, yesterday = {one.mention: invented.NOW}, {one.mention: invented.NOW - timedelta(days=1)}
    assert answers(event("accepted"), told=this_morning) == [one]
    assert answers(event("accepted"), told=yesterday) == []
    assert len(answers(event("declined"), told=yesterday)) == 1


def test_an_answer_of_another_client_is_not_this_ones() -> None:
    other = replace(event("declined"), attendees=(Attendee("priya.nair@heron.example", "Priya", "declined"),))
    assert answers(other) == []
