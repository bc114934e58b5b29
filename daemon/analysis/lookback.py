"""The look-back: what the last months of mail and calendar say of one account, as values.

It claims nothing that evidence does not show: a promise without a sign is "not seen to be done", what may have been settled is a
question, and every share comes with its uncertainty. What is older than a charter's `since` is shown only here; it raises no reminder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from daemon.analysis import feasibility, figures
from daemon.analysis.feasibility import Feasibility, Sample, Share
from daemon.analysis.figures import Times
from daemon.core import hours
from daemon.core.evidence import is_doubtful
from daemon.glossary.assessments import Alarm, AlarmKind, Assessment, Bucket
from daemon.glossary.charter import Allowance, WorkingHours
from daemon.glossary.obligations import OPEN_STATES, Band, Kind, Obligation, State, state
from daemon.glossary.parties import Client, Stage

RUNGS = 5  # times people agree on that are shown around the realistic one
_ASKED_OR_PROMISED = frozenset({Kind.REPLY, Kind.CALLBACK, Kind.PROMISE})


@dataclass(frozen=True, slots=True)
class Wait:
    """How long somebody waited for an answer or a call, in business minutes, and whether they still do."""

    obligation: Obligation
    minutes: float
    still: bool


@dataclass(frozen=True, slots=True)
class Attention:
    """One client's share of the attention: their mails by bucket, and how fast they were answered."""

    client: str
    stage: Stage
    mails: Mapping[Bucket, int]
    times: Times

    @property
    def count(self) -> int:
        """All mails of theirs."""
        return sum(self.mails.values())


@dataclass(frozen=True, slots=True)
class Lookback:
    """Everything the page says.

    `waits` are the longest first; `unseen` the promises past their time of which nothing shows that they were kept, `late` those that
    were kept after it; `unsure` what names a time and the reading is not sure of, or a weak sign may have settled; `rungs` how often each time people agree on would have been met.
    """

    since: datetime
    until: datetime
    first: datetime | None  # the earliest mail known
    attention: tuple[Attention, ...]
    waits: tuple[Wait, ...]
    unseen: tuple[Obligation, ...]
    late: tuple[Obligation, ...]
    unsure: tuple[Obligation, ...]
    quiet: tuple[Alarm, ...]
    days: Mapping[str, tuple[date, ...]]  # on which clients wrote who have gone silent
    times: Times
    minutes: tuple[float, ...]
    waiting: tuple[bool, ...]  # for each of the minutes: whether the answer is still open
    target: Feasibility
    rungs: tuple[tuple[Allowance, Share], ...]
    prospects: Times
    established: Times

    @property
    def mails(self) -> int:
        """How many mails clients wrote."""
        return sum(a.count for a in self.attention)


def look_back(
    assessments: Sequence[Assessment], clients: Mapping[str, Client], working: WorkingHours, since: datetime, now: datetime
) -> Lookback:
    """Return one account's look-back from `since` to `now`. What the user has hidden for a time is as late as before."""
    configured = [a for a in assessments if a.client in clients]
    known = (o for a in configured for o in a.obligations if since <= o.created <= now)
    owed = [_unhidden(o) for o in known if not o.waived and o.band is not Band.IGNORED]
    sure = [o for o in owed if o.band is Band.TRACKED]
    samples = feasibility.samples(sure, Kind.REPLY, working, now)
    house = next((c.charter_at(now).standards.get("reply") for c in clients.values()), None)
    attention = [_attention(a, clients[a.client], working, since, now) for a in configured]
    return Lookback(
        since=since,
        until=now,
        first=min((p.at for a in configured for p in a.balance), default=None),
        attention=tuple(sorted((one for one in attention if one.count), key=lambda one: (-one.count, one.client))),
        waits=_waits(sure, working, now),
        unseen=tuple(o for o in sure if _unseen(o, now)),
        late=tuple(o for o in sure if _is_promised(o) and state(o, now) is State.KEPT_LATE),
        unsure=tuple(o for o in owed if _unsure(o, now)),
        quiet=tuple(sorted((alarm for a in configured for alarm in a.alarms), key=lambda alarm: (alarm.since, alarm.key))),
        days={a.client: _days(a, working, now) for a in configured if any(x.kind is AlarmKind.SILENT for x in a.alarms)},
        times=figures.of_samples(samples),
        minutes=tuple(s.minutes for s in samples),
        waiting=tuple(not s.done for s in samples),
        target=feasibility.responses(sure, Kind.REPLY, house, working, now),
        rungs=_rungs(samples, working, now),
        prospects=_of_stage(configured, clients, working, since, now, prospects=True),
        established=_of_stage(configured, clients, working, since, now, prospects=False),
    )


def _unhidden(o: Obligation) -> Obligation:
    return o if o.snoozed_until is None else replace(o, snoozed_until=None)


def _days(a: Assessment, working: WorkingHours, now: datetime) -> tuple[date, ...]:
    """Return the days on which somebody there wrote."""
    return tuple(sorted({hours.local_date(working, p.at) for p in a.balance if p.at <= now and p.bucket is not Bucket.HELD_BACK}))


def _attention(a: Assessment, client: Client, working: WorkingHours, since: datetime, now: datetime) -> Attention:
    mails = Counter(p.bucket for p in a.balance if since <= p.at <= now)
    return Attention(a.client, client.stage, mails, figures.times(a.obligations, working, now, since=since))


def _waits(sure: Iterable[Obligation], working: WorkingHours, now: datetime) -> tuple[Wait, ...]:
    """Return who waited longer than agreed or still waits, the longest first."""
    waits = []
    for o in sure:
        if is_asked(o) and _late(o, now) and not feasibility.takes_up_offer(o):
            (sample,) = feasibility.samples([o], o.kind, working, now)
            waits.append(Wait(o, sample.minutes, not sample.done))
    return tuple(sorted(waits, key=lambda w: (-w.minutes, w.obligation.key)))


def is_asked(o: Obligation) -> bool:
    """Whether the client asked for it; a call may also have been promised."""
    return o.kind is Kind.REPLY or (o.kind is Kind.CALLBACK and bool(o.asks))


def _late(o: Obligation, now: datetime) -> bool:
    return state(o, now) in (State.OVERDUE, State.MISSED, State.KEPT_LATE) and not is_doubtful(o)


def _is_promised(o: Obligation) -> bool:
    return o.kind in _ASKED_OR_PROMISED and not is_asked(o)


def _unseen(o: Obligation, now: datetime) -> bool:
    return _is_promised(o) and state(o, now) in (State.OVERDUE, State.MISSED) and not is_doubtful(o)


def _unsure(o: Obligation, now: datetime) -> bool:
    how = state(o, now)
    if o.band is Band.ASKED:
        return how in OPEN_STATES and o.due is not None  # what was said in passing is not worth a question
    return o.kind in _ASKED_OR_PROMISED and how in (State.OVERDUE, State.MISSED) and is_doubtful(o)


def _rungs(samples: Sequence[Sample], working: WorkingHours, now: datetime) -> tuple[tuple[Allowance, Share], ...]:
    """Return the times that say something: from the last that was hardly ever met to the first that was nearly always met."""
    decided: list[tuple[Allowance, Share]] = []
    for rung in feasibility.LADDER:
        share = feasibility.within(samples, rung, working, now)
        if share.of:
            decided.append((rung, share))
        if share.of and share.value >= feasibility.SHARE:
            break
    return tuple(decided[-RUNGS:])


def _of_stage(
    assessments: Iterable[Assessment],
    clients: Mapping[str, Client],
    working: WorkingHours,
    since: datetime,
    now: datetime,
    *,
    prospects: bool,
) -> Times:
    of_stage = [
        a
        for a in assessments
        if (clients[a.client].stage is Stage.PROSPECT) is prospects and clients[a.client].stage is not Stage.LOST
    ]
    return figures.times((o for a in of_stage for o in a.obligations), working, now, since=since)
