"""`kept due`: what is owed as of a moment.

What is open at present is answered from the open cache alone, as long as that is complete and still holds: then neither is the
configuration checked nor any conversation followed again. Everything else opens the application.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from connectors.mail import canonical_email
from daemon import clock
from daemon.commands.pages import owed as owed_page
from daemon.commands.terminal import AsJson, AsOf, config_path, moment, open_app, print_json
from daemon.config import included
from daemon.config.fingerprint import fingerprint
from daemon.config.locations import STATE, absolute, database, default_path
from daemon.errors import ConfigError, StoreError
from daemon.glossary.assessments import Coverage
from daemon.glossary.charter import WorkingHours
from daemon.glossary.obligations import OPEN_STATES, Obligation, state
from daemon.glossary.parties import Account, Office
from daemon.letters import phrases
from daemon.letters.recovery import KIND_NOUNS
from daemon.operations.owed import most_urgent_first, obligations_at, proposed_times
from daemon.operations.printable import safe
from daemon.operations.zones import home_zone
from daemon.service import health
from daemon.store import Store
from daemon.store.open_cache_basis import cache_basis, counted_from, not_covered, valid_rows


def due(
    context: typer.Context,
    as_of: AsOf = None,
    everything: Annotated[bool, typer.Option("--all", help="Include what is closed.")] = False,
    client: Annotated[str | None, typer.Option("--client", metavar="C", help="Only what is owed to this client.")] = None,
    wide: Annotated[bool, typer.Option("--wide", help="Whole words and times, however long the line.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what is owed, most urgent first. Sends nothing and books nothing."""
    now = moment(as_of)
    owed = None if everything or client else _cached(config_path(context), now)
    if owed is None or (
        not as_json and any(o.proposed for o in owed.obligations)
    ):  # only the calendar tells whether the time is free
        with open_app(context, read_only=True, as_of=now) as app:
            sources = tuple(c for runtime in app.runtimes.values() for c in runtime.coverage())
            listed = obligations_at(app, now, everything=everything, client=client)
            owed = Owed(listed, app.office, sources, () if as_json else proposed_times(app, listed, now))
    print_list(owed, now, wide=wide, as_json=as_json)


class Owed(NamedTuple):
    """Obligations, most urgent first, with the accounts that owe them and how far each source was read.

    `times` are the obligations whose client proposes times, each with what the calendar says of these.
    """

    obligations: tuple[Obligation, ...]
    office: Office
    sources: tuple[Coverage, ...]
    times: tuple[tuple[Obligation, str], ...] = ()


def print_list(owed: Owed, now: datetime, *, as_json: bool, wide: bool = False, empty: str = "Nothing is owed.") -> None:
    """Print obligations as a list (`empty`, if there are none), or as the JSON document of `kept due`."""
    unread = owed_page.unread(owed.sources, now)
    if as_json:
        as_of = phrases.iso(now, home_zone(owed.office))
        print_json(owed_page.document(owed.obligations, owed.office, unread, now, as_of))
    else:
        owed_page.show(owed.obligations, owed.office, unread, now, wide=wide, empty=empty, times=owed.times)


def offered_ids(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return the ids of what is owed that begin so, for a shell to complete; only what is at hand at once.

    Each comes with the client and the kind, and with no word of a mail: some shells evaluate what they are offered.
    """
    named: Path | None = context.find_root().params.get("config")
    owed = _cached(named or default_path(os.environ), clock.now())
    return [
        (o.id, safe(f"{o.client}, {KIND_NOUNS[o.kind]}"))
        for o in (owed.obligations if owed else ())
        if o.id.startswith(incomplete)
    ]


def _cached(config: Path, now: datetime) -> Owed | None:
    """Return what is open from the open cache; None if any part is missing or no longer holds."""
    try:
        file = included.read(config)
        data = file.data
        zone = ((data.get("team") or {}).get("defaults") or {}).get("time_zone")
        accounts = tuple(_account(settings, zone) for settings in data["accounts"])
        clients = [str(client["name"]) for client in data.get("clients") or ()]
        state_folder = absolute(config.parent, str(data.get("state") or STATE))
        store = Store.open(database(config, data), read_only=True)
    except (OSError, LookupError, TypeError, AttributeError, ValueError, RuntimeError, ConfigError, StoreError):
        return None  # opening the application says what is wrong with the configuration
    addresses = [account.address for account in accounts]
    try:
        obligations = _open_obligations(store, fingerprint(file), addresses, clients, now)
        sources = _sources(store, state_folder, addresses)
    except (OSError, StoreError):
        return None
    finally:
        store.close()
    if obligations is None or sources is None:
        return None
    return Owed(most_urgent_first(obligations, now), Office(accounts, ()), sources)


def _account(settings: Mapping[str, Any], team_zone: object) -> Account:
    """Return as much of an account as a list shows, in its own time zone or its team's. Raises what an unchecked configuration may cause."""
    address = canonical_email(str(settings["addresses"][0]).strip())
    zone = str(settings.get("time_zone") or team_zone or "UTC")
    return Account(address, str(settings.get("name") or address), frozenset(), WorkingHours(zone, ()))


def _sources(store: Store, folder: Path, addresses: Iterable[str]) -> tuple[Coverage, ...] | None:
    """Return how far each source was read. Which are configured the status tells, written with the cache; None without it."""
    named = health.read_sources(folder)
    return tuple(c for a in addresses for c in store.coverage(a) if (c.account, c.source) in named) if named else None


def _open_obligations(
    store: Store, configuration: str, accounts: Iterable[str], clients: Iterable[str], now: datetime
) -> tuple[Obligation, ...] | None:
    """Return the open obligations of these accounts; None if a client has no row that holds under this configuration."""
    obligations: list[Obligation] = []
    for account in accounts:
        named = cache_basis(configuration, counted_from(store, now), store.meta("won"), store.decisions(account, now))
        rows = valid_rows(store, account, named, now)
        left = not_covered(store, account, rows)
        if left is None or not left.isdisjoint(clients):
            return None
        known = (rows[client] for client in clients if client in rows)
        obligations += (o for row in known for o in row.open if state(o, now) in OPEN_STATES)
    return tuple(obligations)
