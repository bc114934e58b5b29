"""python -m bench.slipping: how well slipping clients are found: 200 clients for 24 months, five times over.

Clients are invented of seven kinds, as regular and as irregular as people are, with weekends, holidays, absences in summer and a
rhythm that drifts. Half of them stop at some day of the second year. Printed by kind: false alarms per client and month before they stop,
and, for those who stop, when the alarm came: after the day on which they would have written next, in their usual gaps.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise
from statistics import fmean, median

from daemon.core import habit
from daemon.core.model import Interval, WorkingHours

START, DAYS, CLIENTS, ROUNDS = date(2024, 1, 1), 731, 200, 5
HOLIDAYS = frozenset(
    {date(y, m, d) for y in (2024, 2025) for m, d in ((1, 1), (5, 1), (5, 27), (8, 26), (12, 25), (12, 26))}
    | {date(2024, 3, 29), date(2024, 4, 1), date(2025, 4, 18), date(2025, 4, 21)}
)
WORKING = WorkingHours("UTC", tuple((Interval(time(9), time(17, 30)),) if n < 5 else () for n in range(7)), HOLIDAYS)
CALENDAR = habit.working_days(WORKING)


@dataclass
class Kind:
    """How often somebody writes, in working days, and how regularly (the shape of a gamma distribution); their share of all."""

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
    """The days on which one client writes."""
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
    """Each silence that was alarmed: the day of the alarm and the last day of contact, looked at each working day."""
    found: list[tuple[date, date]] = []
    known = 0
    for n in range((last - first).days + 1):
        today = first + timedelta(days=n)
        while known < len(days) and days[known] <= today:
            known += 1
        told = bool(found) and found[-1][1] == days[known - 1]
        if known and today.weekday() < 5 and not told and habit.silence(days[:known], days[known - 1], today, CALENDAR):
            found.append((today, days[known - 1]))
    return found


def main() -> None:
    """Print the figures."""
    false: dict[str, int] = defaultdict(int)
    months: dict[str, float] = defaultdict(float)
    late: dict[str, list[float]] = defaultdict(list)
    missed: dict[str, int] = defaultdict(int)
    for round_ in range(ROUNDS):
        random_ = random.Random(round_)
        for name in random_.choices(list(KINDS), [k.share for k in KINDS.values()], k=CLIENTS):
            days = life(random_, KINDS[name])
            stops = random_.random() < 0.5
            stop = START + timedelta(days=random_.randrange(365, 640)) if stops else START + timedelta(days=DAYS)
            written = [d for d in days if d < stop]
            expected = next((d for d in days if d >= stop), stop)
            end = START + timedelta(days=DAYS - 1)
            told = alarms(written, START, end)
            real = [a for a in told if stops and a[1] == written[-1]]
            before = [a for a in told if a not in real]
            false[name] += len(before)
            months[name] += ((stop if stops else end) - START).days / 30.4
            if stops:
                usual = fmean(max(1, CALENDAR.between(a, b)) for a, b in pairwise(written[-17:]))
                if real:
                    late[name].append(CALENDAR.between(expected, real[0][0]) / usual)
                else:
                    missed[name] += 1
    print(
        f"{'kind':22}{'client-months':>14}{'false, one in':>15}{'stops':>7}{'not found':>11}{'median':>8}{'9 in 10':>9}{'<= 1.5':>8}"
    )
    names = [*KINDS, "all"]
    for name in names:
        of = list(KINDS) if name == "all" else [name]
        gaps = sorted(g for k in of for g in late[k])
        wrong, total, lost = sum(false[k] for k in of), sum(months[k] for k in of), sum(missed[k] for k in of)
        within = sum(g <= 1.5 for g in gaps) / max(1, len(gaps) + lost)
        print(
            f"{name:22}{total:14.0f}{total / max(1, wrong):15.1f}{len(gaps) + lost:7}{lost:11}{median(gaps):8.2f}{gaps[int(0.9 * len(gaps))]:9.2f}{within:8.0%}"
        )


if __name__ == "__main__":
    main()
