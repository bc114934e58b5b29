"""Plan an expectation review with a client."""

from __future__ import annotations

from datetime import datetime

from daemon.accounts.planning import gather_plan_inputs
from daemon.app import App
from daemon.core.evidence import is_booked
from daemon.errors import CannotDo
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Kind, Obligation
from daemon.glossary.parties import Client
from daemon.letters import phrases
from daemon.operations.plans import coming
from daemon.planning.plan_inputs import has_address
from daemon.standards.review import wish_key


def plan_review(app: App, client: Client, now: datetime) -> Action:
    """Store that the user wants a review with a client, and return its planned invite. Raises CannotDo if none can be planned."""
    address = _owner(app, client, now)
    planned = _planned(app, client.name, now)
    if planned is None:
        app.store.add_decision(address, Decision(wish_key(client.key), Verb.BOOK, now, address, client=client.name))
        planned = _planned(app, client.name, now)
    if planned is not None:
        return planned
    owed = next((o for o in app.open_obligations(now) if o.kind is Kind.REVIEW and o.client == client.name), None)
    if owed is not None and is_booked(owed, now):
        raise CannotDo(f"A review with {client.name} is in the calendar already. See: kept review list")
    raise CannotDo(
        f"A review with {client.name} is noted, but cannot be planned yet: {_obstacle(app, address, client, owed, now)} "
        "Kept plans it as soon as it can. See: kept review list"
    )


def _obstacle(app: App, address: str, client: Client, owed: Obligation | None, now: datetime) -> str:
    """Return why no invitation can be planned, in a sentence."""
    runtime = app.runtimes[address]
    inputs = gather_plan_inputs(runtime, runtime.ledger.assessments(now), now)
    unread = next((c for c in inputs.coverage if c.is_calendar and (c.error or c.seen_until is None)), None)
    if not any(c.is_calendar for c in inputs.coverage):
        return f"the configuration names no calendar for {address}."
    if not inputs.may_book:
        return "your calendar can only be read, so nothing can be booked there."
    if unread is not None:
        return (
            f"{unread.source} could not be read ({unread.error.rstrip('.')})."
            if unread.error
            else f"{unread.source} has not been read yet."
        )
    if owed is None:
        return "no review counts for them: they are lost, or have never been in contact."
    if not has_address(owed):
        return f"Kept knows no email address of anybody at {client.name}."
    return f"no time of {phrases.duration(inputs.policy.review_length.total_seconds() / 60, runtime.account.hours)} is free within the next weeks, in your working hours and theirs."


def _owner(app: App, client: Client, now: datetime) -> str:
    """Return the account that looks after a client: its owner, else the first one in contact. Raises CannotDo if there is none."""
    in_contact = (a.account for a in app.assessments(now) if a.client == client.name and a.obligations)
    owners = (r.account.address for r in app.runtimes.values() if client.owner in r.account.addresses)
    address = next(owners if client.owner else in_contact, None)
    if address is None:
        raise CannotDo(
            f"Nobody has been in contact with {client.name} yet, so there is no one to invite. Read your mail with: kept sync"
        )
    return address


def _planned(app: App, client: str, now: datetime) -> Action | None:
    """Return the planned invite to a client's review."""
    return next((a for a in coming(app, now) if a.kind is ActionKind.REVIEW and a.client == client), None)
