"""`kept status`: is it running, when did each source last succeed, what is queued, what failed. Reads one small file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.config.load import load_settings
from daemon.config.locations import default_path
from daemon.service import health


@dataclass(frozen=True, slots=True)
class Status:
    """What the daemon wrote last, and whether it lives."""

    found: Mapping[str, Any]
    running: bool

    def document(self) -> dict[str, Any]:
        """For --json."""
        return {"running": self.running, **self.found}

    def text(self) -> str:
        """For a person."""
        if not self.found:
            return "Kept has not run here yet. Start it with: kept run"
        state = (
            f"Kept is running (process {self.found['pid']})" if self.running else "Kept is not running. Start it with: kept run"
        )
        lines = [f"{state}; the last turn was at {self.found['last_turn']}."]
        for source in self.found["sources"]:
            seen = f"read up to {source['seen_until']}" if source["seen_until"] else "never read"
            trouble = f"; failing since {source['failed_since']}: {source['error']}" if source["error"] else ""
            lines.append(f"  {source['account']}  {source['source']}: {seen}{trouble}")
        queued = ", ".join(f"{count} {state}" for state, count in self.found["queue"].items() if count)
        lines.append(f"Queued: {queued or 'nothing'}.")
        lines += [f"Failed: {line}" for line in self.found["failures"]]
        return "\n".join(lines)


def read(path: Path | None, environ: Mapping[str, str]) -> Status:
    """The status of the configured state directory. Raises ConfigError."""
    settings = load_settings(path or default_path(environ))
    found = health.read_status(Path(settings.state)) or {}
    return Status(found, health.is_running(found.get("pid")))
