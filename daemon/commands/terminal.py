"""What every page for a terminal shares. Mail is hostile data: no control character of it reaches a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console


def console() -> Console:
    """Standard output, coloured where it is a terminal."""
    from rich.console import Console  # noqa: PLC0415  # JSON needs none of it

    return Console(file=sys.stdout, highlight=False, soft_wrap=False)


def safe(text: str) -> str:
    """The text with a blank for every character that is not printable."""
    return "".join(c if c.isprintable() else " " for c in text)


def safe_lines(text: str) -> str:
    """The same, with line breaks left in; as long as the text, so that offsets stay right."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def ask(question: str, present: str) -> str:
    """Ask a person on standard error; an empty answer is `present`."""
    return str(typer.prompt(question, default=present, show_default=bool(present), err=True)).strip()
