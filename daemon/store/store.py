"""The store. A cursor never runs ahead of what is stored: messages, what was read in them and the cursor commit together.

Every public method is one transaction. Facts are keyed by account and Message-ID (or UID and occurrence), so what comes
twice is there once, and any moment in the past can be looked at as it was known then. This class only opens transactions;
what happens in them stands in the modules beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, select

from connectors.calendar import CalendarBatch, Event
from connectors.mail import Unreadable
from daemon.errors import StoreError
from daemon.glossary.actions import Announcement, Delivery, Mention, Parcel
from daemon.glossary.assessments import Coverage
from daemon.glossary.decisions import Decision
from daemon.glossary.obligations import Obligation
from daemon.planning.plan_inputs import PastActions
from daemon.store import decisions, events, json_columns, mail, open_cache, outbox_table, past_actions, privacy, search
from daemon.store import schema as s
from daemon.store.engine import describe_location, is_postgresql, open_engine, scrub, writing
from daemon.store.error_messages import clear_errors
from daemon.store.events import EventVersion
from daemon.store.lock import locked_file, locked_session
from daemon.store.mail import ReadMessage
from daemon.store.open_cache import OpenCacheRow
from daemon.store.search import EarlierAnswer
from daemon.store.statements import upsert

LOCK = "lock"  # the lock file beside the database


class Store:
    """One state directory or database. Every method raises StoreError for what the disk or the database does to it."""

    def __init__(self, engine: Engine, where: Path | str) -> None:
        self._engine, self._where, self._place = engine, where, describe_location(where)

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
            yield from mail.history(db, account, client, until)

    def texts(self, account: str, message_ids: Iterable[str]) -> Mapping[str, str]:
        """Message-ID -> new text, of those messages that are stored with one."""
        with self._read() as db:
            return mail.texts(db, account, message_ids)

    def earlier_answers(self, account: str, text: str, *, before: datetime, most: int = 3) -> tuple[EarlierAnswer, ...]:
        """What the user wrote to clients, by `before`, about the same as in `text`: best first, and nothing rather than nonsense."""
        with self._read() as db:
            return search.earlier_answers(db, account, text, before, most)

    def message_ids(self, account: str) -> frozenset[str]:
        """Return every stored message's name."""
        with self._read() as db:
            return mail.message_ids(db, account)

    def oldest_message_at(self, account: str) -> datetime | None:
        """Return the moment of the account's oldest message."""
        with self._read() as db:
            return mail.oldest_message_at(db, account)

    def next_message_at(self, account: str, client: str, after: datetime) -> datetime | None:
        """Return when the next of a client's stored messages becomes known: a sender's clock may run ahead of ours."""
        with self._read() as db:
            return mail.next_message_at(db, account, client, after)

    def clients_with_mail(self, account: str) -> frozenset[str]:
        """Return the clients with any message in this account."""
        with self._read() as db:
            return mail.clients_with_mail(db, account)

    def events(self, account: str, until: datetime | None = None) -> tuple[Event, ...]:
        """The account's events as known at `until`; of what was first seen later, the first version if it was made by then."""
        with self._read() as db:
            return events.events(db, account, until)

    def event_versions(self, account: str) -> tuple[EventVersion, ...]:
        """Every version that the account's calendars ever had, in the order in which they were stored."""
        with self._read() as db:
            return events.versions(db, account)

    def next_event_change(self, account: str, after: datetime) -> datetime | None:
        """When the calendar as it is known at a moment is next known otherwise, by what is stored now."""
        with self._read() as db:
            return events.next_change(db, account, after)

    def fact_version(self, account: str) -> tuple[int, int]:
        """Two numbers: the first rises with new messages, the second with changed events."""
        row = next(iter(self._all(select(s.versions).where(s.versions.c.account == account))), None)
        return (row.facts, row.events) if row else (0, 0)

    def changed_clients(self, account: str, since: int) -> frozenset[str]:
        """The clients whose messages changed after that version."""
        t = s.touched.c
        return frozenset(row.client for row in self._all(select(t.client).where(t.account == account, t.version > since)))

    def unreadable_mail(self, account: str) -> tuple[tuple[str, str, str], ...]:
        """Return source, place and reason of every mail of an account that could not be read."""
        wanted = select(s.quarantine).where(s.quarantine.c.account == account).order_by(s.quarantine.c.at)
        return tuple((row.source, row.place, row.reason) for row in self._all(wanted))

    # --- coverage, decisions, what was said and done ---

    def set_coverage(self, coverage: Coverage) -> None:
        """Write down how far a source was read."""
        key = {"account": coverage.account, "source": coverage.source}
        with self._write() as db:
            upsert(db, s.sources, key, {"coverage": json_columns.coverage_body(coverage)})

    def coverage(self, account: str) -> tuple[Coverage, ...]:
        """Return the coverage of each source of an account, in order of name."""
        c = s.sources.c
        wanted = select(s.sources).where(c.account == account, c.coverage.is_not(None)).order_by(c.source)
        return tuple(json_columns.coverage(row.account, row.source, row.coverage) for row in self._all(wanted))

    def add_decision(self, account: str, decision: Decision, token: str | None = None) -> bool:
        """Store a decision; one that came by a token counts once, however often its mail comes. False for a repetition."""
        with self._write() as db:
            return decisions.add_decision(db, account, decision, token)

    def add_unresolved_decision(self, account: str, target_id: str, decision: Decision, token: str | None) -> bool:
        """Store a decision on something that is known by its short id alone, until `resolve` names its key."""
        with self._write() as db:
            return decisions.add_unresolved_decision(db, account, target_id, decision, token)

    def decisions(self, account: str, until: datetime | None = None) -> tuple[Decision, ...]:
        """Return an account's decisions in the order in which they were taken."""
        with self._read() as db:
            return decisions.decisions(db, account, until)

    def unresolved_ids(self, account: str) -> frozenset[str]:
        """Return the short ids of what was decided on and is not known yet."""
        with self._read() as db:
            return decisions.unresolved_ids(db, account)

    def resolve_decisions(self, account: str, keys: Mapping[str, str]) -> None:
        """Name the keys (short id -> key) of what was decided on by short ids."""
        with self._write() as db:
            decisions.resolve_decisions(db, account, keys)

    def announced_action_key(self, account: str, action_id: str) -> str | None:
        """Return the key of an announced action by its short id."""
        with self._read() as db:
            return decisions.announced_action_key(db, account, action_id)

    def past_actions(
        self, account: str, obligations: Sequence[Obligation], since: date, now: datetime, *, escalates_to_user: bool
    ) -> PastActions:
        """Return what was said of these obligations and done for the account since a day, as far as a plan asks."""
        with self._read() as db:
            return past_actions.past_actions(db, account, obligations, since, now, escalates_to_user=escalates_to_user)

    def meta(self, name: str) -> str | None:
        """A fact about the state itself."""
        return self._value(select(s.meta.c.value).where(s.meta.c.name == name))

    def set_meta(self, name: str, value: str) -> None:
        """Write one down."""
        with self._write() as db:
            upsert(db, s.meta, {"name": name}, {"value": value})

    def save_open_cache(self, found: Sequence[OpenCacheRow]) -> None:
        """Keep what stands open, so that the next look is quick."""
        if found:
            with self._write() as db:
                open_cache.save(db, found)

    def open_cache_rows(self, account: str, now: datetime, basis: str) -> Mapping[str, OpenCacheRow]:
        """What was kept of an account's clients and still holds as far as time and `basis` go."""
        with self._read() as db:
            return open_cache.rows(db, account, now, basis)

    # --- what one account's turns remember, and tell the others ---

    def people_fingerprint(self, account: str) -> str | None:
        """Return the fingerprint of whose mail is whose, as of the account's last poll."""
        return self._value(select(s.accounts.c.people).where(s.accounts.c.account == account))

    def set_people_fingerprint(self, account: str, fingerprint: str) -> None:
        """Write it down."""
        with self._write() as db:
            upsert(db, s.accounts, {"account": account}, {"people": fingerprint})

    def expired_on(self, account: str) -> date | None:
        """Return the day on which the account's old words were dropped last."""
        with self._read() as db:
            found: date | None = db.scalar(select(s.accounts.c.expired).where(s.accounts.c.account == account))
        return found

    def set_notice(self, account: str, notice: str | None, now: datetime) -> None:
        """Tell the other accounts that this one cannot be told by mail what is wrong with it; None takes that back."""
        if notice == self._value(select(s.notices.c.notice).where(s.notices.c.account == account)):
            return
        with self._write() as db:
            if notice is None:
                db.execute(delete(s.notices).where(s.notices.c.account == account))
            else:
                upsert(db, s.notices, {"account": account}, {"notice": notice, "at": now})

    def notices_of_others(self, account: str) -> Mapping[str, str]:
        """Return what the other accounts cannot be told by mail, by account."""
        return {row.account: row.notice for row in self._all(select(s.notices).where(s.notices.c.account != account))}

    # --- outbox ---

    def queue(
        self,
        parcels: Sequence[Parcel],
        now: datetime,
        mentions: Mapping[Mention, str | None] | None = None,
        announcements: Sequence[Announcement] = (),
    ) -> None:
        """Store parcels with what they say (each mention with its client), in one transaction; a key that is there stays as it is."""
        if parcels:
            with self._write() as db:
                outbox_table.queue(db, parcels, mentions or {}, announcements, now)

    def parcels(self, account: str, *deliveries: Delivery, due_by: datetime | None = None) -> tuple[Parcel, ...]:
        """Return an account's parcels in these states (all, where none is named), oldest first. Letters that were sent have no body."""
        with self._read() as db:
            return outbox_table.of_account(db, account, deliveries, due_by)

    def uninvited_meetings(self, account: str) -> tuple[Parcel, ...]:
        """Return the booked meetings of an account whose guests nobody is known to have told."""
        with self._read() as db:
            return outbox_table.uninvited_meetings(db, account)

    def set_invited_by(self, key: str, *, by_mail: bool) -> None:
        """Note who tells the guests of a booked meeting: a mail of ours, or the calendar's server."""
        with self._write() as db:
            outbox_table.set_invited_by(db, key, by_mail=by_mail)

    def parcel_counts(self, *deliveries: Delivery) -> Mapping[Delivery, int]:
        """Return how many parcels of all accounts are in each of these states."""
        with self._read() as db:
            return outbox_table.counts(db, deliveries)

    def failed_parcels(self, most: int) -> tuple[Parcel, ...]:
        """Return the latest parcels of all accounts that could not be sent so far."""
        with self._read() as db:
            return outbox_table.failed(db, most)

    def digest_is_stuck(self, account: str) -> bool:
        """Whether a digest of the account could not leave."""
        with self._read() as db:
            return outbox_table.digest_is_stuck(db, account)

    def refuse_without_account(self, accounts: Sequence[str], error: str) -> None:
        """Refuse what waits for accounts that are no longer configured."""
        with self._write() as db:
            outbox_table.refuse_without_account(db, accounts, error)

    def mentions_of_parcel(self, parcel: str) -> tuple[Mention, ...]:
        """Return what the parcel with this key says of single obligations."""
        with self._read() as db:
            return outbox_table.mentions_of_parcel(db, parcel)

    def replace_mentions(self, parcel: Parcel, mentions: Sequence[Mention], at: datetime) -> None:
        """Take for said by a parcel what the sent log says that it said."""
        with self._write() as db:
            outbox_table.replace_mentions(db, parcel, mentions, at)

    def claim(self, key: str) -> bool:
        """Take a waiting parcel to be sent, committed before the call. False where it does not wait."""
        with self._write() as db:
            return outbox_table.claim(db, key)

    def set_delivery(
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
            outbox_table.set_delivery(db, key, delivery, now, receipt, error, not_before)

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
        if not is_postgresql(self._where):
            with clear_errors(self._place):
                scrub(Path(self._where).expanduser())
        return count

    def expire(self, account: str, before: datetime, today: date) -> int:
        """Drop the words of an account's messages older than that; their threading fields stay. How many messages it were."""
        with self._write() as db:
            upsert(db, s.accounts, {"account": account}, {"expired": today})
            return privacy.expire(db, account, before)

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
                    if is_postgresql(self._where)
                    else locked_file(Path(self._where).expanduser() / LOCK)
                )
            yield holder
