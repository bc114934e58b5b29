"""Plan the sheets: escalations and the weekly touch-base, the hand-over of a new client, and the list for a covering colleague.

A digest announces what goes to anybody but the user, who can veto it during the notice.
Without permission to write to the manager, the sheet goes to the user, to bring along.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from daemon.analysis.courtship import courtship
from daemon.core import hours
from daemon.core.absence import Absence
from daemon.glossary.actions import ESCALATED, Action, ActionKind
from daemon.glossary.obligations import Obligation, State, short_id
from daemon.glossary.parties import Client, Stage
from daemon.planning import touch_base
from daemon.planning.plan_inputs import PlanInputs, mail_read_until, mention_key

HANDOVER_WITHIN = 10  # working days after a client was won
SHORTEST_COVERED = 2  # working days of absence; a shorter one needs no cover
BEFORE_LEAVING = timedelta(hours=2)  # business time before the end of the last day at work


# --- escalation ---


def _escalations(inputs: PlanInputs, digest_at: datetime, *, announcing: bool) -> Iterator[Action]:
    """Yield one mail about all that is to be escalated now; those to be announced one by one, so that each can be vetoed."""
    ready: list[Obligation] = []
    for o, current in inputs.unsettled():
        key = mention_key(o, ESCALATED)
        if (
            current is not State.OVERDUE
            or o.escalates is None
            or inputs.mentioned(o, ESCALATED)
            or inputs.own_client(o.client) is None
        ):
            continue
        at = _sending_time(inputs, key, o.escalates, digest_at, to_manager=_tells_manager(inputs), announcing=announcing)
        if at is None or not mail_read_until(inputs.coverage, min(inputs.now, o.escalates)):
            continue
        if at <= inputs.now:
            ready.append(o)
        else:
            yield replace(escalation(inputs.account.address, [o], _manager(inputs), at), key=key)
    if ready and (_tells_manager(inputs) or inputs.reminders_left() > 0):
        yield escalation(inputs.account.address, ready, _manager(inputs), inputs.now)


def escalation(account: str, overdue: Sequence[Obligation], manager: Sequence[str], at: datetime) -> Action:
    """Return the mail about what is overdue beyond the limit, to the manager or, with an empty `manager`, to the user."""
    clients = ", ".join(dict.fromkeys(o.client for o in overdue))
    return Action(
        key=f"escalation:{account}:{short_id(chr(10).join(sorted(mention_key(o, ESCALATED) for o in overdue)))}",
        kind=ActionKind.ESCALATE,
        account=account,
        at=at,
        client=overdue[0].client if len({o.client for o in overdue}) == 1 else None,
        obligations=tuple(overdue),
        attendees=tuple(manager),
        summary=f"Tell {manager[0]} what is overdue beyond the limit: {clients}"
        if manager
        else f"Overdue beyond the limit, for your manager to hear from you: {clients}",
    )


# --- the weekly touch-base ---


def _touch_base(inputs: PlanInputs, digest_at: datetime, *, announcing: bool) -> Iterator[Action]:
    """Yield the sheet about the previous week, for the week's first working day, once Kept has run for the whole of that week."""
    if not touch_base.wanted(inputs.account, inputs.office.clients, inputs.now):
        return
    this_monday = inputs.today - timedelta(days=inputs.today.weekday())
    for monday in (this_monday, this_monday + timedelta(days=7)):
        key = f"touch_base:{inputs.account.address}:{monday.isoformat()}"
        base = inputs.digest_time(_first_working_day(inputs, monday))
        if inputs.done_or_vetoed(key) or not _ran_before(inputs, monday):
            continue
        at = _sending_time(
            inputs, key, inputs.next_opening(base), digest_at, to_manager=_tells_manager(inputs), announcing=announcing
        )
        if at is not None:
            yield Action(
                key=key,
                kind=ActionKind.TOUCH_BASE,
                account=inputs.account.address,
                at=at,
                period=monday,
                start=_midnight(inputs, monday - timedelta(days=7)),
                end=_midnight(inputs, monday),
                attendees=_manager(inputs),
                summary=f"Touch-base sheet for the week of {monday - timedelta(days=7):%-d %B}"
                + (f", to {inputs.account.manager}" if _tells_manager(inputs) else ""),
            )


def _first_working_day(inputs: PlanInputs, monday: date) -> date:
    return monday if hours.is_working_day(inputs.working, monday) else hours.nth_working_day(inputs.working, monday, 1)


def _ran_before(inputs: PlanInputs, monday: date) -> bool:
    """Return whether the account had a digest before that Monday."""
    first = inputs.past.first_digest
    return first is not None and first < _midnight(inputs, monday)


def _midnight(inputs: PlanInputs, day: date) -> datetime:
    return inputs.digest_time(day).replace(hour=0, minute=0)


# --- hand-overs ---


def _handovers(inputs: PlanInputs, digest_at: datetime, *, announcing: bool) -> Iterator[Action]:  # noqa: ARG001  # as the others
    """Yield the hand-over sheet of each client just won: what they now expect."""
    for a in inputs.assessments:
        client = inputs.own_client(a.client)
        if client is None or not _just_won(inputs, client) or inputs.done_or_vetoed(f"handover:{client.key}"):
            continue
        if hours.is_open(inputs.working, inputs.now) and courtship(client, a.obligations, inputs.account.hours, inputs.now):
            yield Action(
                key=f"handover:{client.key}",
                kind=ActionKind.HAND_OVER,
                account=inputs.account.address,
                at=inputs.now,
                client=client.name,
                summary=f"Hand-over sheet: what {client.name} now expects",
            )


def _just_won(inputs: PlanInputs, client: Client) -> bool:
    if client.won is None or client.stage in (Stage.PROSPECT, Stage.LOST):
        return False
    return client.won <= inputs.now < inputs.working_days_after(client.won, HANDOVER_WITHIN)


def _cover_lists(inputs: PlanInputs, digest_at: datetime, *, announcing: bool) -> Iterator[Action]:
    """Yield the list of what is open during an absence, to the covering colleague if it was announced, else to the user."""
    for absence in inputs.absences:
        key = f"cover:{inputs.account.address}:{absence.first.isoformat()}"
        if not _worth_covering(inputs, absence) or inputs.done_or_vetoed(key):
            continue
        last = hours.nth_working_day(inputs.working, absence.first, -1)
        base = hours.subtract(inputs.working, hours.day_end(inputs.working, last), BEFORE_LEAVING)
        announced = inputs.announcement_of(key) is not None
        announces = announcing and not announced and digest_at < base and hours.local_date(inputs.working, digest_at) >= last
        if announces or base <= inputs.now:
            to = (inputs.account.cover,) if inputs.account.cover and (announced or announces) else ()
            yield Action(
                key=key,
                kind=ActionKind.COVER,
                account=inputs.account.address,
                at=max(base, inputs.now),
                period=absence.first,
                attendees=to,
                start=_midnight(inputs, absence.first),
                end=_midnight(inputs, absence.last + timedelta(days=1)),
                summary=f"What is open while you are away ({absence.title})" + (f", to {to[0]}" if to else ""),
            )


def _worth_covering(inputs: PlanInputs, absence: Absence) -> bool:
    earliest_end = hours.nth_working_day(inputs.account.hours, absence.first, SHORTEST_COVERED - 1)
    return earliest_end <= absence.last and inputs.today <= absence.last and absence.first <= inputs.today + timedelta(days=14)


# --- to whom, and when ---


def _tells_manager(inputs: PlanInputs) -> bool:
    return inputs.account.tells_manager and inputs.account.manager is not None


def _manager(inputs: PlanInputs) -> tuple[str, ...]:
    return (inputs.account.manager,) if _tells_manager(inputs) and inputs.account.manager else ()


def _sending_time(
    inputs: PlanInputs, key: str, base: datetime, digest_at: datetime, *, to_manager: bool, announcing: bool
) -> datetime | None:
    """Return when a sheet goes out whose own time is `base`; None if it neither goes out nor is announced at this turn.

    To the user it goes at `base`, to the manager not before the notice after the digest that announced it.
    """
    if not to_manager:
        at = inputs.next_opening(base)
        return at if at <= inputs.now else None
    announced = inputs.announcement_of(key)
    if announced is not None:
        return inputs.notice_over(key, announced[0], base)
    earliest = inputs.next_opening(inputs.working_days_after(digest_at, inputs.policy.notice))
    return max(inputs.next_opening(base), earliest) if announcing and base <= earliest else None


SHEETS = (
    ("escalations could not be planned", _escalations),
    ("the touch-base sheet could not be planned", _touch_base),
    ("hand-over sheets could not be planned", _handovers),
    ("the list for a covering colleague could not be planned", _cover_lists),
)
"""Each kind of sheet with what people read where it cannot be planned, and what yields those whose time has come.

With `announcing` it yields also those for the digest of `digest_at` to announce.
"""
