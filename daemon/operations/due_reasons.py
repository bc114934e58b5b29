"""Why something is due when it is: by the words that name the time, or by the standard that holds with the client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from daemon.core import hours
from daemon.glossary.charter import Allowance
from daemon.glossary.obligations import Kind, Obligation
from daemon.glossary.parties import Account, Client
from daemon.letters import phrases
from daemon.operations.charter_history import OTHERS, RESPONSES

_STANDARDS: Mapping[Kind, str] = {kind: standard for standard, kind in (*RESPONSES.items(), *OTHERS.items())}


@dataclass(frozen=True, slots=True)
class DueReason:
    """The rule behind a due time: a standard with its time, `start` where a dated charter has it; or words, `ours` or the client's."""

    standard: str = ""
    allowance: Allowance | None = None
    start: datetime | None = None
    words: str = ""
    ours: bool = False

    def text(self, zone_day: str) -> str:
        """Return it as a sentence; `zone_day` is the first day of the charter in words."""
        if self.allowance is not None:
            since = f"charter since {zone_day}" if self.start else "the standard for this client"
            return f"Due by what is agreed: {self.standard.replace('_', ' ')} {phrases.allowance(self.allowance)} ({since})."
        return f"Due by {'your' if self.ours else 'their'} words: {phrases.quoted(self.words, 200)}"


def due_reason(o: Obligation, account: Account, client: Client | None, *, ours: bool) -> DueReason | None:
    """Return why it is due then; None where it has no due time or nothing tells. `ours` says that the source is the user's own mail."""
    if o.due is None:
        return None
    if ours or o.kind in (Kind.PROMISE, Kind.WAITING_FOR):
        return DueReason(words=o.quote, ours=ours) if o.quote else None
    charter = client.charter_at(o.created) if client is not None else None
    standard = _STANDARDS.get(o.kind, "")
    allowance = charter.standards.get(standard) if charter is not None else None
    if charter is None or allowance is None:
        return None
    named = hours.add(account.hours, o.created, allowance) != o.due and not charter.away_shifts
    if o.kind in RESPONSES.values() and named:
        return DueReason(words=o.quote) if o.quote else None
    return DueReason(standard, allowance, charter.start)
