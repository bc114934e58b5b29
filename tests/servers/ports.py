"""Ports of loopback for the servers of tests, each given to one process alone."""

from __future__ import annotations

import fcntl
import os
import random
import socket
import tempfile
import threading
from pathlib import Path

_PORTS = (15_000, 32_000)
_PORTS_LOCK = threading.Lock()
_given: set[int] = set()
_reservations: int | None = None


def free_port() -> int:
    """A port of loopback that nobody listens on, and that no other process of the tests is given before this one ends.

    It lies below the ports that the system gives by itself. A port that was only free when asked may be given to two servers that
    start at once: one of them ends, and its clients talk to the other.
    """
    with _PORTS_LOCK:
        while True:
            port = random.randrange(*_PORTS)
            if port not in _given and _reserves(port) and _binds(port):
                _given.add(port)
                return port


def _reserves(port: int) -> bool:
    """Whether this process has the port's byte of the shared file locked now; the system lets go of it at the process's end."""
    global _reservations  # noqa: PLW0603  # closing any descriptor of the file would let go of all
    if _reservations is None:
        file = Path(tempfile.gettempdir()) / f"kept-ports-{os.geteuid()}"
        _reservations = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.lockf(_reservations, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:
        return False
    return True


def _binds(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
