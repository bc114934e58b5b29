"""The store. A cursor never runs ahead of what is stored: messages, what was read in them and the cursor commit together.

Facts are keyed by account and Message-ID (or UID and occurrence), so what comes twice is there once. Events keep their
versions, so that any moment in the past can be looked at as it was known then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from connectors.calendar import CalendarBatch, Event
from connectors.mail import Message, Role, Unreadable
from daemon.core.model import Coverage, Decision, Delivery, Parcel, Verb
from daemon.core.timeline import moment
from daemon.reading import Reading
from daemon.store import rows
from daemon.store import schema as s
from daemon.store.engine import clear_errors, open_engine
from daemon.store.lock import hold
from daemon.store.outbox_rows import parcel_of, parcel_row

_MANY = 500  # values in one IN (…)


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message with its text cut to what is kept, what was read in it, and the client it concerns (both None for others' mail)."""

    message: Message
    reading: Reading | None
    client: str | None


class Store:
    """One state directory or database."""

    def __init__(self, engine: Engine, where: Path | str) -> None:
        self._engine, self._where = engine, where

    @classmethod
    def open(cls, where: Path | str, *, read_only: bool = False) -> Store:
        """Open it, made or migrated where needed. Raises StoreError."""
        return cls(open_engine(where, read_only=read_only), where)

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the state for one daemon. Raises StoreError where another holds it."""
        with hold(self._where, self._engine):
            yield

    # --- facts ---

    def add_mail(
        self, account: str, source: str, read: Sequence[ReadMessage], cursor: str, unreadable: Sequence[Unreadable], now: datetime
    ) -> None:
        """Store a batch and the cursor that claims it. A copy in another folder adds nothing but its role, where that says sent."""
        with self._begin() as db:
            fresh = self._fresh(db, account, read)
            if fresh:
                version = self._raise(db, account, "facts")
                db.execute(insert(s.messages), [_message_row(account, r, version) for r in fresh])
            for bad in unreadable:
                self._put(db, s.quarantine, {"account": account, "source": source, "place": bad.place[:500]}, {"reason": bad.reason[:500], "at": now})
            self._put(db, s.sources, {"account": account, "source": source}, {"cursor": cursor})

    def _fresh(self, db: Connection, account: str, read: Sequence[ReadMessage]) -> list[ReadMessage]:
        """Those not stored yet; what is stored under another reading or client is replaced, a sent copy wins over a received one."""
        by_id: dict[str, ReadMessage] = {}
        for one in read:
            standing = by_id.get(one.message.message_id)
            if standing is None or one.message.role is Role.SENT:
                by_id[one.message.message_id] = one
        found = {
            row.message_id: row
            for part in _parts(by_id)
            for row in db.execute(select(s.messages.c.message_id, s.messages.c.client, s.messages.c.reading, s.messages.c.envelope).where(s.messages.c.account == account, s.messages.c.message_id.in_(part)))
        }
        fresh = [one for key, one in by_id.items() if key not in found or _differs(one, found[key])]
        for part in _parts([one.message.message_id for one in fresh if one.message.message_id in found]):
            db.execute(delete(s.messages).where(s.messages.c.account == account, s.messages.c.message_id.in_(part)))
        return fresh

    def add_events(self, account: str, source: str, batch: CalendarBatch, now: datetime) -> None:
        """Store a calendar's batch and its cursor: each occurrence that changed gets a new version, what is gone is closed."""
        mine = (s.events.c.account == account, s.events.c.source == source, s.events.c.replaced.is_(None))
        with self._begin() as db:
            uids = {e.uid for e in batch.events} | set(batch.gone)
            standing = {(r.uid, r.occurrence): r for r in db.execute(select(s.events).where(*mine)) if batch.whole or r.uid in uids}
            bodies = {(e.uid, e.occurrence): rows.event_body(e) for e in batch.events}
            closed = [r.number for key, r in standing.items() if bodies.get(key) != r.body]
            new = [{"account": account, "source": source, "uid": uid, "occurrence": occurrence, "seen": now, "body": body} for (uid, occurrence), body in bodies.items() if (uid, occurrence) not in standing or standing[uid, occurrence].body != body]
            for part in _parts(closed):
                db.execute(update(s.events).where(s.events.c.number.in_(part)).values(replaced=now))
            if new:
                db.execute(insert(s.events), new)
            if new or closed:
                self._raise(db, account, "events")
            self._put(db, s.sources, {"account": account, "source": source}, {"cursor": batch.cursor})

    def cursor(self, account: str, source: str) -> str | None:
        """How far a source was read, in its connector's words."""
        return self._scalar(select(s.sources.c.cursor).where(s.sources.c.account == account, s.sources.c.source == source))

    def forget_cursors(self, account: str | None = None) -> None:
        """Make the next poll read everything again."""
        with self._begin() as db:
            db.execute(update(s.sources).where(s.sources.c.account == account if account else s.sources.c.account.is_not(None)).values(cursor=None))

    def messages(self, account: str, client: str, until: datetime | None = None) -> Iterator[ReadMessage]:
        """A client's messages in order of time; those known only after `until` are left out."""
        wanted = select(s.messages).where(s.messages.c.account == account, s.messages.c.client == client).order_by(s.messages.c.moment, s.messages.c.message_id)
        if until is not None:
            wanted = wanted.where(s.messages.c.moment <= until)
        for row in self._all(wanted):
            reading = Reading.from_json({**json.loads(row.reading), "new_text": row.text or ""}) if row.reading else None
            yield ReadMessage(rows.message(row.message_id, row.text, row.envelope), reading, row.client)

    def texts(self, account: str, message_ids: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Message-ID and new text of those messages that are stored with one."""
        for part in _parts(message_ids):
            wanted = select(s.messages.c.message_id, s.messages.c.text).where(s.messages.c.account == account, s.messages.c.message_id.in_(part))
            yield from ((row.message_id, row.text) for row in self._all(wanted) if row.text)

    def message_ids(self, account: str) -> frozenset[str]:
        """Every stored message's name."""
        return frozenset(row.message_id for row in self._all(select(s.messages.c.message_id).where(s.messages.c.account == account)))

    def clients(self, account: str) -> frozenset[str]:
        """The clients with any message in this account."""
        return frozenset(row.client for row in self._all(select(s.messages.c.client).where(s.messages.c.account == account, s.messages.c.client.is_not(None)).distinct()))

    def events(self, account: str, until: datetime | None = None) -> tuple[Event, ...]:
        """The account's events as known at `until`; of what was first seen later, the first version if it was made by then."""
        found: dict[tuple[str, str, str], Event] = {}
        for row in self._all(select(s.events).where(s.events.c.account == account).order_by(s.events.c.number)):
            key = (row.source, row.uid, row.occurrence)
            if until is None:
                if row.replaced is None:
                    found[key] = rows.event(row.body)
            elif row.seen <= until:
                found.pop(key, None)
                if row.replaced is None or row.replaced > until:
                    found[key] = rows.event(row.body)
            elif key not in found and not self._seen_before(row, until):
                event = rows.event(row.body)
                if event.created is None or event.created <= until:
                    found[key] = event
        return tuple(sorted(found.values(), key=lambda e: (e.start, e.uid, e.occurrence)))

    def _seen_before(self, row: Any, until: datetime) -> bool:
        """Whether an earlier version was known and gone by then: what comes after it is news of later."""
        earlier = select(s.events.c.number).where(s.events.c.account == row.account, s.events.c.source == row.source, s.events.c.uid == row.uid, s.events.c.occurrence == row.occurrence, s.events.c.seen <= until)
        return self._scalar(earlier.limit(1)) is not None

    def fact_version(self, account: str) -> tuple[int, int]:
        """Rises with each new message, and with each changed event."""
        row = next(iter(self._all(select(s.versions).where(s.versions.c.account == account))), None)
        return (row.facts, row.events) if row else (0, 0)

    def touched(self, account: str, since: int) -> frozenset[str]:
        """The clients with messages that came after that version."""
        wanted = select(s.messages.c.client).where(s.messages.c.account == account, s.messages.c.version > since, s.messages.c.client.is_not(None)).distinct()
        return frozenset(row.client for row in self._all(wanted))

    # --- coverage, decisions, what was said ---

    def cover(self, coverage: Coverage) -> None:
        """Write down how far a source was read."""
        with self._begin() as db:
            self._put(db, s.sources, {"account": coverage.account, "source": coverage.source}, {"coverage": rows.coverage_body(coverage)})

    def coverage(self) -> tuple[Coverage, ...]:
        """Every source's coverage, in order of account and name."""
        wanted = select(s.sources).where(s.sources.c.coverage.is_not(None)).order_by(s.sources.c.account, s.sources.c.source)
        return tuple(rows.coverage(row.account, row.source, row.coverage) for row in self._all(wanted))

    def decide(self, decision: Decision, token: str | None = None) -> bool:
        """Take a decision down; one that came by a token counts once, however often its mail comes. False for a repetition."""
        d = decision
        with self._begin() as db:
            if token and db.execute(select(s.decisions.c.number).where(s.decisions.c.token == token)).first():
                return False
            db.execute(insert(s.decisions).values(target=d.target, verb=d.verb.value, at=d.at, by=d.by, until=d.until, why=d.why, token=token))
        return True

    def decisions(self, until: datetime | None = None) -> tuple[Decision, ...]:
        """The user's decisions in the order in which they were taken."""
        wanted = select(s.decisions).order_by(s.decisions.c.at, s.decisions.c.number)
        if until is not None:
            wanted = wanted.where(s.decisions.c.at <= until)
        return tuple(Decision(r.target, Verb(r.verb), r.at, r.by, r.until, r.why) for r in self._all(wanted))

    def said(self, until: datetime | None = None) -> Mapping[str, datetime]:
        """What was said, and when it was queued. Everything, whatever the clock says now, unless asked for the past."""
        wanted = select(s.said) if until is None else select(s.said).where(s.said.c.at <= until)
        return {row.key: row.at for row in self._all(wanted)}

    def meta(self, name: str) -> str | None:
        """A fact about the state itself."""
        return self._scalar(select(s.meta.c.value).where(s.meta.c.name == name))

    def set_meta(self, name: str, value: str) -> None:
        """Write one down."""
        with self._begin() as db:
            self._put(db, s.meta, {"name": name}, {"value": value})

    def quarantined(self) -> tuple[tuple[str, str, str, str], ...]:
        """Account, source, place and reason of every mail that could not be read."""
        return tuple((r.account, r.source, r.place, r.reason) for r in self._all(select(s.quarantine)))

    # --- outbox ---

    def queue(self, parcels: Sequence[Parcel], said: Sequence[str], now: datetime) -> None:
        """Parcels and what they say, in one transaction. A key that is there already is left as it is."""
        if not parcels and not said:
            return
        with self._begin() as db:
            for parcel in parcels:
                self._add(db, s.parcels, parcel_row(parcel, now))
            for key in said:
                self._add(db, s.said, {"key": key, "at": now})

    def parcels(self, *deliveries: Delivery) -> tuple[Parcel, ...]:
        """The parcels in these states (all, where none is named), oldest first."""
        wanted = select(s.parcels).order_by(s.parcels.c.created, s.parcels.c.key)
        if deliveries:
            wanted = wanted.where(s.parcels.c.delivery.in_([d.value for d in deliveries]))
        return tuple(parcel_of(row) for row in self._all(wanted))

    def claim(self, key: str) -> bool:
        """Take a waiting parcel to be sent, committed before the call. False where somebody else has it."""
        change = update(s.parcels).where(s.parcels.c.key == key, s.parcels.c.delivery == Delivery.WAITING.value)
        with self._begin() as db:
            return db.execute(change.values(delivery=Delivery.SENDING.value, attempts=s.parcels.c.attempts + 1)).rowcount == 1

    def settle(self, key: str, delivery: Delivery, now: datetime, *, receipt: str | None = None, error: str | None = None, not_before: datetime | None = None) -> None:
        """Write down how an attempt ended."""
        values: dict[str, Any] = {"delivery": delivery.value, "error": error}
        if delivery is Delivery.SENT:
            values |= {"sent": now, "receipt": receipt}
        if not_before is not None:
            values["not_before"] = not_before
        with self._begin() as db:
            db.execute(update(s.parcels).where(s.parcels.c.key == key).values(**values))

    # --- privacy ---

    def export(self, client: str) -> dict[str, Any]:
        """All that is stored about one client."""
        mail = self._all(select(s.messages).where(s.messages.c.client == client).order_by(s.messages.c.moment))
        return {
            "client": client,
            "messages": [{"account": r.account, "message_id": r.message_id, "text": r.text, **json.loads(r.envelope), "reading": json.loads(r.reading) if r.reading else None} for r in mail],
        }

    def purge(self, client: str) -> int:
        """Forget a client's messages; how many there were."""
        with self._begin() as db:
            return int(db.execute(delete(s.messages).where(s.messages.c.client == client)).rowcount)

    def expire(self, before: datetime) -> int:
        """Drop the texts of messages older than that; their threading fields stay."""
        with self._begin() as db:
            old = update(s.messages).where(s.messages.c.moment < before, s.messages.c.text.is_not(None))
            return int(db.execute(old.values(text=None)).rowcount)

    # --- the database ---

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with clear_errors(str(self._where).rpartition("@")[2]), self._engine.begin() as db:
            yield db

    def _all(self, statement: Any) -> Sequence[Any]:
        with clear_errors(str(self._where).rpartition("@")[2]), self._engine.connect() as db:
            return db.execute(statement).all()

    def _scalar(self, statement: Any) -> Any:
        with clear_errors(str(self._where).rpartition("@")[2]), self._engine.connect() as db:
            return db.execute(statement).scalar()

    def _raise(self, db: Connection, account: str, which: str) -> int:
        row = db.execute(select(s.versions).where(s.versions.c.account == account)).first()
        values = {"facts": row.facts if row else 0, "events": row.events if row else 0}
        values[which] += 1
        self._put(db, s.versions, {"account": account}, values)
        return values["facts"]

    def _put(self, db: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Insert or update the row with this key."""
        make = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
        db.execute(make(table).values(**key, **values).on_conflict_do_update(index_elements=list(key), set_=dict(values)))

    def _add(self, db: Connection, table: Table, row: Mapping[str, Any]) -> None:
        """Insert a row unless its key is there."""
        make = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
        db.execute(make(table).values(**row).on_conflict_do_nothing())


def _parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    whole = list(values)
    for start in range(0, len(whole), _MANY):
        yield whole[start : start + _MANY]


def _message_row(account: str, read: ReadMessage, version: int) -> dict[str, Any]:
    reading = None
    if read.reading is not None:
        data = read.reading.to_json()
        data.pop("new_text", None)
        reading = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return {
        "account": account,
        "message_id": read.message.message_id,
        "moment": moment(read.message),
        "client": read.client,
        "version": version,
        "envelope": rows.envelope(read.message),
        "text": read.message.text or None,
        "reading": reading,
    }


def _differs(read: ReadMessage, row: Any) -> bool:
    """Whether a message that came again says more than the stored one: another client, another reading, or that it was sent."""
    if read.client != row.client:
        return True
    became_sent = read.message.role is Role.SENT and f'"role":"{Role.SENT.value}"' not in row.envelope
    return became_sent or _message_row("", read, 0)["reading"] != row.reading

