"""Gap statistics: whether a client's silence, or a change in their answers, is more than their own history explains.

Silence. The days on which a client was in touch make gaps, counted in working days without holidays and without the days around
Christmas; several contacts on one day are one. Gaps are taken as gamma distributed with that client's own mean and regularity, both
estimated from few numbers, so the limit is the quantile of the next gap to be expected (an F distribution; Kalbfleisch and Prentice,
Statistical Analysis of Failure Time Data, chapter 3). A client as regular as a weekly order is missed soon, one who writes now and
then is missed late. The level follows from how often they are in touch: the price is one false alarm in LEVEL months.

Change. The latest answers are compared with the earlier ones by the rank test of Mann and Whitney (1947), and by a factor that
people notice. The test takes its values for independent, which answers of the same busy days are not, so a week counts once, with
its median.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from math import log, sqrt
from statistics import NormalDist, fmean, median

from daemon.glossary.charter import WorkingHours

GAPS = 8  # fewer make no habit
RECENT, LATEST = 16, 6  # gaps that tell the present rhythm; and those that tell it soonest after a change
MANY = 40  # gaps that tell how regular they are
CHANGED = 1.3  # times longer than the recent ones: the rhythm has changed
LEVEL = 14.0  # months with one client for which one false alarm of silence is the price, on average
WORKING_MONTH = 21.0  # working days
SHORTEST = 5  # working days of silence that are nothing to speak of with anybody
MOST_REGULAR = 16.0  # as regular as history can prove anybody to be
OUTLIER = 4.0  # times the median: a longer gap was an event of its own
SEASON = timedelta(days=21)  # how near to the same day of last year a gap belongs to the same season
YEAR = timedelta(days=364)  # the same weekday

LATE, EARLY = 6, 8  # weeks with answers that are compared: the latest, and at least so many before them
MOST_EARLIER = 52
SURE = 3.0  # standard errors of the rank test: one in seven hundred


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence that breaks a habit: its working days, the usual number between contacts, and the limit it exceeded."""

    days: int
    usual: float
    limit: int


class WorkingDays:
    """Counts working days without walking through them: holidays and the days around Christmas are no working days."""

    def __init__(self, working: WorkingHours, extra: Iterable[date] = ()) -> None:
        weekdays = [bool(intervals) for intervals in working.week]
        self._off = sorted(d for d in {*working.holidays, *extra, *_CHRISTMAS} if weekdays[d.weekday()])
        self._of_week = [sum(weekdays[: n + 1]) for n in range(7)]

    def until(self, day: date) -> int:
        """Return how many working days there were up to and including a day, since the calendar's beginning."""
        weeks = (day.toordinal() - 1) // 7
        return weeks * self._of_week[6] + self._of_week[day.weekday()] - bisect_right(self._off, day)

    def between(self, start: date, end: date) -> int:
        """Return the working days after `start` up to and including `end`."""
        return max(0, self.until(end) - self.until(start))


_CHRISTMAS = frozenset(date(year, 12, 24) + timedelta(days=n) for year in range(1990, 2100) for n in range(9))


@lru_cache(maxsize=512)
def working_days(working: WorkingHours, extra: frozenset[date] = frozenset()) -> WorkingDays:
    """Return the calendar of working hours, with further days off."""
    return WorkingDays(working, extra)


def silence(days: Sequence[date], heard_of: date, today: date, calendar: WorkingDays) -> Silence | None:
    """Return the silence since `heard_of` where it breaks the habit that the days of contact (sorted, each once) make."""
    silent = calendar.between(heard_of, today)
    if len(days) <= GAPS or silent <= SHORTEST:
        return None
    gaps = [max(1, calendar.between(a, b)) for a, b in pairwise(days[-MANY - 1 :])]
    recent, latest = gaps[-RECENT:], gaps[-LATEST:]
    limit = _limit(recent, gaps)
    if fmean(latest) > CHANGED * fmean(recent):  # they write less than they did, and still do
        limit = max(limit, _limit(latest, gaps))
    if silent <= limit or silent <= _last_year(days, heard_of, today, calendar):
        return None
    return Silence(silent, fmean(_trimmed(recent)), int(limit))


def _limit(gaps: Sequence[int], all_: Sequence[int]) -> float:
    """The gap that the next one will hardly exceed, by the mean of some and the regularity of all."""
    usual = _trimmed(gaps)
    mean, shape = fmean(usual), _shape(_trimmed(all_))
    level = min(0.2, mean / WORKING_MONTH / LEVEL)
    return max(SHORTEST, mean * _f_quantile(1 - level, 2 * shape, 2 * shape * len(usual)))


def _trimmed(gaps: Sequence[int]) -> list[float]:
    most = OUTLIER * median(gaps)
    return [min(float(g), most) for g in gaps]


def _shape(gaps: Sequence[float]) -> float:
    """How regular: the shape of a gamma distribution by maximum likelihood (Minka's closed form), without its bias."""
    spread = log(fmean(gaps)) - fmean(log(g) for g in gaps)
    if spread <= 0:
        return MOST_REGULAR
    shape = (3 - spread + sqrt((spread - 3) ** 2 + 24 * spread)) / (12 * spread)
    unbiased = shape * (len(gaps) - 3) / len(gaps) + 2 / (3 * len(gaps))
    return min(MOST_REGULAR, max(0.5, unbiased))


def _f_quantile(level: float, upper: float, lower: float) -> float:
    """The quantile of an F distribution by Paulson's cube root (1942)."""
    z = NormalDist().inv_cdf(level)
    a, b = 2 / (9 * upper), 2 / (9 * lower)
    square = (1 - b) ** 2 - z * z * b
    if square <= 0:
        return float("inf")  # too little is known: never
    root = ((1 - a) * (1 - b) + z * sqrt((1 - a) ** 2 * b + (1 - b) ** 2 * a - a * b * z * z)) / square
    return root**3


def _last_year(days: Sequence[date], heard_of: date, today: date, calendar: WorkingDays) -> int:
    """Their longest gap of the same season a year ago: who was away in August then may be so again."""
    start, end = heard_of - YEAR - SEASON, today - YEAR + SEASON
    season = days[bisect_left(days, start) : bisect_right(days, end)]
    return max((calendar.between(a, b) for a, b in pairwise(season)), default=0)


@dataclass(frozen=True, slots=True)
class Change:
    """Answers that have changed: the index of the first of the late ones, and what was usual before and is now."""

    first: int
    before: float
    now: float


def grown(values: Sequence[tuple[date, float]], factor: float, least: float) -> Change | None:
    """Return how values, in order of their days, have grown by that factor, and by `least` at least; None where they have not.

    The latest LATE weeks are compared with those before. `first` stays the same as long as the change lasts.
    """
    weeks = [list(of) for _, of in groupby(range(len(values)), key=lambda n: (values[n][0].toordinal() - 1) // 7)]
    usual = [median(values[n][1] for n in of) for of in weeks]
    change = None
    for end in range(len(usual), LATE + EARLY - 1, -1):
        before, now = _medians(usual[:end])
        if not _larger(usual[:end], factor, least):
            break
        if change is None and values[-1][1] < (before + now) / 2:  # the very latest is as they always were
            break
        change = Change(weeks[end - LATE][0], before, now)
    return change


def _parts(values: Sequence[float]) -> tuple[Sequence[float], Sequence[float]]:
    return values[:-LATE][-MOST_EARLIER:], values[-LATE:]


def _medians(values: Sequence[float]) -> tuple[float, float]:
    earlier, late = _parts(values)
    return median(earlier), median(late)


def _larger(values: Sequence[float], factor: float, least: float) -> bool:
    earlier, late = _parts(values)
    before, now = _medians(values)
    if now < factor * before or now - before < least or min(values[-2:]) < (before + now) / 2:
        return False
    wins = sum((a > b) + 0.5 * (a == b) for a in late for b in earlier)
    n, m = len(late), len(earlier)
    return (wins - n * m / 2) / sqrt(n * m * (n + m + 1) / 12) >= SURE
