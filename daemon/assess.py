"""The assessment: what is owed between one account and one client, and where each of the client's messages lies.

A pure function of the timeline, the user's decisions and the moment. It is the one module of the core that stands above the
standards: it follows the course of things once, lets each standard judge it, and lets the user's word beat the inference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from daemon import standards
from daemon.analysis import slipping_away
from daemon.core import confidence_bands, corrections, promise_tracking, recovery, request_tracking
from daemon.core.assessment_inputs import AssessmentInputs, gather_inputs
from daemon.core.balance import balance
from daemon.core.history import History, contacts
from daemon.glossary.assessments import Assessment, RecoveryStage
from daemon.glossary.charter import Allowance
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType
from daemon.glossary.timelines import Side, Timeline
from daemon.standards import callback, escalation, reply


def assess(timeline: Timeline, decisions: Sequence[Decision], now: datetime) -> Assessment:
    """What is owed as of `now`. Later facts must not be in the timeline; later decisions are left out here.

    What a wider correction speaks of is settled by it, and what then comes to light (a later ask of the same thread) in turn.
    """
    found, said = _assess(timeline, decisions, now), tuple(decisions)
    while more := corrections.applied(said, found.obligations, _firsts(timeline) if said else (), now):
        said = (*said, *more)
        found = _assess(timeline, said, now)
    return found


def _firsts(timeline: Timeline) -> frozenset[str]:
    """The first message of each person at the client."""
    known: dict[str, str] = {}
    for entry in timeline.entries:
        if entry.side is Side.CLIENT:
            known.setdefault(entry.message.sender.email, entry.message.message_id)
    return frozenset(known.values())


def _assess(timeline: Timeline, decisions: Sequence[Decision], now: datetime) -> Assessment:
    inputs = gather_inputs(timeline, decisions, now)
    history = _history(inputs)
    ends = confidence_bands.bounds(confidence_bands.lessons(decisions, timeline.account.address, now))
    judged = tuple(_decided(inputs, _owed(inputs, history), ends))
    recoveries = recovery.follow(inputs, judged)
    meetings = tuple(_decided(inputs, recovery.owed(inputs, recoveries), ends))
    obligations = tuple(sorted((*judged, *meetings), key=lambda o: (o.created, o.key)))
    met = contacts(timeline, now)
    return Assessment(
        account=timeline.account.address,
        client=timeline.client.name,
        as_of=now,
        obligations=obligations,
        balance=balance(inputs, history),
        last_contact=met[-1].at if met else None,
        alarms=slipping_away.alarms(timeline, now),
        recovery=next((r for r in recoveries[-1:] if r.stage is not RecoveryStage.RESTORED), None),
    )


def _history(inputs: AssessmentInputs) -> History:
    def allowance(kind: Kind, at: datetime) -> Allowance | None:
        standard = callback if kind is Kind.CALLBACK else reply
        return inputs.allowance(standard.NAME, standard.DEFAULT, at)

    asked = request_tracking.walk(inputs, allowance)
    return History(asked, promise_tracking.walk(inputs, asked))


def _owed(inputs: AssessmentInputs, history: History) -> Iterator[Obligation]:
    for standard in standards.ALL:
        yield from standard.owed(inputs, history)


def _decided(
    inputs: AssessmentInputs, obligations: Iterable[Obligation], ends: Mapping[Kind, confidence_bands.Bounds]
) -> Iterator[Obligation]:
    for obligation in obligations:
        decision = inputs.decision(obligation.key)
        banded = escalation.limited(inputs, confidence_bands.banded(obligation, ends, spoken_for=decision is not None))
        yield _with(banded, decision) if decision else banded


def _with(o: Obligation, decision: Decision) -> Obligation:
    """The user's word beats what was inferred; what was done before they said so stays done then."""
    if decision.verb is Verb.SNOOZE:
        return replace(o, snoozed_until=decision.until)
    if decision.verb is Verb.CONFIRM:
        return replace(o, evidence=(*o.evidence, Evidence(SourceType.DECISION, decision.by, decision.at, decision.why)))
    said = Evidence(SourceType.DECISION, decision.by, decision.at, decision.why)
    waived = decision.verb in (Verb.WAIVE, Verb.WRONG)
    closed = decision.at if o.closed is None or waived else min(o.closed, decision.at)
    return replace(o, closed=closed, waived=waived, evidence=(*o.evidence, said))
