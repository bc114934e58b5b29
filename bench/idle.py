"""python bench/idle.py [SECONDS]: measure an idle daemon's memory and processor time, and what `kept --help` and `kept status` take.

`kept run` reads a mailbox of 200 mails, once from Dovecot and once from the tests' Google, each in a process of its own. After 30 s
without news its memory is taken from /proc/PID/smaps_rollup (Linux), and its processor time over SECONDS (120).
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

from gmail import deliver  # noqa: E402  # found through the line above
from servers import google_front, processes  # noqa: E402  # the same

from connectors.net.token_store import FileTokenStore  # noqa: E402  # the same
from daemon import clock  # noqa: E402  # the same

MAILS = 200
RUNS = 5  # of each command
SETTLING = 30.0  # seconds of idling before memory is measured
PATIENCE = 300.0  # seconds until a daemon that has not read the mailbox counts as broken
START = "from daemon.commands.main import main; main()"
# Printed by the process itself: what wait4 reports is never less than what the parent held when it started the child.
REPORT = "import atexit, sys; atexit.register(lambda: sys.stderr.write(open('/proc/self/status').read()))"
OWNER = "alice@example.test"  # as in generate.py
CONFIG = """
accounts:
  - name: Alice
    addresses: [{addresses}]
    time_zone: Europe/London
    working_hours: {{days: mon-fri, start: "09:00", end: "17:30"}}
    mail: [{mail}]
clients:
{clients}
state: {state}
history: 180 days
"""


def main(seconds: float) -> None:
    """Measure the commands and both daemons, and print the figures."""
    with processes.private_folder("idle") as folder:
        config = imap(folder / "imap", seconds)
        for words in (["--help"], ["status", "--config", str(config)]):
            report(words)
        gmail(folder / "gmail", seconds)


def imap(folder: Path, seconds: float) -> Path:
    """Measure a daemon with one IMAP account, and return its configuration."""
    with processes.dovecot() as server:
        fill = [sys.executable, str(HERE / "generate.py"), str(server.folder / "mail"), str(MAILS), clock.now().isoformat()]
        subprocess.run([*fill, "alice"], check=True, capture_output=True)
        login = f"username: {OWNER}, password: {server.password}"
        mail = f"{{type: imap, host: {server.host}, port: {server.port}, tls: none, {login}}}"
        config = configuration(folder, OWNER, mail)
        idle("IMAP", config, folder, seconds)
    return config


def gmail(folder: Path, seconds: float) -> None:
    """Measure a daemon with one Gmail account that has already signed in."""
    now = clock.now()
    with google_front.google(1) as front:
        address, token = front.account()
        deliver(front, token, MAILS, now)
        app = {"client_id": "an-app", "client_secret": "its secret", "endpoint": front.url}
        config = configuration(folder, f"{address}, {OWNER}", "{type: gmail}", f"oauth: {{google: {json.dumps(app)}}}\n")
        tokens = FileTokenStore(folder / "state" / "tokens" / f"google-{address}.json")
        tokens.save({"access": {"": [token, (now + timedelta(days=1)).isoformat()]}, "provider": {}})
        idle("Gmail", config, folder, seconds)
        assert not front.deviations, front.deviations


def configuration(folder: Path, addresses: str, mail: str, more: str = "") -> Path:
    """Write a configuration with one mailbox and nothing to send by, and return its path."""
    folder.mkdir()
    path = folder / "config.yaml"
    clients = "\n".join(f"  - {{name: Client {n}, domains: [client{n}.example]}}" for n in range(40))
    path.write_text(CONFIG.format(addresses=addresses, mail=mail, clients=clients, state=folder / "state") + more)
    path.chmod(0o600)
    return path


def idle(name: str, config: Path, folder: Path, seconds: float) -> None:
    """Run a daemon until it has read everything, let it settle, and print its figures."""
    with daemon(config, folder) as process:
        wait_until_read(process, folder / "state" / "status.json")
        time.sleep(SETTLING)
        held, busy = memory(process.pid), processor_time(process.pid)
        time.sleep(seconds)
        rate = (processor_time(process.pid) - busy) / seconds * 60
        assert process.poll() is None, f"it ended; see {folder}/state/kept.log"
    figures = ", ".join(f"{key} {megabytes:.1f} MB" for key, megabytes in held.items())
    print(f"idle {name} daemon: {figures}, {rate:.3f} s busy a minute", flush=True)


@contextlib.contextmanager
def daemon(config: Path, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the checkout's daemon until the end of the block."""
    command = [sys.executable, "-P", "-c", START, "run", "--config", str(config)]
    with (folder / "output.log").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment())
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def environment() -> dict[str, str]:
    """Return an environment in which the checkout's packages are imported, from wherever this runs (hence also -P)."""
    return {**os.environ, "PYTHONPATH": str(HERE.parent)}


def wait_until_read(process: subprocess.Popen[bytes], status: Path) -> None:
    """Return when the status file says that the mailbox was read to its end."""
    deadline = time.monotonic() + PATIENCE
    sources: list[dict[str, object]] = []
    while not sources or not all(source["seen_until"] for source in sources):
        assert process.poll() is None, "the daemon ended"
        assert time.monotonic() < deadline, f"not read in time: {sources}"
        time.sleep(0.5)
        sources = json.loads(status.read_text())["sources"] if status.exists() else []


def memory(pid: int) -> dict[str, float]:
    """Return a process's resident, proportional and private memory, in MB of 1024 KB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {name.rstrip(":"): int(value) for name, value, *_unit in map(str.split, lines)}
    private = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return {"RSS": kilobytes["Rss"] / 1024, "PSS": kilobytes["Pss"] / 1024, "private": private / 1024}


def processor_time(pid: int) -> float:
    """Return the processor seconds of a process and its threads so far (proc(5), fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def report(words: list[str]) -> None:
    """Run a command several times, and print the medians of its times and of its peak memory."""
    wall, busy, peak = (median(figures) for figures in zip(*(run_once(words) for _ in range(RUNS)), strict=True))
    print(f"kept {words[0]}: {wall:.2f} s, {busy:.2f} s busy, {peak:.1f} MB peak", flush=True)


def run_once(words: list[str]) -> tuple[float, float, float]:
    """Run a command, and return its seconds, its processor seconds and its peak memory in MB."""
    began = time.perf_counter()
    code = [sys.executable, "-P", "-c", f"{REPORT}; {START}", *words]
    process = subprocess.Popen(code, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment())
    assert process.stderr is not None
    peak = int(process.stderr.read().rpartition("VmHWM:")[2].split()[0])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"kept {words[0]} failed"
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, peak / 1024


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 120.0)
