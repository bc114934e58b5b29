"""Stored history for a replay: everything stored about one account, read once and shown as it was known at any moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from connectors.calendar import Event
from daemon.accounts.planning import slot_finder, time_lookup
from daemon.accounts.runtime import AccountRuntime
from daemon.core import absence, timeline
from daemon.core.timeline import Fact, SharedMail
from daemon.delivery.render import Renderer
from daemon.glossary.actions import Offer
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.charter import WorkingHours
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.faults import strict
from daemon.glossary.obligations import Obligation
from daemon.planning.plan_inputs import PastActions, PlanInputs
from daemon.store import ReadMessage, Store
from daemon.store.account_facts import opinions_of


@dataclass(frozen=True, slots=True)
class _Mail:
    """A client's mail, in the order in which it became known."""

    moments: tuple[datetime, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(slots=True)
class _Calendar:
    """An account's calendar in all its versions, and as known at the moment of the last query.

    `changes` are the moments at which what is known changes, `client_changes` those that concern each client.
    """

    versions: tuple[tuple[tuple[str, str, str], datetime, datetime | None, Event], ...]
    clients: Mapping[int, tuple[str, ...]]  # of each version's event, by its place
    changes: tuple[datetime, ...]
    client_changes: Mapping[str, tuple[datetime, ...]]
    place: int = -1
    events: tuple[Event, ...] = ()
    by_client: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    clients_in_contact: frozenset[str] = frozenset()
    days_off: frozenset[date] = frozenset()
    absences: tuple[absence.Absence, ...] = ()
    working: WorkingHours | None = None
    booked: list[Event] = field(default_factory=list)


class History:
    """Everything stored about one account, as it was known at a moment; implements `store.account_facts.Facts`."""

    def __init__(self, runtime: AccountRuntime, until: datetime) -> None:
        config, store = runtime.config, runtime.store
        self._config, address = config, config.account.address
        self._store, self._advisor = store, runtime.advisor.opinions_by if runtime.advisor is not None else None
        self._decisions = store.decisions(address, until)
        self._decided = [d.at for d in self._decisions]
        self._vetoes = _vetoes(self._decisions)
        self._mail = {client.name: _mail(store.history(address, client.name, until)) for client in config.office.clients}
        self._calendar = self._read(store, runtime.sources.calendars)
        self._coverage = runtime.coverage()

    # the facts of a ledger

    def decisions(self, until: datetime) -> tuple[Decision, ...]:
        """Return the account's decisions taken by `until`."""
        known = bisect_right(self._decided, until)
        return self._decisions if known == len(self._decisions) else self._decisions[:known]

    def version(self) -> tuple[int, int]:
        """Return a constant: `next_change` says when more becomes known."""
        return 0, 0

    def changed_clients(self, since: int) -> frozenset[str]:  # noqa: ARG002  # history does not change any more
        """Return no clients, for the same reason."""
        return frozenset()

    def clients_in_contact(self, now: datetime) -> frozenset[str]:
        """Return the clients with whom the account has mail, or meetings by now."""
        return self._as_of(now).clients_in_contact

    def mail(self, client: str, now: datetime) -> list[Fact]:
        """Return a client's messages known at `now`."""
        mail = self._mail[client]
        return list(mail.facts[: bisect_right(mail.moments, now)])

    def events(self, client: str, now: datetime) -> tuple[Event, ...]:
        """Return the events with a client."""
        return self._as_of(now).by_client.get(client, ())

    def calendar(self, now: datetime) -> tuple[Event, ...]:
        """Return all events of the account's calendars."""
        return self._as_of(now).events

    def days_off(self, now: datetime) -> frozenset[date]:
        """Return the dates on which the account is away."""
        return self._as_of(now).days_off

    def opinions(self, client: str, now: datetime) -> Mapping[str, bool]:
        """Return the second opinions that were known at `now`."""
        return opinions_of(self._store, self._config.account.address, self._advisor, client, now)

    def next_change(self, client: str, now: datetime) -> datetime | None:
        """Return when the client's next message or version of an event becomes known; None if there is none."""
        ahead = (_after(self._mail[client].moments, now), _after(self._calendar.client_changes.get(client, ()), now))
        return min((m for m in ahead if m is not None), default=None)

    # the other inputs of a plan

    def sharers(self) -> Mapping[str, Mapping[str, int]]:
        """Return nobody: a replay shows what the account's own mail would have led to."""
        return {}

    def shared(self, client: str, now: datetime) -> SharedMail | None:  # noqa: ARG002  # likewise
        """Return None: likewise."""
        return None

    def plan_inputs(
        self, assessments: Sequence[Assessment], past: PastActions, held: Sequence[Offer], now: datetime
    ) -> PlanInputs:
        """Return the inputs of the plan at `now`, as if every source had been read in time and only `past` had happened.

        `held` are the times that simulated drafts have offered.
        """
        account, calendar, coverage = self._config.account, self._as_of(now), self._read_at(now)
        return PlanInputs(
            account=account,
            office=self._config.office,
            assessments=tuple(assessments),
            coverage=coverage,
            past=past,
            find_slots=slot_finder(account, coverage, (*calendar.events, *calendar.booked)),
            decisions=tuple(d for d in self._vetoes if d.at <= now),
            policy=self._config.policy,
            working=calendar.working or account.hours,
            absences=calendar.absences,
            now=now,
            held=tuple(held),
        )

    def offer(self, o: Obligation, assessments: Sequence[Assessment], held: Sequence[Offer], now: datetime) -> Offer:
        """Return the times that the draft reply to an obligation would offer at `now`, beside those that are `held` for others."""
        config, calendar, coverage = self._config, self._as_of(now), self._read_at(now)
        account, clients, events = config.account, config.office.clients, (*calendar.events, *calendar.booked)
        renderer = Renderer(
            account,
            config.office,
            config.directory,
            config.secret,
            assessments,
            coverage,
            events,
            slot_finder(account, coverage, events, held=held),
            now,
            times=time_lookup(account, clients, coverage, events, now, strict(), held),
        )
        return Offer(o.client, now, renderer.draft_reply(o).offers)

    def _read_at(self, now: datetime) -> tuple[Coverage, ...]:
        return tuple(replace(c, seen_until=now, error=None) for c in self._coverage)

    def book(self, event: Event) -> None:
        """Add a simulated booking to the account's calendar."""
        self._calendar.booked.append(event)

    def next_decision(self, now: datetime) -> datetime | None:
        """Return the moment of the user's next decision; None if there is none."""
        return _after(self._decided, now)

    # reading and revealing

    def _read(self, store: Store, calendars: Collection[str]) -> _Calendar:
        account, clients = self._config.account, self._config.office.clients
        versions = tuple((v.key, v.seen, v.replaced, v.event) for v in store.event_versions(account.address, calendars))
        everybody = tuple(c.name for c in clients)
        concerned = {
            n: everybody
            if absence.days_off(account, (event,))
            else tuple(timeline.concerned(event, account, clients, self._config.directory))
            for n, (_, _, _, event) in enumerate(versions)
        }
        client_changes: dict[str, set[datetime]] = {}
        for n, version in enumerate(versions):
            for client in concerned[n]:
                client_changes.setdefault(client, set()).update(_moments(version))
        every = {moment for version in versions for moment in _moments(version)}
        return _Calendar(versions, concerned, tuple(sorted(every)), {c: tuple(sorted(m)) for c, m in client_changes.items()})

    def _as_of(self, now: datetime) -> _Calendar:
        calendar, account = self._calendar, self._config.account
        place = bisect_right(calendar.changes, now)
        if place != calendar.place:
            known = sorted(_known(calendar, now), key=lambda row: (row[1].start, row[1].uid, row[1].occurrence))
            by_client: dict[str, list[Event]] = {}
            for n, event in known:
                for client in calendar.clients[n]:
                    by_client.setdefault(client, []).append(event)
            calendar.place, calendar.events = place, tuple(event for _, event in known)
            calendar.by_client = {client: tuple(events) for client, events in by_client.items()}
            calendar.clients_in_contact = self._met(calendar.events)
            calendar.days_off = absence.days_off(account, calendar.events)
            calendar.absences = absence.absences(account, calendar.events)
            calendar.working = absence.spoken_to(account, calendar.days_off)
        return calendar

    def _met(self, events: Iterable[Event]) -> frozenset[str]:
        """Return the clients with mail, or among the guests of a meeting."""
        written = {name for name, mail in self._mail.items() if mail.facts}
        guests = {tuple(a.email for a in event.attendees) for event in events}
        return frozenset(written.union(name for emails in guests if (name := self._config.directory.first_client(emails))))


def _mail(messages: Iterable[tuple[datetime, ReadMessage]]) -> _Mail:
    read = [(moment, (m.message, m.reading)) for moment, m in messages if m.reading is not None]
    return _Mail(tuple(moment for moment, _ in read), tuple(fact for _, fact in read))


def _moments(version: tuple[object, datetime, datetime | None, Event]) -> Iterator[datetime]:
    """Yield when a version becomes known, and when it is replaced."""
    _, seen, replaced, event = version
    yield from (m for m in (seen, replaced, event.created) if m is not None)


def _known(calendar: _Calendar, now: datetime) -> Iterator[tuple[int, Event]]:
    """Yield the events as known at `now`, each with its place among the versions (as `daemon.store.events`)."""
    earlier: set[tuple[str, str, str]] = set()
    for n, (key, seen, replaced, event) in enumerate(calendar.versions):
        if seen <= now:
            if replaced is None or replaced > now:
                yield n, event
        elif key not in earlier and (event.created is None or event.created <= now):
            yield n, event
        earlier.add(key)


def _after(moments: Sequence[datetime], now: datetime) -> datetime | None:
    place = bisect_right(moments, now)
    return moments[place] if place < len(moments) else None


def _vetoes(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return the decisions about anything that was ever vetoed: a plan needs no others."""
    vetoed = {d.target for d in decisions if d.verb is Verb.VETO}
    return tuple(d for d in decisions if d.target in vetoed)
