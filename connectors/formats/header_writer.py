"""Write the header fields whose words have a form of their own: mailboxes, ids of messages, and the date (RFC 5322, 3.6).

The standard library folds an id that is longer than a line by encoding it (RFC 2047), which is allowed in none of these fields
(RFC 2047, 5) and breaks the thread, and it takes names apart that contain both quotes and letters beyond ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

from connectors.formats import headers
from connectors.mail import Address

CRLF = "\r\n"
SHOULD, MUST = 78, 998  # octets of a line without its end (RFC 5322, 2.1.1)
ID_FIELDS = frozenset({"message-id", "in-reply-to", "references", "x-kept-message-id"})
_ID = re.compile(r"[\x20-\x7e]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_LONG = (
    400  # characters of a name that can no longer stand on one line, whatever has to be escaped in it; encoded it can be folded
)
_ENCODED = 68  # octets of an encoded word, so that the name of a field fits before it (RFC 2047, 2)


def mailboxes(name: str, addresses: Iterable[Address]) -> bytes:
    """Return a field of mailboxes, folded between them. Raises ValueError for an address that cannot be written."""
    return _folded(name, [_mailbox(a) for a in addresses], ",")


def message_ids(name: str, ids: Sequence[str]) -> bytes:
    """Return a field of message ids, folded between them, never encoded; one that no line can hold is left out.

    Without any that can be written there is no field: b"".
    """
    writable = [i for i in ids if _ID.fullmatch(i) and len(i) < MUST]
    return _folded(name, writable, "") if writable else b""


def words(name: str, text: str) -> bytes:
    """Return a field of words beyond ASCII, folded between encoded words alone: folded elsewhere, a space would be shown twice."""
    return f"{name}: {Header(text, 'utf-8', header_name=name, maxlinelen=SHOULD - 2).encode(linesep=CRLF)}{CRLF}".encode()


def date(at: datetime) -> bytes:
    """Return the Date field."""
    return _folded("Date", [format_datetime(at)], "")


def _folded(name: str, words: Sequence[str], separator: str) -> bytes:
    """Return a field whose words are on lines as short as may be; a word is never broken, so that one may make a longer line."""
    lines = [f"{name}:"]
    for n, word in enumerate(words):
        piece = word + (separator if n < len(words) - 1 else "")
        length = len(lines[-1]) + 1 + len(piece.partition("\r\n")[0])
        if length <= (MUST if n == 0 else SHOULD):
            lines[-1] += f" {piece}"
        else:
            lines.append(f" {piece}")
        *before, last = lines[-1].split("\r\n")
        lines[-1:] = [*before, last]
    return ("\r\n".join(lines) + "\r\n").encode()


def _mailbox(address: Address) -> str:
    name, email = headers.one_line(address.name).strip(), _ascii_domain(headers.one_line(address.email))
    if not name:
        return email
    if not name.isascii() or len(name) > _LONG:
        phrase = Header(name, "utf-8", maxlinelen=_ENCODED).encode(linesep="\r\n")
        return f"{phrase}\r\n <{email}>" if "\r\n" in phrase else f"{phrase} <{email}>"
    if _ATOMS.fullmatch(name):
        return f"{name} <{email}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{email}>'


def _ascii_domain(email: str) -> str:
    """Return an address with its domain in the form that every server takes (RFC 5890); a local part stays as it is (RFC 6532)."""
    local, at, domain = email.rpartition("@")
    try:
        return f"{local}{at}{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError:
        return email
