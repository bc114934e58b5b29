"""The turns of a team as rows: when each account is due, when it was read last, and what its last turn found it could rest on.

A row outlives the worker: whoever has the account next begins where the last one ended, so that an account at which nothing is new
costs as little on another machine as on the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, delete, func, select, update

from daemon.store import schema as s
from daemon.store.statements import chunks, given, insert_those_absent

_ROW = select(s.turns).where(given(s.turns.c.account))
_T = s.turns.c
_WOKEN = and_(_T.read.is_(None), _T.due != bindparam("began_due", type_=_T.due.type))  # since the turn began
_END = (
    update(s.turns)
    .where(_T.account == bindparam("of"))
    .values(
        due=case((_WOKEN, _T.due), else_=bindparam("next_due", type_=_T.due.type)),
        read=case((_WOKEN, None), else_=bindparam("read_at", type_=_T.read.type)),
        **{name: bindparam(name) for name in ("ended", "failures", "basis", "state", "since", "until", "problem")},
    )
)


@dataclass(frozen=True, slots=True)
class TurnRow:
    """When an account is due next, and what its last turn left for the next.

    `read` is when its sources were read last, `ended` when its last turn ended; `failures` counts the turns in a row that failed,
    and `problem` says of the last one why, in words.
    Under the configuration `basis` it rests from `since` until `until`, as long as its state in the store (`Store.account_state`) is
    `state`; None: it does not rest.
    """

    due: datetime
    read: datetime | None = None
    ended: datetime | None = None
    failures: int = 0
    basis: str = ""
    state: tuple[int | None, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class TurnCounts:
    """How many accounts there are, how many are overdue, and since when the one that has waited longest is due."""

    accounts: int
    overdue: int
    oldest: datetime | None


def register(db: Connection, accounts: Iterable[str], now: datetime) -> None:
    """Have accounts that are new take their first turn now; those that are known stay as they are."""
    for part in chunks(accounts):
        insert_those_absent(db, s.turns, [{"account": account, "due": now, "failures": 0, "basis": ""} for account in part])


def row_of(db: Connection, account: str) -> TurnRow | None:
    """Return an account's row; None if it was never registered."""
    row = db.execute(_ROW, {"account": account}).first()
    if row is None:
        return None
    state = tuple(json.loads(row.state)) if row.state else None
    return TurnRow(row.due, row.read, row.ended, row.failures, row.basis, state, row.since, row.until, row.problem)


def end(db: Connection, account: str, row: TurnRow, due: datetime) -> None:
    """Store what a turn that was due then leaves for the next; an account that was woken meanwhile is due at once all the same."""
    state = json.dumps(row.state) if row.state is not None else None
    values: dict[str, Any] = {"ended": row.ended, "failures": row.failures, "basis": row.basis, "since": row.since}
    when = {"began_due": due, "next_due": row.due, "read_at": row.read}
    db.execute(_END, {"of": account, **values, **when, "state": state, "until": row.until, "problem": row.problem})


def wake(db: Connection, account: str, now: datetime) -> None:
    """Make an account due now, and have its sources read."""
    db.execute(update(s.turns).where(_T.account == account).values(due=now, read=None))


def postpone(db: Connection, account: str, due: datetime) -> None:
    """Make an account due later."""
    db.execute(update(s.turns).where(_T.account == account).values(due=due))


def forget(db: Connection, accounts: Iterable[str]) -> None:
    """Let accounts take no more turns."""
    for part in chunks(accounts):
        db.execute(delete(s.turns).where(_T.account.in_(part)))


def counts(db: Connection, now: datetime) -> TurnCounts:
    """Return how many accounts there are and how many are overdue."""
    overdue = db.execute(select(func.count(), func.min(_T.due, type_=_T.due.type)).where(_T.due <= now)).one()
    return TurnCounts(int(db.scalar(select(func.count()).select_from(s.turns)) or 0), int(overdue[0]), overdue[1])


def problems(db: Connection) -> Mapping[str, str]:
    """Return account -> why its last turn came to no end, of those of which it did not."""
    return {row.account: row.problem for row in db.execute(select(_T.account, _T.problem).where(_T.problem.is_not(None)))}
