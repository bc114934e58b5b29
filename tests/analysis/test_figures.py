"""Figures: feasibility as survival, response times and their spread, promise and deliver, courtship, and what is worth a thought."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import invented
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.analysis import courtship, feasibility, figures, observations
from daemon.analysis.feasibility import Sample, Share, Verdict
from daemon.analysis.observations import ObservationKind
from daemon.core import hours
from daemon.glossary.assessments import Alarm, AlarmKind, Assessment
from daemon.glossary.charter import Allowance, Unit
from daemon.glossary.obligations import Band, Evidence, Kind, Obligation, SourceType, State, state
from daemon.glossary.parties import Client, Stage

WORKING = invented.HOURS
START = datetime(2026, 1, 5, 9, tzinfo=UTC)  # a Monday
NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
DAY = hours.longest_day(WORKING)


def later(start: datetime, minutes: float) -> datetime:
    return hours.add(WORKING, start, Allowance(round(minutes), Unit.BUSINESS_MINUTES))


def took(
    number: int, minutes: float | None, kind: Kind = Kind.REPLY, allowed: float = 120, start: datetime = START, **more: Any
) -> Obligation:
    """The n-th thing owed, one each working day, done after so many business minutes, or still open."""
    began = hours.working_days_after(WORKING, start, number)
    source = Evidence(SourceType.MESSAGE, f"<{number}.{kind.value}@acme.example>", began, "Can you?")
    due = later(began, allowed)
    values: dict[str, Any] = {
        "key": f"{kind.value}:{number}:{start.isoformat()}",
        "kind": kind,
        "account": invented.DANA.address,
        "client": "Acme Ltd",
        "contact": "kim@acme.example",
        "summary": "",
        "quote": "Can you?",
        "source": source,
        "created": began,
        "due": due,
        "lapses": hours.working_days_after(WORKING, due, 10),
        "closed": later(began, minutes) if minutes is not None else None,
    }
    return Obligation(**(values | more))


def sample(minutes: float, done: bool = True) -> Sample:
    return Sample(START, START if done else None, minutes)


# --- survival ---


def test_with_nothing_open_the_estimate_is_the_plain_quantile() -> None:
    found = [sample(float(n)) for n in range(1, 101)]
    estimate, low, high = feasibility.quantile(found, 0.95)
    assert estimate == 95.0
    assert low is not None
    assert low < 95.0
    assert high is None or high > 95.0


def test_what_is_open_counts_as_at_least_as_long_as_it_has_been_open() -> None:
    answered = [sample(float(n)) for n in range(1, 81)]
    waiting = [sample(200.0, done=False) for _ in range(20)]
    survivors, _, _ = feasibility.quantile(answered, 0.9)
    honest, _, _ = feasibility.quantile([*answered, *waiting], 0.9)
    assert survivors == 72.0
    assert honest is None  # one in five is not answered yet: nobody can say in which time nine in ten are


def test_what_was_asked_a_minute_ago_says_little() -> None:
    answered = [sample(float(n)) for n in range(1, 81)]
    fresh = [sample(0.5, done=False) for _ in range(20)]
    assert feasibility.quantile([*answered, *fresh], 0.9)[0] == feasibility.quantile(answered, 0.9)[0]


def test_the_curve_agrees_with_kaplan_and_meiers_textbook_example() -> None:
    """Remission times of 21 patients on 6-MP (Freireich and others, 1963): S(6) = .857, S(10) = .753, S(23) = .448."""
    times = [
        (6, 1),
        (6, 1),
        (6, 1),
        (6, 0),
        (7, 1),
        (9, 0),
        (10, 1),
        (10, 0),
        (11, 0),
        (13, 1),
        (16, 1),
        (17, 0),
        (19, 0),
        (20, 0),
    ]
    times += [(22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0)]
    steps = {minutes: share for minutes, share, _, _ in feasibility.curve([sample(float(t), bool(e)) for t, e in times])}
    assert [round(steps[float(t)], 3) for t in (6, 7, 10, 13, 16, 22, 23)] == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]


def test_greenwoods_error_of_the_same_example() -> None:
    times = [
        (6, 1),
        (6, 1),
        (6, 1),
        (6, 0),
        (7, 1),
        (9, 0),
        (10, 1),
        (10, 0),
        (11, 0),
        (13, 1),
        (16, 1),
        (17, 0),
        (19, 0),
        (20, 0),
    ]
    times += [(22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0)]
    _, share, low, high = next(s for s in feasibility.curve([sample(float(t), bool(e)) for t, e in times]) if s[0] == 6.0)
    error = math.sqrt(share**2 * 3 / (21 * 18))
    reach = 1.96 * error / (share * abs(math.log(share)))
    assert (low, high) == pytest.approx((share ** math.exp(reach), share ** math.exp(-reach)))


@pytest.mark.parametrize(
    ("met", "of", "low", "high"), [(10, 10, 0.722, 1.0), (0, 10, 0.0, 0.278), (50, 100, 0.404, 0.596), (0, 0, 0.0, 1.0)]
)
def test_wilsons_interval(met: int, of: int, low: float, high: float) -> None:
    assert Share(met, of).interval == pytest.approx((low, high), abs=0.001)


@given(st.lists(st.tuples(st.floats(1, 5000), st.booleans()), min_size=1, max_size=60))
def test_the_curve_only_falls_and_its_band_holds_it(times: list[tuple[float, bool]]) -> None:
    steps = feasibility.curve([sample(t, done) for t, done in times])
    shares = [share for _, share, _, _ in steps]
    assert shares == sorted(shares, reverse=True)
    assert all(low <= share + 1e-9 and share - 1e-9 <= high for _, share, low, high in steps)


# --- feasibility ---


def test_a_standard_that_was_always_met_can_be_kept() -> None:
    owed = [took(n, 30) for n in range(30)]
    found = feasibility.responses(owed, Kind.REPLY, Allowance(120, Unit.BUSINESS_MINUTES), WORKING, NOW)
    assert (found.verdict, found.share, found.target) == (Verdict.KEPT, Share(30, 30), Allowance(30, Unit.BUSINESS_MINUTES))


def test_a_standard_that_history_breaks_names_the_number_to_negotiate_for() -> None:
    owed = [took(n, 200 if n % 2 else 30) for n in range(30)]
    found = feasibility.responses(owed, Kind.REPLY, Allowance(60, Unit.BUSINESS_MINUTES), WORKING, NOW)
    assert found.verdict is Verdict.BROKEN
    assert found.target == Allowance(240, Unit.BUSINESS_MINUTES)


def test_with_too_little_history_nothing_is_named() -> None:
    owed = [took(n, 30) for n in range(6)]
    found = feasibility.responses(owed, Kind.REPLY, Allowance(120, Unit.BUSINESS_MINUTES), WORKING, NOW)
    assert (found.verdict, found.enough, found.target, found.minutes) == (Verdict.UNKNOWN, False, None, None)


def test_one_failure_proves_nothing() -> None:
    found = feasibility.responses([took(0, 900)], Kind.REPLY, Allowance(60, Unit.BUSINESS_MINUTES), WORKING, NOW)
    assert found.verdict is Verdict.UNKNOWN


def test_what_is_open_and_late_is_not_met() -> None:
    owed = [took(n, 30) for n in range(20)] + [took(n, None) for n in range(20, 30)]
    found = feasibility.responses(owed, Kind.REPLY, Allowance(120, Unit.BUSINESS_MINUTES), WORKING, NOW)
    assert (found.share, found.open) == (Share(20, 30), 10)


def test_what_is_open_and_not_due_yet_is_not_decided() -> None:
    fresh = took(0, None, start=NOW - timedelta(minutes=30))
    owed = [*(took(n, 30) for n in range(20)), fresh]
    assert feasibility.responses(owed, Kind.REPLY, Allowance(120, Unit.BUSINESS_MINUTES), WORKING, NOW).share == Share(20, 20)


@pytest.mark.parametrize("more", [{"waived": True}, {"band": Band.ASKED}, {"kind": Kind.PROMISE}])
def test_only_what_is_sure_and_of_its_kind_is_counted(more: dict[str, Any]) -> None:
    assert (
        feasibility.samples(
            [took(1, 30, **more)] if "kind" not in more else [took(1, 30, Kind.PROMISE)], Kind.REPLY, WORKING, NOW
        )
        == ()
    )


# --- response times ---


def test_times_give_the_middle_and_the_ninth_decile_not_the_mean() -> None:
    owed = [took(n, 30) for n in range(18)] + [took(n, 900) for n in range(18, 20)]
    times = figures.times(owed, WORKING, NOW)
    assert (times.count, times.median, times.ninety) == (20, 30.0, 30.0)
    wide = figures.times([*owed, took(20, 900)], WORKING, NOW)
    assert (wide.median, wide.ninety) == (30.0, 900.0)


def test_the_spread_says_how_uneven_answers_are() -> None:
    times = figures.times([took(n, 30 if n % 5 else 600) for n in range(20)], WORKING, NOW)
    assert times.spread == 20.0


def test_times_of_a_month_leave_other_months_out() -> None:
    owed = [took(n, 30) for n in range(10)] + [took(n, 300) for n in range(30, 40)]
    assert figures.times(owed, WORKING, NOW, since=START + timedelta(days=35)).median == 300.0
    assert figures.times(owed, WORKING, NOW, until=START + timedelta(days=35)).median == 30.0


# --- promise and deliver ---


def promised(number: int, minutes: float | None, allowed: float = 1020) -> Obligation:
    return took(number, minutes, Kind.PROMISE, allowed)


def test_promises_are_counted_as_under_on_and_over() -> None:
    owed = [promised(0, 1500), promised(1, 1000), promised(2, 100), promised(3, None)]
    found = figures.deliveries(owed, WORKING, NOW)
    assert (found.under, found.on, found.over, found.total) == (2, 1, 1, 4)


def test_what_comes_an_hour_early_is_on_time() -> None:
    assert figures.deliveries([promised(0, 960)], WORKING, NOW).on == 1


def test_early_nearly_every_time_is_an_expectation_in_the_making() -> None:
    early = [promised(n, 100) for n in range(6)]
    assert figures.deliveries(early, WORKING, NOW).habit
    assert not figures.deliveries([*early[:4], promised(4, 1000), promised(5, 1000)], WORKING, NOW).habit
    assert not figures.deliveries(early[:4], WORKING, NOW).habit  # four are chance


# --- weeks ---


def test_each_week_sums_up_to_what_fell_due_in_it() -> None:
    owed = [took(n, 30 if n % 3 else 500) for n in range(30)] + [took(n, None) for n in range(30, 35)]
    weeks = figures.weeks(owed, WORKING, NOW)
    due = [o for o in owed if o.due and o.due <= NOW]
    assert sum(w.met + w.late + w.open for w in weeks) == len(due)
    assert sum(w.met for w in weeks) == sum(state(o, NOW) is State.KEPT for o in due)
    assert len(weeks) == 13


# --- courtship ---

WON = START + timedelta(days=28)
ACME = Client("Acme Ltd", frozenset({"acme.example"}), stage=Stage.ONBOARDING, won=WON)


def courted() -> list[Obligation]:
    return (
        [took(n, 20) for n in range(10)]
        + [took(n, 20, Kind.PROMISE, 1020) for n in range(2)]
        + [took(15, None, Kind.PROMISE, 20000)]
    )


def test_the_courtship_holds_what_they_got_used_to_and_what_is_still_open() -> None:
    found = courtship.courtship(ACME, courted(), WORKING, WON + timedelta(days=1))
    assert found is not None
    assert (found.times.count, found.times.median) == (10, 20.0)
    assert (len(found.promised), len(found.open)) == (3, 1)
    assert found.end == WON


def test_a_prospects_courtship_is_not_over() -> None:
    found = courtship.courtship(replace(ACME, stage=Stage.PROSPECT, won=None), courted(), WORKING, WON)
    assert found is not None
    assert found.end == WON


def test_without_a_known_end_there_is_no_courtship_to_speak_of() -> None:
    assert courtship.courtship(replace(ACME, won=None), courted(), WORKING, NOW) is None


def test_a_month_that_is_slower_than_the_courtship_is_named() -> None:
    slow = [took(n, 400, allowed=600) for n in range(22, 40)]
    drift = courtship.drift(ACME, [*courted(), *slow], WORKING, NOW + timedelta(days=10))
    assert drift is not None
    assert drift.slower


def test_a_month_as_quick_as_the_courtship_is_none() -> None:
    drift = courtship.drift(ACME, [*courted(), *(took(n, 25) for n in range(22, 40))], WORKING, NOW + timedelta(days=10))
    assert drift is not None
    assert not drift.slower


def test_in_the_first_month_nothing_is_compared() -> None:
    assert courtship.drift(ACME, courted(), WORKING, WON + timedelta(days=10)) is None


# --- thoughts ---


def thought(owed: list[Obligation], stage: Stage = Stage.ESTABLISHED, now: datetime = NOW) -> list[ObservationKind]:
    clients = {"Acme Ltd": replace(ACME, stage=stage, won=None)}
    found = observations.observe([Assessment(invented.DANA.address, "Acme Ltd", now, tuple(owed), ())], clients, WORKING, now)
    return [t.kind for t in found]


def test_answers_that_vary_are_worth_a_thought() -> None:
    assert thought([took(n, 30 if n % 5 else 900, allowed=1020) for n in range(30)]) == [ObservationKind.UNEVEN]


def test_a_month_that_falls_behind_is_worth_a_thought() -> None:
    before = [took(n, 30) for n in range(20)]
    month = [took(n, 300) for n in range(21, 40)]
    assert ObservationKind.BEHIND in thought([*before, *month])


def test_a_habit_of_delivering_early_is_worth_a_thought() -> None:
    assert thought([promised(n, 100) for n in range(6)]) == [ObservationKind.HABIT]


def test_where_all_is_reliable_and_nothing_special_happened_an_extra_is_suggested() -> None:
    assert thought([took(n, 60) for n in range(30)]) == [ObservationKind.SPECIAL]


def test_an_early_delivery_of_late_is_special_enough() -> None:
    assert thought([*(took(n, 60) for n in range(30)), promised(35, 100)]) == []


def test_where_something_went_wrong_no_extra_is_suggested() -> None:
    assert ObservationKind.SPECIAL not in thought([*(took(n, 60) for n in range(30)), took(31, 500)])


def praised(*more: Obligation, **facts: Any) -> bool:
    """Whether a reliable client is praised for, with what else is known of them."""
    owed = (*(took(n, 60) for n in range(30)), *more)
    clients = {"Acme Ltd": replace(ACME, stage=Stage.ESTABLISHED, won=None)}
    assessment = Assessment(invented.DANA.address, "Acme Ltd", NOW, owed, (), **facts)
    return any(t.kind is ObservationKind.SPECIAL for t in observations.observe([assessment], clients, WORKING, NOW))


def test_nobody_is_praised_for_whom_anything_speaks_against_it() -> None:
    late = replace(took(31, None), due=NOW - timedelta(hours=2), lapses=NOW + timedelta(days=9))
    alarm = Alarm("a", AlarmKind.LEFT, "Acme Ltd", NOW - timedelta(days=2), "Kim seems to have left")
    assert praised()
    assert not praised(late)
    assert not praised(replace(late, snoozed_until=NOW + timedelta(days=1)))
    assert not praised(replace(late, band=Band.ASKED))
    assert not praised(complained=NOW - timedelta(days=3))
    assert not praised(alarms=(alarm,))
    assert praised(complained=NOW - timedelta(days=40)), "that was long ago"


def test_clients_who_wait_longer_than_prospects_are_worth_a_thought() -> None:
    clients = {
        "Acme Ltd": replace(ACME, stage=Stage.ESTABLISHED, won=None),
        "Birch & Co": Client("Birch & Co", stage=Stage.PROSPECT),
    }
    slow = Assessment(invented.DANA.address, "Acme Ltd", NOW, tuple(took(n, 300, allowed=600) for n in range(20)), ())
    quick = Assessment(
        invented.DANA.address, "Birch & Co", NOW, tuple(replace(took(n, 20), client="Birch & Co") for n in range(20)), ()
    )
    found = observations.observe([slow, quick], clients, WORKING, NOW)
    assert found[0].kind is ObservationKind.PROSPECTS_FIRST
    assert found[0].figures == (300.0, 20.0)


def test_of_a_lost_client_nothing_is_thought() -> None:
    assert thought([took(n, 30 if n % 5 else 900, allowed=1020) for n in range(30)], Stage.LOST) == []
