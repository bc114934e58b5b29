"""The store. A cursor never runs ahead of what is stored: messages, their readings and the cursor are committed together.

Every public method is one transaction. Facts are keyed by account and Message-ID (or UID and occurrence), so that what is read
twice is stored once. This class only opens the transactions; the modules beside it do the work in them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from connectors.calendar import CalendarBatch, Event
from connectors.mail import Message, Unreadable
from daemon.errors import StoreError
from daemon.glossary.faults import Faults, strict
from daemon.planning.plan_inputs import PastActions
from daemon.store import (
    events,
    mail,
    open_cache,
    past_actions,
    privacy,
    renamed_clients,
    search,
    wrong_future,
)
from daemon.store import schema as s
from daemon.store.engine import PATIENCE, scrub
from daemon.store.error_messages import clear_errors
from daemon.store.events import EventVersion
from daemon.store.mail import ReadMessage
from daemon.store.open_cache import OpenCacheRow
from daemon.store.past_actions import PastScope
from daemon.store.search import EarlierAnswer
from daemon.store.statements import given, insert_those_absent, upsert
from daemon.store.web.web_store import WebStore

_SCRUB_PATIENCE = 1.0  # seconds that a turn waits for readers
_COPIES_FOR = timedelta(days=30)  # how long a copy made before a migration is kept

_VERSION = select(s.versions.c.facts, s.versions.c.events).where(given(s.versions.c.account))
_META = select(s.meta.c.value).where(given(s.meta.c.name))
_PEOPLE = select(s.accounts.c.people).where(given(s.accounts.c.account))
_EXPIRED = select(s.accounts.c.expired).where(given(s.accounts.c.account))
_NOTICE = select(s.notices.c.notice).where(given(s.notices.c.account))


class Store(WebStore):
    """One state directory or database. Every method raises StoreError if the disk or the database fails."""

    # --- facts ---

    def add_mail(
        self, account: str, source: str, read: Sequence[ReadMessage], cursor: str, unreadable: Sequence[Unreadable], now: datetime
    ) -> tuple[str, ...]:
        """Store a batch of mail with its cursor. Return the names of the clients whose messages changed."""
        with self._write() as db:
            return mail.add_mail(db, account, source, read, cursor, unreadable, now)

    def add_events(self, account: str, source: str, batch: CalendarBatch, now: datetime) -> tuple[str, ...]:
        """Store a batch of events with its cursor. Return warnings for the user.

        A calendar that is suddenly empty is not believed: it gives a warning, and its cursor is not stored.
        """
        with self._write() as db:
            return events.add_events(db, account, source, batch, now)

    def forget_cursors(self, account: str | None = None, source: str | None = None) -> None:
        """Make the next poll read one source (None: all) of an account (None: of all) again, and replace what was read before."""
        with self._write() as db:
            mail.forget_cursors(db, account, source)

    def messages(
        self, account: str, client: str | None = None, until: datetime | None = None, faults: Faults | None = None
    ) -> Iterator[ReadMessage]:
        """Yield a client's messages (all, if None) known by `until`, in order of time. Rows that cannot be read: as `events`."""
        with self._read() as db:
            yield from mail.messages(db, account, client, until, faults or strict())

    def history(self, account: str, client: str, until: datetime) -> Iterator[tuple[datetime, ReadMessage]]:
        """Yield a client's messages known by `until`, each with the moment at which it became known, in that order."""
        with self._read() as db:
            yield from mail.history(db, account, client, until)

    def recently_sent(self, account: str, until: datetime, most: int, faults: Faults | None = None) -> tuple[ReadMessage, ...]:
        """Return the latest mails that the account had sent to clients by a moment, in order of time. Unreadable rows: as `events`."""
        with self._read() as db:
            return mail.recently_sent(db, account, until, most, faults or strict())

    def texts(self, account: str, message_ids: Iterable[str]) -> Mapping[str, str]:
        """Return Message-ID -> new text of those messages that are stored with a text."""
        with self._read() as db:
            return mail.texts(db, account, message_ids)

    def messages_by_id(self, account: str, message_ids: Iterable[str]) -> Mapping[str, Message]:
        """Return Message-ID -> message of those that are stored and can be read."""
        with self._read() as db:
            return mail.messages_by_id(db, account, message_ids)

    def earlier_answers(
        self,
        account: str,
        text: str,
        *,
        before: datetime,
        most: int = 3,
        client: str | None = None,
        apart_from: Iterable[str] = (),
    ) -> tuple[EarlierAnswer, ...]:
        """Return what the user had answered by `before` to a question like `text` of this client's, best first (`search`)."""
        with self._read() as db:
            return search.earlier_answers(db, account, text, before, most, client, apart_from)

    def message_ids(self, account: str) -> frozenset[str]:
        """Return the Message-ID of every stored message."""
        with self._read() as db:
            return mail.message_ids(db, account)

    def oldest_message_at(self, account: str) -> datetime | None:
        """Return the moment of the account's oldest message; None if there is none."""
        with self._read() as db:
            return mail.oldest_message_at(db, account)

    def next_message_at(self, account: str, client: str, after: datetime) -> datetime | None:
        """Return when the next of a client's stored messages becomes known: a sender's clock may be fast."""
        with self._read() as db:
            return mail.next_message_at(db, account, client, after)

    def clients_with_mail(self, account: str) -> frozenset[str]:
        """Return the clients with any message in this account."""
        with self._read() as db:
            return mail.clients_with_mail(db, account)

    def events(
        self, account: str, until: datetime | None = None, calendars: Collection[str] | None = None, faults: Faults | None = None
    ) -> tuple[Event, ...]:
        """Return the events as known at `until`; of those first seen later, the first version if it was created by then.

        `calendars` are those that the configuration names: of another one only what took place counts (`events.counted`). A row that
        cannot be read (another version wrote it, or it is damaged) is left out and noted in `faults`; without them that is an error.
        """
        with self._read(streams=True) as db:
            return events.events(db, account, until, calendars, faults or strict())

    def event_versions(self, account: str, calendars: Collection[str] | None = None) -> tuple[EventVersion, ...]:
        """Return every version of every event that counts, in the order in which they were stored."""
        with self._read(streams=True) as db:
            return events.versions(db, account, calendars)

    def next_event_change(self, account: str, after: datetime) -> datetime | None:
        """Return when the events known at `after` change next, by what is stored now; None if they do not."""
        with self._read(streams=True) as db:
            return events.next_change(db, account, after)

    def fact_version(self, account: str) -> tuple[int, int]:
        """Return two numbers: the first rises with new messages, the second with changed events."""
        with self._read() as db:
            row = db.execute(_VERSION, {"account": account}).first()
        return (row.facts, row.events) if row else (0, 0)

    def changed_clients(self, account: str, since: int) -> frozenset[str]:
        """Return the clients whose messages changed after that first number of a version."""
        t = s.touched.c
        return frozenset(row.client for row in self._all(select(t.client).where(t.account == account, t.version > since)))

    def note_contacts(self, account: str, clients: Iterable[str]) -> None:
        """Note that an account serves clients of whom it has no mail; what is noted already stays."""
        with self._write() as db:
            insert_those_absent(db, s.touched, [{"account": account, "client": client, "version": 0} for client in clients])

    def sharers(self, account: str) -> Mapping[str, Mapping[str, int]]:
        """Return the other accounts with mail of its clients or meetings with them, by client, each with a number that rises with that and its calendar."""
        mine, others, v = s.touched.alias(), s.touched.alias(), s.versions
        wanted = select(others, v.c.events).join(mine, mine.c.client == others.c.client).join(v, v.c.account == others.c.account)
        found: dict[str, dict[str, int]] = {}
        for row in self._all(wanted.where(mine.c.account == account, others.c.account != account)):
            found.setdefault(row.client, {})[row.account] = row.version + row.events
        return found

    def readmit_mail(
        self, account: str, source: str, read: Sequence[ReadMessage], unreadable: Sequence[Unreadable], now: datetime
    ) -> None:
        """Store mail that was read again, and what could not be read once more. The cursor stays."""
        with self._write() as db:
            mail.readmit(db, account, source, read, unreadable, now)

    # --- past actions, and the state itself ---

    def forget_mail(self, account: str, source: str, *, unknown: bool) -> int:
        """Delete the mail that came by a mailbox for good (privacy.forget_mail), and have the account's others read again.

        What they hold, too, comes back with it. Return how many messages were deleted.
        """
        with self._write() as db:
            count = privacy.forget_mail(db, account, source, unknown=unknown)
            mail.forget_cursors(db, account)
        self._scrub(PATIENCE)
        return count

    def last_digest_before(self, account: str, day: date) -> datetime | None:
        """Return when the latest digest of an earlier day of the account was sent; None if there was none."""
        with self._read() as db:
            return past_actions.last_digest_before(db, account, day)

    def past_actions(self, account: str, scope: PastScope) -> PastActions:
        """Return what was said to an account and done for it within a scope."""
        with self._read() as db:
            return past_actions.past_actions(db, account, scope)

    def account_state(self, account: str) -> tuple[int | None, ...]:
        """Return numbers that stay the same while nothing happens to an account: facts, decisions, and parcels on their way."""
        with self._read() as db:
            return past_actions.account_state(db, account)

    def meta(self, name: str) -> str | None:
        """Return a value about the state itself; None if it was never set."""
        return self._value(_META, name=name)

    def set_meta(self, name: str, value: str) -> None:
        """Set a value about the state itself."""
        with self._write() as db:
            upsert(db, s.meta, {"name": name}, {"value": value})

    def rename_clients(self, names: Mapping[str, str], values: Mapping[str, str]) -> None:
        """Put what is stored of clients under their new names, old -> new, with values about the state that tell of it."""
        with self._write() as db:
            renamed_clients.rename(db, names)
            for name, value in values.items():
                upsert(db, s.meta, {"name": name}, {"value": value})

    def put_right(self, now: datetime) -> bool:
        """Put right what was stored while the clock was wrong (`wrong_future`). Return whether anything was done while it was ahead."""
        with self._write() as db:
            wrong_future.read_dated_back_again(db, now)
            return wrong_future.put_right(db, now)

    def note_mail_ahead(self, moment: datetime) -> None:
        """Note that mail was dated back which is to be believed from a moment on."""
        with self._write(whole=True) as db:
            wrong_future.note_mail_ahead(db, moment)

    def save_open_cache(self, rows: Sequence[OpenCacheRow]) -> None:
        """Store rows of the open cache, replacing those of the same clients."""
        if rows:
            with self._write() as db:
                open_cache.save(db, rows)

    def open_cache_rows(self, account: str, now: datetime, basis: str) -> Mapping[str, OpenCacheRow]:
        """Return the rows of the open cache that are valid by time and basis, by client (`open_cache_basis.valid_rows`)."""
        with self._read() as db:
            return open_cache.rows(db, account, now, basis)

    def open_cache_clients(self, account: str) -> frozenset[str]:
        """Return the clients of whom an account has rows in the open cache, valid or not."""
        with self._read() as db:
            return open_cache.clients(db, account)

    # --- state of the accounts, and their messages for each other ---

    def people_fingerprint(self, account: str) -> str | None:
        """Return the fingerprint of the people in the configuration, as of the account's last poll."""
        return self._value(_PEOPLE, account=account)

    def set_people_fingerprint(self, account: str, fingerprint: str) -> None:
        """Store the fingerprint of the people in the configuration."""
        with self._write() as db:
            upsert(db, s.accounts, {"account": account}, {"people": fingerprint})

    def expired_on(self, account: str) -> date | None:
        """Return the day on which the account's old texts were dropped last."""
        with self._read() as db:
            day: date | None = db.scalar(_EXPIRED, {"account": account})
        return day

    def set_message_for_others(self, account: str, message: str | None, now: datetime) -> None:
        """Store what the other accounts' digests say about this account; None removes it."""
        if message == self._value(_NOTICE, account=account):
            return
        with self._write() as db:
            if message is None:
                db.execute(delete(s.notices).where(s.notices.c.account == account))
            else:
                upsert(db, s.notices, {"account": account}, {"notice": message, "at": now})

    def messages_from_others(self, account: str) -> Mapping[str, str]:
        """Return the messages of the other accounts, by account."""
        return {row.account: row.notice for row in self._all(select(s.notices).where(s.notices.c.account != account))}

    # --- privacy ---

    def export(self, client: str, concerns: Callable[[Event], bool] = lambda _: False) -> dict[str, Any]:
        """Return everything stored about one client, as JSON values. `concerns` says which events are with them."""
        with self._read() as db:
            return privacy.export(db, client, concerns)

    def purge(self, client: str, concerns: Callable[[Event], bool] = lambda _: False) -> int:
        """Delete a client's data for good, also from the WAL and from copies. Return how many messages were deleted.

        Only the keys of what was said and sent remain, so that nothing is sent twice. Raises StoreError if another program reads the
        database so long that traces remain. On PostgreSQL they remain until the server has vacuumed its tables.
        """
        with self._write() as db:
            count = privacy.purge(db, client, concerns)
        if not self._scrub(PATIENCE):
            raise StoreError(
                f"{client} is deleted, but another program is still reading the database, and traces remain in {self._place}-wal. "
                f"Run `kept purge` again in a moment, or stop Kept first."
            )
        return count

    def expire(self, account: str, before: datetime, now: datetime) -> int:
        """Drop an account's texts from before a moment for good; threading fields stay. Return how many messages lost theirs.

        It counts as done for the day of `now` once no trace remains, so that the next turn tries again while another program reads.
        """
        with self._write() as db:
            count = privacy.expire(db, account, before)
        if self._scrub(_SCRUB_PATIENCE, now - _COPIES_FOR):
            with self._write() as db:
                upsert(db, s.accounts, {"account": account}, {"expired": now.date()})
        return count

    def set_leaving(self, *accounts: str, leaves: bool) -> None:
        """Note that whoever polls and sends next is to forget accounts, which have left the configuration, or that they stay."""
        with self._write() as db:
            privacy.note_leaving(db, accounts, leaves=leaves)

    def forget_departed(self, configured: Collection[str], *, shared: bool) -> Mapping[str, int]:
        """Delete what is stored of accounts that are to be forgotten. Return how many messages that was, by account.

        One that is configured stays, for ever unless other machines may know better (`shared`).
        """
        with self._read() as db:
            noted = privacy.leaving(db)
        forgotten = {}
        for account in sorted(noted - {*configured}):
            with self._write(account=account) as db:
                forgotten[account] = privacy.forget_account(db, account)
        if noted:
            self.set_leaving(*(forgotten if shared else noted), leaves=False)
            self._scrub(_SCRUB_PATIENCE)
        return forgotten

    def _scrub(self, patience: float, copies_until: datetime | None = None) -> bool:
        """Remove the traces of what was deleted, as far as a client of the database can. Return False if readers were in the way."""
        if self._file is None:
            return True
        with clear_errors(self._place):
            return scrub(self.folder, patience, copies_until)
