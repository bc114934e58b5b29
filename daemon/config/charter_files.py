"""Agreed charters as files: `charters/<client>/<date>.yaml` beside the configuration, one file a version.

A version is never changed once it is written; the next agreement is a new file with a later date. `kept charter new` writes
them; a text editor can, too. Each file names its client, so renaming a folder changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from daemon.config import checks, yaml_lines
from daemon.config.charter_settings import CharterVersion
from daemon.errors import CannotDo, ConfigError, Problem

_ASIDE = ".taken-back-"


def read(folder: Path, clients: Collection[str]) -> Mapping[str, tuple[CharterVersion, ...]]:
    """Return each client's versions, in order of their first day. Raises ConfigError with every problem."""
    versions: dict[str, list[CharterVersion]] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*/*.yaml")):
        try:
            version = _version(path, clients)
        except ConfigError as error:
            problems += error.problems
            continue
        if any(v.start == version.start for v in versions.get(version.client, ())):
            problems.append(
                Problem(path, 0, "from", f"{version.client} has two charters from {version.start}; remove one of them")
            )
        versions.setdefault(version.client, []).append(version)
    if problems:
        raise ConfigError(tuple(problems))
    return {client: tuple(sorted(of_client, key=lambda v: v.start)) for client, of_client in versions.items()}


def version_path(folder: Path, client: str, start: date) -> Path:
    """Return the path of a version."""
    slug = re.sub(r"[^\w]+", "-", client.lower()).strip("-") or "client"
    return folder / slug / f"{start.isoformat()}.yaml"


def write(folder: Path, client: str, start: date, values: Mapping[str, Any]) -> Path:
    """Write a new version. Raises CannotDo if there is one of that day: what was agreed is never changed."""
    from connectors.net import files  # noqa: PLC0415  # reading the configuration loads no connector

    path = version_path(folder, client, start)
    if path.exists():
        raise CannotDo(
            "There is already a charter with %(client)s from %(start)s: %(file)s. Nothing was changed.",
            client=client,
            start=start,
            file=path,
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = yaml.safe_dump({"client": client, "from": start, **values}, sort_keys=False, allow_unicode=True, width=100)
    files.write_atomically(path, text.encode())
    return path


def put_aside(folder: Path, client: str, start: date) -> Path:
    """Rename the file of a version so that it is not read any more, and return its new path. Raises CannotDo if it is not there.

    It is kept: what was once agreed can be looked up, and agreed on again.
    """
    path = version_path(folder, client, start)
    if not path.is_file():
        raise CannotDo("There is no file %(file)s. If the charter stands in another file, remove it there.", file=path)
    aside = path.with_name(f"{path.name}{_ASIDE}{put_aside_before(folder, client, start) + 1}")
    path.rename(aside)
    return aside


def put_aside_before(folder: Path, client: str, start: date) -> int:
    """Return how many versions from that day were put aside."""
    path = version_path(folder, client, start)
    return sum(1 for _ in path.parent.glob(f"{path.name}{_ASIDE}*"))


def _version(path: Path, clients: Collection[str]) -> CharterVersion:
    file = yaml_lines.read(path)
    try:
        version = CharterVersion.model_validate(file.data)
    except ValidationError as error:
        raise ConfigError((*file.problems, *checks.model_problems(file, error))) from None
    problems = [*file.problems]
    if version.client not in clients:
        problems.append(
            file.problem(
                ("client",),
                f"“{version.client}” is not a client of the configuration; if they have another name there now, change it here, too",
            )
        )
    if problems:
        raise ConfigError(tuple(problems))
    return version
