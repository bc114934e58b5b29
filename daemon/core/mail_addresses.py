"""The address of a message: what opens it in the user's mail program or browser.

A web page where the message's provider stated one (Gmail, Microsoft 365). Elsewhere a URL made of the Message-ID: `mid:` (RFC 2392), which
Thunderbird and others open, and `message:`, which Apple Mail opens.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from daemon.glossary.obligations import Evidence, Obligation, SourceType

_IN_MID = "@!$'*+-.=_~"  # beside letters and digits what RFC 2392 leaves unescaped of an addr-spec


def address_of(evidence: Evidence) -> str | None:
    """Return the address that opens a message: its web page, else its `mid:` URL; None for what is no message, or has no Message-ID."""
    return evidence.web or mid_url(evidence)


def mid_url(evidence: Evidence) -> str | None:
    """Return the URL that most mail programs understand, without the angle brackets: mid:abc@acme.example."""
    message_id = _message_id(evidence)
    return f"mid:{quote(message_id, safe=_IN_MID)}" if message_id else None


def message_url(evidence: Evidence) -> str | None:
    """Return the URL that Apple Mail understands, with the angle brackets: message:%3Cabc@acme.example%3E."""
    message_id = _message_id(evidence)
    return f"message:%3C{quote(message_id, safe=_IN_MID)}%3E" if message_id else None


def messages_behind(obligation: Obligation) -> Iterator[Evidence]:
    """Yield the messages that an obligation rests on, the one that created it first, each once."""
    seen: set[str] = set()
    empty = [obligation.empty] if obligation.empty is not None else []
    for evidence in (obligation.source, *obligation.evidence, *empty):
        if evidence.type is SourceType.MESSAGE and evidence.reference not in seen:
            seen.add(evidence.reference)
            yield evidence


def _message_id(evidence: Evidence) -> str:
    """Return the Message-ID without its brackets; "" where the message has none that other programs know."""
    shown = evidence.shown
    is_known = evidence.type is SourceType.MESSAGE and shown.startswith("<") and shown.endswith(">") and "@" in shown
    return shown[1:-1] if is_known and shown.isprintable() else ""
