"""Plan the meetings that Kept books: expectation reviews, and recovery meetings if the user allows them.

A digest announces each meeting with its time. The invite goes out after the notice, for exactly that time or not at all. No two
invites of a plan take the same time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from connectors.calendar import Busy, Window, merge_spans
from daemon.core import hours
from daemon.core.evidence import is_booked
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.assessments import RecoveryStage
from daemon.glossary.obligations import Kind, Obligation, State, state
from daemon.glossary.parties import Client
from daemon.planning.invitation_answers import invite_key
from daemon.planning.plan_inputs import PlanInputs, has_address
from daemon.planning.slots import held_for_others, is_clear

CLIENT_NOTICE = 3  # the fewest working days between an invite and its meeting
LATEST = 15  # working days after the due date (or the notice) by which a meeting must start


def invites(inputs: PlanInputs, digest_at: datetime, *, announcing: bool) -> Iterator[Action]:
    """Yield the announced invites; with `announcing` also new ones, for the digest of `digest_at` to announce."""
    if not inputs.may_book:
        return
    taken: list[Busy] = []
    for o, kind, lead in _meetings(inputs):
        client = inputs.own_client(o.client)
        if client is None or not _bookable(inputs, o, lead) or inputs.done_or_vetoed(_key(inputs, o, kind)):
            continue
        invite = _announced(inputs, o, client, kind, taken, look=announcing)
        if invite is None and announcing:
            invite = _proposed(inputs, o, client, kind, taken, digest_at)
        if invite is not None and invite.start is not None and invite.end is not None:
            taken.append(Busy(invite.start, invite.end))
            yield invite


def _meetings(inputs: PlanInputs) -> Iterator[tuple[Obligation, ActionKind, int]]:
    """Yield each meeting that may be booked, its kind, and from how many working days before its due time."""
    for a in inputs.assessments:
        for o in a.obligations:
            if o.kind is Kind.REVIEW:
                yield o, ActionKind.REVIEW, inputs.policy.review_lead
            elif a.recovery is not None and o.key == a.recovery.key and a.recovery.stage is RecoveryStage.PROPOSED:
                client = inputs.own_client(o.client)
                redress = client.charter_at(inputs.now).redress if client else None
                if redress is not None and redress.book:
                    yield o, ActionKind.RECOVERY, inputs.policy.review_lead


def _due_day(inputs: PlanInputs, o: Obligation) -> date | None:
    return hours.local_date(inputs.working, o.due) if o.due else None


def _key(inputs: PlanInputs, o: Obligation, kind: ActionKind) -> str:
    return invite_key(inputs.client_key(o.client), kind, _due_day(inputs, o))


def _bookable(inputs: PlanInputs, o: Obligation, lead: int) -> bool:
    if o.due is None or not has_address(o) or state(o, inputs.now) not in (State.OPEN, State.DUE_SOON, State.OVERDUE):
        return False
    return inputs.working_days_after(o.due, -lead) <= inputs.now and not is_booked(o, inputs.now)


def _announced(
    inputs: PlanInputs, o: Obligation, client: Client, kind: ActionKind, taken: Sequence[Busy], *, look: bool
) -> Action | None:
    """Return the invite for the time that a digest announced; None if none was announced, or that time is no longer good.

    The calendar is asked whether the time is still free before the invite goes out, and earlier with `look`.
    """
    key = _key(inputs, o, kind)
    announced_at, start = inputs.announcement_of(key) or (inputs.now, None)
    if start is None:
        return None
    length = inputs.policy.review_length
    at = inputs.notice_over(key, announced_at, inputs.now)
    too_late = inputs.working_days_after(max(at, inputs.now), 1) > start
    if too_late or not is_clear(Busy(start, start + length), merge_spans(taken, Window(start, start + length))):
        return None
    if look or at <= inputs.now:
        free = inputs.find_slots(client, start, start + length, length, 1)
        unread_but_not_yet_due = free is None and at > inputs.now
        if not unread_but_not_yet_due and (not free or free[0].start != start):
            return None
    return _invite(inputs, o, kind, at, start)


def _proposed(
    inputs: PlanInputs, o: Obligation, client: Client, kind: ActionKind, taken: Sequence[Busy], digest_at: datetime
) -> Action | None:
    """Return a new invite for the first free time before the due date, or else soon after it; None if there is none."""
    at = inputs.next_opening(inputs.working_days_after(digest_at, inputs.policy.notice))
    after = inputs.working_days_after(at, CLIENT_NOTICE)
    due = o.due or after
    for before in (due, inputs.working_days_after(max(due, after), LATEST)):
        start = _first_free_start(inputs, client, after, before, taken) if before > after else None
        if start is not None:
            return _invite(inputs, o, kind, at, start)
    return None


def _first_free_start(
    inputs: PlanInputs, client: Client, after: datetime, before: datetime, taken: Sequence[Busy]
) -> datetime | None:
    """Return the first free start between two moments; None if there is none, or the calendar could not be read.

    What a draft offers to another client is not free for a new meeting; one that was announced keeps its time.
    """
    taken = (*taken, *held_for_others(inputs.held, client.name))
    slots = inputs.find_slots(client, after, before, inputs.policy.review_length, 1 + 3 * len(taken)) or ()
    spans = merge_spans(taken, Window(after, before))
    return next((slot.start for slot in slots if is_clear(slot, spans)), None)


def _invite(inputs: PlanInputs, o: Obligation, kind: ActionKind, at: datetime, start: datetime) -> Action:
    what = "recovery meeting" if kind is ActionKind.RECOVERY else "review"
    length: timedelta = inputs.policy.review_length
    return Action(
        key=_key(inputs, o, kind),
        kind=kind,
        period=_due_day(inputs, o),
        account=inputs.account.address,
        at=at,
        client=o.client,
        obligations=(o,),
        start=start,
        end=start + length,
        attendees=(o.contact,) if o.contact else (),
        summary=f"Invite {o.contact_name or o.contact} to a {what} with {o.client}",
    )
