"""launchd starts Kept when its user logs in to a Mac: an agent of the user's own (launchd.plist(5), launchctl(1))."""

from __future__ import annotations

import plistlib
from pathlib import Path

from daemon.autostart.jobs import Job, Program, Step

LABEL = "local.kept"
_SECONDS_BETWEEN_STARTS = 60  # unlike systemd, launchd cannot be told to leave an invalid configuration alone


def job(program: Program, home: Path, user: int) -> Job:
    """Return the job of the launchd of a user's graphical session; `user` is the user's number."""
    file = home / "Library" / "LaunchAgents" / f"{LABEL}.plist"
    session = f"gui/{user}"
    return Job(
        "launchd",
        file,
        plist(program),
        # Whoever switched the agent off in the settings and installs it again wants it on. One that was just removed may take a while
        # to end, and until then a new one is refused.
        (
            Step(("launchctl", "enable", f"{session}/{LABEL}"), may_fail=True),
            Step(("launchctl", "bootstrap", session, str(file)), retries=True),
        ),
        (Step(("launchctl", "bootout", f"{session}/{LABEL}"), may_fail=True),),
        ("launchctl", "print", f"{session}/{LABEL}"),
        "launchd starts it again within a minute if it fails",
    )


def plist(program: Program) -> bytes:
    """Return the text of the agent. What Kept logs stands in kept.log in the state directory, so its output goes nowhere else."""
    return plistlib.dumps(
        {
            "Label": LABEL,
            "ProgramArguments": list(program.words),
            "EnvironmentVariables": {"PATH": program.path},
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": _SECONDS_BETWEEN_STARTS,
            "Umask": 0o077,
        },
        sort_keys=False,
    )
