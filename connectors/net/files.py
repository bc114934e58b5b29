"""Files that are written whole or not at all, readable by their owner alone; and disk errors told to a person."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from connectors.errors import ConnectorError

# Only a person can mend these; a full disk or a lost mount may recover by itself.
_PERMANENT = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ELOOP, errno.ENAMETOOLONG}
)


class PlacedError(OSError):
    """A file came into its place, and what had to be done after that failed: it is there, and a power failure may take it away."""


def write_atomically(target: Path, content: bytes, aside: Path | None = None) -> None:
    """Write to a file beside `target`, sync it and rename it into place. Raises OSError, PlacedError where it is there all the same.

    A file that is replaced keeps its mode; a new one is 0600. `aside` names the file to write first, on the same file system.
    """
    target = target.resolve()
    aside = aside or target.with_name(f".{target.name}.new")
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o600
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fchmod(stream.fileno(), mode)
        os.fsync(stream.fileno())
    try:
        aside.replace(target)
    except OSError:
        if not _is_in_place(target, content, aside):
            raise
    try:
        _sync_folder(target.parent)
    except OSError as error:
        raise PlacedError(*error.args) from error


def _is_in_place(target: Path, content: bytes, aside: Path) -> bool:
    """Return whether a rename that is said to have failed was done: a file server may lose the answer, or deny what it did."""
    try:
        return not aside.exists() and target.read_bytes() == content
    except OSError:
        return False


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def make_private_folder(path: Path) -> None:
    """Create the folder and its missing parents, accessible to their owner alone (0700). Raises OSError."""
    for folder in reversed([path, *path.parents]):
        if not folder.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)


def file_error(path: Path, action: str, error: OSError) -> ConnectorError:
    """Return the error such as “/home/dana/Maildir cannot be read: Permission denied”; `action` is "read", "written", "used" or "deleted".

    It is permanent where only a person can mend it, and its outcome is unknown where the file came into its place nevertheless.
    """
    reason, placed = error.strerror or type(error).__name__, isinstance(error, PlacedError)
    return ConnectorError(
        f"{path} cannot be {action}: {reason}", permanent=error.errno in _PERMANENT and not placed, unknown=placed
    )
