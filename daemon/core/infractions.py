"""Infractions: what ended late or was missed against the charter, however small; enough of them call for a recovery."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from daemon.core import hours
from daemon.core.evidence import is_booked, is_doubtful
from daemon.glossary.charter import Allowance, WorkingHours
from daemon.glossary.obligations import Band, Kind, Obligation, SourceType, State, Strength, state

FIRM = 0.85  # how sure a reading is that nobody doubts: of what was never done, more is misread than of what was
REPAIR = "recovery"  # the charter's name for what repairs
JUDGED = frozenset(Kind) - {Kind.WAITING_FOR, Kind.NEXT_STEP}  # theirs, and a plan that is ours alone, are no debt

READ = frozenset({Kind.REPLY, Kind.CALLBACK, Kind.PROMISE, Kind.WAITING_FOR})  # out of words; the others follow from dates


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
    """Yield the same including those older than `since`. A recovery meeting repairs and is not judged itself.

    Neither is what a language model alone is sure of, nor what waits for something that was only announced: both are reminded of,
    and counted nowhere.
    """
    sure = (o for o in obligations if o.band is Band.TRACKED and not o.advised and o.presumed is not Strength.WEAK)
    return (o for o in sure if o.kind in JUDGED and not is_repair(o))


def is_firm(o: Obligation) -> bool:
    """Whether nobody can doubt that it was owed: what calls for a recovery, or reaches a manager or a client, rests on that alone.

    Firm is what the charter itself demands, what the user has confirmed, done or put off, what was answered or done at last, a
    question that was asked again or is beyond doubt, and a promise in words beyond doubt that name a time. A reading that is only
    asked about, or that a language model alone is sure of, is not, nor is anything that may have been done already, or in time before it
    was done for certain.
    """
    if o.band is not Band.TRACKED or o.advised:
        return False
    if o.kind not in READ or o.source.type is SourceType.CHARTER or o.snoozed_until is not None:
        return True
    if any(e.type is SourceType.DECISION for e in o.evidence):
        return True
    if o.closed is not None:
        perhaps = _perhaps_written(o)
        return o.due is None or o.closed <= o.due or perhaps is None or perhaps > o.due
    if any(e.strength is Strength.WEAK and e != o.source for e in o.evidence):
        return False
    return len(o.asks) > 1 or (o.due is not None and o.confidence >= FIRM)


def _perhaps_written(o: Obligation) -> datetime | None:
    """Return when the first mail was written that may have been what was owed. A meeting about something else tells too little."""
    weak = (e.at for e in o.evidence if e.strength is Strength.WEAK and e.type is SourceType.MESSAGE and e != o.source)
    return min(weak, default=None)


def waits_since(o: Obligation, now: datetime) -> datetime | None:
    """Return since when the client waits: since they asked, or since what was promised fell due; None if neither has happened."""
    return o.source.at if o.asks else o.due if o.due is not None and o.due < now else None


def is_overdue(o: Obligation, now: datetime) -> bool:
    """Whether something counts as overdue: in the digest, in `kept due`, on the manager's sheet and in what is said of a recovery.

    It is owed to the client beyond doubt of the reading, since the start of the charter, its time has passed, and nothing hints that it
    was done. A meeting that is booked is not overdue any more; a recovery meeting, what is planned next, and what the client owes,
    never is.
    """
    is_owed = o.kind in JUDGED and o.band is Band.TRACKED and o.counts and not is_repair(o)
    return is_owed and state(o, now) is State.OVERDUE and not is_doubtful(o) and not is_booked(o, now)


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
    """Whether one alone is enough for a recovery: so long after its due time, or never although the client asked again.

    Alone it must be beyond doubt: not if a mail before its end may have been what was owed.
    """
    o = infraction.obligation
    if limit is None or o.due is None:
        return False
    if infraction.missed:
        return len(o.asks) > 1
    done = min(filter(None, (o.closed, _perhaps_written(o))), default=None)
    return done is not None and done >= hours.add(working, o.due, limit) and not _was_perhaps_answered(o)


def _was_perhaps_answered(o: Obligation) -> bool:
    """Whether our side wrote a mail between, taken for an empty one, after which the client did not ask again."""
    return o.kind is Kind.REPLY and o.empty is not None and len(o.asks) < 2
