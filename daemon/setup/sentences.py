"""What connectors report, as sentences of the questions: what was found at a log-in that works, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.errors import ConnectorError


def success(lines: Sequence[str], *, encrypted: bool = True) -> str:
    """Return what was found at a log-in that worked as a sentence, and how it was reached."""
    found = lines[0] if len(lines) == 1 else f"{', '.join(lines[:-1])}, and {lines[-1]}"
    return f"That works, {'encrypted' if encrypted else UNENCRYPTED}: {found}."


UNENCRYPTED = "unencrypted, as that server has no encryption and is on this computer"


def sentence(error: ConnectorError) -> str:
    """Return what a connector reports as a whole sentence; the name of a server keeps its small letter at the beginning."""
    end = "" if error.message.endswith(("?", "?)")) else "."
    said = error.message.rstrip(".")
    return f"{said[:1].upper()}{said[1:]}{end}" if said.partition(" ")[0] in _OPENINGS else f"{said}{end}"


_OPENINGS = frozenset(
    "a access an could failed it no nobody nothing others recently signing that the there this you your".split()
)  # with which errors begin that do not begin with a server's name
