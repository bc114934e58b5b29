"""The rows of advice: one for each obligation, message and model, so that nothing is asked twice.

`model` names the model together with the version of the question it was asked; another model, or another question, asks again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from daemon.glossary.advice import Opinion, SuggestedAnswer
from daemon.store import json_columns
from daemon.store import schema as s
from daemon.store.statements import chunks, given, mark_changed, upsert

READING, DRAFTS = "reading", "drafts"  # what the model was asked for, as in the configuration

_OPINIONS = select(s.advice.c.target, s.advice.c.content).where(given(s.advice.c.account, s.advice.c.purpose, s.advice.c.model))
_REQUESTS = select(s.model_requests.c.count).where(given(s.model_requests.c.account, s.model_requests.c.day))


def add_opinions(db: Connection, account: str, model: str, opinions: Iterable[Opinion], now: datetime) -> None:
    """Store second opinions; the clients on whose mail they bear count as changed."""
    clients = set()
    for o in opinions:
        _add(db, account, READING, model, o.target, o.message_id, o.client, {"holds": o.holds, "words": o.words}, now)
        if o.holds is not None:
            clients.add(o.client)
    if clients:
        mark_changed(db, account, clients)


def add_suggestion(db: Connection, account: str, model: str, answer: SuggestedAnswer, now: datetime) -> None:
    """Store a suggested answer."""
    content = {"text": answer.text, "sources": list(answer.sources)}
    _add(db, account, DRAFTS, model, answer.target, answer.message_id, answer.client, content, now)


def opinions(
    db: Connection, account: str, model: str, client: str | None = None, until: datetime | None = None
) -> dict[str, bool | None]:
    """Return what a model thinks, by the obligation's key; None where its answer did not count."""
    wanted = _OPINIONS if client is None else _OPINIONS.where(s.advice.c.client == client)
    wanted = wanted if until is None else wanted.where(s.advice.c.at <= until)
    rows = db.execute(wanted, {"account": account, "purpose": READING, "model": model})
    return {row.target: holds if isinstance(holds := _read(row.content).get("holds"), bool) else None for row in rows}


def opinion(db: Connection, account: str, model: str, target: str) -> Opinion | None:
    """Return what a model thinks of one obligation; None where it has not been asked."""
    c = s.advice.c
    mine = (c.account == account, c.purpose == READING, c.model == model, c.target == _key(target))
    row = db.execute(select(s.advice).where(*mine).order_by(c.at.desc())).first()
    if row is None:
        return None
    content = _read(row.content)
    holds = content.get("holds")
    return Opinion(target, row.message_id, row.client, holds if isinstance(holds, bool) else None, str(content.get("words", "")))


def suggestion(db: Connection, account: str, model: str, target: str, message_id: str) -> SuggestedAnswer | None:
    """Return what a model suggested to answer a message with; None where it has not been asked."""
    c = s.advice.c
    row = db.execute(
        select(s.advice).where(
            c.account == account,
            c.purpose == DRAFTS,
            c.model == model,
            c.target == _key(target),
            c.message_id == _key(message_id),
        )
    ).first()
    if row is None:
        return None
    content = _read(row.content)
    return SuggestedAnswer(
        target, message_id, row.client, str(content.get("text", "")), tuple(map(str, content.get("sources", ())))
    )


def count_request(db: Connection, account: str, day: date, most: int) -> bool:
    """Count one more request of a day; return False, and count nothing, where there have been `most` already."""
    count = requests(db, account, day)
    if count >= most:
        return False
    upsert(db, s.model_requests, {"account": account}, {"day": day, "count": count + 1})
    return True


def requests(db: Connection, account: str, day: date) -> int:
    """Return how many requests were made on a day."""
    return int(db.scalar(_REQUESTS, {"account": account, "day": day}) or 0)


def export(db: Connection, client: str) -> Iterator[dict[str, Any]]:
    """Yield what is stored of the advice about one client, as JSON values."""
    for row in db.execute(select(s.advice).where(s.advice.c.client == client).order_by(s.advice.c.at)):
        yield {**row._asdict(), "at": row.at.isoformat(), "content": _read(row.content)}


def forget(db: Connection, client: str) -> None:
    """Delete the advice about one client."""
    db.execute(delete(s.advice).where(s.advice.c.client == client))


def expire(db: Connection, account: str, message_ids: Iterable[str]) -> None:
    """Delete the advice about messages whose words are dropped."""
    for part in chunks(message_ids):
        db.execute(delete(s.advice).where(s.advice.c.account == account, s.advice.c.message_id.in_(part)))


def _add(
    db: Connection,
    account: str,
    purpose: str,
    model: str,
    target: str,
    message_id: str,
    client: str,
    content: Mapping[str, Any],
    now: datetime,
) -> None:
    key = {"account": account, "purpose": purpose, "target": _key(target), "message_id": _key(message_id), "model": model}
    upsert(db, s.advice, key, {"client": client, "content": json_columns.dumps(content), "at": now})


def _key(text: str) -> str:
    return json_columns.storable_text(text)


def _read(content: str) -> dict[str, Any]:
    value = json.loads(content)
    return value if isinstance(value, dict) else {}
