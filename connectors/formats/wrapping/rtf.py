"""Rich text as its words: what Outlook packs into winmail.dat (MS-OXRTFCP compressed, MS-OXRTFEX with HTML or plain text inside)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from connectors.formats.charsets import codec, decode

_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArial"
    b"Times New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)  # MS-OXRTFCP, 2.1.2.1
_COMPRESSED, _AS_IT_IS = b"LZFu", b"MELA"
_SIZE_CAP = 256 * 1024  # bytes of rich text
_TOKEN_CAP = 50_000  # words of control, braces and pieces of text
_TOKEN = re.compile(rb"\\([a-z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)")
_SILENT = frozenset(
    b"fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf generator listtable "
    b"listoverridetable rsidtbl themedata xmlnstbl htmltag mhtmltag bkmkstart bkmkend fldinst filetbl revtbl".split()
)
_SYMBOLS = {
    b"par": "\n", b"line": "\n", b"tab": "\t", b"cell": "\t", b"row": "\n", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"bullet": "•", b"endash": "–", b"emdash": "—", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_PLAIN = {b"~": " ", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
_DEPTH_CAP = 500


def decompressed(packed: bytes) -> bytes:
    """Return the rich text of PidTagRtfCompressed (MS-OXRTFCP, 3.1), as far as it goes; b"" where it is none."""
    kind, data = packed[8:12], packed[16:]
    if kind == _AS_IT_IS:
        return data[:_SIZE_CAP]
    if kind != _COMPRESSED:
        return b""
    window, write, out = bytearray(_DICTIONARY.ljust(4096, b"\0")), len(_DICTIONARY), bytearray()
    for token in _tokens(data):
        if isinstance(token, tuple):
            offset, length = token
            if offset == write or len(out) > _SIZE_CAP:
                break
            copied: Iterable[int] = range(offset, offset + length)
        else:
            copied, window[write] = (write,), token
        for source in copied:
            byte = window[source & 4095]
            window[write] = byte
            out.append(byte)
            write = (write + 1) & 4095
    return bytes(out)


def _tokens(data: bytes) -> Iterator[int | tuple[int, int]]:
    """Yield bytes, and references to earlier ones as (offset in the window, length); a bit of the control byte tells which comes."""
    place = 0
    while place < len(data):
        control, place = data[place], place + 1
        for bit in range(8):
            if not control >> bit & 1:
                if place < len(data):
                    yield data[place]
                place += 1
            elif place + 2 <= len(data):
                reference = int.from_bytes(data[place : place + 2], "big")
                yield reference >> 4, (reference & 15) + 2
                place += 2


def to_text(raw: bytes) -> str:
    """Return the words of rich text. Never raises."""
    writer = _Writer()
    for match in islice(_TOKEN.finditer(raw[:_SIZE_CAP]), _TOKEN_CAP):
        word, number, code, char, brace, plain = match.groups()
        if code:
            writer.code(int(code, 16))
            continue
        writer.flush()
        if brace:
            writer.group(opens=brace == b"{")
        elif word:
            writer.control(word, number)
        elif char:
            writer.symbol(char)
        else:
            writer.plain(plain)
    writer.flush()
    return "".join(writer.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@dataclass(slots=True)
class _Writer:
    """Writes the words, group by group (Rich Text Format 1.9.1)."""

    out: list[str] = field(default_factory=list)
    groups: list[tuple[bool, int]] = field(
        default_factory=list
    )  # of those around: whether silent, and how many characters stand in
    silent: bool = False
    stand_ins: int = 1  # characters behind a Unicode one, for programs that cannot show it
    skipped: int = 0  # of them yet to come
    page: str = "cp1252"
    codes: bytearray = field(default_factory=bytearray)  # bytes written as \'xx, of which two may be one character

    def code(self, byte: int) -> None:
        if self.skipped:
            self.skipped -= 1
        elif not self.silent:
            self.codes.append(byte)

    def flush(self) -> None:
        if self.codes:
            self.out.append(decode(bytes(self.codes), self.page))
            self.codes.clear()

    def group(self, *, opens: bool) -> None:
        self.skipped = 0
        if opens and len(self.groups) < _DEPTH_CAP:
            self.groups.append((self.silent, self.stand_ins))
        elif not opens and self.groups:
            self.silent, self.stand_ins = self.groups.pop()

    def control(self, word: bytes, number: bytes | None) -> None:
        if word in _SILENT:
            self.silent = True
        elif word == b"ansicpg":
            self.page = codec(f"cp{int(number or 1252)}") or self.page
        elif word == b"uc":
            self.stand_ins = int(number or 1)
        elif self.silent:
            return
        elif word == b"u" and number:
            self.out.append(chr(int(number) & 0xFFFF))
            self.skipped = self.stand_ins
        else:
            self.out.append(_SYMBOLS.get(word, ""))

    def symbol(self, char: bytes) -> None:
        if char == b"*":
            self.silent = True
        elif not self.silent:
            self.out.append(_PLAIN.get(char, ""))

    def plain(self, words: bytes) -> None:
        left, self.skipped = self.skipped, max(0, self.skipped - len(words))
        if not self.silent:
            words = words[left:]
            self.out.append(words.decode("ascii") if words.isascii() else decode(words, self.page))
