"""A daemon that lost its lock to another ends by itself in one line, and the other goes on."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

from office import Office
from test_service import KEPT, PATIENCE, running, status, until


def test_a_daemon_that_stood_still_and_was_overtaken_ends_in_one_line_and_the_other_goes_on(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.config.write_text(office.config.read_text() + "poll: 1s\n")
    with running(office) as first:
        first.send_signal(signal.SIGSTOP)
        (tmp_path / "state" / "lock").unlink()
        second = subprocess.Popen([*KEPT, "run", "--config", str(office.config)], stderr=subprocess.PIPE, text=True)
        try:
            assert until(lambda: status(office)["pid"] == second.pid)
            first.send_signal(signal.SIGCONT)
            assert first.wait(timeout=PATIENCE) == 1
            assert first.stderr is not None
            last = first.stderr.read().strip().splitlines()[-1]
            assert "has taken over. This one stops and changes nothing more; nothing is lost." in last
            assert second.poll() is None
            assert status(office)["pid"] == second.pid
        finally:
            second.kill()
            second.communicate()
