"""BODYSTRUCTURE (RFC 3501, 7.4.2): which part is the text, and what is attached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connectors.mail import Attachment
from connectors.mime import DEPTH_CAP, PART_CAP, decode_words


@dataclass(frozen=True, slots=True)
class Shape:
    """The section of the text part (None where there is none), its MIME fields, and the attachments."""

    section: str | None
    media_type: str = "text/plain"
    charset: str = "utf-8"
    encoding: str = "7bit"
    attachments: tuple[Attachment, ...] = ()

    def header(self) -> bytes:
        """The text part's MIME header, as it would stand in the mail."""
        return f"Content-Type: {self.media_type}; charset={self.charset}\r\nContent-Transfer-Encoding: {self.encoding}\r\n\r\n".encode()


def shape_of(structure: Any) -> Shape:
    """The first plain text part, else the first HTML part, with the names of what is attached."""
    plain: Shape | None = None
    html: Shape | None = None
    attachments: list[Attachment] = []
    for section, part in _leaves(structure, "", 0):
        media = f"{_word(part[0])}/{_word(part[1])}".lower()
        parameters = _pairs(part[2])
        name = _name(part, parameters)
        if name or not media.startswith("text/") or _disposition(part)[0] == "attachment":
            attachments.append(Attachment(name, media, int(part[6]) if isinstance(part[6], int) else 0))
        elif media == "text/html":
            html = html or _shape(section, media, parameters, part)
        else:
            plain = plain or _shape(section, "text/plain", parameters, part)
    found = plain or html or Shape(None)
    return Shape(found.section, found.media_type, found.charset, found.encoding, tuple(attachments[:100]))


def _shape(section: str, media: str, parameters: dict[str, str], part: Any) -> Shape:
    charset = "".join(c for c in parameters.get("charset", "utf-8") if c.isalnum() or c in "-_.:+")
    encoding = "".join(c for c in _word(part[5]).lower() if c.isalnum() or c == "-")
    return Shape(section, media, charset or "utf-8", encoding or "7bit")


def _leaves(part: Any, section: str, depth: int) -> Iterator[tuple[str, Any]]:
    """The parts that hold no further parts, with their section numbers; a mail inside the mail is one."""
    if not isinstance(part, tuple) or not part or depth > DEPTH_CAP:
        return
    if isinstance(part[0], (list, tuple)):
        parts = part[0] if isinstance(part[0], list) else [p for p in part if isinstance(p, tuple)]
        for number, inner in enumerate(parts[:PART_CAP], 1):
            yield from _leaves(inner, f"{section}.{number}" if section else str(number), depth + 1)
    elif len(part) >= 7:
        yield section or "1", part


def _word(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value or "")


def _pairs(value: Any) -> dict[str, str]:
    if not isinstance(value, tuple):
        return {}
    return {_word(value[n]).lower(): _word(value[n + 1]) for n in range(0, len(value) - 1, 2)}


def _disposition(part: Any) -> tuple[str, dict[str, str]]:
    """Where it stands depends on the kind of part, so it is looked for: a word with a list of pairs."""
    for item in part[7:]:
        if isinstance(item, tuple) and len(item) == 2 and _word(item[0]).lower() in {"attachment", "inline"}:
            return _word(item[0]).lower(), _pairs(item[1])
    return "", {}


def _name(part: Any, parameters: dict[str, str]) -> str:
    return decode_words(_disposition(part)[1].get("filename") or parameters.get("name", ""))[:200]
