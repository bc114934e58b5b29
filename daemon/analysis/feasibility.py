"""Feasibility: whether a standard can be kept, judged by what really happened.

Response times are survival data: what is still open has taken at least as long as it has been open. The share answered within a
time is estimated as 1 - S(t) after Kaplan and Meier (1958), its uncertainty by Greenwood's variance on the log(-log) scale; shares
of standards met by Wilson's interval (1927). Both at 95 %. With fewer than `ENOUGH` cases no target is named.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from operator import attrgetter

from daemon.core import hours
from daemon.core.infractions import is_repair
from daemon.core.tracking import follow_ups
from daemon.glossary.charter import Allowance, Unit, WorkingHours
from daemon.glossary.obligations import Band, Kind, Obligation, State, state

SHARE = 0.95  # the share that a target must be met with
FEWEST = 5  # cases below which even failures prove nothing
ENOUGH = 20  # cases below which one failure more or less says nothing about one in twenty
_Z = 1.96
_HOUR = 60
_EXACTLY = 0.001  # minutes
_MINUTES = attrgetter("minutes")
_DAY, _CLOCK_CHANGE = timedelta(days=1), timedelta(hours=2)
LADDER = (
    *(Allowance(n, Unit.BUSINESS_MINUTES) for n in (30, _HOUR, 2 * _HOUR, 4 * _HOUR, 6 * _HOUR)),
    *(Allowance(n, Unit.WORKING_DAYS) for n in (1, 2, 3, 5, 10)),
)
"""The times that people agree on, shortest first."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One thing that was asked: when, and how long it took in business minutes, or has taken so far (`done` False)."""

    created: datetime
    closed: datetime | None
    minutes: float

    @property
    def done(self) -> bool:
        """Whether it was settled."""
        return self.closed is not None


class Verdict(StrEnum):
    """What the past says of a standard."""

    KEPT = "kept"  # met 95 % of the time
    CLOSE = "close"  # 95 % lies within what is uncertain
    BROKEN = "broken"  # history says it cannot be kept
    UNKNOWN = "unknown"  # too little history


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the 95 % interval of the share (Wilson)."""

    met: int
    of: int

    @property
    def value(self) -> float:
        """The share itself; 0 of nothing."""
        return self.met / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The interval in which the share lies with 95 %."""
        if not self.of:
            return 0.0, 1.0
        n, p = self.of, self.value
        middle, reach = p + _Z**2 / (2 * n), _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
        return max(0.0, (middle - reach) / (1 + _Z**2 / n)), min(1.0, (middle + reach) / (1 + _Z**2 / n))


@dataclass(frozen=True, slots=True)
class Feasibility:
    """One standard compared with the past.

    `target` is the shortest usual time that was met 95 % of the time, None where none was or too little is known. `minutes` is the
    estimate in business minutes with its interval `within`; an end that the past does not reach is None.
    """

    kind: Kind
    allowance: Allowance | None
    share: Share
    open: int
    target: Allowance | None = None
    minutes: float | None = None
    within: tuple[float | None, float | None] = (None, None)

    @property
    def enough(self) -> bool:
        """Whether there are enough cases to speak of one in twenty."""
        return self.share.of >= ENOUGH

    @property
    def verdict(self) -> Verdict:
        """What history says."""
        low, high = self.share.interval
        if self.share.value >= SHARE and self.enough:
            return Verdict.KEPT
        if high < SHARE and self.share.of >= FEWEST:
            return Verdict.BROKEN
        return Verdict.CLOSE if self.enough and low < SHARE else Verdict.UNKNOWN


def samples(obligations: Iterable[Obligation], kind: Kind, working: WorkingHours, now: datetime) -> tuple[Sample, ...]:
    """Return how long each thing of a kind took, oldest first; without what was not owed after all, is not sure, or asks nothing."""
    sampled = [o for o in obligations if o.kind is kind and not o.waived and o.band is Band.TRACKED and o.created <= now]
    asking = (o for o in sampled if not takes_up_offer(o))
    return tuple(_sample(o, working, now) for o in sorted(asking, key=lambda o: o.created))


def takes_up_offer(o: Obligation) -> bool:
    """Whether all that a client wrote is a yes to what was offered: that is owed, and was no question to be answered."""
    return o.kind is Kind.REPLY and bool(o.asks) and all(follow_ups.merely_agrees(words) for words in o.asks)


def _sample(o: Obligation, working: WorkingHours, now: datetime) -> Sample:
    closed = o.closed if o.closed is not None and o.closed <= now else None
    return Sample(o.created, closed, hours.between(working, o.created, closed or now).total_seconds() / 60)


def curve(answers: Sequence[Sample]) -> tuple[tuple[float, float, float, float], ...]:
    """Return the share not yet answered after so many minutes: (minutes, share, lower end, upper end) at each answer."""
    return tuple((minutes, survived, *_band(survived, spread)) for minutes, survived, spread in _survival(answers))


def _survival(answers: Sequence[Sample]) -> Iterator[tuple[float, float, float]]:
    """Yield the share not yet answered after so many minutes, at each answer: (minutes, share, Greenwood's sum)."""
    left, survived, spread = len(answers), 1.0, 0.0
    for minutes, taking_this_long in groupby(sorted(answers, key=_MINUTES), key=_MINUTES):
        done = [s.closed is not None for s in taking_this_long]
        answered = sum(done)
        if answered:
            survived *= 1 - answered / left
            spread += answered / (left * (left - answered)) if left > answered else 0.0
            yield minutes, survived, spread
        left -= len(done)


def _band(survived: float, spread: float) -> tuple[float, float]:
    """The interval of a share, on the log(-log) scale, so that it stays between 0 and 1."""
    if not 0 < survived < 1:
        return survived, survived
    error = _Z * math.sqrt(spread) / abs(math.log(survived))
    return survived ** math.exp(error), survived ** math.exp(-error)


def quantile(answers: Sequence[Sample], share: float) -> tuple[float | None, float | None, float | None]:
    """Return within how many business minutes that share was answered, with the interval; None where the past ends before."""
    steps, limit = curve(answers), _limit(share)

    def first(place: int) -> float | None:
        return next((step[0] for step in steps if step[place] <= limit), None)

    return first(1), first(2), first(3)


def answered_within(answers: Sequence[Sample], *shares: float) -> tuple[float | None, ...]:
    """Return within how many business minutes each share was answered, without the interval, which costs more than the rest."""
    steps, limits = tuple(_survival(answers)), [_limit(share) for share in shares]
    return tuple(next((minutes for minutes, left, _ in steps if left <= limit), None) for limit in limits)


def _limit(share: float) -> float:
    """Return the share that is left once `share` was answered, as far as floating point tells."""
    return 1 - share + 1e-9


def within(answers: Iterable[Sample], allowance: Allowance, working: WorkingHours, now: datetime) -> Share:
    """Return how many would have met that allowance, of those for which it is decided."""
    met = of = 0
    for sample in answers:
        if sample.closed is not None:
            of += 1
            met += _is_within(sample, sample.closed, allowance, working)
        elif hours.add(working, sample.created, allowance) < now:
            of += 1
    return Share(met, of)


def _is_within(sample: Sample, closed: datetime, allowance: Allowance, working: WorkingHours) -> bool:
    """Return whether a sample was settled before its allowance was used up; most are without working out when that is.

    Business time tells unless it is used up exactly, as an allowance may end with a working day and the answer come in the evening.
    The same clock time so many working days later is at least as many days later, but for a change of the clock.
    """
    if allowance.unit is Unit.BUSINESS_MINUTES and abs(sample.minutes - allowance.count) > _EXACTLY:
        return sample.minutes < allowance.count
    if allowance.unit is Unit.WORKING_DAYS and closed - sample.created <= allowance.count * _DAY - _CLOCK_CHANGE:
        return True
    return closed <= hours.add(working, sample.created, allowance)


def responses(
    obligations: Iterable[Obligation], kind: Kind, allowance: Allowance | None, working: WorkingHours, now: datetime
) -> Feasibility:
    """Return a response standard (reply, callback) compared with the past, as if `allowance` had always been agreed."""
    answers = samples(obligations, kind, working, now)
    share = within(answers, allowance, working, now) if allowance else Share(0, 0)
    enough = len(answers) >= ENOUGH
    estimate, low, high = quantile(answers, SHARE)
    return Feasibility(
        kind=kind,
        allowance=allowance,
        share=share,
        open=sum(not s.done for s in answers),
        target=_target(lambda rung: within(answers, rung, working, now)) if enough else None,
        minutes=estimate if enough else None,
        within=(low, high) if enough else (None, None),
    )


def _target(share: Callable[[Allowance], Share]) -> Allowance | None:
    return next((rung for rung in LADDER if share(rung).value >= SHARE and share(rung).of >= ENOUGH), None)


def kept(obligations: Iterable[Obligation], kind: Kind, allowance: Allowance | None, now: datetime) -> Feasibility:
    """Return any other standard: how many were kept in time, of those that have ended or are overdue."""
    due = [o for o in obligations if o.kind is kind and o.band is Band.TRACKED and o.due is not None and not is_repair(o)]
    states = [state(o, now) for o in due]
    ended = [s for s in states if s in (State.KEPT, State.KEPT_LATE, State.MISSED, State.OVERDUE)]
    open_ = sum(s in (State.OPEN, State.DUE_SOON, State.SNOOZED, State.OVERDUE) for s in states)
    return Feasibility(kind, allowance, Share(ended.count(State.KEPT), len(ended)), open_)


def in_minutes(allowance: Allowance, working: WorkingHours) -> float:
    """Return about how many business minutes an allowance is: a day of the calendar as its share of an average week."""
    working_day = hours.longest_day(working).total_seconds() / 60
    calendar_day = working_day * sum(1 for day in working.week if day) / 7
    match allowance.unit:
        case Unit.BUSINESS_MINUTES:
            return float(allowance.count)
        case Unit.WORKING_DAYS:
            return allowance.count * working_day
        case Unit.CLOCK_MINUTES:
            days, rest = divmod(allowance.count, 24 * _HOUR)
            return days * calendar_day + min(rest, working_day)
        case Unit.CALENDAR_DAYS:
            return allowance.count * calendar_day
        case Unit.MONTHS:
            return allowance.count * calendar_day * 365 / 12
