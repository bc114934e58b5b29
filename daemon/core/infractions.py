"""Infractions: what ended late or was missed against the charter, however small; enough of them call for a recovery."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from daemon.core import hours
from daemon.glossary.charter import Allowance, WorkingHours
from daemon.glossary.obligations import Band, Kind, Obligation, SourceType, State, state

REPAIR = "recovery"  # the charter's name for what repairs
JUDGED = frozenset(Kind) - {Kind.WAITING_FOR, Kind.NEXT_STEP}  # theirs, and a plan that is ours alone, are no debt


@dataclass(frozen=True, slots=True)
class Infraction:
    """An obligation that ended badly, and when: when it was done at last, or before that when it was given up as missed."""

    obligation: Obligation
    at: datetime
    missed: bool


def judged(obligations: Iterable[Obligation]) -> Iterator[Obligation]:
    """Yield the obligations that a charter judges: owed to the client, sure, and not older than the charter's `since`."""
    return (o for o in standards(obligations) if o.counts)


def standards(obligations: Iterable[Obligation]) -> Iterator[Obligation]:
    """Yield the same including those older than `since`. A recovery meeting repairs and is not judged itself."""
    return (o for o in obligations if o.kind in JUDGED and o.band is Band.TRACKED and not is_repair(o))


def is_repair(o: Obligation) -> bool:
    """Whether an obligation is a recovery meeting."""
    return o.source.type is SourceType.CHARTER and o.source.reference == REPAIR


def infractions(obligations: Iterable[Obligation], now: datetime) -> tuple[Infraction, ...]:
    """Return every infraction up to `now`, in the order in which they ended."""
    ended_badly = [i for o in judged(obligations) if (i := _of(o, now)) is not None]
    return tuple(sorted(ended_badly, key=lambda i: (i.at, i.obligation.key)))


def _of(o: Obligation, now: datetime) -> Infraction | None:
    how = state(o, now)
    at = ended(o, how)
    return Infraction(o, at, missed=how is State.MISSED) if at is not None else None


def ended(o: Obligation, how: State) -> datetime | None:
    """Return when it ended badly; None where it did not. What was given up and done after all ended when it was given up."""
    if how is State.KEPT_LATE and o.closed is not None:
        return min(o.closed, o.lapses or o.closed)
    return o.lapses if how is State.MISSED else None


def is_grave(infraction: Infraction, limit: Allowance | None, working: WorkingHours) -> bool:
    """Whether one alone is enough for a recovery: so long after its due time, or never although the client asked again."""
    o = infraction.obligation
    if limit is None or o.due is None:
        return False
    if infraction.missed:
        return len(o.asks) > 1
    return o.closed is not None and o.closed >= hours.add(working, o.due, limit)
