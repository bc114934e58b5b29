"""Names of folders as people read them, from the bytes by which a server or a file system calls them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from connectors.formats.stable_ids import stable_id

_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def decode(raw: bytes) -> str:
    """Return a folder's name from modified UTF-7 (RFC 3501, 5.1.3); what is none is taken for UTF-8, or for Latin-1.

    Without control and other characters that do not print: names are shown on terminals and in mails.
    """
    return printable(_text(raw))


def printable(name: str) -> str:
    """Return the name with a space for each kind of white space, and a sign for each character that does not print."""
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() else " " if c.isspace() and c not in "\r\n\v\f" else _UNKNOWN for c in name)


def distinct(raws: Iterable[bytes]) -> dict[bytes, str]:
    """Return the name of each folder, in the order of the bytes; the second of the same name bears a sign of its own."""
    names: dict[bytes, str] = {}
    taken: set[str] = set()
    for raw in sorted(set(raws)):
        name = decode(raw)
        names[raw] = f"{name} [{stable_id(raw.hex(), 6)}]" if name in taken else name
        taken.add(names[raw])
    return names


def _text(raw: bytes) -> str:
    if not raw.isascii():
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return raw.decode("latin-1")
    text = raw.decode("ascii")
    if "&" in _SHIFTED.sub("", text):  # a bare ampersand: "R&D"
        return text
    try:
        return _SHIFTED.sub(_letters, text)
    except ValueError:
        return text


def _letters(match: re.Match[str]) -> str:
    packed = match.group(1).replace(",", "/")
    return base64.b64decode(packed + "=" * (-len(packed) % 4)).decode("utf-16-be") if packed else "&"
