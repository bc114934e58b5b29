"""Confidence bands: how sure is sure enough, and how the user's corrections move that.

What was read with enough confidence is tracked: counted and reminded of. It begins where eight of ten lines are right. What is less
sure may be asked in the digest, with one click to answer (`planning.worth_saying` chooses two a morning). What is less sure still is ignored. Only a promise can be ignored: a request of a client is at least asked about,
whatever was decided before, so nothing learned can hide a client.

"Wrong" and "confirm" each move one bound of that kind by one step, inside fixed limits, for the account of the user who decided.
The bounds follow from the decisions alone, so undoing a decision undoes what it taught.

Where the user has a language model of their own, its second opinion on a doubtful sentence moves one thing by one band and no more: what
would be asked about is tracked, or a promise that is only just tracked is asked about. What a client asked is never moved down by it,
nothing is moved into or out of what is ignored, and the user's word beats it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Band, Kind, Obligation

STEP = 0.02  # confidence by which one click moves an end
ANSWERED = 0.08  # by which less is enough where it was answered or done: somebody has understood it in the same way
DOUBT = 0.1  # above the upper end up to which what is tracked is still doubtful
_OWN_WORDS = frozenset({Kind.PROMISE, Kind.WAITING_FOR})  # kinds that a second opinion may move down


@dataclass(frozen=True, slots=True)
class Bounds:
    """The ends of one kind's bands: tracked from `tracked`, asked from `asked`, ignored below."""

    tracked: float
    asked: float


@dataclass(frozen=True, slots=True)
class _Limits:
    start: Bounds
    lowest: Bounds
    highest: Bounds


_OURS = _Limits(Bounds(0.8, 0.5), Bounds(0.64, 0.4), Bounds(0.92, 0.66))
_THEIRS = _Limits(Bounds(0.7, 0.0), Bounds(0.56, 0.0), Bounds(0.86, 0.0))  # what a client asks is never ignored
_LIMITS: Mapping[Kind, _Limits] = {
    Kind.REPLY: _THEIRS,
    Kind.CALLBACK: _THEIRS,
    Kind.PROMISE: _OURS,
    Kind.WAITING_FOR: _OURS,
}
KINDS = tuple(_LIMITS)  # those that are read out of words; the others follow from dates


@dataclass(frozen=True, slots=True)
class Lesson:
    """One decision that taught something, and the bounds of its kind after it."""

    decision: Decision
    kind: Kind
    bounds: Bounds


def lessons(decisions: Iterable[Decision], account: str, now: datetime) -> tuple[Lesson, ...]:
    """Return what an account's decisions taught up to `now`, in their order."""
    ends = {kind: limits.start for kind, limits in _LIMITS.items()}
    learned = []
    for decision in _clicks_in_force(decisions, account, now):
        kind, sure = decision.kind, decision.confidence
        if kind is not None and kind in _LIMITS and sure is not None:
            ends[kind] = _moved(ends[kind], decision.verb, sure, _LIMITS[kind])
            learned.append(Lesson(decision, kind, ends[kind]))
    return tuple(learned)


def bounds(learned: Iterable[Lesson]) -> Mapping[Kind, Bounds]:
    """Return the bounds of every kind after these lessons."""
    return {kind: limits.start for kind, limits in _LIMITS.items()} | {lesson.kind: lesson.bounds for lesson in learned}


def banded(obligation: Obligation, ends: Mapping[Kind, Bounds], *, spoken_for: bool, opinion: bool | None = None) -> Obligation:
    """Return the obligation in its band. One that the user has decided on (`spoken_for`) is tracked: nobody is asked twice.

    `opinion` is whether a second opinion holds with the reading, None where there is none.
    """
    end = ends.get(obligation.kind)
    if end is None or spoken_for:
        return obligation
    first = _first(obligation, end)
    second = _second(obligation, first, end, opinion)
    return replace(obligation, band=second, advised=first is Band.ASKED and second is Band.TRACKED)


def is_doubtful(obligation: Obligation, ends: Mapping[Kind, Bounds]) -> bool:
    """Return whether a second opinion could move it: it would be asked about, or is a promise that is only just tracked."""
    end = ends.get(obligation.kind)
    if end is None:
        return False
    band = _first(obligation, end)
    return any(_second(obligation, band, end, opinion) is not band for opinion in (True, False))


def _first(obligation: Obligation, end: Bounds) -> Band:
    """Return the band by the reading alone."""
    answered = obligation.closed is not None and not obligation.waived
    if obligation.confidence >= round(end.tracked - (ANSWERED if answered else 0), 2):
        return Band.TRACKED
    return Band.ASKED if obligation.confidence >= end.asked else Band.IGNORED


def _second(obligation: Obligation, band: Band, end: Bounds, opinion: bool | None) -> Band:
    """Return the band with a second opinion."""
    if opinion is True and band is Band.ASKED:
        return Band.TRACKED
    barely = obligation.kind in _OWN_WORDS and obligation.closed is None and obligation.confidence < round(end.tracked + DOUBT, 2)
    return Band.ASKED if opinion is False and band is Band.TRACKED and barely else band


def _clicks_in_force(decisions: Iterable[Decision], account: str, now: datetime) -> tuple[Decision, ...]:
    """Return this account's decisions that were not undone; the later of two on one target counts."""
    clicks: dict[str, list[Decision]] = {}
    for decision in sorted((d for d in decisions if d.at <= now and d.by == account), key=lambda d: d.at):
        stack = clicks.setdefault(decision.target, [])
        if decision.verb is not Verb.UNDO:
            stack.append(decision)
        elif stack:
            stack.pop()
    taught = [[d for d in stack if d.verb in (Verb.WRONG, Verb.CONFIRM)] for stack in clicks.values()]
    return tuple(sorted((stack[-1] for stack in taught if stack), key=lambda d: d.at))


def _moved(ends: Bounds, verb: Verb, sure: float, limits: _Limits) -> Bounds:
    """A misreading that was tracked raises the upper end, one that was asked the lower; a confirmed doubt lowers the upper."""
    step = STEP if verb is Verb.WRONG else -STEP
    upper = sure >= ends.tracked or verb is Verb.CONFIRM
    tracked = _within(ends.tracked + (step if upper else 0), limits.lowest.tracked, limits.highest.tracked)
    asked = _within(ends.asked + (0 if upper else step), limits.lowest.asked, limits.highest.asked)
    return Bounds(tracked, asked)


def _within(value: float, lowest: float, highest: float) -> float:
    return round(min(max(value, lowest), highest), 2)
