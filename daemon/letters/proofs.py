"""The proof that a mail is Kept's own, and what it said: a signed header of every mail of Kept's.

A header that anybody can write proves nothing: a client's mail that bears one is the client's. The proof names whose mail it is, its
Message-ID, and every mention that it makes, so that the mailbox itself can tell a restored database what was said since its backup.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime

from daemon.glossary.actions import Mention
from daemon.glossary.obligations import short_id

HEADER = "X-Kept-Proof"
MOST = 900  # characters; a header of incoming mail is read to a thousand
_SEAL = 32  # characters of the signature
_SNOOZE = "%Y%m%d%H%M"


def sign(secret: bytes, sender: str, message_id: str, mentions: Iterable[Mention] = ()) -> str:
    """Return the header's value for a mail with this sender and Message-ID that makes these mentions; those beyond MOST are left out."""
    said = ""
    for mention in mentions:
        longer = f"{said} {_written(mention)}"
        if len(longer) + _SEAL > MOST:
            break
        said = longer
    return f"{_seal(secret, sender, message_id, said)}{said}"


def verify(secret: bytes, sender: str, message_id: str, value: str) -> tuple[Mention, ...] | None:
    """Return the mentions that a mail proves to have made, each with the short id of its obligation; None for a value that proves nothing."""
    seal, said = value[:_SEAL], " ".join(["", *value[_SEAL:].split()])
    if not seal.isascii() or not hmac.compare_digest(seal, _seal(secret, sender, message_id, said)):
        return None
    return tuple(_mention(word) for word in said.split())


def _seal(secret: bytes, sender: str, message_id: str, said: str) -> str:
    body = f"{sender.lower()}\n{message_id}\n{said.strip()}".encode("utf-8", "replace")
    return hmac.new(secret, b"kept proof 1:" + body, hashlib.sha256).hexdigest()[:_SEAL]


def _written(m: Mention) -> str:
    snooze = f".{m.snoozed_until.astimezone(UTC):{_SNOOZE}}" if m.snoozed_until else ""
    return f"{short_id(m.obligation)}.{m.stage}.{m.asks}{snooze}"


def _mention(word: str) -> Mention:
    target, stage, asks, *snooze = word.split(".")
    until = datetime.strptime(snooze[0], _SNOOZE).replace(tzinfo=UTC) if snooze else None
    return Mention(target, stage, int(asks), until)
