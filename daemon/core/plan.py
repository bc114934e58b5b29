"""What to do, as values: pure, and keyed so that everything happens once.

`plan` is asked at every turn. What it yields with `at` not after `now` is to be done; an invite whose `at` lies ahead is
only there to be announced by the digest that goes out with it. `says` names the keys that count as said once an action is
queued; `said` brings them back at the next turn, and what was said is not planned again. Keys:

digest:<account>:<local date>                   one each working morning
remind:<obligation>:<stage>:<asks>[:<snooze>]   one obligation at one stage; another ask, or the end of a snooze, is news
reminder:<account>:<hash>                       the mail that carried some of those; the budget counts these
draft:<obligation>                              the answer laid ready
review:<client>:<due date>                      the invite
announce:<invite's key>@<start>                 the digest that announced it for that time
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from connectors.calendar import Busy
from daemon.core import hours
from daemon.core.model import (
    Account,
    Action,
    ActionKind,
    Assessment,
    Band,
    Client,
    Coverage,
    Decision,
    Kind,
    Obligation,
    Office,
    SourceType,
    State,
    Verb,
    short_id,
    state,
)

REMINDED = frozenset({Kind.REPLY, Kind.CALLBACK, Kind.PROMISE})  # the others are the digest's
_UNSETTLED = frozenset({State.OPEN, State.DUE_SOON, State.OVERDUE})
GATHER = timedelta(minutes=30)  # what becomes due soon within this time goes with the reminder that is sent anyway
CLIENT_NOTICE = 3  # working days that a client has at least between an invite and the meeting
LATER = 15  # working days after the due date within which a review is still offered

Slots: TypeAlias = Callable[[Client, datetime, datetime, timedelta, int], tuple[Busy, ...] | None]


@dataclass(frozen=True, slots=True)
class Policy:
    """How the user wants to be served.

    `digest_at` is local time. `review_notice` counts working days between the announcing digest and the booking,
    `review_lead` those before the due date from which a review is booked. `interruptions` is the most reminder mails a day.
    """

    digest_at: time = time(7, 30)
    review_length: timedelta = timedelta(minutes=60)
    review_notice: int = 1
    review_lead: int = 20
    interruptions: int = 5
    drafts: bool = True


def plan(
    account: Account,
    office: Office,
    assessments: Sequence[Assessment],
    coverage: Sequence[Coverage],
    said: Mapping[str, datetime],
    slots: Slots,
    decisions: Sequence[Decision],
    policy: Policy,
    now: datetime,
) -> tuple[Action, ...]:
    """What is to be done for one account at `now`, and with a digest also the invites that it announces.

    `assessments` and `coverage` are the account's own. `slots` answers (client, after, before, length, most) with free
    times, None where the calendar could not be read.
    """
    desk = _Desk(account, office, tuple(assessments), tuple(coverage), said, slots, tuple(decisions), policy, now)
    digest = [d for d in [desk.digest()] if d and not desk.stopped(d.key)]
    mentioned = {o.key for d in digest for o in d.obligations}
    reminder = desk.reminder(mentioned)
    spoken_of = [o.key for action in (*digest, *reminder) for o in action.obligations]
    return (*digest, *reminder, *desk.drafts(spoken_of), *desk.invites(announcing=bool(digest)))


def upcoming(
    account: Account,
    office: Office,
    assessments: Sequence[Assessment],
    coverage: Sequence[Coverage],
    said: Mapping[str, datetime],
    slots: Slots,
    decisions: Sequence[Decision],
    policy: Policy,
    now: datetime,
) -> tuple[Action, ...]:
    """What will be sent or booked next, and when, if nothing changes: the next digest, each thing's next reminder, the invites."""
    desk = _Desk(account, office, tuple(assessments), tuple(coverage), said, slots, tuple(decisions), policy, now)
    coming = (desk.next_digest(), *desk.next_reminders(), *desk.invites(announcing=True))
    return tuple(sorted((a for a in coming if not desk.stopped(a.key)), key=lambda a: (a.at, a.key)))


def says(action: Action, actions: Iterable[Action]) -> tuple[str, ...]:
    """The keys that count as said once `action` is queued; `actions` are all of the same plan."""
    keys = [action.key, *(remind_key(o, stage) for o, stage in zip(action.obligations, action.stages, strict=False))]
    if action.kind is ActionKind.DIGEST:
        keys += [announce_key(invite) for invite in announced_by(action, actions)]
    return tuple(keys)


def announced_by(digest: Action, actions: Iterable[Action]) -> tuple[Action, ...]:
    """What a digest tells of beforehand: everything of its account's that will reach a client."""
    return tuple(a for a in actions if a.account == digest.account and a.reaches_client and a.at > digest.at)


def remind_key(obligation: Obligation, stage: str) -> str:
    """The key of one mention. A further ask or the end of a snooze makes it a new one."""
    snooze = f":{obligation.snoozed_until:%Y%m%d%H%M}" if obligation.snoozed_until else ""
    return f"remind:{obligation.key}:{stage}:{len(obligation.asks)}{snooze}"


def announce_key(invite: Action) -> str:
    """The key of the announcement of an invite for its present start."""
    return f"announce:{invite.key}@{invite.start.isoformat() if invite.start else ''}"


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


def _writable(o: Obligation) -> bool:
    """Whether its contact can be written to: a missed call leaves no more than a number."""
    return o.contact is not None and "@" in o.contact


def _clear(slot: Busy, taken: Iterable[Busy]) -> bool:
    return all(slot.end <= other.start or slot.start >= other.end for other in taken)


@dataclass(frozen=True, slots=True)
class _Desk:
    """One account at one moment, with all that its plan follows from."""

    account: Account
    office: Office
    assessments: tuple[Assessment, ...]
    coverage: tuple[Coverage, ...]
    said: Mapping[str, datetime]
    slots: Slots
    decisions: tuple[Decision, ...]
    policy: Policy
    now: datetime

    def stopped(self, key: str) -> bool:
        """Whether it is done already or the user does not want it."""
        return key in self.said or vetoed(key, self.decisions)

    # the digest

    def digest(self) -> Action | None:
        """This working morning's digest, from its hour until the day's work ends: a machine that slept sends it on waking."""
        today = hours.local_date(self.account.hours, self.now)
        if not hours.is_working_day(self.account.hours, today):
            return None
        opens = self._digest_time(today)
        closes = max(hours.day_end(self.account.hours, today), opens + timedelta(hours=1))
        return self._digest(today, self.now) if opens <= self.now < closes else None

    def next_digest(self) -> Action:
        """The first digest that was not sent yet."""
        present = self.digest()
        if present and not self.stopped(present.key):
            return present
        day = hours.local_date(self.account.hours, self.now)
        if self._digest_time(day) <= self.now or not hours.is_working_day(self.account.hours, day):
            day = hours.nth_working_day(self.account.hours, day, 1)
        return self._digest(day, self._digest_time(day))

    def _digest(self, day: date, at: datetime) -> Action:
        overdue = tuple(o for o, stage in self._speakable() if stage is State.OVERDUE and not self._mentioned(o, stage))
        return Action(
            key=f"digest:{self.account.address}:{day.isoformat()}",
            kind=ActionKind.DIGEST,
            account=self.account.address,
            at=at,
            obligations=overdue,
            stages=tuple(State.OVERDUE.value for _ in overdue),
            summary=f"Digest of {day:%A} {day.day} {day:%B}",
        )

    def _digest_time(self, day: date) -> datetime:
        return datetime.combine(day, self.policy.digest_at, ZoneInfo(self.account.hours.zone))

    # reminders and drafts

    def reminder(self, mentioned: set[str]) -> tuple[Action, ...]:
        """One mail with all that became due soon or overdue unsaid, inside working hours and within the day's budget."""
        if not hours.is_open(self.account.hours, self.now) or self._reminders_today() >= self.policy.interruptions:
            return ()
        fresh = [(o, stage) for o, stage in self._speakable() if o.key not in mentioned and not self._mentioned(o, stage)]
        if not any(self._speaks_at(o, stage) <= self.now for o, stage in fresh):
            return ()
        return (self._reminder(fresh, self.now),)

    def next_reminders(self) -> Iterator[Action]:
        """For each open thing its next mention, one by one, so that each can be stopped."""
        for o, stage in self._candidates(self.now + timedelta(days=400)):
            at = self._opening(max(self._speaks_at(o, stage), self.now))
            too_late = self._mentioned(o, stage) or (o.due is not None and at > o.due)
            then = State.OVERDUE if too_late else stage
            if not self._mentioned(o, then):
                at = self._opening(max(self._speaks_at(o, then), self.now))
                yield replace(self._reminder([(o, then)], at), key=remind_key(o, then))

    def drafts(self, spoken_of: Iterable[str]) -> Iterator[Action]:
        """An answer laid ready for each reply that is spoken of, once: now, or already, should a turn have been cut in between."""
        now_spoken_of = frozenset(spoken_of)
        for o, stage in self._speakable():
            key = f"draft:{o.key}"
            mentioned = o.key in now_spoken_of or remind_key(o, stage.value) in self.said
            if (
                self.policy.drafts
                and mentioned
                and o.kind is Kind.REPLY
                and o.reply_to
                and _writable(o)
                and not self.stopped(key)
            ):
                summary = f"Draft of an answer to {o.client}"
                yield Action(key, ActionKind.DRAFT, o.account, self.now, client=o.client, obligations=(o,), summary=summary)

    def _reminder(self, of: Sequence[tuple[Obligation, State]], at: datetime) -> Action:
        keys = sorted(remind_key(o, stage.value) for o, stage in of)
        clients = ", ".join(dict.fromkeys(o.client for o, _ in of))
        return Action(
            key=f"reminder:{self.account.address}:{short_id(chr(10).join(keys))}",
            kind=ActionKind.REMIND,
            account=self.account.address,
            at=at,
            client=of[0][0].client if len({o.client for o, _ in of}) == 1 else None,
            obligations=tuple(o for o, _ in of),
            stages=tuple(stage.value for _, stage in of),
            summary=f"Reminder: {clients}" if len(of) > 1 else f"Reminder: {of[0][0].summary}",
        )

    def _speakable(self) -> Iterator[tuple[Obligation, State]]:
        """What is due soon or overdue, or will be within the gathering time, and was looked for everywhere."""
        for o, stage in self._candidates(self.now + GATHER):
            began = o.due if stage is State.OVERDUE else self._speaks_at(o, stage)
            if began is None or read_since(self.coverage, min(began, self.now)):
                yield o, stage

    def _candidates(self, until: datetime) -> Iterator[tuple[Obligation, State]]:
        """What reminders may speak of before `until`, most pressing first, each with the stage it is at by then."""
        sure = (o for a in self.assessments for o in a.obligations if o.counts and o.band is Band.TRACKED)
        owed = ((o, state(o, self.now)) for o in sure if o.kind in REMINDED)
        standing = [(o.due, o.key, o, how) for o, how in owed if o.due is not None and how in _UNSETTLED]
        for _, _, o, how in sorted(standing, key=lambda found: found[:2]):
            if how is not State.OPEN or self._speaks_at(o, State.DUE_SOON) <= until:
                yield o, State.OVERDUE if how is State.OVERDUE else State.DUE_SOON

    def _speaks_at(self, o: Obligation, stage: State) -> datetime:
        """When a stage is worth saying; what would fall outside working hours is brought forward into them."""
        moment = o.due if stage is State.OVERDUE or o.remind_at is None else o.remind_at
        if moment is None or stage is State.OVERDUE or hours.is_open(self.account.hours, moment):
            return moment or self.now
        return hours.subtract(self.account.hours, moment, GATHER)

    def _mentioned(self, o: Obligation, stage: State) -> bool:
        return self.stopped(remind_key(o, stage.value))

    def _reminders_today(self) -> int:
        today = hours.local_date(self.account.hours, self.now)
        prefix = f"reminder:{self.account.address}:"
        return sum(hours.local_date(self.account.hours, at) == today for key, at in self.said.items() if key.startswith(prefix))

    def _opening(self, at: datetime) -> datetime:
        return hours.next_opening(self.account.hours, at)

    # reviews

    def invites(self, *, announcing: bool) -> Iterator[Action]:
        """Reviews to be booked: announced ones for their announced time, and where a digest can tell of them, new ones.

        What one of them takes is free for no other.
        """
        taken: list[Busy] = []
        clients = {c.name: c for c in self.office.clients}
        for o in (o for a in self.assessments for o in a.obligations if o.kind is Kind.REVIEW and o.client in clients):
            key = f"review:{o.client}:{hours.local_date(self.account.hours, o.due)}" if o.due else ""
            if self._bookable(o, clients[o.client]) and not self.stopped(key):
                invite = self._announced(o, clients[o.client], key, taken, look=announcing)
                if invite is None and announcing:
                    invite = self._proposed(o, clients[o.client], key, taken)
                if invite is not None and invite.start is not None and invite.end is not None:
                    taken.append(Busy(invite.start, invite.end))
                    yield invite

    def _bookable(self, o: Obligation, client: Client) -> bool:
        if o.due is None or not _writable(o) or state(o, self.now) not in (State.OPEN, State.DUE_SOON, State.OVERDUE):
            return False
        near = hours.working_days_after(self.account.hours, o.due, -self.policy.review_lead) <= self.now
        return near and client.owner in (None, *self.account.addresses) and not booked(o, self.now)

    def _announced(self, o: Obligation, client: Client, key: str, taken: Sequence[Busy], *, look: bool) -> Action | None:
        """The invite for the time that a digest announced; None where there was none or that time is no longer good.

        Before it goes out, or with `look` earlier, the calendar is asked whether the time is still free.
        """
        prefix = f"announce:{key}@"
        told = [(at, k) for k, at in self.said.items() if k.startswith(prefix)]
        if not told:
            return None
        said_at, announcement = max(told)
        start = datetime.fromisoformat(announcement.removeprefix(prefix))
        at = self._opening(max(hours.working_days_after(self.account.hours, said_at, self.policy.review_notice), self.now))
        late = hours.working_days_after(self.account.hours, max(at, self.now), 1) > start
        if late or not _clear(Busy(start, start + self.policy.review_length), taken):
            return None
        if look or at <= self.now:
            free = self.slots(client, start, start + self.policy.review_length, self.policy.review_length, 1)
            unread_but_not_yet_due = free is None and at > self.now
            if not unread_but_not_yet_due and (not free or free[0].start != start):
                return None
        return self._invite(o, key, at, start)

    def _proposed(self, o: Obligation, client: Client, key: str, taken: Sequence[Busy]) -> Action | None:
        """An invite that no digest told of yet, for the first good time before the due date, or soon after where there is none."""
        working = self.account.hours
        at = self._opening(hours.working_days_after(working, self.next_digest().at, self.policy.review_notice))
        after = hours.working_days_after(working, at, CLIENT_NOTICE)
        due = o.due or after
        for before in (due, hours.working_days_after(working, max(due, after), LATER)):
            start = self._free(client, after, before, taken) if before > after else None
            if start is not None:
                return self._invite(o, key, at, start)
        return None

    def _free(self, client: Client, after: datetime, before: datetime, taken: Sequence[Busy]) -> datetime | None:
        """The first free start between two moments; None as well where the calendar could not be read."""
        found = self.slots(client, after, before, self.policy.review_length, 1 + 3 * len(taken)) or ()
        return next((slot.start for slot in found if _clear(slot, taken)), None)

    def _invite(self, o: Obligation, key: str, at: datetime, start: datetime) -> Action:
        return Action(
            key=key,
            kind=ActionKind.INVITE,
            account=self.account.address,
            at=at,
            client=o.client,
            obligations=(o,),
            start=start,
            end=start + self.policy.review_length,
            attendees=(o.contact,) if o.contact else (),
            summary=f"Invite {o.contact} to a review with {o.client}",
        )
