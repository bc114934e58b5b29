"""Mail as facts: one row a message, whatever folders it lies in and however often it is read.

What comes twice in one round of reading is a copy and adds nothing but that it was sent. After `forget_cursors` a new round
begins, in which each message is read anew: its client and its reading are replaced, what was known of its arrival stays.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from connectors.mail import Message, Role, Unreadable
from daemon.reading import Reading
from daemon.store import json_columns, search
from daemon.store import schema as s
from daemon.store.statements import chunks, mark_changed, set_cursor, upsert

_ROUND = "round"


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message with its text cut to what is kept, what was read in it, and the client it concerns (both None for others' mail)."""

    message: Message
    reading: Reading | None
    client: str | None


def add_mail(
    db: Connection,
    account: str,
    source: str,
    read: Sequence[ReadMessage],
    cursor: str,
    unreadable: Sequence[Unreadable],
    now: datetime,
) -> tuple[str, ...]:
    """Store a batch with the cursor that claims it. The clients that have news by it."""
    changed = _store(db, account, _one_each(read), current_round(db))
    if changed is not None:
        mark_changed(db, account, changed)
    for bad in unreadable:
        place, reason = json_columns.storable_text(bad.place[:500]), json_columns.storable_text(bad.reason[:500])
        upsert(db, s.quarantine, {"account": account, "source": source, "place": place}, {"reason": reason, "at": now})
    set_cursor(db, account, source, cursor)
    return tuple(sorted(c for c in changed or () if c is not None))


def forget_cursors(db: Connection, account: str | None) -> None:
    """Let the next poll read everything again, as a new round."""
    mine = s.sources.c.account == account if account else s.sources.c.account.is_not(None)
    bad = s.quarantine.c.account == account if account else s.quarantine.c.account.is_not(None)
    db.execute(update(s.sources).where(mine).values(cursor=None))
    db.execute(delete(s.quarantine).where(bad))
    upsert(db, s.meta, {"name": _ROUND}, {"value": str(current_round(db) + 1)})


def current_round(db: Connection) -> int:
    """Which reading of the whole mailbox this is."""
    return int(db.scalar(select(s.meta.c.value).where(s.meta.c.name == _ROUND)) or 0)


def messages(db: Connection, account: str, client: str | None, until: datetime | None) -> Iterator[ReadMessage]:
    """A client's messages (all, without one) in order of time; those that came after `until` are left out."""
    return (read for _, read in history(db, account, client, until))


def history(db: Connection, account: str, client: str | None, until: datetime | None) -> Iterator[tuple[datetime, ReadMessage]]:
    """The same, each with the moment at which it became known."""
    wanted = select(s.messages).where(s.messages.c.account == account).order_by(s.messages.c.moment, s.messages.c.message_id)
    if client is not None:
        wanted = wanted.where(s.messages.c.client == client)
    if until is not None:
        wanted = wanted.where(s.messages.c.moment <= until)
    for row in db.execute(wanted):
        message = json_columns.message(row.message_id, row.text, row.envelope)
        yield row.moment, ReadMessage(message, json_columns.reading(row.reading, row.text), row.client)


def texts(db: Connection, account: str, message_ids: Iterable[str]) -> dict[str, str]:
    """The new texts of those messages that are stored with one."""
    m = s.messages.c
    found: dict[str, str] = {}
    for part in chunks(json_columns.storable_text(i) for i in message_ids):
        wanted = select(m.message_id, m.text).where(m.account == account, m.message_id.in_(part), m.text.is_not(None))
        found.update((row.message_id, row.text) for row in db.execute(wanted))
    return found


def known(message: Message) -> datetime:
    """When a message became a fact: a sent one as it was written, another one as it arrived."""
    return (message.date if message.role is Role.SENT else message.received).astimezone(UTC)


def _one_each(read: Iterable[ReadMessage]) -> dict[str, ReadMessage]:
    """The batch by Message-ID; of several copies the first, as sent where one of them was."""
    batch: dict[str, ReadMessage] = {}
    for one in read:
        key = json_columns.storable_text(one.message.message_id)
        first = batch.setdefault(key, one)
        if first is not one and one.message.role is Role.SENT:
            batch[key] = dataclasses.replace(first, message=_as_sent(first.message, one.message))
    return batch


def _as_sent(message: Message, copy: Message) -> Message:
    return dataclasses.replace(message, role=Role.SENT, folder=copy.folder)


def _store(db: Connection, account: str, batch: dict[str, ReadMessage], round_: int) -> set[str | None] | None:
    """Insert what is new and replace what is not as it was. The clients concerned (None: nobody's), or None for no change."""
    standing = {row.message_id: row for part in chunks(batch) for row in db.execute(_rows(account, part))}
    new = {key: _row(account, key, one, round_) for key, one in batch.items() if key not in standing}
    again = {key: _merged(standing[key], one, account, round_) for key, one in batch.items() if key in standing}
    changed = {key: row for key, row in again.items() if _said(row) != _said(standing[key]._asdict())}
    search.forget(db, [standing[key] for key in changed])
    for part in chunks(changed):
        db.execute(delete(s.messages).where(s.messages.c.account == account, s.messages.c.message_id.in_(part)))
    if new or changed:
        db.execute(insert(s.messages), [*new.values(), *changed.values()])
        search.learn(db, [*new.values(), *changed.values()])
    _same_again(db, account, [k for k, row in again.items() if k not in changed and row["round"] != standing[k].round], round_)
    if not new and not changed:
        return None
    return {row["client"] for row in (*new.values(), *changed.values())} | {standing[key].client for key in changed}


def _rows(account: str, message_ids: list[str]) -> Any:
    return select(s.messages).where(s.messages.c.account == account, s.messages.c.message_id.in_(message_ids))


def _row(account: str, key: str, read: ReadMessage, round_: int) -> dict[str, Any]:
    mine = read.client is not None
    return {
        "account": account,
        "message_id": key,
        "moment": known(read.message),
        "client": read.client,
        "round": round_,
        "envelope": json_columns.envelope(read.message) if mine else json_columns.threading(read.message),
        "text": (json_columns.storable_text(read.message.text) or None) if mine else None,
        "reading": json_columns.reading_body(read.reading) if mine else None,
    }


def _merged(standing: Any, read: ReadMessage, account: str, round_: int) -> dict[str, Any]:
    """What is to stand there after a message came again: in a new round as it is read now, else as it was; sent where either was."""
    old = json_columns.message(standing.message_id, None, standing.envelope)
    if standing.round < round_:
        message = _as_sent(read.message, old) if old.role is Role.SENT else read.message
        row = _row(account, standing.message_id, dataclasses.replace(read, message=message), round_)
        return {**row, "moment": min(row["moment"], standing.moment)}
    if read.message.role is Role.SENT and old.role is not Role.SENT:
        sent = _as_sent(old, read.message)
        envelope = json_columns.envelope(sent) if standing.client is not None else json_columns.threading(sent)
        return {**standing._asdict(), "envelope": envelope, "moment": min(known(sent), standing.moment)}
    return standing._asdict()  # type: ignore[no-any-return]  # a row of these columns


def _said(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("moment", "client", "envelope", "text", "reading"))


def _same_again(db: Connection, account: str, message_ids: list[str], round_: int) -> None:
    if message_ids:
        this = (s.messages.c.account == account) & (s.messages.c.message_id == bindparam("this"))
        db.execute(update(s.messages).where(this).values(round=round_), [{"this": i} for i in message_ids])


def message_ids(db: Connection, account: str) -> frozenset[str]:
    """Return every stored message's name."""
    return frozenset(db.scalars(select(s.messages.c.message_id).where(s.messages.c.account == account)))


def oldest_message_at(db: Connection, account: str) -> datetime | None:
    """Return the moment of the account's oldest message."""
    moment: datetime | None = db.scalar(select(func.min(s.messages.c.moment)).where(s.messages.c.account == account))
    return moment


def next_message_at(db: Connection, account: str, client: str, after: datetime) -> datetime | None:
    """Return when the next of a client's messages after a moment becomes known."""
    c = s.messages.c
    later = select(func.min(c.moment)).where(c.account == account, c.client == client, c.moment > after)
    moment: datetime | None = db.scalar(later)
    return moment


def clients_with_mail(db: Connection, account: str) -> frozenset[str]:
    """Return the clients with any message in this account."""
    c = s.messages.c
    return frozenset(db.scalars(select(c.client).where(c.account == account, c.client.is_not(None)).distinct()))
