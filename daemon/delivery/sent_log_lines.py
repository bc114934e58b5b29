"""One line of the sent log: an entry as JSON and back. A line may hold anything; what is no entry is a BadLine that says what that means."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from daemon.glossary.actions import Mention

LINE_CAP = 1 << 20  # bytes; a digest with a thousand mentions has a quarter of that
_REFERENCE = re.compile(r'"reference": ?("(?:[^"\\]|\\.)*")')
_HEAD = 10_000  # bytes in which the reference stands: it comes first
_LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A send or booking: what (`reference`, `key`), for which account, when, and what it mentioned (None: not recorded)."""

    reference: str
    key: str
    account: str
    at: datetime
    mentions: tuple[Mention, ...] | None
    channel: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no entry, and what that means for the user; empty for a blank line, which means nothing."""

    meaning: str


def line_of(entry: Entry) -> bytes:
    """Return an entry as a line. The reference comes first, so that even a line cut short names what was sent."""
    document: dict[str, Any] = {
        "reference": entry.reference,
        "key": entry.key,
        "account": entry.account,
        "channel": entry.channel,
        "at": entry.at.isoformat(),
        "kind": entry.kind,
    }
    if entry.mentions is not None:
        document["mentions"] = [_mention_json(mention) for mention in entry.mentions]
    return f"{json.dumps(document)}\n".encode()


def read_line(line: bytes) -> Entry | BadLine:
    """Return the entry that a line holds. A byte order mark, zero bytes around it and any line end are no part of it."""
    bare = line.strip(b"\0 \t\r\n").removeprefix(b"\xef\xbb\xbf")
    if not bare:
        return BadLine(_meaning("zero bytes, as a power failure leaves them", line)) if b"\0" in line else BadLine("")
    if len(line) > LINE_CAP:
        return BadLine(_meaning("longer than a line can be", line))
    try:
        # Control characters within a string harm nothing; a name that stands twice may mean either.
        document = json.loads(bare.decode(), strict=False, object_pairs_hook=_unique)
        return _entry(document)
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
        return BadLine(_meaning("damaged", line))


def reference_in(line: bytes) -> str | None:
    """Return the reference that a damaged line begins with; None where even that cannot be read."""
    found = _REFERENCE.search(line[:_HEAD].decode("utf-8", "replace"))
    try:
        return _text(json.loads(found[1], strict=False)) if found else None
    except ValueError:
        return None


def _meaning(what: str, line: bytes) -> str:
    if reference_in(line) is not None:
        return f"it is {what}; what it records will not be sent again, and what that said may be said again"
    return f"it is {what}; what it recorded may be sent again"


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a name stands twice")
    return document


def _entry(document: Mapping[str, Any]) -> Entry:
    """Return the entry that a JSON document is. Raises ValueError, TypeError and LookupError for any other."""
    at = _moment(document["at"])
    # Earlier versions recorded neither what was mentioned nor the kind.
    mentions = tuple(_mention(m) for m in document["mentions"]) if "mentions" in document else None
    rest = (_text(document.get(name, "")) for name in ("channel", "kind"))
    return Entry(_text(document["reference"]), _text(document.get("key", "")), _text(document["account"]), at, mentions, *rest)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    value.encode()  # raises for half a surrogate pair, which no database takes
    return value


def _moment(value: object) -> datetime:
    at = datetime.fromisoformat(_text(value))
    if at.tzinfo is None:
        raise ValueError("a moment without its offset")
    return at


def _mention_json(m: Mention) -> dict[str, Any]:
    document: dict[str, Any] = {"obligation": m.obligation, "stage": m.stage, "asks": m.asks}
    return document | ({"snoozed_until": m.snoozed_until.isoformat()} if m.snoozed_until else {})


def _mention(document: Mapping[str, Any]) -> Mention:
    asks, snooze = document["asks"], document.get("snoozed_until")
    if isinstance(asks, bool) or not isinstance(asks, int) or not 0 <= asks <= _LARGEST:
        raise ValueError("not a number of requests")
    return Mention(_text(document["obligation"]), _text(document["stage"]), asks, _moment(snooze) if snooze is not None else None)
