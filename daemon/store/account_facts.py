"""One account's facts as a ledger needs them: as known at a moment, and when that changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

from connectors.calendar import Event
from daemon.core import absence, access, hours, meetings, timeline
from daemon.core.access import Access
from daemon.core.people import Directory
from daemon.core.timeline import Fact, SharedMail
from daemon.glossary.decisions import Decision, Scope, Verb
from daemon.glossary.faults import Faults, strict
from daemon.glossary.parties import Account, Client
from daemon.glossary.timelines import Sharing
from daemon.store.store import Store

T = TypeVar("T")

REREAD_AFTER = timedelta(hours=6)  # of a calendar without a known change
_SETTLED = frozenset({Verb.DONE, Verb.WAIVE, Verb.SNOOZE, Verb.UNDO})  # the words of whoever stands in that count


class Facts(Protocol):
    """One account's facts as known at a moment, and when that changes. Methods raise StoreError."""

    def decisions(self, until: datetime) -> tuple[Decision, ...]:
        """Return the account's decisions taken by `until`."""
        ...

    def version(self) -> tuple[int, int]:
        """Return two numbers: the first rises with new messages, the second with changed events."""
        ...

    def changed_clients(self, since: int) -> frozenset[str]:
        """Return the clients whose messages changed since that first number of a version."""
        ...

    def clients_in_contact(self, now: datetime) -> frozenset[str]:
        """Return the clients with whom the account has mail or meetings."""
        ...

    def mail(self, client: str, now: datetime) -> list[Fact]:
        """Return a client's messages, in the order in which they became known."""
        ...

    def events(self, client: str, now: datetime) -> tuple[Event, ...]:
        """Return the events with a client."""
        ...

    def calendar(self, now: datetime) -> tuple[Event, ...]:
        """Return all events of the account's calendars, with whomever they are."""
        ...

    def days_off(self, now: datetime) -> frozenset[date]:
        """Return the dates on which the account is away."""
        ...

    def opinions(self, client: str, now: datetime) -> Mapping[str, bool]:
        """Return the second opinions on what was read of a client, by the obligation's key."""
        ...

    def next_change(self, client: str, now: datetime) -> datetime | None:
        """Return when the next stored message or event of a client becomes known; None if there is none."""
        ...

    def sharers(self) -> Mapping[str, Mapping[str, int]]:
        """Return the other accounts that serve the account's clients, by client, each with a number that rises with its mail of them."""
        ...

    def shared(self, client: str, now: datetime) -> SharedMail | None:
        """Return what the other accounts have of a client; None where none serves it."""
        ...


def opinions_of(store: Store, account: str, advisor: str | None, client: str, now: datetime) -> Mapping[str, bool]:
    """Return the second opinions that count, as known at `now`; none without an advisor. Raises StoreError."""
    stored = store.opinions(account, advisor, client, now) if advisor is not None else {}
    return {target: holds for target, holds in stored.items() if holds is not None}


class _Calendar(NamedTuple):
    """An account's calendar as known at a moment."""

    version: int
    at: datetime
    events: tuple[Event, ...]
    by_client: Mapping[str, tuple[Event, ...]]
    days_off: frozenset[date]
    changes: datetime | None
    is_whole: bool  # nothing was left out of it


class _OthersCalendar(NamedTuple):
    """The calendar of another account as known on a day."""

    version: int
    day: date
    events: tuple[Event, ...]
    days_off: frozenset[date]


@dataclass(slots=True)
class StoredFacts:
    """One account's facts in a store, read when they are needed."""

    account: Account
    clients: tuple[Client, ...]
    directory: Directory
    store: Store
    calendars_of: Callable[[str], Collection[str] | None] = lambda _account: None  # those that the configuration names; None: all
    faults: Faults = field(default_factory=strict)
    advisor: str | None = None  # whose second opinions count
    _cached_calendar: _Calendar | None = None
    _in_contact: tuple[tuple[int, int], frozenset[str]] | None = None
    _noted: frozenset[str] = frozenset()  # the clients of whom the others know that the account meets them
    _others: dict[str, _OthersCalendar] = field(default_factory=dict)

    def decisions(self, until: datetime) -> tuple[Decision, ...]:
        """Return the account's decisions taken by `until`, and what those for whom it stands in, or who stand in for it, settled."""
        own, others = self.store.decisions(self.account.address, until), {a for who in self.sharers().values() for a in who}
        stands_in = [a.address for a in self.directory.accounts(others) if _covers(a, self.account) or _covers(self.account, a)]
        settled = (d for a in stands_in for d in self.store.decisions(a, until) if d.verb in _SETTLED and d.scope is Scope.ITEM)
        return (*own, *settled)

    def version(self) -> tuple[int, int]:
        """Return the version of the account's facts in the store."""
        return self.store.fact_version(self.account.address)

    def changed_clients(self, since: int) -> frozenset[str]:
        """Return the clients whose messages changed since that first number of a version."""
        return self.store.changed_clients(self.account.address, since)

    def clients_in_contact(self, now: datetime) -> frozenset[str]:
        """Return the clients with whom the account has mail or meetings."""
        version = self.version()
        if self._in_contact is None or self._in_contact[0] != version:
            self._in_contact = (version, self.store.clients_with_mail(self.account.address) | self._clients_met(now))
        return self._in_contact[1]

    def note_meetings(self, now: datetime) -> None:
        """Store with which clients the account has meetings: then others who serve them know of it."""
        met, address = self._clients_met(now), self.account.address
        if not met <= self._noted and (new := met - self.store.changed_clients(address, since=-1)):
            self.store.note_contacts(address, new)
        self._noted = met

    def _clients_met(self, now: datetime) -> frozenset[str]:
        met: set[str | None] = self._of_events(
            self._calendar(now).events,
            lambda these: {self.directory.first_client(a.email for a in e.attendees) for e in these},
            set(),
        )
        return frozenset(name for name in met if name)

    def mail(self, client: str, now: datetime) -> list[Fact]:
        """Return a client's messages that have a reading."""
        return [(m.message, m.reading) for m in self.store.messages(self.account.address, client, now, self.faults) if m.reading]

    def events(self, client: str, now: datetime) -> tuple[Event, ...]:
        """Return the events with a client."""
        return self._calendar(now).by_client.get(client, ())

    def calendar(self, now: datetime) -> tuple[Event, ...]:
        """Return all events of the account's calendars, with whomever they are."""
        calendar = self._calendar(now)
        if not calendar.is_whole:  # what is left out is named at every turn, so that it is tried at every turn
            calendar = self._cached_calendar = self._read_calendar(calendar.version, now)
        return calendar.events

    def days_off(self, now: datetime) -> frozenset[date]:
        """Return the dates on which the account is away."""
        return self._calendar(now).days_off

    def opinions(self, client: str, now: datetime) -> Mapping[str, bool]:
        """Return the second opinions on what was read of a client, by the obligation's key."""
        return opinions_of(self.store, self.account.address, self.advisor, client, now)

    def next_change(self, client: str, now: datetime) -> datetime | None:
        """Return when the next message (of a sender whose clock is fast) or change of the calendar becomes known."""
        changes = self._cached_calendar.changes if self._cached_calendar else None
        moments = (self.store.next_message_at(self.account.address, client, now), changes)
        return min((m for m in moments if m is not None), default=None)

    def sharers(self) -> Mapping[str, Mapping[str, int]]:
        """Return the other accounts in the configuration that serve the account's clients, by client, with the version of their mail.

        One that is configured without any mailbox or calendar serves nobody: it would neither hear of a question nor be reminded.
        """
        found = self.store.sharers(self.account.address)
        known = {a.address for a in self.directory.accounts({a for others in found.values() for a in others}) if a.reads}
        mine = {client: {a: version for a, version in others.items() if a in known} for client, others in found.items()}
        return {client: others for client, others in mine.items() if others}

    def shared(self, client: str, now: datetime) -> SharedMail | None:
        """Return what the other accounts have of a client, and when they are away; None where none serves it.

        The account reads the words of those for whom it stands in, and of whom the configuration says so (`core.access`).
        """
        others = self.sharers().get(client)
        if not others:
            return None
        accounts = self.directory.accounts({self.account.address, *others})
        calendars = {a.address: self._calendar_of(a, now) for a in accounts if a.address != self.account.address}
        away = {self.account.address: self.days_off(now), **{address: c.days_off for address, c in calendars.items()}}
        covered = {a.address for a in accounts if _covers(self.account, a) and hours.local_date(a.hours, now) in away[a.address]}
        viewer = access.as_viewer(self.account)
        open_to = frozenset(
            a.address for a in accounts if access.may_see(viewer, a, None, covers=a.address in covered) is Access.WORDS
        )
        mail = {
            a: [(m.message, m.reading) for m in self.store.messages(a, client, now, self.faults) if m.reading] for a in others
        }
        met = [(a, self._meetings_of(a, client, calendars[a.address])) for a in accounts if a.address in calendars]
        events = tuple(_for_others(e, a, self.account, hides=a.address not in open_to) for a, theirs in met for e in theirs)
        return SharedMail(Sharing(accounts, away, open_to), mail, events)

    def _meetings_of(self, account: Account, client: str, calendar: _OthersCalendar) -> Sequence[Event]:
        """Return the meetings of another account with a client that it did not decline."""
        share_out = partial(
            timeline.shared_out, account=account, clients=self.directory.clients_named({client}), directory=self.directory
        )
        by_client: Mapping[str, tuple[Event, ...]] = self._of_events(calendar.events, share_out, {})
        return [e for e in by_client.get(client, ()) if not meetings.declined_by(e, account)]

    def _calendar_of(self, account: Account, now: datetime) -> _OthersCalendar:
        """Return the calendar of an account that serves one of the clients too, read anew when it changed and each day."""
        version, today = self.store.fact_version(account.address)[1], hours.local_date(account.hours, now)
        known = self._others.get(account.address)
        if known is None or (known.version, known.day) != (version, today):
            events = self.store.events(account.address, now, self.calendars_of(account.address), self.faults)
            off: frozenset[date] = self._of_events(events, partial(absence.days_off, account), frozenset())
            known = self._others[account.address] = _OthersCalendar(version, today, events, off)
        return known

    def _calendar(self, now: datetime) -> _Calendar:
        version, cached = self.version()[1], self._cached_calendar
        if cached is None or cached.version != version or not cached.at <= now < (cached.changes or now + REREAD_AFTER):
            cached = self._cached_calendar = self._read_calendar(version, now)
        return cached

    def _read_calendar(self, version: int, now: datetime) -> _Calendar:
        noted = self.faults.count
        events = self.store.events(self.account.address, now, self.calendars_of(self.account.address), self.faults)
        share_out = partial(timeline.shared_out, account=self.account, clients=self.clients, directory=self.directory)
        by_client: Mapping[str, tuple[Event, ...]] = self._of_events(events, share_out, {})
        off: frozenset[date] = self._of_events(events, partial(absence.days_off, self.account), frozenset())
        changes = self.store.next_event_change(self.account.address, now)
        return _Calendar(version, now, events, by_client, off, changes, is_whole=self.faults.count == noted)

    def _of_events(self, events: Sequence[Event], compute: Callable[[Sequence[Event]], T], otherwise: T) -> T:
        """Return what follows from the events, without those at which it raises an unforeseen error."""
        return self.faults.without_culprits(
            events, compute, otherwise, "the calendar could not be read", lambda e: f"the event of {e.start:%d %b %Y %H:%M}"
        )


def _covers(one: Account, other: Account) -> bool:
    """Return whether one account covers for another while that one is away."""
    return other.cover is not None and other.cover in one.addresses


def _for_others(event: Event, holder: Account, viewer: Account, *, hides: bool) -> Event:
    """Return an event of one account as another may see it: without its words, unless they took part in it, and with who called it."""
    called = replace(event, organizer=event.organizer or holder.address)
    took_part = any(a.email in viewer.addresses for a in event.attendees) or event.organizer in viewer.addresses
    return called if took_part or not hides else replace(called, summary="", description="", location="")
