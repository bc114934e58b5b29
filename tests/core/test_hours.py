"""Business time: by example, and against an oracle that walks minute by minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from daemon.core import hours
from daemon.glossary.charter import Allowance, Interval, Unit, WorkingHours

DAY = (Interval(time(9), time(17, 30)),)
LONDON = WorkingHours("Europe/London", (*(DAY for _ in range(5)), (), ()), frozenset({date(2026, 4, 3), date(2026, 4, 6)}))
MINUTE = timedelta(minutes=1)


def at(text: str, zone: str = "Europe/London") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("text", "allowance"),
    [
        ("2h", Allowance(120, Unit.BUSINESS_MINUTES)),
        ("90m", Allowance(90, Unit.BUSINESS_MINUTES)),
        ("1 day", Allowance(1, Unit.WORKING_DAYS)),
        ("2 days", Allowance(2, Unit.WORKING_DAYS)),
        ("2 clock hours", Allowance(120, Unit.CLOCK_MINUTES)),
        ("1 clock day", Allowance(1440, Unit.CLOCK_MINUTES)),
        ("6 weeks", Allowance(42, Unit.CALENDAR_DAYS)),
        ("3 months", Allowance(3, Unit.MONTHS)),
        ("1 year", Allowance(12, Unit.MONTHS)),
    ],
)
def test_durations_are_read_as_people_write_them(text: str, allowance: Allowance) -> None:
    assert hours.parse_allowance(text) == allowance


@pytest.mark.parametrize("text", ["", "soon", "0h", "-2h", "2", "2 fortnights", "1.5h"])
def test_what_is_no_duration_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="write for example 2h"):
        hours.parse_allowance(text)


def test_two_hours_before_easter_end_after_it() -> None:
    assert hours.add(LONDON, at("2026-04-02T16:30"), hours.parse_allowance("2h")) == at("2026-04-07T10:00")


def test_a_day_is_the_same_clock_time_on_the_next_working_day() -> None:
    assert hours.add(LONDON, at("2026-03-27T15:00"), hours.parse_allowance("1 day")) == at("2026-03-30T15:00")


def test_months_are_the_calendars_and_end_on_the_last_day_where_the_day_is_missing() -> None:
    assert hours.add(LONDON, at("2026-11-30T10:00"), hours.parse_allowance("3 months")) == at("2027-02-28T10:00")


def test_the_end_of_an_interval_is_closed_and_its_start_is_open() -> None:
    assert hours.is_open(LONDON, at("2026-03-02T09:00"))
    assert not hours.is_open(LONDON, at("2026-03-02T17:30"))
    assert hours.next_opening(LONDON, at("2026-03-02T17:30")) == at("2026-03-03T09:00")


def test_a_day_that_ends_at_midnight_has_no_gap() -> None:
    late = WorkingHours("Europe/London", ((Interval(time(20), time.max),), (Interval(time(0), time(4)),), (), (), (), (), ()))
    assert hours.between(late, at("2026-03-02T20:00"), at("2026-03-03T04:00")) == timedelta(hours=8)


def test_whoever_never_works_gets_an_answer_all_the_same() -> None:
    never = WorkingHours("Europe/London", ((),) * 7)
    start = at("2026-03-02T10:00")
    assert hours.next_opening(never, start) == start
    assert hours.add(never, start, Allowance(120, Unit.BUSINESS_MINUTES)) == start + timedelta(hours=2)
    assert hours.working_days_after(never, start, 2) > start


def test_the_reminder_comes_a_quarter_before_within_an_hour_and_a_day() -> None:
    assert hours.remind_at(LONDON, at("2026-03-02T09:00"), at("2026-03-02T11:00")) == at("2026-03-02T10:00")
    assert hours.remind_at(LONDON, at("2026-03-02T09:00"), at("2026-03-02T17:00")) == at("2026-03-02T15:00")
    assert hours.remind_at(LONDON, at("2026-03-02T09:00"), at("2026-03-27T17:00")) == at("2026-03-26T17:00")
    assert hours.remind_at(LONDON, at("2026-03-02T10:40"), at("2026-03-02T11:00")) == at("2026-03-02T10:40")


def test_the_reminder_for_monday_morning_comes_on_friday() -> None:
    assert hours.remind_at(LONDON, at("2026-03-02T09:00"), at("2026-03-09T09:00")) == at("2026-03-06T09:00")


def test_the_frame_of_a_reader_is_the_working_day() -> None:
    frame = hours.frame(LONDON)
    assert (frame.time_zone, frame.day_start, frame.day_end) == ("Europe/London", time(9), time(17, 30))
    assert frame.working_days == frozenset(range(5))
    assert date(2026, 4, 3) in frame.holidays


# the oracle

_ZONES = st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago", "UTC"])
_DAYS = ("2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01")  # when clocks change somewhere
# Boundaries lie outside the hours in which clocks change, where a wall-clock time may occur twice or not at all.
_BOUNDS = st.lists(
    st.sampled_from([0, 5 * 60, 8 * 60 + 15, 9 * 60, 12 * 60, 13 * 60 + 30, 17 * 60, 22 * 60]),
    min_size=0,
    max_size=4,
    unique=True,
)
_MINUTES = (at("2026-11-10", "UTC") - at("2026-03-05", "UTC")) // MINUTE
_STARTS = st.integers(0, _MINUTES).map(lambda n: at("2026-03-05", "UTC") + n * MINUTE) | st.sampled_from(_DAYS).map(
    lambda d: at(d, "UTC")
)


@st.composite
def _working(draw: st.DrawFn) -> WorkingHours:
    week = []
    for _ in range(7):
        bounds = sorted(draw(_BOUNDS))
        pairs = zip(bounds[::2], bounds[1::2], strict=False)
        week.append(tuple(Interval(time(a // 60, a % 60), time(b // 60, b % 60)) for a, b in pairs))
    free = draw(st.frozensets(st.dates(date(2026, 3, 5), date(2026, 11, 10)), max_size=3))
    return WorkingHours(draw(_ZONES), tuple(week), free)


def _open_minute(working: WorkingHours, minute: datetime) -> bool:
    """Whether the minute that begins then is worked, by the clock on the wall."""
    local = minute.astimezone(ZoneInfo(working.zone))
    if local.date() in working.holidays:
        return False
    return any(i.start <= local.time() < i.end for i in working.week[local.weekday()])


@settings(max_examples=60, deadline=None)
@given(_working(), _STARTS, st.integers(0, 3 * 1440))
def test_business_time_agrees_with_the_clock_on_the_wall(working: WorkingHours, start: datetime, length: int) -> None:
    counted = sum(_open_minute(working, start + n * MINUTE) for n in range(length))
    assert hours.between(working, start, start + length * MINUTE) == counted * MINUTE


@settings(max_examples=60, deadline=None)
@given(_working(), _STARTS, st.integers(1, 900))
def test_adding_business_time_agrees_with_the_clock_on_the_wall(working: WorkingHours, start: datetime, amount: int) -> None:
    minute, left = start, amount
    while left and minute < start + timedelta(days=9):
        left -= _open_minute(working, minute)
        minute += MINUTE
    assume(not left)  # enough working hours within the oracle's reach
    assert hours.add(working, start, Allowance(amount, Unit.BUSINESS_MINUTES)) == minute


@settings(max_examples=60, deadline=None)
@given(_working(), _STARTS, st.integers(1, 900))
def test_taking_away_is_the_opposite_of_adding(working: WorkingHours, start: datetime, amount: int) -> None:
    end = hours.add(working, start, Allowance(amount, Unit.BUSINESS_MINUTES))
    assume(any(working.week))
    assert hours.between(working, start, end) == amount * MINUTE
    back = hours.subtract(working, end, amount * MINUTE)
    assert hours.between(working, back, end) == amount * MINUTE
    assert back >= start


def _invented(chance: Random) -> tuple[WorkingHours, datetime, int]:
    """Somebody's working hours, a start within a year of clock changes, and an amount of business minutes."""
    bounds = [0, 5 * 60, 8 * 60 + 15, 9 * 60, 12 * 60, 13 * 60 + 30, 17 * 60, 22 * 60]
    week = []
    for _ in range(7):
        chosen = sorted(chance.sample(bounds, chance.choice((0, 2, 2, 2, 4))))
        pairs = zip(chosen[::2], chosen[1::2], strict=True)
        week.append(tuple(Interval(time(a // 60, a % 60), time(b // 60, b % 60)) for a, b in pairs))
    free = frozenset(date(2026, 1, 1) + timedelta(days=chance.randrange(365)) for _ in range(chance.randrange(12)))
    zone = chance.choice(("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago", "UTC"))
    change = chance.choice(_DAYS) if chance.random() < 0.3 else "2026-01-10"
    start = at(change, "UTC") + timedelta(minutes=chance.randrange(300 * 1440 if change == "2026-01-10" else 1440))
    return WorkingHours(zone, tuple(week), free), start, chance.randrange(1, 700)


@pytest.mark.parametrize("part", range(4))
def test_two_thousand_cases_agree_with_a_walk_through_every_minute(part: int) -> None:
    """Each case twice: so much business time from the start on, and how much lies between the two moments."""
    chance, cases = Random(part), 0
    while cases < 500:
        working, start, amount = _invented(chance)
        minute, left = start, amount
        while left and minute < start + timedelta(days=10):
            left -= _open_minute(working, minute)
            minute += MINUTE
        if left:
            continue  # too few working hours within reach
        cases += 1
        assert hours.add(working, start, Allowance(amount, Unit.BUSINESS_MINUTES)) == minute
        assert hours.between(working, start, minute) == amount * MINUTE


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
@pytest.mark.parametrize("text", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_an_absence_from_the_first_or_to_the_last_moment_there_is_has_days_that_can_be_counted(zone: str, text: str) -> None:
    day = hours.local_date(replace(LONDON, zone=zone), at(text, "UTC"))
    assert (day - timedelta(days=300) < day < day + timedelta(days=1100)) is True
