"""The calendar as facts: each occurrence in versions, known from when it was `seen` until it was `replaced`.

So any moment in the past can be looked at as it was known then. What ended long ago stays, whatever a calendar says of it
now: it has only left the window that is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from connectors.calendar import CalendarBatch, Event
from daemon.store import json_columns
from daemon.store import schema as s
from daemon.store.statements import chunks, raise_version, set_cursor

SETTLED = timedelta(days=30)  # after an occurrence's end; shorter than any history that is read
MANY = 5  # events; a calendar that had as many and has none at all is not believed
_EMPTY = "the calendar is suddenly empty; what was read from it before is kept"


def add_events(db: Connection, account: str, source: str, batch: CalendarBatch, now: datetime) -> tuple[str, ...]:
    """Store a batch with its cursor: what changed gets a new version, what is gone is closed. Lines for a person."""
    uids = (
        None
        if batch.snapshot and not batch.unreadable
        else {json_columns.storable_text(u) for u in (*(e.uid for e in batch.events), *batch.removed)}
    )
    standing = _standing(db, account, source, uids)
    closable = {key for key, row in standing.items() if row.ends > now - SETTLED}
    if batch.snapshot and not batch.events and len(closable) >= MANY:
        return (_EMPTY,)  # and the cursor stays, so that it is looked at again
    coming = {(json_columns.storable_text(e.uid), json_columns.storable_text(e.occurrence)): e for e in batch.events}
    new = {key: e for key, e in coming.items() if key not in standing or _differs(e, json_columns.event(standing[key].body))}
    closed = [standing[key].number for key in (closable - coming.keys()) | (standing.keys() & new.keys())]
    for part in chunks(closed):
        db.execute(update(s.events).where(s.events.c.number.in_(part)).values(replaced=now))
    if new:
        db.execute(insert(s.events), [_row(account, source, key, event, now) for key, event in new.items()])
    if new or closed:
        raise_version(db, account, "events")
    set_cursor(db, account, source, batch.cursor)
    return ()


def events(db: Connection, account: str, until: datetime | None) -> tuple[Event, ...]:
    """As known at `until` (None: now): the version seen by then and not replaced by then. Of what was first seen later, the
    first version, unless it says that it was made later.
    """
    wanted = select(s.events).where(s.events.c.account == account).order_by(s.events.c.number)
    if until is None:
        found = [json_columns.event(row.body) for row in db.execute(wanted.where(s.events.c.replaced.is_(None)))]
    else:
        found = _as_of(db.execute(wanted), until)
    return tuple(sorted(found, key=lambda e: (e.start, e.uid, e.occurrence)))


@dataclass(frozen=True, slots=True)
class EventVersion:
    """One version of an occurrence: of which, when it was first seen, and when another took its place."""

    key: tuple[str, str, str]
    seen: datetime
    replaced: datetime | None
    event: Event


def versions(db: Connection, account: str) -> tuple[EventVersion, ...]:
    """Every version that the account's calendars ever had, in the order in which they were stored."""
    wanted = select(s.events).where(s.events.c.account == account).order_by(s.events.c.number)
    return tuple(
        EventVersion((row.source, row.uid, row.occurrence), row.seen, row.replaced, json_columns.event(row.body))
        for row in db.execute(wanted)
    )


def next_change(db: Connection, account: str, after: datetime) -> datetime | None:
    """When the calendar as it is known at a moment is next known otherwise, by what is stored now."""
    e = s.events.c
    later = select(s.events).where(e.account == account, (e.seen > after) | (e.replaced > after))
    found = [(row.seen, row.replaced, json_columns.event(row.body).created) for row in db.execute(later)]
    return min((moment for moments in found for moment in moments if moment is not None and moment > after), default=None)


def _as_of(versions: Iterable[Any], until: datetime) -> list[Event]:
    """`versions` in the order in which they were stored."""
    met: set[tuple[str, str, str]] = set()
    found: list[Event] = []
    for row in versions:
        key = (row.source, row.uid, row.occurrence)
        if row.seen <= until:
            if row.replaced is None or row.replaced > until:
                found.append(json_columns.event(row.body))
        elif key not in met:
            event = json_columns.event(row.body)
            if event.created is None or event.created <= until:
                found.append(event)
        met.add(key)
    return found


def _standing(db: Connection, account: str, source: str, uids: set[str] | None) -> dict[tuple[str, str], Any]:
    """The versions that hold now, of these uids or of the whole calendar."""
    mine = select(s.events).where(s.events.c.account == account, s.events.c.source == source, s.events.c.replaced.is_(None))
    if uids is None:
        return {(row.uid, row.occurrence): row for row in db.execute(mine)}
    found = (row for part in chunks(uids) for row in db.execute(mine.where(s.events.c.uid.in_(part))))
    return {(row.uid, row.occurrence): row for row in found}


def _differs(event: Event, standing: Event) -> bool:
    """Whether anything but its stamps changed: some calendars stamp an event anew whenever it is read."""
    return _unstamped(event) != _unstamped(standing)


def _unstamped(event: Event) -> str:
    return json_columns.event_body(replace(event, created=None, modified=None))


def _row(account: str, source: str, key: tuple[str, str], event: Event, now: datetime) -> dict[str, Any]:
    uid, occurrence = key
    return {
        "account": account,
        "source": source,
        "uid": uid,
        "occurrence": occurrence,
        "ends": event.end,
        "seen": now,
        "body": json_columns.event_body(event),
    }
