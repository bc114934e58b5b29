"""winmail.dat: the words and the names of the files in it (MS-OXTNEF, the TNEF data algorithm).

By hand, because the library for it (tnefparse) loops as often as a number in the file says, up to four thousand million times.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from connectors.formats.charsets import codec, decode
from connectors.formats.html import to_text
from connectors.formats.wrapping import rtf
from connectors.mail import Attachment

_SIGNATURE = 0x223E9F78
_BODY, _PROPERTIES, _CODE_PAGE = 0x800C, 0x9003, 0x9007  # attributes of the message (MS-OXTNEF, 2.1.3.2)
_NEXT_FILE, _TITLE, _DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005  # of a file
_TEXT, _RTF, _HTML, _INTERNET_CODE_PAGE = 0x1000, 0x1009, 0x1013, 0x3FDE  # MAPI properties (MS-OXPROPS)
_LONG_NAME, _MEDIA_TYPE = 0x3707, 0x370E
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}  # bytes, padded
_UNICODE = 0x1F
_STRINGS = frozenset({0x0D, 0x1E, _UNICODE, 0x102})
_MANY, _NAMED = 0x1000, 0x8000
_ATTRIBUTE_CAP, _PROPERTY_CAP, _FILE_CAP = 5000, 2000, 100
_TEXT_CAP = 256 * 1024  # bytes of a text that are read


class Packed(NamedTuple):
    """What a winmail.dat contains."""

    text: str
    attachments: tuple[Attachment, ...]


@dataclass(slots=True)
class _File:
    name: str = ""
    media_type: str = "application/octet-stream"
    size: int = 0


@dataclass(slots=True)
class _Message:
    page: str = "cp1252"
    internet_page: str = "utf-8"
    bodies: dict[int, str | bytes] = field(default_factory=dict)  # by property
    files: list[_File] = field(default_factory=list)


def read(raw: bytes) -> Packed | None:
    """Return the words and the files; None where it is no TNEF, or has no words that can be read. A cut one is read as far as it goes."""
    if len(raw) < 6 or int.from_bytes(raw[:4], "little") != _SIGNATURE:
        return None
    message = _Message()
    for number, data in _attributes(raw):
        try:
            _take(message, number, data)
        except (struct.error, ValueError, IndexError):
            continue
    text = _words(message)
    files = tuple(Attachment(one.name[:200], one.media_type[:200], one.size) for one in message.files)
    return Packed(text, files) if text.strip() else None


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the attributes: level, number, type, length, data and checksum (MS-OXTNEF, 2.1.3.1)."""
    place = 6
    for _ in range(_ATTRIBUTE_CAP):
        if place + 9 > len(raw):
            return
        number, length = (
            int.from_bytes(raw[place + 1 : place + 3], "little"),
            int.from_bytes(raw[place + 5 : place + 9], "little"),
        )
        yield number, raw[place + 9 : place + 9 + length]
        place += 9 + length + 2


def _take(message: _Message, number: int, data: bytes) -> None:
    if number == _CODE_PAGE:
        message.page = codec(f"cp{int.from_bytes(data[:4], 'little')}") or message.page
    elif number == _BODY:
        message.bodies.setdefault(_TEXT, decode(data[:_TEXT_CAP].rstrip(b"\0"), message.page))
    elif number == _PROPERTIES:
        for name, value in _properties(data, message.page):
            if name == _INTERNET_CODE_PAGE and isinstance(value, int):
                message.internet_page = codec(f"cp{value}") or message.internet_page
            elif name in (_TEXT, _HTML, _RTF) and not isinstance(value, int):
                message.bodies[name] = value
    elif number == _NEXT_FILE and len(message.files) < _FILE_CAP:
        message.files.append(_File())
    elif message.files and number in (_TITLE, _DATA, _FILE_PROPERTIES):
        _take_of_file(message.files[-1], number, data, message.page)


def _take_of_file(file: _File, number: int, data: bytes, page: str) -> None:
    if number == _TITLE:
        file.name = file.name or decode(data[:300].partition(b"\0")[0], page)
    elif number == _DATA:
        file.size = len(data)
    else:
        for name, value in _properties(data, page):
            if name == _LONG_NAME and isinstance(value, str) and value:
                file.name = value
            elif name == _MEDIA_TYPE and isinstance(value, str) and "/" in value:
                file.media_type = value.lower()


def _words(message: _Message) -> str:
    """Return the plain text, else what the HTML or the RTF says."""
    plain, html, packed = (message.bodies.get(name, "") for name in (_TEXT, _HTML, _RTF))
    if isinstance(plain, str) and plain.strip():
        return plain.replace("\r\n", "\n").replace("\r", "\n")
    page = html if isinstance(html, str) else decode(html, message.internet_page)
    text = to_text(page) if page.strip() else ""
    return text if text.strip() or not isinstance(packed, bytes) else rtf.to_text(rtf.decompressed(packed))


def _properties(data: bytes, page: str) -> Iterator[tuple[int, int | str | bytes]]:
    """Yield number and value of each MAPI property (MS-OXTNEF, 2.1.3.4); of one with many values the last. Raises for a broken one."""
    count, place = min(_uint(data, 0), _PROPERTY_CAP), 4
    for _ in range(count):
        kind, name = struct.unpack_from("<HH", data, place)
        place = _behind_name(data, place + 4) if name >= _NAMED else place + 4
        many, kind = bool(kind & _MANY), kind & ~_MANY
        values = 1
        if many or kind in _STRINGS:
            values, place = _uint(data, place), place + 4
        value: int | str | bytes = 0
        for _ in range(min(values, _PROPERTY_CAP)):
            value, place = _value(data, place, kind, page)
        yield name, value


def _behind_name(data: bytes, place: int) -> int:
    """Return the place behind the name of a named property: its set, and a number or a text."""
    if _uint(data, place + 16) == 0:
        return place + 24
    return place + 24 + _padded(_uint(data, place + 20))


def _value(data: bytes, place: int, kind: int, page: str) -> tuple[int | str | bytes, int]:
    if kind in _FIXED:
        return int.from_bytes(data[place : place + 4], "little"), place + _FIXED[kind]
    if kind not in _STRINGS:
        raise ValueError("an unknown type of property")
    length = _uint(data, place)
    value, end = data[place + 4 : place + 4 + min(length, _TEXT_CAP)], place + 4 + _padded(length)
    if kind == _UNICODE:
        return value.decode("utf-16-le", "replace").rstrip("\0"), end
    return (decode(value.rstrip(b"\0"), page) if kind == 0x1E else value), end


def _uint(data: bytes, place: int) -> int:
    value: int = struct.unpack_from("<I", data, place)[0]
    return value


def _padded(length: int) -> int:
    return (length + 3) & ~3
