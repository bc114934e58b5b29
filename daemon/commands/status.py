"""`kept status`: is it running, when was each source last read, what is queued, what failed. Reads one small file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from daemon import clock
from daemon.commands.terminal import AsJson, config_path, print_json
from daemon.config.load import load_settings
from daemon.service import health


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show whether Kept is running, how far each source was read, what is queued and what failed."""
    found = read(config_path(context))
    print_json(found.document()) if as_json else print(found.text())


@dataclass(frozen=True, slots=True)
class Status:
    """What the daemon or the last sync wrote, and whether the daemon is running."""

    written: Mapping[str, Any]
    running: bool
    late: bool = False  # whether the last turn in which everything worked is longer ago than it should be

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        return {"running": self.running, "late": self.late, **self.written}

    def text(self) -> str:
        """Return the status in words."""
        if not self.written:
            return "Kept has not run here yet. Start it with: kept run"
        queued = ", ".join(f"{count} {delivery}" for delivery, count in self.written["queue"].items() if count)
        failed = (f"Failed: {line}" for line in self.written["failures"])
        return "\n".join([self._state(), *map(_source, self.written["sources"]), f"Queued: {queued or 'nothing'}.", *failed])

    def _state(self) -> str:
        """Return whether it is running, and when it last worked: plainly where that is longer ago than it should be."""
        last = f"it last worked {_moment(self.written.get('last_success') or self.written['last_turn'])}"
        if self.running:
            late = f"{last}, which is longer ago than it should be: nothing was read or sent since. See the failures below, and kept.log."
            return f"Kept is running (process {self.written['pid']}); {late if self.late else f'{last}.'}"
        if self.written.get("stopped", True):
            return f"Kept is not running; {last}. Start it with: kept run"
        return f"Kept is not running: it ended without being stopped; {last}. Nothing was read or sent since. Start it with: kept run"


def read(config: Path) -> Status:
    """Return the status of the state directory that the configuration names. Raises ConfigError."""
    written = health.read_status(load_settings(config).state) or {}
    return Status(written, health.is_running(written.get("pid")), late=health.is_late(written, clock.now()))


def _source(source: Mapping[str, Any]) -> str:
    read_to = f"read up to {_moment(source['seen_until'])}" if source["seen_until"] else "never read"
    trouble = f"; failing since {_moment(source['failed_since'])}: {source['error']}" if source["error"] else ""
    return f"  {source['account']}  {source['source']}: {read_to}{trouble}"


def _moment(written: str) -> str:
    """Return a moment of the status file, which is in its account's time zone, as people write it: Mon 2 Mar 2026 11:00."""
    at = datetime.fromisoformat(written)
    return f"{at:%a} {at.day} {at:%b %Y %H:%M}"
