"""The inputs of an assessment: everything it follows from, with the few questions that every standard asks of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypedDict, Unpack

from daemon.core import hours, people, sharing
from daemon.glossary.charter import Allowance, Charter, WorkingHours
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Ask, Evidence, Kind, Obligation, SourceType, Strength
from daemon.glossary.timelines import Timeline
from daemon.reading import ProposedTime

LAPSE = 10  # working days without a sign after which what is overdue counts as missed
SETTLING = frozenset({Verb.DONE, Verb.WAIVE, Verb.WRONG})


class Details(TypedDict, total=False):
    """Fields of an obligation that a standard sets as they are (glossary.obligations)."""

    waived: bool
    confidence: float
    subject: str
    reply_to: str | None
    asks: tuple[str, ...]
    thread: str | None
    empty: Evidence | None
    last_sign: datetime | None
    chased: tuple[Evidence, ...]
    revived: datetime | None
    rests: datetime | None
    snoozed_until: datetime | None
    proposed: tuple[ProposedTime, ...]
    open_asks: tuple[Ask, ...]
    presumed: Strength | None


@dataclass(frozen=True, slots=True)
class AssessmentInputs:
    """One account and one client at one moment: what happened, what was agreed, what the user decided.

    `decisions` are the decisions in force on each obligation, by its key. `hours` are the working hours in which business time
    counts: the account's, without its days off where the charter says so. `owner` is the account that answers for the
    client as a whole (core.sharing), `names` are those of the people, by address.
    """

    timeline: Timeline
    decisions: Mapping[str, Decision]
    now: datetime
    hours: WorkingHours
    owner: str
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def charter(self) -> Charter:
        """The charter in force now."""
        return self.charter_at(self.now)

    def charter_at(self, moment: datetime) -> Charter:
        """Return the charter in force at a moment."""
        return self.timeline.client.charter_at(moment)

    def allowance(self, standard: str, default: Allowance | None, at: datetime | None = None) -> Allowance | None:
        """Return how long a standard allows, by the charter in force at a moment (now, without one); None where it is switched off."""
        return self.charter_at(at or self.now).standards.get(standard, default)

    def decision(self, key: str) -> Decision | None:
        """Return the user's decision in force on an obligation."""
        return self.decisions.get(key)

    def decisions_on(self, keys: Iterable[str]) -> Mapping[str, Decision]:
        """Return the user's decisions in force on some obligations, by key."""
        return {key: decision for key in keys if (decision := self.decision(key)) is not None} if self.decisions else {}

    def called(self, contact: str | None) -> str:
        """Return what to call a contact, an address or a caller's number; "" where no name is known."""
        if not contact:
            return ""
        return self.names.get(contact, "") if "@" in contact else people.caller_name(self.timeline.entries, contact)

    def settled(self, key: str, by: datetime | None = None) -> bool:
        """Return whether the user had settled an obligation by a moment (now, without one)."""
        decision = self.decision(key)
        return decision is not None and decision.verb in SETTLING and decision.at <= (by or self.now)

    def key(self, kind: Kind, reference: str, quote: str = "", account: str | None = None) -> str:
        """Return a stable key: the kind, what it came from, the words relied on (normalised), the account; never a position.

        The account is who answers for it (None: who answers for the client as a whole), so that it has one key whoever stands in.
        """
        normalised = re.sub(r"\W+", " ", quote.lower()).strip()
        digest = hashlib.sha256(normalised.encode()).hexdigest()[:12] if normalised else ""
        return f"{kind.value}:{reference}:{digest}:{account or self.owner}"

    def lapses(self, due: datetime, last_sign: datetime) -> datetime:
        """Return when an obligation becomes missed: ten working days after its due time or its last sign, whichever is later."""
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
        evidence: Iterable[Evidence] = (),
        **details: Unpack[Details],
    ) -> Obligation:
        """Return an obligation with the moments that follow from its due time and its last sign; the source is its first evidence.

        `settled` is when it was done, where that differs from the moment of the evidence `closed`.
        """
        client, since = self.timeline.client.name, self.charter.since
        quote = source.quote if source.type is not SourceType.CHARTER else None
        bare = Obligation(key, kind, self.timeline.account.address, client, contact, summary, quote, source, source.at, due)
        return replace(
            bare,
            contact_name=self.called(contact),
            remind_at=hours.remind_at(self.hours, source.at, due) if due else None,
            lapses=self.lapses(due, details.get("last_sign") or source.at) if due else None,
            closed=settled or (closed.at if closed else None),
            evidence=tuple(dict.fromkeys((source, *evidence, *((closed,) if closed else ())))),
            counts=since is None or source.at >= since,
            **details,
        )


def gather_inputs(timeline: Timeline, decisions: Iterable[Decision], now: datetime) -> AssessmentInputs:
    """Return the inputs for assessing a timeline at a moment."""
    hours_ = timeline.account.hours
    if timeline.absent and timeline.client.charter_at(now).away_shifts:
        hours_ = replace(hours_, holidays=hours_.holidays | timeline.absent)
    names = people.names(entry.message for entry in timeline.entries)
    return AssessmentInputs(timeline, decisions_in_force(decisions, now), now, hours_, sharing.owner(timeline), names)


def decisions_in_force(decisions: Iterable[Decision], now: datetime) -> Mapping[str, Decision]:
    """Return the decision in force for each target at `now`: the latest that was not undone.

    Vetoes are left out; they concern planned actions.
    """
    by_target: dict[str, list[Decision]] = {}
    for decision in sorted((d for d in decisions if d.at <= now and d.verb is not Verb.VETO), key=lambda d: d.at):
        stack = by_target.setdefault(decision.target, [])
        if decision.verb is not Verb.UNDO:
            stack.append(decision)
        elif stack:
            stack.pop()
    return {target: stack[-1] for target, stack in by_target.items() if stack}
