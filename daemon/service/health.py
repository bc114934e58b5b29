"""Report the daemon's health: to systemd (sd_notify), and in the file that `kept status` reads."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from daemon.glossary.assessments import Coverage
from daemon.service import status_values

FILE = "status.json"
IDLE = 10.0  # seconds between signs of life where no watchdog asks for more
LATE = timedelta(minutes=15)  # a turn comes every half minute; a mailbox that is read for the first time takes some
LARGEST_PID = 2**31 - 1
_RESERVE, _RESERVED = f".{FILE}.reserve", 256 * 1024  # a file that is deleted to make room for the status, and its bytes
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Notifier:
    """Notifies the service manager over NOTIFY_SOCKET (sd_notify(3)); does nothing if there is none.

    `interval` is the number of seconds between signs of life.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = environ.get("NOTIFY_SOCKET")
        microseconds = environ.get("WATCHDOG_USEC", "")
        self.interval = min(IDLE, int(microseconds) / 2_000_000) if microseconds.isdigit() and int(microseconds) else IDLE

    def ready(self, status: str) -> None:
        """Report that the daemon has started, or finished reloading."""
        self._send(f"READY=1\nSTATUS={_one_line(status)}")

    def alive(self) -> None:
        """Send a sign of life to the watchdog."""
        self._send("WATCHDOG=1")

    def status(self, line: str) -> None:
        """Set the status line of `systemctl status`."""
        self._send(f"STATUS={_one_line(line)}")

    def reloading(self) -> None:
        """Report that the configuration is being read again; systemd requires the monotonic time with it."""
        self._send(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """Report that the daemon is stopping."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
                channel.settimeout(1.0)
                channel.sendto(message.encode(), address)
        except OSError:
            return  # the daemon goes on without its manager


def _one_line(text: str) -> str:
    """Return the first line of a text: a line break would let words from servers begin another message to the manager."""
    return text.splitlines()[0] if text else ""


def write_status(
    folder: Path,
    coverage: Sequence[Coverage],
    queue: Mapping[str, int],
    failures: Sequence[str],
    zones: Mapping[str, ZoneInfo],
    now: datetime,
    *,
    running: bool,
    unsettled: Sequence[Mapping[str, Any]] = (),
    more: Mapping[str, Any] | None = None,
) -> None:
    """Write the status file atomically, readable by its owner alone. `zones` are the accounts' time zones. Raises OSError.

    `more` are further keys. On a full disk a file kept for that purpose makes room.
    """
    home = next(iter(zones.values()), UTC)
    document = {
        "pid": os.getpid() if running else None,
        "birth": _start_of(os.getpid()) if running else None,
        "stopped": not running,
        "last_turn": now.astimezone(home).isoformat(),
        "sources": [source_document(c, zones.get(c.account, home)) for c in coverage],
        "queue": dict(queue),
        "failures": list(failures),
        "unsettled": list(unsettled),
        **(more or {}),
    }
    _write(folder, document)


def is_late(document: Mapping[str, Any], now: datetime) -> bool:
    """Return whether the last turn in which everything worked is longer ago than it should be, lies ahead, or never was."""
    if document.get("last_failure") and not document.get("last_success"):
        return True
    written = document.get("last_success") or document.get("last_turn")
    if not isinstance(written, str):
        return False
    return not -LATE <= now - datetime.fromisoformat(written) <= LATE


def mark_ended(folder: Path, reason: str, now: datetime) -> None:
    """Note in the status file that the daemon ended by an error, unless another one is running there. Raises OSError."""
    document = read_status(folder) or {"last_turn": now.isoformat(), "sources": [], "queue": {}, "failures": []}
    pid = document.get("pid")
    if pid == os.getpid() or not is_running(pid):
        failures = [reason, *(line for line in document["failures"] if line != reason)]
        _write(folder, {**document, "pid": None, "stopped": True, "failures": failures, "last_failure": now.isoformat()})


def _write(folder: Path, document: Mapping[str, Any]) -> None:
    """Write the file aside and rename it into place, with room of its own on a full disk. Raises OSError."""
    text, temporary, reserve = json.dumps(document), folder / f".{FILE}.new", folder / _RESERVE
    try:
        _write_private(temporary, text)
    except OSError as error:
        if error.errno not in _FULL or not reserve.exists():
            raise
        reserve.unlink()
        _write_private(temporary, text)
    temporary.replace(folder / FILE)
    if not reserve.exists():
        with suppress(OSError):  # no room now; later perhaps
            _write_private(reserve, " " * _RESERVED)


def _write_private(file: Path, text: str) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def read_status(folder: Path) -> dict[str, Any] | None:
    """Return what the daemon wrote last, as far as it is right; None if it never ran, or nothing of it can be used.

    `pid` is None if another process has that number by now.
    """
    try:
        document = status_values.checked(json.loads((folder / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError):
        return None
    if document is None:
        return None
    birth = document.pop("birth", None)
    if birth is not None and isinstance(document.get("pid"), int) and _start_of(document["pid"]) != birth:
        document["pid"] = None
    return document


def wake(folder: Path) -> bool:
    """Have the daemon that runs here read its configuration again. Return whether one was told."""
    return _signal(folder, signal.SIGHUP)


def stop(folder: Path) -> bool:
    """Have the daemon that runs here end. Return whether one was told."""
    return _signal(folder, signal.SIGTERM)


def _signal(folder: Path, number: signal.Signals) -> bool:
    """Send a signal to the daemon that runs here. None is sent where nothing proves that the process is Kept (without /proc)."""
    try:
        is_proven = bool(json.loads((folder / FILE).read_text(encoding="utf-8")).get("birth"))
    except (OSError, ValueError, AttributeError):
        return False
    pid = (read_status(folder) or {}).get("pid")
    if not is_proven or not is_running(pid):
        return False
    try:
        os.kill(int(str(pid)), number)
    except OSError:
        return False
    return True


def read_sources(folder: Path) -> frozenset[tuple[str, str]]:
    """Return (account, source) of every source in the status; nothing where there is no status, or a damaged one."""
    return frozenset((entry["account"], entry["source"]) for entry in (read_status(folder) or {"sources": ()})["sources"])


def _start_of(pid: int) -> str | None:
    """Return a process's start: the boot's id and the ticks since then (proc(5), field 22 of stat); None without /proc."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return f"{boot} {stat.rpartition(')')[2].split()[19]}"


def is_running(pid: object) -> bool:
    """Return whether there is a process with that number."""
    if not isinstance(pid, int) or not 0 < pid <= LARGEST_PID:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def source_document(coverage: Coverage, zone: tzinfo) -> dict[str, Any]:
    """Return one source's coverage as JSON values."""
    c = coverage
    return {
        "account": c.account,
        "source": c.source,
        "seen_until": c.seen_until.astimezone(zone).isoformat() if c.seen_until else None,
        "error": c.error,
        "failed_since": c.failed_since.astimezone(zone).isoformat() if c.failed_since else None,
        "unreadable": c.unreadable,
        "warnings": [*c.warnings, *dict.fromkeys(text for _, text in c.notices)],
    }
