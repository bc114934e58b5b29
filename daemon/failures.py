"""Failures on their way out: one line a salesperson understands on standard error, and the exit status of the contract."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typer

DONE, FAILED, MISUSED = 0, 1, 2
# What wrong usage raises: typer carries a copy of click inside, so only the family of its public members can be named.
_MISUSE: type[typer.BadParameter] = typer.BadParameter.__mro__[2]  # ClickException


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


def guarded(command: Callable[[], object]) -> int:
    """Run a command; print what went wrong, if anything, and return the exit status."""
    try:
        result = command()
    except ConfigError as error:
        return _say(str(error), MISUSED)
    except typer.Exit as leave:
        return leave.exit_code
    except typer.Abort:
        return _say("Stopped; nothing was changed.", FAILED)
    except _MISUSE as error:
        error.show(sys.stderr)
        return error.exit_code
    except CannotDo as error:
        return _say(str(error), FAILED)
    except KeyboardInterrupt:
        return _say("Stopped.", FAILED)
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except Exception as error:  # noqa: BLE001  # the last line of defence: no traceback reaches a user
        return _unforeseen(error)
    return result if isinstance(result, int) else DONE


def _unforeseen(error: Exception) -> int:
    from connectors.errors import ConnectorError  # noqa: PLC0415  # only on the way out
    from daemon.store.errors import StoreError  # noqa: PLC0415  # only on the way out

    if isinstance(error, ConnectorError | StoreError):
        return _say(error.message, FAILED)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return _say(f"{place}{error.strerror or error}", FAILED)
    from daemon import logs  # noqa: PLC0415  # only on the way out

    if not logs.is_set_up():
        logs.set_up()
    logs.get_logger(__name__).error("a command failed in a way nobody foresaw", exc_info=error)
    if "KEPT_DEBUG" in os.environ:
        traceback.print_exception(error)
    return _say(
        f"Something went wrong inside Kept ({type(error).__name__}); nothing was sent. kept.log in the state directory has the details.",
        FAILED,
    )


def _say(line: str, status: int) -> int:
    print(line, file=sys.stderr)  # noqa: T201  # the contract's one line on standard error
    return status
