"""Hash the configuration as it is on the disk: saved results that were computed with another hash are no longer valid."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from daemon.config.locations import CHARTERS, absolute


def fingerprint(config: Path, data: Mapping[str, Any]) -> str:
    """Return a SHA-256 over the file, the agreed charters and the calendars of holidays that it names, as hex."""
    folder = config.parent
    holidays = (account.get("holidays") for account in data.get("accounts") or () if isinstance(account, dict))
    calendars = (absolute(folder, name) for name in holidays if isinstance(name, str) and name.lower().endswith(".ics"))
    charters = absolute(folder, str(data.get("charters") or CHARTERS)).glob("*/*.yaml")
    digest = hashlib.sha256(config.read_bytes())
    for path in (*sorted(charters), *calendars):
        digest.update(f"\0{path}\0".encode("utf-8", "surrogateescape") + path.read_bytes())
    return digest.hexdigest()
