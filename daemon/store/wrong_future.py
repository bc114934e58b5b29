"""Put right what was stored while the clock was ahead: whatever was done was done before now.

Every moment of which the store says that something happened then, and which lies ahead of a clock that is believed, becomes now; what
must not be believed at all is forgotten. The list stands in `daemon.service.clock_guard`.
"""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from daemon.glossary.actions import Delivery
from daemon.store import json_columns, mail
from daemon.store import schema as s
from daemon.store.open_cache import OTHERS
from daemon.store.statements import raise_version, upsert

STARTED, WON = "started", "won"  # names in `meta`
_AHEAD = "mail ahead"  # a name in `meta`: from when on mail that was dated back is believed
_MAIL_AHEAD = timedelta(days=1)  # a sender's clock may be fast; a server's is not by this much
_MAILS = 3  # so many of a time that has not come say that this machine's clock is behind, rather than that it was ahead
_EVENT_MOMENTS = (s.events.c.seen, s.events.c.replaced)
_PARCEL_MOMENTS = ("created", "sent", "claimed", "settled")
_OPEN = [d.value for d in (Delivery.WAITING, Delivery.SENDING, Delivery.UNKNOWN)]


def put_right(db: Connection, now: datetime) -> bool:
    """Put right what was stored at moments after `now`. Return whether anything was.

    Nothing is touched where mail says that it is the present clock that is wrong.
    """
    latest = _latest(db)
    if latest is None or latest <= now or _is_behind(db, now, latest):
        return False
    _put_facts_right(db, now)
    _put_parcels_right(db, now)
    d, q, n, a = s.decisions.c, s.quarantine.c, s.notices.c, s.advice.c
    for table, column in ((s.decisions, d.at), (s.quarantine, q.at), (s.notices, n.at), (s.advice, a.at)):
        db.execute(update(table).where(column > now).values({column: now}))
    cached = s.open_obligations.c
    db.execute(delete(s.open_obligations).where((cached.as_of > now) | (cached.client == OTHERS)))
    _put_state_right(db, now)
    return True


def note_mail_ahead(db: Connection, moment: datetime) -> None:
    """Note that mail was dated back which is to be believed from `moment` on; the earliest such moment counts."""
    noted = _moment(db, _AHEAD)
    if noted is None or moment < noted:
        upsert(db, s.meta, {"name": _AHEAD}, {"value": moment.isoformat()})


def read_dated_back_again(db: Connection, now: datetime) -> None:
    """Have all mail read again once mail that was dated back can be believed: the clock had been behind when it was read."""
    noted = _moment(db, _AHEAD)
    if noted is not None and noted <= now:
        db.execute(delete(s.meta).where(s.meta.c.name == _AHEAD))
        mail.forget_cursors(db, None)


def _latest(db: Connection) -> datetime | None:
    """Return the latest moment at which the store says that something was done; None if nothing was."""
    columns = (
        s.parcels.c.created,
        s.decisions.c.at,
        s.events.c.seen,
        s.quarantine.c.at,
        s.mentions.c.at,
        s.announcements.c.at,
        s.open_obligations.c.as_of,
    )
    moments = [db.scalar(select(func.max(c, type_=c.type))) for c in columns]
    coverage = db.execute(select(s.sources).where(s.sources.c.coverage.is_not(None)))
    moments += [_seen_until(row) for row in coverage]
    moments += [_moment(db, STARTED), *_won(db).values()]
    days = db.scalars(select(s.accounts.c.expired).where(s.accounts.c.expired.is_not(None)))
    zone = next((m.tzinfo for m in moments if m is not None), None)
    moments += [datetime.combine(day, time(), zone) for day in days]
    return max((m for m in moments if m is not None), default=None)


def _is_behind(db: Connection, now: datetime, latest: datetime) -> bool:
    """Return whether mail came between a day from now and that moment: it is now that is wrong."""
    c = s.messages.c
    between = select(func.count()).select_from(s.messages).where(c.moment > now + _MAIL_AHEAD, c.moment <= latest)
    return int(db.scalar(between) or 0) >= _MAILS


def _put_facts_right(db: Connection, now: datetime) -> None:
    for column in _EVENT_MOMENTS:
        changed = {row.account for row in db.execute(select(s.events.c.account).where(column > now).distinct())}
        db.execute(update(s.events).where(column > now).values({column: now}))
        for account in changed:
            raise_version(db, account, "events")
    for row in db.execute(select(s.sources).where(s.sources.c.coverage.is_not(None))).all():
        seen, since = _seen_until(row), json_columns.coverage(row.account, row.source, row.coverage).failed_since
        if (seen is not None and seen > now) or (since is not None and since > now):
            body = json.loads(row.coverage) | ({"seen_until": None} if seen is not None and seen > now else {})
            body |= {"failed_since": now.isoformat()} if since is not None and since > now else {}
            this = (s.sources.c.account == row.account) & (s.sources.c.source == row.source)
            db.execute(update(s.sources).where(this).values(coverage=json_columns.dumps(body)))
        if (
            seen is not None and seen > now + _MAIL_AHEAD
        ):  # mail that came meanwhile may have been taken for older than the history
            mail.forget_cursors(db, row.account, row.source)


def _put_parcels_right(db: Connection, now: datetime) -> None:
    c = s.parcels.c
    for name in _PARCEL_MOMENTS:
        if name in c:
            db.execute(update(s.parcels).where(c[name] > now).values({c[name]: now}))
    db.execute(update(s.parcels).where(c.not_before > now, c.delivery.in_(_OPEN)).values(not_before=now))


def _put_state_right(db: Connection, now: datetime) -> None:
    """Put the first day and the clients won right, and read all mail again where texts were dropped on a later day."""
    started = _moment(db, STARTED)
    if started is not None and started > now:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        upsert(db, s.meta, {"name": STARTED}, {"value": midnight.isoformat()})
    won = _won(db)
    if any(at > now for at in won.values()):
        dates = {name: min(at, now).isoformat() for name, at in won.items()}
        upsert(db, s.meta, {"name": WON}, {"value": json.dumps(dates)})
    tomorrow = (now + timedelta(days=1)).date()  # in any time zone
    for account in db.scalars(select(s.accounts.c.account).where(s.accounts.c.expired > tomorrow)).all():
        db.execute(update(s.accounts).where(s.accounts.c.account == account).values(expired=None))
        mail.forget_cursors(db, account)


def _seen_until(row: Any) -> datetime | None:
    return json_columns.coverage(row.account, row.source, row.coverage).seen_until


def _moment(db: Connection, name: str) -> datetime | None:
    text = db.scalar(select(s.meta.c.value).where(s.meta.c.name == name))
    return datetime.fromisoformat(text) if text else None


def _won(db: Connection) -> dict[str, datetime]:
    text = db.scalar(select(s.meta.c.value).where(s.meta.c.name == WON)) or "{}"
    return {name: datetime.fromisoformat(at) for name, at in json.loads(text).items()}
