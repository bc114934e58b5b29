"""What Exchange makes of a message's body, at a company's own or in Microsoft 365: one text, and everything else as files.

A text after an attachment becomes a file ATT00001.txt or .htm; what is wrapped by S/MIME stays a file smime.p7m.
"""

from __future__ import annotations

import email
import email.policy
from datetime import datetime
from email.message import EmailMessage, Message
from typing import NamedTuple

from connectors.formats import mime
from connectors.formats.html import to_text
from connectors.mail import Attachment, Role

WRAPPING = (
    "application/pkcs7-mime", "application/x-pkcs7-mime", "application/ms-tnef", "application/pgp-encrypted",
    "application/x-microsoft-rpmsg-message",
)  # fmt: skip


class View(NamedTuple):
    """The text of a message, and its files."""

    text: str
    files: tuple[Attachment, ...]


def view(raw: bytes, received: datetime) -> View:
    """Return the message as Exchange shows it."""
    parsed = email.message_from_bytes(raw, policy=email.policy.compat32)
    own = mime.parse(raw, role=Role.OTHER, folder="", received=received)
    wraps = [_file(part) for part in parsed.walk() if part.get_content_type() in WRAPPING]
    later = _later_texts(parsed)
    if not wraps and not later and b"-----BEGIN PGP" not in raw:
        return View(own.text, own.attachments)
    made = (
        Attachment(f"ATT{number:05d}.{'htm' if kind == 'text/html' else 'txt'}", kind, 100)
        for number, kind in enumerate(later, 1)
    )
    files = [a for a in own.attachments if not wraps]
    return View(_first_text(raw), (*files, *wraps, *made))


def _later_texts(parsed: Message) -> list[str]:
    """The media types of the inline texts of a multipart/mixed that follow the first."""
    if parsed.get_content_type() != "multipart/mixed":
        return []
    texts = [
        part.get_content_type()
        for part in parsed.get_payload()
        if isinstance(part, Message) and part.get_content_type() in ("text/plain", "text/html") and not part.get_filename()
    ]
    return texts[1:]


def _first_text(raw: bytes) -> str:
    mail = email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
    part = mail.get_body(("plain", "html")) if mail.get_content_type() not in WRAPPING else None
    if part is None:
        return ""
    text = str(part.get_content())
    return to_text(text) if part.get_content_type() == "text/html" else text


def _file(part: Message) -> Attachment:
    content = part.get_payload(decode=True)
    return Attachment(
        part.get_filename() or "smime.p7m", part.get_content_type(), len(content) if isinstance(content, bytes) else 0
    )
