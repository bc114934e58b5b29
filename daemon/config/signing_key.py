"""The key that signs the links of letters: a small file beside the database, or for several machines what `signing_key:` names.

The database records the key's fingerprint and since when it is used, so that a key that was lost or replaced is noticed: the links of
letters from before then prove nothing any more. Several machines with one database share one key.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets as randomness
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from connectors.errors import ConnectorError
from connectors.net import files
from daemon.config import secrets
from daemon.config.settings import Settings
from daemon.errors import StoreError
from daemon.store import Store

FILE = "secret"
LENGTH = 32  # octets
META = "signing_key"  # the name of the record in the database


def of(settings: Settings) -> bytes:
    """Return the key that the configuration names, else that of the state directory. Raises StoreError for one that cannot be used."""
    if settings.signing_key is None:
        return read_or_make(settings.state)
    try:
        content = secrets.read_key(settings.signing_key.model_dump(exclude_none=True), "the key that signs the links of letters")
    except ConnectorError as error:
        raise StoreError(f"signing_key: {error.message}. Nothing was sent.") from error
    key = _decoded(content)
    if key is None:
        raise StoreError(
            f"signing_key: what is named there is no key of {LENGTH} bytes. Make one with: openssl rand -hex {LENGTH}. Nothing was sent."
        )
    return key


def _decoded(content: bytes) -> bytes | None:
    """Return a key that was written as hexadecimal digits, or as the bytes themselves; None for anything else."""
    key = content
    if len(content) != LENGTH:
        try:
            key = bytes.fromhex(content.decode("ascii"))
        except ValueError:
            return None
    return key if len(key) == LENGTH and len(set(key)) > 1 else None


def read_or_make(folder: Path) -> bytes:
    """Return the key of a state directory; a missing one is made. Raises StoreError for one that is damaged or unreadable."""
    path = folder / FILE
    try:
        if not path.exists():
            _make(path)
        key = path.read_bytes()
    except OSError as error:
        raise StoreError(
            f"{path}: the key that signs the links of letters cannot be used ({error.strerror}). Nothing was sent."
        ) from error
    if len(key) != LENGTH or len(set(key)) == 1:  # a power failure can leave a file of the right length full of zero bytes
        what = f"{len(key)} of {LENGTH} bytes" if len(key) != LENGTH else "all its bytes are the same"
        raise StoreError(
            f"{path}: the key that signs the links of letters is damaged ({what}). Nothing was sent. Put the file "
            "back from a backup, or delete it: then Kept makes a new one, and the links in earlier letters no longer work."
        )
    return key


def _make(path: Path) -> None:
    """Make a key under another name and link it into place, so that two programs that start at once use the same one. Raises OSError."""
    aside = path.with_name(f".{FILE}.{os.getpid()}")
    try:
        files.write_atomically(aside, randomness.token_bytes(LENGTH))
        try:
            path.hardlink_to(aside)
        except FileExistsError:
            return
        except OSError:  # a file system without hard links, such as exFAT
            aside.replace(path)
    finally:
        with suppress(FileNotFoundError):
            aside.unlink()


def record(store: Store, key: bytes, now: datetime, *, shared: bool) -> bool:
    """Record in the database that letters are signed with this key from now on. Return whether it replaces another.

    With `shared`, where several machines use the database, another key than theirs is refused. Raises StoreError.
    """
    recorded, fingerprint = store.meta(META), _fingerprint(key)
    if recorded is None:
        replace(store, key, None)
        return False
    replaces: bool = json.loads(recorded)["fingerprint"] != fingerprint
    if replaces:
        if shared:
            raise StoreError(
                f"This machine's key for the links of letters ({FILE} in the state directory, or what signing_key: names) is not the "
                "one that this database's letters were signed with. Nothing was sent. Copy that file from the machine on which Kept ran "
                "before, or name the same signing_key: on all of them; if the key is lost: kept signing-key replace"
            )
        replace(store, key, now)
    return replaces


def replace(store: Store, key: bytes, since: datetime | None) -> None:
    """Record that letters are signed with this key, and since when it replaces another (None: it is the first). Raises StoreError."""
    document = {"fingerprint": _fingerprint(key), "since": since.isoformat() if since else None}
    store.set_meta(META, json.dumps(document))


def replaced_at(store: Store) -> datetime | None:
    """Return since when the present key replaces another, as recorded; None if it is the first. Raises StoreError."""
    recorded = store.meta(META)
    since = json.loads(recorded)["since"] if recorded else None
    return datetime.fromisoformat(since) if since else None


def _fingerprint(key: bytes) -> str:
    return hashlib.sha256(b"kept signing key:" + key).hexdigest()[:16]
