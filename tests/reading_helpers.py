"""Helpers for tests of the reader: one line of mail in, what was read out of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from daemon.reading import Act, ActKind, ReaderInput, Reading, TimeContext, read

WEDNESDAY = datetime.fromisoformat("2026-03-04T10:14:00+00:00")


def message(text: str, **changes: Any) -> ReaderInput:
    """Return a mail from a client to the user on a Wednesday morning in London, with changes."""
    fields: dict[str, Any] = {
        "direction": "received",
        "sender": "kim@acme.example",
        "to": ("dana@northwind.example",),
        "cc": (),
        "date": WEDNESDAY,
        "subject": "quote",
        "text": text,
        "headers": {},
        "user": ("dana@northwind.example",),
        "time_context": TimeContext(time_zone="Europe/London"),
    }
    return ReaderInput(**(fields | changes))


SURE = 0.5


def received(text: str, **changes: Any) -> Reading:
    """Return what is read out of a client's mail."""
    return read(message(text, **changes))


def sent(text: str, **changes: Any) -> Reading:
    """Return what is read out of the user's own mail."""
    return read(message(text, direction="sent", sender="dana@northwind.example", to=("kim@acme.example",), **changes))


def promises(reading: Reading) -> tuple[Act, ...]:
    """Return the promises that are read with some certainty."""
    return tuple(a for a in reading.of(ActKind.PROMISE) if a.confidence >= SURE)


def requests(reading: Reading) -> tuple[Act, ...]:
    """Return the requests that are read with some certainty."""
    return tuple(a for a in reading.of(ActKind.REQUEST) if a.confidence >= SURE)


def due(words: str, at: str = "2026-03-04T10:14:00+00:00", zone: str = "Europe/London") -> str | None:
    """Return when "I'll send it to you <words>." falls due, as a wall-clock time in that zone, or None."""
    acts = promises(
        sent(f"I'll send it to you {words}.", date=datetime.fromisoformat(at), time_context=TimeContext(time_zone=zone))
    )
    when = acts[0].due
    return f"{when.due:%a %Y-%m-%d %H:%M}" if when else None
