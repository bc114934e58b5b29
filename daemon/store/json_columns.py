"""Convert values to JSON text and back, for the columns that store them whole. Only the fields in use are stored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from connectors.calendar import Attendee, Busy, Event
from connectors.mail import Address, Attachment, Itip, ItipChange, Message, Relay, Role
from daemon.glossary.assessments import Coverage
from daemon.reading import Reading

T = TypeVar("T")
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)  # what a damaged row, or one of another version, raises
_REPEATED = ("uid", "summary", "description", "location", "organizer", "status")  # alike in all occurrences of a series
_SOURCE = "src"
_KEPT_ID = "x-kept-id"  # stored with every mail, so that Kept's own are never taken for a person's


def storable_text(text: str) -> str:
    """Return text that every database accepts: without NULs (PostgreSQL) and lone surrogates (UTF-8), which hostile mail contains."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode()
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in text else text


def dumps(data: Any) -> str:
    """Return compact JSON that every database accepts."""
    return storable_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def envelope(message: Message, source: str = "") -> str:
    """Return everything of a client's message except its text and Message-ID, and the mailbox that it came by."""
    m = message
    more = {
        "s": m.subject,
        "c": [list(a) for a in m.cc],
        "rt": [list(a) for a in m.reply_to],
        "irt": list(m.in_reply_to),
        "refs": list(m.references),
        "h": dict(m.headers),
        "a": [list(a) for a in m.attachments],
        "conv": m.conversation,
        "via": [list(m.relay.address), m.relay.own] if m.relay else None,
        "itip": _itip_body(m.itip),
        "unread": m.unread,
        "misdated": m.misdated,
        "web": m.web,
        _SOURCE: source,
    }
    return dumps({**_base(m), **{name: value for name, value in more.items() if value}, **_exceptions(m)})


def threading(message: Message, source: str = "") -> str:
    """Return what is stored of mail that concerns no client: who wrote to whom and when, what it answers, and its mailbox."""
    m = message
    more = {
        "s": m.subject,
        "c": [[a.email] for a in m.cc],
        "irt": list(m.in_reply_to),
        "refs": list(m.references),
        "h": {name: value for name, value in m.headers.items() if name == _KEPT_ID},
        "conv": m.conversation,
        _SOURCE: source,
    }
    base = {**_base(m), "f": [m.sender.email], "t": [[a.email] for a in m.to]}
    return dumps({**base, **{name: value for name, value in more.items() if value}, **_exceptions(m)})


def _exceptions(m: Message) -> dict[str, Any]:
    """Return what holds of few messages: that it failed authentication, may never have left, has another Message-ID in its header."""
    stated = {"auth": m.authentic, "left": m.transmitted}
    return {**{name: False for name, value in stated.items() if not value}, **({"id": m.header_id} if m.header_id else {})}


def _base(m: Message) -> dict[str, Any]:
    return {
        "d": m.date.isoformat(),
        "r": m.received.isoformat(),
        "f": list(m.sender),
        "t": [list(a) for a in m.to],
        "role": m.role.value,
        "folder": m.folder,
    }


def message(message_id: str, text: str | None, body: str) -> Message:
    """Return the message of a row."""
    d: Mapping[str, Any] = json.loads(body)
    return Message(
        message_id=message_id,
        date=datetime.fromisoformat(d["d"]),
        received=datetime.fromisoformat(d["r"]),
        sender=Address(*d["f"]),
        subject=d.get("s", ""),
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
        unread=d.get("unread", ""),
        misdated=d.get("misdated", ""),
        web=d.get("web", ""),
        transmitted=d.get("left", True),
        header_id=d.get("id"),
        itip=_itip(d.get("itip")),
        relay=Relay(Address(*via[0]), via[1]) if (via := d.get("via")) else None,
    )


def mailbox(body: str) -> str | None:
    """Return the mailbox by which a row's message came first; None for one that was stored before that was noted, or is damaged."""
    try:
        source = json.loads(body).get(_SOURCE)
    except UNREADABLE:
        return None
    return source if isinstance(source, str) else None


def _itip_body(itip: Itip | None) -> Any:
    """Return a calendar message as JSON: its method, and of each change the fields in use."""
    if itip is None:
        return None
    changes = ({name: value for name, value in c._asdict().items() if value} for c in itip.changes)
    return [itip.method, [{n: v.isoformat() if isinstance(v, datetime) else v for n, v in c.items()} for c in changes]]


def _itip(body: Any) -> Itip | None:
    return Itip(body[0], tuple(_change(dict(change)) for change in body[1])) if body else None


def _change(fields: dict[str, Any]) -> ItipChange:
    for name in fields.keys() & {"stamp", "start", "end"}:
        fields[name] = datetime.fromisoformat(fields[name])
    return ItipChange(**{**fields, "answers": tuple((email, answer) for email, answer in fields.get("answers", ()))})


def reading_body(reading: Reading | None) -> str | None:
    """Return a reading without its new text, which has a column of its own."""
    return None if reading is None else dumps({name: value for name, value in reading.to_json().items() if name != "new_text"})


def reading(body: str | None, text: str | None) -> Reading | None:
    """Return the reading of a row."""
    return None if body is None else Reading.from_json({**json.loads(body), "new_text": text or ""})


def event_body(event: Event) -> str:
    """Return an event as JSON."""
    e = event
    return dumps(
        {
            "uid": e.uid,
            "start": e.start.isoformat(),
            "end": e.end.isoformat(),
            "summary": e.summary,
            "description": e.description,
            "location": e.location,
            "organizer": e.organizer,
            "attendees": [list(a) for a in e.attendees],
            "status": e.status,
            "busy": e.busy,
            "private": e.private,
            "all_day": e.all_day,
            "occurrence": e.occurrence,
            "sequence": e.sequence,
            "created": _text(e.created),
            "modified": _text(e.modified),
        }
    )


def event(body: str) -> Event:
    """Return the event of a row."""
    d = json.loads(body)
    for name in ("start", "end", "created", "modified"):
        d[name] = _moment(d[name])
    for name in _REPEATED:
        d[name] = _shared(d[name])
    d["attendees"] = _shared(tuple(Attendee(*a) for a in d["attendees"]))
    return Event(**d)


@lru_cache(maxsize=256)
def _shared(value: T) -> T:
    """Return an equal value that was given before: the occurrences of a series need its words in memory only once."""
    return value


def spans_body(spans: Sequence[Busy]) -> str | None:
    """Return spans of time as JSON; None where there are none."""
    return dumps([[span.start.isoformat(), span.end.isoformat()] for span in spans]) if spans else None


def spans(body: str | None) -> tuple[Busy, ...]:
    """Return the spans of time of a row."""
    return tuple(Busy(*map(datetime.fromisoformat, span)) for span in json.loads(body)) if body else ()


def coverage_body(coverage: Coverage) -> str:
    """Return a source's coverage as JSON."""
    c = coverage
    return dumps(
        {
            "seen_until": _text(c.seen_until),
            "error": c.error,
            "failed_since": _text(c.failed_since),
            "unreadable": c.unreadable,
            "warnings": list(c.warnings),
            "is_calendar": c.is_calendar,
            "notices": [[_text(at), text] for at, text in c.notices],
        }
    )


def coverage(account: str, source: str, body: str) -> Coverage:
    """Return the coverage of a row; of one that cannot be read, that the source was not read: its next poll tells."""
    try:
        d = json.loads(body)
        for name in ("seen_until", "failed_since"):
            d[name] = _moment(d[name])
        d["warnings"] = tuple(d["warnings"])
        d["notices"] = tuple((datetime.fromisoformat(at), text) for at, text in d.get("notices", ()))
        return Coverage(account, source, **d)
    except UNREADABLE:
        return Coverage(account, source, None)


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
