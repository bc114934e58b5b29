"""Failures on their way out: one line a salesperson understands on standard error, and the exit status of the contract."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

import typer

from connectors.errors import ConnectorError
from daemon import logs
from daemon.errors import CannotDo, ConfigError, StoreError

DONE, FAILED, MISUSED = 0, 1, 2


def exit_status(command: Callable[[], object]) -> int:
    """Run a command; print what went wrong, if anything, and return the exit status."""
    try:
        result = command()
    except ConfigError as error:
        return _say(str(error), MISUSED)
    except typer.Exit as leave:
        return leave.exit_code
    except typer.Abort:
        return _say("Stopped; nothing was changed.", FAILED)
    except typer.TyperException as error:
        context: typer.Context | None = getattr(error, "ctx", None)
        hint = f" Try: {context.command_path} --help" if context else ""
        return _say(f"{error.format_message()}{hint}", error.exit_code)
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

    if isinstance(error, ConnectorError | StoreError):
        return _say(error.message, FAILED)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return _say(f"{place}{error.strerror or error}", FAILED)
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
