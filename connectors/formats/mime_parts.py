"""A mail's body taken apart into its leaves (RFC 2046), in bounds: each level is gone through once, by searching bytes.

The standard library compares every line with the boundaries of all parts around it; that is slow for honest mail, and for
mail made to be slow it takes seconds.
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
_IN_A_DIGEST = {"content-type": "message/rfc822"}  # unless the part says otherwise (RFC 2046, 5.1.5)


class Leaf(NamedTuple):
    """A part that has no parts: its header's fields and its bytes as they came."""

    fields: Fields
    body: bytes


def split(raw: bytes) -> tuple[bytes, bytes]:
    """A header and what follows its blank line."""
    if raw.startswith((b"\r\n", b"\n")):
        return b"", raw.removeprefix(b"\r").removeprefix(b"\n")
    end = _HEADER_END.search(raw)
    return (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")


def media_type(fields: Fields) -> str:
    """What a part says it is, in lower case; text/plain where it does not say (RFC 2045, 5.2)."""
    found = _TYPE.match(fields.get("content-type", "")[:500])
    return found.group(1).lower() if found else "text/plain"


def leaves(fields: Fields, body: bytes) -> Iterator[Leaf]:
    """The leaves in order, at most PART_CAP parts and not deeper than DEPTH_CAP; a mail inside the mail is one leaf."""
    waiting: list[tuple[Fields, bytes, int]] = [(fields, body, 0)]
    seen = 0
    while waiting and seen < PART_CAP:
        fields, body, depth = waiting.pop()
        seen += 1
        boundary = _boundary(fields) if media_type(fields).startswith("multipart/") else None
        if boundary is None:
            yield Leaf(fields, body)
        elif depth < DEPTH_CAP:
            usual = _IN_A_DIGEST if media_type(fields) == "multipart/digest" else {}
            inner = [split(part) for part in _between(body, boundary)]
            waiting += [({**usual, **headers.parse_fields(head)}, rest, depth + 1) for head, rest in reversed(inner)]


def _boundary(fields: Fields) -> bytes | None:
    found = _BOUNDARY.search(headers.unfold(fields["content-type"])[:16000])
    if found is None:
        return None
    value = re.sub(r"\\(.)", r"\1", found.group(1)) if found.group(1) is not None else found.group(2)
    return value.rstrip().encode("utf-8", "replace") or None


def _between(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """The parts between a multipart's delimiters. The last one may lack its end: mail is cut off in many ways."""
    delimiter = b"--" + boundary
    start, found, place = None, 0, body.find(delimiter)
    while place >= 0 and found < PART_CAP:
        rest = _REST.match(body, place + len(delimiter))
        if rest is not None and (place == 0 or body[place - 1] in b"\r\n"):
            if start is not None:
                found += 1
                yield _without_line_end(body[start:place])
            start = rest.end()
            if rest.group(1):
                return
        place = body.find(delimiter, place + len(delimiter))
    if start is not None and found < PART_CAP:
        yield body[start:]


def _without_line_end(part: bytes) -> bytes:
    """The line end before a delimiter belongs to the delimiter (RFC 2046, 5.1.1)."""
    return part[:-2] if part.endswith(b"\r\n") else part[:-1] if part.endswith((b"\n", b"\r")) else part
