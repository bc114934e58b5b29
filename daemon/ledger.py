"""The ledger: what one account owes to whom, kept between turns and recomputed only where something changed.

An assessment follows from facts, decisions, charter and moment. While those stay the same, it changes only at certain moments: a
meeting begins or ends, an obligation becomes missed, the next review or deliverable begins to be owed, a day begins. The ledger
keeps each client's assessment together with the next such moment, and recomputes it then, or as soon as the client has new facts or
decisions. It need not be recomputed when an obligation becomes due soon or overdue: the obligation itself holds those moments.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from daemon.assess import assess
from daemon.core import hours, meetings, timeline
from daemon.core.assessment_inputs import gather_inputs
from daemon.core.history import gather_history
from daemon.core.people import Directory
from daemon.core.story_cache import StoryCache
from daemon.core.timeline import Fact, SharedMail
from daemon.errors import StoreError
from daemon.glossary.assessments import Assessment, HeldBack
from daemon.glossary.decisions import Decision, Scope, Verb
from daemon.glossary.faults import Faults
from daemon.glossary.obligations import OPEN_STATES, Obligation, state
from daemon.glossary.parties import Account, Client
from daemon.glossary.timelines import Timeline
from daemon.logs import get_logger
from daemon.standards import callback, promise, reply, review
from daemon.store import Store, open_cache_basis
from daemon.store.account_facts import Facts, StoredFacts
from daemon.store.open_cache import OTHERS, OpenCacheRow

log = get_logger(__name__)

RECOMPUTE_AFTER = timedelta(hours=6)  # for changes whose moment is not computed
_HORIZON = timedelta(days=800)  # how far ahead the next review is looked for
_TEACHING = frozenset({Verb.WRONG, Verb.CONFIRM, Verb.UNDO})  # verbs that may move the confidence bands of other clients


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One client's assessment, and until when it is valid if nothing new becomes known."""

    assessment: Assessment
    good_until: datetime


@dataclass(slots=True)
class Ledger:
    """All assessments of one account. For a moment before the last one they are computed again.

    With `incremental` each assessment builds on the one before, which takes memory and saves time. Without `daily_alarms` the
    alarms, which count days, may be those of an earlier day. `calendars_of` returns those that the configuration names
    for an account (None: all that are stored count), `advisor` is whose second opinions count. `cache_basis` names what assessments
    follow from besides facts (`store.open_cache_basis`). A client whose assessment raises an error is left out and listed in `failures` (client -> kind of
    error); the others are not affected.
    """

    account: Account
    clients: tuple[Client, ...]
    directory: Directory
    store: Store
    given_facts: Facts | None = None  # instead of the facts in the store
    incremental: bool = False
    daily_alarms: bool = True
    calendars_of: Callable[[str], Collection[str] | None] = lambda _account: None
    cache_basis: Callable[[tuple[Decision, ...]], str] = repr
    advisor: str | None = None
    faults: Faults = field(default_factory=lambda: Faults((StoreError,), _log_fault))
    facts: Facts = field(init=False)
    failures: dict[str, str] = field(default_factory=dict)
    _entries: dict[str, LedgerEntry] = field(default_factory=dict)
    _version: tuple[int, int] | None = None
    _sharers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    _decisions: tuple[Decision, ...] = ()
    _caches: dict[str, StoryCache] = field(default_factory=dict)
    _saved: dict[str, tuple[int, str, int]] = field(default_factory=dict)
    _basis: tuple[tuple[Decision, ...], str] | None = None

    def __post_init__(self) -> None:
        self.facts = self.given_facts or StoredFacts(
            self.account,
            self.clients,
            self.directory,
            self.store,
            self.calendars_of,
            self.faults,
            self.advisor,
        )

    def assessments(self, now: datetime) -> tuple[Assessment, ...]:
        """Return the assessment of every client with whom the account has mail or meetings, as known at `now`. Raises StoreError."""
        return tuple(entry.assessment for entry in self.entries(now))

    def entries(self, now: datetime) -> tuple[LedgerEntry, ...]:
        """Return the same assessments, each with until when it is valid. Raises StoreError."""
        return tuple(self.refreshed(now))

    def refreshed(self, now: datetime) -> Iterator[LedgerEntry]:
        """Yield the same, each as soon as it is known; what was yielded stays known if nobody asks for the rest. Raises StoreError."""
        decisions = self.facts.decisions(now)
        if decisions != self._decisions:
            self._drop_stale(decisions)
            self._decisions = decisions
        return self._refreshed(decisions, now)

    def note_meetings(self, now: datetime) -> None:
        """Store with which clients the account has meetings: then others who serve them know of it. Raises StoreError."""
        if isinstance(self.facts, StoredFacts):
            self.facts.note_meetings(now)

    def good_until(self, now: datetime) -> datetime:
        """Return until when the present assessments are valid if nothing new becomes known; `now` if any is not."""
        return min((entry.good_until for entry in self._entries.values()), default=now + RECOMPUTE_AFTER)

    def find(self, target: str, now: datetime) -> Obligation | None:
        """Return the obligation with this short id or key, as known at `now`; None if there is none."""
        return next((o for a in self.assessments(now) for o in a.obligations if target in (o.id, o.key)), None)

    def find_held(self, target: str, now: datetime) -> HeldBack | None:
        """Return the mail that was held back with this id, as known at `now`; None if there is none on which the user has a say."""
        held = (p.held for a in self.assessments(now) for p in reversed(a.balance) if p.held is not None and p.held.key)
        return next((h for h in held if target in (h.id, h.key)), None)

    def resolve(self, now: datetime) -> None:
        """Store the keys of obligations that have appeared since a decision named them by their short ids."""
        unresolved = self.store.unresolved_ids(self.account.address)
        while unresolved:
            keys = {o.id: o.key for a in self.assessments(now) for o in a.obligations if o.id in unresolved}
            if not keys:
                return
            self.store.resolve_decisions(self.account.address, keys)  # what they settle may make further obligations appear
            unresolved -= set(keys)

    def _drop_stale(self, decisions: tuple[Decision, ...]) -> None:
        """Drop the entries that new decisions may change: those with their targets, or all if that cannot be told."""
        new = decisions[len(self._decisions) :]
        if decisions[: len(self._decisions)] != self._decisions or any(_affects_others(d) for d in new):
            self._entries.clear()
            return
        targets = {d.target for d in new if d.verb not in (Verb.VETO, Verb.RELEASE)}
        if not targets:
            return
        by_client = {name: targets & {o.key for o in entry.assessment.obligations} for name, entry in self._entries.items()}
        if targets.difference(*by_client.values()):
            self._entries.clear()  # a target is in no present assessment
        for name, targets_of_client in by_client.items():
            if targets_of_client:
                self._entries.pop(name, None)

    def _refreshed(self, decisions: tuple[Decision, ...], now: datetime) -> Iterator[LedgerEntry]:
        """Yield the entry of every client in contact, recomputed if anything changed that it follows from."""
        version, sharers = self.facts.version(), self.facts.sharers()
        if self._version is None:  # from here on, as the first turn may fail halfway, too
            self._version, self._sharers = version, sharers
        changed = self._changed_clients(version, sharers)
        in_contact = self.facts.clients_in_contact(now)
        for gone in self._entries.keys() - in_contact:
            del self._entries[gone]
        for client in self.directory.clients_named(in_contact):
            entry = self._entries.get(client.name)
            if entry is None or client.name in changed or not self._is_current(entry, now):
                entry = self._entry_or_failure(client, decisions, now)
                self._replace(client.name, entry)
            if entry is not None:
                yield entry
        # Only now: if this fails halfway, the next turn starts from the same changes.
        self._version, self._sharers = version, sharers

    def _changed_clients(self, version: tuple[int, int], sharers: Mapping[str, Mapping[str, int]]) -> frozenset[str]:
        """Return the clients with new facts since the last turn, the account's own or those of others who serve them."""
        messages, events = self._version or version
        if version[1] != events:  # a meeting may concern any client
            return frozenset(self._entries)
        others = frozenset(c for c in {*sharers, *self._sharers} if sharers.get(c) != self._sharers.get(c))
        return others | (self.facts.changed_clients(messages) if version[0] != messages else frozenset())

    def _is_current(self, entry: LedgerEntry, now: datetime) -> bool:
        """Return whether an entry is still valid; its alarms count days, so that they expire at midnight."""
        if entry.assessment.failures:  # a part of it is missing: it is tried again
            return False
        same_day = not self.daily_alarms or now < _midnight(self.account, entry.assessment.as_of)
        return same_day and entry.assessment.as_of <= now < entry.good_until

    def _entry_or_failure(self, client: Client, decisions: tuple[Decision, ...], now: datetime) -> LedgerEntry | None:
        """Return one client's entry; None, with the failure noted, if its assessment raises an error. Raises StoreError."""
        try:
            entry = self._compute(client, decisions, now)
        except StoreError:
            raise
        except Exception as error:
            if self.failures.get(client.name) != type(error).__name__:  # once, though it is tried again at every turn
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

    # the open cache, for the next process

    def open_obligations(self, now: datetime) -> tuple[Obligation, ...]:
        """Return what is open at `now`: from the open cache where it is valid, assessed again where not. Raises StoreError."""
        decisions = self.facts.decisions(now)
        return tuple(self._open_obligations(decisions, self.cache_basis(decisions), now))

    def _open_obligations(self, decisions: tuple[Decision, ...], basis: str, now: datetime) -> Iterator[Obligation]:
        cached = open_cache_basis.valid_rows(self.store, self.account.address, basis, now)
        sharers = self.facts.sharers()  # what others have of a client, no row of this account's knows
        cached = {name: row for name, row in cached.items() if name not in sharers}
        left = open_cache_basis.not_covered(self.store, self.account.address, cached)
        to_assess = left & self.facts.clients_in_contact(now) if left else left
        if to_assess is None:
            to_assess = self.facts.clients_in_contact(now) - cached.keys()
        for client in self.directory.clients_named({*cached, *to_assess}):
            if client.name in cached:
                yield from (o for o in cached[client.name].open if state(o, now) in OPEN_STATES)
                continue
            entry = self._entry_or_failure(client, decisions, now)
            if entry is not None:
                yield from (o for o in entry.assessment.obligations if state(o, now) in OPEN_STATES)

    def save_open_cache(self, now: datetime) -> None:
        """Store the open obligations of the entries that changed since they were saved last. Raises StoreError.

        One more row says that nothing is owed to all other clients, unless some client could not be assessed.
        """
        basis, (facts, events) = self._current_basis(), self._version or (0, 0)
        rows: list[OpenCacheRow] = []
        failed = set(self.failures) | {name for name, entry in self._entries.items() if entry.assessment.failures}
        others = LedgerEntry(Assessment(self.account.address, OTHERS, now, (), ()), now + _HORIZON)
        for name, entry in (*self._entries.items(), (OTHERS, others)):
            holds = "" if name == OTHERS and failed else basis
            mark = (id(entry.assessment) if entry.assessment.obligations else 0, holds, events)
            if name not in failed and self._saved.get(name) != mark:
                self._saved[name] = mark
                as_of, until = entry.assessment.as_of, entry.good_until
                open_ = tuple(o for o in entry.assessment.obligations if state(o, as_of) in OPEN_STATES)
                rows.append(OpenCacheRow(self.account.address, name, facts, events, holds, as_of, until, open_))
        try:
            self.store.save_open_cache(rows)
        except Exception:
            self.forget_saved()
            raise

    def _current_basis(self) -> str:
        """Return the basis of the present decisions, computed again only for other ones: there may be very many."""
        if self._basis is None or self._basis[0] is not self._decisions:
            self._basis = (self._decisions, self.cache_basis(self._decisions))
        return self._basis[1]

    def forget_saved(self) -> None:
        """Save every entry again next time, because the store has dropped rows of the open cache."""
        self._saved.clear()

    # one entry

    def story(self, client: Client, now: datetime) -> Timeline:
        """Return all that happened with a client, as known at `now`. Raises StoreError."""
        return self._story(client, self.facts.mail(client.name, now), self.facts.shared(client.name, now), None, now)

    def _story(
        self, client: Client, mail: list[Fact], shared: SharedMail | None, cache: StoryCache | None, now: datetime
    ) -> Timeline:
        events, days_off = self.facts.events(client.name, now), self.facts.days_off(now)
        return timeline.timeline(self.account, client, mail, events, self.directory, now, days_off, cache, shared)

    def _compute(self, client: Client, decisions: tuple[Decision, ...], now: datetime) -> LedgerEntry:
        """Assess one client, and work out until when the assessment is valid."""
        cache = self._caches.setdefault(client.name, StoryCache()) if self.incremental else None
        mail, shared = self.facts.mail(client.name, now), self.facts.shared(client.name, now)
        story = self._story(client, mail, shared, cache, now)
        assessment = assess(story, decisions, now, cache, self.facts.opinions(client.name, now))
        moments = list(_next_moments(assessment, story, now))
        next_change = self.facts.next_change(client.name, now)
        moments += [next_change] if next_change is not None else []
        moments += [message.date for message, _ in mail if message.date > now]
        moments += [_midnight(a, now) for a in shared.sharing.accounts] if shared else []  # an absence may begin or end
        return LedgerEntry(assessment, min((m for m in moments if m >= now), default=now + _HORIZON))


def _log_fault(what: str, error: Exception) -> None:
    log.error("left out because of an unforeseen error", what=what, exc_info=error)


def _affects_others(decision: Decision) -> bool:
    """Return whether a decision may change more than its own target."""
    return decision.verb in _TEACHING or decision.scope is not Scope.ITEM


def _next_moments(assessment: Assessment, story: Timeline, now: datetime) -> Iterator[datetime]:
    """Yield the moments after `now` at which the assessment can change by itself; `now` while it changes all the time."""
    for event in story.events:
        if event.end > now:
            running = event.start <= now and meetings.takes_place(event, story) and meetings.guests(event, story.client)
            yield (
                now if running else event.start if event.start > now else event.end
            )  # the last contact advances during a meeting
    for o in assessment.obligations:
        if o.lapses is not None and o.lapses > now and (o.closed is None or o.closed > now):
            yield o.lapses
    yield from _review_moments(story, now)
    yield from _charter_moments(story.account, story.client, now)


def _review_moments(story: Timeline, now: datetime) -> Iterator[datetime]:
    """Yield when the next review begins to be owed, which depends only on the first contact and the meetings."""
    ahead = gather_inputs(story, (), now + _HORIZON)
    return (o.created for o in review.owed(ahead, gather_history(story, now + _HORIZON)) if o.created > now)


def _charter_moments(account: Account, client: Client, now: datetime) -> Iterator[datetime]:
    """Yield when another version of the charter comes into force, and the next midnight if there are deliverables."""
    for version in client.versions:
        yield from (m for m in (version.start, version.since) if m is not None and m > now)
    if any(version.deliverables for version in client.versions):
        yield _midnight(account, now)
    from_words = (reply.NAME, callback.NAME, promise.NAME)
    if any(version.standards.get(name, True) is None for version in client.versions for name in from_words):
        yield now + RECOMPUTE_AFTER  # a standard that is off owes nothing, but its promises count as planned until they lapse


def _midnight(account: Account, now: datetime) -> datetime:
    """Return the next midnight in the account's time zone."""
    return hours.clock_at(account.hours, hours.local_date(account.hours, now) + timedelta(days=1), time())
