"""Hold the standards of a charter against history: how often each was met, and which time would have been met 19 times in 20."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from daemon.analysis import feasibility
from daemon.analysis.feasibility import Feasibility, Verdict
from daemon.app import App
from daemon.core.hours import parse_allowance
from daemon.glossary.assessments import Assessment
from daemon.glossary.charter import Charter
from daemon.glossary.obligations import Kind, Obligation
from daemon.glossary.parties import Account, Client
from daemon.letters import phrases

RESPONSES: Mapping[str, Kind] = {"reply": Kind.REPLY, "call_back": Kind.CALLBACK}
"""The standards that allow a time in which to respond; history says which time would have been met."""
OTHERS: Mapping[str, Kind] = {
    "promise": Kind.PROMISE,
    "deliverable": Kind.DELIVERABLE,
    "meeting": Kind.MEETING,
    "contact": Kind.TOUCH_BASE,
    "next_step": Kind.NEXT_STEP,
    "feedback": Kind.FEEDBACK,
    "review": Kind.REVIEW,
}
_VERDICTS: Mapping[Verdict, str] = {
    Verdict.KEPT: "You can keep it.",
    Verdict.CLOSE: "It is close: you may not keep it 19 times in 20.",
    Verdict.BROKEN: "Your history says that you cannot keep it.",
    Verdict.UNKNOWN: "There is too little history to say.",
}


@dataclass(frozen=True, slots=True)
class StandardHistory:
    """One standard against history: one client's, or of all clients where `client` is None."""

    client: str | None
    standard: str
    feasibility: Feasibility
    account: Account

    def text(self) -> str:
        """Return one line for a person."""
        return f"{self.standard.replace('_', ' ')}: {self.verdict()}"

    def verdict(self) -> str:
        """Return what was agreed, how often it was met, and what would have been met, in sentences."""
        f = self.feasibility
        agreed = f"agreed {phrases.allowance(f.allowance)}, " if f.allowance else ""
        still_open = f", {f.open} open" if f.open else ""
        return f"{agreed}{_met(f)}{still_open}. {_VERDICTS[f.verdict]}{realistic(f, self.account)}"

    def document(self) -> dict[str, Any]:
        """Return what --json prints. Times are business minutes."""
        f, (low, high) = self.feasibility, self.feasibility.share.interval
        return {
            "client": self.client,
            "standard": self.standard,
            "agreed": phrases.allowance(f.allowance) if f.allowance else None,
            "met": f.share.met,
            "of": f.share.of,
            "interval": [round(low, 3), round(high, 3)],
            "open": f.open,
            "verdict": f.verdict.value,
            "enough_history": f.enough,
            "target_95": phrases.allowance(f.target) if f.target else None,
            "minutes_95": f.minutes,
            "minutes_95_within": list(f.within),
        }


def realistic(f: Feasibility, account: Account) -> str:
    """Return the time that would have been met 19 times in 20, with its uncertainty; nothing where too little is known."""
    if f.minutes is None:
        return ""
    low, high = f.within
    span = f"{phrases.duration(low, account.hours)} to {phrases.duration(high, account.hours)}"
    if f.target is None:
        time = phrases.duration(f.minutes, account.hours)
        return f" 19 times in 20 it took up to {time} ({span}), longer than any time that people usually agree on."
    return f" You would have kept {phrases.allowance(f.target)} 19 times in 20 ({span})."


def standards_of(app: App, client: Client | None, now: datetime) -> tuple[StandardHistory, ...]:
    """Return a client's standards against history; without one the house's over all clients, then those of each client."""
    assessments = app.assessments(now)
    if client is not None:
        return tuple(_of_client(app, client, assessments, now))
    house = [result for account in app.office.accounts for result in _of_house(app, account, assessments, now)]
    with_history = {a.client for a in assessments if a.obligations}
    clients = (c for c in app.office.clients if c.name in with_history)
    return (*house, *(result for c in clients for result in _of_client(app, c, assessments, now)))


def response_history(app: App, client: Client, standard: str, duration: str, now: datetime) -> StandardHistory | None:
    """Return what history says of a time to respond that may be agreed; None for other standards, or without history."""
    kind, account = RESPONSES.get(standard), account_of(app, client)
    assessments = app.assessments(now)
    owed = [o for a in assessments if (a.account, a.client) == (account.address, client.name) for o in a.obligations]
    if kind is None or duration == "off" or not any(o.kind is kind for o in owed):
        return None
    result = feasibility.responses(owed, kind, parse_allowance(duration), account.hours, now)
    return StandardHistory(client.name, standard, result, account)


def account_of(app: App, client: Client) -> Account:
    """Return the account that owns a client; the first one where nobody does."""
    accounts = app.office.accounts
    return next((account for account in accounts if client.owner in (None, *account.addresses)), accounts[0])


def _met(f: Feasibility) -> str:
    if not f.share.of:
        return "nothing has been due yet"
    low, high = f.share.interval
    return f"{f.share.met} of {f.share.of} on time ({f.share.value:.0%}; with 95% confidence between {low:.0%} and {high:.0%})"


def _of_house(app: App, account: Account, assessments: Sequence[Assessment], now: datetime) -> Iterator[StandardHistory]:
    owed = [o for a in assessments if a.account == account.address for o in a.obligations]
    if owed:
        yield from _histories(None, owed, _house_charter(app), account, now)


def _house_charter(app: App) -> Charter:
    """Return the charter of a client who has none of their own: the house's, as far as one can be told."""
    without_own = {client.name for client in app.settings.clients if not client.charter.model_fields_set}
    charters = [client.charter for client in app.office.clients if client.name in without_own]
    return next(iter((*charters, *(client.charter for client in app.office.clients))), Charter())


def _of_client(app: App, client: Client, assessments: Iterable[Assessment], now: datetime) -> Iterator[StandardHistory]:
    for account in app.office.accounts:
        owed = [o for a in assessments if (a.account, a.client) == (account.address, client.name) for o in a.obligations]
        if owed:
            yield from _histories(client.name, owed, client.charter_at(now), account, now)


def _histories(
    client: str | None, owed: Sequence[Obligation], charter: Charter, account: Account, now: datetime
) -> Iterator[StandardHistory]:
    for standard, kind in RESPONSES.items():
        allowance = charter.standards.get(standard)
        if allowance is not None:
            result = feasibility.responses(owed, kind, allowance, account.hours, now)
            yield StandardHistory(client, standard, result, account)
    for standard, kind in OTHERS.items():
        result = feasibility.kept(owed, kind, charter.standards.get(standard), now)
        if result.share.of or result.open:
            yield StandardHistory(client, standard, result, account)
