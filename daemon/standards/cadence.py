"""Cadence: what should happen at least so often, as a chain of spans, each from one time it happened to the next due time.

A span is judged by the version of the charter in force when it begins. A later version that wants it more often counts from its
own start, one that switches it off ends what is not due yet, and one that switches it on again begins a span of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from daemon.core import hours
from daemon.core.assessment_inputs import SETTLING, AssessmentInputs
from daemon.glossary.decisions import Verb
from daemon.glossary.obligations import Evidence, Kind


class Span(NamedTuple):
    """One span: its key, from when it counts, when it is due, and what happened in it (None: nothing yet)."""

    key: str
    begin: datetime
    due: datetime
    met: Evidence | None


def chain(inputs: AssessmentInputs, kind: Kind, standard: str, begin: datetime, happened: Sequence[Evidence]) -> Iterator[Span]:
    """Yield every span since `begin`; the last one is still open.

    A span ends with the last time it happened before it was due, else with the first time after that. It also ends with the user's
    decision, and where it was given up as missed: what is owed regularly is owed again after that.
    """
    times = sorted(happened, key=_at)
    at: datetime | None = begin
    while at is not None:
        due = _due(inputs, standard, at)
        if due is None:
            at = _switched(inputs, standard, at, on=True)
            continue
        key = inputs.key(kind, f"{inputs.timeline.client.key}:{at:%Y%m%dT%H%M%S}")
        settled, given_up = _said(inputs, key, at), _given_up(inputs, key, due, at)
        met = _met(times, at, due, min(given_up, settled or given_up))
        if _dropped(inputs, standard, due) and (met is None or met.at > due):
            at = _switched(inputs, standard, at, on=False)
            continue
        yield Span(key, at, due, met)
        at = settled or (met.at if met else given_up if given_up <= inputs.now else None)


def _due(inputs: AssessmentInputs, standard: str, begin: datetime) -> datetime | None:
    """Return when a span is due: by the version at its begin, or by a stricter one that comes into force in it; None where it is off."""
    allowance = inputs.allowance(standard, None, begin)
    if allowance is None:
        return None
    due = hours.add(inputs.hours, begin, allowance)
    for start in _starts(inputs):
        later = inputs.allowance(standard, None, start)
        if begin < start < due and later is not None:
            due = min(due, hours.add(inputs.hours, start, later))
    return due


def _dropped(inputs: AssessmentInputs, standard: str, due: datetime) -> bool:
    """Whether it was agreed before the due time that it need not happen any more."""
    return inputs.allowance(standard, None, due) is None


def _switched(inputs: AssessmentInputs, standard: str, after: datetime, *, on: bool) -> datetime | None:
    """Return when the next version that switches it on, or off, came into force; None where none did so far."""
    starts = (s for s in _starts(inputs) if after < s <= inputs.now)
    return next((s for s in starts if (inputs.allowance(standard, None, s) is not None) is on), None)


def _starts(inputs: AssessmentInputs) -> Iterator[datetime]:
    return (v.start for v in inputs.timeline.client.amendments if v.start is not None)


def _said(inputs: AssessmentInputs, key: str, begin: datetime) -> datetime | None:
    """Return when the user settled a span: as done, or as not owed."""
    word = inputs.decision(key)
    return word.at if word is not None and word.verb in SETTLING and word.at > begin else None


def _given_up(inputs: AssessmentInputs, key: str, due: datetime, begin: datetime) -> datetime:
    """Return when a span is missed; not while it is snoozed."""
    word, lapses = inputs.decision(key), inputs.lapses(due, begin)
    if word is not None and word.verb is Verb.SNOOZE and word.until is not None:
        return max(lapses, word.until)
    return lapses


def _met(times: Sequence[Evidence], begin: datetime, due: datetime, end: datetime) -> Evidence | None:
    """Return the last time before it was due, else the first after it; nothing after its end."""
    first = bisect_right(times, begin, key=_at)
    timely = bisect_right(times, min(due, end), first, key=_at)
    if timely > first:
        return times[timely - 1]
    return times[first] if first < len(times) and times[first].at <= end else None


def _at(happened: Evidence) -> datetime:
    return happened.at
