"""Sources as rows: how far each was read, which of its mail could not be, and what is dropped of one that is no longer configured."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, select

from connectors.mail import Unreadable
from daemon.glossary.assessments import Coverage
from daemon.store import json_columns
from daemon.store import schema as s
from daemon.store.statements import chunks, given, raise_version, upsert

_OF_SOURCE = given(s.quarantine.c.account, s.quarantine.c.source)
_RETRY_SINCE = select(func.min(s.quarantine.c.retry_since)).where(_OF_SOURCE)
_UNREADABLE = select(func.count()).where(_OF_SOURCE)


class SetAside(NamedTuple):
    """A mail that could not be read: where it is, why, who sent it and when it came."""

    place: str
    reason: str
    sender: str
    at: datetime


def all_coverage(db: Connection) -> tuple[Coverage, ...]:
    """Return the coverage of every source of every account, in order; of one whose first poll never ended, an empty one."""
    rows = db.execute(select(s.sources).order_by(s.sources.c.account, s.sources.c.source))
    return tuple(
        json_columns.coverage(row.account, row.source, row.coverage) if row.coverage else Coverage(row.account, row.source, None)
        for row in rows
    )


def retry_since(db: Connection, account: str, source: str) -> datetime | None:
    """Return from when to read a mailbox again for what was set aside and may be read by now; None if there is nothing such."""
    moment: datetime | None = db.scalar(_RETRY_SINCE, {"account": account, "source": source})
    return moment


def count_unreadable(db: Connection, account: str, source: str) -> int:
    """Return how many mails of a source could not be read."""
    return db.scalar(_UNREADABLE, {"account": account, "source": source}) or 0


def set_mail_aside(db: Connection, account: str, source: str, bad: Unreadable, now: datetime, *, again: bool = False) -> None:
    """Store a mail that could not be read. What fails `again` is no news: it keeps the moment at which it was set aside first."""
    key = {"account": account, "source": source, "place": _place(bad.shown)}
    c = s.quarantine.c
    before = db.scalar(select(c.at).where(*(c[name] == value for name, value in key.items()))) if again else None
    sender, reason = json_columns.storable_text(bad.sender) or None, json_columns.storable_text(bad.reason[:500])
    told = {"sender": sender, "arrived": bad.at}
    upsert(db, s.quarantine, key, {"reason": reason, "at": before or now, "retry_since": bad.retry_since, **told})


def settle_set_aside(db: Connection, account: str, source: str, until: datetime, failing: Collection[str]) -> None:
    """Drop what was set aside by a moment to be tried again, apart from what is still failing."""
    c = s.quarantine.c
    tried = (c.account == account, c.source == source, c.retry_since.is_not(None), c.at <= until)
    settled = set(db.scalars(select(c.place).where(*tried))) - {_place(shown) for shown in failing}
    for part in chunks(settled):
        db.execute(delete(s.quarantine).where(*tried, c.place.in_(part)))


def _place(shown: str) -> str:
    return json_columns.storable_text(shown[:500])


def set_aside(db: Connection, account: str, source: str, since: datetime) -> tuple[tuple[str, str], ...]:
    """Return where each mail of a source is that was set aside since then, and why it could not be read, the latest first."""
    c = s.quarantine.c
    wanted = select(c.place, c.reason).where(c.account == account, c.source == source, c.at >= since)
    return tuple((row.place, row.reason) for row in db.execute(wanted.order_by(c.at.desc(), c.place)))


def set_aside_between(db: Connection, account: str, start: datetime, end: datetime) -> tuple[SetAside, ...]:
    """Return the mail of an account that could not be read, whose sender is known and that came in that time, the oldest first."""
    c = s.quarantine.c
    came = (c.account == account, c.sender.is_not(None), c.arrived.between(start, end))
    rows = db.execute(select(s.quarantine).where(*came).order_by(c.arrived, c.place))
    return tuple(SetAside(row.place, row.reason, row.sender, row.arrived) for row in rows)


def forget(db: Connection, account: str, source: str) -> int:
    """Drop the cursor, the coverage, the pauses, the unreadable items and the events of a source. Return how many versions of events there were.

    Its mail stays: a message is a fact of the account, whichever source it came by.
    """
    for table in (s.sources, s.quarantine, s.pauses):
        db.execute(delete(table).where(table.c.account == account, table.c.source == source))
    count = int(db.execute(delete(s.events).where(s.events.c.account == account, s.events.c.source == source)).rowcount)
    if count:
        raise_version(db, account, "events")
    return count
