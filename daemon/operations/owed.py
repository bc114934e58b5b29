"""What is owed as of a moment, most urgent first. Light to import: `kept due` answers from a cache alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from daemon.errors import CannotDo
from daemon.glossary.obligations import OPEN_STATES, Band, Obligation, State, state
from daemon.operations.clients import find_client

if TYPE_CHECKING:
    from daemon.app import App

_ORDER = {State.OVERDUE: 0, State.DUE_SOON: 1, State.OPEN: 2, State.SNOOZED: 3}


def obligations_at(app: App, now: datetime, *, everything: bool = False, client: str | None = None) -> tuple[Obligation, ...]:
    """Return what is owed as of `now`, most urgent first; with `everything` the closed ones, too. Raises CannotDo for no client."""
    name = find_client(app.office, client).name if client else None
    owed = [o for a in app.assessments(now) for o in a.obligations] if everything else app.open_obligations(now)
    return most_urgent_first((o for o in owed if name in (None, o.client)), now, everything=everything)


def proposed_times(app: App, obligations: Iterable[Obligation], now: datetime) -> tuple[tuple[Obligation, str], ...]:
    """Return what the calendar says of the times that clients propose, for what is still open."""
    from daemon.accounts.letters import make_renderer  # noqa: PLC0415  # the fast way needs no connector

    asked = [o for o in obligations if o.proposed and state(o, now) in OPEN_STATES]
    renderers = {
        a: make_renderer(app.runtimes[a], app.runtimes[a].ledger.assessments(now), now) for a in {o.account for o in asked}
    }
    return tuple((o, told) for o in asked for told in renderers[o.account].looked_up(o))


def find(app: App, target: str, now: datetime) -> Obligation:
    """Return the obligation with that ID or key. Raises CannotDo."""
    obligation = app.find(target, now)
    if obligation is None:
        if target.lower().endswith(".eml"):
            raise CannotDo(f"There is no file {target}.")
        raise CannotDo(
            "Nothing here has the ID %(id)s. kept due lists the IDs of what is owed, kept due --all those of all.", id=target
        )
    return obligation


def most_urgent_first(obligations: Iterable[Obligation], now: datetime, *, everything: bool = False) -> tuple[Obligation, ...]:
    """Return the obligations to list, most urgent first: those open and believed; with `everything` all that existed by `now`."""
    existing = (o for o in obligations if o.created <= now)
    listed = [o for o in existing if everything or (o.band is not Band.IGNORED and state(o, now) in OPEN_STATES)]
    return tuple(sorted(listed, key=lambda o: (_ORDER.get(state(o, now), 4), o.due is None, o.due or o.created, o.key)))
