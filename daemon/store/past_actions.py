"""Read what was said to one account and done for it, as far as a plan needs it. Every query uses an index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, func, or_, select

from daemon.glossary.actions import ActionKind, Delivery, Mention
from daemon.glossary.obligations import Obligation
from daemon.planning.plan_inputs import PastActions
from daemon.store import schema as s
from daemon.store.outbox_table import FINAL, of_obligations
from daemon.store.statements import chunks

_INTERRUPTIONS_WITHIN = timedelta(days=2)  # covers today in any time zone
_ANNOUNCED_WITHIN = timedelta(days=120)  # an action announced earlier will not happen any more


def past_actions(
    db: Connection, account: str, obligations: Sequence[Obligation], since: date, now: datetime, *, escalates_to_user: bool
) -> PastActions:
    """Return the mentions of these obligations, and the actions about them or about periods from `since` on.

    With `escalates_to_user` an escalation goes to the user, and counts towards the day's interruptions.
    """
    mentions: dict[Mention, datetime] = {}
    sure: set[Mention] = set()
    for part in chunks(obligations):
        for mention, at, known in _mentions(db, account, part, now):
            mentions[mention] = at
            sure |= {mention} if known else set()
    return PastActions(
        mentions=mentions,
        unsure=frozenset(mentions.keys() - sure),
        actions=_actions(db, account, obligations, since),
        announcements=_announcements(db, account, now),
        interruptions=_interruptions(db, account, now, escalates_to_user=escalates_to_user),
        first_digest=_first_digest(db, account),
    )


def account_state(db: Connection, account: str) -> tuple[int | None, ...]:
    """Return numbers that stay the same while nothing happens to an account: facts, decisions, and parcels on their way."""
    return tuple(db.execute(_STATE, {"account": account}).one())


def _of(table: Table, *columns: ColumnElement[Any], where: ColumnElement[bool] | None = None) -> list[ColumnElement[Any]]:
    this = table.c.account == bindparam("account")
    condition = this if where is None else and_(this, where)
    return [select(column).where(condition).scalar_subquery() for column in columns]


_STATE = select(
    *_of(s.versions, s.versions.c.facts, s.versions.c.events, s.versions.c.decisions),
    # By name, not by exclusion, so that an index finds them among all that was ever sent.
    *_of(s.parcels, func.count(s.parcels.c.key), where=s.parcels.c.delivery.in_([d.value for d in Delivery if d not in FINAL])),
)


def _mentions(
    db: Connection, account: str, obligations: Sequence[Obligation], now: datetime
) -> Iterator[tuple[Mention, datetime, bool]]:
    """Yield what was said by `now`, when, and whether the fate of the parcel that said it is known.

    What a clock that was ahead made Kept say at a later moment was not so yet, and does not count.
    """
    c, p = s.mentions.c, s.parcels.c
    wanted = select(s.mentions, p.delivery).outerjoin(s.parcels, p.key == c.parcel)
    not_refused = p.delivery.is_distinct_from(Delivery.REFUSED.value)
    wanted = wanted.where(c.account == account, of_obligations(c.obligation, obligations), c.at <= now, not_refused)
    for row in db.execute(wanted):
        yield Mention(row.obligation, row.stage, row.asks, row.snoozed_until), row.at, row.delivery != Delivery.UNKNOWN.value


def _actions(db: Connection, account: str, obligations: Sequence[Obligation], since: date) -> dict[str, datetime]:
    """Return the queued actions. A refused reminder or escalation is planned again; any other refused action counts as done."""
    c = s.parcels.c
    repeatable = [ActionKind.REMIND.value, ActionKind.ESCALATE.value]
    counts = or_(c.delivery != Delivery.REFUSED.value, c.kind.not_in(repeatable))
    recent = (c.period >= since, c.kind == ActionKind.HAND_OVER.value)  # apart: each by an index of its own
    wanted = [select(c.key, c.created).where(c.account == account, condition, counts) for condition in recent]
    wanted += [
        select(c.key, c.created).where(c.account == account, of_obligations(c.obligation, part), counts)
        for part in chunks(obligations)
    ]
    return {row.key: row.created for query in wanted for row in db.execute(query)}


def _announcements(db: Connection, account: str, now: datetime) -> dict[str, tuple[datetime, datetime | None]]:
    """Return when each action was announced for its latest start, and that start. Only announcements in sent digests count."""
    a, p = s.announcements.c, s.parcels.c
    delivered = and_(p.key == a.digest, p.delivery == Delivery.SENT.value)
    told = func.coalesce(p.sent, a.at, type_=a.at.type)  # the notice begins when the digest was delivered, however late that was
    since = func.min(told, type_=a.at.type).label("since")
    recent = a.at.between(now - _ANNOUNCED_WITHIN, now)
    wanted = select(a.action, a.start, since).join(s.parcels, delivered).where(a.account == account, recent)
    rows = db.execute(wanted.group_by(a.action, a.start).order_by(since))
    return {row.action: (row.since, row.start) for row in rows}


def _interruptions(db: Connection, account: str, now: datetime, *, escalates_to_user: bool) -> tuple[datetime, ...]:
    c = s.parcels.c
    kinds = [ActionKind.REMIND.value, *([ActionKind.ESCALATE.value] if escalates_to_user else [])]
    wanted = select(c.created).where(
        c.account == account, c.kind.in_(kinds), c.created >= now - _INTERRUPTIONS_WITHIN, c.delivery != Delivery.REFUSED.value
    )
    return tuple(row.created for row in db.execute(wanted))


def _first_digest(db: Connection, account: str) -> datetime | None:
    c = s.parcels.c
    first: datetime | None = db.scalar(select(func.min(c.created)).where(c.account == account, c.kind == ActionKind.DIGEST.value))
    return first


def last_digest_before(db: Connection, account: str, day: date) -> datetime | None:
    """Return when the latest digest of an earlier day was sent; None if there was none."""
    c = s.parcels.c
    digests = and_(c.account == account, c.kind == ActionKind.DIGEST.value, c.period < day, c.delivery == Delivery.SENT.value)
    row = db.execute(select(c.sent).where(digests).order_by(c.period.desc()).limit(1)).first()
    return row.sent if row else None
