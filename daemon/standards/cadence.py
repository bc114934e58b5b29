"""Cadence: what should happen at least so often, as a chain of spans, each from one time it happened to the next due time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from daemon.core import hours
from daemon.core.model import Allowance, Evidence, WorkingHours


class Span(NamedTuple):
    """One span: from when it counts, when it is due, and what happened in it (None: nothing yet)."""

    begin: datetime
    due: datetime
    met: Evidence | None


def chain(
    working: WorkingHours, begin: datetime, happened: Sequence[Evidence], cadence: Callable[[datetime], Allowance | None]
) -> Iterator[Span]:
    """Every span since `begin`; the last one is still open. `cadence` says how often it should happen at a moment.

    A span ends with the last time that it happened before it was due, else with the first time after that. Where the cadence
    was switched off nothing is due until it happens again.
    """
    rest = [h for h in happened if h.at > begin]
    while True:
        allowance = cadence(begin)
        if allowance is None:
            if not rest:
                return
            begin = rest.pop(0).at
            continue
        due = hours.add(working, begin, allowance)
        timely = [h for h in rest if h.at <= due]
        met = timely[-1] if timely else rest[0] if rest else None
        yield Span(begin, due, met)
        if met is None:
            return
        rest = rest[rest.index(met) + 1 :]
        begin = met.at
