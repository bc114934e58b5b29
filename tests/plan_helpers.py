"""An account whose life is planned turn by turn, for the tests of plans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import invented
from invented import at, owed

from connectors.calendar import Busy
from daemon.core import absence, hours
from daemon.glossary.actions import MEETINGS, Action, ActionKind
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.decisions import Decision
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType
from daemon.glossary.parties import Account, Client, Office
from daemon.planning import plan
from daemon.planning.plan_inputs import PlanInputs, Policy
from daemon.planning.simulated_past import SimulatedPast

ADDRESS = invented.DANA.address
ASK = "Can you send the revised quote?"


@dataclass
class AccountLife:
    """An account whose life is planned turn by turn; what was planned for now counts as said."""

    obligations: Sequence[Obligation] = ()
    account: Account = invented.DANA
    office: Office = invented.OFFICE
    policy: Policy = field(default_factory=Policy)
    coverage: Sequence[Coverage] | None = None
    busy: Sequence[Busy] | None = ()
    decisions: list[Decision] = field(default_factory=list)
    past: SimulatedPast = field(default_factory=SimulatedPast)
    assessments: dict[str, Assessment] = field(default_factory=dict)
    away: frozenset[date] = frozenset()
    absences: tuple[absence.Absence, ...] = ()

    def find_slots(self, _: Client, after: datetime, before: datetime, length: timedelta, most: int) -> tuple[Busy, ...] | None:
        """Every half hour inside working hours that meets nothing."""
        return None if self.busy is None else tuple(self._free(after, before, length))[:most]

    def _free(self, after: datetime, before: datetime, length: timedelta) -> Iterator[Busy]:
        start = hours.next_opening(self.account.hours, after)
        while start + length <= before:
            if not any(b.start < start + length and start < b.end for b in self.busy or ()):
                yield Busy(start, start + length)
            start = hours.next_opening(self.account.hours, start + timedelta(minutes=30))

    def plan(self, now: datetime) -> tuple[Action, ...]:
        return plan.plan(self._inputs(now))

    def upcoming(self, now: datetime) -> tuple[Action, ...]:
        return plan.upcoming(self._inputs(now))

    def turn(self, now: datetime) -> list[Action]:
        """Plan, and do what is due."""
        actions = self.plan(now)
        done = [action for action in actions if action.at <= now]
        for action in done:
            self.past.record(action, actions, now, escalates_to_user=not self.account.tells_manager)
        return done

    def live(self, start: datetime, end: datetime, step: timedelta = timedelta(minutes=10)) -> list[tuple[datetime, Action]]:
        done = []
        while start < end:
            done += [(start, action) for action in self.turn(start)]
            start += step
        return done

    def _inputs(self, now: datetime) -> PlanInputs:
        by_client: dict[str, list[Obligation]] = {}
        for o in self.obligations:
            by_client.setdefault(o.client, []).append(o)
        known = dict(self.assessments)
        found = [known.get(name) or Assessment(self.account.address, name, now, tuple(of), ()) for name, of in by_client.items()]
        return PlanInputs(
            account=self.account,
            office=self.office,
            assessments=tuple(found),
            coverage=tuple(invented.everything_read(now + timedelta(minutes=1)) if self.coverage is None else self.coverage),
            past=self.past.past_actions(),
            find_slots=self.find_slots,
            decisions=tuple(self.decisions),
            policy=self.policy,
            working=absence.spoken_to(self.account, self.away),
            absences=self.absences,
            now=now,
        )


def after_digest(day: str) -> SimulatedPast:
    """The past of an account that had its digest of that day at 07:30."""
    moment = at(f"{day} 07:30")
    return SimulatedPast(actions={f"digest:{ADDRESS}:2026-{day}": moment}, first_digest=moment)


def kinds(actions: Sequence[Action]) -> list[str]:
    return [action.kind.value for action in actions]


def only(actions: Sequence[Action], kind: ActionKind) -> list[Action]:
    return [action for action in actions if action.kind is kind]


def reply(created: str = "03-03 11:00", due: str = "03-03 13:00", **more: Any) -> Obligation:
    return owed("Acme Ltd", "kim", ASK, created, due, **more)


def promise(due: str, client: str = "Birch & Co", words: str = "I'll send it", created: str = "03-02 10:00") -> Obligation:
    return owed(client, "sam", words, created, due, Kind.PROMISE)


def review(due: str = "03-20 09:00", **more: Any) -> Obligation:
    source = Evidence(SourceType.CHARTER, "review", at("02-20 09:00"))
    return owed("Birch & Co", "sam", None, "02-20 09:00", due, Kind.REVIEW, source=source, **more)


def invited(life: AccountLife, start: str, end: str) -> list[tuple[str, str]]:
    done = [pair for pair in life.live(at(start), at(end), timedelta(minutes=30)) if pair[1].kind in MEETINGS]
    return [(f"{moment:%a %d %H:%M}", f"{action.start:%a %d %H:%M}") for moment, action in done]
