"""./dev bench [MESSAGES]: compare the first sync of a mailbox with mbsync's first pull and with a bare socket.

Dovecot serves the mailbox on loopback; each way runs in a process of its own. A poll and a turn that find nothing new are measured
too. Kept runs as after a plain installation: without the encoder, and with its byte code made.
"""

from __future__ import annotations

import compileall
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from first_sync import NOW  # noqa: E402  # the same
from servers import processes  # noqa: E402  # found through the line above

WAYS = ("raw", "mbsync", "read", "kept")
NAMES = {
    "raw": "bare socket, the same FETCH",
    "mbsync": "mbsync, first pull",
    "read": "Kept's connector: fetched and parsed",
    "kept": "Kept: stored, read, what is owed",
}


class Run(NamedTuple):
    """A process's wall-clock seconds, its processor seconds, its peak memory in MB, and the figures it printed."""

    seconds: float
    busy: float
    megabytes: float
    said: dict[str, Any]


def measured(command: Sequence[str], cwd: Path) -> Run:
    """Run a command to its end and return its figures."""
    began = time.perf_counter()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(HERE.parent)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=cwd, env=environment)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{command[0]} failed"
    wall, figures = time.perf_counter() - began, json.loads(said) if said.startswith(b"{") else {}
    return Run(wall - figures.pop("afterwards", 0), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, figures)


def command_of(way: str, server: processes.Dovecot, user: str, folder: Path) -> list[str]:
    """Return the command line of one way."""
    if way != "mbsync":
        return [sys.executable, str(HERE / "first_sync.py"), way, server.host, str(server.port), user, str(folder)]
    (folder / "mail").mkdir()
    config = folder / "mbsyncrc"
    config.write_text(
        f"IMAPAccount bench\nHost {server.host}\nPort {server.port}\nUser {user}\nPass {server.password}\nSSLType None\n"
        f"AuthMechs LOGIN\n\nIMAPStore far\nAccount bench\n\nMaildirStore near\nPath {folder}/mail/\nInbox {folder}/mail/INBOX\n"
        f"\nChannel bench\nFar :far:\nNear :near:\nPatterns INBOX Sent\nCreate Near\nSync Pull\nSyncState {folder}/\n"
    )
    return [processes.program("mbsync", "apt-get install isync"), "-q", "-c", str(config), "-a"]


def fill(server: processes.Dovecot, number: int) -> int:
    """Write the same mails for a user of each way and return their bytes.

    A process of its own does it, because its memory would count as this one's peak.
    """
    made = [sys.executable, str(HERE / "generate.py"), str(server.folder / "mail"), str(number), NOW.isoformat(), *WAYS]
    return int(subprocess.run(made, check=True, capture_output=True).stdout)


def main() -> None:
    """Run every way, and print the figures and their ratios."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    runs: dict[str, Run] = {}
    for package in ("connectors", "daemon"):
        compileall.compile_dir(HERE.parent / package, quiet=1)
    with processes.dovecot() as server, processes.private_folder("bench") as folder:
        size = fill(server, number)
        print(
            f"{number} messages, {size / 1e6:.0f} MB, {size / number / 1024:.1f} KB each on average; one in six with a document"
        )
        for way in WAYS:
            place = folder / way
            place.mkdir()
            try:
                runs[way] = measured(command_of(way, server, f"{way}@example.test", place), place)
            except processes.Missing as missing:
                print(f"{NAMES[way]}: {missing}")
                continue
            run = runs[way]
            rate, held = number / run.seconds, f"{run.busy:.1f} s busy, {run.megabytes:.0f} MB peak"
            print(f"{NAMES[way]:37} {run.seconds:6.2f} s {rate:6.0f} messages/s, {held}")
            if run.said:
                print("   ", ", ".join(f"{name} {value:.4g}" for name, value in run.said.items()))
    kept = runs["kept"]
    if "mbsync" in runs:
        print(f"Kept takes {kept.seconds / runs['mbsync'].seconds:.2f} of mbsync's time")
    print(f"Kept takes {kept.seconds / runs['raw'].seconds:.1f} times the bare socket's, and {kept.megabytes:.0f} MB")
    print(f"a poll that finds nothing: {runs['read'].said['no_change_poll']:.3f} s; a turn: {kept.said['no_change_turn']:.3f} s")


if __name__ == "__main__":
    main()
