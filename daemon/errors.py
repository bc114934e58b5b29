"""What can go wrong, in words for a salesperson: a configuration that is not valid, a request that cannot be met, a store that fails."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the file."""

    file: Path
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: "
        return f"{place}{self.key}: {self.message}" if self.key else f"{place}{self.message}"


class ConfigError(Exception):
    """A configuration that is not valid: all its problems, one a line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class CannotDo(Exception):  # noqa: N818  # it is an answer to the user, not a fault
    """Something the user asked for that cannot be done, in one line that says why and what to do instead."""


class StoreError(Exception):
    """The state cannot be used; `message` says why and what to do. Nothing was sent and nothing is lost."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
