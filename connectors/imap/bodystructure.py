"""The parts of a message as an IMAP server describes them (BODYSTRUCTURE, RFC 3501, 7.4.2), each with the section to fetch it by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.formats import mime_parts
from connectors.formats.mime_parts import DEPTH_CAP, PART_CAP, Part


def tree(structure: Any) -> Part | None:
    """Return the parts of a message, at most PART_CAP and not deeper than DEPTH_CAP; None where nothing can be understood."""
    return _Walk().part(structure, "", 0)


@dataclass(slots=True)
class _Walk:
    seen: int = 0

    def part(self, structure: Any, section: str, depth: int) -> Part | None:
        self.seen += 1
        if not isinstance(structure, (list, tuple)) or not structure or depth > DEPTH_CAP or self.seen > PART_CAP:
            return None
        if isinstance(structure[0], (list, tuple)):
            return self._multipart(structure, section, depth)
        return _leaf(structure, section or "1") if len(structure) >= 7 else None

    def _multipart(self, structure: Any, section: str, depth: int) -> Part:
        listed = isinstance(structure[0], list)
        inner = structure[0] if listed else [p for p in structure if isinstance(p, (list, tuple))]
        parts = []
        for number, one in enumerate(inner[:PART_CAP], 1):
            part = self.part(one, f"{section}.{number}" if section else str(number), depth + 1)
            parts += [part] if part is not None else []
        subtype = next((_text(one) for one in structure if isinstance(one, bytes)), "mixed").lower()
        start = _pairs(structure[2]).get("start", "") if listed and len(structure) > 2 else ""
        return Part(f"multipart/{subtype}", tuple(parts), start=start.strip("<> "))


def _leaf(structure: Any, section: str) -> Part:
    kind = f"{_text(structure[0])}/{_text(structure[1])}".lower()
    # The extension fields follow those that only text parts and enclosed messages have.
    extension = 8 if kind.startswith("text/") else 10 if kind == "message/rfc822" else 7
    disposition = structure[extension + 1] if len(structure) > extension + 1 else None
    use, parameters = disposition[:2] if isinstance(disposition, tuple) and len(disposition) >= 2 else (b"", None)
    name = _name(_pairs(structure[2]), _pairs(parameters))
    size = structure[6] if isinstance(structure[6], int) else 0
    if _text(structure[5]).lower() == "base64":
        size = size * 3 // 4
    return Part(kind, (), name, _text(use).lower(), size, section, _text(structure[3]).strip("<> "))


def _name(typed: Mapping[str, str], disposed: Mapping[str, str]) -> str:
    """Return the file name among the parameters of the type and of the disposition (RFC 2231, 2047)."""
    described: dict[str, str] = {}
    for header, main, given in (("content-disposition", "attachment", disposed), ("content-type", "a/b", typed)):
        wanted = {k: v for k, v in given.items() if "name" in k}
        if wanted:
            quoted = (f'{k}="{v}"'.replace("\\", "\\\\") for k, v in wanted.items() if '"' not in v)
            described[header] = "; ".join((main, *quoted))
    return mime_parts.part_filename(described) or ""


def _pairs(values: Any) -> dict[str, str]:
    if not isinstance(values, tuple):
        return {}
    return {_text(values[i]).lower(): _text(values[i + 1]) for i in range(0, len(values) - 1, 2)}


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        text = value[:2000].decode("utf-8", "replace")
        return "".join(c if c.isprintable() else " " for c in text)
    return str(value) if isinstance(value, int) else ""
