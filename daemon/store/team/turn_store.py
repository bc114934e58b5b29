"""The part of the store that holds the turns of a team. `turn_rows` does the work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from daemon.store import lease
from daemon.store.database import LOCK, Database
from daemon.store.team import turn_rows, worker_rows
from daemon.store.team.claims import Claims
from daemon.store.team.turn_rows import TurnCounts, TurnRow
from daemon.store.team.worker_rows import WorkerAtWork


class TurnStore(Database):
    """The turns in one database. Every method raises StoreError if the database fails."""

    @contextmanager
    def turn_lease(self, account: str, now: datetime) -> Iterator[tuple[int, TurnRow]]:
        """Hold the lease of the account whose view this is for one turn. Yield its number and what the last turn left.

        Raises LeaseLost without the lock of the workers. An account that nobody registered is due now.
        """
        with self._write(lazily=True) as db:
            taken = self._take_turn(db, account, now)
            row = turn_rows.row_of(db, account) or TurnRow(now)
        with self._at_turn():
            yield taken.number, row

    def end_turn(self, account: str, row: TurnRow, due: datetime) -> None:
        """Store what a turn that was due then leaves for the next. Raises TurnLost if another worker has taken over.

        An account for which new mail was announced meanwhile stays due at once: the turn may have read its sources before that.
        """
        with self._write(lazily=True) as db:
            turn_rows.end(db, account, row, due)

    def was_taken_over(self, account: str, since: datetime) -> bool:
        """Return whether another process has begun a turn of an account since a moment."""
        with self._read() as db:
            taken = lease.taken(db, account)
        return taken is not None and taken[0] != lease.this_process() and taken[1] >= since

    def register_turns(self, accounts: Iterable[str], now: datetime) -> None:
        """Have accounts that are new take their first turn now."""
        with self._write() as db:
            turn_rows.register(db, accounts, now)

    def wake(self, account: str, now: datetime) -> None:
        """Make an account due now, and have its sources read: new mail was announced."""
        with self._write(account=account) as db:
            turn_rows.wake(db, account, now)

    def postpone_turn(self, account: str, due: datetime) -> None:
        """Make an account due later: whoever was to turn it does not know it."""
        with self._write(account=account) as db:
            turn_rows.postpone(db, account, due)

    def forget_turns(self, accounts: Iterable[str]) -> None:
        """Let accounts take no more turns: they have left the team."""
        with self._write() as db:
            turn_rows.forget(db, accounts)

    def claims(self) -> Claims:
        """Return the claims of this process; nothing is claimed yet."""
        return Claims(self._engine)

    def turn_counts(self, now: datetime) -> TurnCounts:
        """Return how many accounts take turns, and how many are overdue."""
        with self._read() as db:
            return turn_rows.counts(db, now)

    def turn_problems(self) -> Mapping[str, str]:
        """Return account -> why its last turn came to no end, in words, of those of which it did not."""
        with self._read() as db:
            return turn_rows.problems(db)

    def note_worker_problem(self, problem: str | None) -> None:
        """Store what is wrong with this worker beside its turns, in words; None if nothing is."""
        with self._write() as db:
            worker_rows.note_problem(db, LOCK, lease.this_process(), problem)

    def workers(self) -> tuple[WorkerAtWork, ...]:
        """Return the workers that are at work on a server; none of an SQLite database, which has none."""
        if self._file is not None:
            return ()
        with self._read() as db:
            return worker_rows.at_work(db, LOCK)
