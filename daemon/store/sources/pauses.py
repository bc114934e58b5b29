"""The pauses of sources as rows, so that whoever polls next keeps them: the daemon that is started again, or another worker of a team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from sqlalchemy import Connection, delete, select

from daemon.store import schema as s
from daemon.store.json_columns import storable_text
from daemon.store.statements import given, upsert

_OF_ACCOUNT = select(s.pauses).where(given(s.pauses.c.account))
_P = s.pauses.c


class Waits(StrEnum):
    """What waits during a pause of a source."""

    READING = "reading"  # after a failure, anything
    SET_ASIDE = "set aside"  # another attempt at the messages that could not be read


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause of a source: from `since` on nothing is tried before `until`. `failures` counts the failures in a row.

    `by_server` tells a wait that the server asked for, which neither a start of the daemon nor a new configuration ends. `stuck` is
    the failure in words where only a person can mend it. With `begun_again` the source was read from the beginning, because its
    connector failed in an unforeseen way at the stored cursor, and has not been read successfully since.
    """

    failures: int
    since: datetime
    until: datetime
    by_server: bool = False
    stuck: str | None = None
    begun_again: bool = False

    def holds(self, now: datetime) -> bool:
        """Return whether to wait still. A clock that was set back ends the pause: it would last as long as the step."""
        return self.since <= now < self.until


Pauses: TypeAlias = Mapping[tuple[str, Waits], Pause]  # by the source's name and what waits


def of_account(db: Connection, account: str) -> Pauses:
    """Return the pauses of an account's sources, also those that are over: their failures count until the source is read."""
    return {
        (row.source, Waits(row.waits)): Pause(
            row.failures, row.since, row.until, bool(row.by_server), row.stuck, bool(row.begun_again)
        )
        for row in db.execute(_OF_ACCOUNT, {"account": account})
    }


def put(db: Connection, account: str, source: str, waits: Waits, pause: Pause) -> None:
    """Store a pause in place of the last one."""
    p = pause
    values = {"failures": p.failures, "since": p.since, "until": p.until, "by_server": int(p.by_server)}
    stuck = None if p.stuck is None else storable_text(p.stuck)
    values |= {"stuck": stuck, "begun_again": int(p.begun_again)}
    upsert(db, s.pauses, {"account": account, "source": source, "waits": waits.value}, values)


def end(db: Connection, account: str, source: str, waits: Waits) -> None:
    """Drop a pause, and the count of its failures."""
    db.execute(delete(s.pauses).where(_P.account == account, _P.source == source, _P.waits == waits.value))


def end_all(db: Connection, begun_by: datetime) -> None:
    """Drop every pause that began by a moment, but those that servers asked for."""
    db.execute(delete(s.pauses).where(_P.since <= begun_by, _P.by_server == 0))
