"""How many past answers would have met an allowance: the same, whether or not each due time is worked out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from daemon.analysis.feasibility import LADDER, Sample, Share, within
from daemon.core import hours
from daemon.glossary.charter import Allowance, Interval, WorkingHours

SPLIT = (Interval(time(8), time(12)), Interval(time(13), time(16, 30)))
SHORT = (Interval(time(10), time(13)),)
ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
START = datetime(2026, 3, 20, tzinfo=UTC)  # both changes of the clock lie within the two weeks after it, or near
moments = st.integers(0, 14 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
working_hours = st.sampled_from(ZONES).map(
    lambda zone: WorkingHours(zone, (SPLIT, SPLIT, SPLIT, SPLIT, SHORT, (), ()), frozenset([date(2026, 4, 3)]))
)


def worked_out(samples: list[Sample], allowance: Allowance, working: WorkingHours, now: datetime) -> Share:
    """The same the long way: each due time is compared."""
    due = [(s, hours.add(working, s.created, allowance)) for s in samples]
    decided = [(s, at) for s, at in due if s.closed is not None or at < now]
    return Share(sum(s.closed is not None and s.closed <= at for s, at in decided), len(decided))


@given(st.lists(st.tuples(moments, st.one_of(st.none(), moments)), max_size=12), working_hours, st.sampled_from(LADDER))
def test_it_is_the_same_as_comparing_every_due_time(
    spans: list[tuple[datetime, datetime | None]], working: WorkingHours, allowance: Allowance
) -> None:
    now = START + timedelta(days=15)
    samples = [
        Sample(begun, ended, hours.between(working, begun, ended or now).total_seconds() / 60)
        for begun, ended in spans
        if ended is None or ended >= begun
    ]
    assert within(samples, allowance, working, now) == worked_out(samples, allowance, working, now)
