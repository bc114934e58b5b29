"""A database that fails at any statement of a poll costs that poll, never a message: the next one ends as if nothing had been."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from office import Office, only
from sqlalchemy import delete, event
from sqlalchemy.exc import IntegrityError, OperationalError
from store_facts import DANA, KIM, message
from week import at

from connectors.mail import Address, Batch
from daemon.accounts.runtime import AccountRuntime
from daemon.app import App
from daemon.errors import StoreError
from daemon.intake.mail_reader import MailReader
from daemon.intake.poll import poll
from daemon.intake.sources import Sources
from daemon.store import schema as s

pytest_plugins = ("store_places",)

NAME = "mail"
FAULTS: dict[str, Callable[[], Exception]] = {
    "locked": lambda: OperationalError("a statement", {}, Exception("database is locked")),
    "integrity": lambda: IntegrityError("a statement", {}, Exception("UNIQUE constraint failed")),
    "disk": lambda: OSError(5, "Input/output error"),
}


def batches() -> list[Batch]:
    """Two batches of a client's mail and of others', the second answering the first, so that its texts are asked for."""
    first = (message("a"), message("b", sender="jo@birch.example"), message("c", sender="x@elsewhere.example"))
    later = (message("d", in_reply_to=("<a@acme.example>",)), message("e", sender=KIM, to=(Address(DANA),)))
    return [Batch(first, "1", folders={"INBOX": 3}), Batch(later, "2", folders={"INBOX": 5}, complete=True)]


@dataclass
class TwoBatches:
    """A mailbox at the network's edge: it yields what lies after the cursor."""

    asked: list[str | None] = field(default_factory=list)

    def poll(self, cursor: str | None, since: datetime) -> Iterator[Batch]:  # noqa: ARG002  # the protocol's
        self.asked.append(cursor)
        yield from batches()[int(cursor or 0) :]

    def close(self) -> None:
        """Nothing to close."""


@dataclass
class Faults:
    """Raises at the n-th statement and at none after it; counts them."""

    fault: Callable[[], Exception]
    at: int
    count: int = 0

    def __call__(self, *_: Any) -> None:
        self.count += 1
        if self.count == self.at:
            raise self.fault()


def polled(runtime: AccountRuntime, fault: Faults | None) -> None:
    reader = MailReader(runtime.account, runtime.config.directory, runtime.store)
    sources = Sources({NAME: TwoBatches()}, {})  # type: ignore[dict-item]  # as much of a mailbox as a poll needs
    engine = runtime.store._engine
    if fault:
        event.listen(engine, "before_cursor_execute", fault)
    try:
        poll(sources, reader, lambda _messages: None, timedelta(days=180), at(0, 10))
    finally:
        if fault:
            event.remove(engine, "before_cursor_execute", fault)


def stored(runtime: AccountRuntime) -> tuple[Any, ...]:
    """All that a poll may change, but for the version that only ever rises."""
    store = runtime.store
    read = [(m.message.message_id, m.message.text, m.client, m.reading) for m in store.messages(DANA)]
    return read, store.cursor(DANA, NAME), store.unreadable_mail(DANA), store.coverage(DANA)


def opened(folder: Path, where: Path | str) -> App:
    office = Office(folder)
    if isinstance(where, str):
        office.config.write_text(office.config.read_text() + f"database: {where}\n")
    return office.app()


@pytest.mark.parametrize("kind", FAULTS)
def test_whichever_statement_fails_no_message_is_set_aside_and_no_cursor_runs_ahead(
    tmp_path: Path, where: Path | str, kind: str
) -> None:
    with opened(tmp_path, where) as app:
        runtime, counting = only(app), Faults(FAULTS[kind], 0)
        polled(runtime, counting)
        expected = stored(runtime)
        assert [m[0] for m in expected[0]] == [f"<{n}@acme.example>" for n in "abcde"]
        assert (expected[1], expected[2]) == ("2", ())
        assert counting.count >= 20
        for number in range(1, counting.count + 1):
            _forget_everything(runtime)
            with pytest.raises(StoreError):
                polled(runtime, Faults(FAULTS[kind], number))
            read, cursor, set_aside, _ = stored(runtime)
            assert set_aside == (), f"statement {number}"
            assert len(read) >= {None: 0, "1": 3, "2": 5}[cursor], f"statement {number}: the cursor runs ahead"
            polled(runtime, None)
            assert stored(runtime) == expected, f"statement {number}"


def _forget_everything(runtime: AccountRuntime) -> None:
    with runtime.store._write() as db:
        for table in (s.messages, s.sources, s.quarantine, s.versions, s.touched):
            db.execute(delete(table))
