"""Read the configuration: a file, checked whole, becomes settings (contract, section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from daemon.config import charter_files, checks, yaml_lines
from daemon.config.settings import Settings
from daemon.errors import ConfigError, Problem


def default_path(environ: Mapping[str, str]) -> Path:
    """$KEPT_CONFIG, else ~/.config/kept/config.yaml."""
    return Path(environ.get("KEPT_CONFIG") or "~/.config/kept/config.yaml").expanduser()


def load_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read and validate. Raises ConfigError with every problem. Paths in the file are relative to it."""
    del environ  # secrets are looked up when they are needed, not when the file is read
    found = yaml_lines.read(path)
    problems = [*found.problems, *checks.open_secrets(found)]
    try:
        settings = Settings.model_validate(found.data, context={"folder": path.parent})
    except ValidationError as error:
        raise _wrong([*problems, *checks.in_models(found, error)]) from None
    problems += checks.between_parts(found, settings)
    if problems:
        raise _wrong(problems)
    charter_files.read(settings.charters, {c.name for c in settings.clients})
    if settings.resources:
        from daemon.config import library_file  # noqa: PLC0415  # it brings the database's library with it

        library_file.load(settings.resources)
    return settings


def _wrong(problems: list[Problem]) -> ConfigError:
    return ConfigError(tuple(sorted(problems, key=lambda p: (p.line, p.key))))
