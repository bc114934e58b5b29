"""Whether a message ever left: what its own header says of drafts, of deletion, and of the servers that it passed.

What a sender wrote into a header cannot hide a message: the marks of a draft or of deletion count only where the program that
stores the mail wrote them, that is, on a message that passed no server, or above the topmost Received field.
"""

from __future__ import annotations

import re

from connectors.formats.headers import Fields
from connectors.mail import Role

# Fields that a server adds on the way (RFC 5321, 4.4; RFC 8601; RFC 6376; RFC 8617) or on delivery, one name a program.
_TRACES = (
    "received", "return-path", "delivered-to", "x-received", "authentication-results", "dkim-signature", "arc-seal",
    "x-original-to", "envelope-to", "x-delivered-to", "x-google-smtp-source", "x-apparently-to", "received-spf",
)  # fmt: skip
_DRAFT = "com.apple.mail-draft"  # Apple Mail's X-Uniform-Type-Identifier
# Thunderbird's nsMsgMessageFlags: expunged and queued in X-Mozilla-Status, deleted and template in X-Mozilla-Status2.
_EXPUNGED, _QUEUED = 0x0008, 0x0800
_DELETED, _TEMPLATE = 0x0020_0000, 0x0100_0000
_HEX = re.compile(r"\s*([0-9A-Fa-f]{1,8})\s*$")


def passed_a_server(fields: Fields) -> bool:
    """Return whether the header has a trace of transmission or delivery."""
    return any(name in fields for name in _TRACES)


def role_of(fields: Fields, folder: Role) -> Role:
    """Return DRAFTS or TRASH where the program that stores the message marked it so, else the role of its folder.

    What was sent stays sent when its copy is deleted.
    """
    if not passed_a_server(fields) and _marked_as_draft(fields):
        return Role.DRAFTS
    deleted = _flags(fields, "x-mozilla-status") & _EXPUNGED or _flags(fields, "x-mozilla-status2") & _DELETED
    return Role.TRASH if deleted and folder is not Role.SENT else folder


def _marked_as_draft(fields: Fields) -> bool:
    """Whether Thunderbird, Outlook (X-Unsent in a saved .eml) or Apple Mail says that it is a draft, a template or waiting."""
    return (
        "x-mozilla-draft-info" in fields
        or fields.get("x-unsent", "").strip() == "1"
        or fields.get("x-uniform-type-identifier", "").strip().lower() == _DRAFT
        or bool(_flags(fields, "x-mozilla-status") & _QUEUED)
        or bool(_flags(fields, "x-mozilla-status2") & _TEMPLATE)
    )


def _flags(fields: Fields, name: str) -> int:
    """Return the flags of a field that stands above what the message brought along; 0 for one that came with it."""
    order = list(fields)
    if name not in fields or ("received" in fields and order.index(name) > order.index("received")):
        return 0
    stated = _HEX.match(fields[name][:40])
    return int(stated.group(1), 16) if stated else 0
