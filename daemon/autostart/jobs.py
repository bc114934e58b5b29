"""A job is what a system is told so that it starts Kept; installing and removing one are the same everywhere."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from connectors.net import files
from daemon import clock
from daemon.errors import CannotDo

TIMEOUT = 60.0  # seconds that a command may take; systemd answers once Kept says that it is ready
PATIENCE = 15.0  # seconds for which a command that may come too early is tried again


@dataclass(frozen=True, slots=True)
class Program:
    """What is to be started: the words of the command, the PATH of the shell that asked, and the file of each systemd credential."""

    words: tuple[str, ...]
    path: str
    credentials: Mapping[str, Path] = field(default_factory=dict)


class Step(NamedTuple):
    """A command of the system. One that `may_fail` clears away what need not be there; one that `retries` may come too early."""

    words: tuple[str, ...]
    may_fail: bool = False
    retries: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """How one system is told to start Kept: the file that it reads, and its commands. `look_up` succeeds where it has the job."""

    system: str
    file: Path
    content: bytes
    install: tuple[Step, ...]
    remove: tuple[Step, ...]
    look_up: tuple[str, ...]
    restarts: str  # what becomes of a Kept that ended, for a person


def install(job: Job) -> None:
    """Write the file and have the system start Kept now and at every log-in; what was there before is replaced. Raises CannotDo."""
    job.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        files.write_atomically(job.file, job.content)
    except OSError as error:
        raise CannotDo(f"{job.file} cannot be written: {error.strerror}.") from None
    for step in job.install:
        _do(job, step)


def remove(job: Job) -> bool:
    """Stop Kept and have the system start it no more; return whether there was anything to remove. Raises CannotDo."""
    if not is_installed(job):
        return False
    for step in job.remove:
        _do(job, step)
    job.file.unlink(missing_ok=True)
    return True


def is_installed(job: Job) -> bool:
    """Return whether the system has the job, or would read its file at the next log-in. Raises CannotDo."""
    return job.file.exists() or _run(job.system, job.look_up)[0] == 0


def _do(job: Job, step: Step) -> None:
    deadline = clock.since_boot() + PATIENCE
    while True:
        status, said = _run(job.system, step.words)
        if status == 0 or step.may_fail:
            return
        if not step.retries or clock.since_boot() >= deadline:
            raise CannotDo(f"{job.system} did not do it: “{' '.join(step.words[:3])} …” answered: {said or f'status {status}'}")
        time.sleep(1)


def _run(system: str, words: Sequence[str]) -> tuple[int, str]:
    """Run a command; return its status and the first line that it wrote about a failure. Raises CannotDo."""
    try:
        done = subprocess.run(words, capture_output=True, timeout=TIMEOUT, check=False, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise CannotDo(f"{system} is not on this computer: the program {words[0]} was not found.") from None
    except subprocess.TimeoutExpired:
        raise CannotDo(f"{system} did not answer within {TIMEOUT:.0f} seconds (“{' '.join(words[:3])} …”).") from None
    except OSError as error:
        raise CannotDo(f"{words[0]} cannot be run: {error.strerror}.") from None
    said = (done.stderr or done.stdout).decode("utf-8", "replace").replace("\0", "").strip()
    return done.returncode, said.partition("\n")[0].strip()
