"""Asking on a terminal: every question is asked again until the answer can be used, with what is wrong and what is accepted.

Questions go to standard error. Ctrl-C, and the end of the input, raise typer.Abort.
"""

from __future__ import annotations

import contextlib
import sys
import textwrap
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import typer

from connectors.formats.folder_names import printable
from daemon.setup import typed
from daemon.setup.refused import Refused

T = TypeVar("T")
N = TypeVar("N")
_BACK = frozenset({"back", "zurück"})
_NOTHING = frozenset({"", "none", "no", "-", "nobody"})
WIDTH = 78  # characters of a line; with the cursor it fits into 80


class Back(Exception):  # noqa: N818  # a wish of the user rather than a fault
    """The user wants to answer the question before once more."""


@dataclass(slots=True)
class Progress:
    """How many answers were taken, so that whoever asks several questions knows whether one of them was answered.

    `backwards` is set while a step is taken again because of a “back” behind it: it begins with its last question. `keep` is called
    before each question, when whatever was answered before it is where it belongs.
    """

    answers: int = 0
    backwards: bool = False
    keep: Callable[[], None] = lambda: None


progress = Progress()


@contextlib.contextmanager
def keeping(keep: Callable[[], None]) -> Iterator[None]:
    """Have the answers kept before each question, so that whatever ends the program costs the last one at most."""
    progress.keep = keep
    try:
        yield
    finally:
        progress.keep = lambda: None


def tell(text: str, indent: str = "") -> None:
    """Print a paragraph, wrapped; what a server or a mail says in it cannot control the terminal."""
    for line in text.split("\n"):
        filled = textwrap.fill(
            printable(line),
            WIDTH,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        typer.echo(filled, err=True)


def refuse(text: str) -> None:
    """Print what is wrong with an answer."""
    tell(text, "  ")


def path(file: Path) -> str:
    """Return a path as people write it."""
    home = Path.home()
    return f"~/{file.relative_to(home)}" if file.is_relative_to(home) else str(file)


def ask(question: str, read: Callable[[str], T], default: str = "", *, shown: str | None = None) -> T:
    """Ask until `read` takes the answer, and return what it makes of it. Enter means the default, `shown` in other words. Raises Back.

    Where `read` refuses an answer and knows what was probably meant, that becomes the default.
    """
    progress.keep()
    while True:
        meant = f" [{shown or default}]" if default else ""
        answer = str(typer.prompt(printable(f"{question}{meant}"), default="", show_default=False, err=True)).strip() or default
        _echo(answer)
        if answer.lower() in _BACK:
            raise Back
        try:
            taken = read(answer)
        except Refused as error:
            refuse(f"{error} Did you mean {error.suggestion}?" if error.suggestion else str(error))
            if error.suggestion:
                default, shown = error.suggestion, None
        else:
            progress.answers += 1
            return taken


def text(question: str, default: str = "") -> str:
    """Ask for words, until there are some."""

    def some(words: str) -> str:
        if not words:
            raise Refused("Something is needed here.")
        return words

    return ask(question, some, default)


def optional(question: str, read: Callable[[str], T], nothing: N, default: str = "none") -> T | N:
    """Ask for what may be left out: Enter (or “none”) is `nothing`, unless there is another default."""
    return ask(question, lambda words: nothing if words.lower() in _NOTHING else read(words), default)


def confirm(question: str, *, default: bool = True) -> bool:
    """Ask for yes or no."""
    return ask(question, typed.yes, "y" if default else "n", shown="Y/n" if default else "y/N")


def secret(question: str) -> str:
    """Ask for a password without showing it, until there is one. One that comes from a file shows nowhere by itself. Raises Back."""
    return secret_or(question, ())[1]


def secret_or(question: str, words: Collection[str], again: str = "") -> tuple[str, str]:
    """Ask for a password or one of some words; return the word and the password, one of them empty. Enter means `again`. Raises Back.

    A password that is “back” or such a word itself is typed in double quotes; of one that has such quotes around it as well, these are
    typed twice.
    """
    progress.keep()
    while not (typed_one := _hidden(question) or again):
        refuse("Nothing was typed. The password does not appear while you type it.")
    word = typed_one.strip('"').lower()
    goes_back = word in _BACK and typed_one.lower() == word
    if goes_back and typed_one != again:
        refuse(f'That goes back. A password that is “{word}” itself is typed in double quotes: "{word}".')
        raise Back
    progress.answers += 1
    if typed_one == again or not (word in _BACK or word in words):
        return "", typed_one
    return (word, "") if typed_one.lower() == word else ("", typed_one.removeprefix('"').removesuffix('"'))


def _hidden(question: str) -> str:
    hidden = sys.stdin.isatty()
    line = str(typer.prompt(f"{question} (not shown)", default="", show_default=False, hide_input=hidden, err=True))
    _echo("")
    return line


def in_turn(*questions: Callable[[], None]) -> None:
    """Ask one question after the other; “back” asks the one before again that was really asked. Raises Back from the first one."""
    taken = progress.answers
    at = len(questions) - 1 if progress.backwards else 0
    earlier = list(range(at))
    returning, progress.backwards = progress.backwards, False
    while at < len(questions):
        before = progress.answers
        try:
            questions[at]()
            back = returning and progress.answers == before  # nothing was asked there, so further back
        except Back:
            back = True
        if back:
            if not earlier:
                progress.answers = taken
                raise Back
            at, returning = earlier.pop(), True
            continue
        if progress.answers > before:
            earlier.append(at)
        at, returning = at + 1, False


def _echo(answer: str) -> None:
    """Show an answer that comes from a file, and end its line, as a terminal does with one that is typed."""
    if not sys.stdin.isatty():
        typer.echo(printable(answer), err=True)


def choose(question: str, names: Sequence[str], default: int = 0) -> int:
    """Show a numbered list and ask for one of it; return its place, from 0."""
    show(names)

    def one(words: str) -> int:
        try:
            (chosen,) = typed.numbers(words, names)
        except ValueError:  # Refused, or more or fewer than one
            raise Refused(f"Type one number, from 1 to {len(names)}.") from None
        return chosen

    return ask(question, one, str(default + 1))


def end_line() -> None:
    """Leave the line of a question that was stopped."""
    typer.echo("", err=True)


def show(lines: Sequence[str]) -> None:
    """Print a numbered list, each line cut where it would not fit."""
    for number, line in enumerate(lines, 1):
        typer.echo(f"  {number:>2}  {printable(line)[: WIDTH - 6]}", err=True)
