"""Read the configuration: a file, checked as a whole, becomes settings."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from daemon.config import charter_files, checks, yaml_lines
from daemon.config.settings import Settings
from daemon.errors import ConfigError, Problem


def load_settings(path: Path) -> Settings:
    """Read and check the file, its agreed charters and its library. Raises ConfigError with every problem, in order of lines.

    Secrets are looked up when they are needed, not here.
    """
    file = yaml_lines.read(path)
    problems = [*file.problems, *checks.exposed_secrets(file)]
    try:
        settings = Settings.model_validate(file.data, context={"folder": path.parent})
    except ValidationError as error:
        raise _in_order([*problems, *checks.model_problems(file, error)]) from None
    problems += checks.contradictions(file, settings)
    if problems:
        raise _in_order(problems)
    charter_files.read(settings.charters, {client.name for client in settings.clients})
    if settings.resources:
        from daemon.config import library_file  # noqa: PLC0415  # it brings the database's library with it

        library_file.load(settings.resources)
    return settings


def _in_order(problems: list[Problem]) -> ConfigError:
    return ConfigError(tuple(sorted(problems, key=lambda problem: (problem.line, problem.key))))
