"""Free times: inside both sides' hours, beside what is booked, and spread so that there is a choice."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.calendar import Busy
from daemon.core import hours
from daemon.glossary.actions import Offer
from daemon.glossary.assessments import Assessment, Bucket, Placement
from daemon.glossary.charter import Interval, WorkingHours
from daemon.planning.slots import free_slots, held_for_others, still_held

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


OFFER = Offer("Acme Ltd", at(2, 10), (Busy(at(3, 10), at(3, 11)),))


def wrote(*moments: datetime) -> tuple[Assessment, ...]:
    """The assessment of a client who wrote at these moments."""
    placed = tuple(Placement(f"<{n}>", moment, Bucket.OPEN, "a question") for n, moment in enumerate(moments))
    return (Assessment("dana@northwind.example", "Acme Ltd", at(4, 9), (), placed),)


def test_what_a_draft_offered_is_held_for_its_client_alone() -> None:
    assert held_for_others([OFFER], "Birch & Co") == OFFER.slots
    assert held_for_others([OFFER], "Acme Ltd") == ()


def test_an_offer_is_held_for_a_working_day() -> None:
    assert still_held([OFFER], wrote(at(2, 9)), LONDON, at(3, 9, 59)) == (OFFER,)
    assert still_held([OFFER], wrote(at(2, 9)), LONDON, at(3, 10)) == ()


def test_an_offer_is_held_over_the_weekend() -> None:
    friday = Offer("Acme Ltd", at(6, 10), OFFER.slots)
    assert still_held([friday], wrote(at(6, 9)), LONDON, at(8, 12)) == (friday,)


def test_an_offer_is_held_no_more_once_the_client_has_written() -> None:
    assert still_held([OFFER], wrote(at(2, 9), at(2, 14)), LONDON, at(2, 15)) == ()


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
