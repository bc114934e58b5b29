"""The bytes and the text of a leaf part: its transfer encoding (RFC 2045, 6), its charset, flowed lines (RFC 3676), and HTML as text."""

from __future__ import annotations

import base64
import binascii
import quopri
import re

from connectors.formats.charsets import decode as decode_charset
from connectors.formats.html import Room, to_text
from connectors.formats.mime_parts import Leaf

TEXT_CAP = 64 * 1024  # characters of a text that are read
HTML_CAP = 256 * 1024  # characters of HTML, most of which are style
_CHARSET = re.compile(r"charset\*?\s*=\s*[\"']?(?:[\w-]{0,20}''?)?([\w.:+-]+)", re.IGNORECASE)
_META = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:+-]{1,40})|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:+-]{1,40})",
    re.IGNORECASE,
)
_META_WITHIN = 4096  # bytes of a page in which it names its charset
_ENRICHED = re.compile(r"<<|<(/?)([a-z0-9-]{1,60})>", re.IGNORECASE)
_PARAM = re.compile(r"(?is)<param>.{0,200}?</param>")
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{60,76}\r?\n)*[A-Za-z0-9+/]{1,76}={0,2}\s*")
_LEAST_BASE64 = 60  # bytes; a shorter text may be a word
_UU_LINE = re.compile(rb"^(?:begin(?:-base64)? [0-7]{3,4} .*|end)$")


def text_of(leaf: Leaf, media_type: str, room: Room) -> str:
    """Return the text of a leaf, at most TEXT_CAP characters, with line feeds alone; of HTML as much as there is room for."""
    kind = leaf.fields.get("content-type", "")[:1000]
    raw = _without_undeclared_base64(leaf, content_of(leaf, 3 * HTML_CAP))
    stated = _CHARSET.search(kind)
    html = media_type in ("text/html", "text/x-html")
    charset = stated.group(1) if stated else _charset_of_page(raw) if html else None
    text = decode_charset(raw, charset).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if html:
        return to_text(text[:HTML_CAP], room)
    if media_type in ("text/enriched", "text/richtext"):
        return _without_enrichment(text[:TEXT_CAP])
    return _unflowed(text[:TEXT_CAP]) if "flowed" in kind.lower() else text[:TEXT_CAP]


def content_of(leaf: Leaf, most: int) -> bytes:
    """Return the bytes of a leaf, decoded from at most `most` bytes as they were sent."""
    raw, encoding = leaf.body[:most], transfer_encoding(leaf)
    if encoding == "base64":
        return _base64(raw)
    if encoding == "quoted-printable":
        return quopri.decodestring(raw)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uudecoded(raw)
    return raw


def transfer_encoding(leaf: Leaf) -> str:
    """Return the transfer encoding in lower case, without what some programs write around it."""
    stated = re.search(r"[\w-]+", leaf.fields.get("content-transfer-encoding", "")[:100])
    return stated.group().lower() if stated else ""


def _charset_of_page(raw: bytes) -> str | None:
    stated = _META.search(raw[:_META_WITHIN])
    return (stated.group(1) or stated.group(2)).decode("ascii", "replace") if stated else None


def _base64(raw: bytes) -> bytes:
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    if len(clean) % 4 == 1:  # half a byte: the part was cut in the middle
        clean = clean[:-1]
    try:
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))
    except binascii.Error:
        return b""


def _without_undeclared_base64(leaf: Leaf, raw: bytes) -> bytes:
    """Return a text that is nothing but base64, although its header does not say so, decoded; any other as it is."""
    if transfer_encoding(leaf) in ("base64", "quoted-printable") or len(raw) < _LEAST_BASE64 or not _BASE64.fullmatch(raw):
        return raw
    text = _base64(raw)
    readable = sum(byte >= 0x20 or byte in b"\t\r\n" for byte in text)
    return text if readable == len(text) and b" " in text else raw


def _uudecoded(raw: bytes) -> bytes:
    lines = []
    for line in raw.splitlines():
        if line and not _UU_LINE.match(line):
            try:
                lines.append(binascii.a2b_uu(line[:100]))
            except binascii.Error:
                continue
    return b"".join(lines)


def _without_enrichment(text: str) -> str:
    """Return text/enriched as its words: a line end is a space, of more than one the first is none (RFC 1896)."""
    folded = re.sub(r"(?<!\n)\n(?!\n)", " ", _PARAM.sub("", text))
    return _ENRICHED.sub(lambda m: "<" if m.group() == "<<" else "", re.sub(r"\n(\n+)", r"\1", folded))


def _unflowed(text: str) -> str:
    """RFC 3676: a line that ends in a space goes on in the next one of the same quote depth; a space in front is stuffing."""
    lines: list[list[str]] = []
    depth = -1
    for line in text.split("\n"):
        now = len(line) - len(line.lstrip(">"))
        words = line[now:].removeprefix(" ")
        if lines and now == depth and lines[-1][-1].endswith(" ") and lines[-1] != ["-- "]:
            lines[-1].append(words)
        else:
            lines.append([f"{'>' * now} {words}" if now else words])
        depth = now
    return "\n".join("".join(pieces) for pieces in lines)
