"""Mail wrapped as other programs wrap it, built byte by byte: S/MIME (RFC 5652, X.690) and winmail.dat (MS-OXTNEF)."""

from __future__ import annotations

import struct

SIGNED, ENVELOPED, DATA, COMPRESSED = (
    bytes.fromhex("2a864886f70d010702"),
    bytes.fromhex("2a864886f70d010703"),
    bytes.fromhex("2a864886f70d010701"),
    bytes.fromhex("2a864886f70d0109100109"),
)


def der(tag: int, *content: bytes) -> bytes:
    """One element with its length, which takes as many bytes as it needs."""
    value = b"".join(content)
    if len(value) < 128:
        return bytes([tag, len(value)]) + value
    length = len(value).to_bytes((len(value).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + value


def endless(tag: int, *content: bytes) -> bytes:
    """One element whose end is marked, as programs write that do not know the length beforehand."""
    return bytes([tag, 0x80]) + b"".join(content) + b"\0\0"


def signed_data(entity: bytes, *, in_pieces: bool = False) -> bytes:
    """A SignedData around a MIME entity, without certificates and signers."""
    build = endless if in_pieces else der
    octets = (
        endless(0x24, *(der(0x04, entity[n : n + 50]) for n in range(0, len(entity), 50))) if in_pieces else der(0x04, entity)
    )
    content = build(0x30, der(0x06, DATA), build(0xA0, octets))
    return build(0x30, der(0x06, SIGNED), build(0xA0, build(0x30, der(0x02, b"\1"), der(0x31), content, der(0x31))))


def enveloped_data() -> bytes:
    """An EnvelopedData, whose words only its recipient can read."""
    return der(0x30, der(0x06, ENVELOPED), der(0xA0, der(0x30, der(0x02, b"\0"), der(0x31, b"xx"))))


def compressed_data(packed: bytes) -> bytes:
    """A CompressedData around what zlib wrote (RFC 3274)."""
    content = der(0x30, der(0x06, DATA), der(0xA0, der(0x04, packed)))
    return der(0x30, der(0x06, COMPRESSED), der(0xA0, der(0x30, der(0x02, b"\0"), der(0x30, b""), content)))


def attribute(number: int, data: bytes, level: int = 1) -> bytes:
    """One attribute of a winmail.dat."""
    return struct.pack("<BHHI", level, number, 6, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def string_property(number: int, value: bytes, kind: int = 0x1E) -> bytes:
    """One MAPI property with bytes or a text."""
    return struct.pack("<HHII", kind, number, 1, len(value)) + value + b"\0" * (-len(value) % 4)


def properties(*each: bytes) -> bytes:
    """The attribute with the message's MAPI properties."""
    return attribute(0x9003, struct.pack("<I", len(each)) + b"".join(each))


def tnef(text: str = "", *attributes: bytes, page: int = 1252, files: tuple[str, ...] = ()) -> bytes:
    """A winmail.dat with a plain text, in a Windows code page, and files."""
    head = struct.pack("<IH", 0x223E9F78, 1) + attribute(0x9006, b"\0\0\1\0") + attribute(0x9007, struct.pack("<II", page, 0))
    body = attribute(0x800C, text.encode(f"cp{page}") + b"\0") if text else b""
    listed = b"".join(attribute(0x9002, b"\0" * 14, 2) + attribute(0x8010, name.encode() + b"\0", 2) for name in files)
    return head + body + b"".join(attributes) + listed
