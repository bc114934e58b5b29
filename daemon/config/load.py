"""Read the configuration: a file with those that it includes, checked as a whole, becomes settings."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from daemon.config import charter_files, checks, included
from daemon.config.settings import Settings
from daemon.config.team_settings import with_defaults
from daemon.config.yaml_lines import LocatedYaml
from daemon.errors import ConfigError, Problem


class Configuration(NamedTuple):
    """The settings, and the file with its included ones as they were read."""

    settings: Settings
    file: LocatedYaml


def load_settings(path: Path) -> Settings:
    """Read and check the file, those it includes, its agreed charters and its library. Raises ConfigError with every problem.

    Secrets are looked up when they are needed, not here.
    """
    return load(path).settings


def load(path: Path, earlier: LocatedYaml | None = None) -> Configuration:
    """Read the configuration as `load_settings` does; files that are the same as in an earlier reading are not parsed again."""
    file = included.read(path, earlier)
    return Configuration(checked(file), file)


def checked(file: LocatedYaml, become_private: Collection[Path] = ()) -> Settings:
    """Return the settings, each account with what its team says for all. Raises ConfigError with every problem, in order of files and lines.

    A file that is about to `become_private` may be readable by others until then, even with a password in it.
    """
    problems = [*file.problems, *checks.exposed_secrets(file, become_private)]
    if file.data.get("team") and file.data.get("accounts") == []:
        raise _in_order(
            file, [*problems, file.problem(("team",), "nobody is in the team yet; add them with: kept team add ADDRESS")]
        )
    try:
        written = Settings.model_validate(file.data, context={"folder": file.path.parent})
    except ValidationError as error:
        raise _in_order(file, [*problems, *checks.model_problems(file, error)]) from None
    settings = _with_team(written)
    problems += checks.contradictions(file, written, settings)
    if problems:
        raise _in_order(file, problems)
    charter_files.read(settings.charters, {client.name for client in settings.clients})
    if settings.resources:
        from daemon.config import library_file  # noqa: PLC0415  # it brings the database's library with it

        library_file.load(settings.resources)
    return settings


def _with_team(settings: Settings) -> Settings:
    if settings.team is None:
        return settings
    accounts = [with_defaults(account, settings.team) for account in settings.accounts]
    return settings.model_copy(update={"accounts": accounts})


def _in_order(file: LocatedYaml, problems: list[Problem]) -> ConfigError:
    """Return all problems: those of the configuration first, then file by file."""
    return ConfigError(tuple(sorted(problems, key=lambda p: (p.file != file.path, str(p.file), p.line, p.key))))
