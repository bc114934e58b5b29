"""What an application/pkcs7-mime part contains (RFC 8551, CMS in RFC 5652): of signed data the words, of encrypted data nothing.

The BER is walked by hand (X.690, 8.1), because of a long mail only the beginning is fetched, and libraries want the whole. No
signature is verified: Kept reads the words, and who wrote them is the server's to say.
"""

from __future__ import annotations

import zlib
from typing import NamedTuple

_SIGNED = bytes.fromhex("2a864886f70d010702")  # 1.2.840.113549.1.7.2
_COMPRESSED = bytes.fromhex("2a864886f70d0109100109")  # 1.2.840.113549.1.9.16.1.9 (RFC 3274)
_ENCRYPTED = frozenset(
    {
        bytes.fromhex("2a864886f70d010703"),  # enveloped
        bytes.fromhex("2a864886f70d010704"),  # signed and enveloped
        bytes.fromhex("2a864886f70d010706"),  # encrypted
        bytes.fromhex("2a864886f70d0109100117"),  # authenticated and enveloped (RFC 5083)
    }
)
_INTEGER, _OCTETS, _PIECES, _OID, _SEQUENCE, _ZERO = 0x02, 0x04, 0x24, 0x06, 0x30, 0xA0
_INDEFINITE = -1
_DEPTH_CAP, _PIECE_CAP, _INFLATED_CAP = 8, 20_000, 2 * 1024 * 1024


class Opened(NamedTuple):
    """The MIME entity inside, None where there is none to read, and then why."""

    entity: bytes | None
    unread: str = ""


class _Element(NamedTuple):
    """One element: its tag, where its content begins, and where it ends (_INDEFINITE where an end mark tells)."""

    tag: int
    start: int
    end: int


def read(raw: bytes) -> Opened:
    """Return what the CMS message contains."""
    try:
        kind, place = _content_info(raw)
        if kind in _ENCRYPTED:
            return Opened(None, "encrypted")
        if kind == _SIGNED:
            content = _encapsulated(raw, _after_algorithms(raw, place))
            return Opened(content or None)  # without content it only hands over certificates
        if kind == _COMPRESSED:
            packed = _encapsulated(raw, _after_algorithms(raw, place)) or b""
            return Opened(zlib.decompressobj().decompress(packed, _INFLATED_CAP))
    except (IndexError, ValueError, zlib.error):
        pass
    return Opened(None, "malformed")


def _content_info(raw: bytes) -> tuple[bytes, int]:
    """Return the type of the content and where the content begins (RFC 5652, 3)."""
    kind = _element(raw, _expect(raw, 0, _SEQUENCE).start)
    return raw[kind.start : kind.end], _expect(raw, _skip(raw, kind), _ZERO).start


def _after_algorithms(raw: bytes, place: int) -> int:
    """Return where the encapsulated content begins, behind the version and the algorithms (RFC 5652, 5.1; RFC 3274, 1.1)."""
    version = _expect(raw, _expect(raw, place, _SEQUENCE).start, _INTEGER)
    return _skip(raw, _element(raw, _skip(raw, version)))


def _encapsulated(raw: bytes, place: int) -> bytes | None:
    """Return the octets of an EncapsulatedContentInfo; None where it has none."""
    info = _expect(raw, place, _SEQUENCE)
    kind = _expect(raw, info.start, _OID)
    after = _skip(raw, kind)
    if info.end != _INDEFINITE and after >= info.end:
        return None
    explicit = _element(raw, after)
    return _octets(raw, _element(raw, explicit.start)) if explicit.tag == _ZERO else None


def _octets(raw: bytes, element: _Element) -> bytes:
    """Return an OCTET STRING, whole or in pieces; of one that was cut off what there is (X.690, 8.7)."""
    if element.tag == _OCTETS:
        return raw[element.start : element.end]
    if element.tag != _PIECES:
        raise ValueError("no octets")
    pieces: list[bytes] = []
    place = element.start
    while len(pieces) < _PIECE_CAP and place + 1 < len(raw) and (element.end == _INDEFINITE or place < element.end):
        piece = _element(raw, place)
        if piece.tag != _OCTETS:
            break  # the end mark; pieces in pieces are not written by any program
        pieces.append(raw[piece.start : piece.end])
        place = piece.end
    return b"".join(pieces)


def _element(raw: bytes, place: int) -> _Element:
    """Return the element at a place. Raises IndexError at the end of the bytes, ValueError for lengths that no mail has."""
    tag, length, start = raw[place], raw[place + 1], place + 2
    if length == 0x80:
        return _Element(tag, start, _INDEFINITE)
    if length > 0x80:
        count = length & 0x7F
        if count > 4:
            raise ValueError("too long")
        length, start = int.from_bytes(raw[start : start + count], "big"), start + count
    return _Element(tag, start, start + length)


def _expect(raw: bytes, place: int, tag: int) -> _Element:
    element = _element(raw, place)
    if element.tag != tag:
        raise ValueError("another element")
    return element


def _skip(raw: bytes, element: _Element, depth: int = 0) -> int:
    """Return the place behind an element."""
    if element.end != _INDEFINITE:
        return element.end
    if depth > _DEPTH_CAP:
        raise ValueError("too deep")
    place = element.start
    for _ in range(_PIECE_CAP):
        if raw[place : place + 2] == b"\0\0":
            return place + 2
        place = _skip(raw, _element(raw, place), depth + 1)
    raise ValueError("too many elements")
