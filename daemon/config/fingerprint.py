"""Hash the configuration as it was read: saved results that were computed with another hash are no longer valid."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from daemon.config.locations import CHARTERS, absolute
from daemon.config.yaml_lines import LocatedYaml


def fingerprint(file: LocatedYaml) -> str:
    """Return a SHA-256 over the configuration with its included files, its agreed charters and its calendars of holidays, as hex."""
    folder = file.path.parent
    charters = absolute(folder, str(file.data.get("charters") or CHARTERS)).glob("*/*.yaml")
    digest = hashlib.sha256(file.digest)
    for part in file.files:
        digest.update(f"\0{part.path}\0".encode("utf-8", "surrogateescape") + part.digest)
    for path in (*sorted(charters), *sorted({absolute(folder, name) for name in _calendars(file)})):
        digest.update(f"\0{path}\0".encode("utf-8", "surrogateescape") + path.read_bytes())
    return digest.hexdigest()


def _calendars(file: LocatedYaml) -> Iterator[str]:
    """Yield the names of the calendars of holidays: of each account, and of the team's defaults."""
    team = file.data.get("team")
    defaults = team.get("defaults") if isinstance(team, dict) else None
    for account in (*(file.data.get("accounts") or ()), defaults):
        holidays = account.get("holidays") if isinstance(account, dict) else None
        if isinstance(holidays, str) and holidays.lower().endswith(".ics"):
            yield holidays
