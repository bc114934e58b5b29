"""Replay: the daemon's life over stored history, with a simulated clock and every hand tied.

The history is read once and revealed moment by moment. The clock goes in steps of half an hour, as a daemon would that polls
twice an hour; steps at which nothing can happen are left out: where no client has news, outside working hours and the digest's.
So each action comes at the moment at which it would have come, had every source been read in time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from connectors.calendar import Event
from daemon.core import hours
from daemon.cycle import AccountRuntime
from daemon.glossary.actions import MEETINGS, Action
from daemon.glossary.assessments import Assessment
from daemon.glossary.obligations import OPEN_STATES, Kind, Obligation, state
from daemon.ledger import Ledger, LedgerEntry
from daemon.planning.plan import REMINDED, plan
from daemon.planning.simulated_past import SimulatedPast
from daemon.service.replay_history import History
from daemon.standards import escalation

STEP = timedelta(minutes=30)
_MIDNIGHT = time()


def replay(runtimes: Iterable[AccountRuntime], start: datetime, end: datetime) -> tuple[Action, ...]:
    """Return each action that the daemon would have taken from `start` to `end`, in order of its moment."""
    done = [found for runtime in runtimes for found in _of_account(runtime, start, end)]
    return tuple(action for _, action in sorted(done, key=lambda found: found[0]))


def _of_account(runtime: AccountRuntime, start: datetime, end: datetime) -> tuple[tuple[datetime, Action], ...]:
    history = History(runtime.store, runtime.config, end)
    gc.freeze()  # what was read stays to the end: a collector that looks through it again and again finds nothing
    try:
        return tuple(_Life(runtime, history).live(start, end))
    finally:
        gc.unfreeze()


@dataclass(slots=True)
class _Life:
    """One account's life: what was said to it, and what was last known."""

    runtime: AccountRuntime
    history: History
    past: SimulatedPast = field(default_factory=SimulatedPast)
    entries: dict[str, tuple[LedgerEntry, Assessment]] = field(default_factory=dict)

    def live(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, Action]]:
        """Step by step, leaving out those at which nothing can happen."""
        config = self.runtime.config
        ledger = Ledger(
            config.account,
            config.office.clients,
            config.directory,
            self.runtime.store,
            self.history,
            incremental=True,
            daily_alarms=False,
        )
        moment, news = start, start
        while moment <= end:
            if (moment >= news and self._at_any_hour()) or self._may_speak(moment):
                entries = ledger.entries(moment)
                news = self._next_news(entries, moment)
                yield from ((moment, action) for action in self._acts(entries, moment))
            moment += STEP

    def _next_news(self, entries: Iterable[LedgerEntry], now: datetime) -> datetime:
        decision = self.history.next_decision(now)
        return min((*(p.good_until for p in entries), *([decision] if decision else [])), default=now)

    def _at_any_hour(self) -> bool:
        """Whether news alone may make a daemon speak: only what goes to a manager does not wait for the working hours."""
        clients = self.runtime.config.office.clients
        return any(v.standards.get(escalation.NAME, escalation.DEFAULT) for c in clients for v in c.versions)

    def _may_speak(self, now: datetime) -> bool:
        """Whether anything may be said at that time of day: from the digest or the opening until the day's end."""
        working = self.runtime.account.hours
        day = hours.local_date(working, now)
        if not hours.is_working_day(working, day):
            return False
        digest = hours.clock_at(working, day, self.runtime.config.policy.digest_at)
        opens = min(digest, hours.next_opening(working, hours.clock_at(working, day, _MIDNIGHT)))
        return opens <= now <= max(hours.day_end(working, day), digest + timedelta(hours=1))

    def _acts(self, entries: Iterable[LedgerEntry], now: datetime) -> Iterator[Action]:
        assessments = [self._planned_assessment(entry, now) for entry in entries]
        actions = plan(self.history.plan_inputs(assessments, self.past.past_actions(), now))
        for action in actions:
            if action.at <= now:
                yield action
                self.past.record(action, actions, now, escalates_to_user=not self.runtime.account.tells_manager)
                if action.kind in MEETINGS and action.start and action.end:  # what was booked is free for nothing else
                    self.history.book(Event(f"kept-{action.id}", action.start, action.end, action.summary))

    def _planned_assessment(self, entry: LedgerEntry, now: datetime) -> Assessment:
        """The assessment without what no plan looks at; whole where a client was won, whose courtship is told."""
        whole = entry.assessment
        known = self.entries.get(whole.client)
        if known is None or known[0] is not entry:
            client = next(c for c in self.runtime.config.office.clients if c.name == whole.client)
            won = client.won is not None
            open_ = whole.obligations if won else tuple(o for o in whole.obligations if _may_be_planned(whole, o, now))
            known = self.entries[whole.client] = entry, replace(whole, obligations=open_)
        return known[1]


def _may_be_planned(of: Assessment, o: Obligation, now: datetime) -> bool:
    """Whether an obligation is not settled and one of those that a plan speaks of, books, or takes to the manager."""
    meeting = o.kind is Kind.REVIEW or (of.recovery is not None and o.key == of.recovery.key)
    return (meeting or o.kind in REMINDED or o.escalates is not None) and state(o, now) in OPEN_STATES
