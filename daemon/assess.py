"""The assessment: what is owed between one account and one client, and which bucket each of the client's messages is in.

A pure function of the timeline, the user's decisions and the moment. It stands above `core`, `analysis` and `standards`: it
tracks requests and promises once, lets each standard judge them, and lets the user's decisions beat what was inferred.

Each standard, the recovery, the alarms and the balance are computed apart. If one raises an unexpected exception, only that part is
left out, and `failures` names it. Pure code does not log; the ledger does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import count
from typing import TypeAlias, TypeVar

from daemon import standards
from daemon.analysis import slipping_away
from daemon.core import authors, confidence_bands, corrections, messages, recovery, sharing, topics
from daemon.core.assessment_inputs import AssessmentInputs, gather_inputs
from daemon.core.balance import balance
from daemon.core.history import History, gather_history, last_call, last_contact
from daemon.core.story_cache import StoryCache
from daemon.core.tracking import promise_tracking, request_tracking
from daemon.glossary.assessments import Assessment, Recovery, RecoveryStage
from daemon.glossary.charter import Allowance
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType
from daemon.glossary.timelines import Side, Timeline
from daemon.standards import callback, escalation, reply

T = TypeVar("T")
Opinions: TypeAlias = Mapping[str, bool]  # second opinions on what was read, by the key of the obligation


def assess(
    timeline: Timeline,
    decisions: Sequence[Decision],
    now: datetime,
    cache: StoryCache | None = None,
    opinions: Opinions | None = None,
) -> Assessment:
    """Return what is owed as of `now`. The timeline must hold nothing later; later decisions are left out here.

    A second opinion moves what was read from one band to the next (core.confidence_bands).

    A correction of wider scope becomes a decision on each obligation it speaks of. What that brings to light, such as a later
    request in the same thread, is corrected in turn. A `cache` spares tracking from the beginning (core.story_cache).
    """
    passes, timeline = count(), authors.with_authors(timeline, decisions, now)
    judge = partial(_assess, opinions=opinions or {})
    assessment, all_decisions = judge(timeline, decisions, now, cache, next(passes)), tuple(decisions)
    first_messages = _first_messages(timeline) if decisions else frozenset()
    while corrected := corrections.applied(all_decisions, assessment.obligations, first_messages, now):
        all_decisions = (*all_decisions, *corrected)
        assessment = judge(timeline, all_decisions, now, cache, next(passes))
    return assessment


def _first_messages(timeline: Timeline) -> frozenset[str]:
    """Return the Message-ID of the first message of each person at the client."""
    first: dict[str, str] = {}
    for entry in timeline.entries:
        if entry.side is Side.CLIENT:
            first.setdefault(entry.message.sender.email, entry.message.message_id)
    return frozenset(first.values())


def _assess(
    timeline: Timeline, decisions: Sequence[Decision], now: datetime, cache: StoryCache | None, pass_: int, opinions: Opinions
) -> Assessment:
    inputs, failures = gather_inputs(timeline, decisions, now), list[str]()
    history = _history(inputs, cache or StoryCache(), pass_)
    bounds = confidence_bands.bounds(confidence_bands.lessons(decisions, timeline.account.address, now))
    bands, is_owner = partial(_decided, inputs, bounds=bounds, opinions=opinions), sharing.is_owner(timeline, now)
    judged = tuple(
        obligation
        for standard in _standards_of(timeline, is_owner=is_owner)
        for obligation in _contained(standard.NAME, failures, partial(_judged, standard, inputs, history, bands))
    )
    recoveries = _contained("recovery", failures, lambda: recovery.follow(inputs, judged, two_way=history.two_way))
    recovery_meetings = _contained("recovery meeting", failures, lambda: bands(recovery.owed(inputs, recoveries)))
    return Assessment(
        account=timeline.account.address,
        client=timeline.client.name,
        as_of=now,
        obligations=tuple(sorted((*judged, *recovery_meetings), key=lambda o: (o.created, o.key))),
        balance=_contained("balance", failures, lambda: balance(inputs, history)),
        last_contact=last_contact(timeline, history),
        last_call=last_call(timeline),
        alarms=_contained(
            "alarms", failures, lambda: slipping_away.alarms(timeline, now) if history.two_way and is_owner else ()
        ),
        recovery=_current(recoveries),
        complained=max((e.at for e in timeline.entries if messages.from_client(e) and messages.complains(e)), default=None),
        two_way=history.two_way,
        failures=tuple(failures),
        mailed=timeline.mailed,
    )


def _standards_of(timeline: Timeline, *, is_owner: bool) -> tuple[standards.Standard, ...]:
    """Return the standards that the account answers for: of a client whom others serve, too, not all."""
    by_client = standards.BY_CLIENT if is_owner else ()
    booked = standards.BOOKED if sharing.owner(timeline) == timeline.account.address else ()
    return (*standards.BY_ACT, *by_client, *booked)


def _contained(part: str, failures: list[str], compute: Callable[[], Iterable[T]]) -> tuple[T, ...]:
    """Return all that `compute` yields; where it raises, nothing, with the part and the exception's type added to `failures`.

    The type alone, because an exception's text may hold words of a mail.
    """
    try:
        return tuple(compute())
    except Exception as error:  # noqa: BLE001  # whatever it is, the other parts and clients are assessed
        failures.append(f"{part}: {type(error).__name__}")
        return ()


def _history(inputs: AssessmentInputs, cache: StoryCache, pass_: int) -> History:
    def allowance(kind: Kind, at: datetime) -> Allowance | None:
        standard = callback if kind is Kind.CALLBACK else reply
        return inputs.allowance(standard.NAME, standard.DEFAULT, at)

    names = topics.common_names(inputs.timeline)
    before = [cache.progress.pop((tracked, pass_), None) for tracked in ("requests", "promises")]  # back once all went well
    requests, tracked_requests = request_tracking.track_requests(inputs, names, allowance, before[0])
    promises, tracked_promises = promise_tracking.track_promises(inputs, names, requests, before[1])
    cache.progress["requests", pass_], cache.progress["promises", pass_] = tracked_requests, tracked_promises
    own = partial(sharing.own_part, timeline=inputs.timeline, now=inputs.now)
    return gather_history(inputs.timeline, inputs.now, own(requests), own(promises))


def _judged(
    standard: standards.Standard,
    inputs: AssessmentInputs,
    history: History,
    bands: Callable[[Iterable[Obligation]], Iterator[Obligation]],
) -> Iterator[Obligation]:
    return bands(standard.owed(inputs, history))


def _current(recoveries: Sequence[Recovery]) -> Recovery | None:
    """Return the latest recovery, unless trust is back."""
    latest = recoveries[-1] if recoveries else None
    return latest if latest is not None and latest.stage is not RecoveryStage.RESTORED else None


def _decided(
    inputs: AssessmentInputs,
    obligations: Iterable[Obligation],
    bounds: Mapping[Kind, confidence_bands.Bounds],
    opinions: Opinions,
) -> Iterator[Obligation]:
    """Yield obligations with their band, their moment of escalation and the user's decision."""
    for obligation in obligations:
        decision = inputs.decision(obligation.key)
        opinion = opinions.get(obligation.key)
        banded = confidence_bands.banded(obligation, bounds, spoken_for=decision is not None, opinion=opinion)
        limited = escalation.limited(inputs, banded)
        yield _with(limited, decision) if decision else limited


def _with(o: Obligation, decision: Decision) -> Obligation:
    """Return the obligation as the user decided. What evidence shows was done earlier stays done at that earlier time."""
    if decision.verb is Verb.SNOOZE:
        return replace(o, snoozed_until=decision.until)
    evidence = (*o.evidence, Evidence(SourceType.DECISION, decision.by, decision.at, decision.why))
    if decision.verb is Verb.CONFIRM:
        return replace(o, evidence=evidence)
    waived = decision.verb in (Verb.WAIVE, Verb.WRONG)
    closed = decision.at if o.closed is None or waived else min(o.closed, decision.at)
    return replace(o, closed=closed, waived=waived, evidence=evidence)
