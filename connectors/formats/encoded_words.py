"""Encoded words in header fields (RFC 2047), as mail programs write them: also split inside a character, with spaces, or badly padded."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from connectors.formats.charsets import decode as decode_charset

# The text may hold spaces and question marks, which RFC 2047, 2 forbids and mail programs write; a language may follow the charset
# (RFC 2231, 5). The lengths keep a search linear.
_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,40})?\?([bq])\?((?:[^?\r\n]|\?(?!=)){0,4000})\?=", re.IGNORECASE)
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")


def decode(value: str) -> str:
    """Return a field's unfolded value with its encoded words decoded; what is malformed stays as it is."""
    return "".join(_pieces(value)) if "=?" in value else value


def _pieces(value: str) -> Iterator[str]:
    """Yield the value in pieces. Neighbours in one charset are joined before they are decoded: a character may be split between them."""
    charset, gathered, end = "", b"", 0
    for match in _WORD.finditer(value):
        between = value[end : match.start()]
        raw = _bytes(match.group(2), match.group(3))
        adjacent = bool(charset) and not between.strip()
        if gathered and not (adjacent and match.group(1).lower() == charset):
            yield decode_charset(gathered, charset)
            gathered = b""
        if not adjacent:  # white space between two encoded words is none (RFC 2047, 6.2)
            yield between
        charset, gathered, end = match.group(1).lower(), gathered + raw, match.end()
    yield decode_charset(gathered, charset)
    yield value[end:]


def _bytes(encoding: str, text: str) -> bytes:
    """Return the bytes that a word encodes, by "b" or by "q" (RFC 2047, 4)."""
    raw = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return _HEX.sub(lambda m: bytes.fromhex(m.group(1).decode()), raw.replace(b"_", b" "))
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    clean = clean[:-1] if len(clean) % 4 == 1 else clean
    try:
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))
    except (binascii.Error, ValueError):
        return b""
