"""What a draft says, as a hash: so that one that somebody changed since it was saved is told from one that nobody touched.

Servers write a mail anew when they store it: the order of its header, its encodings and line ends say nothing about its author.
"""

from __future__ import annotations

import hashlib

from connectors.formats import mime
from connectors.mail import Draft, Message, Role


def content_hash(draft: Draft | Message) -> str:
    """Return the hash of a draft's recipients, subject, words and the names of its attachments."""
    names = [part[0] for part in draft.attachments]
    people = [sorted(address.email for address in field) for field in (draft.to, draft.cc)]
    says = (people, " ".join(draft.subject.split()), " ".join(draft.text.split()), sorted(names))
    return hashlib.sha256(repr(says).encode("utf-8", "surrogatepass")).hexdigest()


def is_unchanged(raw: bytes, message_id: str, content: str) -> bool:
    """Return whether the bytes of a stored draft are those with this Message-ID (its header, or the one for Kept's own) and hash."""
    try:
        stored = mime.parse(raw, role=Role.DRAFTS, folder="")
    except ValueError:
        return False
    ids = (stored.shown_id, stored.headers.get(mime.ID_HEADER.lower(), "").strip())
    return message_id in ids and content_hash(stored) == content
