"""Convert drafts, removals and invites to the body of a parcel (JSON text) and back."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from connectors.calendar import Attendee, Invite
from connectors.formats.mime import content_hash
from connectors.mail import Address, Draft
from daemon.glossary.actions import Parcel, SavedDraft


def draft_body(draft: Draft, *, asked: str | None = None) -> str:
    """Return a draft as the body of a parcel; of a draft that may be removed the hash by which it is known again, and what it answers."""
    d = draft
    return json.dumps(({"content": content_hash(d), "asked": asked} if asked is not None else {}) | {
        "message_id": d.message_id, "date": d.date.isoformat(), "sender": list(d.sender), "to": [list(a) for a in d.to], "subject": d.subject,
        "text": d.text, "cc": [list(a) for a in d.cc], "html": d.html, "in_reply_to": d.in_reply_to, "references": list(d.references),
        "headers": dict(d.headers), "calendar": d.calendar, "method": d.method,
        "attachments": [[name, kind, base64.b64encode(content).decode()] for name, kind, content in d.attachments],
    }, ensure_ascii=False)  # fmt: skip


def draft_of(parcel: Parcel) -> Draft:
    """Return the draft that is a parcel's body."""
    d: dict[str, Any] = json.loads(parcel.body)
    for name in ("content", "asked"):
        d.pop(name, None)
    d["date"] = datetime.fromisoformat(d["date"])
    d["sender"] = Address(*d["sender"])
    d["to"] = tuple(Address(*a) for a in d["to"])
    d["cc"] = tuple(Address(*a) for a in d["cc"])
    d["references"] = tuple(d["references"])
    d["attachments"] = tuple((name, kind, base64.b64decode(content)) for name, kind, content in d["attachments"])
    return Draft(**d)


def removal_body(draft: SavedDraft) -> str:
    """Return the removal of a saved draft as the body of a parcel."""
    return json.dumps(asdict(draft))


def saved_draft(parcel: Parcel) -> SavedDraft:
    """Return the draft that a parcel saved, as its removal needs it. Raises KeyError for one that was not made to be removed."""
    left = json.loads(parcel.body)
    return SavedDraft(parcel.key, parcel.reference, parcel.receipt or "", left["content"], left.get("asked", ""))


def removal_of(parcel: Parcel) -> SavedDraft:
    """Return the saved draft whose removal is a parcel's body."""
    return SavedDraft(**json.loads(parcel.body))


def invite_body(invite: Invite) -> str:
    """Return an invite as the body of a parcel."""
    i = invite
    return json.dumps({
        "uid": i.uid, "start": i.start.isoformat(), "end": i.end.isoformat(), "summary": i.summary, "description": i.description,
        "organizer": i.organizer, "organizer_name": i.organizer_name, "attendees": [list(a) for a in i.attendees], "stamp": i.stamp.isoformat(),
        "time_zone": i.time_zone, "location": i.location, "sequence": i.sequence, "cancelled": i.cancelled, "headers": dict(i.headers),
    }, ensure_ascii=False)  # fmt: skip


def invite_of(parcel: Parcel) -> Invite:
    """Return the invite that is a parcel's body."""
    d: dict[str, Any] = json.loads(parcel.body)
    for name in ("start", "end", "stamp"):
        d[name] = datetime.fromisoformat(d[name])
    d["attendees"] = tuple(Attendee(*a) for a in d["attendees"])
    return Invite(**d)
