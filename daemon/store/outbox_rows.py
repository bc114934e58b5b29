"""A parcel as a row, and back."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from daemon.core.model import Channel, Delivery, Parcel


def parcel_row(parcel: Parcel, now: datetime) -> dict[str, Any]:
    """To the database."""
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


def parcel_of(row: Any) -> Parcel:
    """From the database."""
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
