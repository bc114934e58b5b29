"""`kept infer`: message objects in, one JSON object a line; what was read out of them, one a line, in the same order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from daemon.reading.reader import read
from daemon.reading.values import Act, ActKind, ReaderInput, Reading, TimeContext


def infer_stream(lines: Iterable[str]) -> Iterator[str]:
    """Yield the findings of each line as JSON; blank lines are skipped.

    Raises ValueError that names the first line which is not a message object.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield json.dumps(infer(json.loads(line)), ensure_ascii=False)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            reason = f"the key {error} is missing" if isinstance(error, KeyError) else str(error)
            raise ValueError(f"line {number} is not a message object: {reason}") from error


def infer(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return the findings of one message object. Raises KeyError, TypeError or ValueError for what is not one.

    Keys in: id, direction (sent or received, seen from the user), from, date (ISO 8601 with an offset), and where there are any
    to, cc, subject, text, headers, user (the user's addresses), time_zone (IANA).
    """
    reading = read(_message(line))
    if reading.automated is not None:  # a machine asks and promises nothing
        reading = Reading(new_text=reading.new_text, automated=reading.automated)
    return {
        "id": line["id"],
        "automated": reading.automated,
        "new_text": reading.new_text,
        "reply_expected": reading.reply_expected,
        "reply_confidence": round(reading.reply_confidence, 2),
        "acknowledgement": reading.acknowledgement,
        "requests": [_request(a) for a in reading.of(ActKind.REQUEST)],
        "promises": [_promise(a) for a in reading.of(ActKind.PROMISE)],
    }


def _message(line: Mapping[str, Any]) -> ReaderInput:
    return ReaderInput(
        direction="sent" if line["direction"] == "sent" else "received",
        sender=str(line["from"]).lower(),
        to=tuple(str(a).lower() for a in line.get("to") or ()),
        cc=tuple(str(a).lower() for a in line.get("cc") or ()),
        date=_aware(str(line["date"])),
        subject=str(line.get("subject") or ""),
        text=str(line.get("text") or "").replace("\r\n", "\n"),
        headers={str(k).lower(): str(v) for k, v in (line.get("headers") or {}).items()},
        user=tuple(str(a).lower() for a in line.get("user") or ()),
        time_context=TimeContext(time_zone=str(line.get("time_zone") or "")),
    )


def _request(act: Act) -> dict[str, Any]:
    return {
        "quote": act.quote,
        "kind": act.sort,
        "due": act.due.due.isoformat() if act.due else None,
        "due_quote": act.due.quote if act.due else None,
        "confidence": act.confidence,
    }


def _promise(act: Act) -> dict[str, Any]:
    return {"by": act.by, **_request(act), "conditional": act.conditional}


def _aware(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"the date {text} has no offset from UTC")
    return moment
