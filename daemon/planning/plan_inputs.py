"""What a plan follows from: one account at one moment, and the questions that every part of the plan asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from connectors.calendar import Busy
from daemon.core import hours
from daemon.core.absence import Absence
from daemon.glossary.actions import ESCALATED, Mention
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.charter import WorkingHours
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Band, Obligation, SourceType, State, state
from daemon.glossary.parties import Account, Client, Office

SlotFinder: TypeAlias = Callable[[Client, datetime, datetime, timedelta, int], tuple[Busy, ...] | None]


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
class PastActions:
    """What one account was told and what was done for it, as far as a plan asks.

    `mentions` and `actions` (by key) map to the moment at which each was put into the outbox; what never left is not among them.
    `announcements` are those whose own digest was delivered, by the action's key: when, and for which start. `interruptions` are
    the moments of the reminder mails that count towards the budget of a day; `first_digest` is that of the account's first digest.
    """

    mentions: Mapping[Mention, datetime] = field(default_factory=dict)
    actions: Mapping[str, datetime] = field(default_factory=dict)
    announcements: Mapping[str, tuple[datetime, datetime | None]] = field(default_factory=dict)
    interruptions: Sequence[datetime] = ()
    first_digest: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """One account at one moment. `assessments` and `coverage` are the account's own.

    `working` are its working hours without its days off: while the user is away nothing is said. `find_slots` answers (client, after,
    before, length, most) with free times, None where the calendar could not be read. `past` is what was said and done before.
    """

    account: Account
    office: Office
    assessments: tuple[Assessment, ...]
    coverage: tuple[Coverage, ...]
    past: PastActions
    find_slots: SlotFinder
    decisions: tuple[Decision, ...]
    policy: Policy
    working: WorkingHours
    absences: tuple[Absence, ...]
    now: datetime

    def done_or_vetoed(self, key: str) -> bool:
        """Whether an action is done already or the user does not want it."""
        return key in self.past.actions or vetoed(key, self.decisions)

    def mentioned(self, obligation: Obligation, stage: str) -> bool:
        """Whether a stage of an obligation was spoken of already, or the user does not want it."""
        return mention_of(obligation, stage) in self.past.mentions or vetoed(mention_key(obligation, stage), self.decisions)

    def next_opening(self, at: datetime) -> datetime:
        """The moment itself, or the next one in working hours."""
        return hours.next_opening(self.working, at)

    def working_days_after(self, at: datetime, working_days: int) -> datetime:
        """The moment so many working days on."""
        return hours.working_days_after(self.working, at, working_days)

    @property
    def today(self) -> date:
        """The user's date."""
        return hours.local_date(self.working, self.now)

    def digest_time(self, day: date) -> datetime:
        """When the digest of a day goes out."""
        return datetime.combine(day, self.policy.digest_at, ZoneInfo(self.account.hours.zone))

    def unsettled(self) -> Iterator[tuple[Obligation, State]]:
        """What is sure, counts and is not settled, each with its state."""
        for a in self.assessments:
            for o in a.obligations:
                if o.counts and o.band is Band.TRACKED and (how := state(o, self.now)) in UNSETTLED:
                    yield o, how

    def reminders_left(self) -> int:
        """How many more mails of the day's budget there are; what goes with the digest or to others is none."""
        today = sum(hours.local_date(self.working, at) == self.today for at in self.past.interruptions)
        return self.policy.interruptions - today

    def own_client(self, name: str) -> Client | None:
        """One of ours whom this account looks after."""
        found = next((c for c in self.office.clients if c.name == name), None)
        return found if found is not None and found.owner in (None, *self.account.addresses) else None

    def announcement_of(self, key: str) -> tuple[datetime, datetime | None] | None:
        """When a digest last told of an action, and for which start; None where none did."""
        return self.past.announcements.get(key)


UNSETTLED = frozenset({State.OPEN, State.DUE_SOON, State.OVERDUE})


def mention_of(obligation: Obligation, stage: str) -> Mention:
    """Return what mentions an obligation at a stage. A further ask or the end of a snooze makes it a new one."""
    if stage == ESCALATED:  # it happens once
        return Mention(obligation.key, stage)
    return Mention(obligation.key, stage, len(obligation.asks), obligation.snoozed_until)


def mention_key(obligation: Obligation, stage: str) -> str:
    """Return the key by which one mention can be vetoed."""
    if stage == ESCALATED:
        return f"escalate:{obligation.key}"
    snooze = f":{obligation.snoozed_until:%Y%m%d%H%M}" if obligation.snoozed_until else ""
    return f"remind:{obligation.key}:{stage}:{len(obligation.asks)}{snooze}"


def mail_read_until(coverage: Iterable[Coverage], moment: datetime) -> bool:
    """Whether all mail was read up to that moment; otherwise an answer may lie where nobody has looked, and nothing is claimed."""
    return all(c.seen_until is not None and c.seen_until >= moment for c in coverage if not c.is_calendar)


def vetoed(key: str, decisions: Iterable[Decision]) -> bool:
    """Whether the user stopped the action with that key. The latest word counts; an undo takes one back."""
    standing: list[Verb] = []
    for decision in sorted(decisions, key=lambda d: d.at):
        if decision.target == key:
            if decision.verb is not Verb.UNDO:
                standing.append(decision.verb)
            elif standing:
                standing.pop()
    return Verb.VETO in standing


def is_booked(review: Obligation, now: datetime) -> bool:
    """Whether a review lies in the calendar ahead."""
    return any(e.type is SourceType.EVENT and e.at > now for e in review.evidence)


def has_address(o: Obligation) -> bool:
    """Whether its contact can be written to: a missed call leaves no more than a number."""
    return o.contact is not None and "@" in o.contact
