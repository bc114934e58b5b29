"""Rhythm: when a client's silence breaks their own habit (DOMAIN, infers 6), in working days of the account.

The days on which they wrote are compared with each other, so a burst of mails is one day. The measure is their own: three
times the usual gap, and longer than nearly all gaps there were. New and one-off contacts have no habit and raise no alarm.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

from daemon.core import evidence as proof
from daemon.core import hours
from daemon.core.model import Side, Timeline, WorkingHours

GAPS = 8  # as few gaps make no habit
SHORTEST = 5  # working days of silence that are nothing to speak of with anybody


def quiet_since(timeline: Timeline, now: datetime) -> datetime | None:
    """Since when the client is silent, where that is longer than their own rhythm explains; None otherwise."""
    working = timeline.account.hours
    wrote = [e.at for e in timeline.entries if proof.from_client(e)]
    days = sorted({hours.local_date(working, at) for at in wrote})
    gaps = sorted(max(1, working_days_between(working, a, b)) for a, b in pairwise(days))
    if len(gaps) < GAPS:
        return None
    limit = max(SHORTEST, 3 * median(gaps), _nearly_all(gaps))
    silent = working_days_between(working, _heard_of(timeline, days[-1]), hours.local_date(working, now))
    return wrote[-1] if silent > limit else None


def working_days_between(working: WorkingHours, start: date, end: date) -> int:
    """The working days after `start` up to and with `end`."""
    return sum(hours.is_working_day(working, start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def _nearly_all(gaps: list[int]) -> float:
    """The gap that nineteen in twenty of theirs do not exceed."""
    return gaps[min(len(gaps) - 1, int(0.95 * len(gaps)))]


def _heard_of(timeline: Timeline, last: date) -> date:
    """The last day they wrote, or the day on which an absence note says that they are back."""
    back = [e.reading.away_until for e in timeline.entries if e.side is Side.CLIENT and e.reading.away_until is not None]
    return max([last, *back])
