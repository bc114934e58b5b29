"""The part of the store that holds what is known of sources: cursors, coverage, what was set aside, pauses. `rows` and `pauses` do the work."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from daemon.glossary.assessments import Coverage
from daemon.store import json_columns
from daemon.store import schema as s
from daemon.store.advice.advice_store import AdviceStore
from daemon.store.sources import pauses, rows
from daemon.store.sources.pauses import Pause, Pauses, Waits
from daemon.store.sources.rows import SetAside
from daemon.store.statements import given, upsert

_CURSOR = select(s.sources.c.cursor).where(given(s.sources.c.account, s.sources.c.source))


class SourceStore(AdviceStore):
    """The sources in one state directory or database. Every method raises StoreError if the disk or the database fails."""

    def cursor(self, account: str, source: str) -> str | None:
        """Return the cursor of a source, in its connector's own format."""
        return self._value(_CURSOR, account=account, source=source)

    def set_coverage(self, coverage: Coverage) -> None:
        """Store how far a source was read."""
        key = {"account": coverage.account, "source": coverage.source}
        with self._write() as db:
            upsert(db, s.sources, key, {"coverage": json_columns.coverage_body(coverage)})

    def coverage(self, account: str) -> tuple[Coverage, ...]:
        """Return the coverage of each source of an account, in order of name."""
        c = s.sources.c
        wanted = select(s.sources).where(c.account == account, c.coverage.is_not(None)).order_by(c.source)
        return tuple(json_columns.coverage(row.account, row.source, row.coverage) for row in self._all(wanted))

    def all_coverage(self) -> tuple[Coverage, ...]:
        """Return the coverage of every source of every account of which anything is stored: configured ones and those that left."""
        with self._read() as db:
            return rows.all_coverage(db)

    def forget_source(self, account: str, source: str) -> int:
        """Drop what is left of a source: its cursor, its coverage and its events; mail stays. Return how many events there were."""
        with self._write() as db:
            return rows.forget(db, account, source)

    def retry_since(self, account: str, source: str) -> datetime | None:
        """Return from when to read a mailbox again for what was set aside and may be read by now; None if there is nothing such."""
        with self._read() as db:
            return rows.retry_since(db, account, source)

    def set_aside(self, account: str, source: str, since: datetime) -> tuple[tuple[str, str], ...]:
        """Return place and reason of each mail of a source that was set aside since then, the latest first."""
        with self._read() as db:
            return rows.set_aside(db, account, source, since)

    def set_aside_between(self, account: str, start: datetime, end: datetime) -> tuple[SetAside, ...]:
        """Return the mail of an account that could not be read, whose sender is known and that came in that time, the oldest first."""
        with self._read() as db:
            return rows.set_aside_between(db, account, start, end)

    def settle_set_aside(self, account: str, source: str, until: datetime, failing: Collection[str]) -> None:
        """Take out of what could not be read what was set aside by a moment, to be tried again, and did not fail again since."""
        with self._write() as db:
            rows.settle_set_aside(db, account, source, until, failing)

    def count_unreadable(self, account: str, source: str) -> int:
        """Return how many mails of a source could not be read."""
        with self._read() as db:
            return rows.count_unreadable(db, account, source)

    def unreadable_mail(self, account: str) -> tuple[tuple[str, str, str], ...]:
        """Return source, place and reason of every mail of an account that could not be read."""
        wanted = select(s.quarantine).where(s.quarantine.c.account == account).order_by(s.quarantine.c.at)
        return tuple((row.source, row.place, row.reason) for row in self._all(wanted))

    def pauses(self, account: str) -> Pauses:
        """Return the pauses of an account's sources, also those that are over: their failures count until the source is read."""
        with self._read() as db:
            return pauses.of_account(db, account)

    def pause(self, account: str, source: str, waits: Waits, pause: Pause) -> None:
        """Store a pause in place of the last one."""
        with self._write() as db:
            pauses.put(db, account, source, waits, pause)

    def end_pause(self, account: str, source: str, waits: Waits) -> None:
        """Drop a pause, and the count of its failures."""
        with self._write() as db:
            pauses.end(db, account, source, waits)

    def end_pauses(self, begun_by: datetime) -> None:
        """Drop every account's pauses that began by a moment, but those that servers asked for: a person may have mended something."""
        with self._write() as db:
            pauses.end_all(db, begun_by)
