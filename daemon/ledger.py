"""The ledger: what is owed to whom, kept between turns and recomputed only where something was touched.

An assessment follows from facts, decisions, charter and moment. Between two facts it changes only where a moment passes:
a due time, a reminder, the end of a meeting. The ledger keeps each client's assessment with the first such moment and
asks again when that has come, when the store has new facts or decisions for the client, and every few hours besides
(cadences and rhythms count in days).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.calendar import Event
from daemon.core import absence, timeline
from daemon.core.assess import assess
from daemon.core.model import Account, Assessment, Client, Decision, Obligation, Office
from daemon.core.people import Directory
from daemon.store import Store

LONGEST = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class _Page:
    assessment: Assessment
    good_until: datetime


@dataclass(slots=True)
class Ledger:
    """All assessments of an office. `at` a moment before the last one everything is computed anew (as-of, replay)."""

    office: Office
    directory: Directory
    store: Store
    _pages: dict[tuple[str, str], _Page] = field(default_factory=dict)
    _versions: dict[str, tuple[int, int]] = field(default_factory=dict)
    _decided: tuple[Decision, ...] = ()
    _dealt_with: dict[str, tuple[tuple[int, int], frozenset[str]]] = field(default_factory=dict)

    def at(self, now: datetime) -> tuple[Assessment, ...]:
        """Every account's assessment of every client it has dealt with, as known at `now`."""
        decisions = self.store.decisions(now)
        if decisions != self._decided:
            self._pages.clear()
            self._decided = decisions
        return tuple(page for account in self.office.accounts for page in self._account(account, decisions, now))

    def find(self, target: str, now: datetime) -> Obligation | None:
        """The obligation with this id or key, as of `now`."""
        return next((o for a in self.at(now) for o in a.obligations if target in (o.id, o.key)), None)

    def _account(self, account: Account, decisions: tuple[Decision, ...], now: datetime) -> Iterator[Assessment]:
        version = self.store.fact_version(account.address)
        known = self._versions.get(account.address, version)
        touched = self.store.touched(account.address, known[0]) if version[0] != known[0] else frozenset()
        if version[1] != known[1]:  # a meeting may concern anybody
            touched = frozenset(c.name for c in self.office.clients)
        events: tuple[Event, ...] | None = None
        dealt_with = self._clients(account, version, now)
        for client in self.office.clients:
            page = self._pages.get((account.address, client.name))
            if page is None or client.name in touched or not page.assessment.as_of <= now < page.good_until:
                if client.name not in dealt_with:
                    continue
                events = self.store.events(account.address, now) if events is None else events
                page = self._page(account, client, events, decisions, now)
                self._pages[account.address, client.name] = page
            yield page.assessment
        self._versions[account.address] = version  # only now: what failed on the way is touched at the next turn, too

    def _page(
        self, account: Account, client: Client, events: tuple[Event, ...], decisions: tuple[Decision, ...], now: datetime
    ) -> _Page:
        """One client, computed anew, and until when that holds."""
        facts = [(m.message, m.reading) for m in self.store.messages(account.address, client.name, now) if m.reading]
        story = timeline.timeline(account, client, facts, events, self.directory, now, absence.days_off(account, events))
        found = assess(story, decisions, now)
        later = self.store.next_moment(account.address, client.name, now)
        ahead = [later] if later is not None else []
        ahead += [message.date for message, _ in facts if message.date > now]
        return _Page(found, _good_until(found, story.events, ahead, now))

    def _clients(self, account: Account, version: tuple[int, int], now: datetime) -> frozenset[str]:
        """The clients with whom the account has mail or meetings."""
        known = self._dealt_with.get(account.address)
        if known is None or known[0] != version:
            guests = ((a.email for a in event.attendees) for event in self.store.events(account.address, now))
            met = (self.directory.first_client(emails) for emails in guests)
            known = (version, self.store.clients(account.address) | {name for name in met if name})
            self._dealt_with[account.address] = known
        return known[1]


def _good_until(assessment: Assessment, events: tuple[Event, ...], ahead: list[datetime], now: datetime) -> datetime:
    moments = [m for o in assessment.obligations for m in (o.remind_at, o.due, o.lapses, o.snoozed_until) if m is not None]
    moments += [moment for event in events for moment in (event.start, event.end)]
    moments += ahead
    return min([now + LONGEST, *(m for m in moments if m > now)])
