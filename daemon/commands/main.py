"""The `kept` program: the list of its commands, the option they all share, and what becomes of failures.

Results go to standard output, everything else to standard error. Exit status 0: done; 1: something could not be done, in one line;
2: wrong usage or a configuration that is not valid. Only the module of the command that is called is imported.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NamedTuple, NoReturn

import typer
from typer.core import TyperGroup

from daemon import __version__
from daemon.errors import CannotDo, ConfigError, StoreError

DONE, FAILED, MISUSED = 0, 1, 2
_COMPLETES, _TYPED = "_KEPT_COMPLETE", ("COMP_WORDS", "_TYPER_COMPLETE_ARGS")  # how a shell asks how a line may go on


class Entry(NamedTuple):
    """A line of `kept --help`: the module of daemon.commands that defines the command under its own name, and what it does."""

    module: str
    help: str


PANELS: Mapping[str, Mapping[str, Entry]] = {
    "Every day": {
        "due": Entry("due", "List what is owed."),
        "explain": Entry("explain", "Explain why something is owed, or how a message was read."),
        "open": Entry("open", "Open the email behind something that is owed."),
        "done": Entry("decide", "Mark something owed as done."),
        "snooze": Entry("decide", "Hide something owed until a time."),
        "waive": Entry("decide", "Mark something as never owed."),
        "wrong": Entry("decide", "Say that Kept misread something."),
        "confirm": Entry("decide", "Say that Kept read something right."),
        "person": Entry("decide", "Say that a person wrote what was filtered out."),
        "undo": Entry("decide", "Undo your latest decision on something."),
        "digest": Entry("digest", "Show or send the digest."),
        "plan": Entry("plan", "List what will be sent or booked next."),
        "veto": Entry("decide", "Stop a planned action."),
        "resend": Entry("decide", "Send again what may not have been sent."),
        "web": Entry("web", "Open the dashboard in the browser."),
    },
    "Setting up": {
        "demo": Entry("demo", "Try everything on a sample office, without any account."),
        "init": Entry("setup.init", "Answer a few questions and get a configuration."),
        "check": Entry("setup.check", "Check the configuration and try every connection."),
        "auth": Entry("setup.auth", "Sign in to Google or Microsoft."),
        "service": Entry("setup.service", "Have Kept start when you log in."),
        "run": Entry("sync", "Keep Kept running in this terminal."),
        "sync": Entry("sync", "Read every mailbox and calendar once."),
        "status": Entry("status", "Show whether Kept is running and what failed."),
        "sources": Entry("status", "List mailboxes and calendars, or forget one that is gone."),
        "signing-key": Entry("setup.auth", "Replace the key that signs the links of letters."),
        "sent-log": Entry("export", "Take the sent logs of other machines into account."),
    },
    "Clients and charters": {
        "charter": Entry("charter", "Show or check a client's charter, or record a new one."),
        "review": Entry("plan", "List your reviews with clients, or book one."),
        "report": Entry("reports", "Write the service report for a client."),
        "balance": Entry("balance", "Count where every client's message lies."),
        "lookback": Entry("reports", "Look back over the last months."),
        "replay": Entry("plan", "Show what Kept would have done in a past period."),
    },
    "A team": {
        "team": Entry("team.people", "Add, list or remove the people of a team."),
        "worker": Entry("worker", "Turn the accounts of a team, together with other workers."),
    },
    "What Kept has read and stored": {
        "filtered": Entry("balance", "List what was filtered out, and why."),
        "corrections": Entry("corrections", "List your corrections and the rules they suggest."),
        "infer": Entry("infer", "Read messages as JSON and print what they say."),
        "export": Entry("export", "Print all that is stored about a client."),
        "purge": Entry("export", "Delete all that is stored about a client."),
    },
}
COMMANDS: Mapping[str, Entry] = {name: entry for panel in PANELS.values() for name, entry in panel.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that the arguments name, and leave with its exit status. This is the console script."""
    # What a command imports stays, so looking for garbage among it is in vain: with the defaults `kept due --all` over the sample
    # office takes 1.61 s of CPU instead of 1.38 s, and `kept status` 0.71 s instead of 0.64 s; the peak of memory is the same.
    gc.set_threshold(100_000, 50, 50)
    if sys.platform == "win32":
        sys.exit(exit_status(_refuse_windows))
    words = _config_first(list(sys.argv[1:] if arguments is None else arguments))
    typed = [word for name in _TYPED for word in os.environ.get(name, "").split()] if _COMPLETES in os.environ else []
    sys.exit(exit_status(lambda: build([*words, *typed])(words, prog_name="kept", standalone_mode=False)))


def _refuse_windows() -> NoReturn:
    raise CannotDo("On Windows, Kept runs inside of the Windows Subsystem for Linux: docs/running.md says how.")


def build(words: Sequence[str]) -> typer.Typer:
    """Return the application in which every command among the words is complete, and every other just its line of help."""
    app = typer.Typer(name="kept", cls=_InPanels, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.callback(invoke_without_command=True)(_shared_options)
    for name, entry in COMMANDS.items():
        command = (
            getattr(import_module(f"daemon.commands.{entry.module}"), name.replace("-", "_")) if name in words else _not_called
        )
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name, help=entry.help)
        else:
            app.command(name, short_help=entry.help)(command)
    return app


class _InPanels(TyperGroup):
    """The program, whose help page lists the commands under what they are for."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  # the library's arguments
        """Write a section for each panel, all in the same columns."""
        width = max(map(len, COMMANDS))
        for title, panel in PANELS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), entry.help) for name, entry in panel.items()])


def _not_called() -> None:
    """Stand in for a command that the words do not name."""


def _shared_options(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="FILE",
            help="The configuration. Default: $KEPT_CONFIG, then ~/.config/kept/config.yaml. May also follow the command.",
        ),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Kept works out from your mail and calendar what every client is owed, and reminds you in time.

    Begin with: kept init. To see first what it does: kept demo.
    """
    context.obj = config
    if version:
        typer.echo(f"kept {__version__}")
        raise typer.Exit


def _config_first(words: list[str]) -> list[str]:
    """Return the words with every --config before the command, where typer expects it."""
    options: list[str] = []
    others: list[str] = []
    remaining = iter(words)
    for word in remaining:
        if word == "--config":
            options += [word, *(value for value in [next(remaining, None)] if value is not None)]
        elif word.startswith("--config="):
            options.append(word)
        else:
            others.append(word)
    return [*options, *others]


def exit_status(command: Callable[[], object]) -> int:
    """Run a command and return its exit status; what goes wrong is one line on standard error."""
    try:
        result = command()
    except ConfigError as error:
        return _fail(str(error), MISUSED)
    except typer.Exit as leave:
        return leave.exit_code
    except typer.Abort:
        return _fail("Stopped; nothing was changed.")
    except typer.TyperException as error:
        return _misused(error)
    except CannotDo as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("Stopped.")
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except Exception as error:  # noqa: BLE001  # the last line of defence: no traceback reaches a user
        return _fail(_in_words(error))
    return result if isinstance(result, int) else DONE


def _misused(error: typer.TyperException) -> int:
    """Say what is wrong with a command line; the help page, where a group was called without a command, stands for itself."""
    context: typer.Context | None = getattr(error, "ctx", None)
    said = error.format_message()
    if context is not None and said == context.get_help():
        return _fail(said, error.exit_code)
    hint = f" Try: {context.command_path} --help" if context else ""
    return _fail(f"{said if said.endswith(('.', '?')) else f'{said}.'}{hint}", error.exit_code)


def _in_words(error: Exception) -> str:
    """Return the line that a user reads about an error; one that nobody foresaw goes into the log in full."""
    from connectors.errors import ConnectorError  # noqa: PLC0415  # only for an error: with the logs 1.6 MB, which --help spares
    from daemon import logs  # noqa: PLC0415  # the same

    if isinstance(error, ConnectorError | StoreError):
        return error.message
    if isinstance(error, OSError):
        file = f"{error.filename}: " if error.filename else ""
        return f"{file}{error.strerror or error}"
    if not logs.is_set_up():
        logs.set_up()
    logs.get_logger(__name__).error("a command failed unexpectedly", exc_info=error)
    if "KEPT_DEBUG" in os.environ:
        traceback.print_exception(error)
    return f"Kept failed unexpectedly ({type(error).__name__}); nothing was sent. Details are in kept.log in the state directory."


def _fail(line: str, status: int = FAILED) -> int:
    from daemon.commands.terminal import tell  # noqa: PLC0415  # only for an error: --help spares it

    tell(line)
    return status
