"""Sheets: what goes to the manager, to the colleague who covers, and the hand-over when a client was won.

What leaves for somebody else than the user is told by a digest first and waits for the notice, in which it can be stopped
(DOMAIN, announces before it acts). Without permission to tell the manager the user gets it, to bring along.
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

FRESH = 10  # working days after a client was won within which the hand-over is worth sending
LONG = 2  # working days of absence from which somebody else should know what is open
BEFORE = timedelta(hours=2)  # business time before the last day's end at which the list for the absence goes out


def sheets(inputs: PlanInputs, digest_at: datetime, *, announcing: bool) -> Iterator[Action]:
    """Everything to be sent to or for somebody else; with `announcing` also what the digest of `digest_at` tells of first."""
    yield from _escalations(inputs, digest_at, announcing=announcing)
    yield from _touch_base(inputs, digest_at, announcing=announcing)
    yield from _handovers(inputs)
    yield from _cover(inputs, digest_at, announcing=announcing)


# --- escalation ---


def _escalations(inputs: PlanInputs, digest_at: datetime, *, announcing: bool) -> Iterator[Action]:
    """Those whose time has come in one mail, those to be announced one by one so that each can be stopped."""
    ready: list[Obligation] = []
    for o, how in inputs.unsettled():
        key = mention_key(o, ESCALATED)
        if (
            how is not State.OVERDUE
            or o.escalates is None
            or inputs.mentioned(o, ESCALATED)
            or inputs.own_client(o.client) is None
        ):
            continue
        at = _time(inputs, key, o.escalates, digest_at, manager=_tells(inputs), announcing=announcing)
        if at is None or not mail_read_until(inputs.coverage, min(inputs.now, o.escalates)):
            continue
        if at <= inputs.now:
            ready.append(o)
        else:
            yield replace(_escalation(inputs, [o], at), key=key)
    if ready and (_tells(inputs) or inputs.reminders_left() > 0):
        yield _escalation(inputs, ready, inputs.now)


def _escalation(inputs: PlanInputs, of: Sequence[Obligation], at: datetime) -> Action:
    clients = ", ".join(dict.fromkeys(o.client for o in of))
    whom = _manager(inputs)
    return Action(
        key=f"escalation:{inputs.account.address}:{short_id(chr(10).join(sorted(mention_key(o, ESCALATED) for o in of)))}",
        kind=ActionKind.ESCALATE,
        account=inputs.account.address,
        at=at,
        client=of[0].client if len({o.client for o in of}) == 1 else None,
        obligations=tuple(of),
        attendees=whom,
        summary=f"Tell {whom[0]} what is overdue beyond the limit: {clients}"
        if whom
        else f"Overdue beyond the limit, for your manager to hear from you: {clients}",
    )


# --- the weekly touch-base ---


def _touch_base(inputs: PlanInputs, digest_at: datetime, *, announcing: bool) -> Iterator[Action]:
    """The sheet of the week before, on the week's first working day; nothing before the first week in service is over."""
    if not touch_base.wanted(inputs.account, inputs.office.clients, inputs.now):
        return
    this = inputs.today - timedelta(days=inputs.today.weekday())
    for monday in (this, this + timedelta(days=7)):
        key = f"touch_base:{inputs.account.address}:{monday.isoformat()}"
        base = inputs.digest_time(_first_working_day(inputs, monday))
        if inputs.done_or_vetoed(key) or not _served_before(inputs, monday):
            continue
        at = _time(inputs, key, inputs.next_opening(base), digest_at, manager=_tells(inputs), announcing=announcing)
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
                summary=f"Touch-base sheet of the week of {monday - timedelta(days=7):%-d %B}"
                + (f", to {inputs.account.manager}" if _tells(inputs) else ""),
            )


def _first_working_day(inputs: PlanInputs, monday: date) -> date:
    return monday if hours.is_working_day(inputs.working, monday) else hours.nth_working_day(inputs.working, monday, 1)


def _served_before(inputs: PlanInputs, monday: date) -> bool:
    first = inputs.past.first_digest
    return first is not None and first < _midnight(inputs, monday)


def _midnight(inputs: PlanInputs, day: date) -> datetime:
    return inputs.digest_time(day).replace(hour=0, minute=0)


# --- hand-overs ---


def _handovers(inputs: PlanInputs) -> Iterator[Action]:
    """For each client just won: what they now expect."""
    for a in inputs.assessments:
        client = inputs.own_client(a.client)
        if client is None or not _just_won(inputs, client) or inputs.done_or_vetoed(f"handover:{client.name}"):
            continue
        if hours.is_open(inputs.working, inputs.now) and courtship(client, a.obligations, inputs.account.hours, inputs.now):
            yield Action(
                key=f"handover:{client.name}",
                kind=ActionKind.HAND_OVER,
                account=inputs.account.address,
                at=inputs.now,
                client=client.name,
                summary=f"Hand-over sheet: what {client.name} now expects",
            )


def _just_won(inputs: PlanInputs, client: Client) -> bool:
    if client.won is None or client.stage in (Stage.PROSPECT, Stage.LOST):
        return False
    return client.won <= inputs.now < inputs.working_days_after(client.won, FRESH)


def _cover(inputs: PlanInputs, digest_at: datetime, *, announcing: bool) -> Iterator[Action]:
    """What is open while the user is away, to the colleague who covers, or to the user to hand on."""
    for absence in inputs.absences:
        key = f"cover:{inputs.account.address}:{absence.first.isoformat()}"
        if not _worth_covering(inputs, absence) or inputs.done_or_vetoed(key):
            continue
        last = hours.nth_working_day(inputs.working, absence.first, -1)
        base = hours.subtract(inputs.working, hours.day_end(inputs.working, last), BEFORE)
        told = inputs.announcement_of(key) is not None
        announces = announcing and not told and digest_at < base and hours.local_date(inputs.working, digest_at) >= last
        if announces or base <= inputs.now:
            to = (inputs.account.cover,) if inputs.account.cover and (told or announces) else ()
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
    days = hours.nth_working_day(inputs.account.hours, absence.first, LONG - 1)
    return days <= absence.last and inputs.today <= absence.last and absence.first <= inputs.today + timedelta(days=14)


# --- who hears of it, and when ---


def _tells(inputs: PlanInputs) -> bool:
    return inputs.account.tells_manager and inputs.account.manager is not None


def _manager(inputs: PlanInputs) -> tuple[str, ...]:
    return (inputs.account.manager,) if _tells(inputs) and inputs.account.manager else ()


def _time(
    inputs: PlanInputs, key: str, base: datetime, digest_at: datetime, *, manager: bool, announcing: bool
) -> datetime | None:
    """When something goes out whose time is `base`: to the user then, to the manager a notice after the digest that told of it."""
    if not manager:
        at = inputs.next_opening(base)
        return at if at <= inputs.now else None
    told = inputs.announcement_of(key)
    if told is not None:
        return inputs.next_opening(max(base, inputs.working_days_after(told[0], inputs.policy.notice)))
    earliest = inputs.next_opening(inputs.working_days_after(digest_at, inputs.policy.notice))
    return max(inputs.next_opening(base), earliest) if announcing and base <= earliest else None
