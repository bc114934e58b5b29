"""Export or purge what is stored about one client, and drop old texts.

A purge leaves the keys of what was said and sent, without any words, so that nothing is sent twice if the client is added again.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update

from connectors.calendar import Event
from daemon.glossary.actions import NEWS, ActionKind, Channel, Delivery
from daemon.store import json_columns, open_cache, search
from daemon.store import schema as s
from daemon.store.advice import rows as advice
from daemon.store.outbox_table import FINAL, without_words
from daemon.store.statements import chunks, mark_changed, raise_version, upsert

ConcernsClient = Callable[[Event], bool]  # whether an event is with the client, by the configuration

LEAVING = "leaving"  # the name under which the accounts to forget are noted
_OUTDATED = "it was never known whether it arrived, and its words are no longer kept"
_BREAKS = re.compile(r"(?:\\[nrt]|\s)+")  # in JSON
_IDS = re.compile(r"<[^<>]*>")

# The fields of a reading that say how a message counts, without its words.
_FLAGS = frozenset(
    [
        "automated",
        "automated_rule",
        "language",
        "reply_expected",
        "reply_confidence",
        "acknowledgement",
        "tag",
        "closing",
        "substance",
    ]
)


def export(db: Connection, client: str, concerns: ConcernsClient) -> dict[str, Any]:
    """Return everything stored about one client, as JSON values."""
    ids = _message_ids(db, client)
    by_parcel = _parcels_about(db, client)
    return {
        "client": client,
        "messages": [_message(row) for row in _messages(db, client)],
        "events": [{"account": row.account, **json.loads(row.body)} for row in _events(db, concerns)],
        "decisions": [_json_row(row) for row in db.execute(select(s.decisions)) if _is_about(row, client, ids)],
        "outbox": [_json_row(row) for row in db.execute(select(s.parcels)) if _mentions_client(row, client, by_parcel)],
        "said": [
            _json_row(row)
            for table in (s.mentions, s.announcements)
            for row in db.execute(select(table).where(table.c.client == client))
        ],
        "advice": list(advice.export(db, client)),
    }


def purge(db: Connection, client: str, concerns: ConcernsClient) -> int:
    """Delete a client's data, and stop what waits to be sent to them. Return how many messages were deleted."""
    ids = _message_ids(db, client)
    gone = [row.number for row in _events(db, concerns)]
    calendars = {row.account for row in _events(db, concerns)}
    decided = {row.number: row.account for row in db.execute(select(s.decisions)) if _is_about(row, client, ids)}
    about = _parcels_about(db, client)
    for table, numbers in ((s.events, gone), (s.decisions, decided)):
        for part in chunks(numbers):
            db.execute(delete(table).where(table.c.number.in_(part)))
    for row in list(db.execute(select(s.parcels))):
        if _mentions_client(row, client, about):
            _forget_parcel(db, row, client)
    open_cache.forget(db, client)
    advice.forget(db, client)
    accounts = {row.account for row in _messages(db, client)}
    search.unindex_for_good(db, _messages(db, client))
    count = int(db.execute(delete(s.messages).where(s.messages.c.client == client)).rowcount)
    for account in accounts:
        mark_changed(db, account, (client,))
    for account in calendars:
        raise_version(db, account, "events")
    for account in set(decided.values()):
        raise_version(db, account, "decisions")
    return count


def forget_mail(db: Connection, account: str, source: str, *, unknown: bool) -> int:
    """Delete the mail that came by a mailbox, with `unknown` also that of which it was not noted. Return how many messages."""
    m = s.messages.c
    every = db.execute(select(m.message_id, m.envelope).where(m.account == account))
    wanted = {source, None} if unknown else {source}
    gone = [row.message_id for row in every if json_columns.mailbox(row.envelope) in wanted]
    clients: set[str | None] = set()
    for part in chunks(gone):
        rows = list(db.execute(select(s.messages).where(m.account == account, m.message_id.in_(part))))
        clients |= {row.client for row in rows}
        search.unindex_for_good(db, rows)
        advice.expire(db, account, part)
        db.execute(delete(s.messages).where(m.account == account, m.message_id.in_(part)))
    if gone:
        open_cache.forget(db, account=account)
        mark_changed(db, account, clients)
    return len(gone)


def leaving(db: Connection) -> frozenset[str]:
    """Return the accounts that are to be forgotten once they are no longer configured."""
    text = db.scalar(select(s.meta.c.value).where(s.meta.c.name == LEAVING))
    return frozenset(json.loads(text)) if text else frozenset()


def note_leaving(db: Connection, accounts: Collection[str], *, leaves: bool) -> None:
    """Note that accounts are to be forgotten, or that they are not."""
    noted = leaving(db) | {*accounts} if leaves else leaving(db) - {*accounts}
    if noted:
        upsert(db, s.meta, {"name": LEAVING}, {"value": json.dumps(sorted(noted))})
    else:
        db.execute(delete(s.meta).where(s.meta.c.name == LEAVING))


def forget_account(db: Connection, account: str) -> int:
    """Delete every row of an account, in every table, and its lease: a turn that is under way is lost. Return how many messages that was."""
    m = s.messages.c
    count = int(db.scalar(select(func.count()).where(m.account == account)) or 0)
    search.unindex_for_good(db, db.execute(select(s.messages).where(m.account == account, m.text.is_not(None))).all())
    for table in s.metadata.tables.values():
        if "account" in table.c:
            db.execute(delete(table).where(table.c.account == account))
    db.execute(delete(s.leases).where(s.leases.c.name == account))
    return count


def expire(db: Connection, account: str, before: datetime) -> int:
    """Drop an account's words from before a moment: texts, quotes, descriptions and sent letters; threading fields stay.

    Return how many messages lost their text.
    """
    count = _expire_messages(db, account, before)
    e, p = s.events.c, s.parcels.c
    described = e.body.not_like('%"description":""%')
    for row in list(db.execute(select(s.events).where(e.account == account, e.ends < before, described))):
        body = json_columns.dumps({**json.loads(row.body), "description": ""})
        db.execute(update(s.events).where(e.number == row.number).values(body=body))
    for row in list(db.execute(select(s.parcels).where(p.account == account, p.created < before, p.body != ""))):
        _remove_words(db, row, Delivery.REFUSED, _OUTDATED)
    return count


def _expire_messages(db: Connection, account: str, before: datetime) -> int:
    m = s.messages.c
    old = list(db.execute(select(s.messages).where(m.account == account, m.moment < before, m.text.is_not(None))))
    if old:
        search.unindex_for_good(db, old)
        open_cache.forget(db, account=account)
        advice.expire(db, account, [row.message_id for row in old])
    for row in old:
        flags = {name: value for name, value in json.loads(row.reading or "{}").items() if name in _FLAGS}
        values = {"text": None, "reading": json_columns.dumps(flags) if row.reading else None}
        db.execute(update(s.messages).where(m.account == row.account, m.message_id == row.message_id).values(**values))
    return len(old)


def _forget_parcel(db: Connection, parcel: Any, client: str) -> None:
    """Remove a client from a parcel. A letter about several clients that still waits is taken back, and written again without them."""
    if parcel.client == client or Delivery(parcel.delivery) is not Delivery.WAITING:
        _remove_words(db, parcel, Delivery.VETOED, None)
        if parcel.client == client and ActionKind(parcel.kind) not in NEWS:  # those go to the user or the manager
            db.execute(update(s.parcels).where(s.parcels.c.key == parcel.key).values(addressee=None))
        return
    db.execute(delete(s.parcels).where(s.parcels.c.key == parcel.key))
    for table, carrier in ((s.mentions, s.mentions.c.parcel), (s.announcements, s.announcements.c.digest)):
        other = or_(table.c.client.is_(None), table.c.client != client)
        db.execute(delete(table).where(carrier == parcel.key, other))


def _remove_words(db: Connection, parcel: Any, otherwise: Delivery, error: str | None) -> None:
    """Remove the words of a parcel. Without them it cannot be sent any more: if it was not finished, it ends as `otherwise`."""
    finished = Delivery(parcel.delivery) in FINAL
    values = {
        "delivery": parcel.delivery if finished else otherwise.value,
        "body": without_words(Channel(parcel.channel), parcel.body),
        "error": None if finished else error,
    }
    db.execute(update(s.parcels).where(s.parcels.c.key == parcel.key).values(**values))


def _messages(db: Connection, client: str) -> Iterator[Any]:
    yield from db.execute(select(s.messages).where(s.messages.c.client == client).order_by(s.messages.c.moment))


def _message_ids(db: Connection, client: str) -> frozenset[str]:
    return frozenset(row.message_id for row in _messages(db, client))


def _events(db: Connection, concerns: ConcernsClient) -> list[Any]:
    return [row for row in db.execute(select(s.events).order_by(s.events.c.number)) if concerns(json_columns.event(row.body))]


def _message(row: Any) -> dict[str, Any]:
    envelope = json.loads(row.envelope)
    reading = json.loads(row.reading) if row.reading else None
    return {"account": row.account, "message_id": row.message_id, "text": row.text, **envelope, "reading": reading}


def _json_row(row: Any) -> dict[str, Any]:
    return {name: v.isoformat() if isinstance(v, date) else v for name, v in row._asdict().items()}


def _is_about(decision: Any, client: str, message_ids: frozenset[str]) -> bool:
    """Return whether a decision is about this client. Early rows name no client; the Message-ID in their key tells."""
    return decision.client == client or any(i in message_ids for i in _IDS.findall(decision.target or ""))


def _parcels_about(db: Connection, client: str) -> frozenset[str]:
    """Return the keys of the parcels that mention the client."""
    return frozenset(row.parcel for row in db.execute(select(s.mentions.c.parcel).where(s.mentions.c.client == client)))


def _mentions_client(parcel: Any, client: str, about: frozenset[str]) -> bool:
    return parcel.client == client or parcel.key in about or _names(parcel.body, client)


def _names(body: str, client: str) -> bool:
    """Return whether the body of a parcel (JSON) names a client, also across a line break or as HTML."""
    words = _BREAKS.sub(" ", body)
    written = json.dumps(client, ensure_ascii=False)[1:-1]
    return any(name in words for name in (written, html.escape(written), html.escape(written, quote=False)))
