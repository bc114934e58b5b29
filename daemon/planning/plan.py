"""What to do, as values: pure, and keyed so that everything happens once.

`plan` is asked at every planner. What it yields with `at` not after `now` is to be done; what reaches others and lies ahead is
only there to be announced by the digest that goes out with it. `mentions` and `announcements` are what counts as said once an
action is queued; `PlanInputs.past` brings them back at the next turn, and what was said is not planned again.

A key makes an action happen once. It is compared and never taken apart; what an action is stands in its fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from daemon.core import hours
from daemon.glossary.actions import ESCALATED, MEETINGS, Action, ActionKind, Announcement, Mention
from daemon.glossary.obligations import Kind, Obligation, State, short_id
from daemon.planning.invites import invites
from daemon.planning.plan_inputs import PlanInputs, has_address, mail_read_until, mention_key, mention_of
from daemon.planning.sheets import sheets

REMINDED = frozenset({Kind.REPLY, Kind.CALLBACK, Kind.PROMISE, Kind.DELIVERABLE})  # the others are the digest's
BATCHED = timedelta(minutes=30)  # what becomes due soon within this time goes with the reminder that is sent anyway


def plan(inputs: PlanInputs) -> tuple[Action, ...]:
    """What is to be done for one account now, and with a digest also what it announces."""
    planner = _Planner(inputs)
    digest = [d for d in [planner.digest()] if d and not inputs.done_or_vetoed(d.key)]
    in_digest = {o.key for d in digest for o in d.obligations}
    reminder = planner.reminder(in_digest)
    mentioned = [o.key for action in (*digest, *reminder) for o in action.obligations]
    return (*digest, *reminder, *planner.drafts(mentioned), *planner.announced(announcing=bool(digest)))


def upcoming(inputs: PlanInputs) -> tuple[Action, ...]:
    """What will be sent or booked next, and when, if nothing changes: the next digest, each thing's next reminder, the rest."""
    planner = _Planner(inputs)
    coming = (planner.next_digest(), *planner.next_reminders(), *planner.announced(announcing=True))
    return tuple(sorted((a for a in coming if not inputs.done_or_vetoed(a.key)), key=lambda a: (a.at, a.key)))


def mentions_of(action: Action) -> tuple[Mention, ...]:
    """Return what is said of single obligations once `action` is queued."""
    if action.kind is ActionKind.ESCALATE:
        return tuple(mention_of(o, ESCALATED) for o in action.obligations)
    return tuple(mention_of(o, stage) for o, stage in zip(action.obligations, action.stages, strict=False))


def announcements_of(action: Action, actions: Iterable[Action]) -> tuple[Announcement, ...]:
    """Return what a digest announces once it is queued; `actions` are all of the same plan."""
    if action.kind is not ActionKind.DIGEST:
        return ()
    announced = announced_by(action, actions)
    return tuple(Announcement(a.key, a.kind, a.client, a.period, a.start if a.kind in MEETINGS else None) for a in announced)


def announced_by(digest: Action, actions: Iterable[Action]) -> tuple[Action, ...]:
    """Return what a digest tells of beforehand: everything of its account's that will reach somebody else than the user."""
    return tuple(a for a in actions if a.account == digest.account and a.reaches_others and a.at > digest.at)


@dataclass(frozen=True, slots=True)
class _Planner:
    """What is said from one position: the digest, reminders with their drafts, and what was or will be announced."""

    inputs: PlanInputs

    # the digest

    def digest(self) -> Action | None:
        """This working morning's digest, from its hour until the day's work ends: a machine that slept sends it on waking."""
        today = hours.local_date(self.inputs.working, self.inputs.now)
        if not hours.is_working_day(self.inputs.working, today):
            return None
        opens = self.inputs.digest_time(today)
        closes = max(hours.day_end(self.inputs.working, today), opens + timedelta(hours=1))
        return self._digest(today, self.inputs.now) if opens <= self.inputs.now < closes else None

    def next_digest(self) -> Action:
        """The first digest that was not sent yet."""
        present = self.digest()
        if present and not self.inputs.done_or_vetoed(present.key):
            return present
        day = hours.local_date(self.inputs.working, self.inputs.now)
        if self.inputs.digest_time(day) <= self.inputs.now or not hours.is_working_day(self.inputs.working, day):
            day = hours.nth_working_day(self.inputs.working, day, 1)
        return self._digest(day, self.inputs.digest_time(day))

    def _digest(self, day: date, at: datetime) -> Action:
        overdue = tuple(o for o, stage in self._remindable() if stage is State.OVERDUE and not self._mentioned(o, stage))
        return Action(
            key=f"digest:{self.inputs.account.address}:{day.isoformat()}",
            period=day,
            kind=ActionKind.DIGEST,
            account=self.inputs.account.address,
            at=at,
            obligations=overdue,
            stages=tuple(State.OVERDUE.value for _ in overdue),
            summary=f"Digest of {day:%A} {day.day} {day:%B}",
        )

    # reminders and drafts

    def reminder(self, mentioned: set[str]) -> tuple[Action, ...]:
        """One mail with all that became due soon or overdue unsaid, inside working hours and within the day's budget."""
        if not hours.is_open(self.inputs.working, self.inputs.now) or self.inputs.reminders_left() <= 0:
            return ()
        fresh = [(o, stage) for o, stage in self._remindable() if o.key not in mentioned and not self._mentioned(o, stage)]
        if not any(self._remind_at(o, stage) <= self.inputs.now for o, stage in fresh):
            return ()
        return (self._reminder(fresh, self.inputs.now),)

    def next_reminders(self) -> Iterator[Action]:
        """For each open thing its next mention, one by one, so that each can be stopped."""
        for o, stage in self._candidates(self.inputs.now + timedelta(days=400)):
            at = self.inputs.next_opening(max(self._remind_at(o, stage), self.inputs.now))
            too_late = self._mentioned(o, stage) or (o.due is not None and at > o.due)
            then = State.OVERDUE if too_late else stage
            if not self._mentioned(o, then):
                at = self.inputs.next_opening(max(self._remind_at(o, then), self.inputs.now))
                yield replace(self._reminder([(o, then)], at), key=mention_key(o, then.value))

    def drafts(self, mentioned: Iterable[str]) -> Iterator[Action]:
        """An answer laid ready for each reply that is spoken of, once: now, or already, should a turn have been cut in between."""
        mentioned_now = frozenset(mentioned)
        for o, stage in self._remindable():
            key = f"draft:{o.key}"
            was_mentioned = o.key in mentioned_now or mention_of(o, stage.value) in self.inputs.past.mentions
            if (
                self.inputs.policy.drafts
                and was_mentioned
                and o.kind is Kind.REPLY
                and o.reply_to
                and has_address(o)
                and not self.inputs.done_or_vetoed(key)
            ):
                summary = f"Draft of an answer to {o.client}"
                yield Action(
                    key, ActionKind.DRAFT, o.account, self.inputs.now, client=o.client, obligations=(o,), summary=summary
                )

    def _reminder(self, of: Sequence[tuple[Obligation, State]], at: datetime) -> Action:
        keys = sorted(mention_key(o, stage.value) for o, stage in of)
        clients = ", ".join(dict.fromkeys(o.client for o, _ in of))
        return Action(
            key=f"reminder:{self.inputs.account.address}:{short_id(chr(10).join(keys))}",
            kind=ActionKind.REMIND,
            account=self.inputs.account.address,
            at=at,
            client=of[0][0].client if len({o.client for o, _ in of}) == 1 else None,
            obligations=tuple(o for o, _ in of),
            stages=tuple(stage.value for _, stage in of),
            summary=f"Reminder: {clients}" if len(of) > 1 else f"Reminder: {of[0][0].summary}",
        )

    def _remindable(self) -> Iterator[tuple[Obligation, State]]:
        """What is due soon or overdue, or will be within the gathering time, and was looked for everywhere."""
        for o, stage in self._candidates(self.inputs.now + BATCHED):
            began = o.due if stage is State.OVERDUE else self._remind_at(o, stage)
            if began is None or mail_read_until(self.inputs.coverage, min(began, self.inputs.now)):
                yield o, stage

    def _candidates(self, until: datetime) -> Iterator[tuple[Obligation, State]]:
        """What reminders may speak of before `until`, most pressing first, each with the stage it is at by then."""
        owed = ((o, how) for o, how in self.inputs.unsettled() if o.kind in REMINDED)
        standing = [(o.due, o.key, o, how) for o, how in owed if o.due is not None]
        for _, _, o, how in sorted(standing, key=lambda found: found[:2]):
            if how is not State.OPEN or self._remind_at(o, State.DUE_SOON) <= until:
                yield o, State.OVERDUE if how is State.OVERDUE else State.DUE_SOON

    def _remind_at(self, o: Obligation, stage: State) -> datetime:
        """When a stage is worth saying; what would fall outside working hours is brought forward into them."""
        moment = o.due if stage is State.OVERDUE or o.remind_at is None else o.remind_at
        if moment is None or stage is State.OVERDUE or hours.is_open(self.inputs.working, moment):
            return moment or self.inputs.now
        return hours.subtract(self.inputs.working, moment, BATCHED)

    def _mentioned(self, o: Obligation, stage: State) -> bool:
        return self.inputs.mentioned(o, stage.value)

    # what reaches others

    def announced(self, *, announcing: bool) -> Iterator[Action]:
        """Invites and sheets: those whose time has come, and with a digest those that it tells of."""
        digest_at = self.next_digest().at
        yield from invites(self.inputs, digest_at, announcing=announcing)
        yield from sheets(self.inputs, digest_at, announcing=announcing)
