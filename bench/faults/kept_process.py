"""A real `kept run` whose clock is moved from outside, started in some milliseconds and ended by SIGKILL.

`Nursery` is a process that has imported everything and forks a child for each life; each child is the console command itself, with
nothing replaced but the clock: `daemon.clock.now`, and the monotonic clock that the daemon compares it with, follow a file.
Run as a script, this module is that process.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

from daemon import clock

PATIENCE = 30.0  # seconds until a process that should have ended counts as stuck
PR_SET_PDEATHSIG = 1  # prctl(2), Linux
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MODULES = "daemon.service.service daemon.commands.main connectors.imap.mailbox connectors.caldav.calendar connectors.smtp"


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock in a file: it shows the moment it was last set to, plus the time that has passed since."""

    path: Path

    def set(self, moment: datetime) -> None:
        """Set it, for every process that reads it."""
        aside = self.path.with_suffix(".new")
        aside.write_text(json.dumps([(moment - EPOCH).total_seconds(), time.monotonic()]))
        aside.replace(self.path)

    def now(self) -> datetime:
        """Return what it shows."""
        seconds, set_at = json.loads(self.path.read_text())
        return EPOCH + timedelta(seconds=seconds + time.monotonic() - set_at)

    def since_boot(self) -> float:
        """Return a count of seconds that goes with it, so that no setting of it is taken for a clock that was moved."""
        return (self.now() - EPOCH).total_seconds()


class Life:
    """One `kept run`, from its start until it is killed. `kill` may be called from any thread."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._end = os.pidfd_open(pid)
        self.killed_at: str | None = None

    def kill(self, where: str) -> bool:
        """End it by SIGKILL; return whether it lived until now."""
        if self.killed_at is not None or self.ended(0):
            return False
        self.killed_at = where
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._end, signal.SIGKILL)
        return True

    def ended(self, seconds: float = PATIENCE) -> bool:
        """Return whether it has ended within so many seconds."""
        return bool(select.select([self._end], [], [], seconds)[0])

    def close(self) -> None:
        """Forget it, once it has ended."""
        os.close(self._end)


class Nursery:
    """Starts lives; from any thread."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process, self._turn = process, threading.Lock()

    def start(self, config: Path, at: Clock, log: Path) -> Life:
        """Start `kept run`; what it prints is added to `log`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._turn:
            print(json.dumps([str(config), str(at.path), str(log)]), file=self._process.stdin, flush=True)
            return Life(int(self._process.stdout.readline()))


@contextlib.contextmanager
def nursery() -> Iterator[Nursery]:
    """A process that starts lives, from when it is ready until the end of the block."""
    command = [sys.executable, str(Path(__file__).resolve())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Nursery(process)
        finally:
            process.terminate()


# --- inside that process ---


def serve() -> None:
    """Import and use everything once, then fork a child for each line read."""
    warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the system
    for line in iter(sys.stdin.readline, ""):
        child = os.fork()
        if child == 0:
            _live(*(Path(word) for word in json.loads(line)))
        print(child, flush=True)


def warm_up() -> None:
    """Live the demo once, so that the children inherit compiled statements and templates."""
    import importlib  # noqa: PLC0415  # of this process alone

    from daemon.commands.main import main  # noqa: PLC0415  # the same

    for name in MODULES.split():
        importlib.import_module(name)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        stack.enter_context(contextlib.redirect_stdout(stack.enter_context(Path(os.devnull).open("w"))))
        stack.enter_context(contextlib.suppress(SystemExit))
        main(["demo", "--out", folder])
    gc.collect()
    gc.freeze()  # a child that looks for garbage would copy every page it looks at


def _live(config: Path, at: Path, log: Path) -> NoReturn:
    from daemon.commands.main import main  # noqa: PLC0415  # of this process alone

    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # it does not outlive the campaign
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        for number in (1, 2):
            os.dup2(output, number)
        follow(Clock(at))
        main(["run", "--config", str(config)])
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    finally:
        os._exit(status)


def follow(at: Clock) -> None:
    """Make the daemon's clock follow `at`."""
    clock.now = at.now
    clock.since_boot = at.since_boot


if __name__ == "__main__":
    serve()
