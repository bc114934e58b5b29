"""Figures: response times and their spread, what was promised and what was delivered.

Nothing is an average: medians, the time that nine in ten did not exceed, and what is still open counts as long as it has been open.
All times are business minutes of the account.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daemon.analysis import feasibility
from daemon.core import hours
from daemon.core.infractions import standards
from daemon.glossary.charter import WorkingHours
from daemon.glossary.obligations import Band, Kind, Obligation, State, state

EARLY = 0.5  # share of the allowed time that is left when something is delivered early
EARLIEST = timedelta(hours=2)  # business time below which nothing is early
HABIT, RECENT = 0.8, 6  # so many of the last promises kept early, and of how many, make an expectation
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Times:
    """How long answers took: how many were asked, how many are open, the median and the ninth decile (None: not reached)."""

    count: int
    open: int
    median: float | None
    ninety: float | None

    @property
    def spread(self) -> float | None:
        """How many times longer than the median one in ten takes."""
        return self.ninety / max(self.median, 1.0) if self.ninety is not None and self.median is not None else None


def times(
    obligations: Iterable[Obligation],
    working: WorkingHours,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Times:
    """Return the response times to mail that came between two moments."""
    came = (o for o in obligations if (since is None or o.created >= since) and (until is None or o.created < until))
    return of_samples(feasibility.samples(came, Kind.REPLY, working, now))


def of_samples(samples: Sequence[feasibility.Sample]) -> Times:
    """Return the response times of samples."""
    return Times(len(samples), sum(not s.done for s in samples), *feasibility.answered_within(samples, 0.5, 0.9))


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """Promises with a date that have ended: under (late or missed), on time, over (early), and when the latest early one was."""

    under: int
    on: int
    over: int
    habit: bool  # early so often that the client expects it
    latest_over: datetime | None = None

    @property
    def total(self) -> int:
        """How many there were."""
        return self.under + self.on + self.over


def deliveries(obligations: Iterable[Obligation], working: WorkingHours, now: datetime) -> DeliveryRecord:
    """Return how promises and deliverables were delivered: late, on time, or early."""
    promised = [o for o in obligations if o.kind in (Kind.PROMISE, Kind.DELIVERABLE) and o.band is Band.TRACKED and o.due]
    ended = [(o, state(o, now)) for o in sorted(promised, key=lambda o: o.closed or o.due or o.created)]
    words = [(o, _word(o, how, working)) for o, how in ended if how in (State.KEPT, State.KEPT_LATE, State.MISSED)]
    recent = [word for _, word in words[-RECENT:]]
    habit = len(recent) >= FEWEST and recent.count("over") >= HABIT * len(recent)
    counts = [word for _, word in words]
    return DeliveryRecord(
        counts.count("under"),
        counts.count("on"),
        counts.count("over"),
        habit,
        max((o.closed for o, word in words if word == "over" and o.closed), default=None),
    )


def _word(o: Obligation, how: State, working: WorkingHours) -> str:
    if how is not State.KEPT or o.closed is None or o.due is None:
        return "under"
    left, allowed = hours.between(working, o.closed, o.due), hours.between(working, o.created, o.due)
    return "over" if left >= EARLIEST and left >= EARLY * allowed else "on"


@dataclass(frozen=True, slots=True)
class Week:
    """What fell due in the week of a Monday: met, late or missed, still open."""

    monday: date
    met: int
    late: int
    open: int


def weeks(obligations: Iterable[Obligation], working: WorkingHours, now: datetime, most: int = 13) -> tuple[Week, ...]:
    """Standards met by week of their due time (what named none: of its end), the last `most` weeks not wholly ahead, empty ones too."""
    this = hours.local_date(working, now)
    this -= timedelta(days=this.weekday())
    rows = {this - timedelta(days=7 * n): [0, 0, 0] for n in range(most)}
    for o in judged_all(obligations):
        fell = o.due if o.due is not None and o.due <= now else o.closed  # what was done before its time counts when it was done
        if fell is None or fell > now:
            continue
        day = hours.local_date(working, fell)
        row = rows.get(day - timedelta(days=day.weekday()))
        if row is not None:
            row[_column(state(o, now))] += 1
    return tuple(Week(monday, *row) for monday, row in sorted(rows.items()))


def _column(how: State) -> int:
    return 0 if how is State.KEPT else 1 if how in (State.KEPT_LATE, State.MISSED, State.OVERDUE) else 2


def judged_all(obligations: Iterable[Obligation]) -> Iterable[Obligation]:
    """Yield what was owed to the client and is sure, including what is older than the charter's `since`."""
    return (o for o in standards(obligations) if not o.waived)


def met(obligations: Iterable[Obligation], now: datetime, since: datetime | None = None) -> feasibility.Share:
    """Return how many standards were met of those decided since a moment."""
    ended = [
        state(o, now) for o in judged_all(obligations) if o.due is not None and o.due <= now and (since is None or o.due >= since)
    ]
    return feasibility.Share(ended.count(State.KEPT), len([s for s in ended if s is not State.SNOOZED]))
