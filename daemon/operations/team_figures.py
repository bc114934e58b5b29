"""How the people of a team are doing, as far as somebody may see it: what is overdue with whom, the trend, and who had no contact.

The words of what is owed are given only where `core.access` allows words; elsewhere figures and duties alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from daemon.accounts.runtime import AccountRuntime
from daemon.analysis import figures
from daemon.analysis.figures import Week
from daemon.core.access import Access, Viewer, as_viewer, may_see
from daemon.core.infractions import is_firm, is_overdue
from daemon.glossary.assessments import Assessment
from daemon.glossary.obligations import OPEN_STATES, Band, Kind, Obligation, State, state
from daemon.glossary.parties import Account, Client, Office
from daemon.planning import touch_base

WEEKS = 13
LOAD = (Kind.REPLY, Kind.CALLBACK, Kind.PROMISE, Kind.DELIVERABLE, Kind.MEETING, Kind.REVIEW, Kind.FEEDBACK)
"""What makes up the load of a person, in the order in which it is shown."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A client with whom there was no contact for longer than is allowed."""

    client: str
    last_contact: datetime | None


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """One person: what is overdue, oldest first (without words where `words` is False), the open load by kind, the weeks, the silences.

    `clients` is how many they serve, `due_soon` how much of the load is due soon.
    """

    account: Account
    words: bool
    clients: int
    overdue: tuple[Obligation, ...]
    load: Mapping[Kind, int]
    due_soon: int
    weeks: tuple[Week, ...]
    silent: tuple[Silence, ...]

    @property
    def open(self) -> int:
        """Everything that is open."""
        return sum(self.load.values())


def seen_by(office: Office, account: Account) -> tuple[Account, ...]:
    """Return the other people of whom an account may see anything: its team, by its role, in the configuration's order."""
    viewer = as_viewer(account)
    return tuple(a for a in office.accounts if a.address != account.address and may_see(viewer, a, None) is not Access.NOTHING)


def figures_of(runtime: AccountRuntime, viewer: Viewer, now: datetime) -> PersonFigures:
    """Return how one person is doing, as a viewer may see it. Raises PermissionError where that is nothing, and StoreError."""
    account = runtime.account
    access = may_see(viewer, account, None)
    if access is Access.NOTHING:
        raise PermissionError(account.address)
    clients = {c.name: c for c in runtime.config.office.clients if c.owner in (None, *account.addresses)}
    own = [a for a in runtime.ledger.assessments(now) if a.client in clients]
    return _figures(account, clients, own, now, words=access is Access.WORDS)


def _figures(
    account: Account, clients: Mapping[str, Client], own: Iterable[Assessment], now: datetime, *, words: bool
) -> PersonFigures:
    own = tuple(own)
    owed = [o for a in own for o in a.obligations]
    open_ = [o for o in owed if o.kind in LOAD and o.counts and o.band is Band.TRACKED and state(o, now) in OPEN_STATES]
    overdue = sorted((o for o in owed if is_overdue(o, now) and is_firm(o)), key=lambda o: (o.due or o.created, o.key))
    return PersonFigures(
        account=account,
        words=words,
        clients=len(own),
        overdue=tuple(o if words else _without_words(o) for o in overdue),
        load=Counter(o.kind for o in open_),
        due_soon=sum(state(o, now) is State.DUE_SOON for o in open_),
        weeks=figures.weeks(owed, account.hours, now, WEEKS),
        silent=tuple(
            Silence(a.client, a.last_contact) for a in own if touch_base.lacks_contact(account, clients[a.client], a, now)
        ),
    )


def _without_words(o: Obligation) -> Obligation:
    """Return what is owed with nothing that anybody wrote: neither a quote, nor a subject, nor the words of its evidence."""
    return replace(
        o,
        summary="",
        quote=None,
        subject="",
        asks=(),
        open_asks=(),
        evidence=(),
        source=replace(o.source, quote=None, web=None),
        empty=None,
        contact_name="",
        contact=None,
        proposed=(),
    )


def weeks_together(people: Iterable[PersonFigures]) -> tuple[Week, ...]:
    """Return the weeks of several people added up."""
    sums: dict[date, list[int]] = {}
    for person in people:
        for week in person.weeks:
            row = sums.setdefault(week.monday, [0, 0, 0])
            row[:] = [row[0] + week.met, row[1] + week.late, row[2] + week.open]
    return tuple(Week(monday, *row) for monday, row in sorted(sums.items()))
