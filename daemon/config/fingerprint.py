"""A name for the configuration as it stands on the disk: whatever was worked out under another one no longer holds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def fingerprint(config: Path, data: Mapping[str, Any]) -> str:
    """A name for the configuration as it stands on the disk: the file, the agreed charters, calendars of holidays."""
    folder = config.parent
    holidays = (a.get("holidays") for a in data.get("accounts") or () if isinstance(a, dict))
    calendars = (folder / Path(h).expanduser() for h in holidays if isinstance(h, str) and h.lower().endswith(".ics"))
    agreed = (folder / Path(str(data.get("charters") or "charters")).expanduser()).glob("*/*.yaml")
    whole = hashlib.sha256(config.read_bytes())
    for path in (*sorted(agreed), *calendars):
        whole.update(f"\0{path}\0".encode("utf-8", "surrogateescape") + path.read_bytes())
    return whole.hexdigest()
