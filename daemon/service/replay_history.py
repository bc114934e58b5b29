"""Stored history for a replay: all that is stored of one account, read once and told as it was known at any moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from connectors.calendar import Event
from daemon.core import absence, timeline
from daemon.core.timeline import Fact
from daemon.cycle import AccountConfig, slot_finder
from daemon.glossary.assessments import Assessment
from daemon.glossary.charter import WorkingHours
from daemon.glossary.decisions import Decision, Verb
from daemon.planning.plan_inputs import PastActions, PlanInputs
from daemon.store import ReadMessage, Store


@dataclass(frozen=True, slots=True)
class _Mail:
    """A client's mail, in the order in which it became known."""

    moments: tuple[datetime, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(slots=True)
class _Calendar:
    """An account's calendar in all its versions, and as known at the moment that was asked for last.

    `changes` are the moments at which it is known otherwise, `theirs` those of them that concern a client.
    """

    versions: tuple[tuple[tuple[str, str, str], datetime, datetime | None, Event], ...]
    clients: Mapping[int, tuple[str, ...]]  # of each version's event, by its place
    changes: tuple[datetime, ...]
    theirs: Mapping[str, tuple[datetime, ...]]
    place: int = -1
    events: tuple[Event, ...] = ()
    by_client: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    clients_in_contact: frozenset[str] = frozenset()
    days_off: frozenset[date] = frozenset()
    absences: tuple[absence.Absence, ...] = ()
    working: WorkingHours | None = None
    booked: list[Event] = field(default_factory=list)


class History:
    """All that is stored of one account, read once and told as it was known at a moment: the facts of a ledger (store.account_facts)."""

    def __init__(self, store: Store, config: AccountConfig, until: datetime) -> None:
        self._config, address = config, config.account.address
        self._decisions = store.decisions(address, until)
        self._decided = [d.at for d in self._decisions]
        self._vetoes = _vetoes(self._decisions)
        self._mail = {client.name: _mail(store.history(address, client.name, until)) for client in config.office.clients}
        self._calendar = self._read(store)
        self._coverage = store.coverage(address)

    # what a ledger asks

    def decisions(self, until: datetime) -> tuple[Decision, ...]:
        """Return the account's decisions taken by `until`."""
        known = bisect_right(self._decided, until)
        return self._decisions if known == len(self._decisions) else self._decisions[:known]

    def version(self) -> tuple[int, int]:
        """Return always the same: what becomes known later is told by `next_change`."""
        return 0, 0

    def changed_clients(self, since: int) -> frozenset[str]:  # noqa: ARG002  # history does not change any more
        """Return nobody, for the same reason."""
        return frozenset()

    def clients_in_contact(self, now: datetime) -> frozenset[str]:
        """Return the clients with whom the account has mail, or meetings by now."""
        return self._as_of(now).clients_in_contact

    def mail(self, client: str, now: datetime) -> list[Fact]:
        """Return a client's messages known by then."""
        mail = self._mail[client]
        return list(mail.facts[: bisect_right(mail.moments, now)])

    def events(self, client: str, now: datetime) -> tuple[Event, ...]:
        """Return the events with a client."""
        return self._as_of(now).by_client.get(client, ())

    def days_off(self, now: datetime) -> frozenset[date]:
        """Return the dates on which the account is away."""
        return self._as_of(now).days_off

    def next_change(self, client: str, now: datetime) -> datetime | None:
        """Return when the next message or version of an event of theirs becomes known."""
        ahead = (_after(self._mail[client].moments, now), _after(self._calendar.theirs.get(client, ()), now))
        return min((m for m in ahead if m is not None), default=None)

    # what a plan asks besides

    def plan_inputs(self, assessments: Sequence[Assessment], past: PastActions, now: datetime) -> PlanInputs:
        """Gather all that the plan followed from, had only `past` happened and every source been read."""
        account, calendar = self._config.account, self._as_of(now)
        return PlanInputs(
            account=account,
            office=self._config.office,
            assessments=tuple(assessments),
            coverage=tuple(replace(c, seen_until=now, error=None) for c in self._coverage),
            past=past,
            find_slots=slot_finder(account, self._coverage, (*calendar.events, *calendar.booked)),
            decisions=tuple(d for d in self._vetoes if d.at <= now),
            policy=self._config.policy,
            working=calendar.working or account.hours,
            absences=calendar.absences,
            now=now,
        )

    def book(self, event: Event) -> None:
        """Put something into the account's calendar that it never knew."""
        self._calendar.booked.append(event)

    def next_decision(self, now: datetime) -> datetime | None:
        """Return when the user decided next."""
        return _after(self._decided, now)

    # reading and revealing

    def _read(self, store: Store) -> _Calendar:
        account, clients = self._config.account, self._config.office.clients
        versions = tuple((v.key, v.seen, v.replaced, v.event) for v in store.event_versions(account.address))
        everybody = tuple(c.name for c in clients)
        concerned = {
            n: everybody
            if absence.days_off(account, (event,))
            else tuple(timeline.concerned(event, account, clients, self._config.directory))
            for n, (_, _, _, event) in enumerate(versions)
        }
        theirs: dict[str, set[datetime]] = {}
        for n, version in enumerate(versions):
            for client in concerned[n]:
                theirs.setdefault(client, set()).update(_moments(version))
        every = {moment for version in versions for moment in _moments(version)}
        return _Calendar(versions, concerned, tuple(sorted(every)), {c: tuple(sorted(m)) for c, m in theirs.items()})

    def _as_of(self, now: datetime) -> _Calendar:
        calendar, account = self._calendar, self._config.account
        place = bisect_right(calendar.changes, now)
        if place != calendar.place:
            known = sorted(_known(calendar, now), key=lambda found: (found[1].start, found[1].uid, found[1].occurrence))
            by_client: dict[str, list[Event]] = {}
            for n, event in known:
                for client in calendar.clients[n]:
                    by_client.setdefault(client, []).append(event)
            calendar.place, calendar.events = place, tuple(event for _, event in known)
            calendar.by_client = {client: tuple(events) for client, events in by_client.items()}
            calendar.clients_in_contact = self._met(calendar.events)
            calendar.days_off = absence.days_off(account, calendar.events)
            calendar.absences = absence.absences(account, calendar.events)
            calendar.working = absence.at_work(account, calendar.days_off)
        return calendar

    def _met(self, events: Iterable[Event]) -> frozenset[str]:
        """The clients with mail, or among the guests of a meeting."""
        written = {name for name, mail in self._mail.items() if mail.facts}
        guests = {tuple(a.email for a in event.attendees) for event in events}
        return frozenset(written.union(name for emails in guests if (name := self._config.directory.first_client(emails))))


def _mail(found: Iterable[tuple[datetime, ReadMessage]]) -> _Mail:
    read = [(moment, (m.message, m.reading)) for moment, m in found if m.reading is not None]
    return _Mail(tuple(moment for moment, _ in read), tuple(fact for _, fact in read))


def _moments(version: tuple[object, datetime, datetime | None, Event]) -> Iterator[datetime]:
    """When a version may become known, or known to be replaced."""
    _, seen, replaced, event = version
    yield from (m for m in (seen, replaced, event.created) if m is not None)


def _known(calendar: _Calendar, now: datetime) -> Iterator[tuple[int, Event]]:
    """The events as they were known (daemon.store.events)."""
    met: set[tuple[str, str, str]] = set()
    for n, (key, seen, replaced, event) in enumerate(calendar.versions):
        if seen <= now:
            if replaced is None or replaced > now:
                yield n, event
        elif key not in met and (event.created is None or event.created <= now):
            yield n, event
        met.add(key)


def _after(moments: Sequence[datetime], now: datetime) -> datetime | None:
    place = bisect_right(moments, now)
    return moments[place] if place < len(moments) else None


def _vetoes(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """What was decided on anything that was ever vetoed: a plan asks for nothing else."""
    stopped = {d.target for d in decisions if d.verb is Verb.VETO}
    return tuple(d for d in decisions if d.target in stopped)
