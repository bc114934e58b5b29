"""The corrections in force, what each affects, and the rules that are proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from daemon.accounts.runtime import AccountRuntime
from daemon.app import App
from daemon.core import corrections as rules
from daemon.core.corrections import Proposal
from daemon.errors import CannotDo
from daemon.glossary.decisions import Decision, Scope, Verb
from daemon.glossary.obligations import Obligation
from daemon.letters import phrases
from daemon.letters.section_lines import NOT_OWED
from daemon.operations.printable import safe

_VERBS = {Verb.WAIVE: "not owed", Verb.WRONG: "misread", Verb.PERSON: "a person wrote it"}
_SCOPES = {
    Scope.ITEM: "this item",
    Scope.THREAD: "this conversation",
    Scope.WORDING: "this wording",
    Scope.SENDER: "this sender and kind of mail",
}


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction in force, with the obligations that it closes at present."""

    decision: Decision
    closes: tuple[Obligation, ...]

    @property
    def id(self) -> str:
        """The ID by which `kept undo` knows it."""
        return self.decision.target_id

    @property
    def client(self) -> str | None:
        """The client it is about, where one is known."""
        return self.decision.client or next((o.client for o in self.closes), None)

    def text(self, zone: ZoneInfo) -> str:
        """Return two lines for a person, with the date in that zone."""
        d = self.decision
        example = next((o.quote or o.summary for o in self.closes), d.why or "")
        kind = f" ({_name(d.kind.value)})" if d.scope is not Scope.ITEM and d.kind else ""
        why = f", {phrases.cut(d.why, 80)}" if d.why and d.why != example else ""
        affects = "" if d.verb is Verb.PERSON else f"; affects {phrases.count(len(self.closes), 'item')}"
        head = f"{self.id}  {d.at.astimezone(zone):%Y-%m-%d}  {_VERBS[d.verb]}, {_SCOPES[d.scope]}{kind}{why}{affects}"
        words = f"{phrases.cut(self.client or '', 60)}: {phrases.quoted(example, 100) if example else ''}"
        return safe(head) + "\n" + safe(f"            {words}".rstrip(": "))

    def document(self, zone: tzinfo) -> dict[str, Any]:
        """Return what --json prints, with moments in a time zone."""
        d = self.decision
        return {
            "id": self.id,
            "at": phrases.iso(d.at, zone),
            "by": d.by,
            "verb": d.verb.value,
            "scope": d.scope.value,
            "client": self.client,
            "kind": d.kind.value if d.kind else None,
            "why": d.why,
            "holds_back": [o.id for o in self.closes],
        }


def in_force(app: App, now: datetime) -> tuple[Correction, ...]:
    """Return every correction in force."""
    current: list[Correction] = []
    for address, runtime in app.runtimes.items():
        obligations = _obligations(runtime, now)
        decisions = rules.in_force(app.store.decisions(address, now), now)
        current += (Correction(decision, _closed_by(decision, obligations)) for decision in decisions)
    return tuple(sorted(current, key=lambda correction: (correction.decision.at, correction.decision.target)))


def proposed(app: App, now: datetime) -> tuple[tuple[Proposal, str], ...]:
    """Return each proposed rule, with an example of the words."""
    return tuple(found for runtime in app.runtimes.values() for found in _proposed_to(runtime, now))


def _proposed_to(runtime: AccountRuntime, now: datetime) -> tuple[tuple[Proposal, str], ...]:
    """Return the rules that one account's corrections suggest: they hold for that account."""
    decisions = runtime.store.decisions(runtime.account.address, now)
    return rules.with_examples(rules.proposals(decisions, now), _obligations(runtime, now))


def accept_rule(app: App, target: str, now: datetime) -> str:
    """Put a proposed rule in force and return a line about it. Raises CannotDo for an unknown one."""
    for address, proposal, words in ((a, *found) for a, runtime in app.runtimes.items() for found in _proposed_to(runtime, now)):
        if target in (proposal.id, proposal.target):
            app.store.add_decision(address, rules.take(proposal, now, address, words))
            return (
                f"Accepted: with {proposal.client}, {phrases.quoted(words, 100)} {NOT_OWED.get(proposal.kind, 'is not owed')}. "
                f"Undo it with: kept undo {proposal.id}"
            )
    raise CannotDo("There is no proposed rule %(id)s; `kept corrections` lists them.", id=target)


def _obligations(runtime: AccountRuntime, now: datetime) -> list[Obligation]:
    return [obligation for assessment in runtime.ledger.assessments(now) for obligation in assessment.obligations]


def _closed_by(decision: Decision, obligations: Sequence[Obligation]) -> tuple[Obligation, ...]:
    """Return the obligations that a correction closes: the one it names, or all that its scope reaches."""
    target = decision.target_id
    if decision.verb is Verb.PERSON:
        return ()  # it brings mail to light and closes nothing
    if decision.scope is Scope.ITEM:
        return tuple(o for o in obligations if o.id == target)
    return tuple(o for o in obligations if o.waived and (o.id == target or rules.reaches(decision, o)))


def _name(kind: str) -> str:
    return kind.replace("_", " ")
