"""Where things are on the disk: the configuration, the state directory, the database, and any path that the configuration names.

Imports next to nothing: `kept status` and the fast way of `kept due` need these answers before any model of the settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

STATE = "~/.local/share/kept"
"""The default of `state:`."""
OUTBOX = f"{STATE}/outbox"
"""Where `kept init` suggests to write mails that are not sent by a server."""
CHARTERS = "charters"
"""The default of `charters:`, beside the configuration."""


def default_path(environ: Mapping[str, str]) -> Path:
    """Return the configuration file that is meant without --config: $KEPT_CONFIG, else ~/.config/kept/config.yaml."""
    return Path(environ.get("KEPT_CONFIG") or "~/.config/kept/config.yaml").expanduser()


def absolute(folder: Path, named: str | Path) -> Path:
    """Return a path that the configuration names: relative to its folder, ~ for home. Raises RuntimeError for an unknown user.

    It is the same however --config is written and wherever a command is called: a source is known by its path.
    """
    path = (folder / Path(named).expanduser()).absolute()
    return path.resolve() if ".." in path.parts else path


def database(config: Path, data: Mapping[str, Any]) -> str | Path:
    """Return the URL of the database that an unchecked configuration names, else the state directory, which holds one."""
    return data.get("database") or absolute(config.parent, str(data.get("state") or STATE))
