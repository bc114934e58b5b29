"""A case: everything that one assessment follows from, with the few questions that every standard asks of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from daemon.core import hours, memory, topics
from daemon.glossary.charter import Allowance, Charter, WorkingHours
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType
from daemon.glossary.timelines import Timeline

LAPSE = 10  # working days without a sign after which what is overdue counts as missed (contract, section 2)
SETTLING = frozenset({Verb.DONE, Verb.WAIVE, Verb.WRONG})


@dataclass(frozen=True, slots=True)
class AssessmentInputs:
    """One account and one client at one moment: what happened, what was agreed, what the user said of it.

    `decisions` holds the decision in force on each obligation, by its key. `hours` are those in which business time counts: the
    account's, without its days off where the charter says so.
    """

    timeline: Timeline
    decisions: Mapping[str, Decision]
    now: datetime
    hours: WorkingHours

    @property
    def charter(self) -> Charter:
        """The standards in force now."""
        return self.charter_at(self.now)

    def charter_at(self, moment: datetime) -> Charter:
        """The standards in force at a moment."""
        return self.timeline.client.charter_at(moment)

    def allowance(self, standard: str, default: Allowance | None, at: datetime | None = None) -> Allowance | None:
        """How long a standard allows by the version in force at a moment (now, without one); None where it is switched off."""
        return self.charter_at(at or self.now).standards.get(standard, default)

    @property
    def names(self) -> frozenset[str]:
        """The words that stand in every mail between the two."""
        return memory.total(
            self.timeline, "names", lambda entries: topics.common_names(replace(self.timeline, entries=entries)), frozenset.union
        )

    def decision(self, key: str) -> Decision | None:
        """The user's standing word on an obligation."""
        return self.decisions.get(key)

    def decisions_on(self, keys: Iterable[str]) -> Mapping[str, Decision]:
        """The user's standing words on some obligations."""
        return {key: said for key in keys if (said := self.decision(key)) is not None} if self.decisions else {}

    def settled(self, key: str, by: datetime | None = None) -> bool:
        """Whether the user had settled an obligation by a moment (now, without one)."""
        decision = self.decision(key)
        return decision is not None and decision.verb in SETTLING and decision.at <= (by or self.now)

    def key(self, kind: Kind, reference: str, quote: str = "") -> str:
        """A stable key: the kind, what it came from, the words relied on (normalised), the account; never a position."""
        told = re.sub(r"\W+", " ", quote.lower()).strip()
        digest = hashlib.sha256(told.encode()).hexdigest()[:12] if told else ""
        return f"{kind.value}:{reference}:{digest}:{self.timeline.account.address}"

    def lapses(self, due: datetime, last_sign: datetime) -> datetime:
        """When an obligation becomes missed: ten working days after the later of its due time and its last sign."""
        return hours.working_days_after(self.hours, max(due, last_sign), LAPSE)

    def obligation(
        self,
        key: str,
        kind: Kind,
        source: Evidence,
        due: datetime | None,
        summary: str,
        *,
        contact: str | None = None,
        closed: Evidence | None = None,
        settled: datetime | None = None,
        waived: bool = False,
        evidence: Iterable[Evidence] = (),
        last_sign: datetime | None = None,
        confidence: float = 1.0,
        subject: str = "",
        reply_to: str | None = None,
        asks: tuple[str, ...] = (),
        created: datetime | None = None,
        thread: str | None = None,
        empty: Evidence | None = None,
    ) -> Obligation:
        """An obligation with the moments that follow from its due time and its last `last_sign`; the source is its first evidence.

        `settled` is when it was done, where that is another moment than that of the evidence `closed`.
        """
        began = created or source.at
        since = self.charter.since
        remind, lapses = self._moments(began, due, last_sign or began) if due else (None, None)
        shown = dict.fromkeys((source, *evidence, *((closed,) if closed else ())))
        return Obligation(
            key=key,
            kind=kind,
            account=self.timeline.account.address,
            client=self.timeline.client.name,
            contact=contact,
            summary=summary,
            quote=source.quote if source.type is not SourceType.CHARTER else None,
            source=source,
            created=began,
            due=due,
            remind_at=remind,
            lapses=lapses,
            closed=settled or (closed.at if closed else None),
            waived=waived,
            confidence=confidence,
            evidence=tuple(shown),
            subject=subject,
            reply_to=reply_to,
            counts=since is None or began >= since,
            asks=asks,
            thread=thread,
            empty=empty,
        )

    def _moments(self, began: datetime, due: datetime, last_sign: datetime) -> tuple[datetime, datetime]:
        """When to remind, and when it is given up; the same question comes at every look."""
        known = memory.of(self.timeline).moments
        if known.get(WorkingHours) != self.hours:
            known.clear()
            known[WorkingHours] = self.hours
        found: tuple[datetime, datetime] | None = known.get((began, due, last_sign))
        if found is None:
            found = known[began, due, last_sign] = hours.remind_at(self.hours, began, due), self.lapses(due, last_sign)
        return found


def gather_inputs(timeline: Timeline, decisions: Iterable[Decision], now: datetime) -> AssessmentInputs:
    """The case of a timeline at a moment."""
    hours_ = timeline.account.hours
    if timeline.absent and timeline.client.charter_at(now).away_shifts:
        hours_ = replace(hours_, holidays=hours_.holidays | timeline.absent)
    return AssessmentInputs(timeline, decisions_in_force(decisions, now), now, hours_)


def decisions_in_force(decisions: Iterable[Decision], now: datetime) -> Mapping[str, Decision]:
    """The decision that stands for each target at `now`: the latest that was not taken back. Vetoes are the plan's business."""
    words: dict[str, list[Decision]] = {}
    for decision in sorted((d for d in decisions if d.at <= now and d.verb is not Verb.VETO), key=lambda d: d.at):
        said = words.setdefault(decision.target, [])
        if decision.verb is not Verb.UNDO:
            said.append(decision)
        elif said:
            said.pop()
    return {target: said[-1] for target, said in words.items() if said}
