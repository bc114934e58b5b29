"""The role of a folder whose server does not state it (RFC 6154), by the names that mail programs give in many languages.

The names stand in folder_names.toml. Case, accents, spaces, hyphens and a remark in brackets do not count, so that "Entwurfe",
"Junk-E-Mail" and "Drafts (This computer only)" are found.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path

from connectors.mail import Role

UNREAD_ROLES = frozenset({Role.DRAFTS, Role.JUNK, Role.TRASH})  # of folders and messages that no poll yields
_UNSENT = ("drafts", "templates", "outbox", "scheduled", "chats")  # kinds of folders whose mail has not left
_WORDS = ("drafts", "templates", "outbox")  # of which one word in a longer name tells
_LONG = 5  # letters of such a word
_ROOTS = frozenset({"inbox", "gmail", "googlemail", "imap", "mail", "localfolders", "onmymac", "onmycomputer"})
_NAMES_FILE = Path(__file__).with_name("folder_names.toml")
_LONGEST = 1000  # characters of a folder's path that are looked at
_SEPARATORS = re.compile(r"[./\\|]")
_REMARK = re.compile(r"\([^()]*\)")
_NUMBERED = re.compile(r"\d{1,4}$")  # "Sent 2024"; Outlook's "Sent Items1" after a conflict
# Letters that Unicode does not decompose into a base and a mark.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


def role_of(name: str) -> Role:
    """Return the role that a folder's path names; OTHER for any other.

    A folder below drafts, junk or trash is for the same. Sent mail and archives are known by the last part of the path or else by the
    first, with a number behind ("Sent 2024") or without.
    """
    if name.upper() == "INBOX":
        return Role.INBOX
    parts = _parts(name)
    kinds = _kinds()
    for part in parts:
        if kinds.get(part) in _UNREAD_KINDS:
            return _UNREAD_KINDS[kinds[part]]
    for part in (parts[-1], parts[0]) if parts else ():
        kind = kinds.get(part) or kinds.get(_NUMBERED.sub("", part))
        if kind in _READ_KINDS:
            return _READ_KINDS[kind]
    return Role.OTHER


def may_be_unsent(name: str) -> bool:
    """Return whether a folder's name speaks of mail that has not left: "Outbox", "Old drafts", "Vorlagen"."""
    kinds, words = _kinds(), _unsent_words()
    return any(kinds.get(part) in _UNSENT for part in _parts(name)) or any(
        _key(word) in words for word in re.findall(r"[^\W\d_]+", name[:_LONGEST])
    )


_UNREAD_KINDS = {"drafts": Role.DRAFTS, "junk": Role.JUNK, "trash": Role.TRASH}
_READ_KINDS = {"sent": Role.SENT, "archive": Role.ARCHIVE}


def _parts(name: str) -> list[str]:
    """Return the keys of a path's parts, without the roots that a server puts above every folder."""
    keys = [key for part in _SEPARATORS.split(name[:_LONGEST]) if (key := _key(_REMARK.sub("", part) or part))]
    while len(keys) > 1 and keys[0] in _ROOTS:
        keys.pop(0)
    return keys


def _key(name: str) -> str:
    """Return the letters and digits of a name, without case and accents."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in decomposed if c.isalnum() and not unicodedata.combining(c)).translate(_PLAIN)


@lru_cache(maxsize=1)
def _kinds() -> dict[str, str]:
    """Return the kind of folder by the key of its name."""
    with _NAMES_FILE.open("rb") as file:
        by_kind = tomllib.load(file)
    return {_key(name): kind for kind, by_language in by_kind.items() for names in by_language.values() for name in names}


@lru_cache(maxsize=1)
def _unsent_words() -> frozenset[str]:
    """Return the names of unsent mail that may stand beside other words; short ones, and "Scheduled", mean too much else."""
    return frozenset(key for key, kind in _kinds().items() if kind in _WORDS and len(key) >= _LONG)
