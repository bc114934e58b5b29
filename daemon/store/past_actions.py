"""Read what was said to one account and done for it, as far as a plan needs it. Every query uses an index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, bindparam, func, or_, select

from daemon.glossary.actions import ActionKind, Delivery, Mention
from daemon.glossary.obligations import Obligation
from daemon.planning.plan_inputs import PastActions
from daemon.store import outbox_table
from daemon.store import schema as s
from daemon.store.outbox_table import FINAL
from daemon.store.statements import chunks, given

_ANNOUNCED_WITHIN = timedelta(days=120)  # an action announced earlier will not happen any more


@dataclass(frozen=True, slots=True)
class PastScope:
    """Which part of the past a plan needs: what concerns these obligations, or periods from `since` on, as of `now`.

    Only the interruptions since `today`, the beginning of the account's day, are read. With `escalates_to_user` an escalation goes to
    the user, and counts towards them.
    """

    obligations: Sequence[Obligation]
    since: date
    now: datetime
    today: datetime = field(kw_only=True)
    escalates_to_user: bool = field(kw_only=True)
    settled: Sequence[Obligation] = ()  # of late: whose drafts may still be there


def past_actions(db: Connection, account: str, scope: PastScope) -> PastActions:
    """Return what was said to an account and done for it within a scope."""
    mentions: dict[Mention, datetime] = {}
    sure: set[Mention] = set()
    for part in chunks(scope.obligations):
        for mention, at, known in _mentions(db, account, part, scope.now):
            mentions[mention] = at
            sure |= {mention} if known else set()
    return PastActions(
        mentions=mentions,
        unsure=frozenset(mentions.keys() - sure),
        actions=_actions(db, account, (*scope.obligations, *scope.settled), scope.since),
        saved_drafts={
            key: draft
            for part in chunks((*scope.obligations, *scope.settled))
            for key, draft in outbox_table.saved_drafts(db, account, [o.key for o in part]).items()
        },
        announcements=_announcements(db, account, scope.now),
        interruptions=_interruptions(db, account, scope.today, escalates_to_user=scope.escalates_to_user),
        first_digest=_first_digest(db, account),
    )


def account_state(db: Connection, account: str) -> tuple[int | None, ...]:
    """Return numbers that stay the same while nothing happens to an account: facts, decisions, what others have of its clients, parcels on their way."""
    return tuple(db.execute(_STATE, {"account": account}).one())


def _of(table: Table, *columns: ColumnElement[Any], where: ColumnElement[bool] | None = None) -> list[ColumnElement[Any]]:
    condition = given(table.c.account) if where is None else and_(given(table.c.account), where)
    return [select(column).where(condition).scalar_subquery() for column in columns]


_OTHERS, _THEIR_VERSIONS = s.touched.alias(), s.versions.alias()  # what others have of the account's clients, and of calendars
_STATE = select(
    *_of(s.versions, s.versions.c.facts, s.versions.c.events, s.versions.c.decisions),
    select(func.sum(_OTHERS.c.version + _THEIR_VERSIONS.c.events))
    .join(_THEIR_VERSIONS, _THEIR_VERSIONS.c.account == _OTHERS.c.account)
    .join(s.touched, and_(s.touched.c.client == _OTHERS.c.client, s.touched.c.account != _OTHERS.c.account))
    .where(given(s.touched.c.account))
    .scalar_subquery(),
    # By name, not by exclusion, so that an index finds them among all that was ever sent.
    *_of(s.parcels, func.count(s.parcels.c.key), where=s.parcels.c.delivery.in_([d.value for d in Delivery if d not in FINAL])),
)
_M, _P, _A = s.mentions.c, s.parcels.c, s.announcements.c
_MENTIONS = (
    select(s.mentions, _P.delivery)
    .outerjoin(s.parcels, _P.key == _M.parcel)
    .where(given(_M.account), _M.obligation.in_(bindparam("obligations", expanding=True)), _M.at <= bindparam("now"))
    .where(_P.delivery.is_distinct_from(Delivery.REFUSED.value))
)
_DONE = select(_P.key, _P.created).where(
    given(_P.account),
    or_(_P.delivery != Delivery.REFUSED.value, _P.kind.not_in([ActionKind.REMIND.value, ActionKind.ESCALATE.value])),
)
# Apart: each by an index of its own.
_OF_PERIODS = _DONE.where(_P.period >= bindparam("since"))
_HAND_OVERS = _DONE.where(_P.kind == ActionKind.HAND_OVER.value)
_ABOUT = _DONE.where(_P.obligation.in_(bindparam("obligations", expanding=True)))
# The notice begins when the digest was delivered, however late that was.
_SINCE = func.min(func.coalesce(_P.sent, _A.at, type_=_A.at.type), type_=_A.at.type).label("since")
_ANNOUNCED = (
    select(_A.action, _A.start, _SINCE)
    .join(s.parcels, and_(_P.key == _A.digest, _P.delivery == Delivery.SENT.value))
    .where(given(_A.account), _A.at.between(bindparam("from"), bindparam("to")))
    .group_by(_A.action, _A.start)
    .order_by(_SINCE)
)
_INTERRUPTIONS = select(_P.created).where(
    given(_P.account),
    _P.kind.in_(bindparam("kinds", expanding=True)),
    _P.created >= bindparam("today"),
    _P.delivery != Delivery.REFUSED.value,
)
_FIRST_DIGEST = select(func.min(_P.created)).where(given(_P.account), _P.kind == ActionKind.DIGEST.value)


def _mentions(
    db: Connection, account: str, obligations: Sequence[Obligation], now: datetime
) -> Iterator[tuple[Mention, datetime, bool]]:
    """Yield what was said by `now`, when, and whether the fate of the parcel that said it is known.

    What a clock that was ahead made Kept say at a later moment was not so yet, and does not count.
    """
    values = {"account": account, "obligations": [o.key for o in obligations], "now": now}
    for row in db.execute(_MENTIONS, values):
        yield Mention(row.obligation, row.stage, row.asks, row.snoozed_until), row.at, row.delivery != Delivery.UNKNOWN.value


def _actions(db: Connection, account: str, obligations: Sequence[Obligation], since: date) -> dict[str, datetime]:
    """Return the queued actions. A refused reminder or escalation is planned again; any other refused action counts as done."""
    wanted: list[tuple[Select[Any], dict[str, Any]]] = [(_OF_PERIODS, {"since": since}), (_HAND_OVERS, {})]
    wanted += [(_ABOUT, {"obligations": [o.key for o in part]}) for part in chunks(obligations)]
    return {row.key: row.created for query, values in wanted for row in db.execute(query, {"account": account, **values})}


def _announcements(db: Connection, account: str, now: datetime) -> dict[str, tuple[datetime, datetime | None]]:
    """Return when each action was announced for its latest start, and that start. Only announcements in sent digests count."""
    rows = db.execute(_ANNOUNCED, {"account": account, "from": now - _ANNOUNCED_WITHIN, "to": now})
    return {row.action: (row.since, row.start) for row in rows}


def _interruptions(db: Connection, account: str, today: datetime, *, escalates_to_user: bool) -> tuple[datetime, ...]:
    kinds = [ActionKind.REMIND.value, *([ActionKind.ESCALATE.value] if escalates_to_user else [])]
    return tuple(db.scalars(_INTERRUPTIONS, {"account": account, "kinds": kinds, "today": today}))


def _first_digest(db: Connection, account: str) -> datetime | None:
    first: datetime | None = db.scalar(_FIRST_DIGEST, {"account": account})
    return first


def last_digest_before(db: Connection, account: str, day: date) -> datetime | None:
    """Return when the latest digest of an earlier day was sent; None if there was none."""
    c = s.parcels.c
    digests = and_(c.account == account, c.kind == ActionKind.DIGEST.value, c.period < day, c.delivery == Delivery.SENT.value)
    row = db.execute(select(c.sent).where(digests).order_by(c.period.desc()).limit(1)).first()
    return row.sent if row else None
