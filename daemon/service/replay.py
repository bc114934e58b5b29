"""Replay: the daemon's life over stored history, with a simulated clock and every hand tied.

The history is read once and revealed moment by moment. The clock goes in steps of half an hour, as a daemon would that polls
twice an hour; steps at which nothing can happen are left out: where no client has news, outside working hours and the digest's.
So each action comes at the moment at which it would have come, had every source been read in time.
"""

from __future__ import annotations

import gc
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from connectors.calendar import Event
from daemon.core import absence, hours, timeline
from daemon.core.people import Directory
from daemon.core.timeline import Fact
from daemon.cycle import World, slots_from
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.assessments import Assessment
from daemon.glossary.charter import WorkingHours
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import OPEN_STATES, Kind, Obligation, short_id, state
from daemon.glossary.parties import Account, Office
from daemon.ledger import Ledger, Page
from daemon.planning.plan import REMINDED, plan, says
from daemon.planning.plan_inputs import Position
from daemon.standards import escalation
from daemon.store import ReadMessage, Store

STEP = timedelta(minutes=30)
_MIDNIGHT = time()
_COUNTED = ("reminder:", "escalation:")


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
    shares: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    dealt_with: frozenset[str] = frozenset()
    off: frozenset[date] = frozenset()
    absences: tuple[absence.Absence, ...] = ()
    working: WorkingHours | None = None
    booked: list[Event] = field(default_factory=list)


class History:
    """All that is stored, read once and told as it was known at a moment: the facts of a ledger (daemon.ledger.Facts)."""

    def __init__(self, store: Store, office: Office, directory: Directory, until: datetime) -> None:
        self._office, self._directory = office, directory
        self._decisions = store.decisions(until)
        self._decided = [d.at for d in self._decisions]
        self._vetoes = _vetoes(self._decisions)
        self._mail = {
            (account.address, client.name): _mail(store.history(account.address, client.name, until))
            for account in office.accounts
            for client in office.clients
        }
        self._calendars = {account.address: self._read(store, account) for account in office.accounts}
        self._coverage = store.coverage()

    # what a ledger asks

    def decisions(self, until: datetime) -> tuple[Decision, ...]:
        """The user's decisions by then."""
        known = bisect_right(self._decided, until)
        return self._decisions if known == len(self._decisions) else self._decisions[:known]

    def version(self, account: str) -> tuple[int, int]:  # noqa: ARG002  # history does not change any more
        """Always the same: what becomes known later is told by `next_news`."""
        return 0, 0

    def touched(self, account: str, since: int) -> frozenset[str]:  # noqa: ARG002  # the same
        """Nobody, for the same reason."""
        return frozenset()

    def dealt_with(self, account: Account, now: datetime) -> frozenset[str]:
        """The clients with whom the account has mail, or meetings by now."""
        return self._as_of(account.address, now).dealt_with

    def mail(self, account: str, client: str, now: datetime) -> list[Fact]:
        """A client's messages known by then."""
        mail = self._mail[account, client]
        return list(mail.facts[: bisect_right(mail.moments, now)])

    def events(self, account: Account, client: str, now: datetime) -> tuple[Event, ...]:
        """The events with a client."""
        return self._as_of(account.address, now).shares.get(client, ())

    def days_off(self, account: Account, now: datetime) -> frozenset[date]:
        """When the account is away."""
        return self._as_of(account.address, now).off

    def next_news(self, account: str, client: str, now: datetime) -> datetime | None:
        """When the next message or version of an event of theirs becomes known."""
        ahead = (_after(self._mail[account, client].moments, now), _after(self._calendars[account].theirs.get(client, ()), now))
        return min((m for m in ahead if m is not None), default=None)

    # what a plan asks besides

    def position(
        self, world: World, account: Account, assessments: Sequence[Assessment], said: Mapping[str, datetime], now: datetime
    ) -> Position:
        """All that an account's plan followed from, had only `said` been said and every source been read."""
        calendar = self._as_of(account.address, now)
        covered = tuple(replace(c, seen_until=now, error=None) for c in self._coverage if c.account == account.address)
        return Position(
            account=account,
            office=world.office,
            assessments=tuple(assessments),
            coverage=covered,
            said=said,
            slots=slots_from(account, self._coverage, lambda: (*calendar.events, *calendar.booked)),
            decisions=tuple(d for d in self._vetoes if d.at <= now),
            policy=world.policy,
            working=calendar.working or account.hours,
            absences=calendar.absences,
            now=now,
        )

    def book(self, account: str, event: Event) -> None:
        """Something was put into the account's calendar that it never knew."""
        self._calendars[account].booked.append(event)

    def next_decision(self, now: datetime) -> datetime | None:
        """When the user decided next."""
        return _after(self._decided, now)

    # reading and revealing

    def _read(self, store: Store, account: Account) -> _Calendar:
        versions = tuple((v.key, v.seen, v.replaced, v.event) for v in store.event_versions(account.address))
        everybody = tuple(c.name for c in self._office.clients)
        concerned = {
            n: everybody
            if absence.days_off(account, (event,))
            else tuple(timeline.concerned(event, account, self._office.clients, self._directory))
            for n, (_, _, _, event) in enumerate(versions)
        }
        theirs: dict[str, set[datetime]] = {}
        for n, version in enumerate(versions):
            for client in concerned[n]:
                theirs.setdefault(client, set()).update(_moments(version))
        every = {moment for version in versions for moment in _moments(version)}
        return _Calendar(versions, concerned, tuple(sorted(every)), {c: tuple(sorted(m)) for c, m in theirs.items()})

    def _as_of(self, address: str, now: datetime) -> _Calendar:
        calendar = self._calendars[address]
        place = bisect_right(calendar.changes, now)
        if place != calendar.place:
            account = next(a for a in self._office.accounts if a.address == address)
            known = sorted(_known(calendar, now), key=lambda found: (found[1].start, found[1].uid, found[1].occurrence))
            shares: dict[str, list[Event]] = {}
            for n, event in known:
                for client in calendar.clients[n]:
                    shares.setdefault(client, []).append(event)
            calendar.place, calendar.events = place, tuple(event for _, event in known)
            calendar.shares = {client: tuple(events) for client, events in shares.items()}
            calendar.dealt_with = self._met(address, calendar.events)
            calendar.off = absence.days_off(account, calendar.events)
            calendar.absences = absence.absences(account, calendar.events)
            calendar.working = absence.at_work(account, calendar.off)
        return calendar

    def _met(self, address: str, events: Iterable[Event]) -> frozenset[str]:
        """The clients with mail, or among the guests of a meeting."""
        written = {name for (account, name), mail in self._mail.items() if account == address and mail.facts}
        guests = {tuple(a.email for a in event.attendees) for event in events}
        return frozenset(written.union(name for emails in guests if (name := self._directory.first_client(emails))))


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
    """What was said of anything that was ever vetoed: a plan asks for nothing else."""

    def name(d: Decision) -> str:
        return short_id(d.target) if ":" in d.target else d.target

    stopped = {name(d) for d in decisions if d.verb is Verb.VETO}
    return tuple(d for d in decisions if stopped and name(d) in stopped)


# --- the life ---


def replay(world: World, start: datetime, end: datetime) -> tuple[Action, ...]:
    """Each action that the daemon would have taken from `start` to `end`, at its moment."""
    history = History(world.store, world.office, world.directory, end)
    gc.freeze()  # what was read stays to the end: a collector that looks through it again and again finds nothing
    try:
        return tuple(_Life(world, history).live(start, end))
    finally:
        gc.unfreeze()


@dataclass(slots=True)
class _Life:
    """A daemon's life: what it has said, and what it last knew."""

    world: World
    history: History
    said: dict[str, datetime] = field(default_factory=dict)
    pages: dict[tuple[str, str], tuple[Page, Assessment]] = field(default_factory=dict)
    day: date = date.min

    def live(self, start: datetime, end: datetime) -> Iterator[Action]:
        """Step by step, leaving out those at which nothing can happen."""
        ledger = Ledger(self.world.office, self.world.directory, self.world.store, self.history, remembers=True, daily=False)
        moment, news = start, start
        while moment <= end:
            if (moment >= news and self._at_any_hour()) or any(
                self._may_speak(account, moment) for account in self.world.office.accounts
            ):
                pages = ledger.pages(moment)
                news = self._next_news(pages, moment)
                for account in self.world.office.accounts:
                    yield from self._acts(account, [p for p in pages if p.assessment.account == account.address], moment)
            moment += STEP
            self._forget(moment)

    def _forget(self, now: datetime) -> None:
        """The mails of the days before count towards no budget any more; a year of them takes long to look through."""
        today = now.date()
        if today != self.day:
            self.day = today
            old = [key for key, at in self.said.items() if key.startswith(_COUNTED) and at < now - timedelta(days=2)]
            for key in old:
                del self.said[key]

    def _next_news(self, pages: Iterable[Page], now: datetime) -> datetime:
        decision = self.history.next_decision(now)
        return min((*(p.good_until for p in pages), *([decision] if decision else [])), default=now)

    def _at_any_hour(self) -> bool:
        """Whether news alone may make a daemon speak: only what goes to a manager does not wait for the working hours."""
        return any(v.standards.get(escalation.NAME, escalation.DEFAULT) for c in self.world.office.clients for v in c.versions)

    def _may_speak(self, account: Account, now: datetime) -> bool:
        """Whether anything may be said at that time of day: from the digest or the opening until the day's end."""
        day = hours.local_date(account.hours, now)
        if not hours.is_working_day(account.hours, day):
            return False
        digest = hours.clock_at(account.hours, day, self.world.policy.digest_at)
        opens = min(digest, hours.next_opening(account.hours, hours.clock_at(account.hours, day, _MIDNIGHT)))
        return opens <= now <= max(hours.day_end(account.hours, day), digest + timedelta(hours=1))

    def _acts(self, account: Account, pages: Iterable[Page], now: datetime) -> Iterator[Action]:
        standing = [self._standing(page, now) for page in pages]
        actions = plan(self.history.position(self.world, account, standing, self.said, now))
        for action in actions:
            if action.at <= now:
                yield action
                self._take_down(action, says(action, actions), now)

    def _take_down(self, action: Action, keys: Iterable[str], now: datetime) -> None:
        """What was said stays said as of the first time (daemon.store); what was booked is free for nothing else."""
        for key in keys:
            self.said.setdefault(key, now)
        if action.kind is ActionKind.INVITE and action.start and action.end:
            self.history.book(action.account, Event(f"kept-{action.id}", action.start, action.end, action.summary))

    def _standing(self, page: Page, now: datetime) -> Assessment:
        """The assessment without what no plan looks at; whole where a client was won, whose courtship is told."""
        whole = page.assessment
        known = self.pages.get((whole.account, whole.client))
        if known is None or known[0] is not page:
            client = next(c for c in self.world.office.clients if c.name == whole.client)
            won = client.won is not None
            open_ = whole.obligations if won else tuple(o for o in whole.obligations if _may_be_planned(whole, o, now))
            known = self.pages[whole.account, whole.client] = page, replace(whole, obligations=open_)
        return known[1]


def _may_be_planned(of: Assessment, o: Obligation, now: datetime) -> bool:
    """Whether an obligation is not settled and one of those that a plan speaks of, books, or takes to the manager."""
    meeting = o.kind is Kind.REVIEW or (of.recovery is not None and o.key == of.recovery.key)
    return (meeting or o.kind in REMINDED or o.escalates is not None) and state(o, now) in OPEN_STATES
