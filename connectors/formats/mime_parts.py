"""A message's body split into its leaf parts (RFC 2046), within limits, by searching each level of nesting once.

The standard library's parser compares every line with the boundaries of all enclosing parts, which is slow for ordinary mail and
takes seconds for mail made to be slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import policy
from email.message import Message as Parsed
from typing import NamedTuple

from connectors.formats import headers
from connectors.formats.headers import Fields

DEPTH_CAP = 50
PART_CAP = 500
LEAF_CAP = 1536 * 1024  # bytes of a leaf that are kept: more than is read of any, so that a file attached takes no memory
_HEADER_END = re.compile(rb"\r?\n\r?\n|\r\r")
_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)\s*(?:;|\Z)")
_BOUNDARY = re.compile(r";\s*boundary\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;\"]+))", re.IGNORECASE)
_START = re.compile(r";\s*start\s*=\s*\"?<?([^\">;\s]{1,300})", re.IGNORECASE)
_FIRST_DELIMITER = re.compile(rb"(?:\A|[\r\n])--([^\s-][^\r\n]{0,100}?)[ \t]*\r?\n(?=content-)", re.IGNORECASE)
_PREAMBLE = 4096  # bytes in which a delimiter that is not announced is looked for
_REST = re.compile(rb"(--)?[ \t]*(?:\r?\n|\r|\Z)")
_DIGEST_DEFAULT = {"content-type": "message/rfc822"}  # unless the part says otherwise (RFC 2046, 5.1.5)


class Part(NamedTuple):
    """A part as its provider describes it: with its own parts, or a leaf with its file name, its disposition and its size in bytes.

    `place` is by what the provider finds its bytes. `start` is the Content-ID of a multipart/related's root, where it names one.
    """

    media_type: str
    parts: tuple[Part, ...] = ()
    name: str = ""
    disposition: str = ""
    size: int = 0
    place: str = ""
    content_id: str = ""
    start: str = ""


class Leaf(NamedTuple):
    """The bytes of a part without parts of its own: its header's fields and its content, still encoded."""

    fields: Fields
    body: bytes


def split(raw: bytes) -> tuple[bytes, bytes]:
    """Return a header and what follows its blank line."""
    blank = header_span(raw, 0, len(raw))
    return raw[: blank.start], raw[blank.end :]


def header_span(raw: bytes, start: int, end: int) -> _Span:
    """Return where the blank line stands that ends the header beginning at `start`: at `end`, and empty, where there is none."""
    if raw.startswith((b"\r\n", b"\n"), start, end):
        return _Span(start, start + (2 if raw.startswith(b"\r\n", start, end) else 1))
    blank = _HEADER_END.search(raw, start, end)
    return _Span(*blank.span()) if blank else _Span(end, end)


def media_type(fields: Fields) -> str:
    """Return a part's media type in lower case; text/plain where it states none (RFC 2045, 5.2)."""
    stated = _TYPE.match(fields.get("content-type", "")[:500])
    return stated.group(1).lower() if stated else "text/plain"


def disposition(fields: Fields) -> str:
    """Return a part's disposition in lower case (RFC 2183); "" where it states none."""
    return fields.get("content-disposition", "")[:500].partition(";")[0].strip().lower()


def part_filename(fields: Fields) -> str | None:
    """Return the file name that a part declares, encoded by RFC 2231 or 2047; None where it declares none."""
    declared = {name: fields.get(name, "") for name in ("content-disposition", "content-type")}
    if not any("name" in value.lower() for value in declared.values()) or any(len(value) > 4000 for value in declared.values()):
        return None
    described = Parsed(policy=policy.compat32)
    for header, value in declared.items():
        if value:
            described[header] = headers.unfold(value)
    try:
        name = described.get_filename()
    except (TypeError, ValueError, LookupError, UnicodeError):
        return None
    return headers.decode_words(name)[:200] if name else None


def tree(fields: Fields, body: bytes, section: str = "", start: int = 0) -> tuple[Part, Mapping[str, Leaf]]:
    """Return the parts of an entity, and the bytes of each leaf by its place: the section by which IMAP names it (RFC 3501, 6.4.5).

    `section` is that of the entity itself, "" for a whole message; its content begins at `start`. At most PART_CAP parts and
    DEPTH_CAP levels are looked at, and LEAF_CAP bytes of each leaf kept; an enclosed message is one leaf.
    """
    walk = _Walk(body)
    return walk.part(fields, _Span(start, len(body)), section, 0), walk.contents


class _Span(NamedTuple):
    """Where something stands in the bytes of the whole."""

    start: int
    end: int


@dataclass(slots=True)
class _Walk:
    """Walks through the parts of one entity without copying them."""

    raw: bytes
    contents: dict[str, Leaf] = field(default_factory=dict)
    seen: int = 0

    def part(self, fields: Fields, span: _Span, section: str, depth: int) -> Part:
        self.seen += 1
        kind = media_type(fields)
        boundary = _boundary(fields, self.raw, span) if kind.startswith("multipart/") else None
        if boundary is None or depth >= DEPTH_CAP:
            place = section or "1"
            self.contents[place] = Leaf(fields, self.raw[span.start : min(span.end, span.start + LEAF_CAP)])
            name = part_filename(fields) or ""
            return Part(kind, (), name, disposition(fields), _size(fields, span), place, _content_id(fields))
        usual = _DIGEST_DEFAULT if kind == "multipart/digest" else {}
        inner = []
        for number, part in enumerate(_between(self.raw, span, boundary), 1):
            if self.seen >= PART_CAP:
                break
            head, rest = self._split(part)
            place = f"{section}.{number}" if section else str(number)
            inner.append(self.part({**usual, **headers.parse_fields(head)}, rest, place, depth + 1))
        return Part(kind, tuple(inner), start=related_start(fields), content_id=_content_id(fields))

    def _split(self, span: _Span) -> tuple[bytes, _Span]:
        """Return the header of a part, as much as is read of one, and where its content stands."""
        begins = header_span(self.raw, *span)
        return self.raw[span.start : min(begins.start, span.start + headers.HEADER_CAP)], _Span(begins.end, span.end)


def related_start(fields: Fields) -> str:
    """Return the Content-ID of the root that a multipart/related names (RFC 2387, 3.2); "" where it names none."""
    stated = _START.search(headers.unfold(fields.get("content-type", ""))[:2000])
    return stated.group(1) if stated else ""


def _content_id(fields: Fields) -> str:
    return fields.get("content-id", "")[:300].strip().strip("<>")


def _size(fields: Fields, span: _Span) -> int:
    encoding, length = fields.get("content-transfer-encoding", "")[:100].strip().lower(), span.end - span.start
    return length * 3 // 4 if encoding == "base64" else length


def _boundary(fields: Fields, raw: bytes, span: _Span) -> bytes | None:
    """Return the boundary that a multipart states or, where it states none or another one, that its first delimiter shows."""
    stated = _BOUNDARY.search(headers.unfold(fields["content-type"])[:16000])
    if stated is not None:
        value = re.sub(r"\\(.)", r"\1", stated.group(1)) if stated.group(1) is not None else stated.group(2)
        boundary = value.rstrip().encode("utf-8", "replace")
        if boundary and raw.find(b"--" + boundary, *span) >= 0:
            return boundary
    shown = _FIRST_DELIMITER.search(raw[span.start : min(span.end, span.start + _PREAMBLE)])
    return shown.group(1) if shown else boundary if stated is not None and boundary else None


def _between(raw: bytes, span: _Span, boundary: bytes) -> Iterator[_Span]:
    """Yield the parts between a multipart's delimiters. The last may lack its closing delimiter: mail is often truncated."""
    delimiter = b"--" + boundary
    start, count, place = None, 0, raw.find(delimiter, *span)
    while place >= 0 and count < PART_CAP:
        rest = _REST.match(raw, place + len(delimiter), span.end)
        if rest is not None and (place == span.start or raw[place - 1] in b"\r\n"):
            if start is not None:
                count += 1
                yield _without_line_end(raw, start, place)
            start = rest.end()
            if rest.group(1):
                return
        place = raw.find(delimiter, place + len(delimiter), span.end)
    if start is not None and count < PART_CAP:
        yield _Span(start, span.end)


def _without_line_end(raw: bytes, start: int, end: int) -> _Span:
    """Return the part without its last line end, which belongs to the delimiter (RFC 2046, 5.1.1)."""
    if raw.endswith(b"\r\n", start, end):
        return _Span(start, end - 2)
    return _Span(start, end - 1 if raw.endswith((b"\n", b"\r"), start, end) else end)
