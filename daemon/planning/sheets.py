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
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.obligations import Obligation, State, short_id
from daemon.glossary.parties import Client, Stage
from daemon.planning import touch_base
from daemon.planning.plan_inputs import Position, read_since

FRESH = 10  # working days after a client was won within which the hand-over is worth sending
LONG = 2  # working days of absence from which somebody else should know what is open
BEFORE = timedelta(hours=2)  # business time before the last day's end at which the list for the absence goes out


def sheets(here: Position, digest_at: datetime, *, announcing: bool) -> Iterator[Action]:
    """Everything to be sent to or for somebody else; with `announcing` also what the digest of `digest_at` tells of first."""
    yield from _escalations(here, digest_at, announcing=announcing)
    yield from _touch_base(here, digest_at, announcing=announcing)
    yield from _handovers(here)
    yield from _cover(here, digest_at, announcing=announcing)


# --- escalation ---


def _escalations(here: Position, digest_at: datetime, *, announcing: bool) -> Iterator[Action]:
    """Those whose time has come in one mail, those to be announced one by one so that each can be stopped."""
    ready: list[Obligation] = []
    for o, how in here.standing():
        key = escalate_key(o)
        if how is not State.OVERDUE or o.escalates is None or here.stopped(key) or here.client(o.client) is None:
            continue
        at = _time(here, key, o.escalates, digest_at, manager=_tells(here), announcing=announcing)
        if at is None or not read_since(here.coverage, min(here.now, o.escalates)):
            continue
        if at <= here.now:
            ready.append(o)
        else:
            yield replace(_escalation(here, [o], at), key=key)
    if ready and (_tells(here) or here.interruptions_left() > 0):
        yield _escalation(here, ready, here.now)


def escalate_key(o: Obligation) -> str:
    """The key of one obligation's going to the manager: it happens once."""
    return f"escalate:{o.key}"


def _escalation(here: Position, of: Sequence[Obligation], at: datetime) -> Action:
    clients = ", ".join(dict.fromkeys(o.client for o in of))
    whom = _manager(here)
    return Action(
        key=f"escalation:{here.account.address}:{short_id(chr(10).join(sorted(map(escalate_key, of))))}",
        kind=ActionKind.ESCALATE,
        account=here.account.address,
        at=at,
        client=of[0].client if len({o.client for o in of}) == 1 else None,
        obligations=tuple(of),
        attendees=whom,
        summary=f"Tell {whom[0]} what is overdue beyond the limit: {clients}"
        if whom
        else f"Overdue beyond the limit, for your manager to hear from you: {clients}",
    )


# --- the weekly touch-base ---


def _touch_base(here: Position, digest_at: datetime, *, announcing: bool) -> Iterator[Action]:
    """The sheet of the week before, on the week's first working day; nothing before the first week in service is over."""
    if not touch_base.wanted(here.account, here.office.clients, here.now):
        return
    this = here.today - timedelta(days=here.today.weekday())
    for monday in (this, this + timedelta(days=7)):
        key = f"touch_base:{here.account.address}:{monday.isoformat()}"
        base = here.digest_time(_first_working_day(here, monday))
        if here.stopped(key) or not _served_before(here, monday):
            continue
        at = _time(here, key, here.opening(base), digest_at, manager=_tells(here), announcing=announcing)
        if at is not None:
            yield Action(
                key=key,
                kind=ActionKind.TOUCH_BASE,
                account=here.account.address,
                at=at,
                start=_midnight(here, monday - timedelta(days=7)),
                end=_midnight(here, monday),
                attendees=_manager(here),
                summary=f"Touch-base sheet of the week of {monday - timedelta(days=7):%-d %B}"
                + (f", to {here.account.manager}" if _tells(here) else ""),
            )


def _first_working_day(here: Position, monday: date) -> date:
    return monday if hours.is_working_day(here.working, monday) else hours.nth_working_day(here.working, monday, 1)


def _served_before(here: Position, monday: date) -> bool:
    prefix, start = f"digest:{here.account.address}:", _midnight(here, monday)
    return any(key.startswith(prefix) and at < start for key, at in here.said.items())


def _midnight(here: Position, day: date) -> datetime:
    return here.digest_time(day).replace(hour=0, minute=0)


# --- hand-overs ---


def _handovers(here: Position) -> Iterator[Action]:
    """For each client just won: what they now expect."""
    for a in here.assessments:
        client = here.client(a.client)
        if client is None or not _just_won(here, client) or here.stopped(f"handover:{client.name}"):
            continue
        if hours.is_open(here.working, here.now) and courtship(client, a.obligations, here.account.hours, here.now):
            yield Action(
                key=f"handover:{client.name}",
                kind=ActionKind.HAND_OVER,
                account=here.account.address,
                at=here.now,
                client=client.name,
                summary=f"Hand-over sheet: what {client.name} now expects",
            )


def _just_won(here: Position, client: Client) -> bool:
    if client.won is None or client.stage in (Stage.PROSPECT, Stage.LOST):
        return False
    return client.won <= here.now < here.later(client.won, FRESH)


def _cover(here: Position, digest_at: datetime, *, announcing: bool) -> Iterator[Action]:
    """What is open while the user is away, to the colleague who covers, or to the user to hand on."""
    for absence in here.absences:
        key = f"cover:{here.account.address}:{absence.first.isoformat()}"
        if not _worth_covering(here, absence) or here.stopped(key):
            continue
        last = hours.nth_working_day(here.working, absence.first, -1)
        base = hours.subtract(here.working, hours.day_end(here.working, last), BEFORE)
        told = here.announced(key) is not None
        announces = announcing and not told and digest_at < base and hours.local_date(here.working, digest_at) >= last
        if announces or base <= here.now:
            to = (here.account.cover,) if here.account.cover and (told or announces) else ()
            yield Action(
                key=key,
                kind=ActionKind.COVER,
                account=here.account.address,
                at=max(base, here.now),
                attendees=to,
                start=_midnight(here, absence.first),
                end=_midnight(here, absence.last + timedelta(days=1)),
                summary=f"What is open while you are away ({absence.title})" + (f", to {to[0]}" if to else ""),
            )


def _worth_covering(here: Position, absence: Absence) -> bool:
    days = hours.nth_working_day(here.account.hours, absence.first, LONG - 1)
    return days <= absence.last and here.today <= absence.last and absence.first <= here.today + timedelta(days=14)


# --- who hears of it, and when ---


def _tells(here: Position) -> bool:
    return here.account.tells_manager and here.account.manager is not None


def _manager(here: Position) -> tuple[str, ...]:
    return (here.account.manager,) if _tells(here) and here.account.manager else ()


def _time(here: Position, key: str, base: datetime, digest_at: datetime, *, manager: bool, announcing: bool) -> datetime | None:
    """When something goes out whose time is `base`: to the user then, to the manager a notice after the digest that told of it."""
    if not manager:
        at = here.opening(base)
        return at if at <= here.now else None
    told = here.announced(key)
    if told is not None:
        return here.opening(max(base, here.later(told[0], here.policy.notice)))
    earliest = here.opening(here.later(digest_at, here.policy.notice))
    return max(here.opening(base), earliest) if announcing and base <= earliest else None
