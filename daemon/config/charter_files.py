"""Agreed charters as files: `charters/<client>/<date>.yaml` beside the configuration, one file for each version.

A version is never changed once it is written; what is agreed next is a new file with a later date. `kept charter new` writes
them, a text editor may as well. Each file says which client it is for, so that a renamed folder changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from daemon.config import checks, yaml_lines
from daemon.config.charter_settings import CharterVersion
from daemon.errors import CannotDo, ConfigError, Problem


def read(folder: Path, clients: Collection[str]) -> Mapping[str, tuple[CharterVersion, ...]]:
    """Every version of every client, in order of its first day. Raises ConfigError with every problem."""
    found: dict[str, list[CharterVersion]] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*/*.yaml")):
        try:
            version = _version(path, clients)
        except ConfigError as error:
            problems += error.problems
            continue
        if any(v.start == version.start for v in found.get(version.client, ())):
            problems.append(Problem(path, 0, "from", f"{version.client} has two charters from {version.start}; keep one of them"))
        found.setdefault(version.client, []).append(version)
    if problems:
        raise ConfigError(tuple(problems))
    return {client: tuple(sorted(versions, key=lambda v: v.start)) for client, versions in found.items()}


def place(folder: Path, client: str, start: date) -> Path:
    """Where a version lies."""
    slug = re.sub(r"[^\w]+", "-", client.lower()).strip("-") or "client"
    return folder / slug / f"{start.isoformat()}.yaml"


def write(folder: Path, client: str, start: date, values: Mapping[str, Any]) -> Path:
    """Write a new version. Raises CannotDo where one of that day is there already: what was agreed is not changed."""
    from connectors.net import files  # noqa: PLC0415  # reading the configuration loads no connector

    path = place(folder, client, start)
    if path.exists():
        raise CannotDo(f"There is a charter with {client} from {start} already: {path}. Nothing was changed.")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = yaml.safe_dump({"client": client, "from": start, **values}, sort_keys=False, allow_unicode=True, width=100)
    files.write_atomically(path, text.encode())
    return path


def _version(path: Path, clients: Collection[str]) -> CharterVersion:
    found = yaml_lines.read(path)
    try:
        version = CharterVersion.model_validate(found.data)
    except ValidationError as error:
        raise ConfigError((*found.problems, *checks.in_models(found, error))) from None
    problems = [*found.problems, *_unknown(found, version, clients)]
    if problems:
        raise ConfigError(tuple(problems))
    return version


def _unknown(found: yaml_lines.Lined, version: CharterVersion, clients: Collection[str]) -> Iterator[Problem]:
    if version.client not in clients:
        yield found.problem(("client",), f"“{version.client}” is no client of the configuration")
