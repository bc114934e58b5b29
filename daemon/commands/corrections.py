"""`kept corrections`: every correction in force in one place, what each holds back, how it is taken back, and which rules are proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from daemon.app import App
from daemon.commands.terminal import safe
from daemon.core import corrections
from daemon.core.corrections import Proposal
from daemon.errors import CannotDo
from daemon.glossary.decisions import Decision, Scope, Verb
from daemon.glossary.obligations import Obligation
from daemon.letters import phrases

_SAID = {Verb.WAIVE: "not owed", Verb.WRONG: "misread"}
_REACH = {Scope.ITEM: "this item", Scope.THREAD: "this thread", Scope.WORDING: "this wording"}


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction in force, with the obligations that it holds back at present."""

    decision: Decision
    held: tuple[Obligation, ...]

    @property
    def id(self) -> str:
        """What takes it back."""
        return self.decision.target_id

    def text(self) -> str:
        """Two lines for a person."""
        d = self.decision
        client = d.client or next((o.client for o in self.held), "")
        example = next((o.quote or o.summary for o in self.held), d.why or "")
        reach = (
            f"{_REACH[d.scope]} ({d.kind.value.replace('_', ' ')})" if d.scope is not Scope.ITEM and d.kind else _REACH[d.scope]
        )
        why = f", {phrases.cut(d.why, 80)}" if d.why and d.why != example else ""
        head = f"{self.id}  {d.at:%Y-%m-%d}  {_SAID[d.verb]}, {reach}{why}; holds back {len(self.held)}"
        return safe(
            f"{head}\n            {phrases.cut(client, 60)}: {phrases.quoted(example, 100) if example else ''}".rstrip(": ")
        )

    def document(self) -> dict[str, Any]:
        """For --json."""
        d = self.decision
        return {
            "id": self.id,
            "at": d.at.isoformat(),
            "by": d.by,
            "verb": d.verb.value,
            "scope": d.scope.value,
            "client": d.client or next((o.client for o in self.held), None),
            "kind": d.kind.value if d.kind else None,
            "why": d.why,
            "holds_back": [o.id for o in self.held],
        }


def listed(app: App, now: datetime) -> tuple[Correction, ...]:
    """Every correction in force."""
    found: list[Correction] = []
    for address, runtime in app.runtimes.items():
        owed = [o for a in runtime.ledger.at(now) for o in a.obligations]
        found += (Correction(d, _held(d, owed)) for d in corrections.in_force(app.store.decisions(address, now), now))
    return tuple(sorted(found, key=lambda c: (c.decision.at, c.decision.target)))


def _held(decision: Decision, owed: Sequence[Obligation]) -> tuple[Obligation, ...]:
    by_id = decision.target_id
    if decision.scope is Scope.ITEM:
        return tuple(o for o in owed if o.id == by_id)
    return tuple(o for o in owed if o.waived and (o.id == by_id or corrections.reaches(decision, o)))


def proposed(app: App, now: datetime) -> tuple[tuple[Proposal, str], ...]:
    """Each rule that is proposed, with an example of the words."""
    return tuple(found for address in app.runtimes for found in _proposed_to(app, address, now))


def _proposed_to(app: App, address: str, now: datetime) -> tuple[tuple[Proposal, str], ...]:
    owed = [o for a in app.runtimes[address].ledger.at(now) for o in a.obligations]
    return corrections.with_examples(corrections.proposals(app.store.decisions(address, now), now), owed)


def accept(app: App, target: str, now: datetime) -> str:
    """Make a proposed rule one. Raises CannotDo for an unknown one."""
    for address, proposal, said in ((address, *found) for address in app.runtimes for found in _proposed_to(app, address, now)):
        if target in (proposal.id, proposal.target):
            app.store.decide(address, corrections.take(proposal, now, address, said))
            return f"Taken: with {proposal.client}, {phrases.quoted(said, 100)} makes no {proposal.kind.value.replace('_', ' ')} any more. Undo it with: kept undo {proposal.id}"
    raise CannotDo(f"No rule called {target} is proposed; `kept corrections` lists those that are.")


def page(found: Sequence[Correction], proposals: Sequence[tuple[Proposal, str]]) -> str:
    """The list for a person."""
    lines = [c.text() for c in found] or ["Nothing was corrected."]
    for proposal, said in proposals:
        what = proposal.kind.value.replace("_", " ")
        lines += [
            "",
            safe(
                f"Proposed: you said {proposal.count} times that this is no {what} of {phrases.cut(proposal.client, 60)}: {phrases.quoted(said, 100)}"
            ),
            f"  kept corrections --accept {proposal.id}",
        ]
    return "\n".join([*lines, "", "Take one back with: kept undo ID"])


def document(found: Sequence[Correction], proposals: Sequence[tuple[Proposal, str]], now: datetime) -> Mapping[str, Any]:
    """The list for --json."""
    return {
        "as_of": now.isoformat(),
        "corrections": [c.document() for c in found],
        "proposals": [
            {"id": p.id, "client": p.client, "kind": p.kind.value, "count": p.count, "words": said} for p, said in proposals
        ],
    }
