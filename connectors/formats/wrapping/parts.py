"""Parts that wrap the words of a mail: S/MIME's application/pkcs7-mime (RFC 8551) and Outlook's winmail.dat (MS-OXTNEF)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from connectors.formats import headers, mime_parts
from connectors.formats.leaf_text import content_of
from connectors.formats.mime_parts import Leaf, Part
from connectors.formats.wrapping import smime, tnef
from connectors.mail import Attachment

NESTING_CAP = 4  # wrappings in one another: signed, then encrypted, then signed again
SIZE_CAP = 1024 * 1024  # bytes of a wrapping part that are read; the words stand at its beginning
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_VAGUE = frozenset({"application/octet-stream", "application/pkcs7-mime", "application/x-pkcs7-mime"})


class Content(NamedTuple):
    """What a wrapping part contains: a MIME entity with its parts, or text and files; else why it could not be read."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    unread: str = ""
    entity: tuple[Part, Mapping[str, Leaf]] | None = None


def is_smime(part: Part) -> bool:
    """Whether a part is a mail wrapped by S/MIME. A signed file (contract.pdf.p7m) is a file."""
    name = part.name.lower()
    return (part.media_type in _SMIME and name in ("", "smime.p7m", "smime.p7z", "smime.p7")) or (
        part.media_type in _VAGUE and name == "smime.p7m"
    )


def is_tnef(part: Part) -> bool:
    """Whether a part is Outlook's winmail.dat."""
    return part.media_type in _TNEF or part.name.lower() in ("winmail.dat", "win.dat")


def open_part(part: Part, leaf: Leaf) -> Content:
    """Return what a wrapping part contains. Never raises, and reads a bounded number of bytes once."""
    raw = content_of(leaf, SIZE_CAP * 4 // 3)[:SIZE_CAP]
    if is_tnef(part):
        packed = tnef.read(raw)
        return Content(unread="winmail") if packed is None else Content(packed.text, packed.attachments)
    opened = smime.read(raw)
    if opened.entity is None:
        return Content(unread=opened.unread)
    head, body = mime_parts.split(opened.entity)
    return Content(entity=mime_parts.tree(headers.parse_fields(head), body))
