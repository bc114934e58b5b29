"""The ledger: what is owed to whom, kept between turns and recomputed only where something was touched.

An assessment follows from facts, decisions, charter and moment. Between two facts it changes only where a moment passes: a
meeting begins or ends, something is given up as missed, a review or another deliverable falls due to be owed, a day begins. The
ledger keeps each client's assessment with the first such moment and asks again when that has come, or when there are new facts
or decisions for the client. That something becomes due soon or overdue changes no assessment: its moments stand in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, Protocol

from connectors.calendar import Event
from daemon.assess import assess
from daemon.core import absence, hours, meetings, timeline
from daemon.core.assessment_inputs import gather_inputs
from daemon.core.history import gather_history
from daemon.core.memory import Memory
from daemon.core.people import Directory
from daemon.core.timeline import Fact
from daemon.glossary.assessments import Assessment
from daemon.glossary.decisions import Decision, Scope, Verb
from daemon.glossary.obligations import OPEN_STATES, Obligation, short_id, state
from daemon.glossary.parties import Account, Client, Office
from daemon.glossary.timelines import Timeline
from daemon.standards import callback, promise, reply, review
from daemon.store import Store, open_cache_basis
from daemon.store.open_cache import OpenObligations

LONGEST = timedelta(hours=6)  # what is not read off the assessment itself is asked again after so long
_FAR = timedelta(days=800)  # a review later than that is none to wait for
_TEACHING = frozenset({Verb.WRONG, Verb.CONFIRM, Verb.UNDO})  # words that may move the bands of other clients, too


class Facts(Protocol):
    """What a ledger asks for: the facts as known at a moment, and when they are known otherwise."""

    def decisions(self, until: datetime) -> tuple[Decision, ...]:
        """The user's decisions by then."""
        ...

    def version(self, account: str) -> tuple[int, int]:
        """Two numbers: the first rises with new messages, the second with changed events."""
        ...

    def touched(self, account: str, since: int) -> frozenset[str]:
        """The clients with news since that version."""
        ...

    def dealt_with(self, account: Account, now: datetime) -> frozenset[str]:
        """The clients with whom the account has mail or meetings."""
        ...

    def mail(self, account: str, client: str, now: datetime) -> list[Fact]:
        """A client's messages, in the order in which they became known."""
        ...

    def events(self, account: Account, client: str, now: datetime) -> tuple[Event, ...]:
        """The events with a client."""
        ...

    def days_off(self, account: Account, now: datetime) -> frozenset[date]:
        """When the account is away."""
        ...

    def next_news(self, account: str, client: str, now: datetime) -> datetime | None:
        """When more becomes known of a client by what is there already."""
        ...


class _Calendar(NamedTuple):
    """An account's calendar as known at a moment."""

    version: tuple[int, int]
    at: datetime
    events: tuple[Event, ...]
    shares: Mapping[str, tuple[Event, ...]]
    off: frozenset[date]
    changes: datetime | None


@dataclass(slots=True)
class Stored:
    """The facts of a store, each asked for when it is needed."""

    office: Office
    directory: Directory
    store: Store
    _calendars: dict[str, _Calendar] = field(default_factory=dict)
    _dealt_with: dict[str, tuple[tuple[int, int], frozenset[str]]] = field(default_factory=dict)

    def decisions(self, until: datetime) -> tuple[Decision, ...]:
        """The user's decisions by then."""
        return self.store.decisions(until)

    def version(self, account: str) -> tuple[int, int]:
        """The store's."""
        return self.store.fact_version(account)

    def touched(self, account: str, since: int) -> frozenset[str]:
        """The clients with news since that version."""
        return self.store.touched(account, since)

    def dealt_with(self, account: Account, now: datetime) -> frozenset[str]:
        """The clients with whom the account has mail or meetings."""
        version = self.version(account.address)
        known = self._dealt_with.get(account.address)
        if known is None or known[0] != version:
            guests = ((a.email for a in event.attendees) for event in self._calendar(account, now).events)
            met = (self.directory.first_client(emails) for emails in guests)
            known = (version, self.store.clients(account.address) | {name for name in met if name})
            self._dealt_with[account.address] = known
        return known[1]

    def mail(self, account: str, client: str, now: datetime) -> list[Fact]:
        """A client's messages that a reader has read."""
        return [(m.message, m.reading) for m in self.store.messages(account, client, now) if m.reading]

    def events(self, account: Account, client: str, now: datetime) -> tuple[Event, ...]:
        """The events with a client."""
        return self._calendar(account, now).shares.get(client, ())

    def days_off(self, account: Account, now: datetime) -> frozenset[date]:
        """When the account is away."""
        return self._calendar(account, now).off

    def next_news(self, account: str, client: str, now: datetime) -> datetime | None:
        """The next message whose sender's clock runs ahead, or a change of the calendar that lies ahead of an earlier moment."""
        known = self._calendars.get(account)
        moments = (self.store.next_moment(account, client, now), known.changes if known else None)
        return min((m for m in moments if m is not None), default=None)

    def _calendar(self, account: Account, now: datetime) -> _Calendar:
        version = self.version(account.address)
        known = self._calendars.get(account.address)
        if known is None or known.version != version or not known.at <= now < (known.changes or now + LONGEST):
            found = self.store.events(account.address, now)
            shares = timeline.shared_out(found, account, self.office.clients, self.directory)
            changes = self.store.next_change(account.address, now)
            known = _Calendar(version, now, found, shares, absence.days_off(account, found), changes)
            self._calendars[account.address] = known
        return known


@dataclass(frozen=True, slots=True)
class Page:
    """One client's assessment, and until when it holds if nothing new becomes known."""

    assessment: Assessment
    good_until: datetime


@dataclass(slots=True)
class Ledger:
    """All assessments of an office. `at` a moment before the last one everything is computed anew (as-of).

    With `remembers` it builds each assessment on the one before, which takes memory and saves time. Without `daily` the alarms,
    which count days, may be of an earlier day. What stands open it can keep in the store (`keep`) for the next process (`open_at`).
    """

    office: Office
    directory: Directory
    store: Store
    others: Facts | None = None  # where the facts are not the store's own
    remembers: bool = False
    daily: bool = True
    basis: Callable[[tuple[Decision, ...]], str] = (
        repr  # names what assessments follow from besides facts (daemon.store.open_cache_basis)
    )
    facts: Facts = field(init=False)
    _pages: dict[tuple[str, str], Page] = field(default_factory=dict)
    _versions: dict[str, tuple[int, int]] = field(default_factory=dict)
    _decided: tuple[Decision, ...] = ()
    _memories: dict[tuple[str, str], Memory] = field(default_factory=dict)
    _kept: dict[tuple[str, str], tuple[int, str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.facts = self.others or Stored(self.office, self.directory, self.store)

    def at(self, now: datetime) -> tuple[Assessment, ...]:
        """Every account's assessment of every client it has dealt with, as known at `now`."""
        return tuple(page.assessment for page in self.pages(now))

    def pages(self, now: datetime) -> tuple[Page, ...]:
        """The same, each with until when it holds."""
        decisions = self.facts.decisions(now)
        if decisions != self._decided:
            self._forget(decisions)
            self._decided = decisions
        return tuple(page for account in self.office.accounts for page in self._account(account, decisions, now))

    def find(self, target: str, now: datetime) -> Obligation | None:
        """The obligation with this id or key, as of `now`."""
        return next((o for a in self.at(now) for o in a.obligations if target in (o.id, o.key)), None)

    def _forget(self, decisions: tuple[Decision, ...]) -> None:
        """Drop the pages that further decisions speak of, or may teach something; all, where decisions went away."""
        more = decisions[len(self._decided) :]
        if decisions[: len(self._decided)] != self._decided or any(_reaches_far(d) for d in more):
            self._pages.clear()
            return
        about = {d.target if ":" not in d.target else short_id(d.target) for d in more if d.verb is not Verb.VETO}
        spoken_of = (
            {where: about & {o.id for o in page.assessment.obligations} for where, page in self._pages.items()} if about else {}
        )
        if about - {target for found in spoken_of.values() for target in found}:
            self._pages.clear()  # of something that nobody sees at present
        for where, found in spoken_of.items():
            if found:
                self._pages.pop(where, None)

    def _account(self, account: Account, decisions: tuple[Decision, ...], now: datetime) -> Iterator[Page]:
        version = self.facts.version(account.address)
        known = self._versions.get(account.address, version)
        touched = self.facts.touched(account.address, known[0]) if version[0] != known[0] else frozenset()
        if version[1] != known[1]:  # a meeting may concern anybody
            touched = frozenset(c.name for c in self.office.clients)
        dealt_with: frozenset[str] | None = None
        for client in self.office.clients:
            page = self._pages.get((account.address, client.name))
            if page is None or client.name in touched or not self._holds(page, account, now):
                dealt_with = self.facts.dealt_with(account, now) if dealt_with is None else dealt_with
                if client.name not in dealt_with:
                    continue
                page = self._page(account, client, decisions, now)
                self._pages[account.address, client.name] = page
            yield page
        self._versions[account.address] = version  # only now: what failed on the way is touched at the next turn, too

    def _holds(self, page: Page, account: Account, now: datetime) -> bool:
        """Whether a page still says what is so; the alarms in it count days."""
        today = not self.daily or now < _midnight(account, page.assessment.as_of)
        return today and page.assessment.as_of <= now < page.good_until

    # what is kept between processes

    def open_at(self, now: datetime) -> tuple[Obligation, ...]:
        """What stands open at `now`, of everybody: by what was kept where that still holds, worked out anew where not."""
        decisions = self.facts.decisions(now)
        basis = self.basis(decisions)
        return tuple(o for account in self.office.accounts for o in self._open(account, decisions, basis, now))

    def _open(self, account: Account, decisions: tuple[Decision, ...], basis: str, now: datetime) -> Iterator[Obligation]:
        kept = open_cache_basis.holding(self.store, account.address, basis, now)
        dealt_with: frozenset[str] | None = None
        for client in self.office.clients:
            if client.name in kept:
                yield from (o for o in kept[client.name].open if state(o, now) in OPEN_STATES)
                continue
            dealt_with = self.facts.dealt_with(account, now) if dealt_with is None else dealt_with
            if client.name in dealt_with:
                found = self._page(account, client, decisions, now).assessment.obligations
                yield from (o for o in found if state(o, now) in OPEN_STATES)

    def keep(self, now: datetime) -> None:
        """Keep what stands open on the pages that changed since they were kept last."""
        basis = self.basis(self._decided)
        fresh: list[OpenObligations] = []
        for account in self.office.accounts:
            facts, events = self._versions.get(account.address, (0, 0))
            for client in self.office.clients:
                page = self._pages.get((account.address, client.name)) or Page(_nothing(account, client, now), now + _FAR)
                mark = (id(page.assessment) if page.assessment.obligations else 0, basis, events)
                if self._kept.get((account.address, client.name)) != mark:
                    self._kept[account.address, client.name] = mark
                    as_of, until = page.assessment.as_of, page.good_until
                    open_ = tuple(o for o in page.assessment.obligations if state(o, as_of) in OPEN_STATES)
                    fresh.append(OpenObligations(account.address, client.name, facts, events, basis, as_of, until, open_))
        self.store.keep_open(fresh)

    def kept_nothing(self) -> None:
        """What was kept is gone from the store: keep everything again."""
        self._kept.clear()

    # pages

    def _page(self, account: Account, client: Client, decisions: tuple[Decision, ...], now: datetime) -> Page:
        """One client, computed anew, and until when that holds."""
        where = (account.address, client.name)
        mail, events = self.facts.mail(*where, now), self.facts.events(account, client.name, now)
        off = self.facts.days_off(account, now)
        known = self._memories.setdefault(where, Memory()) if self.remembers else None
        story = timeline.timeline(account, client, mail, events, self.directory, now, off, known)
        found = assess(story, decisions, now)
        moments = list(_moments(found, story, now))
        later = self.facts.next_news(*where, now)
        moments += [later] if later is not None else []
        moments += [message.date for message, _ in mail if message.date > now]
        return Page(found, min((m for m in moments if m >= now), default=now + _FAR))


def _nothing(account: Account, client: Client, now: datetime) -> Assessment:
    """Of a client whom the account has not dealt with."""
    return Assessment(account.address, client.name, now, (), ())


def _reaches_far(decision: Decision) -> bool:
    """Whether a word may change more than the one thing it was said of."""
    return decision.verb in _TEACHING or decision.scope is not Scope.ITEM


def _moments(found: Assessment, story: Timeline, now: datetime) -> Iterator[datetime]:
    """The moments ahead at which the assessment can change by itself; `now` where it changes all the time."""
    for event in story.events:
        if event.end > now:
            running = event.start <= now and meetings.takes_place(event, story) and meetings.guests(event, story.client)
            yield now if running else event.start if event.start > now else event.end  # the latest contact goes on with a meeting
    for o in found.obligations:
        if o.lapses is not None and o.lapses > now and (o.closed is None or o.closed > now):
            yield o.lapses
    yield from _next_review(story, now)
    yield from _by_charter(story.account, story.client, now)


def _next_review(story: Timeline, now: datetime) -> Iterator[datetime]:
    """When the next review begins to be owed; that follows from the first contact and the meetings alone."""
    ahead = gather_inputs(story, (), now + _FAR)
    return (o.created for o in review.owed(ahead, gather_history(story, now + _FAR)) if o.created > now)


def _by_charter(account: Account, client: Client, now: datetime) -> Iterator[datetime]:
    """When another version comes into force; the next day, where every day may owe something."""
    for version in client.versions:
        yield from (m for m in (version.start, version.since) if m is not None and m > now)
    if any(version.deliverables for version in client.versions):
        yield _midnight(account, now)
    read = (reply.NAME, callback.NAME, promise.NAME)
    if any(version.standards.get(name, True) is None for version in client.versions for name in read):
        yield now + LONGEST  # what is switched off is not owed, and still counts as planned until it lapses


def _midnight(account: Account, now: datetime) -> datetime:
    """When the account's day is over."""
    return hours.clock_at(account.hours, hours.local_date(account.hours, now) + timedelta(days=1), time())
