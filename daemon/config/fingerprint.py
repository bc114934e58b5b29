"""Hash the configuration as it was read: saved results that were computed with another hash are no longer valid."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from daemon.config import included
from daemon.config.locations import CHARTERS, absolute
from daemon.config.yaml_lines import LocatedYaml

Stamps: TypeAlias = frozenset[tuple[Path, int, int, int]]
"""The files of a configuration, each with its inode, its size and when it was changed, in nanoseconds."""


def fingerprint(file: LocatedYaml) -> str:
    """Return a SHA-256 over the configuration with its included files, its agreed charters and its calendars of holidays, as hex."""
    digest = hashlib.sha256(file.digest)
    for part in file.files:
        digest.update(f"\0{part.path}\0".encode("utf-8", "surrogateescape") + part.digest)
    for path in _beside(file):
        digest.update(f"\0{path}\0".encode("utf-8", "surrogateescape") + path.read_bytes())
    return digest.hexdigest()


def stamps(file: LocatedYaml) -> Stamps:
    """Return what tells cheaply whether any file of the configuration was changed, added or removed since."""
    resources = [absolute(file.path.parent, str(file.data["resources"]))] if file.data.get("resources") else []
    found = set()
    for path in (file.path, *included.matched(file), *_beside(file), *resources):
        try:
            state = path.stat()
        except OSError:
            continue  # it is gone, which shows by its absence
        found.add((path, state.st_ino, state.st_size, state.st_mtime_ns))
    return frozenset(found)


def _beside(file: LocatedYaml) -> list[Path]:
    """Return the agreed charters and the calendars of holidays, each kind in order."""
    folder = file.path.parent
    charters = absolute(folder, str(file.data.get("charters") or CHARTERS)).glob("*/*.yaml")
    return [*sorted(charters), *sorted({absolute(folder, name) for name in _calendars(file)})]


def _calendars(file: LocatedYaml) -> Iterator[str]:
    """Yield the names of the calendars of holidays: of each account, and of the team's defaults."""
    team = file.data.get("team")
    defaults = team.get("defaults") if isinstance(team, dict) else None
    for account in (*(file.data.get("accounts") or ()), defaults):
        holidays = account.get("holidays") if isinstance(account, dict) else None
        if isinstance(holidays, str) and holidays.lower().endswith(".ics"):
            yield holidays
