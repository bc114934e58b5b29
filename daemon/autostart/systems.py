"""Which system starts programs on this computer, and what Kept is for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from daemon.autostart import launchd, systemd, task_scheduler
from daemon.autostart.jobs import Job, Program
from daemon.errors import CannotDo

_OTHER = "Nothing that Kept knows starts programs on this computer (systemd, launchd, the Windows Task Scheduler). Have it start: kept run"
_NO_SESSION = (
    "systemd starts nothing for you in this session: log in as yourself rather than by su or sudo. Elsewhere, such as in a container, have "
    "it start: kept run"
)
_WINDOWS_SECONDS = 20.0


def program(config: Path, environ: Mapping[str, str], credentials: Mapping[str, Path]) -> Program:
    """Return the daemon of this installation with that configuration. Raises CannotDo where the program `kept` is not beside Python."""
    script = Path(sys.executable).with_name("kept")
    if not script.is_file():
        raise CannotDo(f"The program kept is not beside {sys.executable}: install Kept as the README says.")
    return Program((str(script), "run", "--config", str(config.absolute())), environ.get("PATH", os.defpath), credentials)


def job_here(program: Program, environ: Mapping[str, str], state: Path) -> Job:
    """Return the job of the system that starts programs on this computer; `state` is Kept's state directory. Raises CannotDo."""
    if sys.platform == "darwin":
        return launchd.job(program, Path.home(), os.getuid())
    if distribution := environ.get("WSL_DISTRO_NAME"):
        file = state / "task.xml"
        guest = task_scheduler.Guest(distribution, environ.get("USER") or Path.home().name, _asked("whoami.exe"))
        return task_scheduler.job(program, guest, file, _asked("wslpath", "-w", str(state)) + "\\task.xml")
    if shutil.which("systemctl"):
        if not (Path(environ.get("XDG_RUNTIME_DIR") or "/nowhere") / "systemd").is_dir():
            raise CannotDo(_NO_SESSION)
        return systemd.job(program, Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"))
    raise CannotDo(_OTHER)


def _asked(*words: str) -> str:
    """Return what a program of Windows, or about Windows, prints. Raises CannotDo."""
    try:
        done = subprocess.run(words, capture_output=True, timeout=_WINDOWS_SECONDS, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        done = None
    answer = done.stdout.decode("utf-8", "replace").strip() if done is not None and done.returncode == 0 else ""
    if not answer:
        raise CannotDo(f"Windows does not answer ({words[0]}): programs of Windows must be allowed to run inside of Linux.")
    return answer
