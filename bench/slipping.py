"""python -m bench.slipping: measure how well slipping clients are detected, with 200 simulated clients over 24 months, five times.

The clients are of seven kinds, as regular and as irregular as people are, with weekends, holidays, summer absences and a drifting
rhythm. Half of them stop on some day of the second year. Printed for each kind: the client-months for one false alarm, among clients
who never stop and among all; and, for those who stop, how late the alarm came after the day on which they would have written next, in
their usual gaps (the mean and the median of the last sixteen).

The same is done for answers that slow down and mails that shrink: nothing changes for half of the clients, and the others become
so many times slower or shorter after a year. Successive values are correlated; the correlation decays over none, five or ten days.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field, fields
from datetime import date, time, timedelta
from itertools import pairwise
from math import exp
from statistics import fmean, median

from daemon.analysis import gap_statistics, slipping_away
from daemon.glossary.charter import Interval, WorkingHours

START, DAYS, CLIENTS, ROUNDS = date(2024, 1, 1), 731, 200, 5
HOLIDAYS = frozenset(
    {date(y, m, d) for y in (2024, 2025) for m, d in ((1, 1), (5, 1), (5, 27), (8, 26), (12, 25), (12, 26))}
    | {date(2024, 3, 29), date(2024, 4, 1), date(2025, 4, 18), date(2025, 4, 21)}
)
WORKING = WorkingHours("UTC", tuple((Interval(time(9), time(17, 30)),) if n < 5 else () for n in range(7)), HOLIDAYS)
CALENDAR = gap_statistics.working_days(WORKING)


@dataclass
class Kind:
    """A kind of client: the mean gap in working days, its regularity (the shape of a gamma distribution), its share of all."""

    mean: float
    shape: float
    share: float


KINDS = {
    "several a week": Kind(1.6, 2.5, 0.2),
    "weekly, a fixed day": Kind(5.0, 40.0, 0.15),
    "weekly, loosely": Kind(5.0, 4.0, 0.2),
    "every two weeks": Kind(10.0, 4.0, 0.15),
    "monthly, regular": Kind(21.0, 16.0, 0.1),
    "monthly, loosely": Kind(21.0, 3.0, 0.1),
    "as it comes": Kind(8.0, 1.2, 0.1),
}


def life(random_: random.Random, kind: Kind) -> list[date]:
    """Return the days on which one client writes."""
    drift = random_.uniform(0.75, 1.35)
    away = [date(year, 8, 1) + timedelta(days=random_.randrange(0, 18)) for year in (2024, 2025)]
    length = random_.choice([0, 5, 10, 15])
    days: list[date] = []
    at, left = START, kind.mean * random_.random()
    for n in range(DAYS):
        at = START + timedelta(days=n)
        if (
            at.weekday() >= 5
            or at in HOLIDAYS
            or (at.month, at.day) >= (12, 24)
            or any(d <= at < d + timedelta(days=length) for d in away)
        ):
            continue
        left -= 1
        while left < 0.5:
            if not days or days[-1] != at:
                days.append(at)
            left += random_.gammavariate(kind.shape, kind.mean * (1 + (drift - 1) * n / DAYS) / kind.shape)
    return days


def alarms(days: list[date], first: date, last: date) -> list[tuple[date, date]]:
    """Return (day of the alarm, last day of contact) of each silence that raises one, checked on every working day."""
    found: list[tuple[date, date]] = []
    known = 0
    for n in range((last - first).days + 1):
        today = first + timedelta(days=n)
        while known < len(days) and days[known] <= today:
            known += 1
        told = bool(found) and found[-1][1] == days[known - 1]
        if known and today.weekday() < 5 and not told and gap_statistics.silence(days[:known], days[known - 1], today, CALENDAR):
            found.append((today, days[known - 1]))
    return found


@dataclass
class Tally:
    """The results for one kind of client; clients who never stop (`staying`) are also counted separately."""

    wrong: int = 0
    months: float = 0.0
    wrong_staying: int = 0
    months_staying: float = 0.0
    late: list[float] = field(default_factory=list)  # in means of their gaps
    late_by_median: list[float] = field(default_factory=list)
    missed: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Return the sum of both."""
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def line(self) -> str:
        """Return the figures as one line of the table."""
        stops = len(self.late) + self.missed
        shown = "".join(f"{at:8.2f}" for d in (self.late, self.late_by_median) for at in _figures(d))
        within = "".join(f"{sum(g <= 1.5 for g in d) / max(1, stops):8.0%}" for d in (self.late, self.late_by_median))
        staying = self.months_staying / max(1, self.wrong_staying)
        return f"{self.months:9.0f}{staying:9.1f}{self.months / max(1, self.wrong):8.1f}{stops:7}{self.missed:7}{shown}{within}"


def _figures(gaps: list[float]) -> tuple[float, float, float]:
    """Return the median, the mean, and the 90th percentile."""
    if not gaps:
        return (float("nan"),) * 3
    return median(gaps), fmean(gaps), sorted(gaps)[int(0.9 * len(gaps))]


def judge(random_: random.Random, kind: Kind) -> Tally:
    """Simulate one client, who may stop, and return the result."""
    days = life(random_, kind)
    stops = random_.random() < 0.5
    end = START + timedelta(days=DAYS - 1)
    stop = START + timedelta(days=random_.randrange(365, 640)) if stops else end + timedelta(days=1)
    written = [d for d in days if d < stop]
    told = alarms(written, START, end)
    real = [a for a in told if stops and a[1] == written[-1]]
    wrong, months = len(told) - len(real), ((stop if stops else end) - START).days / 30.4
    if not stops:
        return Tally(wrong, months, wrong, months)
    if not real:
        return Tally(wrong, months, missed=1)
    gaps = [max(1, CALENDAR.between(a, b)) for a, b in pairwise(written[-17:])]
    late = CALENDAR.between(next((d for d in days if d >= stop), stop), real[0][0])
    return Tally(wrong, months, late=[late / fmean(gaps)], late_by_median=[late / median(gaps)])


def silences() -> None:
    """Print how well silences are detected."""
    of: dict[str, Tally] = defaultdict(Tally)
    for round_ in range(ROUNDS):
        random_ = random.Random(round_)
        for name in random_.choices(list(KINDS), [k.share for k in KINDS.values()], k=CLIENTS):
            of[name] += judge(random_, KINDS[name])
    print(f"{'SILENT':32}{'client-months for':>17}{'':14}{'late, in means':>21}{'late, in medians':>24}{'within 1.5':>17}")
    heads = ("months", "staying", "all", "stops", "missed", *("median", "mean", "9 in 10") * 2, "mean", "median")
    print(f"{'':22}" + "".join(f"{h:>{w}}" for h, w in zip(heads, (9, 9, 8, 7, 7, *(8,) * 8), strict=True)))
    for name in KINDS:
        print(f"{name:22}{of[name].line()}")
    print(f"{'all':22}{sum(of.values(), Tally()).line()}")


def answers(random_: random.Random, each_month: float, days: float, times: float) -> list[tuple[date, float]]:
    """Return the size of each answer as a factor: lognormal, correlated with the one before, `times` as large from the second year on."""
    found: list[tuple[date, float]] = []
    at, level, spread = 0.0, random_.gauss(0, 1), random_.choice((0.5, 0.8, 1.1))
    while True:
        gap = random_.expovariate(each_month / 30.4)
        at += gap
        if at >= DAYS:
            return found
        like = exp(-gap / days) if days else 0.0
        level = like * level + random_.gauss(0, 1) * (1 - like * like) ** 0.5
        found.append((START + timedelta(days=int(at)), exp(spread * level) * (times if at >= 365 else 1.0)))


def changes(values: list[tuple[date, float]], factor: float, least: float) -> list[date]:
    """Return the days on which a change is newly detected."""
    found: list[date] = []
    standing = False
    for n in range(1, len(values) + 1):
        change = gap_statistics.grown(values[:n], factor, least) is not None
        found += [values[n - 1][0]] if change and not standing else []
        standing = change
    return found


def changed(name: str, usual: float, times: float, factor: float, least: float) -> None:
    """Print how well a change of answers is detected; `usual` is in minutes, or in words and then negative, because they decrease."""
    print(f"\n{name:22}{'like for':>9}{'client-months for':>19}{'changed':>9}{'found':>7}{'median':>8}{'9 in 10':>9} days")
    for days in (0.0, 5.0, 10.0):
        random_ = random.Random(7)
        wrong, noticed = 0, list[int | None]()
        for n in range(CLIENTS):
            values = answers(random_, random_.choice((2.0, 4.0, 12.0)), days, times if n % 2 else 1.0)
            told = changes([(day, usual * v) for day, v in values], factor, least)
            late = [(day - START).days - 365 for day in told]
            wrong += sum(d < 0 or n % 2 == 0 for d in late)
            noticed += [next((d for d in late if d >= 0), None)] if n % 2 else []
        found = sorted(d for d in noticed if d is not None)
        months = CLIENTS * 0.75 * DAYS / 30.4
        print(
            f"{'':22}{days:7.0f} d{months / max(1, wrong):19.0f}{len(noticed):9}{len(found) / len(noticed):7.0%}"
            f"{median(found):8.0f}{found[int(0.9 * len(found))]:9}"
        )


def main() -> None:
    """Print the figures."""
    silences()
    changed("SLOWER, four times", 120.0, 4.0, slipping_away.SLOWER, slipping_away.SLOW)
    changed("SHORTER, a quarter", -60.0, 0.25, 1 / slipping_away.SHORTER, slipping_away.SHORT)


if __name__ == "__main__":
    main()
