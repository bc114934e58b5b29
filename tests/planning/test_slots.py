"""Free times: inside both sides' hours, beside what is booked, and spread so that there is a choice."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.calendar import Busy
from daemon.core import hours
from daemon.glossary.charter import Interval, WorkingHours
from daemon.planning.slots import free_slots

WEEK = (*((Interval(time(9), time(17)),) for _ in range(5)), (), ())
LONDON = WorkingHours("Europe/London", WEEK)
NEW_YORK = WorkingHours("America/New_York", WEEK)
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_three_times_lie_on_three_days() -> None:
    found = free_slots((), LONDON, None, at(2, 10), at(13, 17), HOUR, 3)
    assert len({s.start.date() for s in found}) == 3


def test_nothing_is_offered_on_a_weekend_at_night_or_beyond_the_end() -> None:
    found = free_slots((), LONDON, None, at(6, 16), at(9, 10), HOUR, 5)
    assert found == (Busy(at(6, 16), at(6, 17)), Busy(at(9, 9), at(9, 10)))


def test_a_booked_hour_is_not_offered() -> None:
    found = free_slots((Busy(at(2, 9), at(2, 16)),), LONDON, None, at(2, 9), at(2, 17), HOUR, 5)
    assert found == (Busy(at(2, 16), at(2, 17)),)


def test_both_sides_work_at_the_offered_time() -> None:
    found = free_slots((), LONDON, NEW_YORK, at(2, 9), at(2, 17), HOUR, 9)
    assert found[0].start == at(2, 14)


def test_a_full_calendar_offers_nothing() -> None:
    assert free_slots((Busy(at(1, 0), at(30, 0)),), LONDON, None, at(2, 9), at(13, 17), HOUR, 3) == ()


def test_meetings_begin_on_the_half_hour() -> None:
    (first,) = free_slots((), LONDON, None, at(2, 9, 10), at(2, 10, 40), HOUR, 1)
    assert first.start == at(2, 9, 30)


def test_where_one_day_is_left_a_second_time_of_it_comes() -> None:
    found = free_slots((), LONDON, None, at(2, 9), at(2, 17), HOUR, 2)
    assert len(found) == 2
    assert found[0].end <= found[1].start


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60 * 24 * 5), st.integers(15, 600)), max_size=12),
    st.integers(1, 6),
    st.sampled_from([30, 45, 60, 90]),
)
def test_offered_times_are_free_apart_inside_hours_and_in_order(booked: list[tuple[int, int]], most: int, length: int) -> None:
    minute = timedelta(minutes=1)
    busy = [Busy(at(2, 0) + a * minute, at(2, 0) + (a + n) * minute) for a, n in booked]
    found = free_slots(busy, LONDON, NEW_YORK, at(2, 9), at(7, 0), length * minute, most)
    assert len(found) <= most
    assert list(found) == sorted(found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    for slot in found:
        assert all(slot.end <= b.start or b.end <= slot.start for b in busy)
        for side in (LONDON, NEW_YORK):
            assert hours.between(side, slot.start, slot.end) == length * minute
