"""What the commands share: their common options, the configuration they open, asking and printing.

Nothing heavy is imported before it is needed. Mail is hostile data: no control character of it may reach a terminal.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from daemon import clock, logs
from daemon.config.locations import default_path

if TYPE_CHECKING:
    from rich.console import Console

    from daemon.app import App

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="TIME", help="As it was at that time (ISO 8601 with an offset). Default: now."),
]
ClientName = Annotated[str, typer.Argument(metavar="CLIENT", help="The client's name, or an unambiguous part of it.")]
HtmlFile = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write it to FILE as a web page.")]

_HANGING = 2  # columns by which the rest of a wrapped line is set in
_MOST = 0.6  # of a width that words fill when a text is cut between two of them
_GAP, _LEAST = 2, 16  # columns between two columns of a list; of its words, however narrow the terminal is


def config_path(context: typer.Context) -> Path:
    """Return the configuration file that the command line means."""
    chosen: Path | None = context.obj
    return chosen or default_path(os.environ)


def open_app(context: typer.Context, *, read_only: bool = False, as_of: datetime | None = None) -> App:
    """Open the configuration and its state, as of a moment if one is given. Raises ConfigError and StoreError."""
    from daemon.app import App  # noqa: PLC0415  # `kept status` and the fast way of `kept due` need no store and no connector

    logs.set_up()
    app = App.open(config_path(context), os.environ, read_only=read_only)
    if app.notice is not None:
        tell(app.notice)
    if as_of is not None:
        app.view_as_of(as_of)
    return app


def moment(text: str | None) -> datetime:
    """Return the moment that an option names; now without one. Raises typer.BadParameter."""
    if text is None:
        return clock.now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}” is not a time; write it as 2026-03-02T09:00:00+01:00") from None
    if at.tzinfo is None:
        raise typer.BadParameter(f"“{text}” has no offset from UTC; write it as {text}+01:00, or {text}Z")
    return at


def print_json(document: object) -> None:
    """Print a document to standard output, as --json promises."""
    print(json.dumps(document, ensure_ascii=False, indent=1))


def say(text: str, hanging: int = _HANGING) -> None:
    """Print lines to standard output. A terminal gets them wrapped at words, the rest of a line below its beginning.

    The rest of a line that begins at the edge is set in by `hanging` columns.
    """
    _print(text, sys.stdout, hanging)


def tell(text: str) -> None:
    """Print the same to standard error."""
    _print(text, sys.stderr, _HANGING)


def _print(text: str, stream: TextIO, hanging: int) -> None:
    width = shutil.get_terminal_size().columns if stream.isatty() else None
    print("\n".join(text.split("\n") if width is None else wrapped(text, width, hanging)), file=stream)


def wrapped(text: str, width: int, hanging: int = _HANGING) -> Iterator[str]:
    """Yield the lines of a text wrapped at words; what has no blank, such as an address, is left whole."""
    for line in text.split("\n"):
        indent = " " * min(len(line) - len(line.lstrip(" -")) or hanging, width // 3)
        wrap = textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        yield from wrap if len(line) > width else [line]


def tell_daemon(folder: Path, otherwise: str = "Kept is not running here; it goes by it once you start it.") -> str:
    """Have the daemon of a state directory read its configuration again. Return from when on it goes by the change, for the user.

    Where none runs that is `otherwise`.
    """
    from daemon.service import health  # noqa: PLC0415  # only where something was changed

    if health.wake(folder):
        return "Kept, which is running, goes by it from now on."
    if health.is_running((health.read_status(folder) or {}).get("pid")):
        return "Kept is running and could not be told: reload it, as docs/running.md says."
    return otherwise


def ask(question: str, default: str = "") -> str:
    """Ask on standard error and return the answer, or the default for an empty one."""
    return str(typer.prompt(question, default=default, show_default=bool(default), err=True)).strip()


def console() -> Console:
    """Return standard output, in colour where it is a terminal."""
    from rich.console import Console  # noqa: PLC0415  # --json does without

    return Console(file=sys.stdout, highlight=False, soft_wrap=False)


def fitted(page: Console, text: str) -> list[str]:
    """Return the lines of a text, wrapped where the page is a terminal."""
    return list(wrapped(text, page.width)) if page.is_terminal else text.split("\n")


def aligned(rows: Sequence[Sequence[str]], giving: int, width: int | None) -> list[str]:
    """Return a line a row, with its columns below each other; the column `giving` is cut so that a line fits. None: nothing is cut."""
    from rich.cells import cell_len, set_cell_size  # noqa: PLC0415  # --json does without

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    if width is not None and widths:
        taken = sum(w + _GAP for w in widths) - widths[giving] - _GAP
        widths[giving] = min(widths[giving], max(_LEAST, width - taken))
    gap = " " * _GAP
    return [gap.join(set_cell_size(cut_to(c, w), w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def cut_to(text: str, width: int) -> str:
    """Return a text that is at most so many columns wide, with … where something is left out: between two words where that leaves most."""
    from rich.cells import cell_len, set_cell_size  # noqa: PLC0415  # as above

    if cell_len(text) <= width:
        return text
    kept = set_cell_size(text, width - 1)
    whole = kept.rpartition(" ")[0] if text[len(kept.rstrip()) : len(kept.rstrip()) + 1] != " " else kept
    return f"{(whole if cell_len(whole) > width * _MOST else kept).rstrip(' ,;:.')}…"
