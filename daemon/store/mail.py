"""Mail as facts: one row for each message, however many folders contain it and however often it is read.

Messages that share a Message-ID and are not copies of one (message_identity.py) have a row each.

A second copy within one round of reading adds only that the message was sent, if the copy is in a Sent folder. `forget_cursors`
begins a new round, in which every message is read again: its client and reading are replaced, and the moment of its arrival stays.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from connectors.mail import Message, Role, Unreadable
from daemon.glossary.faults import Faults, strict
from daemon.reading import Reading
from daemon.store import json_columns, message_identity, search
from daemon.store import schema as s
from daemon.store.message_identity import Bearer, Read
from daemon.store.sources.rows import set_mail_aside
from daemon.store.statements import chunks, given, mark_changed, set_cursor, upsert

_OLDEST = select(func.min(s.messages.c.moment)).where(given(s.messages.c.account))
_ROUND = "round"
_SENT = '"role":"sent"'  # in an envelope, which is compact JSON; inside a string of it the quotes would be escaped


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message with the text to store, its reading, and the client it concerns; both are None if it concerns no client.

    `source` is the mailbox that it is being stored from; what is read back from the store does not name it.
    """

    message: Message
    reading: Reading | None
    client: str | None
    source: str = ""


def add_mail(
    db: Connection,
    account: str,
    source: str,
    read: Sequence[ReadMessage],
    cursor: str,
    unreadable: Sequence[Unreadable],
    now: datetime,
) -> tuple[str, ...]:
    """Store a batch with its cursor. Return the names of the clients whose messages changed."""
    changed = _store(db, account, [dataclasses.replace(r, source=source) for r in read], current_round(db))
    if changed is not None:
        mark_changed(db, account, changed)
    for bad in unreadable:
        set_mail_aside(db, account, source, bad, now)
    set_cursor(db, account, source, cursor)
    return tuple(sorted(c for c in changed or () if c is not None))


def readmit(
    db: Connection, account: str, source: str, read: Sequence[ReadMessage], unreadable: Sequence[Unreadable], now: datetime
) -> None:
    """Store mail that was read again, and what could not be read once more, in one transaction."""
    changed = _store(db, account, [dataclasses.replace(r, source=source) for r in read], current_round(db))
    if changed is not None:
        mark_changed(db, account, changed)
    for bad in unreadable:
        set_mail_aside(db, account, source, bad, now, again=True)


def forget_cursors(db: Connection, account: str | None, source: str | None = None) -> None:
    """Make the next poll read everything again, as a new round: of one source, of an account, or (both None) of all accounts."""
    wanted = {"account": account, "source": source}
    for table, change in ((s.sources, update(s.sources).values(cursor=None)), (s.quarantine, delete(s.quarantine))):
        db.execute(change.where(*(table.c[name] == value for name, value in wanted.items() if value is not None)))
    upsert(db, s.meta, {"name": _ROUND}, {"value": str(current_round(db) + 1)})


def current_round(db: Connection) -> int:
    """Return the number of the present round."""
    return int(db.scalar(select(s.meta.c.value).where(s.meta.c.name == _ROUND)) or 0)


def messages(db: Connection, account: str, client: str | None, until: datetime | None, faults: Faults) -> Iterator[ReadMessage]:
    """Yield a client's messages (all, if None) known by `until`, in order of time. A row that cannot be read is noted in `faults`."""
    return (read for _, read in history(db, account, client, until, faults))


def history(
    db: Connection, account: str, client: str | None, until: datetime | None, faults: Faults | None = None
) -> Iterator[tuple[datetime, ReadMessage]]:
    """Yield the same messages, each with the moment at which it became known."""
    wanted = select(s.messages).where(s.messages.c.account == account).order_by(s.messages.c.moment, s.messages.c.message_id)
    if client is not None:
        wanted = wanted.where(s.messages.c.client == client)
    if until is not None:
        wanted = wanted.where(s.messages.c.moment <= until)
    containing = faults or strict()
    for row in db.execute(wanted):
        what = (
            f"{row.client}: the stored message of {row.moment:%d %b %Y %H:%M} could not be read; kept sync --full reads it again"
        )
        read = containing.contain(what, partial(_stored, row), None)
        if read is not None:
            yield row.moment, read


def recently_sent(db: Connection, account: str, until: datetime, most: int, faults: Faults) -> tuple[ReadMessage, ...]:
    """Return the latest mails that the account had sent to clients by a moment, at most `most`, in order of time."""
    m = s.messages.c
    sent = m.envelope.contains(_SENT, autoescape=True)
    wanted = select(s.messages).where(m.account == account, m.moment <= until, m.client.is_not(None), sent)
    rows = db.execute(wanted.order_by(m.moment.desc(), m.message_id).limit(most))
    read = (faults.contain("a stored message could not be read", partial(_stored, row), None) for row in rows)
    return tuple(reversed([message for message in read if message is not None]))


def _stored(row: Any) -> ReadMessage:
    message = json_columns.message(row.message_id, row.text, row.envelope)
    return ReadMessage(message, json_columns.reading(row.reading, row.text), row.client)


def texts(db: Connection, account: str, message_ids: Iterable[str]) -> dict[str, str]:
    """Return Message-ID -> new text of those messages that are stored with a text."""
    m = s.messages.c
    texts_by_id: dict[str, str] = {}
    for part in chunks(json_columns.storable_text(i) for i in message_ids):
        wanted = select(m.message_id, m.text).where(m.account == account, m.message_id.in_(part), m.text.is_not(None))
        texts_by_id.update((row.message_id, row.text) for row in db.execute(wanted))
    return texts_by_id


def messages_by_id(db: Connection, account: str, message_ids: Iterable[str]) -> dict[str, Message]:
    """Return Message-ID -> message of those that are stored and can be read."""
    m = s.messages.c
    found: dict[str, Message] = {}
    for part in chunks(json_columns.storable_text(i) for i in message_ids):
        for row in db.execute(select(m.message_id, m.text, m.envelope).where(m.account == account, m.message_id.in_(part))):
            message = _envelope(row)
            found |= {row.message_id: message} if message is not None else {}
    return found


def known_at(message: Message) -> datetime:
    """Return when a message becomes known, in UTC: a sent one when it was written, another one when it arrived."""
    return (message.date if message.role is Role.SENT else message.received).astimezone(UTC)


def _without_copies(read: Iterable[ReadMessage], stored: Mapping[str, Any], round_: int) -> dict[str, ReadMessage]:
    """Return the batch by key; of several copies the first, as `_merged` has it. `stored` are rows of the same Message-IDs."""
    envelopes = ((key, _envelope(row), Read.EARLIER if row.round < round_ else Read.IN_ROUND) for key, row in stored.items())
    known = {key: Bearer(message, when) for key, message, when in envelopes if message is not None}
    batch: dict[str, ReadMessage] = {}
    for copy in read:
        own = json_columns.storable_text(copy.message.message_id)
        key = message_identity.key_among(copy.message, own, known)
        if key != own:
            reused = dataclasses.replace(copy.message, message_id=key, header_id=copy.message.shown_id)
            copy = dataclasses.replace(copy, message=reused)  # noqa: PLW2901
        first = batch.setdefault(key, copy)
        if first is not copy:
            batch[key] = _first_or_sent(first, copy)
        known[key] = Bearer(batch[key].message, Read.IN_BATCH)
    return batch


def _envelope(row: Any) -> Message | None:
    """Return the message of a row; None if it cannot be read, so that it is replaced by what was read now."""
    try:
        return json_columns.message(row.message_id, row.text, row.envelope)
    except json_columns.UNREADABLE:
        return None


def _first_or_sent(first: ReadMessage, copy: ReadMessage) -> ReadMessage:
    """Return the first of two copies, or the one that was sent, as it was read there; one that left rather than what may be its draft."""
    if copy.message.transmitted and not first.message.transmitted:
        return copy
    if copy.message.role is Role.SENT and first.message.role is not Role.SENT:
        return dataclasses.replace(copy, message=_as_sent(copy.message, copy.message))
    return first


def _as_sent(message: Message, copy: Message) -> Message:
    return dataclasses.replace(message, role=Role.SENT, folder=copy.folder, transmitted=message.transmitted or copy.transmitted)


def _store(db: Connection, account: str, read: Sequence[ReadMessage], round_: int) -> set[str | None] | None:
    """Insert new messages and replace changed ones.

    Return the clients whose messages changed (None stands for mail that concerns no client), or None if nothing changed.
    """
    stored = _bearers(db, account, read)
    batch = _without_copies(read, stored, round_)
    new = {key: _row(account, key, read, round_) for key, read in batch.items() if key not in stored}
    again = {key: _merged(stored[key], read, account, round_) for key, read in batch.items() if key in stored}
    changed = {key: row for key, row in again.items() if _content(row) != _content(stored[key]._asdict())}
    search.unindex(db, [stored[key] for key in changed])
    for part in chunks(changed):
        db.execute(delete(s.messages).where(s.messages.c.account == account, s.messages.c.message_id.in_(part)))
    if new or changed:
        db.execute(insert(s.messages), [*new.values(), *changed.values()])
        search.index(db, [*new.values(), *changed.values()])
    _set_round(db, account, [k for k, row in again.items() if k not in changed and row["round"] != stored[k].round], round_)
    if not new and not changed:
        return None
    return {row["client"] for row in (*new.values(), *changed.values())} | {stored[key].client for key in changed}


def _bearers(db: Connection, account: str, read: Sequence[ReadMessage]) -> dict[str, Any]:
    """Return the stored rows of the Message-IDs of a batch, by key."""
    names = {json_columns.storable_text(r.message.message_id) for r in read}
    names |= {message_identity.identity(r.message) for r in read}
    stored = {row.message_id: row for part in chunks(names) for row in db.execute(_rows(account, part))}
    reused = [r.message for r in read if message_identity.identity(r.message) in stored]
    third = {message_identity.identity_by_words(message) for message in reused}
    return stored | {row.message_id: row for part in chunks(third) for row in db.execute(_rows(account, part))}


def _rows(account: str, message_ids: list[str]) -> Any:
    return select(s.messages).where(s.messages.c.account == account, s.messages.c.message_id.in_(message_ids))


def _row(account: str, key: str, read: ReadMessage, round_: int) -> dict[str, Any]:
    has_client = read.client is not None
    columns = json_columns.envelope if has_client else json_columns.threading
    return {
        "account": account,
        "message_id": key,
        "moment": known_at(read.message),
        "client": read.client,
        "round": round_,
        "envelope": columns(read.message, read.source),
        "text": (json_columns.storable_text(read.message.text) or None) if has_client else None,
        "reading": json_columns.reading_body(read.reading) if has_client else None,
    }


def _merged(stored: Any, read: ReadMessage, account: str, round_: int) -> dict[str, Any]:
    """Return the row of a message that came again: as read now in a new round, else as stored; the sent copy counts."""
    old = _envelope(stored)
    if old is None:  # another version wrote it, or it is damaged
        return {**_row(account, stored.message_id, read, round_), "moment": stored.moment}
    if stored.round < round_:
        message = _as_sent(read.message, old) if old.role is Role.SENT else read.message
        row = _row(account, stored.message_id, dataclasses.replace(read, message=message), round_)
        return {**row, "moment": min(row["moment"], stored.moment)}
    if read.message.transmitted and not old.transmitted:
        row = _row(account, stored.message_id, read, round_)
        return {**row, "moment": min(row["moment"], stored.moment)}
    if read.message.role is Role.SENT:  # only this copy is read as the user's where another's address stands on it
        sent = dataclasses.replace(read, message=_as_sent(read.message, read.message))
        row = _row(account, stored.message_id, sent, stored.round)
        return {**row, "moment": min(row["moment"], stored.moment)}
    return stored._asdict()  # type: ignore[no-any-return]  # a row of these columns


def _content(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("moment", "client", "envelope", "text", "reading"))


def _set_round(db: Connection, account: str, message_ids: list[str], round_: int) -> None:
    if message_ids:
        this = (s.messages.c.account == account) & (s.messages.c.message_id == bindparam("this"))
        db.execute(update(s.messages).where(this).values(round=round_), [{"this": i} for i in message_ids])


def message_ids(db: Connection, account: str) -> frozenset[str]:
    """Return the Message-ID of every stored message."""
    return frozenset(db.scalars(select(s.messages.c.message_id).where(s.messages.c.account == account)))


def oldest_message_at(db: Connection, account: str) -> datetime | None:
    """Return the moment of the account's oldest message; None if there is none."""
    moment: datetime | None = db.scalar(_OLDEST, {"account": account})
    return moment


def next_message_at(db: Connection, account: str, client: str, after: datetime) -> datetime | None:
    """Return when the next of a client's stored messages becomes known after a moment; None if there is none."""
    c = s.messages.c
    later = select(func.min(c.moment)).where(c.account == account, c.client == client, c.moment > after)
    moment: datetime | None = db.scalar(later)
    return moment


def clients_with_mail(db: Connection, account: str) -> frozenset[str]:
    """Return the clients with any message in this account."""
    c = s.messages.c
    return frozenset(db.scalars(select(c.client).where(c.account == account, c.client.is_not(None)).distinct()))
