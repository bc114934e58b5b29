"""Child processes for tests, forked from this one: they need not import everything anew, and what they change ends with them."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from daemon.commands import main

PATIENCE = 120  # seconds until a command counts as stuck


def exit_status_of(work: Callable[[], int]) -> int:
    """Run `work` in a child and return its exit status: what it returned, or how it ended instead."""
    child = os.fork()
    if child == 0:
        try:
            os._exit(work())
        except BaseException:  # noqa: BLE001  # a child of a test must never come back into it
            traceback.print_exc()
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kept(*words: str, given: str = "", folder: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command as its console script does, with `given` on its standard input, in `folder`."""
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        stdin.write(given.encode())
        stdin.seek(0)
        status = exit_status_of(lambda: _command(words, (stdin, stdout, stderr), folder, environ))
        texts = []
        for stream in (stdout, stderr):
            stream.seek(0)
            texts.append(stream.read().decode())
    return subprocess.CompletedProcess(list(words), status, *texts)


def _command(words: tuple[str, ...], streams: tuple[BinaryIO, ...], folder: Path | None, environ: dict[str, str]) -> int:
    import sys

    signal.alarm(PATIENCE)
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115  # they live as long as the process
    os.environ.update(environ)
    if folder is not None:
        os.chdir(folder)
    try:
        main.main(words)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0
