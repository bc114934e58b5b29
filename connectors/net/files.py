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


def write_atomically(target: Path, content: bytes, aside: Path | None = None) -> None:
    """Write to a file beside `target`, sync it and rename it into place. Raises OSError.

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
    aside.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
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
    """Return the error such as “/home/dana/Maildir cannot be read: Permission denied”; `action` is "read", "written" or "used".

    It is permanent where only a person can mend it.
    """
    reason = error.strerror or type(error).__name__
    return ConnectorError(f"{path} cannot be {action}: {reason}", permanent=error.errno in _PERMANENT)
