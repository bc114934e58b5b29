"""The user's decisions as rows, each under the key of its target.

A decision may name its target by short id alone, while no assessment contains it. Its row has no key until the target appears.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from daemon.glossary.decisions import Decision, Scope, Verb
from daemon.glossary.obligations import Kind, short_id
from daemon.store import schema as s
from daemon.store.outbox_store import OutboxStore
from daemon.store.statements import given, raise_version

_VERSION = select(s.versions.c.decisions).where(given(s.versions.c.account))
_UNRESOLVED = select(s.decisions.c.target_id).where(
    given(s.decisions.c.account), s.decisions.c.target.is_(None), s.decisions.c.verb != Verb.UNVERIFIED.value
)


def add_decision(db: Connection, account: str, decision: Decision, token: str | None) -> bool:
    """Store a decision. Return False for a token that was used before."""
    return _store(db, account, decision.target, short_id(decision.target), decision, token)


def add_unresolved_decision(db: Connection, account: str, target_id: str, decision: Decision, token: str | None) -> bool:
    """Store a decision whose target is known by its short id alone; `decision.target` is ignored. Return as `add_decision`."""
    return _store(db, account, None, target_id, decision, token)


@dataclass(slots=True)
class DecisionCache:
    """The decisions of each account as read last: they are read again only when their version has changed."""

    _read: dict[str, tuple[int, tuple[Decision, ...]]] = field(default_factory=dict)

    def decisions(self, db: Connection, account: str, until: datetime | None) -> tuple[Decision, ...]:
        """Return the decisions of an account by `until`, in the order in which they were taken.

        Those that could not be verified decide nothing.
        """
        version = db.scalar(_VERSION, {"account": account}) or 0
        before = self._read.get(account)
        if before is None or before[0] != version:  # the version is read first: what is newer than it is read again next time
            before = self._read[account] = (version, _decisions(db, account))
        found = before[1]
        if until is None or not found or found[-1].at <= until:
            return found
        return found[: bisect_right(found, until, key=lambda decision: decision.at)]


def _decisions(db: Connection, account: str) -> tuple[Decision, ...]:
    c = s.decisions.c
    counted = (c.account == account, c.verb != Verb.UNVERIFIED.value)
    return tuple(_decision(row) for row in db.execute(select(s.decisions).where(*counted).order_by(c.at, c.number)))


def taught_by(db: Connection, accounts: Collection[str]) -> frozenset[str]:
    """Return those accounts whose user ever said that something was misread or is tracked: nobody else moved a confidence band."""
    c = s.decisions.c
    teaching = (c.account.in_(accounts), c.verb.in_([Verb.WRONG.value, Verb.CONFIRM.value]))
    return frozenset(db.scalars(select(c.account).where(*teaching).distinct()))


def unverified(db: Connection, account: str, since: datetime) -> tuple[Decision, ...]:
    """Return what the user asked for after a moment by links whose signature could not be checked (Verb.UNVERIFIED)."""
    c = s.decisions.c
    asked = (c.account == account, c.at > since, c.verb == Verb.UNVERIFIED.value)
    return tuple(_decision(row) for row in db.execute(select(s.decisions).where(*asked).order_by(c.at, c.number)))


def unresolved_ids(db: Connection, account: str) -> frozenset[str]:
    """Return the short ids of targets whose key is not known."""
    return frozenset(db.scalars(_UNRESOLVED, {"account": account}))


def resolve_decisions(db: Connection, account: str, keys: Mapping[str, str]) -> None:
    """Store the keys of targets (short id -> key) that were known by their short ids alone."""
    c = s.decisions.c
    for target_id, key in keys.items():
        waiting = (c.account == account, c.target.is_(None), c.target_id == target_id)
        db.execute(update(s.decisions).where(*waiting).values(target=key))
    raise_version(db, account, "decisions")


def announced_action(db: Connection, account: str, action_id: str) -> tuple[str, str | None] | None:
    """Return the key and the client of the announced action with a short id; None if there is none."""
    c = s.announcements.c
    row = db.execute(select(c.action, c.client).where(c.account == account, c.action_id == action_id).limit(1)).first()
    return None if row is None else (str(row.action), row.client)


def _store(db: Connection, account: str, target: str | None, target_id: str, d: Decision, token: str | None) -> bool:
    if token and db.execute(select(s.decisions.c.number).where(s.decisions.c.token == token)).first():
        return False
    row = {
        "account": account, "target": target, "target_id": target_id, "verb": d.verb.value, "at": d.at, "by": d.by, "until": d.until,
        "why": d.why, "token": token, "kind": d.kind.value if d.kind else None, "confidence": d.confidence, "scope": d.scope.value,
        "client": d.client, "thread": d.thread, "wording": d.wording,
    }  # fmt: skip
    db.execute(insert(s.decisions), [row])
    raise_version(db, account, "decisions")
    return True


def _verb(stored: str) -> Verb:
    """Return a verb; for one that only a later version knows a veto, which stops what it is about and changes nothing else."""
    return Verb(stored) if stored in set(Verb) else Verb.VETO


def _decision(row: Any) -> Decision:
    return Decision(
        target=row.target or row.target_id,
        resolved=row.target is not None,
        verb=_verb(row.verb),
        at=row.at,
        by=row.by,
        until=row.until,
        why=row.why,
        kind=Kind(row.kind) if row.kind in set(Kind) else None,
        confidence=row.confidence,
        scope=Scope(row.scope) if row.scope in set(Scope) else Scope.ITEM,
        client=row.client,
        thread=row.thread,
        wording=row.wording,
    )


class DecisionStore(OutboxStore):
    """The decisions in one state directory or database. Every method raises StoreError if the disk or the database fails."""

    def __init__(self, *opened: Any) -> None:
        super().__init__(*opened)
        self._decision_cache = DecisionCache()

    def add_decision(self, account: str, decision: Decision, token: str | None = None) -> bool:
        """Store a decision. Return False for a token that was used before."""
        with self._write() as db:
            return add_decision(db, account, decision, token)

    def add_unresolved_decision(self, account: str, target_id: str, decision: Decision, token: str | None) -> bool:
        """Store a decision whose target is known by its short id alone, until `resolve_decisions` names its key."""
        with self._write() as db:
            return add_unresolved_decision(db, account, target_id, decision, token)

    def decisions(self, account: str, until: datetime | None = None) -> tuple[Decision, ...]:
        """Return an account's decisions in the order in which they were taken."""
        with self._read() as db:
            return self._decision_cache.decisions(db, account, until)

    def taught_by(self, accounts: Collection[str]) -> frozenset[str]:
        """Return those accounts whose user ever said that something was misread or is tracked."""
        with self._read() as db:
            return taught_by(db, accounts)

    def unresolved_ids(self, account: str) -> frozenset[str]:
        """Return the short ids of the targets whose keys are not known."""
        with self._read() as db:
            return unresolved_ids(db, account)

    def resolve_decisions(self, account: str, keys: Mapping[str, str]) -> None:
        """Store the keys (short id -> key) of targets that were known by their short ids alone."""
        with self._write() as db:
            resolve_decisions(db, account, keys)

    def unverified_decisions(self, account: str, since: datetime) -> tuple[Decision, ...]:
        """Return what the user asked for after a moment by links that could not be verified (Verb.UNVERIFIED)."""
        with self._read() as db:
            return unverified(db, account, since)

    def announced_action(self, account: str, action_id: str) -> tuple[str, str | None] | None:
        """Return the key and the client of the announced action with a short id; None if there is none."""
        with self._read() as db:
            return announced_action(db, account, action_id)
