"""`kept due`: what is owed as of a moment.

What is open at present is answered from the open cache alone, as long as that is complete and still holds: then neither is the
configuration checked nor any conversation followed again. Everything else opens the application.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import yaml

from connectors.mail import canonical_email
from daemon.commands import tables
from daemon.commands.terminal import AsJson, AsOf, config_path, find_client, moment, open_app, print_json
from daemon.config.fingerprint import fingerprint
from daemon.config.locations import database
from daemon.config.yaml_lines import LOADER
from daemon.errors import StoreError
from daemon.glossary.charter import WorkingHours
from daemon.glossary.obligations import OPEN_STATES, Obligation, state
from daemon.glossary.parties import Account, Office
from daemon.store import Store
from daemon.store.open_cache_basis import cache_basis, counted_from, valid_rows

if TYPE_CHECKING:
    from daemon.app import App


def due(
    context: typer.Context,
    as_of: AsOf = None,
    everything: Annotated[bool, typer.Option("--all", help="Include what is closed.")] = False,
    client: Annotated[str | None, typer.Option("--client", metavar="C", help="Only what is owed to this client.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what is owed, most urgent first. Sends nothing and books nothing."""
    now = moment(as_of)
    cached = None if everything or client else _cached(config_path(context), now)
    if cached is not None:
        obligations, office = tables.most_urgent_first(cached[0], now), cached[1]
    else:
        with open_app(context, read_only=True, as_of=now) as app:
            obligations, office = obligations_at(app, now, everything=everything, client=client), app.office
    print_json(tables.due_document(obligations, office, now)) if as_json else tables.due_table(obligations, office, now)


def obligations_at(app: App, now: datetime, *, everything: bool = False, client: str | None = None) -> tuple[Obligation, ...]:
    """Return what is owed as of `now`, most urgent first; with `everything` the closed ones, too. Raises CannotDo for no client."""
    name = find_client(app.office, client).name if client else None
    owed = [o for a in app.assessments(now) for o in a.obligations] if everything else app.open_obligations(now)
    return tables.most_urgent_first((o for o in owed if name in (None, o.client)), now, everything=everything)


def _cached(config: Path, now: datetime) -> tuple[tuple[Obligation, ...], Office] | None:
    """Return all open obligations and their accounts from the open cache; None if any part is missing or no longer holds."""
    try:
        data = yaml.load(config.read_bytes(), Loader=LOADER)  # noqa: S506  # a safe loader
        zones = {canonical_email(str(a["addresses"][0]).strip()): str(a.get("time_zone") or "UTC") for a in data["accounts"]}
        clients = [str(client["name"]) for client in data.get("clients") or ()]
        store = Store.open(database(config, data), read_only=True)
    except (OSError, LookupError, TypeError, AttributeError, ValueError, RuntimeError, yaml.YAMLError, StoreError):
        return None  # opening the application says what is wrong with the configuration
    try:
        obligations = _open_obligations(store, fingerprint(config, data), zones, clients, now)
    except (OSError, StoreError):
        return None
    finally:
        store.close()
    accounts = tuple(Account(address, "", frozenset(), WorkingHours(zone, ())) for address, zone in zones.items())
    return None if obligations is None else (obligations, Office(accounts, ()))


def _open_obligations(
    store: Store, configuration: str, accounts: Iterable[str], clients: Iterable[str], now: datetime
) -> tuple[Obligation, ...] | None:
    """Return the open obligations of these accounts; None if a client has no row that holds under this configuration."""
    obligations: list[Obligation] = []
    for account in accounts:
        named = cache_basis(configuration, counted_from(store, now), store.meta("won"), store.decisions(account, now))
        rows = valid_rows(store, account, named, now)
        for client in clients:
            if client not in rows:
                return None
            obligations += (o for o in rows[client].open if state(o, now) in OPEN_STATES)
    return tuple(obligations)
