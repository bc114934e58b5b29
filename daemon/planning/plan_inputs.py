"""The position: one account at one moment, with all that its plan follows from, and the questions that every part of the plan asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from connectors.calendar import Busy
from daemon.core import hours
from daemon.core.absence import Absence
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.charter import WorkingHours
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Band, Obligation, SourceType, State, short_id, state
from daemon.glossary.parties import Account, Client, Office

Slots: TypeAlias = Callable[[Client, datetime, datetime, timedelta, int], tuple[Busy, ...] | None]


@dataclass(frozen=True, slots=True)
class Policy:
    """How the user wants to be served.

    `digest_at` is local time. `notice` counts working days between the announcing digest and what it announces, `review_lead`
    those before the due date from which a review is booked. `interruptions` is the most reminder mails a day.
    """

    digest_at: time = time(7, 30)
    review_length: timedelta = timedelta(minutes=60)
    notice: int = 1
    review_lead: int = 20
    interruptions: int = 5
    drafts: bool = True


@dataclass(frozen=True, slots=True)
class Position:
    """One account at one moment. `assessments` and `coverage` are the account's own.

    `working` are its working hours without its days off: while the user is away nothing is said. `slots` answers (client, after,
    before, length, most) with free times, None where the calendar could not be read. `said` maps what was said to when.
    """

    account: Account
    office: Office
    assessments: tuple[Assessment, ...]
    coverage: tuple[Coverage, ...]
    said: Mapping[str, datetime]
    slots: Slots
    decisions: tuple[Decision, ...]
    policy: Policy
    working: WorkingHours
    absences: tuple[Absence, ...]
    now: datetime

    def stopped(self, key: str) -> bool:
        """Whether it is done already or the user does not want it."""
        return key in self.said or vetoed(key, self.decisions)

    def opening(self, at: datetime) -> datetime:
        """The moment itself, or the next one in working hours."""
        return hours.next_opening(self.working, at)

    def later(self, at: datetime, working_days: int) -> datetime:
        """The moment so many working days on."""
        return hours.working_days_after(self.working, at, working_days)

    @property
    def today(self) -> date:
        """The user's date."""
        return hours.local_date(self.working, self.now)

    def digest_time(self, day: date) -> datetime:
        """When the digest of a day goes out."""
        return datetime.combine(day, self.policy.digest_at, ZoneInfo(self.account.hours.zone))

    def standing(self) -> Iterator[tuple[Obligation, State]]:
        """What is sure, counts and is not settled, each with its state."""
        for a in self.assessments:
            for o in a.obligations:
                if o.counts and o.band is Band.TRACKED and (how := state(o, self.now)) in UNSETTLED:
                    yield o, how

    def interruptions_left(self) -> int:
        """How many more mails of the day's budget there are; what goes with the digest or to others is none."""
        prefixes = [f"reminder:{self.account.address}:"]
        if not self.account.tells_manager:
            prefixes.append(f"escalation:{self.account.address}:")
        spoken = (at for key, at in self.said.items() if key.startswith(tuple(prefixes)))
        return self.policy.interruptions - sum(hours.local_date(self.working, at) == self.today for at in spoken)

    def client(self, name: str) -> Client | None:
        """One of ours whom this account looks after."""
        found = next((c for c in self.office.clients if c.name == name), None)
        return found if found is not None and found.owner in (None, *self.account.addresses) else None

    def announced(self, key: str) -> tuple[datetime, datetime | None] | None:
        """When a digest last told of an action, and for which start; None where none did."""
        prefix = f"announce:{key}@"
        told = [(at, k.removeprefix(prefix)) for k, at in self.said.items() if k.startswith(prefix)]
        if not told:
            return None
        at, start = max(told)
        return at, datetime.fromisoformat(start) if start else None


UNSETTLED = frozenset({State.OPEN, State.DUE_SOON, State.OVERDUE})


def announce_key(action: Action) -> str:
    """The key of the announcement of an action; of an invite for its present start."""
    start = action.start.isoformat() if action.kind is ActionKind.INVITE and action.start else ""
    return f"announce:{action.key}@{start}"


def read_since(coverage: Iterable[Coverage], moment: datetime) -> bool:
    """Whether all mail was read up to that moment; otherwise an answer may lie where nobody has looked, and nothing is claimed."""
    return all(c.seen_until is not None and c.seen_until >= moment for c in coverage if not c.is_calendar)


def vetoed(key: str, decisions: Iterable[Decision]) -> bool:
    """Whether the user stopped the action with that key. The latest word counts; an undo takes one back."""
    standing: list[Verb] = []
    for decision in sorted(decisions, key=lambda d: d.at):
        if decision.target in (key, short_id(key)):
            if decision.verb is not Verb.UNDO:
                standing.append(decision.verb)
            elif standing:
                standing.pop()
    return Verb.VETO in standing


def booked(review: Obligation, now: datetime) -> bool:
    """Whether a review lies in the calendar ahead."""
    return any(e.type is SourceType.EVENT and e.at > now for e in review.evidence)


def writable(o: Obligation) -> bool:
    """Whether its contact can be written to: a missed call leaves no more than a number."""
    return o.contact is not None and "@" in o.contact
