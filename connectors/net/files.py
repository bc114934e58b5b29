"""Files written so that they are there whole or not at all, readable by their owner alone; and what a disk's errors mean."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from connectors.errors import ConnectorError

# What no later attempt changes without a person; a full disk or a lost mount may be right again by itself.
_PERMANENT = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ELOOP, errno.ENAMETOOLONG}
)


def write_atomically(target: Path, content: bytes, aside: Path | None = None) -> None:
    """Write aside, sync, rename into place. A file that is replaced keeps its mode; a new one is 0600. Raises OSError."""
    target = target.resolve()
    aside = aside or target.with_name(f".{target.name}.new")
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o600
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fchmod(stream.fileno(), mode)
        os.fsync(stream.fileno())
    aside.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def make_private_folder(path: Path) -> None:
    """The folder and those above it, as far as they are missing, for their owner alone. Raises OSError."""
    for folder in reversed([path, *path.parents]):
        if not folder.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)


def file_error(path: Path, what: str, error: OSError) -> ConnectorError:
    """As “/home/dana/Maildir cannot be read: Permission denied”, with the right bit for trying again."""
    reason = error.strerror or type(error).__name__
    return ConnectorError(f"{path} cannot be {what}: {reason}", permanent=error.errno in _PERMANENT)
