"""Replay: simulate the daemon over stored history. Nothing is sent or booked.

The history is read once and revealed moment by moment. The clock advances in steps of half an hour, like a daemon that polls twice an
hour; steps at which nothing can happen are skipped: outside working hours and the digest's, without new facts of a client. So each
action comes at the moment at which it would have come if every source had been read in time.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from connectors.calendar import Event
from daemon.accounts.runtime import AccountRuntime
from daemon.core import hours
from daemon.glossary.actions import MEETINGS, Action, ActionKind, Offer
from daemon.glossary.assessments import Assessment
from daemon.glossary.obligations import OPEN_STATES, Kind, Obligation, state
from daemon.ledger import Ledger, LedgerEntry
from daemon.planning.plan import REMINDED, plan
from daemon.planning.simulated_past import SimulatedPast
from daemon.planning.slots import still_held
from daemon.service.replay_history import History
from daemon.standards import escalation

STEP = timedelta(minutes=30)
_MIDNIGHT = time()


def replay(
    runtimes: Iterable[AccountRuntime], start: datetime, end: datetime, step: Callable[[datetime], None] = lambda _moment: None
) -> tuple[Action, ...]:
    """Return each action that the daemon would have taken from `start` to `end`, in order of its moment.

    `step` is called with each moment that is lived through; what it raises ends the replay.
    """
    done = [_at_its_moment(*dated) for runtime in runtimes for dated in _of_account(runtime, start, end, step)]
    return tuple(sorted(done, key=lambda action: action.at))


def _at_its_moment(moment: datetime, action: Action) -> Action:
    """Return the action with when it would have come: within the step before, as it was planned, else at the step itself."""
    return action if moment - STEP < action.at else replace(action, at=moment)


def _of_account(
    runtime: AccountRuntime, start: datetime, end: datetime, step: Callable[[datetime], None]
) -> tuple[tuple[datetime, Action], ...]:
    history = History(runtime, end)
    gc.freeze()  # the history stays in memory to the end, so that scanning it for garbage is useless
    try:
        return tuple(_Simulation(runtime, history, step).run(start, end))
    finally:
        gc.unfreeze()


@dataclass(slots=True)
class _Simulation:
    """One simulated account: its history, what was said and done so far, and the assessments of the last step."""

    runtime: AccountRuntime
    history: History
    step: Callable[[datetime], None]
    past: SimulatedPast = field(default_factory=SimulatedPast)
    entries: dict[str, tuple[LedgerEntry, Assessment]] = field(default_factory=dict)
    offers: list[Offer] = field(default_factory=list)  # of times, by the drafts so far

    def run(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, Action]]:
        """Yield each action with its moment, step by step."""
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
        moment, changes_at = start, start
        while moment <= end:
            self.step(moment)
            if (moment >= changes_at and self._at_any_hour()) or self._may_speak(moment):
                entries = ledger.entries(moment)
                changes_at = self._next_change(entries, moment)
                yield from ((moment, action) for action in self._due_actions(entries, moment))
            moment += STEP

    def _next_change(self, entries: Iterable[LedgerEntry], now: datetime) -> datetime:
        decision = self.history.next_decision(now)
        return min((*(p.good_until for p in entries), *([decision] if decision else [])), default=now)

    def _at_any_hour(self) -> bool:
        """Return whether new facts alone may cause an action: only mail to a manager does not wait for working hours."""
        clients = self.runtime.config.office.clients
        return any(v.standards.get(escalation.NAME, escalation.DEFAULT) for c in clients for v in c.versions)

    def _may_speak(self, now: datetime) -> bool:
        """Return whether anything may be said at that time of day: from the digest or the opening until the end of the day."""
        working = self.runtime.account.hours
        day = hours.local_date(working, now)
        if not hours.is_working_day(working, day):
            return False
        digest = hours.clock_at(working, day, self.runtime.config.policy.digest_at)
        opens = min(digest, hours.next_opening(working, hours.clock_at(working, day, _MIDNIGHT)))
        return opens <= now <= max(hours.day_end(working, day), digest + timedelta(hours=1))

    def _due_actions(self, entries: Iterable[LedgerEntry], now: datetime) -> Iterator[Action]:
        assessments = [self._planned_assessment(entry, now) for entry in entries]
        held = still_held(self.offers, assessments, self.runtime.account.hours, now)
        actions = plan(self.history.plan_inputs(assessments, self.past.past_actions(), held, now))
        for action in actions:
            if action.at <= now:
                yield action
                self.past.record(action, actions, now, escalates_to_user=not self.runtime.account.tells_manager)
                if action.kind is ActionKind.DRAFT:  # what one client is offered is held for them
                    held = still_held(self.offers, assessments, self.runtime.account.hours, now)
                    self.offers += [self.history.offer(o, assessments, held, now) for o in action.obligations]
                if action.kind in MEETINGS and action.start and action.end:  # a booked time is not free any more
                    self.history.book(Event(f"kept-{action.id}", action.start, action.end, action.summary))

    def _planned_assessment(self, entry: LedgerEntry, now: datetime) -> Assessment:
        """Return the assessment with only what a plan looks at; complete for a client who was won, for the hand-over sheet."""
        whole = entry.assessment
        known = self.entries.get(whole.client)
        if known is None or known[0] is not entry:
            client = next(c for c in self.runtime.config.office.clients if c.name == whole.client)
            won = client.won is not None
            open_ = whole.obligations if won else tuple(o for o in whole.obligations if _may_be_planned(whole, o, now))
            known = self.entries[whole.client] = entry, replace(whole, obligations=open_)
        return known[1]


def _may_be_planned(of: Assessment, o: Obligation, now: datetime) -> bool:
    """Return whether an obligation is open and of a kind that a plan reminds of, asks about, books or escalates."""
    meeting = o.kind is Kind.REVIEW or (of.recovery is not None and o.key == of.recovery.key)
    return (meeting or o.kind in REMINDED or o.kind is Kind.WAITING_FOR or o.escalates is not None) and state(
        o, now
    ) in OPEN_STATES
