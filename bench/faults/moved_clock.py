"""A real `kept run` whose two clocks are moved apart from outside: `python moved_clock.py FILE COMMAND...`.

FILE holds three numbers as JSON: what the wall clock shows (seconds since 1970) and what the count since the boot shows, both at the
third, a moment of this machine's monotonic clock. Nothing else of Kept is replaced. Both run RATE times as fast as the machine's.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RATE = 6.0


@dataclass(slots=True)
class Clocks:
    """The wall clock and the count since the boot, in a file."""

    path: Path

    def set(self, wall: datetime, count: float | None = None) -> None:
        """Set the wall clock; without `count` the count goes on, as when somebody moves the clock."""
        count = self.count() if count is None else count
        aside = self.path.with_suffix(".new")
        aside.write_text(json.dumps([(wall - EPOCH).total_seconds(), count, time.monotonic()]))
        aside.replace(self.path)

    def sleep_until(self, wall: datetime) -> None:
        """Let time pass unseen up to a moment, as a suspend does: both clocks go on."""
        self.set(wall, self.count() + (wall - self.wall()).total_seconds())

    def wall(self) -> datetime:
        """Return what the wall clock shows."""
        wall, _, at = json.loads(self.path.read_text())
        return EPOCH + timedelta(seconds=wall + RATE * (time.monotonic() - at))

    def count(self) -> float:
        """Return the seconds since the boot."""
        _, count, at = json.loads(self.path.read_text())
        return float(count + RATE * (time.monotonic() - at))


def start(clocks: Clocks, config: Path) -> subprocess.Popen[bytes]:
    """Start the daemon under these clocks."""
    command = [sys.executable, str(Path(__file__).resolve()), str(clocks.path), "run", "--config", str(config)]
    with (config.parent / "output.log").open("ab") as output:
        return subprocess.Popen(command, stdout=output, stderr=output)


def main() -> None:
    """Run Kept's command under the clocks of the first argument."""
    sys.path.insert(0, str(ROOT))
    from daemon import clock  # noqa: PLC0415  # found through the line above
    from daemon.commands.main import main as kept  # noqa: PLC0415  # the same

    clocks = Clocks(Path(sys.argv[1]))
    clock.now, clock.since_boot = clocks.wall, clocks.count
    kept(sys.argv[2:])


if __name__ == "__main__":
    main()
