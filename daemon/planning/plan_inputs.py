"""The inputs of a plan: one account at one moment, with the questions that every part of planning asks of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from connectors.calendar import Busy
from daemon.core import hours
from daemon.core.absence import Absence
from daemon.glossary.actions import ESCALATED, Mention, Offer, SavedDraft
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.charter import WorkingHours
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Band, Kind, Obligation, State, state, times_asked
from daemon.glossary.parties import Account, Client, Office
from daemon.planning.invitation_answers import InvitationAnswer

LEFT_OVER = timedelta(days=14)  # how long after a reply was settled its draft is looked for

SlotFinder: TypeAlias = Callable[[Client, datetime, datetime, timedelta, int], tuple[Busy, ...] | None]


@dataclass(frozen=True, slots=True)
class Policy:
    """The user's preferences.

    `digest_at` is in the account's local time. `notice` is the number of working days between a digest and what it announces,
    `review_lead` the number of working days before its due date from which a review is booked, `interruptions` the most
    reminder mails in a day, `digest_lines` the most lines of a digest. `mail_links` is the kind of link that opens an email which has no
    page on the web: message, mid or none. `agenda_figures` says whether a review's agenda counts what was on time and what was late.
    """

    digest_at: time = time(7, 30)
    review_length: timedelta = timedelta(minutes=60)
    notice: int = 1
    review_lead: int = 20
    interruptions: int = 5
    drafts: bool = True
    digest_lines: int = 7
    mail_links: str = "none"
    agenda_figures: bool = False


@dataclass(frozen=True, slots=True)
class PastActions:
    """What was said to one account and done for it, as far as a plan needs it.

    `mentions` and `actions` (by key) map to the moment at which each was queued in the outbox; those that were refused are left
    out. `announcements` map an action's key to when it was announced and for which start; only delivered digests count.
    `unsure` are the mentions of letters alone whose fate is unknown: no reminder repeats them, and the next digest does.
    `saved_drafts` are the latest drafts of what is open or was settled of late, by the obligation's key. `interruptions` are the
    moments of the reminder mails that count towards a day's limit, `first_digest` is the moment of the account's first digest.
    """

    mentions: Mapping[Mention, datetime] = field(default_factory=dict)
    actions: Mapping[str, datetime] = field(default_factory=dict)
    announcements: Mapping[str, tuple[datetime, datetime | None]] = field(default_factory=dict)
    interruptions: Sequence[datetime] = ()
    first_digest: datetime | None = None
    unsure: frozenset[Mention] = frozenset()
    saved_drafts: Mapping[str, SavedDraft] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """Everything that one account's plan follows from, at one moment.

    `assessments` and `coverage` are this account's own. `working` are its working hours without its days off: nothing is said
    while the user is away. `find_slots` takes a client, two moments between which to look, a length and the most slots wanted,
    and returns free times, or None if the calendar could not be read. `past` is what was said and done before.
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
    answers: tuple[InvitationAnswer, ...] = ()  # what became of the meetings that Kept booked, as far as it is news
    held: tuple[Offer, ...] = ()  # times that drafts to clients have offered
    may_book: bool = True  # False where the calendar for meetings may only be read: nothing is announced then

    def done_or_vetoed(self, key: str) -> bool:
        """Return whether the action with this key was done before, or the user vetoed it."""
        return key in self.past.actions or vetoed(key, self.decisions)

    def mentioned(self, obligation: Obligation, stage: str) -> bool:
        """Return whether an obligation was mentioned at this stage before, or the user vetoed the mention."""
        return mention_of(obligation, stage) in self.past.mentions or vetoed(mention_key(obligation, stage), self.decisions)

    def next_opening(self, at: datetime) -> datetime:
        """Return the moment itself if it is in working hours, else the next opening."""
        return hours.next_opening(self.working, at)

    def working_days_after(self, at: datetime, working_days: int) -> datetime:
        """Return the moment `working_days` later; earlier, if negative."""
        return hours.working_days_after(self.working, at, working_days)

    @property
    def today(self) -> date:
        """The date in the account's time zone."""
        return hours.local_date(self.working, self.now)

    def digest_time(self, day: date) -> datetime:
        """Return when the digest of a day goes out."""
        return datetime.combine(day, self.policy.digest_at, ZoneInfo(self.account.hours.zone))

    def unsettled(self) -> Iterator[tuple[Obligation, State]]:
        """Yield each unsettled obligation that is tracked and counts, with its state."""
        for a in self.assessments:
            for o in a.obligations:
                if o.counts and o.band is Band.TRACKED and (current := state(o, self.now)) in UNSETTLED:
                    yield o, current

    def reminders_left(self) -> int:
        """Return how many more reminder mails may be sent today. Digests, and mail to others, do not count."""
        today = sum(hours.local_date(self.working, at) == self.today for at in self.past.interruptions)
        return self.policy.interruptions - today

    def own_client(self, name: str) -> Client | None:
        """Return the client with this name if this account looks after them, else None."""
        client = next((c for c in self.office.clients if c.name == name), None)
        return client if client is not None and client.owner in (None, *self.account.addresses) else None

    def client_key(self, name: str) -> str:
        """Return the key of the client with this name."""
        return next((c.key for c in self.office.clients if c.name == name), name)

    def notice_over(self, key: str, announced: datetime, base: datetime) -> datetime:
        """Return when what a digest announced goes out: at `base`, not before the notice is over; now where the user let it go."""
        if released(key, self.decisions, announced):
            return self.now
        return self.next_opening(max(base, self.working_days_after(announced, self.policy.notice)))

    def announcement_of(self, key: str) -> tuple[datetime, datetime | None] | None:
        """Return when a digest announced the action with this key, and for which start; None if none did."""
        return self.past.announcements.get(key)


UNSETTLED = frozenset({State.OPEN, State.DUE_SOON, State.OVERDUE})


def mention_of(obligation: Obligation, stage: str) -> Mention:
    """Return the mention of an obligation at a stage. A further request or the end of a snooze makes a new one."""
    if stage == ESCALATED:  # it happens once
        return Mention(obligation.key, stage)
    return Mention(obligation.key, stage, times_asked(obligation), obligation.snoozed_until)


def mention_key(obligation: Obligation, stage: str) -> str:
    """Return the key by which this mention can be vetoed."""
    if stage == ESCALATED:
        return f"escalate:{obligation.key}"
    snooze = f":{obligation.snoozed_until:%Y%m%d%H%M}" if obligation.snoozed_until else ""
    return f"remind:{obligation.key}:{stage}:{times_asked(obligation)}{snooze}"


def mail_read_until(coverage: Iterable[Coverage], moment: datetime) -> bool:
    """Return whether every mailbox was read up to that moment. If not, an answer may lie unread, and nothing may be claimed."""
    return all(c.seen_until is not None and c.seen_until >= moment for c in coverage if not c.is_calendar)


def vetoed(key: str, decisions: Iterable[Decision]) -> bool:
    """Return whether the user vetoed the action with this key. An undo takes the latest decision back."""
    return any(d.verb is Verb.VETO for d in _in_force(key, decisions))


def released(key: str, decisions: Iterable[Decision], announced: datetime) -> bool:
    """Return whether the user let an action go out before its notice is over, as it was announced at that moment.

    What is announced again, for another time, was not meant.
    """
    return any(d.verb is Verb.RELEASE and d.at >= announced for d in _in_force(key, decisions))


def _in_force(key: str, decisions: Iterable[Decision]) -> Sequence[Decision]:
    in_force: list[Decision] = []
    for decision in sorted((d for d in decisions if d.target == key), key=lambda d: d.at):
        if decision.verb is not Verb.UNDO:
            in_force.append(decision)
        elif in_force:
            in_force.pop()
    return in_force


def settled_of_late(o: Obligation, now: datetime) -> bool:
    """Return whether a reply was settled within the last days, so that a draft of it may be left over."""
    return o.kind is Kind.REPLY and o.closed is not None and timedelta(0) <= now - o.closed <= LEFT_OVER


def has_address(o: Obligation) -> bool:
    """Return whether the contact can be written to: a missed call may leave only a number."""
    return o.contact is not None and "@" in o.contact
