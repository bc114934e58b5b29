"""Show a notice on this machine's screen, for what mail cannot tell because the account that would carry it is locked out."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping

TITLE = "Kept needs you"
PATIENCE = 5.0  # seconds
_APPLE = ["-e", "on run words", "-e", "display notification (item 1 of words) with title (item 2 of words)", "-e", "end run"]


def show(text: str, environ: Mapping[str, str]) -> bool:
    """Show a notice. Return False if there is no screen, or no program to show it."""
    command = _command(text, environ)
    if command is None:
        return False
    try:
        return subprocess.run(command, check=False, timeout=PATIENCE, capture_output=True, env=dict(environ)).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _command(text: str, environ: Mapping[str, str]) -> list[str] | None:
    if sys.platform == "darwin":
        tool = shutil.which("osascript", path=environ.get("PATH"))
        return [tool, *_APPLE, text, TITLE] if tool else None
    tool = shutil.which("notify-send", path=environ.get("PATH"))
    if tool is None or not (environ.get("DBUS_SESSION_BUS_ADDRESS") or environ.get("XDG_RUNTIME_DIR")):
        return None
    return [tool, "--app-name=Kept", "--urgency=critical", "--", TITLE, text]
