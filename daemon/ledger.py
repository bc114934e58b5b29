"""The ledger: what one account owes to whom, kept between turns and recomputed only where something was touched.

An assessment follows from facts, decisions, charter and moment. Between two facts it changes only where a moment passes: a
meeting begins or ends, something is given up as missed, a review or another deliverable falls due to be owed, a day begins. The
ledger keeps each client's assessment with the first such moment and asks again when that has come, or when there are new facts
or decisions for the client. That something becomes due soon or overdue changes no assessment: its moments stand in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from daemon.assess import assess
from daemon.core import hours, meetings, timeline
from daemon.core.assessment_inputs import gather_inputs
from daemon.core.history import gather_history
from daemon.core.people import Directory
from daemon.core.story_cache import StoryCache
from daemon.errors import StoreError
from daemon.glossary.assessments import Assessment
from daemon.glossary.decisions import Decision, Scope, Verb
from daemon.glossary.obligations import OPEN_STATES, Obligation, state
from daemon.glossary.parties import Account, Client
from daemon.glossary.timelines import Timeline
from daemon.logs import get_logger
from daemon.standards import callback, promise, reply, review
from daemon.store import Store, open_cache_basis
from daemon.store.account_facts import Facts, StoredFacts
from daemon.store.open_cache import OpenCacheRow

log = get_logger(__name__)

LONGEST = timedelta(hours=6)  # what is not read off the assessment itself is asked again after so long
_FAR = timedelta(days=800)  # a review later than that is none to wait for
_TEACHING = frozenset({Verb.WRONG, Verb.CONFIRM, Verb.UNDO})  # words that may move the bands of other clients, too


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One client's assessment, and until when it holds if nothing new becomes known."""

    assessment: Assessment
    good_until: datetime


@dataclass(slots=True)
class Ledger:
    """All assessments of one account. `at` a moment before the last one everything is computed anew (as-of).

    With `remembers` it builds each assessment on the one before, which takes memory and saves time. Without `daily` the alarms,
    which count days, may be of an earlier day. What stands open it can keep in the store (`keep`) for the next process (`open_obligations`).
    A client whose assessment raises is left out and named in `failures`; the others are whole.
    """

    account: Account
    clients: tuple[Client, ...]
    directory: Directory
    store: Store
    given_facts: Facts | None = None  # where the facts are not the store's own
    incremental: bool = False
    daily_alarms: bool = True
    cache_basis: Callable[[tuple[Decision, ...]], str] = (
        repr  # names what assessments follow from besides facts (store.open_cache_basis)
    )
    facts: Facts = field(init=False)
    failures: dict[str, str] = field(default_factory=dict)  # client -> the kind of error
    _entries: dict[str, LedgerEntry] = field(default_factory=dict)
    _version: tuple[int, int] | None = None
    _decisions: tuple[Decision, ...] = ()
    _caches: dict[str, StoryCache] = field(default_factory=dict)
    _saved: dict[str, tuple[int, str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.facts = self.given_facts or StoredFacts(self.account, self.clients, self.directory, self.store)

    def assessments(self, now: datetime) -> tuple[Assessment, ...]:
        """Return the assessment of every client that the account has dealt with, as known at `now`."""
        return tuple(entry.assessment for entry in self.entries(now))

    def entries(self, now: datetime) -> tuple[LedgerEntry, ...]:
        """Return the same, each with until when it holds."""
        decisions = self.facts.decisions(now)
        if decisions != self._decisions:
            self._drop_stale(decisions)
            self._decisions = decisions
        return tuple(self._refreshed(decisions, now))

    def find(self, target: str, now: datetime) -> Obligation | None:
        """Return the obligation with this id or key, as of `now`."""
        return next((o for a in self.assessments(now) for o in a.obligations if target in (o.id, o.key)), None)

    def resolve(self, now: datetime) -> None:
        """Give their keys to the decisions that came by the short id of something that nobody saw then, and that is seen now."""
        unresolved = self.store.unresolved_ids(self.account.address)
        while unresolved:
            keys = {o.id: o.key for a in self.assessments(now) for o in a.obligations if o.id in unresolved}
            if not keys:
                return
            self.store.resolve_decisions(self.account.address, keys)  # what they settle may bring others to light
            unresolved -= set(keys)

    def _drop_stale(self, decisions: tuple[Decision, ...]) -> None:
        """Drop the pages that further decisions speak of, or may teach something; all, where decisions went away."""
        more = decisions[len(self._decisions) :]
        if decisions[: len(self._decisions)] != self._decisions or any(_affects_others(d) for d in more):
            self._entries.clear()
            return
        about = {d.target for d in more if d.verb is not Verb.VETO}
        if not about:
            return
        spoken_of = {name: about & {o.key for o in entry.assessment.obligations} for name, entry in self._entries.items()}
        if about - {target for targets in spoken_of.values() for target in targets}:
            self._entries.clear()  # of something that nobody sees at present
        for name, targets in spoken_of.items():
            if targets:
                self._entries.pop(name, None)

    def _refreshed(self, decisions: tuple[Decision, ...], now: datetime) -> Iterator[LedgerEntry]:
        version = self.facts.version()
        known = self._version or version
        touched = self.facts.changed_clients(known[0]) if version[0] != known[0] else frozenset()
        if version[1] != known[1]:  # a meeting may concern anybody
            touched = frozenset(c.name for c in self.clients)
        clients_in_contact: frozenset[str] | None = None
        for client in self.clients:
            entry = self._entries.get(client.name)
            if entry is None or client.name in touched or not self._is_current(entry, now):
                clients_in_contact = self.facts.clients_in_contact(now) if clients_in_contact is None else clients_in_contact
                entry = self._entry_or_failure(client, decisions, now) if client.name in clients_in_contact else None
                self._replace(client.name, entry)
            if entry is not None:
                yield entry
        self._version = version  # only now: what failed on the way is touched at the next turn, too

    def _is_current(self, entry: LedgerEntry, now: datetime) -> bool:
        """Whether a entry still says what is so; the alarms in it count days."""
        today = not self.daily_alarms or now < _midnight(self.account, entry.assessment.as_of)
        return today and entry.assessment.as_of <= now < entry.good_until

    def _entry_or_failure(self, client: Client, decisions: tuple[Decision, ...], now: datetime) -> LedgerEntry | None:
        """One client's entry; None where its assessment raises, so that the others are whole. Raises StoreError."""
        try:
            entry = self._compute(client, decisions, now)
        except StoreError:
            raise
        except Exception as error:
            log.exception("a client could not be assessed", account=self.account.address, client=client.name)
            self.failures[client.name] = type(error).__name__
            return None
        self.failures.pop(client.name, None)
        return entry

    def _replace(self, client: str, entry: LedgerEntry | None) -> None:
        if entry is None:
            self._entries.pop(client, None)
        else:
            self._entries[client] = entry

    # what is kept between processes

    def open_obligations(self, now: datetime) -> tuple[Obligation, ...]:
        """Return what stands open at `now`: by what was kept where that still holds, worked out anew where not."""
        decisions = self.facts.decisions(now)
        return tuple(self._open_obligations(decisions, self.cache_basis(decisions), now))

    def _open_obligations(self, decisions: tuple[Decision, ...], basis: str, now: datetime) -> Iterator[Obligation]:
        kept = open_cache_basis.valid_rows(self.store, self.account.address, basis, now)
        clients_in_contact: frozenset[str] | None = None
        for client in self.clients:
            if client.name in kept:
                yield from (o for o in kept[client.name].open if state(o, now) in OPEN_STATES)
                continue
            clients_in_contact = self.facts.clients_in_contact(now) if clients_in_contact is None else clients_in_contact
            entry = self._entry_or_failure(client, decisions, now) if client.name in clients_in_contact else None
            if entry is not None:
                yield from (o for o in entry.assessment.obligations if state(o, now) in OPEN_STATES)

    def save_open_cache(self, now: datetime) -> None:
        """Keep what stands open on the pages that changed since they were kept last."""
        basis, (facts, events) = self.cache_basis(self._decisions), self._version or (0, 0)
        fresh: list[OpenCacheRow] = []
        for client in self.clients:
            if client.name in self.failures:
                continue
            entry = self._entries.get(client.name) or LedgerEntry(_empty_assessment(self.account, client, now), now + _FAR)
            mark = (id(entry.assessment) if entry.assessment.obligations else 0, basis, events)
            if self._saved.get(client.name) != mark:
                self._saved[client.name] = mark
                as_of, until = entry.assessment.as_of, entry.good_until
                open_ = tuple(o for o in entry.assessment.obligations if state(o, as_of) in OPEN_STATES)
                fresh.append(OpenCacheRow(self.account.address, client.name, facts, events, basis, as_of, until, open_))
        self.store.save_open_cache(fresh)

    def forget_saved(self) -> None:
        """Note that what was kept is gone from the store: keep everything again."""
        self._saved.clear()

    # pages

    def _compute(self, client: Client, decisions: tuple[Decision, ...], now: datetime) -> LedgerEntry:
        """Return one client's entry, computed anew, and until when it holds."""
        mail, events = self.facts.mail(client.name, now), self.facts.events(client.name, now)
        cache = self._caches.setdefault(client.name, StoryCache()) if self.incremental else None
        story = timeline.timeline(self.account, client, mail, events, self.directory, now, self.facts.days_off(now), cache)
        assessment = assess(story, decisions, now, cache)
        moments = list(_next_moments(assessment, story, now))
        later = self.facts.next_change(client.name, now)
        moments += [later] if later is not None else []
        moments += [message.date for message, _ in mail if message.date > now]
        return LedgerEntry(assessment, min((m for m in moments if m >= now), default=now + _FAR))


def _empty_assessment(account: Account, client: Client, now: datetime) -> Assessment:
    """The assessment of a client whom the account has not dealt with."""
    return Assessment(account.address, client.name, now, (), ())


def _affects_others(decision: Decision) -> bool:
    """Whether a word may change more than the one thing it was said of."""
    return decision.verb in _TEACHING or decision.scope is not Scope.ITEM


def _next_moments(found: Assessment, story: Timeline, now: datetime) -> Iterator[datetime]:
    """The moments ahead at which the assessment can change by itself; `now` where it changes all the time."""
    for event in story.events:
        if event.end > now:
            running = event.start <= now and meetings.takes_place(event, story) and meetings.guests(event, story.client)
            yield now if running else event.start if event.start > now else event.end  # the latest contact goes on with a meeting
    for o in found.obligations:
        if o.lapses is not None and o.lapses > now and (o.closed is None or o.closed > now):
            yield o.lapses
    yield from _review_moments(story, now)
    yield from _charter_moments(story.account, story.client, now)


def _review_moments(story: Timeline, now: datetime) -> Iterator[datetime]:
    """When the next review begins to be owed; that follows from the first contact and the meetings alone."""
    ahead = gather_inputs(story, (), now + _FAR)
    return (o.created for o in review.owed(ahead, gather_history(story, now + _FAR)) if o.created > now)


def _charter_moments(account: Account, client: Client, now: datetime) -> Iterator[datetime]:
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
