"""The service summary: how one client was served in a period, in figures, with nothing hidden and nothing of any other client.

The one input is what lies between one account and one client, so nothing of another client can get in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.mail import Address
from daemon.analysis import feasibility, figures
from daemon.analysis.feasibility import Share
from daemon.analysis.figures import Times, Week
from daemon.core.infractions import Infraction, infractions, judged
from daemon.glossary.assessments import Assessment, Recovery
from daemon.glossary.charter import Allowance, Charter
from daemon.glossary.obligations import OPEN_STATES, Kind, Obligation, SourceType, State, state
from daemon.glossary.parties import Account, Client

LONGEST = timedelta(days=366)  # a report looks back no longer
SHORTEST = timedelta(days=28)  # after a review that is nearer, a report still tells of the time before it
SHOWN = (Kind.REPLY, Kind.CALLBACK, Kind.PROMISE, Kind.DELIVERABLE, Kind.MEETING, Kind.REVIEW, Kind.FEEDBACK)
NAMES = {Kind.REPLY: "reply", Kind.CALLBACK: "call_back", Kind.REVIEW: "review", Kind.FEEDBACK: "feedback"}


@dataclass(frozen=True, slots=True)
class StandardResult:
    """One standard in the period: what was agreed, in how many cases it was met of those decided, how many are open.

    Of those decided, `overdue` are not done yet; `open` ones still have time.
    """

    kind: Kind
    allowance: Allowance | None
    met: Share
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class ServiceSummary:
    """How one client was served from `since` to `until`."""

    client: str
    since: datetime
    until: datetime
    charter: Charter
    versions: tuple[Charter, ...]  # that came into force in the period
    results: tuple[StandardResult, ...]
    times: Times
    minutes: tuple[float, ...]
    waiting: tuple[bool, ...]  # for each of the minutes: whether the answer is still open
    target: float | None  # the agreed reply time in business minutes
    weeks: tuple[Week, ...]
    overdue: tuple[Obligation, ...]  # past their time and not done yet, oldest first
    wrong: tuple[Infraction, ...]
    recovery: Recovery | None
    next_review: datetime | None

    @property
    def met(self) -> Share:
        """All standards together."""
        return Share(sum(s.met.met for s in self.results), sum(s.met.of for s in self.results))


def summarize(
    account: Account, client: Client, assessment: Assessment, now: datetime, since: datetime | None = None
) -> ServiceSummary:
    """Return how this client was served: since a moment, else since a review, the charter's start, or the first thing owed."""
    if (assessment.account, assessment.client) != (account.address, client.name):
        raise ValueError("the assessment is another client's")
    begin = max(since or _since(client, assessment, now), now - LONGEST)
    charter, working = client.charter_at(now), account.hours
    owed = [o for o in map(_as_the_client_sees, judged(assessment.obligations)) if _belongs(o, begin, now)]
    samples = feasibility.samples(owed, Kind.REPLY, working, now)
    reply = charter.standards.get("reply")
    return ServiceSummary(
        client=client.name,
        since=begin,
        until=now,
        charter=charter,
        versions=tuple(v for v in client.amendments if v.start is not None and begin < v.start <= now),
        results=tuple(s for kind in SHOWN if (s := _result(owed, kind, charter, now)) is not None),
        times=figures.of_samples(samples),
        minutes=tuple(s.minutes for s in samples),
        waiting=tuple(not s.done for s in samples),
        target=feasibility.in_minutes(reply, working) if reply else None,
        weeks=figures.weeks(owed, working, now),
        overdue=tuple(sorted((o for o in owed if o.kind in SHOWN and state(o, now) is State.OVERDUE), key=lambda o: o.created)),
        wrong=tuple(i for i in infractions(owed, now) if i.at >= begin and i.obligation.kind in SHOWN),
        recovery=assessment.recovery,
        next_review=_next_review(assessment, now),
    )


def _as_the_client_sees(o: Obligation) -> Obligation:
    """Return the obligation without the user's wish not to be shown it for a time: the client waits all the same."""
    return replace(o, snoozed_until=None)


def _belongs(o: Obligation, begin: datetime, now: datetime) -> bool:
    """Whether it came about in the period, or is still late from before it."""
    return o.created <= now and not o.waived and (begin <= o.created or state(o, now) is State.OVERDUE)


def contact(assessment: Assessment) -> Address | None:
    """Return whom at the client to write to, with their name if it is known: the one who was last owed something."""
    people = [(o.created, o.contact, o.contact_name) for o in assessment.obligations if o.contact and "@" in o.contact]
    return Address(*max(people)[1:]) if people else None


def _since(client: Client, assessment: Assessment, now: datetime) -> datetime:
    """Return the last review held `SHORTEST` ago or longer, else the charter's start, else the first thing that was owed."""
    held = (o.closed for o in assessment.obligations if o.kind is Kind.REVIEW and not o.waived)
    reviews = [at for at in held if at and at <= now - SHORTEST]
    if reviews:
        return max(reviews)
    first = [o.created for o in assessment.obligations if o.kind in SHOWN]
    return client.charter_at(now).since or min(first, default=now)


def _result(owed: Sequence[Obligation], kind: Kind, charter: Charter, now: datetime) -> StandardResult | None:
    states = [state(o, now) for o in owed if o.kind is kind]
    allowance = charter.standards.get(NAMES.get(kind, ""))
    if not states and allowance is None:
        return None
    kept, bad = states.count(State.KEPT), sum(s in (State.KEPT_LATE, State.MISSED, State.OVERDUE) for s in states)
    overdue = states.count(State.OVERDUE)
    return StandardResult(kind, allowance, Share(kept, kept + bad), sum(s in OPEN_STATES for s in states) - overdue, overdue)


def _next_review(assessment: Assessment, now: datetime) -> datetime | None:
    """The review that is booked."""
    booked = (e.at for o in assessment.obligations if o.kind is Kind.REVIEW for e in o.evidence if e.type is SourceType.EVENT)
    return min((at for at in booked if at > now), default=None)
