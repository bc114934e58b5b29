"""Values to JSON text and back, for the columns that hold them whole. Only what is used is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors.calendar import Attendee, Event
from connectors.mail import Address, Attachment, Message, Role
from daemon.core.model import Coverage


def envelope(message: Message) -> str:
    """Everything of a message but its text and Message-ID."""
    m = message
    data: dict[str, Any] = {
        "d": m.date.isoformat(),
        "r": m.received.isoformat(),
        "f": list(m.sender),
        "s": m.subject,
        "t": [list(a) for a in m.to],
        "role": m.role.value,
        "folder": m.folder,
    }
    for name, value in (("c", [list(a) for a in m.cc]), ("rt", [list(a) for a in m.reply_to]), ("irt", m.in_reply_to), ("refs", m.references), ("h", dict(m.headers)), ("a", [list(a) for a in m.attachments]), ("conv", m.conversation)):
        if value:
            data[name] = value
    if not m.authentic:
        data["auth"] = False
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def message(message_id: str, text: str | None, body: str) -> Message:
    """The message again."""
    d: Mapping[str, Any] = json.loads(body)
    return Message(
        message_id=message_id,
        date=datetime.fromisoformat(d["d"]),
        received=datetime.fromisoformat(d["r"]),
        sender=Address(*d["f"]),
        subject=d["s"],
        to=tuple(Address(*a) for a in d["t"]),
        cc=tuple(Address(*a) for a in d.get("c", ())),
        reply_to=tuple(Address(*a) for a in d.get("rt", ())),
        in_reply_to=tuple(d.get("irt", ())),
        references=tuple(d.get("refs", ())),
        text=text or "",
        headers=d.get("h", {}),
        attachments=tuple(Attachment(*a) for a in d.get("a", ())),
        role=Role(d["role"]),
        folder=d["folder"],
        conversation=d.get("conv"),
        authentic=d.get("auth", True),
    )


def event_body(event: Event) -> str:
    """An event whole."""
    e = event
    data = {
        "uid": e.uid, "start": e.start.isoformat(), "end": e.end.isoformat(), "summary": e.summary, "description": e.description,
        "location": e.location, "organizer": e.organizer, "attendees": [list(a) for a in e.attendees], "status": e.status, "busy": e.busy,
        "private": e.private, "all_day": e.all_day, "occurrence": e.occurrence, "sequence": e.sequence,
        "created": e.created.isoformat() if e.created else None, "modified": e.modified.isoformat() if e.modified else None,
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def event(body: str) -> Event:
    """The event again."""
    d = json.loads(body)
    for name in ("start", "end", "created", "modified"):
        d[name] = datetime.fromisoformat(d[name]) if d[name] else None
    d["attendees"] = tuple(Attendee(*a) for a in d["attendees"])
    return Event(**d)


def coverage_body(coverage: Coverage) -> str:
    """How far a source was read, whole."""
    c = coverage
    return json.dumps({
        "seen_until": c.seen_until.isoformat() if c.seen_until else None,
        "error": c.error,
        "failed_since": c.failed_since.isoformat() if c.failed_since else None,
        "unreadable": c.unreadable,
        "warnings": list(c.warnings),
        "is_calendar": c.is_calendar,
    })


def coverage(account: str, source: str, body: str) -> Coverage:
    """The coverage again."""
    d = json.loads(body)
    for name in ("seen_until", "failed_since"):
        d[name] = datetime.fromisoformat(d[name]) if d[name] else None
    d["warnings"] = tuple(d["warnings"])
    return Coverage(account, source, **d)
