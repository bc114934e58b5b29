"""The store. A cursor never runs ahead of what is stored: messages, what was read in them and the cursor commit together.

Every public method is one transaction. Facts are keyed by account and Message-ID (or UID and occurrence), so what comes
twice is there once, and any moment in the past can be looked at as it was known then. This class only opens transactions;
what happens in them stands in the modules beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select

from connectors.calendar import CalendarBatch, Event
from connectors.mail import Unreadable
from daemon.errors import StoreError
from daemon.glossary.actions import Delivery, Parcel
from daemon.glossary.assessments import Coverage
from daemon.glossary.decisions import Decision
from daemon.store import events, json_columns, mail, open_cache, outbox_table, privacy, search
from daemon.store import schema as s
from daemon.store.engine import on_server, open_engine, place, scrub, writing
from daemon.store.error_messages import clear_errors
from daemon.store.events import Version
from daemon.store.lock import locked_file, locked_session
from daemon.store.mail import ReadMessage
from daemon.store.open_cache import OpenObligations
from daemon.store.search import Found
from daemon.store.statements import put

LOCK = "lock"  # the lock file beside the database


class Store:
    """One state directory or database. Every method raises StoreError for what the disk or the database does to it."""

    def __init__(self, engine: Engine, where: Path | str) -> None:
        self._engine, self._where, self._place = engine, where, place(where)

    @classmethod
    def open(cls, where: Path | str, *, read_only: bool = False) -> Store:
        """A state directory (made where there is none) or a postgresql:// URL, its tables made or migrated where needed."""
        return cls(open_engine(where, read_only=read_only), where)

    def close(self) -> None:
        """Let the database go. Harmless where that was done."""
        self._engine.dispose()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only one that polls and sends. Raises StoreError where another process is; its death sets the lock free."""
        with self._locked() as holder:
            if holder is not None:
                raise StoreError(
                    f"Another Kept ({holder}) is already running on {self._place}; this one stops. Nothing was changed."
                )
            yield

    # --- facts ---

    def add_mail(
        self, account: str, source: str, read: Sequence[ReadMessage], cursor: str, unreadable: Sequence[Unreadable], now: datetime
    ) -> tuple[str, ...]:
        """Store a batch and the cursor that claims it. Idempotent; a copy in another folder adds only that it was sent.

        The names of the clients that have news by it.
        """
        with self._write() as db:
            return mail.add_mail(db, account, source, read, cursor, unreadable, now)

    def add_events(self, account: str, source: str, batch: CalendarBatch, now: datetime) -> tuple[str, ...]:
        """Store a calendar's batch and its cursor: each occurrence that changed gets a new version, what is gone is closed.

        Lines for a person: a calendar that is suddenly empty is not believed, and its cursor is not stored.
        """
        with self._write() as db:
            return events.add_events(db, account, source, batch, now)

    def cursor(self, account: str, source: str) -> str | None:
        """How far a source was read, in its connector's words."""
        return self._value(select(s.sources.c.cursor).where(s.sources.c.account == account, s.sources.c.source == source))

    def forget_cursors(self, account: str | None = None) -> None:
        """Make the next poll read everything again, and what it reads replace what was read before."""
        with self._write() as db:
            mail.forget_cursors(db, account)

    def messages(self, account: str, client: str | None = None, until: datetime | None = None) -> Iterator[ReadMessage]:
        """A client's messages (every message, without one) in order of time; those that came after `until` are left out."""
        with self._read() as db:
            yield from mail.messages(db, account, client, until)

    def history(self, account: str, client: str, until: datetime) -> Iterator[tuple[datetime, ReadMessage]]:
        """A client's messages up to a moment, each with the moment at which it became known, in that order."""
        with self._read() as db:
            yield from mail.timed(db, account, client, until)

    def texts(self, account: str, message_ids: Iterable[str]) -> Mapping[str, str]:
        """Message-ID -> new text, of those messages that are stored with one."""
        with self._read() as db:
            return mail.texts(db, account, message_ids)

    def similar(self, account: str, text: str, *, before: datetime, most: int = 3) -> tuple[Found, ...]:
        """What the user wrote to clients, by `before`, about the same as in `text`: best first, and nothing rather than nonsense."""
        with self._read() as db:
            return search.similar(db, account, text, before, most)

    def message_ids(self, account: str) -> frozenset[str]:
        """Every stored message's name."""
        return frozenset(
            row.message_id for row in self._all(select(s.messages.c.message_id).where(s.messages.c.account == account))
        )

    def oldest(self, account: str) -> datetime | None:
        """The moment of the account's oldest message."""
        with self._read() as db:
            found: datetime | None = db.scalar(select(func.min(s.messages.c.moment)).where(s.messages.c.account == account))
        return found

    def next_moment(self, account: str, client: str, after: datetime) -> datetime | None:
        """When the next of a client's stored messages becomes known: a sender's clock may run ahead of ours."""
        t = s.messages.c
        later = select(func.min(t.moment)).where(t.account == account, t.client == client, t.moment > after)
        with self._read() as db:
            found: datetime | None = db.scalar(later)
        return found

    def clients(self, account: str) -> frozenset[str]:
        """The clients with any message in this account."""
        named = select(s.messages.c.client).where(s.messages.c.account == account, s.messages.c.client.is_not(None))
        return frozenset(row.client for row in self._all(named.distinct()))

    def events(self, account: str, until: datetime | None = None) -> tuple[Event, ...]:
        """The account's events as known at `until`; of what was first seen later, the first version if it was made by then."""
        with self._read() as db:
            return events.events(db, account, until)

    def event_versions(self, account: str) -> tuple[Version, ...]:
        """Every version that the account's calendars ever had, in the order in which they were stored."""
        with self._read() as db:
            return events.versions(db, account)

    def next_change(self, account: str, after: datetime) -> datetime | None:
        """When the calendar as it is known at a moment is next known otherwise, by what is stored now."""
        with self._read() as db:
            return events.next_change(db, account, after)

    def fact_version(self, account: str) -> tuple[int, int]:
        """Two numbers: the first rises with new messages, the second with changed events."""
        row = next(iter(self._all(select(s.versions).where(s.versions.c.account == account))), None)
        return (row.facts, row.events) if row else (0, 0)

    def touched(self, account: str, since: int) -> frozenset[str]:
        """The clients whose messages changed after that version."""
        t = s.touched.c
        return frozenset(row.client for row in self._all(select(t.client).where(t.account == account, t.version > since)))

    def quarantined(self) -> tuple[tuple[str, str, str, str], ...]:
        """Account, source, place and reason of every mail that could not be read."""
        return tuple(
            (r.account, r.source, r.place, r.reason) for r in self._all(select(s.quarantine).order_by(s.quarantine.c.at))
        )

    # --- coverage, decisions, what was said ---

    def cover(self, coverage: Coverage) -> None:
        """Write down how far a source was read."""
        key = {"account": coverage.account, "source": coverage.source}
        with self._write() as db:
            put(db, s.sources, key, {"coverage": json_columns.coverage_body(coverage)})

    def coverage(self) -> tuple[Coverage, ...]:
        """Every source's coverage, in order of account and name."""
        wanted = select(s.sources).where(s.sources.c.coverage.is_not(None)).order_by(s.sources.c.account, s.sources.c.source)
        return tuple(json_columns.coverage(row.account, row.source, row.coverage) for row in self._all(wanted))

    def decide(self, decision: Decision, token: str | None = None) -> bool:
        """Take a decision down; one that came by a token counts once, however often its mail comes. False for a repetition."""
        d = decision
        with self._write() as db:
            if token and db.execute(select(s.decisions.c.number).where(s.decisions.c.token == token)).first():
                return False
            row = {
                "target": d.target,
                "verb": d.verb.value,
                "at": d.at,
                "by": d.by,
                "until": d.until,
                "why": d.why,
                "token": token,
                "kind": d.kind.value if d.kind else None,
                "confidence": d.confidence,
                "scope": d.scope.value,
                "client": d.client,
                "thread": d.thread,
                "wording": d.wording,
            }
            db.execute(insert(s.decisions), [row])
        return True

    def decisions(self, until: datetime | None = None) -> tuple[Decision, ...]:
        """The user's decisions in the order in which they were taken."""
        wanted = select(s.decisions).order_by(s.decisions.c.at, s.decisions.c.number)
        if until is not None:
            wanted = wanted.where(s.decisions.c.at <= until)
        return tuple(json_columns.decision(r) for r in self._all(wanted))

    def said(self, until: datetime | None = None) -> Mapping[str, datetime]:
        """What was said, and when it was queued. Everything, whatever the clock says now, unless asked for the past."""
        wanted = select(s.said) if until is None else select(s.said).where(s.said.c.at <= until)
        return {row.key: row.at for row in self._all(wanted)}

    def meta(self, name: str) -> str | None:
        """A fact about the state itself."""
        return self._value(select(s.meta.c.value).where(s.meta.c.name == name))

    def set_meta(self, name: str, value: str) -> None:
        """Write one down."""
        with self._write() as db:
            put(db, s.meta, {"name": name}, {"value": value})

    def keep_open(self, found: Sequence[OpenObligations]) -> None:
        """Keep what stands open, so that the next look is quick."""
        if found:
            with self._write() as db:
                open_cache.keep(db, found)

    def open_obligations(self, account: str, now: datetime, basis: str) -> Mapping[str, OpenObligations]:
        """What was kept of an account's clients and still holds as far as time and `basis` go."""
        with self._read() as db:
            return open_cache.open_obligations(db, account, now, basis)

    # --- outbox ---

    def queue(self, parcels: Sequence[Parcel], said: Sequence[str], now: datetime) -> None:
        """Parcels and what they say, in one transaction. A key that is there already is left as it is."""
        if parcels or said:
            with self._write() as db:
                outbox_table.queue(db, parcels, said, now)

    def parcels(self, *deliveries: Delivery) -> tuple[Parcel, ...]:
        """The parcels in these states (all, where none is named), oldest first. Letters that were sent have no body any more."""
        with self._read() as db:
            return outbox_table.parcels(db, deliveries)

    def claim(self, key: str) -> bool:
        """Take a waiting parcel to be sent, committed before the call. False where it does not wait."""
        with self._write() as db:
            return outbox_table.claim(db, key)

    def settle(
        self,
        key: str,
        delivery: Delivery,
        now: datetime,
        *,
        receipt: str | None = None,
        error: str | None = None,
        not_before: datetime | None = None,
    ) -> None:
        """Write down how an attempt ended. What was sent, refused or vetoed stays so."""
        with self._write() as db:
            outbox_table.settle(db, key, delivery, now, receipt, error, not_before)

    # --- privacy ---

    def export(self, client: str, concerns: Callable[[Event], bool] = lambda _: False) -> dict[str, Any]:
        """All that is stored about one client, as JSON values. `concerns` says which events are with them."""
        with self._read() as db:
            return privacy.export(db, client, concerns)

    def purge(self, client: str, concerns: Callable[[Event], bool] = lambda _: False) -> int:
        """Forget a client: messages, readings, events, decisions, letters; how many messages there were. For good: also what
        the database keeps aside. Only bare keys of what was sent remain, so that nothing is sent twice.
        """
        with self._write() as db:
            count = privacy.purge(db, client, concerns)
        if not on_server(self._where):
            with clear_errors(self._place):
                scrub(Path(self._where).expanduser())
        return count

    def expire(self, before: datetime) -> int:
        """Drop the words of messages older than that (texts, quotes); their threading fields stay. How many messages it were."""
        with self._write() as db:
            return privacy.expire(db, before)

    # --- the database ---

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with clear_errors(self._place), writing(self._engine) as db:
            yield db

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with clear_errors(self._place), self._engine.connect() as db:
            yield db

    def _all(self, statement: Any) -> Sequence[Any]:
        with self._read() as db:
            return db.execute(statement).all()

    def _value(self, statement: Any) -> str | None:
        with self._read() as db:
            value = db.scalar(statement)
        return None if value is None else str(value)

    @contextmanager
    def _locked(self) -> Iterator[str | None]:
        with ExitStack() as stack:
            with clear_errors(self._place):  # only of the lock itself, not of what is done while it is held
                holder = stack.enter_context(
                    locked_session(self._engine, LOCK)
                    if on_server(self._where)
                    else locked_file(Path(self._where).expanduser() / LOCK)
                )
            yield holder
