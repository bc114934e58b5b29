"""The errors that a user sees: an invalid configuration, a command that cannot be carried out, a store that fails.

Their messages are written for a salesperson: what happened, what it means, and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a configuration file."""

    file: Path
    line: int  # counted from 1; 0 where no line is to blame
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: "
        return f"{place}{self.key}: {self.message}" if self.key else f"{place}{self.message}"


class ConfigError(Exception):
    """The configuration is invalid; the message lists all its problems, one on each line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class CannotDo(Exception):  # noqa: N818  # an answer to the user rather than a fault
    """What the user asked for cannot be done; the message says in one line why, and what to do instead.

    `values` stand in the places of the message's %(names)s, so that a page can say the same in another language.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message, self.values = message, values


class StoreError(Exception):
    """The store cannot be used; `message` says why and what to do. Nothing was sent and nothing is lost."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class LeaseLost(StoreError):  # noqa: N818  # what happened, rather than what failed
    """Another process took over the database, or another copy of it was put in its place: this process must end."""


class TurnLost(StoreError):  # noqa: N818  # the same
    """Another worker took over the account during its turn: the turn must end, and what is held of the account is outdated."""
