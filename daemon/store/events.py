"""Calendar events as facts: each occurrence in versions, known from when it was `seen` until it was `replaced`.

This shows the calendar as it was known at any moment. Events that ended long ago stay stored though a calendar no longer lists
them: they have only left the window that is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Select, insert, select, update

from connectors.calendar import CalendarBatch, Event
from daemon.glossary.faults import Faults
from daemon.store import json_columns
from daemon.store import schema as s
from daemon.store.statements import chunks, raise_version, set_cursor

SETTLED = timedelta(days=30)  # after an occurrence's end it is never closed; shorter than any history that is read
MANY = 5  # a calendar that had so many events and suddenly has none is not believed
_AT_ONCE = 500  # rows fetched at a time
_EMPTY = "the calendar is suddenly empty; what was read from it before is kept"


def add_events(db: Connection, account: str, source: str, batch: CalendarBatch, now: datetime) -> tuple[str, ...]:
    """Store a batch with its cursor: changed occurrences get a new version, missing ones are closed. Return warnings for the user."""
    uids = (
        None
        if batch.snapshot and not batch.unreadable
        else {json_columns.storable_text(u) for u in (*(e.uid for e in batch.events), *batch.removed)}
    )
    coming = {(json_columns.storable_text(e.uid), json_columns.storable_text(e.occurrence)): e for e in batch.events}
    current = _current_versions(db, account, source, uids, coming)
    closable = {key for key, version in current.items() if version.ends > now - SETTLED}
    if batch.snapshot and not batch.events and len(closable) >= MANY:
        return (_EMPTY,)  # the cursor stays, so that the calendar is read again
    new = {key: e for key, e in coming.items() if key not in current or current[key].changed}
    closed = [current[key].number for key in (closable - coming.keys()) | (current.keys() & new.keys())]
    for part in chunks(closed):
        db.execute(update(s.events).where(s.events.c.number.in_(part)).values(replaced=now))
    for several in chunks(list(new.items())):  # so that a calendar of many does not stand in memory a second and a third time
        db.execute(insert(s.events), [_row(account, source, key, event, now) for key, event in several])
    if new or closed:
        raise_version(db, account, "events")
    set_cursor(db, account, source, batch.cursor)
    return ()


def events(
    db: Connection, account: str, until: datetime | None, calendars: Collection[str] | None, faults: Faults
) -> tuple[Event, ...]:
    """Return the events as known at `until` (None: now): the versions seen and not replaced by then.

    Of an occurrence first seen later, the first version counts, unless it was created after `until`.
    """
    wanted = select(s.events).where(s.events.c.account == account).order_by(s.events.c.number)
    if until is None:
        rows = counted(db, account, wanted.where(s.events.c.replaced.is_(None)), calendars)
        known = faults.each(rows, _event, _unreadable)
    else:
        known = _as_of(counted(db, account, wanted, calendars), until, faults)
    return tuple(sorted(known, key=lambda e: (e.start, e.uid, e.occurrence)))


def counted(db: Connection, account: str, wanted: Select[Any], calendars: Collection[str] | None) -> Iterator[Any]:
    """Yield the rows that count of those that are wanted, given the calendars that the configuration names (None: all of them).

    What took place before a calendar left stays a fact, as its mail would: a review that was held must not be booked again. Whatever
    lay ahead of its last reading counts no more, nor what another calendar has under the same UID.
    """
    rows = db.execute(wanted.execution_options(yield_per=_AT_ONCE))  # tens of thousands need not stand in memory as rows, too
    if calendars is None or all(source in calendars for source in _each_once(db, wanted, s.events.c.source)):
        yield from rows
        return
    elsewhere = set(_each_once(db, wanted.where(s.events.c.source.in_(calendars)), s.events.c.uid))
    read = select(s.sources).where(s.sources.c.account == account, s.sources.c.coverage.is_not(None))
    last_read = {row.source: json_columns.coverage(account, row.source, row.coverage).seen_until for row in db.execute(read)}
    for row in rows:
        seen_until = last_read.get(row.source)
        took_place = seen_until is not None and row.ends <= seen_until and row.uid not in elsewhere
        if row.source in calendars or took_place:
            yield row


def _each_once(db: Connection, wanted: Select[Any], column: Column[str]) -> Iterable[str]:
    return db.scalars(wanted.with_only_columns(column).order_by(None).distinct())


@dataclass(frozen=True, slots=True)
class EventVersion:
    """One version of an occurrence, with when it was first seen and when it was replaced.

    `key` is source, UID and occurrence.
    """

    key: tuple[str, str, str]
    seen: datetime
    replaced: datetime | None
    event: Event


def versions(db: Connection, account: str, calendars: Collection[str] | None = None) -> tuple[EventVersion, ...]:
    """Return every version of every event that counts, in the order in which they were stored."""
    wanted = select(s.events).where(s.events.c.account == account).order_by(s.events.c.number)
    return tuple(
        EventVersion((row.source, row.uid, row.occurrence), row.seen, row.replaced, json_columns.event(row.body))
        for row in counted(db, account, wanted, calendars)
    )


def next_change(db: Connection, account: str, after: datetime) -> datetime | None:
    """Return when the events known at `after` change next, by what is stored now; None if they do not."""
    e = s.events.c
    later = select(s.events).where(e.account == account, (e.seen > after) | (e.replaced > after))
    rows = db.execute(later.execution_options(yield_per=_AT_ONCE))  # as in `counted`
    changes = ((row.seen, row.replaced, json_columns.event(row.body).created) for row in rows)
    return min((moment for moments in changes for moment in moments if moment is not None and moment > after), default=None)


def _event(row: Any) -> Event:
    return json_columns.event(row.body)


def _unreadable(row: Any) -> str:
    return f"the stored event of {row.ends:%d %b %Y %H:%M} could not be read; kept sync --full reads it again"


def _as_of(versions: Iterable[Any], until: datetime, faults: Faults) -> list[Event]:
    """Return the events as known at `until`, given all versions in the order in which they were stored."""
    earlier: set[tuple[str, str, str]] = set()
    known: list[Event] = []
    for row in versions:
        key = (row.source, row.uid, row.occurrence)
        if row.seen <= until:
            if row.replaced is None or row.replaced > until:
                known += faults.each((row,), _event, _unreadable)
        elif key not in earlier:
            first = faults.each((row,), _event, _unreadable)
            known += [event for event in first if event.created is None or event.created <= until]
        earlier.add(key)
    return known


class _Current(NamedTuple):
    """A version that is not replaced, without its words: those of a whole calendar need not stand in memory."""

    number: int
    ends: datetime
    changed: bool  # whether what is coming in its place differs


def _current_versions(
    db: Connection, account: str, source: str, uids: set[str] | None, coming: Mapping[tuple[str, str], Event]
) -> dict[tuple[str, str], _Current]:
    """Return the versions that are not replaced, of these UIDs or of the whole calendar."""
    current = select(s.events).where(s.events.c.account == account, s.events.c.source == source, s.events.c.replaced.is_(None))
    parts = [current] if uids is None else [current.where(s.events.c.uid.in_(part)) for part in chunks(uids)]
    rows = (row for part in parts for row in db.execute(part.execution_options(yield_per=_AT_ONCE)))
    return {
        key: _Current(row.number, row.ends, _differs(coming.get(key), row)) for row in rows for key in [(row.uid, row.occurrence)]
    }


def _differs(event: Event | None, stored: Any) -> bool:
    """Return whether an event comes, and anything but the stamps differs: some calendars stamp an event again whenever it is read.

    A row that cannot be read differs, so that it is replaced.
    """
    try:
        return event is not None and _unstamped(event) != _unstamped(json_columns.event(stored.body))
    except json_columns.UNREADABLE:
        return True


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
