"""Observations: what the figures of a client say that no single obligation says.

Shown once a week, on its first working day: answers that vary, a month that falls behind, established clients who wait longer than
prospects, early deliveries that have become an expectation, and where all is reliable but nothing special happened for long.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from daemon.analysis import courtship, figures
from daemon.analysis.feasibility import Sample, samples
from daemon.core.infractions import infractions, standards
from daemon.glossary.assessments import Assessment
from daemon.glossary.charter import WorkingHours
from daemon.glossary.obligations import Band, Kind, Obligation
from daemon.glossary.parties import Client, Stage

MONTH, LONG = timedelta(days=30), timedelta(days=90)
FEWEST = 10  # cases below which a spread or a share says nothing
UNEVEN = 6.0  # so many times the median takes one in ten
FALL = 0.1  # of the share met
WAITS = 1.5  # times longer than prospects
NEAR = 60.0  # business minutes that nobody feels


class ObservationKind(StrEnum):
    """What an observation is about."""

    UNEVEN = "uneven"
    BEHIND = "behind"
    COURTSHIP = "courtship"
    HABIT = "habit"
    SPECIAL = "special"
    PROSPECTS_FIRST = "prospects first"


@dataclass(frozen=True, slots=True)
class Observation:
    """One observation: about which client (None: about all), with the figures it rests on (minutes or shares)."""

    kind: ObservationKind
    client: str | None
    figures: tuple[float, ...] = ()
    count: int = 0


def observe(
    assessments: Sequence[Assessment], clients: Mapping[str, Client], working: WorkingHours, now: datetime
) -> tuple[Observation, ...]:
    """Return every observation about one account's clients, those who are neglected first."""
    of_clients = [t for a in assessments if a.client in clients for t in _of_client(a, clients[a.client], working, now)]
    order = list(ObservationKind)
    return (
        *_prospects_first(assessments, clients, working, now),
        *sorted(of_clients, key=lambda t: (order.index(t.kind), t.client)),
    )


def _of_client(a: Assessment, client: Client, working: WorkingHours, now: datetime) -> Iterator[Observation]:
    if client.stage is Stage.LOST or not a.two_way:
        return
    concerns = [*_spread(a, working, now), *_behind(a, now), *_since_courtship(a, client, working, now)]
    yield from concerns
    if concerns or is_troubled(a, now):
        return
    delivered = figures.deliveries(a.obligations, working, now)
    if delivered.habit:
        yield Observation(ObservationKind.HABIT, a.client, count=delivered.over)
    elif (reliable := _reliable(a, delivered, now)) is not None:
        yield Observation(ObservationKind.SPECIAL, a.client, count=reliable)


def is_troubled(a: Assessment, now: datetime) -> bool:
    """Return whether anything speaks against praise.

    That is something late, hidden for a time or doubtful too; what was late or missed, or a complaint, in the last month; signs that
    they slip away; a recovery.
    """
    late = any(o.kind is not Kind.WAITING_FOR and o.band is not Band.IGNORED and _is_late(o, now) for o in a.obligations)
    failed = any(i.at >= now - MONTH for i in infractions(a.obligations, now))
    complained = a.complained is not None and a.complained >= now - MONTH
    return late or failed or complained or bool(a.alarms) or a.recovery is not None


def _is_late(o: Obligation, now: datetime) -> bool:
    """Whether its time has passed and it was not done, whatever the user decided to be shown of it."""
    return o.due is not None and o.due < now and (o.closed is None or o.closed > now)


def _spread(a: Assessment, working: WorkingHours, now: datetime) -> Iterator[Observation]:
    recent = figures.times(a.obligations, working, now, since=now - LONG)
    if recent.count >= FEWEST and recent.median is not None and recent.ninety is not None and _uneven(recent):
        yield Observation(ObservationKind.UNEVEN, a.client, (recent.median, recent.ninety), recent.count)


def _since_courtship(a: Assessment, client: Client, working: WorkingHours, now: datetime) -> Iterator[Observation]:
    drift = courtship.drift(client, a.obligations, working, now)
    if drift is not None and drift.slower and drift.then.median is not None:
        yield Observation(
            ObservationKind.COURTSHIP,
            a.client,
            (drift.then.median, -1.0 if drift.today.median is None else drift.today.median),
            drift.today.count,
        )


def _uneven(times: figures.Times) -> bool:
    """Whether the slow answers take many times the median, and noticeably longer."""
    wide = (times.spread or 0) >= UNEVEN
    return wide and (times.ninety or 0) - (times.median or 0) >= NEAR


def _behind(a: Assessment, now: datetime) -> Iterator[Observation]:
    """Compare this month with the three before it."""
    month = figures.met(a.obligations, now, now - MONTH)
    before = figures.met([o for o in a.obligations if o.due and o.due < now - MONTH], now, now - MONTH - LONG)
    if (
        month.of >= FEWEST // 2
        and before.of >= FEWEST
        and before.value - month.value >= FALL
        and month.interval[1] < before.value
    ):
        yield Observation(ObservationKind.BEHIND, a.client, (month.value, before.value), month.of)


def _reliable(a: Assessment, delivered: figures.DeliveryRecord, now: datetime) -> int | None:
    """Return how many things fell due in the last three months, if all were on time and nothing special happened; else None."""
    decided = figures.met(a.obligations, now, now - LONG)
    ended = [o for o in standards(a.obligations) if not o.waived and o.closed and now - LONG <= o.closed <= now]
    on_time = decided.met == decided.of and all(o.due is None or o.closed is None or o.closed <= o.due for o in ended)
    on_time = on_time and not any(i.at >= now - LONG for i in infractions(a.obligations, now))
    special = delivered.latest_over is not None and delivered.latest_over >= now - LONG
    return decided.of if on_time and decided.of >= FEWEST and not special else None


def _prospects_first(
    assessments: Sequence[Assessment], clients: Mapping[str, Client], working: WorkingHours, now: datetime
) -> Iterator[Observation]:
    """Whether established clients wait longer than prospects do."""
    sides: dict[bool, list[Sample]] = {True: [], False: []}
    for a in assessments:
        client = clients.get(a.client)
        if client is not None and client.stage is not Stage.LOST:
            recent = (o for o in a.obligations if o.created >= now - LONG)
            sides[client.stage is Stage.PROSPECT] += samples(recent, Kind.REPLY, working, now)
    prospects, others = figures.of_samples(sides[True]), figures.of_samples(sides[False])
    if prospects.count < FEWEST or others.count < FEWEST or prospects.median is None or others.median is None:
        return
    if others.median >= WAITS * prospects.median and others.median - prospects.median >= NEAR:
        yield Observation(ObservationKind.PROSPECTS_FIRST, None, (others.median, prospects.median), others.count)
