"""Recovery: the way back to trust after infractions.

When a client's infractions reach the charter's limit, or a grave one happens, a recovery meeting is owed: how it was, taking
responsibility, making amends, agreeing on standards, a way forward. Once it was held, what was agreed should become the next
version of the charter, and everything owed is followed until so many obligations were kept in a row that trust is back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from connectors.calendar import Event
from daemon.core import hours, meetings
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.evidence import event_evidence
from daemon.core.infractions import REPAIR, Infraction, ended, infractions, is_firm, is_grave, judged
from daemon.glossary.assessments import Recovery, RecoveryStage
from daemon.glossary.charter import Redress
from daemon.glossary.decisions import Verb
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType, State, Strength, state
from daemon.glossary.parties import Stage

SOON = 5  # working days within which the meeting is due
_TITLE = re.compile(
    r"\brecovery\b|\bmak(?:e|ing) (?:it|this|things) right\b|\bapolog|\bclear the air\b|\bwhat went wrong\b|\bservice (?:issues?|review)\b|\blessons\b|"
    r"\b(?:klärungs|krisen)gespräch\b|\baussprache\b|\breview\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Trigger:
    at: datetime
    because: tuple[Infraction, ...]
    grave: bool


def follow(inputs: AssessmentInputs, obligations: Sequence[Obligation], *, two_way: bool) -> tuple[Recovery, ...]:
    """Return every recovery that was ever due, in order; the last one says how things stand.

    Only infractions beyond doubt count, and only with a client who is in business with the user (`two_way`): nobody makes amends to
    the sender of a circular.
    """
    if inputs.timeline.client.stage is Stage.LOST or not two_way:
        return ()
    recoveries: list[Recovery] = []
    bad = [i for i in infractions(obligations, inputs.now) if is_firm(i.obligation)]
    after: datetime | None = None
    while (trigger := _next(inputs, bad, after)) is not None:
        one = _recovery(inputs, trigger, obligations)
        decision = inputs.decision(one.key)
        if decision is not None and decision.verb in (Verb.WAIVE, Verb.WRONG):
            after = max(decision.at, trigger.at)
            continue
        recoveries.append(one)
        if one.held is None:
            break
        after = one.held.at
    return tuple(recoveries)


def owed(inputs: AssessmentInputs, recoveries: Sequence[Recovery]) -> Iterator[Obligation]:
    """Yield the recovery meetings, as obligations."""
    for one in recoveries:
        client = inputs.timeline.client.name
        meeting = inputs.obligation(
            one.key,
            Kind.MEETING,
            Evidence(SourceType.CHARTER, REPAIR, one.since),
            hours.working_days_after(inputs.hours, one.since, SOON),
            f"Recovery meeting with {client}",
            contact=one.contact,
            closed=one.held if one.held and one.held.type is SourceType.EVENT else None,  # the user's word is added to all alike
            evidence=(one.booked,) if one.booked else (),
        )
        yield replace(meeting, lapses=None)  # as long as trust is not back it is not given up


def is_recovery(event: Event) -> bool:
    """Whether a meeting's title says that it is about how things went."""
    return _TITLE.search(event.summary) is not None


def _next(inputs: AssessmentInputs, bad: Sequence[Infraction], after: datetime | None) -> _Trigger | None:
    """Return the first moment after the last recovery at which there is enough for another."""
    rest = [i for i in bad if after is None or i.at > after]
    grave: _Trigger | None = None
    for n, last in enumerate(rest):
        if grave is not None and grave.at <= last.at:
            break
        redress = inputs.charter_at(last.at).redress
        if redress is None:
            continue
        serious = is_grave(last, redress.grave, inputs.hours)
        recent = [i for i in rest[: n + 1] if hours.add(inputs.hours, i.at, redress.within) >= last.at]
        if len(recent) >= redress.infractions:
            return _Trigger(last.at, tuple(recent), serious)
        if serious and (grave is None or _certain(last) < grave.at):
            grave = _Trigger(_certain(last), (last,), grave=True)
    return grave


def _certain(infraction: Infraction) -> datetime:
    """Return when it was certain how badly it ended: what was given up may have been done after all, so much later."""
    return infraction.obligation.closed or infraction.at if not infraction.missed else infraction.at


def _recovery(inputs: AssessmentInputs, trigger: _Trigger, obligations: Sequence[Obligation]) -> Recovery:
    story = inputs.timeline
    later = (e for e in story.events if e.start.astimezone(UTC) > trigger.at and is_recovery(e))
    talks = [e for e in later if meetings.guests(e, story.client) and meetings.takes_place(e, story)]
    day = hours.local_date(inputs.hours, trigger.at)
    key = inputs.key(Kind.MEETING, f"{story.client.key}:recovery:{day}", account=story.account.address)
    held = _held(inputs, key, [e for e in talks if not meetings.is_unconfirmed(e, story)])
    booked = next((e for e in talks if e.start > inputs.now), None) if held is None else None
    redress = inputs.charter_at(trigger.at).redress or Redress()
    run, back = _trust(obligations, held, redress.trust, inputs.now)
    agreed = _agreed(inputs, held)
    return Recovery(
        key=key,
        client=story.client.name,
        since=trigger.at,
        because=tuple(i.obligation for i in trigger.because),
        grave=trigger.grave,
        stage=_stage(held, booked, agreed, back),
        contact=_contact(trigger),
        booked=event_evidence(booked, Strength.WEAK) if booked else None,
        held=held,
        agreed=agreed,
        kept=run,
        needed=redress.trust,
        back=back,
    )


def _held(inputs: AssessmentInputs, key: str, talks: Sequence[Event]) -> Evidence | None:
    """Return the meeting that took place, or the user's decision that it was done: not every talk is in a calendar."""
    in_calendar = next((event_evidence(e) for e in talks if e.start <= inputs.now), None)
    decision = inputs.decision(key)
    if decision is None or decision.verb is not Verb.DONE or (in_calendar is not None and in_calendar.at <= decision.at):
        return in_calendar
    return Evidence(SourceType.DECISION, decision.by, decision.at, decision.why)


def _stage(held: Evidence | None, booked: Event | None, agreed: datetime | None, back: datetime | None) -> RecoveryStage:
    if held is None:
        return RecoveryStage.BOOKED if booked else RecoveryStage.PROPOSED
    if back is not None:
        return RecoveryStage.RESTORED
    return RecoveryStage.FOLLOWED if agreed else RecoveryStage.HELD


def _agreed(inputs: AssessmentInputs, held: Evidence | None) -> datetime | None:
    """Return when the first version of the charter starts that was made on the day of the meeting or later."""
    if held is None:
        return None
    day = hours.local_date(inputs.hours, held.at)
    starts = (v.start for v in inputs.timeline.client.amendments if v.start is not None)
    return next((s for s in starts if hours.local_date(inputs.hours, s) >= day), None)


def _trust(obligations: Sequence[Obligation], held: Evidence | None, needed: int, now: datetime) -> tuple[int, datetime | None]:
    """Return how many were kept in a row since the meeting, and when there were enough."""
    if held is None:
        return 0, None
    certain = [o for o in judged(obligations) if is_firm(o)]
    ended = [(end, how) for o in certain if (how := state(o, now)) and (end := _end(o, how)) and end > held.at]
    run = 0
    for end, how in sorted(ended, key=lambda pair: pair[0]):
        run = run + 1 if how is State.KEPT else 0
        if run >= needed:
            return run, end
    return run, None


def _end(o: Obligation, how: State) -> datetime | None:
    if how is State.KEPT:
        return o.closed
    return ended(o, how)


def _contact(trigger: _Trigger) -> str | None:
    """Return whom it affected last."""
    people = (i.obligation.contact for i in reversed(trigger.because))
    return next((p for p in people if p and "@" in p), None)
