"""The clients of an account, by an id that stays the same, each in a row, and one with all that happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from daemon.accounts.runtime import AccountRuntime
from daemon.analysis.client_story import Chapter, story
from daemon.analysis.overview import Overview, most_urgent_first, overview
from daemon.glossary.assessments import Assessment
from daemon.glossary.obligations import short_id
from daemon.glossary.parties import Client


def client_id(name: str) -> str:
    """Return the id of a client: ten characters that follow from the name alone."""
    return short_id(name)


def clients_of(runtime: AccountRuntime, assessments: Iterable[Assessment]) -> tuple[Client, ...]:
    """Return the clients that an account has to do with: those in contact and its own; with one account alone all of them."""
    office, addresses = runtime.config.office, runtime.account.addresses
    in_contact = {a.client for a in assessments}
    alone = len(office.accounts) == 1
    return tuple(c for c in office.clients if alone or c.name in in_contact or c.owner in addresses)


def client_with_id(runtime: AccountRuntime, wanted: str, now: datetime) -> Client | None:
    """Return one of the account's clients by its id; None if none has it. Raises StoreError."""
    clients = clients_of(runtime, runtime.ledger.assessments(now))
    return next((c for c in clients if client_id(c.name) == wanted), None)


def assessment_of(runtime: AccountRuntime, client: Client, now: datetime) -> Assessment | None:
    """Return what is owed between the account and a client; None where they were never in contact. Raises StoreError."""
    return next((a for a in runtime.ledger.assessments(now) if a.client == client.name), None)


def overviews(runtime: AccountRuntime, now: datetime) -> list[Overview]:
    """Return a row for each of the account's clients, whoever needs attention first. Raises StoreError."""
    assessments = runtime.ledger.assessments(now)
    by_name: Mapping[str, Assessment] = {a.client: a for a in assessments}
    facts, account = runtime.ledger.facts, runtime.account
    clients = clients_of(runtime, assessments)
    return most_urgent_first(overview(account, c, by_name.get(c.name), facts.events(c.name, now), now) for c in clients)


def overview_of(runtime: AccountRuntime, client: Client, now: datetime) -> Overview:
    """Return the row of one client. Raises StoreError."""
    events = runtime.ledger.facts.events(client.name, now)
    return overview(runtime.account, client, assessment_of(runtime, client, now), events, now)


def story_of(runtime: AccountRuntime, client: Client, now: datetime) -> tuple[Chapter, ...]:
    """Return what happened with a client, the latest first. Raises StoreError."""
    return story(runtime.ledger.story(client, now), assessment_of(runtime, client, now), now)
