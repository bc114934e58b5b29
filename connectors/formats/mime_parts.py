"""A message's body split into its leaf parts (RFC 2046), within limits, by searching each level of nesting once.

The standard library's parser compares every line with the boundaries of all enclosing parts, which is slow for ordinary mail and
takes seconds for mail made to be slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from connectors.formats import headers
from connectors.formats.headers import Fields

DEPTH_CAP = 50
PART_CAP = 500
_HEADER_END = re.compile(rb"\r?\n\r?\n|\r\r")
_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)\s*(?:;|\Z)")
_BOUNDARY = re.compile(r";\s*boundary\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;\"]+))", re.IGNORECASE)
_REST = re.compile(rb"(--)?[ \t]*(?:\r?\n|\r|\Z)")
_DIGEST_DEFAULT = {"content-type": "message/rfc822"}  # unless the part says otherwise (RFC 2046, 5.1.5)


class Leaf(NamedTuple):
    """A part without parts of its own: its header's fields and its bytes, still encoded."""

    fields: Fields
    body: bytes


def split(raw: bytes) -> tuple[bytes, bytes]:
    """Return a header and what follows its blank line."""
    if raw.startswith((b"\r\n", b"\n")):
        return b"", raw.removeprefix(b"\r").removeprefix(b"\n")
    end = _HEADER_END.search(raw)
    return (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")


def media_type(fields: Fields) -> str:
    """Return a part's media type in lower case; text/plain where it states none (RFC 2045, 5.2)."""
    stated = _TYPE.match(fields.get("content-type", "")[:500])
    return stated.group(1).lower() if stated else "text/plain"


def leaves(fields: Fields, body: bytes) -> Iterator[Leaf]:
    """Yield the leaf parts in order, at most PART_CAP parts and not deeper than DEPTH_CAP; an enclosed message is one leaf."""
    waiting: list[tuple[Fields, bytes, int]] = [(fields, body, 0)]
    seen = 0
    while waiting and seen < PART_CAP:
        fields, body, depth = waiting.pop()
        seen += 1
        boundary = _boundary(fields) if media_type(fields).startswith("multipart/") else None
        if boundary is None:
            yield Leaf(fields, body)
        elif depth < DEPTH_CAP:
            usual = _DIGEST_DEFAULT if media_type(fields) == "multipart/digest" else {}
            inner = [split(part) for part in _between(body, boundary)]
            waiting += [({**usual, **headers.parse_fields(head)}, rest, depth + 1) for head, rest in reversed(inner)]


def _boundary(fields: Fields) -> bytes | None:
    stated = _BOUNDARY.search(headers.unfold(fields["content-type"])[:16000])
    if stated is None:
        return None
    value = re.sub(r"\\(.)", r"\1", stated.group(1)) if stated.group(1) is not None else stated.group(2)
    return value.rstrip().encode("utf-8", "replace") or None


def _between(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """Yield the parts between a multipart's delimiters. The last may lack its closing delimiter: mail is often truncated."""
    delimiter = b"--" + boundary
    start, count, place = None, 0, body.find(delimiter)
    while place >= 0 and count < PART_CAP:
        rest = _REST.match(body, place + len(delimiter))
        if rest is not None and (place == 0 or body[place - 1] in b"\r\n"):
            if start is not None:
                count += 1
                yield _without_line_end(body[start:place])
            start = rest.end()
            if rest.group(1):
                return
        place = body.find(delimiter, place + len(delimiter))
    if start is not None and count < PART_CAP:
        yield body[start:]


def _without_line_end(part: bytes) -> bytes:
    """Return the part without its last line end, which belongs to the delimiter (RFC 2046, 5.1.1)."""
    return part[:-2] if part.endswith(b"\r\n") else part[:-1] if part.endswith((b"\n", b"\r")) else part
