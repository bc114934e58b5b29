"""The folders of a server from its responses to LIST (RFC 3501, 7.2.2; RFC 5258), and what each is for.

A name is a claim: it may be no modified UTF-7, hold quotes and control characters, or be there twice. Each such name costs at most its
own folder. The bytes as the server lists them are what opens it; the name that people read is made of them (folder_names.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from imapclient.imap_utf7 import encode

from connectors.formats import folder_names
from connectors.formats.folder_roles import UNREAD_ROLES, may_be_unsent, role_of
from connectors.mail import Role

_SPECIAL = {
    b"\\sent": Role.SENT,
    b"\\drafts": Role.DRAFTS,
    b"\\junk": Role.JUNK,
    b"\\spam": Role.JUNK,  # XLIST, before RFC 6154
    b"\\trash": Role.TRASH,
    b"\\archive": Role.ARCHIVE,
    b"\\all": Role.ARCHIVE,
}
_CLOSED = frozenset({b"\\noselect", b"\\nonexistent"})
_VIEWS = frozenset({b"\\flagged", b"\\important"})  # show again what is in other folders (RFC 6154, 8457)
_WAITING = frozenset({b"\\scheduled", b"\\templates"})  # of mail that has not left (IANA, IMAP mailbox name attributes; Fastmail)
_ENTRY = re.compile(rb'\(([^()]*)\) (NIL|"(?:\\.|[^"\\])?") (.*)', re.DOTALL | re.IGNORECASE)
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"(?: \(.*\))?', re.DOTALL)
_LITERAL = re.compile(rb"\{\d+\}(?: \(.*\))?", re.DOTALL)
_IMPOSSIBLE = re.compile(rb"[\r\n\0]")  # in a name that could be sent back only by breaking the command
_SHOWN = 3  # names of impossible folders that a warning mentions


class Folder(NamedTuple):
    """A folder that can be opened: its name as people see it, and its role.

    `filed` says that what the user wrote and put there has left, because drafts are known to lie elsewhere. `wire` is its name as
    the server has it, empty where that is the name in modified UTF-7.
    """

    name: str
    role: Role
    filed: bool = False
    wire: bytes = b""

    @property
    def called(self) -> bytes:
        """The bytes by which the server knows it."""
        return self.wire or encode(self.name)


INBOX = Folder("INBOX", Role.INBOX)


class Listing(NamedTuple):
    """The folders that can be opened, INBOX first, with what separates the parts of their names, and warnings for a person."""

    folders: tuple[Folder, ...]
    separator: str = "/"
    warnings: tuple[str, ...] = ()


def read(data: Sequence[Any]) -> Listing:
    """Return the folders of the responses that imaplib collected; roles by special use (RFC 6154), else by name."""
    listed: dict[bytes, frozenset[bytes]] = {}
    separator, lost = "", []
    for entry in _entries(data):
        if entry is None:
            lost.append("")
            continue
        flags, mark, raw = entry
        raw = b"INBOX" if raw.upper() == b"INBOX" else raw
        separator = separator or mark
        if not flags & _CLOSED and (not raw or _IMPOSSIBLE.search(raw)):
            lost.append(folder_names.decode(raw))
        else:
            listed[raw] = listed.get(raw, frozenset()) | flags
    return Listing(_folders(listed, separator or "/"), separator or "/", _warnings(lost))


def _folders(listed: Mapping[bytes, frozenset[bytes]], separator: str) -> tuple[Folder, ...]:
    names = folder_names.distinct(listed)
    stated = {names[raw]: role for raw, flags in listed.items() if (role := _stated(flags))}
    roles = {raw: _role(names[raw], separator, stated) for raw in listed}
    known = Role.DRAFTS in roles.values()
    folders = [
        Folder(
            names[raw],
            roles[raw],
            roles[raw] is Role.ARCHIVE or (known and not may_be_unsent(names[raw]) and not flags & _WAITING),
            b"" if encode(names[raw]) == raw else raw,
        )
        for raw, flags in listed.items()
        if not flags & _CLOSED and not flags & _VIEWS
    ]
    return tuple(sorted(folders, key=lambda f: (f.role is not Role.INBOX, f.role is not Role.SENT, f.name)))


def _warnings(lost: Sequence[str]) -> tuple[str, ...]:
    if not lost:
        return ()
    names = ", ".join(name for name in lost[:_SHOWN] if name)
    return (f"{len(lost)} of the folders that the server lists have a name that cannot be read{names and ': '}{names}",)


def _entries(data: Sequence[Any]) -> Iterator[tuple[frozenset[bytes], str, bytes] | None]:
    """Yield the attributes, the separator and the raw name of each folder; None for an entry of no known form."""
    text, literal = b"", None
    for record in data:
        if isinstance(record, tuple):
            text, literal = text + record[0], record[1]
        elif record:
            yield _entry(text + record, literal)
            text, literal = b"", None
        elif text:
            yield _entry(text, literal)
            text, literal = b"", None
    if text:
        yield _entry(text, literal)


def _entry(text: bytes, literal: bytes | None) -> tuple[frozenset[bytes], str, bytes] | None:
    parts = _ENTRY.fullmatch(text)
    if parts is None:
        return None
    mark = b"" if parts.group(2).upper() == b"NIL" else parts.group(2)[1:-1].removeprefix(b"\\") or b""
    flags = frozenset(flag.lower() for flag in parts.group(1).split())
    return flags, mark.decode("ascii", "ignore"), _raw_name(parts.group(3), literal)


def _raw_name(text: bytes, literal: bytes | None) -> bytes:
    if literal is not None and _LITERAL.fullmatch(text):
        return literal
    quoted = _QUOTED.fullmatch(text)
    inner = quoted.group(1) if quoted else text[1:-1] if len(text) > 1 and text[:1] == text[-1:] == b'"' else None
    return re.sub(rb"\\(.)", rb"\1", inner) if inner is not None else text


def _stated(flags: frozenset[bytes]) -> Role | None:
    """Return the role that a folder's special-use attributes state (RFC 6154)."""
    return next((_SPECIAL[flag] for flag in sorted(flags) if flag in _SPECIAL), None)


def _role(name: str, separator: str, stated: Mapping[str, Role]) -> Role:
    """Return a folder's role: what the server states of it or of a folder above it, else what its name says."""
    if name in stated:
        return stated[name]
    parts = name.split(separator) if separator else [name]
    above = (stated.get(separator.join(parts[:length])) for length in range(len(parts) - 1, 0, -1))
    inherited = next((role for role in above if role in UNREAD_ROLES or role is Role.SENT), None)
    role = role_of(name)
    if inherited is not None and role not in UNREAD_ROLES:
        return inherited
    # Where the server states which folder is for sent mail, another one called "sent" is an ordinary folder. Drafts, junk and
    # trash are recognised by name all the same, because reading them would be worse.
    return Role.OTHER if role in set(stated.values()) & {Role.SENT, Role.ARCHIVE} else role
