"""`kept open`: where the mail behind an obligation is, opened on a desktop and printed elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from typing import Annotated

import typer

from daemon.commands.due import offered_ids
from daemon.commands.terminal import AsJson, moment, open_app, print_json, say, tell
from daemon.operations.mail_places import locate
from daemon.operations.owed import find

_PATIENCE = 10.0  # seconds for a desktop's opener to hand an address over


def open(  # noqa: A001  # the command's name
    context: typer.Context,
    target: Annotated[
        str, typer.Argument(metavar="ID", help="The ID that `kept due` and the digest show.", autocompletion=offered_ids)
    ],
    just_print: Annotated[bool, typer.Option("--print", help="Only print where it is.")] = False,
    as_json: AsJson = False,
) -> None:
    """Open the email behind it, in the browser or the mail program. Without a desktop, print where it is."""
    with open_app(context, read_only=True) as app:
        now = moment(None)
        place = locate(app, find(app, target, now), now)
    if as_json:
        print_json(place.document())
        return
    say(place.text())
    if not just_print and place.target is not None:
        tell(_outcome(place.target, os.environ))


def _outcome(target: str, environ: Mapping[str, str]) -> str:
    """Hand a file or an address to the desktop, and return what came of it, in a sentence."""
    if opener_of(environ) is None:
        return "There is no desktop here, so it was not opened."
    return "Opened." if hand_over(target, environ) else "No program on this computer opens it."


def hand_over(target: str, environ: Mapping[str, str]) -> bool:
    """Have the desktop open a file or an address; return whether it took it. Without a desktop nothing is tried."""
    opener = opener_of(environ)
    if opener is None:
        return False
    try:
        done = subprocess.run([opener, target], check=False, timeout=_PATIENCE, capture_output=True)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def opener_of(environ: Mapping[str, str]) -> str | None:
    """Return the desktop's own program that opens things; None without a desktop: over SSH, on a server, in a container."""
    if "SSH_CONNECTION" in environ:
        return None
    if sys.platform == "darwin":
        return shutil.which("open", path=environ.get("PATH"))
    has_screen = bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
    return shutil.which("xdg-open", path=environ.get("PATH")) if has_screen else None
