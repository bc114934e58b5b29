"""A systemd user manager of a test's own, as a log-in would start one: in mount and control-group namespaces of its own, by root.

It believes that the machine was booted with systemd, which is told by a folder (sd_booted(3)); nobody else sees that folder, so that
systemctl, which looks for it, too, is run there.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from servers.processes import ROOT, Missing, private_folder, program, running

_CONTROL_GROUPS = Path("/sys/fs/cgroup")
_START = """
echo $$ >"$KEPT_MANAGER"
for group in "$@"; do echo $$ >"$group/cgroup.procs"; done
exec unshare --mount --cgroup sh -c 'mount --make-rprivate / && mkdir -p /run/systemd && mount -t tmpfs tmpfs /run/systemd &&
    mkdir /run/systemd/system && exec /lib/systemd/systemd --user --log-target=console'
"""


@dataclass(frozen=True, slots=True)
class UserManager:
    """A running manager: what the environment of its user says, and the systemctl that reaches it."""

    environ: dict[str, str]
    systemctl: Path

    def ask(self, *words: str) -> str:
        """What systemctl prints."""
        command = [str(self.systemctl), "--user", "--no-pager", *words]
        done = subprocess.run(command, env=os.environ | self.environ, capture_output=True, text=True, check=False, timeout=60)
        return done.stdout.strip()


@contextlib.contextmanager
def user_manager(home: Path) -> Iterator[UserManager]:
    """The manager of a user whose home that is. Raises Missing where no such manager can run."""
    program("nsenter", "apt-get install util-linux")
    systemctl = program("systemctl", "apt-get install systemd")
    if not Path("/lib/systemd/systemd").exists():
        raise Missing("needs systemd: apt-get install systemd")
    if not ROOT:
        raise Missing("needs root, to give a systemd user manager a control group of its own")
    with private_folder("user-manager") as folder, _control_groups(folder.name) as groups:
        runtime = folder / "run"
        runtime.mkdir(mode=0o700)
        own = {"HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "DBUS_SESSION_BUS_ADDRESS": f"unix:path={runtime}/bus"}
        own |= {"XDG_CONFIG_HOME": f"{home}/.config", "WSL_DISTRO_NAME": "", "KEPT_MANAGER": f"{folder}/pid"}
        manager = UserManager(own | {"PATH": f"{folder}/bin:{os.environ['PATH']}"}, folder / "bin" / "systemctl")
        manager.systemctl.parent.mkdir()
        manager.systemctl.write_text(f'#!/bin/sh\nexec nsenter --target "$(cat {folder}/pid)" --mount {systemctl} "$@"\n')
        manager.systemctl.chmod(0o755)
        command = ["sh", "-c", _START, "sh", *map(str, groups)]
        try:
            with running(command, lambda: manager.ask("is-system-running") == "running", folder, env=os.environ | own):
                yield manager
        except RuntimeError as error:
            raise Missing(f"needs a systemd user manager, which does not run here: {str(error)[-200:]}") from None


@contextlib.contextmanager
def _control_groups(name: str) -> Iterator[list[Path]]:
    """A control group in each hierarchy that systemd uses; gone again when everything in it is. Raises Missing."""
    roots = [_CONTROL_GROUPS / kind for kind in ("systemd", "unified")]
    there = [root for root in roots if (root / "cgroup.procs").exists()] or [_CONTROL_GROUPS]
    groups = [root / name for root in there]
    try:
        for group in groups:
            group.mkdir()
    except OSError as error:
        raise Missing(f"needs control groups that may be written ({error.strerror})") from None
    try:
        yield groups
    finally:
        for group in groups:
            for inner in sorted(group.rglob("*"), key=lambda path: -len(path.parts)):
                if inner.is_dir():
                    with contextlib.suppress(OSError):
                        inner.rmdir()
            with contextlib.suppress(OSError):
                group.rmdir()
