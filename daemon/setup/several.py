"""Several clients typed in one line, told apart without cutting a name that has a comma or an “and” of its own.

What has a domain or an address is a client for itself. Names alone are cut where nothing else can be meant; where both can be, the user
is asked.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_ENDS = re.compile(r"[;\n]+")  # which no name has in it
_CUTS = re.compile(r"\s*,\s*(?:(?:and|und)\s+)?|\s+(?:and|und|&|\+)\s+", re.IGNORECASE)
_LEGAL = frozenset(
    "ltd limited llp llc plc inc incorporated corp corporation gmbh ag kg ohg gbr ug se sa sarl sas srl bv nv ab oy aps spa pty kgaa".split()
)
_DOMAIN = r"(?:[\w-]+\.)+[^\W\d_][\w-]*[^\W_]"
_IDENTITY = re.compile(rf"[\w.+'-]+@{_DOMAIN}|@?{_DOMAIN}", re.IGNORECASE)
_AROUND = " \t<>()[]=:–-"  # what people put between a name and an address


class Entry(NamedTuple):
    """A client as typed: a domain or an address, and a name; either may be empty."""

    identity: str
    name: str


class Run(NamedTuple):
    """Words that are one client, or as many as there are pieces; `several` says which, None where both can be meant."""

    whole: str
    pieces: tuple[str, ...]
    several: bool | None


def runs(text: str) -> list[Run]:
    """Return the clients of a line, in order."""
    return [run for part in _ENDS.split(text) if part.strip(" ,") for run in _of_part(part.strip(" ,"))]


def entries(words: str) -> list[Entry]:
    """Return what one piece says: a name, an identity or both; several identities with nothing but blanks between are several."""
    tokens = [_plain(token) for token in words.split()]
    found = [token for token in tokens if _IDENTITY.fullmatch(token)]
    name = " ".join(raw for raw, token in zip(words.split(), tokens, strict=True) if token not in found).strip(_AROUND)
    if len(found) > 1 and not name:
        return [Entry(identity, "") for identity in found]
    return [Entry(found[0], name) if len(found) == 1 else Entry("", words.strip())]


def is_identity(words: str) -> bool:
    """Return whether words are a domain or an address and nothing else."""
    return _IDENTITY.fullmatch(_plain(words)) is not None


def _plain(token: str) -> str:
    """Return a token without brackets, and of the address of a web page the domain."""
    bare = re.sub(r"^(?:https?://|mailto:)", "", token.strip(_AROUND), flags=re.IGNORECASE).partition("/")[0]
    return bare.removeprefix("www.").rstrip(".")


def _of_part(part: str) -> list[Run]:
    """Cut behind each piece with an identity: only the words before one can belong to its name."""
    found: list[Run] = []
    begin = 0
    pieces: list[str] = []
    at = 0
    for cut in [*_CUTS.finditer(part), None]:
        end = len(part) if cut is None else cut.start()
        pieces.append(part[at:end].strip())
        if cut is None or any(entry.identity for entry in entries(pieces[-1])):
            found.append(_run(part[begin:end].strip(), tuple(filter(None, pieces))))
            pieces, begin = [], end if cut is None else cut.end()
        at = end if cut is None else cut.end()
    return [run for run in found if run.pieces]


def _run(whole: str, pieces: tuple[str, ...]) -> Run:
    if len(pieces) < 2 or all(_legal(piece) for piece in pieces[1:]):
        return Run(whole, pieces, several=False)
    if all(_has_form(piece) for piece in pieces):
        return Run(whole, pieces, several=True)
    return Run(whole, pieces, several=None)


def _legal(piece: str) -> bool:
    """Return whether a piece is only a legal form, as in “Acme, Inc.”; an identity behind it belongs to that client."""
    words = [word for word in piece.split() if not is_identity(word)]
    return bool(words) and all(word.lower().replace(".", "") in _LEGAL for word in words)


def _has_form(piece: str) -> bool:
    """Return whether a piece is a whole name with its legal form, as in “Birch GmbH”."""
    words = [word.lower().replace(".", "") for word in entries(piece)[0].name.split()]
    return len(words) > 1 and words[-1] in _LEGAL
