"""The outbox as rows: queued once by key, claimed by one, settled for good."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from daemon.glossary.actions import Channel, Delivery, Parcel
from daemon.store import schema as s
from daemon.store.statements import add

# Nothing more happens to a parcel in these states.
FINAL = frozenset({Delivery.SENT, Delivery.REFUSED, Delivery.VETOED})
_WORDS = {"summary": "", "description": "", "location": "", "attendees": []}  # of an invite; its time and version stay


def queue(db: Connection, parcels: Sequence[Parcel], said: Sequence[str], now: datetime) -> None:
    """Parcels and what they say. A key that is there already is left as it is."""
    for parcel in parcels:
        add(db, s.parcels, _row(parcel, now))
    for key in said:
        add(db, s.said, {"key": key, "at": now})


def parcels(db: Connection, deliveries: Sequence[Delivery]) -> tuple[Parcel, ...]:
    """The parcels in these states (all, where none is named), oldest first."""
    wanted = select(s.parcels).order_by(s.parcels.c.created, s.parcels.c.key)
    if deliveries:
        wanted = wanted.where(s.parcels.c.delivery.in_([d.value for d in deliveries]))
    return tuple(_parcel(row) for row in db.execute(wanted))


def claim(db: Connection, key: str) -> bool:
    """Take a waiting parcel to be sent. False where it does not wait."""
    change = update(s.parcels).where(s.parcels.c.key == key, s.parcels.c.delivery == Delivery.WAITING.value)
    return db.execute(change.values(delivery=Delivery.SENDING.value, attempts=s.parcels.c.attempts + 1)).rowcount == 1


def settle(
    db: Connection,
    key: str,
    delivery: Delivery,
    now: datetime,
    receipt: str | None,
    error: str | None,
    not_before: datetime | None,
) -> None:
    """Write down how an attempt ended. What is final stays so; a letter that was sent keeps no words."""
    row = db.execute(select(s.parcels).where(s.parcels.c.key == key)).first()
    if row is None or Delivery(row.delivery) in FINAL:
        return
    values: dict[str, Any] = {"delivery": delivery.value, "error": error}
    if delivery is Delivery.SENT:
        values |= {"sent": now, "receipt": receipt}
        if Channel(row.channel) is not Channel.CALENDAR:  # a booked invite may still have to be mailed, moved or cancelled
            values["body"] = ""
    if not_before is not None:
        values["not_before"] = not_before
    db.execute(update(s.parcels).where(s.parcels.c.key == key).values(**values))


def without_words(channel: Channel, body: str) -> str:
    """The body of a parcel that is done with: of a letter nothing, of an invite its UID, time and version."""
    if channel is not Channel.CALENDAR or not body:
        return ""
    return json.dumps({**json.loads(body), **_WORDS})


def _row(parcel: Parcel, now: datetime) -> dict[str, Any]:
    p = parcel
    return {
        "key": p.key,
        "account": p.account,
        "channel": p.channel.value,
        "reference": p.reference,
        "body": p.body,
        "not_before": p.not_before,
        "delivery": p.delivery.value,
        "keys": json.dumps(list(p.keys)),
        "attempts": p.attempts,
        "error": p.error,
        "receipt": p.receipt,
        "created": p.created or now,
        "sent": p.sent,
    }


def _parcel(row: Any) -> Parcel:
    return Parcel(
        key=row.key,
        account=row.account,
        channel=Channel(row.channel),
        reference=row.reference,
        body=row.body,
        not_before=row.not_before,
        delivery=Delivery(row.delivery),
        keys=tuple(json.loads(row.keys)),
        attempts=row.attempts,
        error=row.error,
        receipt=row.receipt,
        created=row.created,
        sent=row.sent,
    )
