"""The parts of a message as an IMAP server describes them (BODYSTRUCTURE, RFC 3501, 7.4.2): attachments, and where the text is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from connectors.formats import mime
from connectors.formats.mime_parts import DEPTH_CAP, PART_CAP
from connectors.mail import Attachment


class Part(NamedTuple):
    """A leaf part: the section to fetch it by, its media type, its file name and its size in bytes."""

    section: str
    media_type: str
    name: str
    size: int
    attached: bool


def parts(structure: Any) -> tuple[Part, ...]:
    """Return the leaf parts in order, at most PART_CAP and not deeper than DEPTH_CAP; malformed ones are left out."""
    return tuple(islice(_leaves(structure, "", 0), PART_CAP))


def attachments(leaves: tuple[Part, ...]) -> tuple[Attachment, ...]:
    """Return the first hundred attachments, by the same rule as for a message that is read whole (mime.py)."""
    return tuple(Attachment(p.name, p.media_type, p.size) for p in leaves if p.attached)[:100]


def text_section(leaves: tuple[Part, ...], but: str = "") -> str | None:
    """Return the section of the text: the first plain text, else the first HTML, other than the section `but`."""
    texts = [p for p in leaves if not p.attached and p.section != but]
    for kind in ("text/plain", "text/html"):
        for part in texts:
            if part.media_type == kind:
                return part.section
    return None


def _leaves(structure: Any, section: str, depth: int) -> Iterator[Part]:
    if not isinstance(structure, (list, tuple)) or not structure or depth > DEPTH_CAP:
        return
    if isinstance(structure[0], (list, tuple)):
        inner = structure[0] if isinstance(structure[0], list) else [p for p in structure if isinstance(p, (list, tuple))]
        for number, part in enumerate(inner[:PART_CAP], 1):
            yield from _leaves(part, f"{section}.{number}" if section else str(number), depth + 1)
    elif len(structure) >= 7:
        yield _leaf(structure, section or "1")


def _leaf(structure: Any, section: str) -> Part:
    kind = f"{_text(structure[0])}/{_text(structure[1])}".lower()
    # The extension fields follow those that only text parts and enclosed messages have.
    extension = 8 if kind.startswith("text/") else 10 if kind == "message/rfc822" else 7
    disposition = structure[extension + 1] if len(structure) > extension + 1 else None
    kind_of_use, parameters = disposition[:2] if isinstance(disposition, tuple) and len(disposition) >= 2 else (b"", None)
    name = _name(_pairs(structure[2]), _pairs(parameters))
    size = structure[6] if isinstance(structure[6], int) else 0
    if _text(structure[5]).lower() == "base64":
        size = size * 3 // 4
    attached = bool(name) or _text(kind_of_use).lower() == "attachment" or not kind.startswith("text/")
    return Part(section, kind, name, size, attached)


def _name(typed: Mapping[str, str], disposed: Mapping[str, str]) -> str:
    """Return the file name among the parameters of the type and of the disposition (RFC 2231, 2047)."""
    described: dict[str, str] = {}
    for header, main, given in (("content-disposition", "attachment", disposed), ("content-type", "a/b", typed)):
        wanted = {k: v for k, v in given.items() if "name" in k}
        if wanted:
            quoted = (f'{k}="{v}"'.replace("\\", "\\\\") for k, v in wanted.items() if '"' not in v)
            described[header] = "; ".join((main, *quoted))
    return mime.part_filename(described) or ""


def _pairs(values: Any) -> dict[str, str]:
    if not isinstance(values, tuple):
        return {}
    return {_text(values[i]).lower(): _text(values[i + 1]) for i in range(0, len(values) - 1, 2)}


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        text = value[:2000].decode("utf-8", "replace")
        return "".join(c if c.isprintable() else " " for c in text)
    return str(value) if isinstance(value, int) else ""
