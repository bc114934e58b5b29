"""The links that sign in to the dashboard and the browsers that are signed in, as rows.

A row has the SHA-256 of its secret, never the secret: whoever reads the database cannot sign in with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from daemon.store import schema as s

_S, _I = s.web_sessions.c, s.web_sign_ins.c


@dataclass(frozen=True, slots=True)
class SignIn:
    """A link that signs in to an account once, until a moment; `hash` is that of its secret."""

    hash: str
    account: str
    made: datetime
    ends: datetime
    mailed: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in to an account since a moment, and when it was last seen."""

    account: str
    began: datetime
    seen: datetime


def add_sign_in(db: Connection, one: SignIn) -> None:
    """Store a link, and forget those that ended before it was made."""
    db.execute(delete(s.web_sign_ins).where(_I.ends < one.made))
    row: dict[str, Any] = {"hash": one.hash, "account": one.account, "mailed": one.mailed, "made": one.made, "ends": one.ends}
    db.execute(insert(s.web_sign_ins).values(**row))


def mailed_since(db: Connection, account: str, since: datetime) -> int:
    """Return how many links were mailed to an account since a moment."""
    wanted = select(func.count()).select_from(s.web_sign_ins)
    return int(db.scalar(wanted.where(_I.account == account, _I.mailed, _I.made >= since)) or 0)


def is_good(db: Connection, hashed: str, now: datetime) -> bool:
    """Return whether a link would sign in now."""
    return db.scalar(select(_I.account).where(_I.hash == hashed, _I.used.is_(None), _I.ends > now)) is not None


def use_sign_in(db: Connection, hashed: str, now: datetime) -> str | None:
    """Use a link up, and return its account; None for one that is unknown, used or too old. Of two at the same time one gets it."""
    good = (_I.hash == hashed, _I.used.is_(None), _I.ends > now)
    found = db.execute(update(s.web_sign_ins).where(*good).values(used=now).returning(_I.account)).scalar()
    return None if found is None else str(found)


def add_session(db: Connection, hashed: str, account: str, now: datetime, began_before: datetime) -> None:
    """Store a browser that signed in, and forget those that signed in before a moment."""
    db.execute(delete(s.web_sessions).where(_S.began < began_before))
    db.execute(insert(s.web_sessions).values(hash=hashed, account=account, began=now, seen=now))


def session(db: Connection, hashed: str) -> Session | None:
    """Return a browser that is signed in."""
    row = db.execute(select(s.web_sessions).where(_S.hash == hashed)).first()
    return None if row is None else Session(row.account, row.began, row.seen)


def note_seen(db: Connection, hashed: str, now: datetime) -> None:
    """Note that a browser was seen."""
    db.execute(update(s.web_sessions).where(_S.hash == hashed).values(seen=now))


def signed_in(db: Connection, since: datetime, most: int) -> tuple[str, ...]:
    """Return the accounts of which a browser was seen since a moment, at most so many, whichever was seen last first."""
    last = func.max(_S.seen)
    return tuple(db.scalars(select(_S.account).where(_S.seen >= since).group_by(_S.account).order_by(last.desc()).limit(most)))


def end_session(db: Connection, hashed: str) -> None:
    """Sign a browser out."""
    db.execute(delete(s.web_sessions).where(_S.hash == hashed))


def sign_out_all(db: Connection) -> int:
    """Sign every browser out, and let no link sign in any more. Return how many browsers it was."""
    db.execute(delete(s.web_sign_ins))
    return int(db.execute(delete(s.web_sessions)).rowcount)
