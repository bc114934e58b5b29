"""What to do, as values: pure, and keyed so that everything happens once.

`plan` is asked at every turn. What it yields with `at` not after `now` is to be done; what reaches others and lies ahead is
only there to be announced by the digest that goes out with it. `says` names the keys that count as said once an action is
queued; `said` brings them back at the next turn, and what was said is not planned again. Keys:

digest:<account>:<local date>                   one each working morning
remind:<obligation>:<stage>:<asks>[:<snooze>]   one obligation at one stage; another ask, or the end of a snooze, is news
reminder:<account>:<hash>                       the mail that carried some of those; the budget counts these
draft:<obligation>                              the answer laid ready
review:<client>:<due date>                      the invite; recovery:<client>:<due date> to a recovery meeting
escalate:<obligation>                           it went to the manager; escalation:<account>:<hash> is the mail
touch_base:<account>:<Monday>                   the weekly sheet
handover:<client>                               what a client just won expects
cover:<account>:<first day>                     what is open while the user is away
announce:<key>@<start>                          the digest that announced it, for that time where it has one
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from daemon.core import hours
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.obligations import Kind, Obligation, State, short_id
from daemon.planning.invites import invites
from daemon.planning.plan_inputs import Position, announce_key, read_since, writable
from daemon.planning.sheets import escalate_key, sheets

REMINDED = frozenset({Kind.REPLY, Kind.CALLBACK, Kind.PROMISE, Kind.DELIVERABLE})  # the others are the digest's
GATHER = timedelta(minutes=30)  # what becomes due soon within this time goes with the reminder that is sent anyway


def plan(here: Position) -> tuple[Action, ...]:
    """What is to be done for one account now, and with a digest also what it announces."""
    turn = _Turn(here)
    digest = [d for d in [turn.digest()] if d and not here.stopped(d.key)]
    mentioned = {o.key for d in digest for o in d.obligations}
    reminder = turn.reminder(mentioned)
    spoken_of = [o.key for action in (*digest, *reminder) for o in action.obligations]
    return (*digest, *reminder, *turn.drafts(spoken_of), *turn.announced(announcing=bool(digest)))


def upcoming(here: Position) -> tuple[Action, ...]:
    """What will be sent or booked next, and when, if nothing changes: the next digest, each thing's next reminder, the rest."""
    turn = _Turn(here)
    coming = (turn.next_digest(), *turn.next_reminders(), *turn.announced(announcing=True))
    return tuple(sorted((a for a in coming if not here.stopped(a.key)), key=lambda a: (a.at, a.key)))


def says(action: Action, actions: Iterable[Action]) -> tuple[str, ...]:
    """The keys that count as said once `action` is queued; `actions` are all of the same plan."""
    keys = [action.key, *(remind_key(o, stage) for o, stage in zip(action.obligations, action.stages, strict=False))]
    if action.kind is ActionKind.DIGEST:
        keys += [announce_key(other) for other in announced_by(action, actions)]
    if action.kind is ActionKind.ESCALATE:
        keys += [escalate_key(o) for o in action.obligations]
    return tuple(dict.fromkeys(keys))


def announced_by(digest: Action, actions: Iterable[Action]) -> tuple[Action, ...]:
    """What a digest tells of beforehand: everything of its account's that will reach somebody else than the user."""
    return tuple(a for a in actions if a.account == digest.account and a.reaches_others and a.at > digest.at)


def remind_key(obligation: Obligation, stage: str) -> str:
    """The key of one mention. A further ask or the end of a snooze makes it a new one."""
    snooze = f":{obligation.snoozed_until:%Y%m%d%H%M}" if obligation.snoozed_until else ""
    return f"remind:{obligation.key}:{stage}:{len(obligation.asks)}{snooze}"


@dataclass(frozen=True, slots=True)
class _Turn:
    """What is said from one position: the digest, reminders with their drafts, and what was or will be announced."""

    here: Position

    # the digest

    def digest(self) -> Action | None:
        """This working morning's digest, from its hour until the day's work ends: a machine that slept sends it on waking."""
        today = hours.local_date(self.here.working, self.here.now)
        if not hours.is_working_day(self.here.working, today):
            return None
        opens = self.here.digest_time(today)
        closes = max(hours.day_end(self.here.working, today), opens + timedelta(hours=1))
        return self._digest(today, self.here.now) if opens <= self.here.now < closes else None

    def next_digest(self) -> Action:
        """The first digest that was not sent yet."""
        present = self.digest()
        if present and not self.here.stopped(present.key):
            return present
        day = hours.local_date(self.here.working, self.here.now)
        if self.here.digest_time(day) <= self.here.now or not hours.is_working_day(self.here.working, day):
            day = hours.nth_working_day(self.here.working, day, 1)
        return self._digest(day, self.here.digest_time(day))

    def _digest(self, day: date, at: datetime) -> Action:
        overdue = tuple(o for o, stage in self._speakable() if stage is State.OVERDUE and not self._mentioned(o, stage))
        return Action(
            key=f"digest:{self.here.account.address}:{day.isoformat()}",
            kind=ActionKind.DIGEST,
            account=self.here.account.address,
            at=at,
            obligations=overdue,
            stages=tuple(State.OVERDUE.value for _ in overdue),
            summary=f"Digest of {day:%A} {day.day} {day:%B}",
        )

    # reminders and drafts

    def reminder(self, mentioned: set[str]) -> tuple[Action, ...]:
        """One mail with all that became due soon or overdue unsaid, inside working hours and within the day's budget."""
        if not hours.is_open(self.here.working, self.here.now) or self.here.interruptions_left() <= 0:
            return ()
        fresh = [(o, stage) for o, stage in self._speakable() if o.key not in mentioned and not self._mentioned(o, stage)]
        if not any(self._speaks_at(o, stage) <= self.here.now for o, stage in fresh):
            return ()
        return (self._reminder(fresh, self.here.now),)

    def next_reminders(self) -> Iterator[Action]:
        """For each open thing its next mention, one by one, so that each can be stopped."""
        for o, stage in self._candidates(self.here.now + timedelta(days=400)):
            at = self.here.opening(max(self._speaks_at(o, stage), self.here.now))
            too_late = self._mentioned(o, stage) or (o.due is not None and at > o.due)
            then = State.OVERDUE if too_late else stage
            if not self._mentioned(o, then):
                at = self.here.opening(max(self._speaks_at(o, then), self.here.now))
                yield replace(self._reminder([(o, then)], at), key=remind_key(o, then))

    def drafts(self, spoken_of: Iterable[str]) -> Iterator[Action]:
        """An answer laid ready for each reply that is spoken of, once: now, or already, should a turn have been cut in between."""
        now_spoken_of = frozenset(spoken_of)
        for o, stage in self._speakable():
            key = f"draft:{o.key}"
            mentioned = o.key in now_spoken_of or remind_key(o, stage.value) in self.here.said
            if (
                self.here.policy.drafts
                and mentioned
                and o.kind is Kind.REPLY
                and o.reply_to
                and writable(o)
                and not self.here.stopped(key)
            ):
                summary = f"Draft of an answer to {o.client}"
                yield Action(key, ActionKind.DRAFT, o.account, self.here.now, client=o.client, obligations=(o,), summary=summary)

    def _reminder(self, of: Sequence[tuple[Obligation, State]], at: datetime) -> Action:
        keys = sorted(remind_key(o, stage.value) for o, stage in of)
        clients = ", ".join(dict.fromkeys(o.client for o, _ in of))
        return Action(
            key=f"reminder:{self.here.account.address}:{short_id(chr(10).join(keys))}",
            kind=ActionKind.REMIND,
            account=self.here.account.address,
            at=at,
            client=of[0][0].client if len({o.client for o, _ in of}) == 1 else None,
            obligations=tuple(o for o, _ in of),
            stages=tuple(stage.value for _, stage in of),
            summary=f"Reminder: {clients}" if len(of) > 1 else f"Reminder: {of[0][0].summary}",
        )

    def _speakable(self) -> Iterator[tuple[Obligation, State]]:
        """What is due soon or overdue, or will be within the gathering time, and was looked for everywhere."""
        for o, stage in self._candidates(self.here.now + GATHER):
            began = o.due if stage is State.OVERDUE else self._speaks_at(o, stage)
            if began is None or read_since(self.here.coverage, min(began, self.here.now)):
                yield o, stage

    def _candidates(self, until: datetime) -> Iterator[tuple[Obligation, State]]:
        """What reminders may speak of before `until`, most pressing first, each with the stage it is at by then."""
        owed = ((o, how) for o, how in self.here.standing() if o.kind in REMINDED)
        standing = [(o.due, o.key, o, how) for o, how in owed if o.due is not None]
        for _, _, o, how in sorted(standing, key=lambda found: found[:2]):
            if how is not State.OPEN or self._speaks_at(o, State.DUE_SOON) <= until:
                yield o, State.OVERDUE if how is State.OVERDUE else State.DUE_SOON

    def _speaks_at(self, o: Obligation, stage: State) -> datetime:
        """When a stage is worth saying; what would fall outside working hours is brought forward into them."""
        moment = o.due if stage is State.OVERDUE or o.remind_at is None else o.remind_at
        if moment is None or stage is State.OVERDUE or hours.is_open(self.here.working, moment):
            return moment or self.here.now
        return hours.subtract(self.here.working, moment, GATHER)

    def _mentioned(self, o: Obligation, stage: State) -> bool:
        return self.here.stopped(remind_key(o, stage.value))

    # what reaches others

    def announced(self, *, announcing: bool) -> Iterator[Action]:
        """Invites and sheets: those whose time has come, and with a digest those that it tells of."""
        digest_at = self.next_digest().at
        yield from invites(self.here, digest_at, announcing=announcing)
        yield from sheets(self.here, digest_at, announcing=announcing)
