"""Proposed times, looked up: free, taken, outside working hours, gone by; never more than the calendar says."""

from __future__ import annotations

from datetime import UTC, datetime, time

from connectors.calendar import Busy
from daemon.glossary.actions import Offer
from daemon.glossary.charter import Interval, WorkingHours
from daemon.planning.answered_times import AnsweredTime, Outcome, answered
from daemon.reading import ProposedTime

WEEK = (*((Interval(time(9), time(17, 30)),) for _ in range(5)), (), ())
LONDON = WorkingHours("Europe/London", WEEK)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def looked_up(proposed: ProposedTime, *busy: Busy, held: tuple[Offer, ...] = ()) -> AnsweredTime:
    (answer,) = answered([proposed], busy, LONDON, None, at(4, 8), at(30, 0), held)
    return answer


def test_a_free_moment_is_free() -> None:
    assert looked_up(ProposedTime(at(5, 10))).outcome is Outcome.FREE


def test_a_moment_before_a_meeting_is_free_until_then() -> None:
    assert looked_up(ProposedTime(at(5, 10)), Busy(at(5, 10, 45), at(5, 12))).until == at(5, 10, 45)


def test_a_moment_that_runs_into_a_meeting_is_taken() -> None:
    assert looked_up(ProposedTime(at(5, 10), minutes=60), Busy(at(5, 10, 45), at(5, 12))).outcome is Outcome.TAKEN


def test_a_taken_moment_comes_with_its_end_and_the_next_free_time() -> None:
    answer = looked_up(ProposedTime(at(5, 15)), Busy(at(5, 14), at(5, 15, 30)))
    assert (answer.outcome, answer.until, answer.slots[0].start) == (Outcome.TAKEN, at(5, 15, 30), at(5, 15, 30))


def test_the_free_parts_of_an_afternoon_are_told() -> None:
    answer = looked_up(ProposedTime(at(5, 12), at(5, 17, 30)), Busy(at(5, 13), at(5, 14)))
    assert answer.free == (Busy(at(5, 12), at(5, 13)), Busy(at(5, 14), at(5, 17, 30)))


def test_a_week_is_answered_with_times_on_several_days() -> None:
    answer = looked_up(ProposedTime(at(9, 9), at(13, 17, 30)))
    assert len({slot.start.date() for slot in answer.slots}) == 3


def test_a_time_before_work_is_outside_working_hours() -> None:
    assert looked_up(ProposedTime(at(5, 8))).outcome is Outcome.OUTSIDE


def test_a_saturday_is_no_working_day() -> None:
    assert looked_up(ProposedTime(at(7, 10))).outcome is Outcome.OFF


def test_a_time_that_has_gone_by_has_passed() -> None:
    assert looked_up(ProposedTime(at(3, 10))).outcome is Outcome.PASSED


def test_nothing_is_said_of_a_time_beyond_what_was_read() -> None:
    assert answered([ProposedTime(at(31, 10))], (), LONDON, None, at(4, 8), at(30, 0)) == ()


def test_a_time_that_a_draft_offers_to_somebody_else_is_held() -> None:
    answer = looked_up(ProposedTime(at(5, 10)), held=(Offer("Birch", at(4, 7), (Busy(at(5, 10), at(5, 10, 30)),)),))
    assert (answer.outcome, answer.held_for) == (Outcome.HELD, "Birch")
