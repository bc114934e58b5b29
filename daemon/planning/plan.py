"""Plan what to do for one account, as values: pure, and keyed so that everything happens once.

`plan` runs at every turn. An action whose `at` is not after `now` is to be carried out. A later one is there only for the digest
of the same plan to announce. Once an action is queued, its `mentions_of` and `announcements_of` count as said;
`PlanInputs.past` brings them back at the next turn, and nothing is said twice.

Keys are only compared, never parsed: what an action is stands in its fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from daemon.core import hours
from daemon.glossary.actions import ASKED, ESCALATED, GAP, MEETINGS, Action, ActionKind, Announcement, Mention
from daemon.glossary.faults import Faults, strict
from daemon.glossary.gaps import unfilled
from daemon.glossary.obligations import Kind, Obligation, State, asked, short_id, state
from daemon.planning.invites import invites
from daemon.planning.plan_inputs import (
    UNSETTLED,
    PlanInputs,
    has_address,
    mail_read_until,
    mention_key,
    mention_of,
    settled_of_late,
)
from daemon.planning.sheets import SHEETS, escalation
from daemon.planning.worth_saying import Morning, questions

REMINDED = frozenset({Kind.REPLY, Kind.CALLBACK, Kind.PROMISE, Kind.DELIVERABLE})  # other kinds appear in the digest alone
BATCHED = timedelta(minutes=30)  # a reminder includes whatever becomes due soon within this time


def plan(inputs: PlanInputs, faults: Faults | None = None) -> tuple[Action, ...]:
    """Return what to do for one account now, and if a digest is due, also the later actions that it announces.

    A client at whom a part of the plan raises an unforeseen error is left out of that part, and `faults` name it; without `faults`
    the error is raised. A digest that cannot be planned with anything in it is planned without: its letter says what is missing.
    """
    parts = _Parts(inputs, faults or strict())
    digest = [d for d in parts.digest() if not inputs.done_or_vetoed(d.key)]
    in_digest = {o.key for d in digest for o in d.obligations}
    reminder = parts.of("reminders could not be planned", lambda i: _Planner(i).reminder(in_digest))
    mentioned = [o.key for action in (*digest, *reminder) for o in action.obligations]
    drafts = parts.of("drafts could not be planned", lambda i: _Planner(i).drafts(mentioned))
    removals = parts.of("drafts could not be looked for", lambda i: _Planner(i).removals())
    return (*digest, *reminder, *drafts, *removals, *parts.announced(announcing=bool(digest)))


def upcoming(inputs: PlanInputs, faults: Faults | None = None) -> tuple[Action, ...]:
    """Return what will be sent or booked next if nothing changes, by time: digest, a reminder for each obligation, the rest."""
    parts = _Parts(inputs, faults or strict())
    digest = parts.of("the digest could not be planned", lambda i: (_Planner(i).next_digest(),))
    reminders = parts.of("reminders could not be planned", lambda i: _Planner(i).next_reminders())
    coming = (*digest, *reminders, *parts.announced(announcing=True))
    return tuple(sorted((a for a in coming if not inputs.done_or_vetoed(a.key)), key=lambda a: (a.at, a.key)))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a plan, each planned without the clients at whom it raises an unforeseen error."""

    inputs: PlanInputs
    faults: Faults

    def of(self, what: str, part: Callable[[PlanInputs], Iterable[Action]]) -> tuple[Action, ...]:
        """Return the actions of one part."""
        return self.faults.without_culprits(
            self.inputs.assessments,
            lambda assessments: tuple(part(replace(self.inputs, assessments=tuple(assessments)))),
            (),
            what,
            lambda assessment: assessment.client,
        )

    def digest(self) -> tuple[Action, ...]:
        """Return the digest, if one is due."""

        def due(inputs: PlanInputs) -> tuple[Action, ...]:
            return tuple(d for d in [_Planner(inputs).digest()] if d)

        return self.of("the digest could not be planned", due)

    def announced(self, *, announcing: bool) -> tuple[Action, ...]:
        """Return what reaches other people: invites and sheets whose time has come, and with `announcing` those to be announced."""
        at = self.of("the next digest could not be planned", lambda i: (_Planner(i).next_digest(),))
        if not at:
            return ()
        parts = (("meetings could not be planned", invites), *SHEETS)
        return tuple(a for what, part in parts for a in self.of(what, partial(part, digest_at=at[0].at, announcing=announcing)))


def mentions_of(action: Action) -> tuple[Mention, ...]:
    """Return the mentions of single obligations that `action` makes once it is queued."""
    if action.kind is ActionKind.ESCALATE:
        return tuple(mention_of(o, ESCALATED) for o in action.obligations)
    return tuple(mention_of(o, stage) for o, stage in zip(action.obligations, action.stages, strict=False))


def announcements_of(action: Action, actions: Iterable[Action]) -> tuple[Announcement, ...]:
    """Return what a digest announces once it is queued; `actions` are all of the same plan. Nothing for other actions."""
    if action.kind is not ActionKind.DIGEST:
        return ()
    announced = announced_by(action, actions)
    return tuple(Announcement(a.key, a.kind, a.client, a.period, a.start if a.kind in MEETINGS else None) for a in announced)


def announced_by(digest: Action, actions: Iterable[Action]) -> tuple[Action, ...]:
    """Return the actions that a digest announces: all later ones of its account that reach anybody but the user."""
    return tuple(a for a in actions if a.account == digest.account and a.reaches_others and a.at > digest.at)


def draft_key(o: Obligation) -> str:
    """Return the key of the draft reply that answers an obligation."""
    return f"draft:{o.key}"


def by_client(action: Action) -> tuple[Action, ...]:
    """Return a reminder or an escalation about several clients as one for each of them; nothing for any other action.

    For a letter that cannot be written because of one of them. What is said is recorded by obligation, so that nothing is said twice.
    """
    clients = dict.fromkeys(o.client for o in action.obligations)
    if len(clients) < 2 or action.kind not in (ActionKind.REMIND, ActionKind.ESCALATE):
        return ()
    if action.kind is ActionKind.ESCALATE:
        of_client = ([o for o in action.obligations if o.client == name] for name in clients)
        return tuple(escalation(action.account, overdue, action.attendees, action.at) for overdue in of_client)
    staged = list(zip(action.obligations, action.stages, strict=True))
    return tuple(
        _reminder(action.account, [(o, stage) for o, stage in staged if o.client == name], action.at) for name in clients
    )


def only(action: Action, said: Callable[[Obligation], bool]) -> Action:
    """Return the action with those obligations alone that its letter says."""
    staged = [(o, stage) for o, stage in zip(action.obligations, action.stages, strict=True) if said(o)]
    return replace(action, obligations=tuple(o for o, _ in staged), stages=tuple(stage for _, stage in staged))


def _reminder(account: str, due: Sequence[tuple[Obligation, str]], at: datetime) -> Action:
    keys = sorted(mention_key(o, stage) for o, stage in due)
    clients = ", ".join(dict.fromkeys(o.client for o, _ in due))
    return Action(
        key=f"reminder:{account}:{short_id(chr(10).join(keys))}",
        kind=ActionKind.REMIND,
        account=account,
        at=at,
        client=due[0][0].client if len({o.client for o, _ in due}) == 1 else None,
        obligations=tuple(o for o, _ in due),
        stages=tuple(stage for _, stage in due),
        summary=f"Reminder: {clients}" if len(due) > 1 else f"Reminder: {due[0][0].summary}",
    )


@dataclass(frozen=True, slots=True)
class _Planner:
    """Plans one account's digest, and its reminders with their drafts."""

    inputs: PlanInputs

    # the digest

    def digest(self) -> Action | None:
        """Return today's digest if `now` is between its hour and the end of the working day, so that a late start still sends it."""
        today = hours.local_date(self.inputs.working, self.inputs.now)
        if not hours.is_working_day(self.inputs.working, today):
            return None
        opens = self.inputs.digest_time(today)
        closes = max(hours.day_end(self.inputs.working, today), opens + timedelta(hours=1))
        return self._digest(today, self.inputs.now) if opens <= self.inputs.now < closes else None

    def next_digest(self) -> Action:
        """Return the first digest that has not been sent."""
        present = self.digest()
        if present and not self.inputs.done_or_vetoed(present.key):
            return present
        day = hours.local_date(self.inputs.working, self.inputs.now)
        if self.inputs.digest_time(day) <= self.inputs.now or not hours.is_working_day(self.inputs.working, day):
            day = hours.nth_working_day(self.inputs.working, day, 1)
        return self._digest(day, self.inputs.digest_time(day))

    def _digest(self, day: date, at: datetime) -> Action:
        overdue = tuple(o for o, stage in self._remindable() if stage is State.OVERDUE and self._is_news(o, stage))
        asked = self._questions(at)
        answers = self.inputs.answers
        return Action(
            key=self._digest_key(day),
            period=day,
            kind=ActionKind.DIGEST,
            account=self.inputs.account.address,
            at=at,
            obligations=(*overdue, *asked, *(a.obligation for a in answers)),
            stages=(*(State.OVERDUE.value for _ in overdue), *(ASKED for _ in asked), *(a.stage for a in answers)),
            summary=f"Digest of {day:%A} {day.day} {day:%B}",
        )

    def _digest_key(self, day: date) -> str:
        """Return the key of a day's digest. One that was made before its day began, by a clock that was ahead, does not count."""
        key = f"digest:{self.inputs.account.address}:{day.isoformat()}"
        made = self.inputs.past.actions.get(key)
        early = made is not None and hours.local_date(self.inputs.working, made) < day
        return f"{key}:again" if early else key

    def _questions(self, at: datetime) -> tuple[Obligation, ...]:
        """Return what the digest of a moment asks the user about."""
        owed = (o for a in self.inputs.assessments for o in a.obligations if state(o, at) in UNSETTLED)
        past = self.inputs.past
        asked = {mention: asked_at for mention, asked_at in past.mentions.items() if mention not in past.unsure}
        return questions(owed, asked, Morning(self.inputs.account.hours, at))

    def _is_news(self, o: Obligation, stage: State) -> bool:
        """Whether the digest is the first to mention a stage, as far as is known."""
        return mention_of(o, stage.value) in self.inputs.past.unsure or not self._mentioned(o, stage)

    # reminders and drafts

    def reminder(self, mentioned: set[str]) -> tuple[Action, ...]:
        """Return one mail about everything newly due soon or overdue, within working hours and the day's limit; or nothing.

        `mentioned` holds the keys of the obligations that the digest of this turn mentions.
        """
        if not hours.is_open(self.inputs.working, self.inputs.now) or self.inputs.reminders_left() <= 0:
            return ()
        due = [(o, stage) for o, stage in self._remindable() if o.key not in mentioned and not self._mentioned(o, stage)]
        staged = [(o, stage.value) for o, stage in due] if any(self._remind_at(o, s) <= self.inputs.now for o, s in due) else []
        said = (*staged, *self._with_gaps())
        return (_reminder(self.inputs.account.address, said, self.inputs.now),) if said else ()

    def next_reminders(self) -> Iterator[Action]:
        """Yield the next mention of each open obligation as a reminder of its own, so that each can be vetoed."""
        for o, stage in self._candidates(self.inputs.now + timedelta(days=400)):
            at = self.inputs.next_opening(max(self._remind_at(o, stage), self.inputs.now))
            too_late = self._mentioned(o, stage) or (o.due is not None and at > o.due)
            then = State.OVERDUE if too_late else stage
            if not self._mentioned(o, then):
                at = self.inputs.next_opening(max(self._remind_at(o, then), self.inputs.now))
                yield replace(_reminder(o.account, [(o, then.value)], at), key=mention_key(o, then.value))

    def drafts(self, mentioned: Iterable[str]) -> Iterator[Action]:
        """Yield a draft answer for each reply whose key is in `mentioned`, or that was mentioned at an earlier turn, once each.

        Where the questions have changed since, another one, once the first was removed because nobody had touched it.
        """
        mentioned_now = frozenset(mentioned)  # the earlier turn may have been interrupted before its draft
        said = self.inputs.past.mentions
        for o, _ in self._remindable():
            saved = self.inputs.past.saved_drafts.get(o.key)
            is_redone = saved is not None and saved.removed and self._is_stale(o)
            key = f"{draft_key(o)}:{asked(o)}" if is_redone else draft_key(o)
            stages = (State.DUE_SOON.value, State.OVERDUE.value)
            was_mentioned = o.key in mentioned_now or any(mention_of(o, stage) in said for stage in stages)
            answerable = o.kind is Kind.REPLY and o.reply_to and has_address(o)
            if self.inputs.policy.drafts and was_mentioned and answerable and not self.inputs.done_or_vetoed(key):
                yield self._of_draft(o, key, ActionKind.DRAFT, f"Draft reply to {o.client}")

    def removals(self) -> Iterator[Action]:
        """Yield the removal of each draft whose reply is settled, or is about other questions by now, once.

        The mailbox leaves it where the user has touched it.
        """
        saved = self.inputs.past.saved_drafts if self.inputs.policy.drafts else {}  # else Kept may only read
        for o in (o for a in self.inputs.assessments for o in a.obligations if o.key in saved):
            key = f"remove:{saved[o.key].key}"
            over = settled_of_late(o, self.inputs.now) or (o.closed is None and self._is_stale(o))
            if over and not self.inputs.done_or_vetoed(key):
                yield self._of_draft(o, key, ActionKind.REMOVE_DRAFT, f"Remove the draft reply to {o.client}")

    def _of_draft(self, o: Obligation, key: str, kind: ActionKind, summary: str) -> Action:
        return Action(key, kind, o.account, self.inputs.now, client=o.client, obligations=(o,), summary=summary)

    def _is_stale(self, o: Obligation) -> bool:
        """Whether other questions are open now than those that the saved draft answers."""
        return self.inputs.past.saved_drafts[o.key].asked not in ("", asked(o))

    def _with_gaps(self) -> list[tuple[Obligation, str]]:
        """Return the replies that were sent with a gap that nobody had filled, and that nobody was told of."""
        replies = (o for o, _ in self.inputs.unsettled() if o.empty is not None and unfilled(o.empty.quote or ""))
        return [(o, GAP) for o in replies if not self.inputs.mentioned(o, GAP)]

    def _remindable(self) -> Iterator[tuple[Obligation, State]]:
        """Yield what is due soon or overdue, or will be within BATCHED, provided that all mail was read up to that moment."""
        for o, stage in self._candidates(self.inputs.now + BATCHED):
            since = o.due if stage is State.OVERDUE else self._remind_at(o, stage)
            if since is None or mail_read_until(self.inputs.coverage, min(since, self.inputs.now)):
                yield o, stage

    def _candidates(self, until: datetime) -> Iterator[tuple[Obligation, State]]:
        """Yield what a reminder may mention before `until`, by due time, each with the stage that it has reached by then."""
        owed = ((o, current) for o, current in self.inputs.unsettled() if o.kind in REMINDED)
        dated = [(o.due, o.key, o, current) for o, current in owed if o.due is not None]
        for _, _, o, current in sorted(dated, key=lambda row: row[:2]):
            if current is not State.OPEN or self._remind_at(o, State.DUE_SOON) <= until:
                yield o, State.OVERDUE if current is State.OVERDUE else State.DUE_SOON

    def _remind_at(self, o: Obligation, stage: State) -> datetime:
        """Return when to mention a stage: of what the client asks for again, at once.

        A warning that would fall outside working hours is brought forward into them.
        """
        moment = o.due if stage is State.OVERDUE or o.remind_at is None else min((o.remind_at, *(e.at for e in o.chased[:1])))
        if moment is None or stage is State.OVERDUE or hours.is_open(self.inputs.working, moment):
            return moment or self.inputs.now
        return hours.subtract(self.inputs.working, moment, BATCHED)

    def _mentioned(self, o: Obligation, stage: State) -> bool:
        """Whether a stage was mentioned. To whoever was warned it is no news that the time has passed that day; the next digest says it."""
        return self.inputs.mentioned(o, stage.value) or (stage is State.OVERDUE and self._warned_of_today(o))

    def _warned_of_today(self, o: Obligation) -> bool:
        working = self.inputs.working
        is_today = o.due is not None and hours.local_date(working, o.due) == hours.local_date(working, self.inputs.now)
        return is_today and mention_of(o, State.DUE_SOON.value) in self.inputs.past.mentions
